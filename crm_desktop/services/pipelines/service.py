"""What windows and commands ask of pipelines: which there are, what a move lacks, the move itself,
and the way a record took."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.text.normalise import norm
from crm_desktop.services.pipelines.needs import ATTACHED, Missing, asked_for, lacking
from crm_desktop.services.pipelines.rights import refusal
from crm_desktop.services.pipelines.seeds import names_of
from crm_desktop.services.pipelines.shape import (
    Pipeline,
    Shape,
    Stage,
    funnel_of,
    log_of,
    read_shape,
)
from crm_desktop.services.pipelines.way import worked
from crm_desktop.services.writing.asked_ahead import ask_ahead
from crm_desktop.services.writing.batch import Batch, Staged
from crm_desktop.services.writing.changes import ChangeSet, Title
from crm_desktop.services.writing.records import Outcome
from crm_desktop.services.writing.staging import Update, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

OLDEST = 60.0
"""Seconds for which pipelines are kept: on a server others change them unheard."""
MOVED = Title(N_("{object}: {count} moved to “{stage}”"))
MOVED_ONE = Title(N_("{object} “{name}” moved to “{stage}”"))


@dataclass(frozen=True)
class Stay:
    """One stay of a record in a stage. `minutes`: working minutes, of the one that goes on until
    now; `direction`: how it was entered."""

    id: int
    stage: int | None
    name: str
    since: datetime
    until: datetime | None
    minutes: int | None
    direction: str
    responsible: int | None
    responsible_name: str
    mover: int | None


class Pipelines:
    """Pipelines of one open base."""

    def __init__(self, workspace: Workspace) -> None:
        self._base = workspace
        self._shape: Shape | None = None
        self._read_at = 0.0
        workspace.listen(self._hear)

    # --- which there are --------------------------------------------------------------------------

    def shape(self) -> Shape:
        """All pipelines and stages by id, retired ones, too."""
        shape = self._shape  # others' changes are told meanwhile, on another thread
        if shape is None or time.monotonic() - self._read_at > OLDEST:
            with self._base.backend.read() as connection:
                shape = self._shape = read_shape(self._base.reader, connection)
            self._read_at = time.monotonic()
        return shape

    def all(self) -> list[Pipeline]:
        """Those that are offered, in their order, each with its stages in theirs."""
        return self.shape().offered()

    def find(self, name: str) -> Pipeline:
        """The pipeline of this name or number; `NotFound` names those there are."""
        known = self.all()
        found = [p for p in known if is_called(name, p)]
        if not found:
            names = ", ".join(p.name for p in known)
            raise NotFound(_("There is no pipeline “{name}”. There are: {known}").format(
                name=name, known=names))  # fmt: skip
        return found[0]

    def find_stage(self, name: str, pipeline: Pipeline) -> Stage:
        """The stage of this name or number in a pipeline; `NotFound` names those there are."""
        for stage in pipeline.stages:
            if is_called(name, stage):
                return stage
        names = ", ".join(s.name for s in pipeline.stages)
        raise NotFound(_("There is no stage “{name}”. There are: {known}").format(
            name=name, known=names))  # fmt: skip

    def _hear(self, changes: ChangeSet) -> None:
        entity, trait = funnel_of(self._base.catalogue)
        links = (entity.field(trait.pipeline), entity.field(trait.stage))
        keys = {f.target for f in links if isinstance(f, LinkField)}
        if not changes.touched or changes.touches_any(keys):
            self._shape = None

    # --- a move -----------------------------------------------------------------------------------

    def missing(
        self, ids: Sequence[int], stage_id: int, values: Mapping[str, Any] | None = None
    ) -> list[Missing]:
        """What must be filled in or attached before the records may go to the stage, each with the
        records that lack it; `values`: what is going to be written with the move."""
        new, found = self._stage(stage_id), dict[tuple[str, str], list[int]]()
        with self._base.backend.read() as connection:
            batch = self._base.records.batch(connection, lock=False)
            for staged, old in self._looked_at(batch, ids, values or {}):
                if old is not None and old.id == new.id:
                    continue
                for need in lacking(batch, staged, asked_for(batch, staged, old, new)):
                    found.setdefault(need, []).append(staged.id)
        return [Missing(key, label, tuple(lack)) for (key, label), lack in found.items()]

    def refusals(self, ids: Sequence[int], stage_id: int) -> list[str]:
        """Why the person who works here may not move the records there; empty if they may."""
        new, said = self._stage(stage_id), dict[str, None]()
        with self._base.backend.read() as connection:
            batch = self._base.records.batch(connection, lock=False)
            batch.author = self._base.user_id
            for staged, old in self._looked_at(batch, ids, {}):
                sentence = refusal(batch, staged, old, new)
                if sentence is not None and (old is None or old.id != new.id):
                    said[sentence] = None
        return list(said)

    def move(
        self, ids: Sequence[int], stage_id: int, values: Mapping[str, Any] | None = None,
        first: Sequence[Write] = (),
    ) -> Outcome:  # fmt: skip
        """Moves records in one operation, with further values; a key may be a path over a link.

        `first`: what the rules of the stage look for, such as a file, written before (`beside`).
        `StageRefused` names what is missing, or says that one may not.
        """
        new, (entity, trait) = self._stage(stage_id), funnel_of(self._base.catalogue)

        def plan(batch: Batch) -> list[Write]:
            if len(ids) == 1:
                ask_ahead(batch, Update(entity.key, ids[0], {trait.stage: new.id}))
            return [*first, *_writes(batch, entity, ids, new, values or {})]

        return self._base.records.apply(plan, self._title(ids, new))

    def _title(self, ids: Sequence[int], new: Stage) -> Title:
        entity = funnel_of(self._base.catalogue)[0]
        said: dict[str, Any] = dict(object=entity.label, stage=new.name)  # noqa: C408
        if len(ids) != 1:
            said |= {"object": entity.plural, "count": len(ids)}
            return Title(MOVED.message, said)
        named = self._base.titles.of([Ref(entity.key, ids[0])])
        title = named.get(Ref(entity.key, ids[0]))
        return Title(MOVED_ONE.message, {**said, "name": title.text if title else "…"})

    def _stage(self, stage_id: int) -> Stage:
        stage = self.shape().stages.get(stage_id)
        if stage is None:
            self._shape = None
            stage = self.shape().stages.get(stage_id)
        if stage is None:
            raise NotFound(_("The stage is not in the base (any more)"))
        return stage

    def _looked_at(
        self, batch: Batch, ids: Sequence[int], values: Mapping[str, Any]
    ) -> Iterator[tuple[Staged, Stage | None]]:
        """The records as they would stand with the values, each with the stage it is in."""
        entity, trait = funnel_of(self._base.catalogue)
        batch.prefetch(entity, ids)
        for id_ in ids:
            for write in _writes(batch, entity, [id_], None, values):
                if isinstance(write, Update):
                    target = batch.row(batch.catalogue[write.entity], write.id)
                    for key, value in write.values.items():
                        batch.put(target, key, value)
            staged = batch.row(entity, id_)
            old = self.shape().stages.get((staged.before or {}).get(trait.stage) or 0)
            yield staged, old

    # --- the way ----------------------------------------------------------------------------------

    def way(self, record: int) -> list[Stay]:
        """The stays of a record from its first to the one that goes on."""
        base = self._base
        entity, log = log_of(base.catalogue)
        rows = base.reader.linked(entity.key, log.owner, [record])
        staff = base.catalogue.staff().key
        people = {row.values[log.who] for row in rows.values()}
        names = base.titles.of({Ref(staff, id_) for id_ in people if id_ is not None})

        def named(id_: int | None) -> str:
            return names[Ref(staff, id_)].text if id_ and Ref(staff, id_) in names else ""

        found = []
        for id_, row in rows.items():
            v = row.values
            minutes = v[log.minutes]
            if v[log.until] is None and v[log.since] is not None:
                minutes = worked(base.worktime.of(None), v[log.since], base.clock.now())
            found.append(Stay(
                id_, v[log.stage], str(v[entity.title_field] or ""), v[log.since], v[log.until],
                minutes, str(v[log.direction] or ""), v[log.who], named(v[log.who]),
                v[log.mover],
            ))  # fmt: skip
        return sorted(found, key=lambda one: (one.since or base.clock.now(), one.id))


def is_called(name: str, one: Pipeline | Stage) -> bool:
    """Whether somebody means it by a name, in capital letters or small, or by its number."""
    return name.strip() == str(one.id) or norm(one.name) in names_of(name)


def _writes(
    batch: Batch, entity: EntityDef, ids: Sequence[int], new: Stage | None,
    values: Mapping[str, Any],
) -> Iterator[Write]:  # fmt: skip
    """The values of a move as writes; those over a link go to the record it leads to."""
    trait = funnel_of(batch.catalogue)[1]
    own = {key: value for key, value in values.items() if "." not in key and key not in _ATTACHED}
    batch.prefetch(entity, ids)
    for id_ in ids:
        for key, value in values.items():
            if "." in key:
                yield _over_link(batch, batch.row(entity, id_), own, key, value)
        if new is not None:
            yield Update(entity.key, id_, {**own, trait.stage: new.id})
        elif own:
            yield Update(entity.key, id_, own)


_ATTACHED = frozenset(ATTACHED)


def _over_link(
    batch: Batch, staged: Staged, own: Mapping[str, Any], key: str, value: Any
) -> Update:
    link, *rest = key.split(".")
    f = staged.entity.field(link) if staged.entity.has(link) else None
    target = own.get(link, (staged.after or {}).get(link))
    if not isinstance(f, LinkField) or len(rest) != 1:
        raise InvalidInput(_("There is no field “{name}”").format(name=key), field=key)
    if target is None:
        raise InvalidInput(_("Fill in the field “{field}”").format(field=_(f.label)), field=link)
    return Update(f.target, target, {rest[0]: value})
