"""What happens to an error nobody caught."""

import subprocess
import sys
import threading

import pytest
from PySide6.QtCore import QObject, QThread

from playground.ui.crash import CrashHook, log_file


@pytest.fixture
def log(tmp_path, monkeypatch):
    file = tmp_path / "new folder" / "errors.log"
    monkeypatch.setattr("playground.ui.crash.log_file", lambda: file)
    return file


@pytest.fixture
def hooks(monkeypatch):
    """The hooks of the interpreter, put back after the test."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)


def report(hook, text):
    try:
        raise RuntimeError(text)
    except RuntimeError as error:
        hook(RuntimeError, error, error.__traceback__)


def test_an_error_is_shown_once_and_always_written_down(log, capsys):
    shown = []
    hook = CrashHook(shown.append)
    for text in ("first", "second"):
        report(hook, text)
    assert len(shown) == 1
    assert "first" in shown[0]
    assert str(log) in shown[0]
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


def test_the_log_is_in_a_folder_of_the_user_and_needs_no_window_to_be_found():
    code = "from playground.ui.crash import CrashHook, log_file; print(log_file())"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert found == str(log_file())
    assert log_file().is_absolute()
    assert log_file().parent.name == "nn-playground"
