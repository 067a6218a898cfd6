"""Assignment: whose turn it is in a queue, asked inside the transaction that gives something out.

In turn means: whoever got something longest ago, so that nobody who comes back from leave is given
all that was missed. Absent are those on leave or without a working day when the office works next.
Where nobody is there it falls to the head of the queue, else to the director, with a note.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.builtin import sales_keys as keys
from crm_desktop.models.catalogue.builtin.queue import QUEUE_MEMBER
from crm_desktop.models.catalogue.sales_traits import Queues
from crm_desktop.models.catalogue.traits import Staff
from crm_desktop.services.assignment.load import loads
from crm_desktop.services.assignment.presence import absent
from crm_desktop.services.writing.batch import Batch, Staged

TURN, LEAST, SKILL = "turn", "least", "skill"
_STEP = timedelta(milliseconds=1)
"""What is given out in one transaction is given one after the other."""


class Chosen(NamedTuple):
    """Who gets it; None if the base has no colleagues. `note`: a sentence where it is not a turn
    like any other, such as that nobody was there."""

    staff_id: int | None
    note: str = ""


def choose(
    batch: Batch, queue_id: int | None, *, skill: int | None = None, region: int | None = None
) -> Chosen:
    """Who of a queue gets what is written in this batch, and notes there that they got it.

    `skill`, `region`: values of the books of that name; they count where the queue says so.
    """
    entity = next(e for e in batch.catalogue if e.trait(Queues) is not None)
    if queue_id is None:
        return Chosen(None)
    queue = batch.row(entity, queue_id).after or {}
    places = _places(batch, queue_id)
    gone = _gone(batch, places)
    here = [
        one for one in places if not _value(one, "pauses") and _value(one, keys.STAFF) not in gone
    ]
    away = absent(batch, {_value(one, keys.STAFF) for one in here})
    there = [one for one in here if _value(one, keys.STAFF) not in away]
    fitting = _fitting(there, skill, region) if queue.get("way") == SKILL else there
    if not fitting:
        return _fallback(batch, queue, knows=bool(there))
    first = _first(batch, fitting, str(queue.get("way") or TURN), (skill, region))
    latest = max((_value(one, "given") for one in places if _value(one, "given")), default=None)
    moment = batch.now if latest is None or latest < batch.now else latest + _STEP
    batch.put(first, "given", moment)
    return Chosen(_value(first, keys.STAFF))


def _value(one: Staged, key: str) -> Any:
    return (one.after or {}).get(key)


def _places(batch: Batch, queue_id: int) -> list[Staged]:
    """The places of a queue in their order, locked: two seats shall not read the same turn."""
    entity = batch.catalogue[QUEUE_MEMBER.key]
    link = entity.field(keys.QUEUE)
    ids = batch.reader.pointing(entity.key, link.key, [queue_id], batch.connection)
    batch.prefetch(entity, sorted(ids))
    found = batch.linked(entity, link, queue_id)
    return sorted(found, key=lambda one: (_value(one, "position") or 0, one.id))


def _gone(batch: Batch, places: Sequence[Staged]) -> set[int]:
    """Those who no longer work here."""
    staff = batch.catalogue.with_trait(Staff)[0]
    ids = {_value(one, keys.STAFF) for one in places}
    rows = batch.reader.many(staff.key, ids, ("gone",), connection=batch.connection)
    return {id_ for id_ in ids if id_ not in rows or rows[id_]["gone"]}


def _fitting(there: Sequence[Staged], skill: int | None, region: int | None) -> list[Staged]:
    """Those whose places do not speak of another matter or region."""
    return [
        one
        for one in there
        if _value(one, "skill") in (None, skill) and _value(one, "region") in (None, region)
    ] if skill or region else list(there)  # fmt: skip


def _first(
    batch: Batch, there: Sequence[Staged], way: str, wanted: tuple[int | None, int | None]
) -> Staged:
    """Whose turn it is of those who are there."""
    busy: Mapping[int, int] = {}
    if way == LEAST:
        busy = loads(batch, {_value(one, keys.STAFF) for one in there})

    def rank(one: Staged) -> tuple[int, int, float, int, int]:
        given = _value(one, "given")
        known = 0
        if way == SKILL:
            asked = zip(("skill", "region"), wanted, strict=True)
            known = sum(1 for key, value in asked if value and _value(one, key) == value)
        return (
            -known, busy.get(_value(one, keys.STAFF), 0), given.timestamp() if given else 0.0,
            _value(one, "position") or 0, one.id,
        )  # fmt: skip

    return min(there, key=rank)


# --- nobody ---------------------------------------------------------------------------------------


def _fallback(batch: Batch, queue: Mapping[str, Any], *, knows: bool) -> Chosen:
    """The head of the queue, else the director; `knows`: there are others, of other matters."""
    name = str(queue.get("name") or "")
    if knows:
        note = _("Nobody in the queue “{queue}” who knows about it was there").format(queue=name)
    else:
        note = _("Nobody in the queue “{queue}” was there").format(queue=name)
    head, staff = queue.get("head"), batch.catalogue.with_trait(Staff)[0]
    ids = [head] if head is not None else []
    known = batch.reader.many(staff.key, ids, ("gone",), connection=batch.connection)
    here = head in known and not known[head]["gone"]
    return Chosen(head if here else director(batch), note)


def director(batch: Batch) -> int | None:
    """The colleague at the top of the reporting tree: of those who report to nobody the one with
    most direct reports, else the one who has been in the base longest."""
    staff = batch.catalogue.with_trait(Staff)[0]
    table = batch.reader.tables.main[staff.key]
    head, gone = (table.c[staff.field(key).name] for key in ("head", "gone"))
    rows = batch.connection.execute(sa.select(table.c.id, head, gone).order_by(table.c.id)).all()
    working = [(id_, above) for id_, above, left in rows if not left]
    reports = [above for _id, above in working if above is not None]
    tops = [id_ for id_, above in working if above is None]
    return max(tops, key=lambda id_: (reports.count(id_), -id_), default=None)
