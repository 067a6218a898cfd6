"""Finds in the base what a calendar file speaks of: activities by UID, people by address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import EmailField, LinkField
from crm_desktop.models.catalogue.traits import Mirror, Reminds, Scheduled, TakesPart
from crm_desktop.services.ics.folding import Key
from crm_desktop.services.ics.found import Found, Somebody
from crm_desktop.services.importing.lookup import Lookup, match_key
from crm_desktop.services.office.zone import office_zone
from crm_desktop.services.workspace import Workspace

OWN = "crm-desktop"


def own_uid(id_: int, base: str) -> str:
    """The UID of an activity that was not brought in from elsewhere."""
    return f"{id_}@{base}.{OWN}"


def own_id(uid: str, base: str) -> int | None:
    """The number of an activity of this base by its UID."""
    number, _sign, place = uid.partition("@")
    fits = place == f"{base}.{OWN}" and number.isascii() and number.isdigit() and len(number) < 19
    return int(number) if fits else None


def home_zone(workspace: Workspace) -> tzinfo:
    """The zone of the office, in which times without any are meant."""
    with workspace.backend.read() as connection:
        return office_zone(workspace.tables, connection)


def who_fields(taking: EntityDef, trait: TakesPart) -> tuple[str, ...]:
    """The links by which a participation names a colleague, somebody else or a thing."""
    return tuple(f.key for f in taking.fields if isinstance(f, LinkField) and f.key != trait.event)


class Base:
    """What one base knows, asked over one connection."""

    def __init__(self, workspace: Workspace, connection: sa.Connection) -> None:
        self.workspace = workspace
        self.guid = workspace.info("guid")
        self.connection = connection
        self._lookup = Lookup(workspace.backend, workspace.tables)
        self.entity, self.scheduled = workspace.catalogue.with_trait(Scheduled)
        self.taking, self.takes_part = workspace.catalogue.with_trait(TakesPart)
        self._names: dict[tuple[str, str], int | None] = {}
        self._mails: dict[str, dict[str, int]] = {}
        self._there: dict[Ref, bool] = {}

    # --- activities -------------------------------------------------------------------------------

    def known(self, found: Iterable[Found]) -> dict[Key, int]:
        """The activities that are in the base already, by UID and occurrence."""
        uids = list(dict.fromkeys(one.uid for one in found))
        by_id = self._by_uid(uids)
        by_id |= {id_: uid for uid in uids if (id_ := own_id(uid, self.guid)) is not None}
        rows = self.workspace.reader.many(
            self.entity.key, list(by_id), ["occurrence", "series"], connection=self.connection
        )
        found_ids: dict[Key, int] = {}
        for id_ in sorted(rows):
            found_ids.setdefault((by_id[id_], rows[id_]["occurrence"]), id_)
        return self._occurrences(found_ids) | found_ids

    def _by_uid(self, uids: list[str]) -> dict[int, str]:
        f = self.entity.field("uid")
        wanted = {match_key(f, uid): uid for uid in uids}
        hits = self._lookup.by_field(self.connection, self.entity, f, wanted)
        return {id_: wanted[key] for key, ids in hits.items() for id_ in ids}

    def _occurrences(self, masters: Mapping[Key, int]) -> dict[Key, int]:
        """The exceptions of the series among them."""
        uids = {id_: uid for (uid, instead), id_ in masters.items() if instead is None}
        rows = self.workspace.reader.linked(
            self.entity.key, "series", list(uids), connection=self.connection
        )
        return {
            (uids[row.values["series"]], row.values["occurrence"]): id_ for id_, row in rows.items()
        }

    # --- people and things ------------------------------------------------------------------------

    def learn_mails(self, mails: Iterable[str]) -> None:
        """Finds the owners of all these addresses at once."""
        wanted = {mail.lower() for mail in mails if mail}
        for key in who_fields(self.taking, self.takes_part):
            f = self.taking.field(key)
            if wanted and isinstance(f, LinkField):
                target = self.workspace.catalogue[f.target]
                self._mails[key] = self._owners(target, wanted)

    def _owners(self, target: EntityDef, mails: set[str]) -> dict[str, int]:
        mirror = next((m for m in target.traits if isinstance(m, Mirror)
                       and isinstance(target.field(m.field), EmailField)), None)  # fmt: skip
        if mirror is not None:
            value = self.workspace.catalogue[mirror.child].field(mirror.value)
            keys = {match_key(value, mail): mail for mail in mails}
            hits = self._lookup.by_contact(self.connection, target, mirror, keys)
        else:
            field = next((f for f in target.fields if isinstance(f, EmailField)), None)
            if field is None:
                return {}
            keys = {match_key(field, mail): mail for mail in mails}
            hits = self._lookup.by_field(self.connection, target, field, keys)
        return {keys[key]: ids[0] for key, ids in hits.items()}

    def colleague(self, mail: str) -> int | None:
        """The colleague with an address that was learned."""
        return self._mails.get(self.takes_part.staff, {}).get(mail.lower())

    def part(self, one: Somebody, *, ours: bool) -> dict[str, Any]:
        """The fields of a participation that say who it is; empty if nobody can be named."""
        entity, sign, number = one.key.partition("/")
        for key in who_fields(self.taking, self.takes_part):
            f = self.taking.field(key)
            if not isinstance(f, LinkField):
                continue
            if ours and sign and f.target == entity and self.exists(Ref(entity, _id(number))):
                return {key: _id(number)}
            id_ = self._mails.get(key, {}).get(one.mail.lower()) if one.mail else None
            wanted = (key == self.takes_part.resource) == one.is_thing
            if id_ is None and wanted and one.name and (one.is_thing or not one.mail):
                id_ = self.named(f.target, one.name)
            if id_ is not None:
                return {key: id_}
        return {"address": one.mail} if one.mail else {}

    # --- any record -------------------------------------------------------------------------------

    def exists(self, ref: Ref) -> bool:
        """Whether the record is there."""
        if ref not in self._there:  # the same few colleagues stand in most entries
            known = self.workspace.catalogue.has(ref.entity) and 0 < ref.id < 2**62
            self._there[ref] = known and bool(
                self.workspace.reader.exists(ref.entity, [ref.id], connection=self.connection)
            )
        return self._there[ref]

    def named(self, entity: str, name: str, book: str = "") -> int | None:
        """The only record of this name; None if there is none or several."""
        key = (entity, name)
        if key not in self._names:
            definition = self.workspace.catalogue[entity]
            wanted = match_key(definition.title, name)
            hits = self._lookup.by_title(self.connection, definition, [wanted], book)
            ids = hits.get(wanted, [])
            self._names[key] = ids[0] if len(ids) == 1 else None
        return self._names[key]


def _id(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def children(
    workspace: Workspace, entity: EntityDef, owner: str, ids: Iterable[int],
    connection: sa.Connection | None = None,
) -> dict[int, dict[int, dict[str, Any]]]:  # fmt: skip
    """The records of `entity` of several activities: values by id, by the id of the activity. What
    the program told heads is nothing a file says."""
    found: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
    rows = workspace.reader.linked(entity.key, owner, list(ids), connection=connection)
    reminds = entity.trait(Reminds)
    for id_, row in rows.items():
        if reminds is None or row.values.get(reminds.level) is None:
            found[row.values[owner]][id_] = row.values
    return found


def moment_of(values: Mapping[str, Any]) -> datetime | None:
    """When an activity begins or is due."""
    found = values.get("starts") or values.get("due")
    return found if isinstance(found, datetime) else None
