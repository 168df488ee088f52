"""The dialog that exports a view: as a picture or as numbers, with a look at it beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.keeping.tables import beginning
from playground.ui.controls import CheckBox, ComboBox, PushButton, identify
from playground.ui.dialogs.files import ask_save
from playground.ui.export.numbers import has_tables, tables_of
from playground.ui.export.pictures import LEAST_PX, MOST_PX, Exhibit, Look, image_of, paper_with
from playground.ui.export.preview import Preview
from playground.ui.number_entry import NumberChoice
from playground.ui.quantity import Quantity
from playground.ui.text import grouped, sentence
from playground.ui.theme import SPACING_PX

if TYPE_CHECKING:
    from playground.ui.export.exporting import Exporting

_PREVIEW = QSize(560, 360)
_PREVIEW_LATER_MS = 60
_CSV_LINES = 14
_FORMATS = {"png": "PNG picture", "svg": "SVG drawing", "csv": "CSV numbers"}
_FORMAT_TIPS = {
    "png": "Pixels, for slides and pages",
    "svg": "Lines and outlines that stay sharp at any size; maps of neurons are pictures in it",
    "csv": "Every digit, with a decimal point; further tables, such as the points of the surface, come into a second "
    "file of that name with “-points” added",
}
_SCALE_TIP = "Pixels of the picture per pixel of its size: 2 for sharp screens, 4 for print"
_THEMES = {"window": "As in the window", "light": "Light", "dark": "Dark"}
_SIDES = (320, 480, 640, 800, 1024, 1280, 1600, 1920)


class ExportPictureDialog(QDialog):
    """Asks which view, in which format and how large, and shows what will come of it.

    Parameters
    ----------
    exporting
        What there is, how it was wanted last, and what writes it.
    name
        Of the view it begins with.
    """

    def __init__(self, exporting: Exporting, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("export-picture-dialog")
        self.setWindowTitle("Export picture or numbers")
        self._exporting = exporting
        self._make_choices()
        self._size = QSize(640, 480)
        self.preview = Preview(_PREVIEW)
        self._about = QLabel()
        identify(self._about, "export-about", "What will be written")
        self._about.setProperty("muted", True)
        self._save, self._cancel = PushButton("&Save …"), PushButton("Cancel")
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PREVIEW_LATER_MS)
        self._later.timeout.connect(self._show_preview)
        self._arrange()
        self._begin(name)

    @property
    def exhibit(self) -> Exhibit:
        """The view that is chosen."""
        return self._exporting.exhibits[self._what.currentIndex()]

    @property
    def look(self) -> Look:
        """How the picture is to look."""
        return self._exporting.look(self.exhibit)._replace(size=self._size)

    def accept(self) -> None:
        """Ask where to, then write it and close."""
        exporting, exhibit, look = self._exporting, self.exhibit, self.look
        suffix = exporting.choices.format
        filters = f"{_FORMATS[suffix]} (*.{suffix})"

        def save(path) -> None:
            exporting.save(exhibit, look, path)
            self.done(QDialog.DialogCode.Accepted)

        ask_save(self, f"Export {exhibit.title.lower()}", f"{exhibit.name}.{suffix}", filters, save)

    # -- building ---------------------------------------------------------------------------------

    def _make_choices(self) -> None:
        self._what = _combo("export-what", "View", "What to export")
        for exhibit in self._exporting.exhibits:
            self._what.addItem(exhibit.title, exhibit.name)
        self._format = _combo("export-format", "Format", "How it is written")
        for name, text in _FORMATS.items():
            self._format.addItem(text, name)
            self._format.setItemData(
                self._format.count() - 1, sentence(_FORMAT_TIPS[name]), Qt.ItemDataRole.ToolTipRole
            )
        self._theme = _combo("export-theme", "Colours", "Light colours suit paper")
        for name, text in _THEMES.items():
            self._theme.addItem(text, name)
        self._scale = _combo("export-scale", "Scale", _SCALE_TIP)
        for scale in (1, 2, 3, 4):
            self._scale.addItem(f"{scale} ×", scale)
        self._transparent = CheckBox("Transparent ground")
        identify(self._transparent, "export-transparent", "Transparent ground")
        self._transparent.setToolTip("Leave out the background")
        self._width, self._height = (
            NumberChoice(Quantity(text, _SIDES, LEAST_PX, MOST_PX, whole=True)) for text in ("Width", "Height")
        )
        for field, text in ((self._width, "Width"), (self._height, "Height")):
            identify(field, f"export-{text.lower()}", f"{text} in pixels")
            field.setToolTip(f"{text} at 1 ×, from {LEAST_PX} to {grouped(MOST_PX)} pixels")
            field.rejected.connect(self._refuse)
        self._width.entered.connect(lambda value: self._resize(QSize(int(value), self._size.height())))
        self._height.entered.connect(lambda value: self._resize(QSize(self._size.width(), int(value))))

    def _arrange(self) -> None:
        choices = QGridLayout()
        choices.setHorizontalSpacing(SPACING_PX)
        choices.setVerticalSpacing(SPACING_PX)
        size = QHBoxLayout()
        size.setSpacing(SPACING_PX // 2)
        for part in (self._width, QLabel("×"), self._height):
            size.addWidget(part)
        fields: tuple[tuple[str, QWidget | QHBoxLayout], ...] = (
            ("View", self._what),
            ("Format", self._format),
            ("Colours", self._theme),
            ("Size", size),
            ("Scale", self._scale),
        )
        for row, (text, field) in enumerate(fields):
            label = QLabel(text)
            choices.addWidget(label, row, 0)
            if isinstance(field, QWidget):
                label.setBuddy(field)
                choices.addWidget(field, row, 1)
            else:
                label.setBuddy(self._width)
                choices.addLayout(field, row, 1)
        choices.addWidget(self._transparent, len(fields), 1)
        choices.setRowStretch(len(fields) + 1, 1)
        choices.setColumnMinimumWidth(1, 176)
        upper = QHBoxLayout()
        upper.setSpacing(2 * SPACING_PX)
        upper.addLayout(choices)
        upper.addWidget(self.preview, 1)
        identify(self._save, "export-save", "Save")
        self._save.setToolTip("Choose a file, and write it")
        self._save.setProperty("primary", True)
        self._save.setDefault(True)
        identify(self._cancel, "export-cancel", "Cancel")
        self._cancel.setToolTip("Close without writing anything")
        lower = QHBoxLayout()
        lower.setSpacing(SPACING_PX)
        lower.addWidget(self._about, 1)
        lower.addWidget(self._cancel)
        lower.addWidget(self._save)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(2 * SPACING_PX,) * 4)
        column.setSpacing(2 * SPACING_PX)
        column.addLayout(upper, 1)
        column.addLayout(lower)

    def _begin(self, name: str) -> None:
        choices = self._exporting.choices
        self._format.setCurrentIndex(max(0, self._format.findData(choices.format)))
        self._theme.setCurrentIndex(max(0, self._theme.findData(choices.theme)))
        self._scale.setCurrentIndex(max(0, self._scale.findData(choices.scale)))
        self._transparent.setChecked(choices.transparent)
        self._what.setCurrentIndex(max(0, self._what.findData(name)))
        self._what.currentIndexChanged.connect(self._choose_view)
        for box in (self._format, self._theme, self._scale):
            box.currentIndexChanged.connect(self._choose)
        self._transparent.toggled.connect(self._choose)
        self._save.clicked.connect(self.accept)
        self._cancel.clicked.connect(self.reject)
        self._choose_view()
        self._what.setFocus()

    # -- following --------------------------------------------------------------------------------

    def _choose_view(self) -> None:
        self._resize(self.exhibit.usual_size)
        model, csv = self._format.model(), self._format.findData("csv")
        if isinstance(model, QStandardItemModel):
            model.item(csv).setEnabled(has_tables(self.exhibit))
        if self._format.currentIndex() == csv and not has_tables(self.exhibit):
            self._format.setCurrentIndex(0)

    def _resize(self, size: QSize) -> None:
        self._size = size.expandedTo(QSize(LEAST_PX, LEAST_PX)).boundedTo(QSize(MOST_PX, MOST_PX))
        self._width.show_value(self._size.width())
        self._height.show_value(self._size.height())
        self._choose()

    def _choose(self) -> None:
        """Take over the choices, and show what comes of them."""
        choices = self._exporting.choices
        choices.format, choices.theme = self._format.currentData(), self._theme.currentData()
        choices.scale, choices.transparent = self._scale.currentData(), self._transparent.isChecked()
        is_picture = choices.format != "csv"
        for part in (self._theme, self._width, self._height, self._transparent):
            part.setEnabled(is_picture)
        self._scale.setEnabled(choices.format == "png")
        self._later.start()

    def _refuse(self, text: str) -> None:
        self._about.setText(sentence(text))

    def _show_preview(self) -> None:
        exporting, exhibit = self._exporting, self.exhibit
        subject, choices, look = exporting.subject(), exporting.choices, self.look
        if choices.format == "csv":
            tables = tables_of(exhibit, subject)
            self.preview.show_text("\n".join(beginning(table, _CSV_LINES // len(tables)) for table in tables))
            names = [f"{exhibit.name}{'-' if table.part else ''}{table.part}.csv" for table in tables]
            about = f"Writes {' and '.join(names)}"
        else:
            with paper_with(exhibit, subject, look) as paper:
                self.preview.show_image(
                    image_of(paper, look, self.devicePixelRatioF()), look.theme if look.transparent else None
                )
                times = choices.scale if choices.format == "png" else 1
                size = paper.size() * times
            about = f"{grouped(size.width())} × {grouped(size.height())} pixels"
            if choices.format == "svg":
                about = f"{about}, sharp at any size"
        self._about.setText(about)
        self._about.setAccessibleName(about)


def _combo(name: str, spoken: str, tip: str) -> ComboBox:
    box = ComboBox()
    identify(box, name, spoken)
    box.setToolTip(tip)
    return box
