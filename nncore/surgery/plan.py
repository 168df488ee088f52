"""A network taken apart: its layers and numbers in float64, moves that leave its output alone, and what comes out."""

from __future__ import annotations

import copy
import operator
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from nncore.layers import BatchNorm, Dense, Dropout, Layer, LayerNorm, Residual
from nncore.network import MAX_PARAMETERS, Network, sizes

LARGEST = 1e100
"""Numbers from this on are refused: their squares may be infinite."""

MAX_ARRIVING = 2**26
"""How many numbers a new layer may give over all samples: half a gigabyte, of which a fit takes several copies."""


class Operated(NamedTuple):
    """What an operation gives."""

    network: Network
    """A new one; the one that was operated on is as it was."""
    change: float
    """The largest absolute change of an output over the given inputs."""


class Part:
    """A layer that stands in no network, with its numbers.

    Attributes
    ----------
    layer
        Its kind and settings.
    block, statistics
        As the layer has them when it is bound, in float64.
    target
        (n_samples, units): for a dense layer, the logits that it gave before the operation; None for a new one.
    """

    def __init__(
        self, layer: Layer, block: np.ndarray, statistics: np.ndarray, target: np.ndarray | None = None
    ) -> None:
        self.layer, self.block, self.statistics, self.target = layer, block, statistics, target

    @property
    def is_dense(self) -> bool:
        """Whether it is a dense layer."""
        return isinstance(self.layer, Dense)

    def become(self, **settings: Any) -> None:
        """Change settings of the layer."""
        self.layer = type(self.layer)(**{**self.layer.settings(), **settings})


class Plan:
    """A network to be.

    Parameters
    ----------
    network
        Stays as it is.
    X
        (n_samples, n_inputs): the inputs over which the change of the output counts.

    Raises
    ------
    ValueError
        If the first is no network, or one with numbers that are not finite; if X does not fit it, or is so large, or
        the network so broken, that nothing can be computed with it; if units are silenced.
    """

    def __init__(self, network: Network, X: np.ndarray) -> None:
        if not isinstance(network, Network):
            raise ValueError(f"surgery: expected a Network, got {network!r}")
        check_heard(network.layers)
        self.old, self.given = network, X
        self.dtype = network.dtype
        with np.errstate(over="ignore"):
            self.X = network.check_inputs(X).astype(self.dtype).astype(np.float64)
        _check_size("the inputs", self.X)
        self.parts = [_part(layer) for layer in network.layers]
        for index, part in enumerate(self.parts):
            if not (np.isfinite(part.block).all() and np.isfinite(part.statistics).all()):
                raise ValueError(f"surgery: the network has numbers that are not finite, in {self.called(index)}")
        arrivals = self.arrivals()
        for index, values in enumerate(arrivals[1:]):
            _check_size(f"what {self.called(index)} gives", values)
        self.before = network.predict(X).astype(np.float64)
        _check_size("the output", self.before)
        for part, arriving in zip(self.parts, arrivals, strict=False):
            if part.is_dense:
                part.target = logits(part.block, arriving)

    def copy(self) -> Plan:
        """Another one at the same point."""
        other = copy.copy(self)
        other.parts = [Part(p.layer, p.block.copy(), p.statistics.copy(), p.target) for p in self.parts]
        return other

    # -- asking -----------------------------------------------------------------------------------

    def dense_index(self, index: object, why: str) -> int:
        """`index` of a dense layer behind which another one stands, so that its units may change."""
        index = self.index(index)
        possible = [i for i, part in enumerate(self.parts) if part.is_dense and self.next_dense(i) is not None]
        if index not in possible:
            what = "the output" if self.next_dense(index) is None else "no dense layer"
            raise ValueError(f"{self.called(index)} is {what}: cannot {why}; {_any_of(possible)}")
        return index

    def called(self, index: int) -> str:
        """What a message calls this layer."""
        return f"layers[{index}] ({self.parts[index].layer.name})"

    def index(self, index: object) -> int:
        """`index` of a layer; ValueError if there is none."""
        return checked_index("layer", index, len(self.parts))

    def next_dense(self, index: int) -> int | None:
        """The first dense layer behind this one."""
        return next((i for i in range(index + 1, len(self.parts)) if self.parts[i].is_dense), None)

    def reaches(self, index: int) -> bool:
        """Whether a residual connection reaches back to what arrives at this layer."""
        spans = [(i, part.layer.span) for i, part in enumerate(self.parts) if part.layer.span]
        return any(i - span == index for i, span in spans)

    def arrivals(self) -> list[np.ndarray]:
        """What arrives at each layer, and the output, (n_samples, units) each: in float64, of the rounded numbers."""
        outputs = self._network(np.dtype(np.float64), None).activations(self.X)
        return [self.X, *outputs]

    def check_room(self, at: int, units: int, *, instead: bool) -> None:
        """Raise ValueError, before any work is done, if a dense layer of so many units would be beyond all bounds.

        It is to have the index `at`, instead of the layer there or before it.
        """
        layers = [part.layer for part in self.parts]
        layers[at : at + instead] = [Dense(units)]
        parameters = sizes(layers, self.X.shape[1]).parameters
        if parameters > MAX_PARAMETERS:
            raise ValueError(
                f"units: expected a network of at most {MAX_PARAMETERS:,} parameters, got {units:,} units and with "
                f"them {parameters:,}"
            )
        if units * len(self.X) > MAX_ARRIVING:
            raise ValueError(
                f"units: expected at most {MAX_ARRIVING // len(self.X):,} with {len(self.X):,} samples in X, "
                f"got {units:,}; take fewer samples"
            )

    # -- moves ------------------------------------------------------------------------------------

    def insert(self, at: int, part: Part) -> None:
        """Put a part before the layer at this index; inside the block, where a residual connection goes around it."""
        for index, other in enumerate(self.parts):
            if index - other.layer.span <= at <= index and other.layer.span:
                other.become(span=other.layer.span + 1)
        self.parts.insert(at, part)

    def remove(self, index: int) -> None:
        """Take a layer out; ValueError if a residual connection would go around nothing then."""
        around = [(i, p) for i, p in enumerate(self.parts) if p.layer.span and i - p.layer.span <= index < i]
        for i, part in around:
            if part.layer.span == 1:
                raise ValueError(f"{self.called(index)} is all there is inside {self.called(i)}: remove that one first")
        for _, part in around:
            part.become(span=part.layer.span - 1)
        del self.parts[index]

    def absorb(self, start: int, scale: np.ndarray, shift: np.ndarray) -> bool:
        """Let the layers from `start` on take v where x = scale · v + shift arrived before.

        Parameters
        ----------
        start
            Index of the layer at which v arrives.
        scale, shift
            (units,)

        Returns
        -------
        bool
            Whether one of them could; if not, nothing has changed.
        """
        if (scale == 1).all() and (shift == 0).all():
            return True
        for index in range(start, len(self.parts)):
            part = self.parts[index]
            if self.reaches(index):
                return False
            if isinstance(part.layer, Dense):
                part.block[:, -1] += part.block[:, :-1] @ shift
                part.block[:, :-1] *= scale
                return True
            if isinstance(part.layer, BatchNorm):
                _absorb_in_batch_norm(part, scale, shift)
                return True
            if isinstance(part.layer, LayerNorm):
                return bool((scale == 1).all() and (shift == shift[0]).all())
            if isinstance(part.layer, Residual) and not (scale == 1).all():
                return False
        return False

    def replicate(self, index: int, sources: np.ndarray, shares: np.ndarray) -> None:
        """Put copies of units behind those of a dense layer, and part their outgoing weights.

        Parameters
        ----------
        index
            Of the dense layer; another stands behind it.
        sources
            (n_new,): which unit each of them copies.
        shares
            (units + n_new,): the part of the unit's outgoing weights that each takes; over all copies of a unit, 1.
        """
        part = self.parts[index]
        units = len(part.block)
        origin = np.concatenate([np.arange(units), sources])
        scale, is_new = np.ones(len(origin)), np.arange(len(origin)) >= units
        part.block, part.target = part.block[origin], None
        part.become(units=len(origin))
        if part.layer.activation.min_units > 1:  # softmax: the copies part the value itself
            part.block[:, -1] += np.log(shares)
            scale = shares
        for i in range(index + 1, len(self.parts)):
            part = self.parts[i]
            if isinstance(part.layer, Dense):
                part.block = np.column_stack([part.block[:, origin] * (shares / scale), part.block[:, -1]])
                return
            if part.layer.span and i - part.layer.span <= index:
                # What comes around the block reaches the unit and not its copies: these begin without a say.
                shares = np.where(is_new, 0, scale)
            part.block = part.block[..., origin] if part.block.size else part.block
            part.statistics = part.statistics[..., origin] if part.statistics.size else part.statistics
            if isinstance(part.layer, BatchNorm):
                _scale_batch_norm(part, scale)
                scale = np.ones(len(origin))

    def drop(self, index: int, unit: int) -> None:
        """Take a unit out of a dense layer behind which another stands."""
        part = self.parts[index]
        part.block, part.target = np.delete(part.block, unit, axis=0), None
        part.become(units=len(part.block))
        for part in self.parts[index + 1 :]:
            part.block = np.delete(part.block, unit, axis=-1) if part.block.size else part.block
            part.statistics = np.delete(part.statistics, unit, axis=-1) if part.statistics.size else part.statistics
            if part.is_dense:
                return

    def resize(self, start: int, stop: int) -> None:
        """Make the normalising layers from `start` to before `stop` anew, for what arrives there now."""
        for index in range(start, stop):
            part = self.parts[index]
            if part.layer.parameter_names:
                part.block, part.statistics = np.zeros(0), np.zeros(0)
                arriving = self._arriving_at(index)
                part.block, part.statistics = neutral(part.layer, arriving)

    def _arriving_at(self, index: int) -> np.ndarray:
        """What arrives at a layer, whatever is behind it."""
        if index == 0:
            return self.X
        whole, self.parts = self.parts, self.parts[:index]
        try:
            return self.arrivals()[-1]
        finally:
            self.parts = whole

    # -- the end ----------------------------------------------------------------------------------

    def finish(self) -> Operated:
        """The network, and how much its output has changed."""
        network = self._network(self.dtype, self.old)
        change = np.abs(network.predict(self.given).astype(np.float64) - self.before)
        return Operated(network, float(change.max()))

    def _network(self, dtype: np.dtype, like: Network | None) -> Network:
        """The network in this data type, its numbers rounded as they will be."""
        layers = [Layer.of(part.layer.config()) for part in self.parts]
        if like is None:
            network = Network(layers, self.X.shape[1], dtype=dtype, initializer="zeros")
        else:
            network = Network(
                layers, like.inputs, dtype=dtype, initializer=like.initializer, standardization=like.standardization
            )
        for layer, part in zip(layers, self.parts, strict=True):
            layer.block[...] = part.block.astype(self.dtype).reshape(layer.block.shape)
            layer.statistics[...] = part.statistics.astype(self.dtype).reshape(layer.statistics.shape)
        return network


def logits(block: np.ndarray, arriving: np.ndarray) -> np.ndarray:
    """(n_samples, units): what a dense layer makes of what arrives, (n_samples, inputs), before its activation."""
    return arriving @ block[:, :-1].T + block[:, -1]


def neutral(layer: Layer, arriving: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Block and statistics with which a normalising layer comes nearest to giving what arrives.

    For BatchNorm that is exact: gain and shift undo what the statistics do.
    """
    mean = arriving.mean(axis=0)
    if isinstance(layer, BatchNorm):
        variance = arriving.var(axis=0, ddof=1 if len(arriving) > 1 else 0)
        return np.array([np.sqrt(variance + layer.epsilon), mean]), np.array([mean, variance])
    assert isinstance(layer, LayerNorm)
    deviations = arriving - arriving.mean(axis=1, keepdims=True)
    normal = deviations / np.sqrt(np.square(deviations).mean(axis=1, keepdims=True) + layer.epsilon)
    spread = normal - normal.mean(axis=0)
    square = np.square(spread).sum(axis=0)
    gain = np.where(square > 0, (spread * arriving).sum(axis=0) / np.where(square > 0, square, 1), 1)
    return np.array([gain, mean - gain * normal.mean(axis=0)]), np.zeros(0)


def check_heard(layers: Sequence[Layer]) -> None:
    """Raise ValueError if a layer has silenced units: over X nothing can be known of what they would say."""
    for layer in layers:
        if layer.silenced:
            raise ValueError(f"surgery: expected no silenced units, got {layer!r}; operate first, then silence")


def checked_index(what: str, index: object, count: int) -> int:
    """`index` if it is one of `count`; ValueError otherwise."""
    try:
        number = -1 if isinstance(index, bool) else operator.index(index)  # type: ignore[arg-type]
    except TypeError:
        number = -1
    if not 0 <= number < count:
        raise ValueError(f"{what}: expected an index from 0 to {count - 1}, got {index!r}")
    return number


def _check_size(what: str, values: np.ndarray) -> None:
    """Raise ValueError if one of the values is too large, or none at all."""
    if not (np.abs(values) < LARGEST).all():
        raise ValueError(f"X: expected {what} to be numbers below {LARGEST:g} for every sample, which some are not")


def _part(layer: Layer) -> Part:
    block, statistics = (np.array(values, np.float64) for values in (layer.block, layer.statistics))
    return Part(Layer.of(layer.config()), block, statistics)


def _absorb_in_batch_norm(part: Part, scale: np.ndarray, shift: np.ndarray) -> None:
    """Let it take v where scale · v + shift arrived."""
    assert isinstance(part.layer, BatchNorm)
    (gain, bias), (mean, variance) = part.block, part.statistics
    # By a scale of next to nothing the statistics would become enormous: what arrives is a constant.
    scale = np.where(np.abs(scale) < 1e-12, 0, scale)
    used = np.where(scale == 0, 1, scale)
    new_mean, new_variance = (mean - shift) / used, variance / used**2
    ratio = np.sqrt((new_variance + part.layer.epsilon) / (variance + part.layer.epsilon))
    constant = gain * (shift - mean) / np.sqrt(variance + part.layer.epsilon)
    part.block = np.array([gain * scale * ratio, bias + np.where(scale == 0, constant, 0)])
    part.statistics = np.array([new_mean, new_variance])


def _scale_batch_norm(part: Part, scale: np.ndarray) -> None:
    """Let it give the same for scale · x as it gave for x."""
    _absorb_in_batch_norm(part, 1 / scale, np.zeros(len(scale)))


def _any_of(possible: Sequence[int]) -> str:
    if not possible:
        return "possible: none of this network"
    return f"possible: {', '.join(map(str, possible))}"


def is_transparent(layer: Layer) -> bool:
    """Whether in prediction it gives a value times a constant, plus a constant, unit by unit."""
    return isinstance(layer, (Dropout, BatchNorm))
