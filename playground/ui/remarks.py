"""What is worth saying about an edit: that it changed something besides what was asked for."""

from __future__ import annotations

import nncore as nn
from playground.document.spec import Spec
from playground.ui.text import sentence


def remark(new: Spec, old: Spec) -> str | None:
    """A sentence where something had to change together with what was chosen, or None.

    The one that was chosen is the one that did not go together with what the other was before.
    """
    if new.run == old.run and new.dataset.task != old.dataset.task:
        return _about_task(new)
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


def _about_task(spec: Spec) -> str:
    """What a data set of another sort has brought along."""
    output, loss = nn.Activation.named(spec.output_activation).label, nn.Loss.named(spec.training.loss).label
    asks = {"binary": "two classes", "classes": f"{spec.dataset.n_classes} classes", "regression": "values"}
    units = "one unit" if spec.n_outputs == 1 else f"{spec.n_outputs} units"
    what = asks[spec.dataset.task]
    return f"{spec.dataset.label} asks for {what}: the output is {units} of {output} now, the loss {loss}."


def _outputs(loss: type[nn.Loss]) -> str:
    return f"a {' or '.join(nn.Activation.named(name).label for name in loss.outputs)} output"
