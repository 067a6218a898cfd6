"""An office on the private server: a base made ready for a staff, and accounts that end with it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from crm_desktop.models.backend import firebird_accounts
from crm_desktop.models.backend.firebird_passwords import CHOSEN
from crm_desktop.services.licensing.standing import COUNT, keep_facts
from crm_desktop.services.rights.enforcement import enforce
from crm_desktop.services.server import accounts
from crm_desktop.services.server.connection_file import Connection, of_address
from crm_desktop.services.server.init import Office as Wanted
from crm_desktop.services.server.init import first_administrator
from crm_desktop.services.workspace import Workspace, open_base
from tests.bases import ready_base
from tests.firebird_server import FirebirdServer


def new_login() -> str:
    """A name that no other test uses: accounts belong to the whole server."""
    return f"t{secrets.token_hex(6)}"


@dataclass
class Office:
    """`address` signs in as the server's own user; `boss` is the administrator's account."""

    address: str
    boss: str
    _open: ExitStack
    passwords: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> Connection:
        return of_address(self.address)

    def of(self, login: str, password: str = "", *, port: int = 0) -> str:
        """The address by which somebody signs in; `port` may be a proxy's."""
        parts = urlsplit(self.address)
        secret = quote(password or self.passwords[login], safe="")
        return f"firebird+fdb://{login}:{secret}@{parts.hostname}:{port or parts.port}{parts.path}"

    def sign_in(self, login: str, password: str = "") -> Workspace:
        """The base as that person has it; closed after the test."""
        opened = open_base(self.of(login, password))
        self._open.callback(opened.close)
        return opened

    def owner(self) -> Workspace:
        """The base as the server's own user has it; closed after the test."""
        opened = open_base(self.address)
        self._open.callback(opened.close)
        return opened

    def close(self) -> None:
        """Everybody leaves the base."""
        self._open.close()

    def colleague(self, name: str) -> int:
        """A new colleague, made by the administrator."""
        return self.sign_in(self.boss).records.create("staff", {"name": name}).ids[0]

    def let_in(
        self, name: str, *, administrator: bool = False, own: bool = False,
        by: Workspace | None = None,
    ) -> str:  # fmt: skip
        """The account of a new colleague; `own`: the first password counts as his own one. `by`:
        the administrator where he has the base open already."""
        base = by or self.sign_in(self.boss)
        login, colleague = new_login(), base.records.create("staff", {"name": name}).ids[0]
        done = accounts.let_in(base, login, colleague, administrator=administrator)
        self.passwords[login] = done.password
        if own:
            _own_password(base, login)
        return login

    def settled(self, name: str) -> str:
        """The account of a new colleague of that name who has chosen a password."""
        login = self.let_in(f"{name} {new_login()}")
        accounts.choose_password(self.sign_in(login), f"own {login}")
        self.passwords[login] = f"own {login}"
        return login


def _walled(base: Workspace) -> None:
    firebird_accounts.prepare_roles(base.backend)
    enforce(base.backend, base.tables)


def _own_password(base: Workspace, login: str) -> None:
    """As if the administrator had chosen the password that he was given."""
    own = f"DROP {firebird_accounts.ONCE}, {CHOSEN} = '{base.clock.today().isoformat()}'"
    base.backend.run_ddl([f'ALTER USER "{login.upper()}" USING PLUGIN Srp TAGS ({own})'])


@contextmanager
def server_office(address: str) -> Iterator[Office]:
    """An office's base at `address`, as `set_up` makes it (test_server_setup): its walls, three
    quarters of a second, are copied like the rest of the base."""
    wanted = Wanted("Olga Boss", login=new_login())
    with closing(ready_base(address, more=_walled)) as base:
        boss = first_administrator(base, wanted)
        _own_password(base, boss.login)
    with ExitStack() as opened:
        office = Office(address, boss.login, opened, {boss.login: boss.password})
        try:
            yield office
        finally:
            opened.close()
            drop_accounts(address, office.passwords)


@contextmanager
def office_on(firebird: FirebirdServer, word: str, *, seats: int = 0) -> Iterator[Office]:
    """An office in a base of its own, with so many seats; `word` tells it from others."""
    name = f"{word}_{new_login()}"
    with server_office(firebird.empty_base(name)) as made:
        if seats:
            keep_facts(made.sign_in(made.boss), {COUNT: str(seats)})
        yield made
    firebird.remove(name)


def drop_accounts(address: str, logins: object) -> None:
    """Takes accounts off the server."""
    base = open_base(address)
    try:
        there = [login for login in dict.fromkeys(logins)  # type: ignore[call-overload]
                 if firebird_accounts.exists(base.backend, login)]  # fmt: skip
        base.backend.run_ddl([f'DROP USER "{login.upper()}" USING PLUGIN Srp' for login in there])
    finally:
        base.close()
