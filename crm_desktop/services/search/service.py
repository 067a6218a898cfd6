"""Search: one box that finds any record by any searchable field.

As one types, only index ranges are read (`search/statements`), a bounded part of each, so that the
answer takes as long in a base of a million records as in a small one; where several common words
left something out, they are read to their end afterwards. What was typed is read in ever freer ways
(`search/reading`) until enough is found: as it stands, with the keyboard in the other language, as
parts of words, with one typo. See decision 004.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.schema import Tables
from crm_desktop.models.text.normalise import content_words
from crm_desktop.models.text.vocabulary import deletes, within_one_typo
from crm_desktop.services.private.service import Privacy
from crm_desktop.services.search.anywhere import Anywhere
from crm_desktop.services.search.document import has_documents
from crm_desktop.services.search.forms import TitlesByForm, forms_alone
from crm_desktop.services.search.hits import HitReader, by_entity
from crm_desktop.services.search.reading import (
    Reading,
    Term,
    by_parts,
    corrected,
    in_other_layout,
    readings,
    typed_words,
)
from crm_desktop.services.search.statements import (
    TITLE_WORD,
    Depth,
    Found,
    SearchStatements,
    Wanted,
)
from crm_desktop.services.titles import Titles

__all__ = ["Hit", "Search", "Typed"]

FEW_READ = 150  # postings an object that are looked at first
MANY_READ = 1000  # and then, where the other terms let too few through
MET_READ = 10_000  # or, by the index alone, of two terms each
ENOUGH = 20  # hits after which nothing more is read
FEW = 10  # below so many hits parts of words are looked for as well
LITTLE = 3  # below so many hits the other layout of the keyboard is tried
MOST_RECENT = 50
MOST_CORRECTIONS = 5
MOST_COUNTED = 3  # terms whose postings are counted before one is chosen
COUNTED = 5000  # postings of a term that are counted to choose the rarest
CAP = 5000


class Hit(NamedTuple):
    """A found record: object, title, a second line, and the words it was found by."""

    entity: str
    id: int
    title: str
    detail: str
    matched: tuple[str, ...]


class Typed(NamedTuple):
    """What is found as one types, and whether that is all there is, as far as `limit` goes."""

    hits: list[Hit]
    complete: bool


class _Ranked(NamedTuple):
    """A found record, the reading that found it, and the turn of that reading."""

    found: Found
    reading: Reading
    turn: int


Finder = Callable[[Reading], list[Found]]
Started = Callable[[sa.Connection | None], None]


class Search:
    """The search over one open base; safe from several threads."""

    def __init__(self, backend: Backend, tables: Tables, titles: Titles) -> None:
        self._backend = backend
        self._tables = tables
        self._statements = SearchStatements(backend, tables)
        self._hits = HitReader(backend, tables, titles)
        self._anywhere = Anywhere(backend, tables)
        self._forms = TitlesByForm(backend, tables)
        self.privacy: Privacy | None = None
        """Whose records are not found."""

    def find(
        self,
        text: str,
        entity: str | None = None,
        limit: int = 50,
        *,
        recent: Sequence[int] = (),
        on_start: Started = lambda _connection: None,
    ) -> list[Hit]:
        """The best hits of all there are; nothing for a text without letters and digits.

        `recent` are records opened lately: among equals they come first. Several common words of a
        large base may take a second: `on_start` hears of the connection that is asked then, None
        at the end.
        """
        typed = self.as_typed(text, entity, limit, recent=recent)
        if typed.complete:
            return typed.hits
        ents = self._ents(entity)
        with self._backend.read() as connection:

            def whole(reading: Reading) -> list[Found]:
                return self._whole(connection, reading, ents, limit)

            on_start(connection)
            try:
                found = self._gather(connection, text, whole)
            finally:
                on_start(None)
            return self._shown(connection, found, limit, frozenset(recent))

    def as_typed(
        self,
        text: str,
        entity: str | None = None,
        limit: int = 50,
        *,
        recent: Sequence[int] = (),
    ) -> Typed:
        """The same at once in any size of base; of several common words not always all."""
        ents, left_out = self._ents(entity), False
        with self._backend.read() as connection:

            def bounded(reading: Reading) -> list[Found]:
                nonlocal left_out
                hits, whole = self._bounded(connection, reading, ents, limit, recent)
                left_out |= not whole
                return hits

            found = self._gather(connection, text, bounded) if ents else []
            found = found or self._by_form(connection, text, ents, limit)
            return Typed(self._shown(connection, found, limit, frozenset(recent)), not left_out)

    def matching(self, entity: str, text: str, cap: int = CAP) -> list[int]:
        """The ids of all records of the object that the text finds, the best first, `cap` at most.

        Unlike `find` it reads whole ranges: it filters a list and must leave nothing out.
        """
        ents = self._ents(entity)
        with self._backend.read() as connection:

            def whole(reading: Reading) -> list[Found]:
                return self._whole(connection, reading, ents, cap)

            found = self._gather(connection, text, whole) if ents else []
            found = found or self._by_form(connection, text, ents, cap)
            found.sort(key=lambda one: _order(one, frozenset()))
            return [one.found.id for one in found[:cap]]

    def find_anywhere(
        self,
        text: str,
        entity: str | None = None,
        limit: int = 50,
        *,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> list[Hit]:
        """The second step: every text of every record, long ones included, is read.

        Takes seconds in a large base; `cancelled` is asked often, and then `Cancelled` is raised.
        """
        keys = [entity] if entity else [e.key for e in self._tables.catalogue]
        with self._backend.read() as connection:
            refs = self._anywhere.records(connection, text, keys, limit, cancelled)
            several = by_entity(refs)
            if self.privacy is not None:
                for key, ids in several.items():
                    others = self.privacy.outside(key, ids)
                    several[key] = [id_ for id_ in ids if id_ not in others]
            shown = self._hits.shown(connection, several)
            matched = tuple(content_words(text))
            return [Hit(*ref, *shown[ref.id], matched) for ref in refs if ref.id in shown]

    # --- ever freer -------------------------------------------------------------------------------

    def _gather(self, connection: sa.Connection, text: str, find: Finder) -> list[_Ranked]:
        """What the readings find, each record once; the later ones only while there is little."""
        found: dict[int, _Ranked] = {}
        typed = readings(text)
        other = in_other_layout(text)
        _first(found, typed, find)
        is_narrow = all(len(reading.terms) > 1 for reading in typed) and bool(found)
        if len(found) < LITTLE and not is_narrow:
            _first(found, other, find)
        if len(found) < FEW and not is_narrow:
            _first(found, _parts(typed), find)
        if not found:
            _first(found, self._corrections(connection, typed), find)
        if not found:
            _first(found, _parts(other), find)
            if not found:
                _first(found, self._corrections(connection, other), find)
        return list(found.values())

    def _by_form(
        self, connection: sa.Connection, text: str, ents: Sequence[int], most: int
    ) -> list[_Ranked]:
        """What has the legal forms in its title that the whole text consists of."""
        forms = forms_alone(text)
        if not forms:
            return []
        reading = Reading(tuple(Term(form) for form in forms))
        found = self._forms.found(connection, forms, ents, most)
        return [_Ranked(one, reading, 0) for one in found]

    def _corrections(
        self, connection: sa.Connection, found: Sequence[Reading]
    ) -> Iterator[Reading]:
        for reading in found:
            near = {word: self._near(connection, word) for word in typed_words(reading)}
            changed = corrected(reading, near)
            if changed:
                yield changed

    def _near(self, connection: sa.Connection, word: str) -> tuple[str, ...]:
        """Words of the vocabulary that are this one but for a typo, the most alike first."""
        words = self._statements.near(connection, deletes(word))
        near = [other for other in words if within_one_typo(word, other)]
        near.sort(key=lambda other: (abs(len(other) - len(word)), other))
        return tuple(near[:MOST_CORRECTIONS])

    # --- one reading ------------------------------------------------------------------------------

    def _bounded(
        self,
        connection: sa.Connection,
        reading: Reading,
        ents: Sequence[int],
        limit: int,
        recent: Collection[int],
    ) -> tuple[list[Found], bool]:
        """A term that can be read to its end gives all there is; else two terms give what they
        can, until enough is found. False: there may be more, and not enough was found."""
        found: dict[int, Found] = {}
        if recent:
            lately = list(recent)[:MOST_RECENT]
            _keep(found, self._statements.among(connection, reading, lately, ents))
        choices = [Wanted(reading, driver, tuple(ents)) for driver in reading.drivers]
        several = len(reading.terms) > 1
        short = self._read_to_end(connection, choices[:MOST_COUNTED]) if several else None
        depth = Depth(MANY_READ if short else FEW_READ, limit, 2 * limit)
        _keep(found, self._statements.found(connection, short or choices[0], depth))
        if several and not short:
            self._deepen(connection, found, choices[:2], limit)
        whole = not several or short is not None or len(found) >= min(limit, ENOUGH)
        return list(found.values()), whole

    def _read_to_end(self, connection: sa.Connection, choices: Sequence[Wanted]) -> Wanted | None:
        """The choice with the fewest postings, if so few can all be looked at."""
        counted = self._statements.counts(connection, choices, MANY_READ + 1)
        lengths = [max(one.values()) for one in counted]
        least = min(lengths)
        return choices[lengths.index(least)] if least <= MANY_READ else None

    def _deepen(
        self,
        connection: sa.Connection,
        found: dict[int, Found],
        choices: Sequence[Wanted],
        limit: int,
    ) -> None:
        """Reads more where the other terms let too few through."""
        if len(found) < min(limit, ENOUGH) and self._backend.covering and _may_meet(choices):
            met = choices[0]._replace(beside=choices[1].driver)
            _keep(found, self._statements.found(connection, met, Depth(MET_READ, 0, 2 * limit)))
            return
        for choice in choices:
            if len(found) < min(limit, ENOUGH):
                again = Depth(MANY_READ, 0, 2 * limit)
                _keep(found, self._statements.found(connection, choice, again))

    def _whole(
        self, connection: sa.Connection, reading: Reading, ents: Sequence[int], cap: int
    ) -> list[Found]:
        wanted = self._rarest(connection, reading, tuple(ents))
        depth = Depth(None if len(reading.terms) > 1 else 2 * cap, cap, 2 * cap)
        found: dict[int, Found] = {}
        _keep(found, self._statements.found(connection, wanted, depth))
        return list(found.values())

    def _rarest(self, connection: sa.Connection, reading: Reading, ents: tuple[int, ...]) -> Wanted:
        """The reading, driven by the term with the fewest postings, as far as they are counted."""
        choices = [Wanted(reading, driver, ents) for driver in reading.drivers]
        if len(choices) == 1:
            return choices[0]
        counted = self._statements.counts(connection, choices, COUNTED)
        lengths = [sum(one.values()) for one in counted]
        return choices[lengths.index(min(lengths))]

    # --- showing ----------------------------------------------------------------------------------

    def _seen(self, found: Sequence[_Ranked]) -> list[_Ranked]:
        """Without others' private records."""
        others: set[int] = set()
        for number in {one.found.ent for one in found} if self.privacy is not None else ():
            key = self._tables.catalogue.numbered(number).key
            if self.privacy is not None and self.privacy.concerns(key):
                ids = [one.found.id for one in found if one.found.ent == number]
                others |= self.privacy.outside(key, ids)
        return [one for one in found if one.found.id not in others]

    def _shown(
        self,
        connection: sa.Connection,
        found: Sequence[_Ranked],
        limit: int,
        recent: frozenset[int],
    ) -> list[Hit]:
        """The first `limit` hits in the order of how well they suit."""
        catalogue = self._tables.catalogue
        best = sorted(self._seen(found), key=lambda one: _order(one, recent))[:limit]
        refs = {one.found.id: catalogue.numbered(one.found.ent).key for one in best}
        shown = self._hits.shown(connection, by_entity((key, id_) for id_, key in refs.items()))
        there = [one for one in best if one.found.id in shown]
        there.sort(
            key=lambda one: _order(one, recent, exact=_is_title(one, shown[one.found.id].title))
        )
        return [
            Hit(refs[one.found.id], one.found.id, *shown[one.found.id], one.reading.found_by)
            for one in there
        ]

    def _ents(self, entity: str | None) -> list[int]:
        """The numbers of the objects to look into: those that have documents of their own."""
        return [
            e.number for e in self._tables.catalogue if has_documents(e) and entity in (None, e.key)
        ]


def _first(found: dict[int, _Ranked], tried: Iterable[Reading], find: Finder) -> None:
    """Adds what the first of these readings that finds anything finds."""
    turn = len(found)  # grows with every reading that has found something
    for reading in tried:
        hits = find(reading)
        for one in hits:
            found.setdefault(one.id, _Ranked(one, reading, turn))
        if hits:
            return


def _parts(typed: Sequence[Reading]) -> Iterator[Reading]:
    for reading in typed:
        freer = by_parts(reading)
        if freer:
            yield freer


def _may_meet(choices: Sequence[Wanted]) -> bool:
    """Whether there are two terms, and both are led to by beginnings of words alone."""
    terms = [one.reading.terms[one.driver] for one in choices]
    return len(terms) > 1 and not any(term.part or term.words for term in terms)


def _keep(found: dict[int, Found], more: Iterable[Found]) -> None:
    """Adds hits; of one record the best place counts."""
    for one in more:
        if one.id not in found or one.place < found[one.id].place:
            found[one.id] = one


def _order(one: _Ranked, recent: frozenset[int], *, exact: bool = False) -> tuple[object, ...]:
    found = one.found
    is_recent = found.id in recent
    return (one.turn, not exact, not is_recent, found.place, found.token, found.id)


def _is_title(one: _Ranked, title: str) -> bool:
    """Whether the title is just what was typed."""
    if one.found.place > TITLE_WORD:
        return False
    return content_words(title) == [term.text for term in one.reading.terms]
