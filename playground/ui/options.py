"""The settings of a part that is chosen by name, as rows of fields: made of what the core says of its options."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from nncore.registry import Option, Registered
from playground.ui.controls import Choice, identify
from playground.ui.number_entry import NumberChoice, NumberField
from playground.ui.quantity import Quantity
from playground.ui.text import sentence
from playground.ui.theme import SPACING_PX

FIELD_PX = 74
"""Width of a number: of "0.000004" and a margin."""
_MOST_LISTED = 12
"""Of so few whole numbers all are offered in a list."""


class OptionFields(QWidget):
    """A row for each option of a part; hidden where there is none.

    Parameters
    ----------
    family
        What the part is chosen from.
    name
        Object names of the fields begin with it: "optimizer" makes "optimizer-beta-1".
    skip
        Options that have their own place elsewhere; they are kept as the part has them.
    labelled
        Whether each row says what it is of; if not, it stands behind something that does.
    """

    edited = Signal(str, object)
    """(text, gesture): the part with another setting, and the object that marks edits that belong together, or None."""
    message = Signal(str)
    """What was typed is impossible; the sentence says what is possible."""

    def __init__(self, family: type[Registered], name: str, skip: tuple[str, ...] = (), labelled: bool = True) -> None:
        super().__init__()
        self._family, self._name, self._skip, self._labelled = family, name, skip, labelled
        self._part: Registered | None = None
        self._behind: QWidget | None = None
        self._fields: dict[str, NumberField | NumberChoice | Choice] = {}
        self._labels: list[QLabel] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(SPACING_PX // 2 if labelled else 0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACING_PX - 2)
        self._grid.setVerticalSpacing(SPACING_PX // 4)
        self._grid.setColumnStretch(0, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """The part that is shown."""
        return self._part.text if self._part is not None else ""

    @property
    def fields(self) -> dict[str, NumberField | NumberChoice | Choice]:
        """The field of each option that is shown."""
        return self._fields

    def show_part(self, text: str) -> None:
        """Show the options of this part, "adam(beta_1=0.8)"."""
        part = self._family.of(text)
        if type(part) is not type(self._part):
            self._make_rows(type(part))
        self._part = part
        for key, field in self._fields.items():
            value = getattr(part, key)
            field.show_choice(value.text) if isinstance(field, Choice) else field.show_value(value)
        if not self._fields:
            self.hide()
        elif self.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
            self.show()  # otherwise it comes with its parent: one that has none yet would be a window of its own

    def stand_behind(self, control: QWidget) -> None:
        """Come behind this control, or the fields of this one, when Tab goes through the window.

        The fields change with the part: on their own, new ones would come behind everything there is.
        """
        self._behind = control

    @property
    def _last(self) -> QWidget | None:
        """Where Tab is when it has gone through the fields."""
        last = next(reversed(self._fields.values()), self._behind)
        return last._last if isinstance(last, OptionFields) else last

    def _order_fields(self) -> None:
        before = self._behind._last if isinstance(self._behind, OptionFields) else self._behind
        if before is not None and before.window() is self.window():
            for first, second in pairwise([before, *self._fields.values()]):
                QWidget.setTabOrder(first, second)

    def _make_rows(self, kind: type[Registered]) -> None:
        for old in (*self._labels, *self._fields.values()):
            self._grid.removeWidget(old)
            old.hide()  # until it is deleted, it would still be painted
            old.deleteLater()
        self._labels = []
        shown = {key: option for key, option in kind.options.items() if key not in self._skip and _has_field(option)}
        self._fields = {key: self._field(kind, key, option) for key, option in shown.items()}
        for row, (key, field) in enumerate(self._fields.items()):
            if self._labelled:
                label = QLabel(shown[key].label)
                label.setProperty("muted", True)
                label.setBuddy(field)
                label.setToolTip(field.toolTip())
                self._grid.addWidget(label, row, 0)
                self._labels.append(label)
            self._grid.addWidget(field, row, 1)
        self._order_fields()

    def _field(self, kind: type[Registered], key: str, option: Option) -> NumberField | NumberChoice | Choice:
        if option.family is not None:
            field = Choice(option.family)
            field.chosen.connect(lambda name: self._set(key, name))
            field.setToolTip(sentence(f"{kind.label}, {option.label}"))
        else:
            quantity = quantity_of(option, f"{kind.label}, {option.label}")
            field = NumberChoice(quantity) if quantity.stops else _framed(NumberField(quantity))
            field.entered.connect(lambda value: self._set(key, quantity.exact(value)))
            field.rejected.connect(self.message)
            field.setToolTip(f"{option.label}: {quantity.possible}. Usual is {quantity.show(option.default)}")
            field.setFixedWidth(FIELD_PX)
        spoken = option.label if option.label == kind.label else f"{kind.label}, {option.label}"
        identify(field, f"{self._name}-{key.replace('_', '-')}", spoken)
        return field

    def _set(self, key: str, value: Any) -> None:
        """Say what the part is with this setting; one that is impossible is refused."""
        part = self._part
        if part is None:
            return
        try:
            text = self._family.of({"name": part.name, **part.settings(), key: value}).text
        except ValueError as error:  # a rule between settings
            self.message.emit(sentence(str(error)))
            self.show_part(part.text)
        else:
            self.edited.emit(text, None)


def quantity_of(option: Option, label: str) -> Quantity:
    """The numbers that are possible for an option; few whole ones are its stops."""
    low, high = max(option.at_least, option.above), min(option.at_most, option.below)
    few = option.whole and high - low < _MOST_LISTED
    return Quantity(
        label,
        tuple(range(int(low), int(high) + 1)) if few else (),
        low=low,
        high=high,
        whole=option.whole,
        above_low=option.above > option.at_least,
        below_high=option.below < option.at_most,
    )


def _has_field(option: Option) -> bool:
    """Whether one number, or one choice, says all there is to say."""
    return not (option.several or option.optional)


def _framed(field: NumberField) -> NumberField:
    """With a frame, since nothing else says that the number can be typed over."""
    field.setProperty("bare", False)
    field.setTextMargins(0, 0, 0, 0)
    field.setStyleSheet("NumberField { min-height: 20px; padding: 0 6px; }")
    return field
