"""Links by name: which record a name means, and the records made for names that are new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput, NameMissing
from crm_desktop.i18n import LANGUAGES, _, said_in
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import Choice, EntityDef, Field, ParseContext, Ref
from crm_desktop.models.catalogue.fieldtypes import ChoiceField, LinkField, RecordField
from crm_desktop.models.catalogue.sales_traits import StageTable
from crm_desktop.models.catalogue.shared_traits import Owned
from crm_desktop.models.catalogue.traits import Book
from crm_desktop.models.text.normalise import norm
from crm_desktop.services.importing.convert import Named
from crm_desktop.services.importing.kinds import kind_of
from crm_desktop.services.importing.lookup import Lookup, match_key
from crm_desktop.services.writing.staging import Create

NameKey = tuple[str, str, Any]
"""Object, reference book ('' for none), key of the title."""
Whole = tuple[LinkField, int]
"""A link to what records belong to, and which one is meant."""
MOST_KNOWN = 200_000


@dataclass
class LinkNames:
    """What names mean, kept over all blocks of an import. `numbers`: the records that rows made,
    by the numbers they had where the file comes from."""

    catalogue: Catalogue
    lookup: Lookup
    context: ParseContext
    known: dict[NameKey, tuple[int, ...]] = field(default_factory=dict)
    numbers: dict[tuple[str, int], int] = field(default_factory=dict)
    wholes: dict[int, int] = field(default_factory=dict)
    """Of the records made for names, the wholes that they belong to."""

    def session(self, connection: sa.Connection, new_id: Callable[[], int]) -> LinkSession:
        """The names of one block; `LinkSession.keep` once the block is written."""
        return LinkSession(self, connection, new_id)


@dataclass
class LinkSession:
    """The links of one block of rows, within the transaction that writes it. `made`: records made
    for names."""

    names: LinkNames
    connection: sa.Connection
    new_id: Callable[[], int]
    made: list[Create] = field(default_factory=list)
    _fresh: dict[NameKey, tuple[int, ...]] = field(default_factory=dict)
    _numbers: dict[tuple[str, int], int] = field(default_factory=dict)
    _watched: set[str] = field(default_factory=set)
    _resolved: dict[tuple[str, Named, int | None, int | None], Any] = field(default_factory=dict)

    # --- reading ahead ----------------------------------------------------------------------------

    def read(self, wanted: Iterable[tuple[Field, Named]]) -> None:
        """Looks up all the names at once."""
        missing: dict[tuple[str, str], set[Any]] = defaultdict(set)
        for f, named in wanted:
            for target in self._targets(f, named):
                self._watched.add(target.key)
                key = self._key(target, f, named)
                if key is not None and key not in self._fresh and key not in self.names.known:
                    missing[key[0], key[1]].add(key[2])
        for (target_key, book), keys in missing.items():
            found = self.names.lookup.by_title(
                self.connection, self.names.catalogue[target_key], keys, book
            )
            for title in keys:
                self._fresh[target_key, book, title] = tuple(found.get(title, ()))

    def _targets(self, f: Field, named: Named) -> list[EntityDef]:
        """The objects whose records the name may mean, the likeliest first."""
        catalogue = self.names.catalogue
        if isinstance(f, LinkField):
            return [catalogue[f.target]]
        if named.entity:
            return [catalogue[named.entity]]
        ability = f.ability if isinstance(f, RecordField) else ""
        return [entity for entity in catalogue if catalogue.able(entity, ability)]

    def _key(self, target: EntityDef, f: Field, named: Named) -> NameKey | None:
        """None where the name cannot be the title of such a record."""
        if not named.text:
            return None
        title: Any = named.text
        if target.title.keyed:
            title = match_key(target.title, title)
        else:
            try:
                title = target.title.parse(title, self.names.context)
            except InvalidInput:
                return None
        book = f.book if isinstance(f, LinkField) else ""
        return target.key, book, title

    # --- one link ---------------------------------------------------------------------------------

    def whole_of(self, entity: EntityDef, f: Field) -> tuple[LinkField, str] | None:
        """The link by which what `f` names belongs to a whole, and the field of `entity` that
        names such a whole, too: see the function of this name."""
        return whole_of(self.names.catalogue, entity, f)

    def resolve(
        self, f: Field, named: Named, *, hint: int | None, create: bool,
        within: Whole | None = None, usual: Whole | None = None,
    ) -> Any:  # fmt: skip
        """The value of the link: an id, or a Ref; `InvalidInput` if it leads nowhere.

        `hint`: the number the linked record had where the file comes from; it decides between
        records of the same name: first that which the file itself brought under this number.
        `within`: the whole that the row names (`whole_of`), which decides between them, too;
        `usual`: the one in which new ones are made where the row names none.
        """
        whole = within or usual
        asked = (f.key, named, hint, whole[1] if whole else None)
        if asked not in self._resolved:
            found = self._resolve(f, named, hint, within or (usual if create else None), create)
            if found is None and whole is not None:
                found = self._decided(f, named, whole)
            self._resolved[asked] = (
                found if found is not None else self._new(f, named, whole, create)
            )
        return self._resolved[asked]

    def _resolve(
        self, f: Field, named: Named, hint: int | None, within: Whole | None, create: bool
    ) -> Any:
        """The record that is called so, if there is one."""
        if not named.text:
            return self._numbered(f, named)
        for target in self._targets(f, named):
            key = self._key(target, f, named)
            ids = self._ids(key) if key is not None else ()
            if within is not None and (len(ids) > 1 or create):
                parts = self._parts(target, ids, *within)
                ids = parts if create and within[0].required else parts or ids
            id_ = self._chosen(target, ids, hint)
            if id_ is not None:
                return id_ if isinstance(f, LinkField) else Ref(target.key, id_)
            if ids:
                raise self._refuse(f, _("{field}: several records are called “{value}”"), named)
        return None

    def _new(self, f: Field, named: Named, whole: Whole | None, create: bool) -> int:
        if create and isinstance(f, LinkField):
            return self._make(f, named, whole)
        told = self._refuse(f, _("{field}: “{value}” was not found"), named)
        raise NameMissing(told.message, field=f.key, name=named.text)

    def _decided(self, f: Field, named: Named, whole: Whole) -> int | None:
        """The only stage of a pipeline in which what is called so ends: `closed won`."""
        (target,) = self._targets(f, named)
        outcome = _outcome_of(target, named)
        if outcome is None:
            return None
        ids = self.names.lookup.by_field(self.connection, target, outcome[0], [outcome[1]])
        parts = self._parts(target, tuple(ids.get(outcome[1], ())), *whole)
        return parts[0] if len(parts) == 1 else None

    def _parts(
        self, target: EntityDef, ids: tuple[int, ...], link: LinkField, whole: int
    ) -> tuple[int, ...]:
        """Those of the records that belong to the whole, also those that are only being made."""
        made = tuple(id_ for id_ in ids if self.names.wholes.get(id_) == whole)
        others = tuple(id_ for id_ in ids if id_ not in self.names.wholes)
        found = self.names.lookup.parts(self.connection, target, others, link, whole)
        return (*made, *found)

    def _chosen(self, target: EntityDef, ids: tuple[int, ...], hint: int | None) -> int | None:
        """The one that is meant among records of the same name; None if that is not known."""
        if hint is not None:
            number = (target.key, hint)
            brought = self._numbers.get(number) or self.names.numbers.get(number)
            for id_ in (brought, hint):
                if id_ in ids:
                    return id_
        return ids[0] if len(ids) == 1 else None

    def _ids(self, key: NameKey) -> tuple[int, ...]:
        found = self._fresh.get(key)
        return found if found is not None else self.names.known.get(key, ())

    def _numbered(self, f: Field, named: Named) -> Any:
        value = named.id if isinstance(f, LinkField) else Ref(named.entity, named.id or 0)
        return f.check(value)

    def _make(self, f: LinkField, named: Named, within: Whole | None) -> int:
        target = self.names.catalogue[f.target]
        values: dict[str, Any] = {
            target.title_field: target.title.parse(named.text, self.names.context)
        }
        trait = target.trait(Book)
        if f.book and trait is not None:
            values[trait.field] = f.book
        if within is not None:
            values[within[0].key] = within[1]
        if (outcome := _outcome_of(target, named)) is not None:
            values[outcome[0].key] = outcome[1]
        for other in target.fields:
            default = other.default if isinstance(other, ChoiceField) else ""
            if other.required and not values.get(other.key) and not default:
                raise self._refuse(f, _("{field}: “{value}” is not there, and its name alone is "
                                        "not enough to make it"), named)  # fmt: skip
        id_ = self.new_id()
        self.made.append(Create(target.key, kind_of(target, values), id=id_))
        key = self._key(target, f, named)
        if within is not None:
            self.names.wholes[id_] = within[1]
        if key is not None:
            self._fresh[key] = (*self._ids(key), id_) if within is not None else (id_,)
        return id_

    def add(self, entity: EntityDef, title: Any, id_: int, number: int | None) -> None:
        """A record was made by the rows themselves: later rows may name it. `number`: the one it
        had where the file comes from."""
        if entity.key not in self._watched:
            return
        if number is not None:
            self._numbers[entity.key, number] = id_
        key = (entity.key, "", match_key(entity.title, title))
        if key in self._fresh or key in self.names.known:
            self._fresh[key] = (*self._ids(key), id_)
            self._resolved.clear()

    def land(self, landed: Mapping[int, int]) -> None:
        """Records that went into others are named by these."""
        self._numbers = {key: landed.get(id_, id_) for key, id_ in self._numbers.items()}
        self._fresh = {
            key: tuple(dict.fromkeys(landed.get(id_, id_) for id_ in ids))
            for key, ids in self._fresh.items()
        }

    def needed(self, ids: set[Any]) -> list[Create]:
        """Those of the made records that are among `ids`; the others are forgotten."""
        unused = {made.id for made in self.made if made.id not in ids}
        self.made = [made for made in self.made if made.id in ids]
        if unused:
            self._fresh = {k: v for k, v in self._fresh.items() if unused.isdisjoint(v)}
        return self.made

    @staticmethod
    def _refuse(f: Field, sentence: str, named: Named) -> InvalidInput:
        shown = named.text if len(named.text) <= 60 else named.text[:57] + "..."
        return InvalidInput(sentence.format(field=_(f.label), value=shown), field=f.key)

    def keep(self) -> None:
        """The block is written: what its names mean holds from now on."""
        known = self.names.known
        if len(known) > MOST_KNOWN:
            known.clear()
        if len(self.names.numbers) <= MOST_KNOWN:
            self.names.numbers.update(self._numbers)
        known.update((key, ids) for key, ids in self._fresh.items() if ids)


def whole_of(catalogue: Catalogue, entity: EntityDef, f: Field) -> tuple[LinkField, str] | None:
    """The link by which what `f` names belongs to a whole, and the field of `entity` that names
    such a whole, too: the stage of a deal is one of the deal's pipeline, and its contact works for
    its client."""
    if not isinstance(f, LinkField):
        return None
    target = catalogue[f.target]
    along: set[str] = set() if f.parent else {one.along for one in target.traits_of(Owned)}
    for link in target.fields:
        if isinstance(link, LinkField) and (link.parent or link.key in along):
            for other in entity.fields:
                if isinstance(other, LinkField) and other.target == link.target:
                    return link, other.key
    return None


def _outcome_of(target: EntityDef, named: Named) -> tuple[ChoiceField, str] | None:
    """How it ends in a stage that is called so; None for a stage on the way."""
    trait = target.trait(StageTable)
    f = target.field(trait.outcome) if trait is not None else None
    if not isinstance(f, ChoiceField):
        return None
    words = {norm(word): one.key for one in f.choices for word in _called(one)}
    key = words.get(norm(named.text))
    return (f, key) if key is not None and key != f.default else None


def _called(choice: Choice) -> Iterator[str]:
    yield from choice.synonyms
    yield from (said_in(code, choice.label) for code in LANGUAGES)
