"""Says what is worth saying while one edits and trains: in the status bar in passing, or as a notice."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from playground.document.document import Document
from playground.document.spec import Spec
from playground.engine.client import Engine
from playground.engine.snapshot import Snapshot
from playground.engine.worker import PAUSED
from playground.ui.live import LiveLoop
from playground.ui.notice import Notice
from playground.ui.remarks import remark, schedule_remark
from playground.ui.status import StatusBar


class Telling(QObject):
    """Follows document and training, and has something to say about them.

    Parameters
    ----------
    document, engine, loop
        What is followed.
    notice, status
        Where things are said.
    actions
        What a notice offers to do, by name.
    """

    def __init__(
        self,
        document: Document,
        engine: Engine,
        loop: LiveLoop,
        notice: Notice,
        status: StatusBar,
        actions: Mapping[str, QAction],
    ) -> None:
        super().__init__(notice)
        self._document, self._engine = document, engine
        self._notice, self._status, self._actions = notice, status, actions
        self._schedule_ended = False
        """Whether it has been said that the schedule leaves nothing to learn with."""
        document.changed.connect(self._remark)
        loop.playing_changed.connect(self._follow_playing)
        loop.snapshot_read.connect(self._watch_schedule)
        loop.noticed.connect(self._notice_failure)
        loop.told.connect(self._tell)
        loop.diverged.connect(self._tell_divergence)

    def _follow_playing(self, playing: bool) -> None:
        if playing:
            self._notice.release()
            self._schedule_ended = False

    def _watch_schedule(self, snapshot: Snapshot) -> None:
        said = schedule_remark(self._document.spec, snapshot.epoch)
        if said is None and self._schedule_ended:
            self._notice.release()
        elif said is not None and snapshot.playing and not self._schedule_ended:
            self._notice.show_message(said, sticky=True, action=self._actions["reset"])
        self._schedule_ended = said is not None and (snapshot.playing or self._schedule_ended)

    def _remark(self, new: Spec, old: Spec) -> None:
        if new.origin != old.origin:
            self._notice.release()
        self._notice.withdraw()
        said = remark(new, old)
        if said is not None and self._document.redo_label is None:  # what undo takes back needs no words
            self._notice.show_message(said)

    def _notice_failure(self, text: str) -> None:
        # What stopped the training stays until it is dealt with.
        action = None if self._engine.playing else self._actions["reset"]
        self._notice.show_message(text, "error", sticky=not self._engine.playing, action=action)

    def _tell(self, text: str) -> None:
        """Say what an edit has done, in passing, or why training has paused."""
        if self._engine.playing or not text.endswith(PAUSED):
            self._status.tell(text)
        else:
            self._notice.show_message(text)

    def _tell_divergence(self, text: str) -> None:
        actions = [self._actions[name] for name in ("go-back", "reset")]
        self._notice.show_message(text, "error", sticky=True, action=actions)
