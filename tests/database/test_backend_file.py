"""Making, locking and copying a base file; a full disk and a killed program."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from crm_desktop.errors import (
    BaseLocked,
    BaseMissing,
    DiskFull,
    FileProblem,
)
from crm_desktop.models.backend.connect import open_backend
from crm_desktop.models.backend.sqlite import SqliteBackend
from tests.database.base_file import folder_of, make_base, run
from tests.database.tables import CLIENT, add_clients, names


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return make_base(tmp_path / "firm.crm")


OPEN_AND_WAIT = """
import sys
from crm_desktop.models.backend.connect import open_backend
backend = open_backend(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
backend.close()
"""


def test_a_closed_base_is_one_file(base: Path) -> None:
    assert list(folder_of(base)) == ["firm.crm"]
    header = base.read_bytes()[:100]
    assert header[68:72] == b"CRMD"


def test_what_a_strangers_base_holds_calls_no_function_that_reaches_beyond_it(base: Path) -> None:
    backend = open_backend(base)
    with backend.read() as connection:
        trusted = connection.exec_driver_sql("PRAGMA trusted_schema").scalar_one()
    backend.close()

    assert trusted == 0


def test_a_moved_and_renamed_base_opens(base: Path, tmp_path: Path) -> None:
    moved = tmp_path / "папка с пробелом" / "фирма #1 100%?.crm"
    moved.parent.mkdir()
    base.rename(moved)

    backend = open_backend(moved)

    assert len(names(backend)) == 200
    assert backend.title == "фирма #1 100%?"
    backend.close()


# --- locked ---------------------------------------------------------------------------------------


@pytest.fixture
def owner(base: Path) -> Iterator[subprocess.Popen[str]]:
    """Another copy of the program that has the base open."""
    process = run(OPEN_AND_WAIT, base)
    assert process.stdout and process.stdout.readline() == "open\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_copy_learns_by_whom_and_since_when(
    base: Path, owner: subprocess.Popen[str]
) -> None:
    with pytest.raises(BaseLocked) as error:
        open_backend(base)

    assert socket.gethostname() in error.value.message
    assert " since 20" in error.value.message


def test_the_lock_dies_with_its_owner(base: Path, owner: subprocess.Popen[str]) -> None:
    owner.send_signal(signal.SIGKILL)
    owner.wait()

    open_backend(base).close()

    assert list(folder_of(base)) == ["firm.crm"]


def test_the_lock_is_taken_away_when_the_owner_closes(
    base: Path, owner: subprocess.Popen[str]
) -> None:
    owner.communicate("\n")

    assert list(folder_of(base)) == ["firm.crm"]


def test_the_same_process_cannot_open_twice(base: Path) -> None:
    first = open_backend(base)

    with pytest.raises(BaseLocked):
        open_backend(base)
    first.close()
    open_backend(base).close()


def test_a_worker_of_the_owner_may_open(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = open_backend(base)
    for name, value in first.worker_environment.items():
        monkeypatch.setenv(name, value)

    worker = run(OPEN_AND_WAIT, base)
    assert worker.stdout and worker.stdout.readline() == "open\n"
    add_clients(first, "while the worker looks on", first=1000)
    worker.communicate("\n")

    monkeypatch.setenv("CRM_DESKTOP_LOCK_TOKEN", "of another time")
    with pytest.raises(BaseLocked):
        open_backend(base)
    first.close()


def test_odd_words_in_the_lock_file_do_not_matter(base: Path) -> None:
    lock = base.with_name("firm.crm.lock")
    for words in ("", "[]", "{", json.dumps({"host": "x"})):
        lock.write_text(words)
        backend = open_backend(base)
        with pytest.raises(BaseLocked):
            open_backend(base)
        backend.close()


# --- making, copying, a full disk -----------------------------------------------------------------


def test_a_new_base_never_takes_the_place_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "thesis.docx"
    path.write_bytes(b"years of work")

    with pytest.raises(FileProblem, match="already"):
        open_backend(path, create=True)
    with pytest.raises(BaseMissing, match="no folder"):
        open_backend(tmp_path / "no" / "base.crm", create=True)

    assert folder_of(path) == {"thesis.docx": b"years of work"}


@pytest.mark.parametrize("removable", [False, True])
def test_a_copy_is_whole_while_the_base_is_in_use(base: Path, removable: bool) -> None:
    backend = open_backend(base, removable=removable)
    add_clients(backend, "the last one", first=1000)
    seen: list[tuple[int, int]] = []

    backend.copy_to(base.with_name("copy.crm"), lambda *step: seen.append(step))

    backend.close()
    assert sorted(folder_of(base)) == ["copy.crm", "firm.crm"]
    assert seen[-1][0] == seen[-1][1] > 0
    copy = open_backend(base.with_name("copy.crm"), newest=3)
    assert names(copy)[-1] == "the last one"
    copy.close()


def test_a_copy_takes_nobodys_place(base: Path) -> None:
    backend = open_backend(base)
    with pytest.raises(FileProblem, match="already"):
        backend.copy_to(base)
    with pytest.raises(BaseMissing, match="no folder"):
        backend.copy_to(base.parent / "no folder" / "copy.crm")
    backend.close()


@pytest.mark.parametrize("removable", [False, True])
def test_the_journal_suits_the_disk(base: Path, removable: bool) -> None:
    backend = open_backend(base, removable=removable)
    add_clients(backend, "x", first=1000)

    with backend.read() as connection:
        journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
        sync = connection.exec_driver_sql("PRAGMA synchronous").scalar()
    beside = sorted(file.name for file in base.parent.iterdir() if file.stat().st_size)

    assert (journal, sync) == (("truncate", 3) if removable else ("wal", 2))
    assert ("firm.crm-wal" in beside) is not removable
    backend.close()


WRITE_UNTIL_FULL = """
import resource, signal, sys
from pathlib import Path
from crm_desktop.errors import UserError
from crm_desktop.models.backend.connect import open_backend
from tests.database.tables import CLIENT, names
backend = open_backend(sys.argv[1])
before = len(names(backend))
try:
    with backend.write() as connection:
        rows = ((number, "x" * 200, "x") for number in range(10_000, 100_000))
        backend.insert_many(connection, CLIENT, ["id", "name", "name_key"], rows)
except UserError as error:
    print(type(error).__name__, error.message)
print(len(names(backend)) == before)
backend.close()
"""


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    mount = tmp_path / "disk"
    mount.mkdir()
    made = sys.platform == "linux" and os.geteuid() == 0
    made = made and not subprocess.call(["mount", "-t", "tmpfs", "-o", "size=2m", "none", mount])
    if not made:
        pytest.skip("only root may mount a small disk")
    yield mount
    subprocess.call(["umount", mount])


def test_a_full_disk_loses_the_change_and_nothing_else(base: Path, tiny_disk: Path) -> None:
    moved = Path(shutil.move(base, tiny_disk / base.name))

    said, _errors = run(WRITE_UNTIL_FULL, moved).communicate()

    assert said.startswith(DiskFull.__name__)
    assert said.endswith("True\n")
    backend = open_backend(moved)
    assert backend.integrity(deep=True) == []
    assert len(names(backend)) == 200
    backend.close()


def test_a_copy_to_a_full_disk_leaves_nothing(base: Path, tiny_disk: Path) -> None:
    backend = open_backend(base)
    add_clients(backend, *("x" * 200 for _ in range(20_000)), first=1000)

    with pytest.raises(DiskFull):
        backend.copy_to(tiny_disk / "copy.crm")

    assert list(tiny_disk.iterdir()) == []
    backend.close()


KILLED_IN_MID_WRITE = """
import os, signal, sys
from crm_desktop.models.backend.connect import open_backend
from tests.database.tables import add_clients
backend = open_backend(sys.argv[1])
for number in range(1000, 2000):
    add_clients(backend, str(number), str(number), first=number * 2)
    print(number, flush=True)
"""


def test_a_killed_writer_leaves_whole_saves(base: Path) -> None:
    process = run(KILLED_IN_MID_WRITE, base)
    assert process.stdout
    told = [process.stdout.readline() for _ in range(20)][-1]
    process.kill()
    rest, _errors = process.communicate()
    last = int((rest.split() or [told])[-1])

    backend = open_backend(base)

    kept = names(backend)[200:]
    assert len(kept) % 2 == 0
    assert len(kept) // 2 >= last - 1000 + 1
    assert backend.integrity(deep=True) == []
    backend.close()


def test_foreign_keys_are_kept(base: Path) -> None:
    backend = open_backend(base)
    assert isinstance(backend, SqliteBackend)
    backend.run_ddl(["CREATE TABLE child (id INTEGER, client BIGINT REFERENCES client(id))"])

    with pytest.raises(Exception, match="linked"), backend.write() as connection:
        connection.exec_driver_sql("INSERT INTO child VALUES (1, 77777)")
    with backend.write() as connection:
        connection.execute(sa.delete(CLIENT))
    backend.close()
