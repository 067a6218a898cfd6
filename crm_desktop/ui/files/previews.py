"""What is shown of a file before it is opened; made in the worker, read from the base only then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from crm_desktop.i18n import _, ngettext
from crm_desktop.ui.files.pictures import picture

if TYPE_CHECKING:
    from crm_desktop.services.files.contents import Contents
    from crm_desktop.services.files.pdf_pages import PdfPages
    from crm_desktop.services.files.rows import FileRow
    from crm_desktop.ui.operations import Job

MOST_TEXT = 200 * 1024
LONGEST_LINE = 1000
MOST_READ = 64 * 1024 * 1024
WIDE = 1600
THUMB = 240
MOST_FOR_THUMB = 16 * 1024 * 1024
TEXTS = ("text", "mail")
TEXT_SHEETS = ("text/csv", "text/tab-separated-values")


@dataclass(frozen=True)
class Preview:
    """Pictures, or a text, or nothing; `note` says what is left out or why there is nothing."""

    images: tuple[QImage, ...] = ()
    text: str | None = None
    note: str = ""


def load_preview(contents: Contents, row: FileRow, job: Job) -> Preview:
    """What can be shown of a file."""
    if row.kind == "program":
        return Preview(note=_("Programs and scripts are never started from here."))
    if row.kind in TEXTS or row.media in TEXT_SHEETS:
        return _text(contents.read(row.digest, MOST_TEXT), row.size)
    if row.size > MOST_READ:
        return Preview()
    if row.kind == "image":
        image = picture(contents.read(row.digest, MOST_READ), WIDE)
        if image is None:
            return Preview(note=_("This picture cannot be shown here."))
        return Preview((image,))
    if row.kind == "pdf":
        return _pdf(contents.read(row.digest, MOST_READ), job)
    return Preview()


def _text(head: bytes, size: int) -> Preview:
    from crm_desktop.services.importing.readers.encoding import detect

    whole = size <= len(head)
    encoding = detect(head, whole=whole)
    text = head.decode(encoding.name, "replace").replace("\x00", "")
    text = "\n".join(_cut(text))
    note = "" if whole else _("Only the beginning is shown.")
    return Preview(text=text, note=note)


def _cut(text: str) -> Iterator[str]:
    """Lines that a window can lay out: a file of one endless line would hold it for seconds."""
    for line in text.splitlines():
        for start in range(0, len(line) or 1, LONGEST_LINE):
            yield line[start : start + LONGEST_LINE]


def _pdf(content: bytes, job: Job) -> Preview:
    from crm_desktop.services.files.pdf_pages import draw_pages

    found = draw_pages(content, WIDE // 2, on_start=job.on_cancel)
    job.check()
    if found.locked:
        return Preview(note=_("The document is protected by a password."))
    if found.failed:
        return Preview(note=_("This document cannot be shown here."))
    return Preview(tuple(_images(found)), note=_left_out(found))


def _images(found: PdfPages) -> list[QImage]:
    form = QImage.Format.Format_RGB32
    return [
        QImage(page.dots, page.width, page.height, page.stride, form).copy()
        for page in found.pages
        if len(page.dots) == page.stride * page.height
    ]


def _left_out(found: PdfPages) -> str:
    left = found.count - len(found.pages)
    if left <= 0:
        return ""
    return ngettext(
        "{count} more page is not shown here.", "{count} more pages are not shown here.", left
    ).format(count=left)


def load_thumbs(contents: Contents, rows: list[FileRow], job: Job) -> dict[str, QImage]:
    """Small pictures of some files by their digests; a null picture where there is none."""
    found = {}
    for row in rows:
        job.check()
        content = contents.read(row.digest, MOST_FOR_THUMB) if row.size <= MOST_FOR_THUMB else b""
        found[row.digest] = picture(content, THUMB) or QImage()
    return found
