"""Pictures drawn by the program: happy and sad faces, for networks that are to tell them apart."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from nncore.datasets.base import Dataset, signs

SIDE = 64
"""Height and width in pixels."""
N_TRAIN, N_TEST = 209, 50
_GRAIN = 0.03
"""Standard deviation of what every picture has without noise."""
_ROW, _COLUMN = np.mgrid[:SIDE, :SIDE] + 0.5


class Images(Dataset):
    """259 happy and sad faces, 64×64 pixels of three colours, 0 … 1. Noise adds to every value: normal, σ = ν.

    They differ in position, size, tilt, mouth, colours and background, and three of four are bright faces with dark
    eyes and mouth, the others the reverse. Logistic regression can only add up pixels, and a mouth that is now darker,
    now brighter than its face escapes it; a small deep network learns both. The first 209 are for training and the
    last 50 for the test, each half happy; fewer samples are the first of these.
    """

    name, label = "images", "Faces"
    domain = (0.0, 1.0)
    size = N_TRAIN + N_TEST
    train_size = N_TRAIN
    shape = (SIDE, SIDE, 3)

    @property
    def class_names(self):
        return ("sad", "happy")

    @property
    def input_names(self):
        return _input_names()

    @property
    def n_inputs(self):
        return SIDE * SIDE * 3

    def draw(self, rng, n, noise):
        happy = np.concatenate([rng.permutation(m) % 2 == 0 for m in (N_TRAIN, N_TEST)])[:n]
        pictures = np.empty((n, SIDE, SIDE, 3), np.float32)
        planes, grain = np.empty((3, SIDE, SIDE)), np.empty((SIDE, SIDE, 3))
        for picture, each in zip(pictures, happy, strict=True):
            _draw_face(planes, rng, 1 if each else -1)
            # Grain and noise are both normal, so that one draw is their sum: it is half of the time a face takes.
            rng.standard_normal(out=grain)
            grain *= float(np.hypot(_GRAIN, noise))
            grain += np.moveaxis(planes, 0, -1)
            np.clip(grain, 0, 1, out=picture)
        return pictures.reshape(n, -1), signs(happy)


@cache
def _input_names() -> tuple[str, ...]:
    """The names of all values, made once, by who asks for them first."""
    colours = ("red", "green", "blue")
    return tuple(f"pixel {i},{j} {colour}" for i in range(SIDE) for j in range(SIDE) for colour in colours)


class _Face(NamedTuple):
    """Where a face is in its picture, in pixels."""

    across: float
    down: float
    radius: float
    tilt: float

    def box(self, left: float, right: float, top: float, bottom: float) -> tuple[slice, slice]:
        """Rows and columns of a part of the picture, given in radii from the middle of the face; a pixel more."""
        rows, columns = (
            slice(max(0, int(middle - low * self.radius - 1)), int(middle + high * self.radius + 2))
            for middle, low, high in ((self.down, top, bottom), (self.across, left, right))
        )
        return rows, columns

    def coordinates(self, box: tuple[slice, slice]) -> tuple[np.ndarray, np.ndarray]:
        """How far to the right and how far down the pixels of a box are from the middle of the face, in radii."""
        x, y = (_COLUMN[box] - self.across) / self.radius, (_ROW[box] - self.down) / self.radius
        return x * np.cos(self.tilt) + y * np.sin(self.tilt), y * np.cos(self.tilt) - x * np.sin(self.tilt)


_ROUND = 1, 1, 1, 1
"""The part of the picture that a round face can reach, and (`_FEATURES`) eyes and mouth of one that leans."""
_FEATURES = 0.75, 0.75, 0.55, 1.1


def _draw_face(planes: np.ndarray, rng: np.random.Generator, mood: int) -> None:
    """Draw a face into (3, SIDE, SIDE), a plane for each colour; `mood` is +1 or −1."""
    radius = rng.uniform(22, 26)
    across, down = rng.uniform(-2.5, 2.5, 2) + SIDE / 2
    face = _Face(across, down, radius, rng.uniform(-0.12, 0.12))
    skin, ink = rng.uniform(0.4, 0.9, 3), rng.uniform(0, 0.15, 3)
    if rng.random() < 0.25:
        skin, ink = rng.uniform(0.1, 0.4, 3), rng.uniform(0.75, 1, 3)
    box = face.box(*_FEATURES)
    x, y = face.coordinates(box)
    eye_left, eye_right = (0.13 - np.hypot(x - side * 0.36, 0.8 * (y + 0.28)) for side in (-1, 1))
    drawn = np.maximum(np.maximum(eye_left, eye_right), _mouth(rng, x, y, mood))
    _draw_background(planes, rng)
    whole = face.box(*_ROUND)
    _cover(planes[:, *whole], 1 - np.hypot(*face.coordinates(whole)), radius, skin)
    _cover(planes[:, *box], drawn, radius, ink)


def _cover(part: np.ndarray, inside: np.ndarray, radius: float, colour: np.ndarray) -> None:
    """Colour the pixels of a part, (3, rows, columns), that are inside of something, (rows, columns)."""
    # A pixel on the border is covered in part: `inside` is the distance to it in radii.
    cover = np.clip(inside * radius + 0.5, 0, 1)
    part += cover * (colour[:, None, None] - part)


def _draw_background(planes: np.ndarray, rng: np.random.Generator) -> None:
    """Fill (3, SIDE, SIDE) with a dark colour that changes evenly from edge to edge."""
    right, down = rng.uniform(-0.2, 0.2, 2)
    light = right * (_COLUMN / SIDE - 0.5) + down * (_ROW / SIDE - 0.5)
    np.add(rng.uniform(0, 0.4, (3, 1, 1)), light, out=planes)


def _mouth(rng: np.random.Generator, x: np.ndarray, y: np.ndarray, mood: int) -> np.ndarray:
    """How far inside the mouth every pixel is, in radii, negative outside: a piece of a parabola."""
    half_width, thickness = rng.uniform(0.45, 0.6), rng.uniform(0.07, 0.11)
    bend = mood * rng.uniform(0.35, 0.55)
    middle, slope = 0.42 + bend * (0.5 - (x / half_width) ** 2), 2 * bend * x / half_width**2
    distance = np.abs(y - middle) / np.sqrt(1 + slope * slope)
    return np.minimum(thickness - distance, half_width - np.abs(x))
