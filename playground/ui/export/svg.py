"""What a painter draws as an SVG that looks the same everywhere: text as outlines, lines as wide as on the screen."""

from __future__ import annotations

import base64
import math
import re
import struct
import xml.etree.ElementTree as ET
from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFont, QImage, QImageWriter, QPaintDevice, QPainter, QPainterPath, QTransform
from PySide6.QtSvg import QSvgGenerator

from playground.ui.fonts import body_font

RATIO = 3
"""Pixels of embedded pictures per pixel of the drawing."""
_MOST_PIXELS = 1200
"""Along a side of a picture that is to be seen pixel by pixel, enlarged beforehand: viewers would blur it."""
_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_NUMBER = re.compile(r"-?\d+\.?\d*(?:e[-+]?\d+)?")
_PNG = "data:image/png;base64,"

ET.register_namespace("", _SVG)
ET.register_namespace("xlink", _XLINK)


def svg_of(paint: Callable[[QPainter], object], size: QSize, title: str) -> bytes:
    """An SVG of this size, painted by `paint` with a painter whose device has `RATIO` pixels per logical one."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = _Generator()
    generator.setOutputDevice(buffer)
    generator.setSize(size * RATIO)
    generator.setViewBox(QRect(0, 0, size.width() * RATIO, size.height() * RATIO))
    generator.setTitle(title)
    generator.setDescription("Neural Network Playground")
    painter = QPainter(generator)
    paint(painter)
    painter.end()
    return _made_portable(bytes(buffer.data().data()), size)


class _Generator(QSvgGenerator):
    """A device of several pixels per logical one: whatever is drawn by way of a picture is drawn that much finer."""

    _ENCODED = struct.unpack("<ii", struct.pack("<d", float(RATIO)))

    def metric(self, metric: QPaintDevice.PaintDeviceMetric) -> int:
        kind = QPaintDevice.PaintDeviceMetric
        if metric == kind.PdmDevicePixelRatio:
            return RATIO
        if metric == kind.PdmDevicePixelRatioScaled:
            return round(RATIO * QPaintDevice.devicePixelRatioFScale())
        # Qt asks for the two halves of a double, under numbers that have no name here.
        halves = {13: self._ENCODED[1], 14: self._ENCODED[0]}
        number = int(metric.value)
        return halves[number] if number in halves else super().metric(metric)


def _made_portable(data: bytes, size: QSize) -> bytes:
    root = ET.fromstring(data)
    root.set("width", f"{size.width()}")
    root.set("height", f"{size.height()}")
    root.attrib.pop("baseProfile", None)
    root.set("version", "1.1")
    _walk(root, QTransform())
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _walk(parent: ET.Element, outer: QTransform) -> None:
    for child in list(parent):
        own = _transform(child.get("transform", ""))
        kind = child.tag.rpartition("}")[2]
        if kind == "g":
            _walk(child, own * outer)
            if len(child) == 0:
                parent.remove(child)
        elif kind == "text":
            _outline(child)
        elif kind == "image":
            _enlarge(child, outer)
        elif child.get("vector-effect") == "non-scaling-stroke":
            _flatten(parent, child, outer)
        child.attrib.pop("vector-effect", None)
        child.tail = "\n"


def _transform(text: str) -> QTransform:
    values = [float(number) for number in _NUMBER.findall(text)]
    return QTransform(*values) if len(values) == 6 else QTransform()


def _outline(text: ET.Element) -> None:
    """Replace a text by its outlines: nobody else has the font."""
    font = body_font()  # whose figures all have one width
    font.setFamily(text.get("font-family", font.family()))
    font.setPixelSize(max(1, round(float(text.get("font-size", "12")))))
    font.setWeight(QFont.Weight(min(1000, max(1, int(text.get("font-weight", "400"))))))
    font.setItalic(text.get("font-style") == "italic")
    path = QPainterPath()
    content = (text.text or "").strip("\n")
    path.addText(QPointF(float(text.get("x", "0")), float(text.get("y", "0"))), font, content)
    kept = {name: text.get(name, "") for name in ("fill", "fill-opacity") if text.get(name)}
    text.clear()
    text.tag = f"{{{_SVG}}}path"
    text.attrib.update({"d": _written(path), **kept, "stroke": "none", "fill-rule": "nonzero", "aria-label": content})


def _written(path: QPainterPath) -> str:
    """The data of a path."""
    kind, pieces = QPainterPath.ElementType, []
    letters = {kind.MoveToElement: "M", kind.LineToElement: "L", kind.CurveToElement: "C"}
    for index in range(path.elementCount()):
        element = path.elementAt(index)
        x, y = (f"{value:.2f}".rstrip("0").rstrip(".") for value in (element.x, element.y))
        pieces.append(f"{letters.get(element.type, ' ')}{x},{y}")
    return "".join(pieces)


def _enlarge(image: ET.Element, outer: QTransform) -> None:
    """Write a picture whose pixels are meant to be seen with larger ones."""
    smooth = image.attrib.pop("image-rendering", "") != "optimizeSpeed"
    name = f"{{{_XLINK}}}href"
    picture = QImage.fromData(QByteArray.fromBase64(image.get(name, "").removeprefix(_PNG).encode()))
    if smooth or picture.isNull():
        return
    across = float(image.get("width", "1")) * outer.m11() / picture.width()
    times = min(math.ceil(across), _MOST_PIXELS // max(picture.width(), picture.height()))
    if times > 1:
        larger = picture.scaled(picture.size() * times, Qt.AspectRatioMode.IgnoreAspectRatio)
        image.set(name, _PNG + base64.b64encode(png_of(larger)).decode())


def png_of(image: QImage) -> bytes:
    """A picture as the bytes of a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not QImageWriter(buffer, QByteArray(b"PNG")).write(image):
        raise OSError("the picture could not be encoded")
    return bytes(buffer.data().data())


def _flatten(group: ET.Element, shape: ET.Element, outer: QTransform) -> None:
    """Draw a line whose width does not grow with its transform without one: not every viewer can do otherwise."""
    kind = shape.tag.rpartition("}")[2]
    name = {"path": "d", "polyline": "points", "polygon": "points"}.get(kind)
    if name is None or outer.m12() or outer.m21():
        return
    shape.set(name, _mapped(shape.get(name, ""), outer))
    inverse = outer.inverted()[0]
    matrix = (inverse.m11(), inverse.m12(), inverse.m21(), inverse.m22(), inverse.dx(), inverse.dy())
    shape.set("transform", f"matrix({','.join(repr(value) for value in matrix)})")
    shape.set("stroke-width", f"{RATIO * float(group.get('stroke-width', '1')):g}")


def _mapped(text: str, by: QTransform) -> str:
    """Coordinates in pairs, with whatever letters stand between them, mapped."""
    numbers = iter(_NUMBER.findall(text))
    pieces = _NUMBER.split(text)
    mapped: list[str] = []
    for x, y in zip(numbers, numbers, strict=True):
        point = by.map(QPointF(float(x), float(y)))
        mapped += [f"{point.x():.2f}", f"{point.y():.2f}"]
    return "".join(piece + number for piece, number in zip(pieces, [*mapped, ""], strict=True))
