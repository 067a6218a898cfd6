"""Session: the base that is open in the window, or none; handed to every page.

Opening and making a base run in the worker. What the base tells about itself (changes, another
catalogue) arrives on other threads and is passed on here on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Qt, Signal, Slot

from crm_desktop.errors import DatabaseUnavailable, UserError
from crm_desktop.settings import (
    WORKS_AS,
    Settings,
    phone_region,
    remember_base,
    without_code,
    without_password,
)
from crm_desktop.ui.operations import Job, Operations
from crm_desktop.ui.refusals import Refusals
from crm_desktop.ui.seat import Seat
from crm_desktop.ui.server_line.line import Line

if TYPE_CHECKING:  # SQLAlchemy must not be imported before the first paint
    from crm_desktop.models.catalogue.catalogue import Catalogue
    from crm_desktop.services.licensing.entry import Entry
    from crm_desktop.services.licensing.licence import PublicKeys
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.services.writing.changes import ChangeSet


CONNECTION_ENDING = ".crmconn"
"""How the names of files end that say where a base on a server is."""


class Session(QObject):
    """The open base and what pages need beside it."""

    opening = Signal(str)
    """The address of the base that is being opened or made."""
    upgrading = Signal(object)
    """The `Progress` of the base that is being opened: it is older than the program."""
    connection_wanted = Signal(str)
    """A connection file was to be opened: whoever signs in opens the base that it names."""
    sign_in_wanted = Signal(str)
    """The password of a base on a server is to be typed anew: its address without one."""
    opened = Signal()
    no_seat = Signal()
    """The base could be opened, but all seats are taken: `waiting` holds it until one is free."""
    leaving = Signal()
    """The open base is about to be closed; asked for nothing more after this."""
    closed = Signal()
    failed = Signal(object)
    """A `UserError`: the base could not be opened or made. `failed_address` names it."""
    changed = Signal(object)
    """A `ChangeSet`, after every transaction."""
    catalogue_changed = Signal()
    """Objects or fields were added or changed; `workspace.catalogue` is the new one."""
    person_changed = Signal()
    """Another colleague works here: `workspace.user_id` is the new one."""
    texts_wanted = Signal(object)
    """A list to which every form adds what is typed in it and not saved."""
    drafted = Signal(object)
    """A `Drafted`: what is typed and not saved, or that it is no more."""
    noted = Signal(object, object)
    """(record, texts): a note about it is saved; where one of the texts stands, it is done with."""
    copied = Signal()
    """A copy of the open base was made."""
    _told = Signal(object, object)

    def __init__(
        self, settings: Settings, operations: Operations, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.settings = settings
        self.operations = operations
        self.workspace: Workspace | None = None
        self.address = ""
        """Of the open base, without a password: settings are kept under it, in clear."""
        self.whole_address = ""
        """As the base was opened by, for processes of our own; never written anywhere."""
        self.office = ""
        """What the office calls the open base; '' if it is local or has no name."""
        self.failed_address = ""
        self.signing_in = False
        """A box asks for name and password, and says itself why the base is not open."""
        self.busy = False
        """A base is being opened or made."""
        self._catalogue: Catalogue | None = None
        self._unlisten: Callable[[], None] | None = None
        self.seat = Seat(operations, self)
        """Of a base on a server, where the licence says how many work at once."""
        self.waiting: Opened | None = None
        """A base that lacks a seat."""
        self.licence_keys: PublicKeys | None = None
        """Others than those built in; for tests."""
        self.line = Line(self)
        """To a base on a server; holds always where the base is local."""
        self._told.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self.refusals = Refusals(self)
        """Why what is grey is grey."""
        self.line.seats.connect(self.seat.beat)
        operations.unreachable.connect(self.line.doubt)
        operations.giving_back.connect(self._spare_memory)

    @property
    def base(self) -> Workspace:
        """The open base, for code that runs only while there is one."""
        assert self.workspace is not None, "no base is open"
        return self.workspace

    @property
    def in_sight(self) -> Workspace | None:
        """The open base, or the one at whose door one waits for a seat."""
        if self.workspace is not None or self.waiting is None:
            return self.workspace
        return self.waiting.workspace

    def open(self, address: str) -> None:
        """Opens a base and closes the one that was open; `opened` or `failed` follows."""
        if address.lower().endswith(CONNECTION_ENDING):
            self.connection_wanted.emit(address)
            return

        def work(job: Job) -> Opened:
            from crm_desktop.services.os_integration.passwords import with_password
            from crm_desktop.services.upgrading.progress import told
            from crm_desktop.services.workspace import open_base

            whole = with_password(address)
            with told(job.progress):
                opened = self._prepared(open_base(whole, upgrades=False))
            return self._seated(Opened(opened, opened.backend.passed(whole)))

        self._start(address, work)

    def upgrade(self, address: str) -> None:
        """Copies an older base on a server, brings it to this version and opens it."""

        def work(job: Job) -> Opened:
            from crm_desktop.services.os_integration.passwords import with_password
            from crm_desktop.services.server.upgrade import COPIES, upgrade_base
            from crm_desktop.services.upgrading.progress import say, told
            from crm_desktop.services.workspace import open_base

            whole = with_password(address)
            with told(job.progress):
                upgrade_base(whole, self.settings.path.parent / COPIES, say)
            opened = self._prepared(open_base(whole, upgrades=False))
            return self._seated(Opened(opened, opened.backend.passed(whole)))

        self._start(address, work)

    def create(self, address: str, language: str) -> None:
        """Makes a new base and opens it."""

        def work(job: Job) -> Opened:
            from crm_desktop.services.workspace import create_base

            made = create_base(address, language=language)
            return self._seated(Opened(self._prepared(made), address))

        self._start(address, work)

    def leave(self, error: UserError) -> None:
        """The open base can be worked in no longer: it is closed, and `failed` says why."""
        address = self.address
        self.close()
        self._give_up(address, error)

    def close(self) -> None:
        """Closes the base once all writes that were asked for are done; `closed` follows."""
        self.leave_door()
        if self.workspace is not None:
            self.leaving.emit()
        workspace = self._let_go()
        if workspace is not None:
            self.operations.forget_all()
            self.operations.run(
                lambda job: workspace.close(), owner=self, done=lambda _nothing: None
            )
            self.closed.emit()

    def come_in(self) -> None:
        """Whoever waited for a seat has one, or reads only: `opened` follows."""
        waiting, self.waiting = self.waiting, None
        if waiting is not None:
            self._take(waiting)

    def leave_door(self) -> None:
        """Nobody waits for a seat any more."""
        waiting, self.waiting = self.waiting, None
        if waiting is not None:
            self.operations.run(
                lambda _job: waiting.workspace.close(), owner=self, done=lambda _nothing: None
            )

    def is_told(self, error: UserError) -> bool:
        """Whether the strip about the lost line says it already; not every question says it."""
        return isinstance(error, DatabaseUnavailable) and not self.line.holds

    def work_as(self, person: int | None) -> None:
        """From now on changes to this base are made in the name of that colleague, or nobody's."""
        self.base.work_as(person)
        self.settings.put_entry(WORKS_AS, self.address, person)
        self.person_changed.emit()

    def come_back(self) -> None:
        """The person looked for another base and stays with the open one: `opened` follows."""
        if self.workspace is not None:
            self.opened.emit()

    # --- inside -----------------------------------------------------------------------------------

    def _start(self, address: str, work: Callable[[Job], Opened]) -> None:
        self.busy = True  # before the old base goes: nobody is to offer another one meanwhile
        self.close()
        self.opening.emit(address)
        self.operations.run(
            work, owner=self, title=address,
            done=self._take, progress=self.upgrading.emit,
            failed=lambda error: self._give_up(address, error),
        )  # fmt: skip

    def _prepared(self, workspace: Workspace) -> Workspace:
        """In the worker: the base works for the person who sits here."""
        from crm_desktop.services.only_colleague import only_colleague

        workspace.region = phone_region(self.settings)
        alone = only_colleague(workspace)
        if alone is not None:
            workspace.work_as(alone)
        self.line.begin(workspace)
        return workspace

    def _seated(self, opened: Opened) -> Opened:
        """In the worker: a seat is taken, where the base has seats."""
        if opened.workspace.backend.exclusive:
            return opened
        from crm_desktop.services.licensing.entry import enter

        try:
            return opened._replace(entry=enter(opened.workspace, keys=self.licence_keys))
        except BaseException:
            opened.workspace.close()
            raise

    def _take(self, opened: Opened) -> None:
        self.busy = False
        if opened.entry is not None and not opened.entry.taken.is_inside:
            self.waiting = opened
            self.no_seat.emit()
            return
        workspace = opened.workspace
        self.workspace, self.whole_address = workspace, opened.address
        self.address = without_password(opened.address)
        self._catalogue = workspace.catalogue
        self.line.follow(workspace)
        self.seat.follow(opened.entry)
        self._unlisten = workspace.listen(lambda changes: self._told.emit(workspace, changes))
        self.office = opened.entry.standing.office if opened.entry is not None else ""
        remember_base(self.settings, self.address, self.office)
        self.opened.emit()

    def _spare_memory(self) -> None:
        if self.workspace is not None:
            backend = self.workspace.backend
            self.operations.query(
                ("memory", id(self)), lambda _job: backend.spare_memory(), owner=self,
                done=lambda _none: None,
            )  # fmt: skip

    def _give_up(self, address: str, error: UserError) -> None:
        self.busy = False
        self.failed_address = without_code(address)  # it is shown, and a code is good once
        self.failed.emit(error)

    def _let_go(self) -> Workspace | None:
        workspace, self.workspace = self.workspace, None
        self.address = self.whole_address = self.office = ""
        self._catalogue = None
        self.line.follow(None)
        self.seat.follow(None)
        if self._unlisten is not None:
            self._unlisten()
            self._unlisten = None
        return workspace

    @Slot(object, object)
    def _tell(self, workspace: Workspace, changes: ChangeSet) -> None:
        if workspace is not self.workspace:  # closed since
            return
        if workspace.catalogue is not self._catalogue:
            self._catalogue = workspace.catalogue
            self.catalogue_changed.emit()
        self.changed.emit(changes)


class Opened(NamedTuple):
    """A base and the address it was opened by, with the password if it has one."""

    workspace: Workspace
    address: str
    entry: Entry | None = None
    """How it stands with its seat; None for a local base."""
