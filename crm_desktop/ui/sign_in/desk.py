"""What the window does about accounts: connection files, one's own password, letting others in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from crm_desktop import settings as s
from crm_desktop.errors import UserError
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.shared_traits import SignsIn
from crm_desktop.ui.actions import Action
from crm_desktop.ui.main_window.window import MainWindow
from crm_desktop.ui.navigation import RECORD
from crm_desktop.ui.page import Page

if TYPE_CHECKING:
    from crm_desktop.models.backend.firebird_second import Own
    from crm_desktop.services.server.connection_file import Connection
    from crm_desktop.ui.sign_in.box import SignInBox
    from crm_desktop.ui.sign_in.code_part import Drawn
    from crm_desktop.ui.sign_in.let_in import LetInBox, Standing
    from crm_desktop.ui.sign_in.own_password import OwnPasswordBox
    from crm_desktop.ui.sign_in.second_factor import SecondFactorBox

SUFFIX = ".crmconn"
GROUP = N_("Base on a server")


class Found(NamedTuple):
    """What a connection file leads to: whom this computer knows, and whether by a kept password."""

    connection: Connection
    login: str
    address: str
    """With the password that was kept; '' if it is to be typed."""
    can_keep: bool


class SignInDesk(QObject):
    """One a window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._w = window
        self.box: SignInBox | OwnPasswordBox | LetInBox | SecondFactorBox | None = None
        session = window.session
        session.connection_wanted.connect(self.open_file)
        session.sign_in_wanted.connect(self.sign_in)
        session.opened.connect(self._opened)
        session.failed.connect(self._asked_more)
        window.actions.add(
            Action("let-in", N_("Let sign in…"), self.let_in, "lock", "", group=GROUP,
                   enabled=lambda: self._pointed() is not None),
            Action("own-password", N_("Change my password…"), lambda: self.own_password(), "lock",
                   "", group=GROUP, enabled=self._on_server),
            Action("second-factor", N_("Second factor…"), self.second_factor, "shield", "",
                   group=GROUP, enabled=self._on_server),
            Action("connection-file", N_("Save connection file…"), self.save_file, "save", "",
                   group=GROUP, enabled=self._on_server),
        )  # fmt: skip

    def _on_server(self) -> bool:
        base = self._w.session.workspace
        return base is not None and bool(base.login)

    # --- connection files -------------------------------------------------------------------------

    def open_file(self, path: str) -> None:
        """Leads into the base that a connection file names."""
        known = self._w.session.settings.get(s.RECENT_BASES)

        def failed(error: UserError) -> None:
            self._w.session.failed_address = path
            self._w.session.failed.emit(error)

        self._w.session.operations.query(
            ("connection file",), lambda _job: look(Path(path), known), owner=self,
            done=self._found, failed=failed,
        )  # fmt: skip

    def _found(self, found: Found) -> None:
        session = self._w.session
        if found.address:
            # Without it: the session finds the password again, and a wrong one can be typed anew.
            session.open(s.without_password(found.address))
            return
        if session.workspace is None:
            self._w.show_welcome()
        from crm_desktop.ui.sign_in.box import SignInBox

        self._show(SignInBox(
            session, found.connection, login=found.login, can_keep=found.can_keep,
            parent=self._w.view,
        ))  # fmt: skip

    def sign_in(self, address: str) -> None:
        """Asks for the password of a base that is known by its address."""

        def done(can_keep: bool) -> None:
            from crm_desktop.services.server.connection_file import of_address
            from crm_desktop.ui.sign_in.box import SignInBox

            place = of_address(address, s.name_of_base(self._w.session.settings, address))
            self._show(SignInBox(
                self._w.session, place, login=place.login_of(address), can_keep=can_keep,
                parent=self._w.view,
            ))  # fmt: skip

        self._w.session.operations.query(
            ("sign in",), lambda _job: _can_keep(), owner=self, done=done
        )

    def _asked_more(self, error: UserError) -> None:
        """The server took the password and asks for a code besides; a box that is open asks for it
        itself."""
        if error.field not in ("code", "join") or self.box is not None:
            return
        from crm_desktop.services.server.connection_file import of_address
        from crm_desktop.ui.sign_in.box import SignInBox

        address = self._w.session.failed_address
        place = of_address(address, s.name_of_base(self._w.session.settings, address))
        box = SignInBox(self._w.session, place, login=place.login_of(address),
                        known=s.without_code(address), parent=self._w.view)  # fmt: skip
        box.ask(error)
        self._show(box)

    def save_file(self) -> QFileDialog:
        """Asks where the connection file of the open base goes."""
        session = self._w.session
        base = session.base
        name = (session.office or base.backend.title).replace("/", " ") + SUFFIX
        kind = _("Connection files (*{ending})").format(ending=SUFFIX)
        box = QFileDialog(self._w.view, _("Save connection file"), name, kind)
        box.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        box.setDefaultSuffix(SUFFIX[1:])
        box.fileSelected.connect(self.write_file)
        box.finished.connect(box.deleteLater)
        box.open()
        return box

    def write_file(self, path: str) -> None:
        """Writes the connection file of the open base."""
        session = self._w.session
        base, address = session.base, session.address

        def work(_job: object) -> Connection:
            from crm_desktop.services.server import connection_file as files

            place = files.of_address(address, base.info("company"))
            files.write_connection(Path(path), place)
            return place

        def done(place: Connection) -> None:
            said = _("{file} was written: put it where your colleagues find it")
            if place.is_this_computer:
                said = _("{file} was written, but it says “{host}”, which every computer takes for "
                         "itself: open the base by the server’s name first")  # fmt: skip
            self._w.navigator.toast(
                said.format(file=Path(path).name, host=place.host),
                tone="warn" if place.is_this_computer else "ok",
            )

        session.operations.run(work, owner=self, done=done)

    # --- one's own password -----------------------------------------------------------------------

    def _opened(self) -> None:
        base = self._w.session.workspace
        if base is None or not base.login:
            return

        def work(_job: object) -> tuple[str, bool, str]:
            from crm_desktop.services.audit import service as audit
            from crm_desktop.services.server import second_factor
            from crm_desktop.services.server.password_rules import why_change

            audit.note(base, audit.SIGNED_IN)
            own = second_factor.own(base)
            used = second_factor.said_left(own.codes) if base.backend.by_recovery_code else ""
            return why_change(base), own.has and not own.made, used

        def done(told: tuple[str, bool, str]) -> None:
            reason, lacks_codes, used = told
            if base is not self._w.session.workspace:
                return
            if used:
                self._w.navigator.toast(used, tone="warn")
            if reason:
                self.own_password(reason)
            elif lacks_codes:
                self.second_factor()

        self._w.session.operations.query(
            ("first password",), work, owner=self, done=done, failed=_another_time
        )

    def own_password(self, reason: str = "") -> None:
        """Asks for another password; with a reason, whoever does not change it leaves the base."""
        base = self._w.session.base

        def work(_job: object) -> int:
            from crm_desktop.services.server.password_rules import password_rules

            return password_rules(base).least

        def done(least: int) -> None:
            if base is self._w.session.workspace:
                self._ask_password(reason, least)

        self._w.session.operations.query(
            ("password rules",), work, owner=self, done=done, failed=self._w.navigator.refuse
        )

    def _ask_password(self, reason: str, least: int) -> None:
        from crm_desktop.services.server.password_rules import REASONS
        from crm_desktop.ui.sign_in.own_password import OwnPasswordBox

        session = self._w.session
        why = _(REASONS[reason]) if reason else ""
        box = OwnPasswordBox(session, self._w.navigator, why=why, least=least, parent=self._w.view)
        if reason:
            box.rejected.connect(self._leave)
        self._show(box)

    def _leave(self) -> None:
        self._w.session.close()
        self._w.show_welcome()

    # --- one's own second factor ------------------------------------------------------------------

    def second_factor(self) -> None:
        """Opens the box about the app that shows codes."""
        from crm_desktop.ui.sign_in.code_part import draw

        base = self._w.session.base

        def work(_job: object) -> tuple[Own, Drawn | None]:
            from crm_desktop.services.server.second_factor import own

            stands = own(base)
            office = base.info("company") or base.backend.title
            return stands, None if stands.has else draw(base.login, office)

        def done(told: tuple[Own, Drawn | None]) -> None:
            from crm_desktop.ui.sign_in.second_factor import SecondFactorBox

            if base is self._w.session.workspace:
                self._show(SecondFactorBox(self._w.session, self._w.navigator, *told, self._w.view))

        self._w.session.operations.query(
            ("second factor",), work, owner=self, done=done, failed=self._w.navigator.refuse
        )

    # --- letting others in ------------------------------------------------------------------------

    def _pointed(self) -> Ref | None:
        """The colleague in front, for an administrator of a base on a server."""
        page, base, place = self._w.pages.page, self._w.session.workspace, self._w.pages.place
        if base is None or not base.login or not base.administers or place is None:
            return None
        if place.kind == RECORD and place.id:
            ref: Ref | None = Ref(place.entity, place.id)
        else:
            ref = page.pointed() if isinstance(page, Page) else None
        known = ref is not None and ref.id > 0 and base.catalogue.has(ref.entity)
        return ref if known and ref and base.catalogue[ref.entity].trait(SignsIn) else None

    def let_in(self) -> None:
        """Opens the box about the colleague in front."""
        ref, base = self._pointed(), self._w.session.workspace
        if ref is None or base is None:
            return
        from crm_desktop.ui.sign_in.let_in import standing

        self._w.session.operations.query(
            ("account",), lambda _job: standing(base, ref), owner=self,
            done=lambda stands: self._show_let_in(ref, stands), failed=self._w.navigator.refuse,
        )  # fmt: skip

    def _show_let_in(self, ref: Ref, stands: Standing) -> None:
        from crm_desktop.ui.sign_in.let_in import LetInBox

        self._show(LetInBox(self._w.session, self._w.navigator, ref, stands, self._w.view))

    def _show(self, box: SignInBox | OwnPasswordBox | LetInBox | SecondFactorBox) -> None:
        if getattr(self.box, "forced", False):
            box.deleteLater()
            return
        if self.box is not None:
            self.box.reject()
        self.box = box
        box.finished.connect(lambda _result: self._forget(box))
        box.open()

    def _forget(self, box: SignInBox | OwnPasswordBox | LetInBox | SecondFactorBox) -> None:
        if self.box is box:
            self.box = None
        box.deleteLater()


def look(path: Path, recent: list[str]) -> Found:
    """Reads a connection file and who signed in here last; in the worker."""
    from crm_desktop.services.os_integration.passwords import can_keep, with_password
    from crm_desktop.services.server import connection_file as files

    connection = files.read_connection(path)
    for address in recent:
        login = connection.login_of(address)
        if login:
            whole = with_password(address)
            return Found(connection, login, whole if whole != address else "", can_keep())
    return Found(connection, "", "", can_keep())


def _can_keep() -> bool:
    from crm_desktop.services.os_integration.passwords import can_keep

    return can_keep()


def _another_time(_error: UserError) -> None:
    """The base is away: it is asked at the next opening."""
