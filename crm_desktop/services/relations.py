"""Relations between records: each read from either side under its right name, and as a picture.

A relation is kept once, from `one` to `other`. Its kind is a value of a reference book with two
names: what the other record is for the first ("subsidiary"), and the other way round ("parent
company"). A kind with one name reads the same from both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.catalogue.traits import Book, Joining, Lasting
from crm_desktop.models.query import Condition, Query
from crm_desktop.services.titles import Title
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.records import Outcome

MOST_AROUND, MOST_BEHIND = 14, 3
"""Records of the picture: around the one in the middle, and behind each of these."""


class KindName(NamedTuple):
    """A kind of relation as one side calls it; `turned`: the side it leads to."""

    kind: int
    turned: bool
    text: str
    tone: str = "neutral"


@dataclass(frozen=True)
class Related:
    """A relation seen from one of its records: to which other, called what, from when to when."""

    id: int
    version: int
    other: Ref
    title: Title
    name: KindName
    since: date | None = None
    until: date | None = None
    note: str = ""

    def is_over(self, today: date) -> bool:
        """Whether it has ended."""
        return self.until is not None and self.until < today


@dataclass(frozen=True)
class Node:
    """A record of the picture; `name` says what it is to the one nearer to the middle."""

    ref: Ref
    title: str
    name: str = ""
    behind: tuple[Node, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class Picture:
    """The record in the middle, those around it, and how many found no place."""

    middle: Node
    around: tuple[Node, ...] = ()
    more: int = field(default=0)


class RelationShape(NamedTuple):
    """Which object and fields hold relations."""

    entity: EntityDef
    joining: Joining
    lasting: Lasting
    kinds: EntityDef
    book: str

    @property
    def inverse(self) -> str:
        """The field of a kind that holds its other name."""
        trait = self.kinds.trait(Book)
        return trait.inverse if trait else ""


def shape_of(workspace: Workspace) -> RelationShape:
    """The shape of relations in the catalogue."""
    entity, joining = workspace.catalogue.with_trait(Joining)
    kind = entity.field(joining.kind)
    assert isinstance(kind, LinkField)
    lasting = entity.trait(Lasting) or Lasting()
    return RelationShape(entity, joining, lasting, workspace.catalogue[kind.target], kind.book)


def kind_names(workspace: Workspace) -> list[KindName]:
    """What a relation can be called, in the order of the book: each kind with both its names."""
    shape = shape_of(workspace)
    offered = workspace.titles.suggest(shape.kinds.key, "", shape.book, 200)
    rows = workspace.reader.many(
        shape.kinds.key, [ref.id for ref, _title in offered], [shape.inverse]
    )
    names: list[KindName] = []
    for ref, title in offered:
        names.append(KindName(ref.id, False, title.text, title.tone))
        inverse = str(rows.get(ref.id, {}).get(shape.inverse) or "")
        if inverse and inverse != title.text:
            names.append(KindName(ref.id, True, inverse, title.tone))
    return names


def relations_of(workspace: Workspace, ref: Ref) -> list[Related]:
    """The relations of a record: those that last first, each kind together."""
    today = workspace.clock.today()
    found = _of_many(workspace, [ref]).get(ref, [])
    return sorted(
        found, key=lambda r: (r.is_over(today), r.name.text.casefold(), r.title.text.casefold())
    )


def _of_many(workspace: Workspace, refs: Sequence[Ref]) -> dict[Ref, list[Related]]:
    shape, wanted = shape_of(workspace), set(refs)
    sides = (shape.joining.one, shape.joining.other)
    seen: list[tuple[Ref, int, Any, bool]] = []
    for mine, turned in zip(sides, (False, True), strict=True):
        rows = workspace.reader.linked(shape.entity.key, mine, [ref.id for ref in refs])
        for id_, row in rows.items():
            if row.values[mine] in wanted:
                seen.append((row.values[mine], id_, row, turned))
    others = [row.values[sides[0] if turned else sides[1]] for _mine, _id, row, turned in seen]
    kinds = {row.values[shape.joining.kind] for _mine, _id, row, _turned in seen}
    titles = workspace.titles.of([*others, *(Ref(shape.kinds.key, k) for k in kinds if k)])
    inverses = workspace.reader.many(shape.kinds.key, [k for k in kinds if k], [shape.inverse])
    found: dict[Ref, list[Related]] = {}
    for (mine_ref, id_, row, turned), other in zip(seen, others, strict=True):
        name = _name(shape, row.values[shape.joining.kind], turned, titles, inverses)
        found.setdefault(mine_ref, []).append(
            Related(
                id_, row.version, other, titles.get(other) or Title(f"#{other.id}"), name,
                row.values.get(shape.lasting.since), row.values.get(shape.lasting.until),
                str(row.values.get(shape.joining.note) or ""),
            )
        )  # fmt: skip
    return found


def _name(
    shape: RelationShape, kind: int | None, turned: bool, titles: Mapping[Ref, Title],
    inverses: Mapping[int, Mapping[str, Any]],
) -> KindName:  # fmt: skip
    title = titles.get(Ref(shape.kinds.key, kind or 0)) or Title(_("joined"))
    inverse = str(inverses.get(kind or 0, {}).get(shape.inverse) or "")
    text = inverse if turned and inverse else title.text
    return KindName(kind or 0, turned, text, title.tone)


def picture_of(workspace: Workspace, ref: Ref) -> Picture:
    """The records around a record, and faintly those behind them; what is over is left out."""
    today = workspace.clock.today()
    own = [r for r in relations_of(workspace, ref) if not r.is_over(today)]
    shown = _each_once(own)[:MOST_AROUND]
    inner = {ref, *(r.other for r in shown)}
    further = _of_many(workspace, [r.other for r in shown]) if shown else {}
    title = workspace.titles.of([ref]).get(ref)
    around = []
    for related in shown:
        behind = [
            r for r in _each_once(further.get(related.other, []))
            if r.other not in inner and not r.is_over(today)
        ]  # fmt: skip
        nodes = tuple(Node(r.other, r.title.text, r.name.text) for r in behind[:MOST_BEHIND])
        more = max(0, len(behind) - MOST_BEHIND)
        around.append(Node(related.other, related.title.text, related.name.text, nodes, more))
    middle = Node(ref, title.text if title else "")
    return Picture(middle, tuple(around), max(0, len(_each_once(own)) - MOST_AROUND))


def _each_once(found: Iterable[Related]) -> list[Related]:
    return list({related.other: related for related in reversed(list(found))}.values())[::-1]


def relate(
    workspace: Workspace, ref: Ref, name: KindName, other: Ref, values: Mapping[str, Any]
) -> Outcome:
    """Joins two records: `ref` sees the other under `name`. `InvalidInput` if they are joined so
    already."""
    shape = shape_of(workspace)
    one, two = (other, ref) if name.turned else (ref, other)
    keys = shape.joining
    twin = Query(shape.entity.key, ("id",)).narrowed(
        Condition(keys.one, "eq", tuple(one)), Condition(keys.other, "eq", tuple(two)),
        Condition(keys.kind, "exactly", (name.kind,)), Condition(shape.lasting.until, "empty"),
    )  # fmt: skip
    if workspace.lists.count(twin, 1):
        raise InvalidInput(_("These two are joined in this way already"))
    written = {**values, keys.one: one, keys.other: two, keys.kind: name.kind}
    return workspace.records.create(shape.entity.key, written)


def change_relation(
    workspace: Workspace, ref: Ref, related: Related, name: KindName, values: Mapping[str, Any]
) -> Outcome:
    """Another kind, side or time of a relation seen from `ref`; the other record may change too."""
    shape, keys = shape_of(workspace), shape_of(workspace).joining
    other = values.get(keys.other, related.other)
    one, two = (other, ref) if name.turned else (ref, other)
    written = {**values, keys.one: one, keys.other: two, keys.kind: name.kind}
    return workspace.records.update(shape.entity.key, related.id, written, related.version)
