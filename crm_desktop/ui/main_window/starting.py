"""What is seen while there is no base yet: bones while it opens, a sentence when it does not."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from crm_desktop import settings as s
from crm_desktop.errors import BaseLocked, BaseMissing, UserError
from crm_desktop.i18n import _
from crm_desktop.models.backend.connect import is_server_address
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.main_window.base_names import short_address
from crm_desktop.ui.main_window.view import WindowView
from crm_desktop.ui.operations import Progress
from crm_desktop.ui.page import Page
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.upgrade_words import upgrade_words
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.labels import Label, Surface
from crm_desktop.ui.widgets.layouts import column
from crm_desktop.ui.widgets.strips import Skeleton

_LATE_MS = 150
_SLOW_MS = 1500


class WaitingPage(Surface):
    """The bones of a list; after a while the name of the base that is being opened."""

    def __init__(self) -> None:
        super().__init__("surface")
        self._bones = Skeleton(14)
        self._text = Label("", "body", "text2")
        for part in (self._bones, self._text):
            part.hide()
        layout = column(self._text, self._bones, None, gap=16, margins=(24, 22, 24, 24))
        self.setLayout(layout)
        self._late = _once(self, _LATE_MS, self._bones.show)
        self._slow = _once(self, _SLOW_MS, self._text.show)
        self._bones.setMaximumWidth(px(720))

    def wait_for(self, text: str) -> None:
        """Starts anew."""
        self._text.setText(text)
        self._bones.hide()
        self._text.hide()
        self._late.start()
        self._slow.start()

    def say(self, text: str) -> None:
        """What takes so long."""
        self._slow.stop()
        self._text.setText(text)
        self._text.show()


class ProblemPage(Surface):
    """Why the base was not opened, and what can be done."""

    def __init__(self) -> None:
        super().__init__("surface")
        self.state = EmptyState()
        self.setLayout(column(self.state))


class Starting(QObject):
    """Shows the two pages at the right moments."""

    def __init__(
        self, session: Session, view: WindowView, *, choose_other: Callable[[], None]
    ) -> None:
        super().__init__(view)
        self._session, self._view = session, view
        self._error: UserError | None = None
        self._address = ""
        self.waiting = WaitingPage()
        self.problem = ProblemPage()
        for page in (self.waiting, self.problem):
            view.pages.addWidget(page)
        self.problem.state.primary.connect(self.try_again)
        self.problem.state.secondary.connect(choose_other)
        session.opening.connect(self.wait_for)
        session.upgrading.connect(self._upgrading)
        session.failed.connect(self._failed)
        keep_translated(view, self._say)

    def wait_for(self, address: str) -> None:
        """A base is being opened."""
        self._address = address
        if self._told_by_page():
            return
        name = short_address(self._session.settings, address)
        self.waiting.wait_for(_("Opening the base “{name}”…").format(name=name))
        self._show(self.waiting)

    def _upgrading(self, state: Progress) -> None:
        name = short_address(self._session.settings, self._address)
        self.waiting.say(upgrade_words(name, state))

    def _failed(self, error: UserError) -> None:
        self._error = error
        if isinstance(error, BaseMissing):
            s.forget_base(self._session.settings, self._session.failed_address)
        if self._told_by_page():
            return
        self._say()
        self._show(self.problem)
        self.problem.state.primary_button.setFocus()

    def _told_by_page(self) -> bool:
        page = self._view.pages.currentWidget()
        return isinstance(page, Page) and page.tells_opening()

    def _say(self) -> None:
        if self._error is None:
            return
        state, address = self.problem.state, self._session.failed_address
        name = short_address(self._session.settings, address)
        title = _("The base “{name}” is not open").format(name=name)
        icon = "lock" if isinstance(self._error, BaseLocked) else "database-warning"
        state.set_texts(icon, title, self._error.message)
        first = (_("Enter the password"), "lock") if self._lacks_password() else None
        state.set_actions(
            first or (_("Try again"), "refresh"), (_("Choose another base"), "folder-open")
        )

    def _lacks_password(self) -> bool:
        """Whether it is a server that wants another password than was known, if one was."""
        address = self._session.failed_address
        known = is_server_address(address) and s.without_password(address) == address
        return known and self._error is not None and self._error.field in ("user", "password")

    def try_again(self) -> None:
        """Opens the same base once more, or asks for the password that it wants."""
        if self._lacks_password():
            self._session.sign_in_wanted.emit(self._session.failed_address)
        else:
            self._session.open(self._session.failed_address)

    def _show(self, page: QWidget) -> None:
        self._view.set_chrome(True)
        self._view.tabs.set_tabs([], 0)
        self._view.side.set_side_shown(False)
        self._view.pages.setCurrentWidget(page)


def _once(owner: QObject, wait_ms: int, due: Callable[[], None]) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(wait_ms)
    timer.timeout.connect(due)
    return timer
