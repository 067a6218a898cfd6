"""Conditions as people type them and as JSON keeps them, on both back ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa

from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.query import PERIODS, Condition, where_from_json
from crm_desktop.models.schema import Tables
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.conditions.sql import compile_where
from crm_desktop.services.conditions.values import MOST_VALUES, ConditionContext
from crm_desktop.services.paths import Scope
from tests.database.list_world import lively_catalogue
from tests.filling import fill, make_tables

MOSCOW = timezone(timedelta(hours=3))
NOW = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)  # already the 21st in Moscow
DAY = date(2026, 11, 21)
LONG = "Ёж " * 30 + "конец"


class Base:
    """A filled base and a question: which names fulfil a condition?"""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.tables: Tables = make_tables(backend, lively_catalogue())
        self.staff = self.fill("staff", {"name": "Белова"}, {"name": "Ершов"})
        self.statuses = self.fill(
            "reference",
            {"name": "Новый", "book": "client_status"},
            {"name": "Новый", "book": "source"},
        )
        self.clients = self.fill(
            "client",
            {"name": "Ёлка", "phone": "+79162041130", "responsible": self.staff[0],
             "kind": "company", "status": self.statuses[0], "x_rating": 5},
            {"name": "Берёза", "phone": "+493012345678", "legal_name": LONG, "kind": "person",
             "source": self.statuses[1]},
        )  # fmt: skip
        moments = {
            "night": datetime(2026, 11, 20, 21, 30, tzinfo=UTC),
            "day": datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
            "old": datetime(2026, 8, 25, 9, 0, tzinfo=UTC),
        }
        self.fill("activity", *({"subject": s, "moment": m} for s, m in moments.items()))
        days = {name: DAY - timedelta(days=back) for name, back in BIRTHDAYS.items()}
        self.fill("person", *({"name": n, "birthday": d} for n, d in days.items()))

    def fill(self, entity: str, *rows: dict[str, Any]) -> list[int]:
        return fill(self.backend, self.tables, entity, rows)

    def titles(self, entity: str, where: Any) -> set[str]:
        """The titles of the records that fulfil a condition (or its JSON)."""
        definition = self.tables.catalogue[entity]
        condition = where if isinstance(where, Condition) else where_from_json(where)
        context = ConditionContext(
            MovedClock(NOW, MOSCOW), self.staff[0], "ru", begins=self.backend.prefix
        )
        scope = Scope(self.tables, definition)
        scope.side_used = entity in self.tables.side
        wanted = sa.select(scope.column(definition.title)).select_from(scope.source())
        wanted = wanted.where(*compile_where(self.tables, definition, condition, context))
        with self.backend.read() as connection:
            return set(connection.execute(wanted).scalars())


BIRTHDAYS = {
    "today": 0, "yesterday": 1, "monday": 5, "sunday": 6, "week ago": 7, "month start": 20,
    "last month": 21, "thirty": 29, "ninety": 89, "hundred": 100,
}  # fmt: skip


@pytest.fixture
def base(backend: Backend) -> Base:
    return Base(backend)


def test_texts_as_typed(base: Base) -> None:
    def found(op: str, value: Any, path: str = "name") -> set[str]:
        return base.titles("client", Condition(path, op, value))

    assert found("eq", " елка ") == {"Ёлка"}
    assert found("starts", "БЕР") == {"Берёза"}
    assert found("contains", "ЛК") == {"Ёлка"}
    assert found("in", ("ёлка", "берёза", "никто")) == {"Ёлка", "Берёза"}
    assert found("ne", "ёлка") == {"Берёза"}
    assert found("eq", LONG, "legal_name") == {"Берёза"}
    assert found("contains", "Конец", "legal_name") == {"Берёза"}
    assert found("starts", LONG[:80], "legal_name") == {"Берёза"}
    assert found("starts", LONG[:80] + "х", "legal_name") == set()
    assert found("contains", "ё" * 300, "legal_name") == set()
    assert found("ne", "x", "legal_name") == {"Берёза", "Ёлка"}


def test_telephones_in_any_form(base: Base) -> None:
    def found(op: str, value: str) -> set[str]:
        return base.titles("client", Condition("phone", op, value))

    assert found("eq", "8 (916) 204-11-30") == {"Ёлка"}
    assert found("starts", "8 916") == {"Ёлка"}
    assert found("starts", "(916) 204") == {"Ёлка"}
    assert found("starts", "+49 30") == {"Берёза"}
    assert found("contains", "04-11") == {"Ёлка"}


def test_days_are_those_of_the_person(base: Base) -> None:
    def found(op: str, value: Any = None) -> set[str]:
        return base.titles("activity", Condition("moment", op, value))

    assert found("period", "today") == {"night"}
    assert found("eq", "2026-11-21") == {"night"}
    assert found("eq", "20.11.2026") == {"day"}
    assert found("le", "20.11.2026") == {"day", "old"}
    assert found("gt", "2026-11-20") == {"night"}
    assert found("ge", "2026-11-20T12:00:00+03:00") == {"day", "night"}
    assert found("between", ("2026-08-25", "2026-11-20")) == {"day", "old"}
    assert found("between", (None, "2026-08-25")) == {"old"}
    assert found("ne", "2026-08-25") == {"day", "night"}


def test_every_period(base: Base) -> None:
    expected = {
        "today": {"today"},
        "yesterday": {"yesterday"},
        "this_week": {"today", "yesterday", "monday"},
        "last_week": {"sunday", "week ago"},
        "this_month": set(BIRTHDAYS) - {"last month", "thirty", "ninety", "hundred"},
        "last_month": {"last month", "thirty"},
        "this_year": set(BIRTHDAYS),
        "last_7_days": {"today", "yesterday", "monday", "sunday"},
        "last_30_days": set(BIRTHDAYS) - {"ninety", "hundred"},
        "last_90_days": set(BIRTHDAYS) - {"hundred"},
        "tomorrow": set(),
        "next_7_days": {"today"},
        "passed": set(BIRTHDAYS) - {"today"},
        "past": set(BIRTHDAYS) - {"today"},
        "over_30_days": {"ninety", "hundred"},
        "over_90_days": {"hundred"},
    }
    assert expected.keys() == PERIODS.keys()

    for name, people in expected.items():
        assert base.titles("person", Condition("birthday", "period", name)) == people, name


def test_links_by_id_by_name_and_by_me(base: Base) -> None:
    def found(path: str, op: str, value: Any = None) -> set[str]:
        return base.titles("client", Condition(path, op, value))

    assert found("responsible", "me") == {"Ёлка"}
    assert found("responsible", "in", ("me", base.staff[1])) == {"Ёлка"}
    assert found("responsible", "in", (str(base.staff[0]),)) == {"Ёлка"}
    assert found("responsible", "not_in", (base.staff[0],)) == {"Берёза"}
    assert found("status", "in", ("новый",)) == {"Ёлка"}
    assert found("source", "in", ("новый",)) == {"Берёза"}
    assert found("responsible", "eq", "Белова") == {"Ёлка"}
    assert found("responsible.name", "empty") == {"Берёза"}
    assert found("created_by", "empty") == {"Берёза", "Ёлка"}


def test_choices_by_key_and_by_label(base: Base) -> None:
    assert base.titles("client", Condition("kind", "in", ("company",))) == {"Ёлка"}
    assert base.titles("client", Condition("kind", "eq", "Private person")) == {"Берёза"}


def test_the_short_form_of_the_command_line(base: Base) -> None:
    assert base.titles("client", {"name": "ёлка", "x_rating": 5}) == {"Ёлка"}
    assert base.titles("client", {"status": None}) == {"Берёза"}
    assert base.titles("client", {"responsible": [base.staff[0]]}) == {"Ёлка"}
    assert base.titles("client", {"not": {"x_rating": 5}}) == {"Берёза"}


def test_many_ids_go_in_parts(base: Base) -> None:
    ids = tuple(range(10**6, 10**6 + MOST_VALUES - 1)) + (base.clients[1],)

    assert base.titles("client", Condition("id", "in", ids)) == {"Берёза"}
    with pytest.raises(InvalidInput, match=str(MOST_VALUES)):
        base.titles("client", Condition("id", "in", (*ids, 1)))


def test_nothing_typed_reaches_the_sql(base: Base) -> None:
    evil = "'; drop table client; --"

    assert base.titles("client", Condition("name", "contains", evil)) == set()
    assert base.titles("client", Condition("name", "in", (evil, "ёлка"))) == {"Ёлка"}
    with pytest.raises(NotFound, match="Known fields"):
        base.titles("client", Condition(evil, "eq", 1))
