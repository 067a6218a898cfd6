"""Workspace: one open base with everything that works on it. Handed to constructors, never global.

`create_base` and `open_base` are the two ways to get one; `close` ends it.
"""

from __future__ import annotations

import getpass
import os
import secrets
import socket
import threading
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from crm_desktop import i18n
from crm_desktop.errors import DatabaseUnavailable, SeatNeeded
from crm_desktop.i18n import _
from crm_desktop.models.backend.age import check_version
from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.connect import is_server_address, open_backend
from crm_desktop.models.catalogue.definitions import ParseContext
from crm_desktop.models.catalogue.overlay import build_catalogue
from crm_desktop.models.schema import SCHEMA_VERSION, Tables
from crm_desktop.services import lazy_services
from crm_desktop.services.audit.opened_cards import OpenedCards
from crm_desktop.services.base_tables import FINISHED, create_statements
from crm_desktop.services.clock import Clock
from crm_desktop.services.customisation.service import custom_version, read_tables
from crm_desktop.services.lazy_services import Lazy
from crm_desktop.services.links import Links
from crm_desktop.services.lists.service import Lists
from crm_desktop.services.operations import Operation, OperationLog
from crm_desktop.services.private.mark import MARK, NO, PrivateMark
from crm_desktop.services.private.service import Privacy
from crm_desktop.services.reader import Reader
from crm_desktop.services.search.index import SearchIndex
from crm_desktop.services.search.service import Search
from crm_desktop.services.titles import Titles
from crm_desktop.services.upgrading.permission import refuse_to_upgrade
from crm_desktop.services.upgrading.progress import say
from crm_desktop.services.views import Views
from crm_desktop.services.writing.changes import ChangeLog, ChangeSet

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.definitions import EntityDef
    from crm_desktop.services.activities.kinds import Habits
    from crm_desktop.services.live.feed import Feed
    from crm_desktop.services.rights.allowed import Rights
    from crm_desktop.services.rights.keeping import Reaching
    from crm_desktop.services.worktime.service import WorkTimes

Listener = Callable[[ChangeSet], None]


class Workspace:
    """One open base: catalogue, tables, services, and the person who works on it."""

    records = Lazy(lazy_services.records)
    history = Lazy(lazy_services.history)
    record_history = Lazy(lazy_services.record_history)
    timeline = Lazy(lazy_services.timeline)
    intake = Lazy(lazy_services.intake)
    leads = Lazy(lazy_services.leads)
    letters = Lazy(lazy_services.letters)
    undo = Lazy(lazy_services.undo)
    as_of = Lazy(lazy_services.as_of)
    recycle_bin = Lazy(lazy_services.recycle_bin)
    merging = Lazy(lazy_services.merging)
    layouts = Lazy(lazy_services.layouts)
    wishes = Lazy(lazy_services.wishes)
    annual = Lazy(lazy_services.annual)
    constructor = Lazy(lazy_services.constructor)
    duplicates = Lazy(lazy_services.duplicates)
    reminders = Lazy(lazy_services.reminders)
    funnels = Lazy(lazy_services.funnels)
    pipelines = Lazy(lazy_services.pipelines)
    board = Lazy(lazy_services.board)

    def __init__(self, backend: Backend, *, clock: Clock | None = None, region: str = "RU") -> None:
        self.backend = backend
        self.clock = clock or Clock()
        self.region = region
        self.seat = _seat()
        self.user_id: int | None = None
        self.is_known = False
        """The account that the base was opened by says who works here: nobody chooses another."""
        self.read_only = ""
        """Why nothing may be changed here, as a sentence; '' where everything may."""
        self.leaving: Callable[[], None] | None = None
        """What is done before the base is closed: a seat is given back."""
        self.habits: Habits | None = None
        """What is settled for kinds of activities, as it was read last (`activity_kinds`)."""
        self.feed: Feed | None = None
        """What tells of others' work; only the window of a base on a server has it."""
        self._listeners: list[Listener] = []
        self._worktime: WorkTimes | None = None
        self.late_lock = threading.RLock()
        self.seen = OpenedCards(self)
        """The cards that were opened, on their way to the audit."""
        self._build(read_tables(backend))

    def _build(self, tables: Tables) -> None:
        """Makes the services anew; at the start and whenever the catalogue changed."""
        self.catalogue, self.tables = tables.catalogue, tables
        backend = self.backend
        self.late: dict[str, Any] = {}
        self.reader = Reader(backend, tables)
        self.titles = Titles(backend, tables)
        self.index = SearchIndex(backend, tables)
        if not hasattr(self, "log"):  # it goes on where it was when the catalogue changes
            self.log = ChangeLog(backend, tables, self.seat)
        mark = PrivateMark(backend, tables, self.clock)
        self.privacy = Privacy(backend, tables, mark, lambda: self.user_id)
        self.search = Search(backend, tables, self.titles)
        self.search.privacy = self.titles.privacy = self.privacy
        self.operations = OperationLog(backend, tables, self.seat, self.user_id)
        self.lists = Lists(
            backend, tables, self.titles, self.search,
            clock=self.clock, user_id=lambda: self.user_id,
        )  # fmt: skip
        self.lists.region, self.lists.privacy = self.region, self.privacy
        self.lists.begun = lambda: self.worktime.days_begun()
        if self.rights is not None:
            self.lists.unseen = self.rights.unseen
        if backend.behind_views:
            self.lists.reached, self.lists.listed = self._owners_seen, self._owners_listed
        self.links = Links(backend, tables)
        self.links.privacy = self.privacy
        self.views = Views(backend, tables)

    def _owners_seen(self, entity: EntityDef) -> frozenset[int] | None:
        return None if self.rights is None else self.rights.owners_seen(entity)

    def _owners_listed(self, entity: EntityDef) -> frozenset[int] | None:
        found = None if self.rights is None else self.rights.owners_listed(entity)
        if found is not None and "walled" not in self.late:  # an older program's views list nothing
            from crm_desktop.services.rights.enforcement import is_enforced

            if not is_enforced(self.info):
                return None
            self.late["walled"] = True
        return found

    def reload(self) -> None:
        """Takes over a changed catalogue: new tables, new services, everybody told."""
        self._build(read_tables(self.backend))
        if self.reaching is not None:  # an object more: everybody reaches its records or not
            self.reaching.ready()
        self.publish(ChangeSet(0, {}))

    def catalogue_is_old(self) -> bool:
        """Whether another program has added objects or fields since this one read them.
        `BaseTooNew`: a newer one has upgraded the base."""
        check_version(self.backend.title, self.backend.version, SCHEMA_VERSION)
        return custom_version(self.backend) != self.catalogue.version

    @property
    def worktime(self) -> WorkTimes:
        """When the company and its people work; made when it is first asked for."""
        if self._worktime is None:
            from crm_desktop.services.worktime.service import WorkTimes

            self._worktime = WorkTimes(self)
        return self._worktime

    @property
    def reaching(self) -> Reaching | None:
        """What keeps right whose records everybody reaches; only an administrator of a shared base
        has it."""
        if not self.login or not self.administers:
            return None
        if "reaching" not in self.late:
            from crm_desktop.services.rights.keeping import Reaching

            self.late["reaching"] = Reaching(self)
        found: Reaching = self.late["reaching"]
        return found

    @property
    def rights(self) -> Rights | None:
        """What whoever works here may do; None where everything is allowed: in a local base, and
        for an administrator."""
        if not self.login or self.administers:
            return None
        if "rights" not in self.late:
            from crm_desktop.services.rights.allowed import Rights

            self.late["rights"] = Rights(self)
        found: Rights = self.late["rights"]
        return found

    # --- the person -------------------------------------------------------------------------------

    @property
    def login(self) -> str:
        """With which account of a server the base was opened, in lower case; '' for a local one."""
        return self.backend.login

    @property
    def administers(self) -> bool:
        """Whether whoever opened the base may change its shape and let others in."""
        return self.backend.administers

    def work_as(self, user_id: int | None) -> None:
        """Says which colleague works here: the author of changes and the `me` of conditions."""
        self.user_id = user_id
        self.operations.author = user_id
        if "records" in self.late:
            self.records.author = user_id

    def parse_context(self) -> ParseContext:
        """How typed text is to be read here and now."""
        russian, hours = i18n.language() == "ru", self._worktime
        return ParseContext(
            now=self.clock.local(), language=i18n.language(), region=self.region,
            date_order="dmy" if russian else "mdy", decimal=None if russian else ".",
            work=hours.known(self.user_id) if hours is not None else None,
        )  # fmt: skip

    # --- changes ----------------------------------------------------------------------------------

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Calls `listener` after every transaction, on the thread that wrote; returns the end."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def publish(self, changes: ChangeSet) -> None:
        """Tells everybody who shows records what was touched."""
        if changes.whole:
            self.titles.forget_all()
        for entity, ids in changes.touched.items():
            self.titles.forget(entity, ids)
        self.privacy.mark.changed(changes)
        if "records" in self.late:
            self.records.beginnings.changed(changes)
            self.records.rules.changed(changes)
        for listener in tuple(self._listeners):
            listener(changes)

    # --- the base ---------------------------------------------------------------------------------

    def is_dead(self, operation: Operation) -> bool:
        """Whether the seat of an unfinished operation cannot be at work any more."""
        if operation.seat == self.seat:
            return False
        if self.backend.exclusive:
            return os.environ.get("CRM_DESKTOP_LOCK_TOKEN") is None
        host, _colon, rest = operation.seat.partition(":")
        pid = rest.partition(":")[0]
        return host == socket.gethostname()[:30] and pid.isdecimal() and not _alive(int(pid))

    def refuse_reader(self) -> None:
        """SeatNeeded for one who may change nothing."""
        if self.read_only:
            raise SeatNeeded(self.read_only)

    def info(self, name: str) -> str:
        """A fact about the base such as its language; '' if it was never set."""
        table = self.tables.system("base_info")
        with self.backend.read() as connection:
            found = connection.execute(sa.select(table.c.content).where(table.c.name == name))
            return str(found.scalar() or "")

    def set_info(self, name: str, content: str) -> None:
        """Keeps a fact about the base."""
        self.refuse_reader()
        table = self.tables.system("base_info")
        with self.backend.write() as connection:
            self.backend.delete_keys(connection, table, ("name",), [(name,)])
            self.backend.insert_many(connection, table, ("name", "content"), [(name, content)])

    def close(self) -> None:
        """Ends the work on the base."""
        leaving, self.leaving = self.leaving, None
        with ExitStack() as ends:  # what refuses to end keeps nothing else open
            ends.callback(self.backend.close)
            if self.feed is not None:
                ends.callback(self.feed.close)
            if leaving is not None:
                ends.callback(leaving)
            ends.callback(self.seen.flush)


def _seat() -> str:
    """Names this run of the program: computer, process, person, chance."""
    try:
        person = getpass.getuser()
    except (KeyError, OSError):  # a computer without a name for its user
        person = "user"
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{person[:20]}:{secrets.token_hex(4)}"


def _alive(pid: int) -> bool:
    if os.name == "nt":
        import ctypes

        handle = ctypes.windll.kernel32.OpenProcess(0x1000, False, pid)  # type: ignore[attr-defined]
        if handle:
            ctypes.windll.kernel32.CloseHandle(handle)  # type: ignore[attr-defined]
        return bool(handle)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def create_base(
    address: str | Path, *, language: str = "", clock: Clock | None = None, company: str = "",
    country: str = "",
) -> Workspace:  # fmt: skip
    """A new base with its tables and first reference values; `UserError` if the place is taken.
    `country`: whose holidays hold there, if not those that fit language and computer."""
    backend = open_backend(address, create=True)
    try:
        chosen = language or i18n.language()
        _create_tables(backend, {
            "guid": str(uuid.uuid4()), "language": chosen, "company": company,
            "currency": "RUB" if chosen == "ru" else "USD", FINISHED: str(SCHEMA_VERSION),
            MARK: NO,
        })  # fmt: skip
        from crm_desktop.services.seeds import ready_views, seed  # of new bases only

        workspace = Workspace(backend, clock=clock)
        seed(workspace.records, workspace.catalogue, chosen, country)
        ready_views(workspace.views, workspace.catalogue, chosen)
        return workspace
    except BaseException:
        backend.close()
        raise


def _create_tables(backend: Backend, facts: dict[str, str]) -> None:
    """All tables and indexes of the built-in objects, stamped with the schema's version."""
    tables = Tables(build_catalogue())
    backend.run_ddl(create_statements(backend, tables))
    with backend.write() as connection:
        known = tables.system("base_info")
        backend.insert_many(connection, known, ("name", "content"), facts.items())
        backend.set_version(connection, SCHEMA_VERSION)


def open_base(
    address: str | Path, *, clock: Clock | None = None, upgrades: bool = True
) -> Workspace:  # fmt: skip
    """An existing base, brought to this program's schema and cleared of half-done work.

    Without `upgrades` a shared base that is older is left as it is: `UpgradeOffered` to its
    administrator (`services/server/upgrade`), `BaseTooOld` to everybody else.
    """
    backend = _let_in(address)
    try:
        if backend.version_found < SCHEMA_VERSION:
            from crm_desktop.models.migrations.upgrade import upgrade  # Alembic, only when needed

            refuse_to_upgrade(backend, upgrades=upgrades)
            if backend.exclusive:
                say(_("A copy of it is made first."))
            upgrade(backend, on_copy=lambda _path: say(_("The copy is made; tables are changed.")))
        from crm_desktop.services.opening import opened

        return opened(backend, str(address), clock)
    except BaseException:
        backend.close()
        raise


def _let_in(address: str | Path) -> Backend:
    """The base as this account has it; a sign-in that the server refuses is remembered."""
    try:
        return open_backend(address, newest=SCHEMA_VERSION)
    except DatabaseUnavailable as error:
        if error.field == "password" and is_server_address(address):
            from crm_desktop.services.audit import failed_sign_ins

            failed_sign_ins.keep(str(address))
        raise


def is_server(address: str | Path) -> bool:
    """Whether the address names a base on a server."""
    return is_server_address(address)
