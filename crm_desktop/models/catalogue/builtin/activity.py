"""Activity: what happened between the office and a record, or what is to happen next."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import Choice, EntityDef
from crm_desktop.models.catalogue.fieldtypes import (
    BoolField,
    ChoiceField,
    DateTimeField,
    LinkField,
    LongTextField,
    RecordField,
    TextField,
    UserField,
)
from crm_desktop.models.catalogue.traits import AfterWishes

KINDS = (
    Choice("note", N_("Note"), "neutral"),
    Choice("call", N_("Call"), "accent"),
    Choice("letter", N_("Letter"), "info"),
    Choice("chat", N_("Chat"), "info"),
    Choice("meeting", N_("Meeting"), "warn"),
    Choice("task", N_("To do"), "ok"),
)

STATES = (
    Choice("done", N_("Done"), "ok"),
    Choice("planned", N_("Planned"), "warn"),
)
DIRECTIONS = (
    Choice("in", N_("Incoming"), "info"),
    Choice("out", N_("Outgoing"), "accent"),
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
        RecordField("about", N_("About"), parent=True, indexed=True, listed=True, then="moment",
                    ability="Activities", inverse=N_("Activities")),
        LongTextField("body", N_("Text"),
                      synonyms=("text", "description", "note", "текст", "описание")),
        ChoiceField("state", N_("State"), choices=STATES, default="done", indexed=True,
                    synonyms=("состояние",)),
        DateTimeField("due", N_("Due"), indexed=True,
                      synonyms=("deadline", "срок", "до", "напомнить")),
        LinkField("person", N_("With whom"), target="person", indexed=True,
                  inverse=N_("Talks"), synonyms=("contact person", "с кем", "контактное лицо")),
        LinkField("result", N_("Result"), target="reference", book="call_result", create=True,
                  indexed=True, inverse=N_("Activities"),
                  synonyms=("outcome", "результат", "итог")),
        ChoiceField("direction", N_("Direction"), choices=DIRECTIONS,
                    synonyms=("направление",)),
        BoolField("pinned", N_("Pinned"), synonyms=("закреплено",)),
        LinkField("quotes", N_("Quotes"), target="activity", indexed=True,
                  inverse=N_("Quoted in"), synonyms=("цитирует",)),
    ),
    traits=(AfterWishes("about", where=(("kind", ("meeting",)), ("state", ("planned",)))),),
)  # fmt: skip
