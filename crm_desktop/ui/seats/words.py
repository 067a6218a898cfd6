"""How seats are spoken of: who holds one, for how long, where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from crm_desktop.i18n import _
from crm_desktop.ui.itemmodels.cells import Cell, Column, Row
from crm_desktop.ui.theme import px

if TYPE_CHECKING:
    from crm_desktop.services.licensing.broker import Holder, Turn
    from crm_desktop.services.licensing.standing import Colleague

LEAST = 200
_HEAD, _ROW, _MOST = 40, 38, 9
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def lasting(seconds: int) -> str:
    """A time in words no longer than a table wants: 5 min, 2 h 10 min, 3 d."""
    if seconds < _MINUTE:
        return _("just now")
    if seconds < _HOUR:
        return _("{minutes} min").format(minutes=seconds // _MINUTE)
    if seconds < _DAY:
        hours, minutes = seconds // _HOUR, seconds % _HOUR // _MINUTE
        return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    return _("{days} d").format(days=seconds // _DAY)


def _to_go(seconds: int) -> str:
    """Three days that began a minute ago are three days still."""
    return lasting(seconds + _DAY // 2 if seconds >= _DAY else seconds)


def ordinal(place: int) -> str:
    """Where in line somebody is."""
    if place == 1:
        return _("You are next")
    if place == 2:
        return _("You are 2nd in line")
    if place == 3:
        return _("You are 3rd in line")
    return _("You are number {place} in line").format(place=place)


def turn_text(turn: Turn) -> str:
    """How one stands in line: the place, or for how long the seat is kept; '' outside of it."""
    if turn.left_s is not None:
        return _("It is your turn: the seat is kept for you for {seconds} more seconds.").format(
            seconds=turn.left_s
        )
    return ordinal(turn.place) if turn.place else ""


def machine(holder: Holder) -> str:
    """What the computer is called, without its address."""
    return holder.machine.partition("@")[0]


def height(rows_: int) -> int:
    """Of a table that shows so many rows, but not more than nine at once."""
    return px(_HEAD + _ROW * min(max(rows_, 1), _MOST))


def columns() -> tuple[Column, ...]:
    """Of the table of holders."""
    return (
        Column("who", _("Who"), LEAST, sortable=False),
        Column("machine", _("Computer"), 170, sortable=False),
        Column("kind", _("Seat is"), 150, sortable=False),
        Column("since", _("Held for"), 130, sortable=False),
        Column("idle", _("Idle"), 130, sortable=False),
    )


def place_of(holders: Sequence[Holder], lease: int | None, before: int) -> int:
    """The row of that seat, or one as far down as `before`."""
    found = (row for row, one in enumerate(holders) if one.lease == lease)
    return next(found, min(max(before, 0), len(holders) - 1))


def called(known: Mapping[str, Colleague], login: str) -> str:
    """The name of whose account it is; the login of one that is no colleague's."""
    found = known.get(login)
    return found.name if found is not None else login


def rows(holders: list[Holder], known: Mapping[str, Colleague]) -> list[Row]:
    """One for each seat."""
    return [Row(one.lease, _cells(one, known)) for one in holders]


def _cells(one: Holder, known: Mapping[str, Colleague]) -> tuple[Cell, ...]:
    idle = lasting(one.idle_s) if one.windows and one.kind != "travel" else ""
    face = known[one.login].ref if one.login in known else None
    return (
        Cell(called(known, one.login), "title", avatar="round", face=face),
        Cell(machine(one), "text"), _kind(one),
        Cell(lasting(one.since_s), "text"), Cell(idle, "muted"),
    )  # fmt: skip


def _kind(one: Holder) -> Cell:
    if one.kind == "travel":
        left = _to_go(max(one.left_s or 0, 0))
        return Cell(_("travels: {left}").format(left=left), "pill", tone="info")
    if one.kind == "read":
        return Cell(_("only reads"), "pill", tone="neutral")
    return Cell(_("in use"), "pill", tone="ok")
