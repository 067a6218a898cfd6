"""Participation: who or what else takes part in an activity, and whether they will come."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import Choice, EntityDef
from crm_desktop.models.catalogue.fieldtypes import (
    ChoiceField,
    EmailField,
    LinkField,
    TextField,
    UserField,
)
from crm_desktop.models.catalogue.traits import TakesPart

ROLES = (
    Choice("participant", N_("Takes part"), "accent"),
    Choice("co_executor", N_("Works on it too"), "info"),
    Choice("auditor", N_("Checks it"), "warn"),
    Choice("resource", N_("Is taken for it"), "neutral"),
)
ANSWERS = (
    Choice("none", N_("No answer yet"), "neutral"),
    Choice("accepted", N_("Accepted"), "ok"),
    Choice("declined", N_("Declined"), "bad"),
    Choice("tentative", N_("Perhaps"), "warn"),
)

PARTICIPATION = EntityDef(
    key="participation",
    number=21,
    label=N_("Participant"),
    plural=N_("Participants"),
    new_label=N_("New participant"),
    title_field="name",
    icon="people-team",
    navigation=False,
    fields=(
        TextField("name", N_("Name"), section="-", length=250),
        UserField("staff", N_("Colleague"), target="staff", indexed=True, listed=True,
                  inverse=N_("Takes part in"), synonyms=("сотрудник",)),
        LinkField("person", N_("Person"), target="person", indexed=True, listed=True,
                  inverse=N_("Takes part in"), synonyms=("человек",)),
        LinkField("resource", N_("Resource"), target="resource", indexed=True, listed=True,
                  inverse=N_("Taken by"), synonyms=("ресурс",)),
        EmailField("address", N_("Outside address"), listed=True, synonyms=("email", "почта")),
        ChoiceField("role", N_("Part"), choices=ROLES, default="participant", listed=True,
                    synonyms=("роль",)),
        ChoiceField("answer", N_("Answer"), choices=ANSWERS, default="none", listed=True,
                    synonyms=("partstat", "ответ")),
        TextField("reason", N_("Reason"), length=300, synonyms=("причина",)),
        LinkField("activity", N_("Activity"), target="activity", required=True, parent=True,
                  indexed=True, inverse=N_("Participants")),
    ),
    traits=(TakesPart("activity", "staff", "resource", "role", "participant", "resource"),),
)  # fmt: skip
