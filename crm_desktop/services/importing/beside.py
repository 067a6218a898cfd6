"""Records that a row brings beside its own without naming them: legal details, a bank account
(trait `Beside`). What is wrong with them keeps no row out: they are left out, and told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import RecordField
from crm_desktop.models.catalogue.file_traits import Beside
from crm_desktop.models.catalogue.holding import is_held
from crm_desktop.models.catalogue.traits import Mirror, OneFlag
from crm_desktop.services.importing.drafts import Counts, Draft
from crm_desktop.services.importing.needed import Needs
from crm_desktop.services.importing.rowplan import ABOVE, Group, Part, Prepared, Problem, RowPlan
from crm_desktop.services.writing.batch import Batch, Staged, is_empty, same


@dataclass(frozen=True)
class Owner:
    """The record beside which another one stands. `is_new`: it is only being made."""

    entity: EntityDef
    id: int
    values: Mapping[str, Any]
    is_new: bool


class BesideBook:
    """Looks for such records in the base and checks new ones, over one block."""

    def __init__(self, batch: Batch, needs: Needs) -> None:
        self._batch = batch
        self._needs = needs

    def known(self, entity: EntityDef, owner: Owner, said: Mapping[str, Any]) -> Staged | None:
        """The one of the base that a row means: of the same number, else the first that has no
        other one; None for a new one."""
        trait = entity.trait(Beside)
        if owner.is_new or trait is None:
            return None
        link = entity.field(trait.link)
        kept = [one for one in self._batch.linked(entity, link, owner.id) if one.after is not None]
        told = {key: said[key] for key in trait.by if not is_empty(said.get(key))}
        for one in kept:
            if any(same((one.after or {}).get(key), value) for key, value in told.items()):
                return one
        flag = entity.trait(OneFlag)
        kept.sort(key=lambda one: not (flag and (one.after or {}).get(flag.flag)))
        return next((one for one in kept if not _differs(one.after or {}, told)), None)

    def filled(self, entity: EntityDef, owner: Owner, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values of a new one with what its owner says of it, too, such as the tax number;
        `InvalidInput` if that is none for it."""
        found = dict(values)
        for mirror in owner.entity.traits_of(Mirror):
            value = owner.values.get(mirror.field)
            fits = mirror.child == entity.key and not mirror.makes and not _is_unknown(value)
            if fits and is_empty(found.get(mirror.value)):
                found[mirror.value] = entity.field(mirror.value).check(value)
        trait = entity.trait(Beside)
        if trait is not None and trait.called_by and is_empty(found.get(entity.title_field)):
            said = [str(found[key]) for key in trait.called_by if not is_empty(found.get(key))]
            found[entity.title_field] = ", ".join(said) or None
        return found

    def check(
        self, entity: EntityDef, owner: Owner | None, values: Mapping[str, Any],
        stands: Mapping[str, Any],
    ) -> None:  # fmt: skip
        """`InvalidInput` if the writer would refuse it. `stands`: what the base has of it."""
        trait, whole = entity.trait(Beside), {**stands, **values}
        assert trait is not None
        if owner is not None and trait.called_by_owner and is_empty(whole.get(entity.title_field)):
            whole[entity.title_field] = owner.values.get(owner.entity.title_field)
        whole.pop(trait.link, None)
        whole = self._needs.completed(entity, whole)
        self._needs.check(entity, whole, (trait.link,))


class Writer(Protocol):
    """Who stages the records of the rows."""

    counts: Counts

    def make(self, group: Group, draft: Draft) -> None:
        """Stages a new record."""

    def change(self, group: Group, draft: Draft) -> bool:
        """Stages what a known record lacks."""

    def values_of(self, entity: EntityDef, id_: int) -> dict[str, Any]:
        """What a record will hold."""


class BesideRows:
    """Stages such records for the rows of one block."""

    def __init__(self, plan: RowPlan, book: BesideBook) -> None:
        self._plan = plan
        self._book = book
        self._last: tuple[int, dict[str, Owner]] = (0, {})
        self._told: set[tuple[int, Any]] = set()

    def write(
        self, writer: Writer, row: Prepared, main: Draft, drafts: Sequence[Draft | None],
        *, is_new: bool,
    ) -> list[tuple[Prepared, list[Problem]]]:  # fmt: skip
        """What stands beside the record of a row, and beside that. What is wrong with one of them
        is returned, and it is left out."""
        entity, id_, groups = self._plan.entity, main.id or 0, self._plan.groups
        stood = self._last[1] if self._last[0] == id_ else {}
        owners = {"": Owner(entity, id_, writer.values_of(entity, id_), is_new)}
        wanted = dict(enumerate(drafts))
        problems = [one for at, group in enumerate(groups) if group.through
                    for one in self._refused(group, wanted, at)]  # fmt: skip
        above = {groups[at].through for at, draft in wanted.items() if draft}
        for at, group in enumerate(groups):
            draft = wanted[at]
            if draft is None and group.name in above and group.name in stood:
                owners[group.name] = stood[group.name]
            elif draft is None and group.name in above:
                draft = Draft(at, Part({}, []), {})
            if draft is None or not group.is_beside or group.through not in owners:
                continue
            is_told = self._is_told(group, draft, owners[group.through])
            if is_told and ABOVE in row.parts[0].values:
                continue
            try:
                owners[group.name] = self._stage(writer, group, draft, owners[group.through])
            except InvalidInput as error:
                problems.append(_problem(group, draft, error))
        self._last = (id_, {**stood, **owners})
        return [(row, problems)] if problems else []

    def _is_told(self, group: Group, draft: Draft, owner: Owner) -> bool:
        """Whether a row above has brought the same number for the same owner."""
        trait = group.entity.trait(Beside)
        named = [(key, draft.values[key]) for key in (trait.by if trait else ())
                 if not is_empty(draft.values.get(key))]  # fmt: skip
        told = (owner.id, (group.name, tuple(named)))
        is_told = bool(named) and told in self._told
        self._told.add(told)
        return is_told

    def _refused(self, group: Group, wanted: dict[int, Draft | None], at: int) -> list[Problem]:
        """Why a record is not wanted any more: nothing is made for it to stand beside."""
        draft = wanted[at]
        if draft is None:
            return []
        try:
            self._book.check(group.entity, None, draft.values, {})
        except InvalidInput as error:
            wanted[at] = None
            return [_problem(group, draft, error)]
        return []

    def _stage(self, writer: Writer, group: Group, draft: Draft, owner: Owner) -> Owner:
        entity, link = group.entity, group.link
        assert link is not None
        stands = self._book.known(entity, owner, draft.values)
        if stands is None:
            given = {**self._plan.defaults[draft.group], **draft.values}
            draft.values = self._book.filled(entity, owner, given)
        self._book.check(entity, owner, draft.values, (stands and stands.after) or {})
        if stands is None:
            whole = Ref(owner.entity.key, owner.id)
            draft.values[link.key] = whole if isinstance(link, RecordField) else whole.id
            writer.make(group, draft)
            writer.counts.others[entity.key] += 1
        else:
            draft.id = stands.id
            writer.change(group, draft)
        id_ = draft.id or 0
        return Owner(entity, id_, writer.values_of(entity, id_), stands is None)


def _problem(group: Group, draft: Draft, error: InvalidInput) -> Problem:
    key = error.field or group.entity.title_field
    return group.problem(key, str(draft.values.get(key) or ""), error.message)


def _is_unknown(value: Any) -> bool:
    """Whether nothing is there, or a role hides it."""
    return is_empty(value) or is_held(value)


def _differs(stands: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    return any(
        not _is_unknown(stands.get(key)) and not same(stands.get(key), value)
        for key, value in told.items()
    )
