"""The dialog that makes a film of the training, while the window goes on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QImage
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from playground.document.spec import Spec
from playground.keeping.film import MOST_FRAMES, NO_PILLOW, Moment, Plan, frame_epochs, has_pillow
from playground.ui.controls import ComboBox, PushButton, identify
from playground.ui.dialogs.files import ask_save
from playground.ui.export.film import FilmMaking
from playground.ui.export.frames import FramePainter
from playground.ui.export.preview import Preview
from playground.ui.number_entry import NumberChoice
from playground.ui.quantity import Quantity
from playground.ui.text import sentence
from playground.ui.theme import SPACING_PX, THEMES

if TYPE_CHECKING:
    from playground.ui.export.exporting import Exporting

_SHOWN = {"Output": ("output",), "Network": ("network",), "Output and loss": ("output", "loss")}
_SPACINGS = {"linear": "Evenly", "logarithmic": "More at the beginning"}
_THEMES = {"window": "As in the window", "light": "Light", "dark": "Dark"}
_HEIGHTS = (320, 480, 640, 800)
_LEAST_EPOCHS = 60
_EPOCH_STOPS = (30.0, 60.0, 100.0, 200.0, 500.0, 1000.0, 5000.0)
FIRST = Quantity("First epoch", (0.0, 10.0, 100.0), 0, 1e6, whole=True)
LAST = Quantity("Last epoch", _EPOCH_STOPS, 1, 1e6, whole=True)
FRAMES = Quantity("Frames", (24.0, 60.0, 100.0, 200.0), 2, MOST_FRAMES, whole=True)
SECONDS = Quantity("Seconds", (3.0, 6.0, 10.0, 20.0), 0.1, 60)
_PREVIEW = QSize(360, 360)


class ExportFilmDialog(QDialog):
    """Asks what is filmed and how, and makes the film; it is cancelled with the dialog.

    Parameters
    ----------
    exporting
        What there is to film.
    """

    def __init__(self, exporting: Exporting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("export-film-dialog")
        self.setWindowTitle("Film of the training")
        self._exporting = exporting
        self.making: FilmMaking | None = None
        """The film under way."""
        self._make_choices()
        self.preview = Preview(_PREVIEW)
        self.preview.setToolTip("The frame that was painted last")
        self._about = QLabel("The network is trained once more from its first weights, by itself, and filmed.")
        identify(self._about, "film-about", "How far the film is")
        self._about.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        identify(self._bar, "film-progress", "Progress of the film")
        policy = self._bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._bar.setSizePolicy(policy)
        self._bar.hide()
        self._make, self._cancel = PushButton("&Make film …"), PushButton("Cancel")
        self._arrange()
        for box in (self._shown, self._theme, self._height):
            box.currentIndexChanged.connect(self._show_still)
        QTimer.singleShot(0, self, self._show_still)  # it takes as long as the dialog itself

    # -- building ---------------------------------------------------------------------------------

    def _make_choices(self) -> None:
        self._shown = _choice("film-what", "View", "What a frame shows", {name: name for name in _SHOWN})
        self._spacing = _choice("film-spacing", "Spacing", "How the epochs are chosen", _SPACINGS)
        self._theme = _choice("film-theme", "Colours", "Of the film", _THEMES)
        sizes = {height: f"{height} pixels" for height in _HEIGHTS}
        self._height = _choice(
            "film-size",
            "Size",
            "Height of the film; a network is half as wide again",
            sizes,
        )
        film = self._exporting.film
        wanted = (self._shown, film.shown), (self._spacing, film.spacing), (self._theme, film.theme)
        for box, data in (*wanted, (self._height, film.height)):
            box.setCurrentIndex(box.findData(data))
            box.currentIndexChanged.connect(self._note)
        epochs = self._exporting.subject().history.epochs
        last = max(_LEAST_EPOCHS, int(epochs[-1]) if len(epochs) else 0)
        self._numbers: dict[str, float] = {}
        self._first = self._number(FIRST, "film-first", 0, "The epoch of the first frame")
        self._last = self._number(LAST, "film-last", last, "The epoch of the last frame")
        self._frames = self._number(FRAMES, "film-frames", film.frames, "How many pictures; fewer make a smaller file")
        seconds_tip = "How long the film is, without its pause at the end"
        self._seconds = self._number(SECONDS, "film-seconds", film.seconds, seconds_tip)

    def _number(self, quantity: Quantity, name: str, value: float, tip: str) -> NumberChoice:
        field = NumberChoice(quantity)
        identify(field, name, quantity.label)
        field.setToolTip(f"{tip}: {quantity.possible}")
        self._numbers[quantity.label] = value
        field.show_value(value)

        def take(entered: float) -> None:
            self._numbers[quantity.label] = quantity.exact(entered)
            field.show_value(entered)
            self._note()

        field.entered.connect(take)
        field.rejected.connect(self._say)
        return field

    def _note(self) -> None:
        """Remember the choices."""
        film = self._exporting.film
        film.shown, film.spacing = self._shown.currentData(), self._spacing.currentData()
        film.theme, film.height = self._theme.currentData(), self._height.currentData()
        film.frames, film.seconds = int(self._numbers["Frames"]), self._numbers["Seconds"]

    def _arrange(self) -> None:
        self._choices = QWidget()
        grid = QGridLayout(self._choices)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACING_PX)
        fields = ("View", self._shown), ("Colours", self._theme), ("Size", self._height), ("First epoch", self._first)
        more = ("Last epoch", self._last), ("Frames", self._frames), ("Spacing", self._spacing)
        for row, (text, field) in enumerate((*fields, *more, ("Seconds", self._seconds))):
            label = QLabel(text)
            label.setBuddy(field)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        grid.setRowStretch(grid.rowCount(), 1)
        grid.setColumnMinimumWidth(1, 176)
        upper = QHBoxLayout()
        upper.setSpacing(2 * SPACING_PX)
        upper.addWidget(self._choices)
        upper.addWidget(self.preview, 1)
        identify(self._make, "film-make", "Make film")
        self._make.setToolTip("Choose a file, and begin")
        self._make.setProperty("primary", True)
        self._make.setDefault(True)
        self._make.clicked.connect(self.accept)
        identify(self._cancel, "film-cancel", "Cancel")
        self._cancel.setToolTip("Stop at once, without a file")
        self._cancel.clicked.connect(self.reject)
        lower = QHBoxLayout()
        lower.setSpacing(SPACING_PX)
        lower.addWidget(self._about, 1)
        lower.addWidget(self._cancel)
        lower.addWidget(self._make)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(2 * SPACING_PX,) * 4)
        column.setSpacing(2 * SPACING_PX)
        column.addLayout(upper, 1)
        column.addWidget(self._bar)
        column.addLayout(lower)

    # -- making -----------------------------------------------------------------------------------

    def accept(self) -> None:
        """Ask where to, and begin."""
        try:
            plan = self._plan()
        except ValueError as error:
            self._say(sentence(str(error)))
            return
        if not has_pillow():
            self._say(NO_PILLOW)
            return
        ask_save(self, "Save film", "training.gif", "Animated picture (*.gif)", lambda path: self.begin(plan, path))

    def begin(self, plan: Plan, path: Path) -> None:
        """Make the film, and write it there."""
        self._exporting.remember()
        painter = self._painter(plan.spec)
        self._choices.setEnabled(False)
        self._make.setEnabled(False)
        frames = len(plan.epochs)
        self._bar.setRange(0, 2 * frames)
        self._bar.show()
        self.making = FilmMaking(plan, painter, path, self)
        self.making.painted.connect(lambda image, count: self._show_painted(image, count, frames))
        self.making.encoded.connect(lambda count: self._show_encoded(count, frames))
        self.making.finished.connect(self._finish)
        self.making.failed.connect(self._fail)
        self._say("Training …")

    def done(self, result: int) -> None:
        """Close; what is under way ends with it."""
        self._stop()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._stop()
        super().closeEvent(event)

    def _stop(self) -> None:
        if self.making is not None:
            self.making.cancel()
            self.making = None

    def _plan(self) -> Plan:
        number = {label: int(value) for label, value in self._numbers.items()}
        spec = self._exporting.subject().mirror.spec
        epochs = frame_epochs(
            number["First epoch"], number["Last epoch"], number["Frames"], self._spacing.currentData()
        )
        return Plan(spec, epochs, self._numbers["Seconds"])

    def _painter(self, spec: Spec) -> FramePainter:
        exhibits = {exhibit.name: exhibit for exhibit in self._exporting.exhibits}
        shown = [exhibits[name] for name in _SHOWN[self._shown.currentData()]]
        theme = THEMES.get(self._theme.currentData(), self._exporting.theme)
        return FramePainter(spec, shown, theme, self._height.currentData())

    def _show_still(self) -> None:
        """Show the frame that the present moment would have."""
        subject = self._exporting.subject()
        painter, rows = self._painter(subject.mirror.spec), subject.history.rows
        epoch = int(rows[-1, 0]) if len(rows) else 0
        painter.take(Moment(epoch, subject.mirror.network.values, rows))
        self.preview.show_image(painter.paint(0.5))
        painter.close()

    def _show_painted(self, image: QImage, count: int, frames: int) -> None:
        self.preview.show_image(image)
        self._bar.setValue(count)
        self._say(f"Frame {count} of {frames}")

    def _show_encoded(self, count: int, frames: int) -> None:
        self._bar.setValue(frames + count)
        self._say(f"Encoding frame {count} of {frames}")

    def _finish(self, text: str) -> None:
        self._exporting.hint.emit(text)
        self.done(QDialog.DialogCode.Accepted)

    def _fail(self, text: str) -> None:
        self.making = None
        self._choices.setEnabled(True)
        self._make.setEnabled(True)
        self._bar.hide()
        self._say(text)

    def _say(self, text: str) -> None:
        self._about.setText(text)
        self._about.setAccessibleDescription(text)


def ask_for_film(exporting: Exporting) -> None:
    """Show the dialog, or the one that is open; one can go on in the window meanwhile."""
    dialog = exporting.window.findChild(ExportFilmDialog)
    if dialog is None:
        dialog = ExportFilmDialog(exporting, exporting.window)
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()


def _choice(name: str, spoken: str, tip: str, offered: Mapping[Any, str]) -> ComboBox:
    box = ComboBox()
    identify(box, name, spoken)
    box.setToolTip(tip)
    for data, text in offered.items():
        box.addItem(text, data)
    return box
