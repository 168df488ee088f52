"""A network as an ONNX model: one node or few for every layer, in the precision it was trained in."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nncore.export.about import NOTHING, About
from nncore.export.onnx_features import can_say, record_features
from nncore.export.run import called, check_finite, is_heard
from nncore.layers import Layer
from nncore.network import Network
from nncore.trainer import Trainer

OPSET = 18
"""Of 2023: any runtime that is still looked after reads it."""
IR_VERSION = 8


def to_onnx(network: Network | Trainer, about: About = NOTHING) -> bytes:
    """A network for prediction, as the bytes of an ONNX file.

    Its input `inputs` is (batch, n_inputs), or `points` (batch, 2), of which it makes the features; its output
    `outputs` is (batch, n_outputs), for any batch, in the precision of the network. Standardisation is part of it,
    normalisation goes by the running statistics, dropout does nothing.
    It has the numbers that the network has now, whether from training or by hand.

    Parameters
    ----------
    network
        It, or a trainer that has one. Is not changed.
    about
        Its notes go into the model, and its features make points the input: all but formulas with inverse functions
        such as arctan, which no runtime has in float64.

    Returns
    -------
    bytes
        The caller writes them to a file whose name ends with `.onnx`.

    Raises
    ------
    ImportError
        If the package `onnx` is not installed.
    ValueError
        If it is no network, or has numbers that are not finite, or a layer or an activation that is none of nncore's
        own.
    """
    if isinstance(network, Trainer):
        network = network.network
    if not isinstance(network, Network):
        raise ValueError(f"to_onnx: expected a Network or a Trainer, got {called(network)}")
    check_finite(network, "to_onnx")
    onnx = _onnx()
    graph = _Graph(network, onnx)
    opsets = [onnx.helper.make_opsetid("", OPSET)]
    model = onnx.helper.make_model(
        graph.made(about),
        opset_imports=opsets,
        ir_version=IR_VERSION,
        producer_name="nn-playground",
        doc_string="\n".join(about.paragraphs()).strip(),
    )
    if about.features:
        onnx.helper.set_model_props(model, {"features": ", ".join(about.features)})
    onnx.checker.check_model(model)
    return model.SerializeToString()


def onnx_text(data: bytes) -> str:
    """The graph of an ONNX model for people: inputs, outputs and nodes, without the numbers.

    Parameters
    ----------
    data
        What `to_onnx` gave.
    """
    model = _onnx().load_from_string(data)
    graph, kind = model.graph, _onnx().helper.tensor_dtype_to_np_dtype
    lines = [f"ONNX model, opset {model.opset_import[0].version}", *(model.doc_string.splitlines()), ""]
    for what, values in (("input", graph.input), ("output", graph.output)):
        for value in values:
            tensor = value.type.tensor_type
            shape = ", ".join(str(size.dim_param or size.dim_value) for size in tensor.shape.dim)
            lines.append(f"{what} {value.name}: {kind(tensor.elem_type)} ({shape})")
    shapes = {str(number.name): f"[{' × '.join(map(str, number.dims))}]" for number in graph.initializer}
    lines.append("")
    for node in graph.node:
        operands = ", ".join(shapes.get(str(name), str(name)) for name in node.input)
        lines.append(f"{node.output[0]} = {node.op_type}({operands})")
    return "\n".join(lines) + "\n"


def _onnx() -> Any:
    try:
        import onnx
    except ImportError:
        raise ImportError("ONNX files need the package onnx: pip install 'nn-playground[export]'") from None
    return onnx


class _Graph:
    """The nodes and numbers of a model, as they come."""

    def __init__(self, network: Network, onnx: Any) -> None:
        self.network, self._onnx, self.dtype = network, onnx, network.dtype
        self._nodes: list[Any] = []
        self._numbers: dict[str, Any] = {}
        self._prefix = ""

    def made(self, about: About) -> Any:
        """The graph of the whole network."""
        takes_points = bool(about.features) and can_say(about.features)
        given, width = ("points", 2) if takes_points else ("inputs", self.network.inputs)
        arriving = [self._features(about.features) if takes_points else self._standardized("inputs")]
        for index, layer in enumerate(self.network.layers):
            self._prefix = f"{layer.name}_{index + 1}"
            writer = _LAYERS.get(layer.name)
            if writer is None:
                raise ValueError(f"layer {index + 1} ({layer.name}) cannot be written as ONNX")
            arriving.append(writer(self, layer, arriving[-1], *arriving[index - layer.span : index][:1]))
        self._prefix = "outputs"
        self._node("Identity", arriving[-1], output="outputs")
        helper, kind = self._onnx.helper, self._kind(self.dtype)
        return helper.make_graph(
            self._nodes,
            "network",
            [helper.make_tensor_value_info(given, kind, ["batch", width])],
            [helper.make_tensor_value_info("outputs", kind, ["batch", self.network.outputs])],
            list(self._numbers.values()),
        )

    def __call__(self, op: str, *operands: str | float | np.ndarray, **attributes: Any) -> str:
        """Add a node, and give its result's name; arrays, and numbers in the network's precision, become constants."""
        return self._node(op, *operands, output=f"{self._prefix}_{op}_{len(self._nodes)}", **attributes)

    def _node(self, op: str, *operands: str | float | np.ndarray, output: str, **attributes: Any) -> str:
        names = [value if isinstance(value, str) else self._constant(value) for value in operands]
        self._nodes.append(
            self._onnx.helper.make_node(op, names, [output], name=f"{op}_{len(self._nodes)}", **attributes)
        )
        return output

    def _constant(self, value: float | np.ndarray) -> str:
        array = value if isinstance(value, np.ndarray) else np.array(value, self.dtype)
        name = f"{self._prefix}_{len(self._numbers)}"
        self._numbers[name] = self._onnx.numpy_helper.from_array(np.ascontiguousarray(array), name)
        return name

    def _kind(self, dtype: np.dtype | type) -> int:
        return self._onnx.helper.np_dtype_to_tensor_dtype(np.dtype(dtype))

    def _features(self, names: Sequence[str]) -> str:
        """The features of points, made in float64 as nncore does it."""
        self._prefix = "features"
        made = record_features(self, self("Cast", "points", to=self._kind(np.float64)), names)
        return self("Cast", made, to=self._kind(self.dtype))

    def _standardized(self, x: str) -> str:
        """The inputs standardised in float64, as the network does it, since their mean may be large."""
        standardization = self.network.standardization
        if standardization is None:
            return x
        self._prefix = "standardization"
        wide = self("Cast", x, to=self._kind(np.float64))
        scaled = self("Div", self("Sub", wide, standardization.mean), standardization.scale)
        return self("Cast", scaled, to=self._kind(self.dtype))


# -- layers ------------------------------------------------------------------------------------------


def _dense(graph: _Graph, layer: Any, x: str, *reached: str) -> str:
    writer = _ACTIVATIONS.get(layer.activation.name)
    if writer is None:
        raise ValueError(f"the activation '{layer.activation.name}' cannot be written as ONNX")
    outputs = writer(graph, layer.activation, graph("Gemm", x, layer.weights, layer.biases, transB=1))
    return graph("Mul", outputs, is_heard(layer).astype(graph.dtype)) if layer.silenced else outputs


def _dropout(graph: _Graph, layer: Layer, x: str, *reached: str) -> str:
    return x


# The nodes BatchNormalization and LayerNormalization have their ε in float32, whatever they compute in.


def _batch_norm(graph: _Graph, layer: Any, x: str, *reached: str) -> str:
    (gain, shift), (mean, variance) = layer.block, layer.statistics
    scale = gain / np.sqrt(variance + layer.epsilon)
    return graph("Add", graph("Mul", graph("Sub", x, mean), scale), shift)


def _layer_norm(graph: _Graph, layer: Any, x: str, *reached: str) -> str:
    units, (gain, shift) = np.array([1]), layer.block
    centred = graph("Sub", x, graph("ReduceMean", x, units))
    variance = graph("ReduceMean", graph("Mul", centred, centred), units)
    scaled = graph("Div", centred, graph("Sqrt", graph("Add", variance, layer.epsilon)))
    return graph("Add", graph("Mul", scaled, gain), shift)


def _residual(graph: _Graph, layer: Layer, x: str, *reached: str) -> str:
    (before,) = reached
    width = graph.network.layers[graph.network.layers.index(layer) - layer.span].inputs
    if width > layer.inputs:
        before = graph("Slice", before, np.array([0]), np.array([layer.inputs]), np.array([1]))
    elif width < layer.inputs:
        before = graph("Pad", before, np.array([0, 0, 0, layer.inputs - width]))
    return graph("Add", x, before)


_LAYERS: dict[str, Callable[..., str]] = {
    "dense": _dense,
    "dropout": _dropout,
    "batch_norm": _batch_norm,
    "layer_norm": _layer_norm,
    "residual": _residual,
}


# -- activations -------------------------------------------------------------------------------------
#
# Of these onnxruntime computes only some in float64: identity, relu, sigmoid, tanh, softmax and sin are one node, the
# others are written with the operations that it has, in the same form as in nncore, so that nothing overflows.


def _node(op: str, **attributes: Any) -> Callable[..., str]:
    return lambda graph, f, z: graph(op, z, **attributes)


def _leaky_relu(graph: _Graph, f: Any, z: str) -> str:
    return graph("Max", z, graph("Mul", z, f.slope))


def _two_branches(graph: _Graph, z: str, slope: float, scale: float) -> str:
    """Slope · z for z > 0, scale · (exp(z) − 1) below."""
    below = graph("Sub", graph("Exp", graph("Min", z, 0.0)), 1.0)
    return graph("Add", graph("Mul", graph("Max", z, 0.0), slope), graph("Mul", below, scale))


def _softplus(graph: _Graph, f: Any, z: str) -> str:
    tail = graph("Log", graph("Add", graph("Exp", graph("Neg", graph("Abs", z))), 1.0))
    return graph("Add", graph("Max", z, 0.0), tail)


def _gelu(graph: _Graph, f: Any, z: str) -> str:
    inner = graph("Add", z, graph("Mul", graph("Mul", graph("Mul", z, z), z), 0.044715))
    bent = graph("Tanh", graph("Mul", inner, math.sqrt(2 / math.pi)))
    return graph("Mul", graph("Mul", z, 0.5), graph("Add", bent, 1.0))


_ACTIVATIONS: dict[str, Callable[..., str]] = {
    "identity": lambda graph, f, z: z,
    "sigmoid": _node("Sigmoid"),
    "tanh": _node("Tanh"),
    "relu": _node("Relu"),
    "leaky_relu": _leaky_relu,
    "elu": lambda graph, f, z: _two_branches(graph, z, 1.0, f.alpha),
    "selu": lambda graph, f, z: _two_branches(graph, z, f.scale, f.scale * f.alpha),
    "gelu": _gelu,
    "silu": lambda graph, f, z: graph("Mul", z, graph("Sigmoid", z)),
    "softplus": _softplus,
    "softsign": lambda graph, f, z: graph("Div", z, graph("Add", graph("Abs", z), 1.0)),
    "mish": lambda graph, f, z: graph("Mul", z, graph("Tanh", _softplus(graph, f, z))),
    "sin": _node("Sin"),
    "gaussian": lambda graph, f, z: graph("Exp", graph("Neg", graph("Mul", z, z))),
    "softmax": _node("Softmax", axis=1),
}
