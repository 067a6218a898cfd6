"""What a rule reads of a record: its fields, those of its client, and texts with them filled in.

A text is hostile: what stands in braces is looked up among the names of fields and nothing else,
and what is filled in is not looked at again.
"""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop import i18n
from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field, ParseContext
from crm_desktop.models.catalogue.fieldtypes import (
    BoolField,
    ChoiceField,
    DateTimeField,
    LinkField,
    MoneyField,
    RecordField,
)
from crm_desktop.models.catalogue.traits import Channels, WishText
from crm_desktop.models.text.dates import format_datetime
from crm_desktop.models.text.normalise import sort_key
from crm_desktop.services.money.currencies import in_own_currency
from crm_desktop.services.pipelines.way import company_time
from crm_desktop.services.writing.batch import Batch, Staged, is_empty

_NAMED = re.compile(r"\{([^{}\n]{1,60})\}")
_DEEPEST = 3


class Found(NamedTuple):
    """A field and its value."""

    field: Field
    value: Any


def contacts_of(catalogue: Catalogue, entity: EntityDef) -> list[LinkField]:
    """The links by which an object knows whom it is about: its client, its contact person."""
    return [
        f for f in entity.fields
        if isinstance(f, LinkField) and catalogue[f.target].trait(Channels) is not None
        and f.target != entity.key and not f.readonly
    ]  # fmt: skip


def find_path(catalogue: Catalogue, entity: EntityDef, name: str) -> str:
    """The path of keys that people mean by a name, of the record or of its client; `InvalidInput`
    if there is no such field."""
    parts, here, keys = name.strip().split(".")[:_DEEPEST], entity, list[str]()
    for place, part in enumerate(parts):
        try:
            f = catalogue.field(here, part)
        except NotFound as unknown:
            if place or len(parts) > 1:
                raise InvalidInput(unknown.message) from unknown
            return _of_contact(catalogue, entity, part, unknown)
        keys.append(f.key)
        if place < len(parts) - 1:
            if not isinstance(f, LinkField):
                raise InvalidInput(_("“{field}” leads to no other record").format(field=_(f.label)))
            here = catalogue[f.target]
    return ".".join(keys)


def _of_contact(catalogue: Catalogue, entity: EntityDef, name: str, unknown: NotFound) -> str:
    for link in contacts_of(catalogue, entity):
        try:
            return f"{link.key}.{catalogue.field(catalogue[link.target], name).key}"
        except NotFound:
            continue
    raise InvalidInput(unknown.message) from unknown


def find(batch: Batch, staged: Staged, name: str) -> Found | None:
    """The field of this name and its value; where the record has none, the client's."""
    own = _along(batch, staged, name)
    if (own is not None and not is_empty(own.value)) or "." in name:
        return own
    for link in contacts_of(batch.catalogue, staged.entity):
        theirs = _along(batch, staged, f"{link.key}.{name}")
        if theirs is not None and (not is_empty(theirs.value) or own is None):
            own = theirs
            if not is_empty(own.value):
                break
    return own


def _along(batch: Batch, staged: Staged, path: str) -> Found | None:
    here, parts = staged, path.split(".")[:_DEEPEST]
    for part in parts[:-1]:
        target = _target(batch, here, part)
        if target is None:
            return None
        here = target
    try:
        f = batch.catalogue.field(here.entity, parts[-1])
    except NotFound:
        return None
    values = here.after or {}
    if f.currency_field:
        own, _dot, theirs = f.currency_field.partition(".")
        if not theirs:
            return Found(f, in_own_currency(here.entity, values).get(f.key))
        owner = _target(batch, here, own)
        named = (owner.after or {}).get(theirs) if owner is not None else None
        assert isinstance(f, MoneyField)
        return Found(f, f.in_currency(values.get(f.key), named))
    return Found(f, values.get(f.key))


def _target(batch: Batch, here: Staged, name: str) -> Staged | None:
    try:
        f = batch.catalogue.field(here.entity, name)
        value = (here.after or {}).get(f.key)
        if value is None or not isinstance(f, LinkField):
            return None
        return batch.row(batch.catalogue[f.target], value)
    except NotFound:
        return None


# --- texts ----------------------------------------------------------------------------------------


def filled(batch: Batch, staged: Staged, text: str) -> str:
    """The text with the fields in braces filled in; what names no field stays as it is."""

    def shown(named: re.Match[str]) -> str:
        name = named.group(1).strip()
        found = find(batch, staged, name)
        if found is None:
            wishes = _wishes(batch, staged, name)
            return named.group(0) if wishes is None else wishes
        return in_words(batch, found)

    return _NAMED.sub(shown, text)


def called(catalogue: Catalogue, entity: EntityDef, text: str) -> str:
    """The text of a rule with the labels of the fields in braces instead of their keys."""

    def label(named: re.Match[str]) -> str:
        try:
            path = find_path(catalogue, entity, named.group(1))
        except InvalidInput:
            return named.group(0)
        here = entity
        *links, last = path.split(".")
        for link in links:
            f = here.field(link)
            assert isinstance(f, LinkField)
            here = catalogue[f.target]
        return f"{{{_(here.field(last).label)}}}"

    return _NAMED.sub(label, text)


def in_words(batch: Batch, found: Found) -> str:
    """A value as people read it."""
    f, value = found
    if is_empty(value):
        return ""
    if isinstance(f, LinkField):
        try:
            target = batch.row(batch.catalogue[f.target], value)
        except NotFound:
            return ""
        title = target.entity.title
        return title.format((target.after or {}).get(title.key), i18n.language())
    if isinstance(f, RecordField):
        return ""
    if isinstance(f, DateTimeField):
        return format_datetime(value.astimezone(zone(batch)), i18n.language())
    return f.format(value, i18n.language())


def _wishes(batch: Batch, staged: Staged, name: str) -> str | None:
    """What must not be forgotten of the client, as a list; None if the name means none of it."""
    entity, trait = batch.catalogue.with_trait(WishText)
    known = (entity.key, f"{entity.key}es", entity.plural.casefold(), _(entity.plural).casefold())
    short = {word for label in known for word in (label, label.split()[-1])}
    if name.casefold() not in short:
        return None
    said, today = list[str](), batch.now.astimezone(zone(batch)).date()
    for link in contacts_of(batch.catalogue, staged.entity):
        owner = _target(batch, staged, link.key)
        if owner is None:
            continue
        for one in batch.linked(entity, entity.field(trait.owner), owner.id):
            values = one.after or {}
            until = values.get(trait.until)
            if not values.get(trait.retired) and (until is None or until >= today):
                said.append(str(values.get(entity.title_field) or ""))
    return "; ".join(said)


def zone(batch: Batch) -> tzinfo:
    """The zone of the company."""
    return company_time(batch).zone


# --- typed values ---------------------------------------------------------------------------------


def typed(batch: Batch, f: Field, text: str) -> Any:
    """The value that a rule writes into a field or waits for; `InvalidInput` if it is none."""
    wanted = text.strip()
    if not wanted:
        return None
    if isinstance(f, LinkField) and not (wanted.isascii() and wanted.isdigit()):
        return _named(batch, f, wanted)
    if isinstance(f, BoolField | ChoiceField) or not isinstance(f, LinkField):
        return f.parse(wanted, context(batch))
    return int(wanted)


def _named(batch: Batch, f: LinkField, name: str) -> int:
    target = batch.catalogue[f.target]
    ids = batch.connection.execute(_with_title(batch, target, name)).scalars().all()
    for id_ in ids:
        values = batch.reader.many(target.key, [id_], connection=batch.connection)[id_]
        if not f.book or values.get("book") == f.book:
            return int(id_)
    raise InvalidInput(
        _("“{value}” is no value of “{field}”").format(value=name, field=_(f.label)), field=f.key
    )


def _with_title(batch: Batch, target: EntityDef, name: str) -> Any:
    tables = batch.reader.tables
    column = tables.order_column(target, target.title)
    key = sort_key(name) if target.title.keyed else name
    return sa.select(column.table.c.id).where(column == key).order_by(column.table.c.id)


def context(batch: Batch) -> ParseContext:
    """How a value in a rule is read."""
    here: datetime = batch.now.astimezone(zone(batch))
    russian = i18n.language() == "ru"
    return ParseContext(
        now=here, language=i18n.language(), date_order="dmy" if russian else "mdy",
        decimal=None if russian else ".",
    )  # fmt: skip
