"""Looks, before Qt does, whether it can run here: Qt aborts the process where a library or the display is missing."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import re
import socket
import sys
from pathlib import Path

_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
}
"""What Qt needs on Linux whatever it draws to, and the Debian package each is in."""

_XCB_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""What it needs beside that for a window under X."""


def chosen_platform() -> str:
    """The Qt platform that is asked for, or "" where Qt is to find out."""
    return os.environ.get("QT_QPA_PLATFORM", "").split(":")[0].split(";")[0]


def platforms() -> list[str]:
    """The Qt platforms that are installed; empty where that cannot be known."""
    package = importlib.util.find_spec("PySide6")
    places = package.submodule_search_locations if package is not None else None
    files = [file for place in places or [] for file in Path(place, "Qt", "plugins", "platforms").glob("libq*")]
    return sorted(re.sub(r"^libq|\..*$", "", file.name) for file in files)


def has_display() -> bool:
    """Whether there is a screen to open a window on, or a platform is chosen that needs none."""
    platform = chosen_platform()
    if not sys.platform.startswith("linux") or platform not in ("", "xcb", "wayland", "wayland-egl"):
        return True
    under_x = not platform.startswith("wayland") and _x_server_answers(os.environ.get("DISPLAY", ""))
    return under_x or (platform != "xcb" and has_wayland())


def has_wayland() -> bool:
    """Whether a Wayland compositor answers: the variable alone stays behind under `su` and in containers."""
    name = os.environ.get("WAYLAND_DISPLAY")
    return bool(name) and _connects(socket.AF_UNIX, str(Path(os.environ.get("XDG_RUNTIME_DIR", "")) / name))


def missing_packages() -> list[str]:
    """Debian packages of the system libraries that Qt would miss here; empty where all is well or cannot be known."""
    if not sys.platform.startswith("linux"):
        return []
    needed = dict(_LIBRARIES)
    platform = chosen_platform()
    if platform == "xcb" or (not platform and not has_wayland()):
        needed |= _XCB_LIBRARIES
    return [package for library, package in needed.items() if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _x_server_answers(display: str) -> bool:
    """Whether a server listens at an X display such as ":0", ":1.0" or "host:10"."""
    match = re.fullmatch(r"(?:unix|(?P<host>[^:]*)):(?P<number>\d+)(?:\.\d+)?", display.rpartition("/")[2])
    if match is None:
        return False
    host, number = match["host"], int(match["number"])
    if host:
        return _connects(socket.AF_INET, (host, 6000 + number))
    path = f"/tmp/.X11-unix/X{number}"
    return (Path(path).exists() and _connects(socket.AF_UNIX, path)) or _connects(socket.AF_UNIX, f"\0{path}")


def _connects(family: int, address: object) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(2)
        try:
            probe.connect(address)  # pyright: ignore[reportArgumentType]
        except OSError:
            return False
    return True
