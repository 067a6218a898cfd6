"""What is planned for days of the year: one activity a day and year, within its lead time.

Two things count: records that are days of others (annual dates), and fields of any object that the
catalogue marks as coming round (a birthday). Where both say the same day of the same record, one
activity is made. Whether it was made is noted with the base in the transaction that makes it
(`annual/made`), so that one which was undone or deleted is not made again for that year, and two
seats that look at once make one. A day that is changed takes its open activity along
(`rules/annual_date`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.builtin.annual_date import PLANNED_AS
from crm_desktop.models.catalogue.definitions import Field
from crm_desktop.models.catalogue.traits import Activities, AnnualDay, Scheduled
from crm_desktop.services.annual.made import (
    UID,
    mark,
    note,
    noted,
    planned_for,
    stands,
    twins,
    uid_of,
    was_planned,
)
from crm_desktop.services.annual.near import Wanted, near_days, responsible
from crm_desktop.services.annual.times import annual_link, day_values, own_days
from crm_desktop.services.operations import BY_ITSELF
from crm_desktop.services.writing.batch import Batch
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Create, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

BLOCK = 200
PLANNED = Title(N_("Planned for annual dates: {count} activity"), {},
                N_("Planned for annual dates: {count} activities"))  # fmt: skip


def is_due(workspace: Workspace) -> bool:
    """Whether `plan_annual` has anything to do; only reads."""
    return bool(_not_made(workspace, near_days(workspace)))


def plan_annual(workspace: Workspace, most: int | None = None) -> int:
    """Makes the activities of the days that came within their lead, `most` of them; how many."""
    near = _not_made(workspace, near_days(workspace))
    size, made = min(BLOCK, most or BLOCK), 0
    for start in range(0, len(near), size):
        made += plan_block(workspace, near[start : start + size])
        if most is not None and made >= most:
            break
    return made


def plan_block(workspace: Workspace, near: Sequence[Wanted]) -> int:
    """A block of them in one transaction, the records locked: another seat waits here."""
    names = workspace.titles.of([one.owner for one in near])
    people = responsible(workspace, [one.owner for one in near])
    counted = {"count": 0}

    def plan(batch: Batch) -> Sequence[Write]:
        left = _left(workspace, batch, near)
        counted["count"] = len(left)
        writes: list[Write] = []
        for one in left:
            title = names[one.owner].text if one.owner in names else ""
            writes.append(_create(workspace, batch, one, title, people.get(one.owner)))
        return writes

    workspace.records.apply(plan, Title(PLANNED.message, counted, PLANNED.many), kind=BY_ITSELF)
    return counted["count"]


def _left(workspace: Workspace, batch: Batch, near: Sequence[Wanted]) -> list[Wanted]:
    """Those for which nothing was made as the base stands now; from here on they count as made."""
    _lock(workspace, batch, near)
    tables, left, years = workspace.tables, list[Wanted](), dict[str, int]()
    marks = {one: _marks(batch, one) for one in near}
    known = noted(tables, [name for names in marks.values() for name in names], batch.connection)
    for one in near:
        made = max(known.get(name, 0) for name in marks[one])
        waits = one.is_own and len(marks[one]) > 1  # the other record has a lead of its own
        if made < one.day.year and not waits and stands(batch, one):
            left.append(one)
            years |= dict.fromkeys(marks[one], one.day.year)
            known |= years
    note(workspace.backend, tables, years, batch.connection)
    return _without_moved(workspace, batch, left)


def _lock(workspace: Workspace, batch: Batch, near: Sequence[Wanted]) -> None:
    """The records that hold the days, and those whose own fields may say the same day."""
    wanted: dict[str, set[int]] = {}
    for one in near:
        wanted.setdefault(one.source.entity, set()).add(one.source.id)
        if own_days(workspace.catalogue[one.owner.entity]):
            wanted.setdefault(one.owner.entity, set()).add(one.owner.id)
    for key in sorted(wanted):  # every seat in the same order
        batch.prefetch(workspace.catalogue[key], sorted(wanted[key]))
    annual, trait = workspace.catalogue.with_trait(AnnualDay)
    owners = [one.owner.id for one in near if one.is_own]
    batch.prefetch_linked(annual, annual.field(trait.owner), owners)


def _marks(batch: Batch, one: Wanted) -> tuple[str, ...]:
    """Its own note, then those of whatever says the same day of the same record."""
    places = [(one.source, one.field), *twins(batch, one)]
    return tuple(mark(batch.reader.tables, source, field) for source, field in places)


def _without_moved(workspace: Workspace, batch: Batch, left: Sequence[Wanted]) -> list[Wanted]:
    """Without those for which an activity of another year was moved into this one."""
    event, annual = (workspace.catalogue.with_trait(t)[0] for t in (Scheduled, AnnualDay))
    link = annual_link(event, annual)[1]
    batch.prefetch_linked(event, link, [one.source.id for one in left if not one.is_own])
    own = [(one.source, _field(workspace, one), one.day.year) for one in left if one.is_own]
    of_fields = planned_for(batch, own) if own else {}
    return [one for one in left if not was_planned(batch, one, of_fields)]


def _create(
    workspace: Workspace, batch: Batch, one: Wanted, title: str, who: int | None
) -> Create:  # fmt: skip
    event, when = workspace.catalogue.with_trait(Scheduled)
    values = {
        event.title_field: (f"{one.occasion}: {title}" if title else one.occasion)[:250],
        when.kind: PLANNED_AS, when.state: when.planned, when.who: who,
        **day_values(event, one.day, workspace.worktime.office_zone()),
    }  # fmt: skip
    if not one.is_own:
        link = annual_link(event, workspace.catalogue.with_trait(AnnualDay)[0])[1]
        return Create(event.key, {**values, when.about: one.owner, link.key: one.source.id})
    values[UID] = uid_of(batch, one.source, _field(workspace, one), one.day.year)
    if workspace.catalogue[one.owner.entity].trait(Activities) is not None:
        values[when.about] = one.owner
    return Create(event.key, values)


def _field(workspace: Workspace, one: Wanted) -> Field:
    return workspace.catalogue[one.source.entity].field(one.field)


def _not_made(workspace: Workspace, near: Sequence[Wanted]) -> list[Wanted]:
    tables = workspace.tables
    names = {one: mark(tables, one.source, one.field) for one in near}
    with workspace.backend.read() as connection:
        known = noted(tables, list(names.values()), connection)
    return [one for one in near if known.get(names[one], 0) < one.day.year]
