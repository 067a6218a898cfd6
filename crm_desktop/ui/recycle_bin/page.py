"""The page of the recycle bin: what was deleted, by whom and when, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from crm_desktop import i18n
from crm_desktop import settings as s
from crm_desktop.errors import UserError
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.text.numbers import format_number
from crm_desktop.ui.delegates.pictured import PicturedDelegate
from crm_desktop.ui.itemmodels.cells import Row
from crm_desktop.ui.itemmodels.paged import PagedTableModel
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import PAGE, Navigator, Place
from crm_desktop.ui.page import SearchedPage
from crm_desktop.ui.recycle_bin import reading
from crm_desktop.ui.recycle_bin.preview import PreviewPane
from crm_desktop.ui.recycle_bin.reading import Preview
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.filling_table import FillingTable
from crm_desktop.ui.widgets.inputs import SearchField
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.split_panel import list_and_panel

if TYPE_CHECKING:
    from crm_desktop.services.recycle_bin import Deleted
    from crm_desktop.services.undo.state import UndoResult

_REFRESH_MS, _LEAST = 250, 200
_NAMED = 5


class RecycleBinPage(SearchedPage):
    """The list at the left, the chosen record at the right; ticks restore several at once."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._session, self._navigator = session, navigator
        self._places: list[int] = []
        self._known: dict[int, Deleted] = {}
        self._chosen = 0
        self.model = PagedTableModel(self)
        self.table = FillingTable(name=_("Recycle bin"), least=_LEAST, going=(1, 2))
        self.table.setItemDelegate(PicturedDelegate(self.table, self.table))
        self.table.setModel(self.model)
        self.search = SearchField(name=_("Find a deleted record"), delay_ms=150)
        self.objects = ComboBox(name=_("Object"))
        self.pane = PreviewPane()
        self.empty = EmptyState()
        self._title, self._count = Label("", "page"), Label("", "body", "text3")
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.read)
        self._lay_out()
        self._connect()
        keep_translated(self, self._say_texts)

    def _lay_out(self) -> None:
        head = row(self._title, self._count, None, gap=10, margins=(24, 18, 24, 8))
        filters = row(self.search, self.objects, None, margins=(24, 4, 24, 12))
        self.search.setMinimumWidth(px(240))
        self.split = list_and_panel(
            (head, filters), self.table, (self.empty,), self.pane,
            width=self._session.settings.get(s.PANEL_WIDTH), grip_name=_("Width of the panel"),
        )  # fmt: skip
        self.setLayout(column(self.split, gap=0))

    def _connect(self) -> None:
        self.search.searched.connect(lambda _text: self.read())
        self.objects.currentIndexChanged.connect(lambda _at: self.read())
        self.empty.primary.connect(self.clear_filter)
        self.model.block_wanted.connect(self._read_block)
        self.model.ticks.changed.connect(self._say_button)
        self.table.current_row_changed.connect(self._pointed)
        self.table.row_opened.connect(lambda at, _ctrl: self._pointed(at))
        self.table.range_wanted.connect(self._tick_range)
        self.pane.closed.connect(lambda: self.split.set_side_shown(False))
        self.pane.restore_wanted.connect(self.restore)
        self._session.refusals.keep(self.pane.restore, WRITE)
        self._session.changed.connect(self._changed)

    def _changed(self, _changes: object) -> None:
        self._soon.start(_REFRESH_MS)

    def _say_texts(self) -> None:
        self._title.setText(_("Recycle bin"))
        self.search.setAccessibleName(_("Find a deleted record"))
        self.search.setPlaceholderText(_("Find a deleted record"))
        self.search.set_clear_tip(_("Clear"))
        self.objects.setAccessibleName(_("Object"))
        self.title_changed.emit()
        self.model.open(reading.columns(), 0)
        self._places = []
        self._say_button()
        self.read()

    def _fill_objects(self, keys: list[str]) -> None:
        base = self._session.workspace
        if base is None:
            return
        choices: list[tuple[str, object]] = [(_("Every object"), "")]
        choices += [(_(base.catalogue[key].plural), key) for key in keys]
        if self.objects.renew(choices):
            self.read()

    # --- reading ----------------------------------------------------------------------------------

    def clear_filter(self) -> None:
        """Shows everything again."""
        self.search.set_quietly("")
        self.objects.choose_first()
        self.read()

    def read(self) -> None:
        """Asks for what the filter wants."""
        base = self._session.workspace
        if base is None:
            return
        entity, text = str(self.objects.value() or ""), self.search.text()
        self._session.operations.query(
            ("bin", id(self)),
            lambda _job: (base.recycle_bin.places(entity, text), base.recycle_bin.objects()),
            owner=self, done=self._take,
        )  # fmt: skip

    def _take(self, found: tuple[list[int], list[str]]) -> None:
        fresh, (self._places, keys) = not self._places, found
        self._fill_objects(keys)
        self.model.ticks.clear()
        some = bool(self._places)
        self._count.setText(format_number(len(self._places), 0, i18n.language()))
        self.show_table(some=some)
        self.empty.setVisible(not some)
        self._say_empty()
        if fresh:
            self.model.open(reading.columns(), len(self._places))
            self.table.fit()
        else:
            self.model.refresh(len(self._places))
        if not some:
            self.split.set_side_shown(False)
        elif self._chosen not in self._places:
            self._pointed(0)

    def _say_empty(self) -> None:
        narrowed = bool(self.search.text().strip() or self.objects.value())
        if narrowed:
            self.empty.set_texts("search", _("Nothing found"), _("No deleted record is like that."))
            self.empty.set_actions((_("Show all"), "filter-clear"))
        else:
            text = _("What is deleted waits here and can be brought back with all that it had.")
            self.empty.set_texts("delete", _("The recycle bin is empty"), text)
            self.empty.set_actions()

    def _read_block(self, start: int, count: int) -> None:
        base, places = self._session.workspace, self._places[start : start + count]
        if base is None:
            return

        def done(found: tuple[list[Row], dict[int, Deleted]]) -> None:
            self._known.update(found[1])
            self.model.set_block(start, found[0])
            if self._chosen in found[1] and not self.split.would_overlay():
                self._show_chosen()

        self._session.operations.query(
            ("bin-rows", id(self), start), lambda _job: reading.rows(base, places), owner=self,
            done=done, failed=lambda _error: self.model.block_failed(start),
        )  # fmt: skip

    def _tick_range(self, first: int, last: int) -> None:
        self.model.ticks.add(self._places[first : last + 1])

    # --- the chosen one ---------------------------------------------------------------------------

    def _pointed(self, at: int) -> None:
        if 0 <= at < len(self._places):
            self._chosen = self._places[at]
            self._show_chosen()

    def _show_chosen(self) -> None:
        base, one = self._session.workspace, self._known.get(self._chosen)
        if base is None or one is None:
            return

        def done(preview: Preview) -> None:
            self.pane.show_preview(preview)
            self._say_button()
            self.split.set_side_shown(True)

        self._session.operations.query(
            ("bin-preview", id(self)), lambda _job: reading.preview(base, one), owner=self,
            done=done, failed=lambda _error: self.split.set_side_shown(False),
        )  # fmt: skip

    def wanted(self) -> list[int]:
        """The places of what the button restores: the ticked ones, or the one that is shown."""
        ticks = self.model.ticks
        if ticks.count(len(self._places)):
            return [place for place in self._places if ticks.holds(place)]
        return [self._chosen] if self._chosen in self._places else []

    def _say_button(self) -> None:
        count = self.model.ticks.count(len(self._places))
        word = _("Restore")
        if count > 1:
            word = ngettext("Restore {count} record", "Restore {count} records", count)
        self.pane.restore.setText(word.format(count=count))

    def restore(self) -> None:
        """Brings back what is ticked, or what is shown."""
        base, places = self._session.workspace, self.wanted()
        if base is None or not places:
            return
        self.pane.restore.setEnabled(False)
        self._session.operations.run(
            lambda _job: base.recycle_bin.restore(
                [one.ref for one in base.recycle_bin.at(places)]
            ),
            owner=self, done=self._restored, failed=self._refused, title=_("Restore"),
        )  # fmt: skip

    def _restored(self, result: UndoResult) -> None:
        self.pane.restore.setEnabled(True)
        named = "; ".join(f"{one.name}: {one.reason}" for one in result.blocked[:_NAMED])
        if result.restored:
            said = ngettext("{count} record restored", "{count} records restored", result.restored)
            self._navigator.toast(said.format(count=result.restored), result.operation)
        self.pane.say_refused(_("Not restored: {names}").format(names=named) if named else "")
        self.read()

    def _refused(self, error: UserError) -> None:
        self.pane.restore.setEnabled(True)
        self.pane.say_refused(error.message)

    # --- the page ---------------------------------------------------------------------------------

    def title(self) -> str:
        return _("Recycle bin")

    def icon(self) -> str:
        return "delete"

    def place(self) -> Place:
        return Place(PAGE, name="recycle-bin")
