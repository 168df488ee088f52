"""Where every column stands at this moment: the layout, and the short way there when it changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from PySide6.QtCore import QAbstractAnimation, QEasingCurve, QObject, QSignalBlocker, QVariantAnimation, Signal

import nncore as nn
from playground.document.spec import OUTPUT_ID, Spec
from playground.engine.mirror import folds_inputs
from playground.ui.canvas.geometry import INPUT_ID, Column, Gap, Layout, Place, arrange, needed_width

EASE_MS = 150


class Lifted(NamedTuple):
    """A column in the hand: it follows the cursor while the others close up or make room."""

    key: int
    x: float
    dy: float


class Stage(QObject):
    """The columns of the network, each easing to its place.

    `moved` is emitted whenever a column stands somewhere else than before.
    """

    moved = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[Column, ...] = ()
        self._scrolled: dict[int, int] = {}
        """The first row that is seen of each block, by the key of its column."""
        self._size = (600.0, 300.0)
        self._zoom = 1.0
        self._gap: Gap | None = None
        self.lifted: Lifted | None = None
        self.layout = arrange([Column(-1, 1, True), Column(0, 1, True)], *self._size)
        self._home = self.layout
        self._x: dict[int, float] = {}
        self._from: dict[int, float] = {}
        self._motion = QVariantAnimation(self)
        self._motion.setDuration(EASE_MS)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._motion.setStartValue(0.0)
        self._motion.setEndValue(1.0)
        self._motion.valueChanged.connect(self._advance)

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show these columns, input first; those that stay ease to their new places."""
        self._columns = tuple(column._replace(scrolled=self._scrolled.get(column.key, 0)) for column in columns)
        self._arrange(animated=True)

    def set_size(self, width: float, height: float, zoom: float = 1) -> None:
        """The canvas has this size now, and what is on it this zoom; columns on their way go on to their new places."""
        if (width, height, zoom) == (*self._size, self._zoom):
            return
        on_the_way = zoom == self._zoom and self._motion.state() == QAbstractAnimation.State.Running
        self._size, self._zoom = (width, height), zoom
        self._arrange(animated=on_the_way)

    def scroll(self, key: int, first: int) -> bool:
        """Let a block of many units begin with this row; False if it does so already, or there is no such block."""
        mosaic = next((place.mosaic for place in self.layout.places if place.column.key == key), None)
        if mosaic is None:
            return False
        first = min(max(0, first), mosaic.last_first)
        if first == mosaic.first:
            return False
        self._scrolled[key] = first
        self._columns = tuple(
            column._replace(scrolled=first) if column.key == key else column for column in self._columns
        )
        self._arrange(animated=self._motion.state() == QAbstractAnimation.State.Running)
        return True

    def hold(self, gap: Gap | None) -> None:
        """Hold room free for a column that may land there."""
        if gap != self._gap:
            self._gap = gap
            self._arrange(animated=True)

    def lift(self, lifted: Lifted | None, gap: Gap | None) -> None:
        """Take one column out of the row, or put it back (None)."""
        same = (lifted is None) == (self.lifted is None) and gap == self._gap
        self.lifted, self._gap = lifted, gap
        if lifted is not None:
            self._x[lifted.key] = lifted.x
        if same:
            self.moved.emit()
        else:
            self._arrange(animated=True)

    def release(self) -> None:
        """End of a gesture: no room is held, nothing is in the hand."""
        if self.lifted is not None or self._gap is not None:
            self.lift(None, None)

    def finish(self) -> None:
        """Let every column arrive at once."""
        if self._motion.state() == QAbstractAnimation.State.Running:
            self._motion.setCurrentTime(EASE_MS)

    @property
    def gap_x(self) -> float | None:
        """Centre of the room held free during a gesture."""
        return self.layout.gap_x if self._gap is not None else None

    @property
    def places(self) -> list[Place]:
        """Every column as it stands now, in the order of the network."""
        return [self._now(column.key) for column in self._columns]

    def resting(self, without: int | None = None) -> Layout:
        """The layout as if nothing were held free, less one column: what a drop position is measured against."""
        return self._laid_out([column for column in self._columns if column.key != without])

    @property
    def needed_width(self) -> int:
        """The width the canvas needs for the columns, and for the room held free."""
        return max(needed_width(self._columns), needed_width(self._standing(), self._gap))

    def _now(self, key: int) -> Place:
        lifted = self.lifted is not None and key == self.lifted.key
        place = (self._home if lifted else self.layout).place_of(key)
        return replace(place, x=self._x.get(key, place.x))

    def _standing(self) -> list[Column]:
        return [column for column in self._columns if self.lifted is None or column.key != self.lifted.key]

    def _laid_out(self, columns: Sequence[Column], gap: Gap | None = None) -> Layout:
        return arrange(columns, *self._size, gap, self._zoom)

    def _arrange(self, animated: bool) -> None:
        if not self._columns:
            return
        self._home = self._laid_out(self._columns)
        standing = self._standing()
        # Without hidden layers, the room for the first one is always held free.
        gap = Gap(0) if self._gap is None and len(standing) == 2 else self._gap
        self.layout = self._laid_out(standing, gap)
        targets = {place.column.key: place.x for place in self.layout.places}
        present = {column.key for column in self._columns}
        self._x = {key: x for key, x in self._x.items() if key in present}
        moving = any(abs(self._x.get(key, x) - x) > 0.5 for key, x in targets.items())
        self._from = {key: self._x.get(key, x) for key, x in targets.items()}
        self._motion.stop()
        if animated and moving:
            with QSignalBlocker(self._motion):  # it says where it starts only if that differs from where it stood
                self._motion.start()
            self._advance(0.0)
        else:
            self._x.update(targets)
            self.moved.emit()

    def _advance(self, progress: float) -> None:
        for place in self.layout.places:
            key = place.column.key
            start = self._from.get(key, place.x)
            self._x[key] = start + (place.x - start) * progress
        self.moved.emit()


def columns_of(spec: Spec) -> list[Column]:
    """The columns of a network: input, hidden layers, output."""
    folded = folds_inputs(spec)
    columns = [Column(INPUT_ID, 1 if folded else spec.n_inputs, is_end=True, folded=folded)]
    for layer in spec.layers:
        if "units" in nn.Layer.named(layer.kind).options:
            columns.append(Column(layer.id, layer.units))
        else:
            columns.append(Column(layer.id, columns[-1].units, passes=True, folded=columns[-1].folded))
    return [*columns, Column(OUTPUT_ID, spec.n_outputs, is_end=True)]
