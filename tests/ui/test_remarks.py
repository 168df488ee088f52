"""What is said of an edit that had to change more than was asked for."""

import pytest

from playground.document import edits
from playground.document.spec import OUTPUT_ID, Spec
from playground.ui.remarks import remark

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
