"""Reference: one value of a reference book: a status, a segment, a source, an industry ..."""

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import Choice, EntityDef
from crm_desktop.models.catalogue.fieldtypes import (
    BoolField,
    ChoiceField,
    IntegerField,
    LinkField,
    TextField,
)
from crm_desktop.models.catalogue.traits import Book, Tree

BOOKS = (
    Choice("client_status", N_("Client statuses")),
    Choice("segment", N_("Categories of clients")),
    Choice("source", N_("Sources")),
    Choice("industry", N_("Industries")),
    Choice("region", N_("Regions")),
    Choice("role", N_("Roles of people")),
    Choice("call_result", N_("Call results")),
    Choice("relation_kind", N_("Kinds of relations")),
    Choice("wish_kind", N_("Kinds of critical wishes")),
    Choice("department", N_("Departments")),
    Choice("loss_reason", N_("Reasons of loss")),
    Choice("reject_reason", N_("Reasons of rejection")),
    Choice("competitor", N_("Competitors")),
    Choice("skill", N_("Skills")),
)

COLOURS = (
    Choice("ok", N_("Green"), "ok"),
    Choice("warn", N_("Orange"), "warn"),
    Choice("bad", N_("Red"), "bad"),
    Choice("info", N_("Violet"), "info"),
    Choice("accent", N_("Blue"), "accent"),
    Choice("neutral", N_("Grey"), "neutral"),
)

REFERENCE = EntityDef(
    key="reference",
    number=5,
    label=N_("Reference value"),
    plural=N_("Reference books"),
    new_label=N_("New value"),
    title_field="name",
    icon="entity-reference",
    fields=(
        TextField("name", N_("Name"), required=True, indexed=True, search=True, listed=True,
                  synonyms=("value", "значение", "название")),
        ChoiceField("book", N_("Book"), choices=BOOKS, required=True, indexed=True, listed=True,
                    synonyms=("справочник",)),
        ChoiceField("tone", N_("Colour"), choices=COLOURS, default="neutral", listed=True,
                    synonyms=("colour", "color", "цвет")),
        IntegerField("place", N_("Order"), listed=True, synonyms=("порядок",)),
        LinkField("parent", N_("Belongs to"), target="reference", indexed=True,
                  inverse=N_("Values below"), synonyms=("parent", "входит в", "группа")),
        TextField("inverse", N_("Seen from the other side"), length=150,
                  synonyms=("обратное название",)),
        BoolField("retired", N_("No longer offered"), listed=True, synonyms=("архив",)),
    ),
    traits=(Book("book", place="place", retired="retired", inverse="inverse"), Tree("parent")),
)  # fmt: skip
