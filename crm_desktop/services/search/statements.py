"""The SQL of the search: bound parameters only, every way in bounded by an index range.

A statement takes each object's share of candidates from one range of `search_posting` (ent, tok,
rid), looks at their texts for the other terms, and says how well each suits: so the work does not
grow with the base. Words that some role hides are asked for in statements of their own, where a
base has any (`search/hidden`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.each import Question
from crm_desktop.models.schema import Tables
from crm_desktop.models.system.tables import TOKEN
from crm_desktop.services.search.document import SUFFIX, TITLE_END, VARIANT, WORD
from crm_desktop.services.search.hidden import HiddenRange, HiddenRanges, begins
from crm_desktop.services.search.reading import Reading, Term
from crm_desktop.services.search.template import (
    Templates,
    filled_up,
    marked,
    shape,
    signs,
    values_of,
)

TITLE_BEGINS, TITLE_WORD, OTHER_FIELD = 1, 2, 3
"""How well a record suits within the grade of the reading; 0, the whole title, is seen later."""

_TYPO_CANDIDATES = 200
_MOST_MET = 1000
_COUNTED_TOGETHER = 30
"""Objects of one statement: SQLite unites 500 selects at most, and an object has up to 15."""


class Found(NamedTuple):
    """A record that holds every term of a reading."""

    id: int
    ent: int
    place: int
    token: str


class Depth(NamedTuple):
    """How much a statement may do: postings read an object, titles taken an object, rows given."""

    postings: int | None
    titles: int
    rows: int


class Wanted(NamedTuple):
    """A reading, the place of the term whose postings are read, and the objects looked into.

    `beside`: the place of another term, whose postings must lead to the same records.
    """

    reading: Reading
    driver: int
    ents: tuple[int, ...]
    beside: int | None = None

    @property
    def shape(self) -> Hashable:
        """What decides the text of a statement for it."""
        return (shape(self.reading), self.driver, self.ents, self.beside)


class SearchStatements:
    """Builds and runs the statements on one base."""

    def __init__(self, backend: Backend, tables: Tables) -> None:
        self._backend = backend
        self._templates = Templates(backend, tables)
        self._doc = tables.system("search_doc").c
        self._posting = tables.system("search_posting").c
        self._form = tables.system("search_form").c
        self._hidden = HiddenRanges(backend, tables)

    def found(self, connection: sa.Connection, wanted: Wanted, depth: Depth) -> list[Found]:
        """Records of these objects, through the postings of one term, the best places first. A text
        that says to be another object's is spoilt (`models/strict/spoilt`)."""

        def parts(ent: sa.ColumnElement[int]) -> Iterator[sa.Select[Any]]:
            return self._parts(wanted._replace(reading=marked(wanted.reading)), ent, depth)

        def best(united: sa.Subquery) -> sa.Select[Any]:
            ordered = sa.select(united.c.id, united.c.ent, united.c.place, united.c.tok).order_by(
                united.c.place, united.c.tok, united.c.id
            )
            return self._backend.limit(ordered, depth.rows)

        key, values = ("found", wanted.shape, depth), values_of(wanted.reading)
        asked = Question(parts, best)
        rows = self._templates.of_each(connection, key, asked, wanted.ents, values)
        found = [Found(*row) for row in rows if row[1] in wanted.ents]
        for some in self._hidden.together(wanted.ents):
            rows = self._found_hidden(connection, wanted, some, depth, best)
            found += [Found(*row) for row in rows if row[1] in wanted.ents]
        found.sort(key=lambda one: (one.place, one.token, one.id))
        return found[: depth.rows]

    def _found_hidden(
        self,
        connection: sa.Connection,
        wanted: Wanted,
        ranges: Sequence[HiddenRange],
        depth: Depth,
        best: Callable[[sa.Subquery], sa.Select[Any]],
    ) -> Sequence[Sequence[Any]]:
        """The same by words that some role hides."""

        def parts(turn: sa.ColumnElement[int]) -> Iterator[sa.Select[Any]]:
            reading = marked(wanted.reading)
            term = reading.terms[wanted.driver]
            checked = None if term.cut else wanted.driver
            for prefix in term.prefixes:
                source = self._hidden.rows(ranges, turn, prefix, depth.postings)
                yield self._through(source, reading, checked)

        if not wanted.reading.terms[wanted.driver].prefixes:
            return []
        key, values = ("found hidden", wanted.shape, depth, ranges), values_of(wanted.reading)
        turns = range(len(ranges))
        return self._templates.of_each(connection, key, Question(parts, best), turns, values)

    def among(
        self, connection: sa.Connection, reading: Reading, ids: Sequence[int], ents: Sequence[int]
    ) -> list[Found]:
        """Which of these records the reading finds."""
        values, wanted = values_of(reading), filled_up(ids)
        doc = self._doc

        def build() -> Any:
            meant = marked(reading)
            return sa.select(
                doc.id.label("id"), doc.ent.label("ent"), self._place(meant)
            ).where(
                doc.id.in_(signs(len(values), len(wanted), doc.id.type)),
                *self._conditions(meant, None),
            )  # fmt: skip

        key = ("among", shape(reading), len(wanted))
        rows = self._templates.run(connection, key, build, [*values, *wanted])
        return [Found(id_, ent, place, "") for id_, ent, place in rows if ent in ents]

    def counts(
        self, connection: sa.Connection, choices: Sequence[Wanted], most: int
    ) -> list[dict[int, int]]:
        """How many postings of each object the term of each choice has, counted up to `most` a
        source. The choices differ in what drives them only; they are counted together."""
        found: list[dict[int, int]] = [defaultdict(int) for _choice in choices]
        values, ents = values_of(choices[0].reading), choices[0].ents

        def parts(ent: sa.ColumnElement[int]) -> Iterator[sa.Select[Any]]:
            return self._counting(choices, ent, most)

        def counted(united: sa.Subquery) -> sa.Select[Any]:
            return sa.select(united.c.place, united.c.ent, united.c.n)

        asked = Question(parts, counted)
        key = ("counts", tuple(one.shape for one in choices), most)
        for first in range(0, len(ents), _COUNTED_TOGETHER):
            some = ents[first : first + _COUNTED_TOGETHER]
            for place, ent, n in self._templates.of_each(connection, key, asked, some, values):
                found[place][ent] += n
        for ranges in self._hidden.together(ents):
            for place, turn, n in self._count_hidden(connection, choices, ranges, most):
                found[place][ranges[turn].ent] += n
        return found

    def _count_hidden(
        self, connection: sa.Connection, choices: Sequence[Wanted],
        ranges: Sequence[HiddenRange], most: int,
    ) -> Sequence[Sequence[Any]]:  # fmt: skip
        """How many words that some role hides, by the place of the choice and of the range."""

        def parts(turn: sa.ColumnElement[int]) -> Iterator[sa.Select[Any]]:
            for place, one in enumerate(choices):
                for prefix in marked(one.reading).terms[one.driver].prefixes:
                    source = self._hidden.rows(ranges, turn, prefix, most).subquery()
                    counted = sa.select(sa.func.count().label("n")).select_from(source).subquery()
                    named = _number(place).label("place"), turn.label("turn")
                    yield sa.select(*named, counted.c.n)

        def counted(united: sa.Subquery) -> sa.Select[Any]:
            return sa.select(united.c.place, united.c.turn, united.c.n)

        if not any(one.reading.terms[one.driver].prefixes for one in choices):
            return []
        shapes, values = tuple(one.shape for one in choices), values_of(choices[0].reading)
        key, turns = ("counts hidden", shapes, most, ranges), range(len(ranges))
        return self._templates.of_each(connection, key, Question(parts, counted), turns, values)

    def _counting(
        self, choices: Sequence[Wanted], ent: sa.ColumnElement[int], most: int
    ) -> Iterator[sa.Select[Any]]:
        for place, one in enumerate(choices):
            for source in self._sources(marked(one.reading).terms[one.driver], ent, most):
                counted = sa.select(sa.func.count().label("n")).select_from(source.subquery())
                named = _number(place).label("place"), ent.label("ent")
                yield sa.select(*named, counted.subquery().c.n)

    def near(self, connection: sa.Connection, variants: Sequence[str]) -> list[str]:
        """Words of the vocabulary that share a beginning but for one letter."""
        form = self._form
        values = filled_up(variants)

        def build() -> Any:
            parts = []
            for kind in (VARIANT, WORD):
                chosen = form.form.in_(signs(0, len(values), form.form.type))
                words = sa.select(form.word).where(form.kind == kind, chosen)
                limited = self._backend.limit(words, _TYPO_CANDIDATES).subquery()
                parts.append(sa.select(limited.c.word))
            return _united(parts)

        rows = self._templates.run(connection, ("near", len(values)), build, values)
        return sorted({word for (word,) in rows})

    # --- parts ------------------------------------------------------------------------------------

    def _parts(
        self, wanted: Wanted, ent: sa.ColumnElement[int], depth: Depth
    ) -> Iterator[sa.Select[Any]]:
        reading, driver = wanted.reading, wanted.driver
        if reading.title and depth.titles:
            yield self._titles(reading, ent, depth.titles)
        term = reading.terms[driver]
        checked = None if term.cut else driver
        for source in self._sources(term, ent, depth.postings):
            if wanted.beside is not None:
                other = self._sources(reading.terms[wanted.beside], ent, depth.postings)
                source = self._met(source, other)
            yield self._through(source, reading, checked)

    def _met(self, source: sa.Select[Any], other: Iterator[sa.Select[Any]]) -> sa.Select[Any]:
        """The postings of records that the other ones lead to as well: the index alone tells."""
        inner = source.subquery()
        there = _united([sa.select(one.subquery().c.rid) for one in other])
        met = sa.select(inner.c.rid, inner.c.tok).where(inner.c.rid.in_(there))
        return self._limited(met, _MOST_MET)

    def _through(
        self, source: sa.Select[Any], reading: Reading, checked: int | None
    ) -> sa.Select[Any]:
        """The records that postings lead to, as far as their texts hold the other terms."""
        doc, inner = self._doc, source.subquery()
        return (
            sa.select(
                doc.id.label("id"), doc.ent.label("ent"), self._place(reading),
                inner.c.tok.label("tok"),
            )
            .select_from(inner.join(self._doc.id.table, doc.id == inner.c.rid))
            .where(*self._conditions(reading, checked))
        )  # fmt: skip

    def _titles(self, reading: Reading, ent: sa.ColumnElement[int], count: int) -> sa.Select[Any]:
        """Titles that begin as typed; of a typed title longer than a posting the text is asked."""
        inner = self._range(ent, reading.title, count).subquery()
        chosen = sa.select(
            inner.c.rid.label("id"), ent.label("ent"),
            _number(TITLE_BEGINS).label("place"), inner.c.tok.label("tok"),
        )  # fmt: skip
        if not reading.title_cut:
            return chosen
        doc = self._doc
        return chosen.join(doc.id.table, doc.id == inner.c.rid).where(
            *self._conditions(reading, None)
        )

    def _sources(
        self, driver: Term, ent: sa.ColumnElement[int], count: int | None
    ) -> Iterator[sa.Select[Any]]:
        posting, form = self._posting, self._form
        for prefix in driver.prefixes:
            yield self._range(ent, prefix, count)
        if driver.part:
            inside = sa.select(form.word).where(form.kind == SUFFIX, begins(form.form, driver.part))
            words = self._limited(inside.order_by(form.kind, form.form, form.word), count)
            there = words.subquery()
            whole = sa.select(posting.rid, posting.tok).select_from(
                there.join(
                    posting.rid.table,
                    sa.and_(posting.ent == ent, posting.tok == there.c.word),
                )
            )
            yield self._limited(whole, count)
        if driver.words:
            exact = sa.select(posting.rid, posting.tok).where(
                posting.ent == ent, sa.or_(*(posting.tok == word for word in driver.words))
            )
            yield self._limited(exact, count)

    def _range(self, ent: sa.ColumnElement[int], prefix: str, count: int | None) -> sa.Select[Any]:
        posting = self._posting
        chosen = sa.select(posting.rid, posting.tok).where(
            posting.ent == ent, begins(posting.tok, prefix)
        )
        if count is None:
            return chosen
        return self._limited(chosen.order_by(posting.ent, posting.tok, posting.rid), count)

    def _limited(self, chosen: sa.Select[Any], count: int | None) -> sa.Select[Any]:
        return chosen if count is None else self._backend.limit(chosen, count)

    def _conditions(self, reading: Reading, driver: int | None) -> Iterator[sa.ColumnElement[bool]]:
        for place, term in enumerate(reading.terms):
            if place != driver:
                yield sa.or_(*(self._like(pattern) for pattern in term.patterns))

    def _place(self, reading: Reading) -> sa.ColumnElement[int]:
        """Whether every term stands in the title."""
        in_title = [
            sa.or_(*(self._like(f"{pattern}{TITLE_END}%") for pattern in term.patterns))
            for term in reading.terms
        ]
        placed = sa.case((sa.and_(*in_title), _number(TITLE_WORD)), else_=_number(OTHER_FIELD))
        return placed.label("place")

    def _like(self, pattern: str) -> sa.ColumnElement[bool]:
        return self._doc.body.like(pattern, escape="\\")


def _united(parts: Sequence[sa.Select[Any]]) -> Any:
    """All rows of the parts; one part needs no union."""
    return sa.union_all(*parts) if len(parts) > 1 else parts[0]


def _number(value: int) -> sa.ColumnElement[int]:
    """A number of ours in the text of a statement: Firebird must know the type of a column."""
    return sa.literal_column(str(int(value)), sa.Integer)


def _text(quoted: str) -> sa.ColumnElement[str]:
    return sa.literal_column(quoted, sa.String(TOKEN))
