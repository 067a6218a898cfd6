"""What is planned for annual dates: one activity a date and year, within its lead time.

Whether it was made is noted with the base in the transaction that makes it (`base_info`), so that
one which was undone or deleted is not made again for that year, and two seats that look at once
make one. A date that is changed takes its open activity along (`rules/annual_date`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from crm_desktop.i18n import N_
from crm_desktop.models.backend.base import IN_LIST
from crm_desktop.models.catalogue.builtin.annual_date import PLANNED_AS
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.traits import AnnualDay, Scheduled
from crm_desktop.models.query import Condition, Group, Query
from crm_desktop.models.text.annual import next_round, parts
from crm_desktop.services.annual_times import LEAD, annual_link, day_values
from crm_desktop.services.batch import Batch, Staged
from crm_desktop.services.changes import Title
from crm_desktop.services.operations import BY_ITSELF
from crm_desktop.services.reminders.promises import owner_field
from crm_desktop.services.staging import Create, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

FACT = "annual."
BLOCK = 200
MOST = 20_000
"""Dates that are looked at in one go."""
PLANNED = Title(N_("Planned for annual dates: {count} activity"), {},
                N_("Planned for annual dates: {count} activities"))  # fmt: skip


class Wanted(NamedTuple):
    """An annual date that is near: of whom, when it comes round, what it is called."""

    id: int
    owner: Ref
    day: date
    occasion: str


def plan_annual(workspace: Workspace) -> int:
    """Makes the activities of the dates that came within their lead; how many."""
    near = _not_made(workspace, _near(workspace))
    made = 0
    for start in range(0, len(near), BLOCK):
        made += _plan_block(workspace, near[start : start + BLOCK])
    return made


def _plan_block(workspace: Workspace, near: Sequence[Wanted]) -> int:
    """A block of them in one transaction, the annual dates locked: another seat waits here."""
    names = workspace.titles.of([one.owner for one in near])
    people, made = _responsible(workspace, near), list[int]()

    def plan(batch: Batch) -> Sequence[Write]:
        left = _left(workspace, batch, near)
        writes: list[Write] = []
        for one in left:
            title = names[one.owner].text if one.owner in names else ""
            writes.append(_create(workspace, one, title, people.get(one.owner)))
        made[:] = [one.id for one in left]
        return writes

    title = Title(PLANNED.message, {"count": len(near)}, PLANNED.many)
    workspace.records.apply(plan, title, kind=BY_ITSELF)
    return len(made)


def _left(workspace: Workspace, batch: Batch, near: Sequence[Wanted]) -> list[Wanted]:
    """Those for which nothing was made as the base stands now; from here on they count as made."""
    entity, trait = workspace.catalogue.with_trait(AnnualDay)
    event, link = annual_link(workspace.catalogue.with_trait(Scheduled)[0], entity)
    batch.prefetch(entity, [one.id for one in near])
    known = _noted(workspace, [one.id for one in near], batch.connection)
    left = [one for one in near if known.get(one.id, 0) < one.day.year]
    left = [one for one in left if _stands(batch, entity, trait, one)]
    batch.prefetch_linked(event, link, [one.id for one in left])
    _note(workspace, {one.id: one.day.year for one in left}, batch.connection)
    return [one for one in left if not _is_planned(batch.linked(event, link, one.id), one)]


def _create(workspace: Workspace, one: Wanted, title: str, who: int | None) -> Create:
    event, when = workspace.catalogue.with_trait(Scheduled)
    _event, link = annual_link(event, workspace.catalogue.with_trait(AnnualDay)[0])
    subject = f"{one.occasion}: {title}" if title else one.occasion
    values = {
        event.title_field: subject[:250], when.kind: PLANNED_AS, when.state: when.planned,
        when.about: one.owner, link.key: one.id, when.who: who,
        **day_values(event, one.day, workspace.worktime.office_zone()),
    }  # fmt: skip
    return Create(event.key, values)


def _is_planned(rows: Iterable[Staged], one: Wanted) -> bool:
    """Whether an activity stands for that year, moved there from another day for example."""
    anchors = ((row.after or {}).get("anchor") for row in rows)
    return any(isinstance(day, date) and day.year == one.day.year for day in anchors)


def _stands(batch: Batch, entity: EntityDef, trait: AnnualDay, one: Wanted) -> bool:
    """Whether the date is still there and was not changed since it was looked at."""
    staged = batch.rows.get((entity.key, one.id))
    values = (staged.after if staged is not None else None) or {}
    month, day, _first = parts(values[trait.day]) if values.get(trait.day) else (0, 0, 0)
    same = (month, day) == (one.day.month, one.day.day) or (month, day) == (2, 29)
    return same and values.get(trait.owner) == one.owner


# --- which are near -----------------------------------------------------------------------------


def _near(workspace: Workspace) -> list[Wanted]:
    """The dates within their lead, the first ones first."""
    entity, trait = workspace.catalogue.with_trait(AnnualDay)
    soon = Group("or", (Condition(trait.day, "comes", LEAD), Condition(trait.lead, "gt", LEAD)))
    ids = workspace.lists.open(Query(entity.key, ("id",), soon)).ids(0, MOST)
    keys = (trait.day, trait.lead, trait.owner, entity.title_field)
    today, leap = workspace.clock.today(), workspace.lists.leap_day()
    found = []
    for id_, values in workspace.reader.many(entity.key, list(ids), keys).items():
        month, day, first = parts(values[trait.day])
        comes, lead = next_round(month, day, today, leap), values[trait.lead]
        within = (comes - today).days <= (LEAD if lead is None else lead)
        if within and values[trait.owner] is not None and comes.year >= first:
            name = str(values[entity.title_field] or "")
            found.append(Wanted(id_, values[trait.owner], comes, name))
    return sorted(found, key=lambda one: (one.day, one.id))


def _responsible(workspace: Workspace, near: Iterable[Wanted]) -> dict[Ref, int]:
    """Who is responsible for the owners; owners whom nobody has are left out."""
    by_entity: dict[str, set[int]] = {}
    for one in near:
        by_entity.setdefault(one.owner.entity, set()).add(one.owner.id)
    found: dict[Ref, int] = {}
    for key, ids in by_entity.items():
        field = owner_field(workspace.catalogue[key])
        rows = workspace.reader.many(key, sorted(ids), (field,)) if field else {}
        found |= {Ref(key, id_): row[field] for id_, row in rows.items() if row[field] is not None}
    return found


# --- what was made ------------------------------------------------------------------------------


def _not_made(workspace: Workspace, near: Sequence[Wanted]) -> list[Wanted]:
    with workspace.backend.read() as connection:
        known = _noted(workspace, [one.id for one in near], connection)
    return [one for one in near if known.get(one.id, 0) < one.day.year]


def _noted(
    workspace: Workspace, ids: Sequence[int], connection: sa.Connection
) -> dict[int, int]:  # fmt: skip
    """The last year for which an activity was made, by annual date."""
    facts, found = workspace.tables.system("base_info").c, dict[int, int]()
    for start in range(0, len(ids), IN_LIST):
        names = [f"{FACT}{id_}" for id_ in ids[start : start + IN_LIST]]
        rows = connection.execute(sa.select(facts.name, facts.content).where(facts.name.in_(names)))
        found |= {int(row[0].removeprefix(FACT)): int(row[1]) for row in rows if row[1].isdigit()}
    return found


def _note(workspace: Workspace, years: Mapping[int, int], connection: sa.Connection) -> None:
    facts, backend = workspace.tables.system("base_info"), workspace.backend
    rows = [(f"{FACT}{id_}", str(year)) for id_, year in years.items()]
    backend.delete_keys(connection, facts, ("name",), [row[:1] for row in rows])
    backend.insert_many(connection, facts, ("name", "content"), rows)
