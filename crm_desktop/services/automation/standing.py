"""What stands in the way of what a rule plans: the same from an earlier time, or another date.

A rule agrees no other time than the one it was given: a clash is named where the work is planned,
with the next free time (`proposing`), and told to whoever is responsible, who can call the client.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from crm_desktop import i18n
from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.builtin.activity import IDLE, OPEN_STATES
from crm_desktop.models.catalogue.sales_traits import Firings
from crm_desktop.models.catalogue.traits import Recurring, Scheduled, TakesPart
from crm_desktop.models.recurrence.occurrences import occurrences
from crm_desktop.models.recurrence.zones import zone_named
from crm_desktop.models.text.dates import format_datetime
from crm_desktop.services.automation.known import Rule
from crm_desktop.services.automation.values import zone
from crm_desktop.services.private.mark import HIDDEN
from crm_desktop.services.writing.batch import Batch, Staged

MOST_NAMED = 3
_INSTANT = timedelta(milliseconds=1)


def open_one(batch: Batch, staged: Staged, rule: Rule) -> Staged | None:
    """What the rule has planned for the record before and is still to be done."""
    entity, trait = batch.catalogue.with_trait(Firings)
    events, when = batch.catalogue.with_trait(Scheduled)
    link = next((f.key for f in batch.link_fields(entity)
                 if getattr(f, "target", "") == events.key), "")  # fmt: skip
    noted = batch.linked(entity, entity.field(trait.about), staged.id)
    ids = [
        (one.after or {}).get(link) for one in noted if (one.after or {}).get(trait.rule) == rule.id
    ]
    known = [id_ for id_ in ids if id_ is not None]
    batch.prefetch(events, known)
    for id_ in reversed(known):
        one = batch.rows.get((events.key, id_))
        values = one.after if one is not None else None
        if one is not None and values is not None and values.get(when.state) in OPEN_STATES:
            return one
    return None


def clashes(
    batch: Batch, who: int, span: tuple[datetime, datetime], *, but: int | None = None
) -> list[str]:
    """Names and times of what else somebody has at a time, leave too; the first few."""
    begin, end = span
    found: dict[int, str] = {}
    for id_, values in theirs(batch, who, span):
        if id_ == but or id_ in found:
            continue
        at = _meets(batch, values, begin, max(end, begin + _INSTANT))
        if at is not None:
            found[id_] = _named(batch, values, at)
        if len(found) == MOST_NAMED:
            break
    return list(found.values())


def theirs(
    batch: Batch, who: int, span: tuple[datetime, datetime]
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Open activities of a colleague, and those they take part in, that may meet the time: each
    with its number."""
    entity, when = batch.catalogue.with_trait(Scheduled)
    trait = entity.trait(Recurring)
    tables, table = batch.reader.tables, batch.reader.tables.main[entity.key]
    owner, state, starts, ends, kind = (
        tables.column(entity, entity.field(key))
        for key in (when.who, when.state, when.starts, when.ends, when.kind)
    )
    late = sa.func.coalesce(ends, starts) >= span[0]
    if trait is not None:
        late = sa.or_(late, tables.column(entity, entity.field(trait.rule)).is_not(None))
    asked = sa.select(table.c.id).where(
        starts < max(span[1], span[0] + _INSTANT), late, kind.not_in(IDLE),
        state.not_in((*when.closed, when.done)),
    )  # fmt: skip
    part, takes = batch.catalogue.with_trait(TakesPart)
    event, staff = (tables.column(part, part.field(key)) for key in (takes.event, takes.staff))
    joined = asked.join(tables.main[part.key], event == table.c.id).where(staff == who)
    ids = {
        *batch.connection.execute(asked.where(owner == who)).scalars(),
        *batch.connection.execute(joined).scalars(),
    }
    rows = batch.reader.many(entity.key, sorted(ids), connection=batch.connection)
    for id_, values in rows.items():
        known = batch.rows.get((entity.key, id_))
        if known is None:
            yield id_, values
    for (key, id_), one in list(batch.rows.items()):
        values = one.after or {}
        mine = key == entity.key and (values.get(when.who) == who or id_ in ids)
        if mine and values.get(when.state) in OPEN_STATES and _takes_time(values, when):
            yield id_, values


def _takes_time(values: Mapping[str, Any], when: Scheduled) -> bool:
    return values.get(when.starts) is not None and values.get(when.kind) not in IDLE


def _meets(
    batch: Batch, values: Mapping[str, Any], begin: datetime, end: datetime
) -> datetime | None:
    """When it takes place, if it meets the time."""
    return next((one for one, _lasts in dates_between(batch, values, begin, end)), None)


def dates_between(
    batch: Batch, values: Mapping[str, Any], begin: datetime, end: datetime
) -> list[tuple[datetime, timedelta]]:
    """The dates at which it meets a time, and how long it takes."""
    entity, when = batch.catalogue.with_trait(Scheduled)
    starts, trait = values[when.starts], entity.trait(Recurring)
    length = max((values.get(when.ends) or starts) - starts, _INSTANT)
    dates = [starts]
    if trait is not None and values.get(trait.rule):
        here = zone_named(values.get(trait.zone)) or zone(batch)
        try:
            dates = list(occurrences(
                str(values[trait.rule]), starts, here, after=begin - length, before=end
            ))  # fmt: skip
        except InvalidInput:  # written by another program
            dates = [starts]
    return [(one, length) for one in dates if one < end and begin < one + length]


def _named(batch: Batch, values: Mapping[str, Any], at: datetime) -> str:
    entity, when = batch.catalogue.with_trait(Scheduled)
    told = format_datetime(at.astimezone(zone(batch)), i18n.language())
    name = (
        _("Busy")
        if values.get(when.private) in HIDDEN
        else str(values.get(entity.title_field) or "")
    )
    return f"{i18n.in_quotes(name)}, {told}"
