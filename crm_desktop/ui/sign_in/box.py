"""The box behind a connection file: who are you, and your password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
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
    from crm_desktop.services.server.connection_file import Connection


class SignInBox(Dialog):
    """Stays until the base is open or the person gives up; what is wrong stands under its field."""

    def __init__(
        self, session: Session, connection: Connection, *, login: str = "",
        can_keep: bool = False, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        body = QWidget()
        name = connection.name or connection.base.replace("\\", "/").rpartition("/")[2]
        super().__init__(_("Sign in to “{name}”").format(name=name), body, parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._session, self._connection = session, connection
        self.login, self.password = LineEdit(name=_("Your name")), LineEdit(name=_("Password"))
        self.login.setText(login)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.boxes = {
            "user": FieldBox(_("Your name"), self.login,
                             hint=_("The name that the administrator gave you, such as ivanova_a")),
            "password": FieldBox(_("Password"), self.password),
        }  # fmt: skip
        self.remember = CheckBox(_("Remember the password"))
        self.remember.setVisible(can_keep)
        self.trouble = StripMessage("", tone="bad")
        self.trouble.hide()
        place = Label(_("Server {server}").format(server=connection.shown), "small", "text3")
        body.setLayout(column(place, self.trouble, *self.boxes.values(), self.remember, gap=12))
        body.setMinimumWidth(px(400))
        self.leave = self.add_button(_("Cancel"), result=0)
        self.go = self.add_button(_("Sign in"), kind="primary")
        self.go.clicked.connect(self.submit)
        session.opened.connect(self._came_in)
        session.no_seat.connect(self._came_in)
        session.failed.connect(self._refuse)
        first = self.password if login else self.login
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        """Signs in by what is typed."""
        self._say("", "")
        login = self.login.text().strip()
        if not login:
            self._say("user", _("Type your name"))
            return
        if not self.password.text():
            self._say("password", _("Type your password"))
            return
        self._set_busy(True)
        self._session.open(self._connection.address(login, self.password.text()))

    def _came_in(self) -> None:
        if self.remember.isVisibleTo(self) and self.remember.isChecked():
            self._keep(self._connection.address(self.login.text().strip(), self.password.text()))
        self.accept()

    def _keep(self, address: str) -> None:
        def work(_job: object) -> bool:
            from crm_desktop.services.passwords import keep

            return keep(address)

        self._session.operations.run(work, owner=self._session, done=lambda _kept: None)

    def _refuse(self, error: UserError) -> None:
        self._set_busy(False)
        self._say(error.field or "", error.message)

    def _say(self, field: str, sentence: str) -> None:
        for key, box in self.boxes.items():
            box.set_error(sentence if key == field else "")
        elsewhere = bool(sentence) and field not in self.boxes
        self.trouble.set_text(sentence if elsewhere else "")
        self.trouble.setVisible(elsewhere)
        if sentence:
            chosen = self.boxes.get(field)
            editor = chosen.editor if chosen is not None else self.password
            editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _set_busy(self, busy: bool) -> None:
        for part in (self.login, self.password, self.remember, self.go):
            part.setEnabled(not busy)
        self.go.setText(_("Signing in…") if busy else _("Sign in"))
