"""`check`: everything that can be wrong with a base, found by looking.

The base itself, links that lead nowhere, record keys that do not match their texts, the chain of
the change log, the search index, operations that were cut off.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import NotAllowed
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import LinkField, RecordField, TextField
from crm_desktop.models.schema import column_names
from crm_desktop.models.text.normalise import sort_key
from crm_desktop.services.files.cleaning import problems as problems_of_files
from crm_desktop.services.maintenance.kept_fields import wrong_kept
from crm_desktop.services.search.repair import SearchRepair
from crm_desktop.services.tally import wrong_tallies
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.changes import canonical

PAGE = 5000
MOST = 200
SAMPLE = 2000


@dataclass
class CheckReport:
    """What was looked at, how much of it, and what is wrong, in sentences."""

    problems: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, problem: str) -> None:
        """Notes a problem; only the first are kept."""
        if len(self.problems) < MOST:
            self.problems.append(problem)


def check_base(workspace: Workspace, *, deep: bool = True) -> CheckReport:
    """Looks at everything (`deep`) or at samples; `NotAllowed` for who has not all of it."""
    if workspace.backend.behind_views:
        raise NotAllowed(
            _("Only the administrator can check a base on a server: nobody else has all of it.")
        )
    report = CheckReport()
    for problem in workspace.backend.integrity(deep=deep):
        report.add(problem)
    _check_tables(workspace, report)
    for entity in workspace.catalogue:
        _check_records(workspace, entity, report, deep)
    if deep:
        for entity, id_, key in wrong_kept(workspace.records):
            report.add(_problem(entity, id_, entity.field(key), _("differs from its activities")))
    for problem in wrong_tallies(workspace):
        report.add(problem)
    _check_reach(workspace, report)
    _check_chain(workspace, report)
    _check_operations(workspace, report)
    for problem in problems_of_files(workspace, deep=deep):
        report.add(problem)
    repair = SearchRepair(workspace.backend, workspace.tables, workspace.index)
    with workspace.backend.read() as connection:
        for problem in repair.problems(connection, every=1 if deep else 20):
            report.add(problem)
    return report


def _check_tables(workspace: Workspace, report: CheckReport) -> None:
    """Every table and column of the catalogue must be there."""
    there = set(workspace.backend.table_names())
    for table in workspace.tables.metadata.sorted_tables:
        if table.name not in there:
            report.add(_("The table {name} is missing").format(name=table.name))
            continue
        names = set(workspace.backend.column_names(table.name))
        for column in table.columns:
            if column.name not in names:
                report.add(
                    _("The column {name} is missing").format(name=f"{table.name}.{column.name}")
                )


def _check_reach(workspace: Workspace, report: CheckReport) -> None:
    """What the server goes by must be what the roles say."""
    if workspace.reaching is not None:
        for line in workspace.reaching.differences():
            report.add(_("Rights differ from what the roles say: {what}").format(what=line))


def _check_records(
    workspace: Workspace, entity: EntityDef, report: CheckReport, deep: bool
) -> None:
    texts = [f for f in entity.fields if isinstance(f, TextField) and not f.extra]
    count = 0
    for rows in _pages(workspace, entity, deep):
        count += len(rows)
        for row in rows:
            for f in texts:
                value = row[f.name]
                if row[f.name + "_key"] != (sort_key(value) if value else ""):
                    report.add(_problem(entity, row["id"], f, _("the sort key is wrong")))
    known = report.counts.get(entity.plural, 0)  # people, and people of deals, too
    report.counts[entity.plural] = known + count
    for link in entity.fields:
        if isinstance(link, LinkField | RecordField) and (count or link.extra):
            _check_links(workspace, entity, link, report)


def _pages(workspace: Workspace, entity: EntityDef, deep: bool) -> Iterator[list[Any]]:
    table = workspace.tables.main[entity.key]
    last = 0
    while True:
        wanted = sa.select(table).where(table.c.id > last).order_by(table.c.id)
        with workspace.backend.read() as connection:
            found = connection.execute(workspace.backend.limit(wanted, PAGE)).mappings().all()
        if not found:
            return
        yield list(found)
        last = found[-1]["id"]
        if not deep and len(found) >= SAMPLE:
            return


def _check_links(
    workspace: Workspace, entity: EntityDef, f: LinkField | RecordField, report: CheckReport
) -> None:
    table = workspace.tables.table_of(entity, f)
    column = table.c[column_names(f)[0]]
    for target in workspace.catalogue:
        if not workspace.catalogue.points(f, target):
            continue
        other = workspace.tables.main[target.key].alias("target")
        lost = sa.select(table.c.id).select_from(
            table.outerjoin(other, other.c.id == column)
        ).where(column.is_not(None), other.c.id.is_(None))  # fmt: skip
        if isinstance(f, RecordField):
            lost = lost.where(table.c[column_names(f)[1]] == target.number)
        with workspace.backend.read() as connection:
            for id_ in connection.execute(workspace.backend.limit(lost, MOST)).scalars().all():
                report.add(_problem(entity, id_, f, _("the linked record is missing")))


def _problem(entity: EntityDef, id_: int, f: Field, what: str) -> str:
    return f"{_(entity.label)} {id_}, {_(f.label)}: {what}"


def _check_chain(workspace: Workspace, report: CheckReport) -> None:
    """Every link's digest must follow from its predecessor and its change rows."""
    chain = workspace.tables.system("chain")
    digests: dict[str, tuple[int, str]] = {}
    known: dict[int, str] = {}
    covered = 0
    with workspace.backend.read() as connection:
        links = connection.execute(sa.select(chain).order_by(chain.c.seat, chain.c.place)).all()
    for link in links:
        place, previous = digests.get(link.seat, (0, ""))
        if link.place != place + 1:
            report.add(
                _("The change log of {seat} lacks link {place}").format(
                    seat=link.seat, place=place + 1
                )
            )
        elif _digest(workspace, link, previous) != link.digest:
            report.add(
                _("The change log was altered in rows {first} to {last}").format(
                    first=link.first_seq, last=link.last_seq
                )
            )
        digests[link.seat] = (link.place, link.digest)
        known[link.id] = link.digest
        covered += link.amount
    _check_ties(links, known, report)
    _check_covered(workspace, covered, report)


def _digest(workspace: Workspace, link: Any, previous: str) -> str:
    rows = workspace.tables.system("change_row")
    wanted = sa.select(rows).where(rows.c.seq >= link.first_seq, rows.c.seq <= link.last_seq)
    digest = hashlib.sha256(previous.encode())
    with workspace.backend.read() as connection:
        for row in connection.execute(wanted.order_by(rows.c.seq)).all():
            head = (row.seq, row.op, row.made_at, row.author, row.ent, row.rid, row.kind)
            digest.update(canonical((*head, row.overflow or row.delta)).encode())
    return digest.hexdigest()


def _check_ties(links: list[Any] | Any, known: dict[int, str], report: CheckReport) -> None:
    for link in links:
        for id_, digest in json.loads(link.ties) if link.ties else []:
            if id_ not in known or not known[id_].startswith(digest):
                report.add(_("The change log lacks link {place}").format(place=id_))


def _check_covered(workspace: Workspace, covered: int, report: CheckReport) -> None:
    rows = workspace.tables.system("change_row")
    with workspace.backend.read() as connection:
        count = connection.execute(sa.select(sa.func.count()).select_from(rows)).scalar_one()
    report.counts[N_("Changes")] = count
    if count != covered:
        report.add(
            _("The change log has {count} rows, its chain knows {known}").format(
                count=count, known=covered
            )
        )


def _check_operations(workspace: Workspace, report: CheckReport) -> None:
    for operation in workspace.operations.running():
        if workspace.is_dead(operation):
            report.add(
                _("Operation {number} was never finished: {title}").format(
                    number=operation.id, title=operation.title.text()
                )
            )
