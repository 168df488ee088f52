"""Layer kinds, one file each."""

# In the order of a palette.
from nncore.layers.base import Layer, Parameters, Scale  # isort: skip
from nncore.layers.dense import Dense  # isort: skip
from nncore.layers.dropout import Dropout  # isort: skip
from nncore.layers.batch_norm import BatchNorm  # isort: skip
from nncore.layers.layer_norm import LayerNorm  # isort: skip
from nncore.layers.residual import Residual  # isort: skip

__all__ = ["BatchNorm", "Dense", "Dropout", "Layer", "LayerNorm", "Parameters", "Residual", "Scale"]
