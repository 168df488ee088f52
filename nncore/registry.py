"""Everything that can be chosen by name, with its options and their ranges: defining a subclass registers it."""

from __future__ import annotations

import difflib
import math
import numbers
from collections.abc import Mapping
from dataclasses import Field, dataclass, field
from typing import Any, ClassVar, Self

import numpy as np

from nncore.notation import name_in, read_part, written_part


class UnknownNameError(ValueError):
    """A name that stands in no registry; the message lists what is possible."""

    def __init__(self, kind: str, name: object, possible: list[str]) -> None:
        near = difflib.get_close_matches(str(name), possible, n=1)
        hint = f" (did you mean '{near[0]}'?)" if near else ""
        super().__init__(f"unknown {kind} '{name}'{hint}; possible: {', '.join(possible)}")


@dataclass(frozen=True)
class Option:
    """One setting of a part: which values are possible, and what a person reads about it."""

    default: Any
    label: str
    """What a person reads beside its control."""
    at_least: float = -math.inf
    at_most: float = math.inf
    above: float = -math.inf
    below: float = math.inf
    whole: bool = False
    """Whether it is a whole number."""
    family: type[Registered] | None = None
    """The family it chooses from, by name or instance; its bounds mean nothing then."""
    optional: bool = False
    """Whether it may be None."""
    several: bool = False
    """Whether it is a list of such numbers, which a part keeps as a tuple, in order, each once."""

    def check(self, where: str, name: str, value: Any) -> Any:
        """`value` as the part keeps it; ValueError, beginning with `where`, if it is impossible."""
        if value is None and self.optional:
            return None
        if self.family is not None:
            return self.family.of(value)  # type: ignore[arg-type]
        if self.several:
            return self._check_several(where, name, value)
        number = _as_number(value, self.whole)
        if number is None or not self._allows(number):
            raise ValueError(f"{where}: expected {self.range_of(name)}, got {value!r}")
        return number

    def _check_several(self, where: str, name: str, values: Any) -> tuple[float, ...]:
        if not isinstance(values, (list, tuple, np.ndarray)):
            raise ValueError(f"{where}: expected a list of {self.range_of(name)}, got {values!r}")
        numbers = [_as_number(value, self.whole) for value in values]
        wrong = [v for v, number in zip(values, numbers, strict=True) if number is None or not self._allows(number)]
        if wrong:
            raise ValueError(f"{where}: expected a list of {self.range_of(name)}, got {wrong[0]!r} in it")
        return tuple(sorted({number for number in numbers if number is not None}))

    def range_of(self, name: str) -> str:
        """The possible values in words, such as `0 <= rate < 1`; of several, those of each."""
        number = "numbers" if self.several else "a number"
        kind = number.replace("number", "whole number") + " " if self.whole else ""
        low = self.at_least if self.at_least > self.above else self.above
        high = self.at_most if self.at_most < self.below else self.below
        low_sign = "<=" if self.at_least > self.above else "<"
        high_sign = "<=" if self.at_most < self.below else "<"
        if math.isinf(low) and math.isinf(high):
            return f"{kind or f'{number} '}as {name}"
        left = "" if math.isinf(low) else f"{_text(low)} {low_sign} "
        right = "" if math.isinf(high) else f" {high_sign} {_text(high)}"
        if not right:
            return f"{kind}{name} {low_sign.replace('<', '>')} {_text(low)}"
        return f"{kind}{left}{name}{right}"

    def _allows(self, value: float) -> bool:
        return math.isfinite(value) and self.above < value < self.below and self.at_least <= value <= self.at_most


def _text(bound: float) -> str:
    return f"{bound:,.12g}" if abs(bound) >= 10_000 else f"{bound:.12g}"


def option(default: Any, label: str, **bounds: Any) -> Any:
    """A field of a part that is a dataclass: see `Option` for what can be said of it."""
    return field(default=default, metadata={"option": Option(default, label, **bounds)})


def _as_number(value: object, whole: bool) -> float | int | None:
    """`value` as int or float; None if it is no number, or not a whole one where that is asked for."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real):
        return None
    try:
        number = float(value)
        return int(number) if whole and number == int(number) else None if whole else number
    except (ValueError, OverflowError):
        return None


class Registered:
    """Base of a family of classes that are chosen by name.

    A direct subclass opens a family (`class Activation(Registered, family="activation")`).
    Every class below it that sets `name` enters that family, in the order of definition. Its options are the fields it
    defines by `option(...)` as a frozen dataclass, or the dictionary `options` it brings.
    """

    name: ClassVar[str]
    """The key in files and in code."""
    label: ClassVar[str]
    """What a person reads."""

    options: ClassVar[dict[str, Option]] = {}
    """Its settings by name, in the order the constructor takes them."""

    registry: ClassVar[dict[str, type[Self]]]
    family: ClassVar[str]

    def __init_subclass__(cls, family: str | None = None, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        own = {key: value.metadata["option"] for key, value in cls.__dict__.items() if _is_option(value)}
        if own:
            cls.options = cls.options | own
        if family is not None:
            cls.registry, cls.family = {}, family
        elif "name" in cls.__dict__:
            if cls.name in cls.registry:
                raise TypeError(f"{cls.family} '{cls.name}' is defined twice")
            cls.registry[cls.name] = cls

    def __post_init__(self) -> None:
        """Check every option; a choice from another family becomes an instance of it."""
        if not hasattr(type(self), "name"):
            raise TypeError(f"{type(self).__name__} is a family; choose one of it: {', '.join(self.names())}")
        for key, rule in self.options.items():
            object.__setattr__(self, key, rule.check(self.name, key, getattr(self, key)))

    def settings(self) -> dict[str, Any]:
        """The options by name, as plain values: numbers, strings, None, and lists and dictionaries of these."""
        values = {key: getattr(self, key) for key in self.options}
        return {key: _plain(value) for key, value in values.items()}

    def config(self) -> str | dict[str, Any]:
        """What `of` makes an equal one of: its name, or a dictionary with it and the settings that are not default."""
        changed = {key: value for key, value in self.settings().items() if value != self.options[key].default}
        return {"name": self.name, **changed} if changed else self.name

    @property
    def text(self) -> str:
        """The same as one line of text: its name, and in brackets the settings that are not default."""
        return written_part(self.config())

    @classmethod
    def names(cls) -> list[str]:
        """All names of the family, in the order of definition."""
        return list(cls.registry)

    @classmethod
    def named(cls, name: str) -> type[Self]:
        """The class called `name`, which may be a text with settings as `text` gives it.

        Raises
        ------
        UnknownNameError
            If there is none; the message lists the possible names.
        """
        try:
            return cls.registry[name_in(name)]
        except (KeyError, TypeError, AttributeError):
            said = name_in(name) if isinstance(name, str) else name
            raise UnknownNameError(cls.family, said, cls.names()) from None

    @classmethod
    def of(cls, choice: str | Mapping[str, Any] | Self) -> Self:
        """`choice` itself, or an instance of the class it names, with the settings it gives.

        Parameters
        ----------
        choice
            An instance, a name, what `config` gave, `{"name": "elu", "alpha": 0.5}`, or what `text` gave,
            `"elu(alpha=0.5)"`.

        Raises
        ------
        UnknownNameError
            If `choice` is neither of this family nor one of its names.
        ValueError
            If a setting is unknown or impossible.
        """
        if isinstance(choice, str):
            cls.named(choice)  # an unknown name is told before what is wrong with its settings
            choice = read_part(choice)
        if isinstance(choice, str):
            return cls.named(choice)()
        if isinstance(choice, Mapping):
            return cls._configured({**choice})
        if not isinstance(choice, cls):
            raise UnknownNameError(cls.family, choice, cls.names())
        return choice

    @classmethod
    def _configured(cls, settings: dict[Any, Any]) -> Self:
        name = settings.pop("name", None)
        kind = cls.named(name)
        unknown = [str(key) for key in settings if key not in kind.options]
        if unknown:
            possible = ", ".join(kind.options) or "none"
            raise ValueError(f"{cls.family} '{name}' has no option {', '.join(sorted(unknown))}; possible: {possible}")
        return kind(**settings)


def _plain(value: Any) -> Any:
    """A setting as JSON has it."""
    if isinstance(value, Registered):
        return value.config()
    return list(value) if isinstance(value, tuple) else value


def _is_option(value: object) -> bool:
    return isinstance(value, Field) and "option" in value.metadata
