"""The sheet of shortcuts: every key of the window and every gesture of the mouse, in columns, to be searched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMainWindow,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from playground.ui.actions import keys_of, name_of
from playground.ui.canvas.keys import key_lines
from playground.ui.commands.from_menus import walk
from playground.ui.controls import identify
from playground.ui.fonts import strong_font, title_font
from playground.ui.plots.painting import KEY_LINES
from playground.ui.theme import SPACING_PX

MOUSE = (
    ("Drag a layer from the palette", "insert it where the line shows"),
    ("Drag a layer by its head", "move it; off the canvas: remove it"),
    ("Drag an activation onto a layer", "give the layer this activation"),
    ("Point at a neuron", "see its map on the surface"),
    ("Click a neuron", "look at its weights in the Inspector"),
    ("Click a link or a bias", "set its value"),
    ("Drag the background", "move the picture"),
    ("Ctrl + mouse wheel", "zoom in or out"),
)
"""What the mouse does on the canvas."""
_COLUMN_PX = 340
_KEYS_PX = 120
"""Keys are no wider than this; what is done with the mouse takes more words."""
_MARGIN_PX = 3 * SPACING_PX
_FROM_EDGE_PX = 4 * SPACING_PX
"""Of the window, that are left free at every side."""


class Group(NamedTuple):
    """A part of the list of shortcuts."""

    title: str
    lines: Sequence[tuple[str, str]]
    """(keys or gesture, what it does)"""


class GroupBlock(QWidget):
    """The title of a group and its lines; what is searched for stays, the rest is hidden."""

    def __init__(self, group: Group) -> None:
        super().__init__()
        self.group = group
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 2 * SPACING_PX)
        grid.setHorizontalSpacing(2 * SPACING_PX)
        grid.setVerticalSpacing(SPACING_PX // 2 + 2)
        grid.setColumnStretch(1, 1)
        title = QLabel(group.title)
        title.setFont(title_font())
        title.setProperty("muted", True)
        grid.addWidget(title, 0, 0, 1, 2)
        self._rows: list[tuple[QLabel, QLabel]] = []
        for row, (keys, what) in enumerate(group.lines, 1):
            labels = QLabel(keys), QLabel(f"{what[:1].upper()}{what[1:]}")
            labels[0].setFont(strong_font())
            for place, label in enumerate(labels):
                label.setTextFormat(Qt.TextFormat.PlainText)
                label.setWordWrap(True)
                label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
                grid.addWidget(label, row, place)
            self._rows.append(labels)
        self.align_keys(self.keys_px)

    @property
    def keys_px(self) -> int:
        """The width its keys need; no more than half a column, where they are wrapped."""
        widest = max(label.fontMetrics().horizontalAdvance(label.text()) for label, _ in self._rows)
        return min(widest + 2, (_COLUMN_PX - 2 * SPACING_PX) // 2)

    def align_keys(self, width_px: int) -> None:
        """Let all that the keys do begin at the same place."""
        for label, _ in self._rows:
            label.setFixedWidth(width_px)

    def show_matching(self, words: Sequence[str]) -> int:
        """Show the lines in which all these words stand, or those of a title in which they do; how many these are."""
        in_title = [word in self.group.title.lower() for word in words]
        shown = 0
        for labels in self._rows:
            text = " ".join(label.text() for label in labels).lower()
            fits = all(titled or word in text for word, titled in zip(words, in_title, strict=True))
            shown += fits
            for label in labels:
                label.setVisible(fits)
        self.setVisible(shown > 0)
        return shown


class ShortcutsDialog(QDialog):
    """Lists every shortcut of the window, and what the mouse can do."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("shortcuts-dialog")
        self.setWindowTitle("Keyboard and mouse")
        groups = [*_menu_groups(window), Group("Canvas, keyboard", key_lines())]
        groups += [Group("Canvas, mouse", MOUSE), Group("Surface", KEY_LINES)]
        self._blocks = [GroupBlock(group) for group in groups]
        self._line = QLineEdit()
        self._line.setPlaceholderText("Search keys and what they do")
        self._line.setClearButtonEnabled(True)
        identify(self._line, "shortcuts-search", "Search keys and what they do")
        self._line.textChanged.connect(self._search)
        self._nothing = QLabel("No key does that.")
        self._nothing.setProperty("muted", True)
        self._nothing.hide()
        self._arrange(window.size() - QSize(2 * _FROM_EDGE_PX, 2 * _FROM_EDGE_PX))

    def _arrange(self, room: QSize) -> None:
        scroll = self._columns(max(1, min(4, (room.width() - 2 * _MARGIN_PX) // (_COLUMN_PX + _MARGIN_PX))))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        identify(buttons.button(QDialogButtonBox.StandardButton.Close), "close-shortcuts", "Close")
        column = QVBoxLayout(self)
        column.setContentsMargins(*(_MARGIN_PX,) * 4)
        column.setSpacing(2 * SPACING_PX)
        column.addWidget(self._line)
        column.addWidget(self._nothing)
        column.addWidget(scroll, 1)
        column.addWidget(buttons)
        self.resize(self.sizeHint().boundedTo(room))

    def _columns(self, count: int) -> QScrollArea:
        """The groups in so many columns of about the same height, one below the other in their order."""
        content = QWidget()
        row = QHBoxLayout(content)
        row.setContentsMargins(0, 0, SPACING_PX, 0)
        row.setSpacing(_MARGIN_PX)
        for blocks in _shared_out(self._blocks, count):
            column = QVBoxLayout()
            column.setSpacing(0)
            width_px = max((block.keys_px for block in blocks if block.keys_px <= _KEYS_PX), default=0)
            for block in blocks:
                block.align_keys(max(width_px, block.keys_px))
                block.setFixedWidth(_COLUMN_PX)
                column.addWidget(block)
            column.addStretch(1)
            row.addLayout(column)
        row.addStretch(1)
        return _Scroll(content)

    def _search(self, text: str) -> None:
        words = text.lower().split()
        found = sum([block.show_matching(words) for block in self._blocks])
        self._nothing.setVisible(not found)


class _Scroll(QScrollArea):
    """Wants to be as large as what it holds."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._content = content
        self.setWidget(content)
        self.setObjectName("shortcuts-scroll")
        self.setAccessibleName("Keys and what they do")
        self.setAccessibleDescription("Arrow keys scroll the list")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def sizeHint(self) -> QSize:
        hint = self._content.sizeHint()
        return QSize(hint.width() + self.verticalScrollBar().sizeHint().width(), hint.height())


def show_shortcuts(window: QMainWindow) -> None:
    """List every shortcut of the window, and what the mouse can do."""
    ShortcutsDialog(window).open()


def _menu_groups(window: QMainWindow) -> Iterator[Group]:
    """The shortcuts of each menu that has any; those of the canvas have a group of their own."""
    lines: dict[str, list[tuple[str, str]]] = {}
    for place, action in walk(window.menuBar()):
        if action.shortcuts():
            lines.setdefault(place, []).append((keys_of(action), name_of(action)))
    for place, found in lines.items():
        yield Group(place, found)


def _shared_out(blocks: Sequence[GroupBlock], count: int) -> list[list[GroupBlock]]:
    """Blocks in their order, in at most so many columns of which the highest is as low as possible."""
    heights = [block.heightForWidth(_COLUMN_PX) for block in blocks]
    limit = max(max(heights), sum(heights) // count)
    while len(columns := _filled(heights, limit)) > count:
        limit += SPACING_PX
    return [[blocks[at] for at in column] for column in columns]


def _filled(heights: Sequence[int], limit: int) -> list[list[int]]:
    columns: list[list[int]] = [[]]
    for at, height in enumerate(heights):
        if columns[-1] and sum(heights[each] for each in columns[-1]) + height > limit:
            columns.append([])
        columns[-1].append(at)
    return columns
