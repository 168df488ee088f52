"""The confusion matrix of one set of samples, with precision, recall and F1 of every class beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap

from playground.ui.plots.parts import small_font
from playground.ui.plots.scores import ClassFigures
from playground.ui.stylesheet import blend
from playground.ui.text import grouped, percent
from playground.ui.theme import DARK, Theme

TITLE_PX, HEAD_PX = 16, 15
_LEAST_COUNT_PX, _MOST_COUNT_PX = 18, 80
_LEAST_ROW_PX, _MOST_ROW_PX = 10.5, 40
"""In lower rows there is no text, only colour."""
_FIGURE_PX = 34
_MOST_NAME_PX = 76
_GAP_PX = 8
_DISC_PX = 12
"""The colour of a class, with the gap before its name."""
_FIGURES = ("prec.", "recall", "F1")
"""The heads of their columns."""
_FULLEST = 0.85
"""How much of the accent a cell has that holds all samples of its class."""

_SHADES = 65

_NAMES = ("precision", "recall", "F1")
_MEANINGS = (
    ("of what was taken for it is of it", "nothing was taken for it"),
    ("of its samples were found", "it has no samples"),
    ("between precision and recall", "it has no samples, and nothing was taken for it"),
)
"""What a figure says of a class, and why there may be none."""


class Place(NamedTuple):
    """A field of the table: that of a count or, from the number of classes on, that of a figure."""

    row: int
    column: int


class ConfusionCell(pg.GraphicsObject):
    """Rows are the true classes, columns those that were said; the colour of a field is its share of the row."""

    def __init__(self, names: Sequence[str], tokens: Sequence[str]) -> None:
        super().__init__()
        self.names, self._tokens = tuple(names), tuple(tokens)
        self._theme = DARK
        self._size = (0.0, 0.0)
        self._fields: dict[Place, QRectF] = {}
        self._shades: list[QColor] = []
        self._heads: QPixmap | None = None
        self._marked: Place | None = None
        self.figures: ClassFigures | None = None
        self.title, self._note = "", ""
        widest = max(map(QFontMetricsF(small_font()).horizontalAdvance, names))
        self._name_px = min(_MOST_NAME_PX, _DISC_PX + math.ceil(widest)) + 6

    # -- what the view calls --------------------------------------------------------------------------

    @property
    def least_px(self) -> float:
        """The width below which counts would touch."""
        return self._name_px + len(self.names) * _LEAST_COUNT_PX + _GAP_PX + len(_FIGURES) * _FIGURE_PX

    @property
    def most_px(self) -> float:
        """The width beyond which there would be nothing but space."""
        return self._name_px + len(self.names) * _MOST_COUNT_PX + _GAP_PX + len(_FIGURES) * _FIGURE_PX

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme, self._heads = theme, None
        shares = (_FULLEST * step / (_SHADES - 1) for step in range(_SHADES))
        self._shades = [QColor(blend(theme.raised, theme.accent_fill, share)) for share in shares]
        self.update()

    def fit(self, width_px: float, height_px: float) -> None:
        """Take this much room."""
        self.prepareGeometryChange()
        self._size, self._heads = (width_px, height_px), None
        n = len(self.names)
        places = (Place(row, column) for row in range(n) for column in range(n + len(_FIGURES)))
        self._fields = {place: self._field(place) for place in places}

    def show_figures(self, title: str, figures: ClassFigures) -> None:
        """Show these, of the samples that the title names."""
        self.title, self.figures = title, figures
        self._note = f"{percent(figures.accuracy)} right"
        self.update()

    def set_cursor(self, position: QPointF | None) -> str:
        """Mark what is at a position in this item's pixels; what there is to say about it, or ""."""
        place = None if position is None else self._place_at(position)
        if place != self._marked:
            self._marked = place
            self.update()
        return "" if place is None else self._text_of(place)

    # -- geometry -------------------------------------------------------------------------------------

    @property
    def _count_px(self) -> float:
        figures_px = _GAP_PX + len(_FIGURES) * _FIGURE_PX
        return min(_MOST_COUNT_PX, (self._size[0] - self._name_px - figures_px) / len(self.names))

    @property
    def _row_px(self) -> float:
        return min(_MOST_ROW_PX, (self._size[1] - TITLE_PX - HEAD_PX) / len(self.names))

    @property
    def is_legible(self) -> bool:
        """Whether rows are high enough for text."""
        return self._row_px >= _LEAST_ROW_PX

    def field(self, place: Place) -> QRectF:
        """Where a field stands."""
        return self._fields[place]

    def _field(self, place: Place) -> QRectF:
        n, count_px = len(self.names), self._count_px
        behind = place.column - n
        x = self._name_px + min(place.column, n) * count_px + (_GAP_PX + behind * _FIGURE_PX if behind >= 0 else 0)
        y = TITLE_PX + HEAD_PX + place.row * self._row_px
        return QRectF(x, y, _FIGURE_PX if behind >= 0 else count_px, self._row_px)

    def _place_at(self, position: QPointF) -> Place | None:
        return next((place for place, area in self._fields.items() if area.contains(position)), None)

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's own virtual method
        """The room that `fit` has given."""
        return QRectF(0, 0, *self._size)

    # -- words ----------------------------------------------------------------------------------------

    def _text_of(self, place: Place) -> str:
        if self.figures is None:
            return ""
        counts, (row, column), n = self.figures.counts, place, len(self.names)
        name = self.names[row]
        if column >= n:
            value = self._values(row)[column - n]
            said, missing = _MEANINGS[column - n]
            return (
                f"class {name}: {missing if math.isnan(value) else f'{percent(value)} {said}'} ({_NAMES[column - n]})"
            )
        total, count = int(counts[row].sum()), int(counts[row, column])
        share = percent(count / max(total, 1), 1)
        taken = "found" if row == column else f"taken for {self.names[column]}"
        return f"{grouped(count)} of {grouped(total)} samples of class {name} were {taken}, {share}"

    def _values(self, row: int) -> tuple[float, float, float]:
        """Precision, recall and F1 of a class."""
        figures = self.figures
        if figures is None:
            return math.nan, math.nan, math.nan
        return float(figures.precision[row]), float(figures.recall[row]), float(figures.f1[row])

    # -- painting -------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, option, widget=None) -> None:
        """Title, heads of columns, and a row per class."""
        if self.figures is None or not self._fields:
            return
        painter.setPen(self._theme.color("text"))
        painter.setFont(small_font(bold=True))
        painter.drawText(QPointF(0, 12), self.title)
        title_px = QFontMetricsF(small_font(bold=True)).horizontalAdvance(self.title)
        painter.setFont(small_font())
        painter.setPen(self._theme.color("muted"))
        painter.drawText(QPointF(title_px + _GAP_PX + 1, 12), self._note)
        ratio = painter.device().devicePixelRatioF()
        if self._heads is None or self._heads.devicePixelRatio() != ratio:
            self._heads = self._heads_picture(ratio)
        painter.drawPixmap(0, 0, self._heads)
        painter.setFont(_count_font(self._row_px, self._count_px))
        self._paint_counts(painter)
        if self.is_legible:
            self._paint_figures(painter)
        if self._marked is not None:
            painter.setPen(QPen(self._theme.color("text"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.field(self._marked).adjusted(0.5, 0.5, -1.5, -1.5))

    def _heads_picture(self, ratio: float) -> QPixmap:
        """What changes only with the room there is: names above the columns and before the rows."""
        picture = QPixmap(math.ceil(self._size[0] * ratio), math.ceil(self._size[1] * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(small_font())
        n, metrics = len(self.names), QFontMetricsF(small_font())
        widest, room = max(map(metrics.horizontalAdvance, self.names)), self._count_px - 2
        both = widest + _DISC_PX <= room
        for index in range(n):
            above, before = self.field(Place(0, index)), self.field(Place(index, 0))
            above = QRectF(above.left(), TITLE_PX, room, HEAD_PX - 2)
            self._paint_name(painter, above, index, disc=both or widest > room, name=widest <= room)
            before = QRectF(0, before.top(), self._name_px - 6, before.height() - 1)
            self._paint_name(painter, before, index, name=self.is_legible)
        painter.setPen(self._theme.color("muted"))
        for index, text in enumerate(_FIGURES):
            head = self.field(Place(0, n + index))
            painter.drawText(QRectF(head.left(), TITLE_PX, _FIGURE_PX, HEAD_PX - 2), _RIGHT, text)
        painter.end()
        return picture

    def _paint_name(self, painter: QPainter, area: QRectF, index: int, *, disc: bool = True, name: bool = True) -> None:
        """The colour of a class, its name, or both; one alone stands in the middle."""
        if disc:
            centre = area.center()
            self._paint_disc(painter, QPointF(area.left() + 4, centre.y()) if name else centre, index)
        if name:
            painter.setPen(self._theme.color("muted"))
            room = area.adjusted(_DISC_PX - 1 if disc else 0, 0, 0, 0)
            text = QFontMetricsF(painter.font()).elidedText(
                self.names[index], Qt.TextElideMode.ElideRight, room.width() + 1
            )
            side = Qt.AlignmentFlag.AlignLeft if disc else Qt.AlignmentFlag.AlignHCenter
            painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_disc(self, painter: QPainter, centre: QPointF, index: int) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(self._tokens[index]))
        painter.drawEllipse(centre, 3, 3)

    def _paint_counts(self, painter: QPainter) -> None:
        if self.figures is None:
            return
        on_full, normal = QColor(self._theme.on_accent), QColor(self._theme.text)
        gap = 2 if self._row_px >= 2 * _LEAST_ROW_PX else 1
        for row, counts in enumerate(self.figures.counts.tolist()):
            total = max(sum(counts), 1)
            for column, count in enumerate(counts):
                area = self.field(Place(row, column)).adjusted(0, 0, -gap, -gap)
                painter.fillRect(area, self._shades[round(count / total * (_SHADES - 1))])
                if count and self.is_legible:  # zeros would hide what matters
                    painter.setPen(on_full if count / total > 0.85 else normal)
                    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, grouped(count))

    def _paint_figures(self, painter: QPainter) -> None:
        painter.setPen(self._theme.color("text"))
        for row in range(len(self.names)):
            for index, value in enumerate(self._values(row)):
                area = self.field(Place(row, len(self.names) + index)).adjusted(0, 0, 0, -1)
                painter.drawText(area, _RIGHT, "–" if math.isnan(value) else f"{value:.2f}")


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def _count_font(row_px: float, count_px: float) -> QFont:
    """Figures that fit into low rows and narrow columns."""
    font = small_font()
    font.setPixelSize(9 if row_px < 15 or count_px < 26 else 11)
    return font
