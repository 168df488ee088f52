"""Pictures of what the window shows: off-screen copies of its views, in any theme and size, as pixels or as vectors."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import NamedTuple

import pyqtgraph as pg
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QRegion
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QCheckBox, QVBoxLayout, QWidget

from playground.engine.mirror import Mirror
from playground.engine.snapshot import History
from playground.ui.canvas.canvas import NetworkCanvas
from playground.ui.export.paper import PaperCanvas, PaperSurface, draw_curves_once
from playground.ui.export.svg import RATIO, svg_of
from playground.ui.parts import Parts
from playground.ui.plots.layers_view import LayersView
from playground.ui.plots.loss import LossView
from playground.ui.plots.parts import Segment
from playground.ui.plots.surface import SurfaceView
from playground.ui.stylesheet import style_sheet
from playground.ui.theme import Theme, make_palette

MARGIN_PX = 12
LEAST_PX, MOST_PX = 160, 4000
"""Of the sides of a picture."""
_USUAL = QSize(640, 400)
_CLEAR = "QGraphicsView, QGraphicsView > QWidget { background: transparent; }"


class Exhibit(NamedTuple):
    """Something of the window that can be made a picture of."""

    name: str
    title: str
    view: QWidget
    """The one of the window."""

    @property
    def usual_size(self) -> QSize:
        """As large as in the window, where that is a size for a picture."""
        size = self.view.size()
        if isinstance(self.view, NetworkCanvas):
            return size
        if isinstance(self.view, SurfaceView):
            return QSize(1, 1) * max(480, min(size.width(), 640))
        return size if size.width() >= 320 and 180 <= size.height() <= 900 else _USUAL


class Subject(NamedTuple):
    """What the pictures are of, at one moment."""

    mirror: Mirror
    history: History


class Look(NamedTuple):
    """How a picture looks."""

    theme: Theme
    size: QSize
    transparent: bool = False


class ViewPaper(QWidget):
    """A sheet with a margin around one view."""

    def __init__(self, view: QWidget, size: QSize) -> None:
        super().__init__()
        self.view = view
        column = QVBoxLayout(self)
        column.setContentsMargins(*(MARGIN_PX,) * 4)
        column.addWidget(view)
        self.resize(size)

    def refresh(self) -> None:
        """Show the newest numbers."""
        self.view.refresh()  # type: ignore[attr-defined]  # it is a view
        if isinstance(self.view, LayersView):
            self.view.readout.show_segments(Segment(self.view.subject, "text"))
        if isinstance(self.view, SurfaceView):
            self.view.readout.show_segments()
        if isinstance(self.view, LossView):
            self.view.plot.set_notice("")


Paper = PaperCanvas | ViewPaper


def exhibits(canvas: NetworkCanvas, views: Mapping[str, QWidget]) -> list[Exhibit]:
    """The network, and every view of `views` (by title) that can be made once more, for a picture."""
    plots = [(title, view) for title, view in views.items() if Parts([view]).views and _is_made_of_nothing(type(view))]
    return [Exhibit("network", "Network", canvas), *(Exhibit(title.lower(), title, view) for title, view in plots)]


def _is_made_of_nothing(kind: type[QWidget]) -> bool:
    given = list(inspect.signature(kind).parameters.values())
    return all(each.default is not each.empty for each in given)


@contextmanager
def paper_with(exhibit: Exhibit, subject: Subject, look: Look, vectors: bool = False) -> Iterator[Paper]:
    """A widget, never seen on the screen, that shows an exhibit as it is to be painted; gone afterwards."""
    if isinstance(exhibit.view, NetworkCanvas):
        paper: Paper = PaperCanvas(subject.mirror, look.theme, look.size, vectors)
    else:
        paper = _paper_of_view(exhibit.view, subject, look, vectors)
    paper.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    paper.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    paper.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)  # though unseen, it would keep the program alive
    paper.setPalette(make_palette(look.theme))
    paper.setStyleSheet(style_sheet(look.theme.tokens) + _CLEAR + paper.styleSheet())
    paper.show()
    try:
        if isinstance(paper, ViewPaper):
            _fill(paper, subject.mirror)
        yield paper
    finally:
        with suppress(RuntimeError):  # at the very end, Qt may have destroyed it before
            paper.hide()
            paper.deleteLater()


def image_of(paper: Paper, look: Look, scale: float) -> QImage:
    """A picture of so many pixels per logical pixel."""
    image = QImage(paper.size() * scale, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(scale)
    image.fill(Qt.GlobalColor.transparent if look.transparent else _ground(paper, look.theme))
    with QPainter(image) as painter:
        _render(paper, painter)
    return image


def drawing_of(paper: Paper, look: Look, title: str) -> bytes:
    """An SVG."""

    def paint(painter: QPainter) -> None:
        if not look.transparent:
            painter.fillRect(paper.rect(), _ground(paper, look.theme))
        _render(paper, painter)

    return svg_of(paint, paper.size(), title)


def _ground(paper: Paper, theme: Theme) -> QColor:
    return theme.color("canvas" if isinstance(paper, PaperCanvas) else "panel")


def _render(paper: Paper, painter: QPainter) -> None:
    # Without the background of the window, which is another one than that of its panels.
    paper.render(painter, QPoint(0, 0), QRegion(), QWidget.RenderFlag.DrawChildren)


# -- the copy of a view ---------------------------------------------------------------------------


def _paper_of_view(view: QWidget, subject: Subject, look: Look, vectors: bool) -> ViewPaper:
    copy = PaperSurface() if isinstance(view, SurfaceView) else type(view)()
    for box in view.findChildren(QCheckBox):
        same = copy.findChild(QCheckBox, box.objectName())
        if isinstance(same, QCheckBox):
            same.setChecked(box.isChecked())
    if isinstance(copy, LossView):
        copy.set_history(subject.history)
    paper = ViewPaper(copy, look.size)
    copy.set_theme(look.theme)  # type: ignore[attr-defined]  # it is a view
    if vectors and isinstance(copy, LossView):
        draw_curves_once(copy, RATIO)
    return paper


def _fill(paper: ViewPaper, mirror: Mirror) -> None:
    """Let the view of a sheet show the network, without what only hands can use."""
    view = paper.view
    view.set_mirror(mirror)  # type: ignore[attr-defined]
    for control in view.findChildren(QAbstractButton):
        control.hide()
    if isinstance(view, SurfaceView):
        view.cut.hide()
    _make_clear(view)
    QApplication.sendPostedEvents(paper)
    if isinstance(view, LayersView):
        view.strip.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        more_px = view.strip.canvas.minimumWidth() - view.strip.viewport().width()
        if more_px > 0:  # what has to be scrolled in the window is all to be seen here
            paper.resize(paper.width() + more_px, paper.height())
    paper.refresh()


def _make_clear(view: QWidget) -> None:
    """Let whatever fills its own ground leave that to the sheet."""
    for area in view.findChildren(QAbstractScrollArea):
        area.viewport().setAutoFillBackground(False)
        if isinstance(area, pg.GraphicsView):
            area.setBackground(None)
            area.setCacheMode(area.CacheModeFlag.CacheNone)
