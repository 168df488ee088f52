"""What stands above each column: the name of the layer and the controls for its settings."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QWidget

import nncore as nn
from playground.document.spec import MAX_LAYERS, MAX_UNITS, OUTPUT_ID, Layer, Spec
from playground.ui.canvas.editor import Editor
from playground.ui.canvas.fields import ActivationButton, Stepper
from playground.ui.canvas.marks import LOCK_PX, paint_lock, paint_upwards
from playground.ui.canvas.states import FROZEN_TIP
from playground.ui.canvas.title import LayerTitle
from playground.ui.controls import ToolButton, identify
from playground.ui.fonts import strong_font
from playground.ui.names import inputs_text
from playground.ui.quantity import Quantity
from playground.ui.theme import Theme

UNITS = Quantity("Units", tuple(range(1, MAX_UNITS + 1)), 1, MAX_UNITS, whole=True)
RATE = Quantity("Rate", tuple(step / 20 for step in range(20)), 0, 0.95, percent=True)
SPAN = Quantity("Span", tuple(range(1, MAX_LAYERS + 1)), 1, MAX_LAYERS, whole=True)
NUMBERS = {"units": UNITS, "rate": RATE, "span": SPAN}
"""The numbers a head can hold, by the option of the layer kind; each kind has one of them at most."""
DIGITS_PX = {"units": 27, "rate": 36, "span": 38}
"""Room for each of them; a span may say that it is "2 of 4"."""
NOTHING_BEFORE = "adds nothing"
"""What stands in the place of a span where there is no layer to reach back over."""
LONGEST_COUNT = 10
"""Characters: what fits into a narrow input head."""


class Head(QFrame):
    """The frame of a head, and the states it can be in.

    It leaves the mouse to the canvas, which selects and drags columns by it.
    """

    def __init__(self, name: str, framed: bool, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._framed, self._theme = framed, theme
        self._state = ""
        self._short, self._number = "", ""
        """What is written upwards where there is room for nothing else."""
        self.body = QWidget(self)
        """Holds the controls."""
        self.lock = Lock(theme, self.body)
        self.setObjectName(name)
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def set_theme(self, theme: Theme) -> None:
        """Use these colours."""
        self._theme = theme
        self.lock.set_theme(theme)
        self.update()

    def set_compact(self, compact: bool) -> None:
        """Stack the controls in a narrow head, or set them side by side."""

    def set_tiny(self, tiny: bool) -> None:
        """Show nothing but a name."""
        if tiny == self.body.isHidden():
            return
        self.body.setHidden(tiny)
        self._tell_tip()
        self.update()

    def show_short(self, name: str, number: str = "", frozen: bool = False) -> None:
        """What a head says that is too narrow for its controls, and whether its layer is frozen."""
        self._short, self._number = name, number
        self.lock.setVisible(frozen)
        self._tell_tip()
        self.update()

    def _tell_tip(self) -> None:
        said = " · ".join(filter(None, (self._short, self._number)))
        tip = f"{said}: select it for its controls" if self.controls else said
        self.setToolTip(tip if self.body.isHidden() else "")

    def set_state(self, state: str) -> None:
        """Look "selected", "target" (something can be dropped here), "lifted", "removing", or plain ("")."""
        if state != self._state:
            self._state = state
            self.update()

    def opened_px(self, width_px: int) -> int:
        """The height of all it holds, at this width."""
        layout = self.body.layout()
        if layout is None:
            return self.height()
        self.body.resize(width_px, self.body.height())  # which sets the title in one line or two
        layout.activate()
        return layout.sizeHint().height()

    @property
    def controls(self) -> list[QWidget]:
        """What can have the focus, in reading order."""
        return []

    @property
    def state(self) -> str:
        """The state it shows."""
        return self._state

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.body.setGeometry(self.rect())

    def paintEvent(self, event: QPaintEvent) -> None:
        tiny = self.body.isHidden()
        if not self._framed and not self._state and not tiny:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._framed or self._state:
            self._paint_frame(painter)
        if tiny:
            self._paint_short(painter)
        painter.end()

    def _paint_short(self, painter: QPainter) -> None:
        """The name from the bottom, the number up to the top, as in the line of a table."""
        area = QRectF(self.rect()).adjusted(0, 6, 0, -6)
        if not self.lock.isHidden():
            paint_lock(painter, self._theme, area.center().x() - LOCK_PX[0] / 2, area.top())
            area.setTop(area.top() + LOCK_PX[1] + 6)
        font = strong_font()
        font.setPixelSize(11)
        painter.setFont(font)
        metrics, middle = painter.fontMetrics(), Qt.AlignmentFlag.AlignVCenter
        room = area.height() - (metrics.horizontalAdvance(self._number) + 6 if self._number else 0)
        painter.setPen(self._theme.color("muted"))
        paint_upwards(painter, area, self._number, middle | Qt.AlignmentFlag.AlignRight)
        painter.setPen(self._theme.color("text"))
        text = metrics.elidedText(self._short, Qt.TextElideMode.ElideRight, int(room))
        paint_upwards(painter, area, text, middle | Qt.AlignmentFlag.AlignLeft)

    def _paint_frame(self, painter: QPainter) -> None:
        theme = self._theme
        edge, width = {
            "selected": (theme.color("accent"), 1.5),
            "target": (theme.color("accent"), 2.0),
            "lifted": (theme.color("accent"), 1.5),
            "removing": (theme.color("danger"), 2.0),
        }.get(self._state, (theme.color("hairline"), 1.0))
        painter.setPen(QPen(edge, width))
        inset, radius = width / 2, min(8.0, self.width() / 4)
        outline = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.setBrush(theme.color("panel"))
        painter.drawRoundedRect(outline, radius, radius)
        if self._state == "target":
            painter.setBrush(theme.color("accent", 0.14))
            painter.drawRoundedRect(outline, radius, radius)


class Lock(QWidget):
    """Says that a layer is frozen."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFixedSize(round(LOCK_PX[0]) + 4, round(LOCK_PX[1]) + 6)
        self.setToolTip(FROZEN_TIP)
        self.setAccessibleName(FROZEN_TIP)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Use these colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_lock(painter, self._theme, 2, 3)


def _title(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setFont(strong_font())
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label


def _grid(parent: QWidget) -> QGridLayout:
    grid = QGridLayout(parent)
    grid.setContentsMargins(6, 5, 6, 5)
    grid.setHorizontalSpacing(0)
    grid.setVerticalSpacing(1)
    return grid


class InputHead(Head):
    """The head of the input: how many features there are."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__("input-head", False, theme, parent)
        self._text, self._compact = "", False
        grid = _grid(self.body)
        grid.addWidget(_title("Input", self), 0, 0)
        self._count = QLabel(self.body)
        self._count.setProperty("muted", True)
        self._count.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._count.setFixedHeight(20)
        grid.addWidget(self._count, 1, 0)
        grid.setRowStretch(2, 1)

    def show_spec(self, spec: Spec) -> None:
        """Count the features."""
        self._text = inputs_text(spec)
        self._write()
        self.show_short("Input", self._text.rpartition(" ")[0])

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self._write()

    def _write(self) -> None:
        """In a narrow head a large number stands above what it counts."""
        stacked = self._compact and len(self._text) > LONGEST_COUNT
        self._count.setFixedHeight(32 if stacked else 20)
        number, _, what = self._text.rpartition(" ")
        self._count.setText(f"{number}\n{what}" if stacked else self._text)


class OutputHead(Head):
    """The head of the output: its activation."""

    def __init__(self, editor: Editor, theme: Theme, parent: QWidget) -> None:
        super().__init__("output-head", False, theme, parent)
        identify(self, "output-head", "Output layer")
        grid = _grid(self.body)
        grid.addWidget(_title("Output", self), 0, 0, 1, 2)
        grid.addWidget(self.lock, 0, 1, Qt.AlignmentFlag.AlignRight)
        self.activation = ActivationButton("output-activation", "Activation of the output", True, self.body, units=1)
        self.activation.chosen.connect(lambda name: editor.set_activation(OUTPUT_ID, name))
        grid.addWidget(self.activation, 1, 0, 1, 2, Qt.AlignmentFlag.AlignHCenter)
        grid.setRowStretch(2, 1)

    @property
    def controls(self) -> list[QWidget]:
        return [self.activation]

    def show_spec(self, spec: Spec) -> None:
        """Show the activation of the output."""
        self.activation.set_units(spec.n_outputs)
        self.activation.show_choice(spec.output_activation)
        self.show_short("Output", frozen=spec.output.frozen)


class LayerHead(Head):
    """The head of a hidden layer: its name, a control for each of its kind's options, and ×."""

    def __init__(self, layer: Layer, editor: Editor, theme: Theme, parent: QWidget) -> None:
        self.layer_id, self.kind = layer.id, layer.kind
        name = f"layer-{layer.id}"
        super().__init__(f"{name}-head", True, theme, parent)
        self._editor = editor
        kind = nn.Layer.named(layer.kind)
        self._title = LayerTitle(kind.label, self.body, lines=2 if not NUMBERS.keys() & kind.options.keys() else 1)
        self._remove = self._remove_button(name, kind.label)
        self.activation: ActivationButton | None = None
        self.stepper: Stepper | None = None
        has_activation = "activation" in kind.options  # which then stands in the place of the number's name
        self._option = next((name for name in NUMBERS if name in kind.options), None)
        self._caption = QLabel(self._option or "", self.body)
        self._middle: QWidget = self._caption
        self._middle.setProperty("muted", True)
        self._caption.setVisible(self._option is not None and not has_activation)
        self._middle.setContentsMargins(3, 0, 0, 0)
        self._middle.setFixedHeight(20)
        self._add_controls(name, kind)
        self._layout = _grid(self.body)
        header = QHBoxLayout()
        header.setSpacing(0)
        header.addWidget(self._title, 1)
        header.addWidget(self.lock)
        header.addWidget(self._remove, 0, Qt.AlignmentFlag.AlignTop)
        self._layout.addLayout(header, 0, 0, 1, 3)
        self._layout.setColumnStretch(0, 1)
        self._layout.setRowStretch(3, 1)
        self.set_compact(False)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        for control in self.findChildren(ToolButton):
            control.setCursor(Qt.CursorShape.ArrowCursor)

    @property
    def controls(self) -> list[QWidget]:
        parts = [self.stepper.minus, self.stepper.field, self.stepper.plus] if self.stepper is not None else []
        return [*([self.activation] if self.activation is not None else []), *parts, self._remove]

    def show_layer(self, layer: Layer, spoken: str, before: int) -> None:
        """Show the settings of the layer.

        Parameters
        ----------
        spoken
            What it is called, such as "Dense 2".
        before
            How many hidden layers there are before it.
        """
        self.setAccessibleName(f"{spoken}, hidden layer")
        number = NUMBERS[self._option].show(getattr(layer, self._option)) if self._option else ""
        self.show_short(spoken, number, layer.weights.frozen)
        self._title.show_name(spoken)
        self._remove.setAccessibleName(f"Remove {spoken}")
        if self.activation is not None:
            self.activation.show_choice(layer.activation, f"Activation of {spoken}")
        if self.stepper is not None and self._option is not None:
            self.stepper.call(f"{NUMBERS[self._option].label} of {spoken}")
            self.stepper.show_value(getattr(layer, self._option), before if self._option == "span" else None)
        if self._option == "span" and self.stepper is not None:
            self.stepper.setVisible(before > 0)
            self._caption.setText(self._option if before else NOTHING_BEFORE)
            self._caption.setToolTip("" if before else "It stands first: there is no layer to reach back over")

    def set_compact(self, compact: bool) -> None:
        for part in [self._middle, *([self.stepper] if self.stepper else [])]:
            self._layout.removeWidget(part)
        self._layout.addWidget(self._middle, 1, 0, 1, 3 if compact else 1)
        if self.stepper is not None:
            self.stepper.set_compact(compact)
            row, column, wide = (2, 0, 3) if compact else (1, 1, 2)
            align = Qt.AlignmentFlag(0) if compact else Qt.AlignmentFlag.AlignRight
            self._layout.addWidget(self.stepper, row, column, 1, wide, align)
        self._remove.setFixedWidth(14 if compact else 18)
        margin = 3 if compact else 6
        self._layout.setContentsMargins(margin, 5, margin, 5)

    def _add_controls(self, name: str, kind: type[nn.Layer]) -> None:
        editor, layer_id = self._editor, self.layer_id
        if "activation" in kind.options:
            self.activation = ActivationButton(f"{name}-activation", f"Activation of {kind.label}", False, self.body)
            self.activation.chosen.connect(lambda chosen: editor.set_activation(layer_id, chosen))
            self._middle = self.activation
        if self._option is not None:
            quantity = NUMBERS[self._option]
            spoken, room = f"{quantity.label} of {kind.label}", DIGITS_PX[self._option]
            self.stepper = Stepper(quantity, f"{name}-{self._option}", spoken, room, self.body)
            self.stepper.entered.connect(partial(editor.set_number, layer_id, self._option))
        if self.stepper is not None:
            self.stepper.rejected.connect(editor.say)

    def _remove_button(self, name: str, label: str) -> ToolButton:
        button = ToolButton(self.body)
        button.setText("×")
        button.setFixedSize(18, 18)
        button.setProperty("remove", True)
        button.setToolTip("Remove this layer (Delete)")
        identify(button, f"{name}-remove", f"Remove {label}")
        button.clicked.connect(lambda: self._editor.remove(self.layer_id))
        return button
