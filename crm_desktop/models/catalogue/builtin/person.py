"""Person: somebody the office talks to, in one company, in several, or on their own."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import (
    DateField,
    EmailField,
    LinkField,
    LongTextField,
    PhoneField,
    TextField,
    UserField,
)
from crm_desktop.models.catalogue.traits import Activities, Channels, Mirror

PERSON = EntityDef(
    key="person",
    number=2,
    label=N_("Person"),
    plural=N_("People"),
    new_label=N_("New person"),
    title_field="name",
    icon="entity-person",
    fields=(
        TextField("name", N_("Full name"), required=True, indexed=True, search=True, listed=True,
                  synonyms=("full name", "contact", "contact person", "display name", "person",
                            "фио", "ф.и.о.", "имя", "контакт", "контактное лицо")),
        LinkField("client", N_("Company"), target="client", indexed=True, listed=True, create=True,
                  inverse=N_("People"),
                  synonyms=("client", "organization", "organisation", "account", "компания",
                            "организация", "клиент", "место работы")),
        TextField("job_title", N_("Job title"), length=150, search=True, listed=True,
                  synonyms=("title", "position", "должность")),
        PhoneField("phone", N_("Telephone"), listed=True, section=N_("Contacts"),
                   synonyms=("phone", "mobile", "mobile number", "work phone", "tel", "телефон",
                             "мобильный", "тел")),
        EmailField("email", N_("E-mail"), listed=True, section=N_("Contacts"),
                   synonyms=("mail", "e-mail", "email address", "primary email", "почта",
                             "электронная почта")),
        TextField("last_name", N_("Last name"), length=100, section=N_("Name"),
                  synonyms=("surname", "family name", "фамилия")),
        TextField("first_name", N_("First name"), length=100, section=N_("Name"),
                  synonyms=("given name", "имя")),
        TextField("middle_name", N_("Middle name"), length=100, section=N_("Name"),
                  synonyms=("patronymic", "отчество")),
        DateField("birthday", N_("Birthday"), indexed=True, section=N_("Personal"),
                  synonyms=("birth date", "date of birth", "дата рождения", "день рождения", "др")),
        UserField("responsible", N_("Responsible"), target="staff", indexed=True, create=True,
                  inverse=N_("People"),
                  synonyms=("manager", "owner", "менеджер", "ответственный")),
        LongTextField("note", N_("Note"), section=N_("Note"),
                      synonyms=("notes", "comment", "примечание", "комментарий", "заметка")),
    ),
    traits=(
        Activities(),
        Channels(),
        Mirror("client", child="employment", owner="person", value="client", unless="gone"),
        Mirror("phone", child="channel", owner="owner", value="value", kind=("kind", "phone")),
        Mirror("email", child="channel", owner="owner", value="value", kind=("kind", "email")),
    ),
)  # fmt: skip
