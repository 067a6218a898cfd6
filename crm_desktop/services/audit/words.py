"""What the rows of the audit are called where people read them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from crm_desktop.i18n import N_, _, language
from crm_desktop.models.text.date_formats import format_datetime
from crm_desktop.services.audit import service as audit

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

TITLES = {
    audit.CONNECTED: N_("Reached by a program"),
    audit.SIGNED_IN: N_("Signed in"),
    audit.FAILED: N_("Sign-in refused"),
    audit.LET_IN: N_("Let in to the base"),
    audit.BLOCKED: N_("Account blocked"),
    audit.UNBLOCKED: N_("Account unblocked"),
    audit.DISMISSED: N_("Dismissed"),
    audit.NEW_PASSWORD: N_("New password"),
    audit.OWN_PASSWORD: N_("Own password changed"),
    audit.MUST_CHANGE: N_("Asked for another password"),
    audit.ELSEWHERE: N_("Password changed outside of this base"),
    audit.PASSWORD_RULES: N_("Rules of passwords changed"),
    audit.LOCKED: N_("Account locked after failed sign-ins"),
    audit.UNLOCKED: N_("Account unlocked after failed sign-ins"),
    audit.WRONG_CODE: N_("Wrong code of the second factor"),
    audit.RECOVERED: N_("Signed in by a recovery code"),
    audit.SECOND_ON: N_("Second factor turned on"),
    audit.SECOND_OFF: N_("Second factor turned off"),
    audit.SECOND_RESET: N_("Second factor taken off"),
    audit.SECOND_DEMANDED: N_("Second factor demanded of an account"),
    audit.SIGN_IN_RULES: N_("Rules of signing in changed"),
    audit.BACKUP: N_("Copy of the base"),
    audit.RIGHTS: N_("Rights changed"),
    audit.SEEN: N_("Card opened"),
    audit.FIGURES: N_("Figures opened"),
    audit.EXPORTED: N_("Exported to a file"),
    audit.COPIED: N_("Copied to the clipboard"),
    audit.PRINTED: N_("Printed"),
    audit.MANY: N_("Many changed at once"),
    audit.MERGED: N_("Merged"),
    audit.CALLED: N_("Called a hidden telephone"),
    audit.WRITTEN_TO: N_("Wrote to a hidden e-mail address"),
    audit.DECOYS: N_("Decoys changed"),
    audit.LICENCE: N_("Licence installed"),
    audit.SEAT_FREED: N_("Seat freed by the administrator"),
    audit.SEAT_RULES: N_("Rules of seats changed"),
    audit.CLEARED: N_("Old rows of the audit cleared"),
}

_RULES = {
    "seat_idle": N_("Give back after idle minutes"),
    "seat_travel": N_("Longest journey, days"),
    "seat_called": N_("Seconds for the next in line"),
    "seat_reading": N_("One may come in without a seat, only to read"),
    "seat_reserved": N_("A seat is kept for"),
    "password_least": N_("Shortest password, letters"),
    "password_days": N_("Another one after days"),
    "sign_tries": N_("Failures"),
    "sign_within": N_("Within minutes"),
    "sign_lock": N_("Locked for minutes"),
    "sign_wanted": N_("Second factor is asked of"),
}
"""The facts of rules, as they are written down."""
_RULE = re.compile(r"( ?)\b(\w+)=(\S*)")
_MOMENT = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")


def said(what: str) -> str:
    """One kind of row in words; its key where a newer program wrote it."""
    return _(TITLES[what]) if what in TITLES else what


def detail(workspace: Workspace, one: audit.Entry) -> str:
    """The record that a row is about by its name, what was written down, and decoys."""
    parts = []
    if one.ref is not None:
        label = _(workspace.catalogue[one.ref.entity].label)
        parts.append(f"{label} {one.title}" if one.title else f"{label} {one.ref.id}")
    if one.decoys:
        parts.append(_("decoys: {count}").format(count=one.decoys))
    return "; ".join([*parts, _in_words(workspace, one.detail)] if one.detail else parts)


def _in_words(workspace: Workspace, noted: str) -> str:
    """Rules by their names and moments by the clock of this computer."""
    zone = workspace.clock.local().tzinfo

    def rule(found: re.Match[str]) -> str:
        known, before = _RULES.get(found[2]), "; " if found[1] else ""
        return found[0] if known is None else f"{before}{_(known)}: {found[3] or '–'}"

    def moment(found: re.Match[str]) -> str:
        return format_datetime(datetime.fromisoformat(found[0]).astimezone(zone), language())

    return _MOMENT.sub(moment, _RULE.sub(rule, noted))
