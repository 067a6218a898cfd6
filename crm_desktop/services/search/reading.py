"""What a typed text may mean: pure functions from text to readings, no base asked.

A reading is a set of terms that must all be found in a record. One text has several: digits in
groups are one telephone or several words, `mail.ru` is an address or two words, `ghbdtn` is a
Russian word, a word may be a part of a longer one or mistyped.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass

from crm_desktop.models.system.tables import TOKEN
from crm_desktop.models.text.layouts import other_layout
from crm_desktop.models.text.normalise import content_words, like_escape, norm
from crm_desktop.models.text.phones import typed_runs
from crm_desktop.models.text.vocabulary import MIN_TYPO_LETTERS, SHORTEST_SUFFIX
from crm_desktop.services.search.document import PHONE, SHORTEST_POSTING, SHORTEST_RUN, title_token

LONGEST_TEXT = 200  # letters of a typed text that are looked at
LONGEST_TERM = 40
MOST_TERMS = 8
_WHOLE = TOKEN - 1  # letters of a word that stand in each posting of it

_NO_LATIN = frozenset("ёжхъ")  # signs there that stand in no Latin word

_RUN = re.compile(r"(?<![\w@.+])[+(]*\d[\d\s().\-+\u2010-\u2015\u2212/]*(?![\w@])")
_GROUP = re.compile(r"\d+")


@dataclass(frozen=True)
class Term:
    """One thing that a record must hold.

    `prefixes`: beginnings of its postings, any of them. `part`: a run of letters inside a word.
    `words`: whole words (corrections). `patterns`: LIKE patterns of its text, any of them.
    `cut`: a posting holds less of it than was typed.
    """

    text: str
    prefixes: tuple[str, ...] = ()
    part: str = ""
    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    cut: bool = False

    @property
    def selective(self) -> tuple[bool, int]:
        """The greater, the fewer records have it, by the look of it."""
        return (not self.text.isalpha() and len(self.text) >= SHORTEST_RUN, len(self.text))

    @property
    def spellings(self) -> tuple[str, ...]:
        """What stands in a text that holds it: the word, or any run of the telephone."""
        runs = (prefix[1:] for prefix in self.prefixes if prefix.startswith(PHONE))
        return tuple(dict.fromkeys((self.text, *runs)))


@dataclass(frozen=True)
class Reading:
    """One meaning of a text.

    `title` is the posting of titles that begin so, '' for none; `title_cut` says that it holds
    less than was typed.
    """

    terms: tuple[Term, ...]
    title: str = ""
    title_cut: bool = False

    @property
    def found_by(self) -> tuple[str, ...]:
        """The words that brought a hit, for highlighting."""
        found = [word for term in self.terms for word in (term.words or (term.text,))]
        return tuple(dict.fromkeys(found))

    @property
    def drivers(self) -> list[int]:
        """The places of the terms that can lead to records, the most selective first.

        Not all records with a very short word have a posting of it: it leads only if all do.
        """
        places = range(len(self.terms))
        long = [place for place in places if len(self.terms[place].text) >= SHORTEST_POSTING]
        return sorted(long or places, key=lambda one: self.terms[one].selective, reverse=True)


def readings(text: str) -> list[Reading]:
    """The meanings of the text as typed, the likeliest first; none if nothing can be found."""
    text = text[:LONGEST_TEXT]
    plain = norm(text)
    found = [_with_phones(plain), _of_words(plain), _with_addresses(plain)]
    return list(dict.fromkeys(reading for reading in found if reading and reading.terms))


def in_other_layout(text: str) -> list[Reading]:
    """The meanings of the same keys with the keyboard in the other language."""
    other = other_layout(text[:LONGEST_TEXT]) if not _NO_LATIN & set(text.lower()) else None
    return readings(other) if other else []


def by_parts(reading: Reading) -> Reading | None:
    """The same, but letters may stand inside a word; None if no term can."""
    terms = tuple(_part(term) for term in reading.terms)
    if terms == reading.terms:
        return None
    return Reading(terms)


def typed_words(reading: Reading) -> list[str]:
    """The words of the reading that are long enough to be forgiven a typo."""
    return [
        term.text
        for term in reading.terms
        if term.text.isalpha() and len(term.text) >= MIN_TYPO_LETTERS
    ]


def corrected(reading: Reading, corrections: dict[str, tuple[str, ...]]) -> Reading | None:
    """The same with words of the vocabulary beside mistyped ones; None if there are none."""
    if not any(corrections.get(term.text) for term in reading.terms):
        return None
    terms = tuple(_with_words(term, corrections.get(term.text, ())) for term in reading.terms)
    return Reading(terms)


def _part(term: Term) -> Term:
    if len(term.text) < SHORTEST_SUFFIX or not term.text.isalpha():
        return term
    return dataclasses.replace(
        term, part=term.text[:TOKEN], patterns=(f"%{like_escape(term.text)}%",)
    )


def _with_words(term: Term, words: Sequence[str]) -> Term:
    if not words:
        return term
    patterns = tuple(f"% {like_escape(word)}%" for word in words)
    cut = tuple(word[:TOKEN] for word in words)
    return dataclasses.replace(term, words=cut, patterns=term.patterns + patterns)


# --- reading --------------------------------------------------------------------------------------


def _of_words(plain: str) -> Reading | None:
    """Every run of letters and digits is a word; e-mail addresses stay whole."""
    chunks = [chunk for chunk in plain.split() if "@" in chunk.strip("@") or chunk[0] == "@"]
    rest = " ".join(chunk for chunk in plain.split() if chunk not in chunks)
    found = content_words(rest)
    terms = [*map(_address, chunks), *map(_word, found)]
    return _reading(terms, "" if chunks else title_token(found))


def _with_phones(plain: str) -> Reading | None:
    """Groups of digits are one telephone; None if there are no such groups."""
    phones: list[Term] = []

    def take(match: re.Match[str]) -> str:
        runs = typed_runs(match[0])
        if not runs or len(_GROUP.findall(match[0])) < 2 and PHONE not in match[0]:
            return match[0]
        phones.append(_phone(runs))
        return " "

    rest = _RUN.sub(take, plain)
    if not phones:
        return None
    others = _of_words(rest)
    return _reading([*phones, *(others.terms if others else ())], "")


def _with_addresses(plain: str) -> Reading | None:
    """Words with dots inside are the beginning of an address; None if there are none."""
    chunks = [chunk.strip(".,;:") for chunk in plain.split()]
    dotted = [chunk for chunk in chunks if "." in chunk and "@" not in chunk]
    if not dotted:
        return None
    rest = _of_words(" ".join(chunk for chunk in chunks if chunk not in dotted))
    return _reading([*map(_address, dotted), *(rest.terms if rest else ())], "")


def _reading(terms: Sequence[Term], title: str) -> Reading | None:
    unique = {term.text: term for term in terms if term.text}
    if not unique:
        return None
    kept = tuple(unique.values())[:MOST_TERMS]
    return Reading(kept, title if len(title) > 1 else "", len(title) >= TOKEN)


def _word(word: str) -> Term:
    word = word[:LONGEST_TERM]
    prefixes, patterns = [word[:_WHOLE]], [f"% {word}%"]
    if word.isdecimal():
        for run in typed_runs(word):
            prefixes.append((PHONE + run)[:TOKEN])
            patterns.append(f"% {PHONE}%{run}%")
    return Term(word, tuple(prefixes), patterns=tuple(patterns), cut=len(word) > _WHOLE)


def _phone(runs: Sequence[str]) -> Term:
    runs = [run[:LONGEST_TERM] for run in runs]
    return Term(
        runs[0],
        tuple((PHONE + run)[:TOKEN] for run in runs),
        patterns=tuple(f"% {PHONE}%{run}%" for run in runs),
        cut=len(runs[-1]) >= TOKEN,
    )


def _address(chunk: str) -> Term:
    """`ivan@ma` and `mail.ru` by their beginning, `@ma` by what follows the sign."""
    address = chunk.strip("@,;<>()\"'").lstrip(PHONE)[:LONGEST_TERM]
    if chunk.endswith("@") and address:
        address += "@"
    if not address:
        return Term("")
    patterns = (f"% {like_escape(address)}%",)
    return Term(address, (address[:_WHOLE],), patterns=patterns, cut=len(address) > _WHOLE)
