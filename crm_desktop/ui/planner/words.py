"""What the planner says: periods, toasts, cards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from PySide6.QtCore import QLocale

from crm_desktop import i18n
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.text.date_formats import format_date, sheet_day
from crm_desktop.models.whole_days import overdue_after
from crm_desktop.services.planner.bars import Bar, Undated
from crm_desktop.services.planner.moving import Move
from crm_desktop.ui.planner.axis import Axis
from crm_desktop.ui.planner.drawing import Drawing


def period(first: date, days: int) -> str:
    """`Friday, 20 November 2026`, `16 – 22 November 2026`."""
    language = i18n.language()
    if days == 1:
        short = QLocale.FormatType.ShortFormat
        weekday = str(QLocale().standaloneDayName(first.isoweekday(), short)).capitalize()
        return f"{weekday}, {format_date(first, language, style='long')}"
    last = first + timedelta(days=days - 1)
    if first.month == last.month:
        return f"{first.day} – {format_date(last, language, style='long')}"
    year = f" {first.year}" if first.year != last.year else ""
    begin = format_date(first, language).rsplit(" ", 1)[0]
    return f"{begin}{year} – {format_date(last, language)}"


def day(one: date) -> str:
    """`20 Nov`, in Russian `20.11`."""
    return sheet_day(one, i18n.language())


def month(day: date) -> str:
    """`November 2026`."""
    name = str(QLocale().standaloneMonthName(day.month))
    return f"{name[:1].upper()}{name[1:]} {day.year}"


def whole_days(axis: Axis, starts: int, ends: int, name: str) -> str:
    """`Wed 18 Nov · Anna`, `18 Nov – 20 Nov · Anna`; the end is a midnight."""
    days = [axis.local(starts).date(), axis.local(max(starts, ends - 1)).date()]
    if days[0] == days[1]:
        said = str(QLocale().toString(days[0], "ddd d MMM"))  # type: ignore[call-overload]
    else:
        said = " – ".join(str(QLocale().toString(d, "d MMM")) for d in days)  # type: ignore[call-overload]
    return f"{said} · {name}" if name else said


def moved(
    drawing: Drawing, moves: Sequence[Move], clash: list[tuple[Bar, Bar]], *, people: str
) -> str:
    """What the toast says after a move, with the first clash; `people` is the object of people."""
    said = _moved(drawing, moves, people)
    if not clash:
        return said
    bar, other = clash[0]
    line = drawing.sheet.by_ref.get(bar.row)
    return _("{moved}. {name} also has “{other}” at {start}–{end}").format(
        moved=said, name=line.row.name if line is not None else "", other=drawing.words(other)[0],
        start=drawing.axis.clock(other.starts), end=drawing.axis.clock(other.ends),
    )  # fmt: skip


def _moved(drawing: Drawing, moves: Sequence[Move], people: str) -> str:
    keys = {move.bar.key for move in moves}
    if len(keys) > 1:
        count = len(keys)
        return ngettext("{count} entry moved", "{count} entries moved", count).format(count=count)
    move, axis = moves[0], drawing.axis
    name = drawing.words(move.bar)[0]
    if move.row != move.bar.row:
        line = drawing.sheet.by_ref.get(move.row)
        whom = line.row.name if line is not None else ""
        if move.row.entity != people:
            return _("“{name}”: {resource} is booked from {start}").format(
                name=name, resource=whom, start=axis.clock(move.starts)
            )
        return _("“{name}” is now with {whom}, at {start}").format(
            name=name, whom=whom, start=axis.clock(move.starts)
        )
    if move.starts == move.bar.starts:
        return _("“{name}” ends at {end} now").format(name=name, end=axis.clock(move.ends))
    day = format_date(
        axis.local(move.starts).date(), i18n.language(), axis.local(axis_now(drawing)).date()
    )
    return _("“{name}” moved to {day}, {start}").format(
        name=name, day=day, start=axis.clock(move.starts)
    )


def axis_now(drawing: Drawing) -> int:
    """The moment the sheet was read."""
    return drawing.sheet.now


def detail(undated: Undated, now: datetime) -> tuple[str, bool]:
    """How long and until when, and whether that is past."""
    minutes = _("{minutes} min").format(minutes=undated.minutes)
    if not undated.due:
        return minutes, False
    zone = now.tzinfo or UTC
    due = datetime.fromtimestamp(undated.due, zone)
    day = format_date(due.date(), i18n.language(), now.date())
    if overdue_after(due, zone, zone) < now:
        return _("{minutes} · overdue since {day}").format(minutes=minutes, day=day), True
    return _("{minutes} · until {day}").format(minutes=minutes, day=day), False
