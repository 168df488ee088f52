"""The frames things stand in: dock panels, cards, and the gutters around them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFocusEvent, QPainter, QPainterPath, QPaintEvent, QPalette, QPen
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

from playground.ui.controls import ToolButton, identify
from playground.ui.fonts import title_font
from playground.ui.theme import SPACING_PX

RADIUS_PX = 10
TITLE_HEIGHT_PX = 34
TAB_HEIGHT_PX = 38
PADDING_PX = 12


class PanelTitle(QFrame):
    """The head of a panel: its name or its tabs at the left, at the right two buttons and room for a small widget.

    It leaves mouse events to its dock, if it has one: that is dragged by it. The buttons, which make the dock
    float and close it, keep their place but are seen only while the mouse is over the head or one has the focus.
    """

    def __init__(self, head: str | QTabBar, corner: QWidget | None = None, dock: QDockWidget | None = None) -> None:
        super().__init__()
        tabbed = isinstance(head, QTabBar)
        self.setProperty("tabbed", tabbed)
        self._height_px = TAB_HEIGHT_PX if tabbed else TITLE_HEIGHT_PX
        self.setFixedHeight(self._height_px)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(1 if tabbed else PADDING_PX, 0 if tabbed else 4, PADDING_PX - 4, 0)
        self._row.addWidget(head if isinstance(head, QTabBar) else _title_label(head))
        self._row.addStretch(1)
        self._buttons = (FloatButton(dock, self), CloseButton(dock, self)) if dock is not None else ()
        for button in self._buttons:
            self._row.addWidget(button)
        self._row.setSpacing(2)
        if corner is not None:
            self._row.addSpacing(SPACING_PX - 2)
            self._row.addWidget(corner)

    @property
    def is_active(self) -> bool:
        """Whether somebody is about to use the buttons."""
        return self.underMouse() or any(button.hasFocus() for button in self._buttons)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the buttons."""
        self.show_buttons()

    def leaveEvent(self, event: QEvent) -> None:
        """Hide the buttons."""
        self.show_buttons()

    def show_buttons(self) -> None:
        """Paint the buttons, or leave their place empty."""
        for button in self._buttons:
            button.update()

    def sizeHint(self) -> QSize:
        """The height of a title, whatever stands in its corner."""
        return QSize(self._row.sizeHint().width(), self._height_px)

    def minimumSizeHint(self) -> QSize:
        """The same height: the dock must not squeeze it."""
        return QSize(self._row.minimumSize().width(), self._height_px)


class TitleButton(ToolButton):
    """A small quiet button in the head of a dock. A subclass paints its sign into a square of `SIGN_PX`."""

    SIGN_PX = 8

    def __init__(self, dock: QDockWidget, title: PanelTitle, name: str, what: str) -> None:
        super().__init__(title)
        self._title = title
        self.setFixedSize(20, 20)
        identify(self, f"{dock.objectName()}-{name}", f"{what}: {dock.windowTitle()}")
        self.setToolTip(what)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._title.show_buttons()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._title.show_buttons()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._title.is_active:
            return
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        active = self.underMouse() or self.hasFocus()
        role = QPalette.ColorRole.WindowText if active else QPalette.ColorRole.PlaceholderText
        painter.setPen(QPen(self.palette().color(role), 1.3, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
        painter.translate((self.width() - self.SIGN_PX) / 2, (self.height() - self.SIGN_PX) / 2)
        self.paint_sign(painter)
        painter.end()

    def paint_sign(self, painter: QPainter) -> None:
        """Paint what the button stands for."""
        raise NotImplementedError


class CloseButton(TitleButton):
    """Hides a dock."""

    def __init__(self, dock: QDockWidget, title: PanelTitle) -> None:
        super().__init__(dock, title, "close", "Close this panel")
        self.setToolTip("Close this panel; the View menu brings it back")
        self.clicked.connect(dock.close)

    def paint_sign(self, painter: QPainter) -> None:
        painter.drawLine(QPointF(0.5, 0.5), QPointF(7.5, 7.5))
        painter.drawLine(QPointF(0.5, 7.5), QPointF(7.5, 0.5))


class FloatButton(TitleButton):
    """Makes a window of a dock, and a dock of that window again."""

    def __init__(self, dock: QDockWidget, title: PanelTitle) -> None:
        super().__init__(dock, title, "float", "Float this panel")
        self._dock = dock
        self.clicked.connect(self._float_or_dock)
        dock.topLevelChanged.connect(self._follow)

    def paint_sign(self, painter: QPainter) -> None:
        painter.drawPolyline([QPointF(3.5, 0.5), QPointF(0.5, 0.5), QPointF(0.5, 7.5), QPointF(7.5, 7.5),
                              QPointF(7.5, 4.5)])  # fmt: skip
        tip, tail = (QPointF(3.5, 4.5), QPointF(7.5, 0.5)) if self._dock.isFloating() else (
            QPointF(7.5, 0.5), QPointF(3.5, 4.5))  # fmt: skip
        towards = 2.6 if self._dock.isFloating() else -2.6
        painter.drawLine(tail, tip)
        painter.drawPolyline([tip + QPointF(towards, 0), tip, tip - QPointF(0, towards)])

    def _float_or_dock(self) -> None:
        self._dock.setFloating(not self._dock.isFloating())
        if self._dock.isFloating():  # exactly where it was, it would not look any different
            self._dock.move(self._dock.pos() + QPoint(-3 * SPACING_PX, 3 * SPACING_PX))

    def _follow(self, floating: bool) -> None:
        what = "Dock this panel" if floating else "Float this panel"
        self.setToolTip(what)
        self.setAccessibleName(f"{what}: {self._dock.windowTitle()}")


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
        self.setTitleBarWidget(PanelTitle(title, corner, self))
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
