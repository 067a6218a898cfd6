"""How well a column is called as a field is: just so, nearly so, or by some of its words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from crm_desktop.models.text.normalise import norm

EXACT = 100.0
NEAR = 90.0  # of 100: `Телефон` and `Телефоны`, not `Name` and `Note`
_BELOW_EXACT, _NUMBER, _PART = 5.0, 4.0, 70.0
_HIT, _HEAD, _SEVERAL, _MOST_HITS = 4.0, 3.0, 5.0, 3
_NEAR_WORD = 85.0
_SHORTEST_NEAR = 5
_NOISE = re.compile(r"\([^)]*\)|[^\w%№]+|_")
_NUMBERED = re.compile(r"\s+\d{1,2}(?=\s|$)")
_REMARK = re.compile(r".+\d\s*-\s*(?:type|label|тип|метка)\s*", re.IGNORECASE)
_ALONE = {"first", "last", "middle", "state", "cell"}  # in `Last order` they mean nothing of a name
_NUMBERS_OF_OTHERS = {"id", "ids", "uid", "guid", "uuid", "ид", "идентификатор"}


def plain(name: str) -> str:
    """A column's name or a field's label without signs and remarks in brackets."""
    folded = norm(name)
    return " ".join(_NOISE.sub(" ", folded).split()) or folded


def bare(words: str) -> str:
    """The plain name without the number that tells columns of the same name apart."""
    return _NUMBERED.sub("", words)


def is_remark(name: str) -> bool:
    """Whether the column says what kind of number stands in the next one: `Phone 1 - Type`."""
    return bool(_REMARK.fullmatch(name))


class NameBook:
    """What fields may be called, taken apart once: a file may have thousands of columns."""

    def __init__(self, names: Sequence[set[str]], several: Sequence[bool]) -> None:
        """`names`: the plain names of each field; `several`: whether it may have many values."""
        self._several = several
        self._called: dict[str, list[int]] = defaultdict(list)
        self._single: dict[str, list[int]] = defaultdict(list)
        for at, all_ in enumerate(names):
            for name in all_:
                self._called[name].append(at)
                if " " not in name and name not in _ALONE:
                    self._single[name].append(at)
        self._long = [name for name in self._called if len(name) >= _SHORTEST_NEAR]
        self._long_single = [name for name in self._single if len(name) >= _SHORTEST_NEAR]
        self._phrases: dict[str, list[tuple[list[str], int]]] = defaultdict(list)
        for name, places in self._called.items():
            if " " in name:
                said = name.split()
                self._phrases[_head(said)] += ((said, at) for at in places)
        self._known: dict[str, dict[int, float]] = {}
        self._words: dict[str, set[int]] = {}

    def scores(self, words: str) -> dict[int, float]:
        """How well a column of this plain name is called as each field is, 0 to 100; by the places
        of the fields, without those whose names it has nothing of."""
        found = dict(self._of_bare(bare(words)))
        found.update(dict.fromkeys(self._called.get(words, ()), EXACT))
        return found

    def _of_bare(self, called: str) -> dict[int, float]:
        found = self._known.get(called)
        if found is None:
            found = self._known[called] = self._by_words(called)
            for at, score in self._nearly(called).items():
                found[at] = score
            found.update(dict.fromkeys(self._called.get(called, ()), EXACT - _NUMBER))
        return found

    def _nearly(self, called: str) -> dict[int, float]:
        if not _is_word(called) or len(called) < _SHORTEST_NEAR:
            return {}
        found: dict[int, float] = {}
        for name, near in _alike(called, self._long, NEAR):
            for at in self._called[name]:
                found[at] = max(found.get(at, 0.0), near - _BELOW_EXACT)
        return found

    def _by_words(self, called: str) -> dict[int, float]:
        """By words of a longer name that are names of the field themselves, in any case."""
        every = called.split()
        head = _head(every)
        if head in _NUMBERS_OF_OTHERS:
            return {}
        said = [word for word in every if len(word) >= _SHORTEST_NEAR - 1]
        able = said if len(said) >= 2 and _is_word(called) else ()
        hits = Counter(at for word in able for at in self._named(word))
        if not able:
            hits.update(at for word in every for at in self._single.get(word, ()))
        for words, at in self._phrases.get(head, ()):
            if words == (every[-len(words) :] if called.isascii() else every[: len(words)]):
                hits[at] = max(hits[at], len(words))
        heads = self._named(head) if called.isascii() else ()
        return {
            at: _PART + min(count, _MOST_HITS) * _HIT + _HEAD * (at in heads)
            + _SEVERAL * self._several[at]
            for at, count in hits.items()
        }  # fmt: skip

    def _named(self, word: str) -> set[int]:
        """The fields one of whose names is this word or nearly so."""
        found = self._words.get(word)
        if found is None:
            is_known = word in self._single or len(word) < _SHORTEST_NEAR
            near = () if is_known else _alike(word, self._long_single, _NEAR_WORD)
            names = {word, *(name for name, _ratio in near)}
            found = {at for name in names for at in self._single.get(name, ())}
            self._words[word] = found
        return found


def _head(words: Sequence[str]) -> str:
    """What a name is about: `Contact owner` an owner, `Имя контакта` a name."""
    if not words:
        return ""
    return words[-1] if "".join(words).isascii() else words[0]


def _is_word(called: str) -> bool:
    return sum(map(str.isalpha, called)) >= _SHORTEST_NEAR - 1


def _alike(text: str, names: Sequence[str], least: float) -> list[tuple[str, float]]:
    from rapidfuzz import process
    from rapidfuzz.fuzz import ratio

    found = process.extract(text, names, scorer=ratio, score_cutoff=least, limit=None)
    return [(name, score) for name, score, _place in found]
