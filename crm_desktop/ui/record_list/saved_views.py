"""The saved views of a list: their tabs with counts, and how they are made, changed, removed."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, QTimer, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.models.query import Query
from crm_desktop.ui.operations import Job
from crm_desktop.ui.record_list import state as st
from crm_desktop.ui.record_list.controller import ListController
from crm_desktop.ui.record_list.numbers import count_text
from crm_desktop.ui.record_list.view_form import ViewForm
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.widgets.popover import Menu, Popover
from crm_desktop.ui.widgets.tabs import Tab

if TYPE_CHECKING:
    from crm_desktop.services.views import SavedView
    from crm_desktop.services.writing.changes import ChangeSet

_RECOUNT_MS = 800
_REST = 20  # a count that took long is not made again for twenty times as long
_MOST_COUNTED = 1_000_000


class SavedViews(QObject):
    """The views of one list."""

    shown = Signal()
    """The views are known, one of them is shown."""

    def __init__(self, controller: ListController) -> None:
        super().__init__(controller)
        self._c = controller
        self._views: list[SavedView] = []
        self._counts: dict[str, int] = {}
        self._wanted: int | None = None
        self._known = False
        self._naming: Popover | None = None
        self._recount = QTimer(self)
        self._recount.setSingleShot(True)
        self._recount.setInterval(_RECOUNT_MS)
        self._recount.timeout.connect(self._count)
        tabs = controller.view.tabs
        tabs.chosen.connect(self._chosen)
        tabs.add_asked.connect(lambda: self.save_as(tabs))
        tabs.menu_asked.connect(self._menu)
        tabs.why_no_add = lambda: self._c.session.refusals.why(WRITE)
        filters = controller.view.filters
        filters.save_clicked.connect(self._save_clicked)
        controller.session.refusals.keep(filters.save, WRITE)
        filters.reset_clicked.connect(self.reset)
        controller.state_changed.connect(self._say)
        controller.session.changed.connect(self._changed)
        controller.session.refusals.renewed.connect(self._rights_renewed)
        controller.navigator.views_changed.connect(self._told)

    # --- reading them -----------------------------------------------------------------------------

    def read(self) -> None:
        """Asks the base for the views; the one that was wanted is shown when they are there."""
        base = self._c.session.base

        def work(_job: Job) -> list[SavedView]:
            return base.views.of(self._c.key, base.user_id)

        self._ask("views", work, self._take)

    def _take(self, views: list[SavedView]) -> None:
        self._views, self._known = views, True
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.choose(wanted)
        self._say()
        self._count()
        self.shown.emit()

    def choose(self, view: int | None) -> None:
        """Shows a view, or all records; once the views are known."""
        if not self._known and view is not None:
            self._wanted = view
            return
        found = self._find(view)
        state = st.of_view(self._c.entity, found)
        self._c.view.filters.search.set_quietly("")
        self._c.show(self._c.kept(state), state)

    def narrow(self, where: Any) -> None:
        """Shows all records that fulfil a condition."""
        state = st.of_view(self._c.entity, None)
        self._c.view.filters.search.set_quietly("")
        self._c.show(self._c.kept(state).asking(where=where), state)

    def reset(self) -> None:
        """Back to the view as it was saved."""
        self._c.forget_layout()
        self._c.view.filters.search.set_quietly("")
        self._c.show(self._c.saved, self._c.saved)

    def _find(self, view: int | None) -> SavedView | None:
        return next((v for v in self._views if v.id == view), None)

    def _chosen(self, key: str) -> None:
        self.choose(None if key == st.ALL else int(key))

    # --- what is seen -----------------------------------------------------------------------------

    def _say(self) -> None:
        state = self._c.state
        current = st.ALL if state.view is None else str(state.view)
        tabs = [Tab(st.ALL, _("All"), self._count_text(st.ALL))]
        for view in self._views:
            tabs.append(Tab(str(view.id), view.title, self._count_text(str(view.id))))
        self._c.view.tabs.set_tabs(tuple(tabs), current)
        self._c.view.filters.set_changed(st.is_changed(state, self._c.saved))

    def tab_texts(self) -> list[tuple[str, str]]:
        """(name, count) of the tabs."""
        keys = [st.ALL, *(str(view.id) for view in self._views)]
        names = [_("All"), *(view.title for view in self._views)]
        return [(name, self._count_text(key)) for name, key in zip(names, keys, strict=True)]

    def _count_text(self, key: str) -> str:
        count = self._counts.get(key)
        return "" if count is None else count_text(count)

    def _count(self) -> None:
        """Counts behind the tabs, one after the other, in the background."""
        base = self._c.session.workspace
        if base is None:
            return
        queries = {st.ALL: Query(self._c.key)} | {str(v.id): v.query for v in self._views}

        def work(job: Job) -> tuple[dict[str, int], float]:
            found, began = {}, time.monotonic()
            for key, query in queries.items():
                job.check()
                try:
                    found[key] = base.lists.count(query, _MOST_COUNTED)
                except UserError:  # its field is gone: the view says so when it is opened
                    continue
            return found, time.monotonic() - began

        def done(found: tuple[dict[str, int], float]) -> None:
            self._counts = found[0]
            self._recount.setInterval(max(_RECOUNT_MS, int(found[1] * 1000 * _REST)))
            self._say()

        self._ask("counts", work, done)

    def _changed(self, changes: ChangeSet) -> None:
        if changes.touches(self._c.key) and not self._recount.isActive():
            self._recount.start()

    def _rights_renewed(self) -> None:
        if self._known:
            self._count()

    def _told(self, entity: str) -> None:
        if entity == self._c.key:
            self.read()

    # --- making and changing ----------------------------------------------------------------------

    def _save_clicked(self, anchor: QWidget) -> None:
        if self._c.session.refusals.stops(WRITE):
            return
        view = self._find(self._c.state.view)
        if view is None:
            self.save_as(anchor)
        else:
            work = self._writing(view.name, view.shared, view.pinned, view.id)
            self._c.session.operations.run(work, owner=self, done=self._written, title=view.title)

    def save_as(self, anchor: QWidget) -> None:
        """Asks for a name and keeps what is shown as a new view."""
        if self._c.session.refusals.stops(WRITE):
            return
        form = ViewForm(_("New view"))
        self._open(form, anchor, None)

    def _open(self, form: ViewForm, anchor: QWidget, id_: int | None) -> None:
        popover = Popover(form, name=_("Name of the view"), parent=self._c.view)
        self._naming = popover

        def closed() -> None:
            self._naming = None if self._naming is popover else self._naming

        def done(view: SavedView) -> None:
            if self._naming is popover:
                popover.close_panel()
            self._written(view)

        def failed(error: UserError) -> None:
            if self._naming is popover:
                form.refuse(error.message)

        def save(name: str, shared: bool, pinned: bool) -> None:
            work, run = self._writing(name, shared, pinned, id_), self._c.session.operations.run
            run(work, owner=self, done=done, failed=failed, title=name)

        popover.closed.connect(closed)
        form.saved.connect(save)
        form.refused.connect(popover.fit)
        popover.open_below(anchor)

    def _writing(
        self, name: str, shared: bool, pinned: bool, id_: int | None
    ) -> Callable[[Job], SavedView]:
        """Keeps what is shown as the view `id_`, or as a new one."""
        state, base = self._c.state, self._c.session.base
        old = self._find(id_)
        shown = state if id_ in (None, state.view) else st.of_view(self._c.entity, old)
        query = shown.query.replace(text="")
        layout = st.view_layout(shown, pinned=pinned)

        def work(_job: Job) -> SavedView:
            return base.views.save(
                name, query, author=base.user_id, shared=shared, layout=layout, id_=id_
            )

        return work

    def _written(self, view: SavedView) -> None:
        self._c.forget_kept(view.id)
        rest = [v for v in self._views if v.id != view.id]
        self._views = sorted([*rest, view], key=lambda v: (v.place, v.id))
        state = st.of_view(self._c.entity, view)
        if self._c.state.view in (None, view.id):
            self._c.show(state, state)
        self._c.navigator.views_changed.emit(self._c.key)

    def _menu(self, key: str, place: QPoint) -> None:
        view = self._find(int(key)) if key != st.ALL else None
        if view is None:
            return
        tabs = self._c.view.tabs
        menu = Menu(tabs)
        menu.addAction(_("Rename and share…")).triggered.connect(lambda: self._rename(view))
        menu.addAction(_("Duplicate the view")).triggered.connect(lambda: self.copy(view))
        pin = _("Take out of the navigation") if view.pinned else _("Show in the navigation")
        menu.addAction(pin).triggered.connect(lambda: self.pin(view, not view.pinned))
        self._add_moves(menu, view)
        menu.addSeparator()
        menu.addAction(_("Delete the view")).triggered.connect(lambda: self.remove(view))
        for action in menu.actions():
            self._c.session.refusals.keep(action, WRITE)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _rename(self, view: SavedView) -> None:
        form = ViewForm(_("View"), name=view.title, shared=view.shared, pinned=view.pinned)
        self._open(form, self._c.view.tabs, view.id)

    def _add_moves(self, menu: Menu, view: SavedView) -> None:
        ids = [v.id for v in self._views]
        at = ids.index(view.id)
        if at > 0:
            menu.addAction(_("Move left")).triggered.connect(lambda: self._move(at, at - 1))
        if at < len(ids) - 1:
            menu.addAction(_("Move right")).triggered.connect(lambda: self._move(at, at + 1))

    def _move(self, one: int, other: int) -> None:
        ids, base = [v.id for v in self._views], self._c.session.base
        ids[one], ids[other] = ids[other], ids[one]
        self._run(lambda: base.views.arrange(ids), lambda _nothing: None)

    def copy(self, view: SavedView) -> None:
        """A view of one's own like this one, which is shown at once."""
        base = self._c.session.base

        def made(found: SavedView) -> None:
            self._views.append(found)
            self.choose(found.id)

        self._run(lambda: base.views.copy(view, author=base.user_id), made)

    def pin(self, view: SavedView, pinned: bool) -> None:
        """Gives the view a line in the navigation, or takes it away."""
        base, layout = self._c.session.base, {**view.layout, "pinned": pinned}
        changed = dataclasses.replace(view, layout=layout)
        self._run(lambda: base.views.restore(changed), lambda _view: None)

    def remove(self, view: SavedView) -> None:
        """Deletes the view, not its records; the toast takes it back."""
        base = self._c.session.base

        def bring_back() -> None:
            self._run(lambda: base.views.restore(view), lambda _view: None)

        def done(_nothing: None) -> None:
            self._views = [v for v in self._views if v.id != view.id]
            if self._c.state.view == view.id:
                self.choose(None)
            said = _("View “{name}” deleted; its records stay").format(name=view.title)
            self._c.navigator.toast(said, undo=bring_back)

        self._run(lambda: base.views.remove(view.id), done)

    def _run(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        def written(found: Any) -> None:
            done(found)
            self._c.navigator.views_changed.emit(self._c.key)

        self._c.session.operations.run(lambda _job: work(), owner=self, done=written)

    def _ask(self, kind: str, work: Any, done: Any) -> None:
        key = (kind, id(self))
        self._c.session.operations.query(key, work, owner=self, done=done)
