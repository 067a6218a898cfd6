"""Reference books in place: merged, retired, arranged, of one's own; and tags of many rows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_desktop.errors import UserError
from crm_desktop.models.query import Condition, Query
from crm_desktop.services import reference_books as books
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.tags.service import TagChange, change_tags
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base

SOURCE = "source"


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


def value(base: Workspace, name: str, book: str = SOURCE) -> books.BookValue:
    return next(one for one in books.values(base, book) if one.name == name)


def clients(base: Workspace, *values: int) -> list[int]:
    made = [{"name": f"Client {n}", SOURCE: id_} for n, id_ in enumerate(values)]
    return [base.records.create("client", one).ids[0] for one in made]


def sources(base: Workspace, ids: list[int]) -> list[int]:
    rows = base.reader.many("client", ids, [SOURCE])
    return [rows[id_][SOURCE] for id_ in ids]


def test_merging_moves_records_and_undo_brings_them_back(base: Workspace) -> None:
    site, call, fair = (value(base, n).id for n in ("Website", "Cold call", "Exhibition"))
    ids = clients(base, site, call, fair)

    done = books.merge_values(base, SOURCE, [call, fair], site)
    assert sources(base, ids) == [site, site, site]
    assert (value(base, "Website").uses, value(base, "Cold call").retired) == (3, True)

    assert done.operation is not None
    base.undo.undo(done.operation)
    assert sources(base, ids) == [site, call, fair]
    assert not value(base, "Cold call").retired
    assert check_base(base).problems == []


def test_the_value_that_remains_leaves_what_was_merged_into_it(base: Workspace) -> None:
    above, below = value(base, "Advertising").id, value(base, "Website").id
    base.records.update("reference", below, {"parent": above})

    books.merge_values(base, SOURCE, [above], below)

    assert value(base, "Website").parent is None


def test_a_used_value_is_not_deleted(base: Workspace) -> None:
    site, call = value(base, "Website").id, value(base, "Cold call").id
    clients(base, site)

    with pytest.raises(UserError, match="used in 1 record"):
        books.remove_values(base, SOURCE, [site])
    books.remove_values(base, SOURCE, [call])
    assert call not in {one.id for one in books.values(base, SOURCE)}


def test_a_retired_value_is_offered_no_more_and_stays_in_records(base: Workspace) -> None:
    site = value(base, "Website").id
    ids = clients(base, site)
    books.retire(base, SOURCE, [site], on=True)

    offered = [title.text for _ref, title in base.titles.suggest("reference", "", SOURCE)]
    assert "Website" not in offered and offered[0] == "Recommendation"
    assert sources(base, ids) == [site]
    assert base.lists.count(Query("client", where=Condition(SOURCE, "eq", "Website"))) == 1


def test_values_keep_the_order_and_tree_given(base: Workspace) -> None:
    before = [(one.id, one.parent) for one in books.values(base, SOURCE)]
    turned = [(id_, None) for id_, _parent in reversed(before)]
    turned[1] = (turned[1][0], turned[0][0])

    operation = books.arrange(base, SOURCE, turned)
    assert [(one.id, one.parent) for one in books.values(base, SOURCE)] == turned
    assert books.arrange(base, SOURCE, turned) is None

    assert operation is not None
    base.undo.undo(operation)
    assert [(one.id, one.parent) for one in books.values(base, SOURCE)] == before


def test_a_book_of_ones_own_is_a_field_with_a_tree(base: Workspace) -> None:
    key = books.add_book(base, "Direction", base.catalogue["client"])
    field = base.catalogue["client"].fields[-1]
    north = books.add_value(base, key, "North", "info").ids[0]
    west = base.records.create("reference", {"book": key, "name": "North-West", "parent": north})
    base.records.create("client", {"name": "Birch", field.key: west.ids[0]})

    assert books.books(base)[-2].label == "Direction"
    assert base.lists.count(Query("client", where=Condition(field.key, "eq", "North"))) == 1
    with pytest.raises(UserError, match="already"):
        books.add_value(base, key, "north", "ok")
    with pytest.raises(UserError, match="already"):
        books.add_book(base, "direction", base.catalogue["person"])


def test_tags_are_merged_and_given_to_many(base: Workspace) -> None:
    made = [{"name": "A", "tags": "VIP"}, {"name": "B", "tags": "vips"}, {"name": "C"}]
    ids = [base.records.create("client", one).ids[0] for one in made]
    one, two = (value(base, name, books.TAGS).id for name in ("VIP", "vips"))
    merged = books.merge_values(base, books.TAGS, [two], one)
    assert lines(base, ids) == ["VIP", "VIP", None]

    given = change_tags(base, base.catalogue["client"], ids, TagChange(("Winter",), ("vip",)))
    assert lines(base, ids) == ["Winter", "Winter", "Winter"]

    for operation in (given.operation, merged.operation):
        assert operation is not None
        base.undo.undo(operation)
    assert lines(base, ids) == ["VIP", "vips", None]


def lines(base: Workspace, ids: list[int]) -> list[str | None]:
    rows = base.reader.many("client", ids, ["tags"])
    return [rows[id_]["tags"] for id_ in ids]
