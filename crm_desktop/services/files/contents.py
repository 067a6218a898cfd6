"""Contents of files: each kept once, found by its SHA-256, cut in parts that a base likes.

A content is written part after part in short transactions, so that nobody waits for a large file,
and counts only once its row in `file_content` stands: what a crash leaves are parts without one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

import sqlalchemy as sa

from crm_desktop.errors import BaseBusy, BaseDamaged, Conflict, FileProblem, InvalidInput, NotFound
from crm_desktop.i18n import _
from crm_desktop.models.backend.base import IN_LIST, Backend
from crm_desktop.models.schema import Tables
from crm_desktop.models.text.disk_reasons import disk_reason
from crm_desktop.services.clock import Clock

PART = 512 * 1024
"""Bytes of a part: measured, see decision 010."""
_PARTS_AT_ONCE = 4  # parts of one transaction

Told = Callable[[int, int], None]
"""Called with (bytes done, bytes in all)."""


def untold(_done: int, _whole: int) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A content that the base holds: its digest and its size in bytes."""

    digest: str
    size: int
    fresh: bool
    """Whether it was not there before."""


class Contents:
    """The contents of one base; safe to use from several threads."""

    def __init__(self, backend: Backend, tables: Tables, clock: Clock) -> None:
        self._backend = backend
        self._clock = clock
        self.table = tables.system("file_content")
        self.part_table = tables.system("file_part")

    # --- in ---------------------------------------------------------------------------------------

    def store(self, file: BinaryIO, known: tuple[str, int], told: Told = untold) -> Stored:
        """Keeps what `file` holds from its beginning, whose digest and size are `known`.

        `told` may raise `Cancelled`. `FileProblem`: the file changed since.
        """
        digest, size = known
        if self.has(digest):
            return Stored(digest, size, False)
        file.seek(0)
        with self._backend.write() as connection:
            number = self._backend.ids(connection, 1)[0]
        try:
            parts = self._write_parts(number, file, (digest, size), told)
            fresh = self._finish(number, digest, size, parts)
        except BaseException:
            self.drop([number])
            raise
        if not fresh:
            self.drop([number])
        return Stored(digest, size, fresh)

    def _write_parts(
        self, number: int, file: BinaryIO, expected: tuple[str, int], told: Told
    ) -> int:
        check, place, done = hashlib.sha256(), 0, 0
        while bodies := list(_parts(file, _PARTS_AT_ONCE)):
            told(done, expected[1])
            rows = [(number, place + offset, body) for offset, body in enumerate(bodies)]
            with self._backend.write() as connection:
                columns = ("content", "place", "body")
                self._backend.insert_many(connection, self.part_table, columns, rows)
            for body in bodies:
                check.update(body)
                done += len(body)
            place += len(bodies)
        told(done, expected[1])
        if (check.hexdigest(), done) != expected:
            raise FileProblem(_("The file was changed while it was being read. Add it again."))
        return place

    def _finish(self, number: int, digest: str, size: int, parts: int) -> bool:
        """Makes the content count; False if somebody else has stored the same meanwhile."""
        row = (number, digest, size, parts, self._clock.now())
        columns = ("id", "digest", "byte_size", "parts", "added_at")
        c = self.part_table.c
        there = sa.select(sa.func.count()).select_from(self.part_table).where(c.content == number)
        try:
            with self._backend.write() as connection:
                if connection.execute(there).scalar_one() != parts:  # a clean-up came between
                    raise FileProblem(_("The file was not kept. Add it again."))
                self._backend.insert_many(connection, self.table, columns, [row])
        except (BaseBusy, Conflict, InvalidInput, sa.exc.IntegrityError):
            if not self.has(digest):
                raise
            return False
        return True

    def drop(self, numbers: list[int]) -> None:
        """Removes contents, complete or not, by their numbers."""
        for number in numbers:
            with self._backend.write() as connection:
                self._backend.delete_keys(connection, self.table, ("id",), [(number,)])
                self._backend.delete_keys(connection, self.part_table, ("content",), [(number,)])

    # --- out --------------------------------------------------------------------------------------

    def has(self, digest: str) -> bool:
        """Whether the whole content is in the base."""
        return self._found(digest) is not None

    def _found(self, digest: str) -> tuple[int, int, int] | None:
        """Number, parts and size."""
        c = self.table.c
        wanted = sa.select(c.id, c.parts, c.byte_size).where(c.digest == digest)
        if self._backend.behind_views:  # a colleague's file is kept once more by nobody
            wanted = self._backend.content_named(digest)
        with self._backend.read() as connection:
            row = connection.execute(wanted).first()
        return None if row is None else (row[0], row[1], row[2])

    def size(self, digest: str) -> int:
        """Bytes of a content; `NotFound` if it is not there."""
        return self._there(digest)[2]

    def sizes(self, digests: Iterable[str]) -> dict[str, int]:
        """Bytes of those of the contents that are there."""
        found: dict[str, int] = {}
        c, several = self.table.c, list(digests)
        for start in range(0, len(several), IN_LIST):
            part = several[start : start + IN_LIST]
            with self._backend.read() as connection:
                rows = connection.execute(
                    sa.select(c.digest, c.byte_size).where(c.digest.in_(part))
                )
                found.update((row[0], row[1]) for row in rows)
        return found

    def _there(self, digest: str) -> tuple[int, int, int]:
        found = self._found(digest)
        if found is None:
            raise NotFound(
                _("The content of this file is not in the base: it was removed by a clean-up.")
            )
        return found

    def parts(self, digest: str) -> Iterator[bytes]:
        """The content piece by piece, each read in a moment of its own."""
        number, count, _size = self._there(digest)
        for place in range(count):
            yield self.part(number, place)

    def part(self, number: int, place: int) -> bytes:
        """One part of a content by its number; `BaseDamaged` if it is lost."""
        c = self.part_table.c
        wanted = sa.select(c.body).where(c.content == number, c.place == place)
        with self._backend.read() as connection:
            body = connection.execute(wanted).scalar()
        if body is None:
            raise BaseDamaged(_("A part of the file's content is missing in the base."))
        return bytes(body)

    def read(self, digest: str, most: int) -> bytes:
        """The first bytes of a content, `most` of them."""
        found = bytearray()
        for part in self.parts(digest):
            found += part
            if len(found) >= most:
                break
        return bytes(found[:most])

    def write_to(self, digest: str, path: Path, told: Told = untold) -> None:
        """The content into a file, complete and compared with its digest, or not at all."""
        whole, done, check = self.size(digest), 0, hashlib.sha256()
        try:
            with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
                made = Path(file.name)
                try:
                    for part in self.parts(digest):
                        told(done, whole)
                        file.write(part)
                        check.update(part)
                        done += len(part)
                except BaseException:
                    file.close()
                    made.unlink(missing_ok=True)
                    raise
            if check.hexdigest() != digest:
                made.unlink(missing_ok=True)
                raise BaseDamaged(_("The content of the file is damaged in the base."))
            made.replace(path)
        except OSError as error:
            reason = disk_reason(error)
            raise FileProblem(
                _("{file} cannot be written: {reason}").format(file=path.name, reason=reason)
            ) from None
        told(whole, whole)


def store_small(
    backend: Backend, tables: Tables, connection: sa.Connection, contents: Mapping[str, bytes],
    now: datetime,
) -> None:  # fmt: skip
    """Keeps contents of one part each, by their digests, in the transaction of what names them;
    those that are there already once."""
    table = tables.system("file_content")
    for digest, body in contents.items():
        known = sa.select(table.c.id).where(table.c.digest == digest)
        if backend.behind_views:
            known = backend.content_named(digest)
        if connection.execute(known).first() is not None:
            continue
        number = backend.ids(connection, 1)[0]
        parts = tables.system("file_part")
        backend.insert_many(connection, parts, ("content", "place", "body"), [(number, 0, body)])
        columns = ("id", "digest", "byte_size", "parts", "added_at")
        backend.insert_many(connection, table, columns, [(number, digest, len(body), 1, now)])


def digest_of(file: BinaryIO, most: int | None = None) -> tuple[str, int]:
    """SHA-256 in hexadecimal and size of what `file` holds from where it stands."""
    digest, size = hashlib.sha256(), 0
    while block := file.read(1 << 20):
        digest.update(block)
        size += len(block)
        if most is not None and size > most:
            break
    return digest.hexdigest(), size


def _parts(file: BinaryIO, count: int) -> Iterator[bytes]:
    for _turn in range(count):
        body = file.read(PART)
        if not body:
            return
        yield body
