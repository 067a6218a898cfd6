"""The latest date of a rule that has come, remembered until the next one does."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from crm_desktop.errors import UserError
from crm_desktop.models.recurrence.occurrences import IsWorkday, next_occurrence, occurrences
from crm_desktop.services.reminders.moments import LATEST

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)


Rule = tuple[str, datetime, tzinfo]
"""A rule, its first date, and the zone on whose clocks it is counted."""


@dataclass
class LatestDates:
    """The latest date of each rule, remembered until the next one comes."""

    is_workday: IsWorkday
    _known: dict[Rule, tuple[list[datetime], datetime | None]] = field(default_factory=dict)

    def of(
        self, rule: Rule, now: datetime, without: Collection[datetime]
    ) -> datetime | None:  # fmt: skip
        """The latest date that is not after `now`, nor older than `LATEST`, nor in `without`."""
        known = self._known.get(rule)
        if known is None or (known[1] is not None and known[1] <= now):
            known = self._known[rule] = self._unfold(rule, now)
        fitting = (d for d in reversed(known[0]) if now - LATEST <= d <= now and d not in without)
        return next(fitting, None)

    def _unfold(self, rule: Rule, now: datetime) -> tuple[list[datetime], datetime | None]:
        asked = self.is_workday
        try:
            dates = occurrences(*rule, after=now - LATEST - _DAY,
                                before=now + _SECOND, is_workday=asked)  # fmt: skip
            return dates, next_occurrence(*rule, now, is_workday=asked)
        except UserError:  # a rule that another program wrote and nobody can read
            return [], None

    def told(self, rule: Rule, at: datetime) -> datetime | None:
        """The latest date at a moment of the past; nothing is remembered."""
        return next(reversed(self._unfold(rule, at)[0]), None)
