"""The commands about seats of a shared base: who holds them, freeing, journeys, house rules."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from crm_desktop import i18n
from crm_desktop.cli.answer import Answer, table
from crm_desktop.cli.command_words import Commands, command, count, number
from crm_desktop.errors import UserError
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.services.workspace import Workspace

if TYPE_CHECKING:
    from crm_desktop.services.licensing.broker import Broker, Holder
    from crm_desktop.services.licensing.house_rules import HouseRules

COMMAND = "seats"


def add_words(commands: Commands) -> None:
    """What may be typed behind `crm-desktop seats`."""
    words = command(commands, COMMAND, _("seats of a shared base"))
    acts = words.add_subparsers(dest="action", metavar="ACTION", required=True)
    command(
        acts, "list", _("who holds a seat, since when, idle how long; who waits"),
        answer='{"seats": 5, "held": 1, "rows": [{"seat": 7, "login": "...", "name": "...",'
               ' "machine": "...",\n'
               ' "kind": "work", "since_s": 90, "idle_s": 3, "left_s": null, "windows": 1}],\n'
               ' "line": [{"login": "...", "waits_s": 12, "called": false}]}',
    )  # fmt: skip
    free = command(
        acts, "free", _("take a seat from whoever holds it; the administrator alone"),
        answer='{"freed": 7}',
    )  # fmt: skip
    _add_seat(free)
    free.add_argument("--reason", metavar="TEXT", required=True, help=_("why; it is noted"))
    travel = command(
        acts, "travel", _("send a seat on a journey: it stays taken while the laptop is away"),
        answer='{"seat": 7, "days": 5}',
    )  # fmt: skip
    _add_seat(travel)
    travel.add_argument("days", metavar="DAYS", type=count, help=_("for so long; 0: it is back"))
    command(
        acts, "board", _("how many seats were in use, and how many would be enough"),
        answer='{"seats": 5, "held": 3, "peak": 5, "peak_at": "...", "refused": 2, "advice": 6,\n'
               ' "today": [{"begins": "...", "most": 3, "refused": 0}]}',
    )  # fmt: skip
    _rule_words(acts)


def _rule_words(acts: Commands) -> None:
    rules = command(
        acts, "rules", _("what the office settles about seats; shows it, or changes it"),
        answer='{"idle": 30, "travel": 14, "called": 60, "reading": true, "reserved": ["..."]}',
    )  # fmt: skip
    rules.add_argument(
        "--idle", metavar="MINUTES", type=count,
        help=_("a seat is given back after so long without a key; 0: never"),
    )  # fmt: skip
    rules.add_argument("--travel", metavar="DAYS", type=count, help=_("the longest journey"))
    rules.add_argument("--called", metavar="SECONDS", type=count,
                       help=_("how long a free seat is kept for whose turn it is"))  # fmt: skip
    rules.add_argument("--reading", choices=["yes", "no"],
                       help=_("whether one may come in without a seat, only to read"))  # fmt: skip
    rules.add_argument("--reserved", metavar="LOGIN,...",
                       help=_("for whom a seat is always kept; empty: for nobody"))  # fmt: skip


def _add_seat(words: object) -> None:
    words.add_argument(  # type: ignore[attr-defined]
        "seat", type=number, metavar="SEAT", help=_("its number, as “seats list” shows it")
    )


def run(workspace: Workspace, given: Namespace) -> Answer:
    """One of them, on a base that is on a server; the command itself takes no seat."""
    if workspace.backend.exclusive:
        raise UserError(_("A local base needs no seats: one person at a time works in it."))
    from crm_desktop.services.licensing.broker import Broker
    from crm_desktop.services.licensing.standing import standing

    acts = {"list": _list, "free": _free, "travel": _travel, "board": _board, "rules": _rules}
    broker = Broker(workspace, standing(workspace).seats)
    try:
        return acts[given.action](workspace, broker, given)
    finally:
        broker.close()


def _list(workspace: Workspace, broker: Broker, _given: Namespace) -> Answer:
    from crm_desktop.services.licensing.standing import colleagues

    holders, line, names = broker.holders(), broker.line(), colleagues(workspace)
    rows = [
        {"seat": one.lease, "login": one.login, "name": names.get(one.login),
         "machine": one.machine, "kind": one.kind, "since_s": one.since_s,
         "idle_s": one.idle_s, "left_s": one.left_s, "windows": one.windows}
        for one in holders
    ]  # fmt: skip
    waiting = [
        {"login": one.login, "machine": one.machine, "waits_s": one.waits_s, "called": one.called}
        for one in line
    ]
    held = sum(one.kind != "read" for one in holders)
    value = {"seats": broker.seats, "held": held, "rows": rows, "line": waiting}
    lines = [_("{held} of {seats} seats are taken").format(held=held, seats=broker.seats)]
    if holders:
        header = (_("Seat"), _("Login"), _("Who"), _("Machine"), _("Kind"), _("Minutes"), _("Idle"))
        lines += table(header, [_cells(one, names) for one in holders])
    lines += [
        _("Waits for {minutes} min: {login}").format(
            minutes=one.waits_s // 60, login=names.get(one.login, one.login)
        )
        for one in line
    ]
    return Answer(value, lines)


def _cells(one: Holder, names: Mapping[str, str]) -> tuple[str, ...]:
    kinds = {"work": _("at work"), "travel": _("on a journey"), "read": _("reads only")}
    minutes = str(one.since_s // 60), str(one.idle_s // 60)
    who = one.login, names.get(one.login, "")
    return str(one.lease), *who, one.machine, kinds.get(one.kind, one.kind), *minutes


def _free(_workspace: Workspace, broker: Broker, given: Namespace) -> Answer:
    broker.free(given.seat, given.reason)
    return Answer({"freed": given.seat}, [_("The seat is free")])


def _travel(_workspace: Workspace, broker: Broker, given: Namespace) -> Answer:
    days = broker.travel(given.seat, given.days)
    text = ngettext(
        "The seat travels for {count} day", "The seat travels for {count} days", days
    ).format(count=days)
    return Answer({"seat": given.seat, "days": days}, [text if days else _("The seat is back")])


def _board(workspace: Workspace, broker: Broker, _given: Namespace) -> Answer:
    from crm_desktop.services.licensing.seat_use import seat_use

    use = seat_use(workspace, broker)
    held = sum(one.kind != "read" for one in broker.holders())
    value = {
        "seats": broker.seats, "held": held, "peak": use.peak,
        "peak_at": use.peak_at.isoformat() if use.peak_at else None, "refused": use.refused,
        "advice": use.advice,
        "today": [
            {"begins": one.begins.isoformat(), "most": one.most, "refused": one.refused}
            for one in use.today
        ],
    }  # fmt: skip
    peak, when = _("Most at once in 30 days: {peak}").format(peak=use.peak), use.peak_at
    if when is not None:
        day = format_date(when.date(), i18n.language())
        peak = _("{peak} (on {day} at {time})").format(peak=peak, day=day, time=f"{when:%H:%M}")
    lines = [
        _("{held} of {seats} seats are taken").format(held=held, seats=broker.seats),
        peak,
        _("Found no free seat in 30 days: {refused}").format(refused=use.refused),
        _("Seats that would have been enough: {advice}").format(advice=use.advice),
    ]
    return Answer(value, lines)


def _rules(workspace: Workspace, _broker: Broker, given: Namespace) -> Answer:
    from crm_desktop.services.licensing.house_rules import house_rules, settle

    rules = house_rules(workspace)
    asked = {
        name: getattr(given, name)
        for name in ("idle", "travel", "called")
        if getattr(given, name) is not None
    }
    if given.reading is not None:
        asked["reading"] = given.reading == "yes"
    if given.reserved is not None:
        asked["reserved"] = tuple(name for name in given.reserved.split(",") if name.strip())
    if asked:
        settle(workspace, replace(rules, **asked))
        rules = house_rules(workspace)
    value = {
        "idle": rules.idle, "travel": rules.travel, "called": rules.called,
        "reading": rules.reading, "reserved": list(rules.reserved),
    }  # fmt: skip
    return Answer(value, _rule_lines(rules))


def _rule_lines(rules: HouseRules) -> list[str]:
    idle = _("Freed when idle for, minutes: {number}").format(number=rules.idle)
    reading = _("Whoever finds no seat may come in and read.")
    reserved = _("Have a seat in any case: {names}").format(names=", ".join(rules.reserved))
    return [
        idle if rules.idle else _("An idle seat is not freed."),
        _("Longest journey of a seat, days: {number}").format(number=rules.travel),
        _("A free seat waits for the next in line, seconds: {number}").format(number=rules.called),
        reading if rules.reading else _("Whoever finds no seat waits outside."),
        reserved if rules.reserved else _("Nobody has a seat in any case."),
    ]
