"""The bar of hints: what is likely to go wrong, one hint at a time, until it is dismissed or no longer true."""

import pytest
from panel_bench import find
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

from playground.document import edits
from playground.document.advice import Advice
from playground.document.document import Document
from playground.document.spec import Spec
from playground.ui.hints import HintBar
from playground.ui.theme import DARK, LIGHT, apply_theme

FEW = Advice("few", "So few units cannot follow the spiral. Take two layers of 8.")
FAST = Advice("fast", "The learning rate is far too high. Try 0.03.")


def advise(spec):
    """A hint about one layer, and one about a high rate."""
    few, fast = len(spec.layers) < 2, spec.training.learning_rate > 1
    return [hint for hint, true in ((FEW, few), (FAST, fast)) if true]


@pytest.fixture
def document():
    return Document(Spec())


@pytest.fixture
def host(qtbot, qapp):
    apply_theme(qapp, DARK)
    host = QWidget()
    QVBoxLayout(host).setContentsMargins(0, 0, 0, 0)
    host.resize(640, 300)
    qtbot.addWidget(host)
    host.show()
    return host


@pytest.fixture
def bar(host, document):
    bar = HintBar(document, advise)
    bar.set_theme(DARK)
    put_below(host, bar)
    return bar


def put_below(host, bar) -> None:
    column = host.layout()
    column.addStretch(1)
    column.addWidget(bar)


def text_of(bar) -> str:
    return find(bar, QLabel, "hint-text").text() if bar.isVisible() else ""


def button(bar, name) -> QToolButton:
    return find(bar, QToolButton, name)


def with_both(document, bar):
    document.apply(edits.remove_layer(document.spec.layers[0].id))
    document.apply(edits.set_learning_rate(3.0))
    bar.look()


def test_where_all_is_well_there_is_no_bar(bar):
    assert bar.isHidden()


def test_a_hint_appears_when_editing_has_paused_and_goes_when_it_is_no_longer_true(qtbot, document, bar):
    document.apply(edits.set_learning_rate(3.0))
    assert bar.isHidden()
    qtbot.waitUntil(lambda: text_of(bar) == FAST.text)
    assert bar.accessibleName() == f"Hint: {FAST.text}"
    document.undo()
    qtbot.waitUntil(bar.isHidden)


def test_one_steps_through_several_hints_the_most_important_first(qtbot, document, bar):
    with_both(document, bar)
    assert text_of(bar) == FEW.text
    step = button(bar, "hint-next")
    assert step.text() == "1 of 2"
    qtbot.mouseClick(step, Qt.MouseButton.LeftButton)
    assert (text_of(bar), step.text()) == (FAST.text, "2 of 2")
    qtbot.keyClick(step, Qt.Key.Key_Return)
    assert text_of(bar) == FEW.text


def test_a_single_hint_has_nothing_to_step_to(document, bar):
    document.apply(edits.set_learning_rate(3.0))
    bar.look()
    assert button(bar, "hint-next").isHidden()


def test_the_hint_one_has_stepped_to_stays_while_something_else_is_edited(qtbot, document, bar):
    with_both(document, bar)
    button(bar, "hint-next").click()
    document.apply(edits.set_noise(0.1))
    bar.look()
    assert text_of(bar) == FAST.text


def test_a_dismissed_hint_comes_back_only_after_it_was_untrue(document, bar):
    with_both(document, bar)
    button(bar, "hint-dismiss").click()
    assert text_of(bar) == FAST.text
    button(bar, "hint-dismiss").click()
    assert bar.isHidden()
    document.apply(edits.set_learning_rate(5.0))
    bar.look()
    assert bar.isHidden()
    document.apply(edits.set_learning_rate(0.1))
    bar.look()
    document.apply(edits.set_learning_rate(5.0))
    bar.look()
    assert text_of(bar) == FAST.text


@pytest.mark.parametrize("width_px", [360, 640, 1100])
@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_a_long_hint_is_shown_whole(qtbot, qapp, host, document, width_px, theme):
    apply_theme(qapp, theme)
    long = Advice("long", "So many words that they need more than one line of the bar. " * 3)
    bar = HintBar(document, lambda spec: [long, FAST])
    bar.set_theme(theme)
    put_below(host, bar)
    host.resize(width_px, 300)
    qtbot.waitUntil(bar.isVisible)
    qapp.processEvents()
    label = find(bar, QLabel, "hint-text")
    assert label.height() >= label.heightForWidth(label.width())
    assert all(bar.rect().contains(child.geometry()) for child in bar.findChildren(QWidget) if child.isVisible())
    assert bar.width() == width_px


def test_both_buttons_are_reached_by_tab_and_named(document, bar):
    with_both(document, bar)
    for name in ("hint-next", "hint-dismiss"):
        assert button(bar, name).accessibleName()
        assert button(bar, name).toolTip()
        assert button(bar, name).focusPolicy() & Qt.FocusPolicy.TabFocus
