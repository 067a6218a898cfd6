"""Every object, built in or made a moment ago, does everything: list, search, history, undo ...

No test here names an object; a new one is tested on the day it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from crm_desktop.models.catalogue.builtin import BUILTIN
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.query import Condition, Query, Sort
from crm_desktop.models.schema import link_target
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.workspace import Workspace, create_base, open_base
from crm_desktop.services.writing.staging import Delete, Update
from tests.bases import ready_base
from tests.catalogue.samples import TENDER, add_tender, full, make, with_every_type

OWN = ("x_tender", "x_bid")
KEYS = [*(entity.key for entity in BUILTIN), *OWN]
# What names the columns of an object is tried on a server for every object: a reserved word or a
# type that does not suit shows there alone. What follows from a write is the same SQL for all of
# them, and the objects with every type of field stand for the others; a file has them all.
IN_FILES = [("sqlite", key) for key in KEYS]
everywhere = pytest.mark.parametrize(
    "place", [*IN_FILES, *(("firebird", key) for key in KEYS)], indirect=True, ids="-".join
)
chosen = pytest.mark.parametrize(
    "place", [*IN_FILES, *(("firebird", key) for key in (*with_every_type(BUILTIN), *OWN))],
    indirect=True, ids="-".join,
)  # fmt: skip


@pytest.fixture(scope="module")
def base(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Workspace]]:
    """One base of each kind for all objects: each test makes records of its own."""
    made: dict[str, Workspace] = {}

    def of(kind: str) -> Workspace:
        if kind not in made:
            address = str(tmp_path_factory.mktemp("objects") / "base.crm")
            if kind == "firebird":
                address = request.getfixturevalue("firebird").empty_base("objects")
            made[kind] = ready_base(address, language="en", more=add_tender)
        return made[kind]

    yield of
    for one in made.values():
        one.close()
    if "firebird" in made:
        request.getfixturevalue("firebird").remove("objects")


@pytest.fixture
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A kind of base and the key of an object."""
    found: tuple[str, str] = request.param
    return found


@pytest.fixture
def workspace(base: Callable[[str], Workspace], place: tuple[str, str]) -> Workspace:
    return base(place[0])


@pytest.fixture
def entity(workspace: Workspace, place: tuple[str, str]) -> EntityDef:
    return workspace.catalogue[place[1]]


def made_alone(workspace: Workspace, entity: EntityDef, given: dict[str, Any]) -> int:
    """A record of its own: where it would land in one that another test has left, that one goes."""
    outcome = workspace.records.create(entity.key, given)
    if outcome.landed:
        workspace.records.apply([Delete(entity.key, outcome.ids[0])])
        outcome = workspace.records.create(entity.key, given)
    return outcome.ids[0]


@everywhere
def test_every_value_is_read_back_as_it_was_written(
    workspace: Workspace, entity: EntityDef
) -> None:
    for which in (0, 1):
        given = full(workspace, entity, which)
        id_ = made_alone(workspace, entity, given)
        record = workspace.reader.get(entity.key, id_)
        assert record is not None
        found = {key: record.values[key] for key in given}
        assert found == {k: (v or None) if v == () else v for k, v in given.items()}


@everywhere
def test_it_is_listed_sorted_and_filtered_by_every_field(
    workspace: Workspace, entity: EntityDef
) -> None:
    id_ = made_alone(workspace, entity, full(workspace, entity, 0))
    record = workspace.reader.get(entity.key, id_)
    assert record is not None
    keys = tuple(f.key for f in entity.fields)
    for f in entity.fields:
        told = "filled" in f.operators and not f.kept and record.values[f.key] is not None
        where = Condition(f.key, "filled") if told else None
        sort = (Sort(f.key, descending=True),) if f.sortable else ()
        cursor = workspace.lists.open(Query(entity.key, keys, where, sort))
        assert cursor.count() >= 1
        assert id_ in set(cursor.ids()), f.key


@chosen
def test_its_searchable_fields_are_found_by_their_beginnings(
    workspace: Workspace, entity: EntityDef
) -> None:
    id_ = made_alone(workspace, entity, full(workspace, entity, 1))
    record = workspace.reader.get(entity.key, id_)
    assert record is not None
    for f in entity.search_fields():
        term = f.terms(record.values[f.key])[0].lstrip("+")
        typed = term[:6]
        found = found_as(workspace, Ref(entity.key, id_))
        assert found.id in workspace.search.matching(found.entity, typed), (f.key, typed)


def found_as(workspace: Workspace, ref: Ref) -> Ref:
    """The record itself, or what it belongs to, over as many steps as there are."""
    entity = workspace.catalogue[ref.entity]
    if not entity.search_through:
        return ref
    record, link = workspace.reader.get(*ref), entity.field(entity.search_through)
    assert record is not None
    owner = record.values[link.key]
    return found_as(workspace, owner if isinstance(owner, Ref) else Ref(link_target(link), owner))


@chosen
def test_history_names_every_changed_field(workspace: Workspace, entity: EntityDef) -> None:
    id_ = made_alone(workspace, entity, full(workspace, entity, 0))
    title = entity.title
    value = full(workspace, entity, 1)[title.key]
    workspace.records.update(entity.key, id_, {title.key: value})
    newest, oldest = workspace.history.of(entity, id_)[0], workspace.history.of(entity, id_)[-1]
    assert (newest.kind, oldest.kind) == ("u", "c")
    assert [change.field.key for change in newest.fields] == [title.key]
    assert newest.fields[0].new == title.format(title.check(value), "en")


@chosen
def test_undo_brings_back_a_change_and_a_deletion(workspace: Workspace, entity: EntityDef) -> None:
    id_ = made_alone(workspace, entity, full(workspace, entity, 0))
    before = workspace.reader.get(entity.key, id_)
    assert before is not None
    change = workspace.records.update(entity.key, id_, full(workspace, entity, 1)).operation
    workspace.undo.undo(change)
    back = workspace.reader.get(entity.key, id_)
    assert back is not None and back.values == before.values
    gone = workspace.records.delete(entity.key, [id_]).operation
    assert workspace.reader.get(entity.key, id_) is None
    workspace.undo.undo(gone)
    again = workspace.reader.get(entity.key, id_)
    assert again is not None and again.values == before.values


@chosen
def test_many_records_are_changed_as_one_operation(workspace: Workspace, entity: EntityDef) -> None:
    ids = [make(workspace, entity, which) for which in (0, 1, 0)]
    value = full(workspace, entity, 1)[entity.title_field]
    done = workspace.records.apply(
        [Update(entity.key, id_, {entity.title_field: value}) for id_ in ids]
    )
    titles = workspace.reader.many(entity.key, ids, [entity.title_field]).values()
    assert len({row[entity.title_field] for row in titles}) == 1
    workspace.undo.undo(done.operation)
    titles = workspace.reader.many(entity.key, ids, [entity.title_field]).values()
    assert len({row[entity.title_field] for row in titles}) == 2


@chosen
def test_children_stand_in_a_tab_of_their_parent(workspace: Workspace, entity: EntityDef) -> None:
    for link in workspace.catalogue.children(entity):
        parent = make(workspace, entity, 0)
        values = full(workspace, link.entity, 0)
        values[link.field.key] = link.field.check(
            parent if link.field.type_name == "link" else (entity.key, parent)
        )
        own = {tab.link: tab.count for tab in workspace.links.tabs(entity, parent)}[link]
        workspace.records.create(link.entity.key, values)
        tabs = {tab.link: tab.count for tab in workspace.links.tabs(entity, parent)}
        assert tabs[link] == own + 1
        listed = workspace.lists.open(workspace.links.query(link, entity, parent))
        assert listed.count() == own + 1


@pytest.mark.parametrize("kind", ["sqlite", "firebird"])
def test_afterwards_the_base_is_whole(base: Callable[[str], Workspace], kind: str) -> None:
    assert check_base(base(kind)).problems == []


def test_a_user_made_object_outlives_the_program(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("made") / "base.crm"
    first = create_base(path, language="en")
    first.constructor.add_object(TENDER)
    id_ = first.records.create("x_tender", full(first, first.catalogue["x_tender"], 0)).ids[0]
    first.close()
    again = open_base(path)
    assert again.reader.get("x_tender", id_) is not None
    children = [link.entity.key for link in again.catalogue.children(again.catalogue["x_tender"])]
    assert (children[0], children[-1]) == ("activity", "x_bid")
    again.close()
