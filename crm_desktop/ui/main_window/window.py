"""The controller of the window: carries out what features ask, and joins the parts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget

from crm_desktop import settings as s
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.rights import words as rights
from crm_desktop.ui import icons
from crm_desktop.ui.actions import ActionRegistry
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.main_window import memory
from crm_desktop.ui.main_window.base_names import base_name
from crm_desktop.ui.main_window.consent import ask_consent
from crm_desktop.ui.main_window.geometry import Geometry
from crm_desktop.ui.main_window.line_strip import LineStrip
from crm_desktop.ui.main_window.news import News
from crm_desktop.ui.main_window.open_pages import OpenPages
from crm_desktop.ui.main_window.parts import Features, NextStepBoxes, Panel, SearchBox
from crm_desktop.ui.main_window.seat_strip import SeatStrip
from crm_desktop.ui.main_window.sections import Sections
from crm_desktop.ui.main_window.starting import Starting
from crm_desktop.ui.main_window.undoing import Undoing
from crm_desktop.ui.main_window.view import WindowView
from crm_desktop.ui.messages import Verb, ask
from crm_desktop.ui.navigation import (
    CLOSES,
    HIDES,
    LIST,
    PAGE,
    ImportSource,
    Navigator,
    Place,
)
from crm_desktop.ui.page import Page, pointed_on
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.runtime.preloading import import_both, import_for_window
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.popover import Menu

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.definitions import EntityDef

_PANEL_AFTER_MS = 200  # the list comes first


class MainWindow(QObject):
    """The window over one session."""

    closed = Signal()

    def __init__(self, session: Session, navigator: Navigator, features: Features) -> None:
        super().__init__()
        self.session, self.navigator, self.features = session, navigator, features
        self.view = WindowView()
        self.actions = ActionRegistry(self.view)
        self.pages = OpenPages(session, navigator, self.view, features)
        self.sections = Sections(session, navigator, self.view)
        self.undoing = Undoing(session, navigator, self.view)
        self.news = News(session, navigator, self.view, self.undoing.undo)
        self.undoing.undone.connect(self.news.withdraw)
        session.operations.consent = partial(ask_consent, self.view)
        self.line_strip = LineStrip(session, self.view)
        self.seat_strip = SeatStrip(session, navigator, self.view)
        self.starting = Starting(session, self.view, choose_other=navigator.open_welcome)
        self.geometry = Geometry(self.view, session.settings)
        self._panel: Panel | None = None
        self._search: SearchBox | None = None
        self._next_steps: NextStepBoxes | None = None
        self._over_shown = False
        self._leaving = False
        self.quitting = False
        """The program is to end: closing the window does not mean the tray."""
        self._connect()
        self.view.side.set_side_width(session.settings.get(s.PANEL_WIDTH))
        keep_translated(self.view, self._say_title)
        self._say_base()

    def _connect(self) -> None:
        view, session, navigator = self.view, self.session, self.navigator
        view.resized.connect(self.geometry.keep_soon)
        view.resized.connect(self._fit_panel)
        view.moved.connect(self.geometry.keep_soon)
        view.close_asked.connect(self._close_asked)
        view.escaped.connect(self._escaped)
        view.side.side_resized.connect(lambda wide: session.settings.put(s.PANEL_WIDTH, wide))
        view.top.search.clicked.connect(lambda: navigator.open_palette())
        view.top.search.typed.connect(navigator.open_palette)
        view.top.create_button.clicked.connect(self._create_menu)
        session.refusals.keep(view.top.create_button, WRITE)
        self.pages.shown.connect(self._page_shown)
        self.pages.retitled.connect(self._say_title)
        self.pages.record_pointed.connect(self._pointed)
        self.pages.record_clicked.connect(self._record_clicked)
        session.opening.connect(self._prepare_list)
        session.opened.connect(self.base_opened)
        session.closed.connect(self._base_closed)
        session.failed.connect(self._say_base)
        session.seat.changed.connect(self._seat_changed)
        session.no_seat.connect(self._show_no_seat)
        navigator.place_wanted.connect(self._go)
        navigator.new_record_wanted.connect(self.pages.show_new)
        navigator.import_wanted.connect(self._import)
        navigator.palette_wanted.connect(self.open_search)
        navigator.call_wanted.connect(lambda ref: self._boxes().call(ref))
        navigator.set_wanted.connect(lambda ref: self._boxes().start_set(ref))
        navigator.plan_wanted.connect(lambda entity, ids: self._boxes().plan(entity, ids))
        navigator.quit_wanted.connect(self.end)

    # --- places -----------------------------------------------------------------------------------

    def _go(self, place: Place, _new_tab: bool = False) -> None:
        is_open = self.session.workspace is not None
        if place == Place(PAGE, name="welcome"):
            self.show_welcome()
        elif self.pages.has(place) and (is_open or place.kind == PAGE):
            if is_open and self.view.top.isHidden():  # the welcome page is left by another way
                self.base_opened()
            self.pages.show(place)

    def show_welcome(self) -> None:
        """The page on which a base is made or chosen."""
        self._show_alone(Place(PAGE, name="welcome"))

    def _show_no_seat(self) -> None:
        """The page of who finds all seats taken."""
        self._show_alone(Place(PAGE, name="no-seat"))

    def _show_alone(self, place: Place) -> None:
        if not self.pages.has(place):
            return
        self._keep_places()
        self.view.set_chrome(False)
        self.view.side.set_side_shown(False)
        self.pages.show_alone(place)

    def _page_shown(self, page: QWidget) -> None:
        place = self.pages.place
        if place is not None and place.id != 0:
            self.navigator.arrived(place)
        self.sections.mark(place)
        self._fit_panel()
        self._pointed(*pointed_on(page))
        self._say_title()

    # --- the base ---------------------------------------------------------------------------------

    def base_opened(self) -> None:
        """Gives back what stood open; the list of the first object if nothing did."""
        self.pages.close_all()
        self.navigator.forget()
        self.view.set_chrome(True)
        self._say_base()
        places, current = memory.kept(self.session)
        if not any(place.kind == LIST for place in places):
            places = [Place(LIST, self.first_section().key), *places]
            current = 0
        for place in places[:1] + [p for n, p in enumerate(places) if 0 < n != current]:
            if self.pages.has(place):
                self.pages.show(place)
        self.pages.show(places[current])
        QTimer.singleShot(_PANEL_AFTER_MS, self, self._prepare_panel)

    def first_section(self) -> EntityDef:
        """The object whose list is shown when nothing else is."""
        return next(entity for entity in self.session.base.catalogue if entity.navigation)

    def _base_closed(self) -> None:
        self.pages.close_all()
        self.view.side.set_side_shown(False)
        self.navigator.forget()
        self._say_base()
        if not self.session.busy and not self._leaving:
            self.show_welcome()

    def _keep_places(self) -> None:
        if self.session.workspace is not None:
            memory.keep(self.session, self.pages.places(), self.pages.place)

    def _say_base(self, *_error: object) -> None:
        base = self.session.workspace
        self.view.top.set_base_open(base is not None)
        create = self.view.top.create_button
        create.setEnabled(base is not None)
        self._say_title()

    def _say_title(self) -> None:
        page = self.pages.page
        title = page.title() if isinstance(page, Page) else ""
        base = base_name(self.session)
        whole = [part for part in (title, base) if part]
        self.view.setWindowTitle(" — ".join(whole) or _("CRM Desktop"))

    def _seat_changed(self) -> None:
        """What cannot be done without a seat is grey. Actions look when they run: greyed once, a
        shortcut would stay dead until a menu opens."""
        self._say_base()

    def take_over(self) -> None:
        """The window was made while a base is open already."""
        self.sections.base_opened()
        self.undoing.look()
        self.base_opened()

    def drop(self) -> None:
        """The window goes and another takes its place."""
        self._leaving = True
        self.view.hide()
        self.view.deleteLater()
        self.deleteLater()

    def _prepare_list(self) -> None:
        if self.features.list_modules is not None:
            import_for_window(self.features.list_modules, self.view)

    # --- the side panel ---------------------------------------------------------------------------

    def _prepare_panel(self) -> None:
        """Reads icons and imports the panel once the list is there, then makes it."""
        icons.read_ahead(self.session.operations, self.view)
        preload = self.features.panel_modules
        wanted = self.session.workspace is not None and self._panel is None
        if wanted and self.features.panel is not None and preload is not None:
            import_both(preload, self.session.operations, self.view, self._make_panel)

    def _make_panel(self) -> None:
        if self._panel is None and self.features.panel is not None:
            self._panel = self.features.panel(self.session, self.navigator)
            if isinstance(self._panel, QWidget):
                self.view.side.set_side(self._panel)
                close = getattr(self._panel, "close_wanted", None)
                if close is not None:
                    close.connect(lambda: self.show_panel(False))
            self._fit_panel()
            self._pointed(*pointed_on(self.pages.page))

    def panel(self) -> Panel:
        """The side panel, once it is made."""
        assert self._panel is not None
        return self._panel

    def search(self) -> SearchBox:
        """The search box, once it was opened."""
        assert self._search is not None
        return self._search

    def _wanted(self) -> bool:
        page = self.pages.page
        return isinstance(page, Page) and page.wants_panel() and self._panel is not None

    def _fit_panel(self) -> None:
        """Beside the page as the person left it; over the page only while it is asked for."""
        shown = self._over_shown if self._would_overlay() else self._chosen()
        shown = shown and self._wanted()
        if shown != self.view.side.side_shown():
            self.view.side.set_side_shown(shown)

    def _would_overlay(self) -> bool:
        return self.view.side.would_overlay()

    def _chosen(self) -> bool:
        return self.session.settings.get(s.PANEL_SHOWN)

    def show_panel(self, shown: bool) -> None:
        """The person wants the panel, or wants it away."""
        if self._would_overlay():
            self._over_shown = shown
        else:
            self.session.settings.put(s.PANEL_SHOWN, shown)
        self._fit_panel()
        page = self.pages.page
        if not shown and isinstance(page, Page):
            page.take_focus()

    def _escaped(self) -> None:
        """Esc puts away a panel that lies over the page."""
        if self.view.side.overlaid():
            self.show_panel(False)

    def toggle_panel(self) -> None:
        """Shows the panel or takes it away."""
        self.show_panel(not self.view.side.side_shown())

    def _pointed(self, ref: Ref | None, coming: bool = False) -> None:
        if self._panel is not None:
            self._panel.show_record(ref, coming)

    def _record_clicked(self, ref: Ref) -> None:
        if self._would_overlay() and not self._over_shown:
            self._over_shown = True
            self._fit_panel()
            self._pointed(ref)

    # --- what features ask ------------------------------------------------------------------------

    def open_search(self, text: str = "") -> None:
        """The search box over the window."""
        if self._search is None and self.features.search is not None:
            search = self.features.search
            self._search = search(self.session, self.navigator, self.view, self.actions)
        if self._search is not None:
            self._search.open(text)

    def _boxes(self) -> NextStepBoxes:
        if self._next_steps is None:
            assert self.features.next_steps is not None
            self._next_steps = self.features.next_steps(self.session, self.navigator, self.view)
        return self._next_steps

    def close_search(self) -> None:
        """Closes the search box, if it is open."""
        if self._search is not None:
            self._search.close()

    def _import(self, entity: str, source: ImportSource) -> None:
        base = self.session.workspace
        if base is not None and not self.session.refusals.stops(rights.CREATE, entity):
            self.pages.show_import(entity, source)

    def new_record(self, values: Mapping[str, Any] | None = None) -> None:
        """A new record of the object in front, else of the first one."""
        if self.session.workspace is None:
            return
        page, place = self.pages.page, self.pages.place
        if isinstance(page, Page) and page.run("new"):
            return
        entity = place.entity if place is not None and place.entity else self.first_section().key
        self.navigator.new_record(entity, values or {})

    def _create_menu(self) -> None:
        menu = Menu(self.view)
        from crm_desktop.ui.icons import icon

        for entity in self.session.base.catalogue:
            if entity.navigation:
                action = menu.addAction(icon(entity.icon), _(entity.new_label) or _(entity.label))
                action.triggered.connect(
                    lambda _on=False, key=entity.key: self.navigator.new_record(key)
                )
                self.session.refusals.keep(action, rights.CREATE, entity.key)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.open_below(self.view.top.create_button)

    # --- the end ----------------------------------------------------------------------------------

    def _close_asked(self, event: QCloseEvent) -> None:
        if self._leaving:
            return
        means = CLOSES
        if self.navigator.on_close is not None and not self.quitting:
            means = self.navigator.on_close(self.view)
        if means == HIDES:
            self.view.hide()
        if means != CLOSES or not self.may_close():
            self.quitting = False
            event.ignore()
            return
        self.let_go()
        event.accept()
        self.closed.emit()

    def end(self) -> None:
        """Closes the window for good, if nothing that is open objects."""
        self.quitting = True
        self.view.close()

    def let_go(self) -> None:
        """The program ends: what is open is kept, and closing asks nothing any more."""
        if not self._leaving:
            self._leaving = True
            self.leave()

    def may_close(self) -> bool:
        """Asks about what is not saved and about writing that goes on."""
        if not self.pages.may_close_all():
            return False
        if not self.session.operations.writing:
            return True
        title = _("The program is still writing")
        text = _("If you close it now, it waits until the work is done.")
        verbs = (Verb("close", _("Close when it is done"), primary=True),)
        return ask(self.view, title, text, verbs, keep=_("Stay")) == "close"

    def leave(self) -> None:
        """Keeps what is to be found again next time."""
        self._keep_places()
        self.geometry.keep()
        for page in self.pages.pages():
            if isinstance(page, Page):
                page.leave()
