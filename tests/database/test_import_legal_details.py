"""KPP, OGRN, account and BIK in the row of a client: they become its legal details and account."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_desktop.services.importing.importer import Importer
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base
from tests.import_desk import bring_in, one, order_of, records, write_csv

HEAD = ("Наименование", "ИНН", "КПП", "ОГРН", "Р/с", "БИК", "Банк", "Корр. счет")
ROMASHKA = ("ООО Ромашка", "7707083893", "770701001", "1027700132195", "40702810780000000000",
            "044525225", "ПАО Сбербанк", "30101810400000000225")  # fmt: skip
SHCHUKIN = ("ИП Щукин А. Б.", "500100732259", "", "", "40802810780000000010", "044525225", "", "")
TARGETS = {
    "Наименование": "name", "ИНН": "tax_id", "КПП": "legal_details.kpp",
    "ОГРН": "legal_details.ogrn", "Р/с": "bank_account.account", "БИК": "bank_account.bik",
    "Банк": "bank_account.bank_name", "Корр. счет": "bank_account.correspondent",
}  # fmt: skip


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="ru")
    yield made
    made.close()


def test_they_are_proposed_and_come_in(workspace: Workspace, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", HEAD, ROMASHKA, SHCHUKIN, ("ООО Пусто", *[""] * 7))
    wanted = order_of(workspace, file, "client")
    proposed = {target.columns[0]: target.field for target in wanted.mapping.targets}
    assert proposed == TARGETS

    tested = Importer(workspace).test_run(wanted)
    result = bring_in(workspace, file, "client")

    for told in (tested, result):
        assert (told.created, told.rejected, told.left_out) == (3, 0, 0), told.rejects
        assert told.others == {"legal_details": 2, "bank_account": 2}
    details = one(workspace, "legal_details", kpp="770701001")
    assert (details["inn"], details["ogrn"], details["short_name"], details["preset"]) == (
        "7707083893", "1027700132195", "ООО Ромашка", "ru_company",
    )  # fmt: skip
    account = one(workspace, "bank_account", account="40702810780000000000")
    assert (account["details"], account["bik"], account["bank_name"]) == (
        details["id"], "044525225", "ПАО Сбербанк",
    )  # fmt: skip
    trader = one(workspace, "legal_details", inn="500100732259")
    assert (trader["preset"], trader["kpp"]) == ("ru_sole_trader", None)
    assert check_base(workspace).problems == []

    workspace.undo.undo(result.operation or 0)
    assert not any(records(workspace, key) for key in ("client", "legal_details", "bank_account"))
    assert check_base(workspace).problems == []


def test_what_is_wrong_with_them_keeps_no_client_out(workspace: Workspace, tmp_path: Path) -> None:
    file = write_csv(
        tmp_path / "a.csv", HEAD,
        ("ООО Плохой ИНН", "7707083890", "770701001", "", "", "", "", ""),
        ("ООО Плохой КПП", "7707083893", "77", "", "", "", "", ""),
        ("ООО Плохой счёт", "", "", "", "40702810080000000000", "044525225", "", ""),
        ("ООО Только БИК", "", "", "", "", "044525225", "", ""),
    )  # fmt: skip

    tested = Importer(workspace).test_run(order_of(workspace, file, "client"))
    result = bring_in(workspace, file, "client")

    for told in (tested, result):
        assert (told.created, told.rejected, told.left_out) == (4, 0, 4)
        assert [(one.row, one.field) for one in told.rejects] == [
            (2, "legal_details.inn"), (3, "legal_details.kpp"), (4, "bank_account.account"),
            (5, "bank_account.account"),
        ]  # fmt: skip
    assert one(workspace, "client", name="ООО Плохой ИНН")["tax_id"] == "7707083890"
    assert not records(workspace, "legal_details") and not records(workspace, "bank_account")


def test_known_clients_keep_one_set_and_get_what_is_new(
    workspace: Workspace, tmp_path: Path
) -> None:
    bring_in(workspace, write_csv(tmp_path / "a.csv", HEAD, ROMASHKA), "client")
    second = (*ROMASHKA[:2], "", "", "40702810480000000012", "044525225", "", "")
    file = write_csv(tmp_path / "b.csv", HEAD, (*ROMASHKA[:2], "770801001", *ROMASHKA[3:]), second)
    mapping = order_of(workspace, file, "client").mapping.with_options(match=("tax_id",))

    skipped = bring_in(workspace, file, "client", mapping)
    assert (skipped.skipped, len(records(workspace, "bank_account"))) == (2, 1)
    assert one(workspace, "legal_details")["kpp"] == "770701001"
    updated = bring_in(workspace, file, "client", mapping.with_options(on_match="update"))

    assert (updated.created, updated.updated, updated.rejected) == (0, 2, 0), updated.rejects
    assert one(workspace, "legal_details")["kpp"] == "770801001"
    assert len(records(workspace, "bank_account")) == 2
    again = bring_in(workspace, file, "client", mapping.with_options(on_match="update"))
    assert (again.skipped, len(records(workspace, "bank_account"))) == (2, 2)

    workspace.undo.undo(updated.operation or 0)
    assert one(workspace, "legal_details")["kpp"] == "770701001"


def test_clients_of_one_name_stay_apart(workspace: Workspace, tmp_path: Path) -> None:
    file = write_csv(
        tmp_path / "a.csv", HEAD, ("Ромашка", "7707083893", "770701001", *[""] * 5),
        ("Ромашка", "7736050003", "772801001", *[""] * 5),
    )  # fmt: skip

    assert bring_in(workspace, file, "client").created == 2
    assert [d["inn"] for d in records(workspace, "legal_details")] == ["7707083893", "7736050003"]


def test_a_person_brings_a_passport(workspace: Workspace, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", ("ФИО", "Паспорт"), ("Петров Иван", "4509 123456"))

    assert bring_in(workspace, file, "person").others == {"legal_details": 1}
    details = one(workspace, "legal_details")
    assert (details["preset"], details["passport"]) == ("person", "4509 123456")


def test_tax_number_and_kpp_in_one_column_are_taken_apart(
    workspace: Workspace, tmp_path: Path
) -> None:
    file = write_csv(
        tmp_path / "a.csv", ("Название", "ИНН/КПП"), ("ООО Ромашка", "7707083893/770701001"),
        ("ИП Щукин", "500100732259/"), ("ООО Бета", "7736050003 / 772801001"),
        ("ООО Гамма", "7702070139"),
    )  # fmt: skip

    result = bring_in(workspace, file, "client")

    assert (result.created, result.rejected, result.left_out) == (4, 0, 0)
    assert [client["tax_id"] for client in records(workspace, "client")] == [
        "7707083893", "500100732259", "7736050003", "7702070139",
    ]  # fmt: skip
    details = records(workspace, "legal_details")
    assert [one["kpp"] for one in details] == ["770701001", "772801001"]


@pytest.mark.parametrize("block", [2, 5000])
def test_further_accounts_stand_in_the_rows_below(
    workspace: Workspace, tmp_path: Path, block: int
) -> None:
    below = ("", "", "", "", "40702810000000074935", "044525974", "АО ТБанк", "")
    wrong = ("", "", "", "", "40702810000000074936", "044525974", "", "")
    file = write_csv(tmp_path / "a.csv", HEAD, ROMASHKA, below, wrong, below, SHCHUKIN)

    result = bring_in(workspace, file, "client", block=block)

    assert (result.created, result.rejected, result.left_out) == (2, 0, 1)
    details = one(workspace, "legal_details", kpp="770701001")
    accounts = {r["account"]: r["main"] for r in records(workspace, "bank_account")
                if r["details"] == details["id"]}  # fmt: skip
    assert accounts == {"40702810780000000000": True, "40702810000000074935": False}
    assert len(records(workspace, "legal_details")) == 2
    assert check_base(workspace).problems == []
    workspace.undo.undo(result.operation or 0)
    assert not any(records(workspace, key) for key in ("client", "legal_details", "bank_account"))
