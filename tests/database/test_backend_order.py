"""Reading in order: keyset, anchors, packed ids and prefixes agree with a plain sort."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from crm_desktop.models.backend.base import Backend
from tests.database.tables import CLIENT, TOKEN, WORD, make_tables

KEY, rid = CLIENT.c.name_key, CLIENT.c.id


@pytest.fixture
def filled(backend: Backend) -> Iterator[Backend]:
    """300 clients, three of each key, every seventh without a date."""
    make_tables(backend)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    rows = [
        (
            number,
            f"ключ {number % 100:03}",
            None if number % 7 == 0 else start + timedelta(hours=number * 37 % 300),
            Decimal(number % 10),
        )
        for number in range(300)
    ]
    with backend.write() as connection:
        backend.insert_many(connection, CLIENT, ["id", "name_key", "seen", "paid"], rows)
    yield backend


def ordered(key: Any, *, descending: bool = False) -> sa.Select[Any]:
    if descending:
        return sa.select(key, rid).order_by(key.desc(), rid.desc())
    return sa.select(key, rid).order_by(key, rid)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("column", ["name_key", "seen", "paid"])
def test_pages_by_key_make_the_whole_order(filled: Backend, column: str, descending: bool) -> None:
    key = CLIENT.c[column]
    select = ordered(key, descending=descending)
    with filled.read() as connection:
        whole = [tuple(row) for row in connection.execute(select)]
        pages = [tuple(row) for row in connection.execute(filled.limit(select, 47))]
        while True:
            beyond = filled.keyset(key, rid, pages[-1], descending=descending)
            more = connection.execute(filled.limit(select.where(beyond), 47)).all()
            if not more:
                break
            pages += [tuple(row) for row in more]

    assert pages == whole


def test_after_is_the_ascending_keyset(filled: Backend) -> None:
    with filled.read() as connection:
        beyond = filled.keyset(KEY, rid, ("ключ 099", 199))
        assert connection.execute(ordered(KEY).where(beyond)).all() == [("ключ 099", 299)]


def test_limit_skips_rows(filled: Backend) -> None:
    with filled.read() as connection:
        rows = connection.execute(filled.limit(sa.select(rid).order_by(rid), 2, 10)).scalars()
        assert list(rows) == [10, 11]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("column", ["name_key", "seen", "paid"])
def test_what_stands_behind_a_row_comes_in_parts(
    filled: Backend, column: str, descending: bool
) -> None:
    key = CLIENT.c[column]
    select = ordered(key, descending=descending)
    with filled.read() as connection:
        whole = [tuple(row) for row in connection.execute(select)]
        for at in (0, 20, 42, 43, 150, 298, 299):  # 43 of the dates are empty
            parts = filled.keyset_parts(key, rid, whole[at], descending=descending)
            found = [tuple(row) for part in parts for row in connection.execute(select.where(part))]
            assert found == whole[at + 1 :]


@pytest.mark.parametrize("column", ["name_key", "seen", "paid"])
def test_anchors_are_every_step_th_row(filled: Backend, column: str) -> None:
    select = ordered(CLIENT.c[column]).where(rid.in_(range(5, 290)), CLIENT.c.name_key != "it's ?")
    with filled.read() as connection:
        whole = [tuple(row) for row in connection.execute(select)]

        places, is_whole = filled.anchors(connection, [select], 50, 500)
        assert filled.anchors(connection, [select.where(rid < 0)], 50, 500) == ([], True)

    assert places == whole[::50][: len(places)]
    assert len(places) > 1
    assert is_whole == (len(places) == len(whole[::50])) or not is_whole


@pytest.mark.parametrize("descending", [False, True])
def test_anchors_behind_a_row_are_found_stretch_by_stretch(
    filled: Backend, descending: bool
) -> None:
    """However little a stretch holds, they lead to the end, over all that is equal."""
    key = CLIENT.c.paid
    select = ordered(key, descending=descending)
    with filled.read() as connection:
        whole = [tuple(row) for row in connection.execute(select)]
        at, is_over = 0, False
        while not is_over:
            behind = filled.keyset_parts(key, rid, whole[at], descending=descending)
            parts = [select.where(part) for part in behind]
            places, is_over = filled.anchors(connection, parts, 7, 21)
            rows = [whole.index((value, id_)) for value, id_ in places]
            assert rows == [at + 1 + 7 * number for number in range(len(places))]
            assert is_over or len(rows) > 1
            at = rows[-1] if rows else at

    assert len(whole) - at <= 7


@pytest.mark.parametrize("last", [0, 1, 200, 299])
def test_all_ids_come_packed_in_order(filled: Backend, last: int) -> None:
    select = sa.select(rid).where(rid < last, CLIENT.c.paid >= Decimal("1.5")).order_by(KEY, rid)
    with filled.read() as connection:
        plain = connection.execute(select).scalars().all()

        assert list(filled.all_ids(connection, select)) == plain


def test_prefix_finds_by_beginnings_only(filled: Backend) -> None:
    words = ["ром", "рома", "ромашка", "роман", "рон", "р", "аром", "ром\U0010ffff"]
    with filled.write() as connection:
        filled.insert_many(connection, WORD, TOKEN, [(word, 1, 1) for word in words])

        def found(text: str) -> set[str]:
            select = sa.select(WORD.c.tok).where(filled.prefix(WORD.c.tok, text))
            return set(connection.execute(select).scalars())

        assert found("ром") == {"ром", "рома", "ромашка", "роман", "ром\U0010ffff"}
        assert found("") == set(words)
        assert found("%") == set()
        assert found("слово длиннее столбца и ещё длиннее") == set()


def test_a_text_longer_than_the_column_is_no_match_and_no_error(filled: Backend) -> None:
    with filled.read() as connection:
        select = sa.select(rid).where(KEY == "ж" * 200)
        assert connection.execute(select).all() == []


def test_window_functions_without_arguments_compile(filled: Backend) -> None:
    number = sa.func.row_number().over(order_by=rid).label("n")
    with filled.read() as connection:
        rows = connection.execute(sa.select(number).order_by(rid).limit(2)).scalars()
        assert list(rows) == [1, 2]
