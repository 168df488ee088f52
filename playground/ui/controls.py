"""Controls that Qt has too, with the manners of this window.

Buttons leave the keyboard focus where it is when they are clicked, and answer to Enter (Space plays
and pauses everywhere). The mouse wheel turns only what has the focus, so that scrolling over a panel
changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeGuard

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QMouseEvent, QPaintEvent, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QGraphicsView,
    QPushButton,
    QSlider,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStyleOptionSlider,
    QStylePainter,
    QToolButton,
    QWidget,
)

from nncore.registry import Registered
from playground.ui.text import plain, sentence, summary


def tip(text: str, action: QAction | None = None) -> str:
    """A tooltip, with the shortcut of the action in brackets where it has one."""
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText) if action is not None else ""
    return f"{text} ({keys})" if keys else text


def identify(widget: QWidget, object_name: str, accessible_name: str) -> None:
    """Give a control the name tests use and the name a screen reader says."""
    widget.setObjectName(object_name)
    widget.setAccessibleName(accessible_name)
    if isinstance(widget, QComboBox) and (line := widget.lineEdit()) is not None:
        line.setAccessibleName(accessible_name)
    elif isinstance(widget, QGraphicsView):
        widget.viewport().setAccessibleName(accessible_name)


def is_enter(event: QKeyEvent) -> bool:
    """Whether one of the two Enter keys was pressed."""
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def gesture_of(event: QMouseEvent | QKeyEvent, present: object) -> object:
    """The gesture that a press belongs to: another one than at present, unless a key is held down.

    What changes within one gesture is one entry in the undo history.
    """
    held = isinstance(event, QKeyEvent) and event.isAutoRepeat()
    return present if held else object()


def _clicked_by_enter(button: QAbstractButton, event: QKeyEvent) -> bool:
    if is_enter(event):
        button.click()
        return True
    return False


class LetterKeeper(QObject):
    """Keeps the letters that are typed in a list for that list: they are to find an entry, not to be shortcuts."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Accept what types something."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            held = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
            if event.text().isprintable() and event.text() and not held:
                event.accept()
                return True
        return super().eventFilter(watched, event)


def on_switched(button: QAbstractButton, switched: Callable[[bool], object]) -> None:
    """Call this when somebody switches a button on or off: with the mouse, a key, or by a screen reader.

    A screen reader's command is no click. The program itself has to use `show_switch`, or it would be somebody.
    """
    button.toggled.connect(switched)


def show_switch(button: QAbstractButton, on: bool) -> None:
    """Show a button switched on or off, without telling anybody."""
    with QSignalBlocker(button):
        button.setChecked(on)


class PushButton(QPushButton):
    """A push button."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter clicks."""
        if not _clicked_by_enter(self, event):
            super().keyPressEvent(event)


class ToolButton(QToolButton):
    """A tool button."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter clicks, arrow down opens the menu."""
        if event.key() == Qt.Key.Key_Down and self.menu() is not None:
            self.showMenu()
        elif not _clicked_by_enter(self, event):
            super().keyPressEvent(event)


class CheckBox(QCheckBox):
    """A check box."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter clicks."""
        if not _clicked_by_enter(self, event):
            super().keyPressEvent(event)


class Slider(QSlider):
    """A horizontal slider that jumps to where it is clicked; `gesture` is one object for the whole of a drag."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setPageStep(1)
        self.setFixedHeight(18)
        self.gesture: object = object()

    def show_position(self, position: int, spoken: str = "") -> None:
        """Move the handle without telling anybody; `spoken` says what its place, which is only a number, means."""
        with QSignalBlocker(self):
            self.setValue(position)
        if spoken and spoken != self.accessibleDescription():
            self.setAccessibleDescription(spoken)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a gesture, with the handle under the mouse."""
        self.gesture = gesture_of(event, self.gesture)
        if event.button() == Qt.MouseButton.LeftButton:
            self._jump_to(round(event.position().x()))
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Begin a gesture, unless the key is held down."""
        self.gesture = gesture_of(event, self.gesture)
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn only with the focus."""
        _wheel_with_focus(self, event, super().wheelEvent)

    def _jump_to(self, x_px: int) -> None:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        style, slider = self.style(), QStyle.ComplexControl.CC_Slider
        handle = style.subControlRect(slider, option, QStyle.SubControl.SC_SliderHandle, self)
        if handle.left() <= x_px <= handle.right():
            return
        groove = style.subControlRect(slider, option, QStyle.SubControl.SC_SliderGroove, self)
        span = groove.width() - handle.width()
        at = x_px - groove.left() - handle.width() // 2
        self.setValue(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), at, span))


class ComboBox(QComboBox):
    """A combo box: shortens what does not fit, and opens a list that shows every entry in full."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setItemDelegate(QStyledItemDelegate(self))  # the default one ignores the style sheet
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setMaxVisibleItems(12)
        LetterKeeper(self.view())

    def minimumSizeHint(self) -> QSize:
        """Narrow: what does not fit is elided."""
        return QSize(56, super().minimumSizeHint().height())

    def showPopup(self) -> None:  # noqa: N802 - Qt's name
        """Open a list that is wide enough for all entries."""
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 24)
        super().showPopup()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the list."""
        if is_enter(event):
            self.showPopup()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn only with the focus."""
        _wheel_with_focus(self, event, super().wheelEvent)

    def shown_text(self, width_px: int) -> str:
        """What the closed box says where it has this much room."""
        return self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, width_px)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as Qt does, but with a text that fits; one that is being typed is painted by its line."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        if self.isEditable() and self.hasFocus():
            return
        field = QStyle.SubControl.SC_ComboBoxEditField
        width_px = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self).width()
        option.editable = False  # type: ignore[attr-defined]  # missing from the stubs, like the next
        option.currentText = self.shown_text(width_px - 2)  # type: ignore[attr-defined]
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


class Choice(ComboBox):
    """A combo box over one of nncore's registries: offers labels, speaks in names.

    Parameters
    ----------
    family
        What there is to choose from.
    abbreviations
        By name: what the closed box says where a label does not fit, the longest first.
    """

    chosen = Signal(str)
    """The name of what the user chose."""

    def __init__(
        self,
        family: type[Registered],
        abbreviations: Mapping[str, Sequence[str]] = MappingProxyType({}),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._family, self._abbreviations = family, abbreviations
        for name, kind in family.registry.items():
            self.addItem(kind.label, name)
            self.setItemData(self.count() - 1, explanation(kind), Qt.ItemDataRole.ToolTipRole)
        self._shown = ""
        self.activated.connect(self._choose)

    def show_choice(self, text: str) -> None:
        """Show this one as chosen; it may have settings behind its name, "adam(beta_1=0.8)"."""
        self._shown = self._family.named(text).name
        self.setCurrentIndex(self.findData(self._shown))

    def _choose(self, index: int) -> None:
        """Say what was chosen; choosing again what is chosen leaves its settings as they are."""
        if self.itemData(index) != self._shown:
            self.chosen.emit(self.itemData(index))

    def shown_text(self, width_px: int) -> str:
        """The label, or what people say for it where it does not fit."""
        shorter = self._abbreviations.get(self.currentData(), ())
        for text in (self.currentText(), *shorter):
            if self.fontMetrics().horizontalAdvance(text) <= width_px:
                return text
        return shorter[-1] if shorter else super().shown_text(width_px)

    def set_possible(self, name: str, why_not: str | None) -> None:
        """Show an entry greyed, with the reason as its tooltip, or (None) as one that can be chosen."""
        model = self.model()
        item = model.item(self.findData(name)) if isinstance(model, QStandardItemModel) else None
        if item is not None:
            item.setEnabled(why_not is None)
            item.setToolTip(explanation(self._family.named(name)) if why_not is None else sentence(why_not))


def explanation(kind: type[Registered]) -> str:
    """What a part does, and with which settings, for a tooltip."""
    defaults = {option.label: option.default for option in kind.options.values()}
    numbers = [f"{label} {plain(value)}" for label, value in defaults.items() if _is_number(value)]
    return sentence(summary(kind)) + (f"\nUsual: {', '.join(numbers)}." if numbers else "")


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _wheel_with_focus(widget: QWidget, event: QWheelEvent, turn: Callable[[QWheelEvent], None]) -> None:
    if widget.hasFocus():
        turn(event)
    else:
        event.ignore()
