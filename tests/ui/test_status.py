"""The line at the bottom: what it tells for a while, and what stands there otherwise."""

import pytest
from PySide6.QtWidgets import QLabel

from playground.ui.status import HINT, StatusBar
from playground.ui.theme import DARK, LIGHT, apply_theme

TOLD = "Neuron added: output changed by at most 0"


@pytest.fixture
def status(qtbot):
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.show()
    return bar


def hint(status) -> QLabel:
    return status.findChild(QLabel, "status-hint")


def end(status) -> None:
    """The time is over."""
    status._telling.timeout.emit()
    status._telling.stop()


def test_what_is_told_stands_in_the_place_of_the_hint_for_a_while(status):
    status.tell(TOLD)
    assert hint(status).text() == TOLD
    assert status._telling.interval() == 6000
    end(status)
    assert hint(status).text() == HINT


def test_another_selection_waits_until_what_is_told_was_read(status):
    status.tell(TOLD)
    status.show_selection(1)
    assert hint(status).text() == TOLD
    end(status)
    assert hint(status).text().startswith("Layer selected")
    status.show_selection(None)
    assert hint(status).text() == HINT


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_what_is_told_stands_out_from_a_hint(status, qapp, theme):
    apply_theme(qapp, theme)
    seen = []
    status.tell(TOLD)
    seen.append(hint(status).palette().windowText().color().name())
    end(status)
    seen.append(hint(status).palette().windowText().color().name())
    assert seen == [theme.text.lower(), theme.muted.lower()]
