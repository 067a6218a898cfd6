"""The vocabulary of rights: actions, scopes, how a field is shown. The base keeps the keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from crm_desktop.i18n import N_

SEE, CREATE, EDIT, DELETE = "see", "create", "edit", "delete"
EXPORT, PRINT, MASS_EDIT, MERGE = "export", "print", "mass_edit", "merge"
REASSIGN, CALENDARS, CLASH = "reassign", "see_calendars", "override_clash"

NONE, OWN, SUBORDINATES, DEPARTMENT, ALL = "none", "own", "subordinates", "department", "all"
SCOPES = (NONE, OWN, SUBORDINATES, DEPARTMENT, ALL)
"""From the narrowest to the widest: each holds the one before it. A department is its people, those
of the departments below it, and whoever reports to the person."""

HIDDEN, MASKED, READ_ONLY = "hidden", "masked", "readonly"
SHOWN = (READ_ONLY, MASKED, HIDDEN)
"""How a field may be held back, the mildest first."""

EVERYTHING = 0
"""In place of an object's number: all objects that a role does not name."""
EVERYBODY = 0
"""In place of an owner: whose the record is does not matter."""


class Action(NamedTuple):
    """What may be allowed: its key and how it is called in a column's head."""

    key: str
    title: str


ACTIONS = (
    Action(SEE, N_("See")),
    Action(CREATE, N_("Create")),
    Action(EDIT, N_("Change")),
    Action(DELETE, N_("Delete")),
    Action(EXPORT, N_("Export")),
    Action(PRINT, N_("Print")),
    Action(MASS_EDIT, N_("Change many at once")),
    Action(MERGE, N_("Merge")),
    Action(REASSIGN, N_("Hand over")),
    Action(CALENDARS, N_("See calendars")),
    Action(CLASH, N_("Book in spite of a clash")),
)
SCOPE_TITLES = {
    NONE: N_("No"),
    OWN: N_("Own"),
    SUBORDINATES: N_("Own and subordinates’"),
    DEPARTMENT: N_("Department"),
    ALL: N_("All"),
}
SHOWN_TITLES = {
    READ_ONLY: N_("Cannot be changed"),
    MASKED: N_("Masked"),
    HIDDEN: N_("Hidden"),
}


def widest(scopes: Iterable[str]) -> str:
    """Roles add up: the widest of several scopes holds, `NONE` where there is none."""
    return max(scopes, key=SCOPES.index, default=NONE)
