"""One quick pass over a text file: its encoding, its size in lines, and what has to be repaired."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from crm_desktop.services.importing.readers import problems
from crm_desktop.services.importing.readers.encoding import detect, marked
from crm_desktop.services.importing.readers.limits import (
    MAX_LINE_BYTES,
    MEBIBYTE,
    SAMPLE_BYTES,
)

# An apostrophe before a sign that would make a formula of the cell: see exporting.writers.
_GUARDED = re.compile(rb"[\r\n,;\t|\"\xbf]'+[=+\-@\t\r\n]")
# The second and later bytes of text files of any encoding that we read have few of these.
_CONTROL = bytes(code for code in range(32) if code not in (0, 9, 10, 12, 13, 26, 27))
_MAX_CONTROL_SHARE = 0.02


@dataclass(frozen=True)
class TextScan:
    """What one pass over the bytes tells.

    `lines`: line ends counted. `nuls`: characters that belong in no text. `guarded` and `failed`:
    cells behind an apostrophe, or error words of spreadsheets, may be there. `complete`: the
    head is the whole file.
    """

    encoding: str
    damaged: bool
    head: bytes
    complete: bool
    lines: int
    nuls: int
    guarded: bool
    failed: bool

    @property
    def text(self) -> str:
        """The head as text, up to its last whole line."""
        name = self.encoding
        decoder = codecs.getincrementaldecoder(name)("replace")
        text = decoder.decode(self.head, self.complete).removeprefix("\ufeff")
        if self.complete:
            return text
        cut = max(text.rfind("\n"), text.rfind("\r"))
        return text[: cut + 1] if cut > 0 else text


def scan(path: Path, *, encoding: str | None = None, lines_end: bool = True) -> TextScan:
    """Reads the file once; raises FileProblem if it is no text or has a line without an end.

    `lines_end`: a line of many mebibytes is a mistake.
    """
    try:
        with path.open("rb") as file:
            chunks = iter(lambda: file.read(MEBIBYTE), b"")
            return _scan(path, chunks, encoding, lines_end=lines_end)
    except OSError as error:
        raise problems.reading_failed(path, error) from error


def _scan(
    path: Path, chunks: Iterator[bytes], encoding: str | None, *, lines_end: bool
) -> TextScan:
    first = next(chunks, b"")
    if not first:
        raise problems.problem(problems.EMPTY, path)
    tally = _Tally(first, wide=_is_wide(encoding or marked(first) or ""))
    for chunk in chain((first,), chunks):
        tally.add(chunk)
        if lines_end and tally.line_bytes > MAX_LINE_BYTES:
            raise problems.problem(problems.ENDLESS_LINE, path)
    found = detect(bytes(tally.sample), whole=tally.whole)
    name = usable(path, encoding, first[:SAMPLE_BYTES]) if encoding else found.name
    wide = _is_wide(name)
    if not wide and tally.control > _MAX_CONTROL_SHARE * len(tally.sample) + 1:
        raise problems.problem(problems.NOT_TEXT, path)
    return TextScan(
        encoding=name,
        damaged=found.damaged and not encoding,
        head=first[:SAMPLE_BYTES],
        complete=len(first) <= SAMPLE_BYTES and tally.size == len(first),
        lines=tally.lines + (not tally.ended),
        nuls=0 if wide else tally.nuls,
        guarded=wide or tally.guarded,
        failed=wide or tally.failed,
    )


def usable(path: Path, encoding: str, head: bytes) -> str:
    """The encoding that a person has chosen; FileProblem if text cannot be read with it."""
    if encoding.lower().replace("_", "-") in ("utf-16", "utf-32") and not marked(head):
        encoding += "-le"  # as Windows writes it; without a mark Python asks which way round
    try:
        codecs.getincrementaldecoder(encoding)("replace").decode(head)
        "".encode(encoding)  # not so with codecs from bytes to bytes
    except (LookupError, UnicodeError, ValueError, TypeError, AssertionError) as error:
        raise problems.problem(problems.ENCODING, path, encoding=encoding) from error
    return encoding


def _is_wide(encoding: str) -> bool:
    return encoding.lower().replace("_", "-").startswith(("utf-16", "utf-32"))


class _Tally:
    """Counts over the chunks of a file, and the part of it that shows its encoding."""

    def __init__(self, first: bytes, *, wide: bool) -> None:
        self.sample = bytearray(first[:SAMPLE_BYTES])
        self.whole = len(first) < MEBIBYTE and len(first) <= SAMPLE_BYTES
        self.control = len(self.sample) - len(self.sample.translate(None, _CONTROL))
        self.telling = wide or not first[:SAMPLE_BYTES].isascii()
        self.size = self.lines = self.nuls = 0
        self.guarded = self.failed = False
        self.line_bytes = 0  # of the last line so far
        self._last = b"\n"
        self._utf8: Callable[[bytes], str] | None = None if wide else _strict_utf8()

    @property
    def ended(self) -> bool:
        """The last line has its end."""
        return self._last.endswith((b"\n", b"\r"))

    def add(self, chunk: bytes) -> None:
        self.size += len(chunk)
        self.nuls += chunk.count(0)
        self.lines += chunk.count(b"\n") or chunk.count(b"\r")
        self.failed = self.failed or b"#" in chunk
        if b"'" in chunk and not self.guarded:
            self.guarded = bool(_GUARDED.search(self._last + chunk))
        self._last = chunk[-8:]
        self._measure_line(chunk)
        self._show_encoding(chunk)

    def _measure_line(self, chunk: bytes) -> None:
        end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        self.line_bytes = len(chunk) - end if end >= 0 else self.line_bytes + len(chunk)

    def _show_encoding(self, chunk: bytes) -> None:
        """Adds to the sample what is beyond ASCII, or no UTF-8, far behind the head of the file."""
        if self._utf8 is None:
            return
        try:
            self._utf8(chunk)
        except UnicodeDecodeError as error:
            self._utf8 = None
            self._take(chunk, error.start)
            return
        if not self.telling and not chunk.isascii():
            self.telling = True
            self._take(chunk, next(i for i, byte in enumerate(chunk) if byte > 0x7F))

    def _take(self, chunk: bytes, at: int) -> None:
        if self.size == len(chunk) and at < SAMPLE_BYTES - 4:
            return  # the sample has it
        start = chunk.rfind(b"\n", 0, at) + 1
        self.sample += b"\n" + chunk[start : start + SAMPLE_BYTES]
        self.whole = False


def _strict_utf8() -> Callable[[bytes], str]:
    return codecs.getincrementaldecoder("utf-8")("strict").decode
