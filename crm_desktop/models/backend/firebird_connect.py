"""Reaching a Firebird server: the address, the client library, signing in, a new empty base."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import BaseProblem, DatabaseUnavailable
from crm_desktop.i18n import _
from crm_desktop.models.backend.dialect import is_lost
from crm_desktop.models.backend.firebird_errors import (
    NOT_ALLOWED,
    gds_code,
    is_missing,
    not_opened,
)
from crm_desktop.models.backend.firebird_proof import (
    CODE_KEY,
    JOIN_KEY,
    PASS_KEY,
    Proof,
    proved,
    show,
    showing,
    word_of,
)
from crm_desktop.models.backend.firebird_roles import STAFF
from crm_desktop.models.backend.reaching import takes_calls

CLIENT_VARIABLE = "CRM_DESKTOP_FBCLIENT"
"""Path of the Firebird client library, where the system does not know one."""

CONNECT_SECONDS = 3
PAGE_SIZE = 16384

_NOT_ANSWERED = 335544421  # nobody took up the connection in time
_CONNECT_TIMEOUT = 57  # isc_dpb_connect_timeout
_CONFIGURATION = 87  # isc_dpb_config
SAFE_LINE = "WireCrypt = Required"
"""What the client insists on, whatever its own settings say: nobody on the way can read along.
Only signing in by SRP brings the key for it, so older ways are out, too."""
_DEFAULT_PORT = 3050
_PASSING = ("", "/tmp", "/var/tmp")
"""Folders of a server in which nothing lasts: a name that is no alias leads into them."""
_ROOM_FOR_SIGACTION = 512  # bytes; the structure takes 152 on Linux
_OLDEST_SERVER = 3.0
_CHANGING_SECONDS = 10.0


@dataclass(slots=True)
class Standing:
    """How the password of an open base stands: whether the server took it, and what it said since.

    A program that went on trying a password that is no more would lock the account.
    """

    taken: bool = False
    refusal: str = ""
    changed: threading.Event | None = None
    """Its owner chooses another password: set as soon as that is done, or has failed."""
    changer: int = 0
    """The thread that has the server take it, which waits for nobody."""
    follower: ServerAddress | None = None
    """The address with the password that took its place."""


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where a base is on a server, and who signs in."""

    host: str
    port: int
    base: str
    user: str
    password: str = field(repr=False)
    role: str = STAFF
    proof: Proof = Proof()
    standing: Standing = field(default_factory=Standing, compare=False, repr=False)

    @property
    def shown(self) -> str:
        """The address without the password."""
        return f"{self.host}:{self.port}/{self.base}"

    @property
    def title(self) -> str:
        """The name of the base alone."""
        kind = PureWindowsPath if "\\" in self.base else PurePosixPath
        return kind(self.base).stem

    @property
    def is_name(self) -> bool:
        """Whether the base is named by an alias, and by no path."""
        return not set("/\\") & set(self.base)

    @property
    def dsn(self) -> str:
        return f"{self.host}/{self.port}:{self.base}"


def parse(address: str) -> ServerAddress:
    """Reads `firebird+fdb://user:password@host:port//path`; BaseProblem if it is not one."""
    try:
        url = sa.make_url(address)
    except (sa.exc.ArgumentError, ValueError) as error:
        raise BaseProblem(_wrong_address()) from error
    if url.drivername not in ("firebird", "firebird+fdb") or not url.host or not url.database:
        raise BaseProblem(_wrong_address())
    return ServerAddress(
        host=url.host,
        port=url.port or _DEFAULT_PORT,
        base=url.database,
        user=url.username or "SYSDBA",
        password=str(url.password or ""),
        proof=Proof(*(str(url.query.get(key, "")) for key in (CODE_KEY, JOIN_KEY, PASS_KEY))),
    )


def _wrong_address() -> str:
    return _(
        "This is no address of a base. It looks like "
        "firebird+fdb://user:password@server:3050/name-or-path."
    )


def load_client() -> Any:
    """The driver with its client library in memory."""
    try:
        import fdb

        fdb.load_api(os.environ.get(CLIENT_VARIABLE) or None)
    except Exception as error:
        raise DatabaseUnavailable(
            _(
                "The Firebird client library is missing on this computer. Install the Firebird 3 "
                "client (Debian: libfbclient2; Windows: the installer of Firebird, “client only”), "
                "or name the library in the variable {variable}."
            ).format(variable=CLIENT_VARIABLE)
        ) from error
    if _shorten_connect not in fdb.fbcore.get_hooks(fdb.HOOK_DATABASE_ATTACH_REQUEST):
        fdb.add_hook(fdb.HOOK_DATABASE_ATTACH_REQUEST, _shorten_connect)
    return fdb


def _shorten_connect(_dsn: bytes, parameters: Any) -> None:
    """Three seconds instead of the client library's three minutes; an encrypted line only."""
    parameters.add_integer_parameter(_CONNECT_TIMEOUT, CONNECT_SECONDS)
    parameters.add_string_parameter(_CONFIGURATION, SAFE_LINE)
    show(parameters)


def connect(fdb: Any, address: ServerAddress) -> Any:
    """A new connection of the driver; the sentence says what is wrong with which part. A server
    that has no time just now, as when fifty programs come in at once, is asked once more."""
    try:
        return _connected(fdb, address, word_of(address))
    except DatabaseUnavailable as error:
        why = error.__cause__
        if why is None or gds_code(why) != _NOT_ANSWERED or not takes_calls(address.shown):
            raise
    return _connected(fdb, address, word_of(address))


def with_pass(fdb: Any, address: ServerAddress) -> ServerAddress:
    """The address with a pass in place of a code, which the server takes once only."""
    return proved(address, lambda place, word: _connected(fdb, place, word))


def _connected(fdb: Any, address: ServerAddress, word: str) -> Any:
    standing = address.standing
    if (follower := _follower(standing)) is not None:
        return _connected(fdb, follower, word_of(follower))
    if standing.refusal:
        raise DatabaseUnavailable(standing.refusal, field="password")
    try:
        connection = _attach(fdb, address, word)
    except fdb.Error as error:
        if is_lost(error) or gds_code(error) == _NOT_ANSWERED:
            raise _unreachable(address) from error
        problem = not_opened(error, place=address.base, user=address.user)
        refused = isinstance(problem, DatabaseUnavailable) and problem.field == "password"
        if refused and (follower := _follower(standing)) is not None:
            return _connected(fdb, follower, word_of(follower))
        if standing.taken and refused:
            standing.refusal = str(problem)
        raise problem from error
    standing.taken = True
    if connection.engine_version < _OLDEST_SERVER:
        version = connection.engine_version
        connection.close()
        raise DatabaseUnavailable(
            _("The server runs Firebird {version}. Version 3.0 or newer is needed.").format(
                version=version
            )
        )
    return connection


def _follower(standing: Standing) -> ServerAddress | None:
    """The address with the new password; whoever comes while it is being changed waits for it."""
    if standing.changed is not None and standing.changer != threading.get_ident():
        standing.changed.wait(_CHANGING_SECONDS)
    return standing.follower


def _attach(fdb: Any, address: ServerAddress, word: str) -> Any:
    _refuse_without_password(address)
    with _ends_when_told(), showing(word):
        return fdb.connect(
            dsn=address.dsn,
            user=address.user,
            password=address.password,
            role=address.role,
            charset="UTF8",
            utf8params=True,
            connection_class=_connection_class(fdb, address.host, address.port),
        )


@cache
def _connection_class(fdb: Any, host: str, port: int) -> type:
    """The driver's connection without two questions that make trips of every new line: how long a
    page is, which nobody wants to know, and again which version the server has. It is given back
    to the client library also where the server has ended it: the driver then stops at the first
    transaction, and at its own end the library crashes over what it still holds."""
    known: dict[int, Any] = {fdb.isc_info_page_size: PAGE_SIZE}

    class Connection(fdb.Connection):  # type: ignore[misc]
        def db_info(self, request: Any) -> Any:
            if request == fdb.isc_info_firebird_version and request not in known:
                known[request] = super().db_info(request)
            return known[request] if request in known else super().db_info(request)

        def close(self) -> None:
            handle = self._db_handle
            try:
                super().close()
            finally:
                if handle is not None and handle.value:
                    fdb.load_api().isc_detach_database(self._isc_status, handle)

        def __del__(self) -> None:
            if self._db_handle is not None:
                with suppress(fdb.Error):
                    self.close()

    return Connection


@contextmanager
def _ends_when_told() -> Iterator[None]:
    """The client library takes SIGTERM for itself: closes all bases and lets the process live."""
    if os.name != "posix":
        yield
        return
    libc, before = ctypes.CDLL(None), ctypes.create_string_buffer(_ROOM_FOR_SIGACTION)
    libc.sigaction(signal.SIGTERM, None, before)
    try:
        yield
    finally:
        libc.sigaction(signal.SIGTERM, before, None)


def _refuse_without_password(address: ServerAddress) -> None:
    """Nobody has an empty one: the server would count it as a wrong one, and lock the account."""
    if not address.password:
        said = _("Type the password of {user}.").format(user=address.user)
        raise DatabaseUnavailable(said, field="password")


def create_if_missing(fdb: Any, address: ServerAddress) -> None:
    """Makes the base unless it is there; whether that one is empty the caller has to see."""
    try:
        _attach(fdb, address, word_of(address)).close()
    except fdb.Error as error:
        if is_lost(error) or gds_code(error) == _NOT_ANSWERED:
            raise _unreachable(address) from error
        if gds_code(error) == NOT_ALLOWED and address.is_name:
            raise _no_alias(address) from error
        if not is_missing(error):
            raise not_opened(error, place=address.base, user=address.user) from error
    else:
        return
    parts = (address.dsn, address.user, address.password)
    dsn, user, password = (part.replace("'", "''") for part in parts)
    try:
        made = fdb.create_database(
            f"create database '{dsn}' user '{user}' password '{password}' "
            f"page_size {PAGE_SIZE} default character set UTF8"
        )
        if address.is_name and _passes(made):
            made.drop_database()
            raise _no_alias(address)
        made.close()
    except fdb.Error as error:
        raise _not_created(address, error) from error


def _passes(made: Any) -> bool:
    """Whether the new base lies where the server happens to stand, and goes with a restart."""
    cursor = made.cursor()
    path = str(cursor.execute("SELECT mon$database_name FROM mon$database").fetchone()[0]).strip()
    cursor.close()
    made.commit()
    return path.rpartition("/")[0] in _PASSING or "\\windows\\" in path.lower()


def _no_alias(address: ServerAddress) -> DatabaseUnavailable:
    said = _("The server knows no base {place}. Add a line such as “{place} = "
             "/var/lib/firebird/3.0/data/{place}.fdb” to its databases.conf, or give a whole path."
             )  # fmt: skip
    return DatabaseUnavailable(said.format(place=address.base), field="address")


def _not_created(address: ServerAddress, error: Exception) -> Exception:
    if is_missing(error) and address.is_name:
        return _no_alias(address)
    if is_missing(error):
        return DatabaseUnavailable(
            _("The server cannot make a base at {place}. Check the folder and its rights.").format(
                place=address.base
            )
        )
    return not_opened(error, place=address.base, user=address.user)


def _unreachable(address: ServerAddress) -> DatabaseUnavailable:
    """Finds out by plain sockets which part of the way fails: the client library tells little."""
    try:
        socket.getaddrinfo(address.host, address.port)
    except OSError:
        return DatabaseUnavailable(
            _("There is no computer {host} on the network. Check the name.").format(
                host=address.host
            )
        )
    try:
        socket.create_connection((address.host, address.port), CONNECT_SECONDS).close()
    except ConnectionRefusedError:
        return DatabaseUnavailable(
            _(
                "No Firebird server runs on {host}, port {port}. Check name and port, or ask the "
                "administrator to look at the server."
            ).format(host=address.host, port=address.port)
        )
    except OSError:
        return DatabaseUnavailable(
            _("The computer {host} does not answer. Check that it is on.").format(host=address.host)
        )
    return DatabaseUnavailable(
        _(
            "What listens on {host}, port {port}, does not answer as a Firebird server does. Check "
            "the port; if it is right, try again later."
        ).format(host=address.host, port=address.port)
    )


def services(fdb: Any, address: ServerAddress) -> Any:
    """A line to the server's own services, for copies and checks; they read ASCII only."""
    _refuse_without_password(address)
    if not address.password.isascii():
        raise DatabaseUnavailable(
            _(
                "Copies and checks on the server take a password of Latin letters, figures and "
                "signs only. Choose another password for {user}."
            ).format(user=address.user),
            field="password",
        )
    return fdb.services.connect(
        host=f"{address.host}/{address.port}", user=address.user, password=address.password
    )


def validated(fdb: Any, address: ServerAddress) -> list[str]:
    """What the server's own check of the running base finds; empty if all is well.

    UserError if the user may not ask for it: the server wants its administrator.
    """
    try:
        service = services(fdb, address)
        try:
            service.validate(address.base)
            lines = [str(line).strip() for line in service.readlines()]
        finally:
            service.close()
    except fdb.Error as error:
        raise not_opened(error, place=address.base, user=address.user) from error
    return [line for line in lines if "error" in line.lower() and ": 0 errors" not in line.lower()]
