"""FIELD=VALUE of the command line to values of fields, and values back to JSON and text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm_desktop import i18n
from crm_desktop.cli.named import near_names
from crm_desktop.cli.usage import WrongUsage
from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import DateTimeField, LinkField, RecordField
from crm_desktop.models.catalogue.traits import Book
from crm_desktop.services.cells import format_cell
from crm_desktop.services.titles import Linked
from crm_desktop.services.workspace import Workspace

_MOST_SHOWN = 10


def parse_values(workspace: Workspace, entity: EntityDef, pairs: Sequence[str]) -> dict[str, Any]:
    """The values of `FIELD=VALUE` arguments; an empty value empties the field."""
    values: dict[str, Any] = {}
    for pair in pairs:
        name, sign, text = pair.partition("=")
        if not sign:
            raise WrongUsage(_("Write FIELD=VALUE instead of “{text}”").format(text=pair))
        f = _meant(entity, workspace.catalogue.field(entity, name))
        if f.key in values:
            said = _("The field “{name}” is given twice").format(name=_(f.label))
            raise WrongUsage(said, field=f.key)
        values[f.key] = parse_value(workspace, f, text)
    return values


def _meant(entity: EntityDef, f: Field) -> Field:
    """The field itself; of records that are called after another one, the link that leads there:
    their name is nobody's to write."""
    if f is not entity.title or not f.readonly:
        return f
    named = (
        other for other in entity.fields
        if isinstance(other, LinkField) and other.required and not (other.parent or other.readonly)
    )  # fmt: skip
    return next(named, f)


def parse_value(workspace: Workspace, f: Field, text: str) -> Any:
    """One value; a link may be given by id or by the name of the record."""
    if isinstance(f, RecordField) and text.strip():
        return _record(workspace, f, text)
    if isinstance(f, LinkField) and text.strip() and not text.strip().isdigit():
        return find_record(workspace, f.target, text, f.book or None)
    if isinstance(f, DateTimeField) and f.ends_day:
        workspace.worktime.calendars()  # a day alone is the end of its work
    return f.parse(text, workspace.parse_context())


def _record(workspace: Workspace, f: RecordField, text: str) -> Ref:
    name, _colon, rest = text.partition(":")
    if not (name.strip() and rest.strip()):
        raise _objectless(workspace, f, text)
    entity = workspace.catalogue.find(name)
    number = int(rest) if rest.strip().isdigit() else find_record(workspace, entity.key, rest)
    return Ref(entity.key, number)


def _objectless(workspace: Workspace, f: RecordField, text: str) -> InvalidInput:
    """A name or number alone does not say of which object it is."""
    catalogue = workspace.catalogue
    keys = [entity.key for entity in catalogue if catalogue.able(entity, f.ability)]
    named = (text.strip().strip(":") or "7") if keys else text
    said = _(
        "{field}: write the object, a colon, then the name or number of the record, "
        "as in {example}. Objects that fit: {known}"
    )
    example = f"{keys[0]}:{named}" if keys else ""
    known = ", ".join(keys[:_MOST_SHOWN])
    return InvalidInput(said.format(field=_(f.label), example=example, known=known), field=f.key)


def find_record(workspace: Workspace, key: str, text: str, book: str | None = None) -> int:
    """The one record of this name; `InvalidInput` for none or several."""
    found = workspace.titles.find(key, text, book)
    if not found and book is None:
        found = [hit.id for hit in workspace.search.find(text, key, 3)]
    label = _(workspace.catalogue[key].label)
    if not found:
        near = ", ".join(near_names(workspace, key, text, book))
        sentence = (
            _("{object} “{name}” was not found. Near: {near}")
            if near
            else _("{object} “{name}” was not found")
        )
        sentence = sentence.format(object=label, name=text, near=near)
        trait = workspace.catalogue[key].trait(Book)
        if book and trait is not None:
            how = f'crm-desktop add {key} {trait.field}={book} name="{text}"'
            sentence += ". " + _("Add it with {command}").format(command=how)
        raise InvalidInput(sentence)
    if len(found) > 1:
        ids = ", ".join(map(str, found[:10]))
        raise InvalidInput(
            _("{object} “{name}” is there several times, name one by its number: {ids}").format(
                object=label, name=text, ids=ids
            )
        )
    return found[0]


def plain(f: Field, value: Any) -> Any:
    """A value as JSON: links as the name of the record, choices by key, dates in ISO form."""
    if isinstance(value, Linked):
        return value.text
    return None if value is None else f.plain(value)


def shown(f: Field, value: Any) -> str:
    """A value as a person reads it."""
    return format_cell(f, value, language=i18n.language()).text
