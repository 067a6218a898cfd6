"""What is to be done once for all is done by exactly one program: `serve`, or else a window. With
real processes of `serve` that come, go and are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from crm_desktop.services.audit import service as audit
from crm_desktop.services.audit.service import Wanted
from crm_desktop.services.licensing.broker import Broker
from crm_desktop.services.rights import words
from crm_desktop.services.server import dismissal, job_leases
from crm_desktop.services.workspace import Workspace
from crm_desktop.ui.record_list.page import RecordListPage
from crm_desktop.ui.reminders.desk import ReminderDesk
from tests.cli_desk import ROOT
from tests.firebird_server import FirebirdServer
from tests.gui.office_desk import Office, office
from tests.server_office import Office as Shared
from tests.server_office import office_on

__all__ = ["office"]
PAST = datetime(2026, 1, 1, tzinfo=UTC)
OLD = 500
"""Days: longer than the audit is kept."""


@pytest.fixture
def shared(firebird: FirebirdServer) -> Iterator[Shared]:
    with office_on(firebird, "leases", seats=50) as made:
        yield made


@pytest.fixture
def boss(shared: Shared) -> Workspace:
    return shared.sign_in(shared.boss)


def age_audit(boss: Workspace) -> None:
    """A row that is older than the office keeps any."""
    with boss.backend.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO audit_entry (id, made_at, login, what) VALUES"
            f" (GEN_ID(backend_id, 1), DATEADD(-{OLD} DAY TO CURRENT_TIMESTAMP), 'old', 'print')"
        )


def old_rows(boss: Workspace) -> int:
    return audit.counted(boss, Wanted(login="old"))


def clearings(boss: Workspace) -> int:
    return audit.counted(boss, Wanted(what=audit.CLEARED))


def killed_long_ago(boss: Workspace) -> None:
    """Moves the ends of all leases, as time would."""
    with boss.backend.write() as connection:
        connection.exec_driver_sql(
            "UPDATE job_lease SET until_at = DATEADD(-200 SECOND TO until_at)"
        )


def look(office: Office) -> None:
    """What the alarm does every half minute."""
    assert office.program is not None
    ReminderDesk.of(office.program.session, office.program.window.navigator).look()


def serving(shared: Shared, *more: str) -> subprocess.Popen[str]:
    address = shared.place.address(shared.boss)
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "crm_desktop", "serve", "--base", address,
         "--language", "en", *more],
        env={**os.environ, "CRM_DESKTOP_PASSWORD": shared.passwords[shared.boss],
             "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
    )  # fmt: skip


def held(boss: Workspace) -> bool:
    return job_leases.holder(boss, job_leases.CARE) is not None


def test_without_serve_the_window_of_an_administrator_does_what_needs_one(
    office: Office, shared: Shared, boss: Workspace
) -> None:
    login = shared.let_in("Anna")
    base = shared.sign_in(login)
    seat = Broker(base, 50, machine="pc-anna")
    assert seat.take().is_inside
    table = boss.tables.system("right_reach")
    office.start(shared.of(shared.boss))
    office.page(RecordListPage)
    dismissal.dismiss(boss, base.user_id or 0)
    age_audit(boss)
    number = boss.catalogue.staff().number
    columns = ("login", "ent", "action", "owner", "begins_at", "ends_at")
    with boss.backend.write() as connection:
        connection.exec_driver_sql(
            "UPDATE seat_dismissal SET made_at = DATEADD(-30 SECOND TO made_at)"
        )
        over = (login.upper(), number, words.SEE, 0, PAST, PAST)
        boss.backend.insert_many(connection, table, columns, [over])

    look(office)

    office.wait(lambda: old_rows(boss) == 0)
    office.wait(lambda: dismissal.lines_left(boss, login) == 0)
    assert boss.reaching is not None
    office.wait(lambda: not boss.reaching.is_over())
    assert clearings(boss) == 1
    assert held(boss)


def test_the_window_of_staff_leaves_that_alone(
    office: Office, shared: Shared, boss: Workspace
) -> None:
    login = shared.let_in("Boris")
    office.start(shared.of(login))
    office.page(RecordListPage)
    age_audit(boss)

    look(office)
    assert office.program is not None
    session = office.program.session
    office.wait(lambda: not session.operations.writing)

    assert old_rows(boss) == 1 and not held(boss)


def test_a_window_leaves_the_work_to_serve_and_takes_it_over_when_that_was_killed(
    office: Office, shared: Shared, boss: Workspace
) -> None:
    serve = serving(shared)
    try:
        office.wait(lambda: held(boss))
        office.start(shared.of(shared.boss))
        office.page(RecordListPage)
        age_audit(boss)
        assert office.program is not None
        base = office.program.session.base

        assert not job_leases.take(base, job_leases.CARE)
        look(office)
        session = office.program.session
        office.wait(lambda: not session.operations.writing)
        assert old_rows(boss) == 1, "serve has the lease and looks every half minute"

        serve.send_signal(signal.SIGKILL)
        serve.wait(60)
        assert not job_leases.take(base, job_leases.CARE), "the dead one's lease still runs"
        killed_long_ago(boss)
        look(office)
        office.wait(lambda: old_rows(boss) == 0)
    finally:
        serve.kill()
        serve.communicate()
    again = serving(shared)
    try:
        killed_long_ago(boss)
        assert again.stderr is not None and "is served" in again.stderr.readline()
        again.send_signal(signal.SIGTERM)
        assert again.wait(60) == 0
        assert not held(boss), "who ends gives the work up"
    finally:
        again.kill()
        again.communicate()


def test_of_several_programs_that_serve_exactly_one_does_each_job(
    shared: Shared, boss: Workspace
) -> None:
    for _n in range(5):
        age_audit(boss)
    with ExitStack() as ends:
        programs = [serving(shared, "--once") for _n in range(3)]
        for program in programs:
            ends.callback(program.communicate)
        codes = [program.wait(120) for program in programs]

    assert codes == [0, 0, 0]
    assert old_rows(boss) == 0
    assert clearings(boss) == 1
    assert not held(boss)


def test_who_sees_only_some_records_gives_the_work_up_after_a_turn(
    shared: Shared, boss: Workspace
) -> None:
    from crm_desktop.services.rights.roles import Roles

    login = shared.let_in("Clara")
    staff = shared.sign_in(login)
    roles = Roles(boss)
    roles.give(roles.named("seller"), staff.user_id or 0)
    staff = shared.sign_in(login)
    asked: list[str | None] = []

    def work(base: Workspace) -> int:
        asked.append(job_leases.holder(base, job_leases.ROUNDS))
        return 1

    assert job_leases.mine(staff, lambda _base: True)
    assert job_leases.do_mine(staff, work) == 1

    assert asked and asked[0] is not None
    assert job_leases.holder(boss, job_leases.ROUNDS) is None
    assert job_leases.mine(boss, lambda _base: True)
    assert job_leases.do_mine(boss, work) == 1
    assert not job_leases.mine(staff, lambda _base: True), "who sees all keeps it"
