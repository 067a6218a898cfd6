"""Which days of the year are near: records that are days of others, and fields of any object."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField, UserField
from crm_desktop.models.catalogue.traits import AnnualDay
from crm_desktop.models.query import Condition, Group, Query
from crm_desktop.models.text.annual import next_round
from crm_desktop.services.annual.times import LEAD, day_of, own_days
from crm_desktop.services.reminders.promises import owner_field

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

MOST = 20_000
"""Days of one sort that are looked at in one go."""
SWITCH = "annual_fields"
"""The fact that says whether days in fields are planned for; empty: they are."""
_OFF = "off"
LEAD_FACT = "annual_lead"
"""The fact that says how many days before; empty: `LEAD`."""
MOST_LEAD = 365


class Wanted(NamedTuple):
    """A day that is near: which record and field hold it, whose it is, when it comes round."""

    source: Ref
    field: str
    owner: Ref
    day: date
    occasion: str

    @property
    def is_own(self) -> bool:
        """Whether the day stands in a field of the record itself."""
        return self.source == self.owner


def plans_fields(workspace: Workspace) -> bool:
    """Whether birthdays and the like get activities; the office may say no."""
    return workspace.info(SWITCH) != _OFF


def keep_plans_fields(workspace: Workspace, on: bool) -> None:
    """In force for everybody."""
    workspace.set_info(SWITCH, "" if on else _OFF)


def field_lead(workspace: Workspace) -> int:
    """How many days before a birthday and the like its activity is made."""
    said = workspace.info(LEAD_FACT) or ""
    return int(said) if said.isdecimal() else LEAD


def keep_field_lead(workspace: Workspace, days: int) -> None:
    """In force for everybody; `InvalidInput` for more than a year."""
    if not 0 <= days <= MOST_LEAD:
        raise InvalidInput(_("Choose a number of days from 0 to {most}").format(most=MOST_LEAD))
    workspace.set_info(LEAD_FACT, str(days))


def near_days(workspace: Workspace) -> list[Wanted]:
    """What is within its lead, the first first; of one day the records that are days of others."""
    found = [*_records(workspace)]
    if plans_fields(workspace):
        found += _fields(workspace)
    return sorted(found, key=lambda one: (one.day, one.is_own, one.source.id))


def _records(workspace: Workspace) -> Iterator[Wanted]:
    entity, trait = workspace.catalogue.with_trait(AnnualDay)
    soon = Group("or", (Condition(trait.day, "comes", LEAD), Condition(trait.lead, "gt", LEAD)))
    ids = workspace.lists.open(Query(entity.key, ("id",), soon)).ids(0, MOST)
    keys = (trait.day, trait.lead, trait.owner, entity.title_field)
    for id_, values in workspace.reader.many(entity.key, list(ids), keys).items():
        lead, owner = values[trait.lead], values[trait.owner]
        comes = _comes(workspace, values[trait.day], LEAD if lead is None else lead)
        if comes is not None and owner is not None:
            name = str(values[entity.title_field] or "")
            yield Wanted(Ref(entity.key, id_), trait.day, owner, comes, name)


def _fields(workspace: Workspace) -> Iterator[Wanted]:
    lead = field_lead(workspace)
    for entity in workspace.catalogue:
        for f in own_days(entity):
            yield from _field(workspace, entity, f, lead)


def _field(workspace: Workspace, entity: EntityDef, f: Field, lead: int) -> Iterator[Wanted]:
    soon = Condition(f.key, "comes", lead)
    ids = workspace.lists.open(Query(entity.key, ("id",), soon)).ids(0, MOST)
    for id_, values in workspace.reader.many(entity.key, list(ids), (f.key,)).items():
        comes = _comes(workspace, values[f.key], lead)
        if comes is not None:
            ref = Ref(entity.key, id_)
            yield Wanted(ref, f.key, ref, comes, _(f.label))


def _comes(workspace: Workspace, value: date | int | None, lead: int) -> date | None:
    """When the day comes round, if that is within its lead and not before its first year."""
    month, day, first = day_of(value)
    if not month:
        return None
    today = workspace.clock.today()
    comes = next_round(month, day, today, workspace.lists.leap_day())
    return comes if (comes - today).days <= lead and comes.year >= first else None


# --- who is responsible ---------------------------------------------------------------------------


def responsible(workspace: Workspace, owners: Iterable[Ref]) -> dict[Ref, int]:
    """Who is responsible for the records, or for the record they belong to (the company of a
    person); those whom nobody has are left out."""
    wanted = list(dict.fromkeys(owners))
    found = _read(workspace, wanted, owner_field)
    left = [ref for ref in wanted if ref not in found]
    above: dict[Ref, Ref] = {}
    for ref, id_ in _read(workspace, left, lambda entity: _link_above(workspace, entity)).items():
        entity = workspace.catalogue[ref.entity]
        link = entity.field(_link_above(workspace, entity))
        assert isinstance(link, LinkField)
        above[ref] = Ref(link.target, id_)
    theirs = _read(workspace, list(above.values()), owner_field)
    return found | {ref: theirs[there] for ref, there in above.items() if there in theirs}


def _read(
    workspace: Workspace, refs: Iterable[Ref], field_of: Callable[[EntityDef], str]
) -> dict[Ref, int]:
    """What a field of each record holds, where it has the field and the field holds anything."""
    by_entity: dict[str, set[int]] = {}
    for ref in refs:
        by_entity.setdefault(ref.entity, set()).add(ref.id)
    found: dict[Ref, int] = {}
    for key, ids in by_entity.items():
        field = field_of(workspace.catalogue[key])
        rows = workspace.reader.many(key, sorted(ids), (field,)) if field else {}
        found |= {Ref(key, id_): row[field] for id_, row in rows.items() if row[field] is not None}
    return found


def _link_above(workspace: Workspace, entity: EntityDef) -> str:
    """The first link to an object that knows who is responsible; empty for none."""
    links = (f for f in entity.fields if isinstance(f, LinkField) and not isinstance(f, UserField))
    targets = ((f.key, workspace.catalogue[f.target]) for f in links)
    return next((key for key, target in targets if owner_field(target)), "")
