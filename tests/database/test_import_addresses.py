"""Addresses of cards and of address books stand beside the client or the person."""

from __future__ import annotations

from pathlib import Path

from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.workspace import Workspace
from tests.import_desk import bring_in, one, order_of, records, workspace, write_csv

__all__ = ["workspace"]

CARDS = """BEGIN:VCARD
VERSION:3.0
N:Кузнецов;Павел;;;
FN:Павел Кузнецов
BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-09
ADR;TYPE=WORK:;оф. 12;ул. Тверская\\, 7;Москва;;125009;Россия
ADR;TYPE=HOME:;;;Омск;Омская обл.;;Россия
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Без адреса
END:VCARD
"""


def test_all_addresses_of_a_card_come_in(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "a.vcf"
    file.write_text(CARDS.replace("\n", "\r\n"), encoding="utf-8")

    result = bring_in(workspace, file, "person")

    assert (result.created, result.rejected, result.left_out) == (2, 0, 0), result.rejects
    assert result.others["postal_address"] == 2
    work = one(workspace, "postal_address", kind="office")
    assert (work["line"], work["city"], work["postcode"], work["country"]) == (
        "ул. Тверская, 7, оф. 12", "Москва", "125009", "Россия",
    )  # fmt: skip
    home = one(workspace, "postal_address", kind="other")
    assert (home["line"], home["city"]) == ("Омск, Омская обл., Россия", "Омск")
    assert one(workspace, "person", last_name="Кузнецов")["birthday"] is None
    assert one(workspace, "annual_date")["day"] == 5_09_0000
    assert check_base(workspace).problems == []

    workspace.undo.undo(result.operation or 0)
    assert not any(records(workspace, key) for key in ("person", "postal_address"))


def test_an_address_book_of_another_program(workspace: Workspace, tmp_path: Path) -> None:
    head = ("First Name", "Last Name", "Business Street", "Business City", "Business Postal Code",
            "Business Country/Region", "Home City", "Categories")  # fmt: skip
    row = ("Ann", "Lee", "1 Main St", "Springfield", "62701", "USA", "", "* myContacts ::: * VIP")
    file = write_csv(tmp_path / "a.csv", head, row)

    proposed = {t.columns[0]: t.field for t in order_of(workspace, file, "person").mapping.targets}
    bring_in(workspace, file, "person")

    assert "Home City" not in proposed
    address = one(workspace, "postal_address", line="1 Main St")
    assert (address["postcode"], address["country"]) == ("62701", "USA")
    assert one(workspace, "person", last_name="Lee")["tags"] == "VIP"
