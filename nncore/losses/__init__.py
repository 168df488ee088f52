"""Losses, one class each: which outputs and targets they compare, the value, and its gradient."""

from nncore.losses.base import Loss
from nncore.losses.errors import MAE, MSE, HalfSquared, Huber
from nncore.losses.labels import BinaryCrossentropy, CategoricalCrossentropy, Hinge

__all__ = ["MAE", "MSE", "BinaryCrossentropy", "CategoricalCrossentropy", "HalfSquared", "Hinge", "Huber", "Loss"]
