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
from crm_desktop.models.catalogue.traits import OneFlag

KINDS = (
    Choice("legal", N_("Legal"), "accent"),
    Choice("postal", N_("Postal"), "info"),
    Choice("delivery", N_("Delivery"), "ok"),
    Choice("office", N_("Office"), "neutral"),
    Choice("other", N_("Other"), "neutral"),
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
        AddressField("line", N_("Address"), required=True, search=True, listed=True),
        TextField("postcode", N_("Postcode"), length=20, digits=True, listed=True,
                  synonyms=("почтовый индекс",)),
        TextField("city", N_("City"), length=120, search=True, listed=True),
        TextField("region", N_("Region"), length=120),
        TextField("country", N_("Country"), length=100),
        BoolField("main", N_("Main"), listed=True,
                  help=N_("The one of its kind that is taken first.")),
        TextField("note", N_("Note"), length=500,
                  help=N_("How to get in, whom to ask, when it is open.")),
        RecordField("owner", N_("Owner"), required=True, parent=True, indexed=True, listed=True,
                    ability="Addresses", inverse=N_("Addresses")),
    ),
    traits=(OneFlag("main", owner="owner", within="kind"),),
)  # fmt: skip
