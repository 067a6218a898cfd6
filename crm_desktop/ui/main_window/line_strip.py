"""The strip across the page while the server is out of reach, or lets its account in no more."""

from __future__ import annotations

from crm_desktop.i18n import _
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.main_window.view import WindowView
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.strips import StripMessage


class LineStrip(StripMessage):
    """Says that the line is lost and that it is tried again; goes by itself when it is back."""

    def __init__(self, session: Session, view: WindowView) -> None:
        super().__init__("", tone="warn", action=" ")
        self._session, self._line = session, session.line
        self.hide()
        view.add_strip(self)
        self.acted.connect(self._act)
        self._line.lost.connect(self._show)
        self._line.back.connect(self.hide)
        session.closed.connect(self.hide)
        self.setHidden(self._line.holds)
        keep_translated(self, self._say)

    def _show(self) -> None:
        self._say()
        self.show()

    def _act(self) -> None:
        """Where the server refuses, what is typed waits in its drafts for the next sign-in."""
        if self._line.refusal:
            address = self._session.address
            self._session.close()
            self._session.sign_in_wanted.emit(address)
        else:
            self._line.doubt()

    def _say(self) -> None:
        if self._line.refusal:
            kept = _("What is shown stays, what you type is kept as a draft.")
            self.set_text(f"{self._line.refusal} {kept}")
            self.button.setText(_("Sign in again"))
            return
        self.set_text(
            _(
                "The server does not answer. What is shown stays, what you type is kept; saving "
                "goes on by itself when the server is back."
            )
        )
        self.button.setText(_("Try now"))
