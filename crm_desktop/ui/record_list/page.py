"""The page of one object: puts view, controller and its parts together."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QModelIndex
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.shared_traits import Hierarchy, Pictured
from crm_desktop.services.rights import words
from crm_desktop.ui.icons import icon
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import LIST, Navigator, Place
from crm_desktop.ui.page import Page
from crm_desktop.ui.portraits.avatars import portraits_of
from crm_desktop.ui.record_drag import record_mime
from crm_desktop.ui.record_list.choosers import Choosers
from crm_desktop.ui.record_list.controller import ListController
from crm_desktop.ui.record_list.emptiness import Emptiness
from crm_desktop.ui.record_list.many import Many
from crm_desktop.ui.record_list.row_actions import RowActions
from crm_desktop.ui.record_list.saved_views import SavedViews
from crm_desktop.ui.record_list.totals import Totals
from crm_desktop.ui.record_list.turning import ListTurning
from crm_desktop.ui.record_list.view import RecordListView
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.popover import Menu

if TYPE_CHECKING:
    from crm_desktop.ui.record_list.printing import Printing


class RecordListPage(Page):
    """The list of an object in the window."""

    def __init__(self, session: Session, navigator: Navigator, entity_key: str) -> None:
        super().__init__()
        self._session, self._navigator, self._key = session, navigator, entity_key
        self.view = RecordListView("")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.controller = ListController(session, navigator, self.view, entity_key)
        self.views = SavedViews(self.controller)
        self.choosers = Choosers(self.controller)
        self.totals = Totals(self.controller)
        self.many = Many(self.controller)
        self.rows = RowActions(self.controller, self.many)
        self.rows.more_wanted.connect(self._more_wanted)
        self.turning = ListTurning(session, self.controller.loader, self)
        self.emptiness = Emptiness(self.controller, self.rows)
        self.controller.record_pointed.connect(self.record_pointed)
        self.controller.state_changed.connect(self._state_changed)
        self.view.table.clicked.connect(self._clicked)
        self.view.table.drag_data = self.dragged
        portraits = portraits_of(session)
        self.view.table.show_faces(portraits)
        if session.base.catalogue[entity_key].trait(Pictured) is not None:
            self.view.table.picture_of = lambda id_: portraits.of(Ref(entity_key, id_))
        self.view.filters.down_pressed.connect(self._into_table)
        session.catalogue_changed.connect(self._catalogue_changed)
        session.line.back.connect(self._line_back)
        self._shown = False
        self._printing: Printing | None = None
        keep_translated(self, self._say_texts)

    def dragged(self, row: int) -> QMimeData | None:
        """What is dragged for a row: its record."""
        record = self.view.model.id_of(row)
        return record_mime(Ref(self._key, record)) if record is not None else None

    # --- showing ----------------------------------------------------------------------------------

    def show_place(self, place: Place) -> None:
        first, self._shown = not self._shown, True
        if first:
            self.views.read()
        if place.where is not None:
            self.views.narrow(place.where)
        elif first or place.view != self.controller.state.view:
            self.views.choose(place.view)

    def place(self) -> Place:
        return Place(LIST, self._key, view=self.controller.state.view)

    def title(self) -> str:
        return _(self.controller.entity.plural) if self._exists() else ""

    def icon(self) -> str:
        return self.controller.entity.icon if self._exists() else ""

    def pointed(self) -> Ref | None:
        return self.controller.pointed()

    def is_coming(self) -> bool:
        return not self.controller.pointer.has_begun

    def neighbour(self, ref: Ref, by: int) -> Ref | None:
        model = self.view.model
        row = model.row_of(ref.id) if ref.entity == self._key else None
        if row is None or not 0 <= row + by < model.rowCount():
            return None
        record = model.id_of(row + by)
        if record is None:
            return None
        self.view.table.go_to(row + by)
        return Ref(self._key, record)

    def wants_panel(self) -> bool:
        return True

    def take_focus(self) -> None:
        if self.view.is_empty:
            self.view.empty.primary_button.setFocus()
        else:
            self.view.table.setFocus()

    def _exists(self) -> bool:
        base = self._session.workspace
        return base is not None and base.catalogue.has(self._key)

    def _say_texts(self) -> None:
        if self._exists():
            entity = self.controller.entity
            self.view.set_title(_(entity.plural), _(entity.new_label) or _("New record"))
            if self._shown:  # texts of rows and headings are made anew
                self.controller.show(self.controller.state)

    def _catalogue_changed(self) -> None:
        if self._exists() and self._shown:
            self._say_texts()

    def _line_back(self) -> None:
        if self.controller.unread and self.controller.session.workspace is not None:
            self.controller.unread = False
            self.controller.show(self.controller.state)

    def rights_renewed(self) -> None:
        if self._shown and self.controller.session.workspace is not None:
            self.controller.loader.reopen()

    def _state_changed(self) -> None:
        self.title_changed.emit()

    def _clicked(self, index: QModelIndex) -> None:
        record = self.view.model.id_of(index.row())
        if record is not None:
            self.record_clicked.emit(Ref(self._key, record))

    # --- actions of the program -------------------------------------------------------------------

    def run(self, action_id: str) -> bool:
        acts: dict[str, Callable[[], None]] = {
            "find": self._find,
            "new": self.rows.new,
            "refresh": self.controller.loader.reopen,
            "export": self.rows.export,
            "print": self.print,
            "paste": self.rows.paste,
            "edit": self.rows.edit,
            "condition": lambda: self.choosers.add_condition(self.view.filters.add),
            "close-popovers": self.choosers.close,
        }
        act = acts.get(action_id)
        if act is None:
            return False
        act()
        return True

    def print(self) -> None:
        """Shows the list on paper before it is printed."""
        if self._session.refusals.stops(words.PRINT, self._key):
            return
        from crm_desktop.ui.record_list.printing import Printing

        if self._printing is None:
            self._printing = Printing(self.controller)
        self._printing.open()

    def _more_wanted(self, menu: Menu, anchor: QWidget) -> None:
        self.choosers.grouping.add_menu(menu)
        paper = menu.addAction(icon("print"), _("Print…") + "\tCtrl+P")
        paper.triggered.connect(self.print)
        self._session.refusals.keep(paper, words.PRINT, self._key)
        trait = self._session.base.catalogue[self._key].trait(Hierarchy)
        if trait is not None:
            tree = menu.addAction(icon("people-team"), _(trait.title))
            tree.triggered.connect(lambda: self._navigator.open_hierarchy(self._key))
        marks = menu.addAction(icon("palette"), _("Colour by condition…"))
        marks.triggered.connect(lambda: self.choosers.marks.open(anchor))

    def _find(self) -> None:
        self.view.filters.search.setFocus()
        self.view.filters.search.selectAll()

    def _into_table(self) -> None:
        """Down in the quick filter: on to what it has found."""
        if not self.view.is_empty:
            self.view.table.setFocus()
            if self.view.table.current_row < 0:
                self.view.table.go_to(0)

    def leave(self) -> None:
        """The page goes: what was left to keep is kept, nothing is asked any more."""
        self.controller.keep_layout_now()
        self.controller.loader.close()
