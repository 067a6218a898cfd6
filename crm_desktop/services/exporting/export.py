"""Records into a file: what a list shows, or everything so that it can be brought in again.

The order of records is that of the query. Records are read and written a thousand at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import LongTextField
from crm_desktop.models.query import Query
from crm_desktop.services.exporting.columns import (
    Column,
    Names,
    Show,
    kind_of,
    links_of,
    record_columns,
    ref_of,
    shown,
)
from crm_desktop.services.exporting.writers.lines import Line, plain_rows
from crm_desktop.services.importing.readers.base import Cell
from crm_desktop.services.lists.children import column_path
from crm_desktop.services.lists.cursor import ListCursor
from crm_desktop.services.lists.rows import ListRow
from crm_desktop.services.reader import parts_of
from crm_desktop.services.titles import Linked
from crm_desktop.services.workspace import Workspace

if TYPE_CHECKING:
    from crm_desktop.services.lists.marks import Mark

Progress = Callable[[int, int], None]
"""Told how many records are written, and of how many."""
Check = Callable[[], None]
"""Asked between blocks; raises `Cancelled` to stop: then nothing is written."""


def _silent(_done: int, _whole: int) -> None:
    """For a caller that shows no progress."""


def _go_on() -> None:
    """For a caller that does not stop."""


def export_query(
    workspace: Workspace,
    query: Query,
    path: Path,
    *,
    marks: Sequence[Mark] = (),
    progress: Progress = _silent,
    check: Check = _go_on,
) -> int:
    """The rows of a query with exactly its columns, as the list shows them, texts whole.

    The format follows the name of the file; cards (.vcf) hold what cards hold. A workbook keeps
    groups as an outline with their sums, and the colours of `marks`. Returns how many records.
    """
    with _watched(workspace, query, path) as told:
        return told(_write_query(workspace, query, path, marks, progress=progress, check=check))


def _write_query(
    workspace: Workspace, query: Query, path: Path, marks: Sequence[Mark],
    *, progress: Progress, check: Check,
) -> int:  # fmt: skip
    if path.suffix.lower() == ".vcf":
        return _write_cards(workspace, query, path, progress=progress, check=check)
    from crm_desktop.services.exporting.writers.rows import write_rows

    cursor = workspace.lists.open(query)
    as_json = path.suffix.lower() == ".json"
    header = list(cursor.columns) if as_json else view_header(workspace, query, cursor.columns)
    kinds = [kind_of(f) for f in cursor.fields]
    total = cursor.count()

    def told(done: int) -> None:
        progress(min(done, total), total)

    lines = view_lines(workspace, query, marks, check)
    if path.suffix.lower() == ".xlsx" and (query.groups or marks):
        from crm_desktop.services.exporting.writers.workbook import write_workbook

        write_workbook(path, header, lines, kinds=kinds, sheet=path.stem, progress=told)
        return total
    return write_rows(path, header, plain_rows(lines), kinds=kinds, progress=told).rows


def export_object(
    workspace: Workspace,
    query: Query,
    path: Path,
    *,
    progress: Progress = _silent,
    check: Check = _go_on,
) -> int:
    """Every field of the query's records, so that the import makes the same records of the file.

    Links stand as names and as numbers; in JSON fields and choices are called by their keys.
    """
    with _watched(workspace, query, path) as told:
        return told(_write_object(workspace, query, path, progress=progress, check=check))


@contextmanager
def _watched(workspace: Workspace, query: Query, path: Path) -> Iterator[Callable[[int], int]]:
    """Whoever may not export is refused; what went out of a shared base is noted."""
    if not workspace.login:
        yield lambda count: count
        return
    from crm_desktop.services.rights import acts

    acts.before_export(workspace, query)
    written = 0

    def told(count: int) -> int:
        nonlocal written
        written = count
        return count

    yield told
    acts.exported(workspace, query, path, written)


def _write_object(
    workspace: Workspace, query: Query, path: Path, *, progress: Progress, check: Check
) -> int:
    if path.suffix.lower() == ".vcf":
        return _write_cards(workspace, query, path, progress=progress, check=check)
    from crm_desktop.services.exporting.writers.rows import write_rows

    entity = workspace.catalogue[query.entity]
    as_json = path.suffix.lower() == ".json"
    columns = record_columns(workspace.catalogue, entity, as_json=as_json)
    ids = workspace.lists.open(query).ids()
    written = write_rows(
        path, [column.header for column in columns],
        _record_rows(workspace, entity, ids, columns, check),
        kinds=[column.kind for column in columns],
        progress=lambda done: progress(done, len(ids)),
    )  # fmt: skip
    return written.rows


# --- what a list shows ----------------------------------------------------------------------------


def view_header(workspace: Workspace, query: Query, columns: Sequence[str]) -> list[str]:
    """The headings of a list."""
    entity = workspace.catalogue[query.entity]
    return [_heading(workspace, entity, path) for path in columns]


def _heading(workspace: Workspace, entity: EntityDef, text: str) -> str:
    """The label of a column; with the link that leads to it, if it is not the record's own."""
    path = column_path(workspace.catalogue, entity, text)
    label = _(path.field.label)
    if not path.links:
        return label
    return _("{group}: {field}").format(group=_(path.links[-1][1].label), field=label)


def view_lines(
    workspace: Workspace, query: Query, marks: Sequence[Mark], check: Check
) -> Iterator[Line]:
    """The records of a list and, where it is grouped, the heads of its groups before them."""
    entity = workspace.catalogue[query.entity]
    columns = query.columns or tuple(f.key for f in entity.list_fields())
    reader = _LineReader(workspace, query.replace(columns=columns, groups=()), marks)
    if not query.groups:
        yield from reader.lines(reader.query, 0, check)
        return
    places = [n for n, f in enumerate(reader.fields) if _is_summed(entity, f, columns[n])]
    heads = workspace.lists.groups(query, [reader.fields[n] for n in places])
    for head in heads:
        cells: list[Cell] = [None] * len(columns)
        for place, value in zip(places, head.sums, strict=True):
            cells[place] = None if value is None else shown(reader.fields[place])(value)
        cells[0] = f"{head.title} ({head.count})"
        yield Line(cells, level=head.depth, head=True)
        if head.depth == len(query.groups) - 1:
            inside = reader.query.narrowed(head.where)
            yield from reader.lines(inside, head.depth + 1, check)


def _is_summed(entity: EntityDef, f: Field, path: str) -> bool:
    return entity.has(path) and "sum" in f.aggregates


class _LineReader:
    """Reads the records of a list as lines."""

    def __init__(self, workspace: Workspace, query: Query, marks: Sequence[Mark]) -> None:
        self.query = query
        self._workspace, self._marker = workspace, None
        self._shown = len(query.columns)
        self.fields = workspace.lists.open(query).fields
        if marks:
            from crm_desktop.services.lists.marks import Marker

            entity, context = workspace.catalogue[query.entity], workspace.lists.context()
            marker = Marker(workspace.catalogue, entity, marks, query.columns, context)
            self.query, self._marker = query.replace(columns=tuple(marker.columns)), marker

    def lines(self, query: Query, level: int, check: Check) -> Iterator[Line]:
        cursor = self._workspace.lists.open(query)
        for row, cells in _list_rows(self._workspace, cursor, query.entity, check):
            whole, single = ("", {}) if self._marker is None else self._marker.tones(row.cells)
            yield Line(cells[: self._shown], level, tone=whole, tones=single)


def _list_rows(
    workspace: Workspace, cursor: ListCursor, entity: str, check: Check
) -> Iterator[tuple[ListRow, Sequence[Cell]]]:
    shows = [shown(f) for f in cursor.fields]
    own = [f.key if path == f.key and isinstance(f, LongTextField) else ""
           for f, path in zip(cursor.fields, cursor.columns, strict=True)]  # fmt: skip
    for part in parts_of(cursor.ids()):
        check()
        rows = cursor.rows_of(part)
        texts = workspace.reader.many(entity, part, [key for key in own if key]) if any(own) else {}
        for row in rows:
            cells = [
                _list_cell(row, at, shows[at], texts.get(row.id, {}).get(own[at]))
                for at in range(len(row.cells))
            ]
            yield row, cells


def _list_cell(row: ListRow, at: int, show: Show, whole: str | None) -> Cell:
    value = row.cells[at]
    if whole is not None:
        return whole
    if isinstance(value, Linked):
        return value.text
    return None if value is None or value == () else show(value)


# --- everything -----------------------------------------------------------------------------------


def _record_rows(
    workspace: Workspace, entity: EntityDef, ids: Sequence[int], columns: Sequence[Column],
    check: Check,
) -> Iterator[Sequence[Cell]]:  # fmt: skip
    for rows, names in _blocks(workspace, entity, ids, check):
        for id_, values in rows.items():
            yield [column.value(id_, values, names) for column in columns]


def _blocks(
    workspace: Workspace, entity: EntityDef, ids: Sequence[int], check: Check
) -> Iterator[tuple[dict[int, dict[str, Any]], Names]]:
    """Whole records with the titles of what they link to."""
    links: Sequence[Field] = links_of(entity)
    for part in parts_of(ids):
        check()
        found = workspace.reader.many(entity.key, part)
        rows = {id_: found[id_] for id_ in part if id_ in found}
        refs = {ref_of(f, values.get(f.key)) for values in rows.values() for f in links}
        yield rows, workspace.titles.of(ref for ref in refs if ref is not None)


def _write_cards(
    workspace: Workspace, query: Query, path: Path, *, progress: Progress, check: Check
) -> int:
    from crm_desktop.services.exporting.people import CardMaker
    from crm_desktop.services.exporting.writers.cards import write_cards

    entity = workspace.catalogue[query.entity]
    maker = CardMaker(workspace, entity)
    ids = workspace.lists.open(query).ids()
    cards = (
        card
        for rows, names in _blocks(workspace, entity, ids, check)
        for card in maker.cards(rows, names)
    )
    return write_cards(path, cards, progress=lambda done: progress(done, len(ids))).rows
