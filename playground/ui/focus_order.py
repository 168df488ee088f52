"""The order in which Tab goes through the window: a dock that was moved or floated would come last for ever."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from PySide6.QtWidgets import QAbstractScrollArea, QAbstractSpinBox, QComboBox, QWidget


def order_focus(parts: Sequence[QWidget]) -> None:
    """Let Tab go through these parts of one window in this order, and inside each as before.

    A part that floats is a window of its own, with an order of its own, and is left out.
    """
    window = parts[0].window()
    docked = [part for part in parts if part.window() is window]
    chain = [widget for part in docked for widget in focusable(part)]
    for before, after in pairwise(chain):
        QWidget.setTabOrder(before, after)


def focusable(part: QWidget) -> list[QWidget]:
    """What of a part takes the focus, in the present order."""
    return [widget for widget in _focus_chain(part) if stops_tab(widget) and part.isAncestorOf(widget)]


def stops_tab(widget: QWidget) -> bool:
    """Whether Tab can stop at a widget, while that is shown and enabled."""
    # What a box is made of hands its focus on to it, and Qt moves it along with the box. (It is not asked for its
    # `focusProxy`: PySide would take the box for a child of its own part, and neither would ever be freed.)
    made_of_parts = QAbstractScrollArea | QAbstractSpinBox | QComboBox
    return bool(widget.focusPolicy().value) and not isinstance(widget.parentWidget(), made_of_parts)


def _focus_chain(start: QWidget) -> Iterator[QWidget]:
    """Every widget of the window of `start`, from that on."""
    yield start
    widget = start.nextInFocusChain()
    while widget is not None and widget is not start:
        yield widget
        widget = widget.nextInFocusChain()
