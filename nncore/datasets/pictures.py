"""Pictures drawn by the program: happy and sad faces, for networks that are to tell them apart."""

from __future__ import annotations

from functools import cache

import numpy as np

from nncore.datasets.base import Dataset, signs

SIDE = 64
"""Height and width in pixels."""
N_TRAIN, N_TEST = 209, 50
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
        pictures = np.stack([_face(rng, 1 if each else -1) for each in happy])
        if noise:
            pictures += rng.normal(0, noise, pictures.shape)
        return np.clip(pictures, 0, 1).reshape(n, -1), signs(happy)


@cache
def _input_names() -> tuple[str, ...]:
    """The names of all values, made once, by who asks for them first."""
    colours = ("red", "green", "blue")
    return tuple(f"pixel {i},{j} {colour}" for i in range(SIDE) for j in range(SIDE) for colour in colours)


def _face(rng: np.random.Generator, mood: int) -> np.ndarray:
    """A face, (SIDE, SIDE, 3), with a grain that may leave 0 … 1 a little; `mood` is +1 or −1."""
    radius = rng.uniform(22, 26)
    x, y = _coordinates(rng, radius)
    skin, ink = rng.uniform(0.4, 0.9, 3), rng.uniform(0, 0.15, 3)
    if rng.random() < 0.25:
        skin, ink = rng.uniform(0.1, 0.4, 3), rng.uniform(0.75, 1, 3)
    eye_left, eye_right = (0.13 - np.hypot(x - side * 0.36, 0.8 * (y + 0.28)) for side in (-1, 1))
    drawn = np.maximum.reduce([eye_left, eye_right, _mouth(rng, x, y, mood)])
    picture = _background(rng)
    for inside, colour in ((1 - np.hypot(x, y), skin), (drawn, ink)):
        # A pixel on the border is covered in part: `inside` is the distance to it in radii.
        cover = np.clip(inside * radius + 0.5, 0, 1)[..., None]
        picture += cover * (colour - picture)
    return picture + rng.normal(0, 0.03, picture.shape)


def _coordinates(rng: np.random.Generator, radius: float) -> tuple[np.ndarray, np.ndarray]:
    """How far to the right and how far down every pixel is from the middle of a face that leans a little, in radii."""
    across, down = rng.uniform(-2.5, 2.5, 2) + SIDE / 2
    x, y = (_COLUMN - across) / radius, (_ROW - down) / radius
    tilt = rng.uniform(-0.12, 0.12)
    return x * np.cos(tilt) + y * np.sin(tilt), y * np.cos(tilt) - x * np.sin(tilt)


def _background(rng: np.random.Generator) -> np.ndarray:
    """A dark colour that changes evenly from edge to edge, (SIDE, SIDE, 3)."""
    right, down = rng.uniform(-0.2, 0.2, 2)
    light = right * (_COLUMN / SIDE - 0.5) + down * (_ROW / SIDE - 0.5)
    return rng.uniform(0, 0.4, 3) + light[..., None]


def _mouth(rng: np.random.Generator, x: np.ndarray, y: np.ndarray, mood: int) -> np.ndarray:
    """How far inside the mouth every pixel is, in radii, negative outside: a piece of a parabola."""
    half_width, thickness = rng.uniform(0.45, 0.6), rng.uniform(0.07, 0.11)
    bend = mood * rng.uniform(0.35, 0.55)
    middle, slope = 0.42 + bend * (0.5 - (x / half_width) ** 2), 2 * bend * x / half_width**2
    distance = np.abs(y - middle) / np.sqrt(1 + slope * slope)
    return np.minimum(thickness - distance, half_width - np.abs(x))
