"""The controller of a list: what is shown, what a click means, what is kept for the next time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from crm_desktop import i18n
from crm_desktop import settings as s
from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.query import Sort, Where
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.operations import Job
from crm_desktop.ui.record_list import state as st
from crm_desktop.ui.record_list.column_fit import fitted, needed
from crm_desktop.ui.record_list.condition_texts import ConditionTexts, refs_in
from crm_desktop.ui.record_list.fields import (
    FieldChoice,
    child_choices,
    choice_of,
    column_of,
    linked_choices,
    own_choices,
)
from crm_desktop.ui.record_list.loader import Loader
from crm_desktop.ui.record_list.looks import Folding, Looks
from crm_desktop.ui.record_list.pointer import RowPointer
from crm_desktop.ui.record_list.state import ListState
from crm_desktop.ui.record_list.view import RecordListView
from crm_desktop.ui.record_list.wider_fields import asks_selections, selections_touched
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px

if TYPE_CHECKING:
    from crm_desktop.services.writing.changes import ChangeSet

_KEEP_AFTER_MS = 400
_WIDEST_TITLE = 420
_SAY_AFTER_MS = 30
_NARROWEST = 0.8  # so far words are squeezed before the list scrolls sideways


class ListController(QObject):
    """One list: its state, and the loader that shows it."""

    state_changed = Signal()
    """Another query, other columns or another view."""
    record_pointed = Signal(object)
    """The `Ref` of the current row, or None."""

    def __init__(
        self, session: Session, navigator: Navigator, view: RecordListView, entity_key: str
    ) -> None:
        super().__init__(view)
        self.session, self.navigator, self.view = session, navigator, view
        self.key = entity_key
        self.state = ListState(st.usual_query(self.entity))
        self.saved = self.state
        self.total: int | None = None
        self._good: ListState | None = None
        self._grouped: tuple[str, ...] = ()
        self.folding = Folding()
        """Which groups are open."""
        self._titles: dict[Ref, str] = {}
        self._awaits_new = False
        self._keep_soon = QTimer(self)
        self._keep_soon.setSingleShot(True)
        self._keep_soon.setInterval(_KEEP_AFTER_MS)
        self._keep_soon.timeout.connect(self._keep)
        self._say_soon = QTimer(self)
        self._say_soon.setSingleShot(True)
        self._say_soon.setInterval(_SAY_AFTER_MS)
        self._say_soon.timeout.connect(self.state_changed)
        self.loader = Loader(session, view.model, self)
        self.loader.opened.connect(self._say)
        self.loader.opened.connect(self._opened)
        self.loader.counted.connect(self._counted)
        self.pointer = RowPointer(view, self.loader, entity_key)
        self.pointer.record_pointed.connect(self.record_pointed)
        self.loader.grown.connect(self._grown)
        self.loader.failed.connect(self._failed)
        self.unread = False
        """Something could not be read while the server was away."""
        self._connect()

    def _connect(self) -> None:
        table, filters = self.view.table, self.view.filters
        table.head.sort_asked.connect(self._sort_asked)
        table.head.sectionResized.connect(self._resized)
        table.head.sectionMoved.connect(self._moved)
        filters.searched.connect(self._searched)
        filters.chip_removed.connect(self._chip_removed)
        self.view.resized.connect(self.fit_columns)
        self.session.changed.connect(self._changed)
        self.navigator.new_record_wanted.connect(self._new_wanted)

    @property
    def entity(self) -> EntityDef:
        """The object whose records are listed, as the catalogue knows it now."""
        return self.session.base.catalogue[self.key]

    # --- showing ----------------------------------------------------------------------------------

    def show(self, state: ListState, saved: ListState | None = None) -> None:
        """Shows a list; `saved` is what it is compared with to know whether it was changed."""
        if state.key != self.state.key:
            self.keep_layout_now()
        if saved is not None:
            self.saved = saved
        state, choices = self._sound(state)
        if state.meaning != self.state.meaning:
            self.view.model.ticks.clear()
        self.state = state
        widths = state.widths
        columns = [
            column_of(c, is_title=c.path == self.entity.title_field, width=widths.get(c.path, 0))
            for c in choices
        ]
        self._say_soon.start()
        if state.query.groups != self._grouped:
            self._grouped, self.folding = state.query.groups, Folding()
        self.loader.looks = Looks(state.marks, self.folding)
        self.loader.open(state.query, choices, columns)
        self._look_up_titles()

    def _sound(self, state: ListState) -> tuple[ListState, list[FieldChoice]]:
        """Without columns and sort keys whose fields are gone."""
        found = [self.choice(path) for path in state.query.columns]
        choices = [choice for choice in found if choice is not None]
        if not choices:
            usual = st.usual_query(self.entity).columns
            choices = [choice for path in usual if (choice := self.choice(path))]
        sort = tuple(key for key in state.query.sort if self.choice(key.path))
        groups = tuple(g for g in state.query.groups if self.choice(g.partition(":")[0]))
        columns = tuple(c.path for c in choices)
        return state.asking(columns=columns, sort=sort, groups=groups), choices

    def choice(self, path: str) -> FieldChoice | None:
        """The field behind a path of this object."""
        return choice_of(self.session.base.catalogue, self.entity, path)

    def field_groups(self) -> list[tuple[str, list[FieldChoice]]]:
        """What can be chosen: own fields, then those of linked records under their headings."""
        catalogue = self.session.base.catalogue
        groups: list[tuple[str, list[FieldChoice]]] = [("", own_choices(catalogue, self.entity))]
        for choices in linked_choices(catalogue, self.entity):
            over = choices[0].over
            groups.append((_(over.label) if over is not None else "", choices))
        return groups

    def condition_groups(self) -> list[tuple[str, list[FieldChoice]]]:
        """What can be asked: also selections, and the records that point here."""
        from crm_desktop.ui.record_list.wider_fields import asked_groups

        return asked_groups(self.session.base.catalogue, self.entity, self.field_groups())

    def column_groups(self) -> list[tuple[str, list[FieldChoice]]]:
        """What can be a column: also what is calculated over the records that point here."""
        children = child_choices(self.session.base.catalogue, self.entity)
        return [*self.field_groups(), *children]

    def _opened(self) -> None:
        before, self._good = self._good, self.state
        table, head = self.view.table, self.view.table.head
        head.blockSignals(True)
        for place in range(head.count()):
            head.moveSection(head.visualIndex(place), place)
        table.size_columns()
        head.blockSignals(False)
        self.fit_columns()
        places = {path: n for n, path in enumerate(self.state.query.columns)}
        keys = [(places[k.path], k.descending) for k in self.state.query.sort if k.path in places]
        head.set_sort(keys)
        table.horizontalScrollBar().setValue(0)
        self.view.show_table()
        self.pointer.begin(same=before is not None and before.rows == self.state.rows)

    def _say(self) -> None:
        """Rows and filter are painted together; the filter waits a little for the rows."""
        if self._say_soon.isActive():
            self._say_soon.stop()
            self.state_changed.emit()

    def _counted(self, total: int) -> None:
        source = self.loader.source
        grouped = source.records if source is not None and self.state.query.groups else None
        self.total = total if grouped is None else grouped
        self.fit_columns()  # a scroll bar may have come
        self.state_changed.emit()

    def _failed(self, error: UserError) -> None:
        if self.session.is_told(error):  # what is shown stays; read anew when the server is back
            self.unread = True
            return
        self.navigator.refuse(error)
        if self._good is not None and self._good != self.state:
            self.state = self._good
            self.state_changed.emit()
        elif self._good is None and self.state.query != st.usual_query(self.entity):
            self.show(ListState(st.usual_query(self.entity), self.state.view))

    # --- what the person changes ------------------------------------------------------------------

    def change(self, **query: Any) -> None:
        """Other columns, conditions, order or text."""
        state = self.state.asking(**query)
        if state != self.state:
            self.show(state)
            self.keep_layout()

    def _searched(self, text: str) -> None:
        if text.strip() != self.state.query.text:
            self.show(self.state.asking(text=text.strip()))

    def set_part(self, place: int | None, part: Where | None) -> None:
        """Puts another condition in the place of a chip; a new one for None; None removes."""
        parts = list(st.parts_of(self.state.query.where))
        if place is None:
            parts += [] if part is None else [part]
        else:
            parts[place : place + 1] = [] if part is None else [part]
        self.change(where=st.joined(tuple(parts)))

    def _chip_removed(self, place: int) -> None:
        self.set_part(place, None)
        self.view.filters.add.setFocus()  # the chip that had the keyboard is gone

    def clear_filters(self) -> None:
        """No conditions and no text."""
        self.view.filters.search.set_quietly("")
        self.change(where=None, text="")

    def sort(self, sort: tuple[Sort, ...]) -> None:
        """Another order."""
        self.change(sort=sort)

    def _sort_asked(self, column: int, add: bool) -> None:
        self.sort_by(self.path_at(column), add=add)

    def sort_by(self, path: str, *, add: bool = False) -> None:
        """Upwards, downwards, not at all; with `add` beside the keys there are."""
        choice = self.choice(path) if path else None
        if choice is not None and choice.sortable:
            self.sort(st.next_sort(self.state.query.sort, path, add=add))

    def path_at(self, column: int) -> str:
        """The path of a column of the table."""
        columns = self.view.model.columns
        return columns[column].key if 0 <= column < len(columns) else ""

    def fit_columns(self) -> None:
        """Gives the room that is left over to the title, until the person has set a width."""
        if self.session.workspace is None:
            return
        columns, head = self.view.model.columns, self.view.table.head
        if not columns or self.state.widths:
            return
        table, title = self.view.table, self.entity.title_field
        choices = [self.choice(column.key) for column in columns]
        head.fit(fitted(columns, choices, table.viewport().width(), title, needed(table)))

    def _resized(self, column: int, _old: int, wide: int) -> None:
        pressed = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        by_hand = pressed and not self.view.table.head.is_fitting  # the panel beside is dragged
        path = self.path_at(column) if by_hand else ""
        if path and not self._is_last(column):
            widths = {**self.state.widths, path: round(wide * 100 / px(100))}
            self.state = self.state.replace(widths=widths)
            self.keep_layout()

    def _is_last(self, column: int) -> bool:
        """The last column takes the room that is left: its width is nobody's choice."""
        head = self.view.table.head
        return head.visualIndex(column) == head.count() - 1

    def _moved(self, *_places: int) -> None:
        head = self.view.table.head
        order = tuple(self.path_at(head.logicalIndex(n)) for n in range(head.count()))
        self.state = self.state.asking(columns=order)
        self.keep_layout()
        self.state_changed.emit()

    def keep_layout(self) -> None:
        """Columns, widths and order are as they were left, next time."""
        self._keep_soon.start()

    def keep_layout_now(self) -> None:
        """Does not wait for the person to come to rest."""
        if self._keep_soon.isActive():
            self._keep_soon.stop()
            self._keep()

    def _keep(self) -> None:
        self.session.settings.put_entry(s.LIST_LAYOUTS, self.state.key, st.layout_of(self.state))

    def kept(self, state: ListState) -> ListState:
        """A list with the layout in which the person left it."""
        layouts = self.session.settings.get(s.LIST_LAYOUTS)
        return st.with_layout(state, layouts.get(state.key))

    def forget_kept(self, view: int | None) -> None:
        """The layout of that view is no longer one's own."""
        self._keep_soon.stop()
        self.session.settings.put_entry(s.LIST_LAYOUTS, st.view_key(self.key, view), None)

    def forget_layout(self) -> None:
        """Columns, widths and order as they were at first."""
        self.forget_kept(self.state.view)
        old = self.saved.query
        query = self.state.query.replace(columns=old.columns, sort=old.sort, groups=old.groups)
        changed = self.state.replace(query=query, widths=self.saved.widths, marks=self.saved.marks)
        self.show(changed)

    def pointed(self) -> Ref | None:
        """The record of the current row."""
        return self.pointer.pointed()

    # --- the base changed -------------------------------------------------------------------------

    def _new_wanted(self, entity: str, _values: object) -> None:
        self._awaits_new = self._awaits_new or entity == self.key

    def _grown(self, record: int) -> None:
        """A record was added: if the person has just asked for one, the list goes to it."""
        if self._awaits_new:
            self._awaits_new = False
            self.pointer.go_to_record(record)

    def _changed(self, changes: ChangeSet) -> None:
        own, where = changes.touched.get(self.key), self.state.query.where
        catalogue = self.session.base.catalogue
        if changes.whole:  # a colleague's import: not all of it is named
            self.loader.reopen(busy=True)
        elif asks_selections(where) and selections_touched(catalogue, changes.touched):
            self.loader.reopen()
        elif own:
            self.loader.change(own, busy=len(own) > 200)
        elif any(key in changes.touched for key in self._shown_over_links()):
            if any("(" in key.path for key in self.state.query.sort):
                self.loader.reopen()  # sorted by children: the order is another now
            else:
                self.loader.look_again()

    def _shown_over_links(self) -> set[str]:
        choices = (self.choice(path) for path in self.state.query.columns)
        fields = [f for c in choices if c is not None for f in (c.over, c.field) if f is not None]
        linked = {target for f in fields if (target := getattr(f, "target", ""))}
        sorted_by = (self.choice(key.path) for key in self.state.query.sort)
        shown = [self.choice(path) for path in self.state.query.columns]
        children = [c.child for c in (*shown, *sorted_by) if c is not None]
        return linked | {child.child.entity.key for child in children if child is not None}

    # --- words ------------------------------------------------------------------------------------

    def texts(self) -> ConditionTexts:
        """Says conditions of this object."""
        return ConditionTexts(self.session.base.catalogue, self.entity, i18n.language())

    def chips(self) -> list[tuple[str, str]]:
        """The conditions in words; none once the base is closed under the list."""
        if self.session.workspace is None:
            return []
        texts = self.texts()
        return [texts.chip(part, self._titles) for part in st.parts_of(self.state.query.where)]

    @property
    def titles(self) -> dict[Ref, str]:
        """The names of the records that conditions name."""
        return self._titles

    def _look_up_titles(self) -> None:
        asked = (self.state.query.where, *(mark.where for mark in self.state.marks))
        named = {ref for where in asked for ref in refs_in(where, self._field_of)}
        missing = named - set(self._titles)
        if not missing:
            return
        find = self.session.base.titles.of

        def done(found: dict[Ref, Any]) -> None:
            self._titles.update({ref: title.text for ref, title in found.items()})
            if not self._say_soon.isActive():
                self.state_changed.emit()

        def work(_job: Job) -> dict[Ref, Any]:
            return find(missing)

        self.session.operations.query(("chips", id(self)), work, owner=self, done=done)

    def _field_of(self, path: str) -> Field | None:
        choice = self.choice(path)
        return choice.field if choice is not None else None

    def ask(self, kind: str, work: Callable[..., Any], done: Callable[[Any], None]) -> None:
        """Asks something of the query that is shown."""
        self.loader.ask(kind, work, done)
