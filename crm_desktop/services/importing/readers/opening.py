"""Opening a foreign file: which reader it needs, and how its dates and numbers are to be read."""

from __future__ import annotations

from pathlib import Path

from crm_desktop.services.importing.readers import problems
from crm_desktop.services.importing.readers.base import ReadOptions, Source
from crm_desktop.services.importing.readers.settling import settle
from crm_desktop.services.importing.readers.sniffing import kind_of


def open_source(path: Path, *, options: ReadOptions | None = None) -> Source:
    """The file ready to be read; FileProblem with a sentence if that cannot be.

    What the file is decides its content, not its name. `options` correct what would be guessed.
    """
    wanted = options or ReadOptions()
    source = _open(path, kind_of(path), wanted)
    try:
        settle(source, wanted)
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
