"""A value of a list, a card or an export as people read it: text, kind and tone, nothing of Qt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, tzinfo
from typing import Any, NamedTuple

from crm_desktop.models.catalogue.definitions import Field, Ref
from crm_desktop.models.catalogue.fieldtypes import (
    ChoiceField,
    DateField,
    DateTimeField,
    LinkField,
    LongTextField,
    RecordField,
)
from crm_desktop.models.text import dates
from crm_desktop.services.titles import Linked, Title


class Cell(NamedTuple):
    """What is drawn: `kind` as `Field.kind`; a link with a colour is a pill; `tone` of `TONES`."""

    text: str
    kind: str = "text"
    tone: str = "neutral"


EMPTY = Cell("")


def format_cell(
    field: Field,
    value: Any,
    titles: Mapping[Ref, Title] | None = None,
    language: str = "en",
    today: date | None = None,
    *,
    zone: tzinfo | None = None,
) -> Cell:
    """The value of a field as a cell.

    `titles` names links that are not yet `Linked`. With `today`, for lists, near days are words,
    this year is left out, and only a moment of today keeps its time, unless that is midnight: what
    begins then goes on all day. `zone`: the person's; the
    computer's if not given.
    """
    if value is None or value == () or value == "":
        return Cell("", field.kind)
    if isinstance(value, Linked):
        return _named(value.text, value.tone)
    if isinstance(field, LinkField | RecordField):
        return _link(field, value, titles or {})
    if isinstance(field, ChoiceField):
        return _choice(field, value, language)
    if isinstance(field, DateField | DateTimeField):
        return Cell(_time(field, value, language, today, zone), field.kind)
    if isinstance(field, LongTextField):
        return Cell(" ".join(value.split()), field.kind)
    return Cell(field.format(value, language), field.kind)


def _named(text: str, tone: str) -> Cell:
    return Cell(text, "link" if tone == "neutral" else "pill", tone)


def _link(field: Field, value: Any, titles: Mapping[Ref, Title]) -> Cell:
    ref = Ref(field.target, value) if isinstance(field, LinkField) else value
    title = titles.get(ref)
    return Cell(f"#{ref.id}", "link") if title is None else _named(*title)


def _choice(field: ChoiceField, value: Any, language: str) -> Cell:
    text = field.format(value, language)
    choice = field.choice(value) if isinstance(value, str) else None
    if choice is None:  # several values at once have no one colour
        return Cell(text, "text" if not isinstance(value, str) else field.kind)
    return Cell(text, field.kind, choice.tone)


def _time(field: Field, value: Any, language: str, today: date | None, zone: tzinfo | None) -> str:
    if not isinstance(value, datetime):
        return dates.format_date(value, language, today)
    local = value.astimezone(zone)
    shown = dates.format_date(local.date(), language, today)
    if today and (local.date() != today or local.time() == time.min):
        return shown
    return f"{shown}, {local:%H:%M}"
