"""The components of a calendar file as unfolded lines, whatever state the file is in.

Everything here comes from outside and is hostile: sizes, depth and amounts are bounded before any
library sees a line, and a component that is broken costs only itself.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from crm_desktop.errors import FileProblem, InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.text.disk_reasons import disk_reason
from crm_desktop.services.importing.readers.encoding import detect

LARGEST = 32 * 1024 * 1024
MOST_ENTRIES = 20_000
DEEPEST = 8
LONGEST_LINE = 200_000
LARGEST_FILE = 5 * 1024 * 1024
"""Bytes of a file that lies in a calendar file."""
ATTACH = "ATTACH"
_LONGEST_FILE = LARGEST_FILE // 3 * 4 + 1000
MOST_LINES = 2_000  # of one entry: people, dates taken out, alarms
ENTRIES = ("VEVENT", "VTODO", "VJOURNAL")
ZONE = "X-CRM-TZID"
_ZONE = re.compile(
    r"^((?:DTSTART|DTEND|DUE|EXDATE|RDATE|RECURRENCE-ID|COMPLETED)"
    r"(?:;[^:;\"]*)*?);TZID=", re.IGNORECASE,
)  # fmt: skip
_TEXT_OF_OUTSIDE = re.compile(r"^\s*[A-Za-z][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)?\s*[;:]")


@dataclass
class Component:
    """One component: its name, its lines and what lies in it."""

    name: str
    lines: list[str] = field(default_factory=list)
    inner: list[Component] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)
    """The properties whose lines were put right."""

    def value(self, name: str) -> str:
        """The value of a line without parameters that matter; '' if there is none."""
        for line in self.lines:
            head, _sign, value = line.partition(":")
            if head.partition(";")[0].upper() == name:
                return value.strip()
        return ""

    def text(self) -> str:
        """As lines of a file, to be read by the library; zones are looked up by us (`zones`), and
        files are read by us (`attached`)."""
        lines = [one for one in self.lines if not one.upper().startswith(ATTACH)]
        parts = [f"BEGIN:{self.name}", *(_ZONE.sub(r"\1;" + ZONE + "=", one) for one in lines)]
        parts += [one.text().rstrip("\r\n") for one in self.inner]
        return "\r\n".join([*parts, f"END:{self.name}"]) + "\r\n"


@dataclass(frozen=True)
class Entry:
    """An event, task or journal entry of a file, with the calendar it stands in."""

    number: int
    component: Component
    calendar: Component


@dataclass(frozen=True)
class CalendarText:
    """What a file holds: `calendars` with their `entries`, and sentences about its form."""

    calendars: tuple[Component, ...]
    entries: tuple[Entry, ...]
    remarks: tuple[str, ...]


def read_calendar_file(path: Path) -> CalendarText:
    """Reads a file; `FileProblem` if it cannot be read, `InvalidInput` if it is no calendar."""
    try:
        if path.stat().st_size > LARGEST:
            raise FileProblem(_too_large(path.name))
        data = path.read_bytes()
    except OSError as error:
        raise FileProblem(
            _("{file} cannot be read: {reason}").format(file=path.name, reason=disk_reason(error))
        ) from error
    return read_calendar(data, path.name)


def read_calendar(data: bytes, name: str) -> CalendarText:
    """The components of the bytes of a file called `name`."""
    if len(data) > LARGEST:
        raise FileProblem(_too_large(name))
    if not data.strip():
        raise InvalidInput(_("{file} is empty").format(file=name))
    remarks: list[str] = []
    text = _decoded(data, remarks)
    if not re.search(r"(?im)^\s*BEGIN[ \t]*:[ \t]*V", text):
        raise InvalidInput(
            _("{file} is not a calendar: there is no line BEGIN:VCALENDAR in it").format(file=name)
        )
    top = _tree(_unfolded(text), remarks)
    calendars, entries = _sorted(top)
    remarks += _others(top)
    if len(entries) > MOST_ENTRIES:
        raise InvalidInput(
            _("{file} holds {count} entries; at most {most} can be brought in at a time: "
              "divide the file").format(file=name, count=len(entries), most=MOST_ENTRIES)
        )  # fmt: skip
    return CalendarText(tuple(calendars), tuple(entries), tuple(remarks))


def _too_large(name: str) -> str:
    return _("{file} is larger than {limit} MB: export fewer entries at a time").format(
        file=name, limit=LARGEST // 1024 // 1024
    )


def _decoded(data: bytes, remarks: list[str]) -> str:
    found = detect(data)
    text = data.decode(found.name, errors="replace").removeprefix("\ufeff")
    if not found.name.startswith("utf-8"):
        remarks.append(
            _("The file is not in UTF-8 as the standard asks; it was read as {encoding}").format(
                encoding=found.name
            )
        )
    if found.damaged or "\ufffd" in text:
        remarks.append(_("Some letters of the file are damaged"))
    return text.replace("\x00", "")


def _unfolded(text: str) -> Iterator[str]:
    """The lines without folds (RFC 5545, 3.1), also where empty lines were put between them."""
    parts: list[str] = []
    room = 0
    for line in io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")):
        if not line.strip():
            continue
        is_more = line[0] in " \t" and parts
        if not is_more:
            yield from ["".join(parts).rstrip()] if parts else []
            is_file = line[: len(ATTACH)].upper() == ATTACH
            parts, room = [], _LONGEST_FILE if is_file else LONGEST_LINE
        piece = line[1 if is_more else 0 :].rstrip("\n")[:room]
        parts.append(piece)
        room -= len(piece)
    yield from ["".join(parts).rstrip()] if parts else []


def _tree(lines: Iterator[str], remarks: list[str]) -> Component:
    """All components below one that stands for the file."""
    top = Component("")
    open_ones, dropped, broken = [top], 0, False
    for line in lines:
        word, _sign, name = line.partition(":")
        word, name = word.strip().upper(), name.strip().upper()
        if word == "BEGIN":
            if len(open_ones) > DEEPEST:
                raise InvalidInput(_("The calendar is nested too deeply: it is damaged"))
            made = Component(name[:60])
            open_ones[-1].inner.append(made)
            open_ones.append(made)
        elif word == "END":
            broken |= not _closed(open_ones, name)
        elif _TEXT_OF_OUTSIDE.match(line) and len(open_ones[-1].lines) < MOST_LINES:
            mended = _mended(line)
            if mended != line:
                open_ones[-1].mended.append(re.split("[;:]", mended, maxsplit=1)[0].upper())
            open_ones[-1].lines.append(mended)
        else:
            dropped += 1
    if broken or len(open_ones) > 1:
        remarks.append(_("The file is cut off or its parts do not fit together; what can be read "
                         "was read"))  # fmt: skip
    if dropped:
        remarks.append(_("Lines that make no sense were passed over: {count}").format(
            count=dropped))  # fmt: skip
    return top


def _closed(open_ones: list[Component], name: str) -> bool:
    """Ends the innermost component of this name, and what was left open in it."""
    names = [one.name for one in open_ones]
    if len(open_ones) > 1 and name in names[1:]:
        fits = names[-1] == name
        while open_ones.pop().name != name:
            pass
        return fits
    return False


def _mended(line: str) -> str:
    """Without empty parameters, which some programs write."""
    head, sign, value = line.partition(":")
    if '"' in head:
        return line
    return ";".join(part.strip() for part in head.split(";") if part.strip()) + sign + value


def _others(top: Component) -> list[str]:
    """Of which further components nothing is brought in: free/busy times, polls and the like."""
    known = (*ENTRIES, "VCALENDAR", "VTIMEZONE", "VALARM", "STANDARD", "DAYLIGHT")
    inner = [two for one in top.inner if one.name == "VCALENDAR" for two in one.inner]
    names = Counter(one.name for one in (*top.inner, *inner) if one.name not in known)
    said = ", ".join(f"{name}: {count}" for name, count in names.most_common(10))
    return [_("Parts that are no events or tasks were left out ({names})").format(names=said)] if (
        said) else []  # fmt: skip


def _sorted(top: Component) -> tuple[list[Component], list[Entry]]:
    """Calendars and entries in the order of the file; entries may stand outside a calendar."""
    alone = Component("VCALENDAR")
    calendars, entries = [], list[Entry]()
    for one in top.inner:
        if one.name == "VCALENDAR":
            calendars.append(one)
            found = [inner for inner in one.inner if inner.name in ENTRIES]
        else:
            found = [one] if one.name in ENTRIES else []
        place = one if one.name == "VCALENDAR" else alone
        entries += [Entry(len(entries) + n, c, place) for n, c in enumerate(found, 1)]
    return calendars, entries
