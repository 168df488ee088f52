"""What is worth saying about an edit: that it changed something besides what was asked for."""

from __future__ import annotations

import nncore as nn
from playground.document.spec import Spec
from playground.ui.names import inputs_text
from playground.ui.text import plain, sentence

LEAST_FACTOR = 1e-4
"""With a smaller part of its learning rate a network learns nothing that could be seen."""


def remark(new: Spec, old: Spec) -> str | None:
    """A sentence where something had to change together with what was chosen, or None.

    The one that was chosen is the one that did not go together with what the other was before.
    """
    if new.run == old.run and new.data != old.data:
        return _about_dataset(new, old)
    same_output = new.output_activation == old.output_activation
    if new.run != old.run or same_output or new.training.loss == old.training.loss:
        return None
    before, now = nn.Loss.named(old.training.loss), nn.Loss.named(new.training.loss)
    if not now.accepts_output(old.output_activation):
        output = nn.Activation.named(new.output_activation).label
        return sentence(f"{now.label} needs {_outputs(now)}: the output is {output} now")
    if not before.accepts_output(new.output_activation):
        return sentence(f"{before.label} needs {_outputs(before)}: the loss is {now.label} now")
    return None


def schedule_remark(spec: Spec, epoch: int) -> str | None:
    """A sentence where the schedule has brought the learning rate down to (nearly) nothing, or None."""
    schedule = nn.Schedule.of(spec.training.schedule)
    factor = schedule.factor(epoch)
    if factor >= LEAST_FACTOR:
        return None
    rate = plain(factor * spec.training.learning_rate, 2)
    return f"The {schedule.label} schedule has come to its end: the learning rate is {rate}. Choose constant, or Reset."


def _about_dataset(new: Spec, old: Spec) -> str | None:
    """What another data set has brought along."""
    same_inputs = (new.is_plane, new.n_inputs) == (old.is_plane, old.n_inputs)
    if (new.dataset.task, new.n_outputs) != (old.dataset.task, old.n_outputs):
        return _about_outputs(new) + ("" if same_inputs else f" There are {inputs_text(new)}.")
    return None if same_inputs else f"{new.dataset.label} has {inputs_text(new)}: the first layer begins anew."


def _about_outputs(spec: Spec) -> str:
    """What is asked for, and what became of output and loss."""
    output, loss = nn.Activation.named(spec.output_activation).label, nn.Loss.named(spec.training.loss).label
    asks = {"binary": "two classes", "classes": f"{spec.dataset.n_classes} classes", "regression": "values"}
    units = "one unit" if spec.n_outputs == 1 else f"{spec.n_outputs} units"
    what = asks[spec.dataset.task]
    return f"{spec.dataset.label} asks for {what}: the output is now {units}, {output}, and the loss {loss}."


def _outputs(loss: type[nn.Loss]) -> str:
    return f"a {' or '.join(nn.Activation.named(name).label for name in loss.outputs)} output"
