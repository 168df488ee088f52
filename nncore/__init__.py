"""Neural networks in NumPy: fast, small, and written to be read."""

import importlib
from typing import TYPE_CHECKING, Any

from nncore import activations, datasets, features, initializers, losses, metrics
from nncore.activations import Activation
from nncore.clipping import ClipNorm, Clipping, ClipValue
from nncore.datasets import Dataset
from nncore.divergence import NotFiniteError
from nncore.explain import ExplainedOp, Operand, Walk
from nncore.features import Feature, Formula, feature
from nncore.formula import FormulaError
from nncore.gradcheck import check_gradients
from nncore.initializers import Initializer
from nncore.layers import BatchNorm, Dense, Dropout, Layer, LayerNorm, Parameters, Residual, Scale
from nncore.losses import Loss
from nncore.network import Network
from nncore.optimizers import SGD, Adadelta, AdaGrad, Adam, AdamW, Momentum, NAdam, Nesterov, Optimizer, RMSProp
from nncore.preprocessing import Standardization, one_hot, split
from nncore.registry import Option, Registered, UnknownNameError, option
from nncore.regularizers import L1, L2, ElasticNet, PruningL1, Regularizer
from nncore.saving import load, load_trainer, save
from nncore.schedules import Cosine, Exponential, OneCycle, Schedule, StepDecay, WarmUp
from nncore.stopping import EarlyStopping, Epochs, LossBelow, Seconds, StopCondition
from nncore.tables import Table, read_csv
from nncore.tape import Op, Tape
from nncore.trainer import Record, Trainer

if TYPE_CHECKING:
    from nncore import export, surgery

LATER = ("export", "surgery")
"""Modules that are imported when they are first asked for: most programs do without, and start sooner."""


def __getattr__(name: str) -> Any:
    if name in LATER:
        return importlib.import_module(f"nncore.{name}")
    raise AttributeError(f"module 'nncore' has no attribute '{name}'")


__all__ = [
    "L1",
    "L2",
    "SGD",
    "Activation",
    "AdaGrad",
    "Adadelta",
    "Adam",
    "AdamW",
    "BatchNorm",
    "ClipNorm",
    "ClipValue",
    "Clipping",
    "Cosine",
    "Dataset",
    "Dense",
    "Dropout",
    "EarlyStopping",
    "ElasticNet",
    "Epochs",
    "ExplainedOp",
    "Exponential",
    "Feature",
    "Formula",
    "FormulaError",
    "Initializer",
    "Layer",
    "LayerNorm",
    "Loss",
    "LossBelow",
    "Momentum",
    "NAdam",
    "Nesterov",
    "Network",
    "NotFiniteError",
    "OneCycle",
    "Op",
    "Operand",
    "Optimizer",
    "Option",
    "Parameters",
    "PruningL1",
    "RMSProp",
    "Record",
    "Registered",
    "Regularizer",
    "Residual",
    "Scale",
    "Schedule",
    "Seconds",
    "Standardization",
    "StepDecay",
    "StopCondition",
    "Table",
    "Tape",
    "Trainer",
    "UnknownNameError",
    "Walk",
    "WarmUp",
    "activations",
    "check_gradients",
    "datasets",
    "export",
    "feature",
    "features",
    "initializers",
    "load",
    "load_trainer",
    "losses",
    "metrics",
    "one_hot",
    "option",
    "read_csv",
    "save",
    "split",
    "surgery",
]
