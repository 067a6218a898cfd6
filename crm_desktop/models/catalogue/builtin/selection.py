"""Segment: a named list of records, kept by hand or found by a query.

People read “segment” everywhere; the key of the object is `selection`, because the category of a
client (“Category”), of which a client has one, was the field `segment` first.
"""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.builtin.reference import COLOURS
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import (
    BoolField,
    ChoiceField,
    LinkField,
    LongTextField,
    RecordField,
    TextField,
)
from crm_desktop.models.catalogue.traits import Aside, Book, Member, Selecting

SELECTION = EntityDef(
    key="selection",
    number=16,
    label=N_("Segment"),
    plural=N_("Segments"),
    new_label=N_("New segment"),
    title_field="name",
    icon="list",
    navigation=False,
    fields=(
        TextField("name", N_("Name"), required=True, indexed=True, listed=True, length=100,
                  synonyms=("название", "выборка", "сегмент")),
        TextField("about", N_("Records of"), indexed=True, listed=True, length=60,
                  section="-"),
        BoolField("live", N_("Found by conditions"), listed=True, section="-"),
        ChoiceField("tone", N_("Colour"), choices=COLOURS, default="info", listed=True,
                    synonyms=("цвет",)),
        LongTextField("query", N_("Conditions"), section="-"),
        TextField("note", N_("Note"), length=500, synonyms=("примечание",)),
    ),
    traits=(Selecting(), Book("about")),
)  # fmt: skip

SELECTION_MEMBER = EntityDef(
    key="selection_member",
    number=17,
    label=N_("Record of a segment"),
    plural=N_("Records of segments"),
    title_field="name",
    icon="list",
    navigation=False,
    fields=(
        TextField("name", N_("Name"), length=100, section="-"),
        LinkField("selection", N_("Segment"), target="selection", required=True, parent=True,
                  indexed=True, listed=True, inverse=N_("Records")),
        RecordField("record", N_("Record"), required=True, parent=True, indexed=True, listed=True,
                    ability="Selections", inverse=N_("Segments")),
    ),
    traits=(Member(selection="selection", record="record"), Aside()),
)  # fmt: skip
