"""Lets a colleague sign in: the proposed name, and then the first password, shown once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.choices import CheckBox
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column
from crm_desktop.ui.widgets.strips import StripMessage

if TYPE_CHECKING:
    from crm_desktop.services.server.accounts import Person
    from crm_desktop.services.workspace import Workspace


class Standing:
    """How a colleague stands: the account there is, or the name proposed for one."""

    def __init__(self, name: str, person: Person | None, proposed: str) -> None:
        self.name, self.person, self.proposed = name, person, proposed


def standing(base: Workspace, ref: Ref) -> Standing:
    """Asks the server; in the worker."""
    from crm_desktop.services.server import accounts

    found = next((one for one in accounts.people(base) if one.colleague == ref.id), None)
    name = base.titles.of([ref])[ref].text
    return Standing(name, found, "" if found else accounts.proposal(base, ref.id))


class LetInBox(Dialog):
    """For the administrator, about one colleague."""

    grows = True

    def __init__(
        self, session: Session, navigator: Navigator, ref: Ref, stands: Standing, parent: QWidget
    ) -> None:
        body = QWidget()
        person = stands.person
        title = _("Let {name} sign in") if person is None else _("How {name} signs in")
        super().__init__(title.format(name=stands.name), body, parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._session, self._navigator, self._ref, self._stands = session, navigator, ref, stands
        self.login = LineEdit(name=_("Name to sign in with"))
        self.login.setText(person.login if person else stands.proposed)
        self.login.setReadOnly(person is not None)
        self.field = FieldBox(
            _("Name to sign in with"), self.login,
            hint="" if person else _("Latin letters and figures; it cannot be changed later"),
        )  # fmt: skip
        self._strange = ""
        self.login.textEdited.connect(self._ask_anew)
        self.administrator = CheckBox(_("Administrator: adds objects and fields, lets others in"))
        self.administrator.setVisible(person is None)
        self.trouble = StripMessage("", tone="bad")
        self.state = Label(_state(person), "body", "text2", wrap=True)
        self.state.setVisible(person is not None)
        self.once = Label("", "figure")
        self.once.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.said = Label("", "body", "text2", wrap=True)
        for part in (self.trouble, self.once, self.said):
            part.hide()
        body.setLayout(column(self.trouble, self.field, self.administrator, self.state, self.said,
                              self.once, gap=12))  # fmt: skip
        body.setMinimumWidth(px(420))
        self._buttons()

    def _buttons(self) -> None:
        person = self._stands.person
        self.close_button = self.add_button(_("Cancel"), result=0)
        if person is None:
            self.go = self.add_button(_("Let sign in"), kind="primary")
            self.go.clicked.connect(self.let_in)
            return
        blocking = _("Block") if person.is_active else _("Let sign in again")
        self.block = self.add_button(blocking)
        self.block.clicked.connect(self.change_block)
        self.go = self.add_button(_("New password"), kind="primary")
        self.go.clicked.connect(self.new_password)

    def let_in(self) -> None:
        """Makes the account."""
        base, ref, login = self._session.base, self._ref, self.login.text()
        administrator, is_theirs = self.administrator.isChecked(), login == self._strange

        def work(_job: object) -> tuple[str, str]:
            from crm_desktop.services.server.accounts import let_in

            done = let_in(base, login, ref.id, administrator=administrator, is_theirs=is_theirs)
            return done.login, done.password

        self._run(work, lambda told: self._show_once(*told))

    def new_password(self) -> None:
        """Makes another first password."""
        base, login = self._session.base, self.login.text()

        def work(_job: object) -> tuple[str, str]:
            from crm_desktop.services.server.accounts import new_password

            return login, new_password(base, login)

        self._run(work, lambda told: self._show_once(*told))

    def change_block(self) -> None:
        """Blocks the account, or lets it sign in again."""
        base, login, person = self._session.base, self.login.text(), self._stands.person
        assert person is not None

        def work(_job: object) -> None:
            from crm_desktop.services.server.accounts import block, unblock

            (block if person.is_active else unblock)(base, login)

        def done(_nothing: object) -> None:
            said = _("{login} is blocked") if person.is_active else _("{login} may sign in now")
            self._navigator.toast(said.format(login=login))
            self.accept()

        self._run(work, done)

    def _run(self, work: object, done: object) -> None:
        self._set_busy(True)
        self._session.operations.run(
            work,
            owner=self,
            done=done,
            failed=self._refuse,  # type: ignore[arg-type]
        )

    def _show_once(self, login: str, password: str) -> None:
        self.login.setText(login)
        self.login.setReadOnly(True)
        for part in (self.administrator, self.state, self.go):
            part.hide()
        if self._stands.person is not None:
            self.block.hide()
        self.field.set_error("")
        self.said.setText(
            _("Tell the name and this password to {name}. The password is shown only now; at the "
              "first sign-in the program asks for another one.").format(name=self._stands.name)
            if password
            else _("The server knew this account: its password stays.")
        )  # fmt: skip
        self.said.show()
        self.once.setText(password)
        self.once.setVisible(bool(password))
        if password:
            copy = self.add_button(_("Copy"))
            copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(password))
        self.close_button.setText(_("Close"))
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _refuse(self, error: UserError) -> None:
        self._set_busy(False)
        at_login = error.field == "login"
        self.field.set_error(error.message if at_login else "")
        self.trouble.set_text("" if at_login else error.message)
        self.trouble.setVisible(not at_login)
        from crm_desktop.services.server.accounts import StrangeAccount

        if isinstance(error, StrangeAccount):
            self._strange = self.login.text()
            self.go.setText(_("It is: let in"))

    def _ask_anew(self) -> None:
        if self._strange:
            self._strange = ""
            self.field.set_error("")
            self.go.setText(_("Let sign in"))

    def _set_busy(self, busy: bool) -> None:
        self.go.setEnabled(not busy)
        if self._stands.person is not None:
            self.block.setEnabled(not busy)


def _state(person: Person | None) -> str:
    if person is None:
        return ""
    if not person.is_active:
        return _("Blocked: nobody signs in by this account.")
    words = [_("Administrator of the base.")] if person.is_administrator else []
    if person.is_first_password:
        words.append(_("Has not chosen an own password yet."))
    return " ".join(words) or _("May sign in.")
