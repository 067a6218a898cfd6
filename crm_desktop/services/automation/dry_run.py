"""When a rule would have fired: asked of what the base remembers, and nothing is done.

Stages are looked up in the ways records took, what was made by the day of its making, values in the
change log. Conditions are judged by the values of today; what was done to many at once counts as
little as it would have fired. Guards hold: once for a record, once a day.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.builtin.pipeline import PIPELINE, STAGE
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.sales_traits import Automations, Firings, Funnel
from crm_desktop.services.activity_sets.beginning import MOST_RECORDS
from crm_desktop.services.automation.firing import DAILY, ONCE, plain_text
from crm_desktop.services.automation.holding import holds
from crm_desktop.services.automation.known import ENTERED, MADE, Rule
from crm_desktop.services.pipelines.shape import log_of
from crm_desktop.services.writing.batch import Batch
from crm_desktop.services.writing.changes import CREATED

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

MOST_DAYS = 3660
_LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)
Event = tuple[Ref, datetime]


class WouldFire(NamedTuple):
    """A record for which the rule would have fired, and when."""

    ref: Ref
    moment: datetime
    title: str


def find_rule(workspace: Workspace, name: str) -> int:
    """The number of the rule of this name or number; `NotFound` if there is none."""
    entity = workspace.catalogue.with_trait(Automations)[0]
    wanted = name.strip()
    if wanted.isascii() and wanted.isdigit() and workspace.reader.exists(entity.key, [int(wanted)]):
        return int(wanted)
    found = workspace.titles.find(entity.key, wanted)
    if not found:
        raise NotFound(_("There is no rule “{name}”").format(name=name))
    return found[0]


def dry_run(workspace: Workspace, rule_id: int, days: int) -> list[WouldFire]:
    """What the rule would have fired for in the last days, the earliest first."""
    if not 0 < days <= MOST_DAYS:
        raise InvalidInput(_("Between 1 and {most} days can be looked at").format(most=MOST_DAYS))
    record = workspace.reader.get(workspace.catalogue.with_trait(Automations)[0].key, rule_id)
    if record is None:
        raise NotFound(_("The rule is not in the base (any more)"))
    rule = workspace.records.rules.rule(rule_id, record.values)
    if not workspace.catalogue.has(rule.of):
        raise NotFound(_("The object of this rule is no longer there: choose another one"))
    entity = workspace.catalogue[rule.of]
    since = workspace.clock.now() - timedelta(days=days)
    with workspace.backend.read() as connection:
        batch = workspace.records.batch(connection, lock=False)
        found = sorted(_few(_events(batch, entity, rule, since)), key=lambda one: (one[1], one[0]))
        batch.prefetch(entity, [ref.id for ref, _moment in found])
        standing = [one for one in found if _stands(batch, rule, one[0])]
        kept = list(_guarded(workspace, rule, standing, _fired_before(batch, rule, since)))
    titles = workspace.titles.of({ref for ref, _moment in kept})
    return [WouldFire(ref, moment, titles[ref].text if ref in titles else "")
            for ref, moment in kept]  # fmt: skip


def _events(batch: Batch, entity: EntityDef, rule: Rule, since: datetime) -> Iterator[Event]:
    if rule.event == ENTERED:
        return _entered(batch, entity, rule, since)
    if rule.event == MADE:
        return _made(batch, entity, rule, since)
    return _changed(batch, entity, rule, since)


def _entered(batch: Batch, entity: EntityDef, rule: Rule, since: datetime) -> Iterator[Event]:
    log_entity, log = log_of(batch.catalogue)

    def of(key: str) -> sa.Column[Any]:
        return batch.reader.tables.column(log_entity, log_entity.field(key))

    made = batch.reader.tables.main[log_entity.key].c.created_at  # an import tells of other days
    asked = sa.select(of(log.owner), made).where(of(log.since) >= since)
    for key, column in ((STAGE.key, log.stage), (PIPELINE.key, log.pipeline)):
        if rule.values.get(key) is not None:
            asked = asked.where(of(column) == rule.values[key])
    for id_, moment in batch.connection.execute(asked):
        yield Ref(entity.key, id_), moment


def _made(batch: Batch, entity: EntityDef, rule: Rule, since: datetime) -> Iterator[Event]:
    table, trait = batch.reader.tables.main[entity.key], entity.trait(Funnel)
    asked = sa.select(table.c.id, table.c.created_at).where(table.c.created_at >= since)
    if trait is not None and rule.values.get(PIPELINE.key) is not None:
        column = batch.reader.tables.column(entity, entity.field(trait.pipeline))
        asked = asked.where(column == rule.values[PIPELINE.key])
    for id_, moment in batch.connection.execute(asked):
        yield Ref(entity.key, id_), moment


def _changed(batch: Batch, entity: EntityDef, rule: Rule, since: datetime) -> Iterator[Event]:
    """From the change log: a value that became the one the rule waits for."""
    rows, key = batch.reader.tables.system("change_row"), str(rule.values.get("when") or "")
    asked = sa.select(rows).where(rows.c.ent == entity.number, rows.c.made_at >= since)
    for row in batch.connection.execute(asked.order_by(rows.c.seq)):
        delta = json.loads(row.overflow or row.delta)
        if not isinstance(delta, dict) or key not in delta:
            continue
        value = delta[key]
        if row.kind != CREATED:
            value = value[1] if isinstance(value, list) and len(value) == 2 else None
        wanted = rule.values.get("becomes")
        if value not in (None, "", False) and wanted in (None, "", plain_text(value)):
            yield Ref(entity.key, row.rid), row.made_at


def _few(events: Iterable[Event]) -> list[Event]:
    """Without what was done to many in one moment: an import fires nothing."""
    found = list(events)
    at_once = Counter(moment for _ref, moment in found)
    return [one for one in found if at_once[one[1]] <= MOST_RECORDS]


def _fired_before(batch: Batch, rule: Rule, since: datetime) -> list[Event]:
    """What the rule did fire for before the days that are looked at: its guard remembers it."""
    if rule.guard not in (ONCE, DAILY):
        return []
    entity, trait = batch.catalogue.with_trait(Firings)
    of = {key: batch.reader.tables.column(entity, entity.field(key))
          for key in (trait.rule, trait.fired)}  # fmt: skip
    earliest = _LONG_AGO if rule.guard == ONCE else since - timedelta(days=1)
    asked = sa.select(batch.reader.tables.main[entity.key].c.id).where(
        of[trait.rule] == rule.id, of[trait.fired] >= earliest, of[trait.fired] < since
    )
    ids = [int(row[0]) for row in batch.connection.execute(asked)]
    batch.prefetch(entity, ids)
    rows = (batch.row(entity, id_).after or {} for id_ in ids)
    return [(row[trait.about], row[trait.fired]) for row in rows if row.get(trait.about)]


def _guarded(
    workspace: Workspace, rule: Rule, events: Iterable[Event], before: Iterable[Event]
) -> Iterator[Event]:
    """Each record once, or once a day, where the rule says so."""
    if rule.guard not in (ONCE, DAILY):
        yield from events
        return
    zone = workspace.worktime.office_zone()

    def named(one: Event) -> tuple[Ref, date | None]:
        return one[0], one[1].astimezone(zone).date() if rule.guard == DAILY else None

    seen = set(map(named, before))
    for one in events:
        if named(one) not in seen:
            seen.add(named(one))
            yield one


def _stands(batch: Batch, rule: Rule, ref: Ref) -> bool:
    staged = batch.seen(ref)
    return staged is not None and holds(batch, staged, rule.where)
