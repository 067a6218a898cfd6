"""Workbooks through XlsxWriter, row by row: memory does not grow with the rows.

Text always stays text, so that no cell becomes a formula; numbers of more than fifteen digits
become text, because a workbook would lose the rest of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_desktop.errors import FileProblem
from crm_desktop.i18n import N_, _, language
from crm_desktop.models.amounts import Amount
from crm_desktop.models.text.currencies import SYMBOLS
from crm_desktop.services.exporting.writers.common import (
    Progress,
    Written,
    plain_number,
    plain_text,
    replacing,
    told,
    wall_clock,
)
from crm_desktop.services.exporting.writers.lines import GROUNDS, Line
from crm_desktop.services.importing.readers.base import Cell

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

MAX_ROWS = 1_048_576
MAX_TEXT = 32_767  # characters, counted as UTF-16 does
TOO_MANY = N_("A workbook holds 1,048,575 records at most. Export to CSV, or filter the list.")

_DIGITS = 15
_LONGEST_NAME = 31
_LARGEST = 1e300
_SHORT_NUMBER = 10**11  # whole numbers from here on are shown with an exponent unless told not to
_FIRST_DAY = date(1900, 3, 1)  # Excel believes in 29 February 1900
_WIDEST, _NARROWEST, _MEASURED_ROWS = 60, 8, 200
_FORMATS: dict[str, dict[str, Any]] = {
    "head": {"bold": True, "bottom": 1, "valign": "top", "text_wrap": True},
    "text": {"num_format": "@"},
    "long": {"num_format": "0"},
    "money": {"num_format": "#,##0.00"},
    "percent": {"num_format": "0.00%"},
    "time": {"num_format": "hh:mm:ss"},
    "duration": {"num_format": "[h]:mm:ss"},
    "reason": {"font_color": "#9C0006", "bg_color": "#FFC7CE"},
}
_DAYS = {"ru": "dd.mm.yyyy", "en": "yyyy-mm-dd"}
_SURROGATES = re.compile("[\ud800-\udfff]")


class Sheet(NamedTuple):
    """One sheet; `kinds`: one a column, see `rows.write_rows`."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell] | Line]
    kinds: Sequence[str] = ()


def write_workbook(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[Cell] | Line],
    *,
    kinds: Sequence[str] | None = None,
    sheet: str = "",
    progress: Progress | None = None,
) -> Written:
    """Writes the rows under the header on the one sheet."""
    with replacing(path) as beside:
        return _write(beside, [Sheet(sheet, header, told(rows, progress), kinds or ())])


def write_sheets(path: Path, sheets: Iterable[Sheet]) -> Written:
    """Writes the sheets in their order, each under a name of its own; the rows are all of them."""
    with replacing(path) as beside:
        return _write(beside, sheets)


def _write(path: Path, sheets: Iterable[Sheet]) -> Written:
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    written = shortened = 0
    taken: set[str] = set()
    # Its parts lie beside the target: the folder for temporary files may be on a small disk.
    with TemporaryDirectory(prefix=".export", dir=path.parent, ignore_cleanup_errors=True) as room:
        book = Workbook(str(path), {"constant_memory": True, "tmpdir": room})
        try:
            for one in sheets:
                page = _Page(book, _free_name(_sheet_name(one.name), taken), one.header, one.kinds)
                for cells in one.rows:
                    page.add(cells)
                page.finish()
                written, shortened = written + page.row - 1, shortened + page.shortened
        except BaseException:
            _abandon(book)
            raise
        try:
            book.close()
        except FileCreateError as error:
            raise OSError(*error.args[0].args) from error
        finally:
            _abandon(book)
        return Written(written, shortened)


def _abandon(book: Any) -> None:
    """Lets go of its files without writing it; closing a million rows would take its time."""
    book.fileclosed = True
    for sheet in book.worksheets():
        if getattr(sheet, "row_data_fh", None):
            sheet.row_data_fh.close()


class _Page:
    """One worksheet being filled from the top down."""

    def __init__(self, book: Any, name: str, header: Sequence[str], kinds: Sequence[str]) -> None:
        day = _DAYS[language()]
        self._book = book
        self._styles: dict[str, dict[str, Any]] = {
            **_FORMATS, "date": {"num_format": day}, "moment": {"num_format": f"{day} hh:mm"},
        }  # fmt: skip
        self._formats = {key: book.add_format(value) for key, value in self._styles.items()}
        self._line: Line | None = None
        self._sheet: Worksheet = book.add_worksheet(name)
        self._sheet.outline_settings(symbols_below=False)
        self._kinds = [*kinds, *[""] * (len(header) - len(kinds))]
        self._widths = [0] * len(header)
        self._sheet.freeze_panes(1, 0)
        self.row = 0
        self.shortened = 0
        for column, label in enumerate(header):
            self._text(column, label, "head")
        self.row = 1

    def add(self, row: Sequence[Cell] | Line) -> None:
        if self.row >= MAX_ROWS:
            raise FileProblem(_(TOO_MANY))
        self._line = row if isinstance(row, Line) else None
        if self._line is not None and self._line.level:
            self._sheet.set_row(self.row, None, None, {"level": self._line.level})
        for column, value in enumerate(row.cells if isinstance(row, Line) else row):
            if value is not None and value != "":
                self._cell(column, value)
            elif self._line is not None and (self._line.head or self._line.tone_of(column)):
                self._sheet.write_blank(self.row, column, None, self._format(column, ""))
        self.row += 1

    def _format(self, column: int, form: str) -> Any:
        """The format of a cell; in bold and coloured where its line says so."""
        line = self._line
        if line is None or not (line.head or line.tone_of(column)):
            return self._formats.get(form)
        tone = line.tone_of(column)
        key = f"{form}/{tone}/{line.head}"
        if key not in self._formats:
            style = dict(self._styles.get(form, {}))
            style |= {"bg_color": GROUNDS[tone]} if tone else {}
            style |= {"bold": True, "bg_color": "#F1F3F6"} if line.head else {}
            self._formats[key] = self._book.add_format(style)
        return self._formats[key]

    def finish(self) -> None:
        if self._widths:
            self._sheet.autofilter(0, 0, max(self.row - 1, 1), len(self._widths) - 1)
        for column, width in enumerate(self._widths):
            self._sheet.set_column(column, column, max(_NARROWEST, min(width + 2, _WIDEST)))

    def _cell(self, column: int, value: Cell) -> None:
        kind = self._kinds[column] if column < len(self._kinds) else ""
        if isinstance(value, bool):
            self._sheet.write_boolean(self.row, column, value, self._format(column, ""))
        elif isinstance(value, int | float | Decimal):
            self._number(column, value, kind)
        elif isinstance(value, date | time | timedelta):
            self._moment(column, value)
        else:
            self._text(column, str(value), kind)

    def _number(self, column: int, value: int | float | Decimal, kind: str) -> None:
        digits = plain_number(value)
        significant = digits.replace(".", "").strip("-0")
        size = abs(float(value))
        exact = isinstance(value, float) or (len(significant) <= _DIGITS and size < _LARGEST)
        if not digits or kind == "text" or not exact:
            self._text(column, digits or str(value), "text")
            return
        form = self._money(kind, value) if kind.startswith("money") else kind
        form = form if form in self._styles else ""
        if not form and size >= _SHORT_NUMBER:
            form = "long"
        self._measure(column, len(digits) + 3)
        self._sheet.write_number(self.row, column, float(value), self._format(column, form))

    def _money(self, kind: str, value: int | float | Decimal) -> str:
        """The format of an amount; with the sign of its currency where the rows have several."""
        own = kind.partition(" ")[2]
        code = value.currency if isinstance(value, Amount) else own
        form = f"money {code}" if code else "money"
        if form not in self._styles:
            sign = SYMBOLS.get(code, code)
            self._styles[form] = {"num_format": f'#,##0.00\\ "{sign}"'}
            self._formats[form] = self._book.add_format(self._styles[form])
        return form

    def _moment(self, column: int, value: date | time | timedelta) -> None:
        value, form = _on_the_calendar(value)
        if not form:
            self._text(column, plain_text(value), "text")
            return
        self._measure(column, 16 if form == "moment" else 10)
        self._sheet.write_datetime(self.row, column, value, self._format(column, form))

    def _text(self, column: int, text: str, form: str) -> None:
        if _SURROGATES.search(text):
            text = _SURROGATES.sub("\ufffd", text)
        if len(text) > MAX_TEXT // 2 and len(text.encode("utf-16-le")) // 2 > MAX_TEXT:
            text = text.encode("utf-16-le")[: 2 * MAX_TEXT].decode("utf-16-le", "ignore")
            self.shortened += 1
        self._measure(column, len(text.partition("\n")[0]))
        known = form if form in ("head", "text", "reason") else ""
        self._sheet.write_string(self.row, column, text, self._format(column, known))

    def _measure(self, column: int, width: int) -> None:
        if self.row < _MEASURED_ROWS and column < len(self._widths):
            self._widths[column] = max(self._widths[column], width)


def _on_the_calendar(
    value: date | time | timedelta,
) -> tuple[date | time | timedelta, str]:
    """The value without its zone and the format to show it in; '' for what no workbook can keep."""
    if isinstance(value, timedelta):
        return value, "duration" if value >= timedelta(0) else ""
    if isinstance(value, time):
        return value.replace(tzinfo=None), "time"
    if isinstance(value, datetime):
        value = wall_clock(value)
        return value, "moment" if value.date() >= _FIRST_DAY else ""
    return value, "date" if value >= _FIRST_DAY else ""


def _sheet_name(name: str) -> str:
    """What Excel allows: 31 characters, no brackets, slashes, colons or stars."""
    allowed = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name)[:_LONGEST_NAME].strip("' ")
    return "" if allowed.casefold() == "history" else allowed


def _free_name(name: str, taken: set[str]) -> str:
    """The name, numbered where another sheet has it; Excel sees no capital letters."""
    free, number = name, 1
    while free and free.casefold() in taken:
        number += 1
        tail = f" ({number})"
        free = name[: _LONGEST_NAME - len(tail)] + tail
    taken.add(free.casefold())
    return free
