"""What PyTorch has of each part, and small modules for what it does not have."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from nncore.activations import Activation
from nncore.regularizers import Regularizer


def activation(f: Activation) -> list[str]:
    """The module for an activation, if it takes one; ValueError if it is none of nncore's own."""
    writer = ACTIVATIONS.get(f.name)
    if writer is None:
        raise ValueError(f"to_pytorch: the activation '{f.name}' cannot be written")
    module = writer(**f.settings())
    return [module] if module else []


ACTIVATIONS: dict[str, Callable[..., str]] = {
    "identity": lambda: "",
    "sigmoid": lambda: "nn.Sigmoid()",
    "tanh": lambda: "nn.Tanh()",
    "relu": lambda: "nn.ReLU()",
    "leaky_relu": lambda slope: f"nn.LeakyReLU({slope})",
    "elu": lambda alpha: f"nn.ELU({alpha})",
    "selu": lambda: "nn.SELU()",
    "gelu": lambda: 'nn.GELU(approximate="tanh")',
    "silu": lambda: "nn.SiLU()",
    # From the threshold on PyTorch takes z for ln(1 + exp(z)): at 40 that is right to the last digit.
    "softplus": lambda: "nn.Softplus(threshold=40)",
    "softsign": lambda: "nn.Softsign()",
    "mish": lambda: "nn.Mish()",
    "sin": lambda: "Sine()",
    "gaussian": lambda: "Gaussian()",
    "softmax": lambda: "nn.Softmax(dim=1)",
}

OWN_ACTIVATIONS = {
    "sin": '''class Sine(nn.Module):
    """f(z) = sin z."""

    def forward(self, z):
        return torch.sin(z)''',
    "gaussian": '''class Gaussian(nn.Module):
    """f(z) = exp(-z²)."""

    def forward(self, z):
        return torch.exp(-z * z)''',
}

DROPOUT = '''class Dropout(nn.Module):
    """Dropout with masks that NumPy draws, (units, samples), so that they are those of the network this is made of."""

    def __init__(self, rate):
        super().__init__()
        self.rate = rate

    def forward(self, x):
        if not self.training:
            return x
        kept = rng.random((x.shape[1], x.shape[0]), np.{dtype}) >= self.rate
        return x * torch.from_numpy(kept.T) / (1 - self.rate)'''

SILENCE = '''class Silence(nn.Module):
    """Lets some units of the layer before it give 0."""

    def __init__(self, silenced):
        super().__init__()
        self.silenced = silenced

    def forward(self, x):
        heard = torch.ones(x.shape[1])
        heard[self.silenced] = 0
        return x * heard'''

BATCH_NORM = '''class BatchNorm(nn.BatchNorm1d):
    """BatchNorm1d that takes a batch of one sample too: that has no variance, and comes out as the bias."""

    def forward(self, x):
        if self.training and len(x) == 1:
            return (x - x) * self.weight + self.bias
        return super().forward(x)'''

LOSSES: dict[str, Callable[[Any], str]] = {
    "mse": lambda loss: "loss_function = nn.MSELoss()",
    "half_squared": lambda loss: (
        '''def loss_function(outputs, targets):
    """Half the squared error, summed over outputs."""
    return ((outputs - targets) ** 2).sum() / (2 * len(targets))'''
    ),
    "mae": lambda loss: "loss_function = nn.L1Loss()",
    "huber": lambda loss: f"loss_function = nn.HuberLoss(delta={loss.delta})",
    "binary_crossentropy": lambda loss: "loss_function = nn.BCEWithLogitsLoss()  # with the sigmoid in it",
    "categorical_crossentropy": lambda loss: "loss_function = nn.CrossEntropyLoss()  # with the softmax in it",
    "hinge": lambda loss: (
        '''def loss_function(outputs, targets):
    """The hinge loss; targets are -1 and 1."""
    return torch.relu(1 - targets * outputs).mean()'''
    ),
}


def _adam(kind: str, learning_rate: float, beta_1: float, beta_2: float, epsilon: float, **more: float) -> str:
    settings = "".join(f", {key}={value}" for key, value in more.items())
    return f"{kind}(model.parameters(), lr={learning_rate}, betas=({beta_1}, {beta_2}), eps={epsilon}{settings})"


def _sgd(learning_rate: float, momentum: float = 0, nesterov: bool = False) -> str:
    settings = f", momentum={momentum}" if momentum else ""
    settings += ", nesterov=True" if momentum and nesterov else ""
    return f"SGD(model.parameters(), lr={learning_rate}{settings})"


def _adaptive(kind: str, learning_rate: float, epsilon: float, **more: float) -> str:
    settings = "".join(f", {key}={value}" for key, value in more.items())
    return f"{kind}(model.parameters(), lr={learning_rate}{settings}, eps={epsilon})"


OPTIMIZERS: dict[str, Callable[..., str]] = {
    "sgd": _sgd,
    "momentum": _sgd,
    "nesterov": lambda **settings: _sgd(**settings, nesterov=True),
    "adagrad": lambda **settings: _adaptive("Adagrad", **settings),
    "adadelta": lambda **settings: _adaptive("Adadelta", **settings),
    "rmsprop": lambda rho, **settings: _adaptive("RMSprop", alpha=rho, **settings),
    "adam": lambda **settings: _adam("Adam", **settings),
    "adamw": lambda **settings: _adam("AdamW", **settings),
    "nadam": lambda **settings: _adam("NAdam", **settings),
}

WEIGHTS = "weights = [module.weight for module in model.modules() if isinstance(module, nn.Linear)]"
DEAD = "dead = [torch.zeros_like(weight, dtype=torch.bool) for weight in weights]"


def penalty(rules: Sequence[Regularizer]) -> str:
    """The function for the penalties on weights, given for each layer; ValueError if one is none of nncore's own."""
    first, *rest = [term for start, stop, rule in _runs(rules) for term in _terms(rule, start, stop, len(rules))]
    body = [f"return {first}"]
    if rest:
        *between, last = rest
        body = [f"total = {first}", *(f"total = total + {term}" for term in between), f"return total + {last}"]
    return "\n".join(
        ["def penalty():", '    """On the weights; biases have none."""', *(f"    {line}" for line in body)]
    )


def _runs(rules: Sequence[Regularizer]) -> list[tuple[int, int, Regularizer]]:
    """From where to where a penalty is the same, as far as it is part of the loss."""
    runs = []
    for rule, group in groupby(range(len(rules)), lambda index: rules[index]):
        if rule.name not in ("none", "pruning_l1", *_FACTORS):
            raise ValueError(f"to_pytorch: the regularizer '{rule.name}' cannot be written")
        indices = list(group)
        runs += [(indices[0], indices[-1] + 1, rule)] if rule.name in _FACTORS else []
    return runs


def _terms(rule: Regularizer, start: int, stop: int, count: int) -> list[str]:
    """The terms of a penalty on the weights of the dense layers from `start` to before `stop`, of so many."""
    weights = "weights" if stop - start == count else f"weights[{start}:{stop}]"
    return [f"{factor} * sum({of} for weight in {weights})" for factor, of in _FACTORS[rule.name](**rule.settings())]


_ABSOLUTE, _SQUARE = "weight.abs().sum()", "(weight**2).sum()"
_FACTORS: dict[str, Callable[..., list[tuple[str, str]]]] = {
    "l1": lambda rate: [(f"{rate}", _ABSOLUTE)],
    "l2": lambda rate: [(f"0.5 * {rate}", _SQUARE)],
    "elastic_net": lambda rate, share: [(f"{rate} * {share}", _ABSOLUTE), (f"0.5 * {rate} * (1 - {share})", _SQUARE)],
}

PRUNE = '''def prune(signs):
    """Take an L1 penalty off, for the signs before the step; a weight that it carries past zero is dead for good."""
    learning_rate = optimizer.param_groups[0]["lr"]
    with torch.no_grad():
        for weight, sign, gone, rate in zip(weights, signs, dead, {rates}):
            shrunk = weight - rate * learning_rate * sign
            gone |= shrunk * weight < 0
            weight.copy_(torch.where(gone, 0, shrunk))'''

FREEZE = '''def hold():
    """Let no gradient reach what is frozen. Returns the values of all parameters."""
    for parameter, held in zip(model.parameters(), frozen):
        parameter.grad[held] = 0
    return [parameter.detach().clone() for parameter in model.parameters()]


def put_back(kept):
    """Give what is frozen the value that it had, whatever decay and momentum have made of it."""
    with torch.no_grad():
        for parameter, held, values in zip(model.parameters(), frozen, kept):
            parameter[held] = values[held]'''


def optimizer_state(rule: Any, kept: dict[str, np.ndarray]) -> tuple[dict[str, np.ndarray], dict[str, float]]:
    """What an optimizer has kept, as PyTorch keeps it for each parameter: vectors (n_parameters,), and numbers.

    PyTorch has decaying means where nncore has sums, the velocity of Nesterov before it is multiplied by the momentum,
    and the number of the step where nncore has the weights in a mean.
    """
    kept = {name: value.astype(np.float64) for name, value in kept.items()}
    if rule.name == "momentum":
        return {"momentum_buffer": kept["velocity"]}, {}
    if rule.name == "nesterov":
        return {"momentum_buffer": kept["velocity"] / (rule.momentum or 1)}, {}
    if rule.name == "adagrad":
        return {"sum": kept["v"]}, {"step": 0.0}
    if rule.name == "rmsprop":
        return {"square_avg": kept["v"]}, {"step": 0.0}
    if rule.name == "adadelta":
        return {"square_avg": (1 - rule.rho) * kept["V"], "acc_delta": (1 - rule.rho) * kept["U"]}, {"step": 0.0}
    means = {"exp_avg": (1 - rule.beta_1) * kept["m"], "exp_avg_sq": (1 - rule.beta_2) * kept["v"]}
    numbers = {"step": _steps(rule.beta_2, float(kept["n_v"]))}
    if rule.name == "nadam":
        numbers["mu_product"] = float(kept["P"] / kept["mu"])
    return means, numbers


def _steps(beta: float, weights: float) -> float:
    """After how many steps the weights in a decaying sum add up to this: it is (1 − βᵗ) / (1 − β)."""
    rest = 1 - weights * (1 - beta)
    # So long ago that nothing is left of it.
    return float(round(math.log(rest) / math.log(beta))) if beta and rest > 1e-12 else 1e9
