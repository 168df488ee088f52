"""The panel in which one chooses what is to be learned: data set, noise, samples, split and batch size."""

from __future__ import annotations

from collections.abc import Callable

import qtawesome
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAction, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

import nncore as nn
from playground.document import edits
from playground.document.document import Document
from playground.document.edits import Edit
from playground.document.fitting import dataset_of, is_plane
from playground.document.spec import Spec
from playground.ui.controls import PushButton, identify, tip
from playground.ui.editing import EditingWidget
from playground.ui.panels.gallery import DatasetButton
from playground.ui.panels.parameter import Parameter
from playground.ui.quantity import Quantity
from playground.ui.theme import SPACING_PX, Theme

NOISE = Quantity("Noise", tuple(n / 100 for n in range(51)), low=0.0, high=0.5, percent=True)
SAMPLES = Quantity(
    "Samples", (*range(50, 1001, 50), 1500, 2000, 3000, 5000, 10_000, 20_000), low=4, high=20_000, whole=True
)
TRAIN_SHARE = Quantity("Training share", tuple(n / 100 for n in range(10, 91, 5)), low=0.1, high=0.9, percent=True)
BATCH_SIZE = Quantity(
    "Batch size", (*range(1, 31), 40, 50, 64, 100, 128, 200, 256, 500, 1000), low=1, high=20_000, whole=True
)

IDLE_MS = 60
"""From one picture made in advance to the next: in between there is time to draw a few frames."""
_COLUMNS = 4
_COMPLETE = "These points are all there are: every one of them is for training"
_OWN_SPLIT = "This data set brings its own division into training and test"
_ALL = "All samples of this data set are used"

_PAGES = {"binary": "Binary", "classes": "Classes", "regression": "Values"}
"""The pages of the gallery, by what their data sets ask for."""
_PAGE_TIPS = {
    "binary": "Data sets of two classes",
    "classes": "Data sets of more than two classes",
    "regression": "Data sets where a value is to be found at every point",
}


class DataPanel(EditingWidget):
    """The data sets as pictures, and how their points are drawn and dealt out.

    Parameters
    ----------
    document
        What is edited.
    new_seed
        The window's action that draws a new seed; `corner` triggers it.
    """

    def __init__(self, document: Document, new_seed: QAction) -> None:
        super().__init__()
        self.corner = _SeedButton(new_seed)
        """Shows the seed and draws a new one; for the panel's title."""
        # Points of the plane first: they are what one begins with.
        names = sorted(nn.Dataset.names(), key=lambda name: not is_plane(dataset_of(name)))
        self._gallery = {name: DatasetButton(name) for name in names}
        for name, button in self._gallery.items():
            button.clicked.connect(lambda _checked, name=name: self._choose(name))
        self._unprepared = iter(self._gallery.values())
        self._preparing = False
        self._idle = QTimer(self)
        self._idle.setInterval(IDLE_MS)
        self._idle.timeout.connect(self._prepare)
        self._tabs = {task: self._tab(task) for task in _PAGES}
        self._pages = QStackedWidget()
        self._shown = ""
        self._noise = self._row(NOISE, "noise", edits.set_noise, "How far the points stray from the pattern")
        self._samples = self._row(SAMPLES, "samples", edits.set_samples, "Points in all, for training and test")
        self._share = self._row(
            TRAIN_SHARE, "train-share", edits.set_train_share, "Which part of the points is for training"
        )
        self._batch = self._row(
            BATCH_SIZE, "batch-size", edits.set_batch_size, "How many points go into one step of training"
        )
        self._arrange()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.bind(document)

    def follow(self, spec: Spec) -> None:
        """Show the data of this spec."""
        self.corner.setText(f"seed {spec.seed} ")
        for name, button in self._gallery.items():
            button.setChecked(name == spec.data.dataset)
        if self._shown != spec.data.dataset:  # a page one has turned to stays while something else is changed
            self._shown = spec.data.dataset
            self._turn_to(spec.dataset.task)
        self._noise.show_value(spec.data.noise)
        self._samples.show_value(spec.data.n_samples)
        divided = spec.dataset.train_size
        fixed = divided or spec.dataset.exhaustive
        self._share.show_value(round(spec.data.n_train / spec.data.n_samples, 2) if fixed else spec.data.train_share)
        # A larger batch holds all there are.
        self._batch.show_value(min(spec.training.batch_size, spec.data.n_train))
        complete = spec.dataset.exhaustive
        self._samples.set_possible(not (complete or divided), _COMPLETE if complete else _ALL)
        self._share.set_possible(not (complete or divided), _OWN_SPLIT if divided else _COMPLETE)

    def set_theme(self, theme: Theme) -> None:
        """Draw pictures and icons in these colours."""
        for button in self._gallery.values():
            button.set_theme(theme)
        self.corner.set_theme(theme)

    def paintEvent(self, event: QPaintEvent) -> None:
        """With the first picture of the panel on the screen there is time for those of the other pages."""
        super().paintEvent(event)
        if not self._preparing:
            self._preparing = True
            self._idle.start()

    def _prepare(self) -> None:
        """Make one more picture, while nobody waits for it."""
        button = next(self._unprepared, None)
        if button is None:
            self._idle.stop()
        else:
            button.prepare()

    def _choose(self, name: str) -> None:
        self._gallery[name].setChecked(True)  # a click on the chosen one would take its mark away
        self.apply(edits.set_dataset(name))

    def _tab(self, task: str) -> PushButton:
        """The button that turns to a page of the gallery."""
        button = PushButton(_PAGES[task])
        button.setProperty("toggle", True)
        button.setCheckable(True)
        button.setProperty("segment", True)
        button.setToolTip(_PAGE_TIPS[task])
        identify(button, f"datasets-{task}", _PAGE_TIPS[task])
        button.clicked.connect(lambda: self._turn_to(task))
        return button

    def _turn_to(self, task: str) -> None:
        self._pages.setCurrentIndex(list(_PAGES).index(task))
        for name, button in self._tabs.items():
            button.setChecked(name == task)

    def _page(self, task: str) -> QWidget:
        """The data sets that ask for this."""
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACING_PX - 2)
        buttons = [button for name, button in self._gallery.items() if dataset_of(name).task == task]
        for index, button in enumerate(buttons):
            grid.addWidget(button, index // _COLUMNS, index % _COLUMNS)
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)
        grid.setRowStretch(grid.rowCount(), 1)
        return page

    def _row(self, quantity: Quantity, name: str, edit: Callable[..., Edit], explanation: str) -> Parameter:
        row = Parameter(quantity, name, explanation)
        row.edited.connect(lambda value, gesture: self.apply(edit(quantity.exact(value)), gesture))
        row.rejected.connect(self.message)
        return row

    def _arrange(self) -> None:
        tabs = QHBoxLayout()
        tabs.setSpacing(SPACING_PX // 2)
        tabs.setContentsMargins(0, 0, 0, SPACING_PX // 2)
        for task, button in self._tabs.items():
            tabs.addWidget(button)
            self._pages.addWidget(self._page(task))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING_PX // 2)
        column.addLayout(tabs)
        column.addWidget(self._pages)
        for row in (self._noise, self._samples, self._share, self._batch):
            column.addWidget(row)
        column.addStretch(1)


class _SeedButton(PushButton):
    def __init__(self, new_seed: QAction) -> None:
        super().__init__()
        self.setProperty("quiet", True)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow stands behind the text
        self.setIconSize(QSize(14, 14))
        self.setToolTip(tip("New seed: other points and other first weights", new_seed))
        identify(self, "new-seed", "New seed")
        self.clicked.connect(new_seed.trigger)

    def set_theme(self, theme: Theme) -> None:
        self.setIcon(qtawesome.icon("mdi6.refresh", color=theme.muted, color_active=theme.text))
