"""Finds the files that come with the program, in a source tree as well as in an installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def asset(path: str) -> Path:
    """The place of a bundled file or folder.

    Parameters
    ----------
    path
        Relative to `assets/`, with forward slashes: `"fonts/Inter-Regular.otf"`.

    Notes
    -----
    A wheel carries `assets/` inside the package, the source tree at its root.
    """
    installed = _PACKAGE / "assets"
    return (installed if installed.is_dir() else _PACKAGE.parent / "assets") / path
