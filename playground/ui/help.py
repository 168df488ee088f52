"""The two dialogs of the Help menu."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QMainWindow, QMessageBox, QVBoxLayout

from playground.ui.canvas.keys import key_lines
from playground.ui.fonts import strong_font
from playground.ui.theme import SPACING_PX

MOUSE = (
    ("Drag a layer from the palette", "insert it where the line shows"),
    ("Drag a layer by its head", "move it; off the canvas: remove it"),
    ("Drag an activation onto a layer", "give the layer this activation"),
)
"""What the mouse does on the canvas."""


def show_shortcuts(window: QMainWindow) -> None:
    """List every shortcut of the window, and what the mouse can do."""
    dialog = QDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setObjectName("shortcuts-dialog")
    dialog.setWindowTitle("Keyboard and mouse")
    grid = QGridLayout()
    grid.setHorizontalSpacing(3 * SPACING_PX)
    grid.setVerticalSpacing(SPACING_PX // 2)
    shortcuts = [(_keys(action), action.text()) for action in window.findChildren(QAction) if action.shortcuts()]
    for row, (keys, what) in enumerate([*shortcuts, *MOUSE, *key_lines()]):
        label = QLabel(keys)
        label.setFont(strong_font())
        grid.addWidget(label, row, 0)
        grid.addWidget(QLabel(what.replace("&", "").removesuffix(" …")), row, 1)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(*(3 * SPACING_PX,) * 4)
    column.setSpacing(2 * SPACING_PX)
    column.addLayout(grid)
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
    """The version that is installed."""
    try:
        return version("nn-playground")
    except PackageNotFoundError:
        return "(not installed)"


def _keys(action: QAction) -> str:
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
