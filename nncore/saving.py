"""A network, or a trainer with all it goes on from, in an .npz file and back: arrays, and JSON that says what they are.

The description of a network, in format 2, which is what is written:

    {"format": "nncore network 2", "network": {"inputs", "dtype", "initializer", "layers": [...], "standardized": bool}}

Its arrays: `values`, and `standardization.mean` and `.scale` if it is standardized. That of a trainer has the format
"nncore trainer 2", and besides "network": "trainer" (its settings), "test" (bool), "now" (its counts and the state of
its random generator), "first" (the same of its first step, or null) and, if parameters are frozen, "frozen" (true). Its
arrays: `X`, `y`, `test.X`, `test.y`, `frozen`, and for each of the two states those of `Trainer.state`, such as
`now.optimizer.m`; `now.values`, the network's own, is left out.

Layers, losses and so on stand there as `config()` gives them. Format 1, which came before, is still read.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

from nncore.archive import NUMBERS, Archive, count, entry, opened, place, write
from nncore.checks import file_path
from nncore.clipping import Clipping
from nncore.initializers import Initializer
from nncore.layers import BatchNorm, Layer
from nncore.losses import Loss
from nncore.network import Network, checked_dtype, sizes
from nncore.optimizers import Optimizer
from nncore.preprocessing import Standardization
from nncore.registry import Registered
from nncore.regularizers import Regularizer
from nncore.schedules import Schedule
from nncore.state import State, check_generator
from nncore.trainer import Record, Trainer

FORMAT = 2
"""What `save` writes; `load` reads it and all before it."""

RULES: dict[str, type[Registered]] = {
    "loss": Loss,
    "optimizer": Optimizer,
    "schedule": Schedule,
    "regularizer": Regularizer,
    "clipping": Clipping,
}
"""The parts of a trainer that are chosen from a registry."""

COUNTS = ("steps", "epochs", "samples")

ALWAYS_POSSIBLE = 256 * 10**6
"""Bytes that a trainer may take, however small its file is."""

TIMES_THE_FILE = 64
"""How many times the size of its file a trainer may take, where that is more."""

_ARRAYS_PER_UNIT = 6
"""Arrays of a batch that a recorded step has per unit: 4 to 10, as the activation needs them."""


def save(path: str | Path, content: Network | Trainer) -> None:
    """Write a network, or a trainer with its network, samples and present state.

    The same content gives the same file, byte for byte. It is written to a temporary file beside `path` that then
    takes its place, so that an interrupted save leaves the old file whole.

    Parameters
    ----------
    path
        Where to; a file that is there is replaced, and keeps its permissions. Through a link, the file it leads to.
    content
        What to write. How a network's first parameters were drawn is kept as far as the initializers: not the seed.

    Raises
    ------
    OSError
        If the file cannot be written.
    ValueError
        If no file can have this path, or it is a pipe, a device or the like; if `content` is something else, holds a
        number that is not finite, or more layers, another data type or larger batches than a file may have.
    """
    path = file_path(path, "save")
    if isinstance(content, Trainer):
        description, arrays = _trainer_content(content)
    elif isinstance(content, Network):
        description, arrays = _network_content(content)
    else:
        raise ValueError(f"save: expected a Network or a Trainer, got {type(content).__name__}")
    for name, array in arrays.items():
        if array.dtype.kind == "f" and not name.endswith(".history") and not np.isfinite(array).all():
            raise ValueError(f"save: {name} holds a number that is not finite, which would not be read again")
    if isinstance(content, Trainer):
        size = sum(array.nbytes for array in arrays.values())
        with place("save: trainer"):
            _check_memory(content.network, len(content.X), len(arrays.get("test.X", ())), description["trainer"], size)
    write(path, description, arrays)


def load(path: str | Path) -> Network:
    """Read a network that `save` wrote, by itself or with its trainer.

    Of a file with a trainer only what belongs to the network is read and checked: `load_trainer` may refuse the rest.

    Parameters
    ----------
    path
        A file of format 1 or 2.

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If it is not a saved network nor a regular file, was damaged, contradicts itself, or was made by a newer
        version: the message begins with `path`, and names the place. It takes a small multiple of the file's size in
        memory. If no file can have this path.
    """
    with opened(file_path(path, "load")) as archive:
        description, kind = _described(archive)
        network = _read_network(description, archive)
        if kind == "network":
            archive.check_names(_network_arrays(network))
        return network


def load_trainer(path: str | Path) -> Trainer:
    """Read a trainer that `save` wrote: what it goes on to compute is what it would have computed, bit for bit.

    Parameters
    ----------
    path
        A file that was saved with a trainer.

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        As `load`, and if the file holds a network without its training, or batches so large that a step would take
        more than 64 times the file's size in memory, and more than 256 MB.
    """
    with opened(file_path(path, "load_trainer")) as archive:
        description, kind = _described(archive)
        if kind != "trainer":
            raise ValueError("it holds a network without its training; load() reads it")
        network = _read_network(description, archive)
        trainer = _read_trainer(network, description, archive)
        first = description.get("first")
        states = {"now": description.get("now")} | ({} if first is None else {"first": first})
        archive.check_names(_trainer_arrays(trainer, set(states)))
        now = _read_state("now", states["now"], trainer, archive)
        trainer.restore(now, first=None if first is None else _read_state("first", first, trainer, archive))
        return trainer


# -- writing --------------------------------------------------------------------------------------------------

Content = tuple[dict[str, Any], dict[str, np.ndarray]]


def _network_content(network: Network) -> Content:
    """Description and arrays of a network."""
    arrays = {"values": network.values}
    if network.standardization is not None:
        arrays["standardization.mean"] = network.standardization.mean
        arrays["standardization.scale"] = network.standardization.scale
    description = {
        "inputs": int(network.inputs),
        "dtype": network.dtype.name,
        "initializer": network.initializer.config(),
        "layers": [layer.config() for layer in network.layers],
        "standardized": network.standardization is not None,
    }
    return {"format": f"nncore network {FORMAT}", "network": description}, arrays


def _trainer_content(trainer: Trainer) -> Content:
    """Description and arrays of a trainer."""
    description, arrays = _network_content(trainer.network)
    description["format"] = f"nncore trainer {FORMAT}"
    description["trainer"] = trainer.settings()
    arrays |= {"X": trainer.X, "y": trainer.y}
    if trainer.frozen is not None:
        description["frozen"], arrays["frozen"] = True, trainer.frozen
    description["test"] = trainer.test is not None
    if trainer.test is not None:
        arrays |= dict(zip(("test.X", "test.y"), trainer.test, strict=True))
    description["now"], now = _state_content("now", trainer.state())
    del now["now.values"]
    description["first"], first = _state_content("first", trainer.first) if trainer.has_begun else (None, {})
    return description, arrays | now | first


def _state_content(name: str, state: State) -> Content:
    """Description and arrays of a state; `name` goes before the names of its arrays."""
    arrays = {f"{name}.history": np.array(state["history"], np.float64).reshape(-1, 3)}
    for key, value in state.items():
        nested = {f"{key}.{inner}": v for inner, v in value.items()} if isinstance(value, dict) else {key: value}
        arrays |= {f"{name}.{path}": array for path, array in nested.items() if isinstance(array, np.ndarray)}
    return {**{key: int(state[key]) for key in COUNTS}, "rng": state["rng"]}, arrays


# -- reading --------------------------------------------------------------------------------------------------


def _described(archive: Archive) -> tuple[dict[str, Any], str]:
    """The description of an archive as one of the present format, and whether it is of a network or a trainer."""
    description = archive.description()
    known = isinstance(description, dict) and re.fullmatch(
        r"nncore (network|trainer) (\d{1,9})", str(description.get("format"))
    )
    if not known:
        raise ValueError(f"not a network in a format from 'nncore network 1' to 'nncore network {FORMAT}'")
    kind, version = known[1], int(known[2])
    if version > FORMAT:
        raise ValueError(f"format {version}: made by a newer version of nncore; this one reads up to format {FORMAT}")
    for past in range(version, FORMAT):
        if past not in MIGRATIONS:
            raise ValueError(f"there is no format {version}")
        description = MIGRATIONS[past](description, archive)
    return description, kind


def _from_1(description: dict[str, Any], archive: Archive) -> dict[str, Any]:
    """Format 1 as format 2: layers called their name kind, and values were called parameters."""
    with place("layers"):
        layers = [
            {"name": entry(layer, "kind", str)} | {key: value for key, value in layer.items() if key != "kind"}
            for layer in entry(description, "layers", list)
        ]
    if archive.has("parameters"):
        archive.members["values"] = archive.members.pop("parameters")
    network = {key: description.get(key) for key in ("inputs", "dtype")}
    network |= {"initializer": "glorot_uniform", "layers": layers, "standardized": False}
    return {"format": "nncore network 2", "network": network}


MIGRATIONS = {1: _from_1}
"""Per past format, what makes the next one of it."""


def _read_network(description: dict[str, Any], archive: Archive) -> Network:
    """The network; its numbers are counted before it is made: a file must not ask for memory that it does not fill."""
    with place("network"):
        about = entry(description, "network", dict)
        inputs = count(about, "inputs", at_least=1)
        dtype = checked_dtype(entry(about, "dtype", str))
        standardized = entry(about, "standardized", bool)
        initializer = Initializer.of(about.get("initializer"))  # type: ignore[arg-type]
        layers = []
        for index, config in enumerate(entry(about, "layers", list)):
            with place(f"layer {index + 1}"):
                layers.append(Layer.of(config))
        expected = sum(sizes(layers, inputs))
    values = archive.array("values", (expected,), dtype.name)
    standardization = None
    if standardized:
        mean, scale = (archive.array(f"standardization.{key}", (inputs,), "float64") for key in ("mean", "scale"))
        standardization = Standardization(mean, scale)
    with place("network"):
        # Drawing first parameters would take time and memory for nothing.
        network = Network(layers, inputs, dtype=dtype, initializer="zeros", standardization=standardization)
    network.initializer = initializer
    network.values[...] = values
    for index, layer in enumerate(layers):
        if isinstance(layer, BatchNorm) and not (layer.statistics[1] >= 0).all():
            raise ValueError(f"values: layer {index + 1} (batch_norm) has a running variance below zero")
    return network


def _read_trainer(network: Network, description: dict[str, Any], archive: Archive) -> Trainer:
    """The trainer, as it would be made anew."""
    with place("trainer"):
        about = entry(description, "trainer", dict)
        rules = {}
        for name, family in RULES.items():
            with place(name):
                rules[name] = family.of(about.get(name))  # type: ignore[arg-type]
        settings = {
            "batch_size": count(about, "batch_size", at_least=1),
            "shuffle": entry(about, "shuffle", bool),
            "seed": count(about, "seed"),
            "remainder": entry(about, "remainder", str),
        }
        has_test = entry(description, "test", bool)
        is_frozen = "frozen" in description and entry(description, "frozen", bool)
    frozen = archive.array("frozen", network.parameters.shape, "bool") if is_frozen else None
    train = _read_samples("", network, archive)
    test = _read_samples("test.", network, archive) if has_test else None
    with place("trainer"):
        n_test = 0 if test is None else len(test[0])
        _check_memory(network, len(train[0]), n_test, settings, archive.size)
    # A learning rate, say, that float32 has no number for is no error before a step is taken with it.
    with place("trainer"), np.errstate(all="ignore"):
        return Trainer(network, *train, **rules, **settings, test=test, frozen=frozen)


def _check_memory(network: Network, n_train: int, n_test: int, settings: dict[str, Any], size: int) -> None:
    """Refuse a batch whose recorded steps take much more memory than a file of `size` bytes lets expect."""
    batch = min(settings["batch_size"], max(n_train, 1))
    rest = n_train % batch
    # A step for a full batch, one for what is left over, and one that takes in what was carried over.
    recorded = batch + rest + (batch if rest and settings["remainder"] == "carry" else 0)
    units = network.inputs + sum(layer.units for layer in network.layers)
    samples = 3 * (n_train + n_test) * (network.inputs + network.outputs)
    needed = (_ARRAYS_PER_UNIT * recorded * units + samples) * network.dtype.itemsize
    possible = max(ALWAYS_POSSIBLE, TIMES_THE_FILE * size)
    if needed > possible:
        raise ValueError(
            f"batch_size: steps with {batch:,} samples would take about {needed / 1e6:,.0f} MB of memory;"
            f" {possible / 1e6:,.0f} MB are possible with this network and these samples"
        )


def _read_samples(prefix: str, network: Network, archive: Archive) -> tuple[np.ndarray, np.ndarray]:
    X = archive.array(f"{prefix}X", (None, network.inputs), *NUMBERS)
    return X, archive.array(f"{prefix}y", (len(X), network.outputs), network.dtype.name)


def _read_state(name: str, description: object, trainer: Trainer, archive: Archive) -> State:
    """A state that `Trainer.restore` can go back to, every array of the shape and type that the trainer has."""
    with place(name):
        state: State = {key: count(description, key) for key in COUNTS}
        state["rng"] = entry(description, "rng", dict)
        check_generator(state["rng"], "rng")
    own = trainer.state()
    for key in ("optimizer", "regularizer"):
        state[key] = {
            inner: _like(f"{name}.{key}.{inner}", array, archive) if isinstance(array, np.ndarray) else array
            for inner, array in own[key].items()
        }
    for key in ("order", "carried", "carried_samples"):
        state[key] = _like(f"{name}.{key}", own[key], archive)
    state["values"] = own["values"] if name == "now" else _like(f"{name}.values", own["values"], archive)
    n_samples = len(trainer.X)
    if not np.array_equal(np.sort(state["order"]), np.arange(n_samples)):
        raise ValueError(f"{name}.order: expected every sample from 0 to {n_samples - 1} once")
    if not 0 <= state["carried_samples"] <= n_samples:
        raise ValueError(f"{name}.carried_samples: expected 0 to {n_samples}, got {state['carried_samples']}")
    history = archive.array(f"{name}.history", (None, 3), "float64", finite=False)
    if not (history[:, 0] % 1 == 0).all() or not (history[:, 0] >= 0).all():
        raise ValueError(f"{name}.history: expected whole epochs in its first column")
    state["history"] = [Record(int(epoch), train, test) for epoch, train, test in history.tolist()]
    return state


def _like(name: str, array: np.ndarray, archive: Archive) -> np.ndarray:
    return archive.array(name, array.shape, array.dtype.name)


def _network_arrays(network: Network) -> set[str]:
    """The names that the arrays of a network have."""
    return set(_network_content(network)[1])


def _trainer_arrays(trainer: Trainer, states: set[str]) -> set[str]:
    """The names that the arrays of a trainer with these states have."""
    names = set(_network_content(trainer.network)[1]) | {"X", "y"}
    names |= {"test.X", "test.y"} if trainer.test is not None else set()
    names |= {"frozen"} if trainer.frozen is not None else set()
    for state in states:
        names |= set(_state_content(state, trainer.state())[1])
    return names - {"now.values"}
