"""Files in a calendar file (ATTACH, RFC 5545, 3.8.1.1; their names RFC 8607, 4.1).

Small ones are written into the file and read out of it; what is too large for that is named.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from icalendar import Component, Parameters

from crm_desktop.i18n import _
from crm_desktop.i18n import language as language_now
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.text.file_names import safe_name
from crm_desktop.models.text.file_sizes import size_text
from crm_desktop.services.files.contents import Contents
from crm_desktop.services.files.files import Files
from crm_desktop.services.files.rows import FileShape
from crm_desktop.services.files.sources import FileSource
from crm_desktop.services.ics.found import Attached, Left, quiet
from crm_desktop.services.ics.lines import ATTACH, LARGEST_FILE
from crm_desktop.services.ics.lines import Component as Raw
from crm_desktop.services.ics.properties import put, put_raw
from crm_desktop.services.workspace import Workspace

MOST_OF_ALL = 15 * 1024 * 1024
"""Bytes of all files that are written into one calendar file: it stays well below what can be
brought in again."""
LEFT_OUT = "X-CRM-LEFT-OUT"
MOST_FILES = 100
_HEAD = re.compile(r'((?:[^":]|"[^"]*")*):')
_NAMES = ("FILENAME", "X-FILENAME", "X-APPLE-FILENAME", "X-LABEL", "LABEL")


@dataclass(frozen=True)
class ReadOut:
    """The files of an entry, the addresses of files that are elsewhere, and sentences."""

    files: tuple[Attached, ...] = ()
    addresses: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_attached(raw: Raw) -> ReadOut:
    """What the ATTACH lines of an entry hold."""
    files, addresses, notes = [], [], []
    lines = [line for line in raw.lines if line.upper().startswith(ATTACH)]
    for number, line in enumerate(lines[:MOST_FILES], 1):
        params, value = _parted(line)
        if str(params.get("VALUE", "")).upper() != "BINARY" and not params.get("ENCODING"):
            if value.lower().startswith(("http://", "https://", "ftp://", "file://")):
                addresses.append(value[:2000])
            else:
                notes.append(_("A file that is elsewhere was left out: {address}").format(
                    address=value[:80]))  # fmt: skip
            continue
        name = _name(params, number)
        content = _content(value)
        if content is None:
            notes.append(_("The file “{name}” cannot be read and was left out").format(name=name))
        elif len(content) > LARGEST_FILE:
            notes.append(too_large(name))
        else:
            files.append(Attached(name, content, sha256(content).hexdigest()))
    notes += [_("The file “{name}” was not written into the calendar").format(name=one.strip()[:80])
              for one in _values(raw, LEFT_OUT)]  # fmt: skip
    return ReadOut(tuple(dict.fromkeys(files)), tuple(dict.fromkeys(addresses)), tuple(notes))


def too_large(name: str) -> str:
    """What is said of a file that has no place in a calendar."""
    return _("The file “{name}” was left out: a calendar file holds files of up to {limit}").format(
        name=name, limit=size_text(LARGEST_FILE, language_now())
    )


def _values(raw: Raw, name: str) -> Iterator[str]:
    for line in raw.lines:
        head, _sign, value = line.partition(":")
        if head.partition(";")[0].upper() == name:
            yield re.sub(r"\\(.)", r"\1", value)


def _parted(line: str) -> tuple[Mapping[str, Any], str]:
    found = _HEAD.match(line)
    if found is None:
        return {}, line.partition(":")[2]
    given = found[1].partition(";")[2]
    try:
        read: Callable[[str], Parameters] = Parameters.from_ical
        params = read(given) if given else Parameters()
    except ValueError:  # the library refuses odd parameters in several ways, all of this kind
        params = Parameters()
    return params, line[found.end() :].strip()


def _name(params: Mapping[str, Any], number: int) -> str:
    stated = next((str(params[key]) for key in _NAMES if params.get(key)), "")
    return safe_name(stated, "") or _("File {number}").format(number=number)


def _content(value: str) -> bytes | None:
    try:
        return b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


# --- out and in -----------------------------------------------------------------------------------


class AttachedOut:
    """Reads once which files activities have, then writes those of each into its entry."""

    def __init__(self, workspace: Workspace, entity: EntityDef, ids: Iterable[int]) -> None:
        self._shape = FileShape.of(workspace.catalogue)
        self._contents = Contents(workspace.backend, workspace.tables, workspace.clock)
        self._owner = self._shape.link(workspace.catalogue, entity).field.key
        rows = workspace.reader.linked(self._shape.entity.key, self._owner, list(ids))
        self._of: dict[int, list[Mapping[str, Any]]] = {}
        for _id, row in sorted(rows.items()):
            self._of.setdefault(row.values[self._owner].id, []).append(row.values)
        self._room = MOST_OF_ALL
        self.left: list[Left] = []

    def put(self, made: Component, id_: int, number: int, subject: str) -> None:
        """Adds the files of an activity, the entry of this number."""
        trait = self._shape.trait
        for values in self._of.get(id_, ()):
            name, size = str(values[self._shape.name] or ""), int(values[trait.size] or 0)
            if size > min(LARGEST_FILE, self._room):
                put(made, LEFT_OUT, name)
                self.left.append(Left(number, subject[:80], too_large(name)))
                continue
            content = self._contents.read(str(values[trait.digest]), size)
            self._room -= size
            given = {
                "FILENAME": name, "FMTTYPE": str(values[trait.media] or ""),
                "X_CRM_NOTE": str(values[trait.note] or ""),
            }  # fmt: skip
            put_raw(
                made, ATTACH, b64encode(content).decode(), ENCODING="BASE64", VALUE="BINARY",
                **{key: quiet(text) for key, text in given.items() if text},
            )  # fmt: skip


def stored(workspace: Workspace, files: Iterable[Attached]) -> dict[str, dict[str, Any]]:
    """Puts the contents into the base; what their records hold beside whose they are, by digest.

    A content that nothing points to in the end is cleared away like any other."""
    keeping = Files(workspace)
    return {
        one.digest: keeping.stored_values(FileSource(one.name, content=one.content))
        for one in dict.fromkeys(files)
    }
