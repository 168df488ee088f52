"""The window: puts bar, panels, canvas and plots in their places and connects them. It has no logic of its own."""

from __future__ import annotations

import secrets
from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QFocusEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow

from playground.document import edits
from playground.document.document import Document
from playground.document.presets import preset
from playground.document.spec import Spec
from playground.engine.client import Engine
from playground.engine.snapshot import Snapshot
from playground.ui.actions import make_actions, name_menu
from playground.ui.application import application
from playground.ui.arrangement import Arrangement
from playground.ui.canvas.panel import NetworkPanel
from playground.ui.chrome import Card, Panel, add_gutters
from playground.ui.clipboard import Pasting
from playground.ui.dialogs.opening import TableOpener
from playground.ui.dropping import FileDrop
from playground.ui.export.exporting import Exporting
from playground.ui.export.pictures import Subject
from playground.ui.files.project_files import ProjectFiles
from playground.ui.first_steps import FirstSteps
from playground.ui.focus_order import order_focus
from playground.ui.frames import FrameMeter
from playground.ui.hints import HintBar
from playground.ui.inspect.view import InspectorView
from playground.ui.lesson.mode import LessonMode
from playground.ui.letters import underline_menus
from playground.ui.live import LiveLoop
from playground.ui.menus import ON_SELECTION, action_table
from playground.ui.notice import Notice
from playground.ui.outline.view import OutlineView
from playground.ui.panels.data import DataPanel
from playground.ui.parts import Parts, corner_of, of_type
from playground.ui.placement import LEFT, PANELS, RIGHT, TABS, Context
from playground.ui.plots.loss import LossView
from playground.ui.plots.surface import SurfaceView
from playground.ui.progress import batch_progress
from playground.ui.remembering import Remembering
from playground.ui.runs.desk import RunsDesk
from playground.ui.runs.view import RunsView
from playground.ui.settings import Settings
from playground.ui.spoken import Narrator
from playground.ui.status import StatusBar
from playground.ui.tabs import TabsDock
from playground.ui.telling import Telling
from playground.ui.theme import Theme, apply_theme, resolve_theme
from playground.ui.transport import TransportBar
from playground.ui.view_menu import fill_view_menu, show_theme_choice

Area = Qt.DockWidgetArea

SEEDS = 1000
"""A new seed is one below this: short enough to be told to somebody."""


class MainWindow(QMainWindow):
    """The playground.

    Parameters
    ----------
    document, engine
        What is edited, and what trains it. The window closes the engine.
    theme
        "light", "dark", "system", or None for what the settings say.
    settings
        Where theme and layout are kept; None remembers nothing.
    """

    painted = Signal()
    """The window has been painted."""

    def __init__(
        self, document: Document, engine: Engine, theme: str | None = None, settings: Settings | None = None
    ) -> None:
        super().__init__()
        self.setObjectName("main-window")
        self.setWindowTitle("Neural Network Playground")
        self.document, self.engine, self.settings = document, engine, settings
        self.frames = FrameMeter()
        name = theme or (settings.theme if settings is not None else "system")
        colors = resolve_theme(name)
        apply_theme(application(), colors)  # Before any widget is made: they take their fonts from it.
        self.actions_by_name = make_actions(self, self._make_menus(), action_table(self))
        self._make_parts()
        self._arrange()
        self.loop = LiveLoop(document, engine, self.views, self)
        self._connect()
        self._follow_history()
        self._arrangement = Arrangement(self, self.docks, self.surface, document)
        self.layout_restored = settings is not None and settings.restore_layout(self)
        """Whether window and docks are where they were last time."""
        self.remembering = Remembering(self, self.settings)
        self._show_theme(name, colors)
        self.setMinimumWidth(self.transport.minimumSizeHint().width())
        self._order_focus()
        self.network.canvas.setFocus()

    # -- building ---------------------------------------------------------------------------------

    def _make_menus(self) -> dict:
        names = ("&File", "&Edit", "&Network", "&Train", "&View", "&Demos", "&Help")
        self.menus = {name.replace("&", ""): self.menuBar().addMenu(name) for name in names}
        for title, menu in self.menus.items():
            name_menu(menu, title)
        return self.menus

    def _make_parts(self) -> None:
        given = Context(self.document, self.actions_by_name)
        self.transport = TransportBar(self.actions_by_name)
        self.network = NetworkPanel(self.document)
        self.status = StatusBar()
        self.notice = Notice(self)
        self._panels = {place.title: place.make(given) for place in PANELS}
        """What every panel shows, by its title."""
        self._tabs = {tab.title: tab.make(given) for tab in TABS}
        """What there is to see of every layer, in the panel below the canvas."""
        self.surface = of_type(self._panels["Output"], SurfaceView)
        self.loss = of_type(self._panels["Loss"], LossView)
        self.inspector = of_type(self._tabs["Inspector"], InspectorView)
        self.opener, self.drop = TableOpener(self, self.document), FileDrop(self)
        self.pasting = Pasting(self, self.document, self.network.canvas)
        self.hints = HintBar(self.document)
        self.runs = RunsDesk(self, of_type(self._tabs["Runs"], RunsView))
        self.files = ProjectFiles(self)
        shown = {**self._panels, **self._tabs}
        self.exporting = Exporting(self, self.network.canvas, shown, self._what_is_shown, self.settings)
        self.first_steps, self.lesson = FirstSteps(self, self.settings), LessonMode(self)
        tools = [
            self.opener,
            self.drop,
            self.pasting,
            self.hints,
            self.files,
            self.runs,
            self.first_steps,
            self.lesson,
            self.exporting,
        ]
        self._parts = Parts([self.transport, self.network, *self._panels.values(), *self._tabs.values(), *tools])
        self.views = self._parts.views

    def _what_is_shown(self) -> Subject:
        return Subject(self.loop.mirror, self.engine.history)

    def _arrange(self) -> None:
        self.setStatusBar(self.status)
        self.setDockOptions(QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AnimatedDocks)
        self.setCorner(Qt.Corner.BottomLeftCorner, Area.LeftDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, Area.RightDockWidgetArea)
        bar = self.addToolBar("Transport")
        bar.setObjectName("transport-bar")
        bar.setMovable(False)
        bar.addWidget(self.transport)
        bar.toggleViewAction().setVisible(False)
        add_gutters(self)
        center = Card(self.lesson.banner)
        for content in (self.network, self.hints):
            center.set_content(content)
        self.setCentralWidget(center)
        self.docks: dict[str, QDockWidget] = {}
        """Every panel by its title."""
        for title, area, _ in PANELS:
            content = self._panels[title]
            self._add_dock(area, Panel(title, content, f"{title.lower()}-panel", corner_of(content)))
        self._below = TabsDock(self._tabs)
        self._add_dock(Area.BottomDockWidgetArea, self._below)
        fill_view_menu(self, self._below)
        underline_menus(self.menus)

    def _add_dock(self, area: Area, dock: QDockWidget) -> None:
        self.docks[dock.windowTitle()] = dock
        self.addDockWidget(area, dock)
        dock.topLevelChanged.connect(self._order_focus)  # it comes last in the order of the window it comes back to

    def _connect(self) -> None:
        self.loop.snapshot_read.connect(self._show_snapshot)
        self.loop.playing_changed.connect(self.transport.set_playing)
        self._telling = Telling(self.document, self.engine, self.loop, self.notice, self.status, self.actions_by_name)
        self.transport.bind(self.document)
        self.transport.speed_changed.connect(self.engine.set_speed)
        self.network.hovered.connect(self.surface.set_focus)
        self.network.selection_changed.connect(self._follow_selection)
        self._follow_selection(None)
        self.drop.dropped.connect(self.files.open_dropped)
        self.loop.snapshot_read.connect(self.files.changes.follow_training)
        self.pasting.opened.connect(self.lesson.open_link)
        of_type(self._panels["Data"], DataPanel).paint_requested.connect(self.surface.start_painting)
        self.surface.discretized.connect(self.network.canvas.show_decided)
        self.network.unit_clicked.connect(self.pick)
        self.inspector.picked_changed.connect(self.pick)
        outline = of_type(self._tabs["Outline"], OutlineView)
        outline.selection_wanted.connect(self.network.canvas.select)
        outline.picked_changed.connect(self.point_out)
        outline.inspector_wanted.connect(partial(self._below.enter_tab, "Inspector"))
        self.surface.plot.cursor_moved.connect(self.inspector.set_point)
        for part in self._parts.speaking:
            part.message.connect(self.notice.show_error)
        for part in self._parts.advising:
            part.hint.connect(self.notice.show_message)
        self.files.sitting.follow_runs(self.runs.runs)
        self.loss.set_history(self.engine.history)
        self.document.changed.connect(self._follow_history)
        shown = [self.network, *self._panels.values(), *self._tabs.values()]
        self.narrator = Narrator(self.loop, self.engine, shown, self)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    # -- commands ---------------------------------------------------------------------------------

    def toggle_playing(self) -> None:
        """Play or pause."""
        self.loop.set_playing(not self.engine.playing)

    def reset_training(self) -> None:
        """Pause, and go back to the first weights."""
        self.loop.reset()
        self.notice.release()

    def go_back(self) -> None:
        """Pause, and go back to the best state under these settings."""
        self.loop.go_back()
        self.notice.release()

    def pick(self, unit: tuple[int, int] | None) -> None:
        """Look at one neuron, (column, unit), in the tab of numbers; or (None) at none."""
        self.point_out(unit)
        if unit is not None:
            self._below.show_tab("Inspector")

    def point_out(self, unit: tuple[int, int] | None) -> None:
        """Let a neuron stand out wherever it is shown."""
        for part in self._parts.picking:
            part.set_picked(unit)
        self.network.canvas.show_picked(unit)

    def draw_seed(self) -> None:
        """Other points and other first weights."""
        other = self.document.spec.seed + 1 + secrets.randbelow(SEEDS - 1)
        self.document.apply(edits.set_seed(other % SEEDS))

    def open_demo(self, name: str) -> None:
        """Put a demo in the place of the present experiment."""
        demo = preset(name)
        self.document.apply(edits.open_spec(demo.spec, demo.label))
        self.notice.show_message(demo.description)

    def choose_theme(self, name: str) -> None:
        """Use a theme from now on."""
        self.set_theme(name)
        if self.settings is not None:
            self.settings.theme = name

    def set_theme(self, name: str) -> None:
        """Draw in "light", "dark", or what the system prefers."""
        theme = resolve_theme(name)
        apply_theme(application(), theme)
        self._show_theme(name, theme)

    def _show_theme(self, name: str, theme: Theme) -> None:
        """Give a theme the application has to all that paints for itself."""
        self._theme_name, self.theme = name, theme
        for part in self._parts.themed:
            part.set_theme(theme)
        show_theme_choice(self, name)

    def reset_layout(self) -> None:
        """Put every panel where it was at first; the window must be shown."""
        self._arrangement.reset()

    def toggle_full_screen(self) -> None:
        """Fill the screen, or stop filling it."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    # -- following --------------------------------------------------------------------------------

    def _show_snapshot(self, snapshot: Snapshot) -> None:
        progress = batch_progress(self.loop.mirror, snapshot, self.engine.history)
        self.transport.show_snapshot(snapshot, *progress)
        n_parameters = len(self.loop.mirror.network.parameters)
        self.status.show_snapshot(snapshot, self.document.spec, n_parameters, self.frames)

    def _follow_history(self, new: Spec | None = None, old: Spec | None = None) -> None:
        for name, label in (("undo", self.document.undo_label), ("redo", self.document.redo_label)):
            action = self.actions_by_name[name]
            action.setEnabled(label is not None)
            action.setText(f"&{name.capitalize()} {label.lower()}" if label else f"&{name.capitalize()}")

    def _order_focus(self) -> None:
        left, right = ([self.docks[place.title] for place in PANELS if place.area is side] for side in (LEFT, RIGHT))
        order_focus([self.transport, *left, self.network, self._below, *right])

    def _follow_selection(self, layer_id: int | None) -> None:
        self.status.show_selection(layer_id)
        for part in self._parts.selecting:
            part.set_selection(layer_id)
        for name in ON_SELECTION:
            self.actions_by_name[name].setEnabled(layer_id is not None)

    def _follow_system(self) -> None:
        if self._theme_name == "system":
            self.set_theme("system")

    # -- events -----------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.UpdateRequest:
            if self.loop.drawn:
                self.loop.drawn = False
                self.frames.mark()
            self.painted.emit()
        return handled

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass on what was given back: the canvas has the keys wherever nothing else wants them."""
        # A focus proxy would do the same, but Tab would then jump from the last control to the canvas.
        self.network.canvas.setFocus(event.reason())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # The layout settles in several passes, each of which would be painted: paint once, when it has.
        self._set_updates(False)
        QTimer.singleShot(0, self, self._settle)

    def _settle(self) -> None:
        self.loop.tick()
        self._set_updates(True)

    def _set_updates(self, enabled: bool) -> None:
        # Not of the window itself: under X it would then keep its old picture until the resizing ends.
        for part in (self.network, *self.docks.values()):
            part.setUpdatesEnabled(enabled)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.files.may_close():
            event.ignore()
            return
        self.files.close()
        if self.settings is not None:
            self.settings.save_layout(self, self.lesson.docks)
        self.loop.close()
        super().closeEvent(event)
