"""Last contact and next step: what lists and cards of clients and people keep of activities."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.builtin.activity import OPEN_STATES
from crm_desktop.models.catalogue.definitions import Field
from crm_desktop.models.catalogue.fieldtypes import DateTimeField, TextField
from crm_desktop.models.catalogue.traits import Latest

_CONTACTS = ("call", "letter", "chat", "meeting", "visit")
_SEEN = ("private", ("open", "view", ""))  # what others may see: all see what is kept
_IN_TOUCH = (("kind", _CONTACTS), ("state", ("done", "")), _SEEN)
_OPEN = (("state", OPEN_STATES), _SEEN)
_STEP = (("next_step", "subject"),)

PROGRESS: tuple[Field, ...] = (
    DateTimeField("last_contact", N_("Last contact"), indexed=True, listed=True, readonly=True,
                  kept=True),
    DateTimeField("next_step_at", N_("Next step due"), indexed=True, listed=True, readonly=True,
                  kept=True, whole_day=True),
    TextField("next_step", N_("Next step"), readonly=True, kept=True),
)  # fmt: skip
"""The fields; activities of before there were states count as done."""


def progress_by(owner: str, child: str = "activity") -> tuple[Latest, ...]:
    """The traits that fill them from activities whose link `owner` points here."""
    return (
        Latest("last_contact", child, owner, "moment", where=_IN_TOUCH),
        Latest("next_step_at", child, owner, "due", _STEP, where=_OPEN, earliest=True),
    )


def progress_through(child: str, owner: str) -> tuple[Latest, ...]:
    """The traits that fill them from children that have the same fields."""
    return (
        Latest("last_contact", child, owner, "last_contact"),
        Latest(
            "next_step_at", child, owner, "next_step_at",
            (("next_step", "next_step"),), earliest=True,
        ),
    )  # fmt: skip
