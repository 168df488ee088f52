"""The heads above the columns: one widget per layer, kept while the layer lives."""

from __future__ import annotations

from collections.abc import ItemsView, Sequence

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from playground.document.spec import OUTPUT_ID, Spec
from playground.ui.canvas.boxes import Box
from playground.ui.canvas.editor import Editor
from playground.ui.canvas.geometry import COMPACT, HEAD_TOP_PX, INPUT_ID, ROOMY, TINY, HeadSizes, Place
from playground.ui.canvas.heads import Head, InputHead, LayerHead, OutputHead
from playground.ui.canvas.stage import Lifted
from playground.ui.names import layer_names
from playground.ui.theme import Theme


class HeadRow:
    """Makes, keeps and places the heads of a network, by the keys of their columns."""

    def __init__(self, editor: Editor, theme: Theme, parent: QWidget) -> None:
        self._editor, self._theme, self._parent = editor, theme, parent
        self._sizes = ROOMY
        self._input, self._output = InputHead(theme, parent), OutputHead(editor, theme, parent)
        self._heads: dict[int, Head] = {INPUT_ID: self._input, OUTPUT_ID: self._output}

    def __getitem__(self, key: int) -> Head:
        return self._heads[key]

    def items(self) -> ItemsView[int, Head]:
        """All heads by key."""
        return self._heads.items()

    def set_theme(self, theme: Theme) -> None:
        """Use these colours."""
        self._theme = theme
        for head in self._heads.values():
            head.set_theme(theme)

    def show_spec(self, spec: Spec) -> list[Head]:
        """Follow a spec; the heads that are new."""
        self._input.show_spec(spec)
        self._output.show_spec(spec)
        old = {key: head for key, head in self._heads.items() if isinstance(head, LayerHead)}
        heads: dict[int, Head] = {INPUT_ID: self._input}
        new: list[Head] = []
        for index, (layer, name) in enumerate(zip(spec.layers, layer_names(spec), strict=False)):
            head = old.get(layer.id)
            if head is None or head.kind != layer.kind:
                head = LayerHead(layer, self._editor, self._theme, self._parent)
                head.set_compact(self._sizes is not ROOMY)
                head.show()
                new.append(head)
            else:
                del old[layer.id]
            head.show_layer(layer, name, index)
            heads[layer.id] = head
        self._heads = {**heads, OUTPUT_ID: self._output}
        for head in old.values():
            # The click on its own × may still be running.
            head.hide()
            head.deleteLater()
        if new or old:
            self._chain_tabs()
        return new

    def place(
        self, places: Sequence[Place], sizes: HeadSizes, lifted: Lifted | None, area: Box, selected: int | None
    ) -> None:
        """Put every head above its column, at the top of the `area` that is seen, the lifted one on top.

        Where there is no room for controls, the head of the selected layer has its own over those beside it.
        """
        if sizes is not self._sizes:
            self._sizes = sizes
            for head in self._heads.values():
                head.set_compact(sizes is not ROOMY)
        for place in places:
            key = place.column.key
            head = self._heads[key]
            in_hand = lifted is not None and key == lifted.key
            y = round(area.top) + HEAD_TOP_PX + (round(lifted.dy) if lifted is not None and in_hand else 0)
            opened = sizes is TINY and key == selected and not in_hand
            head.set_tiny(sizes is TINY and not opened)
            if opened:
                width = COMPACT.output if key == OUTPUT_ID else COMPACT.widest
                middle = (place.head_left + place.head_right) / 2
                left = min(max(middle - width / 2, area.left + 2), area.right - width - 2)
                head.setGeometry(round(left), y, width, head.opened_px(width))
            else:
                head.setGeometry(round(place.head_left), y, round(place.head_width), sizes.height)
            if in_hand or opened:
                head.raise_()

    def key_at(self, x: float, y: float) -> int | None:
        """The key of the head at a point, of the one on top if there are two."""
        at = QPoint(int(x), int(y))
        hit = [(key, head) for key, head in self._heads.items() if head.geometry().contains(at)]
        return max(hit, key=lambda one: one[1].width())[0] if hit else None

    def _chain_tabs(self) -> None:
        """Let Tab go through the controls from left to right."""
        before: QWidget = self._parent
        for head in self._heads.values():
            for control in head.controls:
                QWidget.setTabOrder(before, control)
                before = control
