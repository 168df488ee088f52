"""Writes `torch_more.json`: cases beyond those of `torch.json`, computed by the PyTorch that is installed.

Run it by hand after a new activation or loss: `python tests/golden/from_torch.py`.
"""

from __future__ import annotations

import json
from itertools import cycle, pairwise, product
from pathlib import Path
from typing import Any

import torch  # pyright: ignore[reportMissingImports]

HIDDEN = {
    "identity": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": lambda z: torch.nn.functional.leaky_relu(z, 0.01),
    "softmax": lambda z: torch.softmax(z, dim=1),
}
# Of logits z, outputs a and targets y. PyTorch's own gradient of the binary cross-entropy of a probability is bounded.
LOSSES = {
    "mse": lambda z, a, y: torch.nn.functional.mse_loss(a, y),
    "half_squared": lambda z, a, y: ((a - y) ** 2).sum(dim=1).mean() / 2,
    "binary_crossentropy": lambda z, a, y: torch.nn.functional.binary_cross_entropy_with_logits(z, y),
    "categorical_crossentropy": lambda z, a, y: -(y * torch.log_softmax(z, dim=1)).sum(dim=1).mean(),
}
OUTPUTS = {
    "mse": ("relu", "softmax", "sigmoid"),
    "half_squared": ("tanh", "leaky_relu"),
    "binary_crossentropy": ("sigmoid",),
    "categorical_crossentropy": ("softmax",),
}
SHAPES = ([2, 4, 3, 1], [3, 5, 2], [7, 3, 3, 3, 3])


def case(hidden: str, loss: str, output: str, shape: list[int], n_samples: int) -> dict[str, Any]:
    if output == "softmax" and shape[-1] == 1:
        shape = SHAPES[1]
    weights = [torch.randn(units, inputs, requires_grad=True) for inputs, units in pairwise(shape)]
    biases = [torch.randn(units, requires_grad=True) for units in shape[1:]]
    X, y = torch.randn(n_samples, shape[0]), targets(loss, n_samples, shape[-1])
    z = a = X
    activations = [hidden] * (len(weights) - 1) + [output]
    for w, b, name in zip(weights, biases, activations, strict=True):
        z = a @ w.T + b
        a = HIDDEN[name](z)
    value = LOSSES[loss](z, a, y)
    value.backward()
    return {
        "hidden_activation": hidden,
        "output_activation": output,
        "loss": loss,
        "shape": shape,
        "X": X.tolist(),
        "y": y.tolist(),
        "weights": [w.tolist() for w in weights],
        "biases": [b.tolist() for b in biases],
        "output": a.tolist(),
        "loss_value": value.item(),
        "weight_gradients": [gradient(w) for w in weights],
        "bias_gradients": [gradient(b) for b in biases],
    }


def gradient(parameter: torch.Tensor) -> list[Any]:
    assert parameter.grad is not None
    return parameter.grad.tolist()


def targets(loss: str, n_samples: int, outputs: int) -> torch.Tensor:
    if loss == "binary_crossentropy":
        return torch.randint(0, 2, (n_samples, outputs)).double()
    if loss == "categorical_crossentropy":
        return torch.nn.functional.one_hot(torch.randint(0, outputs, (n_samples,)), outputs).double()
    return torch.randn(n_samples, outputs)


def main() -> None:
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(1)
    shapes, sizes = cycle(SHAPES), cycle((1, 5, 10))
    cases = [
        case(hidden, loss, output, next(shapes), next(sizes))
        for hidden, loss in product(HIDDEN, LOSSES)
        for output in OUTPUTS[loss]
    ]
    source = f"PyTorch {torch.__version__}, float64"
    text = json.dumps({"source": source, "gradients": cases}, separators=(",", ":"))
    Path(__file__).with_name("torch_more.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
