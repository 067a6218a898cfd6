"""Numbers that are names, as spreadsheets spoil them: `7.7E+09`, a zero lost at the beginning."""

from __future__ import annotations

import re
from decimal import Decimal

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Field
from crm_desktop.models.catalogue.fieldtypes import TextField
from crm_desktop.models.catalogue.fieldtypes.common import refuse
from crm_desktop.models.text.tax import normalise_inn

_TAX_WORD = re.compile(r"^\s*(?:инн|inn)[\s:№#.]*(?=\d)", re.IGNORECASE)
_FOLDED = re.compile(r"\d(?:[.,]\d{1,15})?[eE]\+?\d{1,2}")
_AS_FRACTION = re.compile(r"(\d{4,20})[.,]0+")
_NINE_DIGITS = ("kpp", "bik")  # kinds of numbers (`validate`) that have them always
_MOST_ZEROS = 1  # that a number may end with by itself


def whole_number(f: Field, text: str) -> str:
    """A number with all its digits: a spreadsheet writes a long one out as `7.9162041183E+10`.
    InvalidInput if its last digits are lost; any other text as it is."""
    bare = text.strip()
    if fraction := _AS_FRACTION.fullmatch(bare):
        return fraction[1]
    if not _FOLDED.fullmatch(bare):
        return text
    number = Decimal(bare.replace(",", "."))
    kept, power = len(number.as_tuple().digits), number.adjusted() + 1
    if kept < power - _MOST_ZEROS or number != number.to_integral_value():
        sentence = _("{field}: “{value}” was cut short by a spreadsheet. Show the column as text "
                     "there and save it again")  # fmt: skip
        raise refuse(f, sentence, text)
    return f"{number:f}"


def tax_number(f: TextField, text: str, *, is_number: bool) -> str:
    """A tax number; with its zero where the cell `is_number` and its digits say that it is one."""
    text = whole_number(f, _TAX_WORD.sub("", text.removeprefix("'"), count=1))
    return (normalise_inn(text, from_number=True) if is_number else None) or text


def padded(f: Field, text: str) -> str:
    """The number with the zero that a spreadsheet has taken away from its beginning."""
    bare = text.strip()
    has_nine = isinstance(f, TextField) and f.valid_as in _NINE_DIGITS
    return f"0{bare}" if has_nine and len(bare) == 8 and bare.isdigit() else text
