"""Optimizers, simplest first: each turns the flat gradient into a step of the flat parameter vector."""

from nncore.optimizers.base import Optimizer
from nncore.optimizers.descent import SGD, Momentum, Nesterov
from nncore.optimizers.per_parameter import Adadelta, AdaGrad, RMSProp
from nncore.optimizers.two_moments import Adam, AdamW, NAdam

__all__ = ["SGD", "AdaGrad", "Adadelta", "Adam", "AdamW", "Momentum", "NAdam", "Nesterov", "Optimizer", "RMSProp"]
