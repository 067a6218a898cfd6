"""Resource: a room, a car, a tool or a crew whose time is planned and taken."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.builtin.reference import COLOURS
from crm_desktop.models.catalogue.definitions import Choice, EntityDef
from crm_desktop.models.catalogue.fieldtypes import (
    BoolField,
    ChoiceField,
    IntegerField,
    LinkField,
    LongTextField,
    TextField,
)
from crm_desktop.models.catalogue.planner_traits import PlannerRows

KINDS = (
    Choice("room", N_("Room"), "info", "seats"),
    Choice("car", N_("Car"), "accent", "object-car"),
    Choice("tool", N_("Tool"), "warn", "object-wrench"),
    Choice("crew", N_("Crew"), "ok", "people-team"),
)

RESOURCE = EntityDef(
    key="resource",
    number=28,
    label=N_("Resource"),
    plural=N_("Resources"),
    new_label=N_("New resource"),
    title_field="name",
    icon="object-key",
    navigation=False,
    fields=(
        TextField("name", N_("Name"), required=True, indexed=True, search=True, listed=True,
                  synonyms=("resource", "название", "ресурс")),
        ChoiceField("kind", N_("Kind"), choices=KINDS, default="room", required=True, listed=True,
                    column="resource_kind", synonyms=("type", "вид", "тип")),
        IntegerField("capacity", N_("Room for, people"), least=0, most=100_000, listed=True,
                     synonyms=("places", "вместимость", "мест")),
        LinkField("department", N_("Department"), target="reference", book="department",
                  indexed=True, listed=True, create=True, inverse=N_("Resources"),
                  synonyms=("отдел", "подразделение")),
        ChoiceField("colour", N_("Colour"), choices=COLOURS, synonyms=("color", "цвет")),
        BoolField("retired", N_("No longer offered"), synonyms=("архив",)),
        LongTextField("note", N_("Note"), synonyms=("примечание",)),
    ),
    traits=(PlannerRows("kind", "department", "retired"),),
)  # fmt: skip
