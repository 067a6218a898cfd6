"""An office on the private server: a base made ready for a staff, and accounts that end with it."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

from crm_desktop.models.backend import firebird_accounts
from crm_desktop.models.backend.connect import open_backend
from crm_desktop.models.backend.firebird_passwords import CHOSEN
from crm_desktop.services.clock import Clock
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
    made: object = None
    """What its `staffing` gave back."""

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


Staffing = Callable[[Office], object]
"""Makes an office what a test needs; a function of a module, so that it is known again. Whoever it
lets in has a password of his own."""


@dataclass(frozen=True)
class _Kept:
    """An office as it was made once, in a file of the server that nobody has open."""

    file: Path
    boss: str
    passwords: dict[str, str]
    made: object


_kept: dict[tuple[Path, Staffing | None], _Kept] = {}
_at_work: set[str] = set()
"""Administrators of kept offices of which a test has one: their accounts are the server's."""


def _walled(base: Workspace) -> None:
    firebird_accounts.prepare_roles(base.backend)
    enforce(base.backend, base.tables)


def _own_password(base: Workspace, login: str) -> None:
    """As if the administrator had chosen the password that he was given."""
    own = f"DROP {firebird_accounts.ONCE}, {CHOSEN} = '{base.clock.today().isoformat()}'"
    base.backend.run_ddl([f'ALTER USER "{login.upper()}" USING PLUGIN Srp TAGS ({own})'])


@contextmanager
def server_office(address: str, staffing: Staffing | None = None) -> Iterator[Office]:
    """An office's base at `address`, as `set_up` makes it (test_server_setup); a copy of one that
    was made once, with its accounts made anew, where no other test has one now."""
    key = Path(of_address(address).base).parent, staffing
    if key not in _kept:
        _kept[key] = _keep(address, staffing)
    kept = _kept[key]
    if kept.boss in _at_work:
        kept = _keep(address, staffing)
    with ExitStack() as opened:
        _at_work.add(kept.boss)
        opened.callback(_at_work.discard, kept.boss)
        shutil.copyfile(kept.file, of_address(address).base)
        office = Office(address, kept.boss, opened, dict(kept.passwords), kept.made)
        _accounts_anew(office)
        try:
            yield office
        finally:
            opened.close()
            drop_accounts(address, office.passwords)


def _keep(address: str, staffing: Staffing | None) -> _Kept:
    """Makes the office at that address and puts it aside, with nobody in it any more."""
    wanted = Wanted("Olga Boss", login=new_login())
    with closing(ready_base(address, more=_walled)) as base:
        boss = first_administrator(base, wanted)
        _own_password(base, boss.login)
    with ExitStack() as opened:
        office = Office(address, boss.login, opened, {boss.login: boss.password})
        made = staffing(office) if staffing is not None else None
    drop_accounts(address, office.passwords)
    place = Path(of_address(address).base)
    file = place.with_name(f"office-{secrets.token_hex(6)}.fdb")
    shutil.copyfile(place, file)
    return _Kept(file, office.boss, office.passwords, made)


def _accounts_anew(office: Office) -> None:
    """The roles of the accounts stand in the copied base; all else is the server's."""
    own = f"USING PLUGIN Srp TAGS ({CHOSEN} = '{Clock().today().isoformat()}')"
    with closing(open_backend(office.address)) as backend:
        for login, password in office.passwords.items():
            more = " GRANT ADMIN ROLE" if login == office.boss else ""
            account = f"\"{login.upper()}\" PASSWORD '{password}'{more}"
            backend.run_ddl([f"CREATE USER {account} {own}"])
        backend.run_ddl([f'GRANT CREATE DATABASE TO USER "{office.boss.upper()}"'])


@contextmanager
def office_on(firebird: FirebirdServer, word: str, *, seats: int = 0) -> Iterator[Office]:
    """An office in a base of its own, with so many seats; `word` tells it from others."""
    name = f"{word}_{new_login()}"
    with server_office(firebird.url(name)) as made:
        if seats:
            keep_facts(made.sign_in(made.boss), {COUNT: str(seats)})
        yield made
    firebird.remove(name)


def drop_accounts(address: str, logins: object) -> None:
    """Takes accounts off the server."""
    with closing(open_backend(address)) as backend:
        known = firebird_accounts.names(backend)
        there = [login for login in dict.fromkeys(logins) if login in known]  # type: ignore[call-overload]
        backend.run_ddl([f'DROP USER "{login.upper()}" USING PLUGIN Srp' for login in there])
