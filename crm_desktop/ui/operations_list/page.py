"""The page of operations: what was done in the base, by whom and when, and the way back."""

from __future__ import annotations

from PySide6.QtCore import QTimer

from crm_desktop import i18n
from crm_desktop import settings as s
from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.models.text.numbers import format_number
from crm_desktop.ui.itemmodels.paged import PagedTableModel
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import PAGE, Navigator, Place
from crm_desktop.ui.operations import Job
from crm_desktop.ui.operations_list import reading
from crm_desktop.ui.operations_list.details import DetailsPane
from crm_desktop.ui.operations_list.reading import FIRST_CHANGES, Details, Named, Wish
from crm_desktop.ui.operations_list.table import OperationTable, columns, rows_of
from crm_desktop.ui.operations_list.undoing import OperationUndo
from crm_desktop.ui.operations_list.wording import KINDS
from crm_desktop.ui.page import SearchedPage
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.inputs import SearchField
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.split_panel import list_and_panel
from crm_desktop.ui.widgets.strips import Skeleton

_REFRESH_MS = 250


class OperationsPage(SearchedPage):
    """The list at the left, the chosen operation at the right."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._session, self._navigator = session, navigator
        self._ids: list[int] = []
        self._chosen: int | None = None
        self._limit = FIRST_CHANGES
        self._show_pane = False
        self.model = PagedTableModel(self)
        self.table = OperationTable()
        self.table.setModel(self.model)
        self.search = SearchField(name=_("Find an operation"), delay_ms=150)
        self.kinds, self.people = ComboBox(name=_("Kind")), ComboBox(name=_("Who"))
        self.pane = DetailsPane()
        self.empty = EmptyState()
        self.bones = Skeleton(12, pad=24)
        self.undoing = OperationUndo(session, navigator, self.pane)
        self._title, self._count = Label("", "page"), Label("", "body", "text3")
        self.clear = Button("", "filter-clear", "ghost")
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.read)
        self._lay_out()
        self._connect()
        keep_translated(self, self._say_texts)

    def _lay_out(self) -> None:
        head = row(self._title, self._count, None, gap=10, margins=(24, 18, 24, 8))
        filters = row(self.search, self.kinds, self.people, self.clear, None,
                      margins=(24, 4, 24, 12))  # fmt: skip
        self.search.setMinimumWidth(px(240))
        self.split = list_and_panel(
            (head, filters), self.table, (self.empty, self.bones), self.pane,
            width=self._session.settings.get(s.PANEL_WIDTH), grip_name=_("Width of the panel"),
        )  # fmt: skip
        self.setLayout(column(self.split, gap=0))

    def _connect(self) -> None:
        self.search.searched.connect(lambda _text: self.read())
        self.kinds.currentIndexChanged.connect(lambda _at: self.read())
        self.people.currentIndexChanged.connect(lambda _at: self.read())
        self.clear.clicked.connect(self.clear_filter)
        for button in (self.pane.back, self.pane.blocked.rest):
            self._session.refusals.keep(button, WRITE)
        self.empty.primary.connect(self.clear_filter)
        self.model.block_wanted.connect(self._read_block)
        self.table.current_row_changed.connect(self._pointed)
        self.table.row_opened.connect(lambda row, _ctrl: self._choose_row(row))
        self.pane.closed.connect(self._close_pane)
        self.pane.more_wanted.connect(self._more)
        self.pane.record_opened.connect(self._navigator.open_record)
        self._session.changed.connect(self._changed)

    def _changed(self, _changes: object) -> None:
        self._soon.start(_REFRESH_MS)

    def _say_texts(self) -> None:
        self._title.setText(_("Operations"))
        self.search.setAccessibleName(_("Find an operation"))
        self.search.setPlaceholderText(_("Find an operation"))
        self.search.set_clear_tip(_("Clear"))
        self.clear.setText(_("Show all"))
        choices: list[tuple[str, object]] = [(_("Every kind"), "")]
        self.kinds.renew(choices + [(_(word), key) for key, word in KINDS.items()])
        self.kinds.setAccessibleName(_("Kind"))
        self.people.setAccessibleName(_("Who"))
        self.title_changed.emit()
        self.model.open(columns(), 0)
        self._ids = []
        self._read_people()
        self.read()

    # --- reading the list -------------------------------------------------------------------------

    def wish(self) -> Wish:
        """What the filter asks for."""
        author, kind = self.people.value(), self.kinds.value()
        return Wish(
            self.search.text(), str(kind or ""), author if isinstance(author, int) else None
        )

    def clear_filter(self) -> None:
        """Shows every operation again."""
        self.search.set_quietly("")
        for box in (self.kinds, self.people):
            box.choose_first()
        self.read()

    def read(self) -> None:
        """Asks for the operations that the filter wants."""
        base, wish = self._session.workspace, self.wish()
        if base is None:
            return
        if not self._ids:
            self.bones.begin(self.table, self.empty)
        self._session.operations.query(
            ("operations", id(self)), lambda job: reading.find(base, wish, job.check),
            owner=self, done=self._take_ids, failed=self._unread,
        )  # fmt: skip

    def _unread(self, error: UserError) -> None:
        self.bones.end()
        self._navigator.refuse(error)

    def _take_ids(self, ids: list[int]) -> None:
        self.bones.end()
        fresh = not self._ids
        self._ids = ids
        narrows = self.wish().narrows
        self._count.setText(format_number(len(ids), 0, i18n.language()))
        self.clear.setVisible(narrows)
        self.show_table(some=bool(ids))
        self.empty.setVisible(not ids)
        self._say_empty(narrows)
        if fresh:
            self.model.open(columns(), len(ids))
            self.table.fit()
        else:
            self.model.refresh(len(ids))
        if not ids:
            self._close_pane()
        elif self._chosen in ids:
            self._mark(self._chosen)
            self._read_details(self._chosen)
        else:
            self.choose(ids[0], by_hand=False)

    def _mark(self, id_: int) -> None:
        """The line of the chosen operation is the current one, wherever it has moved to."""
        self.table.blockSignals(True)
        self.table.go_to(self._ids.index(id_))
        self.table.blockSignals(False)

    def _say_empty(self, narrows: bool) -> None:
        if narrows:
            self.empty.set_texts("search", _("Nothing found"), _("No operation is like that."))
            self.empty.set_actions((_("Show all"), "filter-clear"))
        else:
            text = _("Whatever is changed in this base is listed here and can be undone.")
            self.empty.set_texts("history", _("Nothing was done yet"), text)
            self.empty.set_actions()

    def _read_block(self, start: int, count: int) -> None:
        base, ids = self._session.workspace, self._ids[start : start + count]
        if base is None:
            return

        def done(found: Named) -> None:
            self.model.set_block(start, rows_of(found.operations, found.people))

        self._session.operations.query(
            ("operation-rows", id(self)), lambda _job: reading.read(base, ids), owner=self,
            done=done, failed=lambda _error: self.model.block_failed(start),
        )  # fmt: skip

    def _read_people(self) -> None:
        base = self._session.workspace
        if base is None:
            return

        def done(found: list[tuple[str, int]]) -> None:
            choices: list[tuple[str, object]] = [(_("Everybody"), None)]
            if self.people.renew(choices + [(n, i) for n, i in found]):
                self.read()
            self.people.setVisible(bool(found))

        self._session.operations.query(
            ("operation-people", id(self)), lambda _job: reading.people(base), owner=self, done=done
        )

    # --- the chosen one ---------------------------------------------------------------------------

    def _pointed(self, row_number: int) -> None:
        if 0 <= row_number < len(self._ids) and self._ids[row_number] != self._chosen:
            self.choose(self._ids[row_number])

    def _choose_row(self, row_number: int) -> None:
        if 0 <= row_number < len(self._ids):
            self.choose(self._ids[row_number])

    def choose(self, id_: int, *, by_hand: bool = True) -> None:
        """Shows what an operation did. Where the pane would hide the list, only `by_hand`."""
        self._chosen, self._limit = id_, FIRST_CHANGES
        if id_ in self._ids:
            self._mark(id_)
        self._show_pane = by_hand or not self.split.would_overlay()
        self._read_details(id_)

    def _more(self) -> None:
        self._limit += 4 * FIRST_CHANGES
        if self._chosen is not None:
            self._read_details(self._chosen)

    def _read_details(self, id_: int) -> None:
        base, limit = self._session.workspace, self._limit
        if base is None:
            return

        def work(_job: Job) -> Details:
            return reading.details(base, id_, limit)

        def done(found: Details) -> None:
            self.pane.show_details(found)
            if self._show_pane:
                self._show_pane = False
                self.split.set_side_shown(True)

        self._session.operations.query(
            ("operation-details", id(self)), work, owner=self, done=done,
            failed=lambda _error: self.split.set_side_shown(False),
        )  # fmt: skip

    def _close_pane(self) -> None:
        self.split.set_side_shown(False)
        self._chosen = None if not self._ids else self._chosen
        if self.pane.isAncestorOf(self.focusWidget() or self):
            self.take_focus()

    # --- the page ---------------------------------------------------------------------------------

    def title(self) -> str:
        return _("Operations")

    def icon(self) -> str:
        return "history"

    def place(self) -> Place:
        return Place(PAGE, name="operations")
