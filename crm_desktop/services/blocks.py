"""Blocks: records that belong to another one with all they say and what belongs to them in turn,
read at once to be shown as a whole or copied into a letter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.catalogue import Link
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import BoolField, ChoiceField, LinkField, RecordField
from crm_desktop.models.catalogue.traits import OneFlag
from crm_desktop.services.writing.batch import is_empty

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

INTERNAL = N_("Note")
"""The section of what is not for others to read: it is not copied."""


@dataclass(frozen=True)
class Block:
    """A record with those that belong to it, by the link that ties them to it."""

    entity: EntityDef
    id: int
    values: Mapping[str, Any]
    children: tuple[tuple[Link, tuple[Block, ...]], ...] = ()

    @property
    def ref(self) -> Ref:
        """The record's name."""
        return Ref(self.entity.key, self.id)

    @property
    def flag(self) -> Field | None:
        """The yes/no field of which exactly one of its siblings has the yes, if there is one."""
        rule = self.entity.trait(OneFlag)
        return self.entity.field(rule.flag) if rule is not None else None

    @property
    def is_main(self) -> bool:
        """Whether it is that one."""
        return self.flag is not None and bool(self.values.get(self.flag.key))

    def facts(self) -> Iterator[tuple[Field, Any]]:
        """The filled fields that apply, in the order of the form; links, yes/no and what
        the program repeats left out."""
        for f in self.entity.fields:
            value = self.values.get(f.key)
            plain = not f.readonly and not isinstance(f, LinkField | RecordField | BoolField)
            if plain and not is_empty(value) and f.applies(self.values):
                yield f, value

    def title(self, language: str) -> str:
        """What the record is called."""
        f = self.entity.title
        return f.format(self.values.get(f.key), language) or _(self.entity.label)


def load_blocks(workspace: Workspace, link: Link, owner: int) -> tuple[Block, ...]:
    """The records that point to `owner` by the link, the main one first; two levels deep."""
    rows = workspace.reader.linked(link.entity.key, link.field.key, [owner])
    below: dict[int, list[tuple[Link, tuple[Block, ...]]]] = defaultdict(list)
    for child in workspace.catalogue.children(link.entity):
        if rows:
            for id_, found in _by_owner(workspace, child, list(rows)).items():
                below[id_].append((child, _sorted(found)))
    return _sorted([Block(link.entity, i, row.values, tuple(below[i])) for i, row in rows.items()])


def _by_owner(workspace: Workspace, link: Link, owners: list[int]) -> dict[int, list[Block]]:
    found: dict[int, list[Block]] = {owner: [] for owner in owners}
    rows = workspace.reader.linked(link.entity.key, link.field.key, owners)
    for id_, row in rows.items():
        owner = row.values[link.field.key]
        block = Block(link.entity, id_, row.values)
        found[owner.id if isinstance(owner, Ref) else owner].append(block)
    return found


def _sorted(blocks: list[Block]) -> tuple[Block, ...]:
    return tuple(sorted(blocks, key=lambda block: (not block.is_main, block.id)))


def block_text(block: Block, language: str) -> str:
    """The block as lines of a letter: what it is called, `field: value`, then its children."""
    lines = [block.title(language)]
    lines += [f"{_(f.label)}: {f.format(value, language)}" for f, value in _told(block)]
    for _link, children in block.children:
        lines += ["\n" + child_text(child, language) for child in children]
    return "\n".join(lines)


def child_text(block: Block, language: str) -> str:
    """A child's lines: all `field: value`, its title too."""
    told = [(block.entity.title, block.values.get(block.entity.title_field)), *_told(block)]
    return "\n".join(f"{_(f.label)}: {f.format(value, language)}" for f, value in told)


def _told(block: Block) -> Iterator[tuple[Field, Any]]:
    for f, value in block.facts():
        is_kind = isinstance(f, ChoiceField) and f.required
        repeated = value == block.values.get(block.entity.title_field)
        if not is_kind and not repeated and f.section != INTERNAL:
            yield f, value
