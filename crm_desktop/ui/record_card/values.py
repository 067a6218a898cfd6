"""How a value stands on a card: its words, its colour, what a click on it opens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import (
    ChoiceField,
    DateField,
    DateTimeField,
    LinkField,
    LongTextField,
    MultiChoiceField,
    RecordField,
)
from crm_desktop.models.catalogue.holding import MASK, is_held
from crm_desktop.models.catalogue.traits import Book
from crm_desktop.models.text.date_formats import format_date, format_datetime
from crm_desktop.models.text.firms import client_kind
from crm_desktop.models.text.normalise import digits
from crm_desktop.models.whole_days import is_midnight, shown_in
from crm_desktop.ui.dialling import HELD, MAIL_HELD

Titles = Mapping[Ref, Any]
"""Titles of linked records: each has `text` and `tone`."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the words of a value depend on beside the value: language, moment, linked titles."""

    catalogue: Catalogue
    titles: Titles
    language: str
    now: datetime
    office: tzinfo | None = None
    """Its zone, as far as it is known."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as it is to be read. `copy` is what the copy button takes.

    `pills` are (word, tone) after the words; `ref` and `address` are what a click on the words
    opens; `star` marks the main one of several.
    """

    text: str = ""
    pills: tuple[tuple[str, str], ...] = ()
    ref: Ref | None = None
    address: str = ""
    copy: str = ""
    long: bool = False
    star: bool = False

    @property
    def empty(self) -> bool:
        """Whether there is nothing to be read."""
        return not self.text and not self.pills


def refs_of(entity: EntityDef, values: Mapping[str, Any]) -> Iterator[Ref]:
    """The records that a record links to."""
    for f in entity.fields:
        ref = ref_of(f, values.get(f.key))
        if ref is not None:
            yield ref


def ref_of(f: Field, value: Any) -> Ref | None:
    """The record that a value of a field links to."""
    if value is None:
        return None
    if isinstance(f, RecordField):
        return Ref(*value)
    return Ref(f.target, value) if isinstance(f, LinkField) else None


def shown(f: Field, value: Any, around: Surroundings) -> Shown:
    """The value of a field as a card shows it."""
    if value is None or value == "" or value == () or (f.type_name == "bool" and not value):
        return Shown()
    ref = ref_of(f, value)
    if ref is not None:
        return _shown_link(ref, around)
    if isinstance(f, MultiChoiceField):
        return Shown(pills=tuple(_pill(f, key) for key in value), copy=_words(f, value, around))
    if isinstance(f, ChoiceField) and len({choice.tone for choice in f.choices}) > 1:
        return Shown(pills=(_pill(f, value),), copy=_words(f, value, around))
    words = _words(f, value, around)
    return Shown(
        words, address=address_of(f, value), copy=str(value) if f.type_name == "file" else words,
        long=isinstance(f, LongTextField),
    )  # fmt: skip


def _shown_link(ref: Ref, around: Surroundings) -> Shown:
    title = around.titles.get(ref)
    text = title.text if title is not None else "…"
    if around.catalogue[ref.entity].trait(Book) is None:
        return Shown(text, ref=ref, copy=text)
    if title is not None and title.tone != "neutral":
        return Shown(pills=((text, title.tone),), copy=text)
    return Shown(text, copy=text)


def _pill(f: ChoiceField, key: str) -> tuple[str, str]:
    choice = f.choice(key)
    return (_(choice.label), choice.tone) if choice else (str(key), "neutral")


def _words(f: Field, value: Any, around: Surroundings) -> str:
    if isinstance(f, DateTimeField):
        return said_moment(value, around)
    if isinstance(f, DateField) and isinstance(value, date):
        return format_date(value, around.language, style="long")
    return f.format(value, around.language)


def said_moment(moment: datetime, around: Surroundings) -> str:
    """A moment as people say it: today, 10:40; 19 Nov, 16:02; 19 Nov 2025, 16:02."""
    return format_datetime(
        moment, around.language, zone=around.now.tzinfo, now=around.now
    )  # fmt: skip


def said_day(due: datetime, around: Surroundings) -> str:
    """The same of what is due: without an hour where that is a midnight, for it is due all day."""
    here = around.now.tzinfo or UTC
    day = shown_in(due, here, around.office or here)
    if is_midnight(day, here):
        return format_date(day.astimezone(here).date(), around.language, around.now.date())
    return said_moment(due, around)


def called(words: Shown, ref: Ref, f: Field, value: Any, *, mail: bool = False) -> Shown:
    """The same words; a number or an address that a role hides is asked for when it is dialled or
    written to. `mail`: it is known that letters go there."""
    if f.type_name not in ("phone", "contact", "email") or not is_held(value):
        return words
    hidden = ((_("hidden"), "neutral"),) if value == MASK else ()
    letters = mail or f.type_name == "email" or "@" in value
    address = f"{MAIL_HELD if letters else HELD}{ref.entity}/{ref.id}/{f.key}"
    return replace(words, address=address, copy="", pills=(*words.pills, *hidden))


def address_of(f: Field, value: str) -> str:
    """What the computer opens for a value: mailto:, https:, a file; '' for nothing."""
    if f.type_name in ("email", "contact") and "@" in value[1:]:
        return f"mailto:{value}"
    if f.type_name in ("url", "file"):
        return value
    if f.type_name in ("phone", "contact") and len(digits(value)) >= 5:
        return phone_address(value)
    return ""


def phone_address(value: str) -> str:
    """`tel:` with digits alone (RFC 3966)."""
    number = value.partition(";")[0]
    return ("tel:+" if number.startswith("+") else "tel:") + digits(number)


def is_square(title: str) -> bool:
    """Whether the avatar of that name is square: companies are, people are round."""
    return client_kind(title) == "company" if title else False
