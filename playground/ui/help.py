"""The two dialogs of the Help menu."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QMessageBox,
    QVBoxLayout,
)

import playground
from playground.ui.canvas.keys import key_lines
from playground.ui.fonts import strong_font, title_font
from playground.ui.plots.painting import KEY_LINES
from playground.ui.theme import SPACING_PX

MOUSE = (
    ("Drag a layer from the palette", "insert it where the line shows"),
    ("Drag a layer by its head", "move it; off the canvas: remove it"),
    ("Drag an activation onto a layer", "give the layer this activation"),
    ("Point at a neuron", "see its map on the surface"),
    ("Click a neuron", "look at its weights in the Inspector"),
    ("Click a link or a bias", "set its value"),
    ("Drag the background", "move the picture"),
    ("Ctrl + mouse wheel", "zoom in or out"),
)
"""What the mouse does on the canvas."""


class Group(NamedTuple):
    """A part of the list of shortcuts."""

    title: str
    lines: Sequence[tuple[str, str]]
    """(keys or gesture, what it does)"""


def show_shortcuts(window: QMainWindow) -> None:
    """List every shortcut of the window, and what the mouse can do."""
    dialog = QDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setObjectName("shortcuts-dialog")
    dialog.setWindowTitle("Keyboard and mouse")
    canvas = [Group("Canvas, keyboard", key_lines()), Group("Canvas, mouse", MOUSE), Group("Surface", KEY_LINES)]
    columns = QHBoxLayout()
    columns.setSpacing(6 * SPACING_PX)
    for groups in (list(_menu_groups(window)), canvas):
        columns.addLayout(_group_column(groups))
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(*(3 * SPACING_PX,) * 4)
    column.setSpacing(3 * SPACING_PX)
    column.addLayout(columns)
    column.addWidget(buttons)
    dialog.open()


def show_about(window: QMainWindow) -> None:
    """Say what this is, and which version."""
    box = QMessageBox(window)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setObjectName("about-dialog")
    box.setWindowTitle("Neural Network Playground")
    box.setText(
        f"Neural Network Playground {program_version()}\n\n"
        "Build, train and watch small neural networks, computed by NumPy.\nMIT licence."
    )
    box.setIconPixmap(window.windowIcon().pixmap(48, 48))
    box.open()


def program_version() -> str:
    """The version that is installed, or that of the source tree."""
    try:
        return version("nn-playground")
    except PackageNotFoundError:
        pyproject = Path(playground.__file__).parents[1] / "pyproject.toml"
        return tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]["version"] if pyproject.is_file() else ""


def _menu_groups(window: QMainWindow) -> Iterator[Group]:
    """The shortcuts of each menu that has any."""
    menus = [action.menu() for action in window.menuBar().actions()]
    for menu in (menu for menu in menus if isinstance(menu, QMenu)):
        lines = [(_keys(action), str(action.data())) for action in menu.actions() if action.shortcuts()]
        if lines:
            yield Group(menu.title().replace("&", ""), lines)


def _group_column(groups: Sequence[Group]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(3 * SPACING_PX)
    grid.setVerticalSpacing(SPACING_PX // 2 + 2)
    grid.setColumnStretch(1, 1)
    for group in groups:
        if grid.count():
            grid.setRowMinimumHeight(grid.rowCount(), SPACING_PX)
        title = QLabel(group.title)
        title.setFont(title_font())
        title.setProperty("muted", True)
        grid.addWidget(title, grid.rowCount(), 0, 1, 2)
        for left, right in group.lines:
            row = grid.rowCount()
            label = QLabel(left)
            label.setFont(strong_font())
            grid.addWidget(label, row, 0)
            grid.addWidget(QLabel(right), row, 1)
    grid.setRowStretch(grid.rowCount(), 1)
    return grid


def _keys(action: QAction) -> str:
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
