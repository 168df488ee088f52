"""Brings document, engine and views together: an edit goes to the engine, what it computes goes to the views."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Literal, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from playground.document.document import Document
from playground.document.spec import Spec
from playground.engine.assigning import assign
from playground.engine.client import Engine
from playground.engine.memory import Memory
from playground.engine.mirror import Mirror
from playground.engine.snapshot import Curve
from playground.engine.stand import Stand
from playground.ui.theme import Theme

TICK_MS = 16
"""About 60 frames a second."""
LONG_S = 0.008
"""Views that take longer rest for as long as they took, lest a wide network leave no time for the mouse."""


class View(Protocol):
    """What draws the network, and is told when there is something new to draw."""

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""

    def set_mirror(self, mirror: Mirror) -> None:
        """Draw this network from now on: the document has changed."""

    def refresh(self) -> None:
        """Draw again: the mirror has new parameters."""

    def isVisible(self) -> bool:
        """Whether anybody can see it."""
        ...


class LiveLoop(QObject):
    """Follows the training, sixty times a second.

    Parameters
    ----------
    document, engine
        What is edited, and what trains it.
    views
        They are refreshed while they are visible.
    """

    snapshot_read = Signal(object)
    """A new `Snapshot`, after the views have been refreshed from it."""
    playing_changed = Signal(bool)
    noticed = Signal(str)
    """A sentence for the user: something went wrong."""
    told = Signal(str)
    """A sentence for the user: what an edit has done, or why training has paused."""
    diverged = Signal(str)
    """A sentence for the user: training ran out of the finite numbers, and has paused."""

    def __init__(
        self, document: Document, engine: Engine, views: Sequence[View], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._engine, self._views = document, engine, views
        self._memories: dict[object, Memory] = {}
        """Of all values, by the origin of their spec, as in the worker's session."""
        self._in_effect: dict[object, set[int]] = {}
        """Serial numbers of the assignments that the weights here have gone through, by the origin of their spec."""
        self._playing = False
        self._stale: set[int] = set()
        self._has_news = False
        """Whether the mirror has taken another spec that the views were not told of: they are once per frame."""
        self._rests_until = 0.0
        self.drawn = False
        """Whether a view was refreshed since this was last set to False: the next frame shows something new."""
        document.changed.connect(self._follow_document)
        engine.noticed.connect(self._notice)
        engine.told.connect(self._tell)
        engine.diverged.connect(self._tell_divergence)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._show(Mirror(document.spec))

    def start(self) -> None:
        """Begin to follow."""
        self._timer.start()

    def close(self) -> None:
        """Follow no more, and end the training."""
        self._timer.stop()
        self._document.changed.disconnect(self._follow_document)
        self._engine.noticed.disconnect(self._notice)
        self._engine.told.disconnect(self._tell)
        self._engine.diverged.disconnect(self._tell_divergence)
        self._engine.close()

    # -- commands ---------------------------------------------------------------------------------

    def set_playing(self, playing: bool) -> None:
        """Play or pause."""
        self._engine.set_playing(playing)
        self._tell_playing()

    def step(self, unit: Literal["step", "epoch"]) -> None:
        """Pause, and take one step or go to the end of the epoch."""
        self._engine.step(unit)
        self._tell_playing()

    def go_back(self) -> None:
        """Pause, and go back to the best state under the present spec."""
        self._engine.go_back()
        self._tell_playing()

    def restore(self, stand: Stand, curve: Curve) -> None:
        """Pause, and go on from where the training of the document's spec stood; it has just become that."""
        spec = self._document.spec
        self._engine.restore(spec, stand, curve)
        self._tell_playing()
        self._in_effect[spec.origin] = set(stand.in_effect)
        self.mirror.load(stand.values)  # which is of that spec by now: the views have only new weights to draw
        self._stale = set(range(len(self._views)))

    def reset(self) -> None:
        """Pause, and go back to the first weights, the same as before."""
        self._engine.set_playing(False)
        self._tell_playing()
        self._engine.apply(self._document.spec, reset=True)
        self._memories.pop(self._document.spec.origin, None)
        self._in_effect.pop(self._document.spec.origin, None)
        self._show(Mirror(self._document.spec))

    # ---------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """Read what the engine has published, and show it."""
        if time.perf_counter() < self._rests_until:
            return
        snapshot = self._engine.poll()
        if self._playing != self._engine.playing:
            self._tell_playing()
        if snapshot is not None:
            self.mirror.load(snapshot.values)
            self._stale = set(range(len(self._views)))
        if self._has_news:
            self._show(self.mirror)
        self._refresh()
        if snapshot is not None:
            self.snapshot_read.emit(snapshot)

    def _refresh(self) -> None:
        """Let the views draw that are out of date and can be seen."""
        began = time.perf_counter()
        shown = {index for index in self._stale if self._views[index].isVisible()}
        for index in sorted(shown):
            self._views[index].refresh()
        self._stale -= shown
        self.drawn = self.drawn or bool(shown)
        now = time.perf_counter()
        self._rests_until = now + (now - began) if now - began > LONG_S else 0.0

    def _follow_document(self, new: Spec, old: Spec) -> None:
        self._engine.apply(new, travels=self._document.travels)
        if not self.mirror.take(new):
            self._show(self._mirror_of(new, old))
        elif new.learned != old.learned:
            self._has_news = True
        if new.origin == old.origin:
            self._follow_hand(new, old)

    def _follow_hand(self, new: Spec, old: Spec) -> None:
        """Show weights that were set by hand."""
        if new.assigned != old.assigned:
            assign(new, self.mirror.network, old.assigned, self._in_effect.setdefault(new.origin, set()))
            self.mirror.forget()
            self._stale = set(range(len(self._views)))

    def _mirror_of(self, new: Spec, old: Spec) -> Mirror:
        """A mirror of what the worker will come to, so that nothing flickers until it has."""
        mirror, before = Mirror(new), self.mirror.network
        if new.learned == old.learned:
            mirror.load(before.values)
            return mirror
        memory = self._memories.setdefault(old.origin, Memory())
        memory.remember(old, before, before.parameters)
        memory.remember(old, before, before.statistics, "statistics")
        if new.origin in self._memories:
            self._memories[new.origin].recall(new, mirror.network, mirror.network.parameters)
            self._memories[new.origin].recall(new, mirror.network, mirror.network.statistics, "statistics")
        return mirror

    def _show(self, mirror: Mirror) -> None:
        self.mirror = mirror
        for view in self._views:
            view.set_mirror(mirror)
        # Those that are seen have drawn it, and the others do as soon as they are.
        self._stale.clear()
        self._has_news, self.drawn = False, True

    def _tell_playing(self) -> None:
        self._playing = self._engine.playing
        self.playing_changed.emit(self._playing)

    def _notice(self, text: str) -> None:
        self.noticed.emit(text)

    def _tell(self, text: str) -> None:
        self.told.emit(text)

    def _tell_divergence(self, text: str) -> None:
        self.diverged.emit(text)
