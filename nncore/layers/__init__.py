"""Layer kinds, one file each."""

from nncore.layers.base import Layer
from nncore.layers.dense import Dense
from nncore.layers.dropout import Dropout

__all__ = ["Dense", "Dropout", "Layer"]
