"""The way from the settings to everybody who may sign in."""

from __future__ import annotations

from crm_desktop.i18n import _
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.session import Session
from crm_desktop.ui.settings_window.rows import SettingRow
from crm_desktop.ui.widgets.buttons import Button


class AccountsRow(SettingRow):
    """Seen by the administrator of a base on a server."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        self._session = session
        self.go = Button("", "users")
        super().__init__(self.go)
        self.go.clicked.connect(lambda: navigator.open_page("accounts"))
        session.opened.connect(self._say_texts)
        session.closed.connect(self.hide)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        base = self._session.workspace
        self.setVisible(base is not None and bool(base.login) and base.administers)
        self.go.setText(_("Open"))
        self.go.setAccessibleName(_("Accounts"))
        self.set_texts(
            _("Accounts"), _("Who may sign in, new passwords, blocking, rules of passwords.")
        )
