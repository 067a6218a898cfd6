"""What an office wants done by itself is done by exactly one program, with a window or without."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path
from threading import Barrier, Event, Thread

import pytest

from crm_desktop.cli.serving import EVERY_S, Serving, pause_after
from crm_desktop.errors import Cancelled, DatabaseUnavailable
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.os_integration.passwords import CREDENTIAL
from crm_desktop.services.server import job_leases, nightly, worker
from crm_desktop.services.server.backup import back_up
from crm_desktop.services.workspace import Workspace, create_base, open_base
from tests.cli_desk import ROOT, started
from tests.firebird_server import FirebirdServer
from tests.server_office import Office, office_on


@pytest.fixture(scope="module")
def office(firebird: FirebirdServer) -> Iterator[Office]:
    with office_on(firebird, "worker") as made:
        yield made


@pytest.fixture
def two(office: Office) -> Iterator[tuple[Workspace, Workspace]]:
    """Two programs on one base; nobody has a job."""
    one, other = open_base(office.address), open_base(office.address)
    yield one, other
    for base in (one, other):
        for job in (job_leases.ROUNDS, job_leases.COPIES):
            job_leases.drop(base, job)
        base.close()


def late(base: Workspace, job: str, seconds: int) -> None:
    """Moves the end of a lease, as time would."""
    with base.backend.write() as connection:
        connection.exec_driver_sql(
            "UPDATE job_lease SET until_at = DATEADD(? SECOND TO until_at) WHERE name = ?",
            (seconds, job),
        )


def test_a_job_is_one_programs_until_its_lease_ends(two: tuple[Workspace, Workspace]) -> None:
    one, other = two
    job = job_leases.ROUNDS

    assert job_leases.take(one, job) and job_leases.take(one, job)
    assert not job_leases.take(other, job)
    assert job_leases.holder(other, job)
    late(one, job, -200)  # it was killed
    assert job_leases.holder(other, job) is None
    assert job_leases.take(other, job) and not job_leases.take(one, job)


def test_a_job_that_was_given_up_is_free_at_once(two: tuple[Workspace, Workspace]) -> None:
    one, other = two
    assert job_leases.take(one, job_leases.ROUNDS)

    worker.let_go(other)  # has nothing to give up
    assert not job_leases.take(other, job_leases.ROUNDS)
    worker.let_go(one)

    assert job_leases.take(other, job_leases.ROUNDS)


def test_a_lease_of_a_clock_that_was_set_back_does_not_last_for_ever(
    two: tuple[Workspace, Workspace],
) -> None:
    one, other = two
    assert job_leases.take(one, job_leases.ROUNDS)
    late(one, job_leases.ROUNDS, 3600)

    assert job_leases.take(other, job_leases.ROUNDS)


def test_of_many_who_race_one_gets_the_job(office: Office) -> None:
    bases = [open_base(office.address) for _n in range(6)]
    start, won = Barrier(len(bases)), []

    def race(base: Workspace) -> None:
        start.wait()
        if job_leases.take(base, "race"):
            won.append(base.seat)

    threads = [Thread(target=race, args=(base,)) for base in bases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(won) == 1
    for base in bases:
        base.close()


def enquiry_in(base: Workspace, folder: Path) -> Path:
    """A letter of an hour ago in a folder that is watched."""
    folder.mkdir()
    letter = folder / "a.txt"
    letter.write_text("Petr, +7 495 765-43-21, wants a hose", encoding="utf-8")
    old = letter.stat().st_mtime - 3600
    os.utime(letter, (old, old))
    base.records.create("intake", {"name": folder.name, "folder": str(folder)})
    return letter


def test_one_round_does_what_is_due_and_the_other_program_nothing(
    two: tuple[Workspace, Workspace], tmp_path: Path
) -> None:
    one, other = two
    enquiry_in(one, tmp_path / "enquiries")

    done = worker.go_round(one)

    assert done is not None and [(d.job.key, d.count) for d in done] == [("folders", 1)]
    assert worker.go_round(other) is None
    assert worker.go_round(one) == []


def test_whoever_is_to_end_begins_no_further_job(
    two: tuple[Workspace, Workspace], tmp_path: Path
) -> None:
    one, _other = two
    letter = enquiry_in(one, tmp_path / "later")
    asked = iter([False])  # the first job may begin

    assert worker.go_round(one, lambda: next(asked, True)) == []

    assert letter.exists()
    assert [d.job.key for d in worker.go_round(one) or []] == ["folders"]


def test_a_local_base_has_one_program_and_every_job(sqlite_url: str) -> None:
    base = create_base(sqlite_url)

    assert job_leases.take(base, job_leases.ROUNDS)
    assert job_leases.mine(base, lambda _base: True)
    assert not job_leases.mine(base, lambda _base: False)
    assert job_leases.holder(base, job_leases.ROUNDS) is None
    assert worker.go_round(base) == []
    base.close()


def test_a_copy_is_made_once_a_day_and_old_ones_go(
    two: tuple[Workspace, Workspace], office: Office, tmp_path: Path
) -> None:
    one, other = two
    wanted = nightly.Nightly(tmp_path / "copies", time(0, 0), keep=2)
    wanted.folder.mkdir()
    now = one.clock.local()
    for days in (3, 2, 1):
        nightly.file_of(one, wanted, now - timedelta(days=days)).write_bytes(b"older")
    (wanted.folder / "letter.fbk").write_bytes(b"not ours")
    assert nightly.is_due(one, wanted)

    made = nightly.make(one, office.address, wanted)

    assert made is not None and made.proved
    kept = {nightly.file_of(one, wanted, now - timedelta(days=days)).name for days in (0, 1)}
    assert {path.name for path in wanted.folder.iterdir()} == {*kept, "letter.fbk"}
    assert not nightly.is_due(other, wanted)


def test_a_copy_that_fails_stops_nothing_and_is_tried_again_later(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = office.sign_in(office.boss)
    away = office.of(office.boss, port=1)  # nobody answers there
    serving = Serving(away, nightly.Nightly(tmp_path / "copies", time(0, 0)), once=False)

    serving._round(base)
    serving._round(base)

    assert capsys.readouterr().err.count("The connection to the server") == 1
    assert job_leases.holder(base, job_leases.COPIES) is None
    base.clock = MovedClock(base.clock.now() + timedelta(hours=1, seconds=1))
    serving._round(base)
    assert capsys.readouterr().err.count("The connection to the server") == 1
    worker.let_go(base)


@pytest.mark.parametrize("pieces", [0, 2])
def test_a_copy_that_is_left_off_leaves_nothing(
    office: Office, tmp_path: Path, pieces: int
) -> None:
    base = office.sign_in(office.boss)
    wanted = nightly.Nightly(tmp_path / "copies", time(0, 0))
    left = iter([False] * pieces)
    beside = set(Path(office.place.base).parent.iterdir())

    with pytest.raises(Cancelled):
        nightly.make(base, office.address, wanted, lambda: next(left, True))

    assert next(left, True), "it was left off before"
    assert list(wanted.folder.iterdir()) == []
    assert set(Path(office.place.base).parent.iterdir()) <= beside
    assert job_leases.holder(base, job_leases.COPIES) is None


def test_the_proof_of_a_copy_is_left_off_too(office: Office, tmp_path: Path) -> None:
    base, ending = office.sign_in(office.boss), Event()
    beside = set(Path(office.place.base).parent.iterdir())

    with pytest.raises(Cancelled):
        back_up(base, office.address, tmp_path / "office.fbk",
                told=lambda _written: ending.set(), stop=ending.is_set)  # fmt: skip

    assert list(tmp_path.iterdir()) == []
    assert set(Path(office.place.base).parent.iterdir()) <= beside


def test_a_password_that_is_refused_is_not_tried_until_the_account_is_locked(
    office: Office,
) -> None:
    with pytest.raises(DatabaseUnavailable) as refused:
        open_base(office.of(office.boss, "not this one"))
    with pytest.raises(DatabaseUnavailable) as away:
        open_base(office.of(office.boss, port=1))

    assert 900 / pause_after(refused.value) < 5, "ten failures in 15 minutes lock"
    assert pause_after(away.value) == EVERY_S


class _Broken(Serving):
    """Loses the line in its round."""

    def _round(self, workspace: Workspace) -> None:
        super()._round(workspace)
        raise DatabaseUnavailable("gone")


def test_work_that_ends_badly_is_given_up(office: Office) -> None:
    with pytest.raises(DatabaseUnavailable):
        _Broken(office.of(office.boss), None, once=True)._work()

    assert job_leases.holder(office.sign_in(office.boss), job_leases.ROUNDS) is None


def test_serve_does_one_round_and_says_what_it_did(office: Office) -> None:
    address = office.place.address(office.boss)
    told = started(
        "serve", "--base", address, "--once", "--json",
        CRM_DESKTOP_PASSWORD=office.passwords[office.boss],
    )  # fmt: skip

    assert told.code == 0 and told.value["rounds"] == 1
    assert "is served" in told.err


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM")
def test_serve_reads_the_password_that_systemd_hands_over(office: Office, tmp_path: Path) -> None:
    (tmp_path / CREDENTIAL).write_text(office.passwords[office.boss] + "\n", encoding="utf-8")
    address = office.place.address(office.boss)

    told = started("serve", "--base", address, "--once", CREDENTIALS_DIRECTORY=str(tmp_path))
    lacking = started("serve", "--base", address, "--once",
                      CREDENTIALS_DIRECTORY=str(tmp_path / "none"))  # fmt: skip

    assert told.code == 0, told.err
    assert lacking.code == 1


def test_serve_ends_when_it_is_told_and_gives_the_work_up(office: Office) -> None:
    address = office.place.address(office.boss)
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "crm_desktop", "serve", "--base", address,
         "--language", "en"],
        env={**os.environ, "CRM_DESKTOP_PASSWORD": office.passwords[office.boss],
             "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    assert "is served" in process.stderr.readline()

    process.send_signal(signal.SIGTERM)

    assert process.wait(60) == 0
    process.communicate()
    base = office.sign_in(office.boss)
    assert job_leases.holder(base, job_leases.ROUNDS) is None


def test_only_a_base_on_a_server_is_served(sqlite_url: str) -> None:
    told = started("serve", "--base", sqlite_url, "--once")

    assert told.code == 1 and "server" in told.err
