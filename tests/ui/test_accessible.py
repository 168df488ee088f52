"""What somebody finds who listens to the window instead of looking at it."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QDockWidget,
    QFileDialog,
    QLabel,
    QScrollBar,
    QTabBar,
    QToolBar,
    QWidget,
)

from playground.document import edits
from playground.ui.arrangement import Arrangement
from playground.ui.canvas.panel import NetworkPanel
from playground.ui.focus_order import stops_tab
from playground.ui.inspect.values import SignedSlider
from playground.ui.outline.view import OutlineView
from playground.ui.placement import TABS
from playground.ui.plots.parts import FigureLine

Role, Text = QAccessible.Role, QAccessible.Text
PAINTED = (Role.Client, Role.NoRole, Role.Border, Role.Grouping)
"""Roles that say nothing: who has one must say in words what it is."""


def label_of(widget: QWidget) -> str:
    """The label whose buddy a control is: by it, Qt tells what a combo box is for."""
    return next((label.text() for label in widget.window().findChildren(QLabel) if label.buddy() is widget), "")


def said_name(widget: QWidget) -> str:
    """What a screen reader calls a control."""
    interface = QAccessible.queryAccessibleInterface(widget)
    # A combo box has its value for a name: it is known by its label, or by its description.
    if isinstance(widget, QComboBox):
        return label_of(widget) or interface.text(Text.Description)
    if isinstance(widget, QTabBar):
        return widget.accessibleName()
    return interface.text(Text.Name)


def controls(root: QWidget) -> Iterator[QWidget]:
    """Everything that can be seen and have the focus."""
    for widget in [root, *root.findChildren(QWidget)]:
        inner = isinstance(widget, QScrollBar) or widget.objectName().startswith("qt_")
        if widget.isVisible() and stops_tab(widget) and not inner:
            yield widget


def panel_of(widget: QWidget) -> str:
    """The panel, bar or dialog that a control is part of."""
    at: QWidget | None = widget
    while at is not None and not isinstance(at, QDockWidget | QToolBar | NetworkPanel | QDialog):
        at = at.parentWidget()
    return at.objectName() if at is not None else ""


def shortcomings(root: QWidget) -> list[str]:
    """What a screen reader would not know of the controls below a widget."""
    found, names = [], Counter()
    for widget in controls(root):
        interface, name = QAccessible.queryAccessibleInterface(widget), said_name(widget)
        where = f"{type(widget).__name__} {widget.objectName()} in {panel_of(widget)}"
        names[panel_of(widget), interface.role(), name] += 1
        if not name:
            found.append(f"{where}: no name")
        elif names[panel_of(widget), interface.role(), name] > 1:
            found.append(f"{where}: another one is called {name!r} too")
        if interface.role() in PAINTED and not interface.text(Text.Description):
            found.append(f"{where}: neither role nor description")
        if interface.role() == Role.Slider and not widget.accessibleDescription():
            found.append(f"{where}: its place, {interface.text(Text.Value)}, has no meaning")
    return found


def show_tab(desk, title: str) -> None:
    tabs = desk.window.findChild(QTabBar, "layers-tabs")
    tabs.setCurrentIndex([tabs.tabText(at) for at in range(tabs.count())].index(title))
    desk.settle()


def test_every_control_of_the_window_has_a_name_of_its_own_and_says_what_it_is(open_desk):
    desk = open_desk(demo="spiral")
    desk.window.narrator.tell()
    assert shortcomings(desk.window) == []


def test_every_control_of_every_tab_has_a_name_of_its_own(desk):
    desk.window.pick((1, 0))
    for tab in TABS:
        show_tab(desk, tab.title)
        desk.window.narrator.tell()
        assert shortcomings(desk.window) == [], tab.title


def test_the_sliders_of_a_neuron_say_their_values(desk):
    desk.window.pick((1, 0))
    desk.settle()
    sliders = [slider for slider in desk.window.inspector.findChildren(SignedSlider) if slider.isVisible()]
    values = desk.window.loop.mirror.network.layers[0].block[0]
    assert len(sliders) == len(values)
    for slider, value in zip(sliders, values, strict=True):
        said = float(slider.accessibleDescription().replace("−", "-"))
        assert said == pytest.approx(value, abs=6e-3)  # they follow in steps


def test_every_dialog_that_a_menu_opens_names_its_controls(desk):
    opened = []
    for name, action in desk.window.actions_by_name.items():
        if name == "quit" or not (action.text().split("\t")[0].endswith("…") or name in ("shortcuts", "about")):
            continue
        answers = []
        action.trigger()
        desk.engine.ask_stand(answers.append)  # some dialogs open when they know where training stands
        desk.wait_until(lambda answers=answers: bool(answers))
        for dialog in desk.window.findChildren(QDialog):
            if dialog.isVisible() and not isinstance(dialog, QFileDialog):
                opened.append(dialog.objectName())
                assert dialog.windowTitle() or dialog.accessibleName(), name
                assert shortcomings(dialog) == [], name
            dialog.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(opened) >= 3


def test_the_pictures_say_in_words_what_they_show(desk):
    window, mirror = desk.window, desk.window.loop.mirror
    desk.engine.history.append(np.array([[123.0, 0.021, 0.034]]))
    window.narrator.tell()
    assert "training 0.021, test 0.034, epoch 123" in window.loss.plot.accessibleDescription()
    share = (mirror.surface >= 0).mean()
    assert f"{100 * share:.0f} % +1" in window.surface.plot.accessibleDescription()
    assert "Arrow keys" in window.surface.plot.accessibleDescription()
    assert window.surface.plot.viewport().accessibleDescription() == window.surface.plot.accessibleDescription()
    canvas = desk.canvas.accessibleDescription()
    assert canvas.startswith("2 features; Dense 1 · tanh, 4 units; Dense 2 · tanh, 2 units; Output · tanh, 1 unit.")
    assert "Ctrl+D: duplicate the selected layer." in canvas


LAYERS = {
    "Weights": "Dense 1 · tanh: 8 weights from ",
    "Activations": "% saturated",
    "Gradients": "RMS ",
    "Metrics": "Training: accuracy ",
}


def test_the_pictures_of_the_layers_say_in_words_what_they_show(desk):
    for tab, words in LAYERS.items():
        show_tab(desk, tab)
        desk.window.narrator.tell()
        (shown,) = [view for view in desk.window.views if hasattr(view, "strip") and view.isVisible()]
        assert words in shown.strip.canvas.accessibleDescription()
        assert shown.strip.canvas.viewport().accessibleName() == shown.strip.canvas.accessibleName()


@pytest.mark.parametrize(("dataset", "words"), [("plane", "values from "), ("iris", "setosa")])
def test_surfaces_of_values_and_of_several_classes_are_told_too(desk, dataset, words):
    desk.window.document.apply(edits.set_dataset(dataset))
    desk.settle()
    desk.window.narrator.tell()
    assert words in desk.window.surface.plot.accessibleDescription()


def test_words_follow_and_the_keys_stay_said_once(desk):
    plot = desk.window.surface.plot
    for _ in range(2):
        desk.window.narrator.tell()
    assert plot.accessibleDescription().count("Arrow keys") == 1
    lines = [line for line in desk.window.findChildren(FigureLine) if line.isVisible()]
    assert all(line.accessibleDescription() == line.text for line in lines)


def test_the_outline_is_a_tree_to_a_screen_reader(desk):
    show_tab(desk, "Outline")
    tree = desk.window.findChild(OutlineView).tree
    interface = QAccessible.queryAccessibleInterface(tree)
    assert interface.role() == Role.Tree
    assert "F2 or Enter" in interface.text(Text.Description)
    assert interface.childCount() >= len(desk.spec.layers) + 2


def test_at_200_percent_on_a_usual_screen_panels_stand_behind_each_other_and_all_of_the_window_is_seen(
    open_desk, monkeypatch
):
    monkeypatch.setattr(Arrangement, "_is_screen_low", lambda _arrangement: True)
    desk = open_desk()
    desk.window.resize(960, 500)
    desk.settle()
    assert desk.window.width() <= 960
    assert desk.window.height() <= 525  # 1080 pixels, less the frame
    docks = desk.window.docks
    assert set(desk.window.tabifiedDockWidgets(docks["Data"])) == {docks["Features"], docks["Training"]}
    assert docks["Data"].visibleRegion().boundingRect().height() > 100
    for dock in (docks["Data"], docks["Output"], docks["Layers"]):
        assert desk.window.rect().contains(dock.geometry())
    assert not docks["Layers"].geometry().intersects(docks["Output"].geometry())
