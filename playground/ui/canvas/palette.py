"""The row above the canvas: layer kinds to drag onto it, and activations to drag onto a layer."""

from __future__ import annotations

import math
from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

from PySide6.QtCore import QByteArray, QMimeData, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDrag,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QMenu, QSpacerItem, QWidget

import nncore as nn
from playground.ui.canvas.gestures import ACTIVATION_MIME, KIND_MIME
from playground.ui.controls import identify, is_enter
from playground.ui.fonts import body_font, strong_font
from playground.ui.text import plain, summary
from playground.ui.theme import SPACING_PX, Theme

CHIP_HEIGHT_PX = 28

KINDS_AT_LEAST = 2
"""So many layer kinds are shown however narrow it is."""

FIRST_ACTIVATIONS = ("tanh", "relu", "sigmoid", "gelu")
"""Names of those one asks for most: they come first, and the chips draw closer together to make room for them."""


class Density(NamedTuple):
    """How much room there is around the texts of the chips, in pixels."""

    kind: int
    """In a chip of a layer kind."""
    grip: int
    """From its left edge to the middle of the grip's first dots."""
    label: int
    """From its left edge to its text."""
    pill: int
    """In a chip of an activation."""
    gap: int
    """Between two chips; twice as much at either side of the line between the families."""
    edge: int
    """At the left and right of the row."""


ROOMY = Density(kind=40, grip=12, label=26, pill=22, gap=SPACING_PX, edge=12)
CLOSE = Density(kind=26, grip=7, label=18, pill=14, gap=5, edge=8)

CLICK_HINT = "Drag it onto the canvas, or double-click to append it."


class Chip(QAbstractButton):
    """Something that can be dragged onto the canvas, or used at once: by Enter, and as each kind of chip says.

    Parameters
    ----------
    name, label
        In its registry.
    mime
        The kind of thing it is; the dragged data is its name.
    pill
        Whether it is drawn as a pill (an activation) or as a block with a grip (a layer kind).
    """

    used = Signal(str)
    """Its name."""

    def __init__(self, name: str, label: str, mime: str, pill: bool, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.name, self._mime, self._pill, self._theme = name, mime, pill, theme
        self._pressed_at: QPoint | None = None
        self._density = ROOMY
        self.setText(label)
        self.setFont(body_font() if pill else strong_font())
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor if mime else Qt.CursorShape.ArrowCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedSize(self.sizeHint())

    def set_theme(self, theme: Theme) -> None:
        """Use these colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        wide = QFontMetrics(self.font()).horizontalAdvance(self.text())
        return QSize(wide + (self._density.pill if self._pill else self._density.kind), CHIP_HEIGHT_PX)

    def set_density(self, density: Density) -> None:
        """Take this much room around the text."""
        self._density = density
        self.setFixedSize(self.sizeHint())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event):
            self.used.emit(self.name)
        else:
            event.ignore()  # Space plays and pauses everywhere.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None or not self._mime:
            return
        moved = event.position().toPoint() - self._pressed_at
        if moved.manhattanLength() >= QApplication.startDragDistance():
            start, self._pressed_at = self._pressed_at, None
            self.setDown(False)
            self._drag(start)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = None
        super().mouseReleaseEvent(event)

    def mime_data(self) -> QMimeData:
        """What is handed to the canvas."""
        data = QMimeData()
        data.setData(self._mime, QByteArray(self.name.encode()))
        return data

    def drag_pixmap(self) -> QPixmap:
        """The chip as it hangs on the cursor: lifted, in the accent colour."""
        ratio, margin = self.devicePixelRatioF(), 6
        size = self.size() + QSize(2 * margin, 2 * margin)
        pixmap = QPixmap(size * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(margin, margin, self.width(), self.height())
        painter.setPen(Qt.PenStyle.NoPen)
        for spread in range(5, 0, -1):
            painter.setBrush(self._theme.color("accent", 0.05))
            painter.drawRoundedRect(area.adjusted(-spread, -spread + 1, spread, spread + 1), 8 + spread, 8 + spread)
        self._paint_chip(painter, area, "accent", "panel")
        painter.end()
        return pixmap

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        active = self.underMouse() or self.isDown()
        edge = "accent" if self.hasFocus() else "muted" if active else "border"
        ground = "raised" if active or not self._pill else "panel"
        self._paint_chip(painter, QRectF(self.rect()), edge, ground)
        painter.end()

    def _paint_chip(self, painter: QPainter, area: QRectF, edge: str, ground: str) -> None:
        theme = self._theme
        painter.setPen(QPen(theme.color(edge), 1))
        painter.setBrush(theme.color(ground))
        radius = area.height() / 2 if self._pill else 6
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), radius - 0.5, radius - 0.5)
        painter.setFont(self.font())
        if self._pill:
            painter.setPen(theme.color("text"))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.text())
            return
        grip = self._density.grip
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("muted"))
        for row in range(3):
            for column in range(2):
                painter.drawEllipse(QPointF(area.x() + grip + 4 * column, area.center().y() - 4 + 4 * row), 1.1, 1.1)
        painter.setPen(theme.color("text"))
        label = area.adjusted(self._density.label, 0, 0, 0)
        painter.drawText(label, Qt.AlignmentFlag.AlignVCenter, self.text())

    def _drag(self, start: QPoint) -> None:
        drag = QDrag(self)
        drag.setMimeData(self.mime_data())
        drag.setPixmap(self.drag_pixmap())
        drag.setHotSpot(start + QPoint(6, 6))
        drag.exec(Qt.DropAction.CopyAction)


class KindChip(Chip):
    """A layer kind. A double click or Enter puts a layer before the output; a single click says so."""

    hint = Signal(str)
    """What to do instead of a click."""

    def __init__(self, kind: type[nn.Layer], theme: Theme, parent: QWidget) -> None:
        super().__init__(kind.name, kind.label, KIND_MIME, False, theme, parent)
        identify(self, f"palette-{kind.name}", f"Add a {kind.label} layer")
        self.setToolTip(f"{about(kind)}\nDrag it onto the network; a double click or Enter adds it before the output")

        self._asked = QTimer(self)
        self._asked.setSingleShot(True)
        self._asked.setInterval(QApplication.doubleClickInterval())
        self._asked.timeout.connect(lambda: self.hint.emit(CLICK_HINT))
        self.clicked.connect(lambda: self._asked.start())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._asked.stop()
        self.used.emit(self.name)


class ActivationChip(Chip):
    """An activation. A click or Enter gives it to the selected layer."""

    def __init__(self, kind: type[nn.Activation], theme: Theme, parent: QWidget) -> None:
        super().__init__(kind.name, kind.label, ACTIVATION_MIME, True, theme, parent)
        identify(self, f"activation-{kind.name}", f"Use {kind.label} in the selected layer")
        self.setToolTip(f"{about(kind)}\nDrag it onto a layer; a click or Enter gives it to the selected one")
        self.clicked.connect(lambda: self.used.emit(self.name))


class Palette(QWidget):
    """Chips for everything that is registered; what finds no room stands in a menu."""

    kind_picked = Signal(str)
    activation_picked = Signal(str)
    hint = Signal(str)
    """What to do instead."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("palette")
        self._kinds = [KindChip(kind, theme, self) for kind in nn.Layer.registry.values()]
        self._activations = [ActivationChip(kind, theme, self) for kind in _activations()]
        self._more = Chip("more", "…", "", True, theme, self)
        identify(self._more, "activation-more", "More layers and activations")
        self._more.setToolTip("More: layers to add, and activations for the selected layer")
        self._more.clicked.connect(self.open_menu)
        self._more.used.connect(self.open_menu)
        self._row = row = QHBoxLayout(self)
        for kind in self._kinds:
            kind.used.connect(self.kind_picked)
            kind.hint.connect(self.hint)
            row.addWidget(kind)
        self._between = QSpacerItem(0, 0)
        row.addItem(self._between)
        for chip in self._activations:
            chip.used.connect(self.activation_picked)
            row.addWidget(chip)
        row.addWidget(self._more)
        row.addStretch(1)
        self.setFixedHeight(CHIP_HEIGHT_PX + 2 * SPACING_PX)
        self._fit(10_000)

    def set_theme(self, theme: Theme) -> None:
        """Use these colours."""
        self._theme = theme
        for chip in (*self._kinds, *self._activations, self._more):
            chip.set_theme(theme)
        self.update()

    def minimumSizeHint(self) -> QSize:
        kinds = sum(chip.width() + ROOMY.gap for chip in self._kinds[:KINDS_AT_LEAST])
        return QSize(2 * ROOMY.edge + kinds + 3 * ROOMY.gap + self._more.width(), self.height())

    def open_menu(self) -> None:
        """Offer what found no room."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for chip in self._kinds:
            if chip.isHidden():
                action = menu.addAction(f"Add {chip.text()}")
                action.setToolTip(about(nn.Layer.named(chip.name)))
                action.triggered.connect(lambda _=False, name=chip.name: self.kind_picked.emit(name))
        menu.addSeparator()
        for chip in self._activations:
            if chip.isHidden():
                action = menu.addAction(chip.text())
                action.setToolTip(about(nn.Activation.named(chip.name)))
                action.triggered.connect(lambda _=False, name=chip.name: self.activation_picked.emit(name))
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height() + 4)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit(self.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("panel"))
        painter.setPen(self._theme.color("hairline"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        last = [chip for chip in self._kinds if not chip.isHidden()][-1]
        x = last.geometry().right() + 1 + 2 * self._density.gap
        painter.drawLine(x, self.height() // 2 - 9, x, self.height() // 2 + 9)
        painter.end()

    def _fit(self, width: int) -> None:
        """Show as many layer kinds, and then as many activations, as there is room for."""
        self._space(ROOMY)
        shown = self._count(width)
        if shown < len(self._kinds) + len(FIRST_ACTIVATIONS):
            self._space(CLOSE)
            shown = self._count(width)
        chips = (*self._kinds, *self._activations)
        for index, chip in enumerate(chips):
            chip.setVisible(index < shown)
        self._more.setVisible(shown < len(chips))

    def _space(self, density: Density) -> None:
        """Leave this much room in the chips and between them."""
        self._density = density
        self._row.setContentsMargins(density.edge, SPACING_PX, density.edge, SPACING_PX)
        self._row.setSpacing(density.gap)
        self._between.changeSize(2 * density.gap + 1, 0)
        for chip in (*self._kinds, *self._activations, self._more):
            chip.set_density(density)

    def _count(self, width: int) -> int:
        """How many chips there is room for, from the first on."""
        gap = self._density.gap
        room = width - 2 * self._density.edge - 3 * gap - 1
        ends = list(accumulate(chip.width() + gap for chip in (*self._kinds, *self._activations)))
        if ends[-1] <= room:
            return len(ends)
        return max(KINDS_AT_LEAST, bisect_right(ends, room - self._more.width()))


def about(kind: type[nn.Layer | nn.Activation]) -> str:
    """What a layer or an activation computes and, of an activation, what values it gives, for a tooltip."""
    text = f"{kind.label}: {summary(kind).replace('`', '')}"
    if not issubclass(kind, nn.Activation):
        return text
    begins = ", ".join(f"{option.label} {plain(option.default)}" for option in kind.options.values())
    return f"{text}\n{_outputs(*kind.output_range)}" + (f" Begins with {begins}." if begins else "")


def _outputs(low: float, high: float) -> str:
    if math.isinf(low) and math.isinf(high):
        return "Gives any number."
    return f"Gives numbers from {plain(low)} " + ("on." if math.isinf(high) else f"to {plain(high)}.")


def _activations() -> list[type[nn.Activation]]:
    """All of them, those one asks for most first."""
    first = [name for name in FIRST_ACTIVATIONS if name in nn.Activation.registry]
    return [nn.Activation.named(name) for name in dict.fromkeys((*first, *nn.Activation.registry))]
