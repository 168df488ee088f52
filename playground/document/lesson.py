"""A lesson: what a teacher says about an experiment, and what of the window is hidden from the learners."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

MOST_TEXT = 2000


class Lesson(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a teacher says, and hides."""

    title: Annotated[str, Meta(max_length=200)] = ""
    text: Annotated[str, Meta(max_length=MOST_TEXT)] = ""
    """The task, in plain text."""
    hidden: Annotated[tuple[str, ...], Meta(max_length=200)] = ()
    """Names of parts of the window that are not shown; those a version does not know are left alone."""
