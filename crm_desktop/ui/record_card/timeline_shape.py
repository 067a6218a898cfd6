"""Which further fields of an activity the timeline knows what to do with."""

from __future__ import annotations

from dataclasses import dataclass

from crm_desktop.models.catalogue.fieldtypes import (
    BoolField,
    ChoiceField,
    DateTimeField,
    LinkField,
)
from crm_desktop.ui.record_card.abilities import ActivityShape

PLANNED, DONE = "planned", "done"


@dataclass(frozen=True)
class NoteShape:
    """`state` tells planned from done, `due` until when; `result` is from a reference book;
    `partner` is with whom it was; `quotes` another activity; `pinned` keeps it on top."""

    state: ChoiceField | None
    due: DateTimeField | None
    result: LinkField | None
    partner: LinkField | None
    quotes: LinkField | None
    pinned: BoolField | None


def note_shape(shape: ActivityShape) -> NoteShape:
    """Finds them by what they are, not by what they are called."""
    fields = shape.entity.fields
    choices = [f for f in fields if type(f) is ChoiceField]
    moments = [f for f in fields if type(f) is DateTimeField and f != shape.moment]
    links = [f for f in fields if type(f) is LinkField]
    rest = [f for f in links if not f.book and f.target != shape.entity.key]
    return NoteShape(
        next((f for f in choices if {PLANNED, DONE} <= {c.key for c in f.choices}), None),
        moments[0] if moments else None,
        next((f for f in links if f.book), None),
        rest[0] if rest else None,
        next((f for f in links if f.target == shape.entity.key), None),
        next((f for f in fields if type(f) is BoolField), None),
    )
