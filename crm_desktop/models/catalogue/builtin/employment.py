"""Employment: a person at a company, with role and dates; a person may have several."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import BoolField, DateField, LinkField, TextField

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
                  indexed=True, listed=True, inverse=N_("Places of work"),
                  synonyms=("фио", "контактное лицо")),
        LinkField("client", N_("Company"), target="client", required=True, parent=True,
                  indexed=True, listed=True, inverse=N_("People"),
                  synonyms=("клиент", "компания")),
        LinkField("role", N_("Role"), target="reference", book="role", listed=True, create=True,
                  synonyms=("роль",)),
        DateField("since", N_("From"), listed=True, synonyms=("с", "начало")),
        DateField("until", N_("Until"), listed=True, synonyms=("по", "окончание")),
        BoolField("gone", N_("Left"), listed=True, synonyms=("ушёл", "уволен")),
        BoolField("main", N_("Main"), synonyms=("основное",)),
    ),
)  # fmt: skip
