"""The log: what went wrong is written down in a folder of this user, and never takes much room."""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import os
import platform
import sys
import time
from functools import lru_cache
from pathlib import Path

import PySide6
from PySide6.QtCore import QStandardPaths, qVersion

from playground.ui.dialogs.about import program_version

MOST_BYTES = 1_000_000
"""Where the log is larger it begins anew; the one before is kept beside it."""


def state_folder() -> Path:
    """The folder of this user for what a program notes about itself."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericStateLocation)
    return Path(folder) / "nn-playground"


def log_file() -> Path:
    """Where errors are written down."""
    return state_folder() / "errors.log"


def write_down(text: str, file: Path) -> None:
    """To the terminal, if there is one, and to the log."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):  # it may be closed
            sys.stderr.write(text if text.endswith("\n") else f"{text}\n")
    write_to_log(text, file)


def write_to_log(text: str, file: Path) -> None:
    """With the time, and by which program; if it cannot be written, nothing happens."""
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            if file.stat().st_size > MOST_BYTES:
                file.replace(file.with_name(f"{file.name}.1"))
        with file.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {_versions()}\n{text.rstrip()}\n\n")


@lru_cache(maxsize=1)
def _versions() -> str:
    return (
        f"nn-playground {program_version()}, Python {platform.python_version()}, Qt {qVersion()}, "
        f"PySide6 {PySide6.__version__}, {platform.platform()}, process {os.getpid()}"
    )


class LogHandler(logging.Handler):
    """Writes what the program logs to the log file, too."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line down, and a traceback where there is one."""
        with contextlib.suppress(Exception):  # whatever is wrong with it: logging is no reason to fail
            write_to_log(self.format(record), log_file())


def open_log() -> None:
    """Log from now on, also the last words of a process that ends in a segmentation fault."""
    logger = logging.getLogger("playground")
    if not any(isinstance(handler, LogHandler) for handler in logger.handlers):
        logger.addHandler(LogHandler())
        logger.propagate = False
    with contextlib.suppress(OSError):
        log_file().parent.mkdir(parents=True, exist_ok=True)
        # Left open for as long as the process lives: in such a moment no file can be opened.
        faulthandler.enable(log_file().open("a", encoding="utf-8"))
