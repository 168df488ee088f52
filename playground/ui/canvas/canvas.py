"""The network canvas: shows the network of a mirror; mouse and keyboard become edits of the document."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QMoveEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from playground.engine.mirror import Mirror
from playground.ui.canvas.boxes import Box
from playground.ui.canvas.card import HoverCard
from playground.ui.canvas.editor import Editor
from playground.ui.canvas.geometry import EDGE_PX, HEAD_TOP_PX
from playground.ui.canvas.gestures import LayerDrag
from playground.ui.canvas.headrow import HeadRow
from playground.ui.canvas.keys import handle_key, spoken_keys
from playground.ui.canvas.marks import paint_focus
from playground.ui.canvas.painting import paint_network
from playground.ui.canvas.picture import Picture
from playground.ui.canvas.pointed import PointedWidget
from playground.ui.canvas.pointer import Pointer
from playground.ui.canvas.scene import Scene
from playground.ui.canvas.stage import Stage, columns_of
from playground.ui.canvas.targets import Target
from playground.ui.theme import Theme

STRIP_PX = 6
"""From the heads to where the network may be seen: scrolled up, it goes below them."""
KEYBOARD_REASONS = frozenset(
    {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason}
)
PASSING_REASONS = frozenset({Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason})
"""The focus was only lent to another window or a menu, and comes back."""


class NetworkCanvas(PointedWidget):
    """Paints the network and takes the gestures. Edits go through `editor`; what is shown comes by `set_mirror`."""

    selection_changed = Signal(object)
    hovered = Signal(object)
    unit_clicked = Signal(object)
    """(column, unit) of a neuron that was clicked, column 0 being the input."""
    value_clicked = Signal(object)
    """The `Target` of a link or bias that was clicked."""
    revealed = Signal(float, float)
    """A stretch of the canvas, from x to x, that should be scrolled into view."""
    panned = Signal(float, float)
    """What is seen should move by so much to the right and down."""
    wheeled = Signal(float, float)
    """The same by the wheel, which goes in whatever direction there is to go."""
    zoom_wanted = Signal(float, object)
    """By which factor, and the point (QPointF) that should stay where it is."""

    def __init__(self, editor: Editor, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("network-canvas")
        self.setAccessibleName("Network canvas")
        self.setAccessibleDescription(spoken_keys())
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.editor = editor
        self.stage = Stage(self)
        self.stage.moved.connect(self.rearrange)
        self._theme = theme
        self._picture = Picture(theme)
        self._mirror: Mirror | None = None
        self._zoom, self._window = 1.0, (0.0, 0.0)
        self._selected: int | None = None
        self._drop_target: int | None = None
        self._clicked: tuple[Target, tuple[float, float]] | None = None
        self._by_keyboard = False
        """Whether the focus came by a key: then it must be seen where it is."""
        self.heads = HeadRow(editor, theme, self)
        self.card = HoverCard(theme, self)
        self.pointer = Pointer(self)

    # -- what is shown -----------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Use these colours."""
        self._theme = theme
        self._picture.set_theme(theme, self.devicePixelRatioF())
        self.heads.set_theme(theme)
        self.card.set_theme(theme)
        self.rearrange()

    def set_mirror(self, mirror: Mirror) -> None:
        """Show the network of this mirror; columns that stay ease to their new places."""
        if mirror is self._mirror:
            self.pointer.explain()
            self.refresh()
            return  # other data, or another way to learn: nothing of it stands on the canvas
        columns = columns_of(mirror.spec)
        for head in self.heads.show_spec(mirror.spec):
            head.installEventFilter(self.pointer)
        # Nothing may come between these two: the picture needs columns that are those of the mirror.
        self._mirror = mirror
        self.stage.set_columns(columns)
        if self._selected is not None and self._selected not in {column.key for column in columns}:
            self.select(None)
        self.pointer.explain()

    def set_zoom(self, zoom: float, width: float, height: float) -> None:
        """Draw tiles and distances this large, in a window of this size that scrolls: at 1 the network fills it."""
        self._zoom, self._window = zoom, (width, height)
        self._fit_size()
        self.stage.set_size(self.width(), self.height(), zoom)

    def refresh(self) -> None:
        """Show the mirror's newest parameters."""
        self._picture.refresh()
        if self.pointer.target is not None:
            self.card.show_value(self.scene.reading_of(self.pointer.target))
        # Only what lies below the heads: they need not be painted again with every step of the training.
        area, top = self.visible_area(), int(self.strip_bottom)
        self.update(int(area.left), top, int(area.width) + 1, int(area.bottom) - top + 1)

    def show_decided(self, decided: bool) -> None:
        """Show of every neuron's map only where it is negative, and where not."""
        self._picture.show_decided(decided)
        self.update()

    def show_picked(self, unit: tuple[int, int] | None) -> None:
        """Let a neuron (column, unit) stand out, or none; its block, if it is in one, is scrolled to it."""
        self._picture.picked = unit
        if unit is not None and unit[0] < len(self.scene.places):
            place = self.scene.places[unit[0]]
            if place.mosaic is not None:
                self.stage.scroll(place.column.key, place.mosaic.first_for(unit[1]))
        self.update()

    def anchor_of(self, target: Target) -> QPoint:
        """The point of this widget that an editor for the target may point at: where it was clicked, or it itself.

        If the target is not in sight, the nearest point that is.
        """
        at = self.scene.anchor_of(target)
        if self._clicked is not None and self._clicked[0] == target and target.kind == "link":
            at = self._clicked[1]
        area = self.visible_area()
        return QPoint(*map(round, area.nearest(*(at if at is not None else area.center))))

    @property
    def scene(self) -> Scene:
        """What lies where."""
        return self._picture.scene

    @property
    def selected(self) -> int | None:
        """The id of the selected layer (`OUTPUT_ID` for the output), or None."""
        return self._selected

    @property
    def strip_bottom(self) -> float:
        """Where the row of heads ends, which stays in sight however far one scrolls."""
        return self.visible_area().top + HEAD_TOP_PX + self.stage.layout.heads.height + STRIP_PX

    def rearrange(self) -> None:
        """Put everything where the stage says it stands now."""
        if self._mirror is None:
            return
        # This may resize the canvas at once, and thereby call this function again.
        self._fit_size()
        places = self.stage.places
        lifted = self.stage.lifted
        apart = frozenset(i for i, place in enumerate(places) if lifted and place.column.key == lifted.key)
        area = self.visible_area()
        self._picture.show(self._mirror, places, apart, area)
        self.heads.place(places, self.stage.layout.heads, lifted, area, self._selected)
        self._show_states()
        self.pointer.check()
        self.update()

    def _fit_size(self) -> None:
        """Be as large as the zoom says, and as the columns need."""
        width, height = (side * self._zoom if self._zoom > 1 else 0 for side in self._window)
        self.setMinimumSize(max(self.stage.needed_width, round(width)), round(height))

    def _show_states(self) -> None:
        gesture = self.pointer.gesture
        removing = isinstance(gesture, LayerDrag) and gesture.removing
        lifted = self.stage.lifted.key if self.stage.lifted else None
        for key, head in self.heads.items():
            state = "selected" if key == self._selected else ""
            if key == lifted:
                state = "removing" if removing else "lifted"
            head.set_state("target" if key == self._drop_target else state)

    # -- what the user does: used by the palette, the keyboard and the gestures --------------------------

    def select(self, layer_id: int | None) -> None:
        """Select a layer or the output, or nothing."""
        if layer_id == self._selected:
            return
        self._selected = layer_id
        self.rearrange()
        self._reveal(layer_id)
        self.selection_changed.emit(layer_id)

    def _reveal(self, key: int | None) -> None:
        """Scroll a column into view, and those beside it."""
        places = self.stage.layout.places
        for index, place in enumerate(places):
            if place.column.key == key:
                left, right = places[max(index - 1, 0)], places[min(index + 1, len(places) - 1)]
                self.revealed.emit(left.head_left - EDGE_PX, right.head_right + EDGE_PX)

    def append(self, kind: str) -> None:
        """Put a layer of this kind before the output, and select it."""
        new = self.editor.add(kind)
        if new is not None:
            self.select(new)

    def give_activation(self, activation: str) -> None:
        """Give the selected layer this activation."""
        self.editor.set_activation(self._selected, activation)

    def set_drop_target(self, layer_id: int | None) -> None:
        """Show which layer something will be dropped on."""
        if layer_id != self._drop_target:
            self._drop_target = layer_id
            self._show_states()

    def clicked(self, target: Target, at: tuple[float, float]) -> None:
        """A neuron, link or bias was clicked: tell those who know more about it."""
        self._clicked = (target, at)
        if target.kind == "unit":
            self.unit_clicked.emit((target.column, target.unit))
        else:
            self.value_clicked.emit(target)

    def scroll_units(self, direction: int) -> bool:
        """Show the next rows of the selected layer's block of units, down (+1) or up (-1); False if there is none."""
        for place in self.stage.layout.places:
            if place.column.key == self._selected and place.mosaic is not None:
                step = max(1, place.mosaic.rows - 1)
                return self.stage.scroll(place.column.key, place.mosaic.first + direction * step)
        return False

    def pan(self, dx: float, dy: float) -> None:
        """Let what is seen of the canvas move on by so much."""
        self.panned.emit(dx, dy)

    def visible_area(self) -> Box:
        """What of the canvas is seen through the window it scrolls in."""
        window = self.parentWidget()
        if window is None:
            return Box(0, 0, self.width(), self.height())
        left, top = max(0, -self.x()), max(0, -self.y())
        right, bottom = min(self.width(), window.width() - self.x()), min(self.height(), window.height() - self.y())
        return Box(left, top, max(1, right - left), max(1, bottom - top))

    def cancel_gesture(self) -> bool:
        """Give up what the mouse is doing; False if it does nothing."""
        return self.pointer.cancel()

    # -- keyboard, focus, size -------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._by_keyboard = False
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not handle_key(self, event):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() not in PASSING_REASONS:
            self._by_keyboard = event.reason() in KEYBOARD_REASONS
        super().focusInEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.stage.set_size(self.width(), self.height(), self._zoom)

    def moveEvent(self, event: QMoveEvent) -> None:
        self.rearrange()  # scrolled: heads and the ring of the focus stay at the edges of what is seen

    # -- painting --------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.devicePixelRatioF() != self._picture.ratio:  # moved to another screen
            self._picture.set_theme(self._theme, self.devicePixelRatioF())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._picture.paint_ground(painter, event.rect())
            if self._mirror is not None:
                paint_network(painter, self._picture, self.stage, self.pointer, self.visible_area(), self.strip_bottom)
            if self.hasFocus() and self._by_keyboard and self._selected is None:
                paint_focus(painter, self._theme, self.visible_area())
