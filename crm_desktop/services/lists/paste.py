"""A block of a spreadsheet into cells of a list: what would change, what cannot be read, one undo.

`read_block` takes the text of the clipboard apart, `plan_paste` says what would come of it without
changing anything, `apply_paste` writes that as one operation.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import N_, _, language
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import FileField, LinkField, RecordField
from crm_desktop.models.catalogue.traits import Book
from crm_desktop.services.reader import parts_of
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.batch import Batch, same
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Create, Update, Write

MOST_ROWS = 10_000
BLOCK = 500
Check = Callable[[], None]
Progress = Callable[[int, int], None]


class CellChange(NamedTuple):
    """One cell: whose record, which field, what stood there, what was pasted, what is wrong."""

    record: int
    field: str
    old: str
    new: str
    error: str = ""


class MissingLink(NamedTuple):
    """A name that no record of `target` has; `book`: of that reference book."""

    target: str
    book: str
    name: str


@dataclass(frozen=True)
class PastePlan:
    """What a paste would do. `titles`: what the records are called; `names`: cells whose link is
    to a record that would have to be made first; `skipped`: columns that nobody types into."""

    entity: str
    values: Mapping[int, dict[str, Any]] = field(default_factory=dict)
    names: Mapping[int, dict[str, MissingLink]] = field(default_factory=dict)
    changes: tuple[CellChange, ...] = ()
    errors: tuple[CellChange, ...] = ()
    same: int = 0
    skipped: tuple[str, ...] = ()
    titles: Mapping[int, str] = field(default_factory=dict)

    @property
    def missing(self) -> tuple[MissingLink, ...]:
        """The records that would have to be made, each once."""
        return tuple(dict.fromkeys(m for row in self.names.values() for m in row.values()))

    def records(self, *, create: bool) -> list[int]:
        """Which records would change."""
        named = self.names if create else {}
        return list(dict.fromkeys([*self.values, *named]))


def typed_field(entity: EntityDef, path: str) -> Field | None:
    """The field of a column into whose cells people type; None for all that is kept or computed."""
    if not entity.has(path):
        return None
    f = entity.field(path)
    if f.readonly or f.section == "-" or isinstance(f, FileField):
        return None
    return f


def read_block(text: str) -> list[list[str]]:
    """Rows of cells as spreadsheets put them on the clipboard: tabs between, some in quotes."""
    body = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").replace("\0", "")
    csv.field_size_limit(10_000_000)
    try:
        rows = list(csv.reader(io.StringIO(body), delimiter="\t", strict=False))
    except csv.Error:  # quotes that never end: they were signs like any other
        rows = [line.split("\t") for line in body.split("\n")]
    wide = max((len(row) for row in rows), default=0)
    return [[*row, *[""] * (wide - len(row))] for row in rows]


def spread(block: Sequence[Sequence[str]], rows: int, columns: int) -> list[list[str]]:
    """The block repeated over a range that it fits into several times, else as it is."""
    tall, wide = len(block), max((len(row) for row in block), default=0)
    if not tall or not wide or rows % tall or columns % wide:
        return [list(row) for row in block]
    return [
        [block[r % tall][c % wide] for c in range(max(columns, wide))]
        for r in range(max(rows, tall))
    ]


def plan_paste(
    workspace: Workspace,
    entity: EntityDef,
    ids: Sequence[int],
    columns: Sequence[str],
    block: Sequence[Sequence[str]],
) -> PastePlan:
    """What pasting `block` over these records and columns would change; nothing is written."""
    if len(ids) > MOST_ROWS:
        raise InvalidInput(
            _("At most {most} rows can be pasted at once. Import larger tables.").format(
                most=MOST_ROWS
            )
        )
    return _Planner(workspace, entity, ids, columns).plan(block)


class _Planner:
    """Reads the cells of one paste."""

    def __init__(
        self, workspace: Workspace, entity: EntityDef, ids: Sequence[int], columns: Sequence[str]
    ) -> None:
        self._workspace = workspace
        self._entity = entity
        self._ids = ids
        self._fields = [typed_field(entity, path) for path in columns]
        self._columns = columns
        self._context = workspace.parse_context()
        self._found: dict[MissingLink, int | None] = {}
        self._names: dict[Ref, str] = {}

    def plan(self, block: Sequence[Sequence[str]]) -> PastePlan:
        keys = list(dict.fromkeys(f.key for f in self._fields if f is not None))
        title = self._entity.title_field
        read = self._workspace.reader.many(
            self._entity.key, self._ids, list(dict.fromkeys([*keys, title]))
        )
        self._name_links(read, keys)
        values: dict[int, dict[str, Any]] = {}
        names: dict[int, dict[str, MissingLink]] = {}
        changes, errors, unchanged = [], [], 0
        for id_, cells in zip(self._ids, block, strict=False):
            row = read.get(id_)
            for f, text in zip(self._fields, cells, strict=False):
                if f is None or row is None:
                    continue
                old = row.get(f.key)
                try:
                    new = self._read(f, text)
                except InvalidInput as error:
                    errors.append(CellChange(id_, f.key, self._shown(f, old), text, error.message))
                    continue
                if isinstance(new, MissingLink):
                    names.setdefault(id_, {})[f.key] = new
                elif same(old, new):
                    unchanged += 1
                    continue
                else:
                    values.setdefault(id_, {})[f.key] = new
                changes.append(CellChange(id_, f.key, self._shown(f, old), text.strip()))
        titles = {id_: self._shown(self._entity.title, row[title]) for id_, row in read.items()}
        return PastePlan(
            self._entity.key, values, names, tuple(changes), tuple(errors), unchanged,
            self._skipped(), titles,
        )  # fmt: skip

    def _skipped(self) -> tuple[str, ...]:
        """The headings of the columns that are passed over."""
        pairs = zip(self._columns, self._fields, strict=True)
        return tuple(path for path, f in pairs if f is None)

    def _read(self, f: Field, text: str) -> Any:
        """The value of a pasted cell; a `MissingLink` for a name nobody has yet."""
        text = text.strip()
        if not text:
            if f.required:
                raise InvalidInput(_("{field} must be filled").format(field=_(f.label)))
            return f.check(False) if f.storage == "bool" else None
        if isinstance(f, LinkField):
            return self._linked(f, text)
        return f.check(f.parse(text, self._context))

    def _linked(self, f: LinkField, text: str) -> int | MissingLink:
        wanted = MissingLink(f.target, f.book, text)
        if wanted not in self._found:
            found = self._workspace.titles.find(f.target, text, f.book or None)
            self._found[wanted] = found[0] if found else None
        id_ = self._found[wanted]
        if id_ is not None:
            return id_
        target = self._workspace.catalogue[f.target]
        if not f.create or any(o.required and o is not target.title for o in self._open(target)):
            raise InvalidInput(
                _("{field}: “{value}” was not found").format(field=_(f.label), value=text)
            )
        return wanted

    @staticmethod
    def _open(target: EntityDef) -> list[Field]:
        """The fields that a record made from its name alone would lack."""
        book = target.trait(Book)
        return [f for f in target.fields if book is None or f.key != book.field]

    def _name_links(self, read: Mapping[int, Mapping[str, Any]], keys: Sequence[str]) -> None:
        fields = [self._entity.field(key) for key in keys]
        refs = [
            ref
            for f in fields
            for row in read.values()
            if (ref := _ref(f, row.get(f.key))) is not None
        ]
        found = self._workspace.titles.of(refs)
        self._names = {ref: title.text for ref, title in found.items()}

    def _shown(self, f: Field, value: Any) -> str:
        ref = _ref(f, value)
        if ref is not None:
            return self._names.get(ref, f"#{ref.id}")
        return f.format(value, language()) if value not in (None, ()) else ""


def _ref(f: Field, value: Any) -> Ref | None:
    if value is None:
        return None
    if isinstance(f, LinkField):
        return Ref(f.target, value)
    return value if isinstance(f, RecordField) else None


def apply_paste(
    workspace: Workspace,
    plan: PastePlan,
    *,
    create: bool,
    progress: Progress = lambda _done, _all: None,
    check: Check = lambda: None,
) -> int | None:
    """Writes a plan as one operation and gives its number; None if nothing changes.

    `create`: names that nobody has become records of their own first. All or, if stopped between
    blocks or refused, what was written before; undo takes all of it back.
    """
    ids = plan.records(create=create)
    if not ids:
        return None
    records = workspace.records
    one, many = _TITLES
    label = workspace.catalogue[plan.entity].plural
    title = Title(one, {"object": label, "count": len(ids)}, many)
    writer = _Writer(workspace, plan, create=create)
    if len(ids) <= BLOCK:
        return records.apply(partial(writer.writes, ids), title).operation
    operation = records.operations.start(title, records.clock.now(), "bulk")
    try:
        done = 0
        for part in parts_of(ids, BLOCK):
            check()
            records.apply(partial(writer.writes, part), operation=operation)
            writer.keep()
            done += len(part)
            progress(done, len(ids))
    finally:
        records.operations.end(operation, records.clock.now())
    return operation.id


_TITLES = (
    N_("{object}: {count} record changed by pasting"),
    N_("{object}: {count} records changed by pasting"),
)


class _Writer:
    """Turns a plan into writes, block by block; a record that is made is made once."""

    def __init__(self, workspace: Workspace, plan: PastePlan, *, create: bool) -> None:
        self._catalogue = workspace.catalogue
        self._plan = plan
        self._create = create
        self._made: dict[MissingLink, int] = {}
        self._fresh: dict[MissingLink, int] = {}

    def keep(self) -> None:
        """The block is written: what it made is there for the next one."""
        self._made.update(self._fresh)

    def writes(self, ids: Sequence[int], batch: Batch) -> list[Write]:
        """One block; asked again where another seat was quicker."""
        made: list[Write] = []
        fresh = self._fresh = {}
        updates: list[Write] = []
        for id_ in ids:
            values = dict(self._plan.values.get(id_, {}))
            for key, missing in self._plan.names.get(id_, {}).items() if self._create else ():
                target = self._made.get(missing) or fresh.get(missing)
                if target is None:
                    target = fresh[missing] = batch.new_id(len(self._plan.missing))
                    made.append(Create(missing.target, self._values(missing), target))
                values[key] = target
            updates.append(Update(self._plan.entity, id_, values))
        return [*made, *updates]

    def _values(self, missing: MissingLink) -> dict[str, Any]:
        target = self._catalogue[missing.target]
        values: dict[str, Any] = {target.title_field: missing.name}
        book = target.trait(Book)
        if book is not None and missing.book:
            values[book.field] = missing.book
        return values
