"""Who would get what of somebody who leaves or is ill: counted, before anything is written.

Only what is still open goes over: deals that are won or lost, leads that are decided and activities
that are done stay with whoever did them, and so do figures of the past. What stands below another
record that goes over goes to the same person: a deal with its client, a call with its deal.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField, RecordField
from crm_desktop.models.catalogue.ownership import owner_field, parent_link
from crm_desktop.models.catalogue.planner_traits import PlannerRows
from crm_desktop.models.catalogue.sales_traits import Funnel
from crm_desktop.models.query import Condition, Query, Where, both
from crm_desktop.services.assignment.away import away_until
from crm_desktop.services.handing_over.letters import Letter, letters
from crm_desktop.services.handing_over.meetings import Entry, Meeting, Moved, Plans
from crm_desktop.services.open_work import still_open
from crm_desktop.services.rights import words
from crm_desktop.services.rights.whose import split
from crm_desktop.services.views import LONGEST_NAME, SavedView

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace


class Rule(NamedTuple):
    """Records of an object that meet a condition go to this colleague."""

    entity: str
    where: Where
    receiver: int


@dataclass(frozen=True)
class Handing:
    """What is asked for. `receivers` get what no rule and no exception gives to somebody, evenly.

    `exceptions`: single records by hand. `objects`: keys of what is handed over; all if empty.
    `times`: entries of the planner that are moved with it, and their new starts in seconds since
    1970; one that is not handed over is passed over.
    """

    leaving: int
    receivers: tuple[int, ...]
    rules: tuple[Rule, ...] = ()
    exceptions: Mapping[Ref, int] = field(default_factory=dict)
    objects: tuple[str, ...] = ()
    times: Mapping[Entry, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """Who would get what. Nothing is written yet."""

    handing: Handing
    given: Mapping[Ref, int]
    meetings: tuple[Meeting, ...] = ()
    moved: tuple[Moved, ...] = ()
    letters: tuple[Letter, ...] = ()
    views: int = 0
    """Saved views that only the leaving one sees; the first receiver gets them."""
    away: Mapping[int, datetime] = field(default_factory=dict)
    """Receivers who are away themselves just now, and until when."""
    refused: str = ""
    """Why whoever asks may not hand all of it over, and whom to ask; '' if he may."""

    def counts(self) -> dict[int, dict[str, int]]:
        """By receiver, how many records of each object."""
        found: dict[int, Counter[str]] = {}
        for ref, who in self.given.items():
            found.setdefault(who, Counter())[ref.entity] += 1
        return {who: dict(found[who]) for who in sorted(found)}

    def totals(self) -> dict[str, int]:
        """How many records of each object; what the receivers get adds up to it."""
        return dict(Counter(ref.entity for ref in self.given))


def handed_objects(workspace: Workspace) -> list[EntityDef]:
    """What somebody can answer for, those first that others stand below."""
    owned = [e for e in workspace.catalogue if owner_field(e) is not None]
    return sorted(owned, key=lambda e: _depth(above(e)))


def above(entity: EntityDef) -> LinkField | RecordField | None:
    """The link to the record that a record goes along with."""
    sold = entity.trait(Funnel)
    if sold is not None:
        f = entity.field(sold.client)
        return f if isinstance(f, LinkField) else None
    return parent_link(entity)


def _depth(link: LinkField | RecordField | None) -> int:
    if link is None:
        return 0
    return 1 if isinstance(link, LinkField) else 2


def draft(workspace: Workspace, handing: Handing) -> Draft:
    """Works out who would get what, and what their plans say to it."""
    _check(workspace, handing)
    given: dict[Ref, int] = {}
    refused = ""
    sharing = _Sharing(handing.receivers)
    for entity in handed_objects(workspace):
        if handing.objects and entity.key not in handing.objects:
            continue
        ids = owned_by(workspace, entity, handing.leaving)
        refused = refused or split(workspace, entity, ids, (words.EDIT, words.REASSIGN)).why
        leading = leading_of(workspace, entity, ids)
        ruled = _ruled(workspace, entity, handing)
        for id_ in ids:
            ref = Ref(entity.key, id_)
            chosen = handing.exceptions.get(ref) or ruled.get(id_)
            along = given.get(leading[id_]) if id_ in leading else None
            given[ref] = chosen or along or sharing.next(entity.key)
    plans = Plans(workspace, handing.leaving, given, handing.times)
    moved = tuple(plans.moved())
    return Draft(
        handing, given, tuple(plans.meetings()), moved,
        tuple(letters(workspace, handing.leaving, given, moved)),
        len(handed_views(workspace, handing)), away_until(workspace, sorted(set(given.values()))),
        refused,
    )  # fmt: skip


def handed_views(workspace: Workspace, handing: Handing) -> list[SavedView]:
    """The views that only the leaving one sees, made anew for the first receiver."""
    views, leaving = workspace.views, Ref(workspace.catalogue.staff().key, handing.leaving)
    if handing.objects or not handing.receivers:
        return []
    receiver, new = handing.receivers[0], []
    whose = workspace.titles.of([leaving])[leaving].text[: LONGEST_NAME // 2]
    for view in views.all(handing.leaving):
        if view.shared or view.author != handing.leaving:
            continue
        called = f"{view.name[: LONGEST_NAME - len(whose) - 3]} ({whose})"
        taken = {one.name.casefold() for one in views.of(view.entity, receiver)}
        if called.casefold() not in taken:
            layout = {**view.layout, "pinned": False}
            new.append(views.view(called, view.query, author=receiver, shared=False, layout=layout))
    return new


def _check(workspace: Workspace, handing: Handing) -> None:
    if not handing.receivers:
        raise InvalidInput(_("Say who takes it over"), field="receivers")
    rules = [rule.receiver for rule in handing.rules]
    if handing.leaving in (*handing.receivers, *rules, *handing.exceptions.values()):
        raise InvalidInput(_("Whoever hands over cannot take it over as well"), field="receivers")
    staff = workspace.catalogue.staff()
    rows = staff.trait(PlannerRows)
    gone = rows.hidden if rows is not None else ""
    wanted = {*handing.receivers, *rules, *handing.exceptions.values()}
    known = workspace.reader.many(staff.key, wanted, [gone] if gone else [])
    for who in wanted:
        if who not in known:
            raise InvalidInput(_("There is no such colleague: {id}").format(id=who))
        if gone and known[who][gone]:
            name = workspace.titles.of([Ref(staff.key, who)])[Ref(staff.key, who)].text
            said = _("{name} no longer works here and cannot take anything over")
            raise InvalidInput(said.format(name=name), field="receivers")


class _Sharing:
    """Evenly: whoever has least of an object gets the next one of it."""

    def __init__(self, receivers: Sequence[int]) -> None:
        self._receivers = list(dict.fromkeys(receivers))
        self._given: dict[str, int] = defaultdict(int)

    def next(self, entity: str) -> int:
        place = self._given[entity]
        self._given[entity] += 1
        return self._receivers[place % len(self._receivers)]


def owned_by(workspace: Workspace, entity: EntityDef, who: int) -> list[int]:
    """Numbers of the open records of an object that are theirs."""
    return list(workspace.lists.open(Query(entity.key, where=_whose(entity, who))).ids())


def _whose(entity: EntityDef, who: int, more: Where | None = None) -> Where:
    owner = owner_field(entity)
    assert owner is not None
    whole = both(Condition(owner.key, "in", [who]), still_open(entity), more)
    assert whole is not None
    return whole


def leading_of(workspace: Workspace, entity: EntityDef, ids: Sequence[int]) -> dict[int, Ref]:
    """The records that these go along with."""
    link = above(entity)
    if link is None:
        return {}
    found = {}
    for id_, values in workspace.reader.many(entity.key, ids, [link.key]).items():
        value = values[link.key]
        if isinstance(value, Ref):
            found[id_] = value
        elif value is not None and isinstance(link, LinkField):
            found[id_] = Ref(link.target, value)
    return found


def _ruled(workspace: Workspace, entity: EntityDef, handing: Handing) -> dict[int, int]:
    """Who gets which by a rule; the first rule that fits counts."""
    found: dict[int, int] = {}
    for rule in handing.rules:
        if rule.entity == entity.key:
            where = _whose(entity, handing.leaving, rule.where)
            for id_ in workspace.lists.open(Query(entity.key, where=where)).ids():
                found.setdefault(id_, rule.receiver)
    return found
