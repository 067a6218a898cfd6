"""Keys that records which may be the same share: only such pairs are compared.

A key is a text; records with an equal one are looked at. Every way in which a copy of a record
usually differs leaves at least one key alone: another spelling, a wrong letter or two letters
swapped, a digit of the telephone, a missing word or a missing field.
"""

from __future__ import annotations

from collections.abc import Iterator

from crm_desktop.models.text.sameness import (
    SHORTEST_TYPO,
    Name,
    consonants,
    is_given,
    one_letter_less,
)
from crm_desktop.services.duplicates.features import Features

MOST_LEFT_OUT = 5
HEAD, TAIL = 6, 4
"""Digits of a telephone: a wrong one, or two swapped, leave the beginning or the end alone."""
SHORTEST_NAME = 3


def name_key(name: Name) -> str:
    """The whole name whatever the order of its words; without the general ones."""
    telling = name.words[: len(name.words) - name.general]
    return "".join(sorted(telling or name.words))


def keys(found: Features, *, placed: bool = True) -> Iterator[str]:
    """Every key of a record; the first letter tells the kind.

    `placed`: the object knows towns. Then a name that is only alike tells something together with
    the town alone, and its keys hold it: else a million clients would make ten times the pairs.
    """
    for number in found.ids:
        yield "t" + number
    for phone in found.phones:
        yield "p" + phone
    for email in found.emails:
        yield "e" + email
    for domain in found.domains:
        yield "w" + domain
    for name in found.names:
        yield from _name_keys(name, found)
        if found.place or not placed:
            for key in _weak_keys(name):
                yield f"{key}|{found.place}"


def _name_keys(name: Name, found: Features) -> Iterator[str]:
    whole = name_key(name)
    if len(whole) < SHORTEST_NAME:
        return
    yield "n" + whole
    if found.place:
        yield f"c{whole}|{found.place}"
    sound = consonants(whole)[:3]
    for phone in found.phones:
        yield f"h{sound}{phone[:HEAD]}"
        yield f"h{sound}{phone[-TAIL:]}"
    if found.born:
        yield f"b{found.born}{sound}"


def _weak_keys(name: Name) -> Iterator[str]:
    whole = name_key(name)
    if len(whole) >= SHORTEST_NAME:
        yield "s" + consonants(whole)
        yield from _typo_keys(name)
        if name.person:
            yield from _initial_keys(name)


def _typo_keys(name: Name) -> Iterator[str]:
    """One word may be wrong, or missing in a longer name: the others tell."""
    telling = name.words[: len(name.words) - name.general] or name.words
    if len(telling) > 2:
        for at in range(min(len(telling), MOST_LEFT_OUT)):
            yield "l" + "".join(sorted(telling[:at] + telling[at + 1 :]))
        return
    if len(telling) == 2:
        yield "l" + "".join(sorted(telling))
    for at, word in enumerate(telling):
        other = telling[1 - at][:1] if len(telling) == 2 else ""
        if len(word) >= SHORTEST_TYPO:
            for variant in one_letter_less(word):
                yield f"v{variant}|{other}"


def _initial_keys(name: Name) -> Iterator[str]:
    """`Ivanov I. P.` and `Ivanov Ivan Petrovich`."""
    letters = sorted(word[0] for word in name.words)
    for word in name.words:
        if len(word) > 3 and not is_given(word):
            rest = list(letters)
            rest.remove(word[0])
            yield f"i{word}|{rest[0]}"
            if len(rest) > 1:
                yield f"i{word}|{rest[-1]}"
