"""What the File menu offers for lessons."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from playground.document.lesson import Lesson
from playground.ui.actions import SEPARATOR, Entry
from playground.ui.dialogs.lesson import make_lesson

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow


def lesson_entries(window: MainWindow) -> list[Entry]:
    """Entries of the File menu; `window.lesson` need not be there yet."""
    return [
        Entry(
            "make-lesson",
            "File",
            "&Make a lesson …",
            "Ctrl+Shift+L",
            lambda: make_lesson(window, partial(_save, window)),
            "Write a task, and hide what is not needed for it",
        ),
        Entry(
            "leave-lesson", "File", "Lea&ve the lesson", "Ctrl+Alt+L", lambda: window.lesson.leave(), "Show everything"
        ),
        SEPARATOR,
    ]


def _save(window: MainWindow, lesson: Lesson) -> None:
    """Ask for a file; once one is chosen, the present work is this lesson, or, if that is empty, none any more."""

    def begin() -> None:
        window.lesson.own = None if lesson == Lesson() else lesson
        window.files.changes.note()

    window.files.save_as(first=begin)
