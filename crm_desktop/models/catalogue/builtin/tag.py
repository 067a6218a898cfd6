"""Tag: a word by which records of any object are marked; and the marks themselves."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.builtin.reference import COLOURS
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import ChoiceField, LinkField, RecordField, TextField
from crm_desktop.models.catalogue.traits import Aside, Tagging

TAG = EntityDef(
    key="tag",
    number=14,
    label=N_("Tag"),
    plural=N_("Tags"),
    new_label=N_("New tag"),
    title_field="name",
    icon="object-tag",
    navigation=False,
    fields=(
        TextField("name", N_("Name"), required=True, indexed=True, listed=True, length=60,
                  synonyms=("тег", "метка", "название")),
        ChoiceField("tone", N_("Colour"), choices=COLOURS, default="neutral", listed=True,
                    synonyms=("цвет",)),
    ),
)  # fmt: skip

TAGGING = EntityDef(
    key="tagging",
    number=15,
    label=N_("Tag of a record"),
    plural=N_("Tags of records"),
    title_field="name",
    icon="object-tag",
    navigation=False,
    fields=(
        TextField("name", N_("Name"), length=60, section="-"),
        LinkField("tag", N_("Tag"), target="tag", required=True, parent=True, indexed=True,
                  listed=True, create=True, inverse=N_("Records")),
        RecordField("record", N_("Record"), required=True, parent=True, indexed=True, listed=True,
                    ability="Tags", inverse=N_("Tags")),
    ),
    traits=(Tagging(tag="tag", record="record"), Aside()),
)  # fmt: skip
