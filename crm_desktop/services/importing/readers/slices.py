"""A worksheet of Office Open XML in slices that calamine takes for small workbooks.

Calamine holds a sheet as a whole, and all shared texts of the workbook. A slice is a workbook of
its own, made in memory: some rows as they stand in the file, the texts that they name, the styles
and settings of the whole. So its values are those that calamine would give for the whole.
"""

from __future__ import annotations

import io
import re
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from crm_desktop.services.importing.readers import archive
from crm_desktop.services.importing.readers.limits import MAX_RECORD_CHARACTERS
from crm_desktop.services.importing.readers.shared_texts import NotSliced, SharedTexts

_SETTINGS = ("[content_types].xml", "_rels/.rels", "xl/workbook.xml", "xl/styles.xml",
             "xl/_rels/workbook.xml.rels")  # fmt: skip
_TEXTS = "xl/sharedStrings.xml"
_BEGIN = re.compile(rb"<((?:\w+:)?)sheetData\s*(/?)>")


class Frame:
    """What all slices of a workbook share: its settings, and its shared texts on the disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with archive.check(path) as opened:
            names = opened.namelist()
            settings = [name for name in names if name.lower() in _SETTINGS]
            self._kept = {name: archive.read_part(path, opened, name) for name in settings}
        found = [name for name in names if name.lower().endswith("sharedstrings.xml")]
        if any(name.lower() != _TEXTS.lower() for name in found):
            raise NotSliced(found)
        self._texts_part = found[0] if found else ""
        self._texts: SharedTexts | None = None
        self._alone = threading.Lock()  # pages of a window read the same sheet in several threads

    def close(self) -> None:
        """Gives the room on the disk back."""
        with self._alone:
            if self._texts is not None:
                self._texts.close()
                self._texts = None

    def book(self, parts: dict[str, bytes] | None = None) -> CalamineWorkbook:
        """A workbook with so many parts beside the settings."""
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as packed:
            for name, content in {**self._kept, **(parts or {})}.items():
                packed.writestr(name, content)
        made.seek(0)
        return CalamineWorkbook.from_filelike(made)

    def texts(self, numbers: list[int]) -> dict[str, bytes]:
        """The part that holds these shared texts alone, in this order."""
        if not numbers:
            return {}
        with self._alone:
            if self._texts is None:
                if not self._texts_part:
                    raise NotSliced("no shared texts")
                with archive.check(self.path) as opened:
                    self._texts = SharedTexts(self.path, opened, self._texts_part)
            return {_TEXTS: self._texts.part(numbers)}


class Slices:
    """The rows of one worksheet, the part `part`, about `size` bytes of XML at a time."""

    def __init__(self, frame: Frame, index: int, part: str, size: int) -> None:
        self._frame = frame
        self._index = index
        self._part = part
        self._size = size
        self._head, self._tail = b"", b""

    @property
    def path(self) -> Path:
        """Of the workbook."""
        return self._frame.path

    def sheets(self) -> Iterator[tuple[bytes, CalamineSheet]]:
        """The rows as XML and as calamine takes them; NotSliced as soon as that cannot go on."""
        reached = -1
        for rows in self.rows():
            sheet = self.sheet(rows)
            if sheet.start is not None and sheet.end is not None:
                if sheet.start[0] <= reached:
                    raise NotSliced("a row again")
                reached = sheet.end[0]
            yield rows, sheet

    def sheet(self, rows: bytes = b"") -> CalamineSheet:
        """The sheet as if it had these rows alone. Without any, what stands behind the rows, such
        as merged ranges, counts; call `rows` to the end first."""
        numbers = _Numbers()
        own, named = rows, rows.count(b't="s"')
        if named:
            own, count = self._text_cell.subn(numbers.renamed, rows)
        if (named and count != named) or b"='s'" in rows:
            raise NotSliced(self._part)
        end = b"</" + self._prefix
        tail = self._tail if not rows else end + b"sheetData>" + end + b"worksheet>"
        parts = {self._part: self._head + own + tail, **self._frame.texts(numbers.old)}
        try:
            return self._frame.book(parts).get_sheet_by_index(self._index)
        except CalamineError as error:
            raise NotSliced(self._part) from error

    def rows(self) -> Iterator[bytes]:
        """The XML of the rows; each slice ends behind a row."""
        last = 0
        for content in self._cut():
            numbers = [int(number) for number in self._number.findall(content)]
            if b"<!" in content or len(numbers) != content.count(self._row):
                raise NotSliced(self._part)
            for number in numbers:
                if number <= last:
                    raise NotSliced(self._part)
                last = number
            if numbers:
                yield content

    def _cut(self) -> Iterator[bytes]:
        content, tail, path, part = b"", b"", self._frame.path, self._part
        begun = False
        with archive.check(path) as opened:
            for piece in archive.pieces(path, opened, part, overlap=0, size=self._size):
                if tail:
                    tail += piece
                    continue
                content += piece
                if not begun and (begin := _BEGIN.search(content)):
                    content, begun = self._behind_head(content, begin), True
                if len(content) > MAX_RECORD_CHARACTERS:
                    raise NotSliced(part)
                if not begun:
                    continue
                end = content.find(self._end_of_all)
                if end >= 0:
                    yield content[:end]
                    tail = content[end:]
                    continue
                cut = content.rfind(self._end_of_row) + len(self._end_of_row)
                if cut >= len(self._end_of_row):
                    yield content[:cut]
                    content = content[cut:]
        if not tail:
            raise NotSliced(part)
        self._tail = tail

    def _behind_head(self, content: bytes, begin: re.Match[bytes]) -> bytes:
        """What follows; how the sheet writes its tags is kept."""
        prefix = self._prefix = begin[1]
        tag = prefix + b"sheetData>"
        self._head = content[: begin.start()] + b"<" + tag
        self._row, self._end_of_row = b"<" + prefix + b"row", b"</" + prefix + b"row>"
        self._end_of_all = b"</" + prefix + b"sheetData"
        self._number = re.compile(self._row + rb"\b[^>]*?\sr=\"([0-9]{1,7})\"")
        cell = b"<" + prefix + rb"c\b[^>]*\st=\"s\"[^>]*>\s*<" + prefix + rb"v>"
        self._text_cell = re.compile(b"(" + cell + rb")([0-9]{1,9})(?=<)")
        return (b"</" + tag if begin[2] else b"") + content[begin.end() :]


class _Numbers(dict[bytes, bytes]):
    """The numbers of shared texts in the file, and those that they get in a slice."""

    def __missing__(self, old: bytes) -> bytes:
        self[old] = new = b"%d" % len(self)
        return new

    def renamed(self, found: re.Match[bytes]) -> bytes:
        """The beginning of a cell with the number that its text has in the slice."""
        return found[1] + self[found[2]]

    @property
    def old(self) -> list[int]:
        """The numbers in the file, in the order of those in the slice."""
        return [int(number) for number in self]
