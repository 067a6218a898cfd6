"""Sole traders and private persons of a file come in as such, unless the file says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_desktop.services.importing import importer
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base
from tests.import_desk import bring_in, one, records, write_csv

HEAD = ("Название", "ИНН", "Вид")
ROWS = (
    ("ООО Ромашка", "7707083893", ""),
    ("ИП Иванов И. И.", "", ""),
    ("Петрова Анна Сергеевна", "500100732259", ""),
    ("ИП Сидоров", "", "Company"),
)
KINDS = ["company", "sole_trader", "person", "company"]


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


def kinds(workspace: Workspace) -> list[str]:
    return [one["kind"] for one in records(workspace, "client")]


@pytest.mark.parametrize("long", [1, 10_000])
def test_the_name_and_the_number_say_what_a_new_client_is(
    workspace: Workspace, tmp_path: Path, long: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "LONG_BYTES", long)  # read here, or by a process of its own
    bring_in(workspace, write_csv(tmp_path / "a.csv", HEAD, *ROWS), "client")

    assert kinds(workspace) == KINDS


def test_a_known_client_stays_what_it_is(workspace: Workspace, tmp_path: Path) -> None:
    workspace.records.create("client", {"name": "ИП Зорин", "kind": "company"})
    plan = {"columns": [{"from": "Название", "to": "name"}, {"from": "ИНН", "to": "tax_id"}],
            "match": ["name"], "on_match": "update"}  # fmt: skip

    bring_in(workspace, write_csv(tmp_path / "a.csv", HEAD, ("ИП Зорин", "500100732259", "")),
             "client", plan)  # fmt: skip

    assert kinds(workspace) == ["company"]


def test_a_company_made_of_its_name_alone_has_its_kind(
    workspace: Workspace, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "a.csv", ("ФИО", "Компания"), ("Ким Ян", "ИП Ким"))

    bring_in(workspace, file, "person")

    assert one(workspace, "client", name="ИП Ким")["kind"] == "sole_trader"
