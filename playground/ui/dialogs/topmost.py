"""Where a dialog stands that opens late, after a file was read or the training has answered."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget


def topmost(window: QWidget) -> QWidget:
    """What a dialog of a window stands over: the dialog that somebody has opened meanwhile, or the window.

    Beside each other they would lock each other's window, and which one of them has the keys would be chance.
    """
    return QApplication.activeModalWidget() or window
