"""Where the panels stand at first, and how large they are."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QMainWindow

from playground.document.document import Document
from playground.document.spec import Spec
from playground.ui.chrome import PADDING_PX, TITLE_HEIGHT_PX
from playground.ui.plots.surface import SurfaceView

COLUMNS = (("Data", "Features", "Training"), ("Output", "Loss"))
"""Panels that stand above each other, or behind each other where the screen is too low."""
FRAME_PX = 30
"""What the desktop puts around a window."""
LEAST_LOSS_PX = 216
"""Height of the loss panel down to which a surface with controls below it may grow at first."""


class Arrangement(QObject):
    """Puts the panels of a window into sizes that suit it.

    Parameters
    ----------
    window
        As it stands now is where its panels come back to.
    docks
        Its panels by title.
    surface
        What is to have as much room as fits.
    document
        Other data have other controls below the surface.
    """

    def __init__(
        self, window: QMainWindow, docks: Mapping[str, QDockWidget], surface: SurfaceView, document: Document
    ) -> None:
        super().__init__(window)
        self._window, self._docks, self._surface = window, docks, surface
        self._first = window.saveState()
        self._output_px = 0
        """The height that the surface's panel was given last."""
        document.changed.connect(self._follow)

    def reset(self) -> None:
        """Put every panel where it was at first, in sizes that suit those of the window, which must be shown."""
        window, docks = self._window, self._docks
        window.restoreState(self._first)
        if self._is_screen_low():
            self._stack()
        width_px = min(max(window.width() // 4, 320), 440)
        window.resizeDocks([docks["Data"], docks["Output"]], [240, width_px], Qt.Orientation.Horizontal)
        window.resizeDocks([docks["Layers"]], [max(224, window.height() * 3 // 10)], Qt.Orientation.Vertical)
        if not window.tabifiedDockWidgets(docks["Output"]):
            self._fit_output(width_px)

    def _is_screen_low(self) -> bool:
        """Whether the screen, as on a small one at 200 %, has no room for all panels above each other."""
        room_px = self._window.screen().availableGeometry().height() - FRAME_PX
        return room_px < self._window.minimumSizeHint().height()

    def _stack(self) -> None:
        """Put the panels of a column behind each other, with tabs, and make the window as small as the screen."""
        for first, *others in COLUMNS:
            for title in others:
                self._window.tabifyDockWidget(self._docks[first], self._docks[title])
            self._docks[first].raise_()
        room = self._window.screen().availableGeometry().size()
        self._window.resize(self._window.size().boundedTo(QSize(room.width(), room.height() - FRAME_PX)))

    def _fit_output(self, width_px: int) -> None:
        """Share the right column out so that the surface is as large as fits its width, and the loss has some room."""
        output, loss = self._docks["Output"], self._docks["Loss"]
        wanted_px = self._surface.height_for(width_px - 2 * PADDING_PX) + TITLE_HEIGHT_PX + PADDING_PX
        both_px = output.height() + loss.height()
        self._output_px = min(wanted_px, max(both_px * 3 // 5, both_px - LEAST_LOSS_PX))
        self._window.resizeDocks([output, loss], [self._output_px, both_px - self._output_px], Qt.Orientation.Vertical)

    def _follow(self, new: Spec, old: Spec) -> None:
        if new.is_plane != old.is_plane:
            QTimer.singleShot(0, self, self._refit_output)

    def _refit_output(self) -> None:
        """Other data have other controls below the surface: fit again, unless somebody has chosen a size."""
        output = self._docks["Output"]
        if abs(output.height() - self._output_px) <= 2:
            self._fit_output(output.width())
