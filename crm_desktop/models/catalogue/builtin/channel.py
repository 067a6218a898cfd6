"""Channel: one way to reach a client or a person: a telephone, an e-mail address, a messenger."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import Choice, EntityDef
from crm_desktop.models.catalogue.fieldtypes import (
    BoolField,
    ChoiceField,
    ContactField,
    RecordField,
    TextField,
)

KINDS = (
    Choice("phone", N_("Telephone"), "accent"),
    Choice("email", N_("E-mail"), "info"),
    Choice("messenger", N_("Messenger"), "ok"),
    Choice("other", N_("Other"), "neutral"),
)

STATES = (
    Choice("valid", N_("Works"), "ok"),
    Choice("invalid", N_("Does not work"), "bad"),
    Choice("do_not_contact", N_("Do not contact"), "warn"),
)

CHANNEL = EntityDef(
    key="channel",
    number=7,
    label=N_("Contact"),
    plural=N_("Contacts"),
    new_label=N_("New contact"),
    title_field="value",
    icon="entity-channel",
    table="contact_channel",
    navigation=False,
    search_through="owner",
    fields=(
        ContactField("value", N_("Number or address"), required=True, search=True, listed=True,
                     column="contact", synonyms=("номер", "значение", "number")),
        ChoiceField("kind", N_("Kind"), choices=KINDS, default="phone", required=True, listed=True,
                    synonyms=("тип", "вид", "type")),
        TextField("purpose", N_("Purpose"), length=60, listed=True,
                  synonyms=("назначение", "label")),
        BoolField("main", N_("Main"), listed=True, synonyms=("основной", "primary")),
        ChoiceField("state", N_("State"), choices=STATES, default="valid", listed=True,
                    synonyms=("состояние",)),
        TextField("note", N_("Note"), synonyms=("примечание",)),
        RecordField("owner", N_("Whose"), required=True, parent=True, indexed=True, listed=True,
                    ability="Channels", inverse=N_("Contacts")),
    ),
)  # fmt: skip
