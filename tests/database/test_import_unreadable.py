"""Values of a file that cannot be read: their rows are refused, or come in without them."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_desktop.i18n import _
from crm_desktop.services.importing import importer, worker
from crm_desktop.services.importing.importer import Importer
from crm_desktop.services.workspace import Workspace
from tests.import_desk import bring_in, one, order_of, records, title, workspace, write_csv

__all__ = ["workspace"]

ROWS = (
    ("ФИО", "Телефон", "Дата рождения", "Почта"),
    ("Ким Ян", "8 916 204-11-83", "31.02.1990", "kim@example.org"),
    ("Ли Анна", "никакой 1", "12.03.1985", "нет@"),
    ("Цой Пётр", "", "", ""),
    ("", "8 916 204-11-84", "", ""),
)


def test_the_row_is_refused_and_the_result_says_that_it_need_not_be(
    workspace: Workspace, tmp_path: Path
) -> None:
    result = bring_in(workspace, write_csv(tmp_path / "a.csv", *ROWS), "person")

    assert (result.created, result.rejected, result.sparable) == (1, 3, 2)


@pytest.mark.parametrize("long", [1, 10_000])
def test_the_row_comes_in_without_them_if_that_is_wished(
    workspace: Workspace, tmp_path: Path, long: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "LONG_BYTES", long)  # read here, or by a process of its own
    file = write_csv(tmp_path / "a.csv", *ROWS)
    mapping = order_of(workspace, file, "person").mapping.with_options(unreadable="leave_out")

    tested = Importer(workspace).test_run(order_of(workspace, file, "person", mapping))
    result = bring_in(workspace, file, "person", mapping)

    for told in (tested, result):
        assert (told.created, told.rejected, told.left_out, told.sparable) == (3, 1, 3, 0)
    assert [(r.row, r.field) for r in result.rejects][:3] == [
        (2, "birthday"), (3, "phone"), (3, "email"),
    ]  # fmt: skip
    kim = one(workspace, "person", name="Ким Ян")
    assert (kim["birthday"], kim["email"], kim["phone"]) == (
        None, "kim@example.org", "+79162041183",
    )  # fmt: skip
    workspace.undo.undo(result.operation or 0)
    assert not records(workspace, "person")


def test_the_process_of_the_window_is_told_what_to_leave_out(
    workspace: Workspace, base_url: str, tmp_path: Path
) -> None:
    card = tmp_path / "a.vcf"
    card.write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Ким Ян\nTEL:никакой 1\nEND:VCARD\n", "utf-8")
    wanted = order_of(workspace, card, "person")
    assert worker.order_from_json(workspace, worker.order_to_json(wanted)).forgiving

    result = worker.bring_in(workspace, base_url, wanted, worker.Watch())

    assert (result.created, result.rejected, result.left_out) == (1, 0, 1)


DAYS = (
    ("ФИО", "Дата рождения"),
    ("Ким Ян", "15.05"),
    ("Ли Анна", "29 февраля"),
    ("Цой Пётр", "12.03.1985"),
    ("Пак Ольга", "сегодня"),
    ("Тен Вера", "1.2.90"),
)


def test_a_birthday_without_its_year_comes_round_every_year(
    workspace: Workspace, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "a.csv", *DAYS)

    result = bring_in(workspace, file, "person")

    assert (result.created, result.rejected, result.others) == (4, 1, {"annual_date": 2})
    days = records(workspace, "annual_date")
    owners = [title(workspace, "person", day["owner"].id) for day in days]
    assert [(o, d["day"]) for o, d in zip(owners, days, strict=True)] == [
        ("Ким Ян", 5150000), ("Ли Анна", 2290000),
    ]  # fmt: skip
    assert {day["occasion"] for day in days} == {_("Birthday")}
    assert str(one(workspace, "person", name="Тен Вера")["birthday"]) == "1990-02-01"


def test_it_is_kept_once(workspace: Workspace, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", *DAYS[:3])
    again = write_csv(tmp_path / "b.csv", *DAYS[:2], ("Цой Пётр", "16.06"))
    known = order_of(workspace, file, "person").mapping.with_options(
        match=("name",), on_match="update"
    )
    workspace.records.create("person", {"name": "Цой Пётр"})

    bring_in(workspace, file, "person", known)
    result = bring_in(workspace, again, "person", known)

    assert (result.created, result.updated, result.skipped) == (0, 1, 1)
    assert [day["day"] for day in records(workspace, "annual_date")] == [5150000, 2290000, 6160000]
    workspace.undo.undo(result.operation or 0)
    assert len(records(workspace, "annual_date")) == 2
