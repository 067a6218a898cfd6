"""The vocabulary of rights: actions, scopes, how a field is shown. The base keeps the keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from crm_desktop.i18n import N_

SEE, CREATE, EDIT, DELETE = "see", "create", "edit", "delete"
EXPORT, PRINT, MASS_EDIT, MERGE = "export", "print", "mass_edit", "merge"
REASSIGN, CALENDARS, CLASH = "reassign", "see_calendars", "override_clash"

BY_RECORD = (EDIT, DELETE, MASS_EDIT, REASSIGN, MERGE, EXPORT, PRINT)
"""What may be allowed on some records of an object and not on others that are seen."""

ADMINISTER = "administer"
"""In place of an action, with no object: what only an administrator does."""

BEYOND = "beyond"
"""In place of an action: opening a record of the object that is not there for the person."""

UNFOUND = "unfound"
"""In place of an action: finding what is not the person's to see."""

NONE, OWN, SUBORDINATES, DEPARTMENT, ALL = "none", "own", "subordinates", "department", "all"
SCOPES = (NONE, OWN, SUBORDINATES, DEPARTMENT, ALL)
"""From the narrowest to the widest: each holds the one before it. A department is its people, those
of the departments below it, and whoever reports to the person."""

READ_ONLY, MASKED, HIDDEN = "readonly", "masked", "hidden"
SHOWN = (READ_ONLY, MASKED, HIDDEN)
"""How a field may be held back, the mildest first."""
UNSEEN = (MASKED, HIDDEN)
"""Those of them in which the server does not give the value."""

JUDGED = "judged"
"""In `Batch.asked`: what is written was allowed as a whole, such as a merge."""

EVERYTHING = 0
"""In place of an object's number: all objects that a role does not name."""
EVERYBODY = 0
"""In place of an owner: whose the record is does not matter."""


class Action(NamedTuple):
    """What may be allowed: its key and how it is called in a column's head."""

    key: str
    title: str


ACTIONS = (
    Action(SEE, N_("Seeing")),
    Action(CREATE, N_("Creating")),
    Action(EDIT, N_("Changing")),
    Action(DELETE, N_("Deleting")),
    Action(EXPORT, N_("Exporting")),
    Action(PRINT, N_("Printing")),
    Action(MASS_EDIT, N_("Changing many at once")),
    Action(MERGE, N_("Merging")),
    Action(REASSIGN, N_("Handing over")),
    Action(CALENDARS, N_("Seeing calendars")),
    Action(CLASH, N_("Booking taken time")),
)
TITLES = {action.key: action.title for action in ACTIONS}
SCOPE_TITLES = {
    NONE: N_("No"),
    OWN: N_("Own"),
    SUBORDINATES: N_("Own and subordinates’"),
    DEPARTMENT: N_("Department"),
    ALL: N_("All"),
}
SHOWN_TITLES = {
    READ_ONLY: N_("Cannot be changed"),
    MASKED: N_("Only the end is seen"),
    HIDDEN: N_("Hidden"),
}


def widest(scopes: Iterable[str]) -> str:
    """Roles add up: the widest of several scopes holds, `NONE` where there is none."""
    return max(scopes, key=SCOPES.index, default=NONE)
