"""Employment: a person at a company, with role, part in decisions and dates; the places of work
of a person are the career."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import Choice, EntityDef
from crm_desktop.models.catalogue.fieldtypes import (
    BoolField,
    ChoiceField,
    DateField,
    IntegerField,
    LinkField,
    TextField,
)
from crm_desktop.models.catalogue.traits import Lasting

DECISIONS = (
    Choice("decides", N_("Has the last word"), "accent"),
    Choice("influences", N_("Influences the decision"), "info"),
    Choice("initiates", N_("Starts the purchase"), "info"),
    Choice("uses", N_("Uses the result"), "neutral"),
    Choice("champion", N_("On our side"), "ok"),
    Choice("gatekeeper", N_("Lets through or stops"), "warn"),
    Choice("against", N_("Against"), "bad"),
)

EMPLOYMENT = EntityDef(
    key="employment",
    number=6,
    label=N_("Place of work"),
    plural=N_("Places of work"),
    new_label=N_("New place of work"),
    title_field="job_title",
    icon="entity-employment",
    navigation=False,
    fields=(
        TextField("job_title", N_("Job title"), length=150, listed=True, synonyms=("должность",)),
        LinkField("person", N_("Person"), target="person", required=True, parent=True,
                  indexed=True, listed=True, create=True, inverse=N_("Places of work"),
                  synonyms=("фио", "контактное лицо")),
        LinkField("client", N_("Company"), target="client", required=True, parent=True,
                  indexed=True, listed=True, create=True, inverse=N_("People"),
                  synonyms=("клиент", "компания")),
        LinkField("role", N_("Role"), target="reference", book="role", listed=True, create=True,
                  synonyms=("роль",)),
        TextField("department", N_("Department"), length=150, listed=True,
                  synonyms=("отдел", "подразделение")),
        ChoiceField("decision", N_("Part in decisions"), choices=DECISIONS, listed=True,
                    synonyms=("роль в решении",)),
        IntegerField("weight", N_("Weight, 0–10"), least=0, most=10, listed=True,
                     synonyms=("вес", "влияние")),
        DateField("since", N_("From"), listed=True, synonyms=("с", "начало")),
        DateField("until", N_("Until"), listed=True, synonyms=("по", "окончание")),
        BoolField("gone", N_("Left"), listed=True, synonyms=("ушёл", "уволен")),
        BoolField("main", N_("Main"), synonyms=("основное",)),
    ),
    traits=(Lasting(over="gone"),),
)  # fmt: skip
