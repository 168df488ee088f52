"""What can be hidden in a lesson: one table of rows; panels, tabs, menus and their entries are found as they are."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QLabel, QMenu, QTabBar, QWidget

from playground.ui.captioned import Captioned
from playground.ui.options import OptionFields
from playground.ui.panels.datasets import Gallery
from playground.ui.panels.formula_field import FormulaField
from playground.ui.panels.parameter import Parameter
from playground.ui.panels.part_row import PartRow, PartSettings
from playground.ui.panels.stops import StopRow
from playground.ui.plots.cut import CutBar
from playground.ui.plots.paint_tools import PaintTools

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

Found = TypeVar("Found")

KEPT = ("quit", "make-lesson", "leave-lesson")
"""Entries of menus that nobody can hide: the ways out."""
UNLISTED = ("recent-*",)
"""Patterns of entries that are hidden with their menu only."""
ACTION, MENU, TAB = "action-", "menu-", "tab-"
"""What the names of entries, menus and tabs begin with."""
OF_TABS = {"tab-runs": ("menu-train-runs", f"{ACTION}run-*")}
"""Entries of menus that work on what stands in a tab; the one that shows it goes with it anyhow."""
_ROWS = (Captioned, CutBar, FormulaField, Gallery, OptionFields, PaintTools, Parameter, PartRow, PartSettings, StopRow)
"""Widgets that are one row with the control in them: label, value, settings."""


class Row(NamedTuple):
    """Some controls that are hidden together, and what does the same from elsewhere."""

    name: str
    label: str
    owner: str
    """The panel they stand in, or another part of the window, by its name."""
    controls: tuple[str, ...]
    """Patterns of their names."""
    actions: tuple[str, ...] = ()
    """Names of the entries of menus that do the same, or patterns of such names."""
    elsewhere: tuple[str, ...] = ()
    """Patterns of the names of controls in other parts of the window that do the same."""


BAR, NETWORK, MENUS = "transport-bar", "network-panel", "menus"

ROWS = (
    Row("reset", "Reset", BAR, ("reset",), ("reset", "go-back")),
    Row("play", "Play", BAR, ("play",), ("play",)),
    Row("step", "Step", BAR, ("step",), ("step", "epoch")),
    Row("speed", "Speed", BAR, ("speed",), ("slower", "faster")),
    Row("readout-epoch", "Epoch", BAR, ("readout-epoch",)),
    Row("readout-loss", "Loss", BAR, ("readout-loss",)),
    Row("readout-accuracy", "Accuracy", BAR, ("readout-accuracy",)),
    Row("learning-rate", "Learning rate", BAR, ("learning-rate",)),
    Row("optimizer", "Optimizer", BAR, ("optimizer",), (), ("optimizer-*",)),
    Row("loss", "Choice of the loss", BAR, ("loss",)),
    Row("data-sets", "Data sets", "data-panel", ("dataset*-*", "paint-own-*", "open-data"), ("open-data",)),
    Row("noise", "Noise", "data-panel", ("noise*",)),
    Row("samples", "Samples", "data-panel", ("samples*",)),
    Row("train-share", "Training share", "data-panel", ("train-share*",)),
    Row("batch-size", "Batch size", "data-panel", ("batch-size*",)),
    Row("new-seed", "Seed", "data-panel", ("new-seed",), ("new_seed",)),
    Row("features", "Input features", "features-panel", ("features",)),
    Row("formulas", "Formulas", "features-panel", ("formula*",)),
    Row("regularizer", "Regularization", "training-panel", ("regularizer*",), (), ("inspector-regularizer",)),
    Row("regularization-rate", "Penalty rate", "training-panel", ("regularization-rate",)),
    Row("schedule", "Schedule", "training-panel", ("schedule*",)),
    Row("clipping", "Clipping", "training-panel", ("clipping*",)),
    Row("initializer", "Initializer", "training-panel", ("initializer*",), (), ("inspector-initializer",)),
    Row("stops", "Stop conditions", "training-panel", ("stop-*", "stops-caption")),
    Row("order", "Order of the samples", "training-panel", ("shuffle", "remainder", "samples-caption")),
    Row("precision", "Precision", "training-panel", ("precision",)),
    Row("palette", "Palette", NETWORK, ("palette",), ("add-*", "duplicate", "paste")),
    Row(
        "layer-heads",
        "Buttons of layers: units and removal",
        NETWORK,
        ("layer-*-remove", "layer-*-units*", "layer-*-rate*", "layer-*-span*"),
        ("cut", "remove", "more-units", "fewer-units"),
        ("inspector-units", "inspector-rate", "inspector-span"),
    ),
    Row(
        "activations",
        "Activations",
        NETWORK,
        ("layer-*-activation", "output-activation", "activation-*"),
        ("activation",),
        ("inspector-activation",),
    ),
    Row("hint-bar", "Advice on settings", NETWORK, (), (), ("hint-bar",)),
    Row("show-test-data", "Show test data", "output-panel", ("show-test-data",), ("show-test",)),
    Row("discretize-output", "Discretize", "output-panel", ("discretize-output",), ("discretize",)),
    Row("paint-tools", "Tools to paint points", "output-panel", ("paint-*",), ("paint",)),
    Row("cut", "Axes of the surface", "output-panel", ("cut-*",)),
    Row("loss-log-scale", "Logarithmic scale", "loss-panel", ("loss-log-scale",), ("log-scale",)),
)  # fmt: skip


_BY_NAME = {row.name: row for row in ROWS}


class Part(NamedTuple):
    """Something that can be hidden, with what stands in it."""

    name: str
    """"" for a heading, under which parts stand that can be hidden one by one only."""
    label: str
    inside: tuple[Part, ...] = ()


def parts_of(window: MainWindow) -> tuple[Part, ...]:
    """All that can be hidden, as a tree."""
    bars = [Part("", "Bar above", _rows(BAR)), Part("", "Network", _rows(NETWORK))]
    return (*bars, *(_panel(window, dock) for dock in docks_of(window)), Part("", "Menus", tuple(_menus(window))))


def _panel(window: MainWindow, dock: QDockWidget) -> Part:
    name, tabs = dock.objectName(), tabs_of(window)
    inside = tuple(Part(tab, tabs[tab]) for tab in tabs) if name == "layers-panel" else _rows(name)
    return Part(name, dock.windowTitle(), inside)


def _rows(owner: str) -> tuple[Part, ...]:
    return tuple(Part(row.name, row.label) for row in ROWS if row.owner == owner)


def _menus(window: MainWindow) -> list[Part]:
    return [_menu(menu) for menu in map(QAction.menu, window.menuBar().actions()) if isinstance(menu, QMenu)]


def _menu(menu: QMenu) -> Part:
    """A menu with its entries, and those of menus inside."""
    inside: list[Part] = []
    for action in menu.actions():
        inner, name = action.menu(), action.objectName()
        if isinstance(inner, QMenu):
            inside.append(_menu(inner))
        elif name.startswith(ACTION) and not _matches(name.removeprefix(ACTION), KEPT + UNLISTED):
            inside.append(Part(name, str(action.data() or action.text().replace("&", ""))))
    return Part(menu.objectName(), menu.title().replace("&", ""), tuple(inside))


# -- what stands behind a name ------------------------------------------------------------------------


def docks_of(window: MainWindow) -> list[QDockWidget]:
    """The panels, in the order in which they were made."""
    return list(window.docks.values())


def tabs_of(window: MainWindow) -> dict[str, str]:
    """The titles of the tabs below the canvas, by their names as parts."""
    bar = window.findChild(QTabBar, "layers-tabs")
    titles = [bar.tabText(at) for at in range(bar.count())] if bar is not None else []
    return {f"{TAB}{title.lower().replace(' ', '-')}": title for title in titles}


def row_named(name: str) -> Row | None:
    """The row of this name, if there is one."""
    return _BY_NAME.get(name)


class Inventory:
    """What of a window stands behind the names of parts just now: layers, and the controls in their heads, come and go.

    Parameters
    ----------
    window
        Looked through once, here.
    """

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._widgets: dict[str, list[QWidget]] = {}
        self._labels: dict[QWidget, list[QWidget]] = {}
        for widget in window.findChildren(QWidget):
            if name := widget.objectName():
                self._widgets.setdefault(name, []).append(widget)
            if isinstance(widget, QLabel) and (buddy := widget.buddy()) is not None:
                self._labels.setdefault(buddy, []).append(widget)
        self._actions: dict[str, list[QAction]] = {}
        for action in window.findChildren(QAction):
            self._actions.setdefault(action.objectName(), []).append(action)
        self._tabs = tabs_of(window)

    def widgets_of(self, row: Row) -> list[QWidget]:
        """What belongs to a row, labels included."""
        owner = next(iter(self._widgets.get(row.owner, ())), None)
        inside = [
            each for each in _under(self._widgets, row.controls) if owner is not None and owner.isAncestorOf(each)
        ]
        found = [_whole_row(widget) for widget in [*inside, *_under(self._widgets, row.elsewhere)]]
        labels = [label for widget in found for label in self._labels.get(widget, ())]
        return list(dict.fromkeys([*found, *labels]))

    def actions_of(self, name: str) -> list[QAction]:
        """The entries of menus that are hidden with a part: those that do the same, or (of a menu) all in it."""
        if name.startswith(MENU):
            menus = [menu for menu in self._widgets.get(name, ()) if isinstance(menu, QMenu)]
            return [action for menu in menus for action in (menu.menuAction(), *_entries(menu))]
        if name in self._tabs:
            names = (f"{ACTION}{name}", *OF_TABS.get(name, ()))
            return list(dict.fromkeys(action for each in names for action in self.actions_of(each)))
        row = row_named(name)
        return _under(self._actions, tuple(f"{ACTION}{each}" for each in row.actions) if row is not None else (name,))


def _entries(menu: QMenu) -> list[QAction]:
    found = []
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            found += _entries(inner)
        elif action.objectName().removeprefix(ACTION) not in KEPT:
            found.append(action)
    return found


def _under(index: Mapping[str, list[Found]], patterns: tuple[str, ...]) -> list[Found]:
    """What stands in an index under names that match."""
    names = [name for pattern in patterns for name in (index if "*" in pattern else (pattern,))
             if name and fnmatchcase(name, pattern)]  # fmt: skip
    return [found for name in names for found in index.get(name, ())]


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _whole_row(widget: QWidget) -> QWidget:
    """The row that a control is in, if it is in one."""
    whole, parent = widget, widget.parentWidget()
    while parent is not None and not isinstance(parent, QDockWidget):
        if isinstance(parent, _ROWS):
            whole = parent
        parent = parent.parentWidget()
    return whole
