"""What a funnel is asked for, and the conditions that each of its numbers stands for.

The numbers are counted by the very conditions that open their rows, so that both agree.

By manager a deal counts for everybody who had it while it stood in the stage or a later one: the
history of stages says who that was, and a later change of the responsible leaves it so. A deal that
never changed hands counts for who is responsible.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import N_, _
from crm_desktop.models.query import Condition, Group, Query, Where, both
from crm_desktop.services.funnel.objects import LOST, WON, SalesObjects, Way
from crm_desktop.services.funnel.office_days import bounds_in
from crm_desktop.services.funnel.periods import Period

MANAGER, SOURCE, SEGMENT = "manager", "source", "segment"
GROUPINGS = {
    MANAGER: N_("By manager"), SOURCE: N_("By source"), SEGMENT: N_("By category of the client"),
}  # fmt: skip
CATEGORY = "segment"
"""The field of the client that the grouping by segment reads."""
EVERYBODY = -1
NONE = 0


@dataclass(frozen=True)
class FunnelQuestion:
    """Deals of a pipeline that were opened (or, `closing`, closed) in a period.

    `by`: also apart for each manager, source or segment. `only`: no others than of this one; 0 for
    those without, `EVERYBODY` for all.
    """

    pipeline: int
    period: Period
    closing: bool = False
    by: str = ""
    only: int = EVERYBODY

    def __post_init__(self) -> None:
        if self.by and self.by not in GROUPINGS:
            raise InvalidInput(
                _("A funnel is not counted by “{name}”. Known: {known}").format(
                    name=self.by, known=", ".join(GROUPINGS)
                )
            )

    def at(self, period: Period) -> FunnelQuestion:
        """The same of another period."""
        return replace(self, period=period)


class Conditions:
    """The conditions of one question."""

    def __init__(self, objects: SalesObjects, way: Way, question: FunnelQuestion) -> None:
        self._objects, self._way, self._question = objects, way, question
        self._deal, self._stay = objects.names, objects.stays
        self._log = objects.log.key

    def scope(self) -> Where:
        """All deals of the question, whoever had them."""
        q, names = self._question, self._deal
        days = bounds_in(self._way.zone, q.period)
        here: Where = self._is_here()
        if self._has_guests():
            was = Condition(self._log, "any", Condition(self._stay.stage, "in", self._way.ids))
            here = _any(here, was)
        found = both(here, Condition(names.closed if q.closing else names.opened, "between", days))
        assert found is not None
        return found

    def _is_here(self) -> Condition:
        return Condition(self._deal.pipeline, "eq", self._question.pipeline)

    def _has_guests(self) -> bool:
        """Whether there are deals that have left the pipeline; they are not closed in it."""
        return self._way.guests and not self._question.closing

    def _won(self) -> Where:
        won = Condition(self._deal.state, "eq", WON)
        return _all(self._is_here(), won) if self._has_guests() else won

    def query(self, *more: Where | None) -> Query:
        """The deals of the scope that fulfil further conditions."""
        return Query(self._objects.deal.key, where=both(self.scope(), *more))

    def reached(self, place: int) -> Where | None:
        """They came to that stage or a later one; None for the first, where all have been. What
        was won by mistake and opened again is not won."""
        if place == 0:
            return None
        step = self._way.steps[place]
        if step.outcome == WON:
            return self._won()
        came: Where = Condition(self._deal.reached, "in", step.ids)
        if self._has_guests():
            stood = Condition(
                self._log, "any", Condition(self._stay.stage, "in", self._open(place))
            )
            away = Condition(self._deal.pipeline, "ne", self._question.pipeline)
            came = _any(_all(self._is_here(), came), _all(away, stood))
        return _any(came, self._won())

    def _open(self, place: int) -> tuple[int, ...]:
        """The stages in progress from a place on."""
        return tuple(one.id for one in self._way.steps[place:] if one.outcome != WON)

    def at_step(self, place: int, group: int = EVERYBODY) -> Query:
        """The deals that a number of the funnel counts."""
        return self.query(self._of(place, group))

    def _of(self, place: int, group: int) -> Where | None:
        if group == EVERYBODY:
            return self.reached(place)
        if self._question.by == MANAGER:
            return self.had(group, place)
        return both(self.reached(place), self.group(group))

    def group(self, group: int) -> Where | None:
        """The deals of one group."""
        by = self._question.by
        if group == EVERYBODY or not by:
            return None
        if by == MANAGER:
            return self.had(group, 0)
        path = self._deal.source if by == SOURCE else f"{self._deal.client}.{CATEGORY}"
        return _is(path, group)

    def had(self, who: int, place: int) -> Where:
        """The deals that `who` had in that stage or a later one (see above)."""
        names, stays = self._deal, self._stay
        own = both(
            _is(names.who, who), self.reached(place),
            Condition(self._log, "none", _is_not(stays.who, who)),
        )  # fmt: skip
        assert own is not None
        if place == 0:
            return _any(own, self._stood(who, self._way.ids))
        won = _all(self._won(), self._stood(who, self._way.steps[place].ids))
        if self._way.steps[place].outcome == WON:
            return _any(own, won)
        return _any(own, self._stood(who, self._open(place)), won)

    def _stood(self, who: int, stages: Iterable[int]) -> Condition:
        at = Condition(self._stay.stage, "in", tuple(stages))
        return Condition(self._log, "any", both(_is(self._stay.who, who), at))

    def returned(self, place: int | None = None, ids: Iterable[int] = ()) -> Where:
        """The deals that went back at least once; with `place` those that left it that way."""
        if place is None:
            return Condition(self._log, "any", both(
                Condition(self._stay.direction, "eq", "back"),
                Condition(self._stay.pipeline, "eq", self._question.pipeline),
            ))  # fmt: skip
        return Condition("id", "in", tuple(ids))

    def stayed(self, stage: int) -> Where:
        """The deals whose time in that stage is known: they have left it."""
        ended = both(
            Condition(self._stay.stage, "eq", stage), Condition(self._stay.until, "filled"),
            Condition(self._stay.minutes, "filled"),
        )  # fmt: skip
        return Condition(self._log, "any", ended)

    def lost(self, reason: int | None = None) -> Where | None:
        """The lost deals; with a reason (0: none is given) only those."""
        state: Where = Condition(self._deal.state, "eq", LOST)
        state = _all(self._is_here(), state) if self._has_guests() else state
        return state if reason is None else both(state, _is(self._deal.reason, reason))


def _is(path: str, id_: int) -> Condition:
    return Condition(path, "eq", id_) if id_ else Condition(path, "empty")


def _is_not(path: str, id_: int) -> Condition:
    return Condition(path, "ne", id_) if id_ else Condition(path, "filled")


def _any(*items: Where) -> Where:
    return Group("or", items)


def _all(*items: Where) -> Where:
    return Group("and", items)
