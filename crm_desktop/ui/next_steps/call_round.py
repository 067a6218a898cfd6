"""The page of a call list: one record after another, its result, the next step, on to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QShortcut
from PySide6.QtWidgets import QWidget

from crm_desktop import i18n
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.holding import is_held
from crm_desktop.models.query import Condition
from crm_desktop.models.text.date_formats import format_datetime
from crm_desktop.services.rights import words as rights
from crm_desktop.ui.actions import bilingual
from crm_desktop.ui.dialling import dial_hidden
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import Navigator, Place
from crm_desktop.ui.next_steps.call_form import CallForm
from crm_desktop.ui.page import Page
from crm_desktop.ui.refusals import activities_of
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.labels import Label, Surface
from crm_desktop.ui.widgets.layouts import FlowLayout, column, row
from crm_desktop.ui.widgets.strips import ProgressBar

if TYPE_CHECKING:
    from crm_desktop.services.activities.next_steps import Callee

_WIDE = 560


class CallRoundPage(Page):
    """Ctrl+Enter saves and goes on; what is skipped can be come back to."""

    def __init__(self, session: Session, navigator: Navigator, place: Place) -> None:
        super().__init__()
        self._session, self._navigator, self._place = session, navigator, place
        where = place.where
        ids = where.value if isinstance(where, Condition) else ()
        self._ids: list[int] = [int(id_) for id_ in ids]
        self.at = 0
        self.noted = 0
        self.callee: Callee | None = None
        self.form = CallForm(session)
        self.name, self._numbers = Label("", "page"), QWidget()
        self._past, self._count = Label("", "small", "text2", wrap=True), Label("", "body", "text2")
        self._title = Label("", "page")
        self.bar = ProgressBar(name="")
        self.save, self.skip = Button("", kind="primary"), Button("")
        self.back, self.card = Button("", "back", "ghost"), Button("", "open", "ghost")
        self.empty = EmptyState()
        self._lay_out()
        self._connect()
        keep_translated(self, self._say_texts)
        self._show()

    def _lay_out(self) -> None:
        self._flow = FlowLayout(gap=6)
        self._numbers.setLayout(self._flow)
        buttons = row(self.back, None, self.skip, self.save, gap=8)
        self.sheet = QWidget()
        self.sheet.setMaximumWidth(px(_WIDE))
        self.sheet.setLayout(column(
            row(self.name, None, self.card), self._numbers, 4, self._past, 12, self.form, 12,
            buttons, None, gap=6,
        ))  # fmt: skip
        ground = Surface("surface")
        head = row(self._title, self._count, None, gap=10, margins=(24, 18, 24, 8))
        bar = row(self.bar, margins=(24, 0, 24, 16))
        middle = row(self.sheet, None, margins=(24, 0, 24, 24))
        middle.setStretch(0, 1)
        layout = column(head, bar, middle, self.empty, gap=0)
        layout.setStretch(2, 1)
        layout.setStretch(3, 1)
        ground.setLayout(layout)
        self.setLayout(column(ground, gap=0))

    def _connect(self) -> None:
        self.save.clicked.connect(self.save_and_next)
        events = activities_of(self._session.base.catalogue)
        self._session.refusals.keep(self.save, rights.CREATE, events)
        self.skip.clicked.connect(lambda: self.go(self.at + 1))
        self.back.clicked.connect(lambda: self.go(self.at - 1))
        self.card.clicked.connect(self._open_card)
        self.empty.primary.connect(self.closed)
        self.form.step.line.textChanged.connect(lambda _text: self._say_button())
        for keys in bilingual("Ctrl+Return"):
            enter = QShortcut(keys, self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            enter.activated.connect(self.save_and_next)

    def _say_texts(self) -> None:
        self._title.setText(_("Calls"))
        self.save.setText(_("Save and on"))
        self.save.setToolTip("Ctrl+Enter")
        self.skip.setText(_("Skip"))
        self.back.setText(_("Back"))
        self.card.setText(_("Open the card"))
        self.bar.setAccessibleName(_("How far the list is"))
        self.title_changed.emit()
        self._show()

    # --- one after another ------------------------------------------------------------------------

    def go(self, to: int) -> None:
        """Shows another record of the list; past the last one, what was done."""
        self.at = max(0, min(to, len(self._ids)))
        self.callee = None
        self.form.clear()
        self._show()

    def _show(self) -> None:
        total, over = len(self._ids), self.at >= len(self._ids)
        self._count.setText("" if over else _("{number} of {total}").format(
            number=self.at + 1, total=total))  # fmt: skip
        self.bar.set_progress(self.at, max(1, total))
        self.sheet.setVisible(not over)
        self.empty.setVisible(over)
        self.back.setEnabled(self.at > 0)
        self._say_button()
        if over:
            said = ngettext("{count} call noted.", "{count} calls noted.", self.noted)
            self.empty.set_texts("check", _("The list is through"), said.format(count=self.noted))
            self.empty.set_actions((_("Close"), "close"))
            self.empty.primary_button.setFocus()
            return
        self._read()

    def _read(self) -> None:
        base, ref = self._session.base, Ref(self._place.entity, self._ids[self.at])

        def work(_job: Any) -> Callee | None:
            from crm_desktop.services.activities.next_steps import callee

            return callee(base, ref)

        self._session.operations.query(("callee", id(self)), work, owner=self, done=self._take)

    def _take(self, found: Callee | None) -> None:
        if found is None:  # deleted meanwhile
            del self._ids[self.at]
            self._show()
            return
        self.callee = found
        self.name.setText(found.title)
        now, language = self._session.base.clock.local(), i18n.language()
        lines = [
            f"{format_datetime(one.moment, language, zone=now.tzinfo, now=now)}  {one.subject}"
            for one in found.past
        ]
        self._past.setText("\n".join(lines) or _("Nothing has been noted yet"))
        self.form.offer(found.planned)
        self._flow.clear()
        for place, number in enumerate(found.numbers):
            button = Button(number, "phone")
            button.clicked.connect(lambda _on=False, n=number: self._dial(n, found.ref))
            self._flow.insert_widget(place, button)
        self._numbers.setVisible(bool(found.numbers))
        self._say_button()
        self.form.take_focus()

    def _say_button(self) -> None:
        self.save.setEnabled(self.callee is not None and self.form.step.understood())

    def save_and_next(self) -> None:
        """Notes the call, plans what follows, shows the next record."""
        from crm_desktop.services.activities.next_steps import log_call

        callee = self.callee
        if callee is None or not self.save.isEnabled():
            return
        base, said, ref = self._session.base, self.form.said(), callee.ref
        self.save.setEnabled(False)
        self._session.operations.run(
            lambda _job: log_call(base, ref, said), owner=self, done=self._saved,
            failed=self._refused,
        )  # fmt: skip

    def _saved(self, outcome: Any) -> None:
        self.noted += 1
        name = self.callee.title if self.callee is not None else "…"
        told = _("Call noted: {name}").format(name=name)
        self._navigator.toast(told, undo_operation=outcome.operation)
        self.go(self.at + 1)

    def _refused(self, error: Any) -> None:
        self.form.refuse(error.message)
        self._say_button()

    def _open_card(self) -> None:
        if self.callee is not None:
            self._navigator.open_record(self.callee.ref)

    def _dial(self, number: str, ref: Ref) -> None:
        if is_held(number):
            dial_hidden(self._session, self._navigator, self, ref)
        else:
            _dial(number)

    # --- what the window asks ---------------------------------------------------------------------

    def is_changed(self) -> bool:
        said = self.form.said()
        return bool(said.result or said.note.strip() or said.following.strip())

    def place(self) -> Place:
        return self._place

    def title(self) -> str:
        return _("Calls")

    def icon(self) -> str:
        return "phone"

    def take_focus(self) -> None:
        self.form.take_focus()


def _dial(number: str) -> None:
    """Hands the number to the telephone program, if there is one."""
    digits = "".join(sign for sign in number if sign.isdigit() or sign == "+")
    QDesktopServices.openUrl(QUrl(f"tel:{digits}"))
