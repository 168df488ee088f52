"""Neural networks in NumPy: fast, small, and written to be read."""

from nncore import datasets, features, metrics
from nncore.activations import Activation
from nncore.datasets import Dataset
from nncore.features import Feature
from nncore.gradcheck import check_gradients
from nncore.initializers import Initializer
from nncore.layers import Dense, Dropout, Layer
from nncore.losses import Loss
from nncore.network import Network
from nncore.optimizers import SGD, Adam, Momentum, Optimizer
from nncore.registry import Registered, UnknownNameError
from nncore.regularizers import L1, L2, PruningL1, Regularizer
from nncore.saving import load, save
from nncore.tape import Op, Tape
from nncore.trainer import Trainer

__all__ = [
    "L1",
    "L2",
    "SGD",
    "Activation",
    "Adam",
    "Dataset",
    "Dense",
    "Dropout",
    "Feature",
    "Initializer",
    "Layer",
    "Loss",
    "Momentum",
    "Network",
    "Op",
    "Optimizer",
    "PruningL1",
    "Registered",
    "Regularizer",
    "Tape",
    "Trainer",
    "UnknownNameError",
    "check_gradients",
    "datasets",
    "features",
    "load",
    "metrics",
    "save",
]
