"""The two dialogs of the Help menu."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QMainWindow, QMessageBox, QVBoxLayout

from playground.ui.fonts import strong_font
from playground.ui.theme import SPACING_PX

GESTURES = (
    ("Drag a layer from the palette", "insert it where the line shows"),
    ("Drag a layer by its head", "move it; off the canvas: remove it"),
    ("Drag an activation onto a layer", "give the layer this activation"),
    ("← →", "select a layer"),
    ("Ctrl+← Ctrl+→", "move the selected layer"),
    ("+ −", "more or fewer units in the selected layer"),
    ("Enter", "choose the activation of the selected layer"),
    ("Delete", "remove the selected layer"),
    ("Ctrl+D", "duplicate the selected layer"),
    ("Escape", "cancel a drag, or select nothing"),
)
"""What the canvas understands."""


def show_shortcuts(window: QMainWindow) -> None:
    """List every shortcut of the window, and what the mouse can do."""
    dialog = QDialog(window)
    dialog.setObjectName("shortcuts-dialog")
    dialog.setWindowTitle("Keyboard and mouse")
    grid = QGridLayout()
    grid.setHorizontalSpacing(3 * SPACING_PX)
    grid.setVerticalSpacing(SPACING_PX // 2)
    shortcuts = [(_keys(action), action.text()) for action in window.findChildren(QAction) if action.shortcuts()]
    for row, (keys, what) in enumerate([*shortcuts, *GESTURES]):
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
    dialog.exec()


def show_about(window: QMainWindow) -> None:
    """Say what this is, and which version."""
    QMessageBox.about(
        window,
        "Neural Network Playground",
        f"Neural Network Playground {program_version()}\n\n"
        "Build, train and watch small neural networks, computed by NumPy.\nMIT licence.",
    )


def program_version() -> str:
    """The version that is installed."""
    try:
        return version("nn-playground")
    except PackageNotFoundError:
        return "(not installed)"


def _keys(action: QAction) -> str:
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
