"""A network as code for elsewhere: NumPy, PyTorch, Keras and ONNX, with the numbers that are on the screen."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from msgspec.structs import replace

from nncore import NotFiniteError, Trainer
from playground.document.spec import Spec
from playground.engine.problem import output_range
from playground.engine.session import Session
from playground.engine.stand import Stand, put_back

Flavour = Literal["now", "training"]
"""What a script begins with: the network as it is now, or the first weights, from which it repeats the training."""

TELL_S = 0.1
"""So often it is told how far the training has been repeated."""
CLOSE = 1e-4
"""Weights that differ less than this, relatively, come of the same training on another processor."""


class Format(NamedTuple):
    """Something a network can be written for."""

    label: str
    """What it is called."""
    what: str
    """What the file is."""
    suffix: str
    function: str
    """What of `nncore.export` writes it."""

    @property
    def repeats(self) -> bool:
        """Whether it can train."""
        return self.suffix == ".py"


FORMATS = {
    "numpy": Format("NumPy", "NumPy script", ".py", "to_numpy"),
    "pytorch": Format("PyTorch", "PyTorch script", ".py", "to_pytorch"),
    "keras": Format("Keras", "Keras script", ".py", "to_keras"),
    "onnx": Format("ONNX", "ONNX model", ".onnx", "to_onnx"),
}


class Code(NamedTuple):
    """What was written."""

    data: bytes
    """What a file of it holds."""
    graph: str = ""
    """What of it can be read, if it is no text."""

    @property
    def text(self) -> str:
        """What of it can be read."""
        return self.graph or self.data.decode()


def write_code(
    spec: Spec, stand: Stand, kind: str, flavour: Flavour = "now", tell: Callable[[float], object] = lambda share: None
) -> Code:
    """Write the network of a spec, where its training stands, for elsewhere.

    Parameters
    ----------
    spec
        Its settings.
    stand
        Where training stands under them.
    kind
        One of `FORMATS`.
    flavour
        "now" begins with the present weights, whatever was changed on the way there. "training" begins with the first
        ones: it is found out whether the training leads from there to the present ones.
    tell
        Is told the share of the training that has been gone through meanwhile.

    Raises
    ------
    ValueError
        If it cannot be written; the message says why, and what can.
    ImportError
        If a package is missing; the message names it.
    """
    form = FORMATS[kind]
    if not np.isfinite(stand.values).all():
        raise ValueError("the network has numbers that are not finite; possible: to go back to a state before that")
    if flavour == "training" and form.repeats:
        if "order" not in stand.arrays:
            raise ValueError("of this run only the weights are known; possible: the network as it is now")
        check_repeats(spec, stand, tell)
        return _code(_written(_from_the_beginning(spec, stand), stand, form, "training"))
    if form.repeats:
        # Only NumPy goes on with everything a step leaves behind, and only where more than the weights is known.
        with contextlib.suppress(ValueError):
            return _code(_written(_exactly(spec, stand), stand, form, "now"))
    return _code(_written(_anew(spec, stand), stand, form, "anew"))


def check_repeats(spec: Spec, stand: Stand, tell: Callable[[float], object] = lambda share: None) -> None:
    """Go through the training of a spec again.

    Raises
    ------
    ValueError
        If it does not lead to these weights.
    """
    trainer = Session(spec).trainer
    counted = stand.epochs * trainer.steps_per_epoch + stand.samples // trainer.batch_size
    if stand.in_effect or counted != stand.steps or not _leads_there(trainer, stand, tell):
        raise ValueError(
            "something was changed on the way: from its first weights, this training does not lead here; "
            "possible: the network as it is now"
        )


def _leads_there(trainer: Trainer, stand: Stand, tell: Callable[[float], object]) -> bool:
    chunk, told = 1, time.perf_counter()
    try:
        while trainer.steps < stand.steps:
            before = time.perf_counter()
            trainer.advance(min(chunk, stand.steps - trainer.steps))
            now = time.perf_counter()
            chunk = 2 * chunk if now - before < TELL_S / 2 else chunk
            if now - told > TELL_S:
                told = now
                tell(trainer.steps / stand.steps)
    except NotFiniteError:
        return False
    return np.allclose(trainer.network.values, stand.values, rtol=CLOSE, atol=CLOSE)


# -- what is written of -------------------------------------------------------------------------------


def _exactly(spec: Spec, stand: Stand) -> Session:
    """A session that stands there, and has all that its steps have left behind."""
    session = Session(spec)
    put_back(session.trainer, stand)
    return session


def _from_the_beginning(spec: Spec, stand: Stand) -> Session:
    """The same, and it knows what it began with."""
    session = Session(spec)
    first = session.trainer.state()
    put_back(session.trainer, stand)
    session.trainer.restore(session.trainer.state(), first=first)
    return session


def _anew(spec: Spec, stand: Stand) -> Session:
    """A session with these weights, and a fresh optimizer; what is left over at the end of an epoch does not wait."""
    session = Session(replace(spec, training=replace(spec.training, remainder="step")))
    session.network.values[:] = stand.values
    session.trainer.count_from(steps=stand.steps, epochs=stand.epochs)
    return session


def _written(session: Session, stand: Stand, form: Format, begins: str) -> str | bytes:
    """Write the trainer of a session; ValueError, without the name of the function, if that is impossible."""
    from nncore import export  # not before something is exported: the window opens sooner

    shown = _figures(session)
    spec, test = session.spec, session.problem.test
    about = export.About(
        notes=tuple(_notes(session, stand, shown, form, begins)),
        features=spec.features if spec.is_plane else (),
        test=None if test is session.problem.train else (test.inputs, test.targets),
        score=_score(spec),
        threshold=sum(output_range(spec)) / 2,
        shown=shown,
    )
    try:
        return getattr(export, form.function)(session.trainer, about)
    except ValueError as error:
        raise ValueError(str(error).partition(": ")[2] or str(error)) from None


def _code(written: str | bytes) -> Code:
    if isinstance(written, str):
        return Code(written.encode())
    from nncore.export import onnx_text

    return Code(written, onnx_text(written))


# -- what is said of it -------------------------------------------------------------------------------


def _score(spec: Spec) -> Literal["accuracy", "R²"]:
    return "R²" if spec.dataset.task == "regression" else "accuracy"


def _figures(session: Session) -> dict[str, float]:
    """What the screen shows of it."""
    metrics, score = session.metrics(), _score(session.spec)
    figures = {
        "training loss": metrics.train_loss,
        "test loss": metrics.test_loss,
        f"training {score}": metrics.train_score,
        f"test {score}": metrics.test_score,
    }
    has_test = session.problem.test is not session.problem.train
    return {
        name: float(value)
        for name, value in figures.items()
        if np.isfinite(value) and (has_test or name.startswith("training"))
    }


def _notes(session: Session, stand: Stand, shown: dict[str, float], form: Format, begins: str) -> list[str]:
    """What the docstring says of the experiment."""
    figures = ", ".join(f"{name} {value:.6g}" for name, value in shown.items())
    notes = [
        f"Data: {_data(session)}. {_inputs(session.spec, form)} {_outputs(session)}",
        f"On the screen, at epoch {stand.epochs:,} after {stand.steps:,} steps: {figures}.",
    ]
    begin = {
        "now": "It begins with the weights of that moment, and with what the optimizer knew: train(1000) goes on.",
        "anew": "It begins with the weights of that moment and a fresh optimizer, and what is left over at the end of "
        "an epoch makes a step of its own: train(1000) goes on.",
        "training": "It begins with the first weights; train() repeats all steps up to that moment.",
    }
    return [*notes, begin[begins]] if form.repeats else notes


def _data(session: Session) -> str:
    problem = session.problem
    test = "" if problem.test is problem.train else f" and {len(problem.test.inputs):,} for the test"
    return f"{session.spec.dataset.label}, {len(problem.train.inputs):,} samples for training{test}"


def _inputs(spec: Spec, form: Format) -> str:
    names = spec.features if spec.is_plane else spec.dataset.input_names
    listed = ", ".join(names[:12]) + (f" and {len(names) - 12:,} more" if len(names) > 12 else "")
    if spec.is_plane and form.repeats:
        return f"The inputs are features of points of the plane: {listed}. For points, predict(features(points))."
    return f"The inputs are {listed}."


def _outputs(session: Session) -> str:
    """What the outputs mean, and what the map shows of them."""
    spec, names = session.spec, session.spec.dataset.class_names
    if spec.dataset.task == "regression":
        return f"The output is a value; the map has its full colour at {session.problem.limit:g}."
    low, high = output_range(spec)
    if spec.n_outputs > 1:
        return f"The outputs are for the classes {', '.join(names)}; the largest is the class."
    shown = "; the map shows 2 · output − 1" if low == 0 else ""
    return f"The output goes from {low:g}, the class {names[0]}, to {high:g}, the class {names[1]}{shown}."
