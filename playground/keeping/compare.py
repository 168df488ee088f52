"""What two experiments differ in, said in the words of the panels: "learning rate 0.03 → 0.1"."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

import nncore as nn
from nncore.notation import read_part
from nncore.registry import Registered
from playground.document.spec import Data, Layer, Spec, Weights
from playground.document.table import Table

ARROW = "→"
_NONE = "none"


class Difference(NamedTuple):
    """A setting in which two experiments differ; as text "learning rate 0.03 → 0.1"."""

    what: str
    old: str = ""
    new: str = ""

    def __str__(self) -> str:
        return f"{self.what} {self.old} {ARROW} {self.new}" if self.old else self.what

    @property
    def brief(self) -> str:
        """What the new one has: "learning rate 0.1"."""
        return f"{self.what} {self.new}".rstrip()


def differences(old: Spec, new: Spec) -> list[str]:
    """A line for each setting in which `new` differs from `old`; none if the two train alike."""
    return [str(each) for each in differing(old, new)]


def differing(old: Spec, new: Spec) -> list[Difference]:
    """Every setting in which `new` differs from `old`.

    What merely tells experiments apart (their run numbers, the ids of layers), the plane that is looked at and weights
    that were set by hand are no settings.
    """
    return [
        *_data(old.data, new.data),
        *_features(old.features, new.features),
        *_layers(old.layers, new.layers),
        *_line("output:", (output_text(old), output_text(new)), (old.output_activation, new.output_activation)),
        *_fields(old.training, new.training, _TRAINING),
        *_fields(old, new, _WHOLE),
    ]


def short(lines: list[str], others: str = "as now") -> str:
    """All lines as one; `others` where there is none."""
    return " · ".join(lines) or others


@lru_cache(maxsize=512)
def part_text(family: type[Registered], text: str) -> str:
    """A part that is chosen by name, as people read it: "Adam (β₁ 0.8)"."""
    return _said(family, family.of(text).config())


@lru_cache(maxsize=512)
def layer_text(layer: Layer) -> str:
    """A hidden layer with all that is particular to it: "Dense 4 tanh, frozen"."""
    options = nn.Layer.named(layer.kind).options
    words = [part_text(nn.Layer, layer.kind)]
    if "units" in options:
        words.append(str(layer.units))
    if "activation" in options:
        words.append(part_text(nn.Activation, layer.activation))
    if "rate" in options:
        words.append(_number(layer.rate))
    if "span" in options:
        words.append(f"over {layer.span}")
    return ", ".join([" ".join(words), *_particulars(layer.weights)])


def output_text(spec: Spec) -> str:
    """The output layer with all that is particular to it: "softmax, frozen"."""
    return ", ".join([part_text(nn.Activation, spec.output_activation), *_particulars(spec.output)])


# -- parts of a spec ------------------------------------------------------------------------------


def _data(old: Data, new: Data) -> Iterator[Difference]:
    yield from _line("data:", (_dataset(old), _dataset(new)), (old.dataset, new.dataset))
    yield from _fields(old, new, _DATA)
    if old.own != new.own:
        yield Difference("own samples:", _table(old.own), _table(new.own, old.own))


def _dataset(data: Data) -> str:
    return data.own.label if data.is_own and data.own is not None else part_text(nn.Dataset, data.dataset)


def _table(table: Table | None, before: Table | None = None) -> str:
    if table is None:
        return _NONE
    size = f"{table.label} ({table.n_rows} sample{'' if table.n_rows == 1 else 's'})"
    return f"{size}, changed" if before is not None and _table(before) == size else size


def _features(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Difference]:
    gone, added = ([nn.feature(name).label for name in a if name not in b] for a, b in ((old, new), (new, old)))
    if gone or added:
        changed = [*(f"− {label}" for label in gone), *(f"+ {label}" for label in added)]
        yield Difference(f"features {', '.join(changed)}")
    elif old != new:
        yield Difference("order of features:", ", ".join(old), ", ".join(new))


def _layers(old: tuple[Layer, ...], new: tuple[Layer, ...]) -> Iterator[Difference]:
    if len(old) != len(new):
        before, after = (", ".join(map(layer_text, layers)) or _NONE for layers in (old, new))
        yield Difference("layers:", before, after)
        return
    for place, (one, other) in enumerate(zip(old, new, strict=True), start=1):
        one = replace(one, id=other.id)
        lines = list(_line(f"layer {place}:", (layer_text(one), layer_text(other))))
        # Or in what a layer of this kind does not use.
        yield from lines or (Difference(f"layer {place}: {each.what}", *each[1:]) for each in _fields(one, other, {}))


def _particulars(weights: Weights) -> Iterator[str]:
    """What is particular to the weights of a layer."""
    if weights.initializer is not None:
        yield f"initializer {part_text(nn.Initializer, weights.initializer)}"
    if weights.regularizer is not None:
        yield f"regularization {part_text(nn.Regularizer, weights.regularizer)}"
    if weights.frozen:
        yield "frozen"
    for units, what in ((weights.frozen_units, "frozen"), (weights.silenced, "silenced")):
        if units:
            yield f"unit{'s' if len(units) > 1 else ''} {' '.join(str(unit + 1) for unit in units)} {what}"


# -- fields ---------------------------------------------------------------------------------------


def _fields(old: msgspec.Struct, new: msgspec.Struct, known: dict[str, _Words | None]) -> Iterator[Difference]:
    """A line for every field that differs; those that are not `known` have their own names, those of None no line."""
    for field in old.__struct_fields__:
        before, after = getattr(old, field), getattr(new, field)
        words = known.get(field, (field.replace("_", " "), _plain))
        if before == after or words is None:
            continue
        name, said = words
        yield from _line(name, (said(before), said(after)), (before, after))


def _line(name: str, said: tuple[str, str], values: tuple[object, object] | None = None) -> Iterator[Difference]:
    """A line if what is said differs or, where people would read the same, if the values do."""
    if said[0] != said[1]:
        yield Difference(name, *said)
    elif values is not None and values[0] != values[1]:
        yield Difference(name, repr(values[0]), repr(values[1]))


_Words = tuple[str, Callable[[Any], str]]
"""What a field is called, and what says its value."""


def _of(family: type[Registered], name: str) -> _Words:
    return name, lambda text: part_text(family, text)


def _said(family: type[Registered], config: str | dict[str, Any]) -> str:
    if isinstance(config, str):
        return family.named(config).label
    kind = family.named(config["name"])
    said = [
        f"{kind.options[key].label.lower()} {_setting(kind.options[key].family, value)}"
        for key, value in config.items()
        if key != "name"
    ]
    return f"{kind.label} ({', '.join(said)})"


def _setting(family: type[Registered] | None, value: Any) -> str:
    if family is not None and value is not None:
        return _said(family, read_part(value) if isinstance(value, str) else value)
    if isinstance(value, list):
        return " ".join(map(_number, value))
    return _number(value)


def _number(value: Any) -> str:
    return _NONE if value is None else f"{value:.12g}"


def _percent(share: float) -> str:
    return f"{100 * share:.6g} %"


def _switch(on: bool) -> str:
    return "on" if on else "off"


def _plain(value: Any) -> str:
    return str(value)


def _stops(texts: tuple[str, ...]) -> str:
    return ", ".join(part_text(nn.StopCondition, text) for text in texts) or _NONE


def _remainder(kind: str) -> str:
    return {"step": "smaller step", "carry": "carry over"}.get(kind, kind)


_DATA: dict[str, _Words | None] = {
    "dataset": None,
    "own": None,
    "noise": ("noise", _percent),
    "samples": ("samples", _plain),
    "train_share": ("training share", _percent),
}
_TRAINING: dict[str, _Words | None] = {
    "loss": _of(nn.Loss, "loss:"),
    "optimizer": _of(nn.Optimizer, "optimizer:"),
    "learning_rate": ("learning rate", _number),
    "batch_size": ("batch size", _plain),
    "regularizer": _of(nn.Regularizer, "regularization:"),
    "regularization_rate": ("penalty rate", _number),
    "initializer": _of(nn.Initializer, "initializer:"),
    "schedule": _of(nn.Schedule, "schedule:"),
    "clipping": _of(nn.Clipping, "clipping:"),
    "shuffle": ("shuffle each epoch", _switch),
    "remainder": ("left-over samples:", _remainder),
    "stop": ("stop when:", _stops),
}
_ELSEWHERE = ("data", "features", "layers", "output_activation", "output", "training", "run", "cut", "assigned")
_WHOLE: dict[str, _Words | None] = {"seed": ("seed", _plain), "dtype": ("precision", _plain)} | dict.fromkeys(
    _ELSEWHERE
)
