"""Writes `torch_more.json`: cases beyond those of `torch.json`, computed by the PyTorch that is installed.

Run it by hand after a new activation or loss: `python tests/golden/from_torch.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import cycle, islice, pairwise, product
from pathlib import Path
from typing import Any

import torch  # pyright: ignore[reportMissingImports]

functional = torch.nn.functional
ACTIVATIONS = {
    "identity": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": lambda z: functional.leaky_relu(z, 0.01),
    "softmax": lambda z: torch.softmax(z, dim=1),
    "elu": functional.elu,
    "selu": functional.selu,
    "gelu": lambda z: functional.gelu(z, approximate="tanh"),
    "silu": functional.silu,
    # PyTorch's own takes z for ln(1 + exp(z)) from z = 20 on, which is right to 2e-9 only.
    "softplus": lambda z: functional.softplus(z, threshold=50),
    "mish": functional.mish,
    "softsign": functional.softsign,
    "sin": torch.sin,
    "gaussian": lambda z: torch.exp(-(z**2)),
}
# Of logits z, outputs a and targets y.
LOSSES = {
    "half_squared": lambda z, a, y: ((a - y) ** 2).sum(dim=1).mean() / 2,
    "mse": lambda z, a, y: functional.mse_loss(a, y),
    "mae": lambda z, a, y: functional.l1_loss(a, y),
    "huber": lambda z, a, y: functional.huber_loss(a, y),
    "binary_crossentropy": lambda z, a, y: functional.binary_cross_entropy_with_logits(z, y),
    "categorical_crossentropy": lambda z, a, y: functional.cross_entropy(z, y),
    "hinge": lambda z, a, y: torch.relu(1 - y * a).mean(),
}
NEVER_NEGATIVE = {"sigmoid", "relu", "softmax", "softplus", "gaussian"}
SHAPES = ([2, 4, 3, 1], [3, 5, 2], [4, 3, 3, 3])


def output_activations(loss: str) -> list[str]:
    """Those that go with a loss."""
    if loss == "binary_crossentropy":
        return ["sigmoid"]
    if loss == "categorical_crossentropy":
        return ["softmax"]
    return [name for name in ACTIVATIONS if loss != "hinge" or name not in NEVER_NEGATIVE]


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
        a = ACTIVATIONS[name](z)
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
        return torch.rand(n_samples, outputs)
    if loss == "categorical_crossentropy":
        return torch.softmax(torch.randn(n_samples, outputs), dim=1)
    if loss == "hinge":
        return 2 * torch.randint(0, 2, (n_samples, outputs)).double() - 1
    return torch.randn(n_samples, outputs)


def pairs() -> Iterator[tuple[str, str, str]]:
    """Hidden activation, loss, output activation: every loss with every output that fits, and with every hidden one."""
    for shift, loss in enumerate(LOSSES):
        hidden = islice(cycle(ACTIVATIONS), shift, None)
        for output in output_activations(loss):
            yield next(hidden), loss, output
    for name, loss in product(ACTIVATIONS, ("binary_crossentropy", "categorical_crossentropy", "hinge", "mse")):
        yield name, loss, output_activations(loss)[0]


def main() -> None:
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(1)
    shapes, sizes = cycle(SHAPES), cycle((1, 4, 7, 2))
    cases = [case(hidden, loss, output, next(shapes), next(sizes)) for hidden, loss, output in pairs()]
    source = f"PyTorch {torch.__version__}, float64"
    text = json.dumps({"source": source, "gradients": cases}, separators=(",", ":"))
    Path(__file__).with_name("torch_more.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
