"""Where the names of the columns stand, and what they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import pytest

from crm_desktop.services.importing.readers.base import Cell, Merge, Sheet
from crm_desktop.services.importing.readers.header import (
    guess_header,
    header_at,
    letter,
    shape,
    unique,
)

PEOPLE = [["Иванов", "Уфа", "+7 916 123-45-67"], ["Петров", "Омск", "8 800 555 35 35"]] * 5


class Table(Sheet):
    """A sheet of given rows, numbered from 1."""

    def __init__(self, rows: Sequence[Sequence[Cell]], merges: Sequence[Merge] = ()) -> None:
        super().__init__("table")
        self._rows, self._merges = rows, tuple(merges)

    @property
    def merged(self) -> tuple[Merge, ...]:
        return self._merges

    def records(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        return iter(enumerate(self._rows, 1))


def test_names_in_the_first_row() -> None:
    header = guess_header(Table([["ФИО", "Город", "Телефон"], *PEOPLE]))
    assert header[:3] == (1, ("ФИО", "Город", "Телефон"), 2)
    assert header.confidence > 0.6


def test_titles_and_remarks_over_the_table_are_passed() -> None:
    title: list[list[Cell]] = [["Клиенты на 01.02.2024"], [], ["Только для служебного пользования"]]
    header = guess_header(Table([*title, ["ФИО", "Город", "Телефон"], *PEOPLE]))
    assert (header.row, header.first_data_row) == (4, 5)


def test_a_long_preamble_of_single_cells_is_passed() -> None:
    above: list[list[Cell]] = [["Отчёт по клиентам"], ["Дата: 20.11.2026"], ["Автор: admin"]]
    rows: list[list[Cell]] = [
        ["Наименование контрагента", "Телефон", "Почта"],
        ["ООО Семь", "84951234567", None],
        ["ООО Восемь", None, None],
    ]
    assert guess_header(Table([*above, *rows])).row == 4


def test_names_that_are_repeated_are_a_header() -> None:
    rows: list[list[Cell]] = [["Клиент", "Телефон", "Телефон", None, "E-mail", "Телефон", "E-mail"],
                              ["ООО Дубль", "84951234567", "84951234568", "x", "a@d.ru",
                               "84951234569", "b@d.ru"]]  # fmt: skip
    assert guess_header(Table(rows)).row == 1


def test_years_are_names_of_columns() -> None:
    header = guess_header(Table([["Клиент", "2024", "2025"], ["ООО Год", "100", "200"]]))
    assert header.names == ("Клиент", "2024", "2025")


def test_a_firm_heads_no_list_of_firms() -> None:
    assert guess_header(Table([["ООО Первая"], ["ООО Вторая"], ["ООО Третья"]])).row == 0


def test_no_names_at_all_gives_letters_and_little_confidence() -> None:
    header = guess_header(Table(PEOPLE))
    assert header.names == ("A", "B", "C")
    assert (header.row, header.first_data_row) == (0, 1)
    assert header.confidence < 0.4


def test_a_title_over_records_without_names_is_passed_too() -> None:
    header = guess_header(Table([["Клиенты"], *PEOPLE]))
    assert (header.row, header.first_data_row, header.confidence < 0.4) == (0, 1, True)


@pytest.mark.parametrize(
    "row",
    [
        ["1", "Иванов", "ivan@example.com"],
        ["Иванов", date(2024, 1, 1), 5],
        ["x", "https://example.com", "12.03.2024"],
    ],
)
def test_a_record_is_no_header(row: list[Cell]) -> None:
    assert guess_header(Table([row] * 4)).row == 0


def test_words_over_numbers_are_a_header_without_known_words() -> None:
    header = guess_header(Table([["foo", "bar"], [1, 2.5], [3, 4.5]]))
    assert header.row == 1


def test_merged_groups_are_joined_with_the_names_below() -> None:
    rows: list[list[Cell]] = [
        ["Клиент", "Контакты", None, "Сумма"],
        [None, "Телефон", "Почта", None],
        ["Ромашка", "8 800 555", "a@b.ru", 5],
        ["Лютик", "8 800 556", "c@d.ru", 6],
    ]
    merges = [Merge(1, 0, 2, 0), Merge(1, 1, 1, 2), Merge(1, 3, 2, 3)]
    expected = ("Клиент", "Контакты Телефон", "Контакты Почта", "Сумма")
    header = guess_header(Table(rows, merges))
    assert (header.row, header.names, header.first_data_row) == (2, expected, 3)
    assert guess_header(Table(rows)).names == expected


def test_a_group_over_the_names_is_joined_too() -> None:
    rows: list[list[Cell]] = [
        [None, None, "Контакты", None], ["Имя", "Город", "Телефон", "Почта"],
        ["А", "Уфа", 1, "a@b.ru"], ["Б", "Омск", 2, "c@d.ru"],
    ]  # fmt: skip
    header = guess_header(Table(rows, [Merge(1, 2, 1, 3)]))
    assert header.names == ("Имя", "Город", "Контакты Телефон", "Контакты Почта")
    assert header.row == 2


def test_a_group_over_each_name_is_no_header_of_a_short_table() -> None:
    rows: list[list[Cell]] = [
        ["Клиент", None, "Контакты", None], ["Название", "ИНН", "Телефон", "Почта"],
        ["ООО А", 7707083893, 83822511111, "a@b.ru"], ["Томск", None, None, None],
        ["Итого: 1", None, None, None],
    ]  # fmt: skip
    header = guess_header(Table(rows, [Merge(1, 0, 1, 1), Merge(1, 2, 1, 3)]))
    assert (header.row, header.names[1]) == (2, "Клиент ИНН")


def test_a_title_merged_over_the_whole_table_is_no_header() -> None:
    rows: list[list[Cell]] = [["Прайс", None, None], ["Код", "Товар", "Цена"], ["001", "Мяч", 5.5]]
    assert guess_header(Table(rows, [Merge(1, 0, 1, 2)])).row == 2


def test_names_are_made_different() -> None:
    assert unique(["id", "ID", "", "id (2)", "id"]) == (
        "id",
        "ID (3)",
        "Column 3",
        "id (2)",
        "id (4)",
    )


def test_words_divided_at_the_end_of_a_line_are_put_together() -> None:
    header = guess_header(Table([["Кате-\nгория", "Кол-во\nстраниц"], ["a", 5], ["b", 6]]))
    assert header.names == ("Категория", "Кол-во страниц")


def test_a_person_may_choose_the_row() -> None:
    table = Table([["x", "y"], ["Имя", "Имя"], ["1", "2"]])
    assert header_at(table, 2) == (2, ("Имя", "Имя (2)"), 3, 1.0)
    assert header_at(table, 0).names == ("A", "B")


def test_an_empty_sheet_has_no_columns() -> None:
    assert guess_header(Table([])) == (0, (), 1, 0.0)


def test_letters_are_those_of_spreadsheets() -> None:
    assert [letter(i) for i in (0, 25, 26, 701, 702, 16_383)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]


@pytest.mark.parametrize(
    ("cell", "kind"),
    [("5,5", "number"), ("1 000 ₽", "number"), ("01.02.24", "date"), ("a@b.ru", "address"),
     ("+7 (916) 1", "phone"), (True, "flag"), ("слово", "text"), (" ", ""), (5, "number")],
)  # fmt: skip
def test_shapes_of_cells(cell: Cell, kind: str) -> None:
    assert shape(cell) == kind
