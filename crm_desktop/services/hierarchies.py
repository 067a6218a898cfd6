"""Records that stand below others of their object (trait `Hierarchy`): the tree, and moves in it.

The tree has two arrangements: below the record above, or below the group that a record belongs to
(`grouped`). What is moved onto a record goes below it, or into its group; what is moved onto a
group goes into it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.catalogue.shared_traits import Hierarchy
from crm_desktop.models.catalogue.traits import Book, Tree
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Update, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Node:
    """One record of the tree, or a group. `above` None: at the top. `below`: how many records that
    are not hidden stand anywhere below it."""

    ref: Ref
    name: str
    detail: str = ""
    above: Ref | None = None
    hidden: bool = False
    is_group: bool = False
    below: int = 0


def hierarchy_of(entity: EntityDef) -> Hierarchy:
    """How records of the object stand below one another."""
    trait = entity.trait(Hierarchy)
    if trait is None:
        raise InvalidInput(_("Records of “{object}” form no tree").format(object=_(entity.plural)))
    return trait


def nodes(workspace: Workspace, entity: EntityDef, *, grouped: bool) -> list[Node]:
    """Every record of the object, and the groups if `grouped`; those of the same place by name,
    groups before records."""
    trait, tables = hierarchy_of(entity), workspace.tables
    keys = (entity.title_field, trait.detail, trait.parent, trait.group, trait.hidden)
    columns = [tables.column(entity, entity.field(key)) for key in keys]
    ids = columns[0].table.c.id
    with workspace.backend.read() as connection:
        rows = connection.execute(sa.select(ids, *columns)).all()
    groups = _groups(workspace, entity, trait) if grouped else []
    known = {node.ref for node in groups} | {Ref(entity.key, row[0]) for row in rows}
    target = _target(entity, trait) if grouped else entity.key
    found = [
        Node(Ref(entity.key, id_), name or "", detail or "",
             _among(known, target, group if grouped else above), bool(hidden))
        for id_, name, detail, above, group, hidden in rows
    ]  # fmt: skip
    found.sort(key=lambda node: node.name.casefold())
    return _counted([*groups, *found])


def _target(entity: EntityDef, trait: Hierarchy) -> str:
    link = entity.field(trait.group)
    assert isinstance(link, LinkField)
    return link.target


def _among(known: set[Ref], target: str, id_: int | None) -> Ref | None:
    """Who stands below something that is gone stands at the top."""
    ref = Ref(target, id_) if id_ is not None else None
    return ref if ref in known else None


def _groups(workspace: Workspace, entity: EntityDef, trait: Hierarchy) -> list[Node]:
    link = entity.field(trait.group)
    assert isinstance(link, LinkField)
    owner, tables = workspace.catalogue[link.target], workspace.tables
    tree, book = owner.trait(Tree), owner.trait(Book)
    name = tables.column(owner, owner.field(owner.title_field))
    above = tables.column(owner, owner.field(tree.parent)) if tree else sa.null()
    asked = sa.select(name.table.c.id, name, above)
    if book is not None and link.book:
        asked = asked.where(tables.column(owner, owner.field(book.field)) == link.book)
    with workspace.backend.read() as connection:
        rows = connection.execute(asked).all()
    known = {Ref(owner.key, row[0]) for row in rows}
    found = [
        Node(Ref(owner.key, id_), text or "", "", _among(known, owner.key, up), is_group=True)
        for id_, text, up in rows
    ]
    return sorted(found, key=lambda node: node.name.casefold())


def without_hidden(found: Sequence[Node]) -> list[Node]:
    """Those that are not hidden; what stood below a hidden one stands below whom that one stood."""
    tree = {node.ref: node for node in found}
    shown: list[Node] = []
    for node in found:
        if node.hidden:
            continue
        up, met = node.above, {node.ref}
        while up is not None and tree[up].hidden and up not in met:
            met.add(up)
            up = tree[up].above
        shown.append(replace(node, above=up if up is None or not tree[up].hidden else None))
    return shown


def _counted(found: Sequence[Node]) -> list[Node]:
    """With how many stand below each; a ring, which no writer lets in, is walked once."""
    above = {node.ref: node.above for node in found}
    counts: dict[Ref, int] = defaultdict(int)
    for node in found:
        if node.hidden or node.is_group:
            continue
        met, up = {node.ref}, node.above
        while up is not None and up not in met:
            counts[up] += 1
            met.add(up)
            up = above[up]
    return [replace(node, below=counts[node.ref]) for node in found]


def why_not(moved: Sequence[Node], onto: Node | None, tree: Mapping[Ref, Node]) -> str:
    """The sentence that says why these cannot go there; '' if they can."""
    if onto is None:
        return ""
    for node in moved:
        if node.is_group and not onto.is_group:
            return _("A group goes into another group, not below “{name}”").format(name=onto.name)
        up: Node | None = onto
        for _step in range(len(tree)):
            if up is None:
                break
            if up.ref == node.ref:
                if up is onto:
                    return _("“{name}” cannot stand below itself").format(name=node.name)
                said = _("“{other}” stands below “{name}” already: move “{other}” elsewhere first")
                return said.format(other=onto.name, name=node.name)
            up = tree.get(up.above) if up.above is not None else None
    return ""


def place(
    workspace: Workspace, entity: EntityDef, moved: Sequence[Node], onto: Node | None, *,
    grouped: bool,
) -> int | None:  # fmt: skip
    """Moves records, or groups, below another one, None for the top; the operation, None where all
    stand there already. `InvalidInput` where a ring would come of it."""
    trait = hierarchy_of(entity)
    key, goal = (trait.group if grouped else trait.parent), onto
    if grouped and onto is not None and not onto.is_group:
        goal = _group_of(workspace, entity, onto)
    above = goal.ref if goal is not None else None
    writes: list[Write] = []
    for node in moved:
        field = _parent_of_group(workspace, node) if node.is_group else key
        wanted = above.id if above is not None else None
        row = workspace.reader.many(node.ref.entity, [node.ref.id], [field]).get(node.ref.id)
        if row is not None and row[field] != wanted:  # a lifted one is shown elsewhere
            writes.append(Update(*node.ref, {field: wanted}))
    return workspace.records.apply(writes, _title(moved, goal)).operation if writes else None


def _group_of(workspace: Workspace, entity: EntityDef, node: Node) -> Node | None:
    around = {one.ref: one for one in nodes(workspace, entity, grouped=True)}
    return around.get(node.above) if node.above is not None else None


def _parent_of_group(workspace: Workspace, node: Node) -> str:
    tree = workspace.catalogue[node.ref.entity].trait(Tree)
    if tree is None:
        raise InvalidInput(_("“{name}” stands in no tree").format(name=node.name))
    return tree.parent


def _title(moved: Sequence[Node], goal: Node | None) -> Title:
    values = {"count": len(moved), "name": moved[0].name, "place": goal.name if goal else ""}
    if len(moved) > 1 and goal is None:
        return Title(
            N_("{count} record moved to the top"), values, N_("{count} records moved to the top")
        )
    if len(moved) > 1:
        return Title(
            N_("{count} record moved below “{place}”"), values,
            N_("{count} records moved below “{place}”"),
        )  # fmt: skip
    if goal is None:
        return Title(N_("“{name}” moved to the top"), values)
    return Title(N_("“{name}” moved below “{place}”"), values)
