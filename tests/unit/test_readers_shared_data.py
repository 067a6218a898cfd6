"""Every real file of the shared folder that holds a table gives the figures computed for it."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crm_desktop.errors import FileProblem
from crm_desktop.services.importing.readers.base import Cell, Percent, Row
from crm_desktop.services.importing.readers.header import guess_header
from crm_desktop.services.importing.readers.opening import open_source
from crm_desktop.services.importing.readers.vcard import cards
from tests.foreign_files import SHARED, needs_shared

pytestmark = needs_shared

# (file, sheet): hidden, filled rows, columns, texts, numbers, dates, yes/no, sum of the numbers
WORKBOOKS = {
    ("1904DateWindowing.xls", "Sheet1"): (False, 1, 2, 0, 0, 2, 0, 0),
    ("29942.xls", "Sheet1"): (False, 85, 64, 4516, 840, 0, 0, 4452),
    ("49423.xls", "Sheet1"): (False, 107, 21, 1203, 392, 0, 0, 125417204.175),
    ("59746_NoRowNums.xlsx", "Features"): (False, 71, 11, 263, 252, 0, 56, 10649828.1318),
    ("DateFormatTests.xlsx", "Flags"): (False, 4, 3, 10, 0, 0, 0, 0),
    ("DateFormatTests.xlsx", "Tests"): (False, 46, 4, 139, 0, 45, 0, 0),
    ("InlineStrings.xlsx", "Sheet1"): (False, 7, 4, 16, 12, 0, 0, 308),
    ("InlineStrings.xlsx", "Sheet2"): (False, 0, 0, 0, 0, 0, 0, 0),
    ("SampleSS.ods", "First Sheet"): (False, 3, 2, 4, 0, 0, 0, 0),
    ("SampleSS.ods", "Sheet Number 2"): (False, 5, 4, 7, 4, 0, 0, 26),
    ("SampleSS.ods", "Sheet3"): (False, 0, 0, 0, 0, 0, 0, 0),
    ("SampleSS.xlsx", "First Sheet"): (False, 3, 2, 4, 0, 0, 0, 0),
    ("SampleSS.xlsx", "Sheet Number 2"): (False, 5, 4, 7, 4, 0, 0, 26),
    ("StructuredReferences.xlsx", "Formulas"): (False, 3, 1, 2, 1, 0, 0, 209),
    ("StructuredReferences.xlsx", "Table"): (False, 7, 3, 9, 12, 0, 0, 238),
    ("TwoSheetsOneHidden.xlsx", "Sheet1"): (True, 1, 1, 1, 0, 0, 0, 0),
    ("TwoSheetsOneHidden.xlsx", "Sheet2"): (False, 1, 1, 1, 0, 0, 0, 0),
    ("bad_dimensions.xlsx", "Sheet1"): (False, 4, 3, 6, 5, 0, 0, 20001.0377),
    ("blankworkbook.xls", "Sheet1"): (False, 0, 0, 0, 0, 0, 0, 0),
    ("dates.xls", "Tablib Dataset"): (False, 2, 1, 1, 0, 1, 0, 0),
    ("merged-cells.xls", "Лист1"): (False, 1, 1, 1, 0, 0, 0, 0),
    ("multiline-headers.xlsx", "Лист1"): (False, 4, 4, 10, 0, 0, 0, 0),
    ("sheets.xlsx", "Sheet1"): (False, 2, 2, 3, 1, 0, 0, 1),
    ("sheets.xlsx", "Sheet3"): (False, 2, 2, 3, 1, 0, 0, 3),
    ("testEXCEL_95.xls", "Feuil1"): (False, 18, 5, 5, 41, 0, 0, 1454720.37),
}
# file: encoding, separator, filled rows, columns, beginning of the first and of the last row
DELIMITED = {
    "spreadsheets/blank-rows.csv": ("utf-8", ",", 3, 3, "id name age", "1102 Julie 26"),
    "spreadsheets/bom.csv": ("utf-8-sig", ",", 3, 2, "id name", "2 中国人"),
    "spreadsheets/csvkit-bad.csv": (
        "utf-8", ",", 4, 4, "column_a column_b column_c", "0 mixed types.... uh oh 17",
    ),
    "spreadsheets/csvkit-mac_newlines.csv": ("utf-8", ",", 3, 3, "a b c", "Once upon\ra time 5 6"),
    "spreadsheets/csvkit-null_byte.csv": ("utf-8", ",", 2, 3, "a b c", "None 2 3"),
    "spreadsheets/csvkit-test_locale.csv": ("utf-8", ",", 2, 3, "a b c", "1,7 200.000.000 None"),
    "spreadsheets/csvkit-test_utf16_little.csv": ("utf-16", ",", 3, 3, "a b c", "4 5 ʤ"),
    "spreadsheets/defective-rows.csv": (
        "utf-8", ",", 3, 4, "id name age", "1102 Julie 26 Potatoes",
    ),
    "spreadsheets/derived-bik-cp1251-semicolon.csv": (
        "cp1251", ";", 1433, 25, "bic namep", '047501830 ФИЛИАЛ "ЧЕЛЯБИНСКИЙ" АО "ОТП БАНК" RU 75',
    ),
    "spreadsheets/duplicate-headers.csv": (
        "utf-8", ",", 3, 5, "id name id age id", "1102 Julie 0 26 001102",
    ),
    "spreadsheets/escaping.csv": ("utf-8", ",", 4, 2, "ID  Test", '3  "Test \\" line 3"'),
    "spreadsheets/issue-1138.csv": (
        "utf-8", ";", 8, 3, "Zeit [MEZ] Wasserstand Status", "15.07.2013 142 qualitätsgesichert",
    ),
    "spreadsheets/latin1.csv": ("cp1252", ",", 3, 2, "id name", "2 ©"),
    "spreadsheets/leading-zeros.csv": ("utf-8", ",", 4, 1, "value", "00003"),
    "spreadsheets/table-infer-iso-8859-7.csv": (
        "iso8859-7", ",", 5, 3, "id age name", "4 28 Ευστοργιος",
    ),
    "spreadsheets/table-with-accents.csv": (
        "cp1252", ";", 639, 8, "Classement Quartier Date Année", "All Midi-Lemonnier 01-10-17 2017",
    ),
    "spreadsheets/wide.csv": ("utf-8", ",", 4, 9074, "id 100022", "id3 TRUE TRUE TRUE FALSE TRUE"),
    "spreadsheets/Таблица.csv": ("utf-8", ",", 3, 2, "id name", "2 中国人"),
    "crm-sales/bik/bik.csv": ("utf-8", ",", 1433, 25, "bic namep", "047501830 ФИЛИАЛ"),
    "crm-sales/contacts/thunderbird-basic_csv_addressbook.csv": (
        "utf-8", ",", 3, 37, "First Name Last Name Display Name", "Jane Doe Jane Doe",
    ),
    "crm-sales/contacts/thunderbird-csv_semicolon.csv": (
        "utf-8", ";", 3, 4, "Display Name First Name", "Jane Doe Jane Doe jane@doe.invalid",
    ),
    "crm-sales/ks_1033_items.csv": (
        "utf-8", ",", 1576, 14, "state county fips nsn", "KS WYANDOTTE 20209 8465-01-524-5250",
    ),
    "crm-sales/maven-crm/accounts.csv": (
        "utf-8", ",", 86, 7, "account sector year_established", "Zumgoity medical 1984 441.08",
    ),
    "crm-sales/maven-crm/products.csv": ("utf-8", ",", 8, 3, "product series", "GTK 500 GTK 26768"),
    "crm-sales/maven-crm/sales_pipeline.csv": (
        "utf-8", ",", 8801, 8, "opportunity_id sales_agent", "8I5ONXJX Versie Hillebrand",
    ),
    "crm-sales/maven-crm/sales_teams.csv": (
        "utf-8", ",", 36, 3, "sales_agent manager", "Carl Lin Summer Sewald West",
    ),
}  # fmt: skip
# file: cards, versions, phones, e-mails, addresses, pictures, first ten names
CARDS = {
    "John_Doe_ANDROID.vcf": (
        6, "2.1", 9, 5, 0, 1, ["", "", "Ñ Ñ Ñ Ñ Ñ", "Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ", "Ñ Ñ Ñ Ñ", "ÑÑÑÑ"],
    ),
    "John_Doe_GMAIL.vcf": (1, "3.0", 2, 1, 1, 0, ["Mr. John Richter, James Doe Sr."]),
    "John_Doe_LOTUS_NOTES.vcf": (1, "3.0", 2, 2, 1, 1, ["Mr. Doe John I Johny"]),
    "John_Doe_MS_OUTLOOK.vcf": (1, "2.1", 2, 1, 2, 1, ["Mr. John Richter James Doe Sr."]),
    "calcard-001-v21-labels.vcf": (1, "2.1", 2, 1, 2, 1, ["Forrest Gump"]),
    "calcard-006-v30-agent.vcf": (1, "3.0", 3, 2, 1, 1, ["John Doe"]),
    "calcard-009-android-qp-cyrillic.vcf": (
        10, "2.1", 5, 4, 2, 0,
        ["Mäx Mustermann", "Test X-Mobil", "John Doe얁", "гор ЗаорсЁкі xyz і", "XXXXXXXXXX",
         "Max Mustermann", "N Only", "Only FN", "The Dollar$", "Hola Test"],
    ),
    "calcard-051-nextcloud.vcf": (1, "3.0", 4, 2, 2, 0, ["First Last NextCloud"]),
    "calcard-059-v21-many-empty.vcf": (1, "2.1", 4, 1, 1, 0, ["AAA Our Fax"]),
    "calcard-066-v30-all-labels.vcf": (1, "3.0", 9, 4, 2, 0, ["John Doe"]),
    "calcard-074-odd.vcf": (1, "", 0, 2, 0, 0, [""]),
    "fullcontact.vcf": (1, "4.0", 9, 5, 4, 3, ["Prefix FirstName MiddleName LastName Suffix"]),
    "gmail-list.vcf": (3, "3.0", 0, 3, 0, 0, ["Arnold Smith", "Chris Beatle", "Doug White"]),
    "issue114.vcf": (1, "4.0", 2, 1, 1, 0, ["Dummy, Dummy"]),
    "outlook-2003.vcf": (1, "2.1", 4, 1, 1, 0, ["John Doe III"]),
    "vobject-vcard_with_groups.vcf": (1, "3.0", 1, 1, 0, 0, ["Meister Berger"]),
}  # fmt: skip
BANKS = "crm-sales/bik/ed807-sample-1.xml"
REFUSED = {
    "spreadsheets/empty.csv": "is empty",
    "spreadsheets/fuzz-5025401116950528.xlsx": "is damaged",
    "spreadsheets/password.xls": "protected with a password",
    "spreadsheets/protected_passtika.xlsx": "protected with a password",
    "spreadsheets/poc-xmlbomb.xlsx": "was not opened",
}


def rows_of(name: str, sheet: str | int = 0) -> list[Row]:
    with open_source(SHARED / name) as source:
        return list(source.sheet(sheet).rows())


def records_of(name: str) -> list[dict[str, Cell]]:
    with open_source(SHARED / name) as source:
        sheet = source.sheet(0)
        header = guess_header(sheet)
        rows = sheet.rows(start=header.first_data_row)
        return [dict(zip(header.names, row.cells, strict=False)) for row in rows]


def is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float | Percent) and not isinstance(cell, bool)


def kept(cell: Cell) -> Any:
    """The number as the workbook keeps it."""
    return float(cell / 100) if isinstance(cell, Percent) else cell


@pytest.mark.parametrize(("name", "sheet"), WORKBOOKS, ids=lambda value: str(value))
def test_workbook_gives_the_figures(name: str, sheet: str) -> None:
    hidden, rows, columns, texts, numbers, dates, flags, total = WORKBOOKS[name, sheet]
    with open_source(SHARED / "spreadsheets" / name) as source:
        info = next(info for info in source.sheets if info.name == sheet)
        found = list(source.sheet(sheet).rows())
    cells = [cell for row in found for cell in row.cells]
    assert (info.hidden, len(found), info.columns) == (hidden, rows, columns)
    assert sum(isinstance(cell, str) for cell in cells) == texts
    assert sum(map(is_number, cells)) == numbers
    assert sum(isinstance(cell, date) for cell in cells) == dates
    assert sum(isinstance(cell, bool) for cell in cells) == flags
    assert sum(map(kept, filter(is_number, cells))) == pytest.approx(total, abs=0.0001)


@pytest.mark.parametrize("name", DELIMITED)
def test_delimited_text_gives_the_figures(name: str) -> None:
    encoding, delimiter, rows, columns, first, last = DELIMITED[name]
    with open_source(SHARED / name) as source:
        found = list(source.sheet(0).rows())
        assert (source.options.encoding, source.options.delimiter) == (encoding, delimiter)
        assert (len(found), source.sheets[0].columns) == (rows, columns)
    assert " ".join(map(str, found[0].cells)).startswith(first)
    assert " ".join(map(str, found[-1].cells)).startswith(last)


@pytest.mark.parametrize("name", CARDS)
def test_cards_give_the_figures(name: str) -> None:
    count, version, phones, emails, addresses, pictures, names = CARDS[name]
    found = list(cards(SHARED / "vcard" / name))

    def seen(*properties: str) -> int:
        return sum(card.counts.get(item, 0) for card in found for item in properties)

    assert (len(found), {card.version for card in found}) == (count, {version})
    assert (seen("TEL"), seen("EMAIL"), seen("ADR")) == (phones, emails, addresses)
    assert seen("PHOTO", "LOGO") == pictures
    assert [card.name for card in found][:10] == names


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_table_gets_a_sentence_that_names_the_file(name: str) -> None:
    with pytest.raises(FileProblem) as caught:
        open_source(SHARED / name)
    assert Path(name).name in caught.value.message
    assert REFUSED[name] in caught.value.message


def test_the_message_with_banks_gives_the_figures() -> None:
    banks = records_of(BANKS)

    assert [(bank["bic"], bank["namep"], bank["account"]) for bank in banks] == [
        ("044525974", "АО «Т-Банк»", "30101810145250000974"),
        ("044525225", "ПАО СБЕРБАНК", "30101810400000000225"),
        ("000000001", "Закрытый", "30101810100000000001"),
        ("000000002", "Без к/с", None),
    ]


def test_no_file_of_tables_is_left_out() -> None:
    listed = {*DELIMITED, *REFUSED, "crm-sales/bik/bik.json", BANKS}
    listed |= {f"spreadsheets/{name}" for name, _sheet in WORKBOOKS}
    listed |= {f"vcard/{name}" for name in CARDS}
    there = {
        str(path.relative_to(SHARED))
        for folder in ("spreadsheets", "crm-sales", "vcard")
        for path in (SHARED / folder).rglob("*.*")
        if path.suffix != ".md"
    }
    assert there == listed


def test_header_of_the_price_list_is_in_row_ten() -> None:
    with open_source(SHARED / "spreadsheets/49423.xls") as source:
        header = guess_header(source.sheet(0))
        goods = list(source.sheet(0).rows(start=header.first_data_row))
    assert (header.row, header.first_data_row, len(goods)) == (10, 11, 98)
    assert header.names[1] == "Категория"
    price, isbn = header.names.index("Цена (руб.)"), header.names.index("CISBN")
    prices = [row.cells[price] for row in goods]
    assert sum(prices) == pytest.approx(15566.175)  # type: ignore[arg-type]
    assert sum(row.cells[isbn] is not None for row in goods) == 83


def test_header_over_five_merged_rows_is_joined() -> None:
    with open_source(SHARED / "spreadsheets/multiline-headers.xlsx") as source:
        header = guess_header(source.sheet(0))
    impact = "Cumulative impact of changes on cost of food basket"
    assert header.row == 5
    assert header.names == (
        "Region", "Caloric contribution (%)", f"{impact} from previous quarter",
        f"{impact} from baseline (%)",
    )  # fmt: skip


def test_both_date_windows_of_1904_give_the_same_day() -> None:
    assert rows_of("spreadsheets/1904DateWindowing.xls")[0].cells == (date(2000, 1, 1),) * 2


def test_banks_keep_their_leading_zeros_in_every_format() -> None:
    names = ("crm-sales/bik/bik.csv", "spreadsheets/derived-bik-cp1251-semicolon.csv")
    plain, excel = (records_of(name) for name in names)
    with open_source(SHARED / "crm-sales/bik/bik.json") as source:
        sheet = source.sheet(0)
        objects = [dict(zip(sheet.names or (), row.cells, strict=True)) for row in sheet.rows()]
    assert plain == excel == objects
    codes = [str(record["bic"]) for record in plain]
    assert (len(plain), len(set(codes))) == (1432, 1432)
    assert sum(code.startswith("0") for code in codes) == 1320
    assert sum(record["swbic"] is not None for record in plain) == 291
    assert sum('"' in str(record["namep"]) for record in plain) == 867


def test_deals_add_up() -> None:
    deals = records_of("crm-sales/maven-crm/sales_pipeline.csv")
    stages = Counter(deal["deal_stage"] for deal in deals)
    assert stages == {"Won": 4238, "Engaging": 1589, "Lost": 2473, "Prospecting": 500}
    assert sum(int(str(deal["close_value"] or 0)) for deal in deals) == 10005534
    assert sum(deal["account"] is None for deal in deals) == 1425


def test_exact_duplicates_are_all_there() -> None:
    rows = [row.cells for row in rows_of("crm-sales/ks_1033_items.csv")]
    assert len(rows) - len(set(rows)) == 1187


def test_cells_of_the_widest_file_are_all_there() -> None:
    with (SHARED / "spreadsheets/wide.csv").open(newline="") as file:
        expected = [tuple(cell or None for cell in record) for record in csv.reader(file)]
    assert [row.cells for row in rows_of("spreadsheets/wide.csv")] == expected
