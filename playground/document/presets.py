"""The demos: experiments that come with the program, one JSON file each."""

from __future__ import annotations

from functools import cache

import msgspec
from msgspec import Struct

from nncore import UnknownNameError
from playground.document.spec import Spec
from playground.resources import asset

FIRST = "xor"
"""The demo that waits at the start, and in a new project."""


class Preset(Struct, frozen=True, forbid_unknown_fields=True):
    """A demo."""

    order: int
    """Place in the menu."""
    label: str
    description: str
    """One sentence: what there is to see."""
    spec: Spec
    group: str = ""
    """The heading it stands under in the menu; those without one come first."""


@cache
def presets() -> dict[str, Preset]:
    """All demos by name (that of the file), in the order of the menu."""
    files = asset("presets").glob("*.json")
    found = {file.stem: msgspec.json.decode(file.read_bytes(), type=Preset) for file in files}
    return dict(sorted(found.items(), key=lambda item: item[1].order))


def preset(name: str) -> Preset:
    """The demo of this name.

    Raises
    ------
    UnknownNameError
        If there is none; the message lists those there are.
    """
    try:
        return presets()[name]
    except KeyError:
        raise UnknownNameError("demo", name, list(presets())) from None
