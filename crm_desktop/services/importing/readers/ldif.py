"""LDIF files (RFC 2849) of a directory of people: one row for each person, heads come first.

A manager is named by the place of his entry in the directory; the row says his name instead. What
is no text (keys), passwords and values that lie elsewhere (`:<`) are left out, and so are entries
that are no people, unless the file has nothing else. Rows are numbered as they are handed out.
Photos lie in a file of ours beside until they are asked for; nothing is ever fetched for them.
"""

from __future__ import annotations

import base64
import binascii
import os
import tempfile
import threading
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path

from crm_desktop.services.importing.readers import problems
from crm_desktop.services.importing.readers.base import (
    Cell,
    CellPicture,
    ReadOptions,
    Sheet,
    SheetInfo,
    Source,
)
from crm_desktop.services.importing.readers.limits import MAX_CARD_VALUES, MAX_COLUMNS
from crm_desktop.services.importing.readers.textscan import scan

Entry = dict[str, list[str]]
"""Values by attribute in lower case, without options such as `;lang-ru`; `dn` is one of them."""

_NAME, _HEAD, _PHOTO, _UNIT = "name", "manager", "photo", "ou"
_PICTURES = ("jpegphoto", "thumbnailphoto")
"""The larger one first; each entry keeps one, as the number of its `CellPicture`."""
_LONGEST = 36_000_000  # letters of a line: a picture of 25 MB in base64, and some more
_CALLED = {
    "title": "job title", "department": "department", "ou": "department", "mail": "e-mail",
    "telephonenumber": "phone", "mobile": "mobile phone", "uid": "login",
    "samaccountname": "login", "o": "company", "l": "city", "streetaddress": "street",
    "postalcode": "postcode", "description": "note",
}  # fmt: skip
"""What attributes of directories mean, where their own names do not say it."""
_DROPPED = frozenset(
    """dn changetype objectclass userpassword unicodepwd jpegphoto thumbnailphoto photo audio
    objectguid objectsid usercertificate usercertificate;binary usersmimecertificate manager cn
    displayname givenname sn memberof objectcategory""".split()
)
_PEOPLE = frozenset("person organizationalperson inetorgperson user".split())
_THINGS = frozenset("computer group groupofnames".split())


class Pictures:
    """The photos of one file, taken out of it."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the last who asks for it
        weakref.finalize(self, self._file.close)
        self._turn = threading.Lock()
        self.cells: list[CellPicture] = []

    def take(self, rest: str) -> str:
        """The number of the picture that a value is, as it stands behind its colon."""
        if rest.startswith("<"):
            self.cells.append(CellPicture(elsewhere=rest[1:].strip()[:200] or "<"))
            return str(len(self.cells) - 1)
        try:
            content = base64.b64decode(rest[1:].strip(), validate=True) if rest[:1] == ":" else b""
        except (binascii.Error, ValueError):
            content = b""
        with self._turn:
            at = self._file.seek(0, os.SEEK_END)
            self._file.write(content)
        self.cells.append(CellPicture(len(content), partial(self._read, at, len(content))))
        return str(len(self.cells) - 1)

    def _read(self, at: int, size: int) -> bytes:
        with self._turn:
            self._file.seek(at)
            return self._file.read(size)


def entries(path: Path, encoding: str, pictures: Pictures) -> Iterator[Entry]:
    """What stands in the file; entries that change or delete something are left out."""
    current: Entry = {}
    with path.open(encoding=encoding, errors="replace") as file:
        for line in _unfolded(file):
            if not line.strip():
                if _is_whole(current):
                    yield current
                current = {}
                continue
            name, value = _attribute(line, pictures)
            if name and value is not None and len(current) < MAX_CARD_VALUES:
                current.setdefault(name, []).append(value)
    if _is_whole(current):
        yield current


def _is_whole(entry: Entry) -> bool:
    return "dn" in entry and entry.get("changetype", ["add"]) == ["add"]


def _unfolded(lines: Iterator[str]) -> Iterator[str]:
    """Lines put together again where they were broken; without comments."""
    parts: list[str] = []
    room = 0
    for raw in lines:
        line = raw.rstrip("\r\n").replace("\0", "").removeprefix("\ufeff")
        if line.startswith(" ") and parts:
            room -= len(line)
            if room > 0:
                parts.append(line[1:])
            continue
        room = _LONGEST
        if parts and not parts[0].startswith("#"):
            yield "".join(parts)
        parts = [line]
    if parts and not parts[0].startswith("#"):
        yield "".join(parts)


def _attribute(line: str, pictures: Pictures) -> tuple[str, str | None]:
    """Name and value, of a picture its number; None for a value that is no text or lies
    elsewhere."""
    described, sign, rest = line.partition(":")
    name = described.partition(";")[0].strip().lower()
    if sign and name in _PICTURES:
        return name, pictures.take(rest)
    if not sign or rest.startswith("<"):
        return name, None
    if not rest.startswith(":"):
        return name, rest.strip()
    try:
        return name, base64.b64decode(rest[1:].strip(), validate=True).decode().strip()
    except (binascii.Error, ValueError):
        return name, None


class DirectorySheet(Sheet):
    """Columns: the name, what the attributes mean, and the head, whoever has one."""

    def __init__(self, path: Path, found: Sequence[Entry], pictures: Pictures) -> None:
        super().__init__(path.stem)
        self._pictures = pictures
        people = [entry for entry in found if _is_person(entry)] or list(found)
        self._names = {_place(entry["dn"][0]): _name(entry) for entry in found}
        self._rows = _heads_first(people)
        used = dict.fromkeys(
            _CALLED.get(key, key) for entry in self._rows for key in entry if key not in _DROPPED
        )
        own = (_NAME, _HEAD, _PHOTO)
        self._used = tuple(name for name in used if name not in own)[: MAX_COLUMNS - 3]
        self._last = (_PHOTO,) if any(map(_picture, self._rows)) else ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return (_NAME, *self._used, _HEAD, *self._last)

    @cached_property
    def columns(self) -> int:
        return len(self.names)

    @property
    def count(self) -> int:
        """How many people there are."""
        return len(self._rows)

    def records(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        for number, entry in enumerate(self._rows, 1):
            values: dict[str, str] = {}
            for key, found in entry.items():
                if key == _UNIT:  # the next ones say where in the tree the entry stands
                    values.setdefault(_CALLED[key], entry.get("department", found)[0])
                elif key not in _DROPPED:
                    values.setdefault(_CALLED.get(key, key), "; ".join(dict.fromkeys(found)))
            told = [values.get(name) or None for name in self._used]
            photo = self._pictures.cells[int(_picture(entry))] if _picture(entry) else None
            last = [photo] if self._last else []
            yield number, [_name(entry) or None, *told, self._head(entry), *last]

    def _head(self, entry: Entry) -> str | None:
        named = entry.get("manager", [""])[0]
        return (self._names.get(_place(named)) or _first_part(named)) if named else None


class DirectorySource(Source):
    """An LDIF file as a file of one sheet."""

    kind = "ldif"

    def __init__(self, path: Path, options: ReadOptions) -> None:
        found = scan(path, encoding=options.encoding)
        super().__init__(path, replace(options, encoding=found.encoding))
        pictures = Pictures()
        try:
            read = list(entries(path, found.encoding, pictures))
            self._sheet = DirectorySheet(path, read, pictures)
        except OSError as error:
            raise problems.reading_failed(path, error) from error
        if not self._sheet.count:
            raise problems.problem(problems.DAMAGED, path)

    @property
    def sheets(self) -> tuple[SheetInfo, ...]:
        """One sheet; its rows are counted."""
        return (SheetInfo(self._sheet.name, rows=self._sheet.count, columns=self._sheet.columns),)

    def sheet_at(self, index: int) -> Sheet:
        return self._sheet


def _is_person(entry: Entry) -> bool:
    kinds = {kind.lower() for kind in entry.get("objectclass", ())}
    return bool(kinds & _PEOPLE) and not kinds & _THINGS


def _picture(entry: Entry) -> str:
    """The number of the photo; '' where there is none."""
    return next((entry[key][0] for key in _PICTURES if key in entry), "")


def _name(entry: Entry) -> str:
    for key in ("displayname", "cn"):
        if entry.get(key, [""])[0]:
            return entry[key][0]
    parts = [entry.get(key, [""])[0] for key in ("sn", "givenname")]
    return " ".join(filter(None, parts)) or _first_part(entry["dn"][0])


def _place(dn: str) -> str:
    """The same for two spellings of a place in the directory."""
    return ",".join(part.strip() for part in dn.lower().split(","))


def _first_part(dn: str) -> str:
    """`Ann Lee` of `CN=Ann Lee,OU=Sales,DC=example`; an escaped comma belongs to the name."""
    value = dn.replace("\\,", "\0").partition(",")[0].partition("=")[2]
    return value.replace("\0", ",").strip()


def _heads_first(people: Sequence[Entry]) -> list[Entry]:
    """In the order of the file, but nobody before whom he reports to: a row can name only who is
    there. Rings, which no office has, stay as they stand."""
    by_place = {_place(entry["dn"][0]): entry for entry in people}
    placed: dict[int, Entry] = {}
    for entry in people:
        chain: list[Entry] = []
        met: set[int] = set()
        above: Entry | None = entry
        while above is not None and id(above) not in placed and id(above) not in met:
            chain.append(above)
            met.add(id(above))
            above = by_place.get(_place(above.get("manager", [""])[0]))
        for one in reversed(chain):
            placed[id(one)] = one
    return list(placed.values())
