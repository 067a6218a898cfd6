"""Keeps the line of tags of a record and its tags in step (traits `Tags`, `Tagging`).

Writing the line makes and removes tags, and makes words that are no tags yet; giving, taking,
renaming or deleting a tag writes the line anew. The line is in the order of the alphabet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import ChoiceField
from crm_desktop.models.catalogue.fieldtypes.tags import joined, split_tags
from crm_desktop.models.catalogue.traits import Tagging, Tags
from crm_desktop.models.text.normalise import norm, sort_key
from crm_desktop.services.writing.batch import Batch, Staged


class TagsLine:
    """The rules of tags over one batch; `settle` once, after all writes are staged."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._shape = _Shape.of(batch.catalogue)
        self._known: dict[str, int] = {}
        self._touched: set[Ref] = set()

    # --- the line was written ---------------------------------------------------------------------

    def owner_written(self, staged: Staged, keys: Iterable[str] | None) -> None:
        """A record was made (`keys` None) or changed: gives it the tags that its line names."""
        trait = staged.entity.trait(Tags)
        shape = self._shape
        if trait is None or shape is None or staged.after is None:
            return
        line = staged.after.get(trait.field)
        if (line is None) if keys is None else (trait.field not in keys):
            return
        wanted = {norm(name): name for name in split_tags(line)}
        present = {norm(_name(child)): child for child in self._tags_of(shape, staged)}
        for word, child in present.items():
            if word not in wanted:
                self._batch.delete(child)
        for word, name in wanted.items():
            if word not in present:
                self._give(shape, staged, name)
        self._touched.add(staged.ref)

    def _give(self, shape: _Shape, staged: Staged, name: str) -> None:
        values = {shape.name: name, shape.tag.key: self._tag(shape, name)}
        values[shape.record.key] = staged.ref
        self._batch.create(shape.tagging, values)

    def _tag(self, shape: _Shape, name: str) -> int:
        """The tag of this name; made if there is none."""
        word = norm(name)
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = self._found(shape, name) or self._made(shape, name)
        return known

    def _found(self, shape: _Shape, name: str) -> int | None:
        """In the base, or among what this batch makes."""
        own, key = shape.tags.title_field, shape.tags.key
        for staged in self._batch.rows.values():
            made = staged.after if staged.entity.key == key else None
            if made is not None and norm(str(made.get(own))) == norm(name):
                return staged.id
        table = self._batch.reader.tables.main[shape.tags.key]
        title = shape.tags.title
        wanted = sa.select(table.c.id, table.c[title.name]).where(
            table.c[f"{title.name}_key"] == sort_key(name)
        )
        rows = self._batch.connection.execute(wanted.order_by(table.c.id)).all()
        return next((row[0] for row in rows if norm(row[1]) == norm(name)), None)

    def _made(self, shape: _Shape, name: str) -> int:
        values: dict[str, Any] = {
            f.key: f.default for f in shape.tags.fields if isinstance(f, ChoiceField) and f.default
        }
        values[shape.tags.title_field] = shape.tags.title.check(name)
        made = self._batch.create(shape.tags, values)
        self._batch.fresh(made)
        return made.id

    # --- a tag was written ------------------------------------------------------------------------

    def tag_written(self, staged: Staged) -> None:
        """A tag was given or taken, or has another name: whose line is to be written anew."""
        shape = self._shape
        if shape is None:
            return
        if staged.entity.key == shape.tagging.key:
            for values in (staged.before, staged.after):
                ref = (values or {}).get(shape.record.key)
                if ref is not None:
                    self._touched.add(ref)
        elif self._is_renamed(shape, staged):
            self._rename(shape, staged)

    @staticmethod
    def _is_renamed(shape: _Shape, staged: Staged) -> bool:
        same = staged.entity.key == shape.tags.key
        both = staged.before is not None and staged.after is not None
        return same and both and shape.tags.title_field in staged.changed()

    def _rename(self, shape: _Shape, staged: Staged) -> None:
        name = (staged.after or {})[shape.tags.title_field]
        for child in self._batch.linked(shape.tagging, shape.tag, staged.id):
            self._batch.put(child, shape.name, name)
            self._touched.add((child.after or {})[shape.record.key])

    # --- settling ---------------------------------------------------------------------------------

    def settle(self) -> None:
        """Writes the lines of all touched records."""
        shape = self._shape
        if shape is None or not self._touched:
            return
        ids: dict[str, list[int]] = defaultdict(list)
        for ref in self._touched:
            ids[ref.entity].append(ref.id)
        for key, numbers in ids.items():
            entity = self._batch.catalogue[key]
            trait = entity.trait(Tags)
            if trait is not None:
                self._batch.prefetch(entity, sorted(numbers))
                self._batch.prefetch_linked(shape.tagging, shape.record, numbers)
                self._write_lines(shape, key, numbers, trait.field)

    def _write_lines(self, shape: _Shape, key: str, ids: list[int], line: str) -> None:
        for id_ in ids:
            staged = self._batch.seen(Ref(key, id_))
            if staged is None or staged.after is None:
                continue
            names = {norm(_name(child)): _name(child) for child in self._tags_of(shape, staged)}
            text = joined(names[word] for word in sorted(names))
            value = staged.entity.field(line).check(text)
            if value != staged.after.get(line):
                self._batch.put(staged, line, value)

    def _tags_of(self, shape: _Shape, staged: Staged) -> list[Staged]:
        return self._batch.linked(shape.tagging, shape.record, staged.id)


class _Shape:
    """Which objects and fields hold tags in a catalogue."""

    def __init__(self, tagging: EntityDef, trait: Tagging, tags: EntityDef) -> None:
        self.tagging, self.tags = tagging, tags
        self.tag: Field = tagging.field(trait.tag)
        self.record: Field = tagging.field(trait.record)
        self.name = tagging.title_field

    @staticmethod
    def of(catalogue: Catalogue) -> _Shape | None:
        """The shape; None where a catalogue knows no tags."""
        for tagging in catalogue:
            trait = tagging.trait(Tagging)
            if trait is not None:
                target = getattr(tagging.field(trait.tag), "target", "")
                return _Shape(tagging, trait, catalogue[target])
        return None


def _name(child: Staged) -> str:
    return str((child.after or {}).get(child.entity.title_field) or "")
