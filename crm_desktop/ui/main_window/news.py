"""Toasts, and the list of them under the bell."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.main_window.view import WindowView
from crm_desktop.ui.navigation import Navigator, Note
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.popover import Popover
from crm_desktop.ui.widgets.toasts import Toast, ToastStack

_MOST_KEPT = 30
_MOST_SEEN = 12


class News(QObject):
    """Shows what features tell, and keeps it for a while."""

    def __init__(
        self, session: Session, navigator: Navigator, view: WindowView,
        undo: Callable[[int], None],
    ) -> None:  # fmt: skip
        super().__init__(view)
        self._session, self._view, self._undo = session, view, undo
        self._kept: deque[tuple[str, str]] = deque(maxlen=_MOST_KEPT)
        self._unread = 0
        self._stack = ToastStack(view, close_name=_("Close"), after=view.top.bell)
        self._offers: dict[int, Toast] = {}
        navigator.noted.connect(self.tell)
        session.operations.refused.connect(self._refused)
        view.top.bell.clicked.connect(self._open)
        keep_translated(view, lambda: self._stack.set_close_name(_("Close")))

    @property
    def texts(self) -> list[str]:
        """What was told, the newest first."""
        return [text for text, _moment in self._kept]

    def tell(self, note: Note) -> None:
        """Shows a toast."""
        operation = note.undo_operation
        undo = note.undo if operation is None else lambda: self._undo(operation)
        toast = self._stack.show(note.text, tone=note.tone, undo=undo, word=_("Undo"))
        seen = self._stack.toasts
        self._offers = {number: kept for number, kept in self._offers.items() if kept in seen}
        if operation is not None:
            self._offers[operation] = toast
        self._kept.appendleft((note.text, self._now()))
        self._unread += 1
        self._view.top.bell.set_badge(str(min(self._unread, 99)))

    def withdraw(self, operation: int) -> None:
        """Takes away the toast that offers to undo an operation: it has been undone."""
        toast = self._offers.pop(operation, None)
        if toast is not None and toast in self._stack.toasts:
            toast.finish()

    def clear(self) -> None:
        """Takes away all toasts; the list under the bell keeps them."""
        for toast in self._stack.toasts:
            toast.finish()

    def _refused(self, error: UserError) -> None:
        """While the server is away a strip says so, and not every question anew."""
        if not self._session.is_told(error):
            self.tell(Note(error.message, tone="bad"))

    def _now(self) -> str:
        from crm_desktop.services.clock import Clock

        return f"{Clock().local():%H:%M}"

    def _open(self) -> None:
        self._unread = 0
        self._view.top.bell.set_badge("")
        content = QWidget()
        lines = [
            row(Label(moment, "small", "text3"), _said(text), gap=10)
            for text, moment in list(self._kept)[:_MOST_SEEN]
        ]
        if lines:
            content.setLayout(column(Label(_("News"), "strong"), *lines, gap=8))
        else:
            empty = Label(_("What happens while you work is listed here."), "body", "text2")
            content.setLayout(column(Label(_("News"), "strong"), empty, gap=8))
        content.setMinimumWidth(px(300))
        popover = Popover(content, name=_("News"), parent=self._view)
        popover.open_below(self._view.top.bell)


def _said(text: str) -> Label:
    label = Label(text, "small", "text", wrap=True, selectable=True)
    label.setFixedWidth(px(290))
    return label
