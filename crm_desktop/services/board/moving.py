"""What a drag on the board writes: another stage with what was missing, another month, another
responsible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.catalogue.sales_traits import Funnel
from crm_desktop.services.board.cards import EPOCH, Card, Found
from crm_desktop.services.board.columns import BY_MONTH, BY_STAGE, Key, day_in, key_of
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Delete, Update, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.services.writing.records import Outcome

EXPECTED = N_("Expected to close: {count} deal moved"), N_("Expected to close: {count} deals moved")
GIVEN = N_("{count} deal given to somebody else"), N_("{count} deals given to somebody else")
MOVED = N_("{count} deal moved to “{name}”"), N_("{count} deals moved to “{name}”")


class Given(NamedTuple):
    """What was filled in for a move: a field or a path over a link, and who missed it."""

    key: str
    value: Any
    ids: tuple[int, ...]


def with_key(found: Found, card: Card, way: str, key: Key) -> Card:
    """The card as it will be in another column."""
    if way == BY_MONTH:
        day = day_in(found, card, key)
        return card._replace(expected=day.toordinal() - EPOCH if day is not None else 0)
    if isinstance(key, int):
        return card._replace(who=key) if way != BY_STAGE else card._replace(stage=key)
    return card._replace(who=0)


def with_keys(found: Found, card: Card, keys: Mapping[str, Key]) -> Card:
    """The card as it will be where a column and a lane cross; what it is already stays."""
    for way, key in keys.items():
        if key_of(found, card, way) != key:
            card = with_key(found, card, way, key)
    return card


def values_of(trait: Funnel, before: Card, after: Card) -> dict[str, Any]:
    """What is written for a card beside its stage."""
    values: dict[str, Any] = {}
    if before.expected != after.expected:
        values[trait.expected] = after.day
    if before.who != after.who:
        values[trait.who] = after.who or None
    return values


def give(base: Workspace, found: Found, cards: Sequence[Card], keys: Mapping[str, Key]) -> Outcome:
    """Gives the cards the day and the colleague of a column and a lane, in one operation."""
    entity, trait = base.catalogue.with_trait(Funnel)
    writes = [
        Update(entity.key, card.id, values_of(trait, card, with_keys(found, card, keys)))
        for card in cards
    ]
    words = EXPECTED if BY_MONTH in keys else GIVEN
    title = Title(words[0], {"count": len(cards)}, words[1])
    return base.records.apply(writes, title if len(cards) > 1 else None)


def move_with(
    base: Workspace, ids: Sequence[int], stage: int, given: Sequence[Given],
    first: Sequence[Write] = (),
) -> Outcome:  # fmt: skip
    """Moves records to a stage in one operation; what was missing is written to those alone that
    missed it. `first`: files and steps that go with it (`pipelines/beside`)."""
    if all(set(ids) <= set(one.ids) for one in given):
        return base.pipelines.move(ids, stage, {one.key: one.value for one in given}, first)
    entity, trait = base.catalogue.with_trait(Funnel)
    writes: list[Write] = [*first]
    for one in given:
        if "." in one.key:
            writes += _over_link(base, entity, one)
    for id_ in ids:
        own = {one.key: one.value for one in given if "." not in one.key and id_ in one.ids}
        writes.append(Update(entity.key, id_, {**own, trait.stage: stage}))
    names = {known.id: known.name for way in base.pipelines.all() for known in way.stages}
    said = {"count": len(ids), "name": names.get(stage, "…")}
    return base.records.apply(writes, Title(MOVED[0], said, MOVED[1]))


def _over_link(base: Workspace, entity: EntityDef, given: Given) -> list[Write]:
    """`client.phone`: to the records that the links of these lead to."""
    link, _dot, key = given.key.partition(".")
    f = entity.field(link)
    assert isinstance(f, LinkField)
    rows = base.reader.many(entity.key, given.ids, [link]).values()
    targets = {row[link] for row in rows if row[link]}
    return [Update(f.target, id_, {key: given.value}) for id_ in sorted(targets)]


def delete(base: Workspace, ids: Sequence[int]) -> Outcome:
    """Deletes records; undo brings them back with all that hangs on them."""
    entity, _trait = base.catalogue.with_trait(Funnel)
    return base.records.apply([Delete(entity.key, id_) for id_ in ids])
