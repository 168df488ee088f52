"""Names beside tiles: in two lines where one is too long, and shortened where that does not help."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics


def fitted(name: str, metrics: QFontMetrics, room_px: float, lines: int = 2) -> str:
    """A name in one line or `lines` = 2 of this width: broken at a space if its first word fits, else elided."""

    def fits(text: str) -> bool:
        return metrics.horizontalAdvance(text) <= room_px

    def elided(text: str) -> str:
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(room_px))

    first, *others = name.split(" ")
    if lines == 1 or fits(name) or not others or not fits(first):
        return elided(name)
    while fits(f"{first} {others[0]}"):
        first = f"{first} {others.pop(0)}"
    return f"{first}\n{elided(' '.join(others))}"
