"""Reads the board: pipelines and stages, one question for all open records, then their titles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from crm_desktop.errors import NotFound
from crm_desktop.i18n import _
from crm_desktop.models.backend.types import UtcDateTime
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField, PhoneField
from crm_desktop.models.catalogue.sales_traits import Funnel
from crm_desktop.models.query import Query, Where
from crm_desktop.services.board.cards import DAY_S, Card, Cards, Found, Targets
from crm_desktop.services.conditions.sql import Compiler
from crm_desktop.services.office.zone import office_today
from crm_desktop.services.paths import Scope
from crm_desktop.services.reader import parts_of

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

NO_CHANCE = -1


@dataclass(frozen=True)
class Asked:
    """What is wanted: a pipeline (None: the first one), conditions, a typed text."""

    pipeline: int | None = None
    where: Where | None = None
    text: str = ""


def found_without_cards(base: Workspace, asked: Asked) -> Found:
    """Everything but the cards. `NotFound`: there is no pipeline yet."""
    entity, trait = base.catalogue.with_trait(Funnel)
    offered = tuple(base.pipelines.all())
    chosen = [one for one in offered if one.id == asked.pipeline] or list(offered)
    if not chosen:
        raise NotFound(_("There is no pipeline yet: make one with its stages first"))
    now = base.clock.now()
    return Found(
        entity.key, _targets(base.catalogue, entity, trait), chosen[0], offered, Cards.of(()),
        int(now.timestamp()), office_today(base),
        frozenset(int(one.timestamp()) for one in base.worktime.days_begun()),
        base.info("currency") or "",
    )  # fmt: skip


def read_cards(
    base: Workspace, stages: Sequence[int], asked: Asked, ids: Sequence[int] | None = None
) -> Cards:
    """The records that stand in these stages; with `ids` only those of them."""
    entity, trait = base.catalogue.with_trait(Funnel)
    scope = Scope(base.tables, entity)
    query = base.lists.written_out(Query(entity.key, where=asked.where))
    compiler = Compiler(base.tables, base.lists.context())
    conditions = [*compiler.compile(scope, query.where), *compiler.seen(scope)]
    columns = _columns(scope, entity, trait)
    wanted = sa.select(*columns).select_from(scope.source())
    wanted = wanted.where(scope.column(entity.field(trait.stage)).in_(stages), *conditions)
    parts = [wanted] if ids is None else [wanted.where(scope.id.in_(p)) for p in parts_of(ids)]
    with base.backend.read() as connection:
        read = [base.backend.columns(connection, part) for part in parts]
    cards = _made([list(chain.from_iterable(several)) for several in zip(*read, strict=True)])
    text = asked.text.strip()
    if text:
        among = set(base.search.matching(entity.key, text))
        cards = cards.without(set(cards.column("id")) - among)
    return cards


def _columns(scope: Scope, entity: EntityDef, trait: Funnel) -> list[sa.ColumnElement[Any]]:
    """The columns of `Card` in its order."""

    def plain(key: str) -> sa.ColumnElement[Any]:
        return scope.column(entity.field(key))

    def number(key: str, empty: int = 0) -> sa.ColumnElement[Any]:
        whole = sa.type_coerce(plain(key), sa.BigInteger())
        return sa.func.coalesce(whole, empty, type_=sa.BigInteger())

    def moment(key: str) -> sa.ColumnElement[Any]:
        return sa.type_coerce(plain(key), UtcDateTime())  # a day counts as its midnight

    person = person_link(scope.tables.catalogue, entity, trait)
    return [
        scope.id, scope.main.c.version, plain(trait.stage), plain(entity.title_field),
        number(trait.client), number(person.key),
        sa.type_coerce(plain(trait.amount), sa.BigInteger()), plain(trait.currency),
        number(trait.who), moment(trait.expected), number(trait.probability, NO_CHANCE),
        moment(trait.since), moment(trait.next_step), plain(_step_words(entity, trait).key),
        number(trait.source), moment(trait.opened),
    ]  # fmt: skip


def person_link(catalogue: Catalogue, entity: EntityDef, trait: Funnel) -> LinkField:
    """The link to the person one speaks to: beside the client the one that can be called."""
    for f in entity.fields:
        if isinstance(f, LinkField) and f.key not in (trait.client, trait.who):
            target = catalogue[f.target]
            if any(isinstance(one, PhoneField) for one in target.fields) and target.navigation:
                return f
    raise KeyError(entity.key)


def _targets(catalogue: Catalogue, entity: EntityDef, trait: Funnel) -> Targets:
    links = [entity.field(key) for key in (trait.client, trait.who, trait.source)]
    client, who, source = (f.target for f in links if isinstance(f, LinkField))
    return Targets(client, person_link(catalogue, entity, trait).target, who, source)


def _step_words(entity: EntityDef, trait: Funnel) -> Field:
    """The words of the next step stand beside its moment."""
    return entity.field(trait.next_step.removesuffix("_at"))


def _made(columns: list[list[Any]]) -> Cards:
    """Cards of whole columns: nothing is done for each of thousands that can be done once."""
    for place, empty in ((3, ""), (7, ""), (9, 0), (11, 0), (12, 0), (13, ""), (15, 0)):
        if None in columns[place]:
            columns[place] = [value or empty for value in columns[place]]
    large = {code: code.upper() for code in set(columns[7])}
    columns[7] = [large[code] for code in columns[7]]  # choices have small keys, ISO 4217 large
    columns[9] = [seconds // DAY_S for seconds in columns[9]]
    return Cards(columns)


def read_titles(base: Workspace, found: Found, cards: Iterable[Card]) -> dict[Ref, str]:
    """What the records are called that the cards are linked to."""
    several, refs = Cards.of(cards), set[Ref]()
    for name, target in zip(Targets._fields, found.targets, strict=True):
        refs |= {Ref(target, int(id_)) for id_ in set(several.column(name)) if id_}
    return {ref: title.text for ref, title in base.titles.of(refs).items()}
