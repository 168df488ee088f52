"""The panel in which one chooses what is to be learned: data set, noise, samples, split and batch size."""

from __future__ import annotations

from collections.abc import Callable

import qtawesome
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout

from playground.document import edits
from playground.document.document import Document
from playground.document.edits import Edit
from playground.document.spec import Spec
from playground.ui.controls import PushButton, identify, tip
from playground.ui.editing import EditingWidget
from playground.ui.panels.datasets import Gallery
from playground.ui.panels.parameter import Parameter
from playground.ui.quantity import Quantity
from playground.ui.theme import SPACING_PX, Theme

NOISE = Quantity("Noise", tuple(n / 100 for n in range(51)), low=0.0, high=0.8, percent=True)
"""More than the slider offers can be typed: that is seldom wanted."""
SAMPLES = Quantity(
    "Samples", (*range(50, 1001, 50), 1500, 2000, 3000, 5000, 10_000, 20_000), low=4, high=20_000, whole=True
)
TRAIN_SHARE = Quantity("Training share", tuple(n / 100 for n in range(10, 91, 5)), low=0.1, high=0.9, percent=True)
BATCH_SIZE = Quantity(
    "Batch size", (*range(1, 31), 40, 50, 64, 100, 128, 200, 256, 500, 1000), low=1, high=20_000, whole=True
)

_COMPLETE = "These points are all there are: every one of them is for training"
_OWN_SPLIT = "This data set brings its own division into training and test"
_ALL = "All samples of this data set are used"
_OWN_NOISE = "Samples of your own are taken as they are: noise is for data sets that are drawn"
_OWN_SAMPLES = "All of your own samples are used; on a plane, more of them can be painted"


class DataPanel(EditingWidget):
    """The data sets as pictures, and how their points are drawn and dealt out.

    Parameters
    ----------
    document
        What is edited.
    new_seed
        The window's action that draws a new seed; `corner` triggers it.
    open_data
        The window's action that asks for a file with data.
    """

    paint_requested = Signal()
    """There is an empty plane, and the user wants to paint on it."""

    def __init__(self, document: Document, new_seed: QAction, open_data: QAction) -> None:
        super().__init__()
        self.corner = _SeedButton(new_seed)
        """Shows the seed and draws a new one; for the panel's title."""
        self._gallery = Gallery(open_data)
        self._gallery.message.connect(self.message)
        self._gallery.paint_requested.connect(self.paint_requested)
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
        self._gallery.bind(document)
        self.bind(document)

    def follow(self, spec: Spec) -> None:
        """Show the data of this spec."""
        data, dataset = spec.data, spec.dataset
        self.corner.setText(f"seed {spec.seed} ")
        self._noise.show_value(data.noise)
        self._samples.show_value(data.n_samples)
        fixed = dataset.train_size or dataset.exhaustive
        self._share.show_value(round(data.n_train / data.n_samples, 2) if fixed else data.train_share)
        # A larger batch holds all there are.
        self._batch.show_value(min(spec.training.batch_size, data.n_train))
        all_used = _OWN_SAMPLES if data.is_own else _COMPLETE if dataset.exhaustive else _ALL
        self._noise.set_possible(not data.is_own, _OWN_NOISE)
        self._samples.set_possible(not (data.is_own or fixed), all_used)
        self._share.set_possible(not fixed, _OWN_SPLIT if dataset.train_size else _COMPLETE)

    def set_theme(self, theme: Theme) -> None:
        """Draw pictures and icons in these colours."""
        self._gallery.set_theme(theme)
        self.corner.set_theme(theme)

    def _row(self, quantity: Quantity, name: str, edit: Callable[..., Edit], explanation: str) -> Parameter:
        row = Parameter(quantity, name, explanation)
        row.edited.connect(lambda value, gesture: self.apply(edit(quantity.exact(value)), gesture))
        row.rejected.connect(self.message)
        return row

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING_PX // 4)
        for part in (self._gallery, self._noise, self._samples, self._share, self._batch):
            column.addWidget(part)
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
