"""What window and worker say to each other: messages on a pipe, and a block of shared memory for what moves fast."""

from __future__ import annotations

import math
from multiprocessing.shared_memory import SharedMemory
from typing import Annotated, Literal

import msgspec
import numpy as np
from msgspec import Meta, Struct

from playground.document.spec import Spec
from playground.engine.snapshot import Snapshot
from playground.engine.stand import Stand, decode_array, encode_array

# -- messages -------------------------------------------------------------------------------------


class Speed(Struct, frozen=True):
    """How fast to train."""

    value: Annotated[float, Meta(gt=0)] | None = 60.0
    """None is as fast as it goes."""
    per: Literal["epoch", "step"] = "epoch"
    """What `value` counts per second."""

    def steps_per_s(self, steps_per_epoch: int) -> float:
        """Updates per second; infinity without a limit."""
        if self.value is None:
            return math.inf
        return self.value * (steps_per_epoch if self.per == "epoch" else 1)


class Configure(Struct, frozen=True, tag=True):
    """Train this spec from now on."""

    revision: int
    spec: Spec
    origin: int
    """The revision at which the present loss curve began: rows of it are marked with that."""
    reset: bool = False
    """Start anew, rather than keep what still fits."""
    stand: Stand | None = None
    """Start anew, and go on from here."""
    travels: bool = False
    """Whether an undo or a redo leads here: a network of other layers comes back as it was left."""

    @property
    def is_edit(self) -> bool:
        """Whether what was learned under the spec before is kept."""
        return not self.reset and self.stand is None


class SetPlaying(Struct, frozen=True, tag=True):
    """Play or pause."""

    playing: bool


class SetSpeed(Struct, frozen=True, tag=True):
    """Train this fast."""

    speed: Speed


class Step(Struct, frozen=True, tag=True):
    """Take one step, or go to the end of the epoch; pauses."""

    unit: Literal["step", "epoch"]


class GoBack(Struct, frozen=True, tag=True):
    """Go back to the best state under the present spec; pauses."""


class Ask(Struct, frozen=True, tag=True):
    """Say where training stands."""

    number: int
    """Comes back with the answer."""


Command = Configure | SetPlaying | SetSpeed | Step | GoBack | Ask


class Ready(Struct, frozen=True, tag=True):
    """The worker has opened the shared block."""


class Told(Struct, frozen=True, tag=True):
    """Something worth knowing about a spec: what its edit has done to the output."""

    revision: int
    """Of the spec this is about: of an older one it is no news any more."""
    text: str


class StandsAt(Struct, frozen=True, tag=True):
    """Where training stands under the spec of a revision."""

    revision: int
    stand: Stand
    why: Literal["now", "left"] = "now"
    """Whether it stands there now, or the spec was left for one that starts anew."""
    asked: int = 0
    """The number of the question that this answers; 0 answers none."""


class Finished(Struct, frozen=True, tag=True):
    """The worker has paused, since a condition of the spec holds."""

    revision: int
    reason: str


class Diverged(Struct, frozen=True, tag=True):
    """The worker has paused before the step that leads out of the finite numbers."""

    revision: int
    reason: str


class Failed(Struct, frozen=True, tag=True):
    """A command could not be carried out."""

    revision: int
    reason: str


Event = Ready | Told | StandsAt | Finished | Diverged | Failed

encode = msgspec.msgpack.Encoder(enc_hook=encode_array).encode
decode_command = msgspec.msgpack.Decoder(Command, dec_hook=decode_array).decode
decode_event = msgspec.msgpack.Decoder(Event, dec_hook=decode_array).decode

# -- shared memory --------------------------------------------------------------------------------

CAPACITY = 2**21
"""Most numbers of a network that is watched; more than the largest valid spec has. Memory that is not written to is not
taken from the system."""
HISTORY_ROWS = 4096

_HEADER = np.dtype(
    [
        ("sequence", "i8"),
        ("revision", "i8"),
        ("epoch", "i8"),
        ("steps", "i8"),
        ("n_values", "i8"),
        ("history_count", "i8"),
        ("beats", "i8"),
        ("heard", "i8"),
        ("said", "i8"),
        ("steps_per_s", "f8"),
        ("train_loss", "f8"),
        ("test_loss", "f8"),
        ("train_score", "f8"),
        ("test_score", "f8"),
        ("playing", "?"),
    ],
    align=True,
)
_ROW = 4  # revision of the last start, epochs, training loss, test loss


class Block:
    """A block of shared memory that one worker writes and one window reads, without locks.

    The newest snapshot stands under a sequence number that is odd while it is being written; the loss curve is a
    ring of the last `HISTORY_ROWS` rows. The window makes the block.

    Parameters
    ----------
    name
        Of a block to open; None makes a new one.
    """

    def __init__(self, name: str | None = None) -> None:
        size = _HEADER.itemsize + 8 * (HISTORY_ROWS * _ROW + CAPACITY)
        self._memory = SharedMemory(name, create=name is None, size=size if name is None else 0)
        self.name = self._memory.name
        buffer = self._memory.buf
        self._header = np.ndarray((), _HEADER, buffer)
        self._rows = np.ndarray((HISTORY_ROWS, _ROW), "f8", buffer, _HEADER.itemsize)
        self._values = np.ndarray(CAPACITY, "f8", buffer, _HEADER.itemsize + self._rows.nbytes)

    def write(self, snapshot: Snapshot) -> None:
        """Publish a snapshot."""
        header = self._header
        header["sequence"] += 1
        for name, value in zip(Snapshot._fields, snapshot, strict=True):
            if name != "values":
                header[name] = value
        header["n_values"] = len(snapshot.values)
        self._values[: len(snapshot.values)] = snapshot.values
        header["sequence"] += 1

    def read(self, seen: int) -> tuple[int, Snapshot | None]:
        """The newest snapshot, if it is newer than the one of sequence number `seen`, and its sequence number."""
        for _ in range(8):
            # Before all else, in a read of its own: what is read from here on is at least as new as this number.
            sequence = int(self._header["sequence"])
            if sequence == seen:
                return seen, None
            header = self._header.copy()
            values = self._values[: int(header["n_values"])].copy()
            if sequence % 2 == 0 and sequence == self._header["sequence"]:
                figures = {name: header[name].item() for name in Snapshot._fields if name != "values"}
                return sequence, Snapshot(**figures, values=values)
        return seen, None

    def append_history(self, row: tuple[float, float, float, float]) -> None:
        """Add (revision at which the curve began, epochs, training loss, test loss) to the curve."""
        count = int(self._header["history_count"])
        self._rows[count % HISTORY_ROWS] = row
        self._header["history_count"] = count + 1

    def read_history(self, seen: int) -> tuple[int, np.ndarray]:
        """The number of rows so far, and those after the first `seen`, (k, 4); the oldest are lost in a long pause."""
        count = int(self._header["history_count"])
        # The oldest rows of a full ring may be overwritten while they are read.
        first = max(seen, count - HISTORY_ROWS + 64)
        return count, self._rows[np.arange(first, count) % HISTORY_ROWS]

    def beat(self, heard: int) -> None:
        """Give a sign of life: so many messages have been obeyed."""
        self._header["heard"] = heard
        self._header["beats"] += 1

    @property
    def life(self) -> tuple[int, int]:
        """The number of signs of life so far, and of messages that have been obeyed."""
        return int(self._header["beats"]), int(self._header["heard"])

    def count_said(self) -> None:
        """Note that something has been said on the pipe; before the next snapshot."""
        self._header["said"] += 1

    @property
    def said(self) -> int:
        """How much has been said on the pipe so far."""
        return int(self._header["said"])

    def unlink(self) -> None:
        """Take its name away: the memory goes with the last process that has it open, however that ends."""
        self._memory.unlink()

    def close(self) -> None:
        """Let go of it."""
        del self._header, self._rows, self._values
        self._memory.close()
