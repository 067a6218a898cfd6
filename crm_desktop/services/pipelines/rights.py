"""Who may move a record: what pipelines and stages say, and where colleagues stand to one another.

Who works alone is their own head: in a base without colleagues, the only colleague, and whoever
sits at a local base with a single one. Everywhere else a person whom the base cannot name is
nobody's head and responsible for nothing. What nobody may do binds all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sqlalchemy as sa

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.traits import Staff
from crm_desktop.services.pipelines.shape import LOST, Shape, Stage, funnel_of, shape_in
from crm_desktop.services.writing.batch import Batch, Staged

ALL, OWN, HEAD, NONE = "all", "own", "head", "none"
_HEAD_FIELD, _UNIT, _GONE = "head", "unit", "gone"
_DEEPEST = 50


class People:
    """Colleagues of a base: to whom each reports and in which department each is."""

    def __init__(self, heads: Mapping[int, int | None], units: Mapping[int, int | None]) -> None:
        self._heads, self._units = heads, units

    def stands_over(self, one: int, other: int | None) -> bool:
        """Whether `one` is a head of the other, however far above; of nobody: a head at all.

        Who reports to nobody is their own head.
        """
        if other is None:
            return one in self._heads.values()
        above, seen = self._heads.get(other), 0
        if above is None:
            return one == other
        while above is not None and seen < _DEEPEST:
            if above == one:
                return True
            above, seen = self._heads.get(above), seen + 1
        return False

    def top(self) -> int | None:
        """The director: who reports to nobody and has people; the oldest such record."""
        heads = {head for head in self._heads.values() if head is not None}
        tops = [one for one in sorted(heads) if self._heads.get(one) is None]
        return tops[0] if tops else None

    def head_of(self, one: int | None) -> int | None:
        """To whom a colleague reports; None if they have left."""
        head = self._heads.get(one or 0)
        return head if head in self._heads else None

    def belongs(self, one: int, unit: int) -> bool:
        """Whether a colleague is in the department or a head of somebody who is."""
        if self._units.get(one) == unit:
            return True
        return any(
            self.stands_over(one, other) for other, its in self._units.items() if its == unit
        )

    def __len__(self) -> int:
        return len(self._heads)

    def __contains__(self, one: object) -> bool:
        return one in self._heads


def people_in(batch: Batch) -> People:
    """The colleagues who work here, asked for once in a batch."""
    known = batch.asked.get("people")
    if isinstance(known, People):
        return known
    staff = batch.catalogue.with_trait(Staff)[0]
    table = batch.reader.tables.main[staff.key]
    head, unit, gone = (table.c[staff.field(k).name] for k in (_HEAD_FIELD, _UNIT, _GONE))
    rows = batch.connection.execute(sa.select(table.c.id, head, unit, gone)).all()
    here = [row for row in rows if not row[3]]
    made = People({row[0]: row[1] for row in here}, {row[0]: row[2] for row in here})
    batch.asked["people"] = made
    return made


def refusal(batch: Batch, staged: Staged, old: Stage | None, new: Stage) -> str | None:
    """Why the person who writes may not move the record, as a sentence; None if they may.

    A new record, and one that comes from another pipeline, passes over the stages before its own.
    """
    shape = shape_in(batch)

    def allowed(movers: str) -> bool:
        return _may(batch, staged, movers)

    ways = dict.fromkeys(one.pipeline for one in (new, old) if one is not None)
    for pipeline in (shape.pipelines[id_] for id_ in ways):
        if pipeline.unit is not None and not _belongs(batch, pipeline.unit):
            said = _("The pipeline “{name}” is for another department")
            return _told(batch, said.format(name=pipeline.name))
        if old is not None and not allowed(pipeline.moves):
            said = _("You may not move what is in the pipeline “{name}”: ask the head")
            return _told(batch, said.format(name=pipeline.name))
    begun = old if old is not None and old.pipeline == new.pipeline else start_of(shape, new)
    refused = _on_the_way(shape, begun, new, allowed) if begun is not None else None
    return _told(batch, refused) if refused else None


def start_of(shape: Shape, stage: Stage) -> Stage | None:
    """Where records begin that come into a pipeline."""
    return shape.pipelines[stage.pipeline].first


def _told(batch: Batch, said: str) -> str:
    """Whom the base cannot name is told so: they may well be the head."""
    if batch.author is not None:
        return said
    return f"{said}. " + _("Nobody is said to work here: choose yourself in Settings, Work")


def _works_alone(batch: Batch) -> bool:
    people, who = people_in(batch), batch.author
    if len(people) > 1:
        return False
    return not len(people) or who in people or (who is None and batch.backend.exclusive)


def _belongs(batch: Batch, unit: int) -> bool:
    if _works_alone(batch):
        return True
    return batch.author is not None and people_in(batch).belongs(batch.author, unit)


def _on_the_way(shape: Shape, old: Stage, new: Stage, allowed: Callable[[str], bool]) -> str | None:
    if is_back(shape, old, new):
        if allowed(old.back):
            return None
        return _("From “{stage}” you may not go back: ask the head").format(stage=old.name)
    if new.outcome == LOST:
        return None
    for stage in shape.between(old, new):
        if not allowed(stage.skip):
            return _("The stage “{stage}” cannot be passed over").format(stage=stage.name)
    return None


def skips_freely(batch: Batch, staged: Staged, stage: Stage) -> bool:
    """Whether a stage that only some may pass over may be passed over by the person who writes;
    what everybody may pass over trusts nobody in particular."""
    return batch.author is not None and stage.skip != ALL and _may(batch, staged, stage.skip)


def is_back(shape: Shape, old: Stage, new: Stage) -> bool:
    """Whether a move within a pipeline is one back: opened again, too."""
    if not old.is_open:
        return new.is_open
    return new.is_open and shape.place(new.id) < shape.place(old.id)


def _may(batch: Batch, staged: Staged, movers: str) -> bool:
    """Whether the person who writes is one of those who may (`MOVERS`)."""
    if movers in (ALL, NONE):
        return movers == ALL
    who, responsible = batch.author, _responsible(batch, staged)
    if _works_alone(batch) or (movers == OWN and responsible in (None, who)):
        return True
    return who is not None and people_in(batch).stands_over(who, responsible)


def _responsible(batch: Batch, staged: Staged) -> int | None:
    found: int | None = (staged.before or staged.after or {}).get(funnel_of(batch.catalogue)[1].who)
    return found
