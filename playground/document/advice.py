"""What is likely to go wrong in an experiment, told before it is tried.

Every rule says what training has shown: the tests train what it warns of, and a neighbour that it is silent about.
The figures in the docstrings were measured with 3 to 20 seeds, 500 samples, half of them for training, and no noise;
"right" is the share of training samples. A rule is silent where it cannot know, as with samples of the user's own.
Nothing is drawn or trained here: it is asked at every edit.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import nncore as nn
from playground.document.facts import (
    activation_of,
    bends,
    dense_layers,
    has,
    has_coordinates_only,
    is_bridged,
    kind_of,
    learners,
    narrowest,
    pattern_of,
    penalty_on,
    starts_at_zero,
    value_range,
)
from playground.document.naming import layer_names
from playground.document.spec import Spec


class Advice(NamedTuple):
    """One remark about an experiment."""

    name: str
    """Which rule it comes from."""
    text: str
    """What will happen, and the way out, in two short sentences."""


def advice(spec: Spec) -> list[Advice]:
    """What there is to say about an experiment, the most important first; nothing if it can be expected to learn."""
    found = ((rule.__name__, rule(spec)) for rule in RULES)
    return [Advice(name, text) for name, text in found if text]


CURVED = frozenset({"circle", "xor", "spiral", "moons", "checkerboard", "rings", "saddle", "gaussians"})
"""Patterns that cannot be told from one direction in the plane."""
NEEDED = {pattern: {"x1", "x2"} for pattern in (*CURVED, "plane", "xor_truth_table")} | {"sine": {"x1"}}
"""The coordinates that a pattern depends on."""
ENOUGH: dict[str, list[set[str]]] = {
    "circle": [{"x1_squared", "x2_squared"}],
    "rings": [{"x1_squared", "x2_squared"}],
    "saddle": [{"x1_squared", "x2_squared"}],
    "xor": [{"x1_x2"}],
    "xor_truth_table": [{"x1_x2"}],
    "sine": [{"sin_x1"}],
    "moons": [{"x2", "sin_x1"}, {"sin_x1", "sin_x2"}],
    "spiral": [],
    "checkerboard": [],
    "gaussians": [],
}
"""With which features a weighted sum will do. Of all 511 sets of the nine, fitted by least squares, no set without one
of these is right about 93 % of the samples, or has an R² of 0.93."""
ONE_BEND = frozenset({"sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu", "softplus", "softsign", "softmax"})
"""Activations that rise throughout, so that a unit parts the plane once."""


# -- nothing can be learned at all ------------------------------------------------------------------


def all_frozen(spec: Spec) -> str | None:
    """Nothing that could learn is free to: the loss stays what it is, bit for bit."""
    if all(learner.is_frozen for learner in learners(spec)):
        return "All weights are frozen, so training changes nothing. Unfreeze at least one layer."
    return None


def silenced_layer(spec: Spec) -> str | None:
    """No unit of a layer is heard, and no residual connection leads around it: 3 of 3 seeds stay at chance."""
    for index, (name, layer) in enumerate(zip(layer_names(spec), spec.layers, strict=False)):
        if layer.has_units and len(layer.weights.silenced) == layer.units and not is_bridged(spec, index):
            return f"All units of {name} are silenced, so the output is the same everywhere. Let one be heard again."
    return None


def constant_layer(spec: Spec) -> str | None:
    """A softmax of one unit is 1, and one value less its own mean 0, whatever arrives: 3 of 3 seeds stay at chance."""
    arriving = spec.n_inputs
    for index, (name, layer) in enumerate(zip(layer_names(spec), spec.layers, strict=False)):
        arriving = layer.units if layer.has_units else arriving
        if arriving > 1 or is_bridged(spec, index):
            continue
        if layer.has_units and activation_of(layer) == "softmax":
            return f"{name} is a softmax of one unit, which is always 1. Give it more units, or another activation."
        if kind_of(layer) == "layer_norm":
            return f"{name} norms a single value, which makes it 0 for every sample. Let more units arrive there."
    return None


def batch_of_one(spec: Spec) -> str | None:
    """BatchNorm compares the samples of a batch, and there is one: 3 of 3 seeds stay at chance, none with 10."""
    for index, (name, layer) in enumerate(zip(layer_names(spec), spec.layers, strict=False)):
        if kind_of(layer) == "batch_norm" and spec.training.batch_size == 1 and not is_bridged(spec, index):
            return f"{name} compares the samples of a batch, and a batch of 1 has none to compare. Take batches of 10."
    return None


def zero_weights(spec: Spec) -> str | None:
    """Two layers in a row start at zero, or one whose units have no slope there: they never become different.

    Circle, Adam, 150 epochs: 0 of 3 seeds with each of 14 activations, most of them at chance. A single layer of
    zeros does no harm to tanh, sigmoid, leaky ReLU and GELU (3 of 3), while ReLU and Gaussian stay at chance.
    """
    layers = [learner for learner in learners(spec) if learner.units]
    for layer, following in pairwise(layers):
        flat = layer.activation in ("relu", "gaussian")
        if starts_at_zero(spec, layer.weights) and (flat or starts_at_zero(spec, following.weights)):
            return f"{layer.name} starts with zeros, so all its units stay alike. Choose another initializer."
    return None


# -- what the network cannot express ----------------------------------------------------------------


def output_range(spec: Spec) -> str | None:
    """The output cannot reach the values: R² at most 0.57 if it is never negative, 0.76 for GELU; 0.96 for tanh.

    Classes are no matter, since their targets are chosen to suit the output.
    """
    if spec.dataset.task != "regression":
        return None
    low, high = value_range(spec)
    output = nn.Activation.of(spec.output_activation)
    missing = max(0.0, output.output_range[0] - low) + max(0.0, high - output.output_range[1])
    if missing <= 0.3 * (high - low):
        return None
    reach = " to ".join(_shown(bound) for bound in output.output_range)
    return (
        f"The output is {output.label}, {reach}, but the values go from {_shown(low)} to {_shown(high)}. "
        f"Make the output {nn.Activation.named('identity').label}."
    )


def _shown(number: float) -> str:
    return f"{number:.3g}".replace("inf", "∞").replace("-", "−")


def missing_input(spec: Spec) -> str | None:
    """No feature has a coordinate that the pattern depends on: at most 87 % right (moons), or an R² of 0.57."""
    given = {name for feature in spec.features for name in nn.feature(feature).variables}
    missing = sorted(NEEDED.get(pattern_of(spec), set()) - given)
    if not missing:
        return None
    label = nn.feature(missing[0]).label
    return f"{spec.dataset.label} depends on {label}, and no feature contains it. Switch on {label}."


def straight_only(spec: Spec) -> str | None:
    """Nothing bends, and no weighted sum of the features will do: at most 91 % right (moons), elsewhere 76 %.

    With the features of `ENOUGH` 9 or 10 of 10 seeds learn, but of the circle 6 or 7: x₁² and x₂² are large, and some
    first weights put the tanh of the output where it is flat. Hence hidden units are named first.
    """
    pattern = pattern_of(spec)
    if pattern not in ENOUGH or bends(spec) or any(name not in nn.Feature.registry for name in spec.features):
        return None
    if any(enough <= set(spec.features) for enough in ENOUGH[pattern]):
        return None
    rising = nn.Activation.named(spec.output_activation).name in ONE_BEND | {"identity"}
    if pattern not in CURVED and not rising:
        return None
    way_out = "Give a hidden layer tanh units" if dense_layers(spec) else "Add a hidden layer of tanh units"
    if ENOUGH[pattern]:
        way_out += ", or switch on " + " and ".join(nn.feature(name).label for name in sorted(ENOUGH[pattern][0]))
    return f"This network only adds up its inputs, and no sum of them makes {spec.dataset.label}. {way_out}."


def one_direction(spec: Spec) -> str | None:
    """All goes through one unit first: at most 91 % right (moons), elsewhere 86 %, or an R² of 0.54."""
    directions, name = narrowest(spec)
    if pattern_of(spec) not in CURVED or not has_coordinates_only(spec) or has(spec, "residual", "layer_norm"):
        return None
    if directions > 1 or not bends(spec):
        return None
    return f"{name} makes one number of x₁ and x₂, and the rest of the plane is lost. Give it 4 units."


def too_few_for_xor(spec: Spec) -> str | None:
    """Two units that bend once, in a single layer: 0 of 20 seeds with tanh, 0 of 8 with 8 others, at most 92 % right.

    With 3 tanh units 14 of 16 seeds are right about 95 %, with 2 GELU units 3 of 8.
    """
    bending = [activation_of(layer) for layer in dense_layers(spec) if activation_of(layer) != "identity"]
    if pattern_of(spec) != "xor" or not has_coordinates_only(spec) or has(spec, "residual", "layer_norm"):
        return None
    if len(bending) != 1 or bending[0] not in ONE_BEND or narrowest(spec)[0] != 2:
        return None
    return "Two bends cannot part the four corners of XOR. Give the hidden layer 4 units, or switch on x₁x₂."


def too_few_for_spiral(spec: Spec) -> str | None:
    """6 units in one layer, 4 and 2 or 3 and 3 in two: 0 of 5 to 8 seeds are right about 95 %, in 1000 epochs of Adam.

    With 8 and 8 tanh or ReLU units 4 and 5 of 5 are, with one layer of 12 tanh units 5 of 5.
    """
    if pattern_of(spec) != "spiral" or spec.dataset.n_classes != 2 or not has_coordinates_only(spec):
        return None
    layers = dense_layers(spec)
    if (
        not layers
        or has(spec, "residual", "layer_norm")
        or any(activation_of(layer) not in ONE_BEND for layer in layers)
    ):
        return None
    units = [layer.units for layer in layers]
    pairs = [] if len(units) != 2 else [(4, 2), (3, 3)]
    small = units[0] <= 6 if len(units) == 1 else any(units[0] <= a and units[1] <= b for a, b in pairs)
    if narrowest(spec)[0] == 1 or not small:
        return None
    return "So few units cannot follow the arms of the spiral. Take two layers of 8, or switch on sin x₁ and sin x₂."


# -- how it is trained ------------------------------------------------------------------------------

HOPELESS_RATE = {"sgd": 6.0, "adagrad": 10.0, "rmsprop": 1.0, "adam": 1.0, "adamw": 1.0, "nadam": 1.0}
"""The learning rate from which on batches of up to 10 teach nothing curved."""
FULL_MOMENTUM = 10.0
"""The same for momentum and Nesterov, whose steps add up to η / (1 - μ)."""


def rate_too_high(spec: Spec) -> str | None:
    """The loss jumps about: 13 networks on 8 patterns, 4 seeds each, at most 91 % right (moons), elsewhere 89 %.

    With single samples half of that rate is too much: at most 72 %. Adadelta scales its steps itself, up to 10.
    """
    training = spec.training
    if pattern_of(spec) not in CURVED or not bends(spec) or training.batch_size > 10:
        return None
    if has(spec, "batch_norm", "layer_norm") or training.schedule != "constant" or training.clipping != "none":
        return None
    optimizer = nn.Optimizer.of(training.optimizer)
    momentum = getattr(optimizer, "momentum", None)
    limit = HOPELESS_RATE.get(optimizer.name) if momentum is None else FULL_MOMENTUM * (1 - momentum)
    if limit is None or training.learning_rate < limit * (0.499 if training.batch_size == 1 else 0.999):
        return None
    return (
        f"A learning rate of {training.learning_rate:g} is far too high for {optimizer.label}: the loss will jump "
        f"about. Try {limit / 100:.1g}."
    )


STRANGLING = {"l1": (0.3, 1.0), "elastic_net": (0.3, 1.0), "l2": (1.0, 3.0), "pruning_l1": (1.0, None)}
"""The rate from which on a penalty beats the data, if they are curved, and if a straight line will do."""


def all_shrinks(spec: Spec) -> str | None:
    """The penalty on every layer outweighs what the data say: at most 86 % right (moons), elsewhere chance."""
    hidden, pattern = dense_layers(spec), pattern_of(spec)
    if not hidden or has(spec, "batch_norm", "layer_norm", "residual"):
        return None
    if pattern not in CURVED and pattern not in ("gauss", "blobs", "plane", "sine"):
        return None
    for weights in [*(layer.weights for layer in hidden), spec.output]:
        name, rate = penalty_on(spec, weights)
        limit = STRANGLING.get(name, (None, None))[pattern not in CURVED]
        if limit is None or rate < limit:
            return None
    return "The regularization is so strong that the weights shrink to almost nothing. Try a rate of 0.001."


def too_much_dropout(spec: Spec) -> str | None:
    """Fewer than 1.7 units are left in a step: of 2, 4, 8, 16 or 32 units, 0 of 8 seeds are right about 95 %."""
    units = 0
    for name, layer in zip(layer_names(spec), spec.layers, strict=False):
        units = layer.units if layer.has_units else units
        left = units * (1 - layer.rate)
        if kind_of(layer) == "dropout" and layer.rate >= 0.5 and 0 < left < 1.7 and pattern_of(spec) in CURVED:
            return f"{name} leaves {left:.1f} of {units} units in a step, too few to learn from. Set its rate to 0.2."
    return None


def vanishing(spec: Spec) -> str | None:
    """Six layers of sigmoids by plain gradient descent: 0 of 3 seeds with 9 initializers, nor in 3000 epochs.

    With Adam all do, and with tanh.
    """
    plain = nn.Optimizer.named(spec.training.optimizer).name in ("sgd", "momentum", "nesterov")
    hidden = [activation_of(layer) for layer in dense_layers(spec)]
    if not plain or len(hidden) < 6 or set(hidden) != {"sigmoid"} or pattern_of(spec) not in CURVED:
        return None
    if has(spec, "batch_norm", "layer_norm", "residual"):
        return None
    return (
        f"Through {len(hidden)} layers of sigmoids the gradient fades, and the first ones hardly learn. "
        f"Take tanh or ReLU, or the optimizer Adam."
    )


RULES: tuple[Callable[[Spec], str | None], ...] = (
    all_frozen,
    silenced_layer,
    constant_layer,
    batch_of_one,
    zero_weights,
    output_range,
    missing_input,
    straight_only,
    one_direction,
    too_few_for_xor,
    too_few_for_spiral,
    rate_too_high,
    all_shrinks,
    too_much_dropout,
    vanishing,
)
"""The most important first."""
