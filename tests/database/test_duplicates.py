"""Duplicates on both back ends: found, kept, remembered as none, kept true."""

from __future__ import annotations

from typing import Any

import pytest

from crm_desktop.errors import Cancelled, InvalidInput
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.services.duplicates.automatic import merge_certain
from crm_desktop.services.duplicates.service import Limits
from crm_desktop.services.duplicates.worker import sweep_apart
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.staging import Create
from tests.bases import ready_base

ROWS: list[dict[str, Any]] = [
    {"name": "ООО Ромашка", "phone": "+79161112233", "city": "Омск"},
    {"name": "Romashka LLC", "phone": "+79161112233"},
    {"name": "Ромашка, ООО", "city": "Омск", "tax_id": "7707083893"},
    {"name": "ООО Ромашка", "phone": "+73833334455", "city": "Тверь"},
    {"name": "ЗАО Вектор", "phone": "+79165556677", "email": "info@vektor.example"},
    {"name": "Вектро", "phone": "+79165556767", "email": "info@vektor.example"},
    {"name": "Иванова Анна", "phone": "+79165550001"},
    {"name": "Петров Олег", "phone": "+79165550001"},
]


@pytest.fixture
def workspace(base_url: str):  # type: ignore[no-untyped-def]
    made = ready_base(base_url, language="en")
    yield made
    made.close()


@pytest.fixture
def ids(workspace: Workspace) -> tuple[int, ...]:
    return workspace.records.apply([Create("client", row) for row in ROWS]).ids


@pytest.fixture
def client(workspace: Workspace) -> EntityDef:
    return workspace.catalogue["client"]


def found(workspace: Workspace, client: EntityDef) -> list[tuple[int, ...]]:
    return sorted(group.ids for group in workspace.duplicates.groups(client))


def test_the_sweep_finds_what_is_written_otherwise(
    workspace: Workspace, client: EntityDef, ids: tuple[int, ...]
):
    swept = workspace.duplicates.sweep(client)
    assert swept.records == len(ROWS)
    assert found(workspace, client) == [(ids[0], ids[1], ids[2]), (ids[4], ids[5])]
    last = workspace.duplicates.last_sweep(client)
    assert last is not None and (last.records, last.groups) == (len(ROWS), 2)


def test_what_is_no_duplicate_is_remembered(
    workspace: Workspace, client: EntityDef, ids: tuple[int, ...]
):
    workspace.duplicates.sweep(client)
    pairs = workspace.duplicates.set_apart([ids[4], ids[5]])
    assert found(workspace, client) == [(ids[0], ids[1], ids[2])]
    workspace.duplicates.sweep(client)
    assert found(workspace, client) == [(ids[0], ids[1], ids[2])]
    workspace.duplicates.kept.set_together(pairs)
    workspace.duplicates.sweep(client)
    assert len(found(workspace, client)) == 2


def test_groups_stay_true_when_records_change_merge_and_come_back(
    workspace: Workspace, client: EntityDef, ids: tuple[int, ...]
):
    workspace.duplicates.sweep(client)
    workspace.records.update("client", ids[5], {"name": "Парус", "phone": None, "email": None})
    assert found(workspace, client) == [(ids[0], ids[1], ids[2])]
    operation = workspace.merging.merge(client, [ids[0], ids[1], ids[2]]).operation
    assert found(workspace, client) == []
    workspace.undo.undo(operation)
    assert found(workspace, client) == [(ids[0], ids[1], ids[2])]
    assert workspace.duplicates.count(client) == 2


def test_a_new_record_is_told_to_be_known(
    workspace: Workspace, client: EntityDef, ids: tuple[int, ...]
):
    like = workspace.duplicates.like
    typed = {"name": "Romashka", "phone": "+79161112233"}
    assert [one.id for one in like(client, typed)][0] in (ids[0], ids[1])
    assert [one.id for one in like(client, {"name": "Ромшака", "city": "Омск"}, limit=1)]
    elsewhere = like(client, {"name": "Ромашка", "city": "Пермь"})
    assert [one.id for one in elsewhere] == [ids[1]]
    assert like(client, {"name": "Совсем другое"}) == []
    assert [one.id for one in like(client, {"tax_id": "7707083893", "name": "РМ"})] == [ids[2]]
    assert ids[0] not in [one.id for one in like(client, ROWS[0], but=ids[0])]


def test_the_card_is_told_what_the_sweep_has_found(
    workspace: Workspace, client: EntityDef, ids: tuple[int, ...]
):
    assert workspace.duplicates.of_record(client, ids[4]) == []
    workspace.duplicates.sweep(client)
    (other,) = workspace.duplicates.of_record(client, ids[4])
    assert (other.id, other.title) == (ids[5], "Вектро")


def test_an_administrator_sets_the_thresholds(
    workspace: Workspace, client: EntityDef, ids: tuple[int, ...]
):
    workspace.duplicates.set_limits(Limits(shown=0.999, certain=1.0))
    workspace.duplicates.sweep(client)
    assert found(workspace, client) == [(ids[4], ids[5])]
    with pytest.raises(InvalidInput):
        workspace.duplicates.set_limits(Limits(shown=0.9, certain=0.6))


def test_a_sweep_in_a_process_of_its_own_finds_the_same(
    base_url: str, workspace: Workspace, client: EntityDef, ids: tuple[int, ...]
):
    told: list[tuple[int, int]] = []
    groups = sweep_apart(
        workspace, base_url, client, progress=lambda *far: told.append(far), check=lambda: None
    )
    assert groups == 2 == len(found(workspace, client))
    assert told[-1] == (1000, 1000)


def test_objects_that_people_made_have_duplicates_too(workspace: Workspace):
    workspace.constructor.add_object(
        {
            "key": "machine", "label": "Machine", "plural": "Machines",
            "fields": [{"key": "name", "label": "Name", "type": "text"}],
        }
    )  # fmt: skip
    machine = workspace.catalogue.find("machine")
    names = ("Токарный станок 16К20", "Токарный станок 16К20", "Пресс гидравлический")
    ids = workspace.records.apply([Create(machine.key, {"name": name}) for name in names]).ids
    workspace.duplicates.set_limits(Limits(shown=0.6))
    workspace.duplicates.sweep(machine)
    assert found(workspace, machine) == [ids[:2]]


def test_only_groups_without_a_choice_are_merged_by_themselves(
    workspace: Workspace, client: EntityDef
):
    same = {"name": "Acme Partners", "phone": "+79161112233", "email": "a@acme.example"}
    rows = [same, {**same, "city": "Omsk"}, *({**ROWS[0], "city": c} for c in ("Омск", "Тверь"))]
    ids = workspace.records.apply([Create("client", row) for row in rows]).ids
    workspace.duplicates.sweep(client)
    done = merge_certain(workspace, client)
    assert done.groups == 1
    assert workspace.reader.exists("client", ids) == {ids[0], ids[2], ids[3]}
    assert done.operation is not None
    workspace.undo.undo(done.operation)
    assert workspace.reader.exists("client", ids) == set(ids)


def test_a_stopped_sweep_leaves_what_was_found_before(
    base_url: str, workspace: Workspace, client: EntityDef, ids: tuple[int, ...]
):
    workspace.duplicates.sweep(client)
    before = found(workspace, client)

    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        sweep_apart(workspace, base_url, client, progress=lambda *_far: None, check=stop)
    assert found(workspace, client) == before
