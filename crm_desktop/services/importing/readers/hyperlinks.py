"""Where links in the cells of a workbook of Office Open XML lead: calamine tells their words."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from html import unescape
from pathlib import Path, PurePosixPath

from crm_desktop.services.importing.readers import archive
from crm_desktop.services.importing.readers.base import Cell, LinkedText

_LINK = re.compile(rb"<(?:\w+:)?hyperlink\b([^<>]*)>")
_PLACE = re.compile(rb"\sref=\"([A-Z]{1,3}[0-9]{1,7})(?::[A-Z0-9]{1,10})?\"")
_NUMBER = re.compile(rb"\s\w+:id=\"([^\"]{1,60})\"")
_TARGETS = ("http://", "https://", "mailto:", "ftp://", "tel:")
_MAIL = "mailto:"


def links_of(path: Path, opened: zipfile.ZipFile, part: str) -> Mapping[tuple[int, int], str]:
    """Addresses outside the workbook by row and column, both from 0; `archive.survey` passed the
    worksheet `part`. Nothing is fetched from them."""
    whole = PurePosixPath(part)
    beside = f"{whole.parent}/_rels/{whole.name}.rels"
    if beside not in opened.namelist():
        return {}
    targets = {
        item.get("Id", ""): item.get("Target", "")
        for item in archive.read_xml(path, opened, beside)
        if item.get("Target", "").lower().startswith(_TARGETS)
    }
    if not targets:
        return {}
    found = {}
    for match in _LINK.finditer(archive.read_part(path, opened, part)):
        place, number = _PLACE.search(match[1]), _NUMBER.search(match[1])
        target = targets.get(unescape(number[1].decode("utf-8", "replace"))) if number else None
        if place and target:
            found[archive.place_of(place[1].decode())] = _address(target)
    return found


def put_in(cells: list[Cell], links: Mapping[int, str], first: int) -> None:
    """Texts that lead somewhere know where; `links` by column, `first` is that of the cells."""
    for column, address in links.items():
        place = column - first
        cell = cells[place] if 0 <= place < len(cells) else None
        if isinstance(cell, str):
            cells[place] = LinkedText(cell, address)


def _address(target: str) -> str:
    """Without the scheme and the subject of a letter."""
    if not target.lower().startswith(_MAIL):
        return target
    return target[len(_MAIL) :].partition("?")[0]
