"""Any operation on any network: exact where that is promised, and what comes out trains."""

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from operated import PIECEWISE, is_rounding, network

import nncore as nn
from nncore import surgery
from nncore.trainer import Trainer

ACTIVATIONS = st.sampled_from(nn.Activation.names())
HIDDEN = st.one_of(
    st.builds(nn.Dense, st.integers(2, 6), ACTIVATIONS),
    st.builds(nn.Dropout, st.sampled_from([0.0, 0.3])),
    st.builds(nn.BatchNorm),
    st.builds(nn.LayerNorm),
    st.builds(nn.Residual, st.integers(1, 3)),
)


@st.composite
def networks(draw) -> nn.Network:
    layers: list[nn.Layer] = []
    for layer in draw(st.lists(HIDDEN, min_size=1, max_size=6)):
        if layer.span <= len(layers):
            layers.append(layer)
    seed, dtype = draw(st.integers(0, 99)), draw(st.sampled_from(["float32", "float64"]))
    return network(*layers, nn.Dense(2, draw(st.sampled_from(["identity", "tanh", "softmax"]))), seed=seed, dtype=dtype)


def neighbours(layers: list[nn.Layer], start: int) -> set[str]:
    """The kinds of layers from here to the next dense one."""
    found = set()
    for layer in layers[start:]:
        if isinstance(layer, nn.Dense):
            break
        found.add(layer.name)
    return found


def sums_allow_more_units(old: nn.Network, at: int) -> bool:
    """Whether no residual sum adds the copies of a layer's units to something else."""
    behind = next((i for i in range(at + 1, len(old.layers)) if isinstance(old.layers[i], nn.Dense)), at)
    sums = [(index, index - layer.span) for index, layer in enumerate(old.layers) if layer.span]
    from_here = [old.layers[end] for end, start in sums if at < start <= behind < end]
    if old.layers[at].activation.name == "softmax":
        return not from_here and not any(at < end < behind for end, _ in sums)
    return all(end.units <= old.layers[at].units for end in from_here)


def is_promised(kind: str, old: nn.Network, at: int, layer: nn.Layer, activation: str) -> bool:
    """Whether the operation is one that `nncore.surgery` calls exact; with residual sums, only some."""
    between = neighbours(old.layers, at if kind == "insert" else at + 1)
    here = old.layers[at]
    if kind in ("widen", "split"):
        return "layer_norm" not in between and sums_allow_more_units(old, at)
    if any(other.span for other in old.layers):
        return kind == "insert" and layer.name in ("dropout", "batch_norm")
    match kind:
        case "insert" if isinstance(layer, nn.Dense):
            return layer.activation.name in PIECEWISE and layer.units >= 6 and not between - {"dropout", "batch_norm"}
        case "insert":
            return layer.name in ("dropout", "batch_norm")
        case "remove_layer" if isinstance(here, nn.Dense):
            return here.activation.name == "identity" and not between - {"dropout", "batch_norm"}
        case "remove_layer":
            return here.name == "dropout" or (here.name == "batch_norm" and "layer_norm" not in between)
        case "change":
            names = {here.activation.name, activation}
            is_output = not any(isinstance(other, nn.Dense) for other in old.layers[at + 1 :])
            same_curve = names == {"tanh", "sigmoid"} and "layer_norm" not in between and not is_output
            return len(names) == 1 or same_curve
    return False


@given(
    old=networks(),
    kind=st.sampled_from(["insert", "widen", "split", "remove_neuron", "remove_layer", "change"]),
    at=st.integers(0, 6),
    new_layer=HIDDEN,
    activation=ACTIVATIONS,
    n_samples=st.integers(1, 30),
    size=st.sampled_from([0.01, 1.0, 100.0]),
)
def test_any_operation_on_any_network_is_exact_where_promised_and_gives_a_network_that_trains(
    old, kind, at, new_layer, activation, n_samples, size
):
    X = np.random.default_rng(n_samples).normal(0, size, (n_samples, 3))
    y = np.eye(2)[np.arange(n_samples) % 2]
    at %= len(old.layers)
    operations = {
        "insert": lambda: surgery.insert_layer(old, at, new_layer, X),
        "widen": lambda: surgery.widen(old, at, old.layers[at].units + 3, X),
        "split": lambda: surgery.split_neuron(old, at, 0, X),
        "remove_neuron": lambda: surgery.remove_neuron(old, at, 0, X),
        "remove_layer": lambda: surgery.remove_layer(old, at, X),
        "change": lambda: surgery.change_activation(old, at, activation, X),
    }
    values, promised = old.values.copy(), is_promised(kind, old, at, new_layer, activation)
    operated = impossible = None
    try:
        operated = operations[kind]()
    except ValueError as error:
        impossible = str(error)
    assert np.array_equal(old.values, values)
    if operated is None:
        assert re.search("possible|expected|needs|can have|inside", str(impossible))
        return
    new, change = operated
    assert np.isfinite(new.values).all()
    assert np.isfinite(change)
    assert change == np.abs(new.predict(X).astype(float) - old.predict(X)).max()
    if promised:
        assert is_rounding(operated, X), change
    Trainer(new, X, y, optimizer=nn.Adam(1e-4), batch_size=7).run(2)
    assert np.isfinite(new.values).all()
