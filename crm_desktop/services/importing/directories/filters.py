"""Filters of directories as people write them, `(&(objectClass=person)(mail=*))` (RFC 4515)."""

from __future__ import annotations

import re

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.services.importing.directories import ber

_AND, _OR, _NOT, _EQUAL, _PARTS, _LEAST, _MOST, _PRESENT, _LIKE = (
    0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0x87, 0xA8,
)  # fmt: skip
_FIRST, _AMONG, _LAST = 0x80, 0x81, 0x82
_ITEM = re.compile(r"\(([A-Za-z][\w.;-]*)(=|>=|<=|~=)([^()]*)\)")
_ESCAPED = re.compile(rb"\\([0-9a-fA-F]{2})")
_KINDS = {"=": _EQUAL, ">=": _LEAST, "<=": _MOST, "~=": _LIKE}
_DEEPEST = 30


def encoded(text: str) -> bytes:
    """The filter in bytes; `InvalidInput` where it is none."""
    text = text.strip()
    if not text.startswith("("):
        text = f"({text})"
    found, end = _read(text, 0, 0)
    if end != len(text):
        raise _wrong(text)
    return found


def _wrong(text: str) -> InvalidInput:
    said = _("“{filter}” is no filter of a directory; write for instance {example}")
    return InvalidInput(said.format(filter=text, example="(&(objectClass=person)(l=Omsk))"))


def _read(text: str, at: int, depth: int) -> tuple[bytes, int]:
    if depth > _DEEPEST or at >= len(text) or text[at] != "(":
        raise _wrong(text)
    sign = text[at + 1 : at + 2]
    if sign not in ("&", "|", "!"):
        return _item(text, at)
    parts, at = [], at + 2
    while text[at : at + 1] == "(":
        part, at = _read(text, at, depth + 1)
        parts.append(part)
    if text[at : at + 1] != ")" or not parts or (sign == "!" and len(parts) > 1):
        raise _wrong(text)
    return ber.together(*parts, tag={"&": _AND, "|": _OR, "!": _NOT}[sign]), at + 1


def _item(text: str, at: int) -> tuple[bytes, int]:
    match = _ITEM.match(text, at)
    if match is None:
        raise _wrong(text)
    name, sign, wanted = match.groups()
    if sign == "=" and wanted == "*":
        return ber.text(name, _PRESENT), match.end()
    if sign == "=" and "*" in wanted:
        return ber.together(ber.text(name), _pieces(wanted), tag=_PARTS), match.end()
    return ber.together(
        ber.text(name), ber.value(ber.OCTETS, _plain(wanted)), tag=_KINDS[sign]
    ), match.end()  # fmt: skip


def _pieces(wanted: str) -> bytes:
    first, *among, last = wanted.split("*")
    told = [(_FIRST, first), *((_AMONG, one) for one in among), (_LAST, last)]
    return ber.together(*(ber.value(tag, _plain(one)) for tag, one in told if one))


def _plain(wanted: str) -> bytes:
    return _ESCAPED.sub(lambda m: bytes([int(m[1], 16)]), wanted.encode())
