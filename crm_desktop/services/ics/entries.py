"""An entry of a calendar file becomes an activity that was found in it.

One entry at a time is given to the library, so that a broken one costs only itself. The properties
X-CRM-... are our own: they hold what RFC 5545 has no word for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from icalendar import Component as Parsed
from icalendar import Event, Journal, Todo

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.builtin.activity import IDLE
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import ChoiceField, LongTextField, TextField
from crm_desktop.models.catalogue.fieldtypes.tags import joined, split_tags
from crm_desktop.models.catalogue.traits import Tags
from crm_desktop.models.text.normalise import norm
from crm_desktop.services.ics import attending
from crm_desktop.services.ics.attached import ReadOut, read_attached
from crm_desktop.services.ics.folding import BETWEEN_PEOPLE
from crm_desktop.services.ics.found import Found, Left, linked_fields
from crm_desktop.services.ics.lines import CalendarText, Entry
from crm_desktop.services.ics.own_fields import read_own_fields
from crm_desktop.services.ics.several import category_names, further, steps
from crm_desktop.services.ics.text import plain_text
from crm_desktop.services.ics.times import Stamp, Times, exact_moment, original, own_zone
from crm_desktop.services.ics.unplaced import further_lines, is_free, rich_text, without_place
from crm_desktop.services.ics.zones import Zones

LONGEST_UID = 250
_READERS: Mapping[str, type[Parsed]] = {"VEVENT": Event, "VTODO": Todo, "VJOURNAL": Journal}
_KINDS = {"VEVENT": "meeting", "VTODO": "task", "VJOURNAL": "note"}
_STATES = {"CANCELLED": "cancelled", "COMPLETED": "done", "IN-PROCESS": "working"}
_PRIVACY = {"PRIVATE": "busy", "CONFIDENTIAL": "closed"}
_CHOSEN = {
    "kind": "X-CRM-KIND", "state": "X-CRM-STATE", "private": "X-CRM-PRIVATE",
    "direction": "X-CRM-DIRECTION", "count_from": "X-CRM-COUNT-FROM",
}  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """How entries are read: the activity's definition, the office's zone, and now."""

    entity: EntityDef
    home: tzinfo
    now: datetime


@dataclass
class Contents:
    """What a file holds: activities in the order of the file, and what was left out or mended."""

    found: list[Found] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    stored: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What the records of its files hold whose contents are in the base, by digest."""


def read_entries(text: CalendarText, reading: Reading, check: Callable[[], None]) -> Contents:
    """All the activities of a file; `check` may raise `Cancelled`."""
    contents = Contents(left=[Left(0, "", remark) for remark in text.remarks])
    zones: dict[int, Zones] = {}
    starts: dict[str, Stamp] = {}
    for number, entry in enumerate(text.entries):
        if number % 50 == 0:
            check()
        place = zones.setdefault(id(entry.calendar), Zones(entry.calendar, reading.home))
        one = _One(entry, reading, place, starts)
        try:
            contents.found.append(one.read())
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError,
                RecursionError):  # fmt: skip
            # The library stumbles over broken properties in many ways; the entry is told of.
            one.note(_("It cannot be read and was left out"))
        except InvalidInput as error:
            one.note(error.message)
        contents.left += [Left(entry.number, one.title[:80], s) for s in dict.fromkeys(one.notes)]
    return contents


class _One:
    """One entry on its way to an activity."""

    def __init__(
        self, entry: Entry, reading: Reading, zones: Zones, starts: dict[str, Stamp]
    ) -> None:
        self._entry = entry
        self._raw = entry.component
        self._reading = reading
        self._zones = zones
        self._starts = starts
        self._guessed: set[str] = set()
        self._following = False
        self.notes: list[str] = []
        self.title = self._raw.value("SUMMARY") or self._raw.value("UID")

    def note(self, sentence: str) -> None:
        """Something was left out or mended."""
        self.notes.append(sentence)

    def read(self) -> Found:
        """The activity; `InvalidInput` if there is none in it."""
        parsed = _READERS[self._raw.name].from_ical(self._raw.text())
        assert isinstance(parsed, Parsed)
        self._tell_broken(parsed)
        attached = read_attached(self._raw)
        times = Times(parsed, self._raw, self._zones, self.note)
        uid, values = self._uid(), self._texts(parsed)
        self._no_place(values, attached)
        start = times.stamp("DTSTART")
        instead = self._replaced(times, start, uid)
        self._choices(parsed, values)
        self._dates(times, start, values, alone=instead is not None)
        self._exact(values)
        self._state(values)
        moment = values.get("starts") or values.get("due")
        return Found(
            number=self._entry.number, uid=uid, values=values, original=instead,
            following=self._following and instead is not None,
            sequence=_whole(self._raw.value("SEQUENCE")),
            method=self._method(),
            links=self._links(parsed), people=attending.people(parsed),
            alarms=attending.alarms(parsed, moment, values.get("ends"), self.note),
            steps=steps(parsed), further=further(parsed), files=attached.files,
            guessed=frozenset(self._guessed),
            base=self._entry.calendar.value("X-CRM-BASE"),
        )  # fmt: skip

    def _method(self) -> str:
        return self._entry.calendar.value("METHOD").upper()

    def _tell_broken(self, parsed: Parsed) -> None:
        for name, _reason in parsed.errors[:5]:  # the library's reasons are English
            if name:
                self.note(_("{property}: “{value}” cannot be read and was left out").format(
                    property=name, value=self._raw.value(name)[:60]))  # fmt: skip
            else:
                self.note(_("A line of it cannot be read and was left out"))

    def _uid(self) -> str:
        """Its own name, or one made of what it says: read again, it is found again."""
        stated = self._raw.value("UID")
        if stated and len(stated) <= LONGEST_UID:
            return stated
        lines = [one for one in self._raw.lines if not one.upper().startswith("DTSTAMP")]
        made = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:40]
        return f"{made}@calendar-file"

    def _replaced(self, times: Times, start: Stamp | None, uid: str) -> datetime | None:
        """The start of the occurrence in whose place this entry stands."""
        found = times.stamp("RECURRENCE-ID")
        if found is None:
            if start is not None:
                self._starts[uid] = start
            return None
        self._following = "THISANDFUTURE" in "".join(
            line.partition(":")[0].upper()
            for line in self._raw.lines
            if line.upper().startswith("RECURRENCE-ID")
        )
        own = exact_moment(self._raw.value("X-CRM-OCCURRENCE"))
        return own or original(
            found, self._starts.get(uid, start if start and start.is_day else None)
        )

    # --- values -----------------------------------------------------------------------------------

    def _texts(self, parsed: Parsed) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, name in (("subject", "SUMMARY"), ("body", "DESCRIPTION"), ("place", "LOCATION"),
                          ("reason", "X-CRM-REASON")):  # fmt: skip
            text = self._joined(parsed.get(name))
            text = plain_text(text) if name.startswith("X-") else text
            if text:
                values[key] = self._cut(key, text)
        if "reason" not in values and self._raw.value("STATUS").upper() == "CANCELLED":
            comment = self._joined(parsed.get("COMMENT"))
            values |= {"reason": self._cut("reason", comment)} if comment else {}
        pinned = self._raw.value("X-CRM-PINNED") == "1"
        return values | ({"pinned": True} if pinned else {})

    def _no_place(self, values: dict[str, Any], attached: ReadOut) -> None:
        """What no field stands for: lines of the text, fields of the office, and what is named."""
        raw, body = self._raw, str(values.get("body") or "")
        body = body or self._cut("body", rich_text(raw))
        lines = further_lines(raw, attached.addresses, body)
        if body or lines:
            values["body"] = self._cut("body", "\n\n".join([body, *lines]).strip())
        if self._entry.calendar.value("X-CRM-BASE"):
            for f, value in read_own_fields(raw, self._reading.entity):
                if f is None:
                    self.note(value)
                else:
                    values[f.key] = value
        for sentence in attached.notes:
            self.note(sentence)
        left = without_place(raw)
        if left:
            self.note(_("Left out, there is no place for it here: {names}").format(
                names=", ".join(left)))  # fmt: skip
        if raw.mended:
            self.note(_("Mended: signs too many in {names}").format(
                names=", ".join(dict.fromkeys(raw.mended))))  # fmt: skip

    def _joined(self, value: Any) -> str:
        several = value if isinstance(value, list) else [value]
        return "\n".join(str(one) for one in several if one is not None).strip()

    def _cut(self, key: str, text: str) -> str:
        f = self._reading.entity.field(key)
        if isinstance(f, LongTextField):
            return text[: f.LIMIT]
        plain = " ".join(text.split())
        if isinstance(f, TextField) and len(plain) > f.length:
            self.note(_("{field} was cut to {limit} letters").format(
                field=_(f.label), limit=f.length))  # fmt: skip
            return plain[: f.length - 1] + "…"
        return plain

    def _choices(self, parsed: Parsed, values: dict[str, Any]) -> None:
        values["kind"] = _KINDS[self._raw.name]
        self._guessed.add("kind")
        if self._raw.value("X-MICROSOFT-CDO-BUSYSTATUS").upper() == "OOF":
            values["kind"] = "leave"
        elif is_free(self._raw):
            values["kind"] = IDLE[0]
        self._categories(parsed, values)
        rank = _whole(self._raw.value("PRIORITY"))
        if 1 <= rank <= 9:  # RFC 5545, 3.8.1.9: 1 is the highest, 5 the middle
            values["priority"] = "high" if rank < 5 else "normal" if rank == 5 else "low"
        private = _PRIVACY.get(self._raw.value("CLASS").upper())
        values |= {"private": private} if private else {}
        for key, name in _CHOSEN.items():
            f, stated = self._reading.entity.field(key), self._raw.value(name)
            if isinstance(f, ChoiceField) and stated and f.choice(stated) is not None:
                values[key] = stated
                self._guessed.discard(key)
        attempt = _whole(self._raw.value("X-CRM-ATTEMPT"))
        values |= {"attempt": attempt} if 0 < attempt <= 10_000 else {}

    def _categories(self, parsed: Parsed, values: dict[str, Any]) -> None:
        """A category that is the name of a kind says the kind; the others are tags, where the
        office has given activities a field of tags. In a file of ours the first is the kind."""
        rest = []
        own = bool(self._raw.value(_CHOSEN["kind"]))
        for name in category_names(parsed)[1 if own else 0 :]:
            kind = "" if own else self._kind_called(name)
            if kind:
                values["kind"] = kind
                self._guessed.discard("kind")
            else:
                rest.append(name)
        tags = self._reading.entity.trait(Tags)
        if rest and tags is not None:
            values[tags.field] = joined(sorted(split_tags(rest), key=norm))
        elif rest:
            self.note(_("Categories were left out: {names}").format(names=", ".join(rest)[:200]))

    def _kind_called(self, name: str) -> str:
        f = self._reading.entity.field("kind")
        wanted = norm(name)
        if isinstance(f, ChoiceField):
            for one in f.choices:
                if wanted in (norm(one.key), norm(one.label), norm(_(one.label))):
                    return one.key
        return ""

    # --- dates and state --------------------------------------------------------------------------

    def _dates(
        self, times: Times, start: Stamp | None, values: dict[str, Any], *, alone: bool
    ) -> None:
        due = times.stamp("DUE") if self._raw.name == "VTODO" else None
        if due is not None:
            values["due"] = due.moment
        done = times.stamp("COMPLETED")
        moment = done
        if start is not None and self._raw.name == "VJOURNAL":
            moment = moment or start
        elif start is not None:
            self._placed(times, start, values, alone=alone)
        if moment is not None:
            values["moment"] = moment.moment
        elif start is not None:
            values["moment"] = start.moment
            self._guessed.add("moment")
        elif self._raw.name == "VEVENT" and self._method() not in (
            *BETWEEN_PEOPLE,
            "CANCEL",
            "REPLY",
        ):
            self.note(_("It has no start: it was brought in without a date"))

    def _placed(self, times: Times, start: Stamp, values: dict[str, Any], *, alone: bool) -> None:
        if alone and any(line.upper().startswith(("RRULE", "RDATE")) for line in self._raw.lines):
            self.note(_("A changed occurrence cannot repeat itself: its dates were left out"))
        rule = None if alone else times.recurrence(start)
        zone = times.zone_name(start, recurs=rule is not None)
        begins, ends = start.moment, times.end(start, "DTEND")
        later = times.first_kept(rule, start) if rule else begins
        if later != begins:
            ends = ends + (later - begins) if ends is not None and later else ends
            begins, rule = later or begins, rule if later else None
        values |= {"starts": begins, "ends": ends}
        values |= {"all_day": True} if start.is_day else {}
        values |= {"zone": zone, "rule": rule}

    def _exact(self, values: dict[str, Any]) -> None:
        """What a program of ours has noted to the millisecond, beside what others understand."""
        for key in ("starts", "ends", "due", "moment"):
            stated = self._raw.value(f"X-CRM-{key.upper()}")
            found = exact_moment(stated)
            if found is not None:
                values[key] = found
                self._guessed.discard(key)
            elif stated == "none":
                values[key] = None
        if "zone" not in values and self._raw.value("X-CRM-ZONE"):
            values["zone"] = own_zone(self._raw.value("X-CRM-ZONE"))

    def _state(self, values: dict[str, Any]) -> None:
        """What the file says; else what is over is done and what is to come is planned."""
        stated = _STATES.get(self._raw.value("STATUS").upper())
        if "state" not in values:
            share = _whole(self._raw.value("PERCENT-COMPLETE"))
            if stated in (None, "planned") and 0 < share <= 100:  # RFC 5545, 3.8.1.8
                stated = "done" if share == 100 else "working"
            if stated is None and self._raw.value("COMPLETED"):
                stated = "done"
            self._guessed |= set() if stated else {"state"}
            values["state"] = stated or ("done" if self._is_over(values) else "planned")

    def _is_over(self, values: Mapping[str, Any]) -> bool:
        if self._raw.name == "VJOURNAL":
            return True
        last = values.get("ends") or values.get("starts")
        return (
            self._raw.name == "VEVENT"
            and not values.get("rule")
            and (last is not None and last < self._reading.now)
        )

    def _links(self, parsed: Parsed) -> dict[str, tuple[str, str]]:
        links = {}
        for key, name in linked_fields(self._reading.entity).items():
            given = parsed.get(name)
            if given is not None:
                title = str(getattr(given, "params", {}).get("X-CRM-NAME") or "")
                links[key] = (str(given)[:80], title[:250])
        caller = attending.organiser(parsed)
        if caller is not None and "author" not in links and (caller.mail or caller.name):
            links["author"] = ("mailto:" + caller.mail if caller.mail else "", caller.name)
        return links


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
