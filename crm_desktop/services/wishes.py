"""Critical wishes: what must not be forgotten about a record, and who has read it.

Whoever makes a document, a work order or a visit for a record asks `due` first and lets the person
tick off what comes back by `acknowledge`; `check` refuses where nobody can tick. An object says by
the trait `AfterWishes` that it is such a thing. A reading is a change of the wish like any other:
the change log keeps who read and when. It holds until the wish itself is changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import UserError
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.catalogue import Link
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import ChoiceField, RecordField
from crm_desktop.models.catalogue.traits import AfterWishes, WishText
from crm_desktop.services.writing.changes import UPDATED, Title
from crm_desktop.services.writing.records import Outcome, Records
from crm_desktop.services.writing.staging import Update


class UnreadWishes(UserError):
    """Something was to be made for a record whose wishes the person has not read."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish that counts today. `place`: 0 for the most serious; `read`: by the person who asks."""

    ref: Ref
    version: int
    text: str
    kind: int | None
    severity: str
    tone: str
    place: int
    until: date | None
    read: bool


class Wishes:
    """Asks and ticks off the wishes of one workspace, in the name of the writer's author."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._catalogue = records.tables.catalogue

    def active(self, owner: Ref) -> list[Wish]:
        """The wishes of a record that count today, the most serious first; one question more when
        there are any."""
        shape = self._shape(self._catalogue[owner.entity])
        if shape is None:
            return []
        link, trait = shape
        rows = self._records.reader.linked(link.entity.key, link.field.key, [owner.id])
        today = self._records.clock.today()
        there = {
            id_: row
            for id_, row in rows.items()
            if not row.values.get(trait.retired) and _holds(row.values.get(trait.until), today)
        }
        read = self._read(trait, sorted(there)) if there else frozenset()
        found = [
            self._wish(link.entity, trait, id_, row, read=id_ in read) for id_, row in there.items()
        ]
        return sorted(found, key=lambda wish: (wish.place, wish.ref.id))

    def unread(self, owner: Ref) -> list[Wish]:
        """Those that the person has not read since they were last changed."""
        return [wish for wish in self.active(owner) if not wish.read]

    def due(self, entity: str, values: Mapping[str, Any]) -> list[Wish]:
        """What must be read before a record of that object is made with these values."""
        definition = self._catalogue[entity]
        found: list[Wish] = []
        for trait in definition.traits_of(AfterWishes):
            owner = self._owner(definition, trait, values)
            if owner is not None and _asked(trait, values):
                found += self.unread(owner)
        return found

    def check(self, entity: str, values: Mapping[str, Any]) -> None:
        """`UnreadWishes` names what must be read first; for where nobody can tick it off."""
        due = self.due(entity, values)
        if due:
            listed = "; ".join(wish.text for wish in due)
            raise UnreadWishes(_("Read first what must not be forgotten: {wishes}").format(
                wishes=listed
            ))  # fmt: skip

    def acknowledge(self, wishes: Sequence[Ref]) -> Outcome | None:
        """The person has read these wishes; who and when stays in the history of each."""
        now, writes = self._records.clock.now(), []
        for ref in dict.fromkeys(wishes):
            trait = self._catalogue[ref.entity].trait(WishText)
            assert trait is not None
            writes.append(Update(ref.entity, ref.id, {trait.read_at: now}))
        return self._records.apply(writes, Title(N_("Critical wishes read"))) if writes else None

    # --- inside -----------------------------------------------------------------------------------

    def _shape(self, entity: EntityDef) -> tuple[Link, WishText] | None:
        for link in self._catalogue.links_to(entity):
            trait = link.entity.trait(WishText)
            if trait is not None and link.field.key == trait.owner:
                return link, trait
        return None

    def _owner(
        self, entity: EntityDef, trait: AfterWishes, values: Mapping[str, Any]
    ) -> Ref | None:
        f, value = entity.field(trait.owner), values.get(trait.owner)
        if value is None:
            return None
        return Ref(*value) if isinstance(f, RecordField) else Ref(getattr(f, "target", ""), value)

    def _wish(self, entity: EntityDef, trait: WishText, id_: int, row: Any, *, read: bool) -> Wish:
        f, severity = entity.field(trait.severity), str(row.values.get(trait.severity) or "")
        assert isinstance(f, ChoiceField)
        keys = [choice.key for choice in f.choices]
        choice = f.choice(severity)
        return Wish(
            Ref(entity.key, id_), row.version, str(row.values.get(entity.title_field) or ""),
            row.values.get(trait.kind), severity, choice.tone if choice else "warn",
            keys.index(severity) if severity in keys else len(keys),
            row.values.get(trait.until), read,
        )  # fmt: skip

    def _read(self, trait: WishText, ids: Sequence[int]) -> frozenset[int]:
        """Of these wishes, those that the author has read since their last change."""
        table = self._records.tables.system("change_row")
        asked = (
            sa.select(table.c.rid, table.c.kind, table.c.author, table.c.delta)
            .where(table.c.rid.in_(ids))
            .order_by(table.c.rid, table.c.seq)
        )
        read: set[int] = set()
        with self._records.backend.read() as connection:
            for rid, kind, author, delta in connection.execute(asked):
                if not (kind == UPDATED and _only(delta, trait.read_at)):
                    read.discard(rid)
                elif author == self._records.author:
                    read.add(rid)
        return frozenset(read)


def _only(delta: str, key: str) -> bool:
    """Whether a change set nothing but this field; a long one goes on elsewhere."""
    try:
        found = json.loads(delta)
    except ValueError:
        return False
    return isinstance(found, dict) and list(found) == [key] and found[key][1] is not None


def _holds(until: date | None, today: date) -> bool:
    return until is None or until >= today


def _asked(trait: AfterWishes, values: Mapping[str, Any]) -> bool:
    return all(values.get(key) in wanted for key, wanted in trait.where)
