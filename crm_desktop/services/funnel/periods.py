"""Days from one to another, and the periods that are laid beside them."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _

_DAY = timedelta(days=1)
_MONTHS = 12
_YEARS = range(1600, 2200)
"""With room for the periods that are laid beside three hundred years."""


@dataclass(frozen=True)
class Period:
    """Whole days, both ends included; InvalidInput if the last lies before the first."""

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise InvalidInput(_("The period ends before it begins"))
        if self.since.year not in _YEARS or self.until.year not in _YEARS:
            raise InvalidInput(_("The period is too long or too far away: choose a shorter one"))

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.since).days + 1

    def before(self) -> Period:
        """As many whole months or, for other periods, as many days that end just before it."""
        last = self.since - _DAY
        months = self._whole_months()
        if months:
            return Period(month_after(self.since, -months), last)
        return Period(last - _DAY * (self.days - 1), last)

    def year_before(self) -> Period:
        """The same days of the year before; a month stays whole in leap years too."""
        since = month_after(self.since, -_MONTHS)
        if self._whole_months():
            return Period(since, month_after(self.until + _DAY, -_MONTHS) - _DAY)
        return Period(since, month_after(self.until, -_MONTHS))

    def _whole_months(self) -> int:
        """How many calendar months it is made of, 0 if it is not."""
        after = self.until + _DAY
        if self.since.day != 1 or after.day != 1:
            return 0
        return (after.year - self.since.year) * _MONTHS + after.month - self.since.month


def month_after(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    years, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))
