"""Working calendar: when the company, a department or a colleague works; and its special days."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import Choice, EntityDef
from crm_desktop.models.catalogue.fieldtypes import (
    ChoiceField,
    DateField,
    LinkField,
    TextField,
    UserField,
)
from crm_desktop.models.catalogue.traits import WorkDays, WorkHours

SCOPES = (
    Choice("company", N_("The whole company"), "accent"),
    Choice("department", N_("A department"), "info"),
    Choice("person", N_("One colleague"), "neutral"),
)
WEEKDAYS = (
    ("monday", N_("Monday")),
    ("tuesday", N_("Tuesday")),
    ("wednesday", N_("Wednesday")),
    ("thursday", N_("Thursday")),
    ("friday", N_("Friday")),
    ("saturday", N_("Saturday")),
    ("sunday", N_("Sunday")),
)
_HOURS = N_("09:00-13:00 14:00-18:00; empty: a day off")

WORKING_CALENDAR = EntityDef(
    key="working_calendar",
    table="work_calendar",
    number=24,
    label=N_("Working calendar"),
    plural=N_("Working calendars"),
    new_label=N_("New working calendar"),
    title_field="name",
    icon="calendar",
    navigation=False,
    fields=(
        TextField("name", N_("Name"), required=True, indexed=True, search=True, listed=True,
                  synonyms=("название",)),
        ChoiceField("scope", N_("Holds for"), choices=SCOPES, default="company", required=True,
                    listed=True, column="holds_for"),
        LinkField("department", N_("Department"), target="reference", book="department",
                  indexed=True, listed=True, only_if=("scope", "department"),
                  inverse=N_("Working calendars")),
        UserField("staff", N_("Colleague"), target="staff", indexed=True, listed=True,
                  only_if=("scope", "person"), inverse=N_("Working calendars")),
        LinkField("base", N_("Based on"), target="working_calendar", indexed=True,
                  column="based_on", inverse=N_("Calendars based on it")),
        *(TextField(key, label, length=120, section=N_("Working hours"), help=_HOURS,
                    column=f"hours_{number}")
          for number, (key, label) in enumerate(WEEKDAYS, start=1)),
        TextField("country", N_("Holidays of"), length=20, listed=True,
                  help=N_("RU: the holidays of Russia; empty: none")),
        TextField("zone", N_("Time zone"), length=60),
    ),
    traits=(
        WorkHours(scope="scope", company="company", department="department", person="person",
                  staff="staff", base="base", week=tuple(key for key, _label in WEEKDAYS),
                  country="country", zone="zone"),
    ),
)  # fmt: skip

CALENDAR_DAY = EntityDef(
    key="calendar_day",
    number=25,
    label=N_("Special day"),
    plural=N_("Special days"),
    new_label=N_("New special day"),
    title_field="name",
    icon="calendar-add",
    navigation=False,
    fields=(
        DateField("day", N_("Day"), required=True, indexed=True, listed=True, column="on_day"),
        TextField("hours", N_("Working hours"), length=120, listed=True, help=_HOURS,
                  column="day_hours"),
        TextField("name", N_("Name"), length=150, listed=True),
        LinkField("calendar", N_("Working calendar"), target="working_calendar", required=True,
                  parent=True, indexed=True, inverse=N_("Special days")),
    ),
    traits=(WorkDays(calendar="calendar", day="day", hours="hours", name="name"),),
)  # fmt: skip
