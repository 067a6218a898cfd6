"""Saved views on both back ends: own and shared, their order, copies, and that they come back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from crm_desktop import i18n
from crm_desktop.errors import InvalidInput
from crm_desktop.models.query import Condition, Query, Sort
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base

OMSK = Query("client", ("name", "city"), Condition("city", "eq", "Omsk"))


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    workspace = ready_base(base_url, language="en")
    for view in workspace.views.all():  # those a new base begins with
        workspace.views.remove(view.id)
    yield workspace
    workspace.close()


def names(base: Workspace, user: int | None = None) -> list[str]:
    return [view.name for view in base.views.of("client", user)]


def test_own_views_are_seen_by_their_author_only(base: Workspace) -> None:
    base.views.save("Everybody", OMSK, author=1)
    base.views.save("Mine", OMSK, author=1, shared=False)

    assert names(base, 1) == ["Everybody", "Mine"]
    assert names(base, 2) == ["Everybody"]


def test_views_stand_in_the_order_they_are_brought_into(base: Workspace) -> None:
    one, two, three = (base.views.save(name, OMSK) for name in ("1", "2", "3"))

    base.views.arrange([three.id, one.id])

    assert names(base) == ["3", "2", "1"]
    assert two.id in [view.id for view in base.views.of("client")]


def test_copy_is_ones_own_and_has_a_name_of_its_own(base: Workspace) -> None:
    view = base.views.save("Omsk", OMSK, layout={"pinned": True, "widths": {"name": 90}})

    first = base.views.copy(view, author=5)
    second = base.views.copy(view, author=5)

    assert [first.name, second.name] == ["Omsk (2)", "Omsk (3)"]
    assert (first.query, first.shared, first.pinned) == (OMSK, False, False)
    assert first.layout["widths"] == {"name": 90}


def test_removed_view_comes_back_where_it_stood(base: Workspace) -> None:
    first = base.views.save("First", OMSK, layout={"pinned": True})
    base.views.save("Second", OMSK)
    base.views.remove(first.id)

    base.views.restore(first)

    assert names(base) == ["First", "Second"]
    assert base.views.of("client")[0] == first


def test_renamed_view_keeps_its_place(base: Workspace) -> None:
    first = base.views.save("First", OMSK)
    base.views.save("Second", OMSK)

    base.views.save("Later", OMSK, id_=first.id)

    assert names(base) == ["Later", "Second"]


def test_view_outlives_the_fields_it_showed(base: Workspace) -> None:
    sort = (Sort("gone"), Sort("name", True))
    columns = ("name", "gone", "count(gone.client)")
    query = Query("client", columns, OMSK.where, sort, groups=("gone:month", "city"))
    base.views.save("Old", query, layout={"widths": {"gone": 9}, "marks": "?"})

    (view,) = base.views.of("client")

    assert (view.query.columns, view.query.groups) == (("name",), ("city",))
    assert (view.query.sort, view.query.where) == ((Sort("name", True),), OMSK.where)
    base.lists.open(view.query).first(1)


def test_view_of_a_newer_program_is_passed_over(base: Workspace) -> None:
    base.views.save("Good", OMSK)
    other = base.views.save("Newer", OMSK)
    table = base.tables.system("saved_view")
    row = '{"query": {"entity": "client", "where": {"field": "city", "op": "glows"}}}'
    with base.backend.write() as connection:
        base.backend.update_many(connection, table, ("definition",), [(other.id, row)])

    assert names(base) == ["Good"]


def test_name_that_the_author_sees_already_is_refused(base: Workspace) -> None:
    base.views.save("Omsk", OMSK, author=1, shared=False)
    base.views.save("Shared", OMSK, author=2)

    for name in (" omsk ", "SHARED"):
        with pytest.raises(InvalidInput, match="already") as refused:
            base.views.save(name, OMSK, author=1, shared=False)
        assert refused.value.field == "name"

    assert names(base, 1) == ["Omsk", "Shared"]


def test_name_of_somebody_elses_own_view_is_free(base: Workspace) -> None:
    base.views.save("Omsk", OMSK, author=1, shared=False)

    base.views.save("Omsk", OMSK, author=2)

    assert base.views.named("client", "omsk", 1).author == 1
    assert base.views.named("client", "omsk", 2).author == 2


def test_view_cannot_be_renamed_to_a_taken_name_but_may_keep_its_own(base: Workspace) -> None:
    view = base.views.save("Omsk", OMSK)
    base.views.save("Perm", OMSK)

    base.views.save("Omsk", OMSK, id_=view.id, layout={"pinned": True})
    with pytest.raises(InvalidInput, match="perm"):
        base.views.save("perm", OMSK, id_=view.id)

    assert names(base) == ["Omsk", "Perm"]


def test_names_given_twice_by_an_older_program_can_still_be_saved(base: Workspace) -> None:
    views = [base.views.save(name, OMSK) for name in ("Omsk", "Perm")]
    table = base.tables.system("saved_view")
    with base.backend.write() as connection:
        base.backend.update_many(connection, table, ("name",), [(views[1].id, "Omsk")])

    base.views.save("Omsk", OMSK, id_=views[1].id, layout={"pinned": True})

    assert [view.pinned for view in base.views.of("client")] == [False, True]


def test_removed_view_whose_name_is_taken_meanwhile_comes_back_beside(base: Workspace) -> None:
    view = base.views.save("Omsk", OMSK)
    base.views.remove(view.id)
    base.views.save("Omsk", OMSK)

    back = base.views.restore(view)

    assert back.name == "Omsk (2)"
    assert names(base) == ["Omsk (2)", "Omsk"]


def test_views_of_every_base_are_named_in_the_language_of_who_looks(base_url: str) -> None:
    with closing(ready_base(base_url, language="ru")) as base:
        assert [view.title for view in base.views.of("client")] == [
            "No next step", "Overdue", "No contact for 30 days"
        ]  # fmt: skip
        late = base.views.named("client", "overdue")
        assert base.views.named("client", "Просрочено") == late
        with pytest.raises(InvalidInput, match="“Overdue” already"):
            base.views.save("Overdue", OMSK)
        base.views.save("Burning", late.query, id_=late.id)
        i18n.set_language("ru")
        titles = [view.title for view in base.views.of("client")]
        assert titles == ["Без следующего шага", "Burning", "Нет контакта 30 дней"]
