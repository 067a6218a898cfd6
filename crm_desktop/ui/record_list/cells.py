"""Rows of a list as they are painted: what `services/cells` says, with pictures and pills.

A row is made when it is first painted: some short calls, no question to the base.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import (
    BoolField,
    ChoiceField,
    DateTimeField,
    LinkField,
    RecordField,
    TagsField,
    UserField,
)
from crm_desktop.models.catalogue.fieldtypes.tags import BETWEEN, joined, split_tags
from crm_desktop.models.catalogue.traits import Channels, Identity, Latest, Scheduled, Staff
from crm_desktop.models.text.normalise import norm
from crm_desktop.models.whole_days import overdue_after, shown_in
from crm_desktop.ui.itemmodels.cells import Cell, Row
from crm_desktop.ui.record_list.fields import FieldChoice

if TYPE_CHECKING:
    from crm_desktop.services.lists.service import ListRow


class Deadline(NamedTuple):
    """The places of a deadline and of its state among the columns, and the states of what is
    over."""

    due: int
    state: int
    over: frozenset[str]


MakeCell = Callable[[Any], Cell]
MakeCells = Callable[[Sequence[Any]], tuple[Cell, ...]]
Tones = Callable[[Sequence[Any]], tuple[str, dict[int, str]]]
"""The tone of a row, '' for none, and of single cells, from its values."""
_NOTHING = Cell("")


class RowMaker:
    """Makes the rows of one list; `now` is in the zone of the person."""

    def __init__(
        self, entity: EntityDef, columns: Sequence[FieldChoice], *, now: datetime, language: str,
        faces: Collection[str] = (), office: tzinfo | None = None,
    ) -> None:  # fmt: skip
        """`faces`: the objects whose records may have a picture; `office`: its zone, for what is
        due all day."""
        here = now.tzinfo or UTC
        self._day = partial(shown_in, here=here, office=office or here)
        """What is due all day as the midnight with which its day begins here."""
        self._faces = frozenset(faces)
        self._language = language
        self._now = now
        self._title = entity.title_field
        self._pictured = bool(entity.trait(Channels) or entity.trait(Staff))
        who = entity.trait(Identity)
        self._people = bool(entity.trait(Staff) or (who is not None and who.born))
        self._columns = tuple(columns)
        self._tags: dict[str, str] = {}
        self._ahead = {t.field for t in entity.traits_of(Latest) if t.earliest}
        self._deadline = _deadline(entity, [choice.path for choice in columns])
        self._makers = [self._maker(choice) for choice in columns]
        self._toned: set[int] = set()
        """Columns of links in which colours were seen: there, all values are pills."""
        self._tones: Tones | None = None
        self.turns: datetime | None = None
        """When the first of the rows that were made becomes overdue, and has to be made anew."""

    def rows(self, rows: Sequence[ListRow]) -> list[Row]:
        """The rows as they are painted."""
        self._look_for_tones(rows)
        makers = [
            _toned_link if place in self._toned else maker
            for place, maker in enumerate(self._makers)
        ]
        make: MakeCells = partial(_cells, makers)
        if self._deadline is not None:
            make = partial(_dated, makers, self._deadline, self._is_past)
        if self._tones is not None:
            make = partial(_marked, make, len(makers), self._tones)
        self._note_turns(rows)
        return [Row.later(row.id, partial(make, row.cells)) for row in rows]

    def _note_turns(self, rows: Sequence[ListRow]) -> None:
        """The first of the moments at which a cell becomes red by itself."""
        places = [n for n, choice in enumerate(self._columns) if choice.path in self._ahead]
        where, now = self._deadline, self._now
        for row in rows if places or where is not None else ():
            found = [row.cells[place] for place in places]
            if where is not None and row.cells[where.state] not in where.over:
                found.append(row.cells[where.due])
            ends = (self._past(moment) for moment in found if moment is not None)
            coming = [moment for moment in ends if moment >= now]
            self.turns = min((*coming, self.turns) if self.turns else coming, default=None)

    def mark(self, tones: Tones) -> None:
        """From now on rows are coloured; the rows that come may have further values at the end."""
        self._tones = tones

    def colour_tags(self, tones: Mapping[str, str]) -> None:
        """From now on tags have the tones that are given by `norm` of their names."""
        self._tags.update(tones)

    def _look_for_tones(self, rows: Sequence[ListRow]) -> None:
        for place, choice in enumerate(self._columns):
            f = choice.field
            if place in self._toned or not isinstance(f, LinkField):
                continue
            cells = (row.cells[place] for row in rows)
            if any(cell is not None and cell.tone != "neutral" for cell in cells):
                self._toned.add(place)

    def _maker(self, choice: FieldChoice) -> MakeCell:
        f = choice.field
        usual = self._usual(f)
        if choice.path in self._ahead:
            return self._red_when_past(usual)
        if choice.path == self._title:
            pictured, people = self._pictured, self._people

            def title(value: Any) -> Cell:
                text = usual(value).text
                shape = "round" if people else picture_of(text)
                return Cell(text, "title", avatar=shape if pictured else "")

            return title
        if isinstance(f, TagsField):
            return self._tagged
        if isinstance(f, BoolField):
            return lambda value: Cell(_("Yes"), "check") if value else _NOTHING
        if isinstance(f, ChoiceField) and all(c.tone == "neutral" for c in f.choices):
            return lambda value: Cell(usual(value).text)
        return usual

    def _red_when_past(self, usual: MakeCell) -> MakeCell:
        is_past = self._is_past
        return lambda value: replace(usual(value), bad=value is not None and is_past(value))

    def _past(self, due: datetime) -> datetime:
        """When what is due at a moment is overdue."""
        here = self._now.tzinfo or UTC
        return overdue_after(self._day(due), here, here)

    def _is_past(self, due: datetime) -> bool:
        return self._past(due) < self._now

    def _tagged(self, value: Any) -> Cell:
        names = split_tags(value)
        tones = (self._tags.get(norm(name), "neutral") for name in names)
        return Cell(joined(names), "tags", BETWEEN.join(tones))

    def _usual(self, f: Field) -> MakeCell:
        from crm_desktop.services.cells import format_cell

        language, today, zone = self._language, self._now.date(), self._now.tzinfo

        quiet = isinstance(f, LinkField) and (bool(f.book) or isinstance(f, UserField))
        faces = self._faces if isinstance(f, LinkField | RecordField) else ()
        day = self._day if isinstance(f, DateTimeField) and f.whole_day else None

        def make(value: Any) -> Cell:
            seen = day(value) if day is not None and value is not None else value
            cell = format_cell(f, seen, None, language, today, zone=zone)
            kind = "text" if quiet and cell.kind == "link" else cell.kind
            if faces and value is not None and value.ref.entity in faces:
                return Cell(cell.text, kind, cell.tone, face=value.ref)
            return Cell(cell.text, kind, cell.tone)

        return make


def _cells(makers: Sequence[MakeCell], values: Sequence[Any]) -> tuple[Cell, ...]:
    return tuple(
        _NOTHING if value is None else make(value)
        for make, value in zip(makers, values, strict=True)
    )


def _deadline(entity: EntityDef, paths: Sequence[str]) -> Deadline | None:
    """Where a list of what is to be done holds deadline and state; None if not both."""
    trait = entity.trait(Scheduled)
    if trait is None or trait.due not in paths or trait.state not in paths:
        return None
    over = frozenset({*trait.closed, trait.done})
    return Deadline(paths.index(trait.due), paths.index(trait.state), over)


def _dated(
    makers: Sequence[MakeCell], where: Deadline, is_past: Callable[[datetime], bool],
    values: Sequence[Any],
) -> tuple[Cell, ...]:  # fmt: skip
    """The cells, the deadline red where it is past and something is still to be done."""
    cells, due, state = _cells(makers, values), values[where.due], values[where.state]
    if due is None or state is None or state in where.over or not is_past(due):
        return cells
    red = replace(cells[where.due], bad=True)
    return (*cells[: where.due], red, *cells[where.due + 1 :])


def _marked(
    make: MakeCells, count: int, tones: Tones, values: Sequence[Any]
) -> tuple[Cell, ...]:  # fmt: skip
    """The cells with the ground of their marks."""
    cells = make(values[:count])
    whole, single = tones(values)
    if not whole and not single:
        return cells
    return tuple(
        replace(cell, mark=single.get(place, whole), striped=bool(whole) and place == 0)
        for place, cell in enumerate(cells)
    )


def _toned_link(value: Any) -> Cell:
    return Cell(value.text, "pill", value.tone)


@lru_cache(maxsize=4096)
def picture_of(name: str) -> str:
    """The shape of the picture beside a name: square for a company, round for a person."""
    from crm_desktop.models.text.firms import client_kind

    return "square" if client_kind(name) == "company" else "round"
