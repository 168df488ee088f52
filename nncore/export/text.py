"""Numbers as Python text: literals where they are few, packed bytes at the end of the script where they are many."""

from __future__ import annotations

import base64
import textwrap
import zlib
from collections.abc import Iterable
from typing import Any

import numpy as np

FEW = 128
"""Up to this many numbers a reader may want to see them."""
WIDTH = 116
"""Characters in a line."""

UNPACK = '''
def unpack(text, kind):
    """The numbers whose bytes were packed as text."""
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), kind)
'''


def numbers(array: np.ndarray, indent: str = "") -> str:
    """An array as nested lists, a line for each row if they do not all fit in one; every number reads back as the same.

    Parameters
    ----------
    array
        Any shape.
    indent
        Of the statement that this stands in.
    """
    flat = _nested(array)
    return flat if len(indent) + len(flat) < WIDTH - 30 else _rows(array, indent)


def _rows(array: np.ndarray, indent: str) -> str:
    inner = indent + "    "
    if array.ndim == 1:
        lines = textwrap.wrap(", ".join(_number(value) for value in array), WIDTH - len(inner))
        return "\n".join(["[", *(inner + line for line in lines[:-1]), f"{inner}{lines[-1]},", f"{indent}]"])
    rows = (_nested(row) if len(_nested(row)) < WIDTH - len(inner) else _rows(row, inner) for row in array)
    return "\n".join(["[", *(f"{inner}{row}," for row in rows), f"{indent}]"])


def _nested(array: np.ndarray) -> str:
    return _number(array[()]) if not array.ndim else f"[{', '.join(_nested(row) for row in array)}]"


def _number(value: Any) -> str:
    # Of a NumPy number, str is the shortest text that reads back as the same in its precision.
    text = str(value)
    return text if text.startswith("-0") else text.removesuffix(".0")


def packed(array: np.ndarray) -> str:
    """The call of `unpack` that gives the numbers of an array, flat, from the smallest type that holds them exactly."""
    array = np.ascontiguousarray(array)
    exact = (kind for kind in ("u1", "<f4", "<f8") if _holds(kind, array))
    kind = next(exact)
    text = base64.b64encode(zlib.compress(array.astype(kind).tobytes(), 9)).decode()
    lines = [text[start : start + WIDTH] for start in range(0, len(text), WIDTH)]
    return "\n".join(['unpack("""', *lines, f'""", "{kind}")'])


def _holds(kind: str, array: np.ndarray) -> bool:
    with np.errstate(all="ignore"):
        back = array.astype(kind).astype(array.dtype)
    return back.tobytes() == array.tobytes()


class Tail:
    """What a script fills in at its end, as it would hide the code at its beginning.

    Attributes
    ----------
    lines
        Statements, one per array.
    unpacks
        Whether anything needs the function `unpack`.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.unpacks = False

    def array(self, name: str, array: np.ndarray, dtype: str) -> str:
        """The statement that makes an array; for many numbers, one that makes an empty one, filled in at the end."""
        if array.size <= FEW:
            return f"{name} = np.array({numbers(array)}, {dtype})"
        self.fill(name, array)
        return f"{name} = np.zeros({array.shape}, {dtype})  # filled in at the end of this file"

    def fill(self, name: str, array: np.ndarray) -> None:
        """Add the statement that fills this many numbers in."""
        self.unpacks = True
        self.lines.append(f"{name}.flat = {packed(array)}")

    def value(self, array: np.ndarray, dtype: str) -> str:
        """An expression for an array, for scripts that have all their numbers at the end."""
        if array.size <= FEW:
            return f"np.array({numbers(array)}, {dtype})"
        self.unpacks = True
        shape = f".reshape{array.shape}" if array.ndim > 1 else ""
        return f"{packed(array)}{shape}.astype({dtype})"

    def statement(self, name: str, array: np.ndarray) -> str:
        """The statement that makes a float64 array, likewise."""
        return f"{name} = {self.value(array, 'np.float64')}"

    @property
    def imports(self) -> list[str]:
        """What the statements need."""
        return ["import base64", "import zlib"] if self.unpacks else []

    @property
    def text(self) -> str:
        """The end of the script, before it is run: the function `unpack`, and the statements."""
        return "\n".join([UNPACK, "", *self.lines, ""]) if self.unpacks else ""


def assemble(doc: str, imports: Iterable[str], *parts: str) -> str:
    """A script of these parts, with two empty lines around functions and classes and one between others."""
    standard = sorted(line for line in imports if line.split()[1] in ("base64", "math", "zlib"))
    others = [line for line in imports if line not in standard]
    head = [f'"""{doc}"""', "\n".join(standard), "\n".join(others)]
    text = "\n\n".join(part for part in head if part) + "\n"
    for part in parts:
        body = part.strip("\n")
        if not body:
            continue
        last = text.rstrip("\n").rsplit("\n", 1)[-1]
        wide = body.startswith(("def ", "class ", "@")) or (last.startswith(" ") and not body.startswith(" "))
        text += ("\n\n" if wide or body.startswith("if __name__") else "\n") + body + "\n"
    return text
