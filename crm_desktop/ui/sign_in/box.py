"""The box behind a connection file: who are you, and your password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.ui.operations import Progress
from crm_desktop.ui.session import Session
from crm_desktop.ui.sign_in.code_part import CodePart, Drawn, draw
from crm_desktop.ui.theme import px
from crm_desktop.ui.upgrade_words import upgrade_words
from crm_desktop.ui.widgets.choices import CheckBox
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column
from crm_desktop.ui.widgets.strips import StripMessage

if TYPE_CHECKING:
    from crm_desktop.services.server.connection_file import Connection


class SignInBox(Dialog):
    """Stays until the base is open or the person gives up; what is wrong stands under its field."""

    grows = True

    def __init__(
        self, session: Session, connection: Connection, *, login: str = "",
        can_keep: bool = False, known: str = "", parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`known`: an address by which the server took the password already."""
        body = QWidget()
        name = connection.name or _stem(connection.base)
        super().__init__(_("Sign in to “{name}”").format(name=name), body, parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._session, self._connection, self._known = session, connection, known
        self.login, self.password = LineEdit(name=_("Your name")), LineEdit(name=_("Password"))
        self.login.setText(login)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.boxes = {
            "user": FieldBox(_("Your name"), self.login,
                             hint=_("The name that the administrator gave you, such as anna_s")),
            "password": FieldBox(_("Password"), self.password),
        }  # fmt: skip
        self.remember = CheckBox(_("Remember the password"))
        self.remember.setVisible(can_keep)
        self.code = CodePart()
        self.code.hide()
        self.boxes["code"] = self.code.box
        self.login.setReadOnly(bool(known))
        self.boxes["password"].setVisible(not known)
        self.trouble = StripMessage("", tone="bad")
        self.trouble.hide()
        self.news = Label("", "body", "text2", wrap=True)
        self.news.hide()
        place = Label(_("Server {server}").format(server=connection.shown), "small", "text3")
        fields = (self.boxes["user"], self.boxes["password"], self.code, self.remember)
        body.setLayout(column(place, self.trouble, self.news, *fields, None, gap=12))
        body.setMinimumWidth(px(400))
        self.leave = self.add_button(_("Cancel"), result=0)
        self.go = self.add_button(_("Sign in"), kind="primary")
        self.go.clicked.connect(self.submit)
        session.opening.connect(self._wait)
        session.upgrading.connect(self._tell)
        session.opened.connect(self._came_in)
        session.no_seat.connect(self._came_in)
        session.failed.connect(self._refuse)
        first = self.password if login else self.login
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        self._session.signing_in = True
        super().showEvent(event)

    def done(self, result: int) -> None:
        self._session.signing_in = False
        super().done(result)

    def submit(self) -> None:
        """Signs in by what is typed."""
        self._say("", "")
        login = self.login.text().strip()
        if not login:
            self._say("user", _("Type your name"))
            return
        if not self.password.text() and not self._known:
            self._say("password", _("Type your password"))
            return
        if self.code.isVisibleTo(self) and not self.code.text():
            self._say("code", _("Type the code"))
            return
        self._set_busy(True)
        self._session.open(self._shown(self._whole()))

    def _whole(self) -> str:
        """The address with the name and the password."""
        login = self.login.text().strip()
        return self._known or self._connection.address(login, self.password.text())

    def _shown(self, address: str) -> str:
        """With the code, where one was asked for."""
        if not self.code.isVisibleTo(self):
            return address
        from crm_desktop.models.backend.connect import with_code

        secret = self.code.secret
        return with_code(address, self.code.text(), secret.hex if secret is not None else "")

    def _wait(self, _address: str) -> None:
        """It is being opened, or upgraded first: whoever said yes to that pressed nothing here."""
        self._say("", "")
        self._set_busy(True)

    def _tell(self, state: Progress) -> None:
        name = self._connection.name or _stem(self._connection.base)
        self.news.setText(upgrade_words(name, state))
        self.news.show()

    def _came_in(self) -> None:
        if self.remember.isVisibleTo(self) and self.remember.isChecked():
            self._keep(self._whole())
        self.accept()

    def _keep(self, address: str) -> None:
        def work(_job: object) -> bool:
            from crm_desktop.services.os_integration.passwords import keep

            return keep(address)

        self._session.operations.run(work, owner=self._session, done=lambda _kept: None)

    def _refuse(self, error: UserError) -> None:
        self.news.hide()
        self._set_busy(False)
        self.ask(error)

    def ask(self, error: UserError) -> None:
        """What the server said: a sentence under a field, or a further field."""
        asked = error.field in ("code", "join")
        is_first = asked and not self.code.isVisibleTo(self)
        if asked:
            self.code.show()
        draws = error.field == "join" and self.code.secret is None
        if is_first:
            self._say("", "")
            self.code.take_focus()
        if draws:
            self._draw()
        if is_first or draws:
            return
        self._say("code" if asked else error.field or "", error.message)

    def _draw(self) -> None:
        login, name = self.login.text().strip(), self._connection.name
        office = name or self._connection.host

        def done(drawn: Drawn) -> None:
            self.code.show_picture(drawn)
            self.trouble.set_text(_("The office asks for a second factor: set it up to sign in."))
            self.trouble.show()
            self.adjustSize()

        self._session.operations.query(
            ("new second factor",), lambda _job: draw(login, office), owner=self, done=done
        )

    def _say(self, field: str, sentence: str) -> None:
        for key, box in self.boxes.items():
            box.set_error(sentence if key == field else "")
        elsewhere = bool(sentence) and field not in self.boxes
        self.trouble.set_text(sentence if elsewhere else "")
        self.trouble.setVisible(elsewhere)
        if sentence:
            chosen = self.boxes.get(field)
            if chosen is self.code.box:
                self.code.take_focus()
                return
            editor = chosen.editor if chosen is not None else self.password
            editor.setFocus(Qt.FocusReason.OtherFocusReason)
            if editor is self.password:  # it cannot be seen where it is wrong: typed anew
                self.password.selectAll()

    def _set_busy(self, busy: bool) -> None:
        if busy:  # else Cancel, which stays, would take the focus, and the next Enter
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        for part in (self.login, self.password, self.remember, self.code, self.go):
            part.setEnabled(not busy)
        self.go.setText(_("Signing in…") if busy else _("Sign in"))


def _stem(base: str) -> str:
    """A path or alias of a server without folders and ending: how a base is called that nobody
    has given a name."""
    name = base.replace("\\", "/").rpartition("/")[2]
    return name.rpartition(".")[0] or name
