"""An office on a server in which two sellers have clients of their own and see nothing of each
other's: for what an employee tries with a tool for databases instead of our program."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import fdb
import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.workspace import Workspace
from tests.firebird_server import FirebirdServer
from tests.server_office import Office, server_office

Tool = Callable[..., list[Any]]
"""Runs one statement with its values: the rows, or how many rows were touched as the only one."""

SEEN = ("see", "create", "edit", "reassign", "mass_edit", "merge")


@dataclass
class TwoSellers:
    """`anna` may do with her own records what sellers do, `boris` with his."""

    office: Office
    server: FirebirdServer
    name: str
    anna: str
    boris: str
    hers: int
    his: int
    persons: dict[str, int]

    def tool(self, role: str = "CRM_STAFF", login: str = "") -> Any:
        """A plain connection of the driver, by Anna's own account."""
        who = login or self.anna
        return fdb.connect(
            dsn=self.server.dsn(self.name), user=who, password=self.office.passwords[who],
            role=role, charset="UTF8",
        )  # fmt: skip

    @contextmanager
    def running(self, login: str = "") -> Iterator[Tool]:
        """Statements by such an account; what each of them does stays."""
        line = self.tool(login=login)

        def run(sql: str, *values: object) -> list[Any]:
            cursor = line.cursor()
            try:
                cursor.execute(sql, values)
                return cursor.fetchall() if cursor.description else [(cursor.rowcount,)]
            finally:
                cursor.close()
                line.commit()

        yield run
        line.close()

    def work(self, login: str = "") -> Workspace:
        """The program, signed in by that account."""
        return self.office.sign_in(login or self.anna)


class _Made(NamedTuple):
    """What stands in the base of two sellers."""

    anna: str
    boris: str
    clients: dict[str, int]
    persons: dict[str, int]


@contextmanager
def two_sellers(server: FirebirdServer) -> Iterator[TwoSellers]:
    """The office; each seller has one client with a telephone, a person and a call."""
    name = f"strict_{secrets.token_hex(6)}"
    with server_office(server.url(name), _two_sellers) as office:
        made = office.made
        assert isinstance(made, _Made)
        clients, persons = made.clients, dict(made.persons)
        yield TwoSellers(
            office, server, name, made.anna, made.boris, clients[made.anna], clients[made.boris],
            persons,
        )  # fmt: skip
    server.remove(name)


def _two_sellers(office: Office) -> _Made:
    boss = office.sign_in(office.boss)
    names = ("Anna Seller", "Boris Seller")
    anna, boris = (office.let_in(name, own=True, by=boss) for name in names)
    narrow(boss, (anna, boris))
    hers, his = office.sign_in(anna), office.sign_in(boris)
    clients = {anna: _client(hers, "Daisyhers"), boris: _client(his, "Thistlehis")}
    return _Made(anna, boris, clients, {anna: hers.user_id or 0, boris: his.user_id or 0})


def narrow(boss: Workspace, logins: Sequence[str]) -> None:
    """From now on these people have the role of sellers."""
    role, holder = (boss.tables.system(f"right_{name}") for name in ("role", "holder"))
    reaching = boss.reaching
    assert reaching is not None
    with reaching.changing() as connection:
        wanted = sa.select(role.c.id).where(role.c.built_in == "seller")
        seller = connection.execute(wanted).scalar_one()
        rows = [(person_of(boss, login), seller) for login in logins]
        boss.backend.insert_many(connection, holder, ("who", "role"), rows)


def person_of(base: Workspace, login: str) -> int:
    """The colleague of an account."""
    table = base.tables.main["staff"]
    with base.backend.read() as connection:
        found = connection.execute(sa.select(table.c.id).where(table.c.login == login))
        return int(found.scalar_one())


def _client(base: Workspace, word: str) -> int:
    """A client of whoever works there, with what hangs on it."""
    me, note = base.user_id, f"secret of {word}. " + "x" * 1200
    (client,) = base.records.create(
        "client",
        {"name": word, "phone": "+7 495 123-45-67", "responsible": me, "note": note},
    ).ids
    base.records.create("person", {"name": f"Head of {word}", "client": client})
    base.records.create("activity", {
        "subject": f"Call {word}", "about": Ref("client", client), "author": me,
    })  # fmt: skip
    base.records.update("client", client, {"city": f"Town of {word}"})
    return client


def tells_of(value: object, *words: str) -> bool:
    """Whether any of the words can be read in what a tool was answered."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return any(word in text.lower() for word in words)
