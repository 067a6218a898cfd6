"""Activities are written to a calendar file (RFC 5545), so that nothing is lost on the way back.

What has a start is an event, what is to be done without one a task, what happened a journal entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from icalendar import Calendar, Component, Event, Journal, Todo

from crm_desktop import __version__
from crm_desktop.errors import FileProblem
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.builtin.activity import IDLE, OPEN_STATES
from crm_desktop.models.catalogue.fieldtypes import ChoiceField
from crm_desktop.models.catalogue.fieldtypes.tags import split_tags
from crm_desktop.models.catalogue.traits import Scheduled, Tags
from crm_desktop.models.recurrence.zones import zone_named
from crm_desktop.models.text.disk_reasons import disk_reason
from crm_desktop.services.ics.around import Around, Rows
from crm_desktop.services.ics.attached import AttachedOut
from crm_desktop.services.ics.choosing import with_series
from crm_desktop.services.ics.found import Left
from crm_desktop.services.ics.lookup import home_zone, own_uid
from crm_desktop.services.ics.own_fields import put_own_fields
from crm_desktop.services.ics.properties import Placed, exact, put, put_raw, put_rule
from crm_desktop.services.ics.zones import iana_name
from crm_desktop.services.workspace import Workspace

_RANKS = {"high": "1", "normal": "5", "low": "9"}
_CLASSES = {"title": "PRIVATE", "busy": "PRIVATE", "closed": "CONFIDENTIAL"}
_TASK_STATES = {"done": "COMPLETED", "working": "IN-PROCESS"}
_OVER = ("declined", "cancelled")
_CHOSEN = {
    "kind": "X-CRM-KIND", "state": "X-CRM-STATE", "private": "X-CRM-PRIVATE",
    "direction": "X-CRM-DIRECTION", "count_from": "X-CRM-COUNT-FROM", "attempt": "X-CRM-ATTEMPT",
    "reason": "X-CRM-REASON",
}  # fmt: skip


def export_calendar(
    workspace: Workspace, ids: Iterable[int], path: Path, check: Callable[[], None] = lambda: None,
    left: list[Left] | None = None,
) -> int:  # fmt: skip
    """Writes these activities, whole series with them, to a file; how many there are in it. `left`
    takes what had no room there.

    `FileProblem` if it cannot be written; a file that was there stays then.
    """
    data, count = calendar_bytes(workspace, ids, check, left)
    aside = path.with_name(path.name + ".part")
    try:
        aside.write_bytes(data)
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise FileProblem(
            _("{file} cannot be written: {reason}").format(
                file=path.name, reason=disk_reason(error)
            )
        ) from error
    return count


def calendar_bytes(
    workspace: Workspace, ids: Iterable[int], check: Callable[[], None] = lambda: None,
    left: list[Left] | None = None,
) -> tuple[bytes, int]:  # fmt: skip
    """The content of the file, and how many activities it holds."""
    rows = with_series(workspace, ids)
    calendar = Calendar()
    calendar.add("prodid", f"-//CRM Desktop//CRM Desktop {__version__}//EN")
    calendar.add("version", "2.0")
    put_raw(calendar, "X-CRM-BASE", workspace.info("guid"))
    writer = _Writer(workspace, rows)
    for number, id_ in enumerate(rows):
        if number % 50 == 0:
            check()
        calendar.add_component(writer.entry(id_, number + 1))
    calendar.add_missing_timezones()
    if left is not None:
        left += writer.left
    return calendar.to_ical(), len(rows)


class _Writer:
    """Makes the entries of the activities in `rows`."""

    def __init__(self, workspace: Workspace, rows: Rows) -> None:
        self._rows = rows
        self._now = workspace.clock.now()
        self._home = home_zone(workspace)
        self._guid = workspace.info("guid")
        self._entity, _trait = workspace.catalogue.with_trait(Scheduled)
        self._around = Around(workspace, self._entity, rows)
        self._files = AttachedOut(workspace, self._entity, rows)
        self.left = self._files.left

    def entry(self, id_: int, number: int) -> Component:
        """One activity, the entry of this number."""
        values = self._rows[id_]
        made = self._component(values)
        put(made, "UID", self._uid(id_, values))
        made.add("DTSTAMP", self._now.replace(microsecond=0))
        put(made, "SUMMARY", values.get("subject"))
        put(made, "DESCRIPTION", values.get("body"))
        put(made, "LOCATION", values.get("place"))
        self._times(made, values)
        self._state(made, values)
        self._choices(made, values)
        put_own_fields(made, self._entity, values)
        self._around.put(made, id_, values)
        self._files.put(made, id_, number, str(values.get("subject") or ""))
        return made

    def _component(self, values: Mapping[str, Any]) -> Component:
        if values.get("starts") is not None:
            return Event()
        is_task = values.get("due") is not None or values.get("kind") == "task"
        return Todo() if is_task or values.get("state") in OPEN_STATES else Journal()

    def _uid(self, id_: int, values: Mapping[str, Any]) -> str:
        series = values.get("series")
        if series in self._rows and values.get("occurrence") is not None:
            return self._uid(series, self._rows[series] | {"series": None})
        return values.get("uid") or own_uid(id_, self._guid)

    # --- times ------------------------------------------------------------------------------------

    def _placed(self, values: Mapping[str, Any]) -> Placed:
        zone = zone_named(values.get("zone"))
        place = zone or self._home
        recurs = bool(values.get("rule"))
        named = bool(iana_name(place)) and place is not zone_named("UTC")
        return Placed(
            place, named=named and (zone is not None or recurs),
            all_day=bool(values.get("all_day")),
        )  # fmt: skip

    def _times(self, made: Component, values: Mapping[str, Any]) -> None:
        placed = self._placed(values)
        begins = values.get("starts")
        if begins is not None:
            placed.put(made, "DTSTART", begins)
            put_raw(made, "X-CRM-STARTS", exact(begins))
        put_raw(made, "X-CRM-ZONE", values.get("zone") or "office")
        ends = values.get("ends")
        self._end(made, placed, begins, ends)
        put_raw(made, "X-CRM-ENDS", exact(ends) if ends is not None else "none")
        if made.name == "VTODO" and values.get("due") and not values.get("rule"):
            Placed(self._home, named=False, all_day=False).put(made, "DUE", values["due"])
        for name, key in (("X-CRM-DUE", "due"), ("X-CRM-MOMENT", "moment")):
            if values.get(key) is not None:
                put_raw(made, name, exact(values[key]))
        if made.name == "VJOURNAL" and values.get("moment") is not None:
            placed.put(made, "DTSTART", values["moment"])
        self._recurrence(made, values, placed)

    @staticmethod
    def _end(
        made: Component, placed: Placed, begins: datetime | None, ends: datetime | None
    ) -> None:
        """The end, where it is another day or minute than the beginning."""
        if begins is None or ends is None or ends <= begins or made.name != "VEVENT":
            return
        if placed.text(ends) != placed.text(begins):
            placed.put(made, "DTEND", ends)

    def _recurrence(self, made: Component, values: Mapping[str, Any], placed: Placed) -> None:
        if values.get("rule"):
            put_rule(made, values["rule"], placed)
        instead: datetime | None = values.get("occurrence")
        if instead is not None:
            master = self._rows.get(values.get("series") or 0)
            counted = placed if master is None else self._placed(master)
            counted.put(made, "RECURRENCE-ID", instead)
            put_raw(made, "X-CRM-OCCURRENCE", exact(instead))

    # --- the rest ---------------------------------------------------------------------------------

    def _state(self, made: Component, values: Mapping[str, Any]) -> None:
        state = values.get("state")
        if made.name == "VTODO":
            said = "CANCELLED" if state in _OVER else _TASK_STATES.get(str(state), "NEEDS-ACTION")
            if state == "done" and values.get("moment") is not None:
                Placed(self._home, named=False, all_day=False).put(
                    made, "COMPLETED", values["moment"]
                )
        else:
            usual = "CONFIRMED" if made.name == "VEVENT" else "FINAL"
            said = "CANCELLED" if state in _OVER else usual
        put_raw(made, "STATUS", said)
        if made.name == "VTODO" and state == "done":
            put_raw(made, "PERCENT-COMPLETE", "100")

    def _choices(self, made: Component, values: Mapping[str, Any]) -> None:
        kind = self._entity.field("kind")
        chosen = kind.choice(str(values.get("kind"))) if isinstance(kind, ChoiceField) else None
        if chosen is not None:
            put(made, "CATEGORIES", _(chosen.label))
        tags = self._entity.trait(Tags)
        for name in split_tags(values.get(tags.field)) if tags is not None else ():
            put(made, "CATEGORIES", name)
        if values.get("priority") in _RANKS:
            put_raw(made, "PRIORITY", _RANKS[values["priority"]])
        if values.get("kind") in IDLE and made.name == "VEVENT":
            put_raw(made, "TRANSP", "TRANSPARENT")
        if values.get("private") in _CLASSES:
            put_raw(made, "CLASS", _CLASSES[values["private"]])
        if values.get("pinned"):
            put_raw(made, "X-CRM-PINNED", "1")
        for key, name in _CHOSEN.items():
            put(made, name, values.get(key))
