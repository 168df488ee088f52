"""A desktop playground in which one builds, trains and watches small neural networks."""
