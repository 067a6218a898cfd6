"""The roles that come with the program: what they allow until the administrator says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.ownership import is_shared, owner_field
from crm_desktop.models.catalogue.sales_traits import Leads
from crm_desktop.models.catalogue.traits import Scheduled, Selecting, Tagging
from crm_desktop.services.rights import words

STAFF, SELLER, HEAD, READER = "usual", "seller", "head", "reader"
Given = tuple[int, str, str]
"""Number of an object (0: all others), action, scope."""


class Supplied(NamedTuple):
    """A role of the program: its key, and what it is called in a new base."""

    key: str
    name: dict[str, str]
    note: dict[str, str]


ROLES = (
    Supplied(
        STAFF,
        {"en": "Staff", "ru": "Сотрудник"},
        {
            "en": "Everything of everybody. Whoever has no role has this one.",
            "ru": "Всё у всех. Эта роль у каждого, кому не дали другой.",
        },
    ),
    Supplied(
        SELLER,
        {"en": "Seller", "ru": "Продавец"},
        {
            "en": "Own clients, deals, leads and activities, and what hangs on them.",
            "ru": "Свои клиенты, сделки, заявки и дела и всё, что при них.",
        },
    ),
    Supplied(
        HEAD,
        {"en": "Head of department", "ru": "Руководитель отдела"},
        {
            "en": "Everything of the department and of subordinates.",
            "ru": "Всё у своего отдела и своих подчинённых.",
        },
    ),
    Supplied(
        READER,
        {"en": "Reader", "ru": "Читатель"},
        {"en": "Sees everything, changes nothing.", "ru": "Видит всё, ничего не меняет."},
    ),
)


def given(key: str, catalogue: Catalogue) -> list[Given]:
    """What a role of the program allows."""
    return list({
        STAFF: _staff, SELLER: _seller, HEAD: _head, READER: _reader,
    }[key](catalogue))  # fmt: skip


def _staff(_catalogue: Catalogue) -> Iterator[Given]:
    for action in words.ACTIONS:
        yield words.EVERYTHING, action.key, words.ALL


def _reader(_catalogue: Catalogue) -> Iterator[Given]:
    yield words.EVERYTHING, words.SEE, words.ALL
    yield words.EVERYTHING, words.CALENDARS, words.ALL


def _head(catalogue: Catalogue) -> Iterator[Given]:
    yield from _within(catalogue, words.DEPARTMENT, without=())


def _seller(catalogue: Catalogue) -> Iterator[Given]:
    yield from _within(catalogue, words.OWN, without=(words.DELETE, words.EXPORT))
    planned = catalogue.with_trait(Scheduled)[0]
    yield planned.number, words.DELETE, words.OWN


def _within(catalogue: Catalogue, scope: str, *, without: tuple[str, ...]) -> Iterator[Given]:
    """Everything within the scope; tasks and leads may be made for anybody, tags and selections
    are kept by all, calendars are seen by all."""
    kept = [action.key for action in words.ACTIONS if action.key not in without]
    for action in kept:
        wide = action == words.CALENDARS
        yield words.EVERYTHING, action, words.ALL if wide else scope
    for entity in catalogue:
        open_ = _opened(catalogue, entity)
        if open_:
            yield from (
                (entity.number, action, words.ALL if action in open_ or action == words.CALENDARS
                 else scope)
                for action in kept
            )  # fmt: skip


def _opened(catalogue: Catalogue, entity: EntityDef) -> tuple[str, ...]:
    """The actions on an object that are allowed on everybody's records."""
    if entity.trait(Scheduled) or entity.trait(Leads):
        return (words.CREATE,)
    tag = catalogue.with_trait(Tagging)[0]
    tags = tag.field(catalogue.with_trait(Tagging)[1].tag)
    if entity.trait(Selecting) or getattr(tags, "target", "") == entity.key:
        return (words.SEE, words.CREATE, words.EDIT)
    sold = owner_field(entity) is not None and not entity.navigation
    return (words.SEE,) if sold and not is_shared(catalogue, entity) else ()
