"""How many seats were in use, by quarters of an hour: today's curve, the peak of 30 days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from crm_desktop.services.licensing.broker import Broker
from crm_desktop.services.workspace import Workspace

DAYS = 30
_QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of an hour by this computer's clock; None: nobody worked then. `refused`: the most
    people who were outside at once in it."""

    begins: datetime
    most: int | None
    refused: int


@dataclass(frozen=True, slots=True)
class SeatUse:
    """`peak`: most seats in use at once within `DAYS` days, and when; `refused`: how many people
    stood before a closed door in that time, each once a day."""

    today: tuple[Quarter, ...]
    peak: int
    peak_at: datetime | None
    refused: int
    days_full: int
    """Days on which somebody was refused."""
    advice: int
    """How many seats would have been enough: those in use and one more for each who stood outside,
    in the worst quarter of an hour."""


def seat_use(workspace: Workspace, broker: Broker) -> SeatUse:
    """What the base keeps of it, placed on this computer's day."""
    now = workspace.clock.local()
    found = [
        Quarter(_rounded(now - timedelta(seconds=age)), most, refused)
        for age, most, refused in broker.curve(DAYS)
    ]
    top = max(found, key=lambda one: one.most or 0, default=None)
    return SeatUse(
        today=_day(now, found),
        peak=(top.most or 0) if top else 0,
        peak_at=top.begins if top else None,
        refused=broker.turned_away(DAYS),
        days_full=len({one.begins.date() for one in found if one.refused}),
        advice=max(((one.most or 0) + one.refused for one in found), default=0),
    )


def _rounded(moment: datetime) -> datetime:
    """Ages are whole seconds: the quarter that is meant is the nearest one."""
    near = moment + _QUARTER / 2
    return near.replace(minute=near.minute - near.minute % 15, second=0, microsecond=0)


def _day(now: datetime, found: list[Quarter]) -> tuple[Quarter, ...]:
    known = {one.begins: one for one in found}
    begins = now.replace(hour=0, minute=0, second=0, microsecond=0)
    quarters = []
    while begins <= now:
        quarters.append(known.get(begins, Quarter(begins, None, 0)))
        begins += _QUARTER
    return tuple(quarters)
