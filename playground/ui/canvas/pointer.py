"""What the mouse does on the canvas: it explains what it is over, clicks, drags, pans, scrolls and zooms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent

from playground.document.spec import OUTPUT_ID
from playground.ui.canvas.boxes import Box
from playground.ui.canvas.card import describe
from playground.ui.canvas.geometry import Place
from playground.ui.canvas.gestures import BlockScroll, Gesture, LayerDrag, Pan, gesture_for
from playground.ui.canvas.targets import Target

if TYPE_CHECKING:
    from playground.ui.canvas.canvas import NetworkCanvas

SCROLL_PX, SCROLL_STEP_PX, SCROLL_MS = 90, 24, 30
"""How near to an edge a gesture scrolls the canvas on; how far at once; how often while the mouse is held there."""
WHEEL_PX = 60
"""How far one notch of the wheel scrolls."""
NOTCH = 120
"""Qt's measure for one notch."""
NOTCHES_PER_DOUBLING = 4


class Pointer(QObject):
    """The cursor over a canvas, and the gesture it is in the middle of."""

    def __init__(self, canvas: NetworkCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.gesture: Gesture | None = None
        self.target: Target | None = None
        """What the card explains."""
        self._at = (0.0, 0.0)
        self._outline: list[tuple[float, float]] = []
        """Of the target, where it was when its card came up."""
        self._pressed: tuple[Target, tuple[float, float]] | None = None
        self._turned = 0.0
        """What the wheel was turned over a block beyond whole rows."""
        self._creeping = QTimer(self)
        self._creeping.setInterval(SCROLL_MS)
        self._creeping.timeout.connect(self._creep)

    # -- hovering --------------------------------------------------------------------------------------

    def hover(self, target: Target | None, at: tuple[float, float] = (0, 0)) -> None:
        """The cursor is on this now."""
        if target == self.target:
            return
        canvas = self._canvas
        before, self.target, self._at = _unit_of(self.target), target, at
        self._outline = canvas.scene.outline_of(target) if target is not None else []
        self.explain()
        canvas.setCursor(Qt.CursorShape.ArrowCursor if target is None else Qt.CursorShape.PointingHandCursor)
        if _unit_of(target) != before:
            canvas.hovered.emit(_unit_of(target))
        canvas.update()

    def check(self) -> None:
        """Explain no longer what is gone, or no longer under the cursor."""
        if self.target is not None and self._canvas.scene.outline_of(self.target) != self._outline:
            self.hover(None)

    def explain(self) -> None:
        """Let the card say what is under the cursor."""
        target, canvas = self.target, self._canvas
        mirror = canvas.scene.mirror
        if target is None or mirror is None:
            canvas.card.hide()
            return
        area, top = canvas.visible_area(), canvas.strip_bottom
        bounds = Box(area.left + 4, top, area.width - 8, area.bottom - 4 - top)
        reading = canvas.scene.reading_of(target)
        canvas.card.explain(describe(mirror.spec, target), reading, self._at, bounds, self._outline)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Over a head there is nothing to explain."""
        if event.type() == QEvent.Type.Enter:
            self.hover(None)
        return super().eventFilter(watched, event)

    # -- buttons ---------------------------------------------------------------------------------------

    def press(self, event: QMouseEvent) -> None:
        """A button went down."""
        canvas, (x, y) = self._canvas, event.position().toTuple()
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return
        self.cancel()
        if event.button() == Qt.MouseButton.MiddleButton:
            self.gesture = Pan(canvas, x, y, None, selects=False)
            return
        target = canvas.scene.target_at(x, y) if y > canvas.strip_bottom else None
        self._pressed = (target, (x, y)) if target is not None else None
        self.gesture = self._gesture_at(x, y, target)

    def _gesture_at(self, x: float, y: float, target: Target | None) -> Gesture:
        """What begins where the left button was pressed."""
        canvas = self._canvas
        if y <= canvas.strip_bottom:
            key = canvas.heads.key_at(x, y)
            place = next((place for place in canvas.stage.places if place.column.key == key), None)
        else:
            index = canvas.scene.column_at(x, y)
            place = canvas.scene.places[index] if index is not None else None
        if place is not None:
            key = place.column.key
            thumb = _grabbed(place, x, y)
            if thumb is not None:
                gesture = BlockScroll(canvas, key, y - thumb.top if thumb.contains(x, y) else thumb.height / 2)
                gesture.move(x, y)
                return gesture
            if canvas.editor.layer(key) is not None:
                return LayerDrag(canvas, key, x, y, place.x - x)
            return Pan(canvas, x, y, key if key == OUTPUT_ID else None)
        near = canvas.stage.layout.column_at(x)
        key = near.column.key if near is not None else None
        selectable = key == OUTPUT_ID or (key is not None and canvas.editor.layer(key) is not None)
        return Pan(canvas, x, y, key if selectable else None, selects=target is None)

    def move(self, event: QMouseEvent) -> None:
        """The mouse is somewhere else."""
        canvas, (x, y) = self._canvas, event.position().toTuple()
        if self.gesture is not None:
            self.hover(None)
            self._move_gesture(x, y)
        elif event.buttons() == Qt.MouseButton.NoButton:
            self.hover(canvas.scene.target_at(x, y) if y > canvas.strip_bottom else None, (x, y))

    def release(self, event: QMouseEvent) -> None:
        """A button went up: the gesture is at its end, and was a click if it never began to move."""
        gesture, pressed = self.gesture, self._pressed
        if gesture is None or event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return
        was_click = not gesture.started and event.button() == Qt.MouseButton.LeftButton
        self.finish()
        if was_click and pressed is not None and self._canvas.scene.exists(pressed[0]):
            self._canvas.clicked(*pressed)

    def finish(self) -> None:
        """Let the gesture make its edit."""
        gesture = self._let_go()
        if gesture is not None:
            gesture.finish()
            self._canvas.rearrange()

    def cancel(self) -> bool:
        """Give up what the mouse is doing; False if it does nothing."""
        gesture = self._let_go()
        if gesture is None:
            return False
        gesture.cancel()
        self._canvas.rearrange()
        return True

    def _let_go(self) -> Gesture | None:
        gesture, self.gesture, self._pressed = self.gesture, None, None
        self._creeping.stop()
        if isinstance(gesture, Pan):
            self._canvas.setCursor(Qt.CursorShape.ArrowCursor)
        return gesture

    def _move_gesture(self, x: float, y: float) -> None:
        """Let the gesture follow the cursor, and scroll on where it comes near an edge."""
        gesture, area = self.gesture, self._canvas.visible_area()
        if gesture is None:
            return
        gesture.move(x, y)
        if isinstance(gesture, Pan):
            if gesture.started:
                self._canvas.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif gesture.started and not isinstance(gesture, BlockScroll):
            self._at = (x - area.left, y - area.top)
            self._creep()
            self._creeping.start()

    def _creep(self) -> None:
        """Scroll a little further if the cursor is held near the left or right edge."""
        area, (x, y) = self._canvas.visible_area(), self._at
        if self.gesture is None or not (0 <= x <= area.width and 0 <= y <= area.height):
            return
        zone = min(SCROLL_PX, area.width / 4)
        beyond = max(0.0, x - (area.width - zone)) - max(0.0, zone - x)
        self._canvas.pan(max(-SCROLL_STEP_PX, min(beyond, SCROLL_STEP_PX)), 0)
        moved = self._canvas.visible_area()
        if moved.left != area.left:
            self.gesture.move(moved.left + x, moved.top + y)

    # -- wheel and fingers -------------------------------------------------------------------------------

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl; over a block of many units scroll it; else scroll the canvas."""
        event.accept()
        canvas, at, turned = self._canvas, event.position(), event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            canvas.zoom_wanted.emit(2 ** ((turned.y() or turned.x()) / NOTCH / NOTCHES_PER_DOUBLING), at)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            canvas.pan(-(turned.x() or turned.y()) * WHEEL_PX / NOTCH, 0)
        elif not self._turn_block(at, turned.y()):
            pixels = event.pixelDelta()
            delta = pixels if not pixels.isNull() else turned * (WHEEL_PX / NOTCH)
            canvas.wheeled.emit(-delta.x(), -delta.y())

    def _turn_block(self, at: QPointF, turned: float) -> bool:
        """Scroll the block under the cursor; False if there is none, or none that can be scrolled."""
        canvas, (x, y) = self._canvas, at.toTuple()
        index = canvas.scene.column_at(x, y) if y > canvas.strip_bottom else None
        place = canvas.scene.places[index] if index is not None else None
        if place is None or place.mosaic is None or not place.mosaic.last_first or not turned:
            return False
        self._turned += turned * 2 / NOTCH
        rows, self._turned = int(self._turned), self._turned - int(self._turned)
        canvas.stage.scroll(place.column.key, place.mosaic.first - rows)
        self.hover(canvas.scene.target_at(x, y), (x, y))
        return True

    def pinch(self, event: QNativeGestureEvent) -> bool:
        """Two fingers on a trackpad; False if they do not zoom."""
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self._canvas.zoom_wanted.emit(1 + event.value(), event.position())
        return True

    # -- what is dragged in ------------------------------------------------------------------------------

    def drag_in(self, event: QDragEnterEvent) -> None:
        """Something from outside comes over the canvas."""
        self.cancel()
        self.gesture = gesture_for(event.mimeData(), self._canvas)
        if self.gesture is None:
            event.ignore()
        else:
            self.hover(None)
            event.acceptProposedAction()

    def drag_on(self, event: QDragMoveEvent) -> None:
        """It moves on."""
        if self.gesture is not None:
            self._move_gesture(*event.position().toTuple())
            event.acceptProposedAction()

    def drop(self, event: QDropEvent) -> bool:
        """It is let go; False if it is nothing of ours."""
        if self.gesture is None:
            return False
        self.gesture.move(*event.position().toTuple())
        event.acceptProposedAction()
        self.finish()
        return True


def _unit_of(target: Target | None) -> tuple[int, int] | None:
    return (target.column, target.unit) if target is not None and target.kind == "unit" else None


def _grabbed(place: Place, x: float, y: float) -> Box | None:
    """The thumb of the scroll bar of a block, if a point is on that bar."""
    track = place.mosaic.track(place.x) if place.mosaic is not None else None
    if place.mosaic is None or track is None or not track.contains(x, y):
        return None
    return place.mosaic.thumb(place.x)
