"""What this is, and which version."""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QMessageBox

import playground


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
