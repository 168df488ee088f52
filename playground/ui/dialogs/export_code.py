"""The dialog that shows a network as code for elsewhere, and copies or saves it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from playground.document.spec import Spec
from playground.engine.client import Stood
from playground.engine.stand import Stand
from playground.keeping.code import FORMATS, Code, Flavour
from playground.keeping.code_writer import Answer, CodeWriter, Wish
from playground.ui.actions import Entry
from playground.ui.controls import ComboBox, PushButton, identify
from playground.ui.dialogs.files import ask_save
from playground.ui.dialogs.topmost import topmost
from playground.ui.export.saving import refusal, success, write_bytes
from playground.ui.fonts import body_font
from playground.ui.text import grouped, sentence
from playground.ui.theme import SPACING_PX

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

PREVIEW_LINES = 200
_SIZE_PX = 860, 600
_POLL_MS = 40
_CODE_PX = 11
_LETTERS = {"numpy": "N", "pytorch": "P", "keras": "K", "onnx": "O"}
_FLAVOURS: dict[Flavour, tuple[str, str]] = {
    "now": (
        "The network as it is now",
        "Begins with the present weights, whatever was changed before, and can go on",
    ),
    "training": ("Its whole training", "Begins with the first weights, and repeats every step up to now"),
}


class ExportDialog(QDialog):
    """Shows the code of a network; it is written in a process of its own meanwhile.

    Parameters
    ----------
    spec, stand
        The settings of the network, and where its training stands.
    name
        What it is called: the beginning of the name of a file.
    kind
        What is shown first, one of `FORMATS`.
    """

    def __init__(self, spec: Spec, stand: Stand, name: str, kind: str = "numpy", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("export-code-dialog")
        self.setWindowTitle(f"Export {name} as code")
        self._spec, self._stand, self._name = spec, stand, name
        self.code: Code | None = None
        """What was written; None until then, or if it is impossible."""
        self._writer = CodeWriter()
        self._waiting = QTimer(self)
        self._waiting.setInterval(_POLL_MS)
        self._waiting.timeout.connect(self._look)
        self._make_controls(kind)
        self._arrange()
        self.resize(*_SIZE_PX)
        self._write()
        self._format.setFocus()

    def done(self, result: int) -> None:
        """Close, whatever is still being written."""
        self._waiting.stop()
        self._writer.close()
        super().done(result)

    @property
    def kind(self) -> str:
        """The format that is chosen."""
        return self._format.currentData()

    def save(self, path: Path) -> None:
        """Write a file, and say so."""
        if self.code is None:
            return
        try:
            write_bytes(path, self.code.data)
        except (OSError, ValueError) as error:
            self._say(refusal(path, error))
        else:
            self._say(success(path))

    # -- what happens -----------------------------------------------------------------------------

    def _write(self) -> None:
        """Write what is chosen now."""
        form = FORMATS[self.kind]
        self._flavour.setEnabled(form.repeats)
        self.code = None
        self._preview.setPlainText("")
        self._enable()
        self._say("Writing …")
        self._writer.ask(Wish(self._spec, self._stand, self.kind, self._flavour.currentData()))
        self._waiting.start()

    def _look(self) -> None:
        for answer in self._writer.answers():
            self._hear(answer)
        if not self._writer.busy:
            self._waiting.stop()

    def _hear(self, answer: Answer) -> None:
        if isinstance(answer, Code):
            self._show(answer)
        elif isinstance(answer, str):
            self._say(sentence(answer))
        else:
            self._say(f"Going through the training, to see whether it leads here: {100 * answer:.0f} % …")

    def _show(self, code: Code) -> None:
        self.code = code
        text = code.text
        n_lines = text.count("\n")
        self._preview.setPlainText("\n".join(text.split("\n", PREVIEW_LINES)[:PREVIEW_LINES]))
        size = f"{grouped(max(1, round(len(code.data) / 1024)))} kB"
        counted = f"{grouped(n_lines)} lines, {size}" if FORMATS[self.kind].repeats else f"A binary file, {size}"
        rest = f"; the first {PREVIEW_LINES} lines are shown" if n_lines > PREVIEW_LINES else ""
        self._say(f"{counted}{rest}.")
        self._enable()

    def _enable(self) -> None:
        self._copy.setEnabled(self.code is not None and FORMATS[self.kind].repeats)
        self._save.setEnabled(self.code is not None)

    def _say(self, text: str) -> None:
        self._state.setText(text)
        self._state.setAccessibleName(text)

    def _copy_code(self) -> None:
        if self.code is not None:
            QGuiApplication.clipboard().setText(self.code.text)
            self._say("Copied: paste it into a file or a notebook.")

    def _ask_where(self) -> None:
        form = FORMATS[self.kind]
        file = f"{_slug(self._name)}-{self.kind}{form.suffix}"
        ask_save(self, f"Save {form.what}", file, f"{form.what} (*{form.suffix})", self.save)

    # -- what it is made of -----------------------------------------------------------------------

    def _make_controls(self, kind: str) -> None:
        self._format, self._flavour = ComboBox(), ComboBox()
        for name, form in FORMATS.items():
            self._format.addItem(form.what, name)
        self._format.setCurrentIndex(self._format.findData(kind))
        identify(self._format, "export-format", "Format")
        self._format.setToolTip("What the network is written for")
        for flavour, (label, _) in _FLAVOURS.items():
            self._flavour.addItem(label, flavour)
        identify(self._flavour, "export-flavour", "What is written")
        self._flavour.setToolTip("\n".join(f"{label}: {tip}" for label, tip in _FLAVOURS.values()))
        for box in (self._format, self._flavour):
            box.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToContents)
            box.activated.connect(self._write)
        self._preview = QPlainTextEdit()
        self._preview.setReadOnly(True)
        self._preview.setTabChangesFocus(True)
        self._preview.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._preview.setFont(_code_font())
        self._preview.document().setDocumentMargin(SPACING_PX)
        identify(self._preview, "export-preview", "The code")
        self._state = QLabel()
        identify(self._state, "export-state", "")
        self._state.setTextFormat(Qt.TextFormat.PlainText)
        self._state.setWordWrap(True)
        self._state.setProperty("muted", True)
        self._copy = _button("&Copy", "export-copy", "Put all of it into the clipboard", self._copy_code)
        self._save = _button("&Save …", "export-save", "Write it into a file", self._ask_where)
        self._save.setProperty("primary", True)
        self._close = _button("Close", "export-close", "Close (Esc)", self.reject)

    def _arrange(self) -> None:
        choice = QHBoxLayout()
        choice.setSpacing(SPACING_PX)
        for text, box in (("&Format", self._format), ("Co&ntent", self._flavour)):
            label = QLabel(text)
            label.setBuddy(box)
            choice.addWidget(label)
            choice.addWidget(box)
            choice.addSpacing(SPACING_PX)
        choice.addStretch(1)
        last = QHBoxLayout()
        last.setSpacing(SPACING_PX)
        last.addWidget(self._state, 1)
        for button in (self._copy, self._close, self._save):
            last.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(2 * SPACING_PX,) * 4)
        column.setSpacing(SPACING_PX)
        column.addLayout(choice)
        column.addWidget(self._preview, 1)
        column.addLayout(last)


def open_export(window: QWidget, spec: Spec, stand: Stand, name: str, kind: str = "numpy") -> ExportDialog:
    """Show a network as code.

    Parameters
    ----------
    window
        What the dialog stands over.
    spec, stand
        The settings of the network, and where its training stands or ended.
    name
        What it is called: "Run 3", "Spiral".
    kind
        What is shown first, one of `FORMATS`.
    """
    dialog = ExportDialog(spec, stand, name, kind, window)
    dialog.open()
    return dialog


def export_present(window: MainWindow, kind: str) -> None:
    """Show the network in the window as code, as it is at this moment."""

    def show(stood: Stood) -> None:
        open_export(topmost(window), stood.spec, stood.stand, stood.spec.dataset.label, kind)

    window.engine.ask_stand(show)


def code_entries(window: MainWindow) -> list[Entry]:
    """The entries of the menu, one for each format."""
    return [
        Entry(
            f"export-{kind}",
            "File/&Export",
            f"{form.what.replace(_LETTERS[kind], f'&{_LETTERS[kind]}', 1)} …",
            f"Ctrl+E,{_LETTERS[kind]}",
            partial(export_present, window, kind),
            f"The network for {form.label}, with the numbers that are on the screen",
        )
        for kind, form in FORMATS.items()
    ]


def _button(text: str, object_name: str, tip: str, run: Callable[[], object]) -> PushButton:
    button = PushButton(text)
    identify(button, object_name, text.replace("&", "").removesuffix(" …"))
    button.setToolTip(tip)
    button.setAccessibleDescription(tip)
    button.clicked.connect(lambda _checked=False: run())
    return button


def _code_font() -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(_CODE_PX)
    font.setHintingPreference(body_font().hintingPreference())
    return font


def _slug(name: str) -> str:
    """A name as the name of a file."""
    return re.sub(r"[^\w.]+", "-", name.lower()).strip("-.") or "network"
