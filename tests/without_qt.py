"""Runs the tests of all that knows no Qt with every import of Qt forbidden; exits with pytest's status."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from pathlib import Path

import pytest

FORBIDDEN = ("PySide6", "pyqtgraph", "qtawesome", "pytestqt")


class NoQt(MetaPathFinder):
    def find_spec(self, fullname, path=None, target=None):
        if fullname.split(".")[0] in FORBIDDEN:
            raise ModuleNotFoundError(f"{fullname} must not be imported here")


if __name__ == "__main__":
    sys.meta_path.insert(0, NoQt())
    here = Path(__file__).parent
    folders = [str(here / name) for name in ("nncore", "document", "engine", "keeping")]
    # Without pytest-qt its setting in pyproject.toml is unknown, and an unknown setting is an error otherwise.
    options = ["-q", "-p", "no:pytest-qt", "-o", "addopts=", "-W", "ignore::pytest.PytestConfigWarning"]
    sys.exit(pytest.main([*options, *folders]))
