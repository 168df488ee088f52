"""The training of a network as a stand-alone NumPy script: the tapes of its steps, printed as code."""

from __future__ import annotations

import textwrap
from itertools import count, groupby

import numpy as np

from nncore.batches import Batches
from nncore.export.about import NOTHING, About
from nncore.export.run import Run
from nncore.export.text import FEW, WIDTH, Tail, assemble, numbers
from nncore.export.variables import Variables
from nncore.network import Network, Recording
from nncore.steps import Rules, StepRecording, Steps
from nncore.tape import Op, Tape
from nncore.trainer import Trainer

_LAYOUT = "Inside, samples are columns, and a row of ones below them carries the biases: W is [W | b]."
_NEEDS = "It needs NumPy only."
_NAMES = "`train`, `step`, `loss` and `predict`"


_QUIET = '@np.errstate(all="ignore")'

CODE_WIDTH = 58
"""Where the formulas begin."""


def to_numpy(trainer: Trainer, about: About = NOTHING) -> str:
    """A script that trains the network again, call by call as the trainer did, and imports NumPy alone.

    Every call stands on a line of its own, with its formula. It goes through the same batches with the same
    dropout, from the first parameters on, for as many steps as the trainer has taken; all losses come out the same, bit
    for bit, with the same NumPy on the same kind of processor. Weights that were changed by hand between steps are not
    repeated: the script knows those that training began with, and the steps.

    Parameters
    ----------
    trainer
        Is not changed.
    about
        What the script says and has beside it.

    Returns
    -------
    str
        Python that prints the loss as it goes down, or is imported for `train`, `step`, `loss` and `predict`.

    Raises
    ------
    ValueError
        If it is no trainer, or if its network has no parameters, or numbers that are not finite.
    """
    return _Script(Run(trainer, "to_numpy", about)).text()


class _Script:
    """Writes the script, part by part in the order of its lines."""

    def __init__(self, run: Run) -> None:
        self.run, self.tail = run, Tail()
        self.variables = Variables(self.tail, run.network.dtype)
        self._record()

    # -- recording --------------------------------------------------------------------------------

    def _record(self) -> None:
        """Record all tapes anew, so that every array on them holds what it begins with."""
        run, trainer, network = self.run, self.run.trainer, self.run.untrained
        inputs = network.check_inputs(trainer.X).astype(network.dtype)
        batches = Batches(inputs, run.targets, run.batch_size, network.dtype)
        rules = Rules(
            trainer.loss, trainer.optimizer, trainer.schedule, trainer.regularizer, trainer.clipping, trainer.frozen
        )
        steps = Steps(network, batches, rules, np.random.default_rng(0), carries=trainer.carries)
        self.full: StepRecording = steps.full
        self.rest = steps.at(len(batches.full)) if run.rest else None
        self.after_carry = None
        if run.carries:
            steps.carried_samples[...] = 1
            self.after_carry = steps.at(0)
        self._begin(steps)
        self.any_batch = _other_size(network)
        self.all = network.record(Tape(self.any_batch, network.dtype), trainer.loss, value=True)

    def _begin(self, steps: Steps) -> None:
        """Give everything that steps keep the value it has at the first."""
        first = self.run.first
        for arrays, key in ((steps.moments, "optimizer"), (steps.penalty, "regularizer")):
            for name, array in arrays.items():
                array[...] = first[key][name]
        steps.carried[...], steps.carried_samples[...] = first["carried"], first["carried_samples"]
        steps.set_clock(self.run.clock)

    # -- writing ----------------------------------------------------------------------------------

    def text(self) -> str:
        """The whole script."""
        run = self.run
        head = [f"dtype = np.{run.network.dtype}"]
        if run.draws:
            head.append(run.generator())
        data = self._data()
        parts = [self._parameters(), *self._steps(), *run.batches(self.tail), self._train(), *self._prediction()]
        samples = [name for name, _ in run.parts] if run.network.standardization else []
        standardized = [f"X_{name}[...] = (X_{name} - mean) / scale" for name in samples]
        parts += [*run.about.functions(), self.tail.text + "\n".join(standardized), run.main()]
        return assemble(
            run.doc("Training of a network, call by call.", f"{_LAYOUT} {_NEEDS}", run.usage(_NAMES)),
            [*self.tail.imports, "import numpy as np"],
            "\n".join(head),
            data,
            *parts,
        )

    def _parameters(self) -> str:
        """The statements that make parameters and gradients, and the parts of both that the layers have."""
        names = self.full.tape.names
        kinds = [layer.block_names for layer in self.run.network.layers]
        blocks = [names[f"{kind}{i}"] for i, (kind, _) in enumerate(kinds, 1) if f"{kind}{i}" in names]
        # Each layer's parameters, then their gradient.
        both = [names[f"{kind}{i}"] for i, pair in enumerate(kinds, 1) for kind in pair if f"{kind}{i}" in names]
        lines, values = self.variables.parameters(self.full.tape, (names["w"], names["g"], *both)), []
        for block in blocks:
            name = self.variables.of(block)
            if block.size <= FEW:
                values.append(f"{name}[...] = {numbers(block)}")
            else:
                self.tail.fill(name, block)
        title = "# All parameters, w, and their gradients, g; the layers have parts of both."
        return "\n".join([title, *lines, *values])

    def _steps(self) -> list[str]:
        """The functions for every kind of step, each after the arrays that it reads and writes."""
        run = self.run
        title = f"# What a step with {run.batch_size} samples reads and writes."
        parts = ["\n".join([title, *self._buffers(self.full.tape, "")])]
        parts.append(self._function("step()", f"One step with the {run.batch_size} samples in X.", self.full.tape.ops))
        if self.rest is not None and run.carries:
            doc = f"Keep the gradients of the {run.rest} samples left over, in X_rest, for the next step."
            parts += self._other_step("keep_rest()", doc, self.rest, "_rest")
        elif self.rest is not None:
            doc = f"One step with the {run.rest} samples left over at the end of an epoch, in X_rest."
            parts += self._other_step("step_rest()", doc, self.rest, "_rest")
        if self.after_carry is not None:
            doc = "One step with the samples in X_after, and the gradients that were kept."
            parts += self._other_step("step_after()", doc, self.after_carry, "_after")
        return parts

    def _other_step(self, head: str, doc: str, recording: StepRecording, suffix: str) -> list[str]:
        """A function that makes the calls of a tape, after its own arrays."""
        lines = self._buffers(recording.tape, suffix, waits=head.startswith("keep"))
        title = f"# The same for {len(recording.rows)} samples."
        return ["\n".join([title, *lines]), self._function(head, doc, recording.tape.ops)]

    def _prediction(self) -> list[str]:
        """The functions that give loss and outputs of any number of samples."""
        variables = self.variables
        variables.let_batch_be_any(self.any_batch)
        before, own = [], []
        for (place, layer), made in variables.statements(self.all.tape, "_all").items():
            heading = "Samples and targets." if place == "samples" else self._heading(place, layer)
            mine = [line for line in made if line.split(" = ")[0] in variables.of_batch]
            before += [line for line in made if line not in mine]
            own += [*_comment(heading, "    "), *(f"    {line}" for line in mine)] if mine else []
        outputs = f"{variables.of(self.all.outputs[-1].values)}.T.copy()"
        begin = ["    n = len(rows)", *own, *self._load(self.all, "rows", "targets", "    ")]
        doc = "The outputs for rows such as those of X_train, and the loss, if targets are given."
        body = self._function("evaluate(rows, targets=0)", doc, self.all.tape.ops, begin)
        evaluate = f"{_QUIET}\n{body}\n    return {outputs}, float({variables.of(self.all.loss)})"
        parts = ["\n".join(["# What the outputs are computed with.", *before])] if before else []
        return [*parts, evaluate, self._loss(), self._outputs(), self._predict()]

    def _function(self, head: str, doc: str, ops: list[Op], begin: list[str] | None = None) -> str:
        """A function that makes these calls, layer by layer and phase by phase."""
        lines = [f"def {head}:", f'    """{doc}"""', *(begin or [])]
        for (phase, layer), group in groupby(ops, lambda op: (op.phase, op.layer)):
            heading = self._heading(phase, layer, waits=head.startswith("keep"))
            lines += [*_comment(heading, "    "), *(self._line(op) for op in group)]
        return "\n".join([*lines, *(["    pass"] if len(lines) == 2 else [])])

    def _buffers(self, tape: Tape, suffix: str, *, waits: bool = False) -> list[str]:
        """The statements that make what a tape reads and writes, layer by layer, as far as nothing before made it."""
        lines = []
        for (place, layer), made in self.variables.statements(tape, suffix).items():
            heading = "Samples and targets." if place == "samples" else self._heading(place, layer, waits=waits)
            lines += ["", *_comment(heading, ""), *made]
        return lines

    def _heading(self, phase: str, layer: int | None, *, waits: bool = False) -> str:
        if layer is not None:
            where = f"layer {layer + 1}" if phase == "layer" else f"{phase}, layer {layer + 1}"
            return f"{where.capitalize()}: {self.run.network.layers[layer]!r}."
        trainer = self.run.trainer
        if phase == "loss":
            return f"Loss: {trainer.loss.label}."
        if waits:
            return "For the next step: the sum of the gradients, and of how many samples."
        rules = (trainer.schedule, trainer.regularizer, trainer.clipping, trainer.optimizer)
        return f"Update: {', '.join(repr(rule) for rule in rules if rule.name not in ('constant', 'none'))}."

    def _line(self, op: Op) -> str:
        call = f"    {self.variables.call(op)}"
        line = f"{call:<{CODE_WIDTH}}  # {op.says}"
        return line if len(line) <= WIDTH else f"    # {op.says}\n{call}"

    def _load(self, recording: StepRecording | Recording, rows: str, targets: str, indent: str) -> list[str]:
        """The statements that put samples where a tape reads them."""
        y = recording.targets if isinstance(recording, StepRecording) else recording.target_rows
        X, Y = self.variables.of(recording.rows), self.variables.of(y.T)
        return [f"{indent}{X}[:, :-1], {Y}.T[...] = {rows}, {targets}"]

    def _loss(self) -> str:
        head, doc, X, y = self.run.loss_words
        return f"{head}\n{doc}\n    return evaluate({X}, {y})[1]"

    def _outputs(self) -> str:
        return """
def outputs(X):
    \"""The outputs for rows such as those of X_train.\"""
    return evaluate(X)[0]"""

    def _predict(self) -> str:
        network = self.run.network
        rows = "(np.asarray(X_new) - mean) / scale" if network.standardization else "np.asarray(X_new)"
        return "\n".join([
            "def predict(X_new):",
            f'    """The outputs, (n, {network.outputs}), for inputs (n, {network.inputs})."""',
            f"    return outputs({rows})",
        ])  # fmt: skip

    def _data(self) -> str:
        """The statements that make samples and targets."""
        run = self.run
        lines = run.standardization(lambda name, array: self.tail.array(name, array, "np.float64"))
        lines.append(run.samples_title)
        for name, (X, y) in run.parts:
            lines.append(self.tail.array(f"X_{name}", X, f"np.{X.dtype}"))
            lines.append(self.tail.array(f"y_{name}", y, "dtype"))
        return "\n".join(lines)

    def _train(self) -> str:
        run = self.run
        step = [*self._load(self.full, "X_train[rows]", "y_train[rows]", " " * 8), "        step()"]
        if run.carries:
            step = self._carrying_step()
        elif self.rest is not None:
            step = self._either(f"len(rows) == {run.batch_size}", (self.full, "step()"), (self.rest, "step_rest()"))
        return "\n".join([
            _QUIET,
            f"def train(steps={run.steps}):",
            '    """Take this many steps. Returns the loss before them, and after each epoch."""',
            "    losses = [loss()]",
            *(["    coming = batches()", "    for number in range(1, steps + 1):"] if run.carries else [run.loop()]),
            *step,
            *run.epoch_end(self._keep_rest()),
            "    return losses",
        ])  # fmt: skip

    def _either(
        self, condition: str, then: tuple[StepRecording, str], otherwise: tuple[StepRecording, str]
    ) -> list[str]:
        """The statements that load the samples of `rows` for one of two functions, and call it."""
        lines = []
        for head, (recording, call) in ((f"if {condition}:", then), ("else:", otherwise)):
            load = self._load(recording, "X_train[rows]", "y_train[rows]", " " * 12)
            lines += [f"        {head}", *load, f"            {call}"]
        return lines

    def _carrying_step(self) -> list[str]:
        """The statements of a step that takes what was kept, if something was."""
        assert self.after_carry is not None
        kept = self.variables.of(self.after_carry.tape.names["carried_samples"])
        step = self._either(f"{kept} > 0", (self.after_carry, "step_after()"), (self.full, "step()"))
        return ["        rows = next(coming)", *step]

    def _keep_rest(self) -> list[str]:
        """The statements that keep the gradients of the samples left over, if they are carried."""
        if not self.run.carries or self.rest is None:
            return []
        return ["rows = next(coming)", *self._load(self.rest, "X_train[rows]", "y_train[rows]", ""), "keep_rest()"]


def _comment(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# ")


def _other_size(network: Network) -> int:
    """A batch size that no other size in a network equals, so that what depends on it can be seen."""
    taken = {network.inputs, len(network.parameters), *(layer.units for layer in network.layers)}
    return next(size for size in count(3) if not taken & {size - 1, size})
