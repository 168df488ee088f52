"""The panel below the canvas: one tab for each thing there is to see in every layer."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QDockWidget, QStackedWidget, QTabBar, QWidget

from playground.ui.chrome import PanelBody, PanelTitle
from playground.ui.focus_order import focusable

LEAST_PX = 440
"""Width down to which it can be made, though one of its views may want more: so a small screen has room."""


class TabsDock(QDockWidget):
    """A dock whose title is a row of tabs; only the view of the chosen tab is visible, and so refreshed.

    Parameters
    ----------
    views
        By the titles of their tabs.
    """

    def __init__(self, views: Mapping[str, QWidget]) -> None:
        super().__init__("Layers")
        self.setObjectName("layers-panel")
        self.setAccessibleName(self.windowTitle())
        self._views = dict(views)
        self._tabs = QTabBar()
        self._tabs.setObjectName("layers-tabs")
        self._tabs.setAccessibleName("What to see of the layers")
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._stack = QStackedWidget()
        self._stack.setMinimumWidth(LEAST_PX)
        for title, view in views.items():
            self._stack.addWidget(view)
            self._tabs.addTab(title)
        self._tabs.currentChanged.connect(self._stack.setCurrentIndex)
        self.setTitleBarWidget(PanelTitle(self._tabs, dock=self))
        self.setWidget(PanelBody(self._stack))

    @property
    def titles(self) -> list[str]:
        """What the tabs are called, from the left."""
        return list(self._views)

    def show_tab(self, title: str) -> None:
        """Bring one view to the front, and the dock back if it was closed."""
        self.show()
        self._tabs.setCurrentIndex(self.titles.index(title))

    def enter_tab(self, title: str) -> None:
        """Bring one view to the front, and give its list or else its first control, if it has any, the keyboard."""
        self.show_tab(title)
        shown = [control for control in focusable(self._views[title]) if control.isVisible() and control.isEnabled()]
        lists = [control for control in shown if isinstance(control, QAbstractItemView)]
        first = next(iter(lists or shown), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)
