"""Addresses of the TensorFlow Playground: what stands behind the # of one, as an experiment of ours.

The same set-up is made of it: its data sets, 500 or 1200 samples, weights of U(−0.5, 0.5) with biases of 0.1, half the
squared error, plain gradient descent in a fixed order, with left-over samples carried into the next epoch. Its random
numbers are another generator's: points and first weights have the same distributions, and are not the same.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar
from urllib.parse import unquote

import nncore as nn
from playground.document.lesson import Lesson
from playground.document.spec import MAX_LAYERS, MAX_UNITS, Data, Layer, Spec, Training, validated

T = TypeVar("T")

HOST = "playground.tensorflow.org"
LONGEST = 4000
"""How many characters an address has at most."""
MOST_NOTES = 6

FEATURES = {
    "x": "x1",
    "y": "x2",
    "xSquared": "x1_squared",
    "ySquared": "x2_squared",
    "xTimesY": "x1_x2",
    "sinX": "sin_x1",
    "sinY": "sin_x2",
}
"""Its inputs, in its order; the first two are on unless a link says otherwise."""
_WITHOUT_INPUT = ("cosX", "cosY")
_ACTIVATIONS = {"relu": "relu", "tanh": "tanh", "sigmoid": "sigmoid", "linear": "identity"}
_REGULARIZERS = {"none": "none", "L1": "pruning_l1", "L2": "l2"}
_CLASSES = {"circle": "circle", "xor": "xor", "gauss": "gauss", "spiral": "spiral"}
_VALUES = {"reg-plane": "plane", "reg-gauss": "gaussians"}
_OTHER_KEYS = (
    *("activation", "regularization", "batchSize", "dataset", "regDataset", "learningRate", "regularizationRate"),
    *("noise", "networkShape", "seed", "showTestData", "discretize", "percTrainData", "problem", "initZero"),
    *("hideText", "collectStats", "tutorial"),
)
KEYS = frozenset((*FEATURES, *_WITHOUT_INPUT, *_OTHER_KEYS))
"""What a link can say, beside what it hides."""
_HIDE = "_hide"
HIDDEN = {
    "showTestData": ("show-test-data",),
    "discretize": ("discretize-output",),
    "playButton": ("play",),
    "stepButton": ("step",),
    "resetButton": ("reset",),
    "learningRate": ("learning-rate",),
    "activation": ("activations",),
    "regularization": ("regularizer",),
    "regularizationRate": ("regularization-rate",),
    "problem": ("data-sets",),
    "dataset": ("data-sets",),
    "percTrainData": ("train-share",),
    "noise": ("noise",),
    "batchSize": ("batch-size",),
    "numHiddenLayers": ("palette", "layer-heads"),
}
"""The controls that it can hide, and the parts of our window in which these things are done."""

_ADDRESS = re.compile(rf"(?:(?:https?:)?//)?(?:www\.)?{re.escape(HOST)}(?::\d+)?(?:[/?].*)?", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?", re.IGNORECASE)
_DRAWN_SEED = re.compile(r"(?:0?\.)?([0-9]{1,9})")
_EXPECTED = (
    f"a link of the TensorFlow Playground looks like https://{HOST}/#activation=tanh&dataset=spiral&networkShape=8,8"
)


class Link(NamedTuple):
    """What an address, or a preset, opens."""

    spec: Spec
    show_test: bool | None = None
    """Whether the test samples are shown, too; None says nothing of it."""
    discretize: bool | None = None
    """Whether the surface shows classes only, no shades between them."""
    notes: tuple[str, ...] = ()
    """Sentences on what could not be taken as it stands."""
    lesson: Lesson | None = None
    """What it hides of the window."""
    what: str = "link"
    """What it is."""

    @property
    def summary(self) -> str:
        """What it opens, in a few words: "Spiral, 8-6-4, ReLU, inputs x₁ x₂ sin x₁"."""
        spec = self.spec
        dense = [layer for layer in spec.layers if layer.has_units]
        words = [spec.dataset.label]
        if dense:
            words += ["-".join(str(layer.units) for layer in dense) if len(dense) <= 8 else f"{len(dense)} layers"]
            names = list(dict.fromkeys(nn.Activation.named(layer.activation).label for layer in dense))
            words += [" and ".join(names) if len(names) <= 2 else f"{len(names)} activations"]
        else:
            words += ["no hidden layer"]
        if spec.is_plane and spec.features != ("x1", "x2"):
            words += ["inputs " + " ".join(nn.feature(name).label for name in spec.features)]
        return ", ".join(words)


def is_link(text: str) -> bool:
    """Whether a text that nobody offered as a link is one: it has the host of the playground, or a # and its keys."""
    try:
        fragment = _fragment(text)
    except ValueError:
        return False
    return bool(_ADDRESS.fullmatch(text.strip().partition("#")[0])) or ("#" in text and _has_keys(fragment))


def read_link(text: str) -> Link:
    """The experiment that an address of the TensorFlow Playground stands for.

    Parameters
    ----------
    text
        The whole address, or what stands behind its #; nothing behind it is the experiment the site begins with.

    Raises
    ------
    ValueError
        If it is no such address; the message says what one looks like.
    """
    said = _Said(_pairs(_fragment(text)))
    regression = said.choice("problem", {"classification": False, "regression": True}, "classification")
    data = _data(said, regression)
    activation = said.choice("activation", _ACTIVATIONS, "tanh")
    layers = tuple(Layer("dense", i + 1, units=units, activation=activation) for i, units in enumerate(_shape(said)))
    spec = Spec(
        data=data,
        features=_features(said),
        layers=layers,
        output_activation="identity" if regression else "tanh",
        training=_training(said, data.n_train),
        seed=_seed(said.text("seed")),
    )
    show_test, discretize = said.switch("showTestData", False), said.switch("discretize", False)
    said.look_at_the_rest()
    hidden = dict.fromkeys(part for key, parts in HIDDEN.items() if said.hides(key) for part in parts)
    lesson = Lesson(hidden=tuple(hidden)) if hidden else None
    return Link(validated(spec), show_test, discretize, _bounded(said.notes), lesson)


# -- the text ---------------------------------------------------------------------------------------


def _fragment(text: str) -> str:
    """What stands behind the # of an address."""
    text = text.strip()
    if len(text) > LONGEST or any(map(str.isspace, text)):
        raise ValueError(_EXPECTED)
    before, sign, fragment = text.replace("&amp;", "&").partition("#")
    if _ADDRESS.fullmatch(before):
        return fragment
    if not sign:
        before, fragment = "", before
    elif not before and not fragment:
        return ""
    if not _has_keys(fragment):
        raise ValueError(_EXPECTED)
    return fragment


def _has_keys(fragment: str) -> bool:
    return any(_is_known(key) for key in _pairs(fragment))


def _is_known(key: str) -> bool:
    return key in KEYS or key.removesuffix(_HIDE) in KEYS


def _pairs(fragment: str) -> dict[str, str]:
    """Its keys and values; what is said twice counts as it is said last."""
    pieces = (piece.partition("=") for piece in fragment.split("&") if "=" in piece)
    return {unquote(key): unquote(value).strip() for key, _, value in pieces}


def _bounded(notes: Sequence[str]) -> tuple[str, ...]:
    if len(notes) <= MOST_NOTES:
        return tuple(notes)
    return (*notes[: MOST_NOTES - 1], f"There are {len(notes) - MOST_NOTES + 1} more such settings.")


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:29]}…"


class _Said:
    """What a link says, key by key; a key it does not name, or names without a value, has the reference's default."""

    def __init__(self, pairs: Mapping[str, str]) -> None:
        self._pairs = pairs
        self.notes: list[str] = []

    def text(self, key: str) -> str:
        return self._pairs.get(key, "")

    def names(self, key: str) -> bool:
        return key in self._pairs

    def note(self, key: str, why: str, instead: object) -> None:
        self.notes.append(f"{key}={_short(self.text(key))} {why}: {instead} instead.")

    def choice(self, key: str, possible: Mapping[str, T], default: str) -> T:
        value = self.text(key) or default
        if value not in possible:
            self.note(key, f"is none of {', '.join(possible)}", default)
        return possible.get(value, possible[default])

    def number(self, key: str, default: float, possible: Callable[[float], bool], expected: str) -> float:
        text = self.text(key)
        if not text:
            return default
        value = _number(text)
        if value is not None and possible(value):
            return value
        self.note(key, f"is not {expected}", f"{default:g}")
        return default

    def switch(self, key: str, default: bool) -> bool:
        return self.text(key) != "false" if self.text(key) else default

    def hides(self, key: str) -> bool:
        return self.text(key + _HIDE) == "true"

    def look_at_the_rest(self) -> None:
        """Note what has no effect here."""
        unknown = [_short(key) for key in self._pairs if not (_is_known(key) or key.endswith(_HIDE))]
        if unknown:
            self.notes.append(f"The TensorFlow Playground has no {', '.join(unknown[:4])}: left out.")
        for key in _WITHOUT_INPUT:
            if self.switch(key, False):
                self.notes.append(f"{key} feeds no network there: it can be switched on under Features.")
        if self.text("tutorial"):
            self.notes.append("The tutorial stays on its site.")


def _number(text: str) -> float | None:
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


# -- its parts --------------------------------------------------------------------------------------


def _data(said: _Said, regression: bool) -> Data:
    key, possible, default = ("regDataset", _VALUES, "reg-plane") if regression else ("dataset", _CLASSES, "circle")
    samples = 1200 if regression else 500
    percent = said.number("percTrainData", 50, lambda value: 10 <= value <= 90, "a percentage from 10 to 90")
    share = percent / 100
    if int(samples * share) < int(samples * percent / 100):
        share = math.nextafter(share, 1)  # 1200 · 0.41 is a little less than 492
    dataset = said.choice(key, possible, default)
    return Data(dataset, samples=samples, noise=_noise(said) / 100, train_share=share)


def _noise(said: _Said) -> float:
    """In percent; its slider ends at 50, a link may say up to 80."""
    noise = said.number("noise", 0, lambda value: True, "a number")
    if 0 <= noise <= 80:
        return noise
    bound = 0 if noise < 0 else 50
    said.note("noise", "is not from 0 to 80", bound)
    return bound


def _features(said: _Said) -> tuple[str, ...]:
    chosen = tuple(ours for key, ours in FEATURES.items() if said.switch(key, key in "xy") and not said.hides(key))
    if not chosen:
        said.notes.append("The link switches all inputs off: x₁ and x₂ instead.")
    return chosen or ("x1", "x2")


def _shape(said: _Said) -> tuple[int, ...]:
    """Units of the hidden layers; a shape without a value is one without layers."""
    if not said.names("networkShape"):
        return 4, 2
    if not said.text("networkShape"):
        return ()
    units = [_number(text.strip()) for text in said.text("networkShape").split(",")]
    whole = [int(number) for number in units if number is not None and number >= 1 and number == int(number)]
    if len(whole) != len(units):
        said.note("networkShape", "is no list of whole numbers from 1 on", "4,2")
        return 4, 2
    shape = tuple(min(number, MAX_UNITS) for number in whole[:MAX_LAYERS])
    if list(shape) != whole:
        said.note("networkShape", f"goes beyond {MAX_LAYERS} layers of {MAX_UNITS} units", "as much as that")
    try:
        Spec(layers=tuple(Layer("dense", i + 1, units=number) for i, number in enumerate(shape)))
    except ValueError:
        said.note("networkShape", "has more weights than there is room for", "4,2")
        return 4, 2
    return shape


def _training(said: _Said, n_train: int) -> Training:
    batch = said.number("batchSize", 10, lambda n: n >= 1 and n == int(n), "a whole number from 1 on")
    if batch > n_train:
        said.note("batchSize", "is more than there are for training, and there nothing would be learned", n_train)
    positive, rates = (lambda rate: 0 < rate <= 10), (lambda rate: 0 <= rate <= 10)
    return Training(
        loss="half_squared",
        optimizer="sgd",
        learning_rate=said.number("learningRate", 0.03, positive, "above 0 and at most 10"),
        batch_size=int(min(batch, n_train)),
        regularizer=said.choice("regularization", _REGULARIZERS, "none"),
        regularization_rate=said.number("regularizationRate", 0, rates, "a number from 0 to 10"),
        initializer="zeros" if said.switch("initZero", False) else "uniform",
        schedule="constant",
        shuffle=False,
        remainder="carry",
    )


def _seed(text: str) -> int:
    """A whole number for its seed: the digits of 0.12345, as the site draws it; one made of any other text; or 0."""
    drawn = _DRAWN_SEED.fullmatch(text)
    if drawn:
        return int(drawn[1])
    return zlib.crc32(text.encode(errors="replace")) % 2**31 if text else 0
