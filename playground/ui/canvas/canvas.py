"""The network canvas: shows the network of a mirror, and turns mouse and keyboard into edits of the document."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QMoveEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from playground.document.spec import OUTPUT_ID
from playground.engine.mirror import Mirror
from playground.ui.canvas.card import HoverCard, describe
from playground.ui.canvas.editor import Editor
from playground.ui.canvas.geometry import EDGE_PX, INPUT_ID, Box
from playground.ui.canvas.gestures import Gesture, KindDrop, LayerDrag, gesture_for
from playground.ui.canvas.headrow import HeadRow
from playground.ui.canvas.keys import handle_key, spoken_keys
from playground.ui.canvas.marks import paint_focus, paint_hint, paint_landing, paint_pill
from playground.ui.canvas.picture import Picture, Target
from playground.ui.canvas.stage import Stage, columns_of
from playground.ui.theme import Theme

SCROLL_PX = 90
"""How near to an edge a gesture scrolls the canvas on."""
KEYBOARD_REASONS = frozenset(
    {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason}
)
PASSING_REASONS = frozenset({Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason})
"""The focus was only lent to another window or a menu, and comes back."""


class NetworkCanvas(QWidget):
    """Paints the network and takes the gestures. Edits go through `editor`; what is shown comes by `set_mirror`."""

    selection_changed = Signal(object)
    hovered = Signal(object)
    revealed = Signal(float, float)
    """A stretch of the canvas, from x to x, that should be scrolled into view."""

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
        self.stage.moved.connect(self._rearrange)
        self._theme = theme
        self._picture = Picture(theme)
        self._mirror: Mirror | None = None
        self._gesture: Gesture | None = None
        self._selected: int | None = None
        self._drop_target: int | None = None
        self._target: Target | None = None
        self._hovered_at = (0.0, 0.0)
        self._outline: list[tuple[float, float]] = []
        """Of the target, where it was when its card came up."""
        self._by_keyboard = False
        """Whether the focus came by a key: then it must be seen where it is."""
        self.heads = HeadRow(editor, theme, self)
        self.card = HoverCard(theme, self)

    # -- what is shown -----------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Use these colours."""
        self._theme = theme
        self._picture.set_theme(theme, self.devicePixelRatioF())
        self.heads.set_theme(theme)
        self.card.set_theme(theme)
        self._rearrange()

    def set_mirror(self, mirror: Mirror) -> None:
        """Show the network of this mirror; columns that stay ease to their new places."""
        columns = columns_of(mirror.spec)
        for head in self.heads.show_spec(mirror.spec):
            head.installEventFilter(self)
        # Nothing may come between these two: the picture needs columns that are those of the mirror.
        self._mirror = mirror
        self.stage.set_columns(columns)
        if self._selected is not None and self._selected not in {column.key for column in columns}:
            self.select(None)
        self._explain()

    def refresh(self) -> None:
        """Show the mirror's newest parameters."""
        self._picture.refresh()
        if self._target is not None:
            self.card.show_value(self._picture.reading_of(self._target))
        # Only what lies below the heads: they need not be painted again with every step of the training.
        top = int(self.stage.layout.body_top) - 8
        self.update(0, top, self.width(), self.height() - top)

    @property
    def selected(self) -> int | None:
        """The id of the selected layer (`OUTPUT_ID` for the output), or None."""
        return self._selected

    def _rearrange(self) -> None:
        """Put everything where the stage says it stands now."""
        if self._mirror is None:
            return
        # This may resize the canvas at once, and thereby call this function again.
        self.setMinimumWidth(self.stage.needed_width)
        places = self.stage.places
        lifted = self.stage.lifted
        apart = frozenset(i for i, place in enumerate(places) if lifted and place.column.key == lifted.key)
        self._picture.show(self._mirror, places, apart)
        self.heads.place(places, self.stage.layout.heads, lifted)
        self._show_states()
        if self._target is not None and self._outline_of(self._target) != self._outline:
            self._hover(None)  # what the card explains is gone, or no longer under the cursor
        self.update()

    def _outline_of(self, target: Target) -> list[tuple[float, float]]:
        return self._picture.outline_of(target) if self._picture.holds(target) else []

    def _show_states(self) -> None:
        gesture = self._gesture
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
        self._show_states()
        self._reveal(layer_id)
        self.update()
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

    def visible_area(self) -> Box:
        """What of the canvas is seen through the window it scrolls in."""
        seen = self.visibleRegion().boundingRect()
        seen = self.rect() if seen.isEmpty() else seen
        return Box(seen.x(), seen.y(), seen.width(), seen.height())

    def cancel_gesture(self) -> bool:
        """Give up what the mouse is doing; False if it does nothing."""
        gesture, self._gesture = self._gesture, None
        if gesture is None:
            return False
        gesture.cancel()
        self._rearrange()
        return True

    # -- mouse -----------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self.cancel_gesture()
        self._by_keyboard = False
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        x, y = event.position().toTuple()
        place = self.stage.layout.column_at(x)
        key = place.column.key if place is not None else INPUT_ID
        if place is not None and self.editor.layer(key) is not None:
            self._gesture = LayerDrag(self, key, x, y, place.x - x)
        else:
            self.select(key if key == OUTPUT_ID else None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x, y = event.position().toTuple()
        if self._gesture is not None:
            self._hover(None)
            self._move_gesture(x, y)
        elif event.buttons() == Qt.MouseButton.NoButton:
            self._hover(self._picture.target_at(x, y) if self._mirror is not None else None, (x, y))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._finish_gesture()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Enter:
            self._hover(None)
        return super().eventFilter(watched, event)

    def _move_gesture(self, x: float, y: float) -> None:
        """Let the gesture follow the cursor, and scroll on where it comes near an edge."""
        if self._gesture is not None:
            self._gesture.move(x, y)
            if self._gesture.started and self.visible_area().contains(x, y):
                self.revealed.emit(x - SCROLL_PX, x + SCROLL_PX)

    def _finish_gesture(self) -> None:
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.finish()
            self._rearrange()

    def _hover(self, target: Target | None, at: tuple[float, float] = (0, 0)) -> None:
        if target == self._target:
            return
        unit_before, self._target, self._hovered_at = _unit_of(self._target), target, at
        self._outline = self._outline_of(target) if target is not None else []
        self._explain()
        if _unit_of(target) != unit_before:
            self.hovered.emit(_unit_of(target))
        self.update()

    def _explain(self) -> None:
        """Let the card say what is under the cursor."""
        target = self._target
        if target is None or self._mirror is None:
            self.card.hide()
            return
        area, top = self.visible_area(), self.stage.layout.body_top - 8
        bounds = Box(area.left + 4, top, area.width - 8, area.top + area.height - 4 - top)
        what, reading = describe(self._mirror.spec, target), self._picture.reading_of(target)
        self.card.explain(what, reading, self._hovered_at, bounds, self._outline)

    # -- what is dragged in ----------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.cancel_gesture()
        self._gesture = gesture_for(event.mimeData(), self)
        if self._gesture is None:
            event.ignore()
        else:
            self._hover(None)
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if self._gesture is not None:
            self._move_gesture(*event.position().toTuple())
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.cancel_gesture()

    def dropEvent(self, event: QDropEvent) -> None:
        if self._gesture is not None:
            self._gesture.move(*event.position().toTuple())
            event.acceptProposedAction()
            self._finish_gesture()
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- keyboard, focus, size -------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not handle_key(self, event):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() not in PASSING_REASONS:
            self._by_keyboard = event.reason() in KEYBOARD_REASONS
        super().focusInEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.stage.set_size(self.width(), self.height())

    def moveEvent(self, event: QMoveEvent) -> None:
        self.update()  # scrolled: the ring of the focus stays at the edges of what is seen

    # -- painting --------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.devicePixelRatioF() != self._picture.ratio:  # moved to another screen
            self._picture.set_theme(self._theme, self.devicePixelRatioF())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._picture.paint_ground(painter, event.rect())
            if self._mirror is not None:
                self._paint_network(painter)
            if self.hasFocus() and self._by_keyboard and self._selected is None:
                paint_focus(painter, self._theme, self.visible_area())

    def _paint_network(self, painter: QPainter) -> None:
        places, lifted = self.stage.places, self.stage.lifted
        self._picture.paint_links(painter, self._target)
        for index, place in enumerate(places):
            if lifted is None or place.column.key != lifted.key:
                self._picture.paint_column(painter, index, self._target)
        if self.stage.gap_x is not None:
            kind = self._gesture.label if isinstance(self._gesture, KindDrop) else None
            paint_landing(painter, self._theme, self.stage.layout, self.stage.gap_x, kind)
        elif len(places) == 2:
            paint_hint(painter, self._theme, self.stage.layout)
        for index, place in enumerate(places):
            if lifted is not None and place.column.key == lifted.key:
                self._paint_lifted(painter, index, place.x, lifted.dy)

    def _paint_lifted(self, painter: QPainter, index: int, x: float, dy: float) -> None:
        removing = isinstance(self._gesture, LayerDrag) and self._gesture.removing
        painter.save()
        painter.setOpacity(0.3 if removing else 0.8)
        painter.translate(0, dy)
        self._picture.paint_column(painter, index, None)
        painter.restore()
        if removing:
            area = self.visible_area()
            paint_pill(painter, self._theme, x, self.stage.layout.body_bottom - 18, area, "Release to remove")


def _unit_of(target: Target | None) -> tuple[int, int] | None:
    return (target.column, target.unit) if target is not None and target.kind == "unit" else None
