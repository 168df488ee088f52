"""Whoever does not see well can read the window, and see what is used and where the keyboard is: WCAG 2, both themes.

Text that is disabled is exempt there, and so are the colours of classes where they fill areas and mark points: points
have a halo, and their legends say their names.
"""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QTabBar,
    QVBoxLayout,
    QWidget,
)
from test_theme import contrast

from playground.document.document import Document
from playground.document.spec import Spec
from playground.engine.mirror import Mirror
from playground.ui.controls import CheckBox, ComboBox, PushButton, Slider, ToolButton
from playground.ui.focus_order import focusable
from playground.ui.inspect.values import SignedSlider
from playground.ui.number_entry import NumberChoice, NumberField
from playground.ui.outline.view import OutlineView
from playground.ui.quantity import Quantity
from playground.ui.stylesheet import shades
from playground.ui.theme import THEMES, apply_theme

BOTH = pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
GROUNDS = ("background", "panel", "raised", "canvas")

TEXT = {
    "text": (*GROUNDS, "hover", "pressed", "selection"),
    "muted": GROUNDS,  # and placeholders
    "accent": GROUNDS,  # links, the unit that the surface shows
    "danger": GROUNDS,
    "on_accent": ("accent_fill", "fill_hover", "fill_pressed"),
    "panel": ("danger",),  # the cross that removes a layer, under the mouse
}
"""What is written in which colour, and on what."""

SEEN = {
    "border": GROUNDS,  # of fields, buttons and boxes; the part of a slider that is not filled
    "border_hover": GROUNDS,
    "accent": (*GROUNDS, "selection"),  # the ring of the focus, the curve of the training loss
    "accent_fill": GROUNDS,
    "text": ("accent_fill",),  # the ring of the focus on what is filled
    "muted": ("panel",),  # the curve of the test loss
    "danger": GROUNDS,
    "positive": ("panel", "canvas"),  # links, bars
    "negative": ("panel", "canvas"),
    **{f"class_{index}": ("panel",) for index in range(10)},  # curves of runs that are compared
}
"""What has to be seen, though it is no text, and on what."""


@BOTH
@pytest.mark.parametrize("text", TEXT)
def test_text_can_be_read_on_everything_it_stands_on(theme, text):
    colors = shades(theme.tokens)
    for ground in TEXT[text]:
        assert contrast(colors[text], colors[ground]) >= 4.5, ground


@BOTH
@pytest.mark.parametrize("mark", SEEN)
def test_borders_rings_and_lines_can_be_seen_on_everything_they_stand_on(theme, mark):
    colors = shades(theme.tokens)
    for ground in SEEN[mark]:
        assert contrast(colors[mark], colors[ground]) >= 3, ground


# -- the focus ---------------------------------------------------------------------------------------


def outline() -> QWidget:
    document = Document(Spec())
    view = OutlineView(document, {})
    view.set_mirror(Mirror(document.spec))
    return view.tree


def tabs() -> QTabBar:
    bar = QTabBar()
    for title in ("Weights", "Activations"):
        bar.addTab(title)
    return bar


def marked(widget: QPushButton, *marks: str) -> QPushButton:
    for mark in marks:
        widget.setProperty(mark, True)
    widget.setCheckable("toggle" in marks)
    return widget


def filled(box: QComboBox) -> QComboBox:
    box.addItem("one")
    return box


def checked(widget):
    widget.setCheckable(True)
    widget.setChecked(True)
    return widget


def entry(kind):
    return kind(Quantity("Rate", (1, 2), 0, 10))


def rows() -> QListWidget:
    listed = QListWidget()
    listed.addItems(["one", "two"])
    listed.setCurrentRow(0)
    return listed


CONTROLS = {
    "push button": lambda: PushButton("Add"),
    "main button": lambda: marked(PushButton("Play"), "primary"),
    "switch": lambda: marked(PushButton("x₁"), "toggle"),
    "switch that is on": lambda: checked(marked(PushButton("x₁"), "toggle")),
    "part of a row": lambda: marked(PushButton("Binary"), "segment"),
    "quiet button": lambda: marked(PushButton("‹"), "quiet"),
    "tool button": ToolButton,
    "check box": lambda: CheckBox("Log"),
    "check box that is on": lambda: checked(CheckBox("Log")),
    "radio button": lambda: QRadioButton("One"),
    "combo box": lambda: filled(ComboBox()),
    "number to choose": lambda: entry(NumberChoice),
    "number": lambda: entry(NumberField),
    "line": QLineEdit,
    "text": QPlainTextEdit,
    "slider": Slider,
    "signed slider": SignedSlider,
    "tabs": tabs,
    "list": rows,
    "outline": outline,
}


def picture_of(widget: QWidget) -> QImage:
    QApplication.processEvents()
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def changed_pixels(before: QImage, after: QImage) -> list[tuple[QColor, QColor]]:
    places = [(x, y) for x in range(before.width()) for y in range(before.height())]
    return [
        (before.pixelColor(*at), after.pixelColor(*at))
        for at in places
        if before.pixelColor(*at) != after.pixelColor(*at)
    ]


@BOTH
@pytest.mark.parametrize("kind", CONTROLS)
def test_the_focus_of_the_keyboard_is_seen_on_every_kind_of_control(qtbot, qapp, theme, kind):
    apply_theme(qapp, theme)
    window = QWidget()
    qtbot.addWidget(window)
    column, elsewhere, control = QVBoxLayout(window), QLineEdit(), CONTROLS[kind]()
    for widget in (elsewhere, control):
        column.addWidget(widget)
    window.resize(200, 200)
    window.show()
    qtbot.waitUntil(window.isActiveWindow)
    elsewhere.setFocus()
    size, before = control.size(), picture_of(control)
    control.setFocus(Qt.FocusReason.TabFocusReason)
    if isinstance(control, QLineEdit):
        control.deselect()
    after = picture_of(control)
    assert control.size() == size  # nothing moves because somebody is there
    seen = [pair for pair in changed_pixels(before, after) if contrast(pair[0].name(), pair[1].name()) >= 1.5]
    assert len(seen) >= 20, len(seen)


def test_every_class_of_control_in_the_window_shows_the_focus(desk):
    """The painted ones, too; of each class the first that is seen."""
    classes: dict[type, QWidget] = {}
    for widget in focusable(desk.window):
        if widget.isVisible() and widget.isEnabled():
            classes.setdefault(type(widget), widget)
    assert len(classes) > 12
    unseen = []
    for kind, widget in classes.items():
        desk.window.transport.findChild(QPushButton, "reset").setFocus()
        elsewhere = widget.objectName() == "reset"
        if elsewhere:
            continue
        desk.settle()
        before = picture_of(widget)
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        desk.settle()
        if len(changed_pixels(before, picture_of(widget))) < 20:
            unseen.append((kind.__name__, widget.objectName()))
    assert unseen == []
