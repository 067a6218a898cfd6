"""How likely two records mean the same, with the reasons.

Evidence adds up as log-odds (I. Fellegi, A. Sunter 1969): what agrees raises them, by the more the
rarer it is in the base, what disagrees lowers them. The weights are natural logarithms, chosen by
the benchmark (decision 009); the likelihood is their logistic, between 0 and 1.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, NamedTuple

from crm_desktop.models.catalogue.telling import (
    LIKE_FURTHER,
    LIKE_NAME,
    NEAR_EMAIL,
    NEAR_ID,
    NEAR_PHONE,
    OTHER_BORN,
    OTHER_FURTHER,
    OTHER_ID,
    OTHER_PLACE,
    OTHER_SPELLING,
    SAME_BORN,
    SAME_DOMAIN,
    SAME_EMAIL,
    SAME_FURTHER,
    SAME_ID,
    SAME_NAME,
    SAME_PHONE,
    SAME_PLACE,
)
from crm_desktop.models.text.sameness import LONG_WORD, SHORTEST_TYPO, Name
from crm_desktop.models.text.tax import normalise_inn
from crm_desktop.services.duplicates.blocking import name_key
from crm_desktop.services.duplicates.features import Features

Frequency = Callable[[str], int]
"""How many records of the base have this key (see `blocking`); 1 where nobody knows."""

START = -4.6
EXACT, TYPO, SUBSET, INITIALS, CLOSE, DIFFERENT = "exact", "typo", "subset", "initials", "close", ""
_NAMED = {
    EXACT: (SAME_NAME, SAME_FURTHER), TYPO: (OTHER_SPELLING, OTHER_FURTHER),
    **dict.fromkeys((SUBSET, INITIALS, CLOSE), (LIKE_NAME, LIKE_FURTHER)),
}  # fmt: skip
"""What is told of two titles, and of other names."""
RARE_LETTERS = 9
FEW = 4
"""Records that may have one name without its saying less: some of them may be the same."""
_DIGIT = re.compile("[0-9]")
MOST_NAME, LEAST_NAME = 6.0, -2.0
DISAGREEING = -8.0


class Score(NamedTuple):
    """A likelihood between 0 and 1, and why (`models/catalogue/telling`)."""

    likelihood: float
    reasons: tuple[str, ...]


@cache
def _osa() -> Any:
    """Optimal string alignment; its library is imported with the first comparison: it takes 4 MiB,
    and most days nobody compares."""
    from rapidfuzz.distance import OSA

    return OSA


def alone(_key: str) -> int:
    """The frequency where nothing is known of the base."""
    return 1


def score(one: Features, other: Features, frequency: Frequency = alone) -> Score:
    """How likely the two are the same."""
    reasons: list[str] = []
    total = START
    ids = _ids(one, other, reasons)
    total += ids
    total += _contacts(one, other, frequency, reasons)
    total += _place(one, other, reasons, certain=ids > 5)
    total += _born(one, other, reasons)
    if total + MOST_NAME > 0:  # else the names, which take the longest, decide nothing any more
        total += _names(one, other, frequency, reasons, certain=ids > 5)
    return Score(1 / (1 + math.exp(-max(min(total, 30.0), -30.0))), tuple(reasons))


# --- identifiers ----------------------------------------------------------------------------------


def _ids(one: Features, other: Features, reasons: list[str]) -> float:
    if not one.ids or not other.ids:
        return 0.0
    if not set(one.ids).isdisjoint(other.ids):
        reasons.append(SAME_ID)
        return 9.0
    sure = _has_right_one(one.ids) and _has_right_one(other.ids)
    if not sure and any(_near(a, b) for a in one.ids for b in other.ids):
        reasons.append(NEAR_ID)
        return 3.5
    reasons.append(OTHER_ID)
    return -7.0 if sure else -4.0


@lru_cache(maxsize=100_000)
def _has_right_one(ids: tuple[str, ...]) -> bool:
    return any(normalise_inn(number) for number in ids)


def _near(a: str, b: str) -> bool:
    return bool(_osa().distance(a, b, score_cutoff=1) <= 1)


# --- contacts -------------------------------------------------------------------------------------


def _contacts(one: Features, other: Features, frequency: Frequency, reasons: list[str]) -> float:
    return (
        _phones(one, other, frequency, reasons)
        + _emails(one, other, frequency, reasons)
        + _domains(one, other, frequency, reasons)
    )


def _phones(one: Features, other: Features, frequency: Frequency, reasons: list[str]) -> float:
    if not one.phones or not other.phones:
        return 0.0
    common = set(one.phones).intersection(other.phones)
    if common:
        reasons.append(SAME_PHONE)
        return _shared(min(frequency("p" + phone) for phone in common), 5.5)
    if any(_near(a, b) for a in one.phones for b in other.phones):
        reasons.append(NEAR_PHONE)
        return 2.5
    return -0.8


def _shared(count: int, most: float) -> float:
    """What many have in common (a switchboard, info@) says little."""
    return most if count <= 3 else max(0.5, most - 1.6 * math.log(count / 2))


def _emails(one: Features, other: Features, frequency: Frequency, reasons: list[str]) -> float:
    if not one.emails or not other.emails:
        return 0.0
    common = set(one.emails).intersection(other.emails)
    if common:
        reasons.append(SAME_EMAIL)
        return _shared(min(frequency("e" + email) for email in common), 6.5)
    if any(len(a) > 7 and _near(a, b) for a in one.emails for b in other.emails):
        reasons.append(NEAR_EMAIL)
        return 3.5
    return -0.6


def _domains(one: Features, other: Features, frequency: Frequency, reasons: list[str]) -> float:
    common = set(one.domains).intersection(other.domains)
    if not common or SAME_EMAIL in reasons:
        return 0.0
    reasons.append(SAME_DOMAIN)
    return _shared(min(frequency("w" + domain) for domain in common), 2.0)


# --- names ----------------------------------------------------------------------------------------


def _names(
    one: Features, other: Features, frequency: Frequency, reasons: list[str], *, certain: bool
) -> float:
    if not one.names or not other.names:
        return 0.0
    best, told, further = -99.0, "", False
    for mine, a in enumerate(one.names):
        for theirs, b in enumerate(other.names):
            weight, kind = _name(a, b, frequency)
            if weight > best:
                best, told, further = weight, kind, mine + theirs > 0
    if told:
        reasons.append(_NAMED[told][further])
    forms = {name.form for name in one.names if name.form}
    others = {name.form for name in other.names if name.form}
    best -= 1.5 if forms and others and forms.isdisjoint(others) else 0.0
    return max(best, -3.0) if certain else best


def _name(a: Name, b: Name, frequency: Frequency) -> tuple[float, str]:
    kind = compare_names(a, b)
    keys = name_key(a), name_key(b)
    if kind == DIFFERENT:
        return _different(*keys)
    count = max(frequency("n" + key) for key in keys)
    letters = min(map(len, keys))
    if kind == EXACT:
        weight = 5.2 - 1.1 * math.log(max(count, FEW) / FEW)
        weight += 0.8 if letters >= RARE_LETTERS and count <= FEW else 0.0
    elif kind == TYPO:
        weight = 4.4 - math.log(max(count, 2) / 2)
        weight += 0.6 if letters >= RARE_LETTERS and count <= 2 else 0.0
    elif kind == SUBSET:
        weight = (3.6 if a.person or b.person else 1.0) - 0.8 * math.log(max(count, 1))
    elif kind == INITIALS:
        weight = 2.4
    else:
        weight = 0.5
    return max(weight, LEAST_NAME), kind


def _different(one: str, other: str) -> tuple[float, str]:
    """Names that disagree in a word: by how many letters."""
    alike = _osa().normalized_similarity(one, other, score_cutoff=0.85) >= 0.85
    if not alike or _DIGIT.search(one) or _DIGIT.search(other):
        return DISAGREEING, DIFFERENT
    return -3.0, CLOSE


def compare_names(a: Name, b: Name) -> str:
    """In which way two names agree; '' if they do not."""
    mine, theirs = (n.words[: len(n.words) - n.general] or n.words for n in (a, b))
    if sorted(mine) == sorted(theirs) or "".join(mine) == "".join(theirs):
        return EXACT
    if len(mine) > len(theirs):
        mine, theirs = theirs, mine
    rest, kinds = list(theirs), set()
    for word in sorted(mine, key=len, reverse=True):
        match, kind = _best_match(word, rest)
        if kind == DIFFERENT:
            return _without_blanks(mine, theirs)
        rest.remove(match)
        kinds.add(kind)
    return _kind_of_all(mine, rest, kinds, person=a.person or b.person)


def _kind_of_all(mine: tuple[str, ...], rest: list[str], kinds: set[str], *, person: bool) -> str:
    if INITIALS in kinds:
        return INITIALS if EXACT in kinds else DIFFERENT
    if TYPO in kinds and rest:
        return CLOSE if person and len(mine) > 1 else DIFFERENT
    if rest and person and len(mine) == 1:
        return CLOSE
    if TYPO in kinds:
        return TYPO
    return SUBSET if rest else EXACT


def _without_blanks(mine: tuple[str, ...], theirs: tuple[str, ...]) -> str:
    """A wrong letter at a place where one writes a blank and the other does not."""
    one, other = "".join(mine), "".join(theirs)
    far = len(one) < LONG_WORD or len(mine) == len(theirs)
    digits = any(word.isdigit() for word in (*mine, *theirs))
    if far or digits or _osa().distance(one, other, score_cutoff=1) > 1:
        return DIFFERENT
    return TYPO


def _best_match(word: str, among: list[str]) -> tuple[str, str]:
    if word in among:
        return word, EXACT
    for other in among:
        if len(word) == 1 or len(other) == 1:
            continue
        if _is_typo(word, other):
            return other, TYPO
    for other in among:
        if (len(word) == 1 or len(other) == 1) and word[0] == other[0]:
            return other, INITIALS
    return "", DIFFERENT


def _is_typo(word: str, other: str) -> bool:
    shorter = min(len(word), len(other))
    if shorter < SHORTEST_TYPO - 1 or word.isdigit() or other.isdigit():
        return False
    most = 2 if shorter >= LONG_WORD else 1
    return bool(_osa().distance(word, other, score_cutoff=most) <= most)


# --- place and date of birth ----------------------------------------------------------------------


def _place(one: Features, other: Features, reasons: list[str], *, certain: bool) -> float:
    if not one.place or not other.place:
        return 0.0
    if one.place == other.place or (len(one.place) > 5 and _near(one.place, other.place)):
        reasons.append(SAME_PLACE)
        return 1.0
    reasons.append(OTHER_PLACE)
    return -2.0 if certain else -3.5


def _born(one: Features, other: Features, reasons: list[str]) -> float:
    if not one.born or not other.born:
        return 0.0
    if one.born == other.born:
        reasons.append(SAME_BORN)
        return 4.0
    if sorted(one.born) == sorted(other.born) or _near(one.born, other.born):
        return -1.0
    reasons.append(OTHER_BORN)
    return -6.0
