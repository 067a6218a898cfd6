"""vCard files of every version, whole and broken."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crm_desktop.services.importing.readers.base import Row
from crm_desktop.services.importing.readers.card import EMAIL, MESSENGER, PHONE, URL, Card
from crm_desktop.services.importing.readers.header import guess_header
from crm_desktop.services.importing.readers.opening import open_source
from crm_desktop.services.importing.readers.vcard import cards


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "people.vcf"


def read(file: Path, *lines: str, encoding: str = "utf-8", end: str = "\r\n") -> list[Card]:
    text = end.join(["BEGIN:VCARD", *lines, "END:VCARD", ""])
    file.write_bytes(text.encode(encoding))
    return list(cards(file))


def test_names_and_parts(file: Path) -> None:
    [card] = read(
        file, "VERSION:3.0", "FN:Иванов Иван", "N:Иванов;Иван;Петрович;г-н;мл.",
        "ORG:Ромашка;Отдел;Сектор", "TITLE:Директор", "BDAY:1980-03-22", "NOTE:a\\nb\\, c",
        "CATEGORIES:VIP,Север\\, Юг", "UID:17",
    )  # fmt: skip
    assert (card.last_name, card.first_name, card.middle_name) == ("Иванов", "Иван", "Петрович")
    assert (card.prefix, card.suffix, card.job_title, card.uid) == ("г-н", "мл.", "Директор", "17")
    assert (card.organisation, card.department) == ("Ромашка", "Отдел, Сектор")
    assert (card.birthday, card.note) == (date(1980, 3, 22), "a\nb, c")
    assert card.categories == ("VIP", "Север, Юг")


def test_types_are_told_in_every_way_of_writing(file: Path) -> None:
    [card] = read(
        file, "TEL;WORK;VOICE:1", "TEL;TYPE=home,fax:2", 'TEL;TYPE="cell,text";PREF=1:3',
        "TEL;TYPE=home;TYPE=pref;VALUE=uri:tel:+4", "item1.EMAIL;INTERNET:mailto:a@b.ru",
        "URL:http\\://x.ru", "IMPP;X-SERVICE-TYPE=Skype:skype:me", "X-ICQ:17",
    )  # fmt: skip
    assert [(value.types, value.value) for value in card.of(PHONE)] == [
        (("work", "voice"), "1"), (("home", "fax"), "2"), (("cell", "text", "pref"), "3"),
        (("home", "pref"), "+4"),
    ]  # fmt: skip
    assert [value.value for value in card.of(EMAIL)] == ["a@b.ru"]
    assert [value.value for value in card.of(URL)] == ["http://x.ru"]
    assert [value.value for value in card.of(MESSENGER)] == ["skype:me", "17"]


def test_quoted_printable_russian_with_soft_line_ends(file: Path) -> None:
    code = "".join(f"={byte:02X}" for byte in "Иванов".encode())
    cut = code[:20] + "=\r\n" + code[20:]
    [card] = read(file, "VERSION:2.1", f"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{cut}", "TEL:5")
    assert (card.full_name, card.of(PHONE)[0].value) == ("Иванов", "5")


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r", ""])
def test_old_telephones_write_in_their_own_encodings(file: Path, charset: str) -> None:
    encoding = charset or "windows-1251"
    code = "".join(f"={byte:02X}" for byte in "Сидоров".encode(encoding))
    named = f";CHARSET={charset}" if charset else ""
    [card] = read(file, f"FN{named};QUOTED-PRINTABLE:{code}")
    assert card.full_name == "Сидоров"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1251", "koi8-r"])
def test_the_whole_file_may_be_in_any_encoding(file: Path, encoding: str) -> None:
    [card] = read(file, "FN:Иванов Иван Иванович", "NOTE:Постоянный клиент", encoding=encoding)
    assert (card.full_name, card.note) == ("Иванов Иван Иванович", "Постоянный клиент")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_folded_lines_are_put_together(file: Path, end: str) -> None:
    [card] = read(file, "NOTE:one", "  two", "\tthree", "FN:x", end=end)
    assert (card.note, card.full_name) == ("one twothree", "x")


def test_text_that_should_have_been_folded_stays_with_its_property(file: Path) -> None:
    [card] = read(file, "NOTE:first", "second without a colon", "FN:x")
    assert (card.note, card.full_name) == ("first\nsecond without a colon", "x")


def test_pictures_are_counted_and_left_out(file: Path) -> None:
    picture = ["PHOTO;ENCODING=BASE64;JPEG:AAAA", " BBBB", "CCCC==", ""]
    [card] = read(file, *picture, "PHOTO:https://x.ru/p.png", "LOGO;ENCODING=b:AA", "FN:x")
    assert (card.counts["PHOTO"], card.counts["LOGO"], card.full_name) == (2, 1, "x")


def test_a_card_within_a_card_is_left_out(file: Path) -> None:
    inner = ["BEGIN:VCARD", "FN:Agent", "TEL:1", "END:VCARD"]
    [nested] = read(file, "FN:Boss", "AGENT:", *inner, "TEL:2")
    [folded] = read(file, "FN:Boss", "AGENT:BEGIN:VCARD", *(f" {line}" for line in inner), "TEL:2")
    for card in (nested, folded):
        assert (card.full_name, [value.value for value in card.of(PHONE)]) == ("Boss", ["2"])


def test_a_card_that_is_not_ended_is_kept(file: Path) -> None:
    found = read(file, "FN:One", "BEGIN:VCARD", "FN:Two", "END:VCARD", "BEGIN:VCARD", "FN:Three")
    assert [card.full_name for card in found] == ["One", "Two", "Three"]
    file.write_text("BEGIN:VCARD\nFN:Cut")
    assert [card.full_name for card in cards(file)] == ["Cut"]


def test_empty_properties_are_counted_only(file: Path) -> None:
    [card] = read(file, "TEL;WORK:", "ADR:;;;;;;", "FN:", "N:;;;;", "ORG:;")
    assert (card.values, card.addresses, card.name, card.organisation) == ((), (), "", "")
    assert card.counts == {"TEL": 1, "ADR": 1, "FN": 1, "N": 1, "ORG": 1}


def test_days_that_are_no_whole_dates_stay_text(file: Path) -> None:
    assert read(file, "BDAY:--0415")[0].birthday == "--0415"
    assert read(file, "BDAY:19800322T000000Z")[0].birthday == date(1980, 3, 22)


def test_the_sheet_has_a_row_for_each_card(file: Path) -> None:
    first = "FN:A\nTEL:1\nTEL:2\nADR:;;Street;City;;123;RU\nEND:VCARD\nBEGIN:VCARD"
    read(file, *first.split("\n"), "N:Last;First", "EMAIL:x@y.ru")
    with open_source(file) as source:
        sheet = source.sheet(0)
        header = guess_header(sheet)
        rows = list(sheet.rows(start=header.first_data_row))
    assert header.names == (
        "full_name", "last_name", "first_name", "phone 1", "phone 2", "email 1", "street 1",
        "city 1", "postcode 1", "country 1",
    )  # fmt: skip
    assert sheet.meanings is not None
    assert sheet.meanings[3:6] == ("phone", "phone", "email")
    assert rows == [
        Row(1, ("A", None, None, "1", "2", None, "Street", "City", "123", "RU")),
        Row(2, ("First Last", "Last", "First", None, None, "x@y.ru", None, None, None, None)),
    ]


@pytest.mark.parametrize(
    ("parts", "name"),
    [("Smith;Ann;Mary", "Ann Mary Smith"), ("Иванов;Иван;Петрович", "Иванов Иван Петрович")],
)
def test_a_card_without_a_full_name_takes_its_parts_in_the_order_of_the_letters(
    file: Path, parts: str, name: str
) -> None:
    [card] = read(file, "VERSION:2.1", f"N:{parts};;", "TEL:5")

    assert card.name == name


def test_numbers_come_in_the_order_that_the_card_prefers(file: Path) -> None:
    text = ["BEGIN:VCARD", "VERSION:4.0", "FN:Ann", "TEL:+1", "TEL;PREF=50:+2", "TEL;PREF=2:+3",
            "TEL;TYPE=pref:+4", "END:VCARD", ""]  # fmt: skip
    file.write_text("\n".join(text), encoding="utf-8")

    sheet = open_source(file).sheet(0)
    (row,) = sheet.rows()

    found = dict(zip(guess_header(sheet).names, row.cells, strict=True))
    assert [found[f"phone {n}"] for n in (1, 2, 3, 4)] == ["+4", "+3", "+2", "+1"]
