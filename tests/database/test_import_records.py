"""Imports on both back ends: what is made, matched, linked, refused, undone."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.importing.importer import (
    STOP_AND_KEEP,
    STOP_AND_UNDO,
    Importer,
)
from crm_desktop.services.importing.results import DONE, KEPT, TESTED, UNDONE
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base
from tests.import_desk import bring_in, one, order_of, records, title, write_csv


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


def test_rows_become_records_with_links_made_by_name(workspace: Workspace, file: Path) -> None:
    write_csv(
        file,
        ["Company", "Phone", "Manager", "Status", "Revenue"],
        ["Acme", "+7 (916) 204-11-83", "Ann Lee", "Active", "1 200,50"],
        ["Best", "", "ann  lee", "Brand new", ""],
    )

    result = bring_in(workspace, file, "client")

    assert (result.state, result.read, result.created) == (DONE, 2, 2)
    acme, best = records(workspace, "client")
    assert (acme["phone"], acme["revenue"]) == ("+79162041183", Decimal("1200.50"))
    assert acme["responsible"] == best["responsible"]
    assert title(workspace, "staff", acme["responsible"]) == "Ann Lee"
    assert one(workspace, "reference", name="Brand new")["book"] == "client_status"
    assert result.others == {"staff": 1, "reference": 1}


def test_further_numbers_become_contacts(workspace: Workspace, file: Path) -> None:
    write_csv(
        file,
        ["Name", "Work phone", "Mobile", "E-mail"],
        ["Acme", "8 495 123-45-67, 8 495 123-45-68", "89162041183", "a@b.ru; c@d.ru"],
    )

    bring_in(workspace, file, "client")

    client = one(workspace, "client", name="Acme")
    assert (client["phone"], client["email"]) == ("+74951234567", "a@b.ru")
    contacts = {(c["value"], c["kind"], c["main"]) for c in records(workspace, "channel")}
    assert contacts == {
        ("+74951234567", "phone", True),
        ("+74951234568", "phone", False),
        ("+79162041183", "phone", False),
        ("a@b.ru", "email", True),
        ("c@d.ru", "email", False),
    }


def test_a_row_may_carry_a_client_and_its_people(workspace: Workspace, file: Path) -> None:
    write_csv(
        file,
        ["Client", "Contact person", "Job title", "City"],
        ["Acme", "Ivanov Ivan", "Head", "Omsk"],
        ["ACME", "Petrova Anna", "", ""],
        ["Best", "", "", "Perm"],
    )

    result = bring_in(workspace, file, "client")

    assert (result.created, result.updated, result.others) == (2, 1, {"person": 2})
    acme = one(workspace, "client", name="Acme")
    people = {p["name"]: p["client"] for p in records(workspace, "person")}
    assert people == {"Ivanov Ivan": acme["id"], "Petrova Anna": acme["id"]}
    again = bring_in(workspace, file, "client")
    assert (again.created, again.updated, again.skipped, again.operation) == (0, 0, 3, None)


def test_a_person_brings_its_company_with_a_tax_number(workspace: Workspace, file: Path) -> None:
    write_csv(file, ["FIO", "Firm", "INN"], ["Ann Lee", "Acme", "7707083893"],
              ["Bob Lee", "acme", "7707083893"])  # fmt: skip
    mapping = {"FIO": "name", "Firm": "client", "INN": "client.tax_id"}

    result = bring_in(workspace, file, "person", mapping)

    assert (result.created, result.others) == (2, {"client": 1})
    assert one(workspace, "client", tax_id="7707083893")["name"] == "Acme"
    assert {p["client"] for p in records(workspace, "person")} == {
        one(workspace, "client", name="Acme")["id"]
    }


@pytest.mark.parametrize(
    ("on_match", "counts", "city"),
    [("skip", (1, 0, 1), "Omsk"), ("update", (1, 1, 0), "Perm"), ("create", (2, 0, 0), "Omsk")],
)
def test_matching_rows_are_skipped_updated_or_made_again(
    workspace: Workspace, file: Path, on_match: str, counts: tuple[int, int, int], city: str
) -> None:
    workspace.records.create("client", {"name": "Acme", "tax_id": "7707083893", "city": "Omsk"})
    write_csv(file, ["Name", "INN", "City"], ["Acme Ltd", "7707083893", "Perm"], ["New", "", ""])
    mapping = {
        "columns": [{"from": n, "to": t} for n, t in
                    (("Name", "name"), ("INN", "tax_id"), ("City", "city"))],
        "match": ["tax_id"], "on_match": on_match,
    }  # fmt: skip

    result = bring_in(workspace, file, "client", mapping)

    assert (result.created, result.updated, result.skipped) == counts
    assert records(workspace, "client")[0]["city"] == city


@pytest.mark.parametrize("typed", ["8 (916) 204-11-83", "79162041183", "+7 916 204 11 83"])
def test_a_telephone_matches_by_its_digits_in_any_contact(
    workspace: Workspace, file: Path, typed: str
) -> None:
    id_ = workspace.records.create("client", {"name": "Acme", "phone": "+74951234567"}).ids[0]
    more = {"owner": Ref("client", id_), "value": "+79162041183", "kind": "phone"}
    workspace.records.create("channel", more)
    write_csv(file, ["Title", "Tel"], ["Acme New", typed])

    mapping = {"columns": [{"from": "Title", "to": "name"}, {"from": "Tel", "to": "phone"}],
               "match": ["phone"], "on_match": "update"}  # fmt: skip
    result = bring_in(workspace, file, "client", mapping)

    assert (result.created, result.updated) == (0, 1)
    client = one(workspace, "client", name="Acme New")
    assert client["phone"] == "+79162041183"
    assert len(records(workspace, "channel")) == 2


def test_an_update_adds_numbers_and_loses_none(workspace: Workspace, file: Path) -> None:
    workspace.records.create("client", {"name": "Acme", "phone": "+74951234567"})
    write_csv(file, ["Name", "Phone"], ["Acme", "+79162041183"])

    columns = [{"from": "Name", "to": "name"}, {"from": "Phone", "to": "phone"}]
    mapping = {"columns": columns, "match": ["name"], "on_match": "update"}
    bring_in(workspace, file, "client", mapping)

    assert one(workspace, "client", name="Acme")["phone"] == "+79162041183"
    mains = {c["value"]: c["main"] for c in records(workspace, "channel")}
    assert mains == {"+74951234567": False, "+79162041183": True}


def test_rows_of_one_file_match_each_other_over_blocks(workspace: Workspace, file: Path) -> None:
    write_csv(file, ["Name", "E-mail", "City"], ["A", "a@b.ru", "Omsk"], ["B", "", ""],
              ["C", "", ""], ["A again", "A@b.ru", "Perm"])  # fmt: skip
    columns = [{"from": n, "to": t} for n, t in (("Name", "name"), ("E-mail", "email"),
                                                 ("City", "city"))]  # fmt: skip
    mapping = {"columns": columns, "match": ["email"], "on_match": "update"}
    wanted = order_of(workspace, file, "client", mapping)

    tested = Importer(workspace, block=2).test_run(wanted)
    result = Importer(workspace, block=2).run(wanted)

    assert (tested.created, tested.updated) == (result.created, result.updated) == (3, 1)
    assert one(workspace, "client", name="A again")["city"] == "Perm"


def test_an_empty_cell_wipes_only_when_asked(workspace: Workspace, file: Path) -> None:
    workspace.records.create("client", {"name": "Acme", "city": "Omsk", "phone": "+79162041183"})
    write_csv(file, ["Name", "City", "Phone"], ["Acme", "", ""])
    columns = [{"from": n, "to": n.lower()} for n in ("Name", "City", "Phone")]
    mapping = {"columns": columns, "match": ["name"], "on_match": "update"}

    kept = bring_in(workspace, file, "client", mapping)
    assert (kept.updated, kept.skipped) == (0, 1)
    wiped = bring_in(workspace, file, "client", {**mapping, "empty_wipes": True})

    assert wiped.updated == 1
    client = one(workspace, "client", name="Acme")
    assert (client["city"], client["phone"]) == (None, None)


def test_bad_cells_refuse_their_row_with_a_reason(workspace: Workspace, file: Path) -> None:
    write_csv(
        file,
        ["Name", "E-mail", "Phone", "Employees"],
        ["Good", "a@b.ru", "+79162041183", "5"],
        ["Bad mail", "nonsense", "no", "many"],
        ["", "x@y.ru", "", ""],
        ["x" * 300, "", "", ""],
        ["#N/A", "", "", ""],
    )
    rejects = file.with_name("rejects.xlsx")

    result = bring_in(workspace, file, "client", rejects=rejects)

    assert (result.read, result.created, result.rejected) == (5, 1, 4)
    assert {(r.row, r.field, r.label) for r in result.rejects} == {
        (3, "email", "E-mail"), (3, "phone", "Telephone"), (3, "employees", "Employees"),
        (4, "name", "Name"), (5, "name", "Name"), (6, "name", "Name"),
    }  # fmt: skip
    corrected = bring_in(workspace, rejects, "client")
    assert (corrected.read, corrected.created, corrected.rejected) == (4, 0, 4)


def test_a_refused_row_leaves_no_linked_record(workspace: Workspace, file: Path) -> None:
    write_csv(file, ["Name", "Manager"], ["", "Nobody Known"], ["Acme", "Ann Lee"])

    bring_in(workspace, file, "client")

    names = {person["name"] for person in records(workspace, "staff")}
    assert "Ann Lee" in names
    assert "Nobody Known" not in names


def test_a_name_that_may_not_be_made_or_is_not_clear_is_refused(
    workspace: Workspace, file: Path
) -> None:
    for _i in range(2):
        workspace.records.create("client", {"name": "Twin"})
    write_csv(file, ["Name", "Company"], ["Ann", "Twin"], ["Bob", "Unknown"])
    mapping = {"columns": [{"from": "Name", "to": "name"},
                           {"from": "Company", "to": "client", "create": False}]}  # fmt: skip

    result = bring_in(workspace, file, "person", mapping)

    assert result.rejected == 2
    assert "several" in result.rejects[0].reason
    assert "not found" in result.rejects[1].reason


def test_a_test_run_writes_nothing(workspace: Workspace, file: Path) -> None:
    write_csv(file, ["Name", "Manager"], ["Acme", "Ann Lee"], ["", ""], ["Best", "Ann Lee"])
    before = [operation.id for operation in workspace.operations.last()]

    result = Importer(workspace).test_run(order_of(workspace, file, "client"))

    assert (result.state, result.created, result.others) == (TESTED, 2, {"staff": 1})
    assert records(workspace, "client") == []
    assert [operation.id for operation in workspace.operations.last()] == before


@pytest.mark.parametrize(("wish", "state", "left"), [(STOP_AND_KEEP, KEPT, 4),
                                                     (STOP_AND_UNDO, UNDONE, 0)])  # fmt: skip
def test_stopping_keeps_or_undoes_what_is_in(
    workspace: Workspace, file: Path, wish: str, state: str, left: int
) -> None:
    write_csv(file, ["Name", "Phone"], *([f"Client {i}", f"+7916204{i:04}"] for i in range(10)))
    seen: list[int] = []

    def stop() -> str:
        return wish if len(seen) == 2 else ""

    wanted = order_of(workspace, file, "client")
    result = Importer(workspace, block=2).run(
        wanted, stop=stop, progress=lambda told: seen.append(told.read)
    )

    assert (result.state, seen) == (state, [2, 4])
    assert len(records(workspace, "client")) == left
    assert not workspace.operations.running()


def test_the_whole_import_is_undone_updated_rows_included(workspace: Workspace, file: Path) -> None:
    workspace.records.create("client", {"name": "Acme", "city": "Omsk", "phone": "+74951234567"})
    before = [records(workspace, key) for key in ("client", "channel", "staff")]
    write_csv(file, ["Name", "City", "Phone", "Manager"], ["Acme", "Perm", "+79162041183", "Ann"],
              ["Best", "Tver", "+79162041184", "Ann"])  # fmt: skip
    columns = [{"from": n, "to": t} for n, t in (("Name", "name"), ("City", "city"),
               ("Phone", "phone"), ("Manager", "responsible"))]  # fmt: skip
    result = bring_in(workspace, file, "client",
                      {"columns": columns, "match": ["name"], "on_match": "update"})  # fmt: skip
    assert (result.created, result.updated) == (1, 1)

    assert result.operation is not None
    workspace.undo.undo(result.operation)

    assert [records(workspace, key) for key in ("client", "channel", "staff")] == before


def test_values_of_every_kind_are_read_from_text(workspace: Workspace, file: Path) -> None:
    workspace.constructor.add_object({
        "key": "contract", "label": "Contract", "fields": [
            {"key": "number", "type": "text", "label": "Number", "required": True},
            {"key": "signed", "type": "date", "label": "Signed"},
            {"key": "paid", "type": "bool", "label": "Paid"},
            {"key": "weight", "type": "decimal", "label": "Weight", "places": 3},
            {"key": "stage", "type": "choice", "label": "Stage", "choices": ["Draft", "Final"]},
            {"key": "tags", "type": "multi_choice", "label": "Tags", "choices": ["Red", "Blue"]},
            {"key": "client", "type": "link", "label": "Client", "target": "client",
             "parent": True, "create": True},
        ]})  # fmt: skip
    write_csv(file, ["Number", "Signed", "Paid", "Weight", "Stage", "Tags", "Client"],
              ["0012", "31.12.2025", "yes", "1,234", "Final", "Blue, Red", "Acme"],
              ["13", "2025-02-01", "", "2", "", "", ""],
              ["14", "5", "", "", "", "", ""])  # fmt: skip

    result = bring_in(workspace, file, "x_contract")

    assert (result.created, result.rejected) == (2, 1)
    first = records(workspace, "x_contract")[0]
    assert (first["number"], str(first["signed"]), first["paid"]) == ("0012", "2025-12-31", True)
    assert (first["weight"], first["stage"], first["tags"]) == (
        Decimal("1.234"), "final", ("red", "blue"),
    )  # fmt: skip
    assert first["client"] == one(workspace, "client", name="Acme")["id"]


def test_a_mapping_of_unknown_columns_or_fields_says_so(workspace: Workspace, file: Path) -> None:
    write_csv(file, ["Name"], ["Acme"])

    with pytest.raises(NotFound, match="no column “Nam”"):
        bring_in(workspace, file, "client", {"Nam": "name"})
    with pytest.raises(NotFound, match="no field “nothing”"):
        bring_in(workspace, file, "client", {"Name": "nothing"})
    with pytest.raises(InvalidInput, match="No column"):
        bring_in(workspace, file, "client", {"columns": [{"from": [], "to": "city",
                                                          "default": "Omsk"}]})  # fmt: skip
