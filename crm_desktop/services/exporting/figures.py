"""A table of figures as a workbook: the figures on the first sheet, on each further one the records
that one of them counts, so that whoever doubts a number can count them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from crm_desktop.i18n import _
from crm_desktop.models.query import Query
from crm_desktop.services.exporting.columns import kind_of
from crm_desktop.services.exporting.export import Check, view_header, view_lines
from crm_desktop.services.exporting.writers.lines import Line
from crm_desktop.services.exporting.writers.workbook import Sheet, write_sheets
from crm_desktop.services.importing.readers.base import Cell
from crm_desktop.services.rights import acts
from crm_desktop.services.workspace import Workspace

MOST_ROWS = 20_000
"""On one sheet; that more are left out stands below them."""
MOST_SHEETS = 200


class Behind(NamedTuple):
    """The records that a figure counts; `name`: of their sheet."""

    name: str
    query: Query


def _go_on() -> None:
    """For a caller that does not stop."""


def export_figures(
    workspace: Workspace,
    path: Path,
    figures: Sheet,
    behind: Sequence[Behind],
    *,
    check: Check = _go_on,
) -> int:
    """Writes the figures and what is behind them; figures of the same records share their sheet.
    Returns how many sheets. `FileProblem` if it cannot be written, `NotAllowed` for whoever may not
    export these records."""
    single: list[Behind] = []
    for one in behind:
        if all(one.query != known.query for known in single):
            single.append(one)

    single = single[:MOST_SHEETS]
    for one in single:
        acts.before_export(workspace, one.query)

    def sheets() -> Iterator[Sheet]:
        yield figures
        for one in single:
            yield _records(workspace, one, check)

    write_sheets(path, sheets())
    for one in single:
        count = min(workspace.lists.open(one.query).count(), MOST_ROWS)
        acts.exported(workspace, one.query, path, count)
    if not single:
        acts.pictured(workspace, figures.name, path)
    return 1 + len(single)


def _records(workspace: Workspace, one: Behind, check: Check) -> Sheet:
    cursor = workspace.lists.open(one.query)
    header = view_header(workspace, one.query, cursor.columns)
    return Sheet(
        one.name, header, _few(workspace, one.query, cursor.count(), check),
        [kind_of(f) for f in cursor.fields],
    )  # fmt: skip


def _few(
    workspace: Workspace, query: Query, total: int, check: Check
) -> Iterator[Sequence[Cell] | Line]:
    yield from islice(view_lines(workspace, query, (), check), MOST_ROWS)
    if total > MOST_ROWS:
        left = total - MOST_ROWS
        yield [_("{count} more are not listed here").format(count=left)]
