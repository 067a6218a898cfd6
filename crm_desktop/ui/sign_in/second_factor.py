"""One's own second factor: setting an app up, recovery codes, taking the app off."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import UserError
from crm_desktop.i18n import _, ngettext
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.session import Session
from crm_desktop.ui.sign_in.code_part import CodePart, Drawn
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.strips import StripMessage

if TYPE_CHECKING:
    from crm_desktop.models.backend.firebird_second import Own


class SecondFactorBox(Dialog):
    """`drawn`: a new secret, for whoever has no app yet."""

    grows = True

    def __init__(
        self, session: Session, navigator: Navigator, own: Own, drawn: Drawn | None, parent: QWidget
    ) -> None:
        body = QWidget()
        super().__init__(_("Second factor"), body, parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._session, self._navigator, self._own = session, navigator, own
        from crm_desktop.services.server.second_factor import CodesAhead

        self._ahead = CodesAhead(session.base.login)
        self.trouble = StripMessage("", tone="bad")
        self.state = Label(_state(own), "body", "text2", wrap=True)
        self.part = CodePart()
        self.codes, self.other_codes = Label("", "title"), Label("", "title")
        for half in (self.codes, self.other_codes):
            half.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            half.hide()
        self.trouble.hide()
        if drawn is not None:
            self.part.show_picture(drawn)
        self.part.setVisible(drawn is not None or own.made)
        body.setLayout(column(self.trouble, self.state, self.part,
                              row(self.codes, self.other_codes, None, gap=32), gap=12))  # fmt: skip
        body.setMinimumWidth(px(520))
        self.leave = self.add_button(_("Close"), result=0)
        self._buttons()
        if self.part.isVisibleTo(self):
            self.part.take_focus()

    def _buttons(self) -> None:
        own = self._own
        if not own.has:
            self.go = self.add_button(_("Turn on"), kind="primary")
            self.go.clicked.connect(self.turn_on)
            return
        self.off = self.add_button(_("Turn off"))
        self.off.setVisible(not own.wanted and own.made)
        self.off.clicked.connect(self.turn_off)
        self.go = self.add_button(
            _("New recovery codes") if own.made else _("Show recovery codes"), kind="primary"
        )
        self.go.clicked.connect(self.new_codes)

    def turn_on(self) -> None:
        """Ties the app to the account by the code that it shows."""
        base, secret, code = self._session.base, self.part.secret, self.part.text()
        ahead = self._ahead
        assert secret is not None

        def work(_job: object) -> list[str]:
            from crm_desktop.services.server.second_factor import turn_on

            return turn_on(base, secret, code, ahead)

        self._run(work, self._show_codes)
        self._say_wait()

    def new_codes(self) -> None:
        """Other recovery codes, or the first ones."""
        base, code = self._session.base, self.part.text() if self._own.made else ""
        ahead = self._ahead

        def work(_job: object) -> list[str]:
            from crm_desktop.services.server.second_factor import new_codes

            return new_codes(base, code, ahead)

        if self._own.made and not code:
            self._refuse(UserError(_("Type the six digits that the app shows now"), field="code"))
            return
        self._run(work, self._show_codes)
        self._say_wait()

    def _say_wait(self) -> None:
        if not self._ahead.ready:
            self.state.setText(_("Recovery codes are being made: a moment"))

    def turn_off(self) -> None:
        """No code is asked any more."""
        base, code = self._session.base, self.part.text()

        def work(_job: object) -> None:
            from crm_desktop.services.server.second_factor import turn_off

            turn_off(base, code)

        def done(_nothing: object) -> None:
            self._navigator.toast(_("Codes are asked no more"))
            self.accept()

        self._run(work, done)

    def _show_codes(self, codes: list[str]) -> None:
        self.state.setText(
            _("Codes are asked from now on. Print or write down these recovery codes: each opens "
              "the base once, without the telephone. They are shown only now.")
        )  # fmt: skip
        half = (len(codes) + 1) // 2
        for label, some in ((self.codes, codes[:half]), (self.other_codes, codes[half:])):
            label.setText("\n".join(some))
            label.show()
        for part in (self.part, self.trouble, self.go, getattr(self, "off", self.go)):
            part.hide()
        copy = self.add_button(_("Copy"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText("\n".join(codes)))
        self.leave.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, self, self.adjustSize)  # what was hidden just now counts no more then

    def _run(self, work: Callable[[Any], Any], done: Callable[[Any], None]) -> None:
        self.go.setEnabled(False)
        self.trouble.hide()
        self.part.box.set_error("")
        self._session.operations.run(work, owner=self, done=done, failed=self._refuse)

    def _refuse(self, error: UserError) -> None:
        self.go.setEnabled(True)
        self.state.setText(_state(self._own))
        if error.field == "code" and self.part.isVisibleTo(self):
            self.part.box.set_error(error.message)
            self.part.take_focus()
            return
        self.trouble.set_text(error.message)
        self.trouble.show()


def _state(own: Own) -> str:
    if not own.has:
        return _("Beside the password the program will ask for six digits that an app on your "
                 "telephone shows: who learns your password gets in nowhere.")  # fmt: skip
    if not own.made:
        return _("An app is set up. Make recovery codes now: without them a lost telephone is a "
                 "matter for the administrator.")  # fmt: skip
    said = ngettext(
        "An app is set up. {count} recovery code is left.",
        "An app is set up. {count} recovery codes are left.", own.codes,
    )  # fmt: skip
    return said.format(count=own.codes)
