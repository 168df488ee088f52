"""An inspector on a document, with a mirror that follows as the live loop makes it follow."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from playground.document.document import Document
from playground.document.spec import OUTPUT_ID, Layer, Spec
from playground.engine.mirror import Mirror
from playground.ui.inspect.view import InspectorView
from playground.ui.theme import DARK

TWO_LAYERS = Spec(layers=(Layer("dense", 1, units=3), Layer("dense", 2, units=2)))


class Following:
    """A document and a mirror: what is assigned stands in the mirror at once."""

    def __init__(self, spec: Spec) -> None:
        self.document = Document(spec)
        self.mirror = Mirror(spec)
        self.document.changed.connect(self._follow)

    @property
    def spec(self) -> Spec:
        """The experiment as it stands."""
        return self.document.spec

    def incoming(self, column: int, unit: int) -> np.ndarray:
        """The weights of a neuron, its bias behind them."""
        own = self.mirror.network.split(self.mirror.network.parameters)[column - 1]
        return np.append(own.weights[unit], own.biases[unit])

    def show(self, mirror: Mirror) -> None:
        """Give views another mirror."""

    def _follow(self, new: Spec, old: Spec) -> None:
        if new.learned != old.learned:
            values, self.mirror = self.mirror.network.values.copy(), Mirror(new)
            if len(values) == len(self.mirror.network.values):
                self.mirror.load(values)
            self.show(self.mirror)
        gone = old.assigned[-1] if len(old.assigned) > len(new.assigned) else None
        changed = gone or (new.assigned[-1] if new.assigned != old.assigned else None)
        if changed is not None:
            keys = [*(layer.id for layer in new.layers), OUTPUT_ID]
            own = self.mirror.network.layers[keys.index(changed.layer_id)]
            values = changed.before if gone else changed.values
            own.block[changed.unit, list(changed.columns)] = values
            self.mirror.load(self.mirror.network.values.copy())


class InspectorBench(Following):
    """The view as the main window uses it."""

    def __init__(self, qtbot, spec: Spec = TWO_LAYERS, width: int = 900, height: int = 200) -> None:
        super().__init__(spec)
        self.view = InspectorView(self.document, np.random.default_rng(5))
        self.messages: list[str] = []
        self.picked: list[object] = []
        self.view.message.connect(self.messages.append)
        self.view.picked_changed.connect(self.picked.append)
        qtbot.addWidget(self.view)
        self.view.set_theme(DARK)
        self.view.set_mirror(self.mirror)
        self.view.resize(width, height)
        self.view.show()
        self.view.activateWindow()
        qtbot.waitUntil(self.view.isActiveWindow)

    def show(self, mirror: Mirror) -> None:
        self.view.set_mirror(mirror)

    def learn(self, *parameters: float) -> None:
        """Let the network come to these parameters."""
        self.mirror.load(np.array(parameters))
        self.view.refresh()

    def widget(self, name: str) -> QWidget:
        """A control that is seen, by its object name."""
        found = self.view.findChild(QWidget, name)
        assert found is not None, name
        return found

    def click(self, name: str) -> None:
        """Click a control."""
        widget = self.widget(name)
        assert widget.isVisible(), name
        where = QPoint(8, widget.height() // 2)  # a check box has room at its right that does not answer
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=where)
        QApplication.processEvents()


def with_weights(spec: Spec, index: int, **changes: object) -> Spec:
    """The spec with something said of the weights of one of its layers."""
    layers = list(spec.layers)
    layers[index] = replace(layers[index], weights=replace(layers[index].weights, **changes))
    return replace(spec, layers=tuple(layers))
