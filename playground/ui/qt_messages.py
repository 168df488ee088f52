"""Sends what Qt has to say to the terminal, a line each, without what means nothing to anybody."""

from __future__ import annotations

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
        print(f"nn-playground: Qt: {' '.join(message.split())}", file=sys.stderr)
