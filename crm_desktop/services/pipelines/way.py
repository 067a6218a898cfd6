"""The way a record takes: each stay in a stage is a record of its own, written when it is entered.

A stay keeps when it began and ended, how many working minutes of the company it lasted, and who was
responsible and who moved it at that moment; a later change of the responsible changes none of it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from crm_desktop.errors import InvalidInput
from crm_desktop.models.worktime.arithmetic import WorkTime
from crm_desktop.services.pipelines.rights import is_back
from crm_desktop.services.pipelines.shape import (
    LOST,
    WON,
    Stage,
    funnel_of,
    log_of,
    shape_in,
)
from crm_desktop.services.worktime.reading import read_calendars
from crm_desktop.services.writing.batch import Batch, Staged

NEW, FORWARD, SKIP, BACK, REOPENED, MOVED = "new", "forward", "skip", "back", "reopened", "moved"


def direction(batch: Batch, old: Stage | None, new: Stage) -> str:
    """What kind of move it is."""
    shape = shape_in(batch)
    if old is None:
        return NEW
    if old.pipeline != new.pipeline:
        return MOVED
    if new.outcome in (WON, LOST):
        return new.outcome
    if not old.is_open:
        return REOPENED
    if is_back(shape, old, new):
        return BACK
    return SKIP if shape.between(old, new) else FORWARD


def enter(batch: Batch, staged: Staged, old: Stage | None, new: Stage, since: datetime) -> None:
    """Ends the stay that goes on and begins the next one."""
    entity, log = log_of(batch.catalogue)
    trait = funnel_of(batch.catalogue)[1]
    begun = stay_begun(batch, staged)
    if staged.before is None and begun is not None:  # a new record was put elsewhere at once
        batch.delete(begun)
    if staged.before is not None:
        _prefetch(batch, staged)
        for stay in batch.linked(entity, entity.field(log.owner), staged.id):
            if (stay.after or {}).get(log.until) is None:
                _leave(batch, stay, since)
    values: dict[str, Any] = {
        entity.title_field: new.name, log.pipeline: new.pipeline, log.stage: new.id,
        log.since: since, log.direction: direction(batch, old, new),
        log.who: (staged.after or {}).get(trait.who), log.mover: batch.author,
        log.owner: staged.id,
    }  # fmt: skip
    stay = batch.create(entity, values)
    batch.fresh(stay)
    _begun(batch)[staged.id] = stay


def furthest(batch: Batch, staged: Staged, pipeline: int) -> Stage | None:
    """The furthest stage in progress of a pipeline in which the record ever stood."""
    entity, log = log_of(batch.catalogue)
    shape = shape_in(batch)
    _prefetch(batch, staged)
    stays = batch.linked(entity, entity.field(log.owner), staged.id)
    stood = (shape.stages.get((one.after or {}).get(log.stage) or 0) for one in stays)
    here = [one for one in stood if one is not None and one.pipeline == pipeline and one.is_open]
    return max(here, key=lambda one: shape.place(one.id), default=None)


def stay_begun(batch: Batch, staged: Staged) -> Staged | None:
    """The stay that began in this very save: a rule may write the record once more in it."""
    return _begun(batch).get(staged.id)


def hand_over(batch: Batch, staged: Staged) -> None:
    """A stay that begins in this very save is whose the record is after it: a rule gave it away."""
    stay = stay_begun(batch, staged)
    if stay is not None:
        who = (staged.after or {}).get(funnel_of(batch.catalogue)[1].who)
        batch.put(stay, log_of(batch.catalogue)[1].who, who)


def _begun(batch: Batch) -> dict[int, Staged]:
    """By the record: the latest of its stays that begin in this batch."""
    known = batch.asked.setdefault("stays begun", dict[int, Staged]())
    return cast(dict[int, Staged], known)


def _prefetch(batch: Batch, staged: Staged) -> None:
    """The stays of all records of a change of many, by one question."""
    entity, log = log_of(batch.catalogue)
    known = batch.asked.setdefault("ways", set[int]())
    if not isinstance(known, set) or staged.id in known:
        return
    key = staged.entity.key
    owners = [id_ for (of, id_), one in batch.rows.items() if of == key and one.before is not None]
    batch.prefetch_linked(entity, entity.field(log.owner), owners)
    known.update(owners)


def _leave(batch: Batch, stay: Staged, until: datetime) -> None:
    log = log_of(batch.catalogue)[1]
    since = (stay.after or {}).get(log.since)
    batch.put(stay, log.until, until)
    batch.put(stay, log.minutes, worked(company_time(batch), since, until))


def company_time(batch: Batch) -> WorkTime:
    """The working time of the company, read once in a batch."""
    known = batch.asked.get("company time")
    if not isinstance(known, WorkTime):
        calendars = read_calendars(batch.reader, batch.connection)
        known = batch.asked["company time"] = WorkTime(calendars.of(None))
    return known


def worked(time: WorkTime, since: datetime | None, until: datetime) -> int | None:
    """Working minutes between two moments; None where they cannot be counted."""
    if since is None or until < since:
        return None
    try:
        return time.minutes_between(since, until)
    except InvalidInput:
        return None
