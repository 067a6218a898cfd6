"""Relation: two records that have to do with each other: parent and subsidiary, partners ..."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import DateField, LinkField, RecordField, TextField
from crm_desktop.models.catalogue.traits import Aside, Joining, Lasting

RELATION = EntityDef(
    key="relation",
    number=12,
    label=N_("Relation"),
    plural=N_("Relations"),
    new_label=N_("New relation"),
    title_field="name",
    icon="entity-link",
    navigation=False,
    fields=(
        TextField("name", N_("Name"), section="-", synonyms=("название",)),
        RecordField("one", N_("One side"), required=True, parent=True, indexed=True, listed=True,
                    ability="Relations", inverse=N_("Relations"), synonyms=("от", "from")),
        LinkField("kind", N_("Kind of relation"), target="reference", book="relation_kind",
                  required=True, indexed=True, listed=True, create=True,
                  synonyms=("вид связи", "вид", "relation")),
        RecordField("other", N_("Other side"), required=True, parent=True, indexed=True,
                    listed=True, ability="Relations", inverse=N_("Relations"),
                    synonyms=("к", "to", "с кем")),
        DateField("since", N_("From"), listed=True, synonyms=("с", "начало")),
        DateField("until", N_("Until"), listed=True, synonyms=("по", "окончание")),
        TextField("note", N_("Note"), listed=True, length=500, synonyms=("примечание",)),
    ),
    traits=(Joining(), Lasting(), Aside()),
)  # fmt: skip
