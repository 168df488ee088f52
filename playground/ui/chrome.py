"""The frames things stand in: dock panels, cards, and the gutters around them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QDockWidget,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QSizePolicy,
    QTabBar,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from playground.ui.fonts import title_font
from playground.ui.theme import SPACING_PX

RADIUS_PX = 10
TITLE_HEIGHT_PX = 34
TAB_HEIGHT_PX = 38
PADDING_PX = 12


class PanelTitle(QFrame):
    """The head of a panel: its name or its tabs at the left, room for a small widget at the right.

    It leaves mouse events to the dock, which is dragged by it.
    """

    def __init__(self, head: str | QTabBar, corner: QWidget | None = None) -> None:
        super().__init__()
        tabbed = isinstance(head, QTabBar)
        self.setProperty("tabbed", tabbed)
        self._height_px = TAB_HEIGHT_PX if tabbed else TITLE_HEIGHT_PX
        self.setFixedHeight(self._height_px)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(SPACING_PX)
        self._row.setContentsMargins(1 if tabbed else PADDING_PX, 0 if tabbed else 4, PADDING_PX - 4, 0)
        self._row.addWidget(head if isinstance(head, QTabBar) else _title_label(head))
        self._row.addStretch(1)
        if corner is not None:
            self._row.addWidget(corner)

    def sizeHint(self) -> QSize:
        """The height of a title, whatever stands in its corner."""
        return QSize(self._row.sizeHint().width(), self._height_px)

    def minimumSizeHint(self) -> QSize:
        """The same height: the dock must not squeeze it."""
        return QSize(self._row.minimumSize().width(), self._height_px)


def _title_label(title: str) -> QLabel:
    label = QLabel(title)
    label.setFont(title_font())
    return label


class PanelBody(QFrame):
    """The lower part of a panel, around its content."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING_PX, 0, PADDING_PX, PADDING_PX)
        compact = content.sizePolicy().verticalPolicy() in (QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        column.addWidget(content, 0, Qt.AlignmentFlag.AlignTop if compact else Qt.AlignmentFlag(0))


class Panel(QDockWidget):
    """A dock that can be moved by its title, made to float and hidden, and looks like a card.

    Parameters
    ----------
    title
        Stands in the head of the panel, and in the View menu.
    content
        What the panel shows.
    object_name
        Under which the window remembers where the panel was.
    corner
        Stands at the right of the title.
    """

    def __init__(self, title: str, content: QWidget, object_name: str, corner: QWidget | None = None) -> None:
        super().__init__(title)
        self.setObjectName(object_name)
        self.setAccessibleName(title)
        self.setTitleBarWidget(PanelTitle(title, corner))
        self.setWidget(PanelBody(content))
        self.setSizePolicy(content.sizePolicy())  # a content that does not want to grow keeps its panel small


class Card(QFrame):
    """A panel that is no dock: for the centre of the window. Its content reaches to the rounded border.

    Parameters
    ----------
    content
        What the card shows; can be set later with `set_content`.
    """

    def __init__(self, content: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)
        self._corners = [_Corner(self, right, bottom) for right in (False, True) for bottom in (False, True)]
        if content is not None:
            self.set_content(content)

    def set_content(self, content: QWidget) -> None:
        """Put a widget into the card, below those that are there."""
        self._column.addWidget(content)
        for corner in self._corners:
            corner.raise_()


class _Corner(QWidget):
    """Rounds one corner of a card over whatever the content paints there."""

    def __init__(self, card: Card, right: bool, bottom: bool) -> None:
        super().__init__(card)
        self._card, self._right, self._bottom = card, right, bottom
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedSize(RADIUS_PX, RADIUS_PX)
        card.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            size = self._card.size()
            x = size.width() - RADIUS_PX if self._right else 0
            y = size.height() - RADIUS_PX if self._bottom else 0
            self.move(x, y)
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        size, palette = RADIUS_PX, self.palette()
        centre = QPointF(0 if self._right else size, 0 if self._bottom else size)
        outside, circle = QPainterPath(), QPainterPath()
        outside.addRect(QRectF(0, 0, size, size))
        circle.addEllipse(centre, size, size)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(outside - circle, palette.color(QPalette.ColorRole.Window))
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        painter.drawEllipse(centre, size - 0.5, size - 0.5)
        painter.end()


def add_gutters(window: QMainWindow, width_px: int = SPACING_PX) -> None:
    """Keep the docks of a window away from its edges.

    Qt knows a gap between docks only; empty tool bars around them make the same gap outside.
    """
    sides = {
        "top": Qt.ToolBarArea.TopToolBarArea,
        "bottom": Qt.ToolBarArea.BottomToolBarArea,
        "left": Qt.ToolBarArea.LeftToolBarArea,
        "right": Qt.ToolBarArea.RightToolBarArea,
    }
    for name, area in sides.items():
        gutter = QToolBar(window)
        gutter.setObjectName(f"gutter-{name}")
        gutter.setMovable(False)
        gutter.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        gutter.toggleViewAction().setVisible(False)
        if name in ("top", "bottom"):
            gutter.setFixedHeight(width_px)
            window.addToolBarBreak(area)
        else:
            gutter.setFixedWidth(width_px)
        window.addToolBar(area, gutter)
