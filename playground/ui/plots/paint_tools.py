"""The row of tools that points are painted with: brushes by class or value, eraser, and a hand that moves points."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Literal, NamedTuple

import qtawesome
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QColor, QIcon, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QSizePolicy, QWidget

from playground.document import edits
from playground.document.edits import Edit
from playground.document.spec import Spec
from playground.document.table import MAX_CLASSES, MAX_MAGNITUDE, Table
from playground.engine.problem import Problem
from playground.ui.controls import Slider, ToolButton, identify
from playground.ui.editing import EditingWidget, apply_edit
from playground.ui.number_entry import NumberField
from playground.ui.plots.point_colors import class_tokens
from playground.ui.quantity import Quantity
from playground.ui.theme import DARK, Theme

SIZES = {"Small": 0.02, "Medium": 0.05, "Large": 0.1}
"""Radius of brush and eraser, as a share of the width of the plane."""

_HEIGHT_PX, _SLIM_PX, _WIDE_PX = 22, 17, 26
_MOST_WIDE = 6
"""Of more classes than these the brushes are slim, so that all ten find room."""
_STEPS = 20
"""Of the value slider on either side of zero."""
_VALUE = Quantity("Value", (0.0,), low=-MAX_MAGNITUDE, high=MAX_MAGNITUDE)
_CHOSEN_TIP = {
    "look": ("Look: the mouse reads values", "V"),
    "erase": ("Eraser: removes points within the circle", "X"),
    "move": ("Move: drag a point", "M"),
}


class Tool(NamedTuple):
    """What the mouse does on the surface."""

    kind: Literal["look", "brush", "erase", "move"]
    label: float = 0.0
    """What a brush paints: the label of a class, or a value."""


class ToolSwitch(ToolButton):
    """A small tool that is chosen or not; a brush shows the colour it paints in."""

    def __init__(self, name: str, what: str, key: str) -> None:
        super().__init__()
        self._disc: QColor | None = None
        self._frame = QColor(DARK.accent)
        self._what = f"{what} ({key})"
        self.setCheckable(True)
        self.setFixedSize(_WIDE_PX, _HEIGHT_PX)
        self.setIconSize(QSize(15, 15))
        self.setToolTip(self._what)
        identify(self, f"paint-{name}", what)

    def set_refusal(self, why_not: str) -> None:
        """Grey it out for this reason; "" brings it back."""
        self.setEnabled(not why_not)
        self.setToolTip(why_not or self._what)

    def set_colors(self, frame: QColor, disc: QColor | None = None) -> None:
        """The frame around a chosen tool, and the disc of a brush."""
        self._frame, self._disc = frame, disc
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as the style does, and disc and frame over it."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._disc is not None:
            painter.setOpacity(1.0 if self.isEnabled() else 0.35)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._disc)
            painter.drawEllipse(QRectF(self.rect()).center(), 5.0, 5.0)
        if self.isChecked():
            painter.setPen(QPen(self._frame, 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.7, 0.7, -0.7, -0.7), 5, 5)
        painter.end()


class ValueSetting(QWidget):
    """Which value the brush paints, where values are to be found."""

    changed = Signal()
    message = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.value, self._limit = 1.0, 1.0
        self._slider, self._field = Slider(), NumberField(_VALUE)
        self._slider.setRange(-_STEPS, _STEPS)
        self._slider.setMinimumWidth(48)
        self._field.setFixedSize(52, 20)
        self.setToolTip("The value that the brush paints")
        identify(self._slider, "paint-value", "Value to paint")
        identify(self._field, "paint-value-number", "Value to paint, number")
        self._slider.valueChanged.connect(lambda step: self.set_value(_rounded(step / _STEPS * self._limit)))
        self._field.entered.connect(self.set_value)
        self._field.rejected.connect(self.message)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._slider, 1)
        row.addWidget(self._field)
        self.set_value(1.0)

    def set_limit(self, limit: float) -> None:
        """Let the slider go as far as this on either side of zero; a value beyond it becomes the limit."""
        if limit != self._limit:
            self._limit = limit
            beyond = abs(self.value) > limit
            self.set_value(_rounded(math.copysign(limit, self.value)) if beyond else self.value)

    @property
    def share(self) -> float:
        """The value as a share of the limit, -1 … 1: what its colour is."""
        return min(max(self.value / self._limit, -1.0), 1.0)

    def set_value(self, value: float) -> None:
        """Paint this value from now on."""
        self.value = value
        self._field.show_value(value)
        self._slider.show_position(round(self.share * _STEPS))
        self.changed.emit()


class PaintTools(EditingWidget):
    """Chooses what the mouse does on the surface; what it then does is up to `Painting`."""

    tool_changed = Signal()
    """Another tool, another label or another size."""

    def __init__(self) -> None:
        super().__init__()
        self.problem: Problem | None = None
        """What is shown: of its samples the first edit makes the user's own."""
        self._theme = DARK
        self._classes: tuple[str, ...] | None = None
        self._switches: dict[str, ToolSwitch] = {}
        self._brushes: list[ToolSwitch] = []
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._group.buttonClicked.connect(self._emit)
        for name, (what, key) in _CHOSEN_TIP.items():
            self._switches[name] = ToolSwitch(name, what, key)
            self._group.addButton(self._switches[name])
        self._switches["look"].setChecked(True)
        self.value = ValueSetting()
        self.value.changed.connect(self._recolor)
        self.value.changed.connect(self._emit)
        self.value.message.connect(self.message)
        self._brush_row = QHBoxLayout()
        self._brush_row.setSpacing(1)
        self._more = self._make_menu()
        self._arrange()

    # -- what is chosen ---------------------------------------------------------------------------

    @property
    def tool(self) -> Tool:
        """The tool that is chosen."""
        for index, brush in enumerate(self._brushes):
            if brush.isChecked():
                return Tool("brush", self._label(index))
        kinds: tuple[Literal["erase", "move"], ...] = ("erase", "move")
        return next((Tool(kind) for kind in kinds if self._switches[kind].isChecked()), Tool("look"))

    @property
    def is_possible(self) -> bool:
        """Whether the samples that are shown are points of the plane, which can be painted."""
        return self._document is not None and self._document.spec.is_plane

    @property
    def table(self) -> Table | None:
        """The samples that are shown, as a table."""
        return self.problem.table if self.problem is not None else None

    @property
    def radius(self) -> float:
        """Of brush and eraser, as a share of the width of the plane."""
        return list(SIZES.values())[self._size_at]

    def color(self, tool: Tool) -> QColor:
        """The colour in which a tool is shown on the surface."""
        if tool.kind != "brush":
            return self._theme.color("text")
        return self._color_of(next(index for index, brush in enumerate(self._brushes) if brush.isChecked()))

    def choose(self, kind: str) -> None:
        """Take "look", "erase", "move", or "brush", the first."""
        self.choose_brush(0) if kind == "brush" else self._check(self._switches[kind])

    def choose_brush(self, index: int) -> None:
        """Take the brush of a class, if there is one."""
        if index < len(self._brushes):
            self._check(self._brushes[index])

    def change_size(self, direction: int) -> None:
        """Take the next larger (1) or smaller (-1) brush."""
        self._sizes[min(max(self._size_at + direction, 0), len(SIZES) - 1)].trigger()

    def paint(self, edit: Edit, gesture: object) -> bool:
        """Apply an edit of points; False, after a message, where it is impossible."""
        return self._document is not None and apply_edit(self._document, edit, gesture, self.complain)

    # -- following --------------------------------------------------------------------------------

    def follow(self, spec: Spec) -> None:
        """Have a brush for each class of this spec."""
        dataset = spec.dataset
        if dataset.class_names != self._classes:
            self._classes = dataset.class_names
            self._make_brushes()
        why_not = "" if spec.is_plane else f"Points are painted on a plane; {dataset.label} has {spec.n_inputs} inputs"
        for switch in (*self._switches.values(), *self._brushes):
            switch.set_refusal(why_not if switch is not self._switches["look"] else "")
        self.value.setVisible(dataset.task == "regression")
        self.value.setEnabled(spec.is_plane)
        if why_not and self.tool.kind != "look":
            self.choose("look")
        count = dataset.n_classes
        self._more_classes.setEnabled(spec.is_plane and 2 <= count < MAX_CLASSES)
        self._fewer_classes.setEnabled(spec.is_plane and count > 2)
        self._recolor()

    def set_problem(self, problem: Problem) -> None:
        """What is shown now; a value to paint is chosen between the greatest magnitudes there are."""
        self.problem = problem
        self.value.set_limit(problem.limit)

    def set_theme(self, theme: Theme) -> None:
        """Draw icons and brushes in these colours."""
        self._theme = theme
        icons = {"look": "mdi6.cursor-default-outline", "erase": "mdi6.eraser", "move": "mdi6.cursor-move"}
        for name, icon in icons.items():
            self._switches[name].setIcon(_icon(icon, theme))
        self._more.setIcon(_icon("mdi6.dots-horizontal", theme))
        self._recolor()

    # -- building ---------------------------------------------------------------------------------

    def _make_brushes(self) -> None:
        chosen = next((index for index, brush in enumerate(self._brushes) if brush.isChecked()), None)
        for brush in self._brushes:
            self._group.removeButton(brush)
            brush.hide()
            brush.deleteLater()
        names = self._classes or ("",)
        self._brushes = [self._brush(index, name) for index, name in enumerate(names)]
        before: QWidget = self._switches["look"]
        for brush in self._brushes:
            QWidget.setTabOrder(before, before := brush)
        if chosen is not None:
            self._brushes[min(chosen, len(names) - 1)].setChecked(True)
            self._emit()

    def _brush(self, index: int, name: str) -> ToolSwitch:
        what = f"Brush for class {name}" if self._classes else "Brush for values"
        brush = ToolSwitch(f"brush-{index}", what, str((index + 1) % 10))
        if len(self._classes or ()) > _MOST_WIDE:
            brush.setFixedWidth(_SLIM_PX)
        self._group.addButton(brush)
        self._brush_row.addWidget(brush)
        return brush

    def _make_menu(self) -> ToolButton:
        button = ToolButton()
        button.setFixedSize(_WIDE_PX, _HEIGHT_PX)
        button.setPopupMode(ToolButton.ToolButtonPopupMode.InstantPopup)
        button.setToolTip("Brush size, number of classes, and an empty plane")
        identify(button, "paint-more", "More about painting")
        sizes = QActionGroup(self)
        size_tip = "Size of brush and eraser ([ and ])"
        self._sizes = [self._action(f"size-{name.lower()}", f"{name} brush", size_tip, self._emit) for name in SIZES]
        for action in self._sizes:
            action.setCheckable(True)
            sizes.addAction(action)
        self._sizes[1].setChecked(True)
        more, fewer = partial(self._set_classes, 1), partial(self._set_classes, -1)
        self._more_classes = self._action("add-class", "Add a class", "Another colour to paint in", more)
        merged = "Its points become those of the class before it"
        self._fewer_classes = self._action("remove-class", "Remove the last class", merged, fewer)
        one_each = "Begin with one point of each class"
        empty = self._action("start-empty", "Start empty", one_each, self._start_empty)
        menu = QMenu(button)
        menu.setToolTipsVisible(True)
        menu.addActions(self._sizes)
        menu.addSeparator()
        menu.addActions([self._more_classes, self._fewer_classes])
        menu.addSeparator()
        menu.addAction(empty)
        button.setMenu(menu)
        return button

    def _action(self, name: str, text: str, tip: str, run: Callable[[], None]) -> QAction:
        # Its parent is this widget, which lives: one that the menu made was lost with Python's object of the menu.
        action = QAction(text, self)
        action.setObjectName(f"paint-{name}")
        action.setToolTip(tip)
        action.triggered.connect(lambda: run())
        return action

    def _arrange(self) -> None:
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 2)
        row.setSpacing(1)
        row.addWidget(self._switches["look"])
        row.addLayout(self._brush_row)
        row.addWidget(self.value, 1)
        row.addWidget(self._switches["erase"])
        row.addWidget(self._switches["move"])
        row.addStretch()
        row.addWidget(self._more)

    # ---------------------------------------------------------------------------------------------

    @property
    def _size_at(self) -> int:
        return next(index for index, size in enumerate(self._sizes) if size.isChecked())

    def _label(self, index: int) -> float:
        """What the brush at this place paints."""
        if not self._classes:
            return self.value.value
        return 2.0 * index - 1 if len(self._classes) == 2 else float(index)

    def _color_of(self, index: int) -> QColor:
        if not self._classes:
            return self._theme.signed_color(self.value.share)
        return self._theme.color(class_tokens(len(self._classes))[index])

    def _recolor(self) -> None:
        frame = self._theme.color("accent")
        for switch in self._switches.values():
            switch.set_colors(frame)
        for index, brush in enumerate(self._brushes):
            brush.set_colors(frame, self._color_of(index))

    def _check(self, switch: ToolSwitch) -> None:
        if switch.isEnabled():
            switch.setChecked(True)
            self._emit()

    def _emit(self, *_) -> None:
        self.tool_changed.emit()

    def _set_classes(self, more: int) -> None:
        count = len(self._classes or ()) + more
        self.apply(edits.set_class_count(count, of=self.table))
        if more > 0 and len(self._brushes) == count:
            self.choose_brush(count - 1)

    def _start_empty(self) -> None:
        self.apply(edits.clear_points(len(self._classes or ())))


def _icon(name: str, theme: Theme) -> QIcon:
    return qtawesome.icon(name, color=theme.muted, color_active=theme.text, color_on=theme.text)


def _rounded(value: float) -> float:
    """With as many digits as the field shows."""
    return float(f"{value:.3g}")
