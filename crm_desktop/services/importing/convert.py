"""From a cell of a foreign file to a value of a field.

`converter` gives a function that is called for every cell of a column, so what can be decided once
is decided once. It raises InvalidInput with a sentence; None means that the cell holds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, cast

from crm_desktop.i18n import _
from crm_desktop.models.amounts import WrittenAmount
from crm_desktop.models.catalogue.definitions import Field, ParseContext
from crm_desktop.models.catalogue.fieldtypes import (
    BoolField,
    ChoiceField,
    DateField,
    DateTimeField,
    DecimalField,
    DurationField,
    EmailField,
    IntegerField,
    LinkField,
    MoneyField,
    PhoneField,
    PictureField,
    RecordField,
    TagsField,
    TextField,
    UrlField,
    UserField,
)
from crm_desktop.models.catalogue.fieldtypes.common import clean, refuse
from crm_desktop.models.text.contacts import is_plain_email, split_emails
from crm_desktop.models.text.dates import excel_date
from crm_desktop.models.text.normalise import norm
from crm_desktop.models.text.numbers import parse_decimal, parse_money
from crm_desktop.models.text.persons import several_people
from crm_desktop.models.text.phones import phone_at_a_glance, split_phones
from crm_desktop.services.importing.cellwraps import (
    Converter,
    PartlyRead,
    of_pages,
    remembered,
    unless_blank,
)
from crm_desktop.services.importing.formulas import FAILED, check_formula
from crm_desktop.services.importing.linked import leading
from crm_desktop.services.importing.nothing import is_no_day, says_nothing, without_clock
from crm_desktop.services.importing.pictures import picture
from crm_desktop.services.importing.readers.base import Cell, CellError, Percent
from crm_desktop.services.importing.spoilt import padded, tax_number, whole_number
from crm_desktop.services.importing.yearless import yearless

_EVERYBODY = "myContacts"
_SERIALS = (1, 2_958_465)  # days that Excel can show: 1900-01-01 to 9999-12-31
_DAY_AND_MONTH = re.compile(r"\s*\d{1,2}[-./]\d{1,2}\.?\s*")
_ZONE = re.compile(r"(?:Z|[+-]\d\d:?\d\d)\s*$")
_FIGURES = (PhoneField, EmailField, UrlField, DateField, DateTimeField, IntegerField, DecimalField,
            DurationField)  # fmt: skip
_BETWEEN_ADDRESSES = re.compile(r"[;,\s<>]+")


class Named(NamedTuple):
    """A link as a file gives it: the linked record's name, or its number, or both.

    `entity`: the key of its object where the text says so, for links to records of any object.
    """

    text: str
    id: int | None = None
    entity: str = ""

    @property
    def key(self) -> str:
        """What names of the same record have in common."""
        return norm(self.text)


@dataclass(frozen=True)
class Reading:
    """How the texts of one column are to be understood."""

    context: ParseContext
    decimal: str = ""
    object_named: Callable[[str], str] = str  # the key of an object from what people call it
    yearless: bool = False  # a day without its year is kept, too
    html: bool = False  # texts are those of pages
    since_1904: bool = False  # days that are numbers are counted from then


def cell_text(cell: Cell) -> str:
    """The cell as text: numbers with all digits, no exponent; moments as ISO."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return _("Yes") if cell else _("No")
    if isinstance(cell, float | Decimal):
        number = Decimal(repr(cell)) if isinstance(cell, float) else cell
        text = f"{number:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return f"{text}%" if isinstance(cell, Percent) else text
    if isinstance(cell, datetime):
        at_midnight = cell.time() == time() and cell.tzinfo is None
        return cell.date().isoformat() if at_midnight else cell.isoformat(sep=" ")
    return str(cell)


def converter(f: Field, reading: Reading) -> Converter:
    """What turns the cells of a column into values of the field."""
    make = _MAKERS.get(type(f)) or next(
        (m for kind, m in _MAKERS.items() if isinstance(f, kind)), _any
    )
    inner = make(f, reading)
    if isinstance(f, _FIGURES):
        inner = unless_blank(inner)
    elif reading.html and not isinstance(f, PictureField):
        inner = of_pages(f, inner)

    def convert(cell: Cell) -> Any:
        if cell is None or cell == "":
            return None
        if type(cell) in FAILED:
            raise check_formula(f, cast(CellError, cell))
        return inner(cell)

    return convert


def _any(f: Field, reading: Reading) -> Converter:
    return lambda cell: f.parse(cell_text(cell), reading.context)


def _text(f: Field, reading: Reading) -> Converter:
    parse, context = f.parse, reading.context
    if isinstance(f, TextField) and f.is_number:
        of_tax = bool({"inn", "инн"} & {f.key, *f.synonyms})
        return lambda cell: parse(_identifier(f, cell, of_tax=of_tax), context)
    return lambda cell: parse(cell if type(cell) is str else cell_text(cell), context)


def _identifier(f: TextField, cell: Cell, *, of_tax: bool) -> str:
    """A number that is a name; which fields hold a tax number, is known by what they are called."""
    text = cell_text(cell)
    if of_tax:
        return tax_number(f, text, is_number=type(cell) is not str)
    return padded(f, whole_number(f, text.removeprefix("'") if text[1:2].isdigit() else text))


def _address(f: Field, reading: Reading) -> Converter:
    return lambda cell: f.parse(cell_text(leading(f, cell)).replace("\\:", ":"), reading.context)


def _phone(f: Field, reading: Reading) -> Converter:
    return lambda cell: f.parse(whole_number(f, cell_text(cell)), reading.context)


def _choice(f: Field, reading: Reading) -> Converter:
    return remembered(lambda cell: f.parse(_word(cell), reading.context))


def _word(cell: Cell) -> str:
    return clean(cell_text(cell)).strip()


def _tags(f: Field, reading: Reading) -> Converter:
    """Groups of address books are divided by `:::`, and their own ones are marked by a star."""

    def convert(cell: Cell) -> Any:
        text = cell_text(cell)
        if ":::" in text or text.startswith("* "):
            names = (name.strip().removeprefix("* ") for name in text.split(":::"))
            text = ",".join(name for name in names if name != _EVERYBODY)
        return f.parse(text, reading.context)

    return remembered(convert)


def _bool(f: Field, reading: Reading) -> Converter:
    def convert(cell: Cell) -> Any:
        if isinstance(cell, bool):
            return cell
        if isinstance(cell, int | float | Decimal) and cell in (0, 1):
            return bool(cell)
        return f.parse(_word(cell), reading.context)

    return convert


def _whole(f: Field, reading: Reading) -> Converter:
    def convert(cell: Cell) -> Any:
        if isinstance(cell, str):
            return f.check(_decimal(f, cell, reading)) if cell.strip() else None
        return _number(f, cell)

    return convert


def _money(f: Field, reading: Reading) -> Converter:
    def convert(cell: Cell) -> Any:
        if not isinstance(cell, str):
            return _number(f, cell)
        if not cell.strip():
            return None
        try:
            amount, currency = parse_money(cell, decimal=reading.decimal or None)
        except ValueError:
            raise refuse(f, _("{field}: “{value}” is not an amount of money"), cell) from None
        written = currency is not None and f.currency_field
        return f.check(WrittenAmount(amount, currency or "") if written else amount)

    return convert


def _number(f: Field, cell: Cell) -> Any:
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        raise refuse(f, _("{field}: “{value}” is not a number"), cell_text(cell))
    return f.check(cell)


def _decimal(f: Field, text: str, reading: Reading) -> Decimal:
    try:
        return parse_decimal(text, decimal=reading.decimal or None)
    except ValueError:
        raise refuse(f, _("{field}: “{value}” is not a number"), text) from None


def _date(f: Field, reading: Reading) -> Converter:
    def convert(cell: Cell) -> Any:
        if not isinstance(cell, str):
            return f.check(_from_serial(f, cell, reading))
        text = without_clock(cell)
        if is_no_day(text):
            return None
        if reading.yearless and (day := yearless(text, reading.context)) is not None:
            return day
        return f.parse(text, reading.context) if _dated(f, text) else None

    return convert


def _dated(f: Field, text: str) -> bool:
    """Whether there is a date; words that mean one only today are none in a file."""
    if not text.strip():
        return False
    if sum(map(str.isdecimal, text)) < 4 or _DAY_AND_MONTH.fullmatch(text):
        raise refuse(f, _("{field}: “{value}” is not a date with its year"), text)
    return True


def _from_serial(f: Field, cell: Cell, reading: Reading) -> Any:
    """A day, also one that was kept as the number that spreadsheets count days by."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        return cell
    if not _SERIALS[0] <= cell <= _SERIALS[1]:
        raise refuse(f, _("{field}: “{value}” is not a date"), cell_text(cell))
    try:
        found = excel_date(float(cell), zone=UTC, since_1904=reading.since_1904)
        return found.replace(tzinfo=None)
    except ValueError:
        raise refuse(f, _("{field}: “{value}” is not a date"), cell_text(cell)) from None


def _moment(f: Field, reading: Reading) -> Converter:
    def convert(cell: Cell) -> Any:
        if isinstance(cell, str):
            if is_no_day(without_clock(cell)) or not _dated(f, cell):
                return None
            found = f.parse(cell, reading.context)
            return found if _ZONE.search(cell) else _on_the_wall(found, reading)
        value = _from_serial(f, cell, reading)
        if isinstance(value, datetime):
            return f.check(value if value.tzinfo else value.astimezone())
        if isinstance(value, date):
            return f.check(datetime.combine(value, time()).astimezone())
        return f.check(value)

    return convert


def _on_the_wall(moment: datetime, reading: Reading) -> datetime:
    """The clock of that day, not of today: summer time may have been on."""
    wall = moment.astimezone(reading.context.now.tzinfo).replace(tzinfo=None)
    return wall.astimezone(UTC)


def _duration(f: Field, reading: Reading) -> Converter:
    def convert(cell: Cell) -> Any:
        if isinstance(cell, datetime):  # a length of time that a workbook shows as a moment
            cell = cell.time()
        if isinstance(cell, time):
            cell = timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second)
        if isinstance(cell, timedelta):
            return f.check(cell)
        return f.parse(cell_text(cell), reading.context)

    return convert


def _link(f: Field, reading: Reading) -> Converter:
    def convert(cell: Cell) -> Named | None:
        text = " ".join(clean(cell_text(cell)).split())
        return Named(text) if text else None

    return remembered(convert)


def _colleague(f: Field, reading: Reading) -> Converter:
    def convert(cell: Cell) -> Named | None:
        first, *others = several_people(clean(cell_text(cell))) or [""]
        if not others:
            return Named(first) if first else None
        said = _("{field}: of several colleagues the first is taken, without {value}")
        raise PartlyRead(refuse(f, said, ", ".join(others)).message, Named(first))

    return remembered(convert)


def _record(f: Field, reading: Reading) -> Converter:
    """`Client: Acme`, `client:12` or only `Acme`."""

    def convert(cell: Cell) -> Named | None:
        text = " ".join(clean(cell_text(cell)).split())
        if not text:
            return None
        head, colon, rest = text.partition(":")
        entity = reading.object_named(head.strip()) if colon else ""
        if not entity:
            return Named(text)
        rest = rest.strip()
        if rest.isascii() and rest.isdigit() and " " not in text:
            return Named("", int(rest), entity)
        return Named(rest, None, entity)

    return remembered(convert)


def at_a_glance(f: Field, reading: Reading) -> Converter | None:
    """For telephones and addresses of e-mail, what gives the one value of a cell that is written as
    most are, and None for a cell that `several` has to look into."""
    region = reading.context.region
    if type(f) is PhoneField:
        return lambda cell: phone_at_a_glance(cell, region) if type(cell) is str else None
    if type(f) is EmailField:
        return lambda cell: cell if type(cell) is str and is_plain_email(cell) else None
    return None


def several(f: Field, cell: Cell) -> list[str]:
    """The telephone numbers or e-mail addresses of a cell, as they are written."""
    text = clean(cell_text(leading(f, cell))).strip().replace(":::", ";")
    if not text or says_nothing(text):
        return []
    if isinstance(f, PhoneField):
        return split_phones(whole_number(f, text))
    if isinstance(f, EmailField):
        if text.count("@") > 1:
            text = text.replace("/", " ")
        parts = [part for part in _BETWEEN_ADDRESSES.split(text) if "@" in part]
        found = split_emails(text)
        return found if found and len(set(map(str.lower, parts))) <= len(found) else [text]
    return [text]


_MAKERS: dict[type[Field], Callable[[Field, Reading], Converter]] = {
    PhoneField: _phone,
    UrlField: _address,
    EmailField: _address,
    PictureField: picture,
    MoneyField: _money,
    DecimalField: _whole,
    IntegerField: _whole,
    BoolField: _bool,
    DateTimeField: _moment,
    DateField: _date,
    DurationField: _duration,
    ChoiceField: _choice,
    RecordField: _record,
    UserField: _colleague,
    LinkField: _link,
    TagsField: _tags,
    TextField: _text,
}
