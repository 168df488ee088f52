"""Gives all there is another palette and style sheet, in a few hundredths of a second.

Where a style sheet takes the place of another one, Qt styles every widget once for each widget it stands in: five times
on average, 0.2 s for this window. Where it takes the place of none, each is styled once; and menus and dialogs that
nobody sees can wait until the window has painted.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

_POLISHED = Qt.WidgetAttribute.WA_WState_Polished
"""Qt styles again, when a style sheet comes or goes, what has this mark."""
_OWN_STYLE = Qt.WidgetAttribute.WA_SetStyle
"""What has this one, it tells nothing of that."""


def restyle(app: QApplication, palette: QPalette, style_sheet: str) -> None:
    """Draw everything with these; hidden windows and menus follow at the next turn of the event loop."""
    if app.styleSheet() == style_sheet:
        app.setPalette(palette)
        return
    widgets = [widget for widget in app.allWidgets() if widget.testAttribute(_POLISHED)]
    told = [widget for widget in widgets if not widget.testAttribute(_OWN_STYLE)]
    for widget in widgets:
        widget.setAttribute(_POLISHED, False)
    for widget in told:
        widget.setAttribute(_OWN_STYLE)
    app.setStyleSheet("")
    app.setPalette(palette)
    app.setStyleSheet(style_sheet)
    for widget in told:
        widget.setAttribute(_OWN_STYLE, False)
    # Also what is hidden in a window that is seen: by how large it wants to be, panels would be laid out anew.
    _polish([widget for widget in widgets if widget.window().isVisible()])
    hidden = [widget for widget in widgets if not widget.testAttribute(_POLISHED)]
    if hidden:
        QTimer.singleShot(0, app, lambda: _polish(hidden))


def _polish(widgets: Sequence[QWidget]) -> None:
    """Style what is not yet, as Qt does before it shows a widget for the first time."""
    for widget in widgets:
        if isValid(widget) and not widget.testAttribute(_POLISHED):
            QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.Polish))
