"""Reminder: when, whom and how the program tells of an activity.

What was shown, put off or answered stands in fixed tables (`services/reminders`): it is nobody's
change of a record.
"""

from collections.abc import Mapping

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import Choice, EntityDef
from crm_desktop.models.catalogue.fieldtypes import (
    ChoiceField,
    DateTimeField,
    IntegerField,
    LinkField,
    TextField,
    UserField,
)
from crm_desktop.models.catalogue.traits import Aside, Reminds

CHANNELS = (
    Choice("window", N_("Window on the screen"), "accent", "bell"),
    Choice("mail", N_("E-mail"), "info", "mail"),
    Choice("sms", N_("Text message"), "warn", "phone"),
)

USUAL_OFFSETS: Mapping[str, int] = {
    "call": 5, "meeting": 15, "visit": 60, "task": 0, "letter": 0, "chat": 0, "reminder": 0,
}  # fmt: skip
"""Minutes before by kind of activity; kinds that are not here get no reminder by themselves."""

REMINDER = EntityDef(
    key="reminder",
    number=22,
    label=N_("Reminder"),
    plural=N_("Reminders"),
    new_label=N_("New reminder"),
    title_field="name",
    icon="bell",
    navigation=False,
    fields=(
        TextField("name", N_("Name"), section="-", length=250),
        UserField("staff", N_("Whom"), target="staff", indexed=True, listed=True,
                  inverse=N_("Reminders"), synonyms=("кому",)),
        IntegerField("offset", N_("Minutes before"), least=-1_000_000, most=1_000_000,
                     column="offset_minutes", listed=True, synonyms=("за сколько минут",)),
        ChoiceField("channel", N_("How"), choices=CHANNELS, default="window", listed=True,
                    synonyms=("канал",)),
        DateTimeField("due", N_("When"), indexed=True, listed=True, readonly=True,
                      column="due_at"),
        IntegerField("level", N_("Minutes of work overdue"), section="-", readonly=True,
                     column="told_level"),
        LinkField("activity", N_("Activity"), target="activity", required=True, parent=True,
                  indexed=True, inverse=N_("Reminders")),
    ),
    traits=(
        Aside(),
        Reminds(event="activity", whom="staff", offset="offset", channel="channel", due="due",
                window="window", level="level"),
    ),
)  # fmt: skip
