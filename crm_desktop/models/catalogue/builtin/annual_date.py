"""Annual date: a day of the year that matters to a client or a person."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import (
    IntegerField,
    RecordField,
    TextField,
    YearlyField,
)
from crm_desktop.models.catalogue.traits import AnnualDay

PLANNED_AS = "reminder"
"""The kind of activity that is planned for it."""

ANNUAL_DATE = EntityDef(
    key="annual_date",
    number=20,
    label=N_("Annual date"),
    plural=N_("Annual dates"),
    new_label=N_("New annual date"),
    title_field="occasion",
    icon="entity-annual",
    navigation=False,
    fields=(
        TextField("occasion", N_("Occasion"), required=True, length=150, search=True, listed=True,
                  synonyms=("event", "повод", "событие")),
        YearlyField("day", N_("Day of the year"), required=True, indexed=True, listed=True,
                    column="yearly_day", help=N_("24 April, or 24 April 1988 to count the years"),
                    synonyms=("date", "дата", "день")),
        IntegerField("lead", N_("Remind, days before"), column="lead_days",
                     help=N_("Empty: 14 days"), synonyms=("напомнить за",)),
        TextField("note", N_("Note"), length=300, listed=True, synonyms=("примечание",)),
        RecordField("owner", N_("Whose"), required=True, parent=True, indexed=True, listed=True,
                    ability="AnnualDates", inverse=N_("Annual dates")),
    ),
    traits=(AnnualDay(owner="owner", day="day", lead="lead"),),
)  # fmt: skip
