"""What a reminder says: when it is, in words that are true at the moment they are read."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from crm_desktop import i18n
from crm_desktop.i18n import N_, _, ngettext
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.models.whole_days import date_of

if TYPE_CHECKING:
    from crm_desktop.services.reminders.service import Firing

_HOUR = 60
SNOOZES = (
    (5, N_("In 5 minutes")), (10, N_("In 10 minutes")), (30, N_("In 30 minutes")),
    (60, N_("In an hour")),
)  # fmt: skip
"""Minutes by which a reminder is put off at one click."""


def when(firing: Firing, now: datetime, zone: tzinfo) -> str:
    """When it is: in 5 minutes, at 15:00; 10 minutes late; tomorrow 9:00."""
    moment = firing.takes_place
    if moment is None:
        return ""
    local, today = moment.astimezone(zone), now.astimezone(zone)
    date = date_of(moment, zone) if firing.all_day else local.date()
    day = format_date(date, i18n.language(), today.date())
    if firing.all_day:
        return day
    away = moment - now
    minutes = int(abs(away) / timedelta(minutes=1))
    clock = f"{local:%H:%M}"
    if minutes == 0:
        return _("now, at {time}").format(time=clock)
    if minutes < _HOUR and away > timedelta():
        near = ngettext("in {count} minute", "in {count} minutes", minutes).format(count=minutes)
        return _("{near}, at {time}").format(near=near, time=clock)
    if away < timedelta():
        then = clock if local.date() == today.date() else day
        return _("{time}, {late}").format(time=then, late=late(minutes))
    return f"{day} {clock}"


def late(minutes: int) -> str:
    """By how much something is late, in the largest whole unit."""
    if minutes < _HOUR:
        said = ngettext("{count} minute late", "{count} minutes late", minutes)
        return said.format(count=minutes)
    if minutes < 24 * _HOUR:
        hours = minutes // _HOUR
        return ngettext("{count} hour late", "{count} hours late", hours).format(count=hours)
    days = minutes // (24 * _HOUR)
    return ngettext("{count} day late", "{count} days late", days).format(count=days)


def is_late(firing: Firing, now: datetime) -> bool:
    """Whether its time is past."""
    return firing.takes_place is not None and not firing.all_day and firing.takes_place < now
