"""What the last sweep has found, kept in the base, and which records are no duplicates.

The rows may be older than the records: what is shown is therefore looked at again when it is read.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.backend.base import IN_LIST, Backend
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.schema import Tables
from crm_desktop.services.duplicates.sweep import FoundGroup
from crm_desktop.services.merging.lineage import Lineage

THOUSAND = 1000
BLOCK = 4000
_GROUP = ("id", "ent", "likelihood", "reasons")
Pair = tuple[int, int]


@dataclass(frozen=True)
class KeptGroup:
    """One group as it was found; some of its records may be gone or changed since."""

    id: int
    likelihood: float
    ids: tuple[int, ...]
    reasons: tuple[str, ...]


class KeptGroups:
    """The groups and the "not a duplicate" of one open base."""

    def __init__(self, backend: Backend, tables: Tables) -> None:
        self._backend = backend
        self._tables = tables
        self._groups = tables.system("duplicate_group")
        self._members = tables.system("duplicate_member")
        self._apart = tables.system("not_duplicate")
        self._lineage = Lineage(backend, tables)

    # --- groups -----------------------------------------------------------------------------------

    def replace(self, entity: EntityDef, groups: Sequence[FoundGroup]) -> None:
        """Forgets what an earlier sweep of the object has found and keeps this."""
        self._forget(entity)
        self.add(entity, groups)

    def add(self, entity: EntityDef, groups: Sequence[FoundGroup]) -> None:
        """Keeps these beside what is kept already."""
        for start in range(0, len(groups), BLOCK):
            part = groups[start : start + BLOCK]
            with self._backend.write() as connection:
                ids = self._backend.ids(connection, len(part))
                rows = [
                    (id_, entity.number, round(found.likelihood * THOUSAND), _reasons(found))
                    for id_, found in zip(ids, part, strict=True)
                ]
                members = [
                    (id_, rid) for id_, found in zip(ids, part, strict=True) for rid in found.ids
                ]
                self._backend.insert_many(connection, self._groups, _GROUP, rows)
                self._backend.insert_many(connection, self._members, ("grp", "rid"), members)

    def _forget(self, entity: EntityDef) -> None:
        groups, members = self._groups, self._members
        old = sa.select(groups.c.id).where(groups.c.ent == entity.number)
        while True:
            with self._backend.write() as connection:
                ids = list(connection.execute(self._backend.limit(old, IN_LIST)).scalars())
                if not ids:
                    return
                wanted = sa.select(members.c.grp, members.c.rid).where(members.c.grp.in_(ids))
                rows = [tuple(row) for row in connection.execute(wanted)]
                self._backend.delete_keys(connection, members, ("grp", "rid"), rows)
                self._backend.delete_many(connection, groups, ids)

    def count(self, entity: EntityDef, minimum: float) -> int:
        """How many groups still have two records in the base."""
        groups, members, main = self._groups, self._members, self._tables.main[entity.key]
        alive = (
            sa.select(members.c.grp)
            .select_from(
                groups.join(members, members.c.grp == groups.c.id).join(
                    main, main.c.id == members.c.rid
                )
            )
            .where(groups.c.ent == entity.number, groups.c.likelihood >= _thousandths(minimum))
            .group_by(members.c.grp)
            .having(sa.func.count() > 1)
            .subquery()
        )
        with self._backend.read() as connection:
            wanted = sa.select(sa.func.count()).select_from(alive)
            return int(connection.execute(wanted).scalar_one())

    def read(
        self, entity: EntityDef, minimum: float, limit: int, after: tuple[int, int] | None = None
    ) -> list[KeptGroup]:
        """The next groups as they were found, the likeliest first; `after` (thousandths, id)."""
        groups = self._groups
        wanted = sa.select(groups).where(
            groups.c.ent == entity.number, groups.c.likelihood >= _thousandths(minimum)
        )
        if after is not None:
            likelihood, id_ = after
            wanted = wanted.where(
                sa.or_(
                    groups.c.likelihood < likelihood,
                    sa.and_(groups.c.likelihood == likelihood, groups.c.id > id_),
                )
            )
        wanted = wanted.order_by(groups.c.likelihood.desc(), groups.c.id)
        with self._backend.read() as connection:
            rows = connection.execute(self._backend.limit(wanted, limit)).all()
            return self._with_members(connection, rows)

    def of_record(self, entity: EntityDef, id_: int) -> list[KeptGroup]:
        """The groups a record is in."""
        return self.of_records(entity, [id_])

    def of_records(self, entity: EntityDef, ids: Sequence[int]) -> list[KeptGroup]:
        """The groups that hold at least one of the records, the likeliest first."""
        groups, members = self._groups, self._members
        rows: dict[int, Any] = {}
        with self._backend.read() as connection:
            for start in range(0, len(ids), IN_LIST):
                wanted = (
                    sa.select(groups)
                    .select_from(groups.join(members, members.c.grp == groups.c.id))
                    .where(
                        members.c.rid.in_(list(ids[start : start + IN_LIST])),
                        groups.c.ent == entity.number,
                    )
                )
                rows.update((row.id, row) for row in connection.execute(wanted))
            best = sorted(rows.values(), key=lambda row: (-row.likelihood, row.id))
            return self._with_members(connection, best)

    def _with_members(self, connection: sa.Connection, rows: Sequence[Any]) -> list[KeptGroup]:
        members: dict[int, list[int]] = defaultdict(list)
        ids = [row.id for row in rows]
        for start in range(0, len(ids), IN_LIST):
            part = ids[start : start + IN_LIST]
            wanted = sa.select(self._members).where(self._members.c.grp.in_(part))
            for member in connection.execute(wanted.order_by(self._members.c.rid)):
                members[member.grp].append(member.rid)
        return [
            KeptGroup(
                row.id, row.likelihood / THOUSAND, tuple(members[row.id]),
                tuple(json.loads(row.reasons)),
            )
            for row in rows
        ]  # fmt: skip

    # --- not a duplicate --------------------------------------------------------------------------

    def set_apart(self, pairs: Iterable[Pair], author: int | None, now: datetime) -> None:
        """Remembers that the records of each pair are not the same."""
        rows = [(*sorted(pair), author, now) for pair in pairs if pair[0] != pair[1]]
        with self._backend.write() as connection:
            self._backend.delete_keys(
                connection, self._apart, ("one", "other"), [row[:2] for row in rows]
            )
            self._backend.insert_many(
                connection, self._apart, ("one", "other", "author", "made_at"), rows
            )

    def set_together(self, pairs: Iterable[Pair]) -> None:
        """Takes "not a duplicate" back."""
        with self._backend.write() as connection:
            rows = [tuple(sorted(pair)) for pair in pairs]
            self._backend.delete_keys(connection, self._apart, ("one", "other"), rows)

    def all_apart(self, entity: EntityDef) -> set[Pair]:
        """Every pair that is no duplicate; a merged record stands for those it took in."""
        with self._backend.read() as connection:
            rows = connection.execute(sa.select(self._apart.c.one, self._apart.c.other)).all()
            stands = self._lineage.stands_for(connection, entity.key)
        found = set()
        for one, other in rows:
            pair = sorted((stands.get(one, one), stands.get(other, other)))
            found.add((pair[0], pair[1]))
        return found

    def apart_among(self, ids: Iterable[int]) -> set[Pair]:
        """Those pairs of the records that are no duplicates."""
        wanted = sorted(set(ids))
        found: set[Pair] = set()
        with self._backend.read() as connection:
            for start in range(0, len(wanted), IN_LIST):
                part = wanted[start : start + IN_LIST]
                rows = connection.execute(
                    sa.select(self._apart.c.one, self._apart.c.other).where(
                        self._apart.c.one.in_(part)
                    )
                )
                found.update((row.one, row.other) for row in rows)
        return found & set(combinations(wanted, 2)) if len(wanted) < 500 else found


def _thousandths(likelihood: float) -> int:
    return round(likelihood * THOUSAND)


def _reasons(found: FoundGroup) -> str:
    reasons = list(found.reasons)
    while len(text := json.dumps(reasons)) > 1000:
        reasons.pop()
    return text
