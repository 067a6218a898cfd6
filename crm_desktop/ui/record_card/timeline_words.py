"""Happenings in the words of the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, tzinfo
from typing import Any

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.fieldtypes import ChoiceField, LinkField
from crm_desktop.models.whole_days import overdue_after
from crm_desktop.services.history.timeline import ADDED, MADE, NOTED, OPEN, Happening
from crm_desktop.ui.record_card.abilities import ActivityShape
from crm_desktop.ui.record_card.loading import ChildRow
from crm_desktop.ui.record_card.timeline_row import Entry, entry_of
from crm_desktop.ui.record_card.timeline_shape import NoteShape, note_shape
from crm_desktop.ui.record_card.values import Surroundings, ref_of, said_day, said_moment

MOST_SAID = 4


def refs_of_page(shape: ActivityShape, found: Iterable[Happening], staff: str) -> list[Ref]:
    """Everything whose name the words need."""
    refs: list[Ref] = []
    for one in found:
        refs += [Ref(staff, one.author)] if one.author else []
        refs += [one.owner, one.ref]
        if one.source == NOTED:
            links = (f for f in shape.entity.fields if isinstance(f, LinkField))
            found_refs = (ref_of(f, one.values.get(f.key)) for f in links)
            refs += [ref for ref in found_refs if ref is not None]
    return refs


def entry(
    shape: ActivityShape, one: Happening, around: Surroundings, looked_at: Ref, staff: str
) -> Entry:
    """A happening as a row shows it."""
    if one.source == NOTED:
        return _noted(shape, one, around, looked_at)
    named = around.titles.get(Ref(staff, one.author)) if one.author else None
    author = named.text if named else ""
    icon, kind, title, body = _told(one, around)
    return Entry(
        one.ref, one.version, icon, "neutral", kind, title, said_moment(one.moment, around),
        author, body, source=one.source, operation=one.operation,
    )  # fmt: skip


def _told(one: Happening, around: Surroundings) -> tuple[str, str, str, str]:
    """(icon, kind, title, text) of what the program noted by itself."""
    if one.source == ADDED:
        entity = around.catalogue[one.ref.entity]
        named = around.titles.get(one.ref)
        title = _("{object}: {name}").format(
            object=_(entity.label), name=named.text if named else _("deleted")
        )
        return entity.icon, _("Added"), title, ""
    if one.source == MADE:
        return "add", one.title, _("Created"), ""
    said = [
        _("{field}: {old} → {new}").format(
            field=_(c.field.label), old=c.old or "—", new=c.new or "—"
        )
        for c in one.fields
    ]
    title = said[0] if said else _("Changed")
    rest = [*said[1:MOST_SAID], *(["…"] if len(said) > MOST_SAID else [])]
    return "edit", one.title, title, "\n".join(rest)


def _noted(shape: ActivityShape, one: Happening, around: Surroundings, looked_at: Ref) -> Entry:
    made = entry_of(shape, ChildRow(one.ref, one.version, one.values), around)
    more, values = note_shape(shape), one.values
    planned = more.state is not None and values.get(more.state.key) in OPEN
    due = values.get(more.due.key) if more.due is not None else None
    turns = overdue_after(due, *_zones(around)) if planned and due else None
    words = [_("Next step")] if planned else []
    words += [made.kind] if made.kind else []
    words += _details(shape, more, values, around)
    return made.with_words(
        kind=" · ".join(words), about=_about(more, one, around, looked_at), planned=planned,
        moment=said_day(due, around) if planned and due else made.moment,
        late=bool(turns and turns < around.now), turns=turns,
        pinned=bool(more.pinned and values.get(more.pinned.key)),
        quoted=_name(more.quotes, values, around),
    )  # fmt: skip


def _zones(around: Surroundings) -> tuple[tzinfo, tzinfo]:
    here = around.now.tzinfo or UTC
    return here, around.office or here


def _details(
    shape: ActivityShape, more: NoteShape, values: Mapping[str, Any], around: Surroundings
) -> list[str]:
    """Direction and result in a few words."""
    words = [
        f.format(values[f.key], around.language)
        for f in shape.entity.fields
        if type(f) is ChoiceField and f not in (shape.kind, more.state) and values.get(f.key)
    ]
    return [word for word in (*words, _name(more.result, values, around)) if word]


def _name(f: LinkField | None, values: Mapping[str, Any], around: Surroundings) -> str:
    ref = ref_of(f, values.get(f.key)) if f is not None else None
    named = around.titles.get(ref) if ref is not None else None
    return named.text if named else ""


def _about(more: NoteShape, one: Happening, around: Surroundings, looked_at: Ref) -> str:
    """Whom it is about, or with whom it was, if that is not the record looked at."""
    if one.owner == looked_at:
        return _name(more.partner, one.values, around)
    named = around.titles.get(one.owner)
    return named.text if named else ""
