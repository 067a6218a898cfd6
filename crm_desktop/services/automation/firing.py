"""Which rules fire in a save: noted while records are staged, done before they are written.

Several fire in their order; what one writes may make another fire, each once for a record in one
save. A rule whose deed cannot be done is left out: the save it hangs on is not refused for it.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from datetime import datetime

from crm_desktop.errors import UserError
from crm_desktop.models.catalogue.builtin.pipeline import PIPELINE, STAGE
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.sales_traits import Firings, Funnel
from crm_desktop.services.activity_sets.beginning import SetStarter
from crm_desktop.services.automation.deeds import Deed, deed, firing
from crm_desktop.services.automation.holding import holds
from crm_desktop.services.automation.known import ENTERED, FIELD, MADE, Rule, Rules
from crm_desktop.services.automation.values import zone
from crm_desktop.services.writing.batch import Batch, Staged, is_empty
from crm_desktop.services.writing.staging import Write

_log = logging.getLogger(__name__)
MOST_FIRINGS = 500
"""In one save."""
ONCE, DAILY = "record", "day"


class Firer:
    """Notes in one transaction which rules fire, and what they write; sets of steps beside them."""

    def __init__(self, batch: Batch, rules: Rules, sets: SetStarter) -> None:
        self._batch, self._rules, self._sets = batch, rules, sets
        self._due: dict[tuple[Rule, Ref], None] = {}
        self._seen: set[tuple[int, Ref]] = set()

    def written(self, staged: Staged, given: Collection[str]) -> None:
        """A record was staged; `given`: the fields that were written."""
        self._sets.written(staged, given)
        for rule in self._rules.get(staged.entity.key, ()):
            if (rule.id, staged.ref) not in self._seen and _is_met(rule, staged):
                self._seen.add((rule.id, staged.ref))
                self._due[rule, staged.ref] = None

    def writes(self) -> Iterator[Write]:
        """What the rules and the sets write, until nothing more follows."""
        done = 0
        while self._due and done < MOST_FIRINGS:
            rule, ref = min(self._due, key=lambda one: (one[0].position, one[0].id, one[1]))
            del self._due[rule, ref]
            done += 1
            yield from self._fire(rule, ref)
        yield from self._sets.writes()

    def _fire(self, rule: Rule, ref: Ref) -> Iterator[Write]:
        staged = self._batch.seen(ref)
        if staged is None or staged.after is None or not self._may(rule, staged):
            return
        try:
            found = deed(self._batch, staged, rule)
        except UserError as wrong:
            _log.warning("rule %s does nothing: %s", rule.id, wrong.message)
            return
        if found is None:
            return
        if found.set is not None:
            self._sets.begin(found.set, ref)
        yield from found.writes
        yield self._noted(staged, rule, found)

    def _noted(self, staged: Staged, rule: Rule, found: Deed) -> Write:
        return firing(self._batch, staged, rule, found)

    def _may(self, rule: Rule, staged: Staged) -> bool:
        """Whether the condition holds and the rule has not fired too often."""
        if not holds(self._batch, staged, rule.where):
            return False
        if rule.guard not in (ONCE, DAILY):
            return True
        entity, trait = self._batch.catalogue.with_trait(Firings)
        of_it = [one.after or {} for one in
                 self._batch.linked(entity, entity.field(trait.about), staged.id)]  # fmt: skip
        fired = [one.get(trait.fired) for one in of_it if one.get(trait.rule) == rule.id]
        if rule.guard == ONCE:
            return not fired
        here = zone(self._batch)
        today = self._batch.now.astimezone(here).date()
        return all(not isinstance(one, datetime) or one.astimezone(here).date() != today
                   for one in fired)  # fmt: skip


def _is_met(rule: Rule, staged: Staged) -> bool:
    """Whether what was staged is the event of the rule."""
    before, after = staged.before or {}, staged.after or {}
    trait, values = staged.entity.trait(Funnel), rule.values
    if rule.event == FIELD:
        key = str(values.get("when") or "")
        return before.get(key) != after.get(key) and is_value(staged, key, values.get("becomes"))
    if trait is not None and values.get(PIPELINE.key) not in (None, after.get(trait.pipeline)):
        return False
    if rule.event == MADE:
        return staged.before is None
    if rule.event != ENTERED or trait is None:
        return False
    stage = after.get(trait.stage)
    return before.get(trait.stage) != stage and values.get(STAGE.key) in (None, stage)


def is_value(staged: Staged, key: str, wanted: object) -> bool:
    """Whether the field holds the value a rule waits for; any at all if it names none."""
    value = (staged.after or {}).get(key)
    if not staged.entity.has(key) or is_empty(value):
        return False
    return wanted in (None, "") or plain_text(staged.entity.field(key).plain(value)) == wanted


def plain_text(value: object) -> str:
    """A plain value as a rule keeps it."""
    if isinstance(value, bool):
        return "1" if value else ""
    return "" if value is None else str(value)
