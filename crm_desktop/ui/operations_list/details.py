"""The pane beside the list: one operation, what it changed, and the way back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.i18n import _, ngettext
from crm_desktop.services.clock import Clock
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.operations import Progress
from crm_desktop.ui.operations_list.changes_view import ChangesView, blocked_lines, lines_of
from crm_desktop.ui.operations_list.reading import Details, Refusal
from crm_desktop.ui.operations_list.wording import (
    icon_of,
    records_changed,
    said_moment,
    state_of,
)
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button, ToolButton
from crm_desktop.ui.widgets.labels import IconLabel, Label, Rule, Surface
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.marks import Pill
from crm_desktop.ui.widgets.strips import ProgressBar

_PAD = 20


class DetailsPane(Surface):
    """Shows `Details`; what is to be done goes out by signals."""

    undo_wanted = Signal(int, bool)
    """(operation, whether what was changed since is to be left alone)"""
    stopped = Signal()
    more_wanted = Signal()
    record_opened = Signal(object)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__("surface")
        self._details: Details | None = None
        self._target = 0
        self._icon = IconLabel("edit", "text2", 20)
        self._title = Label("", "title", wrap=True, selectable=True)
        self.cross = ToolButton("close", "")
        self._facts = Label("", "small", "text2", wrap=True)
        self._pill = Pill("", "ok")
        self.back = Button("", "undo")
        self._why = Label("", "small", "text3", wrap=True)
        self.progress = _Progress()
        self.blocked = _BlockedBox()
        self.changes = ChangesView(name="")
        self.more = Button("", kind="link")
        self._lay_out()
        self.cross.clicked.connect(self.closed)
        self.back.clicked.connect(lambda: self.undo_wanted.emit(self._target, False))
        self.blocked.rest.clicked.connect(lambda: self.undo_wanted.emit(self._target, True))
        self.blocked.leave.clicked.connect(self.blocked.hide)
        self.blocked.list.opened.connect(self.record_opened)
        self.progress.stop.clicked.connect(self.stopped)
        self.more.clicked.connect(self.more_wanted)
        self.changes.opened.connect(self.record_opened)
        keep_translated(self, self._say_texts)

    def _lay_out(self) -> None:
        head = row(self._icon, self._title, self.cross, gap=10)
        head.setStretch(1, 1)
        for part in (self._icon, self.cross):
            head.setAlignment(part, Qt.AlignmentFlag.AlignTop)
        state = row(self._pill, self._why, self.back, gap=10)
        state.setStretch(1, 1)
        top = column(head, self._facts, state, gap=8, margins=(_PAD, 16, 12, 14))
        state.setContentsMargins(0, px(4), px(8), 0)
        foot = row(self.more, None, margins=(_PAD, 4, _PAD, 8))
        self._layout: QVBoxLayout = column(
            top, self.progress, self.blocked, Rule(), self.changes, foot, gap=0
        )
        self._layout.setStretch(4, 1)
        self.setLayout(self._layout)

    def _say_texts(self) -> None:
        self.cross.set_tip(_("Close"))
        self.changes.setAccessibleName(_("What was changed"))
        self.progress.say_texts()
        self.blocked.say_texts()
        if self._details is not None:
            self.show_details(self._details)

    # --- showing ----------------------------------------------------------------------------------

    def show_details(self, details: Details) -> None:
        """Shows an operation; what was said of another one goes."""
        if self._details is None or self._details.operation.id != details.operation.id:
            self.blocked.hide()
        self._details = details
        operation = details.operation
        self._icon.set_icon_name(icon_of(operation))
        self._title.setText(operation.title.text())
        word, tone = state_of(operation)
        self._pill.set_state(word, tone)
        moment = said_moment(operation.started_at, Clock().local())
        parts = [details.person, moment, records_changed(operation.total)]
        self._facts.setText("  ·  ".join(part for part in parts if part))
        self._say_way_back(details)
        self.changes.set_lines(lines_of(details.changes))
        self.more.setVisible(details.more)
        self.more.setText(_("Show more changes"))

    def _say_way_back(self, details: Details) -> None:
        operation = details.operation
        undone = operation.state == "undone"
        again = undone or operation.undoes is not None
        self._target = operation.undone_by or 0 if undone else operation.id
        self.back.setText(_("Do again") if again else _("Undo"))
        self.back.set_icon_name("redo" if again else "undo")
        running = operation.state == "running"
        self.back.setVisible(not running and not details.final and bool(self._target))
        self._why.setText(_why_not(details))

    def details(self) -> Details | None:
        """What is shown."""
        return self._details

    def set_working(self, working: bool) -> None:
        """An undo is under way, or has ended."""
        self.back.setEnabled(not working)
        self.blocked.setEnabled(not working)
        self.progress.setVisible(working)
        if working:
            self.blocked.hide()
            self.progress.begin()

    def show_blocked(self, refusal: Refusal) -> None:
        """Nothing was undone: says what was changed since."""
        self.blocked.show_refusal(refusal)


def _why_not(details: Details) -> str:
    """Why an operation cannot be taken back; empty if it can."""
    if details.operation.state == "running":
        return _("It can be undone once it has ended.")
    if details.operation.kind == "recovery":
        return _("The program ended in the middle of this work, so it was taken back whole.")
    return _("The end of the program cut it off, so it was taken back.") if details.final else ""


class _Progress(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._text = Label("", "small", "text2")
        self.bar = ProgressBar(name="")
        self.stop = Button("", kind="ghost")
        line = row(self._text, self.bar, self.stop, gap=12, margins=(_PAD, 0, 12, 8))
        line.setStretch(1, 1)
        self.setLayout(line)
        self.hide()

    def say_texts(self) -> None:
        """In the language of the moment."""
        self._text.setText(_("Undoing"))
        self.bar._name = _("Undoing")
        self.stop.setText(_("Stop"))

    def begin(self) -> None:
        """From the start."""
        self.bar.set_progress(0, 0)

    def show_progress(self, progress: Progress) -> None:
        """How far it is."""
        self.bar.set_progress(progress.done, progress.total)


class _BlockedBox(Surface):
    """What was changed since, and the choice that is left."""

    def __init__(self) -> None:
        super().__init__("sunken", "t")
        self.text = Label("", "body", wrap=True)
        self.list = ChangesView(name="")
        self.list.setMaximumHeight(px(220))
        self.list.viewport().setAutoFillBackground(False)
        self.rest = Button("", kind="primary")
        self.leave = Button("")
        words = row(self.text, margins=(_PAD, 12, _PAD, 4))
        buttons = row(None, self.leave, self.rest, margins=(_PAD, 8, _PAD, 12))
        self.setLayout(column(words, self.list, buttons, gap=0))
        self.hide()

    def say_texts(self) -> None:
        """In the language of the moment."""
        self.list.setAccessibleName(_("What was changed since"))
        self.rest.setText(_("Undo the rest"))
        self.leave.setText(_("Leave it"))

    def show_refusal(self, refusal: Refusal) -> None:
        """Lists the records."""
        total = refusal.total
        text = ngettext(
            "Nothing was undone yet: {count} record was changed since and would be left alone.",
            "Nothing was undone yet: {count} records were changed since and would be left alone.",
            total,
        )
        self.text.setText(text.format(count=total))
        lines = blocked_lines(refusal)
        self.list.set_lines(lines)
        self.list.setFixedHeight(min(px(216), px(36) * len(lines)))
        self.show()
        self.rest.setFocus(Qt.FocusReason.OtherFocusReason)
