"""Checklist item: one small step of an activity, ticked off when it is done."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import BoolField, IntegerField, LinkField, TextField
from crm_desktop.models.catalogue.traits import Checklist

CHECKLIST_ITEM = EntityDef(
    key="checklist_item",
    number=23,
    label=N_("Checklist item"),
    plural=N_("Checklist"),
    new_label=N_("New item"),
    title_field="text",
    icon="list",
    navigation=False,
    fields=(
        BoolField("done", N_("Done"), listed=True, synonyms=("готово",)),
        TextField("text", N_("What is to be done"), required=True, length=300, listed=True,
                  column="item_text", synonyms=("пункт", "item")),
        IntegerField("position", N_("Order"), column="place_no", synonyms=("порядок",)),
        LinkField("activity", N_("Activity"), target="activity", required=True, parent=True,
                  indexed=True, inverse=N_("Checklist")),
    ),
    traits=(Checklist(owner="activity", text="text", done="done", place="position"),),
)  # fmt: skip
