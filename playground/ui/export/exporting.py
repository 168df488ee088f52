"""What the menu of exports leads to: pictures and numbers of the views, and films."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from playground.keeping.film import MOST_FRAMES
from playground.keeping.tables import write_tables
from playground.ui.actions import Entry
from playground.ui.canvas.canvas import NetworkCanvas
from playground.ui.dialogs.export_film import ask_for_film
from playground.ui.dialogs.export_picture import ExportPictureDialog
from playground.ui.dialogs.files import ask_save
from playground.ui.export.numbers import frozen, tables_of
from playground.ui.export.pictures import Exhibit, Look, Subject, drawing_of, exhibits, image_of, paper_with
from playground.ui.export.saving import Saving, write_bytes
from playground.ui.export.svg import png_of
from playground.ui.settings import Settings
from playground.ui.theme import DARK, THEMES, Theme

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

_KEPT_AS, _FILM_KEPT_AS = "export", "film"
Kept = TypeVar("Kept", bound=Struct)


class Choices(Struct):
    """How a picture or numbers are wanted."""

    format: Literal["png", "svg", "csv"] = "png"
    theme: Literal["window", "light", "dark"] = "window"
    transparent: bool = False
    scale: Literal[1, 2, 3, 4] = 2


class FilmChoices(Struct):
    """How a film is wanted, whatever the training is."""

    shown: Literal["Output", "Network", "Output and loss"] = "Output"
    theme: Literal["window", "light", "dark"] = "window"
    height: Literal[320, 480, 640, 800] = 480
    frames: Annotated[int, Meta(ge=2, le=MOST_FRAMES)] = 60
    spacing: Literal["linear", "logarithmic"] = "linear"
    seconds: Annotated[float, Meta(ge=0.1, le=60)] = 6.0


class Exporting(QObject):
    """Offers every view of the window as a picture or as numbers.

    Parameters
    ----------
    window
        What the dialogs stand over.
    canvas
        Of the network.
    views
        All others, by title.
    subject
        Gives what they show at the moment.
    settings
        Where the choices are kept; None remembers them as long as the window.
    """

    message = Signal(str)
    """Why something could not be exported."""
    hint = Signal(str)
    """What was written."""

    def __init__(
        self,
        window: QWidget,
        canvas: NetworkCanvas,
        views: Mapping[str, QWidget],
        subject: Callable[[], Subject],
        settings: Settings | None = None,
    ) -> None:
        super().__init__(window)
        self._settings = settings
        self.window, self.subject = window, subject
        self.exhibits = exhibits(canvas, views)
        self.choices = _read(settings, _KEPT_AS, Choices)
        self.film = _read(settings, _FILM_KEPT_AS, FilmChoices)
        self.theme = DARK
        self.saving = Saving(self)
        self.saving.message.connect(self.message)
        self.saving.saved.connect(self.hint)

    def set_theme(self, theme: Theme) -> None:
        """The window has these colours now."""
        self.theme = theme

    def remember(self) -> None:
        """Keep the choices for the next window."""
        if self._settings is not None:
            for name, choices in ((_KEPT_AS, self.choices), (_FILM_KEPT_AS, self.film)):
                self._settings.set_choice(name, msgspec.json.encode(choices).decode())

    def look(self, exhibit: Exhibit) -> Look:
        """How a picture of it looks by the choices."""
        theme = THEMES.get(self.choices.theme, self.theme)
        return Look(theme, exhibit.usual_size, self.choices.transparent)

    def ask(self, name: str = "network") -> None:
        """Ask what to export, beginning with the view of this name."""
        ExportPictureDialog(self, name, self.window).open()

    def ask_film(self) -> None:
        """Ask for a film of the training."""
        ask_for_film(self)

    def ask_window(self) -> None:
        """Ask for a file, and write a picture of the whole window there."""
        ask_save(self.window, "Save picture of the window", "playground.png", "PNG picture (*.png)", self.save_window)

    def save_window(self, path: Path) -> None:
        """Write a picture of the window as it is at this moment."""
        image = self.window.grab().toImage()
        self.saving.run(lambda: write_bytes(path, png_of(image)), path)

    def save(self, exhibit: Exhibit, look: Look, path: Path) -> None:
        """Write a view as its choices say."""
        subject, choices = self.subject(), self.choices
        self.remember()
        if choices.format == "csv":
            still = frozen(subject)  # here: the window goes on with the numbers while the thread writes them
            self.saving.run(lambda: write_tables(path, tables_of(exhibit, still())), path)
            return
        with paper_with(exhibit, subject, look, vectors=choices.format == "svg") as paper:
            made = drawing_of(paper, look, exhibit.title) if choices.format == "svg" else image_of(
                paper, look, choices.scale
            )  # fmt: skip
        self.saving.run(lambda: write_bytes(path, png_of(made) if isinstance(made, QImage) else made), path)


def _read(settings: Settings | None, name: str, kind: type[Kept]) -> Kept:
    """The choices as they were kept; the usual ones where that is nothing sensible."""
    try:
        return msgspec.json.decode(settings.choice(name) if settings is not None else "", type=kind)
    except (ValueError, RecursionError):
        return kind()


def picture_entries(window: MainWindow) -> list[Entry]:
    """What the menu of exports offers for pictures, numbers and films."""
    menu = "File/&Export"

    def asking(name: str) -> Callable[[], None]:
        return lambda: window.exporting.ask(name)

    return [
        Entry("export-network", menu, "Pi&cture of the network …", "Ctrl+E,C", asking("network"),
              "PNG or SVG of the whole network, or its weights as CSV", "canvas png svg image"),
        Entry("export-surface", menu, "Output &surface …", "Ctrl+E,S", asking("output"),
              "The decision surface as PNG, SVG or CSV", "output decision boundary picture png svg csv"),
        Entry("export-loss", menu, "&Loss chart …", "Ctrl+E,L", asking("loss"),
              "The loss chart as PNG, SVG or CSV", "curve history picture png svg csv"),
        Entry("export-view", menu, "Pictures and num&bers …", "Ctrl+E,B", asking("weights"),
              "Any view as PNG, SVG or CSV", "weights activations gradients metrics confusion chart"),
        Entry("export-film", menu, "Film of the trainin&g (GIF) …", "Ctrl+E,G", lambda: window.exporting.ask_film(),
              "The training from its first weights on as an animated picture", "gif animation animated movie video"),
    ]  # fmt: skip
