"""The rules of recurrence that the editor can show: what stands in its fields, and back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from crm_desktop.models.recurrence.rule import DAYS, WORKING_WEEK, Recurrence

SAME, DAY, LAST_DAY, WORKDAY, NTH = "same", "day", "last", "workday", "nth"
NEVER, COUNT, UNTIL = "never", "count", "until"
PLACES = (1, 2, 3, 4, -1)
_WORKDAYS = ",".join(DAYS[:5])


@dataclass(frozen=True)
class Shape:
    """One rule as fields of a form. `monthly`: which day of the month, by the names above."""

    freq: str = "WEEKLY"
    interval: int = 1
    days: tuple[str, ...] = ()
    monthly: str = SAME
    day: int = 1
    place: int = 1
    weekday: str = "MO"
    end: str = NEVER
    count: int = 10
    until: date | None = None


def shape_of(rule: Recurrence) -> Shape | None:
    """The fields of a rule; None for one that the editor has no fields for."""
    parts = rule.parts()
    if parts.get("FREQ") not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        return None
    shape = Shape(parts.pop("FREQ"), int(parts.pop("INTERVAL", "1")))
    parts.pop("WKST", None)
    count, until = parts.pop("COUNT", None), parts.pop("UNTIL", None)
    if count:
        shape = replace(shape, end=COUNT, count=int(count))
    if until:
        day = date(int(until[:4]), int(until[4:6]), int(until[6:8]))
        shape = replace(shape, end=UNTIL, until=day)
    if not parts:
        return shape
    return _weekly(shape, parts) if shape.freq == "WEEKLY" else _monthly(shape, parts)


def _weekly(shape: Shape, parts: dict[str, str]) -> Shape | None:
    days = tuple(parts.pop("BYDAY", "").split(","))
    return None if parts or not set(days) <= set(DAYS) else replace(shape, days=days)


def _monthly(shape: Shape, parts: dict[str, str]) -> Shape | None:
    if shape.freq != "MONTHLY":
        return None
    named, number, place = (parts.get(key, "") for key in ("BYDAY", "BYMONTHDAY", "BYSETPOS"))
    if parts.keys() == {"BYMONTHDAY"} and number.lstrip("-").isdigit():
        day = int(number)
        if day == -1:
            return replace(shape, monthly=LAST_DAY)
        return replace(shape, monthly=DAY, day=day) if day > 0 else None
    if frozenset(named.split(",")) == WORKING_WEEK and place == "-1" and len(parts) == 2:
        return replace(shape, monthly=WORKDAY)
    single = parts.keys() == {"BYDAY"} and "," not in named and named[:-2]
    if single and int(named[:-2]) in PLACES:
        return replace(shape, monthly=NTH, place=int(named[:-2]), weekday=named[-2:])
    return None


def rule_of(shape: Shape, before: Recurrence) -> Recurrence:
    """The rule that the fields say; single dates stay as they were."""
    parts = [f"FREQ={shape.freq}"]
    if shape.interval > 1:
        parts.append(f"INTERVAL={shape.interval}")
    if shape.freq == "WEEKLY" and shape.days:
        parts.append(f"BYDAY={','.join(day for day in DAYS if day in shape.days)}")
    by_calendar = shape.freq == "MONTHLY" and shape.monthly == WORKDAY
    if shape.freq == "MONTHLY":
        parts += {
            SAME: [],
            DAY: [f"BYMONTHDAY={shape.day}"],
            LAST_DAY: ["BYMONTHDAY=-1"],
            WORKDAY: [f"BYDAY={_WORKDAYS}", "BYSETPOS=-1"],
            NTH: [f"BYDAY={shape.place}{shape.weekday}"],
        }[shape.monthly]
    if shape.end == COUNT:
        parts.append(f"COUNT={shape.count}")
    if shape.end == UNTIL and shape.until is not None:
        parts.append(f"UNTIL={shape.until:%Y%m%d}")
    return replace(before, rule=";".join(parts), workdays=by_calendar)
