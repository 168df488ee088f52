"""What the parts of the window can do, found by looking: so that a new panel has to be named in one place only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeGuard, TypeVar

from PySide6.QtCore import QObject, SignalInstance
from PySide6.QtWidgets import QWidget

from playground.ui.live import View
from playground.ui.theme import Theme

Part = TypeVar("Part", bound=QWidget)


class Themed(Protocol):
    """What has colours of its own, beside those of the style sheet."""

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""


class Speaking(Protocol):
    """What has something to say to the user."""

    message: SignalInstance


class Advising(Protocol):
    """What has advice for the user: nothing went wrong."""

    hint: SignalInstance


class Selecting(Protocol):
    """What shows something of the selected layer."""

    def set_selection(self, layer_id: int | None) -> None:
        """A layer is selected (`OUTPUT_ID` for the output), or none."""


class Picking(Protocol):
    """What shows something of one neuron."""

    def set_picked(self, unit: tuple[int, int] | None) -> None:
        """A neuron is looked at, (column, unit) with column 0 the input; or none."""


class Parts:
    """The parts of the window, by what they can do.

    Attributes
    ----------
    views
        They draw the network, and are refreshed while it learns.
    themed
        They are told of another theme.
    speaking
        They emit messages for a notice: what was impossible.
    advising
        They emit hints for a notice: what to do.
    selecting, picking
        They are told of the selected layer, and of the neuron that was clicked.
    """

    def __init__(self, parts: Sequence[QObject]) -> None:
        self.views: list[View] = [part for part in parts if _is_view(part)]
        self.themed: list[Themed] = [part for part in parts if _is_themed(part)]
        self.speaking: list[Speaking] = [part for part in parts if _is_speaking(part)]
        self.advising: list[Advising] = [part for part in parts if _is_advising(part)]
        self.selecting: list[Selecting] = [part for part in parts if _is_selecting(part)]
        self.picking: list[Picking] = [part for part in parts if _is_picking(part)]


def corner_of(part: QWidget) -> QWidget | None:
    """The small widget that a part wants to have at the right of its title."""
    return getattr(part, "corner", None)


def of_type(part: QWidget, kind: type[Part]) -> Part:
    """A part that the window speaks with, as what it is; TypeError if it is something else."""
    if not isinstance(part, kind):
        raise TypeError(f"expected a {kind.__name__}, got {part!r}")
    return part


def _is_view(part: object) -> TypeGuard[View]:
    return _is_themed(part) and hasattr(part, "set_mirror") and hasattr(part, "refresh")


def _is_themed(part: object) -> TypeGuard[Themed]:
    return hasattr(part, "set_theme")


def _is_speaking(part: object) -> TypeGuard[Speaking]:
    return hasattr(part, "message")


def _is_advising(part: object) -> TypeGuard[Advising]:
    return hasattr(part, "hint")


def _is_selecting(part: object) -> TypeGuard[Selecting]:
    return hasattr(part, "set_selection")


def _is_picking(part: object) -> TypeGuard[Picking]:
    return hasattr(part, "set_picked")
