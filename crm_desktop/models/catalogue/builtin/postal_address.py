"""Address: one of the places where somebody is registered, gets letters or deliveries."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import Choice, EntityDef
from crm_desktop.models.catalogue.fieldtypes import (
    AddressField,
    BoolField,
    ChoiceField,
    RecordField,
    TextField,
)
from crm_desktop.models.catalogue.file_traits import Beside
from crm_desktop.models.catalogue.shared_traits import Personal
from crm_desktop.models.catalogue.traits import OneFlag

KINDS = (
    Choice("legal", N_("Legal"), "accent"),
    Choice("postal", N_("Postal"), "info"),
    Choice("delivery", N_("Delivery"), "ok"),
    Choice("office", N_("Office"), "neutral", synonyms=("work",)),
    Choice("other", N_("Other"), "neutral", synonyms=("home",)),
)

POSTAL_ADDRESS = EntityDef(
    key="postal_address",
    number=10,
    label=N_("Address"),
    plural=N_("Addresses"),
    new_label=N_("New address"),
    title_field="line",
    icon="location",
    navigation=False,
    search_through="owner",
    fields=(
        ChoiceField("kind", N_("Kind"), choices=KINDS, default="office", required=True,
                    listed=True),
        AddressField("line", N_("Address"), required=True, search=True, listed=True,
                     synonyms=("street", "улица", "фактический адрес")),
        TextField("postcode", N_("Postcode"), length=20, digits=True, listed=True,
                  synonyms=("zip", "zip code", "zipcode", "postal code", "индекс",
                            "почтовый индекс")),
        TextField("city", N_("City"), length=120, search=True, listed=True,
                  synonyms=("town", "населенный пункт")),
        TextField("region", N_("Region"), length=120, synonyms=("state", "область")),
        TextField("country", N_("Country"), length=100, synonyms=("country region",)),
        BoolField("main", N_("Main"), listed=True,
                  help=N_("The one of its kind that is taken first.")),
        TextField("note", N_("Note"), length=500,
                  help=N_("How to get in, whom to ask, when it is open.")),
        RecordField("owner", N_("Owner"), required=True, parent=True, indexed=True, listed=True,
                    ability="Addresses", inverse=N_("Addresses")),
    ),
    traits=(
        OneFlag("main", owner="owner", within="kind"),
        Personal(("line", "postcode", "city", "region", "note")),
        Beside("owner", by=("line",), called_by=("city", "region", "country")),
    ),
)  # fmt: skip
