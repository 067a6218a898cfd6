"""Automation: one thing that follows when a record is made or a field takes a value."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.builtin.activity import KINDS
from crm_desktop.models.catalogue.definitions import Choice, EntityDef
from crm_desktop.models.catalogue.fieldtypes import (
    BoolField,
    ChoiceField,
    DateTimeField,
    IntegerField,
    LinkField,
    LongTextField,
    RecordField,
    TextField,
    UserField,
)
from crm_desktop.models.catalogue.sales_traits import Automations, Firings
from crm_desktop.models.catalogue.traits import Aside

EVENTS = (
    Choice("stage", N_("The stage is entered"), "accent"),
    Choice("made", N_("A record is made"), "ok"),
    Choice("field", N_("A field takes a value"), "info"),
)
DEEDS = (
    Choice("activity", N_("Plan an activity"), "accent"),
    Choice("notify", N_("Notify"), "info"),
    Choice("assign", N_("Give to somebody"), "warn"),
    Choice("set_field", N_("Set a field"), "neutral"),
    Choice("begin_set", N_("Begin an activity set"), "ok"),
)
WHOM = (
    Choice("responsible", N_("The responsible"), "accent"),
    Choice("head", N_("The head of the responsible"), "warn"),
    Choice("mover", N_("Whoever did it"), "neutral"),
    Choice("job", N_("Whoever has the job title"), "info"),
    Choice("queue", N_("Somebody from the queue"), "info"),
    Choice("person", N_("A certain colleague"), "neutral"),
)
GUARDS = (
    Choice("every", N_("Every time"), "neutral"),
    Choice("record", N_("Once for a record"), "ok"),
    Choice("day", N_("Once a day for a record"), "info"),
)

AUTOMATION = EntityDef(
    key="automation",
    number=43,
    label=N_("Rule"),
    plural=N_("Rules"),
    new_label=N_("New rule"),
    title_field="name",
    icon="rules",
    navigation=False,
    fields=(
        TextField("name", N_("Name"), required=True, indexed=True, search=True, listed=True),
        ChoiceField("event", N_("When"), choices=EVENTS, default="stage", required=True,
                    listed=True, column="on_event"),
        LinkField("pipeline", N_("Pipeline"), target="pipeline", indexed=True, listed=True,
                  inverse=N_("Rules"), only_if=("event", "stage", "made")),
        LinkField("stage", N_("Stage"), target="stage", indexed=True, listed=True,
                  inverse=N_("Rules"), only_if=("event", "stage")),
        TextField("of", N_("Object"), length=40, column="of_object"),
        TextField("when", N_("Field"), length=40, column="when_field",
                  only_if=("event", "field")),
        TextField("becomes", N_("Value"), length=100, column="when_value",
                  only_if=("event", "field")),
        LongTextField("where", N_("Only where"), column="where_query", section="-"),
        ChoiceField("deed", N_("What to do"), choices=DEEDS, default="activity", required=True,
                    listed=True),
        ChoiceField("kind", N_("Kind of activity"), choices=KINDS, default="task",
                    only_if=("deed", "activity")),
        TextField("subject", N_("Subject"), length=200, only_if=("deed", "activity", "notify"),
                  help=N_("Fields in braces are filled in: {client}")),
        LongTextField("body", N_("Text"), only_if=("deed", "activity", "notify")),
        ChoiceField("whom", N_("Who"), choices=WHOM, default="responsible",
                    only_if=("deed", "activity", "notify", "assign"), column="whom"),
        UserField("staff", N_("Colleague"), target="staff", indexed=True, inverse=N_("Rules"),
                  only_if=("whom", "person")),
        TextField("job", N_("Job title"), length=150, column="job_title",
                  only_if=("whom", "job")),
        LinkField("queue", N_("Queue"), target="queue", indexed=True, column="assignment",
                  inverse=N_("Rules"), only_if=("whom", "queue")),
        IntegerField("minutes", N_("Due in, working minutes"), least=0, most=1_000_000,
                     column="due_minutes", only_if=("deed", "activity")),
        IntegerField("remind", N_("Remind before, minutes"), least=0, most=100_000,
                     column="remind_minutes", only_if=("deed", "activity")),
        TextField("at", N_("At the time in the field"), length=40, column="at_field",
                  only_if=("deed", "activity")),
        IntegerField("length", N_("Length, minutes"), least=0, most=100_000,
                     column="length_minutes", only_if=("deed", "activity")),
        TextField("place", N_("Place from the field"), length=40, column="place_field",
                  only_if=("deed", "activity")),
        BoolField("escalates", N_("Tell the head at once if it is missed"),
                  only_if=("deed", "activity")),
        TextField("field", N_("Field to set"), length=40, column="set_field",
                  only_if=("deed", "set_field")),
        TextField("value", N_("To the value"), length=300, column="set_value",
                  only_if=("deed", "set_field")),
        LinkField("set", N_("Activity set"), target="activity_set", indexed=True,
                  column="activity_set", inverse=N_("Rules"), only_if=("deed", "begin_set")),
        ChoiceField("guard", N_("How often"), choices=GUARDS, default="every"),
        IntegerField("position", N_("Order"), column="place_no"),
        BoolField("retired", N_("Switched off"), listed=True),
        LongTextField("note", N_("Note")),
    ),
    traits=(Automations(),),
)  # fmt: skip

FIRING = EntityDef(
    key="firing",
    number=44,
    label=N_("Firing of a rule"),
    plural=N_("Firings of rules"),
    title_field="name",
    icon="history",
    table="rule_firing",
    navigation=False,
    fields=(
        TextField("name", N_("What was done"), readonly=True, listed=True, length=300),
        DateTimeField("fired", N_("When"), indexed=True, listed=True, readonly=True,
                      column="fired_at"),
        RecordField("about", N_("About"), indexed=True, listed=True, readonly=True,
                    inverse=N_("Firings of rules")),
        LinkField("activity", N_("Activity"), target="activity", indexed=True, listed=True,
                  readonly=True, inverse=N_("Planned by rules")),
        LinkField("rule", N_("Rule"), target="automation", required=True, parent=True,
                  indexed=True, readonly=True, column="automation", inverse=N_("Firings")),
    ),
    traits=(Firings(), Aside()),
)  # fmt: skip
