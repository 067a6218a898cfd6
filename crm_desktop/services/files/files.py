"""Files of records: added, listed, saved, renamed, replaced by a newer version, brought back.

Every change is one operation of the one writer, so that undo and history work by themselves: a
version is a former value of the file's digest in the change log, its content stays in the base.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.i18n import N_, _
from crm_desktop.i18n import language as language_now
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.file_names import free_name, safe_name, split_ending
from crm_desktop.models.text.file_sizes import size_text
from crm_desktop.services.files.contents import Contents, Stored, Told, digest_of, untold
from crm_desktop.services.files.kinds import FileKind, recognise
from crm_desktop.services.files.rows import FileRow, FileShape, FileVersion
from crm_desktop.services.files.sources import FileSource
from crm_desktop.services.files.versions import read_versions
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.records import Outcome
from crm_desktop.services.writing.staging import Create, Update

LIMIT_KEY = "file_limit"
USUAL_LIMIT = 50 * 1024 * 1024
LARGEST_LIMIT = 1024 * 1024 * 1024
ADDED = N_("{count} file added"), N_("{count} files added")


@dataclass(frozen=True)
class Added:
    """What `add` did: the operation (None if nothing was new), the files, those known already."""

    operation: int | None
    refs: tuple[Ref, ...]
    known: tuple[str, ...]


@dataclass(frozen=True)
class TakenBack:
    """What `take_back` did. `beside`: somebody else stored a newer version, both are kept."""

    operation: int | None
    ref: Ref
    name: str
    beside: bool = False


class Files:
    """The files of one open base; cheap to make."""

    def __init__(self, workspace: Workspace) -> None:
        self._base = workspace
        self.shape = FileShape.of(workspace.catalogue)
        self.contents = Contents(workspace.backend, workspace.tables, workspace.clock)

    # --- settings of the base ---------------------------------------------------------------------

    @property
    def limit(self) -> int:
        """The most bytes that one file may have."""
        kept = self._base.info(LIMIT_KEY)
        return int(kept) if kept.isascii() and kept.isdigit() else USUAL_LIMIT

    def set_limit(self, count: int) -> None:
        """Another limit, in bytes, for everybody who works with the base."""
        if not 0 < count <= LARGEST_LIMIT:
            most = size_text(LARGEST_LIMIT, language_now())
            raise InvalidInput(_("The limit must lie between 1 MB and {most}").format(most=most))
        self._base.set_info(LIMIT_KEY, str(count))

    def total(self, owner: Ref | None = None) -> tuple[int, int]:
        """How many files there are and how many bytes, of one record or of all."""
        entity = self.shape.entity
        table = self._base.tables.main[entity.key]
        size = self._base.tables.column(entity, entity.field(self.shape.trait.size))
        wanted = sa.select(sa.func.count(), sa.func.sum(size)).select_from(table)
        if owner is not None:
            link = self.shape.link(self._base.catalogue, self._base.catalogue[owner.entity])
            wanted = wanted.where(self._base.tables.column(entity, link.field) == owner.id)
        with self._base.backend.read() as connection:
            count, whole = connection.execute(wanted).one()
        return int(count), int(whole or 0)

    # --- reading ----------------------------------------------------------------------------------

    def of(self, owner: Ref) -> list[FileRow]:
        """The files of a record, the newest first."""
        link = self.shape.link(self._base.catalogue, self._base.catalogue[owner.entity])
        found = self._base.reader.linked(self.shape.entity.key, link.field.key, [owner.id])
        return self._rows(dict(sorted(found.items(), reverse=True)))

    def get(self, id_: int) -> FileRow:
        """One file; `NotFound` if it is not there."""
        found = self._base.reader.load(self.shape.entity.key, [id_])
        if not found:
            raise NotFound(_("File {id} is not in the base (any more)").format(id=id_))
        return self._rows(found)[0]

    def _rows(self, found: dict[int, Any]) -> list[FileRow]:
        staff, trait = self._base.catalogue.staff().key, self.shape.trait
        people = {n for row in found.values() for n in (row.created_by, row.updated_by) if n}
        titles = self._base.titles.of(Ref(staff, number) for number in people)
        names = {ref.id: title.text for ref, title in titles.items()}
        return [
            FileRow(
                Ref(self.shape.entity.key, id_), row.version, self.shape.owner_of(row.values),
                safe_name(row.values[self.shape.name] or ""), row.values[trait.kind] or "other",
                row.values[trait.media] or "", row.values[trait.size] or 0,
                row.values[trait.digest] or "", row.values[trait.note] or "",
                row.created_at, names.get(row.created_by, ""),
                row.updated_at, names.get(row.updated_by, ""),
            )
            for id_, row in found.items()
        ]  # fmt: skip

    def versions(self, id_: int) -> list[FileVersion]:
        """The contents that a file has had, the newest first."""
        return read_versions(self._base, self.shape, self.contents, id_)

    # --- bringing in ------------------------------------------------------------------------------

    def add(self, owner: Ref, sources: Sequence[FileSource], told: Told = untold) -> Added:
        """Keeps files with a record, all in one operation; what is there already is passed over.

        `InvalidInput`: one is too large; then none is added. `told` may raise `Cancelled`.
        """
        link = self.shape.link(self._base.catalogue, self._base.catalogue[owner.entity])
        limit, whole = self.limit, sum(source.size() for source in sources)
        for source in sources:
            self._refuse_large(source.name, source.size(), limit)
        present = self.of(owner)
        taken, known = {row.name: row.digest for row in present}, []
        writes, done = [], 0
        for source in sources:
            stored, kind = self._store(source, limit, _from(done, whole, told))
            done += stored.size
            name = self._named(source.name, kind)
            if taken.get(name) == stored.digest:
                known.append(name)
                continue
            name = free_name(name, taken)
            taken[name] = stored.digest
            values = {self.shape.name: name, link.field.key: owner, **self._values(stored, kind)}
            writes.append(Create(self.shape.entity.key, values))
        if not writes:
            return Added(None, (), tuple(known))
        title = None if len(writes) == 1 else Title(ADDED[0], {"count": len(writes)}, ADDED[1])
        outcome = self._base.records.apply(writes, title)
        refs = tuple(Ref(self.shape.entity.key, id_) for id_ in outcome.ids)
        return Added(outcome.operation, refs, tuple(known))

    def stored_values(self, source: FileSource) -> dict[str, Any]:
        """The content put into the base, and the values of its file record but for whose it is:
        for a writer that makes the record together with others."""
        limit = self.limit
        self._refuse_large(source.name, source.size(), limit)
        stored, kind = self._store(source, limit, untold)
        return {self.shape.name: self._named(source.name, kind), **self._values(stored, kind)}

    def _store(self, source: FileSource, limit: int, told: Told) -> tuple[Stored, FileKind]:
        with source.opened() as file:
            kind = recognise(source.name, file)
            file.seek(0)
            known = digest_of(file, limit)
            self._refuse_large(source.name, known[1], limit)
            return self.contents.store(file, known, told), kind

    def _refuse_large(self, name: str, size: int, limit: int) -> None:
        if size > limit:
            sizes = (size_text(count, language_now()) for count in (size, limit))
            raise InvalidInput(
                _(
                    "{file} is too large: {size}. Files of up to {limit} can be kept in this "
                    "base; keep larger ones in a shared folder."
                ).format(file=name, size=next(sizes), limit=next(sizes))
            )

    @staticmethod
    def _named(name: str, kind: FileKind) -> str:
        """A file without an ending gets the one of what it is: else no program would open it."""
        has_ending = bool(split_ending(name)[1])
        return name if has_ending or not kind.ending else safe_name(f"{name}.{kind.ending}")

    def _values(self, stored: Stored, kind: FileKind) -> dict[str, Any]:
        trait = self.shape.trait
        return {
            trait.kind: kind.kind, trait.media: kind.media,
            trait.size: stored.size, trait.digest: stored.digest,
        }  # fmt: skip

    # --- changing ---------------------------------------------------------------------------------

    def rename(self, row: FileRow, name: str) -> Outcome:
        """Another name; the ending is kept if none is given."""
        ending = split_ending(row.name)[1]
        wanted = safe_name(name, "")
        if not wanted:
            raise InvalidInput(_("A file needs a name"), field=self.shape.name)
        if ending and not split_ending(wanted)[1]:
            wanted = safe_name(wanted + ending)
        return self._base.records.update(*row.ref, {self.shape.name: wanted})

    def set_note(self, row: FileRow, text: str) -> Outcome:
        """What people want to know about the file."""
        return self._base.records.update(*row.ref, {self.shape.trait.note: text or None})

    def take_back(self, id_: int, source: FileSource, seen: str, told: Told = untold) -> TakenBack:
        """Makes a changed copy the newest version of the file it came from.

        `seen`: the digest of the version that was changed. If somebody else has stored another
        one meanwhile, or the file was deleted, the copy is kept as a file beside it.
        """
        row = self.get(id_)
        stored, kind = self._store(source, self.limit, told)
        if stored.digest in (seen, row.digest):
            return TakenBack(None, row.ref, row.name)
        if row.digest != seen:
            assert row.owner is not None
            return self._beside(row, stored, kind)
        title = Title(N_("New version of the file “{name}”"), {"name": row.name})
        write = Update(*row.ref, self._values(stored, kind), row.version)
        outcome = self._base.records.apply([write], title)
        return TakenBack(outcome.operation, row.ref, row.name)

    def _beside(self, row: FileRow, stored: Stored, kind: FileKind) -> TakenBack:
        assert row.owner is not None
        link = self.shape.link(self._base.catalogue, self._base.catalogue[row.owner.entity])
        stem, ending = split_ending(row.name)
        name = _("{name} (changed at the same time)").format(name=stem) + ending
        name = free_name(safe_name(name), {other.name for other in self.of(row.owner)})
        values = {
            self.shape.name: name, link.field.key: row.owner, **self._values(stored, kind)
        }  # fmt: skip
        outcome = self._base.records.create(self.shape.entity.key, values)
        ref = Ref(self.shape.entity.key, outcome.ids[0])
        return TakenBack(outcome.operation, ref, name, beside=True)

    def restore_version(self, id_: int, digest: str) -> Outcome:
        """Makes a former content the present one again."""
        row = self.get(id_)
        size = self.contents.size(digest)
        with_head = FileSource(row.name, content=self.contents.read(digest, size))
        with with_head.opened() as file:
            kind = recognise(row.name, file)
        title = Title(N_("Former version of the file “{name}” restored"), {"name": row.name})
        values = self._values(Stored(digest, size, False), kind)
        return self._base.records.apply([Update(*row.ref, values, row.version)], title)

    # --- out --------------------------------------------------------------------------------------

    def save(self, id_: int, path: Path, told: Told = untold) -> FileRow:
        """Writes the content of a file to `path`, or under its own name into that folder; a shared
        base notes it."""
        row = self.get(id_)
        goes_out(self._base, [row])
        target = path / free_name(row.name, {p.name for p in path.iterdir()}) if (
            path.is_dir()
        ) else path  # fmt: skip
        self.contents.write_to(row.digest, target, told)
        return row


def goes_out(workspace: Workspace, rows: Sequence[FileRow]) -> None:
    """Notes in the audit of a shared base that files leave it; `NotAllowed`: so many are an
    export."""
    if workspace.login and rows:
        from crm_desktop.services.rights import acts

        entity = workspace.catalogue[rows[0].ref.entity]
        acts.files_out(workspace, entity, {row.ref.id: row.name for row in rows})


def _from(start: int, whole: int, told: Told) -> Told:
    """Tells of one file as a part of all."""
    return lambda done, _its_own: told(start + done, whole)
