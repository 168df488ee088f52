"""How the operations do it: what is put in, copied, or taken out, and with which numbers to begin."""

from __future__ import annotations

import numpy as np

from nncore.activations import Activation
from nncore.layers import Dense, LayerNorm
from nncore.surgery.fitting import fitted, line
from nncore.surgery.linear import Passage, apply, is_elementwise, passage
from nncore.surgery.plan import Part, Plan, is_transparent, logits


def insert_dense(plan: Plan, at: int, layer: Dense, h: np.ndarray, radius: float) -> None:
    """Put in a dense layer that passes on what arrives, `h` (n_samples, inputs), as far as it has units for it."""
    inputs, units = h.shape[1], layer.units
    behind = next((i for i in range(at, len(plan.parts)) if plan.parts[i].is_dense), None)
    if units != inputs and behind is None:
        raise ValueError(
            f"units: expected {inputs}, as many as arrive, since no dense layer stands behind; got {units}"
        )
    if units < layer.activation.min_units:
        raise ValueError(f"units: '{layer.activation.name}' needs at least {layer.activation.min_units}, got {units}")
    plan.check_room(at, units, instead=False)
    soft = not is_elementwise(layer.activation)
    if behind is not None and (soft or units < inputs):
        _insert_fitted(plan, at, behind, layer, h, radius)
        return
    first = next((part.layer for part in plan.parts[at:] if not is_transparent(part.layer)), None)
    way = passage(layer.activation, h, plan.dtype, together=isinstance(first, LayerNorm), radius=radius)
    part = Part(
        Dense(inputs, layer.activation, layer.initializer, layer.regularizer), np.eye(inputs, inputs + 1), np.zeros(0)
    )
    plan.insert(at, part)
    if plan.absorb(at + 1, way.scale, way.shift):
        part.block = scaled(part.block, way)
    if units > inputs:
        add_copies(plan, at, units, np.random.default_rng(0))


def _insert_fitted(plan: Plan, at: int, behind: int, layer: Dense, h: np.ndarray, radius: float) -> None:
    """Put in a dense layer that cannot give all of `h`; the next dense layer, `behind`, is to be fitted to it."""
    units, inputs = layer.units, h.shape[1]
    # Of softmax units only differences tell something: one unit, with equal logits for all, is what others differ from.
    carriers = units if is_elementwise(layer.activation) else units - 1
    directions = _main_directions(plan, at, behind, h, carriers) if carriers < inputs else np.eye(carriers, inputs)
    directions = np.vstack([directions, np.zeros((units - carriers, inputs))])
    way = passage(layer.activation, h @ directions.T, plan.dtype, radius=radius)
    plan.insert(at, Part(layer, scaled(np.column_stack([directions, np.zeros(units)]), way), np.zeros(0)))
    plan.resize(at + 1, behind + 1)
    following = plan.parts[behind + 1]
    following.block = np.column_stack([np.zeros((len(following.block), units)), following.block[:, -1]])


def _main_directions(plan: Plan, at: int, behind: int, h: np.ndarray, units: int) -> np.ndarray:
    """(units, inputs): in which directions `h` says most to the logits of the next dense layer.

    With as many units as these logits have dimensions, nothing they need is lost.
    """
    target = plan.parts[behind].target
    around = h - h.mean(axis=0)
    rows = np.linalg.svd(around, full_matrices=False)[2]
    if target is not None and all(is_transparent(part.layer) for part in plan.parts[at:behind]):
        needed = np.linalg.lstsq(around, target - target.mean(axis=0), rcond=1e-12)[0]
        values, important = np.linalg.svd(around @ needed, full_matrices=False)[1:]
        useful = important[values > 1e-12 * max(values[0], 1e-300)] @ needed.T
        rows = np.vstack([useful, rows])
    if len(rows) < units:
        rows = np.vstack([rows, np.eye(units, h.shape[1])])
    rows = rows[:units]
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def make_room(plan: Plan, at: int, span: int) -> None:
    """Let a linear layer before the place give F(X) − X, if there is one: a residual connection will add X again."""
    before = plan.parts[at - 1]
    if not before.is_dense or before.layer.activation.name != "identity" or plan.reaches(at):
        return
    arrivals = plan.arrivals()
    output = arrivals[at]
    around = np.zeros_like(output)
    shared = min(output.shape[1], arrivals[at - span].shape[1])
    around[:, :shared] = arrivals[at - span][:, :shared]
    before.target = output - around
    if span == 1:
        before.block[:shared, :shared] -= np.eye(shared)
    before.block = fitted(before.block, arrivals[at - 1], before.target, plan.dtype)


def add_copies(plan: Plan, index: int, units: int, rng: np.random.Generator) -> None:
    """Replicate units of a dense layer until it has so many, all equally often, and part their weights unevenly."""
    had = len(plan.parts[index].block)
    rounds = rng.permuted(np.tile(np.arange(had), (-(-units // had) - 1, 1)), axis=1)
    sources = rounds.ravel()[: units - had]
    origin = np.concatenate([np.arange(had), sources])
    drawn = rng.uniform(0.5, 1.5, units)
    shares = drawn / np.bincount(origin, drawn, had)[origin]
    plan.replicate(index, sources, shares)


def remove_dense(plan: Plan, index: int, arrivals: list[np.ndarray]) -> None:
    """Take a dense layer out, and let the next one compute what both did, its activation drawn as a straight line."""
    part = plan.parts[index]
    behind = plan.next_dense(index)
    assert behind is not None
    slope, offset = line(logits(part.block, arrivals[index]), arrivals[index + 1])
    next_part = plan.parts[behind]
    scale, shift = line(arrivals[index + 1], arrivals[behind])
    weights = next_part.block[:, :-1] * scale
    bias = next_part.block[:, -1] + next_part.block[:, :-1] @ shift + weights @ offset
    joined = (weights * slope) @ part.block
    joined[:, -1] += bias
    plan.remove(index)
    next_part.block = joined
    plan.resize(index, behind - 1)


def nearest(new: Activation, z: np.ndarray, a: np.ndarray, dtype: np.dtype) -> Passage:
    """Per unit the way through the new activation whose output tells most about the old one's, `a` (n_samples, units).

    Tried are the logits `z` as they are, doubled and halved (sigmoid and tanh are the same curve), and where the new
    activation is nearest to a straight line, if the old one is on it.
    """
    units = z.shape[1]
    ways = [Passage(np.full(units, gain), np.zeros(units), *_outgoing(new, gain * z, a)) for gain in (1.0, 2.0, 0.5)]
    straight = passage(new, z, dtype)
    ways.append(Passage(straight.gain, straight.bias, *_outgoing(new, straight.gain * z + straight.bias, a)))
    errors = np.array([_rest(new, way, z, a) for way in ways])
    rounding = 8 * np.finfo(dtype).eps * np.abs(a).max(axis=0)
    # The first of those that are exact; else the nearest.
    choice = np.argmin(np.where(errors <= rounding, 0, errors), axis=0)
    return Passage(*(np.array(columns)[choice, np.arange(units)] for columns in zip(*ways, strict=True)))


def _outgoing(new: Activation, z: np.ndarray, a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return line(apply(new, z), a)


def _rest(new: Activation, way: Passage, z: np.ndarray, a: np.ndarray) -> np.ndarray:
    """(units,): what is wrong when one goes this way."""
    return np.abs(way.scale * apply(new, way.gain * z + way.bias) + way.shift - a).max(axis=0)


def scaled(block: np.ndarray, way: Passage) -> np.ndarray:
    """A dense layer's block, its logits as the passage wants them."""
    block = block * way.gain[:, None]
    block[:, -1] += way.bias
    return block
