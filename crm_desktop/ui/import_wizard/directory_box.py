"""The box that asks which directory of people, as whom, and who of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import CheckBox
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.strips import StripMessage

_WIDE = 580
_EXAMPLE = "ldaps://dc.office.example/ou=People,dc=office,dc=example"


class DirectoryBox(Dialog):
    """The password is handed over and kept nowhere."""

    grows = True

    def __init__(self, address: str, name: str, ask: Callable[[], None], parent: QWidget) -> None:
        self.address = LineEdit(address, name=_("Address"), placeholder=_EXAMPLE)
        self.name = LineEdit(name, name=_("Sign in as"), placeholder="cn=reader,dc=office")
        self.password = LineEdit("", name=_("Password"))
        self.password.setEchoMode(LineEdit.EchoMode.Password)
        self.authority = LineEdit("", name=_("Certificate of who signed for the server"))
        self.choose = Button(_("Choose…"), "folder-open")
        self.choose.clicked.connect(self._choose)
        self.plain = CheckBox(_("Without TLS: anybody on the line can read along"))
        self.trouble = StripMessage("", tone="bad")
        self.trouble.hide()
        self._address = FieldBox(_("Address"), self.address, required=True, hint=_(
            "Behind the base a filter may follow: …??sub?(department=Sales)"
        ))  # fmt: skip
        said = _("People are asked for over LDAP and shown before anything is written. The "
                 "password is kept nowhere.")  # fmt: skip
        signed = row(self.authority, self.choose, gap=8)
        signed.setStretch(0, 1)
        holder = QWidget()
        holder.setLayout(signed)
        body = QWidget()
        body.setLayout(column(
            self.trouble, Label(said, "body", "text2", wrap=True), self._address,
            FieldBox(_("Sign in as"), self.name), FieldBox(_("Password"), self.password),
            FieldBox(_("Certificate of who signed for the server"), holder), self.plain, gap=12,
        ))  # fmt: skip
        super().__init__(_("From a directory of people"), body, parent)
        self._ask = ask
        self.add_button(_("Cancel"), result=0)
        self.go = self.add_button(_("Ask for people"), kind="primary")
        self.go.clicked.connect(self._go)
        self.keep_whole(px(_WIDE))
        self.finished.connect(self.deleteLater)

    def _choose(self) -> None:
        dialog = QFileDialog(self, _("Certificate of who signed for the server"), "", "*.pem *.crt")
        dialog.fileSelected.connect(self.authority.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def signed_by(self) -> Path | None:
        """The file that was named."""
        text = self.authority.text().strip()
        return Path(text) if text else None

    def _go(self) -> None:
        if not self.address.text().strip():
            self._address.set_error(_("Say where the directory is"))
            return
        self.go.setEnabled(False)
        self.trouble.hide()
        self._ask()

    def say(self, sentence: str, field: str = "") -> None:
        """Why nobody has come; it can be tried again. `field`: what is missing, to be typed."""
        self.go.setEnabled(True)
        self.trouble.set_text(sentence)
        self.trouble.show()
        if field == "authority":
            self.authority.setFocus(Qt.FocusReason.OtherFocusReason)
