"""The gallery: every data set as a picture, the points of the user among them, and what the chosen one can be told."""

from __future__ import annotations

import qtawesome
from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QAction, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

import nncore as nn
from playground.document import edits
from playground.document.fitting import dataset_of, is_plane
from playground.document.spec import Spec
from playground.document.table import OWN, Table, own_dataset
from playground.ui.controls import PushButton, identify, on_switched, show_switch, tip
from playground.ui.editing import EditingWidget
from playground.ui.options import OptionFields
from playground.ui.panels.gallery import DatasetButton, PaintButton
from playground.ui.plots.parts import FigureLine, Segment
from playground.ui.text import grouped
from playground.ui.theme import DARK, SPACING_PX, Theme

IDLE_MS = 60
"""From one picture made in advance to the next: in between there is time to draw a few frames."""
_COLUMNS = 5
_NAME_PX, _OPTION_PX = 26, 52
"""Height of the line with the name, and width of a setting in it."""
_OPEN_PX = 30

_PAGES = {"binary": "Binary", "classes": "Classes", "regression": "Values"}
"""The pages of the gallery, by what their data sets ask for."""
_PAGE_TIPS = {
    "binary": "Data sets of two classes",
    "classes": "Data sets of more than two classes",
    "regression": "Data sets where a value is to be found at every point",
}
_EMPTY = {"binary": (2, "two classes"), "classes": (3, "three classes or more"), "regression": (0, "values")}
"""What an empty plane begins with: so many classes, and how that is said."""


class Gallery(EditingWidget):
    """The data sets as pictures on three pages, and a line with the name of the chosen one and its settings.

    Parameters
    ----------
    open_data
        The window's action that asks for a file.
    """

    paint_requested = Signal()
    """There is an empty plane, and the user wants to paint on it."""

    def __init__(self, open_data: QAction) -> None:
        super().__init__()
        self._open = _OpenButton(open_data)
        # Points of the plane first: they are what one begins with.
        names = sorted(nn.Dataset.names(), key=lambda name: not is_plane(dataset_of(name)))
        self._sets = {name: DatasetButton(dataset_of(name)) for name in names}
        for button in self._sets.values():
            self._connect(button)
        self._own: DatasetButton | None = None
        """Of the table that the user has; it is made when there is one."""
        self._empty = {task: self._paint_button(task) for task in _PAGES}
        self._theme = DARK
        self._shown = ""
        self._tabs = {task: self._tab(task) for task in _PAGES}
        self._pages = QStackedWidget()
        self._grids: dict[str, QGridLayout] = {}
        self._name = FigureLine("Data set")
        self._options = OptionFields(nn.Dataset, "dataset", labelled=False)
        self._options.edited.connect(lambda text, gesture: self.apply(edits.set_dataset(text), gesture))
        self._options.message.connect(self.message)
        self._unprepared = iter(self._sets.values())
        self._preparing = False
        self._idle = QTimer(self)
        self._idle.setInterval(IDLE_MS)
        self._idle.timeout.connect(self._prepare)
        self._options.stand_behind(self._empty["regression"])  # the last of the pictures
        self._arrange()

    def follow(self, spec: Spec) -> None:
        """Mark what is chosen, and turn to its page; a page one has turned to stays while something else is changed."""
        data, dataset = spec.data, spec.dataset
        chosen = dataset.name
        for name, button in self._sets.items():
            show_switch(button, name == chosen)
            if name == chosen and button.dataset != dataset:
                button.show_dataset(dataset)
        self._follow_own(data.own, data.is_own)
        page = dataset.task if data.is_own else dataset_of(chosen).task
        if self._shown != f"{chosen} {page}":
            self._shown = f"{chosen} {page}"
            self._turn_to(page)
        self._follow_name(dataset)

    def set_theme(self, theme: Theme) -> None:
        """Draw the pictures in these colours."""
        self._theme = theme
        own = [self._own] if self._own is not None else []
        for part in (*self._sets.values(), *self._empty.values(), *own, self._name, self._open):
            part.set_theme(theme)

    def paintEvent(self, event: QPaintEvent) -> None:
        """With the first picture of the gallery on the screen there is time for those of the other pages."""
        super().paintEvent(event)
        if not self._preparing:
            self._preparing = True
            self._idle.start()

    def _follow_own(self, table: Table | None, chosen: bool) -> None:
        """Show the table of the user, on the page it belongs to."""
        if table is None:
            if self._own is not None:
                self._own.hide()
            return
        dataset = own_dataset(table)
        if self._own is None:
            self._own = DatasetButton(dataset)
            self._own.set_theme(self._theme)
            self._connect(self._own)
        elif self._own.dataset != dataset:
            self._own.show_dataset(dataset)
        grid = self._grids[table.task]
        if grid.indexOf(self._own) < 0:
            self._put(grid, self._own, len(self._on_page(table.task)))
        show_switch(self._own, chosen)
        self._own.show()

    def _follow_name(self, dataset: nn.Dataset) -> None:
        if dataset.name == OWN:
            self._options.hide()
            options = []
        else:
            self._options.show_part(dataset.text)
            options = [option.label for option in dataset.options.values()]
        for field in self._options.fields.values():
            field.setFixedWidth(_OPTION_PX)
        self._name.show_segments(Segment(dataset.label, "text"), Segment(options[0] if options else _kind(dataset)))
        self._name.setToolTip("" if options else f"{dataset.label}: {_kind(dataset)}")

    def _prepare(self) -> None:
        """Make one more picture, while nobody waits for it."""
        button = next(self._unprepared, None)
        if button is None:
            self._idle.stop()
        else:
            button.prepare()

    def _connect(self, button: DatasetButton) -> None:
        on_switched(button, lambda _on: self._choose(button))

    def _choose(self, button: DatasetButton) -> None:
        show_switch(button, True)  # a click on the chosen one would take its mark away
        self.apply(edits.set_dataset(button.dataset.text))

    def _start_empty(self, task: str) -> None:
        self.apply(edits.clear_points(_EMPTY[task][0]))
        self.paint_requested.emit()

    def _paint_button(self, task: str) -> PaintButton:
        button = PaintButton(task, _EMPTY[task][1])
        button.clicked.connect(lambda: self._start_empty(task))
        return button

    def _tab(self, task: str) -> PushButton:
        """The button that turns to a page of the gallery."""
        button = PushButton(_PAGES[task])
        button.setProperty("toggle", True)
        button.setCheckable(True)
        button.setProperty("segment", True)
        button.setToolTip(_PAGE_TIPS[task])
        identify(button, f"datasets-{task}", _PAGE_TIPS[task])
        on_switched(button, lambda _on: self._turn_to(task))
        return button

    def _turn_to(self, task: str) -> None:
        self._pages.setCurrentIndex(list(_PAGES).index(task))
        for name, button in self._tabs.items():
            show_switch(button, name == task)

    def _on_page(self, task: str) -> list[DatasetButton | PaintButton]:
        """The tiles of a page, but that of the user's own points, which comes last."""
        sets = [button for name, button in self._sets.items() if dataset_of(name).task == task]
        return [*sets, self._empty[task]]

    def _page(self, task: str) -> QWidget:
        page = QWidget()
        grid = self._grids[task] = QGridLayout(page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACING_PX - 2)
        for index, button in enumerate(self._on_page(task)):
            self._put(grid, button, index)
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)
        grid.setRowStretch(_COLUMNS, 1)
        return page

    def _put(self, grid: QGridLayout, button: QWidget, index: int) -> None:
        grid.addWidget(button, index // _COLUMNS, index % _COLUMNS)

    def _arrange(self) -> None:
        tabs, name = QHBoxLayout(), QHBoxLayout()
        tabs.setSpacing(SPACING_PX // 2)
        tabs.setContentsMargins(0, 0, 0, SPACING_PX // 4)
        for task, button in self._tabs.items():
            tabs.addWidget(button)
            self._pages.addWidget(self._page(task))
        tabs.addWidget(self._open)
        name.addWidget(self._name, 1)
        name.addWidget(self._options)
        self._name.setFixedHeight(_NAME_PX)  # with a setting or without one: nothing below moves
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING_PX // 4)
        column.addLayout(tabs)
        column.addWidget(self._pages)
        column.addLayout(name)


class _OpenButton(PushButton):
    """Opens a file with data of one's own."""

    def __init__(self, open_data: QAction) -> None:
        super().__init__()
        self.setProperty("segment", True)
        self.setFixedWidth(_OPEN_PX)
        self.setIconSize(QSize(15, 15))
        self.setToolTip(tip("Open data of your own, a CSV file; it can also be dropped on the window", open_data))
        identify(self, "open-data", "Open data (CSV)")
        self.clicked.connect(open_data.trigger)

    def set_theme(self, theme: Theme) -> None:
        self.setIcon(qtawesome.icon("mdi6.folder-open-outline", color=theme.muted, color_active=theme.text))


def _kind(dataset: nn.Dataset) -> str:
    """What a data set asks for, and of what: "3 classes, 4 inputs"."""
    asked = f"{dataset.n_classes} classes" if dataset.n_classes else "values"
    return asked if is_plane(dataset) else f"{asked}, {grouped(dataset.n_inputs)} inputs"
