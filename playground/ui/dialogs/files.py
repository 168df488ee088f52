"""Asking for the name of a file: the folder is remembered, a suffix is added, and the window goes on meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QLineEdit, QListView, QMessageBox, QWidget

from playground.ui.settings import is_folder

FOLDER = "files-folder"
"""The property of the window that says where the last file was."""


def ask_save(window: QWidget, title: str, suggested_name: str, filters: str, then: Callable[[Path], object]) -> None:
    """Ask where to write a file.

    Parameters
    ----------
    window
        What the dialog stands over.
    title
        Of the dialog: "Save project".
    suggested_name
        The name there is at first; with a folder, that one is shown.
    filters
        As Qt wants them: "PNG picture (*.png);;SVG picture (*.svg)". A name without one of their suffixes gets that of
        the kind that is chosen.
    then
        Called with the path, once one is chosen; whoever said no is not asked to replace a file.
    """
    dialog = _dialog(window, title, filters)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setDefaultSuffix(_suffixes(dialog.selectedNameFilter())[0][1:])
    dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix(_suffixes(kind)[0][1:]))
    suggested = Path(suggested_name)
    if suggested.parent != Path():
        dialog.setDirectory(str(suggested.parent))
    dialog.selectFile(suggested.name)

    def choose(chosen: str) -> None:
        dialog.hide()  # what `then` asks is not to stand over a dialog that takes it along when it goes
        path = with_suffix(Path(chosen), dialog.selectedNameFilter(), filters)
        _remember(window, path)
        if path != Path(chosen) and is_there(path):  # of this name nobody has been asked
            _ask_replace(window, path, then)
        else:
            then(path)

    dialog.fileSelected.connect(choose)
    dialog.open()


def ask_open(window: QWidget, title: str, filters: str, then: Callable[[Path], object]) -> None:
    """Ask for a file there is; `then` is called with its path, once one is chosen."""
    dialog = _dialog(window, title, filters)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)

    def choose(chosen: str) -> None:
        dialog.hide()  # as above
        _remember(window, Path(chosen))
        then(Path(chosen))

    dialog.fileSelected.connect(choose)
    dialog.open()


def with_suffix(path: Path, kind: str, filters: str) -> Path:
    """A path that ends in a suffix of one of the filters; that of `kind` is added where it does not."""
    if path.suffix.lower() in _suffixes(filters) or "*" in _suffixes(kind):
        return path
    return path.with_name(path.name + _suffixes(kind)[0])


def is_there(path: Path) -> bool:
    """Whether a file is there; no if that cannot be told, as of one on a network that is gone."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _dialog(window: QWidget, title: str, filters: str) -> QFileDialog:
    dialog = QFileDialog(window, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setObjectName("file-dialog")
    dialog.setNameFilters(filters.split(";;"))
    dialog.setDirectory(_folder(window))
    _let_paths_be_typed(dialog)
    return dialog


def _let_paths_be_typed(dialog: QFileDialog) -> None:
    """Qt selects each folder of a path while it is typed, and would then go there instead of taking the file."""
    line, view = dialog.findChild(QLineEdit, "fileNameEdit"), dialog.findChild(QListView, "listView")
    if line is not None and view is not None:  # a dialog of the system has neither
        select_none = partial(QTimer.singleShot, 0, view, view.clearSelection)
        line.textEdited.connect(lambda text: select_none() if Path(text).is_absolute() else None)


def _suffixes(filters: str) -> list[str]:
    """The suffixes that filters name, ".png"; "*" stands for every file."""
    return re.findall(r"\*(\.\w+)", filters) or ["*"]


def _owner(window: QWidget) -> QWidget:
    """The window that a dialog over dialogs belongs to."""
    while (parent := window.parentWidget()) is not None:
        window = parent
    return window


def _folder(window: QWidget) -> str:
    """Where to look first: where the last file was."""
    places = QStandardPaths.StandardLocation
    usual = [QStandardPaths.writableLocation(place) for place in (places.DocumentsLocation, places.HomeLocation)]
    remembered = _owner(window).property(FOLDER)
    return next((folder for folder in (remembered, *usual) if folder and is_folder(folder)), "")


def _remember(window: QWidget, path: Path) -> None:
    _owner(window).setProperty(FOLDER, str(path.parent))


def _ask_replace(window: QWidget, path: Path, then: Callable[[Path], object]) -> None:
    box = QMessageBox(QMessageBox.Icon.Question, "Replace file", f"{path.name} is already there. Replace it?")
    box.setParent(window, box.windowFlags())
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setObjectName("replace-dialog")
    replace = box.addButton("&Replace", QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.buttonClicked.connect(lambda button: then(path) if button is replace else None)
    box.open()
