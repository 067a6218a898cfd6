"""Wish: what must not be forgotten about a client or a person: an allergy, access, a limit."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import Choice, EntityDef
from crm_desktop.models.catalogue.fieldtypes import (
    BoolField,
    ChoiceField,
    DateField,
    DateTimeField,
    LinkField,
    LongTextField,
    RecordField,
    TextField,
)
from crm_desktop.models.catalogue.traits import WishText

SEVERITIES = (
    Choice("critical", N_("Must not be missed"), "bad"),
    Choice("important", N_("Important"), "warn"),
    Choice("hint", N_("Good to know"), "info"),
)

WISH = EntityDef(
    key="wish",
    number=19,
    label=N_("Critical wish"),
    plural=N_("Critical wishes"),
    new_label=N_("New critical wish"),
    title_field="text",
    icon="entity-wish",
    navigation=False,
    search_through="owner",
    fields=(
        TextField("text", N_("What must not be forgotten"), required=True, length=300, search=True,
                  listed=True, column="wish_text",
                  synonyms=("пожелание", "особенность", "warning")),
        LinkField("kind", N_("Kind"), target="reference", book="wish_kind", create=True,
                  listed=True, synonyms=("вид", "тип", "type")),
        ChoiceField("severity", N_("How serious"), choices=SEVERITIES, default="important",
                    required=True, listed=True, synonyms=("важность", "severity")),
        DateField("until", N_("Valid until"), listed=True, column="valid_until",
                  synonyms=("действует до", "until")),
        BoolField("retired", N_("No longer holds"), listed=True, synonyms=("снято",)),
        LongTextField("note", N_("Note"), synonyms=("примечание",)),
        RecordField("owner", N_("Whose"), required=True, parent=True, indexed=True, listed=True,
                    ability="Wishes", inverse=N_("Critical wishes")),
        DateTimeField("read_at", N_("Last read"), readonly=True),
    ),
    traits=(
        WishText(owner="owner", kind="kind", severity="severity", until="until",
                 retired="retired", read_at="read_at"),
    ),
)  # fmt: skip
