"""Bank account: one of the accounts of a set of legal details, in a Russian or a foreign bank."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import Choice, EntityDef
from crm_desktop.models.catalogue.fieldtypes import BoolField, ChoiceField, LinkField, TextField
from crm_desktop.models.catalogue.file_traits import Beside
from crm_desktop.models.catalogue.shared_traits import Personal
from crm_desktop.models.catalogue.traits import FilledFrom, OneFlag, SuitsBank

CURRENCIES = tuple(
    Choice(code.lower(), code)
    for code in ("RUB", "USD", "EUR", "CNY", "BYN", "KZT", "AMD", "AZN", "GEL", "KGS", "UZS", "TRY",
                 "AED", "INR", "GBP", "CHF", "JPY")
)  # fmt: skip

BANK_ACCOUNT = EntityDef(
    key="bank_account",
    number=9,
    label=N_("Bank account"),
    plural=N_("Bank accounts"),
    new_label=N_("New bank account"),
    title_field="account",
    icon="money",
    navigation=False,
    search_through="details",
    fields=(
        TextField("bik", N_("BIK"), length=9, valid_as="bik", digits=True, indexed=True,
                  listed=True, help=N_("Bank and correspondent account follow from it."),
                  synonyms=("бик", "бик банка", "bic", "bank code")),
        TextField("bank_name", N_("Bank"), length=250, listed=True,
                  synonyms=("банк", "наименование банка", "название банка", "bank name")),
        TextField("correspondent", N_("Correspondent account"), length=20,
                  valid_as="correspondent", digits=True,
                  synonyms=("к/с", "к/счет", "корр. счет", "кор. счет", "корсчет", "корр/счет",
                            "корреспондентский счет")),
        TextField("account", N_("Account number"), length=34, valid_as="any_account",
                  required=True, identifier=True, indexed=True, search=True, listed=True,
                  synonyms=("р/с", "р/счет", "расч. счет", "расчетный счет", "номер счета", "счет",
                            "номер расчетного счета", "банковский счет", "settlement account",
                            "bank account")),
        TextField("iban", N_("IBAN"), length=34, valid_as="iban", identifier=True,
                  search=True),
        TextField("swift", N_("SWIFT"), length=11, valid_as="swift", digits=True,
                  synonyms=("bic", "свифт")),
        ChoiceField("currency", N_("Currency"), choices=CURRENCIES, listed=True,
                    synonyms=("валюта",)),
        BoolField("main", N_("Main"), listed=True, synonyms=("основной",)),
        TextField("note", N_("Note"), length=500, section=N_("Note")),
        LinkField("details", N_("Legal details"), target="legal_details", required=True,
                  parent=True, indexed=True, inverse=N_("Bank accounts")),
    ),
    traits=(
        OneFlag("main", owner="details"),
        Personal(("iban",)),
        Beside("details", ("account", "iban")),
        SuitsBank("bik", (("account", "account"), ("correspondent", "correspondent")),
                  iban="iban"),
        FilledFrom("bik", source="bank", match="bik",
                   copies=(("bank_name", "name"), ("correspondent", "correspondent"),
                           ("swift", "swift"))),
    ),
)  # fmt: skip
