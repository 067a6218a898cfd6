"""The names in a --where: a condition on a record that is not in the base matches nothing, and a
script would take the silence for an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField, UserField
from crm_desktop.models.query import Condition, Where
from crm_desktop.services.child_paths import end_of
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
        f = end_of(workspace.catalogue, entity, condition.path).field
        if isinstance(f, LinkField):
            for value in _listed(condition.value):
                _check(workspace, f, condition.path, value)


def _conditions(where: Where | None) -> Iterator[Condition]:
    if isinstance(where, Condition):
        yield where
    elif where is not None:
        for item in where.items:
            yield from _conditions(item)


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else [value]


def _check(workspace: Workspace, f: LinkField, path: str, value: object) -> None:
    if isinstance(f, UserField) and value == "me":
        return
    text = str(value).strip()
    if not isinstance(value, str | int) or isinstance(value, bool) or not text:
        return  # the comparison itself says what is wrong with it
    if text.isdecimal():
        if workspace.titles.of([Ref(f.target, int(text))]):
            return
    elif workspace.titles.find(f.target, text, f.book or None):
        return
    near = near_names(workspace, f, text)
    said = {"field": _(f.label), "value": text, "near": ", ".join(near)}
    sentence = (
        _("{field}: “{value}” was not found. Near: {near}")
        if near
        else _("{field}: “{value}” was not found")
    )
    raise InvalidInput(sentence.format(**said), field=path)


def near_names(workspace: Workspace, f: LinkField, text: str) -> list[str]:
    """What may have been meant, the nearest first; of a short reference book all there is."""
    from rapidfuzz import fuzz, process, utils

    if not f.book:
        return [hit.title for hit in workspace.search.find(text, f.target, _SHOWN)]
    known = workspace.titles.suggest(f.target, "", f.book, _MOST_NAMES)
    names = [title.text for _ref, title in known]
    found = process.extract(
        text, names, scorer=fuzz.WRatio, processor=utils.default_process, limit=_SHOWN,
        score_cutoff=_NEAR,
    )  # fmt: skip
    near = [name for name, _score, _at in found]
    return near or (names if len(names) <= _SHOWN * 2 else [])
