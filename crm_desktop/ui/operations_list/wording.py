"""The words and pictures of operations: of their kinds, states and changes."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from crm_desktop import i18n
from crm_desktop.i18n import N_, _, ngettext
from crm_desktop.models.text.date_formats import format_datetime
from crm_desktop.models.text.numbers import format_number

if TYPE_CHECKING:
    from crm_desktop.services.operations import Operation

KINDS = {
    "save": N_("Changes by hand"), "bulk": N_("Changes of many"), "import": N_("Imports"),
    "undo": N_("Undone and done again"), "recovery": N_("Repairs after a crash"),
    "restore": N_("Restored from the recycle bin"), "auto": N_("By the program itself"),
}  # fmt: skip
"""The kinds of operations as the filter names them."""
ICONS = {"save": "edit", "bulk": "bulk-edit", "import": "import", "undo": "undo",
         "recovery": "restore", "restore": "restore"}  # fmt: skip
_STATES = {
    "done": (N_("Done"), "ok"), "undone": (N_("Undone"), "neutral"),
    "running": (N_("Under way"), "info"),
}  # fmt: skip
_CHANGES = {"c": N_("Created"), "u": N_("Changed"), "d": N_("Deleted")}
CHANGE_ICONS = {"c": "add", "u": "edit", "d": "delete"}


def icon_of(operation: Operation) -> str:
    """The picture of its kind."""
    return ICONS.get(operation.kind, "sync")


def state_of(operation: Operation) -> tuple[str, str]:
    """(word, tone) of its state."""
    word, tone = _STATES.get(operation.state, _STATES["done"])
    return _(word), tone


def change_word(kind: str) -> str:
    """Created, changed or deleted."""
    return _(_CHANGES.get(kind, _CHANGES["u"]))


def records_changed(count: int) -> str:
    """How many changes an operation made."""
    shown = format_number(count, 0, i18n.language())
    return ngettext("{count} change", "{count} changes", count).format(count=shown)


def said_moment(moment: datetime, now: datetime) -> str:
    """Today, 10:40; 19 Nov, 16:02; 19 Nov 2025, 16:02."""
    zone: tzinfo | None = now.tzinfo
    return format_datetime(moment, i18n.language(), zone=zone, now=now)
