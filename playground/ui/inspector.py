"""The panel below the canvas: one tab for each thing there is to see in every layer."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QStackedWidget, QTabBar, QWidget

from playground.ui.chrome import PanelBody, PanelTitle


class Inspector(QDockWidget):
    """A dock whose title is a row of tabs; only the view of the chosen tab is visible, and so refreshed."""

    def __init__(self) -> None:
        super().__init__("Layers")
        self.setObjectName("layers-panel")
        self.setAccessibleName("Layers")
        self._tabs = QTabBar()
        self._tabs.setObjectName("layers-tabs")
        self._tabs.setAccessibleName("What to see of the layers")
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._stack = QStackedWidget()
        self._tabs.currentChanged.connect(self._stack.setCurrentIndex)
        self.setTitleBarWidget(PanelTitle(self._tabs))
        self.setWidget(PanelBody(self._stack))

    def add_tab(self, title: str, view: QWidget) -> None:
        """Add a view behind a tab of its own."""
        self._stack.addWidget(view)
        self._tabs.addTab(title)
