"""Everything that can be chosen by name: defining a subclass registers it."""

from __future__ import annotations

import difflib
from typing import ClassVar, Self


class UnknownNameError(ValueError):
    """A name that stands in no registry; the message lists what is possible."""

    def __init__(self, kind: str, name: object, possible: list[str]) -> None:
        near = difflib.get_close_matches(str(name), possible, n=1)
        hint = f" (did you mean '{near[0]}'?)" if near else ""
        super().__init__(f"unknown {kind} '{name}'{hint}; possible: {', '.join(possible)}")


class Registered:
    """Base of a family of classes that are chosen by name.

    A direct subclass opens a family (`class Activation(Registered, family="activation")`).
    Every class below it that sets `name` enters that family, in the order of definition.
    """

    name: ClassVar[str]
    """The key in files and in code."""
    label: ClassVar[str]
    """What a person reads."""

    registry: ClassVar[dict[str, type[Self]]]
    family: ClassVar[str]

    def __init_subclass__(cls, family: str | None = None, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        if family is not None:
            cls.registry, cls.family = {}, family
        elif "name" in cls.__dict__:
            if cls.name in cls.registry:
                raise TypeError(f"{cls.family} '{cls.name}' is defined twice")
            cls.registry[cls.name] = cls

    @classmethod
    def names(cls) -> list[str]:
        """All names of the family, in the order of definition."""
        return list(cls.registry)

    @classmethod
    def named(cls, name: str) -> type[Self]:
        """The class called `name`.

        Raises
        ------
        UnknownNameError
            If there is none; the message lists the possible names.
        """
        try:
            return cls.registry[name]
        except (KeyError, TypeError):
            raise UnknownNameError(cls.family, name, cls.names()) from None

    @classmethod
    def of(cls, choice: str | Self) -> Self:
        """`choice` itself, or an instance with default settings of the class it names.

        Raises
        ------
        UnknownNameError
            If `choice` is neither of this family nor one of its names.
        """
        if isinstance(choice, str):
            return cls.named(choice)()
        if not isinstance(choice, cls):
            raise UnknownNameError(cls.family, choice, cls.names())
        return choice
