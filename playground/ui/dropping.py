"""Files that are dropped on a window, anywhere: what will be opened is said while they hang over it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QApplication, QWidget

from playground.ui.fonts import readout_font

SUFFIXES = (".nnp", ".csv", ".tsv", ".txt")
_MARGIN_PX = 12
_WASH = 0.86
"""How much of what lies below is covered."""


class FileDrop(QObject):
    """Takes files that are dropped on a window; whatever else is dragged goes to the widgets as ever.

    It looks at what arrives before any widget does: fields that take text would take the name of a file.

    Parameters
    ----------
    window
        The window, which need not be shown yet.
    suffixes
        How names of files end that can be opened.
    """

    dropped = Signal(str)
    """The path of a file to open."""
    message = Signal(str)
    """Why nothing can be opened."""

    def __init__(self, window: QWidget, suffixes: Sequence[str] = SUFFIXES) -> None:
        super().__init__(window)
        self._window, self._suffixes = window, tuple(suffixes)
        self._veil = _Veil(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    @property
    def shown(self) -> str:
        """What is said over the window, "" while nothing hangs over it."""
        return self._veil.text if self._veil.isVisible() else ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Find the native window as soon as there is one, and look at what is dragged over it."""
        kind, type_of = event.type(), QEvent.Type
        if watched is self._window:
            native = self._window.windowHandle() if kind == type_of.Show else None
            if native is not None:
                native.installEventFilter(self)
        elif kind in (type_of.DragEnter, type_of.DragMove, type_of.Drop) and isinstance(event, QDropEvent):
            return self._take(event)
        elif kind == type_of.DragLeave and self._veil.isVisible():
            self._veil.hide()
            return True
        return False

    def _take(self, event: QDropEvent) -> bool:
        files = _files(event.mimeData())
        if not files or QApplication.activeModalWidget() is not None:
            return False
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        path, why_not = self._choice(files)
        if event.type() == QEvent.Type.Drop:
            self._veil.hide()
            if why_not:
                self.message.emit(why_not)
            else:
                self.dropped.emit(path)
        elif isinstance(event, QDragEnterEvent):
            self._veil.say(why_not or f"Drop to open {Path(path).name}")
        return True

    def _choice(self, files: Sequence[str]) -> tuple[str, str]:
        """The file to open, and why it cannot be; "" if it can."""
        path = files[0]
        if len(files) > 1:
            return path, "Drop one file at a time."
        if Path(path).suffix.lower() not in self._suffixes or Path(path).is_dir():
            possible = f"{', '.join(self._suffixes[:-1])} and {self._suffixes[-1]}"
            return path, f"{Path(path).name} cannot be opened: projects and tables can, {possible}."
        return path, ""


class _Veil(QWidget):
    """Lies over the window and says what a drop will do."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("drop-veil")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.text = ""
        self.hide()

    def say(self, text: str) -> None:
        self.text = text
        self.setAccessibleName(text)
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.show()
        self.raise_()
        self.update()  # it may have been there, with other words

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = self.palette().color(QPalette.ColorRole.Window)
        ground.setAlphaF(_WASH)
        painter.fillRect(self.rect(), ground)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Accent), 2, Qt.PenStyle.DashLine))
        area = QRectF(self.rect()).adjusted(_MARGIN_PX, _MARGIN_PX, -_MARGIN_PX, -_MARGIN_PX)
        painter.drawRoundedRect(area, _MARGIN_PX, _MARGIN_PX)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.setFont(readout_font())
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(area.adjusted(_MARGIN_PX, 0, -_MARGIN_PX, 0), flags, self.text)
        painter.end()


def _files(data: QMimeData) -> list[str]:
    """The paths of the files of this computer that are dragged."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()] if data.hasUrls() else []
