"""The views of the window as they stand on paper: without what is for hands, and the tricks of a screen's painters."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QPaintEvent, QPen, QTransform
from PySide6.QtWidgets import QAbstractButton, QWidget

from playground.document.document import Document
from playground.engine.mirror import Mirror
from playground.ui.canvas.blocks import paint_mosaic_edges
from playground.ui.canvas.canvas import NetworkCanvas
from playground.ui.canvas.editor import Editor
from playground.ui.canvas.fields import ActivationButton
from playground.ui.canvas.geometry import Place
from playground.ui.canvas.links import FAINTEST, STRONGEST, link_width, strengths
from playground.ui.canvas.mosaic import Mosaic
from playground.ui.canvas.panel import style_sheet_of as canvas_style_sheet
from playground.ui.canvas.picture import Picture, shade_of
from playground.ui.canvas.targets import Target, bias_center
from playground.ui.canvas.tiles import BIAS_SHADES, TileColumn, tile_rect
from playground.ui.plots.loss import LossView
from playground.ui.plots.parts import CURVE_PX, FAINT_PX
from playground.ui.plots.surface import SurfaceView
from playground.ui.plots.surface_items import PlaneItem
from playground.ui.theme import Theme

_PLANE_CORNER_PX = 4.0
_TILE_EDGE = 0.22
"""Opacity of the line around a tile."""


class PaperPicture(Picture):
    """Tiles with true round corners, so that they can stand on any ground; links as curves if they are to be `drawn`.

    The screen's links are one picture, which is ready in a millisecond, and its tiles are rounded by corners in the
    colour of the canvas.
    """

    drawn = False

    def paint_links(self, painter: QPainter, hovered: Target | None) -> None:
        field = self._field
        if self.drawn:
            self.catch_up()
            self._field = None
        super().paint_links(painter, hovered)
        if self.drawn and field is not None:
            self._field = field
            self._draw_links(painter)

    def _draw_links(self, painter: QPainter) -> None:
        """Every link as a curve, the strongest on top."""
        links = []
        bands = [band for band in self.scene.bands if band is not None]
        for band, weights in zip(bands, self.scene.weights_drawn(), strict=True):
            scale = band.shape.scale
            for (right, left), strength in zip(_places(weights.shape), strengths(weights).flat, strict=True):
                links.append((float(strength), float(weights[right, left]), scale, band.shape.path_of(left, right)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for strength, weight, scale, path in sorted(links, key=lambda link: link[0]):
            sign = "muted" if weight != weight else "negative" if weight < 0 else "positive"
            color = self.theme.color(sign, FAINTEST + (STRONGEST - FAINTEST) * strength)
            painter.setPen(QPen(color, link_width(weight, scale), c=Qt.PenCapStyle.FlatCap))
            painter.drawPath(path)

    def _paint_tiles(self, painter: QPainter, index: int, place: Place, hovered: Target | None) -> None:
        tiles = self._tiles.get(place.column.key)
        if tiles is None:
            return
        parameters = self.scene.parameters[index - 1] if self.scene.has_bias(index) else None
        for unit in tiles.shown:
            square = QRectF(tile_rect(place.x, place.ys[unit], place.tile))
            radius = min(max(3.0, place.tile / 6), place.tile / 3)
            painter.drawImage(square, rounded(_tile_image(tiles, unit), place.tile * self.ratio, radius * self.ratio))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.theme.color("text", _TILE_EDGE), 1))
            painter.drawRoundedRect(square.adjusted(0.5, 0.5, -0.5, -0.5), radius - 0.5, radius - 0.5)
        self._paint_states(painter, index, place)
        if parameters is None:
            return
        for unit in tiles.shown:
            self._paint_bias(painter, bias_center(place, unit), float(parameters.biases[unit]), place.tile)

    def _paint_bias(self, painter: QPainter, center: tuple[float, float], bias: float, tile: int) -> None:
        half = max(2.5, min(4.5, tile / 10.3))
        painter.setPen(QPen(self.theme.color("canvas"), 1.5))
        painter.setBrush(self.theme.signed_color(shade_of(bias) / BIAS_SHADES))
        painter.drawRoundedRect(QRectF(center[0] - half, center[1] - half, 2 * half, 2 * half), 2, 2)

    def _paint_mosaic(
        self, painter: QPainter, index: int, place: Place, mosaic: Mosaic, hovered: Target | None
    ) -> None:
        tiles = self._tiles.get(place.column.key)
        for unit in tiles.shown if tiles is not None else ():
            box = mosaic.box_of(unit, place.x)
            if tiles is not None and box is not None:
                painter.drawImage(QRectF(int(box.left), int(box.top), place.tile, place.tile), _tile_image(tiles, unit))
        paint_mosaic_edges(painter, self.theme, place, mosaic)
        self._paint_states(painter, index, place)


class PaperCanvas(NetworkCanvas):
    """The whole network, without the dots of the ground and what asks one to add something."""

    def __init__(self, mirror: Mirror, theme: Theme, size: QSize, drawn: bool = False) -> None:
        super().__init__(Editor(Document(mirror.spec)), theme)
        self._picture = self.paper = PaperPicture(theme)
        self.paper.drawn = drawn
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, False)
        self.setStyleSheet(canvas_style_sheet(theme))
        self.set_mirror(mirror)
        self.set_zoom(1.0, size.width(), size.height())
        self.resize(self.minimumSize().expandedTo(size))
        self.stage.finish()
        for place in self.stage.places:
            _hide_hands(self.heads[place.column.key])

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            ratio = painter.device().devicePixelRatioF()
            if ratio != self.paper.ratio:
                self.paper.set_theme(self.paper.theme, ratio)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.paper.paint_links(painter, None)
            for index in range(len(self.stage.places)):
                self.paper.paint_column(painter, index, None)


class PaperPlane(PlaneItem):
    """A coloured plane that is drawn as one picture: a vector drawing has no brushes made of pictures."""

    def paint(self, painter: QPainter, option, widget=None) -> None:
        area = self.mapRectToScene(self.boundingRect())
        side = area.width() * painter.device().devicePixelRatioF()
        self._draw(round(max(16, min(side, 400))))
        upright = self._image.transformed(QTransform.fromScale(1, -1))
        ratio = painter.device().devicePixelRatioF()
        painter.setTransform(self.sceneTransform().inverted()[0] * painter.transform())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(area, rounded(upright, side, _PLANE_CORNER_PX * ratio))


class PaperSurface(SurfaceView):
    """The decision surface as a drawing."""

    def __init__(self) -> None:
        super().__init__()
        self.plot.removeItem(self.plane)
        self.plane = PaperPlane()
        self.plane.setZValue(-0.5)
        self.plot.addItem(self.plane)


def draw_curves_once(view: LossView, ratio: float) -> None:
    """Let each curve be one line of its width, instead of several thin ones beside each other."""
    for curve, width_px in ((view.train_curve, CURVE_PX), (view.test_curve, FAINT_PX)):
        pen = QPen(curve.opts["pen"])
        pen.setWidthF(width_px)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        curve.setPen(pen)
        curve.setSegmentedLineMode("off")
        curve.width_px = 1 / ratio


def rounded(image: QImage, side: float, radius: float) -> QImage:
    """A square picture of so many pixels, with round corners beyond which there is nothing."""
    whole = max(1, round(side))
    result = QImage(whole, whole, QImage.Format.Format_ARGB32_Premultiplied)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    brush = QBrush(image)
    brush.setTransform(QTransform.fromScale(whole / image.width(), whole / image.height()))
    painter.setBrush(brush)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(QRectF(0, 0, whole, whole), radius, radius)
    painter.end()
    return result


def _hide_hands(head: QWidget) -> None:
    """Leave what a head says, without what can only be clicked; it keeps its place."""
    for button in head.findChildren(QAbstractButton):
        if not isinstance(button, ActivationButton):
            policy = button.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            button.setSizePolicy(policy)
            button.hide()


def _tile_image(tiles: TileColumn, unit: int) -> QImage:
    """The map of one unit alone."""
    side = tiles.image.width()
    return tiles.image.copy(0, (unit - tiles.shown.start) * side, side, side)


def _places(shape: tuple[int, ...]) -> list[tuple[int, int]]:
    return [(right, left) for right in range(shape[0]) for left in range(shape[1])]
