"""Copies of a base on a server through its Services API: written here, restored for proof there."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit, urlunsplit

from crm_desktop.errors import BaseDamaged, BaseMissing, Cancelled, FileProblem, UserError
from crm_desktop.i18n import _
from crm_desktop.models.backend.firebird_connect import (
    PAGE_SIZE,
    ServerAddress,
    connect,
    load_client,
    parse,
    services,
)
from crm_desktop.models.backend.firebird_errors import not_opened
from crm_desktop.models.text.disk_reasons import disk_reason

NOTE = ".proof"
"""A file beside a copy while it is proved: the path of the base that the server makes of it."""
Stop = Callable[[], bool]
"""Asked between two pieces of a copy: whether to leave off (`Cancelled`)."""


def go_on() -> bool:
    """The answer of whoever does not leave off."""
    return False


def copy_to(address: str, path: str, file: Path, stop: Stop = go_on) -> int:
    """Writes the base at `path` of the server into a file here; its size in bytes.

    The base is in use meanwhile: the copy holds what stood in it when it was begun. The rights of
    an administrator are needed. `FileProblem`: the file cannot be written.
    """
    fdb, place = load_client(), parse(address)
    try:
        with file.open("wb") as stream, _service(fdb, place) as service:
            service.local_backup(path, _Bytes(stream, stop))
        return file.stat().st_size
    except OSError as error:
        said = _("{file} cannot be written: {reason}")
        raise FileProblem(said.format(file=file.name, reason=disk_reason(error))) from error


@contextmanager
def restored(address: str, path: str, file: Path, stop: Stop = go_on) -> Iterator[str]:
    """The address of a base beside that at `path`, made of the copy; dropped at the end. What a
    kill left of an earlier one in the same folder goes first.

    `BaseDamaged`: the server cannot make a base of the file.
    """
    fdb, place = load_client(), parse(address)
    beside = f"{path}.proof-{secrets.token_hex(4)}"
    _drop_left(fdb, place, path, file.parent)
    note = file.with_name(file.name + NOTE)
    note.write_text(beside, encoding="utf-8")
    try:
        with file.open("rb") as stream, _service(fdb, place) as service:
            try:
                service.local_restore(_Bytes(stream, stop), beside, page_size=PAGE_SIZE)
                while service.isrunning():
                    service.readlines()
            except fdb.Error as error:
                raise BaseDamaged(_not_whole(file, error)) from error
    except (BaseDamaged, Cancelled):
        with suppress(UserError, fdb.Error):  # what was made of the half
            _drop(fdb, place, beside)
        note.unlink(missing_ok=True)
        raise
    parts = urlsplit(address)
    try:
        yield urlunsplit(parts._replace(path=f"/{beside}"))
    finally:
        _drop(fdb, place, beside)
        note.unlink(missing_ok=True)


def _drop_left(fdb: Any, place: ServerAddress, path: str, folder: Path) -> None:
    """Proofs that were broken off: their bases would fill the disk of the server, and their copies
    are of no use. One that another program is busy with stays."""
    for note in folder.glob(f"*{NOTE}"):
        left = note.read_text(encoding="utf-8", errors="replace").strip()
        if not left.startswith(f"{path}.proof-"):
            continue
        try:
            _drop(fdb, place, left)
        except BaseMissing:
            pass
        except (UserError, fdb.Error):
            continue
        note.with_name(note.name.removesuffix(NOTE)).unlink(missing_ok=True)
        note.unlink(missing_ok=True)


def _drop(fdb: Any, place: ServerAddress, path: str) -> None:
    connection = connect(fdb, replace(place, base=path))
    connection.drop_database()


@contextmanager
def _service(fdb: Any, place: ServerAddress) -> Iterator[Any]:
    try:
        service = services(fdb, place)
        try:
            yield service
        finally:
            service.close()
    except fdb.Error as error:
        raise not_opened(error, place=place.base, user=place.user) from error


def _not_whole(file: Path, error: Exception) -> str:
    reason = str(error.args[0]).splitlines()[-1].lstrip("- ")
    said = _("The copy {file} cannot be restored, so it is none. {reason}")
    return said.format(file=file.name, reason=reason)


class _Bytes:
    """The driver hands over pieces as bytes, an empty one as text."""

    def __init__(self, stream: IO[bytes], stop: Stop) -> None:
        self._stream, self._stop = stream, stop
        self.seek, self.tell = stream.seek, stream.tell

    def write(self, piece: bytes | str) -> None:
        """Adds a piece."""
        self._leave_off()
        if piece:
            self._stream.write(piece if isinstance(piece, bytes) else piece.encode("latin-1"))

    def read(self, size: int) -> bytes:
        """The next piece."""
        self._leave_off()
        return self._stream.read(size)

    def _leave_off(self) -> None:
        if self._stop():
            raise Cancelled
