"""The tallies of a base: read for whole months, compared with the records, counted anew.

Triggers keep them in the transaction of whatever is written (`models/tallies`, decision 014).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from crm_desktop.i18n import _
from crm_desktop.models.backend.tally_triggers import (
    HANDS_KEPT,
    counted,
    fill_statements,
    fold,
    handed,
)
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.ownership import roots
from crm_desktop.models.schema import column_names
from crm_desktop.models.strict.reach import SEE
from crm_desktop.models.tallies import Tally, hands_plan, plans, tallies, tally_of
from crm_desktop.services.workspace import Workspace

_EVERYBODY = 0
_FOLDED_FROM = 2000
"""Rows of single transactions from which on they are put together."""
_TRIES = 5
Span = tuple[int, int]
"""From a moment on until before another one, in seconds since 1970."""
_Row = tuple[int, str, int, str]


class Cut(NamedTuple):
    """A span of moments: its whole months (the first and the last one), and what is left."""

    months: tuple[int, int]
    rest: tuple[Span, ...]


def cut(span: Span) -> Cut | None:
    """The whole months of a span by UTC; None without any."""
    first, end = (datetime.fromtimestamp(moment, UTC) for moment in span)
    since, until = _month(first), _month(end)
    if _begin(since) < span[0]:
        since += 1
    if since >= until:
        return None
    parts = ((span[0], _begin(since)), (_begin(until), span[1]))
    return Cut((since, until - 1), tuple(part for part in parts if part[0] < part[1]))


def _month(moment: datetime) -> int:
    return moment.year * 12 + moment.month - 1


def _begin(month: int) -> int:
    year, place = divmod(month, 12)
    return int(datetime(year, place + 1, 1, tzinfo=UTC).timestamp())


def sees_tallies(workspace: Workspace, entity: EntityDef) -> bool:
    """Whether whoever works here sees all records of an object, and so what is counted of them."""
    if workspace.privacy.concerns(entity.key):
        return False
    if not workspace.backend.behind_views:
        return True
    rights = workspace.rights
    return rights is not None and all(
        _EVERYBODY in rights.reached(SEE, one) for one in roots(workspace.catalogue, entity)
    )


def month_counts(
    workspace: Workspace, entity: EntityDef, moment: str, months: tuple[int, int],
    keys: Sequence[str], only: tuple[str, Any] | None = None,
) -> Counter[tuple[Any, ...]]:  # fmt: skip
    """How many records have the same values of `keys` in the months from the first to the last
    one; `only`: a further key and the value that it has with all of them."""
    table, tally = workspace.tables.system("tally"), tally_of(workspace.catalogue, entity, moment)
    wanted = sa.select(table.c.grp, sa.func.sum(table.c.amount)).where(
        table.c.ent == entity.number, table.c.field == column_names(tally.moment)[0],
        table.c.period >= months[0], table.c.period <= months[1],
    )  # fmt: skip
    with workspace.backend.read() as connection:
        rows = connection.execute(wanted.group_by(table.c.grp)).all()
    known = [key.key for key in tally.keys]
    places = [known.index(key) for key in keys]
    found: Counter[tuple[Any, ...]] = Counter()
    for group, count in rows:
        values = tally.values(group)
        if count and (only is None or values[known.index(only[0])] == only[1]):
            found[tuple(values[place] for place in places)] += int(count)
    return found


def fold_tallies(workspace: Workspace) -> None:
    """Puts the rows of single transactions together where they are many; counts stay the same."""
    table, backend = workspace.tables.system("tally"), workspace.backend
    if backend.exclusive or workspace.read_only:
        return
    with backend.read() as connection:
        single = sa.select(sa.func.count()).select_from(table).where(table.c.slot != 0)
        if connection.execute(single).scalar_one() < _FOLDED_FROM:
            return
    fold(backend)


def renew_tallies(workspace: Workspace) -> None:
    """Counts all of it anew; again, if others wrote meanwhile."""
    backend, catalogue = workspace.backend, workspace.catalogue
    for _attempt in range(_TRIES):
        with backend.write() as connection:
            for text in fill_statements(backend, plans(catalogue), hands_plan(catalogue)):
                connection.exec_driver_sql(text)
        if not any(wrong_tallies(workspace)):
            return


def wrong_tallies(workspace: Workspace) -> Iterator[str]:
    """In sentences, everything that the base counts otherwise than its records say."""
    table = workspace.tables.system("tally")
    columns: Sequence[Any] = [table.c[n] for n in ("ent", "field", "period", "grp")]
    kept = sa.select(*columns, sa.func.sum(table.c.amount)).group_by(*columns)
    known = {
        (tally.entity.number, tally.plan.moment): tally for tally in tallies(workspace.catalogue)
    }
    with workspace.backend.snapshot() as connection:
        there = {_row(row): int(row[4]) for row in connection.execute(kept) if row[4]}
        right: dict[_Row, int] = {}
        for tally in known.values():
            found = connection.exec_driver_sql(counted(workspace.backend, tally.plan))
            right.update((_row(row), int(row[5])) for row in found)
        hands = handed(hands_plan(workspace.catalogue))
        marked = {tuple(row) for row in connection.exec_driver_sql(HANDS_KEPT)}
        changed = {tuple(row) for row in connection.exec_driver_sql(hands)}
    for row in sorted(row for row in {*there, *right} if there.get(row) != right.get(row)):
        yield _said(known.get(row[:2]), row, there.get(row, 0), right.get(row, 0))
    for id_ in sorted({row[0] for row in marked ^ changed}):
        yield _("Who had record {id} in which stage is kept wrongly").format(id=id_)


def _row(row: Sequence[Any]) -> _Row:
    return int(row[0]), str(row[1]), int(row[2]), str(row[3])


def _said(tally: Tally | None, row: _Row, there: int, right: int) -> str:
    year, place = divmod(row[2], 12)
    name = _(tally.entity.plural) if tally is not None else str(row[0])
    return _("{what} counted for {month}: {count} instead of {right}").format(
        what=name, month=f"{year}-{place + 1:02}", count=there, right=right
    )
