"""The rules of a base as plain values; asked of it once, and when one of them was changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.builtin.automation import EVENTS
from crm_desktop.models.catalogue.sales_traits import Automations, Funnel
from crm_desktop.models.query import Condition, Where, where_from_json
from crm_desktop.services.json_files import parse_json
from crm_desktop.services.reader import Reader
from crm_desktop.services.writing.remembered import Remembered

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


class RuleBook(Remembered[Rules]):
    """The rules that are switched on."""

    def __init__(self, reader: Reader, *, alone: bool) -> None:
        """`alone`: nobody else changes the base."""
        catalogue = reader.tables.catalogue
        super().__init__(
            next((e for e in catalogue if e.trait(Automations) is not None), None), alone=alone
        )
        self._reader = reader

    def _read(self, connection: sa.Connection) -> Rules:
        found: dict[str, list[Rule]] = defaultdict(list)
        if self._entity is None:
            return found
        rows = self._reader.everything(self._entity.key, connection)
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
