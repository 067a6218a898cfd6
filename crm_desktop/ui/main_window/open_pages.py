"""Which pages are open: the section in front of the tabs, then full cards and others, a tab each.

The list of every object that was shown stays as it was left, until the base is closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from weakref import WeakSet

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.main_window.parts import Features
from crm_desktop.ui.main_window.spare_page import SparePage
from crm_desktop.ui.main_window.tab_strip import OpenTab
from crm_desktop.ui.main_window.view import WindowView
from crm_desktop.ui.navigation import LIST, PAGE, RECORD, ImportSource, Navigator, Place
from crm_desktop.ui.page import AheadPage, Page
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.popover import Menu

_LATER_MS = 500
"""Between the pages that are made ahead."""


@dataclass
class _Open:
    """A page and the place it was opened for."""

    place: Place
    page: QWidget

    def now(self) -> Place:
        """Where it is now."""
        found = self.page.place() if isinstance(self.page, Page) else None
        return found or self.place


class OpenPages(QObject):
    """The pages of the window."""

    shown = Signal(object)
    """The page that is in front now."""
    retitled = Signal()
    """A tab may say something else now."""
    record_pointed = Signal(object)
    record_clicked = Signal(object)

    def __init__(
        self, session: Session, navigator: Navigator, view: WindowView, features: Features
    ) -> None:
        super().__init__(view)
        self._session, self._navigator, self._view = session, navigator, view
        self._features, self._make = features, features.pages
        self._sections: dict[str, _Open] = {}
        self._section: _Open | None = None
        self._tabs: list[_Open] = []
        self._current: _Open | None = None
        self._followed = WeakSet[QWidget]()
        self._ahead = {
            kind: SparePage(partial(self._make_ahead, kind), view.pages, later_ms=_LATER_MS * place)
            for place, kind in enumerate(features.ahead)
        }
        view.tabs.chosen.connect(self.choose_tab)
        view.tabs.close_asked.connect(self.close_tab)
        view.tabs.menu_asked.connect(self._menu)
        session.refusals.renewed.connect(self._rights_renewed)

    def _rights_renewed(self) -> None:
        """A card follows by itself, as in the panel: it is read when it is looked at."""
        for opened in (*self._sections.values(), *self._tabs):
            if isinstance(opened.page, Page) and opened.place.kind != RECORD:
                opened.page.rights_renewed()

    # --- showing ----------------------------------------------------------------------------------

    def has(self, place: Place) -> bool:
        """Whether there is a page for such a place."""
        return self._kind(place) in self._make

    @staticmethod
    def _kind(place: Place) -> str:
        return place.name if place.kind == PAGE else place.kind

    def show(self, place: Place) -> None:
        """Shows a place: in its tab if it has one, else in a new one."""
        opened = self._section_for(place) if place.kind == LIST else self._tab_for(place)
        if place.kind == LIST:
            self._section = opened
        if isinstance(opened.page, Page):
            opened.page.show_place(place)
        self._bring(opened)

    def show_alone(self, place: Place) -> None:
        """Shows a page without tabs, such as the welcome page."""
        self.close_all()
        self._section = self._new(place)
        if isinstance(self._section.page, Page):
            self._section.page.show_place(place)
        self._bring(self._section)

    def _section_for(self, place: Place) -> _Open:
        known = self._sections.get(place.entity)
        if known is None:
            known = self._sections[place.entity] = self._new(place)
        return known

    def _tab_for(self, place: Place) -> _Open:
        for opened in self._tabs:
            if _same(opened.now(), place):
                return opened
        opened = self._new(place)
        self._put_in(opened)
        return opened

    def show_new(self, entity: str, values: Mapping[str, Any]) -> None:
        """The form of a new record in a tab of its own."""
        if self._features.new_record is None:
            return
        page = self._features.new_record(self._session, self._navigator, entity, values)
        opened = self._taken(Place(RECORD, entity, 0), page)
        self._put_in(opened)
        self._bring(opened)

    def show_import(self, entity: str, source: ImportSource) -> None:
        """The import wizard: the one that is open, or another one for a file or a pasted table."""
        make = self._features.import_wizard
        place = Place(PAGE, entity, name="import")
        if make is None:
            return
        opened = next((o for o in self._tabs if _same(o.now(), place)), None)
        if opened is None or source != ImportSource():
            opened = self._taken(place, make(self._session, self._navigator, entity, source))
            self._put_in(opened)
        self._bring(opened)

    def _put_in(self, opened: _Open) -> None:
        at = self._tabs.index(self._current) + 1 if self._current in self._tabs else len(self._tabs)
        self._tabs.insert(at, opened)

    def _make_ahead(self, kind: str) -> AheadPage | None:
        alone = kind != RECORD and any(self._kind(one.place) == kind for one in self._tabs)
        if alone or self._session.workspace is None:
            return None
        return self._features.ahead[kind](self._session, self._navigator, self.neighbour)

    def _new(self, place: Place) -> _Open:
        spare = self._ahead.get(self._kind(place)) if place.kind != RECORD or place.id else None
        ready = spare.take() if spare is not None else None
        if ready is not None:
            ready.show_place(place)
            return self._taken(place, ready)
        make = self._make[self._kind(place)]
        return self._taken(place, make(self._session, self._navigator, place, self.neighbour))

    def neighbour(self, ref: Ref, by: int) -> Ref | None:
        """The next or previous record of the list in front."""
        page = self._section.page if self._section is not None else None
        return page.neighbour(ref, by) if isinstance(page, Page) else None

    def _taken(self, place: Place, page: QWidget) -> _Open:
        if self._view.pages.indexOf(page) < 0:
            self._view.pages.addWidget(page)
        if isinstance(page, Page) and page not in self._followed:
            self._followed.add(page)
            page.closed.connect(lambda p=page: self._is_done(p))
            page.title_changed.connect(self.refresh)
            page.record_pointed.connect(lambda ref, p=page: self._tell(p, ref))
            page.record_clicked.connect(self.record_clicked)
        return _Open(place, page)

    def _tell(self, page: QWidget, ref: Ref | None) -> None:
        if self._current is not None and page is self._current.page:
            self.record_pointed.emit(ref)

    def _bring(self, opened: _Open) -> None:
        self._current = opened
        self._view.pages.setCurrentWidget(opened.page)
        self.refresh()
        self.shown.emit(opened.page)
        if isinstance(opened.page, Page):
            opened.page.take_focus()
        for spare in self._ahead.values():
            spare.order()

    # --- what is there ----------------------------------------------------------------------------

    @property
    def page(self) -> QWidget | None:
        """The page in front."""
        return self._current.page if self._current is not None else None

    @property
    def place(self) -> Place | None:
        """Where the page in front is."""
        return self._current.now() if self._current is not None else None

    def _row(self) -> list[_Open]:
        return [*([self._section] if self._section is not None else []), *self._tabs]

    def places(self) -> list[Place]:
        """Every open place, the section first."""
        return [opened.now() for opened in self._row()]

    def pages(self) -> list[QWidget]:
        """Every page there is, seen or not."""
        sections = [o.page for o in self._sections.values()]
        return list(dict.fromkeys([*sections, *(o.page for o in self._row())]))

    def refresh(self) -> None:
        """Says the tabs anew."""
        opened = self._row()
        current = next((n for n, o in enumerate(opened) if o is self._current), 0)
        self._view.tabs.set_tabs([_tab(o, o is not self._section) for o in opened], current)
        self.retitled.emit()

    # --- moving and closing -----------------------------------------------------------------------

    def choose_tab(self, number: int) -> None:
        """Brings a tab to the front."""
        opened = self._row()
        if 0 <= number < len(opened):
            self._bring(opened[number])

    def step(self, by: int) -> None:
        """To the next or the previous tab, around the end."""
        opened = self._row()
        if self._current in opened:
            self._bring(opened[(opened.index(self._current) + by) % len(opened)])

    def close_tab(self, number: int) -> bool:
        """Closes a tab, if its page lets it."""
        opened = self._row()
        if not 0 <= number < len(opened) or opened[number] is self._section:
            return False
        return self._close(opened[number])

    def close_current(self) -> bool:
        """Closes the tab in front; the section stays."""
        return self._current in self._tabs and self._close(self._current)

    def _close(self, opened: _Open) -> bool:
        page = opened.page
        if isinstance(page, Page) and not page.may_close():
            return False
        place = self._tabs.index(opened)
        self._tabs.remove(opened)
        if opened is self._current:
            rest = self._row()
            self._bring(rest[min(place, len(rest) - 1)]) if rest else None
        self._put_away(opened)
        self.refresh()
        return True

    def _is_done(self, page: QWidget) -> None:
        """A page says itself that the person is done with it."""
        for opened in list(self._tabs):
            if opened.page is page:
                self._tabs.remove(opened)
                if opened is self._current and self._section is not None:
                    self._bring(self._section)
                self._put_away(opened)
        self.refresh()

    def _put_away(self, opened: _Open) -> None:
        """It was closed: where it can rest it is there at once when it is wanted again."""
        page, spare = opened.page, self._ahead.get(self._kind(opened.place))
        if not (isinstance(page, AheadPage) and spare is not None and spare.keep(page)):
            self._drop(page)

    def _drop(self, page: QWidget) -> None:
        if isinstance(page, Page):
            page.leave()
        self._view.pages.removeWidget(page)
        page.deleteLater()

    def may_close_all(self) -> bool:
        """Asks every page with something unsaved."""
        return all(not isinstance(p, Page) or p.may_close() for p in self.pages())

    def close_all(self) -> None:
        """Everything goes: the base is closed."""
        pages = self.pages()
        for spare in self._ahead.values():
            spare.drop()
        self._sections, self._tabs, self._section, self._current = {}, [], None, None
        for page in pages:
            self._drop(page)
        self._view.tabs.set_tabs([], 0)

    def forget(self, place: Place) -> None:
        """Closes the tab of a place without asking: its record is gone."""
        for opened in list(self._tabs):
            if _same(opened.now(), place):
                self._tabs.remove(opened)
                if opened is self._current and self._section is not None:
                    self._bring(self._section)
                self._drop(opened.page)
        self.refresh()

    def _menu(self, number: int, at: QPoint) -> None:
        menu = Menu(self._view)
        closable = self._row()[number] is not self._section
        close = menu.addAction(_("Close the tab") + "\tCtrl+W")
        close.setEnabled(closable)
        close.triggered.connect(lambda: self.close_tab(number))
        others = menu.addAction(_("Close the other tabs"))
        kept = self._row()[number]
        others.triggered.connect(lambda: self._close_others(kept))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _close_others(self, kept: _Open) -> None:
        for opened in list(self._tabs):
            if opened is not kept and not self._close(opened):
                return


def _same(one: Place, other: Place) -> bool:
    return (one.kind, one.entity, one.id, one.name) == (
        other.kind, other.entity, other.id, other.name,
    )  # fmt: skip


def _tab(opened: _Open, closable: bool) -> OpenTab:
    page = opened.page
    if isinstance(page, Page):
        return OpenTab(page.title(), page.icon() or "document", page.is_changed(), closable)
    return OpenTab(page.windowTitle(), page.windowIconText() or "document", False, closable)
