"""Bank: one line of the directory of the Bank of Russia (ED807), found by its BIK."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import AddressField, DateField, TextField

BANK = EntityDef(
    key="bank",
    number=11,
    label=N_("Bank"),
    plural=N_("Banks"),
    new_label=N_("New bank"),
    title_field="name",
    icon="company",
    navigation=False,
    synonyms=("bik", "бик"),
    fields=(
        TextField("name", N_("Name"), required=True, length=250, indexed=True, search=True,
                  listed=True,
                  synonyms=("namep", "bank", "bank name", "банк", "наименование",
                            "наименование банка", "название банка", "название")),
        TextField("bik", N_("BIK"), length=9, valid_as="bik", identifier=True, required=True,
                  indexed=True, search=True, listed=True,
                  synonyms=("bic", "бик", "бик банка", "код банка")),
        TextField("correspondent", N_("Correspondent account"), length=20, digits=True,
                  listed=True,
                  synonyms=("account", "corr account", "ks", "к/с", "кор. счет", "корр. счет",
                            "корсчет", "корреспондентский счет", "счет")),
        TextField("city", N_("City"), length=120, listed=True,
                  synonyms=("nnp", "town", "город", "населенный пункт", "населённый пункт")),
        TextField("place_kind", N_("Kind of place"), length=20,
                  synonyms=("tnp", "тип населенного пункта")),
        TextField("postcode", N_("Postcode"), length=20, digits=True,
                  synonyms=("ind", "индекс", "zip")),
        AddressField("address", N_("Address"), synonyms=("adr", "адрес")),
        TextField("region", N_("Region"), length=60,
                  synonyms=("rgn", "регион", "код региона", "территория")),
        TextField("swift", N_("SWIFT"), length=20, digits=True,
                  synonyms=("swbic", "swift bic", "свифт")),
        TextField("english_name", N_("Name in English"), length=250, synonyms=("englname",)),
        TextField("licence", N_("Licence number"), length=20, digits=True,
                  synonyms=("regn", "license", "лицензия", "регистрационный номер")),
        TextField("parent_bik", N_("BIK of the head office"), length=20, digits=True,
                  synonyms=("prntbic",)),
        DateField("since", N_("In the directory since"), synonyms=("datein",)),
        DateField("until", N_("In the directory until"), synonyms=("dateout",)),
    ),
)  # fmt: skip
