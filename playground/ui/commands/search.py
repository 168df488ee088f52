"""Finding commands by a few letters: each word that is typed has to be found in the title or in what belongs to it.

The best is the beginning of a word, then anywhere in one, then letters that stand in this order: "rlu" finds ReLU.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from playground.ui.commands.command import Command

_START, _INSIDE, _SCATTERED = 100.0, 60.0, 30.0
_GAP = 3.0
"""What a letter costs that is left out between two that were typed."""
_WORDS_SHARE, _PLACE_SHARE, _TIP_SHARE = 0.85, 0.5, 0.25
"""What it is worth to be found in other words, in the menu's title and in the explanation, beside the title."""
_RECENT = 12.0
"""What it is worth to have been used, at most."""


class Found(NamedTuple):
    """A command, and which letters of its title were meant."""

    command: Command
    letters: tuple[int, ...] = ()


class Hit(NamedTuple):
    """How well a word was found in a text, and at which letters."""

    score: float
    letters: tuple[int, ...] = ()


def search(query: str, commands: Iterable[Command], recent: Sequence[str] = ()) -> list[Found]:
    """The commands that fit, the best first; all of them, those used last first, where nothing is asked for.

    Parameters
    ----------
    query
        What was typed.
    commands
        In the order in which equally good ones stand.
    recent
        Names of those used, the last first.
    """
    words = [word for word in _plain(query).split() if any(letter.isalnum() for letter in word)]
    used = {name: place for place, name in enumerate(recent)}
    if not words:
        return [Found(each) for each in sorted(commands, key=lambda each: used.get(each.name, len(used)))]
    ranked = []
    for command in commands:
        hit = match(words, command)
        if hit is not None:
            bonus = _RECENT / (1 + used[command.name]) if command.name in used else 0.0
            ranked.append((hit.score + bonus, Found(command, hit.letters)))
    return [found for _, found in sorted(ranked, key=lambda item: -item[0])]


def match(words: Sequence[str], command: Command) -> Hit | None:
    """How well a command fits all these words (in small letters, without signs); None if one is missing."""
    total, letters = 0.0, set[int]()
    for word in words:
        in_title = find(word, command.title)
        elsewhere = max(
            _share(word, command.words, _WORDS_SHARE),
            _share(word, command.place, _PLACE_SHARE),
            _share(word, command.tip, _TIP_SHARE),
        )
        if in_title is None and not elsewhere:
            return None
        if in_title is not None and in_title.score >= elsewhere:
            letters.update(in_title.letters)
        total += max(in_title.score if in_title is not None else 0.0, elsewhere)
    shorter = 10 / (10 + len(command.title))
    return Hit(total / len(words) + 10 * shorter, tuple(sorted(letters)))


def find(word: str, text: str) -> Hit | None:
    """A word in a text; None if its letters do not stand there in this order, near to each other."""
    plain = _plain(text)
    starts = [at for at in range(len(plain)) if _begins(text, at)]
    at = next((at for at in starts if plain.startswith(word, at)), None)
    if at is not None:
        whole = at + len(word) == len(plain) or not plain[at + len(word)].isalnum()
        return Hit(_START + 8 * whole - min(at, 20) * 0.2, tuple(range(at, at + len(word))))
    if len(word) > 1 and (at := plain.find(word)) >= 0:
        return Hit(_INSIDE - min(at, 20) * 0.2, tuple(range(at, at + len(word))))
    tries = [hit for at in starts if (hit := _scattered(word, plain, at, starts)) is not None]
    return max(tries, default=None)


def _scattered(word: str, plain: str, start: int, starts: Sequence[int]) -> Hit | None:
    """The letters of a word one after the other: the first at the beginning of a word, others there or in the same."""
    if len(word) < 2 or plain[start] != word[0]:
        return None
    letters, skipped = [start], 0
    for letter in word[1:]:
        last = letters[-1]
        end = next((at for at in range(last, len(plain)) if not plain[at].isalnum()), len(plain))
        within = plain.find(letter, last + 1, end)
        at = within if within >= 0 else next((each for each in starts if each > last and plain[each] == letter), -1)
        if at < 0:
            return None
        skipped += at - last - 1 if at == within and at not in starts else 0
        letters.append(at)
    return Hit(max(_SCATTERED - _GAP * skipped, 1.0), tuple(letters))


def _share(word: str, text: str, worth: float) -> float:
    """What it is worth that a word of a text begins with this one."""
    return worth * _START if any(each.startswith(word) for each in _plain(text).split()) else 0.0


def _begins(text: str, at: int) -> bool:
    if not text[at].isalnum():
        return False
    return at == 0 or not text[at - 1].isalnum() or (text[at].isupper() and text[at - 1].islower())


def _plain(text: str) -> str:
    """A text in small letters without marks and raised figures, letter for letter."""
    return "".join(unicodedata.normalize("NFKD", letter)[0].lower()[:1] for letter in text)
