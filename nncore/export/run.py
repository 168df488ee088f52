"""The training that a script repeats: what it begins with, its batches, and its learning rate."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import numpy as np

from nncore.export.about import NOTHING, About, Samples
from nncore.export.text import WIDTH, Tail
from nncore.layers import Layer
from nncore.network import Network
from nncore.regularizers import NoPenalty, Regularizer
from nncore.schedules import Schedule
from nncore.trainer import Trainer


class Run:
    """A trainer's training from its first step up to now.

    Parameters
    ----------
    trainer
        It is not changed.
    caller
        The function that messages come from.
    about
        What the script says and has beside them.

    Attributes
    ----------
    trainer, network, about
        As given: the network is the trained one.
    first
        The state that training began with.
    untrained
        A network of its own with the numbers of that state.
    steps
        How many have been taken since.
    samples, batch_size, rest
        Of the training set, in a batch, and those left over at the end of an epoch.

    Raises
    ------
    ValueError
        If it is no trainer, or its network has no parameters, or numbers that are not finite.
    """

    def __init__(self, trainer: Trainer, caller: str, about: About = NOTHING) -> None:
        if not isinstance(trainer, Trainer):
            raise ValueError(f"{caller}: expected a Trainer, whose training is repeated, got {called(trainer)}")
        self.caller, self.about = caller, about
        self.trainer, self.network = trainer, trainer.network
        self.first = trainer.first
        self.steps: int = trainer.steps - self.first["steps"]
        if not len(self.network.parameters):
            raise ValueError(f"{caller}: the network has no parameters, so that there is no training to repeat")
        check_finite(self.network, caller)
        self.untrained = _again(self.network)
        self.untrained.values[...] = self.first["values"]
        self.samples, self.batch_size = len(trainer.X), trainer.batch_size
        self.rest = self.samples % self.batch_size
        self.carries = bool(self.rest) and trainer.carries
        self.position = min(self.first["samples"] // self.batch_size, trainer.steps_per_epoch - 1)
        self.clock = self.first["epochs"] * trainer.steps_per_epoch + self.position
        """Steps of the present batch size before the first: schedules go by that."""

    @property
    def steps_per_epoch(self) -> int:
        """Updates in one epoch."""
        return self.trainer.steps_per_epoch

    @property
    def drops(self) -> bool:
        """Whether dropout draws numbers."""
        return any(layer.name == "dropout" and layer.settings()["rate"] > 0 for layer in self.network.layers)

    @property
    def draws(self) -> bool:
        """Whether anything is random."""
        return self.trainer.shuffle or self.drops

    @property
    def targets(self) -> np.ndarray:
        """(n_samples, n_outputs), as the loss compares them."""
        return self.trainer.y

    @property
    def title(self) -> str:
        """The network in a few words, such as `2 inputs → dense 4 tanh → dropout → dense 1 sigmoid`."""
        words = [f"{self.network.inputs} inputs"]
        for layer in self.network.layers:
            units = f" {layer.units}" if layer.name == "dense" else ""
            words.append(f"{layer.name.replace('_', ' ')}{units}".strip())
            if layer.activation.name != "identity":
                words[-1] += f" {layer.activation.name}"
        return " → ".join(words)

    def doc(self, what: str, *usage: str) -> str:
        """The docstring of a script: what it is, the network and its training, how to use it."""
        rule = f"{self.trainer.optimizer.label}, {self.trainer.loss.label} loss, {self.batch_size} samples per step"
        text = textwrap.wrap(f"{self.title}; {rule}. Written by NN Playground.", WIDTH)
        return "\n".join([what, "", *text, *usage, *self.about.paragraphs(), ""])

    def usage(self, names: str) -> str:
        """The line of a docstring that says how a script is used."""
        return f"{'Run it to train' if self._trains else 'Run it to compare the figures'}, or import it for {names}."

    @property
    def _trains(self) -> bool:
        """Whether running the script trains; if there are no steps, there may be figures to compare."""
        return bool(self.steps or not self.about.prints)

    def generator(self) -> str:
        """The statement that makes `rng`, in the state that the training began with."""
        what = " and ".join(word for word, on in (("order", self.trainer.shuffle), ("dropout", self.drops)) if on)
        state, seed = self.first["rng"], self.trainer.seed
        if np.random.default_rng(seed).bit_generator.state == state:
            return f"rng = np.random.default_rng({seed})  # of {what}"
        entries = [f'    "{key}": {value!r},' for key, value in state.items()]
        return "\n".join([f"rng = np.random.default_rng()  # of {what}", "rng.bit_generator.state = {", *entries, "}"])

    @property
    def parts(self) -> list[tuple[str, Samples]]:
        """Inputs and targets for training, and those for a test, if there are any: "train", "test"."""
        parts = [("train", (self.trainer.X, self.targets))]
        if self.about.test is not None:
            X, y = self.about.test
            y = self.network.check_targets(y, len(X), self.trainer.loss)
            parts.append(("test", (np.asarray(X), y)))
        return [(name, (self._inputs(X), y)) for name, (X, y) in parts]

    def _inputs(self, X: np.ndarray) -> np.ndarray:
        """As given: float64 if they are to be standardised, and else as the network computes."""
        return X.astype(np.float64 if self.network.standardization else self.network.dtype)

    @property
    def samples_title(self) -> str:
        """The comment above the samples."""
        test = "" if self.about.test is None else f"; {len(self.about.test[0])} more are a test"
        return f"# {self.samples} samples and their targets, in rows{test}."

    @property
    def loss_words(self) -> tuple[str, str, str, str]:
        """Of the function for the loss the head and the docstring, and the samples and targets that it is of."""
        if self.about.test is None:
            return "def loss():", '    """The loss of all samples."""', "X_train", "y_train"
        doc = '    """The loss of all samples for training, or of those of the test."""\n'
        doc += "    X, y = (X_test, y_test) if test else (X_train, y_train)"
        return "def loss(test=False):", doc, "X", "y"

    @staticmethod
    def labels(y: np.ndarray) -> np.ndarray | None:
        """(n_samples,): which class each sample is of, if all targets are one-hot."""
        return y.argmax(axis=1) if ((y == 1).sum(axis=1) == 1).all() and np.isin(y, (0, 1)).all() else None

    def standardization(self, statement: Callable[[str, np.ndarray], str]) -> list[str]:
        """The statements that make `mean` and `scale`, if inputs are to be standardised; `statement` writes one."""
        standardization = self.network.standardization
        if standardization is None:
            return []
        note = "# Standardisation: what is subtracted from each input, and what it is divided by."
        return [note, *(statement(key, getattr(standardization, key)) for key in ("mean", "scale")), ""]

    @property
    def penalties(self) -> list[Regularizer]:
        """For each dense layer in order the penalty on its weights, those of rate 0 as none."""
        rules = [layer.regularizer or self.trainer.regularizer for layer in self.network.layers if _is_dense(layer)]
        return [rule if rule.rate > 0 else NoPenalty() for rule in rules]

    @property
    def moments(self) -> dict[str, np.ndarray]:
        """What the optimizer had kept from steps before the first, by name; empty if it was fresh."""
        kept = {name: value for name, value in self.first["optimizer"].items() if name != "name"}
        fresh = self.trainer.optimizer.state(len(self.network.parameters), self.network.dtype)
        return kept if any((value != fresh[name]).any() for name, value in kept.items()) else {}

    def check_fresh(self, *, takes_moments: bool = False) -> None:
        """Check that training began with nothing from steps before, or nothing but the moments of the optimizer.

        Raises
        ------
        ValueError
            If not: only the NumPy script begins with weights that are dead, or gradients that wait.
        """
        kept = [] if takes_moments else list(self.moments)
        kept += [name for name, value in self.first["regularizer"].items() if name != "name" and value.any()]
        kept += ["carried"] if self.first["carried_samples"] else []
        if kept:
            raise ValueError(
                f"{self.caller}: the training began with what steps before it had left ({', '.join(kept)}): "
                "only the NumPy script can begin like that"
            )

    def batches(self, tail: Tail) -> list[str]:
        """The generator `batches`, preceded by the order of the samples where training begins within an epoch."""
        n, m, stop = self.samples, self.batch_size, self.samples
        shuffle = ["        rng.shuffle(order)"] if self.trainer.shuffle else []
        loop = [f"        for start in range(0, {stop}, {m}):", f"            yield order[start : start + {m}]"]
        head = ["def batches():", '    """The rows of the samples of one step after the other, epoch after epoch."""']
        order = np.asarray(self.first["order"])
        given = (order != np.arange(n)).any() and (self.position or not shuffle)
        if not given and not self.position:
            return ["\n".join([*head, "    while True:", f"        order = np.arange({n})", *shuffle, *loop])]
        name = "first_order" if shuffle else "order"
        first = tail.array(name, order.astype(np.uint8 if n < 256 else np.float64), "int")
        fresh = [f"        order, begin = np.arange({n}), 0", *shuffle] if shuffle else ["        begin = 0"]
        begin = (
            f"    order, begin = first_order, {self.position * m}" if shuffle else f"    begin = {self.position * m}"
        )
        loop[0] = f"        for start in range(begin, {stop}, {m}):"
        note = "# The order of the samples in the epoch that training begins in."
        return [f"{note}\n{first}", "\n".join([*head, begin, "    while True:", *loop, *fresh])]

    def loop(self, *, counts: bool = False) -> str:
        """The head of the training loop, over the steps and their rows; `counts`, if its body needs the number."""
        number = "number" if counts or self.steps_per_epoch > 1 else "_"
        return f"    for {number}, rows in zip(range(1, steps + 1), batches()):"

    def epoch_end(self, keeping: list[str]) -> list[str]:
        """The statements of the training loop behind a step: at the end of an epoch, `keeping` and the loss."""
        number = "number" if not self.position else f"({self.position} + number)"
        lines = [*keeping, "losses.append(loss())"]
        if self.steps_per_epoch == 1:
            return [f"        {line}" for line in lines]
        return [f"        if {number} % {self.steps_per_epoch} == 0:", *(f"            {line}" for line in lines)]

    def main(self) -> str:
        """The end of the script."""
        first = f"{self.first['epochs']} + " if self.first["epochs"] else ""
        training = [
            "    losses = train()",
            "    for epoch in range(0, len(losses), max(1, len(losses) // 10)):",
            f'        print(f"epoch {{{first}epoch:>6}}   loss {{losses[epoch]:.6f}}")',
            '    print(f"final loss {loss()!r}")',
        ]
        lines = training if self._trains else []
        return "\n".join(['if __name__ == "__main__":', *lines, *self.about.prints])


NAMES = "`model`, `train`, `loss` and `predict`"
"""What a script for another framework is imported for."""


class PeerScript:
    """What a script for another framework is written of.

    Parameters
    ----------
    run
        The training it repeats.

    Attributes
    ----------
    tail
        What is packed at its end.
    schedules
        Whether the learning rate changes with time.
    penalties
        For each dense layer.
    penalises, prunes
        Whether there is one that is part of the loss, and one by which weights die.
    freezes, silences
        Whether parameters keep their values, and whether units give 0.
    """

    def __init__(self, run: Run) -> None:
        self.run, self.trainer, self.network = run, run.trainer, run.network
        self.tail = Tail()
        self.schedules = not self.trainer.schedule.is_constant
        self.penalties = run.penalties
        self.prunes = any(rule.name == "pruning_l1" for rule in self.penalties)
        self.penalises = any(rule.name not in ("none", "pruning_l1") for rule in self.penalties)
        self.freezes = self.trainer.frozen is not None
        self.silences = any(layer.silenced for layer in self.network.layers)

    @property
    def pruning_rates(self) -> list[float]:
        """For each dense layer the rate of the penalty by which its weights die; 0 if there is none."""
        return [rule.rate if rule.name == "pruning_l1" else 0.0 for rule in self.penalties]


def check_finite(network: Network, caller: str) -> None:
    """Raise ValueError if a parameter or statistic of a network is infinite or no number."""
    for index, layer in enumerate(network.layers):
        if not (np.isfinite(layer.block).all() and np.isfinite(layer.statistics).all()):
            raise ValueError(
                f"{caller}: the network has numbers that are not finite, in layer {index + 1} ({layer.name})"
            )


def is_heard(layer: Layer) -> np.ndarray:
    """(units,) of bool: which units of a layer are not silenced."""
    return ~np.isin(np.arange(layer.units), layer.silenced)


def _is_dense(layer: Layer) -> bool:
    return layer.name == "dense"


def called(thing: object) -> str:
    """What a message calls something that is not what was expected."""
    return "a Network" if isinstance(thing, Network) else repr(thing)


def _again(network: Network) -> Network:
    """An untrained network of the same layers."""
    layers = [type(layer)(**layer.settings()) for layer in network.layers]
    return Network(layers, network.inputs, dtype=network.dtype, standardization=network.standardization)


# -- schedules, as plain Python -----------------------------------------------------------------------


def factor_function(schedule: Schedule) -> str:
    """The function `factor(t)` of a script: what the learning rate is multiplied by at t epochs.

    Raises
    ------
    ValueError
        If the schedule is none of nncore's own.
    """
    writer = _FACTORS.get(schedule.name)
    if writer is None:
        raise ValueError(f"export: the schedule '{schedule.name}' cannot be written; possible: {', '.join(_FACTORS)}")
    lines = writer(**schedule.settings())
    return "\n".join(["def factor(t):", '    """What the learning rate is multiplied by at t epochs."""', *lines])


def _step(every: float, gamma: float) -> list[str]:
    return [f"    return {gamma} ** (t // {every})"]


def _exponential(every: float, gamma: float) -> list[str]:
    return [f"    return {gamma} ** (t / {every})"]


def _cosine(epochs: float, final: float) -> list[str]:
    return _glide(1, final, f"min(t / {epochs}, 1.0)", "    ")


def _warm_up(epochs: float, start: float) -> list[str]:
    return [f"    return min(1.0, {start} + {1 - start} * t / {epochs})"]


def _one_cycle(epochs: float, share: float, start: float, final: float) -> list[str]:
    peak = share * epochs
    rise = _glide(start, 1, f"t / {peak}", "        ")
    return [f"    if t <= {peak}:", *rise, *_glide(1, final, f"min((t - {peak}) / {epochs - peak}, 1.0)", "    ")]


def _glide(begin: float, end: float, progress: str, indent: str) -> list[str]:
    """Half a cosine from `begin` to `end`."""
    wave = f"{(begin + end) / 2} + {(begin - end) / 2} * math.cos(math.pi * progress)"
    return [f"{indent}progress = {progress}", f"{indent}return {wave}"]


_FACTORS = {
    "step": _step,
    "exponential": _exponential,
    "cosine": _cosine,
    "warm_up": _warm_up,
    "one_cycle": _one_cycle,
}


def needs_math(schedule: Schedule) -> bool:
    """Whether `factor` uses the module `math`."""
    return schedule.name in ("cosine", "one_cycle")
