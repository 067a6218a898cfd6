"""Reminders as one line that people read and type (`models/text/reminder_line` reads it)."""

from __future__ import annotations

from collections.abc import Iterable

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import N_, _
from crm_desktop.models.text.lead_times import before
from crm_desktop.models.text.reminder_line import MAIL, SMS, WINDOW, parse_reminders

CHANNELS = {WINDOW: N_("window"), MAIL: N_("e-mail"), SMS: N_("text message")}
"""The short word of each channel."""


def reminders_line(reminders: Iterable[tuple[int, str]]) -> str:
    """`15 minutes before, window; 1 day before, e-mail`; empty for none."""
    pattern = _("{when}, {channel}")
    said = (
        pattern.format(when=before(minutes).lower(), channel=_(CHANNELS.get(channel, channel)))
        for minutes, channel in reminders
    )
    return "; ".join(said)


def read_reminders(text: str) -> tuple[tuple[int, str], ...]:
    """The reminders of a line; `InvalidInput` names the part that is none."""
    try:
        return parse_reminders(text)
    except ValueError as wrong:
        said = _("“{text}” is no reminder: try “15 min before, window; 1 day before, e-mail”")
        raise InvalidInput(said.format(text=str(wrong)[:60]), field="reminders") from None
