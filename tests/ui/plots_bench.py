"""What the tests of the plots share: small networks, shown views, and their pixels."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter

from playground.document.spec import Data, Layer, Spec
from playground.engine.mirror import Mirror
from playground.engine.snapshot import History
from playground.ui.plots.parts import small_font
from playground.ui.plots.surface import SurfaceView
from playground.ui.theme import DARK

PLANE = Spec(data=Data(samples=40), layers=())
"""The output is tanh(w1 x1 + w2 x2 + b), so that a test can say what the surface must be."""

DEEP = Spec(layers=(Layer("dense", 1, units=5), Layer("dropout", 2), Layer("dense", 3, units=3, activation="relu")))


def show_view(qtbot, view, width=320, height=360, theme=DARK):
    """Show a view until the test ends."""
    qtbot.addWidget(view)
    view.set_theme(theme)
    view.resize(width, height)
    view.show()
    qtbot.waitExposed(view)
    return view


def mirror_with(spec, *parameters):
    mirror = Mirror(spec)
    mirror.load(np.array(parameters) if parameters else mirror.network.parameters.copy())
    return mirror


def pixel_at(view, x1, x2):
    """The colour that the surface has at a point of the plane."""
    position = view.plot.box.mapViewToScene(QPointF(x1, x2)).toPoint()
    return view.plot.grab().toImage().pixelColor(position)


def same_color(color, token, tolerance=8):
    wanted = QColor(token)
    channels = ((color.red(), wanted.red()), (color.green(), wanted.green()), (color.blue(), wanted.blue()))
    return all(abs(a - b) <= tolerance for a, b in channels)


def surface_of(show, *parameters, spec=PLANE, **size):
    view = show(SurfaceView(), **size)
    view.set_mirror(mirror_with(spec, *parameters))
    return view


def history_of(train, test=None, epochs=None):
    history = History()
    epochs = np.arange(len(train)) if epochs is None else epochs
    history.append(np.stack([epochs, train, train if test is None else test], axis=1))
    return history


def written(axis, view):
    """(rectangle in pixels of the view, text) of everything that an axis writes."""
    picture = QImage(8, 8, QImage.Format.Format_RGB32)
    view.grab()
    painter = QPainter(picture)
    painter.setFont(small_font())
    specs = axis.generateDrawSpecs(painter)
    painter.end()
    return [(axis.mapRectToScene(rect), text) for rect, _, text in specs[2]]
