"""The strip about one's seat: somebody asks for it, it is gone, or one only reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.main_window.view import WindowView
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.seat import Seat
from crm_desktop.ui.seats import words
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.strips import StripMessage

if TYPE_CHECKING:
    from crm_desktop.services.licensing.standing import Colleague


class SeatStrip(StripMessage):
    """Never takes the keyboard away from who is typing."""

    def __init__(self, session: Session, navigator: Navigator, view: WindowView) -> None:
        super().__init__("", tone="info", action=" ")
        self._session, self._navigator = session, navigator
        self._seat: Seat = session.seat
        self._names: dict[str, str] = {}
        self._is_full, self._was_called = False, False
        self.keep = Button("")
        for button in (self.button, self.keep):  # a click leaves the keyboard where it is
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(self.keep)
        layout.setSpacing(px(8))
        self.hide()
        view.add_strip(self)
        self.acted.connect(self._act)
        self.keep.clicked.connect(self._act_otherwise)
        self._seat.changed.connect(self._changed)
        keep_translated(self, self._changed)

    def _changed(self) -> None:
        seat = self._seat
        self.setVisible(bool(seat.why or seat.asker))
        self._is_full = self._is_full and bool(seat.why)
        if seat.asker:
            self._say_asked()
        elif seat.why:
            self._say_gone()
        self._tell_called()

    def _say_gone(self) -> None:
        line = self._seat.line
        waits = line.turn is not None
        said = words.turn_text(line.turn) if line.turn is not None else ""
        if waits and not line.is_called:
            said += ". " + _("What you typed stays.")
        elif line.passed:
            said = _("Your turn has passed: wait in line again.")
        self.set_text(said or _said(self._seat.why, self._seat.reason))
        self.button.setText(_("Take a seat"))
        self.button.setVisible(not waits or line.is_called)
        self.keep.setText(_("Leave the line") if waits else _("Wait in line"))
        self.keep.setVisible(waits or self._is_full or line.passed)

    def _tell_called(self) -> None:
        """The desktop shows that this window has news for who is in another one."""
        called = self._seat.line.is_called
        if called and not self._was_called:
            QApplication.alert(self.window())
        self._was_called = called

    def _say_asked(self) -> None:
        entry, asker = self._seat.entry, self._seat.asker
        if asker not in self._names and entry is not None:
            self._names[asker] = asker

            def done(known: dict[str, Colleague]) -> None:
                self._names.update({login: one.name for login, one in known.items()})
                self._changed()

            self._session.operations.query(
                ("seat names",), lambda _job: entry.known(), owner=self, done=done
            )
        name = self._names.get(asker, asker)
        self.set_text(
            _("{name} needs a seat and asks whether you could give up yours.").format(name=name)
        )
        self.button.setText(_("Give up my seat"))
        self.button.show()
        self.keep.setText(_("Not now"))
        self.keep.show()

    def _act(self) -> None:
        if self._seat.asker:
            self._seat.answer(accepted=True, failed=self._navigator.refuse)
        else:
            self._seat.take_again(self._full)

    def _act_otherwise(self) -> None:
        seat = self._seat
        if seat.asker:
            seat.answer(accepted=False, failed=self._navigator.refuse)
        elif seat.line.turn is not None:
            seat.line.leave(self._navigator.refuse)
        elif seat.entry is not None:
            seat.line.wait(seat.entry, self._navigator.refuse)

    def _full(self, error: UserError) -> None:
        """None is free: one may wait, or ask somebody."""
        self._is_full = True
        self._changed()
        self._navigator.refuse(error)


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
        "given": _("You gave up your seat. What you typed is still here; you can go on reading."),
        "over": _(
            "More seats are in use than the licence has, so yours ended. What you typed is still "
            "here."
        ),
        "lost": _(
            "The line was down for so long that your seat went to somebody else. What you typed is "
            "still here."
        ),
    }
