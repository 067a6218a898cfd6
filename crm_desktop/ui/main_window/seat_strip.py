"""The strip about one's seat: somebody asks for it, it is gone, or one only reads."""

from __future__ import annotations

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.main_window.view import WindowView
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.seat import Seat
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.strips import StripMessage


class SeatStrip(StripMessage):
    """Never takes the keyboard away from who is typing."""

    def __init__(self, session: Session, navigator: Navigator, view: WindowView) -> None:
        super().__init__("", tone="info", action=" ")
        self._session, self._navigator = session, navigator
        self._seat: Seat = session.seat
        self._names: dict[str, str] = {}
        self.keep = Button("")
        layout = self.layout()
        assert layout is not None
        layout.addWidget(self.keep)
        layout.setSpacing(px(8))
        self.hide()
        view.add_strip(self)
        self.acted.connect(self._act)
        self.keep.clicked.connect(self._decline)
        self._seat.changed.connect(self._changed)
        keep_translated(self, self._changed)

    def _changed(self) -> None:
        seat = self._seat
        self.setVisible(bool(seat.why or seat.asker))
        if seat.asker:
            self._say_asked()
        elif seat.why:
            self.keep.hide()
            self.set_text(_said(seat.why, seat.reason))
            self.button.setText(_("Take a seat"))

    def _say_asked(self) -> None:
        entry, asker = self._seat.entry, self._seat.asker
        if asker not in self._names and entry is not None:
            self._names[asker] = asker

            def done(names: dict[str, str]) -> None:
                self._names.update(names)
                self._changed()

            self._session.operations.query(
                ("seat names",), lambda _job: entry.names(), owner=self, done=done
            )
        name = self._names.get(asker, asker)
        self.set_text(
            _("{name} needs a seat and asks whether you could give up yours.").format(name=name)
        )
        self.button.setText(_("Give up my seat"))
        self.keep.setText(_("Not now"))
        self.keep.show()

    def _act(self) -> None:
        if self._seat.asker:
            self._seat.answer(accepted=True, failed=self._refused)
        else:
            self._seat.take_again(self._refused)

    def _decline(self) -> None:
        self._seat.answer(accepted=False, failed=self._refused)

    def _refused(self, error: UserError) -> None:
        self._navigator.toast(error.message, tone="bad")


def _said(why: str, reason: str) -> str:
    if why == "freed" and reason:
        said = _("The administrator has freed your seat: {reason}. What you typed is still here.")
        return said.format(reason=reason.rstrip("."))
    return _reasons().get(why, _reasons()["lost"])


def _reasons() -> dict[str, str]:
    """What is said of a seat that one has not."""
    return {
        "read": _("You are here only to read. Nothing can be changed without a seat."),
        "idle": _(
            "Nothing was done for long, so your seat was given back. What you typed is still here."
        ),
        "freed": _("The administrator has freed your seat. What you typed is still here."),
        "given": _("You gave up your seat. What you typed is still here and can be read."),
        "over": _(
            "More seats are in use than the licence has, so yours ended. What you typed is still "
            "here."
        ),
        "lost": _(
            "The line was down for so long that your seat went to somebody else. What you typed is "
            "still here."
        ),
    }
