"""Letting people in by command: somebody new, and passwords that change under open windows."""

from __future__ import annotations

import secrets
import threading
from pathlib import Path

from crm_desktop.models.backend.firebird import FirebirdBackend
from crm_desktop.models.backend.firebird_connect import connect
from crm_desktop.models.backend.firebird_line import open_line
from crm_desktop.services.server import accounts
from tests.cli_desk import Cli
from tests.database.test_server_setup import bare, cli, office
from tests.firebird_server import FirebirdServer
from tests.server_office import Office, new_login

__all__ = ["cli", "office"]
_MOMENT_S = 20.0


def test_somebody_new_gets_a_card_with_the_account(
    firebird: FirebirdServer, office: Office, cli: Cli
) -> None:
    name, address = f"Hugo {secrets.token_hex(4)}", bare(firebird, Path(office.place.base).stem)
    base = office.sign_in(office.boss)
    unknown = cli.told("user", "add", "--colleague", name, "--base", address)

    login = new_login()
    added = cli.told("user", "add", login, "--new", f" {name} ", "--base", address, "--json")
    office.passwords[login] = added.value["password"]
    again = cli.told("user", "add", "--new", name, "--base", address)

    assert unknown.code == 1 and "user add --new" in unknown.err
    assert base.titles.find("staff", name) == [added.value["colleague"]]
    assert again.code == 1 and "--colleague" in again.err


def test_a_refused_account_leaves_no_card_of_somebody_new(
    firebird: FirebirdServer, office: Office, cli: Cli
) -> None:
    name, address = f"Ines {secrets.token_hex(4)}", bare(firebird, Path(office.place.base).stem)

    refused = cli.told("user", "add", "not a login!", "--new", name, "--base", address)

    assert refused.code == 1
    assert office.sign_in(office.boss).titles.find("staff", name) == []


def test_a_line_that_is_begun_while_the_password_changes_signs_in_by_the_new_one(
    office: Office,
) -> None:
    """Another thread of the window wants a line just then: the server would refuse the old one."""
    login, word = office.let_in(f"Jana {secrets.token_hex(4)}"), "her very own one"
    base, boss = office.sign_in(login), office.sign_in(office.boss)
    backend = base.backend
    assert isinstance(backend, FirebirdBackend)
    told: list[object] = []

    def look() -> None:
        line = open_line(backend)
        assert line is not None
        told.extend(line.ask("SELECT CURRENT_USER FROM rdb$database"))
        line.close()

    other = threading.Thread(target=look)
    with backend.another_password(word):
        accounts.new_password(boss, login, word)
        other.start()
        other.join(0.2)
        assert other.is_alive() and told == []
    other.join(_MOMENT_S)

    assert [row[0].strip().lower() for row in told] == [login]


def test_who_kept_the_former_address_signs_in_by_the_new_password(office: Office) -> None:
    login = office.let_in(f"Kira {secrets.token_hex(4)}")
    base = office.sign_in(login)
    backend = base.backend
    assert isinstance(backend, FirebirdBackend)
    former = backend._place

    accounts.choose_password(base, "her very own one")

    connection = connect(backend._fdb, former)
    assert not former.standing.refusal and not connection.closed
    connection.close()


def test_a_password_that_was_not_taken_changes_nothing(office: Office) -> None:
    login = office.let_in(f"Lena {secrets.token_hex(4)}")
    backend = office.sign_in(login).backend
    assert isinstance(backend, FirebirdBackend)
    former = backend._place

    try:
        with backend.another_password("never taken"):
            raise ValueError
    except ValueError:
        connection = connect(backend._fdb, backend._place)

    assert backend._place is former
    connection.close()
