"""Days of the year that come round soon: birthdays and annual dates, for a record or for all.

Two things count: every field that holds such a day (a person's birthday), and the records with the
trait `AnnualDay` that hang on others. 29 February comes round on 28 February in plain years, or on
1 March if the office says so (`leap_days`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.traits import AnnualDay
from crm_desktop.models.query import Condition, Query
from crm_desktop.models.text import annual
from crm_desktop.services.annual.times import LEAD, day_of, is_own_day, own_days
from crm_desktop.services.clock import Clock
from crm_desktop.services.lists.service import Lists
from crm_desktop.services.reader import Reader

MOST = 500
_READ = 5000
"""Records of one day and those before it that are looked at, in a base of millions."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A day that comes round: of which record, when, in how many days, for the how-manieth time.

    `occasion` is a person's word for it; empty for a date field, whose `label` says it. `years` is
    0 when the first year is not known, or in the first year itself.
    """

    owner: Ref
    ref: Ref
    occasion: str
    label: str
    day: date
    within: int
    years: int


_Yearly = tuple[EntityDef, Field, AnnualDay | None]
"""An object, its field with the day, and the trait where the record hangs on another."""


class AnnualDays:
    """Asks for days of the year in one workspace."""

    def __init__(self, catalogue: Catalogue, reader: Reader, lists: Lists, clock: Clock) -> None:
        self._catalogue = catalogue
        self._reader, self._lists, self._clock = reader, lists, clock
        self._leap = lists.leap_day

    def of(self, owner: Ref) -> list[Coming]:
        """What comes round for a record within its lead time, the nearest first."""
        today, entity = self._clock.today(), self._catalogue[owner.entity]
        found: list[tuple[Coming, int]] = []
        own = own_days(entity)
        if own:
            values = self._reader.many(owner.entity, [owner.id], tuple(f.key for f in own))
            for f in own:
                day = values.get(owner.id, {}).get(f.key)
                if day is not None:
                    found.append(
                        (_coming((owner, owner), ("", f.label), day, today, self._leap()), LEAD)
                    )
        found += self._children(entity, owner, today)
        near = [coming for coming, lead in found if coming.within <= lead]
        return sorted(near, key=lambda coming: coming.within)

    def soon(self, days: int = LEAD, most: int = MOST) -> list[Coming]:
        """What comes round for anybody within so many days, the nearest first, `most` at most."""
        today = self._clock.today()
        return self._nearest(days, most, today)[:most]

    def _nearest(self, days: int, most: int, today: date) -> list[Coming]:
        """Of a large base only the days up to the one on which there are enough."""
        found: list[Coming] = []
        for field in self._fields():
            span = days
            if self._count(field, days) > most:
                span = next(d for d in range(days + 1) if self._count(field, d) >= most)
            found += self._coming(field, self._soon(field, span), most=_READ, today=today)
        return sorted(found, key=lambda coming: (coming.within, coming.ref.id))

    @staticmethod
    def _soon(field: _Yearly, days: int) -> Query:
        entity, f, _trait = field
        return Query(entity.key, ("id",), Condition(f.key, "comes", days))

    def _count(self, field: _Yearly, days: int) -> int:
        return self._lists.open(self._soon(field, days)).count()

    # --- inside -----------------------------------------------------------------------------------

    def _children(self, entity: EntityDef, owner: Ref, today: date) -> list[tuple[Coming, int]]:
        found = []
        for link in self._catalogue.links_to(entity):
            trait = link.entity.trait(AnnualDay)
            if trait is None or trait.owner != link.field.key:
                continue
            rows = self._reader.linked(link.entity.key, link.field.key, [owner.id])
            for id_, row in rows.items():
                day = row.values.get(trait.day)
                if day is not None:
                    ref = Ref(link.entity.key, id_)
                    title = str(row.values.get(link.entity.title_field) or "")
                    lead = row.values.get(trait.lead)
                    coming = _coming((owner, ref), (title, ""), day, today, self._leap())
                    found.append((coming, LEAD if lead is None else int(lead)))
        return found

    def _fields(self) -> Iterator[_Yearly]:
        for entity in self._catalogue:
            trait = entity.trait(AnnualDay)
            for f in entity.fields:
                if trait is not None and f.key == trait.day:
                    yield entity, f, trait
                elif is_own_day(entity, f):
                    yield entity, f, None

    def _coming(self, field: _Yearly, query: Query, *, most: int, today: date) -> Iterator[Coming]:
        entity, f, trait = field
        ids = [row.id for row in self._lists.open(query).rows(0, most)]
        keys = (f.key, entity.title_field, *((trait.owner,) if trait else ()))
        for id_, values in self._reader.many(entity.key, ids, keys).items():
            ref = Ref(entity.key, id_)
            owner = values[trait.owner] if trait else ref
            title = str(values[entity.title_field] or "") if trait else ""
            if owner is not None:
                words = (title, "" if trait else f.label)
                yield _coming((owner, ref), words, values[f.key], today, self._leap())


def _coming(
    refs: tuple[Ref, Ref],
    words: tuple[str, str],
    value: date | int,
    today: date,
    leap: tuple[int, int],
) -> Coming:
    month, day, year = day_of(value)
    found = annual.next_round(month, day, today, leap)
    years = found.year - year if year else 0
    return Coming(*refs, *words, found, (found - today).days, years)
