"""Links and presets of ours: an experiment as one line that can be sent, or as JSON; and how any link is read.

A link is `nn-playground:1:` and what differs from the default experiment, as JSON, compressed, in the characters that
addresses may have. What was learned is not part of it, nor are weights that were set by hand: a project has those.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from typing import Any

import msgspec
from msgspec.structs import replace

from playground.document.presets import Preset
from playground.document.spec import Spec, decode
from playground.document.tf_link import HOST, Link, is_link
from playground.document.tf_link import read_link as read_tf_link

SCHEME = "nn-playground:"
FORMAT = 1
LONGEST = 100_000
"""Characters of a link: programs that send texts take no more."""
MOST_BYTES = 1_000_000
"""Of the JSON in a link, or of a preset."""

_HEAD = re.compile(r"nn-playground:([0-9]{1,9}):(.*)", re.DOTALL)
_CODED = re.compile(r"[A-Za-z0-9_-]*")
_DAMAGED = "the link is damaged, or not all of it is there: copy the whole of it again"
_TOO_LARGE = "the link says more than 1 MB: none of ours does"
_UNKNOWN = (
    f"a link looks like https://{HOST}/#dataset=spiral&networkShape=8,8 or {SCHEME}{FORMAT}:…, "
    "and a preset is JSON: {…}"
)
_PRESET_KEYS = tuple(f'"{name}"' for name in (*Spec.__struct_fields__, "spec"))


# -- writing ----------------------------------------------------------------------------------------


def write_link(spec: Spec) -> str:
    """The experiment as a link.

    Raises
    ------
    ValueError
        If its samples make it too long to be sent.
    """
    said = msgspec.json.encode(_told(spec))
    coded = base64.urlsafe_b64encode(zlib.compress(said, 9)).decode().rstrip("=")
    link = f"{SCHEME}{FORMAT}:{coded}"
    if len(said) > MOST_BYTES or len(link) >= LONGEST:
        raise ValueError("these samples are too many for a link; save a project instead")
    return link


def write_preset(spec: Spec) -> str:
    """The experiment as indented JSON, as the demos have it; what is not said there is as usual.

    Raises
    ------
    ValueError
        If its samples make it too long to be read again.
    """
    said = msgspec.json.format(msgspec.json.encode(_told(spec)), indent=2)
    if len(said) > MOST_BYTES:
        raise ValueError("these samples are too many for a preset; save a project instead")
    return said.decode()


def _told(spec: Spec) -> dict[str, Any]:
    """What a spec says that the default one does not; not what belongs to one sitting."""
    plain, usual = msgspec.to_builtins(_sent(spec)), msgspec.to_builtins(Spec())
    return _differing(plain, usual)


def _differing(plain: dict[str, Any], usual: dict[str, Any]) -> dict[str, Any]:
    differing = {name: value for name, value in plain.items() if name not in usual or value != usual[name]}
    for name, value in differing.items():
        if isinstance(value, dict) and isinstance(usual.get(name), dict):
            differing[name] = _differing(value, usual[name])
    return differing


def _sent(spec: Spec) -> Spec:
    """Without what means nothing elsewhere: the number of the run, and weights set while it learned."""
    return replace(spec, run=0, assigned=())


# -- reading ----------------------------------------------------------------------------------------


def is_own(text: str) -> bool:
    """Whether a text that nobody offered as a link or preset of ours wants to be one."""
    text = text.lstrip()
    return text.startswith(SCHEME) or (text.startswith("{") and any(key in text for key in _PRESET_KEYS))


def is_any(text: str) -> bool:
    """Whether a text wants to be a link of any kind, or a preset."""
    return is_own(text) or is_link(text)


def read_any(text: str) -> Link:
    """What a link, ours or the TensorFlow Playground's, or a preset opens.

    Raises
    ------
    ValueError
        If it is none of these, or says something impossible; the message says what.
    """
    text = text.strip()
    if text.startswith(SCHEME):
        return Link(read_link(text))
    if text.startswith("{"):
        return Link(read_preset(text), what="preset")
    try:
        return read_tf_link(text)
    except ValueError:
        raise ValueError(_UNKNOWN) from None


def read_link(text: str) -> Spec:
    """The experiment in a link of ours; white space, as mail programs put it into long lines, is passed over.

    Raises
    ------
    ValueError
        If the link is damaged, comes from a later version, or says something impossible.
    """
    match = _HEAD.fullmatch("".join(text.split())) if len(text) <= 2 * LONGEST else None
    if match is None:
        raise ValueError(_DAMAGED if len(text) <= 2 * LONGEST else _TOO_LARGE)
    if int(match[1]) != FORMAT:
        raise ValueError(_too_new("link", int(match[1]), FORMAT))
    return _spec(_unpacked(match[2]), "link")


def read_preset(text: str) -> Spec:
    """The experiment in the JSON of a preset: of the whole file of a demo, or of the `spec` in it.

    Raises
    ------
    ValueError
        If it is not JSON, comes from a later version, or says something impossible.
    """
    said = text.encode(errors="replace")
    if len(said) > MOST_BYTES:
        raise ValueError("the preset has more than 1 MB: none of ours does")
    return _spec(said, "preset")


def _unpacked(coded: str) -> bytes:
    """The JSON in a link; no more of it is unpacked than there is room for."""
    try:
        if not _CODED.fullmatch(coded):
            raise ValueError
        stream = zlib.decompressobj()
        said = stream.decompress(base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)), MOST_BYTES + 1)
    except (ValueError, binascii.Error, zlib.error):
        raise ValueError(_DAMAGED) from None
    if len(said) > MOST_BYTES:
        raise ValueError(_TOO_LARGE)
    if not stream.eof or stream.unused_data:
        raise ValueError(_DAMAGED)
    return said


def _spec(said: bytes, what: str) -> Spec:
    """The spec in a JSON text that may come from anywhere."""
    try:
        top = msgspec.json.decode(said, type=dict[str, msgspec.Raw])
        if "version" in top and (version := msgspec.json.decode(top["version"], type=int)) > 1:
            raise ValueError(_too_new(what, version, 1))
        if "spec" in top:
            return _sent(msgspec.json.decode(said, type=Preset).spec)
        return _sent(decode(said))
    except RecursionError:
        raise ValueError(f"the {what} says something impossible: it is nested too deeply") from None
    except msgspec.ValidationError as error:
        raise ValueError(f"the {what} says something impossible: {error}") from None
    except msgspec.DecodeError as error:
        raise ValueError(_DAMAGED if what == "link" else f"the preset is no JSON: {error}") from None


def _too_new(what: str, version: int, known: int) -> str:
    if version < known:
        return f"there is no {what} of format {version}: it is damaged"
    return f"the {what} comes from a later version of the playground (format {version}; this one reads {known})"
