"""The network panel: the palette on top, the canvas below, both on one document."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.document.document import Document
from playground.engine.mirror import Mirror
from playground.ui.canvas.canvas import NetworkCanvas
from playground.ui.canvas.editor import Editor
from playground.ui.canvas.palette import Palette
from playground.ui.canvas.targets import Target
from playground.ui.canvas.value_editor import ValueEditor
from playground.ui.canvas.view import NetworkView
from playground.ui.stylesheet import blend
from playground.ui.theme import DARK, Theme


class NetworkPanel(QWidget):
    """Where the network is built and watched.

    Parameters
    ----------
    document
        Every edit goes there. What is shown is what `set_mirror` brings back.
    """

    message = Signal(str)
    """Why an edit was impossible."""
    hint = Signal(str)
    """Advice: nothing went wrong."""
    selection_changed = Signal(object)
    """The id of the selected layer (`OUTPUT_ID` for the output), or None."""
    hovered = Signal(object)
    """(column, unit) of the neuron under the cursor, column 0 being the input; or None."""
    unit_clicked = Signal(object)
    """(column, unit) of a neuron that was clicked."""
    zoomed = Signal(float)
    """The new zoom."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("network-panel")
        self.setAccessibleName("Network")
        self._editor = Editor(document, self)
        self.palette_row = Palette(DARK, self)
        self.canvas = NetworkCanvas(self._editor, DARK)
        self.value_editor = ValueEditor(document, self.canvas)
        self.view = NetworkView(self.canvas, self)
        self._mirror: Mirror | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.palette_row)
        column.addWidget(self.view, 1)
        self._connect()
        self.set_theme(DARK)

    def set_theme(self, theme: Theme) -> None:
        """Use these colours."""
        self.setStyleSheet(style_sheet_of(theme))
        self.palette_row.set_theme(theme)
        self.canvas.set_theme(theme)
        self.value_editor.set_theme(theme)

    def set_mirror(self, mirror: Mirror) -> None:
        """Show the network of this mirror, which may have other layers than the last one."""
        self._mirror = mirror
        self.canvas.set_mirror(mirror)

    def refresh(self) -> None:
        """The mirror has new parameters."""
        self.canvas.refresh()
        self.value_editor.refresh()

    def sizeHint(self) -> QSize:
        return QSize(780, 460)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.palette_row.minimumSizeHint().width(), 180)

    @property
    def zoom(self) -> float:
        """How much larger the network is drawn than fits, 0.25 … 4; 1 fits."""
        return self.view.zoom

    def zoom_in(self) -> None:
        """Draw the network one step larger."""
        self.view.zoom_in()

    def zoom_out(self) -> None:
        """Draw the network one step smaller."""
        self.view.zoom_out()

    def fit(self) -> None:
        """Draw the network so that all of it is seen, from now on."""
        self.view.fit()

    def _edit_value(self, target: Target) -> None:
        """Open the editor of a weight or bias beside it."""
        if self._mirror is not None:
            self.canvas.card.hide()
            outline = self.canvas.scene.outline_of(target)
            self.value_editor.edit(target, self._mirror, self.canvas.anchor_of(target), outline)

    def _connect(self) -> None:
        self._editor.message.connect(self.message)
        self._editor.hint.connect(self.hint)
        self.palette_row.hint.connect(self.hint)
        self.canvas.selection_changed.connect(self.selection_changed)
        self.canvas.hovered.connect(self.hovered)
        self.canvas.unit_clicked.connect(self.unit_clicked)
        self.canvas.value_clicked.connect(self._edit_value)
        self.value_editor.message.connect(self.message)
        self.view.zoomed.connect(self.zoomed)
        self.palette_row.kind_picked.connect(self.canvas.append)
        self.palette_row.activation_picked.connect(self.canvas.give_activation)


def style_sheet_of(theme: Theme) -> str:
    """What the heads' small controls look like, beyond the application's style sheet."""
    t = theme.tokens
    return f"""
    QScrollArea#network-scroll {{ background: {t["canvas"]}; border: none; }}
    StepButton {{
        background: {t["raised"]}; border: 1px solid transparent; border-radius: 4px; padding: 0;
        color: {t["muted"]}; font-size: 13px;
    }}
    StepButton:hover {{ color: {t["text"]}; border-color: {t["hairline"]}; }}
    StepButton:pressed {{ border-color: {t["accent"]}; }}
    StepButton:focus {{ border: 2px solid {t["accent"]}; padding: 0; }}
    StepButton:disabled {{ color: {blend(t["raised"], t["muted"], 0.45)}; }}
    Stepper QLineEdit {{
        background: transparent; border: 1px solid transparent; border-radius: 4px; padding: 0; min-height: 0;
        color: {t["text"]}; font-weight: 600;
    }}
    Stepper QLineEdit:hover {{ border-color: {t["border"]}; }}
    Stepper QLineEdit:focus {{ background: {t["raised"]}; border: 2px solid {t["accent"]}; padding: 0; min-height: 0; }}
    ToolButton[remove="true"] {{
        color: {t["muted"]}; background: transparent; border: 1px solid transparent; border-radius: 4px; padding: 0;
        font-size: 14px;
    }}
    ToolButton[remove="true"]:hover {{ color: {t["panel"]}; background: {t["danger"]}; }}
    ToolButton[remove="true"]:focus {{ border: 2px solid {t["danger"]}; padding: 0; color: {t["danger"]}; }}
    Head QLabel {{ background: transparent; color: {t["text"]}; }}
    Head QLabel[muted="true"], HoverCard QLabel[muted="true"] {{ color: {t["muted"]}; font-size: 11px; }}
    HoverCard QLabel {{ background: transparent; color: {t["text"]}; }}
    QFrame#zoom-buttons {{ background: {t["panel"]}; border: 1px solid {t["hairline"]}; border-radius: 6px; }}
    QFrame#zoom-buttons QLabel {{ background: transparent; color: {t["muted"]}; font-size: 11px; }}
    QFrame#zoom-buttons ToolButton {{
        background: transparent; border: 1px solid transparent; border-radius: 4px; padding: 0 4px;
        color: {t["muted"]}; font-size: 11px;
    }}
    QFrame#zoom-buttons ToolButton:hover {{ background: {t["raised"]}; color: {t["text"]}; }}
    QFrame#zoom-buttons ToolButton:focus {{ border: 2px solid {t["accent"]}; padding: 0 3px; }}
    QFrame#zoom-buttons ToolButton:disabled {{ color: {blend(t["panel"], t["muted"], 0.45)}; }}
    ActivationButton {{ font-size: 11px; color: {t["muted"]}; }}
    """
