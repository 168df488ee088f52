"""A part and its settings in one line of text: `adam(beta_1=0.8)`. It is read, never evaluated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_PART = re.compile(r"\s*([^\s()=,]+)\s*(?:\((.*)\))?\s*", re.DOTALL)
_DEEPEST = 8


def name_in(text: str) -> str:
    """The name at the beginning of a text: that before the bracket."""
    return text.partition("(")[0].strip()


def read_part(text: str, deepest: int = _DEEPEST) -> str | dict[str, Any]:
    """What a text says, as `Registered.config` would give it: a name, or a dictionary with "name" and the settings.

    Raises
    ------
    ValueError
        If it is not of the form `name` or `name(key=value, key=value)`, where values are numbers, None, parts, or lists
        of these.
    """
    match = _PART.fullmatch(text)
    if match is None or deepest == 0:
        raise ValueError(f"expected a name, or name(setting=value), got '{text[:80]}'")
    name, inside = match.groups()
    if inside is None or not inside.strip():
        return name
    settings: dict[str, Any] = {}
    for item in _split(inside):
        key, equals, value = (part.strip() for part in item.partition("="))
        if not equals or not key or not value or key == "name" or key in settings:
            raise ValueError(f"expected setting=value, each once, in '{text[:80]}', got '{item.strip()[:80]}'")
        settings[key] = _read_value(value, deepest)
    return {"name": name, **settings}


def written_part(config: str | Mapping[str, Any]) -> str:
    """The text that `read_part` makes this configuration of; equal configurations give the same text."""
    if isinstance(config, str):
        return config
    settings = ", ".join(f"{key}={_write_value(value)}" for key, value in config.items() if key != "name")
    return f"{config['name']}({settings})" if settings else config["name"]


def _read_value(text: str, deepest: int) -> Any:
    if text == "None":
        return None
    if text.startswith("[") and text.endswith("]"):
        return [_read_value(item.strip(), deepest - 1) for item in _split(text[1:-1]) if item.strip()]
    try:
        return float(text) if any(sign in text.lower() for sign in ".einf") else int(text)
    except ValueError:
        return read_part(text, deepest - 1)


def _write_value(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_write_value, value))}]"
    return written_part(value) if isinstance(value, (str, Mapping)) else repr(value)


def _split(text: str) -> list[str]:
    """The parts of a text between the commas that stand in no bracket."""
    parts, depth = [""], 0
    for sign in text:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return parts
