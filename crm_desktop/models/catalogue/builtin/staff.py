"""Staff: colleagues who are responsible for records and do the work."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import (
    BoolField,
    EmailField,
    LinkField,
    PhoneField,
    PictureField,
    TextField,
    UserField,
)
from crm_desktop.models.catalogue.planner_traits import PlannerRows
from crm_desktop.models.catalogue.shared_traits import Hierarchy, Pictured, SignsIn
from crm_desktop.models.catalogue.traits import Staff

STAFF = EntityDef(
    key="staff",
    number=4,
    label=N_("Colleague"),
    plural=N_("Staff"),
    new_label=N_("New colleague"),
    title_field="name",
    icon="entity-staff",
    fields=(
        TextField("name", N_("Full name"), required=True, indexed=True, search=True, listed=True,
                  synonyms=("name", "название", "имя", "employee", "sales_agent", "сотрудник",
                            "фио")),
        TextField("job_title", N_("Job title"), length=150, listed=True,
                  synonyms=("position", "должность")),
        LinkField("unit", N_("Department"), target="reference", book="department", indexed=True,
                  listed=True, create=True, inverse=N_("Staff"),
                  synonyms=("department", "regional_office", "team", "отдел", "подразделение")),
        UserField("head", N_("Reports to"), target="staff", indexed=True,
                  inverse=N_("Direct reports"),
                  synonyms=("manager", "руководитель", "начальник")),
        PhoneField("phone", N_("Telephone"), search=True, listed=True,
                   synonyms=("phone", "телефон")),
        EmailField("email", N_("E-mail"), search=True, listed=True, synonyms=("mail", "почта")),
        TextField("login", N_("Signs in as"), length=63, indexed=True, readonly=True),
        PictureField("photo", N_("Photo"), indexed=True),
        BoolField("gone", N_("No longer works here"), listed=True,
                  synonyms=("left", "уволен")),
    ),
    traits=(Staff(), PlannerRows("job_title", "unit", "gone"), SignsIn("login"), Pictured("photo"),
            Hierarchy(N_("Reporting tree"), "head", "job_title", "unit", "gone")),
)  # fmt: skip
