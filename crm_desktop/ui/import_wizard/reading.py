"""In the worker: opens a file, reads the head of a sheet, and keeps the file open for the rest."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from crm_desktop import i18n
from crm_desktop.errors import InvalidInput
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.models.text.normalise import norm
from crm_desktop.ui.import_wizard.state import Preview, Reading, SheetChoice
from crm_desktop.ui.operations import Job

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.definitions import EntityDef
    from crm_desktop.services.importing.importer import Order
    from crm_desktop.services.importing.mapping import Mapping
    from crm_desktop.services.importing.readers.base import Cell, Row, Sheet, Source
    from crm_desktop.services.importing.readers.header import Header
    from crm_desktop.services.workspace import Workspace

SHOWN_ROWS = 20
SAMPLE_ROWS = 200
_SAMPLES = 3
_LONGEST = 120
_SURE = 0.4  # below it the header is a guess: see `Header.confidence`


class OpenTable:
    """An open file. One thread at a time reads it."""

    def __init__(self, source: Source, reading: Reading) -> None:
        self._source, self._opened_as = source, reading
        self._lock = threading.Lock()
        self._seen: dict[tuple[int, int | None], tuple[Sheet, Header, list[Row]]] = {}

    def suits(self, reading: Reading) -> bool:
        """Whether it is open in the way that is wanted; sheet and header can be changed."""
        known = self._opened_as
        return replace(reading, sheet=known.sheet, header_row=known.header_row) == known

    def close(self) -> None:
        """Gives the file back."""
        with self._lock:
            self._source.close()

    def preview(self, reading: Reading) -> Preview:
        """The head of the wanted sheet."""
        with self._lock:
            source, options = self._source, self._source.options
            place = self._place(reading)
            sheet, header, rows = self._sheet(place, reading.header_row)
            known = source.sheets[place].rows
            text = source.kind == "csv"
            return Preview(
                kind=source.kind,
                sheets=tuple(SheetChoice(s.name, s.hidden, s.rows) for s in source.sheets),
                sheet=place, header_row=header.row, sure=header.confidence >= _SURE,
                names=header.names, samples=_samples(rows, len(header.names)),
                rows=tuple((r.number, tuple(map(shown, r.cells))) for r in rows[:SHOWN_ROWS]),
                encoding=options.encoding or "utf-8" if text else "",
                delimiter=options.delimiter or "," if text else "",
                date_order=options.date_order or "", decimal=options.decimal or "",
                remarks=(*source.remarks, *_hidden(sheet, header)),
                records=max(0, known - header.first_data_row + 1) if known else 0,
            )  # fmt: skip

    def _place(self, reading: Reading) -> int:
        return self._source.main_sheet if reading.sheet is None else reading.sheet

    def _sheet(self, place: int, header_row: int | None) -> tuple[Sheet, Header, list[Row]]:
        from crm_desktop.services.importing.readers.header import guess_header, header_at

        key = (place, header_row)
        if key not in self._seen:
            sheet = self._source.sheet(place)
            header = guess_header(sheet) if header_row is None else header_at(sheet, header_row)
            rows = list(sheet.rows(start=header.first_data_row, limit=SAMPLE_ROWS))
            self._seen[key] = (sheet, header, rows)
        return self._seen[key]

    def first_mapping(
        self, base: Workspace, entity: EntityDef, reading: Reading
    ) -> tuple[Mapping, bool]:
        """What is offered for the columns, and whether it was used for such a file before.

        InvalidInput: the table is turned, and nobody has said where its headings are.
        """
        from crm_desktop.services.importing.learned import LearnedMappings
        from crm_desktop.services.importing.mapping import Mapping, match_keys
        from crm_desktop.services.importing.suggest import suggest
        from crm_desktop.services.importing.turned import is_turned, turned

        with self._lock:
            sheet, header, rows = self._sheet(self._place(reading), reading.header_row)
        if reading.header_row is None:
            made = self.order(entity, reading, Mapping())
            if is_turned(base.catalogue, entity, made):
                raise InvalidInput(turned(made))
        known = LearnedMappings(base.backend, base.tables).find(entity.key, header.names)
        if known is not None:
            return _fitted(known, header.names), True
        cells = [row.cells for row in rows]
        found = suggest(base.catalogue, entity, header.names, cells, meanings=sheet.meanings)
        keys = match_keys(entity, found)
        certain = tuple(key for key in keys if getattr(entity.field(key), "identifier", False))
        on_match = "update" if certain else "skip"
        return found.with_options(match=certain, on_match=on_match), False

    def order(self, entity: EntityDef, reading: Reading, mapping: Mapping) -> Order:
        """What is to be imported."""
        from crm_desktop.services.importing.importer import order

        with self._lock:
            place = self._place(reading)
            _sheet, header, _rows = self._sheet(place, reading.header_row)
            named = header.row or None
            made = order(self._source, entity, mapping, sheet=place, header_row=named)
            return replace(made, header=header)


def open_table(known: OpenTable | None, reading: Reading, job: Job) -> tuple[OpenTable, Preview]:
    """The file, opened anew if it has to be, and the head of the wanted sheet."""
    if known is not None and known.suits(reading):
        return known, known.preview(reading)
    from crm_desktop.services.importing.readers.base import ReadOptions
    from crm_desktop.services.importing.readers.opening import open_source

    options = ReadOptions(
        encoding=reading.encoding or None, delimiter=reading.delimiter or None,
        date_order=reading.date_order or None, decimal=reading.decimal or None,
    )  # fmt: skip
    table = OpenTable(open_source(reading.path, options=options), reading)
    try:
        job.check()
        return table, table.preview(reading)
    except BaseException:
        table.close()
        raise


def _fitted(mapping: Mapping, names: Sequence[str]) -> Mapping:
    """A learned mapping, its columns spelled as they are here; dates as this file has them."""
    spelled = {norm(name): name for name in names}
    targets = tuple(
        replace(target, columns=tuple(spelled.get(norm(c), c) for c in target.columns))
        for target in mapping.targets
    )
    return replace(mapping, targets=targets, date_order="", decimal="", epoch=0)


def _hidden(sheet: Sheet, header: Header) -> Iterator[str]:
    """That some rows are not seen in the program the file comes from."""
    from crm_desktop.services.importing.hidden import said_of_hidden

    count = sum(number >= header.first_data_row for number in sheet.hidden_rows)
    if count:
        yield said_of_hidden(count) + "."


def _samples(rows: Sequence[Row], width: int) -> tuple[tuple[str, ...], ...]:
    """Some different values of each column."""
    found: list[dict[str, None]] = [{} for _column in range(width)]
    for row in rows:
        for values, cell in zip(found, row.cells, strict=False):
            text = shown(cell) if len(values) < _SAMPLES else ""
            if text:
                values[text] = None
    return tuple(tuple(values) for values in found)


def shown(cell: Cell) -> str:
    """A cell as a person reads it, in one line."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        day = format_date(cell.date(), i18n.language(), style="numeric")
        return day if cell.time() == time() else f"{day} {cell:%H:%M}"
    if isinstance(cell, date):
        return format_date(cell, i18n.language(), style="numeric")
    if isinstance(cell, float):
        return f"{cell:.15g}"
    if isinstance(cell, Decimal):
        from crm_desktop.services.importing.convert import cell_text

        return cell_text(cell)
    return " ".join(str(cell).split())[:_LONGEST]
