"""Activity: what happened between the office and a record, or what is to happen next."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import Choice, EntityDef
from crm_desktop.models.catalogue.fieldtypes import (
    BoolField,
    ChoiceField,
    DateField,
    DateTimeField,
    IntegerField,
    LinkField,
    LongTextField,
    RecordField,
    RecurrenceField,
    TextField,
    UserField,
)
from crm_desktop.models.catalogue.traits import AfterWishes, Files, Recurring, Scheduled

KINDS = (
    Choice("note", N_("Note"), "neutral", "note"),
    Choice("call", N_("Call"), "accent", "phone",
           synonyms=("phone call", "входящий звонок", "исходящий звонок", "телефонный звонок")),
    Choice("letter", N_("Letter"), "info", "mail", synonyms=("email", "e-mail", "эл. письмо")),
    Choice("chat", N_("Chat"), "info", "chat",
           synonyms=("sms", "смс", "whatsapp", "telegram", "сообщение")),
    Choice("meeting", N_("Meeting"), "warn", "meeting"),
    Choice("task", N_("To do"), "ok", "entity-task"),
    Choice("visit", N_("Visit"), "warn", "location"),
    Choice("reminder", N_("Reminder"), "neutral", "bell"),
    Choice("leave", N_("Absence"), "neutral", "sun"),
)  # fmt: skip

STATES = (
    Choice("done", N_("Done"), "ok"),
    Choice("planned", N_("Planned"), "warn"),
    Choice("working", N_("In work"), "accent"),
    Choice("waiting", N_("Waiting for others"), "info"),
    Choice("declined", N_("Declined"), "bad"),
    Choice("cancelled", N_("Cancelled"), "neutral"),
)
IDLE = ("reminder",)
"""Kinds of what only calls something to mind: it takes nobody's time, be it all day long."""
OPEN_STATES = ("planned", "working", "waiting")
"""What is still to be done; every other state is the end of it."""

PRIORITIES = (
    Choice("low", N_("Low"), "neutral"),
    Choice("normal", N_("Normal"), "neutral"),
    Choice("high", N_("High"), "bad"),
)
PRIVACY = (
    Choice("open", N_("Open to all"), "ok"),
    Choice("view", N_("Others see it, but do not change it"), "info"),
    Choice("title", N_("Others see only the subject, in the planner"), "info"),
    Choice("busy", N_("Others see only that the time is taken"), "warn"),
    Choice("closed", N_("Nobody else sees it"), "bad"),
)
COUNTED_FROM = (
    Choice("plan", N_("From the planned date"), "neutral"),
    Choice("done", N_("From the day it was done"), "neutral"),
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
                  inverse=N_("Activities"), counted_by=("kind", "state", "moment"),
                  synonyms=("user", "manager", "owner", "responsible", "автор", "сотрудник", "кто",
                            "ответственный", "менеджер")),
        RecordField("about", N_("About"), parent=True, indexed=True, listed=True, then="moment",
                    ability="Activities", inverse=N_("Activities"),
                    synonyms=("client", "company", "клиент", "компания", "контрагент")),
        LongTextField("body", N_("Text"),
                      synonyms=("text", "description", "note", "comment", "текст", "описание",
                                "комментарий", "содержание", "примечание")),
        ChoiceField("state", N_("State"), choices=STATES, default="done", indexed=True,
                    synonyms=("состояние",)),
        DateTimeField("due", N_("Due"), indexed=True, ends_day=True, whole_day=True,
                      synonyms=("deadline", "срок", "до", "напомнить")),
        LinkField("person", N_("With whom"), target="person", indexed=True,
                  inverse=N_("Talks"), synonyms=("contact person", "с кем", "контактное лицо")),
        LinkField("result", N_("Result"), target="reference", book="call_result", create=True,
                  indexed=True, inverse=N_("Activities"),
                  synonyms=("outcome", "результат", "итог")),
        ChoiceField("direction", N_("Direction"), choices=DIRECTIONS,
                    synonyms=("направление",)),
        BoolField("pinned", N_("Pinned"), synonyms=("закреплено",)),
        DateTimeField("starts", N_("Starts"), indexed=True,
                      synonyms=("start", "begin", "dtstart", "начало")),
        DateTimeField("ends", N_("Ends"), indexed=True, ends_day=True,
                      synonyms=("end", "finish", "dtend", "окончание", "конец")),
        BoolField("all_day", N_("All day"), synonyms=("весь день",)),
        TextField("zone", N_("Time zone"), length=60, help=N_("Empty: the time zone of the office"),
                  synonyms=("timezone", "часовой пояс")),
        TextField("place", N_("Place"), length=300, synonyms=("location", "место", "где")),
        ChoiceField("priority", N_("Priority"), choices=PRIORITIES,
                    synonyms=("importance", "приоритет", "важность")),
        TextField("reason", N_("Reason"), length=300, help=N_("Why it was declined or moved"),
                  synonyms=("причина",)),
        ChoiceField("private", N_("What others see"), choices=PRIVACY,
                    synonyms=("class", "privacy", "доступ")),
        IntegerField("attempt", N_("Times put off"), least=0, most=10_000,
                     synonyms=("attempts", "попытка")),
        RecurrenceField("rule", N_("Repeats"), column="recurrence",
                      synonyms=("rrule", "повторение")),
        LinkField("series", N_("Belongs to the series"), target="activity", indexed=True,
                  inverse=N_("Changed occurrences"), synonyms=("серия",)),
        DateTimeField("occurrence", N_("In place of"), indexed=True,
                      synonyms=("recurrence-id",)),
        TextField("uid", N_("Identifier in iCalendar"), section="-", indexed=True, length=255),
        ChoiceField("count_from", N_("Next date counts"), choices=COUNTED_FROM),
        DateTimeField("recurs_until", N_("Repeats until"), indexed=True, readonly=True),
        LinkField("step", N_("Step of a set"), target="set_step", indexed=True, readonly=True,
                  column="set_step", inverse=N_("Planned by it")),
        DateField("anchor", N_("Counted from"), readonly=True, column="anchor_day"),
        LinkField("annual", N_("For the annual date"), target="annual_date", indexed=True,
                  readonly=True, column="annual_date", inverse=N_("Planned for it")),
        LinkField("quotes", N_("Quotes"), target="activity", indexed=True,
                  inverse=N_("Quoted in"), synonyms=("цитирует",)),
    ),
    traits=(
        AfterWishes("about", where=(("kind", ("meeting", "visit")), ("state", OPEN_STATES))),
        Scheduled(),
        Files(),
        Recurring(own=("state", "result", "reason", "attempt", "pinned", "quotes", "uid")),
    ),
)  # fmt: skip
