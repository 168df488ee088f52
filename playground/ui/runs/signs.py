"""How the curve of a run is told from others: a colour and, beyond eight, a kind of line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QPen

from playground.ui.theme import Theme

_TOKENS = ("class_1", "class_2", "class_3", "danger", "class_8", "class_4", "text", "class_9")
_STYLES = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DotLine,
    Qt.PenStyle.DashDotLine,
    Qt.PenStyle.DashDotDotLine,
)


class Sign(NamedTuple):
    """How a curve is drawn."""

    token: str
    """Its colour, a name of the theme."""
    style: Qt.PenStyle = Qt.PenStyle.SolidLine

    def pen(self, theme: Theme, width_px: float = 1.0, alpha: float = 1.0) -> QPen:
        """What draws it."""
        return QPen(theme.color(self.token, alpha), width_px, self.style, Qt.PenCapStyle.FlatCap)


NOW_SIGN = Sign("accent")
"""Of the present run, as in the loss panel."""


def sign_of(slot: int) -> Sign:
    """The sign of a place among the runs that are shown."""
    return Sign(_TOKENS[slot % len(_TOKENS)], _STYLES[slot // len(_TOKENS) % len(_STYLES)])


def free_slot(taken: Iterable[int]) -> int:
    """The first place that is not taken."""
    used = set(taken)
    return next(slot for slot in range(len(used) + 1) if slot not in used)
