"""A file that cannot be opened: each reason has its sentence, and every byte stays."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from crm_desktop.errors import (
    BaseDamaged,
    BaseMissing,
    BaseProblem,
    BaseReadOnly,
    BaseTooNew,
    NotABase,
)
from crm_desktop.models.backend.connect import open_backend
from tests.database.base_file import folder_of, make_base, run
from tests.database.tables import names


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return make_base(tmp_path / "firm.crm")


def cut(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def text(path: Path) -> None:
    path.write_text("Имя;Телефон\n" * 1000, encoding="utf-8")


def ten_bytes(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:60])


def foreign(path: Path) -> None:
    path.unlink()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE moz_places (id INTEGER)")
    other.close()


def rotten_schema(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 4000)


def newer(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("PRAGMA journal_mode = DELETE")
    other.execute("PRAGMA user_version = 99")
    other.close()


def gone(path: Path) -> None:
    path.unlink()


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


REFUSED = [
    (cut, BaseDamaged, "its end is missing"),
    (empty, BaseDamaged, "0 bytes"),
    (text, NotABase, "not a base"),
    (ten_bytes, BaseDamaged, "damaged"),
    (foreign, NotABase, "not a base"),
    (rotten_schema, BaseDamaged, "damaged"),
    (newer, BaseTooNew, "newer version"),
]


@pytest.mark.parametrize(
    ("spoil", "kind", "words"), REFUSED, ids=[spoil.__name__ for spoil, _kind, _words in REFUSED]
)
def test_a_refused_file_is_not_touched(
    base: Path, spoil: object, kind: type[BaseProblem], words: str
) -> None:
    assert callable(spoil)
    spoil(base)
    before = folder_of(base)

    with pytest.raises(kind, match=words) as error:
        open_backend(base, newest=3)

    assert type(error.value) is kind
    assert base.name in error.value.message
    assert folder_of(base) == before


@pytest.mark.parametrize(("spoil", "kind"), [(gone, BaseMissing), (folder, NotABase)])
def test_what_is_no_file_says_so(base: Path, spoil: object, kind: type[BaseProblem]) -> None:
    assert callable(spoil)
    spoil(base)

    with pytest.raises(kind, match=base.name):
        open_backend(base)


def test_a_newer_version_that_is_still_in_the_log_is_found(base: Path) -> None:
    """The newer program was killed: the header is old, the truth stands in the log."""
    copy = base.with_name("copy.crm")
    backend = open_backend(base)
    with backend.write() as connection:
        backend.set_version(connection, 99)
    shutil.copy(base, copy)
    shutil.copy(base.with_name("firm.crm-wal"), base.with_name("copy.crm-wal"))
    backend.close()
    before = copy.read_bytes(), base.with_name("copy.crm-wal").read_bytes()

    with pytest.raises(BaseTooNew):
        open_backend(copy, newest=3)

    assert (copy.read_bytes(), base.with_name("copy.crm-wal").read_bytes()) == before


def test_damage_met_later_is_damage_and_not_a_crash(base: Path) -> None:
    with base.open("r+b") as file:
        file.seek(3 * 8192)
        file.write(b"\x13" * 8192 * 3)
    backend = open_backend(base)

    assert backend.integrity() != []
    with pytest.raises(BaseDamaged):
        names(backend)
    backend.close()


needs_another_user = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root may become another user"
)
SAY_WHY = """
import os, sys
from crm_desktop.errors import UserError
from crm_desktop.models.backend.connect import open_backend
open_backend(sys.argv[2], create=True).close()  # loads what another user may not read
os.setuid(65534)
try:
    open_backend(sys.argv[1])
except UserError as error:
    print(type(error).__name__, error.message)
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another user can reach; pytest's own are closed to him."""
    with TemporaryDirectory() as folder:
        yield Path(folder)


@needs_another_user
def test_a_folder_that_cannot_be_entered_is_no_crash(tmp_path: Path, open_folder: Path) -> None:
    base = make_base(open_folder / "firm.crm")
    open_folder.chmod(0o700)

    said, _errors = run(SAY_WHY, base, tmp_path / "other.crm").communicate()

    assert said.startswith(BaseProblem.__name__)
    assert "cannot be read" in said


@needs_another_user
@pytest.mark.parametrize(("folder_mode", "file_mode"), [(0o777, 0o444), (0o555, 0o666)])
def test_a_read_only_file_or_folder_is_refused(
    tmp_path: Path, open_folder: Path, folder_mode: int, file_mode: int
) -> None:
    base = make_base(open_folder / "firm.crm")
    base.chmod(file_mode)
    base.parent.chmod(folder_mode)
    before = folder_of(base)

    said, _errors = run(SAY_WHY, base, tmp_path / "other.crm").communicate()

    assert said.startswith(BaseReadOnly.__name__)
    assert "read-only" in said
    assert folder_of(base) == before
