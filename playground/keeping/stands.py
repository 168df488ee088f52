"""Stands and curves as arrays of a file: what those of a spec look like, known without building its network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

import nncore as nn
from nncore.archive import Archive, place
from nncore.network import sizes
from nncore.state import check_generator
from playground.document.spec import Spec
from playground.engine.problem import hidden_layer, seeds
from playground.engine.snapshot import Curve

MOST_ROWS = 2**16
"""Of a curve; a history has less than a tenth."""


class ArrayKind(NamedTuple):
    """What an array looks like."""

    shape: tuple[int, ...]
    dtype: str


class Layout(NamedTuple):
    """What the arrays of a stand of one spec look like."""

    arrays: dict[str, ArrayKind]
    """By their names in `Stand.arrays`."""
    n_train: int
    variances: tuple[tuple[int, slice], ...]
    """Running variances: the number of their layer, from 1, and where they stand among the values."""


def layout_of(spec: Spec) -> Layout:
    """What a trainer of this spec goes on from; nothing is drawn or recorded for it, and no memory is taken."""
    layers = [hidden_layer(layer, index) for index, layer in enumerate(spec.layers)]
    layers.append(nn.Dense(spec.n_outputs))
    n_parameters, n_statistics = sizes(layers, spec.n_inputs)
    n_train, dtype = _n_train(spec), np.dtype(spec.dtype)
    arrays = {
        "values": ArrayKind((n_parameters + n_statistics,), dtype.name),
        "order": ArrayKind((n_train,), np.arange(0).dtype.name),
        "carried": ArrayKind((n_parameters,), dtype.name),
        "carried_samples": ArrayKind((), "float64"),
    }
    optimizer = nn.Optimizer.of(spec.training.optimizer)
    owned = [("optimizer", optimizer), *(("regularizer", rule) for rule in _regularizers(spec))]
    for owner, rule in owned:
        for name, array in rule.state(0, dtype).items():
            arrays[f"{owner}.{name}"] = ArrayKind((n_parameters,) if array.ndim else (), array.dtype.name)
    return Layout(arrays, n_train, tuple(_variances(layers, spec.n_inputs, n_parameters)))


def _n_train(spec: Spec) -> int:
    own = spec.data.own
    if spec.data.is_own and own is not None:
        return int(own.in_training(spec.data.train_share, seeds(spec).data).sum())
    return spec.data.n_train


def _regularizers(spec: Spec) -> list[nn.Regularizer]:
    """Those that a layer with weights has."""
    own = [layer.weights.regularizer for layer in spec.layers if layer.has_units]
    texts = {text or spec.training.regularizer for text in (*own, spec.output.regularizer)}
    return [nn.Regularizer.of(text) for text in sorted(texts)]


def _variances(layers: list[nn.Layer], inputs: int, start: int) -> list[tuple[int, slice]]:
    """The running variances among the values, of which those from `start` on are statistics: means, then variances."""
    found = []
    for number, layer in enumerate(layers, 1):
        count = layer.n_statistics(inputs)
        if count:
            found.append((number, slice(start + count // 2, start + count)))
        start, inputs = start + count, layer.units_for(inputs)
    return found


# -- reading ------------------------------------------------------------------------------------------


def read_arrays(archive: Archive, prefix: str, layout: Layout, *, whole: bool) -> dict[str, np.ndarray]:
    """The arrays of a stand, every one looked at; of one that is not whole, the values alone.

    Raises
    ------
    ValueError
        If one is missing, another one, or damaged; the message begins with its name.
    """
    names = list(layout.arrays) if whole else ["values"]
    arrays = {name: archive.array(f"{prefix}/{name}", *layout.arrays[name]) for name in names}
    with place(prefix):
        check_arrays(arrays, layout, whole=whole)
    return arrays


def check_arrays(arrays: Mapping[str, np.ndarray], layout: Layout, *, whole: bool) -> None:
    """Raise ValueError unless a trainer can go on from these arrays; if not whole, unless they are the values alone."""
    expected = layout.arrays if whole else {"values": layout.arrays["values"]}
    if arrays.keys() != expected.keys():
        different = sorted(arrays.keys() ^ expected.keys())
        raise ValueError(f"expected the arrays {', '.join(expected)}; {different[0]} is missing or too much")
    for name, kind in expected.items():
        if (arrays[name].shape, arrays[name].dtype.name) != kind:
            raise ValueError(
                f"{name}: expected {kind.shape} of {kind.dtype}, got {arrays[name].shape} of {arrays[name].dtype}"
            )
        if not np.isfinite(arrays[name]).all():
            raise ValueError(f"{name}: expected finite numbers")
    for number, where in layout.variances:
        if not (arrays["values"][where] >= 0).all():
            raise ValueError(f"values: layer {number} (batch_norm) has a running variance below zero")
    if whole:
        _check_samples(arrays, layout.n_train)


def _check_samples(arrays: Mapping[str, np.ndarray], n_train: int) -> None:
    if not np.array_equal(np.sort(arrays["order"]), np.arange(n_train)):
        raise ValueError(f"order: expected every sample from 0 to {n_train - 1} once")
    if not 0 <= arrays["carried_samples"] <= n_train:
        raise ValueError(f"carried_samples: expected 0 to {n_train}, got {arrays['carried_samples']}")


def check_rng(text: str) -> None:
    """Raise ValueError unless this is JSON of a state that a random generator can be in."""
    try:
        state = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("rng: not JSON") from None
    check_generator(state, "rng")


def read_curve(archive: Archive, prefix: str) -> Curve:
    """The curve of the arrays `rows` and `measures`.

    Raises
    ------
    ValueError
        If one is missing, another one, or damaged; the message begins with its name.
    """
    rows = archive.array(f"{prefix}/rows", (None, 3), "float64", finite=False)
    curve = Curve(rows, archive.array(f"{prefix}/measures", (len(rows),), "float64"))
    with place(prefix):
        check_curve(curve)
    return curve


def check_curve(curve: Curve) -> None:
    """Raise ValueError unless this is a loss curve; its losses may be any numbers, or none."""
    if curve.rows.shape != (len(curve.measures), 3) or {curve.rows.dtype, curve.measures.dtype} != {np.dtype(float)}:
        raise ValueError("expected rows (n, 3) and measures (n,) of float64")
    if len(curve.rows) > MOST_ROWS:
        raise ValueError(f"rows: expected at most {MOST_ROWS:,}, got {len(curve.rows):,}")
    epochs = curve.rows[:, 0]
    if not (np.isfinite(epochs).all() and (epochs >= 0).all()):
        raise ValueError("rows: expected epochs >= 0 in the first column")
