"""The dialog that shows a network as code: what it says, copies and saves, and that the window never waits for it."""

import threading

import numpy as np
import pytest
from msgspec.structs import replace
from panel_bench import choose, find
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QLabel, QPlainTextEdit, QPushButton, QWidget
from shiboken6 import isValid

from playground.document import edits
from playground.document.spec import Spec
from playground.engine.session import Session
from playground.keeping import code_writer
from playground.keeping.code import FORMATS, Code, write_code
from playground.ui.dialogs import export_code
from playground.ui.dialogs.export_code import ExportDialog, open_export
from playground.ui.theme import DARK, LIGHT, apply_theme


class Bench:
    """A dialog over nothing, with hands."""

    def __init__(self, qtbot, session: Session, kind: str = "numpy") -> None:
        self.qtbot, self.session = qtbot, session
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.dialog = open_export(self.window, session.spec, session.stand(), "Run 3", kind)

    @property
    def state(self) -> str:
        return find(self.dialog, QLabel, "export-state").text()

    @property
    def preview(self) -> str:
        return find(self.dialog, QPlainTextEdit, "export-preview").toPlainText()

    def button(self, name: str) -> QPushButton:
        return find(self.dialog, QPushButton, f"export-{name}")

    def choose(self, name: str, value: str) -> None:
        choose(find(self.dialog, QComboBox, f"export-{name}"), value)

    def wait(self) -> None:
        self.qtbot.waitUntil(
            lambda: not self.dialog._writer.busy and not self.state.startswith("Writing"), timeout=20_000
        )


@pytest.fixture
def session() -> Session:
    session = Session(Spec())
    session.trainer.advance(30)
    return session


@pytest.fixture
def bench(qtbot, qapp, session):
    apply_theme(qapp, DARK)
    bench = Bench(qtbot, session)
    yield bench
    if isValid(bench.dialog):
        bench.dialog.close()


def test_it_shows_the_script_of_the_network_as_it_is(bench, session):
    assert bench.state == "Writing …"
    assert not bench.button("save").isEnabled()
    bench.wait()
    expected = write_code(session.spec, session.stand(), "numpy")
    assert bench.dialog.code == expected
    assert bench.preview.splitlines() == expected.text.splitlines()[: export_code.PREVIEW_LINES]
    assert bench.state.endswith("the first 200 lines are shown.")
    assert bench.button("save").isEnabled()


def test_another_format_and_the_whole_training_are_written_at_once(bench, session):
    bench.wait()
    bench.choose("format", "pytorch")
    bench.choose("flavour", "training")
    bench.wait()
    assert bench.dialog.code == write_code(session.spec, session.stand(), "pytorch", "training")


def test_a_run_that_was_edited_says_why_its_training_cannot_be_written(qtbot, qapp, session):
    session.apply(edits.set_learning_rate(0.5)(session.spec))
    session.trainer.advance(5)
    bench = Bench(qtbot, session)
    bench.choose("flavour", "training")
    bench.wait()
    assert bench.state.startswith("Something was changed on the way")
    assert bench.preview == ""
    assert not bench.button("save").isEnabled()
    assert not bench.button("copy").isEnabled()
    bench.dialog.close()


def test_it_tells_how_far_a_long_training_has_been_gone_through(qtbot, bench, session):
    bench.wait()
    bench.dialog._hear(0.43)
    assert bench.state == "Going through the training, to see whether it leads here: 43 % …"


def test_onnx_is_shown_as_a_graph_and_not_copied(bench):
    pytest.importorskip("onnx")
    bench.choose("format", "onnx")
    bench.wait()
    assert "input points: float32 (batch, 2)" in bench.preview
    assert bench.state.startswith("A binary file")
    assert not bench.button("copy").isEnabled()
    assert bench.button("save").isEnabled()
    assert not find(bench.dialog, QComboBox, "export-flavour").isEnabled()


def test_a_missing_package_is_said_in_one_sentence(bench, monkeypatch):
    bench.wait()
    bench.dialog._hear("ONNX files need the package onnx: pip install 'nn-playground[export]'")
    assert bench.state == "ONNX files need the package onnx: pip install 'nn-playground[export]'."


def test_copy_puts_the_whole_script_into_the_clipboard(qtbot, bench):
    bench.wait()
    qtbot.mouseClick(bench.button("copy"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == bench.dialog.code.text
    assert bench.state.startswith("Copied")


def test_save_asks_for_a_file_of_a_fitting_name_and_writes_all_of_it(qtbot, bench, monkeypatch, tmp_path):
    bench.wait()
    asked = []

    def answer(window, title, suggested, filters, then):
        asked.append((title, suggested, filters))
        then(tmp_path / suggested)

    monkeypatch.setattr(export_code, "ask_save", answer)
    qtbot.mouseClick(bench.button("save"), Qt.MouseButton.LeftButton)
    assert asked == [("Save NumPy script", "run-3-numpy.py", "NumPy script (*.py)")]
    assert (tmp_path / "run-3-numpy.py").read_bytes() == bench.dialog.code.data
    assert bench.state == f"Saved to {tmp_path / 'run-3-numpy.py'}."


def test_a_button_is_spoken_as_it_reads_and_described_by_its_tip(bench):
    assert [bench.button(name).accessibleName() for name in ("copy", "save", "close")] == ["Copy", "Save", "Close"]
    for name in ("copy", "save", "close"):
        assert bench.button(name).accessibleDescription() == bench.button(name).toolTip() != ""


def test_a_folder_that_is_not_there_is_said_and_nothing_is_lost(bench, tmp_path):
    bench.wait()
    bench.dialog.save(tmp_path / "nowhere" / "script.py")
    assert bench.state == "script.py could not be written: no such file or directory."
    assert bench.button("save").isEnabled()


def test_closing_ends_what_is_still_being_written(bench):
    writer, waiting = bench.dialog._writer, bench.dialog._waiting
    assert writer._process.is_alive()
    assert waiting.isActive()
    bench.dialog.close()
    assert writer._process is None
    assert not isValid(waiting) or not waiting.isActive()


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_every_control_has_a_name_and_a_tip_and_is_wide_enough_for_its_text(bench, qapp, theme):
    apply_theme(qapp, theme)
    bench.wait()
    for name in ("format", "flavour"):
        box = find(bench.dialog, QComboBox, f"export-{name}")
        assert box.accessibleName()
        assert box.toolTip()
        assert box.width() > max(box.fontMetrics().horizontalAdvance(box.itemText(i)) for i in range(box.count()))
    for name in ("copy", "save", "close"):
        assert bench.button(name).accessibleName()
        assert bench.button(name).focusPolicy() & Qt.FocusPolicy.TabFocus


# -- the process that writes ----------------------------------------------------------------------


def test_a_new_wish_takes_the_place_of_one_that_is_not_answered_yet(qtbot, session):
    writer, stand = code_writer.CodeWriter(), session.stand()
    long = replace(stand, steps=10**9, epochs=10**9 // 25)
    writer.ask(code_writer.Wish(session.spec, long, "numpy", "training"))
    writer.ask(code_writer.Wish(session.spec, stand, "pytorch", "now"))
    answers = []
    qtbot.waitUntil(lambda: answers.extend(writer.answers()) or not writer.busy, timeout=20_000)
    assert answers == [write_code(session.spec, stand, "pytorch")]
    writer.close()


def test_a_process_that_dies_is_told_and_the_next_wish_has_another(qtbot, session):
    writer, wish = code_writer.CodeWriter(), code_writer.Wish(session.spec, session.stand(), "numpy", "now")
    writer.ask(wish)
    assert writer._process is not None
    writer._process.kill()
    answers = []
    qtbot.waitUntil(lambda: answers.extend(writer.answers()) or not writer.busy, timeout=20_000)
    assert answers == [code_writer.LOST]
    writer.ask(wish)
    qtbot.waitUntil(lambda: answers.extend(writer.answers()) or not writer.busy, timeout=20_000)
    assert isinstance(answers[-1], Code)
    writer.close()


def test_a_wish_that_is_taken_back_while_it_is_being_sent_is_no_error(session):
    writer, stand = code_writer.CodeWriter(), session.stand()
    long = replace(stand, arrays={**stand.arrays, "values": np.zeros(4_000_000)})  # more than a pipe holds
    writer.ask(code_writer.Wish(session.spec, long, "numpy", "now"))
    writer.close()  # what a thread raises is a warning, and that an error
    assert not [each for each in threading.enumerate() if each.name == "sending a wish"]


# -- in the window --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FORMATS)
def test_the_menu_exports_the_network_of_the_window_as_it_is_at_this_moment(desk, kind):
    desk.window.loop.step("epoch")
    desk.wait_until(lambda: desk.engine.latest.epoch == 1)
    desk.window.actions_by_name[f"export-{kind}"].trigger()
    desk.wait_until(lambda: desk.window.findChild(ExportDialog) is not None)
    dialog = desk.window.findChild(ExportDialog)
    assert dialog.kind == kind
    assert dialog._stand.epochs == 1
    assert dialog.windowTitle() == "Export Circle as code"
    dialog.close()
