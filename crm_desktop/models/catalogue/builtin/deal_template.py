"""Deal template: a deal that is made again by itself, on the dates of a rule."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import (
    BoolField,
    DateField,
    IntegerField,
    LinkField,
    LongTextField,
    RecurrenceField,
    TextField,
)
from crm_desktop.models.catalogue.sales_traits import Repeating

DEAL_TEMPLATE = EntityDef(
    key="deal_template",
    number=45,
    label=N_("Recurring deal"),
    plural=N_("Recurring deals"),
    new_label=N_("New recurring deal"),
    title_field="name",
    icon="repeat",
    navigation=False,
    fields=(
        TextField("name", N_("Name"), required=True, indexed=True, search=True, listed=True),
        LinkField("sample", N_("Made after the deal"), target="deal", required=True,
                  indexed=True, listed=True, column="sample_deal",
                  inverse=N_("Recurring deals")),
        RecurrenceField("rule", N_("Repeats"), required=True, listed=True, column="recurrence"),
        DateField("first", N_("First date"), required=True, listed=True, column="first_day"),
        IntegerField("ahead", N_("Made days before"), least=0, most=365, column="ahead_days"),
        IntegerField("closes", N_("Expected to close after, days"), least=0, most=3650,
                     column="close_days"),
        IntegerField("most", N_("At most, deals"), least=1, most=10_000, column="most_deals"),
        DateField("next", N_("Next"), indexed=True, listed=True, readonly=True,
                  column="next_day"),
        IntegerField("made", N_("Made"), readonly=True, listed=True, column="made_deals"),
        BoolField("retired", N_("Switched off"), listed=True),
        LongTextField("note", N_("Note")),
    ),
    traits=(Repeating(),),
)  # fmt: skip
