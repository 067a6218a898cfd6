"""Files as people really keep them: what they mean comes in, what is broken is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.services.importing.command import run_import_command
from crm_desktop.services.workspace import Workspace
from tests.import_desk import bring_in, records, workspace

__all__ = ["workspace"]

HEAD = "Компания;Телефоны;Почта;ИНН;Сотрудников"


def written(tmp_path: Path, *lines: str, encoding: str = "utf-8", name: str = "list.csv") -> Path:
    path = tmp_path / name
    path.write_bytes("\r\n".join((*lines, "")).encode(encoding))
    return path


def phones_of(workspace: Workspace) -> list[str]:
    return sorted(row["value"] for row in records(workspace, "channel") if row["kind"] == "phone")


@pytest.mark.parametrize("encoding", ["koi8-r", "utf-16", "cp866", "cp1251", "mac-cyrillic"])
def test_old_encodings_are_known(workspace: Workspace, tmp_path: Path, encoding: str) -> None:
    lines = ("Компания;Город;Примечание", "ООО Ромашка;Омск;Первая строка", "ИП Ёлкин;Пермь;Ещё")
    file = written(tmp_path, *lines, encoding=encoding)

    bring_in(workspace, file, "client")

    found = sorted((c["name"], c["city"]) for c in records(workspace, "client"))
    assert found == [("ИП Ёлкин", "Пермь"), ("ООО Ромашка", "Омск")]


def test_several_numbers_in_one_cell(workspace: Workspace, tmp_path: Path) -> None:
    file = written(
        tmp_path, HEAD, "А;8 (495) 123-45-67 доб. 12, 8-916-204-11-83;;;",
        "Б;+7 (916) 204-11-86/87;;;", "В;\"тел./факс: (495) 1234568; моб. 89162041184 (Иван)\";;;",
    )  # fmt: skip

    result = bring_in(workspace, file, "client")

    assert result.rejected == 0
    assert phones_of(workspace) == [
        "+74951234567;ext=12", "+74951234568", "+79162041183", "+79162041184", "+79162041186",
        "+79162041187",
    ]  # fmt: skip


@pytest.mark.parametrize("nothing", ["-", "—", "нет", "Н/Д", "не указан", "null", "..."])
def test_a_word_for_nothing_is_nothing(workspace: Workspace, tmp_path: Path, nothing: str) -> None:
    file = written(tmp_path, HEAD, f"А;{nothing};{nothing};;{nothing}", "Б;89162041183;a@b.ru;;5")

    result = bring_in(workspace, file, "client")

    assert (result.created, result.rejected) == (2, 0), result.rejects
    empty = next(c for c in records(workspace, "client") if c["name"] == "А")
    assert (empty["phone"], empty["email"], empty["employees"]) == (None, None, None)


def test_a_number_that_a_spreadsheet_cut_short_is_refused(
    workspace: Workspace, tmp_path: Path
) -> None:
    file = written(tmp_path, HEAD, "А;;;7,70E+09;'15", "Б;;;'0707083893;'15")

    result = bring_in(workspace, file, "client")

    assert [(r.row, r.field) for r in result.rejects] == [(2, "tax_id")]
    (client,) = records(workspace, "client")
    assert (client["tax_id"], client["employees"]) == ("0707083893", 15)


def test_cells_between_single_quotation_marks(workspace: Workspace, tmp_path: Path) -> None:
    lines = ("Компания,Город,Примечание", "Лютик,'Омск, центр','говорят \"да\"'",
             "Пион,'Пермь, юг','так, себе'")  # fmt: skip

    bring_in(workspace, written(tmp_path, *lines), "client")

    assert sorted(c["city"] for c in records(workspace, "client")) == ["Омск, центр", "Пермь, юг"]


def test_a_foreign_id_is_not_our_number(workspace: Workspace, tmp_path: Path) -> None:
    file = written(tmp_path, "id;name", "A-17;Lily", "A-18;Rose")

    result = bring_in(workspace, file, "client")

    assert (result.created, result.rejected) == (2, 0), result.rejects


def test_a_birthday_without_its_year_goes_into_the_note(
    workspace: Workspace, tmp_path: Path
) -> None:
    file = written(
        tmp_path, "BEGIN:VCARD", "VERSION:4.0", "FN:Анна", "BDAY:--0201", "TEL:+79162041183",
        "TEL;PREF=1;VALUE=uri:tel:+7-916-204-11-85;ext=12", "END:VCARD", name="anna.vcf",
    )  # fmt: skip

    bring_in(workspace, file, "person")

    (anna,) = records(workspace, "person")
    assert (anna["birthday"], anna["note"]) == (None, "Birthday: 01.02")
    assert anna["phone"] == "+79162041185;ext=12"


def test_a_card_with_one_bad_number_comes_in_without_it(
    workspace: Workspace, tmp_path: Path
) -> None:
    file = written(
        tmp_path, "BEGIN:VCARD", "VERSION:3.0", "FN:Anna", "TEL:12", "TEL:+79162041183",
        "TEL:+79162041185", "EMAIL:anna@mail.ru", "END:VCARD", "BEGIN:VCARD", "VERSION:3.0",
        "FN:Boris", "TEL:+79162041187", "END:VCARD", name="two.vcf",
    )  # fmt: skip

    value = run_import_command(workspace, {"file": str(file), "into": "person"})

    assert (value["created"], value["rejected"], value["left_out"]) == (2, 0, 1)
    assert [(one["row"], one["value"]) for one in value["rejects"]] == [(1, "12")]
    anna = next(p for p in records(workspace, "person") if p["email"])
    assert (anna["phone"], anna["email"]) == ("+79162041183", "anna@mail.ru")
    assert len(records(workspace, "channel")) == 4


def test_a_row_of_a_sheet_with_a_bad_number_waits_to_be_mended(
    workspace: Workspace, tmp_path: Path
) -> None:
    file = written(tmp_path, "Name,Telephone", "Lily,12")

    value = run_import_command(workspace, {"file": str(file), "into": "client"})

    assert (value["created"], value["rejected"], value["left_out"]) == (0, 1, 0)


def test_a_file_in_which_nothing_is_known_says_what_it_has(
    workspace: Workspace, tmp_path: Path
) -> None:
    file = written(tmp_path, "qwe;rty", "11;22")

    with pytest.raises(InvalidInput) as error:
        run_import_command(workspace, {"file": str(file), "into": "client"})

    assert "list.csv" in error.value.message and "qwe, rty" in error.value.message


def test_nine_thousand_columns_are_read_in_time(workspace: Workspace, tmp_path: Path) -> None:
    names = ";".join(["Компания", *(f"column{i}x" for i in range(9000))])
    file = written(tmp_path, names, ";".join(["Лютик", *["x"] * 9000]))

    result = bring_in(workspace, file, "client")

    assert (result.created, records(workspace, "client")[0]["name"]) == (1, "Лютик")


def test_sums_below_the_table_are_no_clients(workspace: Workspace, tmp_path: Path) -> None:
    file = written(
        tmp_path, "№;Компания;Выручка", "1;ООО Альфа;1 000", "2;Итого-Сервис;200", ";Всего:;1 200",
        "Итого;2 клиента;1 200,00",
    )  # fmt: skip

    result = bring_in(workspace, file, "client")

    assert sorted(c["name"] for c in records(workspace, "client")) == ["Итого-Сервис", "ООО Альфа"]
    assert [r.row for r in result.rejects] == [4, 5]
    assert "adds up others" in result.rejects[0].reason


def test_who_made_the_sheet_is_no_client(workspace: Workspace, tmp_path: Path) -> None:
    file = written(
        tmp_path, "Компания;Телефон", "ООО Альфа;84957803215", "Всего;", "Исполнитель: Иванов;"
    )

    result = bring_in(workspace, file, "client")

    assert [c["name"] for c in records(workspace, "client")] == ["ООО Альфа"]
    assert [r.row for r in result.rejects] == [3, 4]
    assert "below the table" in result.rejects[1].reason


def test_an_address_of_no_site_is_named_and_not_lost(workspace: Workspace, tmp_path: Path) -> None:
    file = written(tmp_path, "Компания;Сайт", "А;alpha.ru", "Б;а.ру и б.ру", "В;нет")

    result = bring_in(workspace, file, "client")

    webs = {c["name"]: c["web"] for c in records(workspace, "client")}
    assert webs == {"А": "https://alpha.ru", "В": None}
    assert [(r.row, r.value) for r in result.rejects] == [(3, "а.ру и б.ру")]


def test_the_word_for_a_tax_number_is_no_part_of_it(workspace: Workspace, tmp_path: Path) -> None:
    file = written(tmp_path, "Компания;ИНН", "А;ИНН 7707083893", "Б;ИНН: 500100732259")

    bring_in(workspace, file, "client")

    found = sorted(str(c["tax_id"]) for c in records(workspace, "client"))
    assert found == ["500100732259", "7707083893"]


def test_addresses_parted_by_a_stroke(workspace: Workspace, tmp_path: Path) -> None:
    file = written(tmp_path, HEAD, "А;;a@b.com/c@d.com;;", "Б;84957803215,12;;;")

    assert bring_in(workspace, file, "client").rejected == 0

    found = sorted(row["value"] for row in records(workspace, "channel"))
    assert found == ["+74957803215;ext=12", "a@b.com", "c@d.com"]


def test_words_beside_a_number_are_kept_with_it(workspace: Workspace, tmp_path: Path) -> None:
    cell = '"8 (495) 123-45-67 доб. 12, спросить Анну; 8-916-204-11-83 (Пётр)"'
    file = written(tmp_path, HEAD, f"А;{cell};;;", "Б;8 916 204 11 84 Света;;;")

    result = bring_in(workspace, file, "client")

    found = {row["value"]: (row["note"], row["main"]) for row in records(workspace, "channel")}
    assert found == {
        "+74951234567;ext=12": ("спросить Анну", True), "+79162041183": ("Пётр", False),
        "+79162041184": ("Света", True),
    }  # fmt: skip
    assert [c["phone"] for c in records(workspace, "client")] == [
        "+74951234567;ext=12", "+79162041184",
    ]  # fmt: skip
    again = written(tmp_path, HEAD, 'А;"8 916 204 11 83; 8 916 204 11 85 Пётр зам";;;')
    mapping = {"columns": [{"from": "Компания", "to": "name"}, {"from": "Телефоны", "to": "phone"}],
               "match": ["name"], "on_match": "update"}  # fmt: skip
    second = bring_in(workspace, again, "client", mapping)
    notes = {row["value"]: row["note"] for row in records(workspace, "channel")}
    assert (notes["+79162041183"], notes["+79162041185"]) == ("Пётр", "Пётр зам")

    for done in (second, result):
        workspace.undo.undo(done.operation or 0)
    assert not records(workspace, "channel") and not records(workspace, "client")


def test_zeros_and_digits_that_a_spreadsheet_took_come_back_or_are_missed(
    workspace: Workspace, tmp_path: Path
) -> None:
    file = written(
        tmp_path, "Компания;Телефон;ИНН;КПП", "А;7,9162041183E+10;0277046615;27701001",
        "Б;7,91620E+10;7707083893,0;", "В;;7707083893,0;",
    )  # fmt: skip

    result = bring_in(workspace, file, "client")

    assert [(r.row, r.field) for r in result.rejects] == [(3, "phone")]
    assert "cut short" in result.rejects[0].reason
    found = {c["name"]: (c["phone"], c["tax_id"]) for c in records(workspace, "client")}
    assert found == {"А": ("+79162041183", "0277046615"), "В": (None, "7707083893")}
    (details,) = (one for one in records(workspace, "legal_details") if one["kpp"])
    assert details["kpp"] == "027701001"


def test_rows_about_one_client_complete_it(workspace: Workspace, tmp_path: Path) -> None:
    file = written(
        tmp_path, "Компания;Город;Фамилия;Имя;Почта", "Лик;;Ким;Анна;a@lik.ru",
        "Лик;Омск;Ли;Борис;b@lik.ru", "Лик;Пермь;;;",
    )  # fmt: skip

    result = bring_in(workspace, file, "client")

    assert (result.created, result.updated, result.skipped) == (1, 1, 1)
    (client,) = records(workspace, "client")
    assert (client["city"], client["email"]) == ("Омск", None)
    people = {p["last_name"]: p["email"] for p in records(workspace, "person")}
    assert people == {"Ким": "a@lik.ru", "Ли": "b@lik.ru"}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("Наименование;ООО Лик", "ИНН;7707083893", "Телефон;84951234567"), "transposed"),
        (("Компания;Телефон",), "no row of data"),
    ],
)
def test_what_is_no_table_of_rows_is_said(
    workspace: Workspace, tmp_path: Path, lines: tuple[str, ...], said: str
) -> None:
    with pytest.raises(InvalidInput) as error:
        run_import_command(workspace, {"file": str(written(tmp_path, *lines)), "into": "client"})

    assert said in error.value.message and "list.csv" in error.value.message
    assert not records(workspace, "client")
