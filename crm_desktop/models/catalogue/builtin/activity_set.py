"""Activity set: steps before and after one date, planned at once when work begins."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.builtin.activity import KINDS
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import (
    BoolField,
    ChoiceField,
    IntegerField,
    LinkField,
    LongTextField,
    TextField,
    UserField,
)
from crm_desktop.models.catalogue.planner_traits import StepSets

ACTIVITY_SET = EntityDef(
    key="activity_set",
    number=26,
    label=N_("Activity set"),
    plural=N_("Activity sets"),
    new_label=N_("New activity set"),
    title_field="name",
    icon="list",
    navigation=False,
    fields=(
        TextField("name", N_("Name"), required=True, indexed=True, search=True, listed=True,
                  synonyms=("название",)),
        TextField("anchor", N_("The date it hangs on"), length=150, listed=True,
                  help=N_("For example: the day of delivery")),
        BoolField("retired", N_("No longer offered"), listed=True),
        TextField("of", N_("Begins by itself for"), section="-", length=40, column="of_object"),
        TextField("when", N_("When this field"), section="-", length=40, column="when_field"),
        TextField("becomes", N_("Takes the value"), section="-", length=100, column="when_value"),
        LongTextField("note", N_("Note"), synonyms=("примечание",)),
    ),
    traits=(StepSets(steps="set_step"),),
)  # fmt: skip

SET_STEP = EntityDef(
    key="set_step",
    number=27,
    label=N_("Step"),
    plural=N_("Steps"),
    new_label=N_("New step"),
    title_field="subject",
    icon="forward",
    navigation=False,
    fields=(
        IntegerField("position", N_("Order"), column="place_no"),
        TextField("subject", N_("Subject"), required=True, listed=True, synonyms=("тема",)),
        ChoiceField("kind", N_("Kind"), choices=KINDS, default="task", required=True, listed=True),
        IntegerField("days", N_("Days from the date"), least=-3650, most=3650, listed=True,
                     help=N_("Less than zero: before it")),
        TextField("time", N_("Time of day"), length=20, listed=True, column="day_time"),
        IntegerField("minutes", N_("Length, minutes"), least=0, most=100_000, listed=True,
                     column="length_minutes"),
        LinkField("after", N_("After the step"), target="set_step", indexed=True, listed=True,
                  column="after_step", inverse=N_("Steps after it")),
        UserField("author", N_("Who"), target="staff", indexed=True, listed=True,
                  inverse=N_("Steps of activity sets")),
        LongTextField("body", N_("Text")),
        LinkField("set", N_("Activity set"), target="activity_set", required=True, parent=True,
                  indexed=True, column="activity_set", inverse=N_("Steps")),
    ),
)  # fmt: skip
