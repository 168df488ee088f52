"""The panel in which one chooses what is to be learned: data set, noise, samples, split and batch size."""

from __future__ import annotations

from collections.abc import Callable

import qtawesome
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

import nncore as nn
from playground.document import edits
from playground.document.document import Document
from playground.document.edits import Edit
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

_COLUMNS = 3
_COMPLETE = "These points are all there are: every one of them is for training"


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
        self._gallery = {name: DatasetButton(name) for name in nn.Dataset.names()}
        for name, button in self._gallery.items():
            button.clicked.connect(lambda _checked, name=name: self._choose(name))
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
        self._noise.show_value(spec.data.noise)
        self._samples.show_value(spec.data.samples)
        self._share.show_value(spec.data.train_share)
        self._batch.show_value(spec.training.batch_size)
        self._share.set_possible(not nn.Dataset.named(spec.data.dataset).exhaustive, _COMPLETE)

    def set_theme(self, theme: Theme) -> None:
        """Draw pictures and icons in these colours."""
        for button in self._gallery.values():
            button.set_theme(theme)
        self.corner.set_theme(theme)

    def _choose(self, name: str) -> None:
        self._gallery[name].setChecked(True)  # a click on the chosen one would take its mark away
        self.apply(edits.set_dataset(name))

    def _row(self, quantity: Quantity, name: str, edit: Callable[..., Edit], explanation: str) -> Parameter:
        row = Parameter(quantity, name, explanation)
        row.edited.connect(lambda value, gesture: self.apply(edit(quantity.exact(value)), gesture))
        row.rejected.connect(self.message)
        return row

    def _arrange(self) -> None:
        gallery = QWidget()
        grid = QGridLayout(gallery)
        grid.setContentsMargins(0, 0, 0, SPACING_PX // 2)
        grid.setSpacing(SPACING_PX)
        for index, button in enumerate(self._gallery.values()):
            grid.addWidget(button, index // _COLUMNS, index % _COLUMNS)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING_PX // 2)
        column.addWidget(gallery)
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
