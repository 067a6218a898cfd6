"""What must be true of a catalogue before a base is opened with it."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import SYSTEM_COLUMNS, EntityDef
from crm_desktop.models.catalogue.fieldtypes import ChoiceField, LinkField
from crm_desktop.models.catalogue.traits import Book, Lasting, Latest, Mirror, Tags, Tree

LONGEST_NAME = 31  # Firebird 3


def check(catalogue: Catalogue) -> None:
    """`InvalidInput` with every mistake of the catalogue, one a line."""
    found = list(problems(catalogue))
    if found:
        raise InvalidInput("\n".join(found))


def problems(catalogue: Catalogue) -> Iterator[str]:
    """Every mistake as a sentence."""
    yield from _doubled(catalogue)
    for entity in catalogue:
        yield from _names(entity)
        yield from _targets(catalogue, entity)
        yield from _currencies(catalogue, entity)
        yield from _mirrors(catalogue, entity)
        yield from _shapes(entity)
        yield from _latest(catalogue, entity)


def _doubled(catalogue: Catalogue) -> Iterator[str]:
    for what in ("key", "number", "table_name"):
        counted = Counter(getattr(entity, what) for entity in catalogue)
        for value, times in counted.items():
            if times > 1:
                yield _("Two objects share “{value}”").format(value=value)


def _names(entity: EntityDef) -> Iterator[str]:
    if not entity.has(entity.title_field):
        yield _("{object}: the title field is missing").format(object=entity.key)
    for what in ("key", "name"):
        counted = Counter(getattr(f, what) for f in entity.fields)
        for value, times in counted.items():
            if times > 1 or value in SYSTEM_COLUMNS:
                yield _("{object}: the field name “{name}” is taken").format(
                    object=entity.key, name=value
                )
    longest = max((len(f.name) + 4 for f in entity.fields), default=0)
    if max(longest, len(entity.table_name) + 2) > LONGEST_NAME:
        yield _("{object}: a name is too long for the base").format(object=entity.key)


def _targets(catalogue: Catalogue, entity: EntityDef) -> Iterator[str]:
    for f in entity.fields:
        if isinstance(f, LinkField) and not catalogue.has(f.target):
            yield _("{object}.{field}: there is no object “{target}” to link to").format(
                object=entity.key, field=f.key, target=f.target
            )
        if f.only_if and not entity.has(f.only_if[0]):
            yield _("{object}: the field “{name}” is missing").format(
                object=entity.key, name=f.only_if[0]
            )
        if isinstance(f, ChoiceField) and not f.choices:
            yield _("{object}.{field}: a choice needs a list of values").format(
                object=entity.key, field=f.key
            )
    if entity.search_through and not entity.has(entity.search_through):
        yield _("{object}: the field “{name}” is missing").format(
            object=entity.key, name=entity.search_through
        )


def _currencies(catalogue: Catalogue, entity: EntityDef) -> Iterator[str]:
    """Each amount is in a currency that its record, or the one it belongs to, names."""
    for key, path in entity.currencies.items():
        own, _dot, theirs = path.partition(".")
        named = entity.field(own) if entity.has(own) else None
        if theirs and isinstance(named, LinkField) and catalogue[named.target].has(theirs):
            named = catalogue[named.target].field(theirs)
        if not isinstance(named, ChoiceField) or entity.field(key).type_name != "money":
            yield _("{object}: the field “{name}” is missing").format(object=entity.key, name=path)


def _shapes(entity: EntityDef) -> Iterator[str]:
    """Traits whose parts are names of the object's own fields."""
    shapes = [t for t in entity.traits if isinstance(t, Tree | Tags | Book | Lasting)]
    for trait in shapes:
        for name in dataclasses.astuple(trait):
            if name and not entity.has(name):
                yield _("{object}: the field “{name}” is missing").format(
                    object=entity.key, name=name
                )
    tree = entity.trait(Tree)
    parent = entity.field(tree.parent) if tree and entity.has(tree.parent) else None
    if parent is not None and not (isinstance(parent, LinkField) and parent.target == entity.key):
        yield _("{object}: “{name}” must be a link to the same object").format(
            object=entity.key, name=parent.key
        )


def _mirrors(catalogue: Catalogue, entity: EntityDef) -> Iterator[str]:
    for mirror in entity.traits_of(Mirror):
        child = catalogue[mirror.child] if catalogue.has(mirror.child) else None
        names = [mirror.owner, mirror.value, mirror.flag]
        names += [mirror.kind[0]] if mirror.kind else []
        names += [mirror.unless] if mirror.unless else []
        if child is None or not entity.has(mirror.field) or not all(map(child.has, names)):
            yield _("{object}: the mirror “{name}” does not fit").format(
                object=entity.key, name=mirror.field
            )


def _latest(catalogue: Catalogue, entity: EntityDef) -> Iterator[str]:
    for trait in entity.traits_of(Latest):
        child = catalogue[trait.child] if catalogue.has(trait.child) else None
        read = [trait.owner, trait.by]
        read += [key for _own, key in trait.copies] + [key for key, _values in trait.where]
        kept = {trait.field, *(own for own, _key in trait.copies)}
        sound = child is not None and all(
            child.has(key) and not child.field(key).extra for key in read
        )
        if not sound or not kept <= entity.kept:
            yield _("{object}: “{name}” cannot be kept up to date").format(
                object=entity.key, name=trait.field
            )
