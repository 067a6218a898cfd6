"""Whose many records are, known in few questions, and which of them an action is allowed on.

`Rights.may` asks about one record; here whole pages, boards and selections are judged: what they
hang on is read level by level, however many they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.ownership import hangs, owner_field, parent_link, roots
from crm_desktop.models.catalogue.traits import Scheduled, TakesPart
from crm_desktop.models.schema import Tables
from crm_desktop.services.reader import parts_of
from crm_desktop.services.rights import words
from crm_desktop.services.rights.owners import (
    DEEPEST,
    Known,
    known_from,
    owners,
    parent_of,
    read_for_owners,
    whole,
)
from crm_desktop.services.rights.reach import OF_PARTS

if TYPE_CHECKING:
    from crm_desktop.services.rights.allowed import Rights
    from crm_desktop.services.workspace import Workspace

_MOST_NAMED = 3


class Whose(NamedTuple):
    """What decides about a record: the object whose rights it goes by, and among whose records it
    counts (none: it is everybody's); `is_part`: it hangs on a record of that object."""

    entity: str
    owners: frozenset[int]
    is_part: bool = False

    def asked(self, action: str) -> str:
        """What an action on it is on the record that decides."""
        return OF_PARTS.get(action, action) if self.is_part else action


@dataclass(frozen=True)
class Split:
    """Of many records those that an action is allowed on. `why`: the sentences about the rest, how
    many these are, whose, and whom to ask; '' where there is none."""

    allowed: tuple[int, ...]
    refused: Mapping[int, int] = field(default_factory=dict)
    """An owner of each record that is refused."""
    why: str = ""


def narrowed(rights: Rights, entity: EntityDef) -> tuple[str, ...]:
    """The actions that are allowed on some of the records a person sees, and not on others."""
    catalogue = rights.catalogue
    found = []
    for action in words.BY_RECORD:
        for root in roots(catalogue, entity):
            on_root = action if root is entity else OF_PARTS.get(action, action)
            reached = rights.reached(on_root, root)
            if reached and words.EVERYBODY not in reached and not _seen(rights, root) <= reached:
                found.append(action)
                break
    return tuple(found)


def _seen(rights: Rights, entity: EntityDef) -> frozenset[int]:
    """Among whose records those that the person sees can count."""
    seen = rights.reached(words.SEE, entity)
    if entity.trait(Scheduled) is not None:
        seen |= rights.reached(words.CALENDARS, entity)
    return seen


def whose(
    base: Workspace, entity: EntityDef, ids: Iterable[int], connection: sa.Connection | None = None
) -> dict[int, Whose]:
    """Of records of one object that are there."""
    if connection is None:
        with base.backend.read() as reading:
            return whose(base, entity, ids, reading)
    rows = base.reader.many(entity.key, ids, read_for_owners(entity), connection=connection)
    return of_known(base, [known_from(entity, id_, row) for id_, row in rows.items()], connection)


def whose_others(
    base: Workspace, entity: EntityDef, own: Mapping[int, int | None]
) -> dict[int, Whose]:
    """Of the records of one object that one does not reach by their own owner already, as far as
    that makes a difference. `own`: by record, whom it names; None where nobody."""
    rights = base.rights
    narrow = narrowed(rights, entity) if rights is not None else ()
    if rights is None or not narrow:
        return {}
    reached = frozenset.intersection(*(rights.reached(action, entity) for action in narrow))
    return whose(base, entity, [id_ for id_, who in own.items() if who not in reached])


def of_known(
    base: Workspace, rows: Sequence[Known], connection: sa.Connection
) -> dict[int, Whose]:  # fmt: skip
    """Of records of which it is known what their own fields say."""
    above = _above(base, rows, connection)
    parts = _taking_part(connection, base.tables, [*rows, *above.values()])
    found = {}
    for one in rows:
        top = whole(base.catalogue, one, above.get)
        if top is None or one.id is None:
            continue
        named = owners(base.catalogue, top, above.get, lambda id_: parts.get(id_, ()))
        found[one.id] = Whose(top.entity.key, named, top is not one)
    return found


def _above(
    base: Workspace, rows: Sequence[Known], connection: sa.Connection
) -> dict[Ref, Known]:  # fmt: skip
    """All that these records hang on or belong to, level by level."""
    found: dict[Ref, Known] = {}
    level: Sequence[Known] = rows
    for _step in range(DEEPEST):
        wanted: dict[str, set[int]] = {}
        for one in level:
            ref = parent_of(base.catalogue, one)
            if ref is not None and ref not in found:
                wanted.setdefault(ref.entity, set()).add(ref.id)
        if not wanted:
            break
        level = [
            known_from(base.catalogue[key], id_, row)
            for key, ids in wanted.items()
            for id_, row in base.reader.many(
                key, ids, read_for_owners(base.catalogue[key]), connection=connection
            ).items()
        ]
        found.update({Ref(one.entity.key, one.id or 0): one for one in level})
    return found


def _taking_part(
    connection: sa.Connection, tables: Tables, rows: Iterable[Known]
) -> dict[int, frozenset[int]]:
    """Who takes part in those of the records that are scheduled."""
    part, takes = tables.catalogue.with_trait(TakesPart)
    event = getattr(part.field(takes.event), "target", "")
    ids = {one.id for one in rows if one.entity.key == event and one.id is not None}
    which, who = (tables.column(part, part.field(key)) for key in (takes.event, takes.staff))
    found: dict[int, set[int]] = {}
    for some in parts_of(ids):
        wanted = sa.select(which, who).where(which.in_(some), who.is_not(None))
        for id_, person in connection.execute(wanted):
            found.setdefault(id_, set()).add(person)
    return {id_: frozenset(people) for id_, people in found.items()}


def decided_alone(entity: EntityDef) -> bool:
    """Whether its own fields say whose a record is: it belongs to nothing, nobody takes part."""
    return not hangs(entity) and parent_link(entity) is None and entity.trait(Scheduled) is None


def own_only(one: Known) -> int | None:
    """Whom the record itself names, or who made it; None where it counts by what it hangs on."""
    f = owner_field(one.entity)
    if f is None:
        return None
    value = one.values.get(f.key)
    return int(value) if value is not None else one.created_by


def split(
    base: Workspace, entity: EntityDef, ids: Sequence[int], actions: Sequence[str]
) -> Split:  # fmt: skip
    """Which of these records all of the actions are allowed on; asks the base only where rights
    are different from record to record."""
    rights = base.rights
    if rights is None or not ids:
        return Split(tuple(ids))
    for action in actions:
        verdict = rights.may(action, entity)
        if not verdict.yes:
            return Split((), dict.fromkeys(ids, words.EVERYBODY), verdict.why)
    if len(ids) == 1:
        ref = Ref(entity.key, ids[0])
        why = next((v.why for a in actions if not (v := rights.may(a, entity, ref)).yes), "")
        return Split((), {ids[0]: words.EVERYBODY}, why) if why else Split(tuple(ids))
    partly = [action for action in actions if action in narrowed(rights, entity)]
    if not partly:
        return Split(tuple(ids))
    known = whose(base, entity, ids)
    refused: dict[int, int] = {}
    lacking = partly[0]
    for id_ in ids:
        one = known.get(id_)
        action = next((a for a in partly if one and not _reaches(rights, a, one)), "")
        if one is not None and action:
            lacking = lacking if refused else action
            refused[id_] = min(one.owners, default=words.EVERYBODY)
    if not refused:
        return Split(tuple(ids))
    allowed = tuple(id_ for id_ in ids if id_ not in refused)
    decider = known[next(iter(refused))]
    why = _said(rights, decider, decider.asked(lacking), refused, len(ids))
    return Split(allowed, refused, why)


def _reaches(rights: Rights, action: str, one: Whose) -> bool:
    reached = rights.reached(one.asked(action), rights.catalogue[one.entity])
    return words.EVERYBODY in reached or bool(reached and (not one.owners or one.owners & reached))


def _said(
    rights: Rights, one: Whose, action: str, refused: Mapping[int, int], count: int
) -> str:  # fmt: skip
    """How many of how many, whose they are, the right that lacks, whom to ask for which role."""
    each: dict[int, int] = {}
    for owner in refused.values():
        each[owner] = each.get(owner, 0) + 1
    first = sorted(each, key=lambda owner: -each[owner])[:_MOST_NAMED]
    named = [f"{rights.reasons.person(owner)} ({each[owner]})" for owner in first]
    named += ["…"] if len(each) > len(first) else []
    entity, mine = rights.catalogue[one.entity], rights.mine().roles
    what = ngettext(
        "{right} is not allowed with {count} of {all}: it belongs to {owners}.",
        "{right} is not allowed with {count} of {all}: they belong to {owners}.", len(refused),
    ).format(
        right=_(words.TITLES[action]), count=len(refused), all=count, owners=", ".join(named)
    )  # fmt: skip
    return f"{what} {rights.reasons.asking(mine, action, entity)}"
