"""The rules of a base as plain values; asked of it once, and when one of them was changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.builtin.automation import EVENTS
from crm_desktop.models.catalogue.sales_traits import Automations, Funnel
from crm_desktop.models.query import Condition, Where, where_from_json
from crm_desktop.services.changes import ChangeSet
from crm_desktop.services.json_files import parse_json
from crm_desktop.services.reader import Reader

LOOKED_AGAIN = timedelta(minutes=1)
"""After so long rules are read again on a server, where others change them unheard."""
ENTERED, MADE, FIELD = (one.key for one in EVENTS)
NEVER = Condition("id", "empty")


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule; `of`: the key of the object it is about, `values`: all its fields."""

    id: int
    name: str
    event: str
    of: str
    position: int
    guard: str
    values: Mapping[str, Any]
    where: Where | None = None

    @property
    def deed(self) -> str:
        """What it does."""
        return str(self.values.get("deed") or "")


Rules = Mapping[str, Sequence[Rule]]
"""By the key of the object they are about, in their order."""


class RuleBook:
    """The rules that are switched on."""

    def __init__(self, reader: Reader, *, alone: bool) -> None:
        """`alone`: nobody else changes the base."""
        self._reader, self._alone = reader, alone
        self._known: Rules | None = None
        self._read_at: datetime | None = None
        found = [e for e in reader.tables.catalogue if e.trait(Automations) is not None]
        self._entity = found[0] if found else None

    def changed(self, changes: ChangeSet) -> None:
        """Something was written."""
        if self._entity is not None and self._entity.key in changes.touched:
            self._known = None

    def of(self, connection: sa.Connection, now: datetime) -> Rules:
        """Those of the base."""
        old = self._read_at is None or not timedelta() <= now - self._read_at < LOOKED_AGAIN
        known = self._known  # others' changes are told meanwhile, on another thread
        if known is None or (old and not self._alone):
            known = self._known = self._read(connection)
            self._read_at = now
        return known

    def _read(self, connection: sa.Connection) -> Rules:
        found: dict[str, list[Rule]] = defaultdict(list)
        if self._entity is None:
            return found
        table = self._reader.tables.main[self._entity.key]
        ids = connection.execute(sa.select(table.c.id)).scalars().all()
        rows = self._reader.many(self._entity.key, ids, connection=connection) if ids else {}
        for rule in sorted((self.rule(id_, values) for id_, values in rows.items()),
                           key=lambda one: (one.position, one.id)):  # fmt: skip
            if rule.of and not rule.values.get("retired"):
                found[rule.of].append(rule)
        return found

    def rule(self, id_: int, values: Mapping[str, Any]) -> Rule:
        """The rule of a record."""
        event, of = str(values.get("event") or ENTERED), str(values.get("of") or "")
        if event == ENTERED or not of:
            of = next((e.key for e in self._reader.tables.catalogue if e.trait(Funnel)), "")
        return Rule(
            id_, str(values.get("name") or ""), event, of, int(values.get("position") or 0),
            str(values.get("guard") or "every"), values, read_where(values.get("where")),
        )  # fmt: skip


def read_where(text: Any) -> Where | None:
    """The condition of a rule as it is kept; one that cannot be read holds for nothing at all."""
    if not text:
        return None
    try:
        return where_from_json(parse_json(str(text), "where"))
    except InvalidInput:
        return NEVER
