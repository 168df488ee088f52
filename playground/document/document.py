"""The document: the current spec, its undo history, and a signal when it changes."""

from __future__ import annotations

from msgspec.structs import replace
from psygnal import Signal

from playground.document.edits import Edit
from playground.document.spec import Spec


class Document:
    """Holds the one spec that all views follow.

    The history keeps values, so undo gives back exactly what was there; it has no limit.
    """

    changed = Signal(Spec, Spec)
    """Emitted with (new spec, old spec) after every change, undo and redo."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._done: list[tuple[str, Spec]] = []
        self._undone: list[tuple[str, Spec]] = []
        self._gesture: object = None
        self._last_id = max((layer.id for layer in spec.layers), default=0)
        self._last_run = spec.run
        self.travels = False
        """Whether the change that is being told of is an undo or a redo."""
        self.continues = False
        """Whether the change that is being told of is of the same gesture as the one before."""

    @property
    def spec(self) -> Spec:
        """The experiment as it stands."""
        return self._spec

    def begin(self, spec: Spec) -> None:
        """Begin with another experiment, of which there is nothing to undo.

        It is a run of its own: nothing that is remembered of others is for its layers, which therefore keep their ids.
        """
        self._done.clear()
        self._undone.clear()
        self._gesture = None
        self._last_run += 1
        self._last_id = max(self._last_id, *(layer.id for layer in spec.layers), 0)
        self._become(replace(spec, run=self._last_run))

    @property
    def undo_label(self) -> str | None:
        """What undo would take back, or None."""
        return self._done[-1][0] if self._done else None

    @property
    def redo_label(self) -> str | None:
        """What redo would do again, or None."""
        return self._undone[-1][0] if self._undone else None

    def apply(self, edit: Edit, gesture: object = None) -> Spec:
        """Apply an edit and remember it.

        Parameters
        ----------
        edit
            What to do.
        gesture
            Any object. Consecutive edits with the same one (a slider while it is held) are one
            entry in the undo history.

        Raises
        ------
        ValueError
            If the edit is impossible or leads to an invalid spec; nothing has changed then.
        """
        new = self._with_fresh_ids(edit(self._spec))
        if new == self._spec:
            return new
        continues = gesture is not None and gesture is self._gesture
        if not continues:
            self._done.append((edit.label, self._spec))
        elif new == self._done[-1][1]:
            # Dragged back to where it began: there is nothing to undo.
            self._done.pop()
            gesture = None
        self._gesture = gesture
        self._undone.clear()
        self.continues = continues
        try:
            self._become(new)
        finally:
            self.continues = False
        return new

    def undo(self) -> None:
        """Take the last edit back; nothing happens where there is none."""
        self._travel(self._done, self._undone)

    def redo(self) -> None:
        """Do again what undo took back last; nothing happens where there is none."""
        self._travel(self._undone, self._done)

    def _with_fresh_ids(self, new: Spec) -> Spec:
        """Give layers and runs that `new` adds numbers that this document never gave to any other.

        Whatever is remembered of a layer that was removed, or whose addition was undone, is not for another one.
        """
        present = {layer.id for layer in self._spec.layers}
        layers = []
        for layer in new.layers:
            if layer.id not in present:
                self._last_id = max(self._last_id + 1, layer.id)
                layer = replace(layer, id=self._last_id)
            layers.append(layer)
        run = new.run
        if run != self._spec.run:
            self._last_run = run = max(self._last_run + 1, run)
        return replace(new, layers=tuple(layers), run=run)

    def _travel(self, source: list[tuple[str, Spec]], target: list[tuple[str, Spec]]) -> None:
        if source:
            label, spec = source.pop()
            target.append((label, self._spec))
            self._gesture = None
            self.travels = True
            try:
                self._become(spec)
            finally:
                self.travels = False

    def _become(self, new: Spec) -> None:
        old, self._spec = self._spec, new
        self.changed.emit(new, old)
