"""What is stuck, what it costs, whom to call: what an owner asks every morning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import TYPE_CHECKING

from crm_desktop import i18n
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField, PhoneField
from crm_desktop.models.catalogue.sales_traits import Funnel
from crm_desktop.services.board.cards import Card, Found, Totals, totals
from crm_desktop.services.board.reading import person_link, read_titles

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

MOST = 60
"""Rows of the list; the sums are those of all."""


@dataclass(frozen=True)
class Reach:
    """Whom to call about a card: the record, its name, its telephone as people read it."""

    ref: Ref | None
    name: str
    phone: str


@dataclass(frozen=True)
class Stuck:
    """One deal that waits for somebody."""

    card: Card
    client: str
    who: str
    reach: Reach


@dataclass(frozen=True)
class Waiting:
    """The dearest of what waits, and the sums of all of it."""

    rows: tuple[Stuck, ...]
    totals: Totals


def waiting(base: Workspace, found: Found) -> Waiting:
    """What is stuck, overdue or without a next step, the dearest first."""
    cards = found.in_care()
    columns = zip(*map(cards.column, ("amount", "since", "id")), cards.places, strict=True)
    dearest = nsmallest(MOST, ((-(amount or 0), *rest) for amount, *rest in columns))
    shown = list(cards.at([place for *_key, place in dearest]))
    found.titles.update(read_titles(base, found, shown))
    reaches = reach_of(base, shown)
    rows = tuple(
        Stuck(card, found.title(found.targets.client, card.client),
              found.title(found.targets.who, card.who), reaches[card.id])
        for card in shown
    )  # fmt: skip
    return Waiting(rows, totals(found, cards))


def reach_of(base: Workspace, cards: Iterable[Card]) -> dict[int, Reach]:
    """Whom to call about each card: its person if a telephone is known, else its client."""
    entity, trait = base.catalogue.with_trait(Funnel)
    some = list(cards)
    spoken = person_link(base.catalogue, entity, trait).target
    bought = entity.field(trait.client)
    assert isinstance(bought, LinkField)
    people = _numbers(base, base.catalogue[spoken], [card.person for card in some])
    clients = _numbers(base, base.catalogue[bought.target], [card.client for card in some])
    nobody = Reach(None, "", "")
    found = {}
    for card in some:
        person, client = people.get(card.person), clients.get(card.client)
        known = [one for one in (person, client) if one is not None]
        found[card.id] = next((one for one in known if one.phone), (*known, nobody)[0])
    return found


def _numbers(base: Workspace, target: EntityDef, ids: Sequence[int]) -> dict[int, Reach]:
    """Name and main telephone of the records."""
    phone = next((f for f in target.fields if isinstance(f, PhoneField)), None)
    wanted = [id_ for id_ in dict.fromkeys(ids) if id_]
    if not wanted:
        return {}
    refs = [Ref(target.key, id_) for id_ in wanted]
    titles = base.titles.of(refs)
    rows = base.reader.many(target.key, wanted, [phone.key]) if phone is not None else {}
    found = {}
    for ref in refs:
        value = rows.get(ref.id, {}).get(phone.key) if phone is not None else None
        said = phone.format(value, i18n.language()) if phone is not None and value else ""
        found[ref.id] = Reach(ref, titles[ref].text if ref in titles else "", said)
    return found
