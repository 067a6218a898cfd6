"""The shared texts of a workbook of Office Open XML, kept on the disk and looked up by number.

Cells name texts by their places in one long list, which for a hundred thousand clients is as big as
the sheet itself. It is unpacked once into a file without a name, which is gone with the process.
"""

from __future__ import annotations

import re
import zipfile
from array import array
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryFile

from crm_desktop.services.importing.readers.archive import pieces
from crm_desktop.services.importing.readers.limits import MAX_RECORD_CHARACTERS, MEBIBYTE

_FIRST = re.compile(rb"<((?:\w+:)?)si[\s>]")
_COUNTS = re.compile(rb"\s(?:c|uniqueC)ount\s*=\s*[\"'][0-9]*[\"']")
_TOGETHER = 64  # texts that are looked up together: of each such lot the place is remembered


class NotSliced(Exception):
    """Written as no usual program writes it, or broken: a reader of the whole has to judge."""


class SharedTexts:
    """The texts as the XML they stand in; close them."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, part: str) -> None:
        self._path = path
        self._file = TemporaryFile()  # noqa: SIM115 - `close` closes it
        self._places = array("Q", [0])
        self._head, self._begin, self._end = b"", b"<si", b"</si>"
        try:
            self._keep(archive, part)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Gives the room on the disk back."""
        self._file.close()

    def part(self, numbers: list[int]) -> bytes:
        """A part of a workbook with these texts alone, in this order."""
        lots = {number // _TOGETHER for number in numbers}
        known = dict(self._lots(sorted(lots)))
        try:
            texts = [known[number // _TOGETHER][number % _TOGETHER] for number in numbers]
        except (KeyError, IndexError) as error:
            raise NotSliced("a text that is not there") from error
        return b"".join((self._head, *(text + self._end for text in texts), self._tail))

    @property
    def _tail(self) -> bytes:
        return self._end.replace(b"si>", b"sst>")

    def _lots(self, wanted: list[int]) -> Iterator[tuple[int, list[bytes]]]:
        """Lots of texts, those that lie side by side read at once."""
        if wanted and wanted[-1] >= len(self._places) - 1:
            raise NotSliced("a text that is not there")
        for _gap, found in groupby(enumerate(wanted), lambda pair: pair[1] - pair[0]):
            side_by_side = [lot for _place, lot in found]
            first, last = self._places[side_by_side[0]], self._places[side_by_side[-1] + 1]
            self._file.seek(first)
            content = self._file.read(last - first)
            for lot in side_by_side:
                kept = content[self._places[lot] - first : self._places[lot + 1] - first]
                yield lot, kept.split(self._end)[:-1]

    def _keep(self, archive: zipfile.ZipFile, part: str) -> None:
        waiting: list[bytes] = []
        for texts in self._texts(archive, part):
            waiting += texts
            whole = len(waiting) - len(waiting) % _TOGETHER
            for place in range(0, whole, _TOGETHER):
                self._write(waiting[place : place + _TOGETHER])
            del waiting[:whole]
        self._write(waiting)
        self._file.flush()

    def _write(self, texts: list[bytes]) -> None:
        content = b"".join([text + self._end for text in texts])
        self._file.write(content)
        self._places.append(self._places[-1] + len(content))

    def _texts(self, archive: zipfile.ZipFile, part: str) -> Iterator[list[bytes]]:
        """All texts without their ends; what stands before them becomes `_head`."""
        rest = b""
        for piece in pieces(self._path, archive, part, overlap=0, size=MEBIBYTE):
            rest += piece
            if b"<!" in rest or len(rest) > MAX_RECORD_CHARACTERS:
                raise NotSliced(part)
            if not self._head:
                rest = self._behind_head(rest)
            *texts, rest = rest.split(self._end)
            if b"".join(texts).count(self._begin) != len(texts):  # some are empty: <si/>
                raise NotSliced(part)
            yield texts
        if self._begin in rest or self._tail not in rest:
            raise NotSliced(part)

    def _behind_head(self, content: bytes) -> bytes:
        first = _FIRST.search(content)
        if first is None:
            raise NotSliced("no text")
        self._head = _COUNTS.sub(b"", content[: first.start()])
        self._begin, self._end = b"<" + first[1] + b"si", b"</" + first[1] + b"si>"
        return content[first.start() :]
