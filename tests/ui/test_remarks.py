"""What is said of an edit that had to change more than was asked for."""

import pytest

import nncore as nn
from playground.document import edits
from playground.document.spec import OUTPUT_ID, Spec
from playground.ui.remarks import remark, schedule_remark

START = Spec()
WITH_SIGMOID = edits.set_loss("binary_crossentropy")(START)


def test_a_loss_that_changes_the_output_says_so():
    said = "Binary cross-entropy needs a sigmoid output: the output is sigmoid now."
    assert remark(WITH_SIGMOID, START) == said


def test_an_output_that_changes_the_loss_says_so():
    new = edits.set_activation(OUTPUT_ID, "tanh")(WITH_SIGMOID)
    said = "Binary cross-entropy needs a sigmoid output: the loss is ½ squared now."
    assert remark(new, WITH_SIGMOID) == said


@pytest.mark.parametrize(
    "edit",
    [
        edits.set_loss("mse"),
        edits.set_activation(OUTPUT_ID, "sigmoid"),
        edits.set_noise(0.2),
        edits.open_spec(WITH_SIGMOID, "demo"),
    ],
    ids=["loss alone", "output alone", "neither", "another experiment"],
)
def test_an_edit_that_does_what_was_asked_for_needs_no_words(edit):
    assert remark(edit(START), START) is None


@pytest.mark.parametrize(("schedule", "epoch"), [("cosine", 100), ("one_cycle", 100), ("exponential", 2000)])
def test_a_schedule_that_has_come_to_its_end_says_so(schedule, epoch):
    spec = edits.set_schedule(schedule)(START)
    assert schedule_remark(spec, 0) is None
    assert schedule_remark(spec, epoch // 2) is None
    said = schedule_remark(spec, epoch)
    assert said is not None
    label = nn.Schedule.named(schedule).label
    assert said.startswith(f"The {label} schedule has come to its end: the learning rate is ")
    assert said.endswith(". Choose constant, or Reset.")


def test_a_constant_learning_rate_never_ends():
    assert schedule_remark(START, 10**9) is None


def test_a_schedule_with_settings_ends_when_they_say():
    spec = edits.set_schedule("cosine(epochs=20)")(START)
    assert schedule_remark(spec, 10) is None
    assert schedule_remark(spec, 20) is not None


def test_a_class_that_is_added_to_painted_points_says_what_became_of_the_output():
    painted = edits.clear_points()(START)
    said = (
        "Painted points asks for 3 classes: the output is now 3 units, softmax, and the loss categorical cross-entropy."
    )
    assert remark(edits.set_class_count(3)(painted), painted) == said
    assert remark(edits.paint_points([(1.0, 2.0)], 1.0)(painted), painted) is None
