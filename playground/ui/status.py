"""The line at the bottom: how fast it goes, how large the network is, and what the keys would do now."""

from __future__ import annotations

import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QLabel, QStatusBar

import nncore as nn
from playground.document.spec import OUTPUT_ID, Spec
from playground.engine.snapshot import Snapshot
from playground.ui.canvas.keys import shown_key
from playground.ui.frames import FrameMeter
from playground.ui.text import grouped, plain

UPDATE_S = 0.25
"""Figures that change faster cannot be read."""

HINT = "Drag layers and activations onto the canvas"
TELL_MS = 6000
"""How long something told stands in the place of the hint."""


class StatusBar(QStatusBar):
    """Figures at the left, hints at the right."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("status-bar")
        self.setSizeGripEnabled(False)
        self._figures, self._hint = QLabel(), QLabel(HINT)
        self._figures.setObjectName("status-figures")
        self._hint.setObjectName("status-hint")
        for label in (self._figures, self._hint):
            label.setProperty("muted", True)
        self.addWidget(self._figures, 1)
        self.addPermanentWidget(self._hint)
        self._updated_at = 0.0
        self._keys = HINT
        self._telling = QTimer(self)
        self._telling.setSingleShot(True)
        self._telling.setInterval(TELL_MS)
        self._telling.timeout.connect(self._hint_again)

    def show_snapshot(self, snapshot: Snapshot, spec: Spec, n_parameters: int, frames: FrameMeter) -> None:
        """Show the figures of a snapshot and of its network, a few times per second."""
        now = time.monotonic()
        if now - self._updated_at < UPDATE_S and snapshot.playing:
            return
        self._updated_at = now
        figures = [f"{grouped(n_parameters)} parameters", spec.dtype, f"seed {spec.seed}"]
        schedule = nn.Schedule.named(spec.training.schedule)
        if not schedule.is_constant:
            rate = schedule().factor(snapshot.epoch) * spec.training.learning_rate
            figures.append(f"learning rate {plain(rate, 2)}")
        if snapshot.playing:
            steps = grouped(round(snapshot.steps_per_s))
            figures = [f"{frames.frames_per_s():.0f} frames/s", f"{steps} steps/s", *figures]
        self._figures.setText(" · ".join(figures))

    def tell(self, text: str) -> None:
        """Say in the place of the hint, for a while, what an edit has done."""
        self._say(text, told=True)
        self._telling.start()
        QAccessible.updateAccessibility(QAccessibleEvent(self._hint, QAccessible.Event.Alert))

    def show_selection(self, layer_id: int | None) -> None:
        """Say what can be done with the selected layer."""
        if layer_id is None:
            self._keys = HINT
        elif layer_id == OUTPUT_ID:
            self._keys = f"Output selected — {shown_key('activation')} changes its activation"
        else:
            remove, copy, left, right = map(shown_key, ("remove", "duplicate", "move-left", "move-right"))
            self._keys = f"Layer selected — {remove} removes, {copy} duplicates, {left} {right} move"
        if not self._telling.isActive():
            self._hint_again()

    def _hint_again(self) -> None:
        self._say(self._keys, told=False)

    def _say(self, text: str, told: bool) -> None:
        self._hint.setText(text)
        if self._hint.property("told") != told:
            self._hint.setProperty("told", told)
            self._hint.style().polish(self._hint)
