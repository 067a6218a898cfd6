"""The lines of vCard files: folded, quoted-printable, in any encoding, often broken.

vobject refuses two of the sixteen real files that we were given (pictures cut off, AGENT); this
reader loses a value where it must, never a card.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from crm_desktop.services.importing.readers.encoding import detect
from crm_desktop.services.importing.readers.limits import MAX_RECORD_CHARACTERS

_HEX = re.compile(r"=([0-9A-Fa-f]{2})")
_BASE64_LINE = re.compile(r"[A-Za-z0-9+/=]+\s*")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_PARTS = {sign: re.compile(rf"(?:\\.|[^{sign}\\]|\\$)*", re.DOTALL) for sign in (";", ",")}
_NAME = re.compile(r"(?:[\w-]+\.)?([\w -]+)", re.ASCII)
_BINARY = frozenset(("PHOTO", "LOGO", "SOUND", "KEY"))
_ENCODINGS = {"QUOTED-PRINTABLE": "Q", "Q": "Q", "BASE64": "B", "B": "B"}


class Property(NamedTuple):
    """One line of a card. `name` in capitals, `types` in small letters, `value` not unescaped."""

    name: str
    types: tuple[str, ...]
    value: str
    number: int  # of its first line in the file


class _Head(NamedTuple):
    name: str
    types: tuple[str, ...]
    encoding: str  # Q, B or ''
    charset: str


def properties(lines: Iterable[str], fallback: str) -> Iterator[Property]:
    """The properties of lines whose letters stand for bytes (read as latin-1).

    `fallback`: the encoding of values that name none and are no UTF-8.
    """
    for number, text in _unfolded(lines):
        head, value = _split(text)
        if head is None:
            continue
        if head.encoding == "B" or (head.name in _BINARY and len(value) > 1000):
            yield Property(head.name, head.types, "", number)
        else:
            yield Property(head.name, head.types, _decoded(head, value, fallback), number)


def parts(value: str, sign: str = ";") -> list[str]:
    """The components of a name or an address: divided at semicolons or commas, unescaped."""
    found = []
    place = 0
    while place <= len(value):
        match = _PARTS[sign].match(value, place)
        end = match.end() if match else len(value)
        found.append(plain(value[place:end]))
        place = end + 1
    return found


def plain(value: str) -> str:
    """The text meant: `\\n` is a new line, any other escaped sign is the sign itself."""
    if "\\" in value:
        value = _ESCAPED.sub(lambda m: "\n" if m[1] in "nN" else m[1], value)
    return value.replace("\r\n", "\n").strip()


def _unfolded(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Logical lines with the number of their first line."""
    current: list[str] = []
    size = begun = 0
    quoted = binary = False
    for number, raw in enumerate(lines, 1):
        line = raw.rstrip("\r\n")
        more = _continuation(line, current, quoted=quoted, binary=binary)
        if more is None:
            if current:
                yield begun, "".join(current)
            current, size, begun = [line], len(line), number
            head = line.partition(":")[0].upper()
            quoted = "QUOTED-PRINTABLE" in head
            binary = "BASE64" in head or "ENCODING=B" in head
        elif size + len(more) <= MAX_RECORD_CHARACTERS and not binary:
            if quoted and current[-1].endswith("="):
                current[-1] = current[-1][:-1]
            current.append(more)
            size += len(more)
    if current:
        yield begun, "".join(current)


def _continuation(line: str, current: list[str], *, quoted: bool, binary: bool) -> str | None:
    """What the line adds to the current one; None if it begins another."""
    if not current:
        return None
    if quoted and current[-1].endswith("="):
        return line
    if line[:1] in (" ", "\t"):
        return line[1:]
    if not line.strip():
        return "" if binary else None
    if binary and _BASE64_LINE.fullmatch(line):
        return ""
    if ":" not in line and current[0].strip():
        return "\n" + line  # text with line ends of its own, not folded as it should be
    return None


def _split(text: str) -> tuple[_Head | None, str]:
    """The part before the first colon that is not quoted, read, and the part behind it."""
    head, colon, value = text.partition(":")
    if '"' not in head:
        return (_head(head), value) if colon else (None, "")
    quoted = False
    for place, sign in enumerate(text):
        if sign == '"':
            quoted = not quoted
        elif sign == ":" and not quoted:
            return _head(text[:place]), text[place + 1 :]
    return (_head(head), value) if colon else (None, "")  # the quotation mark is never closed


@lru_cache(maxsize=1024)
def _head(text: str) -> _Head | None:
    first, *parameters = _pieces(text, ";")
    match = _NAME.fullmatch(first.strip())
    if match is None:
        return None
    types: list[str] = []
    encoding = charset = ""
    for parameter in parameters:
        key, sign, value = parameter.partition("=")
        key, value = (key.strip().upper(), value.strip('" ')) if sign else ("", key.strip('" '))
        if key in ("", "ENCODING") and value.upper() in _ENCODINGS:
            encoding = _ENCODINGS[value.upper()]
        elif key == "CHARSET":
            charset = value
        elif key == "PREF":
            types.append("pref" if value == "1" else f"pref={value}")
        elif key in ("", "TYPE"):
            types += [item.strip().lower() for item in value.split(",") if item.strip()]
    return _Head(match[1].strip().upper(), tuple(dict.fromkeys(types)), encoding, charset)


def _pieces(text: str, sign: str) -> list[str]:
    """Divided at the sign where it is not quoted."""
    if '"' not in text:
        return text.split(sign)
    pieces, quoted, begun = [], False, 0
    for place, letter in enumerate(text):
        if letter == '"':
            quoted = not quoted
        elif letter == sign and not quoted:
            pieces.append(text[begun:place])
            begun = place + 1
    return [*pieces, text[begun:]]


def _decoded(head: _Head, value: str, fallback: str) -> str:
    if head.encoding == "Q":
        value = _HEX.sub(lambda match: chr(int(match[1], 16)), value)
    if value.isascii():
        return value
    content = value.encode("latin-1", "replace")
    for name in (head.charset, "utf-8"):
        try:
            return content.decode(name) if name else _no_charset()
        except (UnicodeError, LookupError, ValueError):
            continue
    if head.charset.lower() in ("utf-8", "utf8"):
        return content.decode("utf-8", "replace")
    # Only what is not quoted-printable shows in the encoding of the file.
    name = detect(content).name if head.encoding == "Q" else fallback
    return content.decode(name, "replace")


def _no_charset() -> str:
    raise LookupError
