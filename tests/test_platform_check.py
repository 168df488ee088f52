"""Whether Qt can run here is known before it is asked to."""

from __future__ import annotations

import socket

import pytest

from playground import platform_check

pytestmark = pytest.mark.skipif(not platform_check.sys.platform.startswith("linux"), reason="looks on Linux only")


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    """No display, no choice of platform."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


@pytest.fixture
def lacking(monkeypatch):
    """Pretend that only these libraries are missing."""

    def pretend(*libraries: str) -> None:
        monkeypatch.setattr(platform_check, "_loads", lambda library: library not in libraries)

    return pretend


def test_without_any_variable_there_is_no_display():
    assert not platform_check.has_display()


@pytest.mark.parametrize("display", [":4711", ":4711.0", "localhost:4711", "unix:4711", "nonsense", ""])
def test_a_display_on_which_nobody_answers_is_none(monkeypatch, display):
    monkeypatch.setenv("DISPLAY", display)
    assert not platform_check.has_display()


def test_an_x_server_that_answers_is_a_display(monkeypatch):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("\0/tmp/.X11-unix/X4712")
        server.listen()
        monkeypatch.setenv("DISPLAY", ":4712.0")
        assert platform_check.has_display()


def test_a_wayland_compositor_that_answers_is_a_display(monkeypatch, tmp_path):
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert not platform_check.has_display(), "the variable alone is not enough"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-0"))
        server.listen()
        assert platform_check.has_display()


@pytest.mark.parametrize(
    ("platform", "answer"), [("offscreen", True), ("minimal:x", True), ("xcb", False), ("wayland", False)]
)
def test_a_chosen_platform_needs_a_display_only_if_it_draws_on_one(monkeypatch, platform, answer):
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    assert platform_check.has_display() is answer


def test_nothing_is_missing_where_all_libraries_load(lacking):
    lacking()
    assert platform_check.missing_packages() == []


def test_a_missing_library_is_named_by_its_debian_package(lacking):
    lacking("libEGL.so.1", "libxcb-cursor.so.0")
    assert platform_check.missing_packages() == ["libegl1", "libxcb-cursor0"]


def test_what_only_x_needs_is_not_missed_off_screen(lacking, monkeypatch):
    lacking("libxcb-cursor.so.0")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert platform_check.missing_packages() == []


def test_a_library_that_is_not_there_does_not_load():
    assert platform_check._loads("libc.so.6")
    assert not platform_check._loads("libnobody-has-this.so.1")


def test_other_systems_bring_what_qt_needs(monkeypatch, lacking):
    lacking("libEGL.so.1")
    monkeypatch.setattr(platform_check.sys, "platform", "darwin")
    assert platform_check.has_display()
    assert platform_check.missing_packages() == []
