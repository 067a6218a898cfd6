"""The strip across the page while the server is out of reach."""

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
        self._line = session.line
        self.hide()
        view.add_strip(self)
        self.acted.connect(self._line.doubt)
        self._line.lost.connect(self.show)
        self._line.back.connect(self.hide)
        session.closed.connect(self.hide)
        self.setHidden(self._line.holds)
        keep_translated(self, self._say)

    def _say(self) -> None:
        self.set_text(
            _(
                "The server does not answer. What is shown stays, what you type is kept; saving "
                "goes on by itself when the server is back."
            )
        )
        self.button.setText(_("Try now"))
