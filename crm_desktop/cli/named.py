"""The names in a --where: a condition on a record that is not in the base matches nothing, and a
script would take the silence for an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from crm_desktop.cli.command_words import LARGEST
from crm_desktop.errors import InvalidInput, UserError
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField, UserField
from crm_desktop.models.catalogue.fieldtypes.tags import TagsField
from crm_desktop.models.query import Condition, Where
from crm_desktop.services.child_paths import end_of
from crm_desktop.services.tags.service import tags_object
from crm_desktop.services.workspace import Workspace

_COMPARED = ("eq", "ne", "in", "not_in")
_MOST_NAMES = 1000  # of a reference book, to look for near ones
_NEAR = 60.0  # of 100, as rapidfuzz counts: one or two wrong letters in a word
_SHOWN = 5


def check_names(workspace: Workspace, entity: EntityDef, where: Where | None) -> None:
    """InvalidInput with near names for the first condition that names no record of the base."""
    for condition in _conditions(where):
        if condition.op not in _COMPARED:
            continue
        names = _named(workspace, entity, condition.path)
        if names is not None:
            for value in _listed(condition.value):
                _check(workspace, names, condition.path, value)


class _Names(NamedTuple):
    """Which records a condition names: those of an object, or of one of its reference books."""

    label: str
    target: str
    book: str | None = None
    of_people: bool = False
    by_number: bool = True


def _named(workspace: Workspace, entity: EntityDef, path: str) -> _Names | None:
    """None where any value may be compared with, as the name of a town."""
    found = end_of(workspace.catalogue, entity, path)
    f = found.field
    if isinstance(f, TagsField):
        return _Names(f.label, tags_object(workspace).key, by_number=False)
    if isinstance(f, LinkField):
        return _Names(f.label, f.target, f.book or None, isinstance(f, UserField))
    head = path.rpartition(".")[0]
    link = _link_at(workspace, entity, head) if f.key == found.entity.title_field else None
    if link is not None and link.book:
        return _Names(link.label, link.target, link.book, by_number=False)
    return None


def _conditions(where: Where | None) -> Iterator[Condition]:
    if isinstance(where, Condition):
        yield where
    elif where is not None:
        for item in where.items:
            yield from _conditions(item)


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else [value]


def _link_at(workspace: Workspace, entity: EntityDef, path: str) -> LinkField | None:
    """The link that a path ends with; None for a way back over records that point here."""
    if not path:
        return None
    try:
        f = end_of(workspace.catalogue, entity, path).field
    except UserError:
        return None
    return f if isinstance(f, LinkField) else None


def _check(workspace: Workspace, names: _Names, path: str, value: object) -> None:
    if names.of_people and value == "me":
        return
    text = str(value).strip()
    if not isinstance(value, str | int) or isinstance(value, bool) or not text:
        return  # the comparison itself says what is wrong with it
    if names.by_number and text.isdecimal():
        if int(text) <= LARGEST and workspace.titles.of([Ref(names.target, int(text))]):
            return
    elif workspace.titles.find(names.target, text, names.book):
        return
    near = near_names(workspace, names.target, text, names.book)
    said = {"field": _(names.label), "value": text, "near": ", ".join(near)}
    sentence = (
        _("{field}: “{value}” was not found. Near: {near}")
        if near
        else _("{field}: “{value}” was not found")
    )
    raise InvalidInput(sentence.format(**said), field=path)


def near_names(workspace: Workspace, target: str, text: str, book: str | None) -> list[str]:
    """What may have been meant, the nearest first; of a short reference book all there is."""
    from rapidfuzz import fuzz, process, utils

    if book is None and workspace.catalogue[target].navigation:
        return [hit.title for hit in workspace.search.find(text, target, _SHOWN)]
    known = [t.text for _r, t in workspace.titles.suggest(target, "", book, _MOST_NAMES)]
    found = process.extract(
        text, known, scorer=fuzz.WRatio, processor=utils.default_process, limit=_SHOWN,
        score_cutoff=_NEAR,
    )  # fmt: skip
    near = [name for name, _score, _at in found]
    return near or (known if len(known) <= _SHOWN * 2 else [])
