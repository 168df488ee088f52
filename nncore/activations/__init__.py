"""Activation functions, one class each: what they compute forward, and what they pass back."""

from nncore.activations.base import Activation, Kept
from nncore.activations.common import Identity, LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from nncore.activations.smooth import ELU, GELU, SELU, Gaussian, Mish, SiLU, Sine, Softplus, Softsign

__all__ = [
    "ELU",
    "GELU",
    "SELU",
    "Activation",
    "Gaussian",
    "Identity",
    "Kept",
    "LeakyReLU",
    "Mish",
    "ReLU",
    "SiLU",
    "Sigmoid",
    "Sine",
    "Softmax",
    "Softplus",
    "Softsign",
    "Tanh",
]
