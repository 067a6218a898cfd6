"""Legal details: who somebody is on paper; a client may have several sets, one is printed."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import Choice, EntityDef
from crm_desktop.models.catalogue.fieldtypes import (
    AddressField,
    BoolField,
    ChoiceField,
    DateField,
    RecordField,
    TextField,
)
from crm_desktop.models.catalogue.file_traits import Beside
from crm_desktop.models.catalogue.shared_traits import Personal
from crm_desktop.models.catalogue.traits import Mirror, OneFlag

COMPANY, SOLE_TRADER, PERSON, FOREIGN = "ru_company", "ru_sole_trader", "person", "foreign"
PRESETS = (
    Choice(COMPANY, N_("Russian company"), "accent"),
    Choice(SOLE_TRADER, N_("Russian sole trader"), "info"),
    Choice(PERSON, N_("Private person"), "neutral"),
    Choice(FOREIGN, N_("Foreign company"), "ok"),
)
_RUSSIAN = ("preset", COMPANY, SOLE_TRADER)
_COMPANY, _PERSON, _FOREIGN = ("preset", COMPANY), ("preset", PERSON), ("preset", FOREIGN)
_LED = ("preset", COMPANY, FOREIGN)

LEGAL_DETAILS = EntityDef(
    key="legal_details",
    number=8,
    label=N_("Legal details"),
    plural=N_("Legal details"),
    new_label=N_("New legal details"),
    title_field="short_name",
    icon="entity-document",
    navigation=False,
    search_through="owner",
    synonyms=("requisites", "реквизиты"),
    fields=(
        ChoiceField("preset", N_("Kind of entity"), choices=PRESETS, default=COMPANY,
                    required=True, listed=True, synonyms=("вид лица", "тип лица")),
        TextField("short_name", N_("Short name"), required=True, length=250, search=True,
                  listed=True, help=N_("As it is printed in documents."),
                  synonyms=("краткое наименование", "сокращенное наименование")),
        TextField("full_name", N_("Full official name"), length=250, search=True,
                  synonyms=("full legal name",)),
        TextField("inn", N_("INN"), length=12, valid_as="inn", identifier=True, indexed=True,
                  search=True, listed=True, only_if=(*_RUSSIAN, PERSON), synonyms=("инн",)),
        TextField("kpp", N_("KPP"), length=9, valid_as="kpp", digits=True, listed=True,
                  only_if=_COMPANY, synonyms=("кпп",)),
        TextField("ogrn", N_("OGRN or OGRNIP"), length=15, valid_as="ogrn", identifier=True,
                  listed=True, only_if=_RUSSIAN, synonyms=("ogrn", "ogrnip", "огрн", "огрнип",
                                                               "огрн/огрнип")),
        TextField("okpo", N_("OKPO"), length=14, valid_as="okpo", identifier=True,
                  only_if=_RUSSIAN, synonyms=("окпо",)),
        TextField("country", N_("Country"), length=100, only_if=_FOREIGN),
        TextField("tax_id", N_("Tax number abroad"), length=20, identifier=True, indexed=True,
                  search=True, only_if=_FOREIGN),
        TextField("registration", N_("Registration number"), length=60, digits=True,
                  only_if=_FOREIGN),
        DateField("birthday", N_("Date of birth"), only_if=_PERSON),
        TextField("passport", N_("Passport series and number"), length=30, identifier=True,
                  only_if=_PERSON, section=N_("Passport"), synonyms=("паспорт",)),
        DateField("passport_date", N_("Passport issued on"), only_if=_PERSON,
                  section=N_("Passport")),
        TextField("passport_office", N_("Passport issued by"), length=250, only_if=_PERSON,
                  section=N_("Passport"), synonyms=("кем выдан",)),
        TextField("passport_code", N_("Code of the office"), length=20, only_if=_PERSON,
                  section=N_("Passport"), synonyms=("код подразделения",)),
        TextField("snils", N_("SNILS"), length=11, valid_as="snils", identifier=True,
                  only_if=_PERSON, section=N_("Passport"), synonyms=("снилс",)),
        AddressField("legal_address", N_("Legal address"), section=N_("Addresses")),
        AddressField("postal_address", N_("Postal address"), section=N_("Addresses")),
        TextField("director", N_("Who signs"), length=150, only_if=_LED, section=N_("Head"),
                  synonyms=("director", "руководитель", "директор", "генеральный директор")),
        TextField("director_title", N_("Position"), length=150, only_if=_LED,
                  section=N_("Head"), synonyms=("должность руководителя",)),
        TextField("grounds", N_("Acts on the basis of"), length=250, only_if=_LED,
                  section=N_("Head"), help=N_("For example: the articles of association."),
                  synonyms=("действует на основании", "основание полномочий")),
        TextField("main_account", N_("Main account"), length=34, valid_as="any_account",
                  identifier=True, search=True, readonly=True),
        BoolField("for_printing", N_("For printing"), listed=True, section=N_("Note")),
        TextField("note", N_("Note"), length=500, section=N_("Note")),
        RecordField("owner", N_("Owner"), required=True, parent=True, indexed=True, listed=True,
                    ability="LegalDetails", inverse=N_("Legal details")),
    ),
    traits=(
        OneFlag("for_printing", owner="owner"),
        Beside("owner", called_by_owner=True, by=("inn", "ogrn", "kpp", "okpo", "passport", "snils",
                                                  "tax_id", "registration")),
        Mirror("main_account", child="bank_account", owner="details", value="account"),
        Personal(("kpp", "ogrn", "okpo", "registration", "birthday", "passport", "passport_date",
                  "passport_office", "passport_code", "snils", "legal_address", "postal_address",
                  "director", "main_account")),
    ),
)  # fmt: skip
