"""Working time of colleagues, kept until something changes what it was reckoned from."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from crm_desktop import i18n
from crm_desktop.models.catalogue.traits import Scheduled, Staff, WorkDays, WorkHours
from crm_desktop.models.whole_days import days_begun
from crm_desktop.models.worktime.arithmetic import WorkTime
from crm_desktop.services.worktime.reading import Calendars, read_absences, read_calendars

if TYPE_CHECKING:
    from crm_desktop.models.worktime.calendar import WorkCalendar
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.services.writing.changes import ChangeSet

OLDEST = 60.0
"""Seconds for which an answer is kept: on a server others change calendars unheard."""


class WorkTimes:
    """`of(colleague)` gives a `WorkTime`: add_minutes, next_moment, minutes_between, ranges."""

    def __init__(self, workspace: Workspace) -> None:
        self._base = workspace
        self._calendars: Calendars | None = None
        self._times: dict[int | None, WorkTime] = {}
        self._read_at, self._language = 0.0, ""
        workspace.listen(self._hear)

    def of(self, staff: int | None) -> WorkTime:
        """The working time of a colleague with leave taken out; of the company for None."""
        return self.of_many([staff])[staff]

    def of_many(self, staff: Iterable[int | None]) -> dict[int | None, WorkTime]:
        """The working times of several colleagues by two or three questions in all."""
        calendars, wanted = self.calendars(), list(dict.fromkeys(staff))
        known = self._times
        missing = [one for one in wanted if one not in known]
        people = [one for one in missing if one is not None]
        absent = read_absences(self._base, people, calendars.office) if people else {}
        for one in missing:
            calendar = calendars.of(one)
            known[one] = WorkTime(replace(calendar, absent=absent.get(one or 0, ())))
        return {one: known[one] for one in wanted}

    def office_zone(self) -> tzinfo:
        """The zone of the company, in which activities without one of their own are meant."""
        return self.of(None).zone

    def usual_zone(self) -> tzinfo:
        """As `office_zone`, from what was read last, however long ago: zones of offices hardly
        ever change, and pages of lists are not to wait for them."""
        return self.known_zone() or self.office_zone()

    def known_zone(self) -> tzinfo | None:
        """The zone of the company as it was read last, without asking the base."""
        known = self.known(None)
        return known.zone if known is not None else None

    def days_begun(self) -> tuple[datetime, ...]:
        """The midnights of the office of days that are not over for the person at the computer."""
        clock = self._base.clock
        return days_begun(clock.now(), clock.zone(), self.usual_zone())

    def calendars(self) -> Calendars:
        """All calendars as they stand in the base now."""
        old = time.monotonic() - self._read_at > OLDEST or self._language != i18n.language()
        calendars = self._calendars  # others' changes are told meanwhile, on another thread
        if calendars is None or old:
            self._times = {}
            with self._base.backend.read() as connection:
                calendars = self._calendars = read_calendars(self._base.reader, connection)
            self._read_at, self._language = time.monotonic(), i18n.language()
        return calendars

    def known(self, staff: int | None) -> WorkCalendar | None:
        """The calendar of a colleague as it was read last, without asking the base; None if it
        was not read yet. For whoever may not wait."""
        known = self._calendars
        return known.of(staff) if known is not None else None

    def _hear(self, changes: ChangeSet) -> None:
        """Forgets what the changed records may have to do with; the catalogue's change all."""
        catalogue = self._base.catalogue
        calendars = {catalogue.with_trait(kind)[0].key for kind in (WorkHours, WorkDays, Staff)}
        if not changes.touched or changes.touches_any(calendars):
            self._calendars, self._times = None, {}
        elif catalogue.with_trait(Scheduled)[0].key in changes.touched:
            self._times = {}
