"""The page of the sales set-up: a tab for each thing that drives the sales."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget

from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.builtin.campaign import CAMPAIGN, CHANNEL_COST
from crm_desktop.models.catalogue.builtin.deal_template import DEAL_TEMPLATE
from crm_desktop.models.catalogue.builtin.lead import INTAKE
from crm_desktop.models.catalogue.builtin.pipeline import PIPELINE
from crm_desktop.models.catalogue.builtin.queue import QUEUE
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import PAGE, Navigator, Place
from crm_desktop.ui.page import Page
from crm_desktop.ui.sales_setup.records_tab import RecordsTab
from crm_desktop.ui.sales_setup.rules_tab import RulesTab
from crm_desktop.ui.sales_setup.stages_tab import StagesTab
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.labels import Label, Surface
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.tabs import Tab, Tabs

if TYPE_CHECKING:
    from crm_desktop.services.writing.changes import ChangeSet

NAME = "sales-setup"
STAGES, RULES = "stages", "rules"
TITLES = {STAGES: N_("Pipelines and stages"), RULES: N_("Rules")}
OBJECTS = (QUEUE, CAMPAIGN, CHANNEL_COST, DEAL_TEMPLATE, INTAKE)
_REFRESH_MS = 250


class SalesSetupPage(Page):
    """Follows the base; what is seen is read anew."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._session, self._navigator = session, navigator
        self._title = Label("", "page")
        self.bar = Tabs(name="", pad=24)
        self.stages, self.rules = StagesTab(session, navigator), RulesTab(session, navigator)
        self.tabs: dict[str, StagesTab | RulesTab | RecordsTab] = {
            STAGES: self.stages, RULES: self.rules,
        }  # fmt: skip
        for entity in OBJECTS:
            known = session.base.catalogue[entity.key]
            self.tabs[entity.key] = RecordsTab(session, navigator, known)
        self._stack = QStackedWidget()
        for tab in self.tabs.values():
            self._stack.addWidget(tab)
        ground = Surface("surface")
        head = row(self._title, None, margins=(24, 18, 24, 8))
        layout = column(head, self.bar, self._stack, gap=0)
        layout.setStretch(2, 1)
        ground.setLayout(layout)
        self.setLayout(column(ground, gap=0))
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.read)
        self.bar.chosen.connect(self.show_tab)
        session.changed.connect(self._changed)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self._title.setText(_("Sales set-up"))
        self.bar.set_texts(_("Parts of the sales set-up"))
        catalogue = self._session.base.catalogue
        self.bar.set_tabs(
            tuple(
                Tab(key, _(TITLES[key]) if key in TITLES else _(catalogue[key].plural))
                for key in self.tabs
            ),
            self.bar.current() or STAGES,
        )
        self.title_changed.emit()
        self.read()

    def show_tab(self, key: str) -> None:
        """Goes to a tab."""
        if key in self.tabs:
            self.bar.set_current(key)
            self._stack.setCurrentWidget(self.tabs[key])
            self.read()

    def read(self) -> None:
        """The tab that is seen asks the base."""
        self.tabs[self.bar.current() or STAGES].read()

    def _changed(self, changes: ChangeSet) -> None:
        if changes.touched:
            self._soon.start(_REFRESH_MS)

    # --- what the window asks ---------------------------------------------------------------------

    def title(self) -> str:
        return _("Sales set-up")

    def icon(self) -> str:
        return PIPELINE.icon

    def place(self) -> Place:
        return Place(PAGE, name=NAME)

    def run(self, action_id: str) -> bool:
        if action_id == "refresh":
            self.read()
            return True
        return False
