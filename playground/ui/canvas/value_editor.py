"""The small editor of one weight or bias, beside the link or the mark that was clicked."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from nncore.layers import Parameters
from playground.document.document import Document
from playground.document.spec import OUTPUT_ID, Spec
from playground.engine.mirror import Mirror
from playground.ui.application import application
from playground.ui.canvas.boxes import Box, place_card
from playground.ui.canvas.card import describe, paint_card
from playground.ui.canvas.targets import Target
from playground.ui.controls import PushButton, identify, is_enter
from playground.ui.inspect.values import SignedSlider, WeightSetter, limit_for, show_live, value_quantity
from playground.ui.number_entry import NumberField
from playground.ui.plots.parts import small_font
from playground.ui.theme import DARK, SPACING_PX, Theme

WIDTH_PX = 264
EDGE_PX = 4
"""Between the editor and the edge of what is seen."""


class ValueEditor(QFrame):
    """Stands in the canvas until Enter, Escape, a click elsewhere, or a change of the network.

    Parameters
    ----------
    document
        Where the values go.
    parent
        The canvas.
    """

    message = Signal(str)
    """Why a value was impossible."""

    def __init__(self, document: Document, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas, self._theme = parent, DARK
        self._setter = WeightSetter(document, self.message.emit)
        self._target: Target | None = None
        self._mirror: Mirror | None = None
        self._limit = 0.0
        self._refused = False
        """Whether what was typed last was no possible number."""
        identify(self, "value-editor", "Value of a weight")
        self._what = QLabel()
        self._what.setProperty("muted", True)
        self._what.setFont(small_font())
        self.slider = SignedSlider()
        self.field = NumberField(value_quantity("Weight"))
        self.field.setProperty("bare", False)
        self.zero = PushButton("0")
        self.zero.setProperty("segment", True)
        self._arrange()
        self.slider.slid.connect(self._set)
        self.field.entered.connect(self._set)
        self.field.rejected.connect(self._complain)
        self.zero.clicked.connect(lambda: self._set(0.0))
        document.changed.connect(self._follow)
        self.hide()

    @property
    def target(self) -> Target | None:
        """What is edited, while it is open."""
        return self._target if not self.isHidden() else None

    def set_theme(self, theme: Theme) -> None:
        """Use these colours."""
        self._theme = theme
        self.slider.set_theme(theme)
        self.update()

    def edit(self, target: Target, mirror: Mirror, anchor: QPoint, avoid: Sequence[tuple[float, float]] = ()) -> None:
        """Open beside a point of the canvas, off those to `avoid`; only links and biases have a value to edit."""
        self._target, self._mirror, self._limit = target, mirror, 0.0
        if self._value() is None:
            self.close_editor()
            return
        what = describe(mirror.spec, target)
        self._what.setText(self._what.fontMetrics().elidedText(what, Qt.TextElideMode.ElideMiddle, WIDTH_PX - 24))
        self._what.setToolTip(what)
        for part, name in ((self.slider, "slider"), (self.field, "value"), (self.zero, "zero")):
            identify(part, f"value-editor-{name}", what if name != "zero" else f"Set to 0: {what}")
        self._stand_beside(anchor, avoid)
        self.field.setModified(False)
        self.show()
        self.raise_()
        self.refresh()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        self.field.selectAll()
        application().installEventFilter(self)

    def refresh(self) -> None:
        """Show the newest value, unless another one is being typed."""
        value = self._value()
        if self.isHidden() or value is None:
            return
        self._limit = max(self._limit, limit_for([value]))
        self.slider.show_live(value, self._limit)
        show_live(self.field, value)

    def close_editor(self) -> None:
        """Go away, and give the keyboard back to the canvas."""
        if self.isHidden():
            return
        application().removeEventFilter(self)
        if self._has_focus():
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()

    # -- events ------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While it is open: close by Enter and Escape in here, and by a press of the mouse elsewhere."""
        if not isinstance(watched, QWidget):
            return False
        within = watched is self or self.isAncestorOf(watched)
        if event.type() == QEvent.Type.MouseButtonPress and not within:
            self.close_editor()
        elif isinstance(event, QKeyEvent) and within and (is_enter(event) or event.key() == Qt.Key.Key_Escape):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()  # here these keys mean nothing else
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._finish(is_enter(event))
                return True
        return False

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 - Qt's name
        """Tab stays in here."""
        order = [self.field, self.slider, self.zero]
        focused = QApplication.focusWidget()
        at = next((index for index, part in enumerate(order) if part is focused), -1)
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        order[(at + (1 if forward else -1)) % len(order)].setFocus(reason)
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Look like the card that explains what is under the cursor."""
        paint_card(self, self._theme)

    # ---------------------------------------------------------------------------------------------

    def _finish(self, accept: bool) -> None:
        """Take over what was typed (or, pressed on the button, 0) and close; or close without."""
        self._refused = False
        value = self._value()
        if not accept and value is not None:
            self.field.show_value(value)
        elif self.zero.hasFocus():
            self._set(0.0)
        else:
            self.field.editingFinished.emit()
        if self._refused:
            self.field.selectAll()
        else:
            self.close_editor()

    def _complain(self, text: str) -> None:
        self._refused = True
        self.message.emit(text)

    def _set(self, value: float, gesture: object = None) -> None:
        target, before = self._target, self._value()
        if target is None or before is None or self._mirror is None:
            return
        layers = self._mirror.spec.layers
        key = layers[target.column - 1].id if target.column <= len(layers) else OUTPUT_ID
        self._setter.set(key, target.unit, self._index(target), value, before, gesture)
        self.refresh()

    def _follow(self, new: Spec, old: Spec) -> None:
        """Close where more has changed than values: the target may be another one by now."""
        if replace(new, assigned=()) != replace(old, assigned=()):
            self.close_editor()

    def _has_focus(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def _parameters(self) -> Parameters | None:
        """The weights and biases of the layer of the target, if there is something to edit."""
        if self._mirror is None or self._target is None or self._target.kind == "unit":
            return None
        own = self._mirror.network.split(self._mirror.network.parameters)[self._target.column - 1]
        return own if isinstance(own, Parameters) else None

    def _value(self) -> float | None:
        target, parameters = self._target, self._parameters()
        if target is None or parameters is None:
            return None
        if target.kind == "bias":
            return float(parameters.biases[target.unit])
        return float(parameters.weights[target.unit, target.source])

    def _index(self, target: Target) -> int:
        """Which of the weights of its unit it is; the bias stands behind the last one."""
        parameters = self._parameters()
        behind = parameters.weights.shape[1] if parameters is not None else 0
        return behind if target.kind == "bias" else target.source

    def _stand_beside(self, anchor: QPoint, avoid: Sequence[tuple[float, float]]) -> None:
        """Near the anchor, inside what is seen of the canvas, and off what is edited."""
        seen = self._canvas.visibleRegion().boundingRect() or self._canvas.rect()
        size = self.sizeHint().expandedTo(self.minimumSize())
        self.resize(size)
        room = seen.width() - 2 * EDGE_PX, seen.height() - 2 * EDGE_PX
        bounds = Box(seen.left() + EDGE_PX, seen.top() + EDGE_PX, *room)
        x, y = place_card((anchor.x(), anchor.y()), (size.width(), size.height()), bounds, avoid)
        self.move(round(x), round(y))

    def _arrange(self) -> None:
        self.field.setFixedHeight(26)
        self.zero.setFixedWidth(28)
        self.zero.setToolTip("Set it to 0")
        self.slider.setToolTip("Drag, or use the arrow keys")
        self.field.setToolTip("Type a number: Enter sets it and closes, Escape leaves it as it was")
        row = QHBoxLayout()
        row.setSpacing(SPACING_PX)
        row.addWidget(self.field, 1)
        row.addWidget(self.zero)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(SPACING_PX // 2)
        column.addWidget(self._what)
        column.addLayout(row)
        column.addWidget(self.slider)
        self.setFixedWidth(WIDTH_PX)
