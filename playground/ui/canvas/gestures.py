"""One object per gesture of the mouse: it changes the picture while it lasts, and the document once, at its end."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QApplication

import nncore as nn
from playground.document.spec import OUTPUT_ID
from playground.ui.canvas.boxes import Box
from playground.ui.canvas.editor import Editor
from playground.ui.canvas.geometry import HEAD_TOP_PX, INPUT_ID, Gap
from playground.ui.canvas.stage import Lifted, Stage

KIND_MIME = "application/x-nn-playground-layer-kind"
ACTIVATION_MIME = "application/x-nn-playground-activation"

OFF_CANVAS_PX = 4
"""How far outside the canvas a layer is thrown away."""


class Host(Protocol):
    """What a gesture needs of the canvas."""

    editor: Editor
    stage: Stage

    def pan(self, dx: float, dy: float) -> None:
        """Let what is seen of the canvas move on by so much."""

    def select(self, layer_id: int | None) -> None:
        """Select a layer."""

    def set_drop_target(self, layer_id: int | None) -> None:
        """Show which layer something will be dropped on."""

    def visible_area(self) -> Box:
        """What of the canvas is seen."""
        ...


class Gesture:
    """A mouse gesture: any number of moves, then `finish` or `cancel`."""

    started = True
    """Whether it is more than a click by now."""

    def __init__(self, host: Host) -> None:
        self.host = host

    def move(self, x: float, y: float) -> None:
        """The cursor is here now."""

    def finish(self) -> None:
        """The button was released: make the one edit."""
        self.cancel()

    def cancel(self) -> None:
        """Leave everything as it was."""
        self.host.stage.release()


class KindDrop(Gesture):
    """A layer kind from the palette is over the canvas."""

    def __init__(self, host: Host, kind: str) -> None:
        super().__init__(host)
        self._kind = kind
        self._at: int | None = None

    @property
    def label(self) -> str:
        """What the kind is called."""
        return nn.Layer.named(self._kind).label

    def move(self, x: float, y: float) -> None:
        self._at = self.host.stage.resting().position_at(x)
        self.host.stage.hold(Gap(self._at))

    def finish(self) -> None:
        # The edit comes first: then the columns ease from where they are to where they belong.
        new = self.host.editor.add(self._kind, self._at) if self._at is not None else None
        self.host.stage.release()
        if new is not None:
            self.host.select(new)


class ActivationDrop(Gesture):
    """An activation from the palette is over the canvas."""

    def __init__(self, host: Host, activation: str) -> None:
        super().__init__(host)
        self._activation = activation
        self._target: int | None = None

    def move(self, x: float, y: float) -> None:
        place = self.host.stage.layout.column_at(x)
        key = place.column.key if place is not None else None
        self._target = key if key != INPUT_ID else None
        self.host.set_drop_target(key if key is not None and self._fits(key) else None)

    def finish(self) -> None:
        self.cancel()
        # A layer without an activation says so.
        if self._target is not None and self.host.editor.set_activation(self._target, self._activation):
            self.host.select(self._target)

    def cancel(self) -> None:
        self.host.set_drop_target(None)

    def _fits(self, key: int) -> bool:
        layer = self.host.editor.layer(key)
        return key == OUTPUT_ID or (layer is not None and "activation" in nn.Layer.named(layer.kind).options)


class LayerDrag(Gesture):
    """A hidden layer is dragged by its head or its column: to another place, or off the canvas.

    Parameters
    ----------
    grip
        From the cursor to the centre of the column.
    """

    def __init__(self, host: Host, layer_id: int, x: float, y: float, grip: float) -> None:
        super().__init__(host)
        self._layer_id, self._x, self._y, self._grip = layer_id, x, y - host.visible_area().top, grip
        self._at = host.editor.spec.index_of(layer_id)
        self.started = False
        self.removing = False
        """Whether releasing now throws the layer away."""

    def move(self, x: float, y: float) -> None:
        area = self.host.visible_area()
        lower = y - area.top - self._y
        if not self.started and abs(x - self._x) + abs(lower) < QApplication.startDragDistance():
            return
        if self.host.editor.layer(self._layer_id) is None:
            self.cancel()
            return
        self.started = True
        self.removing = not area.contains(x, y, OFF_CANVAS_PX)
        stage = self.host.stage
        inside = min(max(x, area.left), area.left + area.width)
        self._at = stage.resting(without=self._layer_id).position_at(inside)
        heads = stage.layout.heads
        # Its head stays in sight, so that one sees what is about to be removed.
        lowest = area.height - HEAD_TOP_PX - heads.height - 44
        lifted = Lifted(self._layer_id, inside + self._grip, max(-HEAD_TOP_PX, min(lower, lowest)))
        stage.lift(lifted, None if self.removing else Gap(self._at))

    def finish(self) -> None:
        editor, layer_id = self.host.editor, self._layer_id
        if self.started and editor.layer(layer_id) is not None:
            if self.removing:
                editor.remove(layer_id)
            else:
                editor.move(layer_id, self._at)
        self.cancel()
        self.host.select(layer_id if editor.layer(layer_id) is not None else None)

    def cancel(self) -> None:
        self.started = self.removing = False
        super().cancel()


class Pan(Gesture):
    """The canvas is drawn along by its ground; without a movement it is a click there, on the column `key` if any."""

    def __init__(self, host: Host, x: float, y: float, key: int | None, selects: bool = True) -> None:
        super().__init__(host)
        self._key, self._selects = key, selects
        self._last = self._start = self._seen(x, y)
        self.started = False

    def move(self, x: float, y: float) -> None:
        x, y = self._seen(x, y)
        if not self.started and abs(x - self._start[0]) + abs(y - self._start[1]) < QApplication.startDragDistance():
            return
        self.started = True
        (last_x, last_y), self._last = self._last, (x, y)
        self.host.pan(last_x - x, last_y - y)

    def finish(self) -> None:
        if not self.started and self._selects:
            self.host.select(self._key)

    def cancel(self) -> None:
        self.started = False

    def _seen(self, x: float, y: float) -> tuple[float, float]:
        """A point of the canvas as a point of the window it scrolls in."""
        area = self.host.visible_area()
        return x - area.left, y - area.top


class BlockScroll(Gesture):
    """The scroll bar of a block of many units is dragged; `grip` is from the top of its thumb to the cursor."""

    def __init__(self, host: Host, key: int, grip: float) -> None:
        super().__init__(host)
        self._key, self._grip = key, grip

    def move(self, x: float, y: float) -> None:
        mosaic = next((place.mosaic for place in self.host.stage.places if place.column.key == self._key), None)
        if mosaic is not None:
            self.host.stage.scroll(self._key, mosaic.first_at(y - self._grip))

    def cancel(self) -> None:
        """It has scrolled already."""


def gesture_for(data: QMimeData, host: Host) -> Gesture | None:
    """The gesture for what is dragged in from outside; None if it is nothing of ours."""
    for mime, gesture, family in (
        (KIND_MIME, KindDrop, nn.Layer.registry),
        (ACTIVATION_MIME, ActivationDrop, nn.Activation.registry),
    ):
        if data.hasFormat(mime):
            name = bytes(data.data(mime).data()).decode(errors="replace")
            return gesture(host, name) if name in family else None
    return None
