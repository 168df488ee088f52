"""How long does one training step take, here and elsewhere? `python tests/benchmarks/steps.py` prints the table.

Every competitor takes steps on the same batches in float32, on one thread: plain gradient descent at five sizes, and
every optimizer at one of them. Rounds are interleaved, so that whatever else the machine does meets all of them alike;
the tables show medians.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.metadata import version
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).parents[2]))

import nncore as nn

LEARNING_RATE = 0.003
BATCHES = 25
"""How many different batches there are to go through."""
WARM_UP_S = 0.2
"""How long each competitor steps before it is measured."""
SLICE_S = 0.05
"""How long one competitor steps before it is the next one's turn."""


class Case(NamedTuple):
    """A network and how it is trained."""

    sizes: tuple[int, ...]
    """Inputs, hidden units per layer, outputs."""
    batch: int
    classifies: bool = False
    """ReLU and softmax cross-entropy; or else tanh throughout, and half the squared error."""
    optimizer: str = "sgd"

    @property
    def size(self) -> str:
        """What the table of sizes calls it."""
        return f"{'-'.join(map(str, self.sizes))}, batch {self.batch}"


SIZES = (
    Case((2, 4, 2, 1), 10),
    Case((2, 8, 8, 1), 10),
    Case((7, *[8] * 6, 1), 10),
    Case((64, 128, 10), 32, classifies=True),
    Case((784, 256, 256, 10), 128, classifies=True),
)
OPTIMIZERS = tuple(Case((2, 8, 8, 1), 10, optimizer=name) for name in nn.Optimizer.names())


class Samples(NamedTuple):
    """What is learned."""

    X: np.ndarray
    """(BATCHES · batch, inputs), float32"""
    y: np.ndarray
    """(BATCHES · batch, outputs), float32: ±1, or one-hot."""

    def batches(self, size: int) -> list[Samples]:
        """Cut into batches."""
        return [Samples(self.X[i : i + size], self.y[i : i + size]) for i in range(0, len(self.X), size)]


Steps = Callable[[int], None]
"""Takes this many training steps."""


def make_samples(case: Case) -> Samples:
    """Random inputs with random targets: the time of a step does not depend on them."""
    rng = np.random.default_rng(0)
    count, outputs = BATCHES * case.batch, case.sizes[-1]
    X = rng.standard_normal((count, case.sizes[0]), dtype=np.float32)
    if case.classifies:
        return Samples(X, np.eye(outputs, dtype=np.float32)[rng.integers(0, outputs, count)])
    return Samples(X, rng.choice([-1, 1], (count, outputs)).astype(np.float32))


def over_batches(step: Callable[..., object], batches: Sequence[tuple]) -> Steps:
    """Steps that go round and round over the batches."""
    endless = cycle(batches)

    def steps(count: int) -> None:
        for batch in islice(endless, count):
            step(*batch)

    return steps


# -- the competitors ------------------------------------------------------------------------------


def with_nncore(case: Case, samples: Samples) -> Steps:
    """This project."""
    hidden, output = ("relu", "softmax") if case.classifies else ("tanh", "tanh")
    *inner, outputs = case.sizes[1:]
    network = nn.Network([*(nn.Dense(units, hidden) for units in inner), nn.Dense(outputs, output)], case.sizes[0])
    loss = "categorical_crossentropy" if case.classifies else "half_squared"
    optimizer = nn.Optimizer.named(case.optimizer)(LEARNING_RATE)
    trainer = nn.Trainer(network, *samples, loss=loss, optimizer=optimizer, batch_size=case.batch, shuffle=False)
    return trainer.advance


class PlainNumPy:
    """What one writes by hand: samples as rows, one array per weight matrix and bias, every buffer allocated once."""

    def __init__(self, case: Case) -> None:
        rng = np.random.default_rng(0)
        pairs = list(zip(case.sizes, case.sizes[1:], strict=False))
        self.classifies = case.classifies
        self.batch = case.batch
        self.W = [rng.normal(0, np.sqrt(2 / (n + m)), (n, m)).astype(np.float32) for n, m in pairs]
        self.b = [np.zeros(m, np.float32) for _, m in pairs]
        self.dW = [np.empty_like(W) for W in self.W]
        self.db = [np.empty_like(b) for b in self.b]
        self.A = [np.empty((case.batch, m), np.float32) for m in case.sizes]
        self.dA = [np.empty_like(a) for a in self.A]
        self.slope = [np.empty_like(a) for a in self.A]
        self.peak = np.empty((case.batch, 1), np.float32)

    def step(self, X: np.ndarray, y: np.ndarray) -> None:
        """Forward, backward, update."""
        self.A[0] = X
        last = len(self.W)
        for i in range(last):
            a = self.A[i + 1]
            np.matmul(self.A[i], self.W[i], out=a)
            a += self.b[i]
            self.activate(a, is_output=i == last - 1)
        da = self.dA[last]
        np.subtract(self.A[last], y, out=da)
        da /= self.batch
        for i in reversed(range(last)):
            if not (self.classifies and i == last - 1):
                self.multiply_by_slope(i + 1)
            np.matmul(self.A[i].T, self.dA[i + 1], out=self.dW[i])
            np.sum(self.dA[i + 1], axis=0, out=self.db[i])
            if i > 0:
                np.matmul(self.dA[i + 1], self.W[i].T, out=self.dA[i])
        for w, dw in zip(self.W + self.b, self.dW + self.db, strict=True):
            dw *= LEARNING_RATE
            w -= dw

    def activate(self, a: np.ndarray, *, is_output: bool) -> None:
        """Logits to outputs, in place."""
        if not self.classifies:
            np.tanh(a, out=a)
        elif not is_output:
            np.maximum(a, 0, out=a)
        else:
            np.max(a, axis=1, keepdims=True, out=self.peak)
            a -= self.peak
            np.exp(a, out=a)
            np.sum(a, axis=1, keepdims=True, out=self.peak)
            a /= self.peak

    def multiply_by_slope(self, i: int) -> None:
        """The gradient for the outputs of layer i becomes that for its logits, in place."""
        a, da, slope = self.A[i], self.dA[i], self.slope[i]
        if self.classifies:
            np.greater(a, 0, out=slope)
        else:
            np.multiply(a, a, out=slope)
            np.subtract(1, slope, out=slope)
        da *= slope


def with_plain_numpy(case: Case, samples: Samples) -> Steps | None:
    """A straightforward training loop in NumPy, which knows gradient descent only."""
    if case.optimizer != "sgd":
        return None
    return over_batches(PlainNumPy(case).step, samples.batches(case.batch))


def with_scikit_learn(case: Case, samples: Samples) -> Steps | None:
    """scikit-learn's `partial_fit`, with the optimizers it has; its regressor's output is linear: one call less."""
    if case.optimizer not in ("sgd", "momentum", "nesterov", "adam"):
        return None
    from sklearn.neural_network import MLPClassifier, MLPRegressor  # pyright: ignore[reportMissingImports]

    kind = MLPClassifier if case.classifies else MLPRegressor
    model = kind(
        hidden_layer_sizes=case.sizes[1:-1],
        activation="relu" if case.classifies else "tanh",
        solver="adam" if case.optimizer == "adam" else "sgd",
        alpha=0,
        learning_rate_init=LEARNING_RATE,
        momentum=0 if case.optimizer == "sgd" else 0.9,
        nesterovs_momentum=case.optimizer == "nesterov",
    )
    if not case.classifies:
        return over_batches(model.partial_fit, [(X, y.ravel()) for X, y in samples.batches(case.batch)])
    labels = Samples(samples.X, samples.y.argmax(axis=1))
    model.partial_fit(labels.X[: case.batch], labels.y[: case.batch], classes=np.arange(case.sizes[-1]))
    return over_batches(model.partial_fit, labels.batches(case.batch))


def with_torch(case: Case, samples: Samples) -> Steps:
    """PyTorch, eager."""
    import torch  # pyright: ignore[reportMissingImports]

    torch.set_num_threads(1)
    layers: list[torch.nn.Module] = []
    for n, m in zip(case.sizes, case.sizes[1:], strict=False):
        layers += [torch.nn.Linear(n, m), torch.nn.ReLU() if case.classifies else torch.nn.Tanh()]
    if case.classifies:
        layers.pop()  # the loss takes logits
    model = torch.nn.Sequential(*layers)
    loss = torch.nn.CrossEntropyLoss() if case.classifies else torch.nn.MSELoss()
    kinds: dict[str, Callable[..., torch.optim.Optimizer]] = {
        "sgd": torch.optim.SGD,
        "momentum": partial(torch.optim.SGD, momentum=0.9),
        "nesterov": partial(torch.optim.SGD, momentum=0.9, nesterov=True),
        "adagrad": torch.optim.Adagrad,
        "adadelta": torch.optim.Adadelta,
        "rmsprop": torch.optim.RMSprop,
        "adam": torch.optim.Adam,
        "adamw": torch.optim.AdamW,
        "nadam": torch.optim.NAdam,
    }
    optimizer = kinds[case.optimizer](model.parameters(), lr=LEARNING_RATE)

    def step(X: torch.Tensor, y: torch.Tensor) -> None:
        optimizer.zero_grad()
        loss(model(X), y).backward()
        optimizer.step()

    targets = samples.y.argmax(axis=1) if case.classifies else samples.y
    batches = Samples(samples.X, targets).batches(case.batch)
    return over_batches(step, [(torch.from_numpy(X), torch.from_numpy(y)) for X, y in batches])


OURS = "nncore"
COMPETITORS: dict[str, tuple[str, Callable[[Case, Samples], Steps | None]]] = {
    OURS: ("numpy", with_nncore),
    "plain NumPy": ("numpy", with_plain_numpy),
    "scikit-learn": ("sklearn", with_scikit_learn),
    "PyTorch": ("torch", with_torch),
}
"""By name: the package it needs, and what makes its steps, or None where it does not take part."""
PACKAGES = {"numpy": "numpy", "sklearn": "scikit-learn", "torch": "torch"}


# -- measuring ------------------------------------------------------------------------------------


def installed() -> list[str]:
    """The competitors that can take part on this machine."""
    return [name for name, (package, _) in COMPETITORS.items() if importlib.util.find_spec(package)]


def time_of(steps: Steps, count: int) -> float:
    """Seconds that this many steps take."""
    start = time.perf_counter()
    steps(count)
    return time.perf_counter() - start


def count_for(steps: Steps) -> int:
    """How many steps fill one slice, once it is warm: the first steps of PyTorch take many times as long."""
    warm_at = time.perf_counter() + WARM_UP_S
    while time.perf_counter() < warm_at:
        time_of(steps, 1)
    count = 1
    while (seconds := time_of(steps, count)) < SLICE_S / 4:
        count *= 2
    return max(1, round(count * SLICE_S / seconds))


def measure(case: Case, rounds: int) -> dict[str, float]:
    """Median µs per step, by competitor."""
    samples = make_samples(case)
    entered = {name: COMPETITORS[name][1](case, samples) for name in installed()}
    steps = {name: run for name, run in entered.items() if run is not None}
    counts = {name: count_for(run) for name, run in steps.items()}
    times: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(rounds):
        for name, run in steps.items():
            times[name].append(time_of(run, counts[name]) / counts[name] * 1e6)
    return {name: statistics.median(values) for name, values in times.items()}


def table(results: dict[str, dict[str, float]]) -> Iterator[str]:
    """The results as lines of a Markdown table: µs per step, and how many times ours that is."""
    names = list(dict.fromkeys(name for row in results.values() for name in row))
    yield f"| µs per step | {' | '.join(names)} |"
    yield "| --- |" + " ---: |" * len(names)
    for case, row in results.items():
        cells = [_cell(row.get(name), row[OURS], is_ours=name == OURS) for name in names]
        yield f"| {case} | {' | '.join(cells)} |"


def _figure(microseconds: float) -> str:
    return f"{microseconds:.{0 if microseconds >= 100 else 1}f}"


def _cell(figure: float | None, ours: float, *, is_ours: bool) -> str:
    if figure is None:
        return "–"
    return f"**{_figure(figure)}**" if is_ours else f"{_figure(figure)} (× {figure / ours:.1f})"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=21, help="how often each competitor has its turn (default: 21)")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error(f"--rounds: expected a number >= 1, got {arguments.rounds}")
    versions = {PACKAGES[p]: version(PACKAGES[p]) for p in sorted({COMPETITORS[name][0] for name in installed()})}
    print(f"Python {platform.python_version()}", *(f"{name} {number}" for name, number in versions.items()), sep=", ")
    print("One thread.\n")
    with threadpool_limits(1):
        sizes = {case.size: measure(case, arguments.rounds) for case in SIZES}
        print("\n".join(table(sizes)), end="\n\n")
        optimizers = {case.optimizer: measure(case, arguments.rounds) for case in OPTIMIZERS}
        print(f"The same at {OPTIMIZERS[0].size} with every optimizer:\n")
        print("\n".join(table(optimizers)))
    if arguments.json:
        results = {"sizes": sizes, "optimizers": optimizers}
        figures = {"python": platform.python_version(), "versions": versions, "us_per_step": results}
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
