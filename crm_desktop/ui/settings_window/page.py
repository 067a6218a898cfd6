"""The page of settings: look, work, activities, about."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import PAGE, Navigator, Place
from crm_desktop.ui.page import Page
from crm_desktop.ui.session import Session
from crm_desktop.ui.settings_window.about import AboutSettings
from crm_desktop.ui.settings_window.activities import ActivitySettings
from crm_desktop.ui.settings_window.look import LookSettings
from crm_desktop.ui.settings_window.work import WorkSettings
from crm_desktop.ui.widgets.labels import Label, Surface
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.tabs import Tab, Tabs

LOOK, WORK, ACTIVITIES, ABOUT = "look", "work", "activities", "about"


class SettingsPage(Page):
    """Four sections; what is chosen is kept and in force at once, there is no Save."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._session = session
        self._title = Label("", "page")
        self.tabs = Tabs(name=_("Settings"), pad=24)
        self.look = LookSettings(session, navigator)
        self.work = WorkSettings(session, navigator)
        self.activities = ActivitySettings(session, navigator)
        self.about = AboutSettings(session, navigator)
        self._sections: dict[str, QWidget] = {
            LOOK: self.look, WORK: self.work, ACTIVITIES: self.activities, ABOUT: self.about,
        }  # fmt: skip
        self._stack = QStackedWidget()
        for part in self._sections.values():
            self._stack.addWidget(part)
        ground = Surface("surface")
        head = row(self._title, None, margins=(24, 18, 24, 8))
        layout = column(head, self.tabs, self._stack, gap=0)
        layout.setStretch(2, 1)
        ground.setLayout(layout)
        self.setLayout(column(ground, gap=0))
        self.tabs.chosen.connect(self.show_section)
        session.opened.connect(self._say_texts)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self._title.setText(_("Settings"))
        tabs = [Tab(LOOK, _("Look")), Tab(WORK, _("Work")), Tab(ABOUT, _("About the program"))]
        if self._session.workspace is not None:
            tabs.insert(2, Tab(ACTIVITIES, _("Activities")))
        self.tabs.set_texts(_("Settings"))
        self.tabs.set_tabs(tuple(tabs), self.tabs.current() or LOOK)
        self.title_changed.emit()

    def show_section(self, key: str) -> None:
        """Shows look, work, activities or about."""
        self.tabs.set_current(key)
        self._stack.setCurrentWidget(self._sections[key])
        if key == ABOUT:
            self.about.read()
        if key == ACTIVITIES:
            self.activities.read()

    # --- the page ---------------------------------------------------------------------------------

    def title(self) -> str:
        return _("Settings")

    def icon(self) -> str:
        return "settings"

    def place(self) -> Place:
        return Place(PAGE, name="settings")

    def take_focus(self) -> None:
        self.tabs.setFocus(Qt.FocusReason.OtherFocusReason)
