"""Activity: what happened between the office and a record: a note, a call, a letter, a meeting."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import Choice, EntityDef
from crm_desktop.models.catalogue.fieldtypes import (
    ChoiceField,
    DateTimeField,
    LongTextField,
    RecordField,
    TextField,
    UserField,
)

KINDS = (
    Choice("note", N_("Note"), "neutral"),
    Choice("call", N_("Call"), "accent"),
    Choice("letter", N_("Letter"), "info"),
    Choice("meeting", N_("Meeting"), "warn"),
)

ACTIVITY = EntityDef(
    key="activity",
    number=3,
    label=N_("Activity"),
    plural=N_("Activities"),
    new_label=N_("New activity"),
    title_field="subject",
    icon="entity-activity",
    fields=(
        TextField("subject", N_("Subject"), required=True, search=True, listed=True,
                  synonyms=("title", "topic", "тема", "что")),
        ChoiceField("kind", N_("Kind"), choices=KINDS, default="note", required=True, indexed=True,
                    listed=True, synonyms=("type", "тип", "вид")),
        DateTimeField("moment", N_("When"), required=True, indexed=True, listed=True,
                      synonyms=("date", "time", "дата", "время", "когда")),
        UserField("author", N_("Who"), target="staff", indexed=True, listed=True, create=True,
                  inverse=N_("Activities"),
                  synonyms=("user", "manager", "автор", "сотрудник", "кто")),
        RecordField("about", N_("About"), parent=True, indexed=True, listed=True,
                    ability="Activities", inverse=N_("Activities")),
        LongTextField("body", N_("Text"),
                      synonyms=("text", "description", "note", "текст", "описание")),
    ),
)  # fmt: skip
