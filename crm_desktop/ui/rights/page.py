"""The page of rights with its tabs."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget

from crm_desktop.i18n import _
from crm_desktop.models.query import Condition
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import PAGE, Navigator, Place
from crm_desktop.ui.page import Page
from crm_desktop.ui.rights.audit_tab import AuditTab
from crm_desktop.ui.rights.person_tab import PersonTab
from crm_desktop.ui.rights.roles_tab import RolesTab
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.labels import Label, Surface
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.tabs import Tab, Tabs

NAME = "rights"
ROLES, PERSON, AUDIT = "roles", "whose", "audit"


class RightsPage(Page):
    """Administrators see all tabs, everybody else what they may do themselves."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._session = session
        self._title = Label("", "page")
        self.bar = Tabs(name="", pad=24)
        self.roles, self.person = RolesTab(session, navigator), PersonTab(session)
        self.audit = AuditTab(session, navigator)
        self._tabs: dict[str, RolesTab | PersonTab | AuditTab] = {
            ROLES: self.roles, PERSON: self.person, AUDIT: self.audit,
        }  # fmt: skip
        self._stack = QStackedWidget()
        for tab in self._tabs.values():
            self._stack.addWidget(tab)
        self.local = EmptyState()
        self._ground = Surface("surface")
        head = row(self._title, None, margins=(24, 18, 24, 8))
        layout = column(head, self.bar, self._stack, gap=0)
        layout.setStretch(2, 1)
        self._ground.setLayout(layout)
        self.setLayout(column(self._ground, self.local, gap=0))
        self.bar.chosen.connect(self.show_tab)
        session.opened.connect(self._opened)
        keep_translated(self, self._say_texts)

    @property
    def _shared(self) -> bool:
        base = self._session.workspace
        return base is not None and bool(base.login)

    def _say_texts(self) -> None:
        base = self._session.workspace
        self._title.setText(_("Roles and rights"))
        self.local.set_texts(
            "shield", _("Here one person may do everything"),
            _("This base is a file of this computer. Roles and rights belong to a base on a "
              "server, where several people work."),
        )  # fmt: skip
        self.local.set_actions()
        self.local.setVisible(not self._shared)
        self._ground.setVisible(self._shared)
        self.bar.set_texts(_("Parts of the rights"))
        own = (Tab(PERSON, _("What I may do")),)
        every = (
            Tab(ROLES, _("Roles")), Tab(PERSON, _("What a person may do")), Tab(AUDIT, _("Audit")),
        )  # fmt: skip
        tabs = every if base is not None and base.administers else own
        current = self.bar.current()
        self.bar.set_tabs(tabs, current if current in {one.key for one in tabs} else tabs[0].key)
        for tab in self._tabs.values():
            tab.say_texts()
        self.title_changed.emit()
        self.show_tab(self.bar.current() or tabs[0].key)

    def _opened(self) -> None:
        self._say_texts()

    def show_tab(self, key: str) -> None:
        """Goes to a tab."""
        if key in self._tabs:
            self.bar.set_current(key)
            self._stack.setCurrentWidget(self._tabs[key])
            self._tabs[key].read()

    # --- what the window asks ---------------------------------------------------------------------

    def show_place(self, place: Place) -> None:
        if not isinstance(place.where, Condition) or not self._shared:
            return
        if place.where.path == AUDIT:
            self.show_tab(AUDIT)
        else:
            self.show_tab(PERSON)
            self.person.choose(*place.where.value)

    def title(self) -> str:
        return _("Roles and rights")

    def icon(self) -> str:
        return "shield"

    def place(self) -> Place:
        return Place(PAGE, name=NAME)

    def run(self, action_id: str) -> bool:
        if action_id != "refresh":
            return False
        self.show_tab(self.bar.current() or PERSON)
        return True
