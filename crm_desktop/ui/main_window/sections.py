"""The lines of the navigation: objects, saved views, counts, who works, how the base is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, QTimer

from crm_desktop import i18n
from crm_desktop import settings as s
from crm_desktop.errors import UserError
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Query
from crm_desktop.services.rights import words as rights
from crm_desktop.ui.copies import make_copy_now, said_last_copy
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.main_window.base_names import base_name, short_address
from crm_desktop.ui.main_window.own_face import OwnFace
from crm_desktop.ui.main_window.view import WindowView
from crm_desktop.ui.navigation import LIST, PAGE, Navigator, Place
from crm_desktop.ui.operations import Job
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.session import Session
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.navigation import NavItem
from crm_desktop.ui.widgets.popover import Menu

if TYPE_CHECKING:
    from crm_desktop.services.views import SavedView
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.services.writing.changes import ChangeSet

PAGES = (
    ("my-day", "sun", N_("My day")),
    ("board", "board", N_("Board")),
    ("planner", "entity-event", N_("Planner")),
    ("sales-figures", "gauge", N_("Sales figures")),
    ("promises", "flag", N_("Promises")),
)
"""Pages that have a line of their own behind the objects: name, icon, title."""
_RECOUNT_MS = 1500
_REST = 20  # a count that took long is not made again for twenty times as long
_MOST_COUNTED = 10_000_000
_MOST_PEOPLE = 200
_SAVING_AFTER_MS = 400


class Sections(QObject):
    """Fills the navigation of the window."""

    def __init__(self, session: Session, navigator: Navigator, view: WindowView) -> None:
        super().__init__(view)
        self._session, self._navigator, self._view = session, navigator, view
        self._places: dict[str, Place] = {}
        self._views: list[SavedView] = []
        self._counts: dict[str, int] = {}
        self._person = self._role = ""
        self._face = OwnFace(session, view)
        self._touched: set[str] | None = None
        """Objects whose records have changed since the last count; None: count everything."""
        self._pause_ms = _RECOUNT_MS
        self._recount = QTimer(self)
        self._recount.setSingleShot(True)
        self._recount.timeout.connect(self._count)
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(_SAVING_AFTER_MS)
        self._slow.timeout.connect(self._say_state)
        session.operations.writing_changed.connect(self._writing_changed)
        panel = view.navigation
        panel.activated.connect(self._activated)
        panel.menu_asked.connect(self._view_menu)
        panel.arranged.connect(self._arranged)
        panel.base_asked.connect(self._base_menu)
        panel.user_asked.connect(self._ask_people)
        panel.settings_asked.connect(navigator.open_settings)
        panel.state_asked.connect(navigator.open_operations)
        session.opened.connect(self.base_opened)
        session.closed.connect(self._closed)
        session.changed.connect(self._changed)
        session.catalogue_changed.connect(self.read)
        session.person_changed.connect(self.read)
        session.refusals.renewed.connect(self.read)
        session.seat.changed.connect(self.say)
        session.line.lost.connect(self._say_state)
        session.line.back.connect(self._say_state)
        session.copied.connect(self._say_state)
        navigator.views_changed.connect(self._views_changed)
        keep_translated(view, self.say)

    # --- reading ----------------------------------------------------------------------------------

    def _views_changed(self, _entity: str) -> None:
        self.read()

    def base_opened(self) -> None:
        """Works in the name of the colleague who worked here last, and fills the navigation.

        Whoever is alone in a base stays who they are when others come."""
        base, settings, address = self._session.base, self._session.settings, self._session.address
        kept = settings.get(s.WORKS_AS)
        if address in kept and not base.is_known:
            base.work_as(kept[address] if isinstance(kept[address], int) else None)
        elif base.user_id is not None and base.backend.exclusive:
            settings.put_entry(s.WORKS_AS, address, base.user_id)
        self.say()
        self.read()

    def _closed(self) -> None:
        self._views, self._counts, self._places = [], {}, {}
        self._person = self._role = ""
        self.say()

    def read(self) -> None:
        """Asks for the saved views, the counts and the name of the person."""
        base = self._session.workspace
        if base is None:
            return
        staff, user = base.catalogue.staff(), base.user_id

        def work(_job: Job) -> tuple[list[SavedView], str, str]:
            refs = [Ref(staff.key, user)] if user is not None else []
            name = next((title.text for title in base.titles.of(refs).values()), "")
            return base.views.all(user), name, _stands_in(base)

        def done(found: tuple[list[SavedView], str, str]) -> None:
            pinned = [view for view in found[0] if view.pinned]
            self._views = sorted(pinned, key=lambda view: (view.place, view.id))
            self._person, self._role = found[1:]
            self.say()
            self._touched = None
            self._count()

        self._ask("views", work, done)

    def _count(self) -> None:
        """Counts what may have another number now: after a change, only what it touched."""
        base, touched = self._session.workspace, self._touched
        if base is None:
            return
        self._touched = set()
        queries = {_key(Place(LIST, e.key)): Query(e.key) for e in base.catalogue if e.navigation}
        for view in self._views:
            queries[_key(Place(LIST, view.entity, view=view.id))] = view.query
        wanted = {k: q for k, q in queries.items() if touched is None or _may_change(q, touched)}

        def work(job: Job) -> tuple[dict[str, int], float]:
            found, began = {}, time.monotonic()
            for key, query in wanted.items():
                job.check()
                try:
                    found[key] = base.lists.count(query, _MOST_COUNTED)
                except UserError:  # a view whose field is gone says so when it is opened
                    continue
            return found, time.monotonic() - began

        def done(found: tuple[dict[str, int], float]) -> None:
            kept = {k: n for k, n in self._counts.items() if k in queries and k not in wanted}
            self._counts = kept | found[0]
            self._pause_ms = max(_RECOUNT_MS, int(found[1] * 1000 * _REST))
            self.say()

        self._ask("counts", work, done)

    def _changed(self, changes: ChangeSet) -> None:
        if self._touched is not None:
            self._touched = None if changes.whole else self._touched | set(changes.touched)
        if changes.touched and not self._recount.isActive():
            self._recount.start(self._pause_ms)
        base = self._session.workspace
        if base is not None and changes.touches(base.catalogue.staff().key):
            self.read()

    def _ask(self, kind: str, work: Any, done: Any) -> None:
        self._session.operations.query(("sections", kind), work, owner=self, done=done)

    # --- saying -----------------------------------------------------------------------------------

    def say(self) -> None:
        """Shows everything as it is known now, in the language of the moment."""
        panel, base = self._view.navigation, self._session.workspace
        panel.set_items(self._items())
        self._face.show()
        if base is None:
            panel.set_base(_("CRM Desktop"), "")
            panel.set_state("database", "")
            panel.set_user("", "", settings_tip=_("Settings"), unknown=True)
            return
        panel.set_base(base_name(self._session), self._kind())
        self._say_state()
        if self._person:
            panel.set_user(self._person, self._role, settings_tip=_("Settings"))
        else:
            panel.set_user(_("Who are you?"), _("Choose a colleague"), settings_tip=_("Settings"),
                           unknown=True)  # fmt: skip

    def _writing_changed(self, writing: bool) -> None:
        """Short writes pass unseen."""
        if writing:
            self._slow.start()
        else:
            self._slow.stop()
            self._say_state()

    def _say_state(self) -> None:
        if self._session.workspace is None:
            return
        if not self._session.line.holds:
            self._view.navigation.set_state(
                "database-warning", _("The server does not answer"), "warn"
            )
        elif self._session.operations.writing and not self._slow.isActive():
            self._view.navigation.set_state("sync", _("Saving…"), "text2")
        else:
            self._view.navigation.set_state("database-ok", self._saved(), "ok")

    def _saved(self) -> str:
        """All is saved; of a local base also when its last copy was made."""
        if not self._session.base.backend.exclusive:
            return _("Everything is saved")
        moment = said_last_copy(self._session, i18n.language())
        return _("Copy: {moment}").format(moment=moment) if moment else _("Saved. No copy")

    def _kind(self) -> str:
        if self._session.base.backend.exclusive:
            return _("Local base")
        return _("Server, no licence") if self._session.seat.is_trial else _("Base on a server")

    def _items(self) -> list[NavItem]:
        base = self._session.workspace
        if base is None:
            return []
        lines = [(Place(LIST, e.key), e.icon, _(e.plural)) for e in base.catalogue if e.navigation]
        lines += [(Place(PAGE, name=name), icon, _(title)) for name, icon, title in PAGES]
        self._places = {}
        items = [self._item(place, icon, text, "") for place, icon, text in lines]
        for view in self._views:
            place = Place(LIST, view.entity, view=view.id)
            icon = base.catalogue[view.entity].icon if base.catalogue.has(view.entity) else "star"
            items.append(self._item(place, icon, view.title, _("Saved views")))
        return items

    def _item(self, place: Place, icon: str, text: str, section: str) -> NavItem:
        key = _key(place)
        self._places[key] = place
        from crm_desktop.models.text.numbers import format_number

        count = self._counts.get(key)
        shown = "" if count is None else format_number(count, 0, i18n.language())
        return NavItem(key, icon, text, shown, section)

    def mark(self, place: Place | None) -> None:
        """Marks the line of the place in front."""
        keys = [] if place is None else [_key(place), _key(Place(LIST, place.entity))]
        self._view.navigation.set_current(next((k for k in keys if k in self._places), ""))

    def numbered(self, number: int) -> Place | None:
        """The section of that number, counted from 1: Ctrl+1 ..."""
        places = [p for p in self._places.values() if p.view is None and p.kind == LIST]
        return places[number - 1] if 0 < number <= len(places) else None

    # --- acting -----------------------------------------------------------------------------------

    def _activated(self, key: str) -> None:
        place = self._places.get(key)
        if place is not None and place.kind == PAGE:
            self._navigator.open_page(place.name)
        elif place is not None:
            self._navigator.show_list(place.entity, place.view)

    def _view_menu(self, key: str, at: QPoint) -> None:
        place = self._places.get(key)
        view = next((v for v in self._views if place is not None and v.id == place.view), None)
        if view is None:
            return
        menu = Menu(self._view)
        unpin = menu.addAction(_("Take out of the navigation"))
        unpin.triggered.connect(lambda: self._unpin(view))
        self._session.refusals.keep(unpin, WRITE)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _arranged(self, keys: list[str]) -> None:
        """The pinned views stand in this order from now on, at once and for everybody."""
        places = [place for key in keys if (place := self._places.get(key)) is not None]
        ids = [place.view for place in places if place.view is not None]
        base = self._session.workspace
        if base is None or len(ids) != len(keys):
            return
        order = {id_: number for number, id_ in enumerate(ids)}
        self._views.sort(key=lambda view: order.get(view.id, len(order)))
        self.say()
        self._session.operations.run(
            lambda _job: base.views.arrange(ids), owner=self, done=lambda _nothing: self.read()
        )

    def _unpin(self, view: SavedView) -> None:
        base = self._session.base
        layout = {**view.layout, "pinned": False}
        self._session.operations.run(
            lambda _job: base.views.save(
                view.name, view.query, author=view.author, shared=view.shared, layout=layout,
                id_=view.id,
            ),
            owner=self, done=lambda _view: self._navigator.views_changed.emit(view.entity),
        )  # fmt: skip

    def _base_menu(self) -> None:
        menu = Menu(self._view)
        for address in self._session.settings.get(s.RECENT_BASES)[:8]:
            action = menu.addAction(short_address(self._session.settings, address))
            action.setToolTip(plain_tip(address))
            action.setCheckable(True)
            action.setChecked(address == self._session.address)
            action.triggered.connect(lambda _on=False, a=address: self._open(a))
        menu.addSeparator()
        menu.addAction(_("New or other base…")).triggered.connect(self._navigator.open_welcome)
        if self._session.workspace is not None:
            operations = menu.addAction(_("Operations and undo…"))
            operations.triggered.connect(self._navigator.open_operations)
            deleted = menu.addAction(_("Recycle bin"))
            deleted.triggered.connect(self._navigator.open_recycle_bin)
            copy = menu.addAction(_("Make a copy now"))
            copy.triggered.connect(lambda: make_copy_now(self._session, self._navigator))
            menu.addAction(_("Close the base")).triggered.connect(self._session.close)
        menu.aboutToHide.connect(menu.deleteLater)
        place = self._view.navigation.mapToGlobal(QPoint(12, 58))
        menu.popup(place)

    def _open(self, address: str) -> None:
        if address != self._session.address:
            self._session.open(address)

    # --- the person -------------------------------------------------------------------------------

    def _ask_people(self) -> None:
        base = self._session.workspace
        if base is None:
            return
        staff = base.catalogue.staff()

        def work(_job: Job) -> list[tuple[Ref, Any]]:
            return base.titles.suggest(staff.key, "", limit=_MOST_PEOPLE)

        self._ask("people", work, self._people_menu)

    def _people_menu(self, people: list[tuple[Ref, Any]]) -> None:
        base = self._session.base
        menu = Menu(self._view)
        for ref, title in people:
            action = menu.addAction(title.text)
            action.setCheckable(True)
            action.setChecked(ref.id == base.user_id)
            action.triggered.connect(lambda _on=False, id_=ref.id: self.work_as(id_))
        if people:
            menu.addSeparator()
        staff = base.catalogue.staff()
        new = menu.addAction(_(staff.new_label) or _("New record"))
        new.triggered.connect(lambda: self._navigator.new_record(staff.key))
        self._session.refusals.keep(new, rights.CREATE, staff.key)
        menu.aboutToHide.connect(menu.deleteLater)
        size = menu.sizeHint()
        corner = self._view.navigation.mapToGlobal(QPoint(12, self._view.height() - 56))
        menu.popup(corner - QPoint(0, size.height()))

    def work_as(self, id_: int) -> None:
        """From now on the changes are made in the name of that colleague."""
        self._session.work_as(id_)


def _may_change(query: Query, touched: set[str]) -> bool:
    """Whether records of these objects may change the number of rows: a condition over a link
    may lead to any object."""
    return query.entity in touched or (query.where is not None and "." in str(query.where))


def _key(place: Place) -> str:
    if place.kind == PAGE:
        return f"page/{place.name}"
    return place.entity if place.view is None else f"{place.entity}/{place.view}"


def _stands_in(base: Workspace) -> str:
    """For whom who works here stands in now, one sentence; '' in a base of one's own."""
    if not base.login or base.user_id is None:
        return ""
    from crm_desktop.services.rights.stand_ins import NOW, told

    mine = [one for one in told(base, of=base.user_id, states=(NOW,))
            if one.it.stand_in == base.user_id]  # fmt: skip
    return "; ".join(one.sentence(base.user_id) for one in mine)
