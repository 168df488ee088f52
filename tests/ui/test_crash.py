"""What happens to an error nobody caught."""

import os
import re
import subprocess
import sys
import threading

import pytest
from PySide6.QtCore import QObject, QThread
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QPlainTextEdit

from playground import app
from playground.document import edits
from playground.keeping.project import read_project
from playground.ui.crash import CrashHook, log_file
from playground.ui.dialogs.show_log import LogDialog
from playground.ui.log_file import MOST_BYTES


@pytest.fixture
def log(tmp_path, monkeypatch):
    file = tmp_path / "new folder" / "errors.log"
    monkeypatch.setattr("playground.ui.crash.log_file", lambda: file)
    return file


@pytest.fixture
def hooks(monkeypatch):
    """The hooks of the interpreter, put back after the test."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)


def report(hook, text):
    try:
        raise RuntimeError(text)
    except RuntimeError as error:
        hook(RuntimeError, error, error.__traceback__)


def test_an_error_is_shown_once_and_written_down_each_time(log, capsys):
    shown = []
    hook = CrashHook(shown.append)
    for text in ("first", "second"):
        report(hook, text)
    assert len(shown) == 1
    assert "first" in shown[0]
    assert "You can go on" in shown[0]
    for written in (log.read_text(), capsys.readouterr().err):
        assert "RuntimeError: first" in written
        assert "RuntimeError: second" in written


def test_an_error_is_shown_even_where_nothing_can_be_written(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").touch()
    monkeypatch.setattr("playground.ui.crash.log_file", lambda: tmp_path / "file" / "errors.log")
    shown = []
    report(CrashHook(shown.append), "disk full")
    assert "disk full" in shown[0]


def test_a_program_without_a_terminal_reports_too(log, monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    shown = []
    report(CrashHook(shown.append), "no terminal")
    assert len(shown) == 1
    assert "no terminal" in log.read_text()


def test_an_error_while_an_error_is_shown_is_only_written_down(log, capsys):
    shown = []

    def show(text):
        shown.append(text)
        report(hook, "inner")
        raise RuntimeError("in showing")

    hook = CrashHook(show)
    report(hook, "outer")
    assert len(shown) == 1
    for text in ("outer", "inner", "in showing"):
        assert f"RuntimeError: {text}" in log.read_text()


def test_an_error_in_a_thread_is_shown_in_the_thread_of_the_window(qtbot, hooks, log, capsys):
    shown = []
    home = QObject().thread()
    hook = CrashHook(lambda text: shown.append((text, QThread.currentThread() is home)))
    hook.install()
    thread = threading.Thread(target=lambda: [][1])
    thread.start()
    thread.join()
    assert shown == []
    qtbot.waitUntil(lambda: len(shown) == 1)
    assert "IndexError" in shown[0][0]
    assert shown[0][1]
    assert "IndexError" in log.read_text()


def test_errors_of_another_sort_are_shown_too(log, capsys):
    shown = []
    hook = CrashHook(shown.append)
    report(hook, "first")
    try:
        [][1]
    except IndexError as error:
        hook(IndexError, error, error.__traceback__)
    assert len(shown) == 2
    assert "IndexError" in shown[1]


def test_the_work_is_saved_aside_and_the_message_says_where(log, capsys, tmp_path):
    shown = []
    report(CrashHook(shown.append, lambda: tmp_path / "saved.nnp"), "sudden")
    assert f"Your work was saved to {tmp_path / 'saved.nnp'}." in shown[0]


def test_a_flock_of_errors_saves_the_work_once(log, capsys, tmp_path):
    saved = []
    hook = CrashHook(lambda text: None, lambda: saved.append(1))
    for kind in (RuntimeError, KeyError, IndexError, ValueError):
        hook(kind, kind("text"), None)
    assert len(saved) == 1


def test_an_error_in_saving_is_written_down_and_the_first_one_is_shown(log, capsys):
    shown = []

    def save():
        raise OSError("the disk is full")

    report(CrashHook(shown.append, save), "sudden")
    assert "sudden" in shown[0]
    assert "saved" not in shown[0]
    assert "the disk is full" in log.read_text()


def test_an_error_that_comes_sixty_times_a_second_does_not_fill_the_disk(log, capsys):
    hook = CrashHook(lambda text: None)
    for _ in range(3000):
        report(hook, "again and again")
    assert log.read_text().count("Traceback") == 20
    assert "for the 2048th time" in log.read_text()


def test_a_large_log_begins_anew_and_the_one_before_is_kept(log, capsys):
    log.parent.mkdir()
    log.write_text("x" * (MOST_BYTES + 1))
    report(CrashHook(lambda text: None), "the newest")
    assert "the newest" in log.read_text()
    assert log.stat().st_size < 10_000
    assert log.with_name("errors.log.1").stat().st_size == MOST_BYTES + 1


def test_the_log_says_when_it_was_and_which_versions(log, capsys):
    report(CrashHook(lambda text: None), "text")
    head = log.read_text().splitlines()[0]
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d nn-playground \S+, Python 3\S+, Qt 6\S+, PySide6 6\S+, ", head)


def test_what_can_be_raised_nowhere_is_reported_too(hooks, log, capsys):
    class Thing:
        def __del__(self):
            raise RuntimeError("in the end")

    shown = []
    hook = CrashHook(shown.append)
    hook.install()
    thing = Thing()
    del thing
    assert "in the end" in shown[0]
    assert "in the end" in log.read_text()


def test_what_the_program_logs_and_the_last_words_of_qt_stand_in_the_log(tmp_path):
    done = in_a_process(
        "from playground.ui.application import application; application();"
        "import logging; logging.getLogger('playground.anything').warning('worth knowing');"
        "from PySide6.QtCore import qCritical, qFatal; qCritical('not good'); qFatal('the end')",
        tmp_path,
    )
    assert done.returncode != 0
    written = (tmp_path / "nn-playground" / "errors.log").read_text()
    assert "worth knowing" in written
    assert "Qt: not good" in written
    assert "Fatal Python error: Aborted" in written


def test_a_segmentation_fault_leaves_a_trace_in_the_log(tmp_path):
    done = in_a_process("import faulthandler; faulthandler._sigsegv()", tmp_path)
    assert done.returncode != 0
    assert "Segmentation fault" in (tmp_path / "nn-playground" / "errors.log").read_text()


def in_a_process(code, state):
    """Run code after the log was opened, with its folder elsewhere."""
    variables = {**os.environ, "XDG_STATE_HOME": str(state), "QT_QPA_PLATFORM": "offscreen"}
    code = f"from playground.ui.log_file import open_log; open_log(); {code}"
    return subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, timeout=60)


def test_the_log_can_be_seen_and_its_place_copied(qtbot, log, capsys):
    report(CrashHook(lambda text: None), "worth seeing")
    dialog = LogDialog(log)
    qtbot.addWidget(dialog)
    text, copy = dialog.findChild(QPlainTextEdit, "log-text"), dialog.findChild(QAbstractButton, "copy-log-place")
    assert text is not None
    assert copy is not None
    assert "worth seeing" in text.toPlainText()
    copy.click()
    assert QGuiApplication.clipboard().text() == str(log)


def test_an_error_in_the_window_leaves_the_work_in_a_file_of_its_own(
    hooks, open_desk, tmp_path, monkeypatch, log, capsys
):
    monkeypatch.setattr("playground.app.state_folder", lambda: tmp_path)
    desk = open_desk()
    app.look_after(desk.window)
    hook = app.watch(desk.window)
    desk.window.document.apply(edits.set_learning_rate(0.123))
    report(hook, "sudden")
    (saved,) = (tmp_path / "saved").iterdir()
    assert read_project(saved).spec.training.learning_rate == 0.123
    assert str(saved) in desk.window.notice.text
    desk.window.files.ask_before_closing = False


def test_the_log_is_in_a_folder_of_the_user_and_needs_no_window_to_be_found():
    code = "from playground.ui.crash import CrashHook, log_file; print(log_file())"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert found == str(log_file())
    assert log_file().is_absolute()
    assert log_file().parent.name == "nn-playground"
