"""The one QApplication of the process."""

from __future__ import annotations

import sys

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from playground.resources import asset
from playground.ui.qt_messages import install_message_handler


def application() -> QApplication:
    """The application, made at the first call."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        return app
    install_message_handler()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("nn-playground")
    app.setApplicationDisplayName("Neural Network Playground")
    app.setDesktopFileName("nn-playground")
    app.setWindowIcon(QIcon(str(asset("icons/app.svg"))))
    return app
