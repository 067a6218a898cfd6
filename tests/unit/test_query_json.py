"""Conditions and lists as JSON: what is written is read back equal, what is wrong is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.errors import InvalidInput
from crm_desktop.models.query import (
    DEEPEST,
    NESTED,
    OPERATORS,
    WITHOUT_VALUE,
    Condition,
    Group,
    Query,
    Sort,
    Where,
    both,
    sort_from_text,
    where_from_json,
    where_to_json,
)

PATHS = st.from_regex(r"[a-z][a-z_]{0,8}(\.[a-z]{1,8})?", fullmatch=True)
PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
VALUES = PLAIN | st.lists(PLAIN, max_size=4).map(tuple)
JSON = st.recursive(
    PLAIN | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=20,
)
WORDS = st.sampled_from(["and", "or", "not", "field", "op", "value", "city", "eq", "in"])
LIKE_CONDITIONS = st.recursive(
    PLAIN | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=12,
)


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    op = draw(st.sampled_from(sorted(set(OPERATORS) - set(NESTED))))
    return Condition(draw(PATHS), op, None if op in WITHOUT_VALUE else draw(VALUES))


def groups(inner: st.SearchStrategy[Where]) -> st.SearchStrategy[Where]:
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    joined = st.builds(Group, st.sampled_from(["and", "or"]), several)
    return joined | st.builds(Group, st.just("not"), st.tuples(inner))


WHERES = st.recursive(conditions(), groups, max_leaves=6)


def depth(where: Where) -> int:
    return 0 if isinstance(where, Condition) else 1 + max(map(depth, where.items))


@given(WHERES.filter(lambda where: depth(where) <= DEEPEST))
def test_a_condition_is_read_back_as_it_was_written(where: Where) -> None:
    assert where_from_json(json.loads(json.dumps(where_to_json(where)))) == where


@given(
    st.builds(
        Query,
        entity=PATHS,
        columns=st.lists(PATHS).map(tuple),
        where=st.none() | conditions(),
        sort=st.lists(st.builds(Sort, PATHS, st.booleans())).map(tuple),
        text=st.text(),
    )
)
def test_a_list_is_read_back_as_it_was_written(query: Query) -> None:
    assert Query.from_json(json.loads(json.dumps(query.to_json()))) == query


@given(JSON | LIKE_CONDITIONS)
def test_any_json_is_a_condition_or_refused_in_words(row: Any) -> None:
    try:
        where = where_from_json(row)
    except InvalidInput as refused:
        assert refused.message
    else:
        assert where is None or isinstance(where, Condition | Group)


@given(JSON | st.dictionaries(st.sampled_from(["entity", "columns", "where", "sort"]), JSON))
def test_any_json_is_a_list_or_refused_in_words(row: Any) -> None:
    try:
        assert isinstance(Query.from_json(row), Query)
    except InvalidInput as refused:
        assert refused.message


def nested(levels: int) -> Any:
    row: Any = {"city": "Omsk"}
    for _level in range(levels):
        row = {"not": row}
    return row


def test_deep_nesting_is_refused() -> None:
    assert where_from_json(nested(DEEPEST)) is not None
    with pytest.raises(InvalidInput, match="deep"):
        where_from_json(nested(DEEPEST + 1))


@pytest.mark.parametrize(
    ("row", "where"),
    [
        (None, None),
        ({}, None),
        ([], None),
        ({"and": []}, None),
        ({"city": "Omsk"}, Condition("city", "eq", "Omsk")),
        ({"city": None}, Condition("city", "empty")),
        ({"status": ["A", "B"]}, Condition("status", "in", ("A", "B"))),
        (
            {"city": "Omsk", "size": 3},
            Group("and", (Condition("city", "eq", "Omsk"), Condition("size", "eq", 3))),
        ),
        (
            [{"city": "Omsk"}, {"field": "size", "op": "gt", "value": 3}],
            Group("and", (Condition("city", "eq", "Omsk"), Condition("size", "gt", 3))),
        ),
        ({"field": "city"}, Condition("city", "eq")),
    ],
)
def test_short_forms(row: Any, where: Where | None) -> None:
    assert where_from_json(row) == where


@pytest.mark.parametrize(
    "row",
    [
        5,
        "city",
        {"field": "city", "op": "like"},
        {"field": "city", "operator": "ne", "value": "Omsk"},
        {"or": {"city": "Omsk"}},
        {"or": [{"city": "Omsk"}], "size": 3},
        {"not": {"city": "Omsk"}, "size": 3},
        [["x"]],
    ],
)
def test_what_is_no_condition_is_refused(row: Any) -> None:
    with pytest.raises(InvalidInput):
        where_from_json(row)


def test_conditions_joined_by_and_become_one_group() -> None:
    one, two, three = (Condition(name, "filled") for name in "abc")

    assert both(None, one) == one
    assert both(Group("and", (one, two)), three) == Group("and", (one, two, three))
    assert both(None, None) is None


def test_the_order_is_read_from_text_and_from_a_list() -> None:
    wanted = (Sort("city"), Sort("name", descending=True))

    assert sort_from_text("city, -name") == sort_from_text(["city", "-name"]) == wanted
    assert sort_from_text("") == sort_from_text(None) == ()
