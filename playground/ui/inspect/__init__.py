"""The inspector: one neuron or one layer in numbers, and its settings."""
