"""Sends what Qt has to say to the terminal, a line each, without what means nothing to anybody."""

from __future__ import annotations

import logging
import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_MEANINGLESS = (
    # Off-screen there is no window manager that could be told the least size of a window.
    "This plugin does not support propagateSizeHints()",
)


def install_message_handler() -> None:
    """Handle Qt's messages from now on."""
    qInstallMessageHandler(_handle)


def _handle(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    if kind != QtMsgType.QtDebugMsg and message not in _MEANINGLESS:
        text = " ".join(message.split())
        print(f"nn-playground: Qt: {text}", file=sys.stderr)
        if kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg):  # after the latter Qt ends the process
            logging.getLogger(__name__).critical("Qt: %s", text)
