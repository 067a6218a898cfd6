"""Rows below or between the records of a sheet that add up or sign it: they are no records.

Only a row that begins with a word for a sum and holds nothing but figures behind it is one: a firm
may well be called Total. A lone cell is one if it says who made the sheet, or announces a sum.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from crm_desktop.i18n import _
from crm_desktop.models.text.normalise import norm
from crm_desktop.services.importing.readers.base import Cell, is_blank

_WORDS = frozenset(
    ("итого", "итог", "всего", "итого всего", "всего итого", "общий итог", "промежуточный итог",
     "подытог", "total", "totals", "grand total", "subtotal", "sub total", "sum total")
)  # fmt: skip
_BEGINNINGS = ("итого ", "всего ", "total for ", "total of ", "subtotal ")
_FIRST_LETTERS = {word[:2] for word in (*_WORDS, *_BEGINNINGS)}  # asked of every row: kept cheap
_FOOTERS = _FIRST_LETTERS | {
    word[:2] for word in ("исполнитель", "составил", "сформировал", "подготовил",
    "напечатал", "проверил", "утвердил", "ответственный", "дата", "примечание", "prepared",
    "compiled", "checked", "approved", "exported", "generated", "date", "signature", "note")
}  # fmt: skip
_LONE_SUMS = frozenset(("итого", "всего", "общий итог", "подытог", "grand total", "subtotal"))
_SIGNED = re.compile(
    r"(?:исполнитель|исп|составил[аи]?|составитель|подготовил[аи]?|сформировал[аи]?|напечатал[аи]?"
    r"|проверил[аи]?|утвердил[аи]?|согласовано|ответственн(?:ый|ая)|дата (?:составления|печати"
    r"|формирования|выгрузки)|примечани[ея]|notes?"
    r"|(?:prepared|compiled|printed|checked|approved|exported|generated) "
    r"(?:by|on|at)|date printed|exported|подпись|signature)\.?\s*:",
    re.IGNORECASE,
)
_LINE = "___"  # to be signed by hand
_FIGURE = re.compile(r"[-−(]?\s*[$€£₽]?\s*\d[\d\s.,'’]*\)?(?:\s*[^\W\d_]+\.?|\s*[%$€£₽])?")


def no_record(cells: Sequence[Cell]) -> str:
    """Why the row is no record, as a sentence; empty where it may be one."""
    if is_total(cells):
        return _("The row adds up others: it is no record")
    return _("The row belongs below the table: it is no record") if is_footer(cells) else ""


def is_total(cells: Sequence[Cell]) -> bool:
    """Whether the row adds up others."""
    for place, cell in enumerate(cells):
        if cell is None or cell == "":
            continue
        if not isinstance(cell, str) or cell[:2].lower() not in _FIRST_LETTERS:
            return False
        return _is_sum(cell) and _are_figures(cells[place + 1 :])
    return False


def is_footer(cells: Sequence[Cell]) -> bool:
    """Whether all that the row holds is a word below a table: who made it, or a sum to come."""
    found = ""
    for cell in cells:
        if cell is None or cell == "":
            continue
        if found or not isinstance(cell, str):
            return False
        if cell[:2].lower() not in _FOOTERS and _LINE not in cell:
            return False
        found = cell
    return bool(found) and _stands_below(found.strip())


def _stands_below(text: str) -> bool:
    if _SIGNED.match(text) or _LINE in text:
        return True
    said = norm(text).strip(" .:=-—–")
    head, colon, rest = text.rpartition(":")
    counted = bool(colon) and _is_sum(head) and bool(_FIGURE.fullmatch(rest.strip()))
    return counted or said in _LONE_SUMS or (text.endswith(":") and _is_sum(text))


def _is_sum(text: str) -> bool:
    said = norm(text).strip(" .:=-—–")
    return said in _WORDS or said.startswith(_BEGINNINGS)


def _are_figures(cells: Sequence[Cell]) -> bool:
    filled = [cell for cell in cells if not is_blank(cell)]
    return bool(filled) and all(map(_is_figure, filled))


def _is_figure(cell: Cell) -> bool:
    if isinstance(cell, str):
        return bool(_FIGURE.fullmatch(cell.strip()))
    return isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)
