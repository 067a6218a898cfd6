"""Looks at a server and a base on it as its administrator should: each finding in words."""

from __future__ import annotations

from dataclasses import dataclass

from crm_desktop.i18n import _
from crm_desktop.models.backend.firebird_connect import PAGE_SIZE
from crm_desktop.models.backend.firebird_facts import ServerFacts, events_come, server_facts
from crm_desktop.services.workspace import Workspace

GOOD, WARNS, BAD = "good", "warning", "bad"

EVENT_S = 5.0
"""How long an event may take before it counts as swallowed by a firewall."""
OLD_S = 600
"""A writing transaction of ours lasts seconds: one of ten minutes was left open by somebody."""
WIDE_GAP = 20_000
"""Transactions behind the oldest open one from which the server slows down (one sweep)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `key` for programs, `text` for people, `state` one of
    `GOOD`, `WARNS`, `BAD`."""

    key: str
    state: str
    text: str


def check_server(workspace: Workspace, address: str, *, event_s: float = EVENT_S) -> list[Finding]:
    """Everything that matters, the line first. Nothing is changed."""
    facts = server_facts(workspace.backend)
    found = [
        _version(facts), _line(facts), _writes(facts), _page(facts), _sweep(facts),
        _transactions(facts), _charset(facts),
    ]  # fmt: skip
    return [*found, _events(events_come(address, event_s))]


def _version(facts: ServerFacts) -> Finding:
    text = _("Firebird {version}").format(version=facts.version)
    return Finding("version", GOOD, text)


def _line(facts: ServerFacts) -> Finding:
    if facts.is_encrypted:
        text = _("The line is encrypted; people sign in by {way}").format(way=facts.signed_in_by)
        return Finding("encryption", GOOD, text)
    text = _("The line is NOT encrypted: set WireCrypt = Required in firebird.conf")
    return Finding("encryption", BAD, text)


def _writes(facts: ServerFacts) -> Finding:
    if facts.forced_writes:
        return Finding("forced_writes", GOOD, _("Forced writes are on: a power cut loses nothing"))
    text = _("Forced writes are OFF: a power cut may break the base. Run “server init” again.")
    return Finding("forced_writes", BAD, text)


def _page(facts: ServerFacts) -> Finding:
    text = _("Pages of {size} bytes").format(size=facts.page_size)
    if facts.page_size >= PAGE_SIZE:
        return Finding("page_size", GOOD, text)
    more = _("{found}; {wanted} are wanted. A backup and a restore change it.")
    return Finding("page_size", WARNS, more.format(found=text, wanted=PAGE_SIZE))


def _sweep(facts: ServerFacts) -> Finding:
    if facts.sweep_interval > 0:
        text = _("A sweep after {count} transactions").format(count=facts.sweep_interval)
        return Finding("sweep", GOOD, text)
    return Finding("sweep", WARNS, _("The sweep is off: sweep at night, or run “server init”"))


def _transactions(facts: ServerFacts) -> Finding:
    minutes = facts.oldest_s // 60
    if facts.oldest_s >= OLD_S or facts.active_gap > WIDE_GAP:
        said = _("The oldest open transaction began {minutes} min ago, {count} others since: "
                 "some program holds it open and slows the server down")  # fmt: skip
        return Finding("transactions", WARNS, said.format(minutes=minutes, count=facts.active_gap))
    text = _("No transaction is held open (the oldest: {minutes} min)").format(minutes=minutes)
    return Finding("transactions", GOOD, text)


def _charset(facts: ServerFacts) -> Finding:
    text = _("Letters are kept as {charset}").format(charset=facts.charset)
    return Finding("charset", GOOD if facts.charset == "UTF8" else BAD, text)


def _events(come: bool) -> Finding:
    if come:
        text = _("Events come: what one saves, others see at once")
        return Finding("events", GOOD, text)
    text = _("No event comes: set RemoteAuxPort in firebird.conf and open that port. Until then "
             "the program asks every few seconds.")  # fmt: skip
    return Finding("events", WARNS, text)
