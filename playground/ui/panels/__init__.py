"""The panels beside the canvas: data, features, training."""
