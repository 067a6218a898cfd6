"""Names that the base does not have: counted, made within their whole, or given a meaning."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.services.importing.command import run_import_command
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base
from tests.import_desk import records, write_csv


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


def brought(workspace: Workspace, file: Path, **given: Any) -> dict[str, Any]:
    return run_import_command(workspace, {"into": "deal", **given, "file": str(file)})


def stages_of(workspace: Workspace, pipeline: int) -> list[str]:
    """The names in the order of the pipeline."""
    found = {p.id: p for p in workspace.pipelines.all()}[pipeline]
    return [stage.name for stage in found.stages]


def test_stages_that_are_not_there_are_counted_and_made_on_request(
    workspace: Workspace, tmp_path: Path
) -> None:
    file = write_csv(
        tmp_path / "deals.csv", ["Deal", "Stage"], ["A", "Won"], ["B", "Qualify"],
        ["C", "qualify"], ["D", "Trial"],
    )  # fmt: skip
    (pipeline,) = workspace.pipelines.all()
    before = stages_of(workspace, pipeline.id)

    refused = brought(workspace, file, test=True)
    tried = brought(workspace, file, test=True, create="stage")
    made = brought(workspace, file, create="stage")

    assert (refused["created"], refused["rejected"]) == (1, 3)
    assert [(m["field"], m["name"], m["rows"]) for m in refused["missing"]] == [
        ("stage", "Qualify", 1), ("stage", "qualify", 1), ("stage", "Trial", 1),
    ]  # fmt: skip
    assert (tried["created"], tried["others"]) == (4, {"stage": 2})
    assert (made["created"], made["rejected"], made["missing"]) == (4, 0, [])
    first_closed = before.index("Won")
    assert stages_of(workspace, pipeline.id) == [
        *before[:first_closed], "Qualify", "Trial", *before[first_closed:],
    ]  # fmt: skip
    deals = records(workspace, "deal")
    assert [deal["state"] for deal in deals] == ["won", "open", "open", "open"]
    assert deals[1]["stage"] == deals[2]["stage"] != deals[3]["stage"]

    workspace.undo.undo(made["operation"])
    assert stages_of(workspace, pipeline.id) == before and not records(workspace, "deal")


def test_a_pipeline_is_made_with_its_stages(workspace: Workspace, tmp_path: Path) -> None:
    file = write_csv(
        tmp_path / "deals.csv", ["Deal", "Pipeline", "Stage"], ["A", "Wholesale", "Prepaid"],
        ["B", "Retail", "Prepaid"], ["C", "Retail", "Won"], ["D", "", "Won"],
    )  # fmt: skip
    (old,) = workspace.pipelines.all()

    result = brought(workspace, file, create=["pipeline", "stage"])

    assert (result["created"], result["others"]) == (4, {"pipeline": 2, "stage": 3})
    names = {p.id: p.name for p in workspace.pipelines.all()}
    found = [(d["name"], names[d["pipeline"]]) for d in records(workspace, "deal")]
    assert found == [("A", "Wholesale"), ("B", "Retail"), ("C", "Retail"), ("D", old.name)]
    retail = next(id_ for id_, name in names.items() if name == "Retail")
    assert stages_of(workspace, retail) == ["Prepaid", "Won"]
    assert [d["state"] for d in records(workspace, "deal")] == ["open", "open", "won", "won"]


def test_how_a_deal_ended_is_known_by_other_words(workspace: Workspace, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "deals.csv", ["Deal", "Stage"], ["A", "Closed Won"],
                     ["B", "Сделка провалена"], ["C", "Выиграна"])  # fmt: skip

    assert brought(workspace, file)["created"] == 3
    assert [deal["state"] for deal in records(workspace, "deal")] == ["won", "lost", "won"]


def test_words_of_the_file_are_given_a_meaning(workspace: Workspace, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "deals.csv", ["Deal", "Phase"], ["A", "closed WON"], ["B", "Lost"])
    columns = [{"from": "Deal", "to": "name"},
               {"from": "Phase", "to": "stage", "values": {"Closed won": "Won"}}]  # fmt: skip

    result = brought(workspace, file, map={"columns": columns})

    assert result["created"] == 2
    assert [deal["state"] for deal in records(workspace, "deal")] == ["won", "lost"]
    with pytest.raises(InvalidInput, match="No column goes into client"):
        brought(workspace, file, create="client")


def test_each_name_is_made_or_left_by_itself(workspace: Workspace, tmp_path: Path) -> None:
    """A list of names in `create` makes these alone; `leave_out` lets rows in without the link."""
    file = write_csv(
        tmp_path / "deals.csv", ["Deal", "Stage", "Contact"], ["A", "Trial", "Ann Lee"],
        ["B", "Qualify", "Bob Fox"], ["C", "Won", "Bob Fox"],
    )  # fmt: skip
    columns = [
        {"from": "Deal", "to": "name"},
        {"from": "Stage", "to": "stage", "create": ["TRIAL"]},
        {"from": "Contact", "to": "person", "create": "leave_out"},
    ]

    result = brought(workspace, file, map={"columns": columns})

    assert [(one["row"], one["field"]) for one in result["rejects"]] == [
        (2, "person"), (3, "stage"), (4, "person"),
    ]  # fmt: skip
    assert (result["created"], result["rejected"], result["left_out"]) == (2, 1, 2)
    assert {(m["field"], m["name"], m["rows"]) for m in result["missing"]} == {
        ("person", "Ann Lee", 1), ("person", "Bob Fox", 2), ("stage", "Qualify", 1),
    }  # fmt: skip
    assert [deal["person"] for deal in records(workspace, "deal")] == [None, None]


def test_words_that_are_in_no_list_are_counted(workspace: Workspace, tmp_path: Path) -> None:
    """Words of a choice are told as names are, and may be given a meaning or none."""
    file = write_csv(
        tmp_path / "clients.csv", ["Name", "Kind"], ["Alder", "Shop"], ["Birch", "Shop"],
        ["Cedar", "Club"],
    )  # fmt: skip
    columns: list[dict[str, Any]] = [{"from": "Name", "to": "name"},
                                     {"from": "Kind", "to": "kind"}]  # fmt: skip

    refused = brought(workspace, file, into="client", test=True, map={"columns": columns})
    columns[1]["values"] = {"shop": "sole_trader", "Club": ""}
    made = brought(workspace, file, into="client", map={"columns": columns})

    assert [(m["field"], m["name"], m["rows"], m["listed"]) for m in refused["missing"]] == [
        ("kind", "Shop", 2, True), ("kind", "Club", 1, True),
    ]  # fmt: skip
    assert (made["created"], made["missing"]) == (3, [])
    said = [client["kind"] for client in records(workspace, "client")]
    assert said == ["sole_trader", "sole_trader", "company"]


def test_the_contact_of_a_deal_is_made_at_its_client(workspace: Workspace, tmp_path: Path) -> None:
    """Nobody is made twice: a person of that name at the client, else the only one, is meant."""
    file = write_csv(
        tmp_path / "deals.csv", ["Deal", "Client", "Contact person"], ["A", "Oak", "Ann Lee"],
        ["B", "Elm", "Ann Lee"], ["C", "Oak", "Bob Fox"], ["D", "Oak", "Ann Lee"], ["E", "", "Kim"],
    )  # fmt: skip
    workspace.records.create("person", {"name": "Bob Fox"})

    result = brought(workspace, file)

    clients = {c["id"]: c["name"] for c in records(workspace, "client")}
    people = {p["id"]: (p["name"], clients.get(p["client"])) for p in records(workspace, "person")}
    assert result["rejects"] == []
    assert [people[deal["person"]] for deal in records(workspace, "deal")] == [
        ("Ann Lee", "Oak"), ("Ann Lee", "Oak"), ("Bob Fox", None), ("Ann Lee", "Oak"),
        ("Kim", None),
    ]  # fmt: skip
    assert len(people) == 3
