"""What the cells of a column look like, whatever the column is called: shares of a sample."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from crm_desktop.models.text.contacts import normalise_email, normalise_url
from crm_desktop.models.text.firms import client_kind, legal_form
from crm_desktop.models.text.phones import parse_phone, split_phones
from crm_desktop.models.text.tax import normalise_inn
from crm_desktop.services.importing.convert import cell_text
from crm_desktop.services.importing.nothing import says_nothing
from crm_desktop.services.importing.readers.base import Cell, is_blank
from crm_desktop.services.importing.readers.header import shape

ENOUGH = 0.6
MOST_LOOKED_AT = 200
_BETWEEN = re.compile(r"(?<!\s)\s*(?:[,;]|:::)\s*")
_AS_ABROAD = re.compile(r"(?:\+?\d{1,3}[ .-]?)?\(?\d{2,5}\)[ .-]?\d{2,4}(?:[ .-]\d{2,4}){1,2}")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_ADDRESS = re.compile(
    r"\b(?:ул|улица|пр-кт|проспект|пер|переулок|д|дом|корп|стр|оф|офис|наб|шоссе|street|st|road|rd|"
    r"avenue|ave|lane|drive)\b\.?",
    re.IGNORECASE,
)


class Shares(NamedTuple):
    """Which part of the filled cells is what, 0 to 1; `filled` counts them."""

    filled: int = 0
    email: float = 0.0
    phone: float = 0.0
    url: float = 0.0
    tax: float = 0.0
    date: float = 0.0
    number: float = 0.0
    firm: float = 0.0
    people: float = 0.0
    address: float = 0.0
    text: float = 0.0
    distinct: float = 0.0


@dataclass(frozen=True)
class _Test:
    name: str
    holds: Callable[[Cell, str], bool]


def _is_email(_cell: Cell, text: str) -> bool:
    return "@" in text and normalise_email(_BETWEEN.split(text)[0]) is not None


def _is_phone(cell: Cell, text: str) -> bool:
    if isinstance(cell, date | bool) or sum(map(str.isdecimal, text)) < 7 or "@" in text:
        return False
    if _AS_ABROAD.fullmatch(text) and shape(text) != "date":
        return True
    return any(parse_phone(part) is not None for part in split_phones(text)[:3])


def _is_url(_cell: Cell, text: str) -> bool:
    looks = text.lower().startswith(("http://", "https://", "www."))
    return looks and normalise_url(text) is not None


def _is_tax(cell: Cell, text: str) -> bool:
    return normalise_inn(text, from_number=not isinstance(cell, str)) is not None


def _is_date(cell: Cell, text: str) -> bool:
    return isinstance(cell, date) or (isinstance(cell, str) and shape(text) == "date")


def _is_number(cell: Cell, text: str) -> bool:
    return (isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)) or (
        shape(text) == "number"
    )


def _is_firm(_cell: Cell, text: str) -> bool:
    return bool(legal_form(text)[0])


def _is_person(_cell: Cell, text: str) -> bool:
    return 2 <= len(text.split()) <= 4 and client_kind(text) not in ("company", "sole_trader")


def _is_address(_cell: Cell, text: str) -> bool:
    return bool(_ADDRESS.search(text)) and any(map(str.isdecimal, text))


def _is_text(_cell: Cell, text: str) -> bool:
    return bool(_LETTERS.search(text))


_TESTS = (
    _Test("email", _is_email),
    _Test("phone", _is_phone),
    _Test("url", _is_url),
    _Test("tax", _is_tax),
    _Test("date", _is_date),
    _Test("number", _is_number),
    _Test("firm", _is_firm),
    _Test("people", _is_person),
    _Test("address", _is_address),
    _Test("text", _is_text),
)


def shares(cells: Sequence[Cell]) -> Shares:
    """What a sample of a column's cells holds."""
    looked = [cell for cell in cells[:MOST_LOOKED_AT] if not is_blank(cell)]
    filled = [cell for cell in looked if not (isinstance(cell, str) and says_nothing(cell))]
    if not filled:
        return Shares()
    texts = [cell_text(cell).strip()[:300] for cell in filled]
    found = {test.name: sum(map(test.holds, filled, texts)) / len(filled) for test in _TESTS}
    return Shares(filled=len(filled), distinct=len(set(texts)) / len(texts), **found)
