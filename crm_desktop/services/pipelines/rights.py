"""Who may move a record: what pipelines and stages say, and where colleagues stand to one another.

A base that does not know who works on it, and one with a single colleague, refuse nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sqlalchemy as sa

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.traits import Staff
from crm_desktop.services.batch import Batch, Staged
from crm_desktop.services.pipelines.shape import LOST, Shape, Stage, funnel_of, shape_in

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
    """Why the person who writes may not move the record, as a sentence; None if they may."""
    who = batch.author
    if who is None or len(people_in(batch)) < 2:
        return None
    responsible = (staged.before or staged.after or {}).get(funnel_of(batch.catalogue)[1].who)
    shape, people = shape_in(batch), people_in(batch)
    ways = dict.fromkeys(one.pipeline for one in (new, old) if one is not None)
    for pipeline in (shape.pipelines[id_] for id_ in ways):
        if pipeline.unit is not None and not people.belongs(who, pipeline.unit):
            return _("The pipeline “{name}” is for another department").format(name=pipeline.name)
        if old is not None and not _allowed(pipeline.moves, who, responsible, people):
            return _("You may not move what is in the pipeline “{name}”: ask the head").format(
                name=pipeline.name)  # fmt: skip
    if old is None or old.pipeline != new.pipeline:
        return None
    return _on_the_way(shape, old, new, lambda movers: _allowed(movers, who, responsible, people))


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
    who = batch.author
    if who is None or stage.skip == ALL:
        return False
    responsible = (staged.before or staged.after or {}).get(funnel_of(batch.catalogue)[1].who)
    return _allowed(stage.skip, who, responsible, people_in(batch))


def is_back(shape: Shape, old: Stage, new: Stage) -> bool:
    """Whether a move within a pipeline is one back: opened again, too."""
    if not old.is_open:
        return new.is_open
    return new.is_open and shape.place(new.id) < shape.place(old.id)


def _allowed(movers: str, who: int, responsible: int | None, people: People) -> bool:
    if movers == NONE:
        return False
    if movers == ALL or (movers == OWN and responsible in (None, who)):
        return True
    return people.stands_over(who, responsible)
