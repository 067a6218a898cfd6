"""Keeps mirror fields and their children in step (trait `Mirror`).

A client's telephone in the list is the main one of its contacts; a person's company is the main
place of work. Writing the field writes the child, writing the child refreshes the field, and
among the children of one kind exactly one is the main one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import ChoiceField, RecordField
from crm_desktop.models.catalogue.holding import is_held
from crm_desktop.models.catalogue.traits import Mirror
from crm_desktop.models.text.phone_remarks import Remarked
from crm_desktop.services.rules import RULES
from crm_desktop.services.tags.line import TagsLine
from crm_desktop.services.writing.batch import Batch, Staged, same


@dataclass
class Mirrors:
    """The mirror rules over one batch; `settle` once, after all writes are staged."""

    batch: Batch
    _made: set[tuple[str, int]] = field(default_factory=set)
    _touched: dict[Ref, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Owners to be settled, and the objects of the children because of which."""
    _raised: dict[tuple[str, int], int] = field(default_factory=dict)
    _kept: dict[tuple[str, str], tuple[EntityDef, dict[str, Any], bool]] = field(
        default_factory=dict
    )
    _mirrored: dict[str, list[tuple[EntityDef, Mirror]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._tags = TagsLine(self.batch)

    @property
    def _catalogue(self) -> Catalogue:
        return self.batch.catalogue

    # --- the owner was written --------------------------------------------------------------------

    def owner_created(self, staged: Staged) -> None:
        """Makes the children for the mirror fields given with a new record."""
        self._tags.owner_written(staged, None)
        for mirror in staged.entity.traits_of(Mirror):
            value = (staged.after or {}).get(mirror.field)
            if value is not None and mirror.makes:
                self._make_child(staged, mirror, value)
            if isinstance(value, Remarked) and staged.after is not None:
                staged.after[mirror.field] = str(value)

    def owner_updated(self, staged: Staged, keys: Iterable[str]) -> None:
        """Writes changed mirror fields through to the children."""
        given = set(keys)
        self._tags.owner_written(staged, given)
        for mirror in staged.entity.traits_of(Mirror):
            if mirror.field in given:
                self._write_through(staged, mirror, (staged.after or {}).get(mirror.field))

    def _make_child(self, staged: Staged, mirror: Mirror, value: Any) -> None:
        child, defaults, is_record = self._shape(mirror)
        values = dict(defaults)
        values[mirror.owner] = staged.ref if is_record else staged.id
        values[mirror.value] = value
        if isinstance(value, Remarked):
            values[mirror.value] = str(value)
            values.update({mirror.remark: value.remark} if mirror.remark else {})
        values[mirror.flag] = True
        if mirror.kind:
            values[mirror.kind[0]] = mirror.kind[1]
        made = self.batch.create(child, values)
        self._made.add(made.ref)

    def _shape(self, mirror: Mirror) -> tuple[EntityDef, dict[str, Any], bool]:
        """The object of the children, their defaults, and whether they point by a `Ref`."""
        known = self._kept.get((mirror.child, mirror.owner))
        if known is None:
            child = self._catalogue[mirror.child]
            defaults = {
                f.key: f.default for f in child.fields if isinstance(f, ChoiceField) and f.default
            }
            is_record = isinstance(child.field(mirror.owner), RecordField)
            known = self._kept[mirror.child, mirror.owner] = child, defaults, is_record
        return known

    def _write_through(self, staged: Staged, mirror: Mirror, value: Any) -> None:
        children = self._children(staged, mirror)
        main = self._main(children, mirror)
        if not mirror.makes:
            self._choose_or_repeat(staged, children, mirror, value)
            return
        equal = next((c for c in children if (c.after or {}).get(mirror.value) == value), None)
        if value is None:
            if main is not None:
                self.batch.delete(main)
        elif equal is not None:
            self._raise_flag(equal, mirror, children)
        elif main is not None:
            self.batch.put(main, mirror.value, value)
        else:
            self._make_child(staged, mirror, value)
        self._touched[staged.ref].add(mirror.child)

    def _choose_or_repeat(
        self, staged: Staged, children: list[Staged], mirror: Mirror, value: Any
    ) -> None:
        """A child that says so already becomes the main one; else the main one is told."""
        main = self._main(children, mirror)
        equal = next((c for c in children if _says(c, mirror, value)), None)
        if main is None:
            return
        if value is None or equal is None:
            self._repeat(staged, main, mirror, value)
        else:
            self._raise_flag(equal, mirror, children)
            self._touched[staged.ref].add(mirror.child)

    def _repeat(self, staged: Staged, main: Staged, mirror: Mirror, value: Any) -> None:
        """Writes the owner's own field into the main child, by the rules of that child."""
        key = _value_key(main, mirror)
        try:
            checked = None if value is None else main.entity.field(key).check(value)
            if same((main.after or {}).get(key), checked):
                return
            self.batch.put(main, key, checked)
            for rule in RULES.get(main.entity.key, ()):
                rule(self.batch, main, (key,))
        except InvalidInput as wrong:
            raise InvalidInput(wrong.message, field=mirror.field) from None
        self._touched[staged.ref].add(mirror.child)

    # --- a child was written ----------------------------------------------------------------------

    def child_written(self, staged: Staged) -> None:
        """Remembers whose mirrors a written child may change; the last flagged one wins."""
        self._tags.tag_written(staged)
        owners = self._owners(staged)
        for ref in owners:
            self._touched[ref].add(staged.entity.key)
        if owners and staged.after is not None:
            self._raised[staged.ref] = len(self._raised) + 1

    def _owners(self, staged: Staged) -> list[Ref]:
        key = staged.entity.key
        mirrored = self._mirrored.get(key)
        if mirrored is None:
            mirrored = self._mirrored[key] = [
                (entity, mirror)
                for entity in self._catalogue
                for mirror in entity.traits_of(Mirror)
                if mirror.child == key
            ]
        found = []
        for entity, mirror in mirrored:
            for values in (staged.before, staged.after):
                ref = self._owner_ref(values, mirror, entity)
                if ref is not None:
                    found.append(ref)
        return found

    @staticmethod
    def _owner_ref(values: Any, mirror: Mirror, entity: EntityDef) -> Ref | None:
        link = (values or {}).get(mirror.owner)
        if isinstance(link, Ref):
            return link if link.entity == entity.key else None
        return Ref(entity.key, link) if link is not None else None

    # --- settling ---------------------------------------------------------------------------------

    def settle(self) -> None:
        """Makes flags and mirror fields of all touched owners right, and their lines of tags."""
        self._tags.settle()
        for ref, children in list(self._touched.items()):
            entity = self._catalogue[ref.entity]
            self.batch.prefetch(entity, [ref.id])
            staged = self.batch.rows.get(ref)
            if staged is None or staged.after is None:
                continue
            for mirror in entity.traits_of(Mirror):
                if mirror.child in children:
                    self._settle_one(staged, mirror)

    def _settle_one(self, staged: Staged, mirror: Mirror) -> None:
        children = self._children(staged, mirror)
        main = self._main(children, mirror)
        if main is not None:
            self._raise_flag(main, mirror, children)
        if not mirror.makes and (main is None or self._takes_over(staged, main, mirror)):
            return
        value = (main.after or {}).get(_value_key(main, mirror)) if main is not None else None
        if not same((staged.after or {}).get(mirror.field), value):
            self.batch.put(staged, mirror.field, value)

    def _takes_over(self, staged: Staged, main: Staged, mirror: Mirror) -> bool:
        """Whether the owner's value stays: the child says nothing and did not before, or it came
        from another owner. A new child takes the value over if it suits."""
        key, own = _value_key(main, mirror), (staged.after or {}).get(mirror.field)
        moved = main.before is not None and main.before.get(mirror.owner) != (main.after or {}).get(
            mirror.owner
        )
        if moved and own is not None:  # merged: what stood in the field was chosen by a person
            return True
        if (main.after or {}).get(key) is not None or (main.before or {}).get(key) is not None:
            return False
        if main.before is None and own is not None and not is_held(own):
            try:
                self._repeat(staged, main, mirror, own)
            except InvalidInput:
                self.batch.put(main, key, None)
        return True

    def _children(self, staged: Staged, mirror: Mirror) -> list[Staged]:
        child = self._catalogue[mirror.child]
        found = self.batch.linked(child, child.field(mirror.owner), staged.id)
        return sorted((c for c in found if self._counts(c, mirror)), key=lambda c: c.id)

    @staticmethod
    def _counts(child: Staged, mirror: Mirror) -> bool:
        values = child.after or {}
        if mirror.unless and values.get(mirror.unless):
            return False
        return mirror.kind is None or values.get(mirror.kind[0]) == mirror.kind[1]

    def _main(self, children: list[Staged], mirror: Mirror) -> Staged | None:
        flagged = [c for c in children if (c.after or {}).get(mirror.flag)]
        if flagged:
            return max(flagged, key=lambda c: (self._raised.get(c.ref, 0), -c.id))
        return children[0] if children else None

    def _raise_flag(self, main: Staged, mirror: Mirror, children: list[Staged]) -> None:
        for child in children:
            flagged = child is main
            if bool((child.after or {}).get(mirror.flag)) != flagged:
                self.batch.put(child, mirror.flag, flagged)


def _says(child: Staged, mirror: Mirror, value: Any) -> bool:
    return bool((child.after or {}).get(_value_key(child, mirror)) == value)


def _value_key(child: Staged, mirror: Mirror) -> str:
    """The field of the child that is repeated: the first that applies to it."""
    keys = (mirror.value, *mirror.others)
    values = child.after or {}
    return next((key for key in keys if child.entity.field(key).applies(values)), mirror.value)
