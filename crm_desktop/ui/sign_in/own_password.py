"""A password of one's own: asked for after the first sign-in, and whenever somebody wants."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column


class OwnPasswordBox(Dialog):
    """The new password twice; `why`: the present one is no longer enough, in a sentence, and
    whoever does not change it leaves the base."""

    grows = True

    def __init__(
        self, session: Session, navigator: Navigator, *, why: str, least: int, parent: QWidget
    ) -> None:
        body = QWidget()
        super().__init__(_("Choose your password"), body, parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._session, self._navigator = session, navigator
        self.fields = {
            key: FieldBox(label, _hidden(label), hint=hint)
            for key, label, hint in (
                ("password", _("New password"), _("{count} letters or more").format(count=least)),
                ("again", _("Once more"), ""),
            )
        }
        self.forced = bool(why)
        said = Label(why, "body", "text2", wrap=True)
        said.setVisible(self.forced)
        body.setLayout(column(said, *self.fields.values(), gap=12))
        body.setMinimumWidth(px(400))
        leaving = _("Leave the base") if self.forced else _("Cancel")
        self.leave = self.add_button(leaving, result=0)
        self.go = self.add_button(_("Change the password"), kind="primary")
        self.go.clicked.connect(self.submit)
        self.fields["password"].editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def type_in(self, password: str, again: str) -> None:
        """Fills the two fields."""
        for key, text in (("password", password), ("again", again)):
            editor = self.fields[key].editor
            assert isinstance(editor, LineEdit)
            editor.setText(text)

    def submit(self) -> None:
        """Changes the password."""
        password, again = (self._text(key) for key in ("password", "again"))
        for box in self.fields.values():
            box.set_error("")
        if password != again:
            self.fields["again"].set_error(_("The two passwords are not the same"))
            return
        base, whole = self._session.base, self._session.whole_address
        self.go.setEnabled(False)

        def work(_job: object) -> str:
            from crm_desktop.services.os_integration.passwords import keep_instead
            from crm_desktop.services.server.accounts import choose_password

            choose_password(base, password)
            return keep_instead(whole, password)

        self._session.operations.run(work, owner=self, done=self._done, failed=self._refuse)

    def _done(self, whole: str) -> None:
        self._session.whole_address = whole
        self._navigator.toast(_("The password was changed"))
        self.accept()

    def _refuse(self, error: UserError) -> None:
        self.go.setEnabled(True)
        field = self.fields["password"]
        field.set_error(error.message)
        assert isinstance(field.editor, LineEdit)
        field.editor.selectAll()  # it cannot be seen where it is wrong: typed anew
        field.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _text(self, key: str) -> str:
        editor = self.fields[key].editor
        assert isinstance(editor, LineEdit)
        return editor.text()


def _hidden(name: str) -> LineEdit:
    made = LineEdit(name=name)
    made.setEchoMode(QLineEdit.EchoMode.Password)
    return made
