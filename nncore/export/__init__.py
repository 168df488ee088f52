"""Trained networks for elsewhere: scripts for NumPy, PyTorch and Keras that repeat the training, and ONNX."""

from nncore.export.about import About
from nncore.export.keras import to_keras
from nncore.export.numpy_script import to_numpy
from nncore.export.onnx import onnx_text, to_onnx
from nncore.export.pytorch import to_pytorch

__all__ = ["About", "onnx_text", "to_keras", "to_numpy", "to_onnx", "to_pytorch"]
