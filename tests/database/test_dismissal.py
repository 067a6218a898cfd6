"""Dismissal as one switch: rights, account, seats, lines end; what was typed goes to the head."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from crm_desktop.cli.parser import build_parser
from crm_desktop.cli.users import run
from crm_desktop.errors import InvalidInput, NotAllowed, NotFound, UserError
from crm_desktop.models.backend import firebird_accounts
from crm_desktop.models.query import Query
from crm_desktop.services.audit import service as audit
from crm_desktop.services.exporting.export import export_query
from crm_desktop.services.licensing.broker import DISMISSED, Broker
from crm_desktop.services.server import dismissal
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.staging import Create
from tests.firebird_server import FirebirdServer
from tests.server_office import Office, office_on


@pytest.fixture(scope="module")
def office(firebird: FirebirdServer) -> Iterator[Office]:
    """One for all tests of this file; each dismisses people of its own."""
    with office_on(firebird, "dismiss", seats=100) as made:
        yield made


@pytest.fixture
def boss(office: Office) -> Workspace:
    """The base as its administrator has it."""
    return office.sign_in(office.boss)


class Colleague:
    """Somebody with a window: a seat on a line of its own."""

    def __init__(self, office: Office, name: str) -> None:
        self.login = office.let_in(f"{name} {secrets.token_hex(3)}")
        self.base = office.sign_in(self.login)
        self.id = self.base.user_id or 0
        self.seat = Broker(self.base, 100, machine=f"pc-{self.login}")
        assert self.seat.take().outcome == "work"

    def close(self) -> None:
        """Closes the window."""
        self.seat.close()
        self.base.close()


@pytest.fixture
def anna(office: Office) -> Iterator[Colleague]:
    made = Colleague(office, "Anna")
    yield made
    made.close()


@pytest.fixture
def head(office: Office) -> Iterator[Colleague]:
    made = Colleague(office, "Hedda")
    yield made
    made.close()


class Ticks:
    """A clock that goes on only when somebody waits."""

    def __init__(self) -> None:
        self.moment = 0.0

    def now(self) -> float:
        return self.moment

    def pause(self, seconds: float) -> None:
        self.moment += seconds


def seats_of(boss: Workspace, login: str) -> int:
    """Seats that the account holds."""
    with boss.backend.read() as connection:
        found = connection.exec_driver_sql(
            "SELECT COUNT(*) FROM seat_holders WHERE login = ?", (login,)
        )
        return int(found.scalar_one())


def test_rights_account_and_seat_are_gone_at_once(
    office: Office, boss: Workspace, anna: Colleague
) -> None:
    done = dismissal.dismiss(boss, anna.id)

    assert (done.login, done.seats) == (anna.login, 1)
    assert done.lines == 1, "only the line that keeps what was typed is left"
    assert seats_of(boss, anna.login) == 0
    reach = boss.tables.system("right_reach")
    with boss.backend.read() as connection:
        rows = connection.execute(
            sa.select(sa.func.count()).where(reach.c.login == anna.login.upper())
        )
        assert rows.scalar_one() == 0
    with pytest.raises(UserError):
        office.sign_in(anna.login)
    assert boss.reader.get("staff", anna.id).values["gone"] is True  # type: ignore[union-attr]
    assert audit.DISMISSED in {entry.what for entry in audit.last(boss)}


def test_whoever_was_dismissed_neither_writes_nor_exports(
    boss: Workspace, anna: Colleague, tmp_path: Path
) -> None:
    anna.base.records.create("client", {"name": "Daisy"})

    dismissal.dismiss(boss, anna.id)

    with pytest.raises(UserError):
        anna.base.records.create("client", {"name": "Violet"})
    with pytest.raises(UserError):
        export_query(anna.base, Query("client", ("name",)), tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_an_export_that_runs_is_stopped(boss: Workspace, anna: Colleague, tmp_path: Path) -> None:
    for start in range(0, 6000, 2000):
        made = range(start, start + 2000)
        boss.records.apply([Create("client", {"name": f"Client {one:05}"}) for one in made])
    seen: list[int] = []

    def switch(done: int, _whole: int) -> None:
        if not seen:
            dismissal.dismiss(boss, anna.id)
        seen.append(done)

    with pytest.raises(UserError):
        export_query(anna.base, Query("client", ("name",)), tmp_path / "out.csv", progress=switch)
    assert seen and not (tmp_path / "out.csv").exists()


def test_the_window_hears_of_it_and_leaves_what_was_typed_to_the_head(
    boss: Workspace, anna: Colleague, head: Colleague
) -> None:
    boss.records.update("staff", anna.id, {"head": head.id})
    text = "Call back about the roof\n" + "long " * 2000

    done = dismissal.dismiss(boss, anna.id)
    assert anna.seat.beat().outcome == DISMISSED
    anna.seat.leave_text(boss.catalogue["client"].number, 0, "New client", dismissal.parts_of(text))
    anna.seat.close()

    ticks = Ticks()
    assert dismissal.see_out(boss, done, pause=ticks.pause, now=ticks.now)
    assert ticks.moment <= 1, "nobody waits for who has gone"
    (left,) = dismissal.left_texts(head.base)
    assert (left.login, left.ref.entity, left.title) == (anna.login, "client", "New client")
    assert left.text == text
    assert left.id in {one.id for one in dismissal.left_texts(boss)}


def test_a_window_that_does_not_answer_is_ended_within_a_minute(
    boss: Workspace, anna: Colleague
) -> None:
    done, ticks = dismissal.dismiss(boss, anna.id), Ticks()

    assert not dismissal.see_out(boss, done, pause=ticks.pause, now=ticks.now)

    assert dismissal.GRACE_S <= ticks.moment < 60
    assert dismissal.lines_left(boss, anna.login) == 0
    with pytest.raises(UserError):
        anna.seat.beat()


def test_another_program_ends_the_lines_that_were_left(boss: Workspace, anna: Colleague) -> None:
    dismissal.dismiss(boss, anna.id)
    assert dismissal.end_overdue(boss) == 0
    with boss.backend.write() as connection:
        connection.exec_driver_sql(
            "UPDATE seat_dismissal SET made_at = DATEADD(-30 SECOND TO made_at)"
        )

    assert dismissal.end_overdue(boss) == 1
    assert dismissal.lines_left(boss, anna.login) == 0


def test_texts_are_read_by_head_and_successor_and_nobody_else(
    office: Office, boss: Workspace, anna: Colleague, head: Colleague
) -> None:
    stranger = office.sign_in(office.let_in(f"Stranger {secrets.token_hex(3)}"))
    dismissal.dismiss(boss, anna.id, successor=head.id)
    anna.seat.leave_text(1, 0, "Note", ["secret"])

    assert [one.text for one in dismissal.left_texts(head.base)] == ["secret"]
    assert dismissal.left_texts(stranger) == []
    (text,) = dismissal.left_texts(head.base)
    with pytest.raises(NotFound):
        dismissal.text_done(stranger, text.id)
    dismissal.text_done(head.base, text.id)
    assert dismissal.left_texts(head.base) == []


def test_nobody_leaves_texts_who_was_not_dismissed_or_to_anothers(
    boss: Workspace, anna: Colleague, head: Colleague
) -> None:
    with pytest.raises(UserError):
        head.seat.leave_text(1, 0, "Spam", ["text"])
    dismissal.dismiss(boss, anna.id, successor=head.id)
    anna.seat.leave_text(1, 0, "Note", ["hers"])
    (text,) = dismissal.left_texts(head.base)

    with pytest.raises(UserError):
        head.seat._one("SELECT id FROM seat_leave(?, ?, ?, ?, ?, ?)", (text.id, 1, 1, 0, "", "x"))


def test_who_is_taken_back_works_as_before(
    office: Office, boss: Workspace, anna: Colleague
) -> None:
    dismissal.dismiss(boss, anna.id)
    dismissal.end_lines(boss, anna.login)

    dismissal.take_back(boss, anna.id)

    again = office.sign_in(anna.login)
    again.records.create("client", {"name": "Rose"})
    assert dismissal.end_overdue(boss) == 0


def test_only_an_administrator_dismisses_and_never_himself(
    boss: Workspace, anna: Colleague, head: Colleague
) -> None:
    with pytest.raises(NotAllowed):
        dismissal.dismiss(anna.base, head.id)
    with pytest.raises(InvalidInput):
        dismissal.dismiss(boss, boss.user_id or 0)
    assert firebird_accounts.open_lines(boss.backend, head.login) > 0


def test_in_a_base_of_one_file_a_colleague_is_only_marked(sqlite_url: str) -> None:
    from tests.bases import ready_base

    base = ready_base(sqlite_url)
    (one,) = base.records.create("staff", {"name": "Anna"}).ids

    done = dismissal.dismiss(base, one)

    assert (done.login, done.seats, done.lines) == ("", 0, 0)
    assert base.reader.get("staff", one).values["gone"] is True  # type: ignore[union-attr]
    assert dismissal.left_texts(base) == []
    dismissal.take_back(base, one)
    assert base.reader.get("staff", one).values["gone"] is False  # type: ignore[union-attr]
    base.close()


def test_by_the_command_line_with_who_takes_over(
    boss: Workspace, anna: Colleague, head: Colleague
) -> None:
    (client,) = boss.records.create("client", {"name": "Rose", "responsible": anna.id}).ids
    anna.close()

    told = command(boss, "dismiss", str(anna.id), "--successor", str(head.id))

    assert (told["login"], told["records"], told["closed"]) == (anna.login, 1, True)
    assert boss.reader.get("client", client).values["responsible"] == head.id  # type: ignore[union-attr]
    assert command(boss, "take-back", str(anna.id))["login"] == anna.login


def test_by_the_command_line_texts_are_read_and_taken_away(
    boss: Workspace, anna: Colleague
) -> None:
    dismissal.dismiss(boss, anna.id)
    anna.seat.leave_text(1, 0, "Note", ["typed"])

    rows = [row for row in command(boss, "texts")["rows"] if row["login"] == anna.login]
    assert [row["text"] for row in rows] == ["typed"]
    left = command(boss, "texts", "--done", str(rows[0]["id"]))["rows"]
    assert anna.login not in {row["login"] for row in left}


def command(base: Workspace, *words: str) -> dict[str, Any]:
    """What `crm-desktop user` answers to a program."""
    given = build_parser().parse_args(["user", *words])
    value = run(base, given).value
    assert isinstance(value, dict)
    return value
