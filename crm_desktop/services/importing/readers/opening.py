"""Opening a foreign file: which reader it needs, and how its dates and numbers are to be read."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path

from crm_desktop.errors import FileProblem
from crm_desktop.i18n import _
from crm_desktop.services.importing.readers import conventions, problems
from crm_desktop.services.importing.readers.base import ReadOptions, Sheet, Source
from crm_desktop.services.importing.readers.limits import SAMPLE_ROWS
from crm_desktop.services.importing.readers.sniffing import kind_of

_MOST_TEXTS = 20_000
_MOST_ROWS = 100_000  # looked through for a date that decides, where the first rows have none


def open_source(path: Path, *, options: ReadOptions | None = None) -> Source:
    """The file ready to be read; FileProblem with a sentence if that cannot be.

    What the file is decides its content, not its name. `options` correct what would be guessed.
    """
    wanted = options or ReadOptions()
    source = _open(path, kind_of(path), wanted)
    try:
        _settle(source, wanted)
    except BaseException:
        source.close()
        raise
    return source


def _open(path: Path, kind: str, options: ReadOptions) -> Source:
    """Readers are imported when one is needed: each brings a library along."""
    if kind == "csv":
        from crm_desktop.services.importing.readers.delimited import DelimitedSource

        return DelimitedSource(path, options)
    if kind in ("html", "xml"):
        from crm_desktop.services.importing.readers.markup import PageSource, XmlWorkbookSource

        return (PageSource if kind == "html" else XmlWorkbookSource)(path, options)
    if kind == "ed807":
        from crm_desktop.services.importing.readers.bank_directory import BankDirectorySource

        return BankDirectorySource(path, options)
    if kind == "vcard":
        from crm_desktop.services.importing.readers.vcard import CardSource

        return CardSource(path, options)
    if kind == "ldif":
        from crm_desktop.services.importing.readers.ldif import DirectorySource

        return DirectorySource(path, options)
    if kind == "json":
        from crm_desktop.services.importing.readers.objects import ObjectSource

        return ObjectSource(path, options)
    return _workbook(path, kind, options)


def _workbook(path: Path, kind: str, options: ReadOptions) -> Source:
    from crm_desktop.services.importing.readers.panics import NotForCalamine
    from crm_desktop.services.importing.readers.workbook import WorkbookSource

    try:
        source = WorkbookSource(path, options, kind)
        source.sheets  # noqa: B018 - reads them: what is broken in them shows now
    except NotForCalamine as error:
        if kind != "xlsx":
            raise problems.problem(problems.DAMAGED, path) from error
        from crm_desktop.services.importing.readers.streamed import StreamedSource

        return StreamedSource(path, options)
    return source


def _settle(source: Source, wanted: ReadOptions) -> None:
    """Finds the order of dates and the decimal sign, and says so where they are a guess."""
    if not source.sheets:
        raise problems.problem(problems.NOT_TEXT, source.path)
    texts = _texts(source.sheet(source.main_sheet))
    order = conventions.date_order(texts)
    if order.seen and not order.sure and wanted.date_order is None:
        order = _decided(source) or order
    sign = conventions.decimal_sign(texts, delimiter=source.options.delimiter)
    source.options = replace(
        source.options,
        date_order=wanted.date_order or order.order,
        decimal=wanted.decimal or sign,
    )
    if order.seen and not order.sure and wanted.date_order is None:
        source.remarks.append(_ambiguous(order))


def _texts(sheet: Sheet) -> list[str]:
    rows = sheet.rows(limit=SAMPLE_ROWS)
    texts = (cell for row in rows for cell in row.cells if isinstance(cell, str))
    return list(islice(texts, _MOST_TEXTS))


def _decided(source: Source) -> conventions.DateOrder | None:
    """The order that a later date of the same columns can be read in only; None if there is none
    or the file cannot be read so far."""
    sheet = source.sheet(source.main_sheet)
    places: set[int] = set()
    seen: set[str] = set()  # dates that decide nothing
    with suppress(FileProblem):  # whoever comes to the row says what is wrong with it
        for at, row in enumerate(sheet.rows(limit=_MOST_ROWS)):
            if at < SAMPLE_ROWS:
                places |= {n for n, cell in enumerate(row.cells) if conventions.is_date(cell)}
                continue
            fresh = [
                cell for n in places if isinstance(cell := row.cells[n], str) and cell not in seen
            ]
            if not fresh:
                continue
            order = conventions.date_order(fresh)
            if order.sure:
                return order
            seen.update(fresh)
    return None


def _ambiguous(order: conventions.DateOrder) -> str:
    sentence = _(
        "Dates such as {example} were read with the day first; change this if it is wrong."
    )
    if order.order == "mdy":
        sentence = _(
            "Dates such as {example} were read with the month first; change this if it is wrong."
        )
    return sentence.format(example=order.example)
