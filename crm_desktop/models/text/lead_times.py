"""How long before something begins, in words."""

from __future__ import annotations

from crm_desktop.i18n import _, ngettext

_HOUR = 60


def before(minutes: int, *, all_day: bool = False) -> str:
    """How long before: "15 min before", "at the start", "on the day at 9:00"."""
    if all_day:
        days, wall = divmod(minutes, 24 * _HOUR)
        clock = f"{(24 * _HOUR - wall) % (24 * _HOUR) // _HOUR}:{-wall % _HOUR:02d}"
        days += 1 if wall else 0
        if days <= 0:
            return _("On the day at {time}").format(time=clock)
        said = ngettext("{count} day before at {time}", "{count} days before at {time}", days)
        return said.format(count=days, time=clock)
    if minutes == 0:
        return _("At the time")
    amount = abs(minutes)
    if amount % (24 * _HOUR) == 0:
        days = amount // (24 * _HOUR)
        span = ngettext("{count} day", "{count} days", days).format(count=days)
    elif amount % _HOUR == 0:
        hours = amount // _HOUR
        span = ngettext("{count} hour", "{count} hours", hours).format(count=hours)
    else:
        span = ngettext("{count} minute", "{count} minutes", amount).format(count=amount)
    pattern = _("{span} before") if minutes > 0 else _("{span} after")
    return pattern.format(span=span)
