"""The actions of the program: what the keyboard map, the palette and the menus offer everywhere."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from crm_desktop.i18n import LANGUAGES, N_, _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.rights import words
from crm_desktop.ui.actions import Action
from crm_desktop.ui.copies import make_copy_now
from crm_desktop.ui.main_window.window import MainWindow
from crm_desktop.ui.navigation import RECORD
from crm_desktop.ui.page import Page

GO, RECORDS, WINDOW, PROGRAM = N_("Going about"), N_("Records"), N_("Window"), N_("Program")
HIDDEN = "-"
"""The group of actions that stand in no list: their names say nothing without a place."""
ZOOM_STEP = 10


class ProgramActions(QObject):
    """Adds the actions to the registry of a window. What concerns the whole program goes out."""

    theme_wanted = Signal(str)
    language_wanted = Signal(str)
    zoom_wanted = Signal(int)
    """A step in per cent; 0: back to 100."""
    quit_wanted = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._w = window
        window.actions.add(
            *self._going(), *self._records(), *self._windows(), *self._looks(), *self._program()
        )
        window.actions.refused.connect(lambda why: window.navigator.toast(why, tone="warn"))
        window.session.refusals.said.connect(window.actions.refused)
        window.view.top.help.clicked.connect(self.show_map)
        window.navigator.keys_wanted.connect(self.show_map)

    # --- who can do it ----------------------------------------------------------------------------

    def _open(self) -> bool:
        return self._w.session.workspace is not None

    def _administers(self) -> bool:
        base = self._w.session.workspace
        return base is not None and bool(base.login) and base.administers

    def _reading(self) -> str:
        """Whoever came in only to read, or whose seat is gone, changes nothing."""
        base = self._w.session.workspace
        return base.read_only if base is not None else ""

    def _refused(self, action: str) -> Callable[[], str]:
        """Why the person may not do it with the object in front."""

        def why() -> str:
            place = self._w.pages.place
            entity = place.entity if place is not None else ""
            return self._w.session.refusals.why(action, entity)

        return why

    def _on_page(self, action_id: str) -> Callable[[], None]:
        def run() -> None:
            page = self._w.pages.page
            if isinstance(page, Page):
                page.run(action_id)

        return run

    def _has_page(self) -> bool:
        return self._open() and isinstance(self._w.pages.page, Page)

    # --- the actions ------------------------------------------------------------------------------

    def _going(self) -> list[Action]:
        w, navigator = self._w, self._w.navigator
        sections = [
            Action(
                f"section-{n}", N_("Section"), lambda n=n: self._go_section(n), "", f"Ctrl+{n}",
                group=HIDDEN, enabled=self._open,
            )
            for n in range(1, 9)
        ]  # fmt: skip
        return [
            Action("palette", N_("Find a record or a command"), lambda: w.open_search(), "search",
                   "Ctrl+K", group=GO, enabled=self._open),
            Action("commands", N_("Find a command"), lambda: w.open_search("> "), "command",
                   "Ctrl+Shift+P", group=GO),
            Action("back", N_("Back"), navigator.back, "back", "Alt+Left", group=GO,
                   enabled=lambda: navigator.can_go_back),
            Action("forward", N_("Forward"), navigator.forward, "forward", "Alt+Right", group=GO,
                   enabled=lambda: navigator.can_go_forward),
            Action("next-tab", N_("Next tab"), lambda: w.pages.step(1), "", "Ctrl+Tab", group=GO,
                   enabled=self._open),
            Action("previous-tab", N_("Previous tab"), lambda: w.pages.step(-1), "",
                   "Ctrl+Shift+Tab", group=GO, enabled=self._open),
            Action("close-tab", N_("Close the tab"), lambda: w.pages.close_current(), "close",
                   "Ctrl+W", group=GO, enabled=self._open),
            *sections,
        ]  # fmt: skip

    def _go_section(self, number: int) -> None:
        place = self._w.sections.numbered(number)
        if place is not None:
            self._w.navigator.show_list(place.entity)

    def _records(self) -> list[Action]:
        w, on_page, has_page = self._w, self._on_page, self._has_page
        return [
            Action("new", N_("New record in this section"), lambda: w.new_record(), "add",
                   "Ctrl+N", group=RECORDS, enabled=self._open, why=self._refused(words.CREATE)),
            Action("edit", N_("Edit"), on_page("edit"), "edit", "F2", group=RECORDS,
                   enabled=has_page, why=self._refused(words.EDIT)),
            Action("save", N_("Save"), on_page("save"), "save", "Ctrl+S", group=RECORDS,
                   enabled=has_page),
            Action("undo", N_("Undo"), w.undoing.undo_last, "undo", "Ctrl+Z", group=RECORDS,
                   enabled=self._open, why=self._reading),
            Action("redo", N_("Redo"), w.undoing.redo_last, "redo", "Ctrl+Y; Ctrl+Shift+Z",
                   group=RECORDS, enabled=self._open, why=self._reading),
            Action("find", N_("Filter in this view"), on_page("find"), "filter", "Ctrl+F",
                   group=RECORDS, enabled=has_page),
            Action("export", N_("Export what is seen"), on_page("export"), "export", "Ctrl+E",
                   group=RECORDS, enabled=has_page, why=self._refused(words.EXPORT)),
            Action("print", N_("Print what is seen"), on_page("print"), "print", "Ctrl+P",
                   group=RECORDS, enabled=has_page, why=self._refused(words.PRINT)),
            Action("import", N_("Import a file"), self._import, "import", "", group=RECORDS,
                   enabled=self._open, why=self._refused(words.CREATE)),
            Action("log-call", N_("Note a call and the next step"), self._log_call, "phone",
                   "Ctrl+Shift+K", group=RECORDS, enabled=self._may_call, why=self._reading),
            Action("quick-add", N_("Plan in one line"), w.navigator.quick_add, "add",
                   "Ctrl+Shift+A", group=RECORDS, enabled=self._open, why=self._reading),
            Action("lead-from-text", N_("New lead from text"),
                   lambda: w.navigator.lead_from_text(), "mail", "Ctrl+Shift+L", group=RECORDS,
                   enabled=self._open, why=self._reading),
            Action("start-set", N_("Start a set of activities"), self._start_set, "list", "",
                   group=RECORDS, enabled=self._may_call, why=self._reading),
            Action("calendar-import", N_("Bring in a calendar"),
                   lambda: w.navigator.open_page("calendar-import"), "import", "", group=RECORDS,
                   enabled=self._open, why=self._reading),
            Action("refresh", N_("Refresh"), on_page("refresh"), "refresh", "F5", group=RECORDS,
                   enabled=has_page),
            *self._places(),
        ]  # fmt: skip

    def _places(self) -> list[Action]:
        """Pages that are no lists."""
        w = self._w
        return [
            Action("operations", N_("Operations and undo"), w.navigator.open_operations,
                   "history", "", group=RECORDS, enabled=self._open),
            Action("seats", N_("Licence and seats"), lambda: w.navigator.open_page("seats"),
                   "seats", "", group=PROGRAM, enabled=self._open),
            Action("accounts", N_("Accounts"), lambda: w.navigator.open_page("accounts"),
                   "users", "", group=PROGRAM, enabled=self._administers),
            Action("rights", N_("Roles and rights"), lambda: w.navigator.open_page("rights"),
                   "shield", "", group=PROGRAM, enabled=self._open),
            Action("audit", N_("Audit"), w.navigator.open_audit, "history", "", group=PROGRAM,
                   enabled=self._administers),
            Action("standing-in", N_("Substitutions: who stands in for whom"),
                   w.navigator.open_standing_in, "users", "", group=PROGRAM, enabled=self._open),
            Action("hierarchy", N_("Reporting tree"),
                   lambda: w.navigator.open_page("hierarchy"), "people-team", "", group=RECORDS,
                   enabled=self._open),
            Action("duplicates", N_("Duplicates"), self._duplicates, "merge", "", group=RECORDS,
                   enabled=self._open),
            Action("annual-dates", N_("Annual dates"),
                   lambda: w.navigator.open_page("annual-dates"), "entity-annual", "",
                   group=RECORDS, enabled=self._open),
            Action("my-day", N_("My day"), lambda: w.navigator.open_page("my-day"), "sun", "",
                   group=RECORDS, enabled=self._open),
            Action("planner", N_("Planner"), lambda: w.navigator.open_page("planner"),
                   "entity-event", "", group=RECORDS, enabled=self._open),
            Action("working-time", N_("Working time"),
                   lambda: w.navigator.open_page("working-time"), "calendar", "",
                   group=RECORDS, enabled=self._open),
            Action("sales-setup", N_("Sales set-up"),
                   lambda: w.navigator.open_page("sales-setup"), "rules", "",
                   group=RECORDS, enabled=self._open),
            Action("promises", N_("Promises broken, records without a next step"),
                   lambda: w.navigator.open_page("promises"), "flag", "", group=RECORDS,
                   enabled=self._open),
            Action("sales-figures", N_("Sales figures"),
                   lambda: w.navigator.open_page("sales-figures"), "gauge", "",
                   group=RECORDS, enabled=self._open),
            Action("outgoing", N_("Outgoing messages"),
                   lambda: w.navigator.open_page("outgoing"), "mail", "", group=RECORDS,
                   enabled=self._open),
            Action("recycle-bin", N_("Recycle bin"), w.navigator.open_recycle_bin,
                   "delete", "", group=RECORDS, enabled=self._open),
            Action("copy-base", N_("Make a copy of the base"), self._copy_base, "save", "",
                   group=RECORDS, enabled=self._open),
        ]  # fmt: skip

    def _pointed(self) -> Ref | None:
        """The record in front whose calls are kept, if there is one."""
        from crm_desktop.models.catalogue.traits import Activities

        page, base = self._w.pages.page, self._w.session.workspace
        place = self._w.pages.place
        if base is None or not isinstance(page, Page) or place is None:
            return None
        ref = Ref(place.entity, place.id) if place.kind == RECORD and place.id else page.pointed()
        known = ref is not None and ref.id > 0 and base.catalogue.has(ref.entity)
        keeps = known and ref is not None and base.catalogue[ref.entity].trait(Activities)
        return ref if keeps else None

    def _may_call(self) -> bool:
        return self._pointed() is not None

    def _log_call(self) -> None:
        ref = self._pointed()
        if ref is not None:
            self._w.navigator.log_call(ref)

    def _start_set(self) -> None:
        ref = self._pointed()
        if ref is not None:
            self._w.navigator.start_set(ref)

    def _copy_base(self) -> None:
        make_copy_now(self._w.session, self._w.navigator)

    def _import(self) -> None:
        place = self._w.pages.place
        entity = place.entity if place is not None and place.entity else ""
        self._w.navigator.open_import(entity or self._w.first_section().key)

    def _duplicates(self) -> None:
        place = self._w.pages.place
        self._w.navigator.open_duplicates(place.entity if place is not None else "")

    def _windows(self) -> list[Action]:
        zoom = self.zoom_wanted.emit
        return [
            Action("panel", N_("Record panel"), self._w.toggle_panel, "panel-right", "F4",
                   group=WINDOW, enabled=self._open),
            Action("larger", N_("Larger"), lambda: zoom(ZOOM_STEP), "", "Ctrl++; Ctrl+=",
                   group=WINDOW),
            Action("smaller", N_("Smaller"), lambda: zoom(-ZOOM_STEP), "", "Ctrl+-", group=WINDOW),
            Action("usual-size", N_("Usual size"), lambda: zoom(0), "", "Ctrl+0", group=WINDOW),
        ]  # fmt: skip

    def _looks(self) -> list[Action]:
        theme, speak = self.theme_wanted.emit, self.language_wanted.emit
        themes = (
            ("light", N_("Light theme"), "sun"),
            ("dark", N_("Dark theme"), "moon"),
            ("system", N_("Theme of the system"), "settings"),
        )
        return [
            *(
                Action(f"theme-{mode}", title, lambda m=mode: theme(m), icon, group=WINDOW)
                for mode, title, icon in themes
            ),
            *(
                Action(f"language-{code}", name, lambda c=code: speak(c), "language", group=WINDOW)
                for code, name in LANGUAGES.items()
            ),
        ]

    def _program(self) -> list[Action]:
        w = self._w
        return [
            Action("settings", N_("Settings"), w.navigator.open_settings, "settings", "Ctrl+,",
                   group=PROGRAM),
            Action("bases", N_("New or other base"), w.navigator.open_welcome, "database", "",
                   group=PROGRAM),
            Action("help", N_("Keyboard map"), self.show_map, "keyboard", "F1", group=PROGRAM),
            Action("about", N_("About the program"), self.show_about, "info", "", group=PROGRAM),
            Action("quit", N_("Quit"), self.quit_wanted.emit, "sign-out", "Ctrl+Q", group=PROGRAM),
        ]  # fmt: skip

    def show_about(self) -> None:
        """Version, places and licences."""
        from crm_desktop.ui.settings_window.page import ABOUT, SettingsPage

        self._w.navigator.open_settings()
        page = self._w.pages.page
        if isinstance(page, SettingsPage):
            page.show_section(ABOUT)

    def show_map(self) -> None:
        """The window with every shortcut."""
        from crm_desktop.ui.main_window.keyboard_map import (
            board_keys,
            keyboard_map,
            list_keys,
            section_keys,
        )

        groups = [
            (title, [*keys, section_keys()] if title == _(GO) else keys)
            for title, keys in self._w.actions.keyboard_map()
            if title != HIDDEN
        ]
        box = keyboard_map(self._w.view, [*groups, list_keys(), board_keys()])
        box.finished.connect(box.deleteLater)
        box.open()
