"""The pane on which records are merged: why they may be the same, the sheet, the verbs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut

from crm_desktop.errors import BaseBusy, DatabaseUnavailable, UserError
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.rights import words as rights
from crm_desktop.ui.duplicates.merge_sheet import MergeSheet
from crm_desktop.ui.duplicates.reading import Sheet, load_sheet
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.labels import Label, Surface
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.marks import Pill
from crm_desktop.ui.widgets.strips import StripMessage


class MergePane(Surface):
    """Shows records side by side and merges them, or remembers that they are not the same."""

    merged = Signal(int)
    """The record that stays."""
    set_apart = Signal()
    gone = Signal()
    """Too few of the records are still in the base."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__("surface")
        self._session, self._navigator = session, navigator
        self._sheet: Sheet | None = None
        self._said: Callable[[], tuple[str, str, str]] = lambda: ("", "", "")
        self._title, self._pill = Label("", "title", wrap=True), Pill("", "info")
        self._why = Label("", "small", "text2", wrap=True)
        self._moving = Label("", "small", "text3", wrap=True)
        self.sheet = MergeSheet()
        self.trouble = StripMessage("", tone="bad")
        self.merge_button = Button("", "merge", "primary")
        self.apart_button = Button("", "split")
        self._lay_out()
        self._connect()
        keep_translated(self, self._say_texts)

    def _lay_out(self) -> None:
        head = column(
            row(self._title, self._pill, gap=10), self._why, gap=4, margins=(20, 16, 20, 8)
        )
        foot = Surface("sunken", "t")
        texts = row(self._moving, self.apart_button, self.merge_button, margins=(20, 10, 20, 10))
        texts.setStretch(0, 1)
        foot.setLayout(texts)
        foot.setMinimumHeight(foot.sizeHint().height())  # also while there is nothing to merge
        whole = column(head, self.trouble, self.sheet, foot, gap=0)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.trouble.hide()
        self._pill.hide()

    def _why_not(self) -> str:
        if self._sheet is None:
            return self._session.refusals.why(rights.MERGE)
        why = self._session.refusals.why(rights.MERGE, self._sheet.entity.key)
        return why or self._sheet.refused

    def _connect(self) -> None:
        refusals = self._session.refusals
        refusals.follow(self.merge_button, self._why_not)
        refusals.keep(self.apart_button, WRITE)
        self.merge_button.clicked.connect(self.merge)
        self.apart_button.clicked.connect(self.keep_apart)
        self.sheet.winner_chosen.connect(self._choose_winner)
        self.sheet.record_opened.connect(self._open)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            pressed = QShortcut(QKeySequence(keys), self)
            pressed.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            pressed.activated.connect(self.merge)

    def _say_texts(self) -> None:
        self.apart_button.setText(_("Not a duplicate"))
        self.sheet.setAccessibleName(_("Records side by side"))
        self._say()
        if self._sheet is not None:
            self.load(self._sheet.entity.key, self._sheet.ids, self._said)

    def _say(self) -> None:
        likelihood, tone, why = self._said()
        self._pill.set_state(likelihood, tone or "info")
        self._pill.setVisible(bool(likelihood))
        self._why.setText(why)
        self._why.setVisible(bool(why))
        count = len(self._sheet.ids) if self._sheet else 0
        text = ngettext("Merge {count} record", "Merge {count} records", count)
        self._title.setText(_("Which values stay?"))
        self._title.setVisible(count > 0)
        self.merge_button.setText(text.format(count=count))
        self.merge_button.setVisible(count > 0)
        self.merge_button.setToolTip(_("Ctrl+Enter"))
        self.apart_button.setVisible(bool(likelihood))
        moving = ", ".join(self._sheet.moving) if self._sheet else ""
        self._moving.setText(
            _("Goes along: {what}").format(what=moving) if moving else _("Undo brings all back.")
        )
        self._moving.setVisible(count > 0)

    # --- showing ----------------------------------------------------------------------------------

    def load(
        self, key: str, ids: Sequence[int],
        said: Callable[[], tuple[str, str, str]] = lambda: ("", "", ""),
    ) -> None:  # fmt: skip
        """Reads the records; `said` gives likelihood, its tone and the reasons in words."""
        base = self._session.workspace
        if base is None:
            return
        self._said = said
        self._session.operations.query(
            ("merge sheet", id(self)), lambda _job: load_sheet(base, key, ids), owner=self,
            done=self._take, failed=self._failed,
        )  # fmt: skip

    def _take(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.trouble.set_text(sheet.refused)
        self.trouble.setVisible(bool(sheet.refused))
        self.sheet.show_sheet(sheet)
        self.merge_button.setEnabled(True)
        self._session.refusals.look()
        self._say()

    def _failed(self, error: UserError) -> None:
        self._sheet = None
        self.merge_button.setEnabled(False)
        self.trouble.set_text(error.message)
        self.trouble.show()
        self.gone.emit()

    def _choose_winner(self, id_: int) -> None:
        if self._sheet is not None:
            rest = [other for other in self._sheet.ids if other != id_]
            self.load(self._sheet.entity.key, [id_, *rest], self._said)

    def _open(self, id_: int) -> None:
        if self._sheet is not None:
            self._navigator.open_record(Ref(self._sheet.entity.key, id_), new_tab=True)

    # --- acting -----------------------------------------------------------------------------------

    def merge(self) -> None:
        """Makes the records one, as chosen."""
        base, sheet = self._session.workspace, self._sheet
        if base is None or sheet is None or not self.merge_button.isEnabled():
            return
        keep, key = self.sheet.choices(), sheet.entity.key
        self.merge_button.setEnabled(False)

        def work(_job: Any) -> Any:
            return base.merging.merge(
                base.catalogue[key], sheet.ids, keep=keep, versions=sheet.versions
            )

        def done(outcome: Any) -> None:
            count = len(sheet.ids) - 1
            text = ngettext(
                "{count} record merged into “{name}”", "{count} records merged into “{name}”", count
            ).format(count=count, name=sheet.titles[0])
            self._sheet = None
            self._navigator.toast(text, undo_operation=outcome.operation)
            self.merged.emit(sheet.ids[0])

        def failed(error: UserError) -> None:
            self._navigator.refuse(error)
            if isinstance(error, DatabaseUnavailable | BaseBusy) and self._sheet is sheet:
                self.merge_button.setEnabled(True)  # what was chosen stands
                self._session.refusals.look()
            else:
                self.load(key, sheet.ids, self._said)

        self._session.operations.run(work, owner=self, done=done, failed=failed, title=_("Merging"))

    def keep_apart(self) -> None:
        """Remembers that these are not the same."""
        base, sheet = self._session.workspace, self._sheet
        if base is None or sheet is None:
            return

        def back(pairs: Any) -> None:
            self._session.operations.run(
                lambda _job: base.duplicates.kept.set_together(pairs), owner=self,
                done=lambda _nothing: self.set_apart.emit(),
            )  # fmt: skip

        def done(pairs: Any) -> None:
            text = _("They will not be offered as duplicates again")
            self._navigator.toast(text, undo=lambda: back(pairs))
            self.set_apart.emit()

        self._session.operations.run(
            lambda _job: base.duplicates.set_apart(sheet.ids), owner=self, done=done
        )
