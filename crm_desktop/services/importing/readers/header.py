"""Which row holds the names of the columns, and what the columns are called.

A header stands above rows that look alike, names most of their columns, and looks unlike them:
labels are text, are not repeated below, and are no dates, numbers or addresses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from crm_desktop.i18n import _
from crm_desktop.models.text.firms import legal_form
from crm_desktop.services.importing.readers.base import (
    Cell,
    CellError,
    Merge,
    Row,
    Sheet,
    is_blank,
)
from crm_desktop.services.importing.readers.limits import SAMPLE_ROWS
from crm_desktop.services.importing.readers.merges import filled

LOW = 0.2  # the confidence of names by letter: ask the person
_LOOKED_BELOW = 60
_LONGEST_LABEL = 120
_DEEPEST_HEADER = 8
_ENOUGH = 0.4
_TABLE = 3  # columns; two cells side by side may be a remark over the table
_YEARS = range(1990, 2051)
_FILLED_SHARE = 0.6
_DIVIDED = re.compile(r"(?<=[^\W\d_])(?:-|\u00ad)[ \t]*\r?\n(?=[a-zа-яё])")
_SHAPES = (
    ("date", re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{1,4}(?:[ T]\d{1,2}:\d{2}.*)?")),
    ("number", re.compile(r"[-+(]?\s*\d[\d\s\u00a0.,']*\)?\s*[%₽€$]?")),
    ("address", re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+|https?://\S+|www\.\S+", re.IGNORECASE)),
    ("phone", re.compile(r"\+?\d[\d\s\u00a0()\-]{5,}")),
    ("flag", re.compile(r"true|false|yes|no|да|нет|истина|ложь", re.IGNORECASE)),
)
# Words that columns of customer lists are headed with; parts of words, in English and Russian.
_LABEL_WORDS = re.compile(
    r"\b(?:id|name|phone|e-?mail|address|city|country|date|company|organi[sz]ation|title|website|"
    r"url|note|comment|status|type|price|amount|sum|total|qty|quantity|code|zip|number|no|"
    r"category|account|first|last|product|value|age)\b"
    r"|имя|фамили|отчеств|фио|телефон|почт|адрес|город|страна|область|дата|организац|компани|"
    r"контрагент|клиент|наименован|назван|инн\b|кпп\b|огрн|бик\b|сайт|примечан|комментар|статус|"
    r"тип\b|вид\b|цена|сумма|стоимость|кол-?во|количеств|артикул|код\b|индекс|номер|№|менеджер|"
    r"ответствен|категори|должност|дата",
    re.IGNORECASE,
)


class Header(NamedTuple):
    """`row`: the number of its last row, 0 if there is none. `names`: one a column, all different.

    `first_data_row`: where the records begin. `confidence`: 0 to 1; below 0.4 ask the person.
    """

    row: int
    names: tuple[str, ...]
    first_data_row: int
    confidence: float


def guess_header(sheet: Sheet) -> Header:
    """The header of the sheet; without one the columns are named by letter."""
    rows = list(sheet.rows(limit=SAMPLE_ROWS))
    if sheet.names is not None:
        return Header(0, unique(sheet.names), rows[0].number if rows else 1, 1.0)
    if not rows:
        return Header(0, (), 1, 0.0)
    rows = _with_merges(rows, sheet.merged)
    best = _best(rows[:_LOOKED_BELOW], sheet.merged)
    if best is None:
        return _by_letter(sheet, rows)
    place, confidence = best
    top, bottom = _block(rows, place, sheet.merged)
    names = _joined(rows[top : bottom + 1], sheet.columns)
    following = rows[bottom + 1].number if bottom + 1 < len(rows) else rows[bottom].number + 1
    return Header(rows[bottom].number, unique(names), following, confidence)


def header_at(sheet: Sheet, number: int) -> Header:
    """The header that a person has chosen: the row of this number, 0 for none."""
    if number < 1:
        return _by_letter(sheet, list(sheet.rows(limit=1)))
    rows = _with_merges(list(sheet.rows(limit=number)), sheet.merged)
    chosen = [row for row in rows if row.number == number]
    return Header(number, unique(_joined(chosen, sheet.columns)), number + 1, 1.0)


def unique(names: Sequence[str]) -> tuple[str, ...]:
    """The names made different: `id`, `id (2)`; one without letters is `Column 3`."""
    taken: set[str] = set()
    result = []
    given = {name.casefold() for name in names}
    for place, name in enumerate(names, 1):
        base = name or _("Column {number}").format(number=place)
        chosen, count = base, 1
        while chosen.casefold() in taken or (count > 1 and chosen.casefold() in given):
            count += 1
            chosen = f"{base} ({count})"
        taken.add(chosen.casefold())
        result.append(chosen)
    return tuple(result)


def is_nameless(name: str, place: int) -> bool:
    """Whether a column, counted from 0, was called by its place for want of a heading."""
    return name == _("Column {number}").format(number=place + 1)


def letter(column: int) -> str:
    """The letters that a spreadsheet gives a column, counted from 0: A, Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def shape(cell: Cell) -> str:
    """What a cell looks like, text included: number, date, address, phone, flag, text or ''."""
    if is_blank(cell):
        return ""
    if isinstance(cell, bool):
        return "flag"
    if isinstance(cell, int | float | Decimal):
        return "number"
    if isinstance(cell, date | time | timedelta):
        return "date"
    if isinstance(cell, CellError):
        return "number"
    text = str(cell).strip()
    return next((name for name, form in _SHAPES if form.fullmatch(text[:80])), "text")


def _by_letter(sheet: Sheet, rows: list[Row]) -> Header:
    names = tuple(letter(sheet.first_column + place) for place in range(sheet.columns))
    return Header(0, names, rows[0].number if rows else 1, LOW)


def _with_merges(rows: list[Row], merges: Sequence[Merge]) -> list[Row]:
    """The rows with merged ranges filled; heads of tables are merged, records hardly ever."""
    shallow = [merge for merge in merges if merge.bottom - merge.top < _DEEPEST_HEADER]
    if not shallow:
        return rows
    return [Row(number, tuple(cells)) for number, cells in filled(rows, shallow)]


def _best(rows: list[Row], merges: Sequence[Merge]) -> tuple[int, float] | None:
    """The first row that may be the header, and how sure that is."""
    for place, row in enumerate(rows):
        labels = _different(row)
        bottom = _reach(row.number, merges)
        below = [other for other in rows[place + 1 :] if other.number > bottom]
        usual = median([_count(other) for other in below[:_LOOKED_BELOW]] or [labels])
        filled = labels if _is_under_merge(row.number, merges) else _count(row)
        if filled < _FILLED_SHARE * usual or (labels < 2 and _is_wider(below)):
            continue  # a title or a remark over the table
        if _heads_labels(rows, place, merges):
            continue  # the names of the columns follow
        confidence = _confidence(row, below)
        if confidence >= _ENOUGH:
            return place, confidence
        return None  # the records begin here, without a header
    return None


def _is_wider(below: Sequence[Row]) -> bool:
    """Whether a table with columns comes, below a row of a single cell."""
    return any(_count(row) >= _TABLE for row in below) or (
        median([_count(row) for row in below[:_LOOKED_BELOW]] or [0]) > 1
    )


def _is_under_merge(number: int, merges: Sequence[Merge]) -> bool:
    """Whether a cell of the row is as wide as several: its text stands in each of them."""
    return any(merge.top <= number <= merge.bottom and merge.right > merge.left for merge in merges)


def _count(row: Row) -> int:
    return sum(not is_blank(cell) for cell in row.cells)


def _confidence(row: Row, below: list[Row]) -> float:
    """From the columns: what speaks for a label over them and what against it."""
    columns = [place for place, cell in enumerate(row.cells) if not is_blank(cell)]
    points = [_label_points(row.cells[i], [r.cells[i] for r in below if i < len(r.cells)])
              for i in columns[:200]]  # fmt: skip
    mean = sum(points) / len(points) if points else 0.0
    texts = [str(row.cells[i]).strip().casefold() for i in columns]
    repeated = 1 - len(set(texts)) / len(texts) if texts else 0.0
    if (not below and mean <= 0) or not any(shape(row.cells[i]) == "text" for i in columns):
        return LOW
    return max(0.0, min(1.0, 0.55 + 0.45 * mean - 0.3 * repeated))


def _label_points(label: Cell, below: list[Cell]) -> float:
    """1: surely the label of these cells; -1: surely one of them."""
    kind = shape(label)
    kinds = [shape(cell) for cell in below if not is_blank(cell)]
    same = kinds.count(kind) / len(kinds) if kinds else 0.0
    if kind != "text":
        if kind == "number" and kinds and (same < 0.1 or _is_year(label, below)):
            return 0.3  # a column called 2024 over sums
        return -1.0 if same >= 0.5 or kind in ("address", "phone", "date") else -0.4
    text = str(label).strip()
    if len(text) > _LONGEST_LABEL:
        return -0.8
    points = 0.7 if kinds and same < 0.5 else 0.0
    if legal_form(text)[0]:
        points -= 0.8  # a firm, not what firms are called by
    if _LABEL_WORDS.search(text):
        points += 0.5
    if any(isinstance(cell, str) and cell.strip() == text for cell in below):
        points -= 0.8
    return max(-1.0, min(1.0, points))


def _is_year(label: Cell, below: list[Cell]) -> bool:
    """Whether the label is a year, and the cells below it are none."""
    years = [cell for cell in below if not is_blank(cell) and _year(cell)]
    return _year(label) and not years


def _year(cell: Cell) -> bool:
    text = str(cell).strip()
    return text.isascii() and text.isdigit() and len(text) == 4 and int(text) in _YEARS


def _block(rows: list[Row], place: int, merges: Sequence[Merge]) -> tuple[int, int]:
    """First and last place of the rows that make up the header."""
    top = bottom = place
    last = _reach(rows[place].number, merges)
    while bottom + 1 < len(rows) and rows[bottom + 1].number <= last:
        bottom += 1
    if bottom == place and _continues(rows, place):
        bottom = place + 1
    if top and rows[top - 1].number == rows[top].number - 1 and _groups(rows[top - 1], merges):
        top -= 1
    return top, bottom


def _reach(first: int, merges: Sequence[Merge]) -> int:
    """The last row of a header from row `first` on: merged ranges belong to it as a whole."""
    last = first
    for merge in sorted(merges):
        if first <= merge.top <= last and merge.bottom - merge.top < _DEEPEST_HEADER:
            last = max(last, merge.bottom)
    return last


def _continues(rows: list[Row], place: int) -> bool:
    """The next row names what this one leaves open, and the records look different."""
    if place + 2 >= len(rows) or rows[place + 1].number != rows[place].number + 1:
        return False
    upper, lower = rows[place].cells, rows[place + 1].cells
    places = range(min(len(upper), len(lower)))
    opened = [i for i in places if is_blank(upper[i]) and not is_blank(lower[i])]
    labels = [i for i in places if not is_blank(lower[i])]
    if not opened or any(shape(lower[i]) != "text" for i in labels):
        return False
    below = [row.cells for row in rows[place + 2 : place + 2 + _LOOKED_BELOW]]
    kinds = [{shape(cells[i]) for cells in below if i < len(cells)} - {""} for i in labels]
    return any(kind and "text" not in kind for kind in kinds)


def _heads_labels(rows: list[Row], place: int, merges: Sequence[Merge]) -> bool:
    """Whether the row only heads groups of the labels in the next one."""
    row = rows[place]
    if place + 2 >= len(rows) or rows[place + 1].number != row.number + 1:
        return False
    labels, following = _different(row), _different(rows[place + 1])
    is_last = _reach(row.number, merges) == row.number
    only_texts = all(shape(cell) in ("text", "") for cell in rows[place + 1].cells)
    return is_last and only_texts and _groups(row, merges) and following > labels


def _different(row: Row) -> int:
    return len({str(cell).strip() for cell in row.cells if not is_blank(cell)})


def _groups(row: Row, merges: Sequence[Merge]) -> bool:
    """A row over the header that heads groups of its columns."""
    wide = [m for m in merges if m.top == m.bottom == row.number and m.right > m.left]
    return any(m.right - m.left + 1 < len(row.cells) for m in wide)


def _label(cell: Cell) -> str:
    """One line of it; a word divided at the end of a line is put together."""
    return " ".join(_DIVIDED.sub("", str(cell)).split())


def _joined(rows: list[Row], columns: int) -> list[str]:
    """One name a column, from the top down, what is repeated said once."""
    names: list[list[str]] = [[] for _place in range(columns)]
    last = len(rows) - 1
    for depth, row in enumerate(rows):
        group = ""
        for place in range(columns):
            cell = row.cells[place] if place < len(row.cells) else None
            text = "" if is_blank(cell) else _label(cell)
            lower = rows[last].cells[place] if place < len(rows[last].cells) else None
            if depth < last and not text and not is_blank(lower):
                text = group  # the label of a group stands over its first column only
            group = text
            if text and text not in names[place]:
                names[place].append(text)
    return [" ".join(parts) for parts in names]
