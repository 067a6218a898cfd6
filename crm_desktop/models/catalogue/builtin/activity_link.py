"""Linked record: what else an activity is about, beside the record it is kept with."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import LinkField, RecordField, TextField
from crm_desktop.models.catalogue.planner_traits import Concerns

ACTIVITY_LINK = EntityDef(
    key="activity_link",
    number=46,
    label=N_("Linked record"),
    plural=N_("Linked records"),
    new_label=N_("Link a record"),
    title_field="name",
    icon="entity-link",
    navigation=False,
    fields=(
        TextField("name", N_("Name"), section="-", length=250),
        LinkField("activity", N_("Activity"), target="activity", required=True, parent=True,
                  indexed=True, listed=True, inverse=N_("Linked records")),
        RecordField("record", N_("Record"), required=True, parent=True, indexed=True, listed=True,
                    ability="Activities", inverse=N_("Linked activities"),
                    synonyms=("связь", "link")),
    ),
    traits=(Concerns(event="activity", record="record"),),
)  # fmt: skip
