"""The window onto the canvas: how large the network is drawn, and which part of it is seen."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QWidget

from playground.ui.canvas.canvas import NetworkCanvas
from playground.ui.controls import ToolButton, identify
from playground.ui.text import percent

LEAST_ZOOM, MOST_ZOOM = 0.25, 4.0
ZOOMS = (0.25, 0.33, 0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0)
"""Where the buttons and keys stop."""
NEAR = 0.03
"""So near to fitting, the network fits."""
CORNER_PX = 6


class NetworkView(QScrollArea):
    """Scrolls and zooms a canvas. At 100 % the network fits, however many layers it has."""

    zoomed = Signal(float)
    """The new zoom: 1 fits."""

    def __init__(self, canvas: NetworkCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = canvas
        self._zoom = 1.0
        self.setObjectName("network-scroll")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setWidget(canvas)
        # Of the viewport: whatever else stands on a scroll area, nobody hears of who listens to the screen.
        self.buttons = ZoomButtons(self.viewport())
        self.buttons.smaller.clicked.connect(self.zoom_out)
        self.buttons.larger.clicked.connect(self.zoom_in)
        self.buttons.fit.clicked.connect(self.fit)
        self.buttons.show_zoom(1.0)
        canvas.zoom_wanted.connect(self.zoom_by)
        canvas.panned.connect(self.pan)
        canvas.wheeled.connect(self.wheel)
        canvas.revealed.connect(self.reveal)
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.rangeChanged.connect(self._place_buttons)

    @property
    def zoom(self) -> float:
        """How much larger the network is drawn than fits, 0.25 … 4."""
        return self._zoom

    def zoom_in(self) -> None:
        """Draw the network one step larger."""
        self.set_zoom(next((zoom for zoom in ZOOMS if zoom > self._zoom * 1.01), MOST_ZOOM))

    def zoom_out(self) -> None:
        """Draw the network one step smaller."""
        self.set_zoom(next((zoom for zoom in reversed(ZOOMS) if zoom < self._zoom * 0.99), LEAST_ZOOM))

    def fit(self) -> None:
        """Draw the network so that all of it is seen, from now on."""
        self.set_zoom(1.0)

    def zoom_by(self, factor: float, at: QPointF) -> None:
        """Zoom by a factor around a point of the canvas."""
        zoom = self._zoom * factor
        self.set_zoom(1.0 if abs(math.log(zoom)) < NEAR and abs(factor - 1) > NEAR else zoom, at)

    def set_zoom(self, zoom: float, at: QPointF | None = None) -> None:
        """Draw the network this large; what is at a point of the canvas (or in the middle) stays where it is."""
        zoom = min(max(zoom, LEAST_ZOOM), MOST_ZOOM)
        if zoom == self._zoom:
            return
        canvas, stage = self.canvas, self.canvas.stage
        stage.finish()
        if at is None:
            at = QPointF(*canvas.visible_area().center)
        on_screen = canvas.mapToParent(at)
        before, self._zoom = stage.layout, zoom
        self._fit_canvas()
        x, y = before.carried_to(stage.layout, at.x(), at.y())
        self.horizontalScrollBar().setValue(round(x - on_screen.x()))
        self.verticalScrollBar().setValue(round(y - on_screen.y()))
        self.buttons.show_zoom(zoom)
        self._place_buttons()
        self.zoomed.emit(zoom)

    def pan(self, dx: float, dy: float) -> None:
        """Move what is seen to the right and down."""
        for bar, by in ((self.horizontalScrollBar(), dx), (self.verticalScrollBar(), dy)):
            bar.setValue(bar.value() + round(by))

    def wheel(self, dx: float, dy: float) -> None:
        """The same by the wheel, which scrolls sideways if there is no other direction."""
        if self.verticalScrollBar().maximum() == 0:
            dx, dy = dx or dy, 0
        self.pan(dx, dy)

    def reveal(self, left: float, right: float) -> None:
        """Scroll a stretch of the canvas, from x to x, into view."""
        middle = round(self.canvas.visible_area().center[1])
        self.ensureVisible(round((left + right) / 2), middle, round((right - left) / 2), 0)

    def _fit_canvas(self) -> None:
        room = self.maximumViewportSize()
        self.canvas.set_zoom(self._zoom, room.width(), room.height())
        # Qt gives the canvas the size it needs when it next comes to it; where things are is asked before.
        self.canvas.resize(self.canvas.minimumSize().expandedTo(self.viewport().size()))

    def _place_buttons(self) -> None:
        area, size = self.viewport().rect(), self.buttons.sizeHint()
        left, top = area.right() + 1 - size.width() - CORNER_PX, area.bottom() + 1 - size.height() - CORNER_PX
        self.buttons.setGeometry(left, top, size.width(), size.height())
        self.buttons.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the zoom in a window of another size."""
        super().resizeEvent(event)
        self._fit_canvas()
        self._place_buttons()

    def event(self, event: QEvent) -> bool:
        """Place the buttons anew when a scroll bar has come or gone."""
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._place_buttons()
        return handled


class ZoomButtons(QFrame):
    """− 100 % + Fit, small, in a corner."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("zoom-buttons")
        self.smaller = self._button("−", "zoom-out", "Zoom out", "Zoom out (Ctrl+−, or Ctrl and the wheel)")
        self._label = QLabel(self)
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        identify(self._label, "zoom", "Zoom")
        self.larger = self._button("+", "zoom-in", "Zoom in", "Zoom in (Ctrl++, or Ctrl and the wheel)")
        self.fit = self._button("Fit", "zoom-fit", "Fit network", "Show the whole network (Ctrl+0)")
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 1, 2, 1)
        row.setSpacing(1)
        for part in (self.smaller, self._label, self.larger, self.fit):
            row.addWidget(part)
        self._label.setFixedWidth(self._label.fontMetrics().horizontalAdvance(percent(MOST_ZOOM, 0)) + 8)

    def show_zoom(self, zoom: float) -> None:
        """Show this zoom, and offer what is possible from there."""
        self._label.setText(percent(zoom, 0))
        self.smaller.setEnabled(zoom > LEAST_ZOOM)
        self.larger.setEnabled(zoom < MOST_ZOOM)
        self.fit.setEnabled(zoom != 1)

    def _button(self, text: str, name: str, spoken: str, tip: str) -> ToolButton:
        button = ToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setFixedHeight(20)
        button.setMinimumWidth(20)
        identify(button, name, spoken)
        return button
