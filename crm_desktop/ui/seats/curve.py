"""Today's curve of seats as a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_desktop.i18n import _, ngettext
from crm_desktop.ui.charts.chart import BARS, Chart, Series

if TYPE_CHECKING:
    from crm_desktop.services.licensing.seat_use import SeatUse

_FIRST, _LAST = 7, 20
"""The hours that are always shown; others where somebody worked."""


def curve_of(use: SeatUse, seats: int) -> Chart:
    """The most seats in use in each hour of today."""
    hours: dict[int, int] = dict.fromkeys(range(_FIRST, _LAST + 1), 0)
    for one in use.today:
        if one.most:
            hours[one.begins.hour] = max(hours.get(one.begins.hour, 0), one.most)
    shown = sorted(hours)
    values = tuple(float(hours[hour]) for hour in shown)
    said = tuple(str(hours[hour]) if hours[hour] else "" for hour in shown)
    return Chart(
        BARS, _("Seats in use today, by hours"), tuple(f"{hour}:00" for hour in shown),
        (Series(_("Most at once"), values, said),),
        subtitle=ngettext("{seats} seat in all", "{seats} seats in all", seats).format(seats=seats),
        whole=True,
    )  # fmt: skip
