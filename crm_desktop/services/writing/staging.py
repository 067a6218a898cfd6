"""Staging: from the writes that were asked for to the staged records of a batch.

Everything that follows from a write happens here, in memory: checks of values, defaults, rules,
required fields, what belongs to a deleted record, mirrors, links.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from crm_desktop.errors import Conflict, InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Catalogue, Link
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import ChoiceField, LinkField
from crm_desktop.services.money.currencies import settle_currencies
from crm_desktop.services.money.pricing import LineTotals
from crm_desktop.services.reader import Reader
from crm_desktop.services.rules import OF_ALL, PARTINGS, RULES
from crm_desktop.services.rules.lead import WAITING
from crm_desktop.services.writing.asked_ahead import ask_ahead
from crm_desktop.services.writing.batch import Batch, Staged, is_empty, same
from crm_desktop.services.writing.filling import Filler
from crm_desktop.services.writing.latest import Keeper
from crm_desktop.services.writing.mirrors import Mirrors
from crm_desktop.services.writing.one_flag import OneFlags

if TYPE_CHECKING:
    from crm_desktop.services.activity_sets.beginning import SetStarter
    from crm_desktop.services.automation.firing import Firer

MOST_CLEARED = 10_000


@dataclass(frozen=True)
class Create:
    """A new record. `values` by field key, of the fields' Python types.

    `id`: that of the record that is restored, or one that `Batch.new_id` gave. `rules` False: the
    values are a former state and are written as they are. `checked`: they are already what the
    fields' own `check` makes of them; an import asks it once and not again. `settles`: although
    it is a former state, the mirrors of its owners are brought into step with it.
    """

    entity: str
    values: Mapping[str, Any]
    id: int | None = None
    rules: bool = True
    checked: bool = False
    settles: bool = False


@dataclass(frozen=True)
class Update:
    """New values of a record. `version`: the one that was seen; None overwrites whatever is.

    Without any values only its kept fields are reckoned anew.
    """

    entity: str
    id: int
    values: Mapping[str, Any]
    version: int | None = None
    rules: bool = True


@dataclass(frozen=True)
class Delete:
    """The end of a record and of those that belong to it; restoring brings them all back."""

    entity: str
    id: int
    version: int | None = None
    rules: bool = True


Write = Create | Update | Delete


@dataclass
class Staging:
    """Turns writes into staged records of a batch, stage by stage."""

    catalogue: Catalogue
    reader: Reader
    batch: Batch
    starter: SetStarter | Firer | None = None
    """What begins sets of activities and fires rules, where there may be any."""

    def __post_init__(self) -> None:
        self.mirrors = Mirrors(self.batch)
        self.keeper = Keeper(self.batch)
        self.filler = Filler(self.batch)
        self.one_flags = OneFlags(self.batch)
        self.totals = LineTotals(self.batch)
        self._defaults: dict[str, list[tuple[str, str]]] = {}
        self.landed: dict[int, int] = {}
        """Which new record went into which one that was there."""

    def stage(self, writes: Sequence[Write]) -> list[int]:
        """Stages all writes with everything that follows from them; the ids of created ones."""
        self._prefetch(writes)
        made = []
        for write in writes:
            staged = self._stage(write, len(writes))
            if staged is not None:
                made.append(staged.id)
        if WAITING in self.batch.asked:
            made = self._landed(made)
        if self.starter is not None:
            self.mirrors.settle()  # rules read what a client's contacts say
            for more in self.starter.writes():
                self._stage(more, 1)
        self.totals.settle()
        self.one_flags.settle()
        self.mirrors.settle()
        self.keeper.settle()
        if any(write.rules for write in writes):
            self._check_links()
        return made

    def _landed(self, made: Sequence[int]) -> list[int]:
        """New records of which some have landed in others, which are named in their place."""
        from crm_desktop.services.leads.landing import land

        self.landed = land(self.batch, lambda write: self._stage(write, 1))
        return [self.landed.get(id_, id_) for id_ in made]

    def _stage(self, write: Write, expected: int) -> Staged | None:
        """Stages one write; the record it makes."""
        if isinstance(write, Create):
            return self._create(write, expected)
        if isinstance(write, Update):
            self._update(write)
        else:
            self._delete(write)
        return None

    def _prefetch(self, writes: Sequence[Write]) -> None:
        wanted: dict[str, list[int]] = defaultdict(list)
        for write in writes:
            is_new = isinstance(write, Create) and write.rules
            if write.id is not None and not is_new:
                wanted[write.entity].append(write.id)
        if len(writes) == 1 and isinstance(writes[0], Update):
            ask_ahead(self.batch, writes[0])
        for entity, ids in wanted.items():
            self.batch.prefetch(self.catalogue[entity], sorted(ids))
        self._prefetch_linked(writes)

    def _prefetch_linked(self, writes: Sequence[Write]) -> None:
        """What points to records that are deleted together, asked for all of them at once."""
        going: dict[str, list[int]] = defaultdict(list)
        for write in writes:
            if isinstance(write, Delete) and write.rules:
                going[write.entity].append(write.id)
        for key, ids in going.items():
            if len(ids) > 1:
                for link in self.catalogue.links_to(self.catalogue[key]):
                    self.batch.prefetch_linked(link.entity, link.field, ids)

    # --- one write --------------------------------------------------------------------------------

    def _create(self, write: Create, expected: int) -> Staged:
        entity = self.catalogue[write.entity]
        as_given = write.checked or not write.rules
        values = dict(write.values) if as_given else self._checked(entity, write.values)
        gone = self.batch.seen(Ref(entity.key, write.id)) if write.id is not None else None
        if gone is not None:
            if gone.after is not None:
                raise Conflict(
                    _("{object} {id} is in the base already").format(
                        object=_(entity.label), id=write.id
                    )
                )
            self.batch.restore(gone, values)
            self._renew(gone)
            return gone
        staged = self.batch.create(entity, values, write.id or self.batch.new_id(expected))
        if write.rules:
            for key, default in self._defaults_of(entity):
                if is_empty(values.get(key)):
                    values[key] = default
            self.batch.fresh(staged)
            self._follow(staged, write.values)
        else:
            self._renew(staged)
        if write.settles:
            self.mirrors.child_written(staged)
            self.totals.written(staged, ())
        return staged

    def _defaults_of(self, entity: EntityDef) -> list[tuple[str, str]]:
        known = self._defaults.get(entity.key)
        if known is None:
            choices = (f for f in entity.fields if isinstance(f, ChoiceField))
            known = self._defaults[entity.key] = [(f.key, f.default) for f in choices if f.default]
        return known

    def _renew(self, staged: Staged) -> None:
        """A record that comes back: its kept fields are no part of its former state."""
        if staged.entity.kept:
            self.keeper.renew(staged)

    def _update(self, write: Update) -> None:
        entity = self.catalogue[write.entity]
        staged = self.batch.row(entity, write.id)
        self._check_version(staged, write.version)
        values = self._checked(entity, write.values) if write.rules else write.values
        if not values:
            self._renew(staged)
        given = [
            key for key, value in values.items() if not same((staged.after or {}).get(key), value)
        ]
        for key in given:
            self.batch.put(staged, key, values[key])
        if write.rules and given:
            self._follow(staged, given)

    def _delete(self, write: Delete) -> None:
        entity = self.catalogue[write.entity]
        staged = self.batch.row(entity, write.id)
        self._check_version(staged, write.version)
        self._remove(staged, write.rules)

    def _remove(self, staged: Staged, rules: bool) -> None:
        self.batch.delete(staged)
        if not rules:
            return
        for link in self.catalogue.links_to(staged.entity):
            self._release(staged, link)
        for parting in PARTINGS.get(staged.entity.key, ()):
            parting(self.batch, staged)
        self.one_flags.written(staged)
        self.totals.written(staged, ())
        self.mirrors.child_written(staged)

    def _release(self, staged: Staged, link: Link) -> None:
        found = self.batch.linked(link.entity, link.field, staged.id)
        if len(found) > MOST_CLEARED and not link.parent:
            raise InvalidInput(
                _("{object} is used in {count} records: choose another value there first").format(
                    object=_(staged.entity.label), count=len(found)
                )
            )
        for other in found:
            if link.parent:
                self._remove(other, True)
            else:
                self.batch.put(other, link.field.key, None)
                self.mirrors.child_written(other)

    def _follow(self, staged: Staged, given: Iterable[str]) -> None:
        """What follows from a directory, rules, required fields, then mirrors."""
        keys = list(given)
        if staged.entity.currencies:
            settle_currencies(self.batch, staged, keys)
        self.filler.fill(staged, keys)
        for rule in RULES.get(staged.entity.key, ()):
            rule(self.batch, staged, keys)
        for rule in OF_ALL if staged.before is not None else ():
            rule(self.batch, staged, keys)
        self._check_required(staged, None if staged.before is None else keys)
        if staged.before is None:
            self.mirrors.owner_created(staged)
        else:
            self.mirrors.owner_updated(staged, keys)
        self.one_flags.written(staged)
        self.totals.written(staged, keys)
        self.mirrors.child_written(staged)
        if self.starter is not None:
            self.starter.written(staged, keys)

    # --- checks -----------------------------------------------------------------------------------

    def _checked(self, entity: EntityDef, values: Mapping[str, Any]) -> dict[str, Any]:
        checked = {}
        for key, value in values.items():
            f = self.catalogue.field(entity, key)
            if not f.kept:
                checked[f.key] = None if value is None else f.check(value)
        return checked

    def _check_version(self, staged: Staged, version: int | None) -> None:
        if version is not None and staged.stored and staged.stored.version != version:
            raise Conflict(
                _("Somebody else has changed “{name}” meanwhile").format(
                    name=staged.entity.title.format(
                        (staged.before or {}).get(staged.entity.title_field), "en"
                    )
                ),
                current=dict(staged.before or {}),
                version=staged.stored.version,
            )

    def _check_required(self, staged: Staged, keys: Sequence[str] | None) -> None:
        for f in staged.entity.required:
            asked = (keys is None or f.key in keys) and f.applies(staged.after or {})
            if asked and is_empty((staged.after or {}).get(f.key)):
                raise InvalidInput(
                    _("Fill in the field “{field}”").format(field=_(f.label)), field=f.key
                )

    def _check_links(self) -> None:
        """Every link that was set must lead to a record that is there."""
        wanted: dict[str, dict[int, Field]] = defaultdict(dict)
        for staged in self.batch.rows.values():
            if staged.after is None:
                continue
            before = staged.before or {}
            for f in self.batch.link_fields(staged.entity):
                value = staged.after.get(f.key)
                if value is not None and value != before.get(f.key):
                    self._want(wanted, f, value)
        connection = self.batch.connection
        self.batch.backend.ask_first(
            [partial(self.reader.exists, key, list(targets), connection=connection)
             for key, targets in wanted.items()],
            connection,
        )  # fmt: skip
        for key, targets in wanted.items():
            found = self.reader.exists(key, list(targets), connection=connection)
            for id_ in targets.keys() - found:
                wrong = targets[id_]
                raise InvalidInput(
                    _("{field}: the chosen record is not in the base (any more)").format(
                        field=_(wrong.label)
                    ),
                    field=wrong.key,
                )

    def _want(self, wanted: dict[str, dict[int, Field]], f: Field, value: Any) -> None:
        ref = (
            value
            if isinstance(value, Ref)
            else Ref(f.target, value)
            if isinstance(f, LinkField)
            else None
        )
        if ref is None:
            return
        if not self.catalogue.has(ref.entity):
            raise InvalidInput(
                _("There is no object “{name}”").format(name=ref.entity), field=f.key
            )
        staged = self.batch.seen(ref)
        if staged is None or staged.after is None:
            wanted[ref.entity][ref.id] = f
