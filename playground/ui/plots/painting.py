"""Painting, erasing and moving points on the surface with mouse and keys, while the network learns from them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent

from playground.document.edits.points import Point
from playground.engine.mirror import Mirror
from playground.ui.controls import gesture_of, is_enter
from playground.ui.plots.paint_cursor import PaintCursor
from playground.ui.plots.paint_tools import PaintTools
from playground.ui.plots.square import SquarePlot
from playground.ui.plots.strokes import BrushStroke, EraseStroke, MoveStroke, ShownPoints, Stroke
from playground.ui.theme import Theme

FRAME_MS = 16
"""However often the mouse reports, one edit per frame is made."""
_REACH_PX = 10.0
"""How near the mouse has to be to a point to take it."""
_KEY_STEP, _KEY_FINE = 1 / 40, 1 / 200
"""How far an arrow key goes, as a share of the plane, and how far with Shift."""
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
_KINDS = {Qt.Key.Key_V: "look", Qt.Key.Key_X: "erase", Qt.Key.Key_M: "move"}
_SIZES = {Qt.Key.Key_BracketLeft: -1, Qt.Key.Key_BracketRight: 1}
KEY_LINES = (
    ("Arrow keys", "move a crosshair; with Shift in small steps"),
    ("Enter", "paint or erase there, or take a point and put it down"),
    ("Delete", "erase the point at the crosshair or under the mouse"),
    ("1 … 9, 0", "take the brush of a class"),
    ("X", "take the eraser"),
    ("M", "move points"),
    ("V", "look"),
    ("[ ]", "smaller or larger brush"),
)
"""What can be done at the surface without a mouse: (keys, what they do)."""


class Painting(QObject):
    """The hands: turns what mouse and keys do at a plot into edits of points.

    Parameters
    ----------
    plot
        Where it happens.
    tools
        Says with which tool, and applies the edits.
    """

    began = Signal()
    """A tool has been taken that changes points."""

    def __init__(self, plot: SquarePlot, tools: PaintTools) -> None:
        super().__init__(plot)
        self._plot, self._tools = plot, tools
        self._mirror: Mirror | None = None
        self._with_test = False
        self._shown: ShownPoints | None = None
        self._at: Point | None = None
        """Where the mouse is, or the crosshair."""
        self._by_keys = False
        self._kind = "look"
        self._stroke: Stroke | None = None
        self._gesture: object = object()
        self.cursor = PaintCursor()
        plot.addItem(self.cursor)
        plot.setAccessibleDescription(" ".join(f"{keys}: {what}." for keys, what in KEY_LINES))
        plot.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.flush)
        for watched in (plot, plot.viewport()):
            watched.installEventFilter(self)
        tools.tool_changed.connect(self._follow_tool)

    def set_theme(self, theme: Theme) -> None:
        """Draw the cursor in these colours."""
        self.cursor.set_theme(theme)
        self._follow_tool()

    def set_mirror(self, mirror: Mirror) -> None:
        """The points are those of this mirror."""
        self._mirror, self._shown = mirror, None
        self.cursor.set_domain(*mirror.problem.domain)
        self._draw()

    def show_test(self, shown: bool) -> None:
        """Whether test points are drawn: what is not drawn is neither erased nor moved."""
        self._with_test, self._shown = shown, None

    def flush(self) -> None:
        """Make an edit of what has come together."""
        points = self._points()
        edit = self._stroke.take(points) if self._stroke is not None and points is not None else None
        if edit is not None and not self._tools.paint(edit, self._gesture):
            self._end()  # it has been said why; another frame would say it again

    # -- events -----------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at mouse and keys before the plot does."""
        if isinstance(event, QMouseEvent) and watched is self._plot.viewport():
            return self._take_mouse(event)
        if watched is self._plot and isinstance(event, QKeyEvent):
            return self._take_key(event)
        if event.type() == QEvent.Type.Leave and self._stroke is None and not self._by_keys:
            self._at = None
            self._draw()
        elif watched is self._plot and isinstance(event, QFocusEvent):
            self._take_focus(event)
        return False

    def _take_mouse(self, event: QMouseEvent) -> bool:
        kind, at = event.type(), self._point(event)
        if kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
            return self._press(event, at)
        if kind == QEvent.Type.MouseButtonRelease and self._stroke is not None:
            self._release()
            return True
        if kind == QEvent.Type.MouseMove:
            self._by_keys = False
            self._at = at if self._stroke is not None or self._is_inside(event) else None
            if self._stroke is not None:
                self._stroke.move(at)
            self._draw()
        return False

    def _press(self, event: QMouseEvent, at: Point) -> bool:
        tool = self._tools.tool
        self._by_keys = False
        if self._stroke is not None or not self._is_inside(event) or self._points() is None:
            return False
        self._at = at
        if event.button() == Qt.MouseButton.RightButton and tool.kind in ("brush", "erase"):
            self._begin(EraseStroke(at, self._radius), event)
        elif event.button() == Qt.MouseButton.LeftButton and tool.kind != "look":
            self._begin(self._stroke_at(at), event)
        self._draw()
        return self._stroke is not None

    def _take_key(self, event: QKeyEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self._is_key(event):
            event.accept()
            return True
        if event.type() != QEvent.Type.KeyPress or not self._is_key(event):
            return False
        key = Qt.Key(event.key())
        if key in _ARROWS:
            self._go(*_ARROWS[key], _KEY_FINE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _KEY_STEP)
        elif is_enter(event):
            self._enter(event)
        elif key == Qt.Key.Key_Delete:
            self._delete(event)
        elif key == Qt.Key.Key_Escape:
            self._escape()
        elif key in _KINDS:
            self._tools.choose(_KINDS[key])
        elif key in _SIZES:
            self._tools.change_size(_SIZES[key])
        else:
            self._tools.choose_brush((key - Qt.Key.Key_1) % 10)
        return True

    def _is_key(self, event: QKeyEvent) -> bool:
        """Whether a key means something here."""
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return False
        key = event.key()
        digit = Qt.Key.Key_0 <= key <= Qt.Key.Key_9
        known = (*_ARROWS, *_KINDS, *_SIZES, Qt.Key.Key_Delete, Qt.Key.Key_Escape)
        return self._mirror is not None and (digit or key in known or is_enter(event))

    def _take_focus(self, event: QFocusEvent) -> None:
        by_tab = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._by_keys = event.gotFocus() and by_tab
        if event.lostFocus() and isinstance(self._stroke, MoveStroke):
            self._release()
        if self._by_keys and self._at is None:
            self._go(0, 0, 0)
        self._draw()

    # -- keys -------------------------------------------------------------------------------------

    def _go(self, right: int, up: int, share: float) -> None:
        """Move the crosshair, and with it a point that was taken."""
        if self._mirror is None:
            return
        low, high = self._mirror.problem.domain
        x, y = self._at or ((low + high) / 2, (low + high) / 2)
        step = share * (high - low)
        self._at = min(max(x + right * step, low), high), min(max(y + up * step, low), high)
        self._by_keys = True
        if self._stroke is not None:
            self._stroke.move(self._at)
        self._plot.cursor_moved.emit(self._at)
        self._draw()

    def _enter(self, event: QKeyEvent) -> None:
        if isinstance(self._stroke, MoveStroke):
            self._release()
        elif self._at is not None and self._tools.tool.kind != "look" and self._points() is not None:
            self._begin(self._stroke_at(self._at), event)
            if not isinstance(self._stroke, MoveStroke):
                self._release()
        self._draw()

    def _delete(self, event: QKeyEvent) -> None:
        points = self._points()
        if self._at is None or points is None or self._stroke is not None:
            return
        row = points.nearest(self._at, self._reach)
        place = points.place_of(row) if row is not None else None
        if place is not None:
            self._begin(EraseStroke(place, 0.0), event)
            self._release()

    def _escape(self) -> None:
        """Put down what was taken; then look; then give the keys back."""
        if self._stroke is not None:
            self._release()
        elif self._tools.tool.kind != "look":
            self._tools.choose("look")
        else:
            self._plot.window().setFocus(Qt.FocusReason.OtherFocusReason)

    # -- strokes ----------------------------------------------------------------------------------

    def _stroke_at(self, at: Point) -> Stroke | None:
        """What the chosen tool begins at a place; None if there is nothing to move."""
        tool, points = self._tools.tool, self._points()
        if points is None or self._mirror is None:
            return None
        if tool.kind == "brush":
            seed, domain = len(points.rows), self._mirror.problem.domain
            return BrushStroke(tool.label, at, self._radius, domain, seed)
        if tool.kind == "erase":
            return EraseStroke(at, self._radius)
        row = points.nearest(at, self._reach)
        place = points.place_of(row) if row is not None else None
        return MoveStroke(row, at, place) if row is not None and place is not None else None

    def _begin(self, stroke: Stroke | None, event: QMouseEvent | QKeyEvent) -> None:
        if stroke is not None:
            self._stroke, self._gesture = stroke, gesture_of(event, self._gesture)
            self._timer.start()
            self.flush()

    def _release(self) -> None:
        self.flush()
        self._end()

    def _end(self) -> None:
        self._stroke = None
        self._timer.stop()
        self._draw()

    # ---------------------------------------------------------------------------------------------

    def _points(self) -> ShownPoints | None:
        """What is drawn and can be changed."""
        if self._mirror is None or not self._tools.is_possible:
            return self._shown
        # The mirror may have taken other samples that this was not told of yet: rows must be those of the document.
        if self._shown is None or self._shown.problem is not self._mirror.problem:
            self._shown = ShownPoints(self._mirror.problem, self._with_test)
        return self._shown

    @property
    def _radius(self) -> float:
        low, high = self._mirror.problem.domain if self._mirror is not None else (0.0, 0.0)
        return self._tools.radius * (high - low)

    @property
    def _reach(self) -> float:
        return _REACH_PX * self._plot.pixel

    def _point(self, event: QMouseEvent) -> Point:
        point = self._plot.box.mapSceneToView(QPointF(event.position()))
        return point.x(), point.y()

    def _is_inside(self, event: QMouseEvent) -> bool:
        return self._plot.box.sceneBoundingRect().contains(event.position())

    def _follow_tool(self) -> None:
        tool = self._tools.tool
        if self._stroke is not None:
            self._release()
        if self._kind == "look" and tool.kind != "look":
            self.began.emit()
        self._kind = tool.kind
        self._draw()

    def _draw(self) -> None:
        """Show where the tool would work, and how far."""
        tool, points = self._tools.tool, self._points()
        shape = {"look": Qt.CursorShape.ArrowCursor, "move": Qt.CursorShape.OpenHandCursor}
        wanted = shape.get(tool.kind, Qt.CursorShape.CrossCursor)
        if self._plot.viewport().cursor().shape() != wanted:
            self._plot.viewport().setCursor(wanted)
        taken: Point | None = None
        if tool.kind == "move" and points is not None and self._at is not None:
            row = self._stroke.row if isinstance(self._stroke, MoveStroke) else points.nearest(self._at, self._reach)
            taken = points.place_of(row) if row is not None else None
        circle = self._radius if tool.kind in ("brush", "erase") and points is not None else 0.0
        self.cursor.show_at(self._at, circle, self._tools.color(tool), self._by_keys, taken)
