"""The list in the command palette: title, the menu it stands in, and its keys, one line each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QCursor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from playground.ui.commands.search import Found
from playground.ui.controls import identify
from playground.ui.fonts import body_font, strong_font
from playground.ui.theme import SPACING_PX, Theme

ROW_PX = 30
ROWS_SHOWN = 12
FOUND_ROLE = Qt.ItemDataRole.UserRole
_CHECK_PX = 18
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

Index = QModelIndex | QPersistentModelIndex


class FoundModel(QAbstractListModel):
    """What was found."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.found: Sequence[Found] = ()

    def show(self, found: Sequence[Found]) -> None:
        """Hold these from now on."""
        self.beginResetModel()
        self.found = found
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        """One for each command."""
        return 0 if parent.isValid() else len(self.found)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """What is impossible at present can be gone to, for the reason."""
        return Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The title, and for screen readers all that is painted beside it."""
        found = self.found[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return found.command.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return found.command.spoken
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return found.command.tip
        return found if role == FOUND_ROLE else None


class FoundDelegate(QStyledItemDelegate):
    """Paints one command: letters that were typed in the accent's colour, what is impossible greyed."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Rows of one height."""
        return QSize(0, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a row."""
        found: Found = index.data(FOUND_ROLE)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]  # stubs
        area: QRect = option.rect  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("accent", 0.18))
            painter.drawRoundedRect(QRectF(area), 6, 6)
        painter.setOpacity(1.0 if found.command.possible else 0.45)
        inner = area.adjusted(SPACING_PX, 0, -SPACING_PX - 2, 0)
        if found.command.checked:
            painter.setPen(self._theme.color("accent"))
            painter.drawText(inner, _LEFT, "✓")
        inner.setLeft(inner.left() + _CHECK_PX)
        inner.setRight(self._paint_keys(painter, inner, found.command.keys))
        self._paint_title(painter, inner, found)
        painter.restore()

    def _paint_keys(self, painter: QPainter, area: QRect, keys: str) -> int:
        """Each stroke of a shortcut in a frame of its own, from the right; where they begin."""
        metrics = QFontMetrics(body_font())
        painter.setFont(body_font())
        right = area.right()
        for stroke in reversed(keys.split(", ") if keys not in ("", ",") else [keys][: len(keys)]):
            width = metrics.horizontalAdvance(stroke) + 12
            cap = QRectF(right - width, area.center().y() - 9.5, width, 20)
            painter.setPen(self._theme.color("hairline"))
            painter.setBrush(self._theme.color("raised"))
            painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            painter.setPen(self._theme.color("muted"))
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, stroke)
            right -= width + 4
        return right - SPACING_PX

    def _paint_title(self, painter: QPainter, area: QRect, found: Found) -> None:
        """The title, and behind it, quieter, where it stands otherwise."""
        command, at = found.command, area.left()
        room = area.right() - at
        shown = QFontMetrics(strong_font()).elidedText(command.title, Qt.TextElideMode.ElideRight, room)
        for letters, meant in _runs(shown, found.letters):
            font = strong_font() if meant else body_font()
            at = self._draw(painter, at, area, letters, font, "accent" if meant else "text")
        left = area.right() - at - 2 * SPACING_PX
        place = QFontMetrics(body_font()).elidedText(command.place, Qt.TextElideMode.ElideRight, left)
        if left > 40:
            self._draw(painter, at + 2 * SPACING_PX, area, place, body_font(), "muted")

    def _draw(self, painter: QPainter, at: int, area: QRect, text: str, font: QFont, token: str) -> int:
        """Draw a piece of text; where the next begins."""
        painter.setFont(font)
        painter.setPen(self._theme.color(token))
        painter.drawText(QRect(at, area.top(), area.right() - at + 1, area.height()), _LEFT, text)
        return at + QFontMetrics(font).horizontalAdvance(text)


class FoundList(QListView):
    """A list one goes through while the focus stays in the line above it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        identify(self, "palette-list", "Commands")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(FoundDelegate(theme, self))
        self._rows = FoundModel(self)
        self.setModel(self._rows)
        self._pointer = QCursor.pos()
        """Where the mouse was when the list last moved below it."""
        self.entered.connect(self._follow_pointer)

    @property
    def current(self) -> Found | None:
        """The one that Enter would run."""
        return self.currentIndex().data(FOUND_ROLE) if self.currentIndex().isValid() else None

    def show_found(self, found: Sequence[Found]) -> None:
        """List these, and go to the first."""
        self._rows.show(found)
        self.setFixedHeight(min(len(found), ROWS_SHOWN) * ROW_PX)
        self.go_to(0)

    def move_by(self, rows: int) -> None:
        """Go so many rows down; one step from the last leads to the first, and back."""
        count = self._rows.rowCount()
        if count:
            to = self.currentIndex().row() + rows
            self.go_to(to % count if abs(rows) == 1 else min(max(to, 0), count - 1))

    def go_to(self, row: int, scroll: bool = True) -> None:
        """Make a row the current one, and let a screen reader say it, though the focus is elsewhere."""
        index = self._rows.index(row)
        if not index.isValid():
            return
        self._pointer = QCursor.pos()
        self.setCurrentIndex(index) if scroll else self.selectionModel().setCurrentIndex(
            index, self.selectionModel().SelectionFlag.ClearAndSelect
        )
        event = QAccessibleEvent(self, QAccessible.Event.Focus)
        event.setChild(row)
        QAccessible.updateAccessibility(event)

    def _follow_pointer(self, index: QModelIndex) -> None:
        """Go to the row that the mouse was moved to; one that came to lie below it was chosen by nobody."""
        if QCursor.pos() != self._pointer:
            self.go_to(index.row(), scroll=False)


def _runs(text: str, letters: Sequence[int]) -> list[tuple[str, bool]]:
    """A text in pieces that are meant by what was typed, or not."""
    pieces: list[tuple[str, bool]] = []
    for at, letter in enumerate(text):
        meant = at in letters
        if pieces and pieces[-1][1] == meant:
            pieces[-1] = (pieces[-1][0] + letter, meant)
        else:
            pieces.append((letter, meant))
    return pieces
