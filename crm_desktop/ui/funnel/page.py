"""The page "Sales figures": four tabs of charts and tables, true to the base."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.ui.funnel.asking import Shown, ask
from crm_desktop.ui.funnel.choosing import Choosing
from crm_desktop.ui.funnel.kept import CHANNELS, FORECAST, FUNNEL, MANAGERS
from crm_desktop.ui.funnel.section import SectionView
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import PAGE, Navigator, Place
from crm_desktop.ui.page import Page
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.labels import Label, Surface
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.strips import Skeleton
from crm_desktop.ui.widgets.tabs import Tab, Tabs

if TYPE_CHECKING:
    from crm_desktop.services.writing.changes import ChangeSet

NAME = "sales-figures"
_REFRESH_MS = 600


class SalesFiguresPage(Page):
    """Asks the worker for the figures of the tab in front, and again when the base changes."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._noted: tuple[str, date] | None = None
        """What stands in the audit already: a tab and a day."""
        self._session, self._navigator = session, navigator
        self.sections: list[SectionView] = []
        self.shown_tab = ""
        """Of which tab these are the sections."""
        self._title = Label("", "page")
        self.tabs = Tabs(name="", pad=24)
        self.choosing = Choosing(session)
        self.everybody = Button("", "close", "link")
        self.rule = Label("", "small", "text3", wrap=True, selectable=True)
        self.empty = EmptyState()
        self.bones = Skeleton(9, pad=24)
        self._lay_out()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.read)
        self._ahead = QTimer(self)
        self._ahead.setSingleShot(True)
        self._ahead.timeout.connect(self._read_ahead)
        self.tabs.chosen.connect(self.show_tab)
        self.choosing.changed.connect(self.read)
        self.everybody.clicked.connect(self._show_everybody)
        session.changed.connect(self._changed)
        keep_translated(self, self._say_texts)

    def _lay_out(self) -> None:
        self._list = column(gap=24)
        inner = Surface("surface")
        inner.setLayout(
            column(self.everybody, self._list, self.rule, None, gap=16, margins=(24, 8, 24, 24))
        )
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inner)
        above = QWidget()
        above.setLayout(column(self.choosing, margins=(24, 12, 24, 8)))
        ground = Surface("surface")
        head = row(self._title, None, margins=(24, 18, 24, 8))
        layout = column(head, self.tabs, above, self._scroll, self.empty, self.bones, gap=0)
        for place in (3, 4, 5):
            layout.setStretch(place, 1)
        ground.setLayout(layout)
        self.setLayout(column(ground, gap=0))
        self.empty.hide()
        self.bones.hide()
        self.everybody.hide()

    def _say_texts(self) -> None:
        self._title.setText(_("Sales figures"))
        self.tabs.set_texts(_("Sales figures"))
        names = {
            FUNNEL: _("Funnel"), CHANNELS: _("Channels"), MANAGERS: _("Managers"),
            FORECAST: _("Forecast"),
        }  # fmt: skip
        self.tabs.set_tabs(
            tuple(Tab(key, name) for key, name in names.items()), self.choosing.chosen.tab
        )
        self.everybody.setText(_("Show all again"))
        self.empty.set_texts(
            "gauge", _("There are no figures for these days"),
            _("Choose another period, or come back when the first deals are entered."),
        )  # fmt: skip
        self.empty.set_actions()
        self.title_changed.emit()
        self.read()

    # --- reading ----------------------------------------------------------------------------------

    def show_tab(self, tab: str) -> None:
        """Another kind of figures."""
        self.choosing.show_tab(tab)
        self.tabs.set_current(tab)
        self.read()

    def read(self) -> None:
        """Asks for what is chosen."""
        base = self._session.workspace
        if base is None:
            return
        chosen, own = replace(self.choosing.chosen), self.choosing.span()
        opened = (chosen.tab, base.clock.today()) if base.login else None
        is_new, self._noted = opened not in (None, self._noted), opened

        def work(_job: object) -> Shown:
            if is_new:
                from crm_desktop.services.rights import acts

                acts.opened_figures(base, chosen.tab)
            return ask(base, chosen, own)

        if chosen.tab != self.shown_tab:
            self.bones.begin(self._scroll, self.empty)
        self._session.operations.query(
            (NAME,), work, owner=self, done=self._show, failed=self._failed
        )

    def _failed(self, error: UserError) -> None:
        self.bones.end()
        self._navigator.refuse(error)

    def _changed(self, changes: ChangeSet) -> None:
        if changes.touched:
            self._soon.start(_REFRESH_MS)

    def _show(self, found: Shown) -> None:
        self.bones.end()
        self.choosing.set_pipelines(found.pipelines)
        self.shown_tab = found.tab
        at = self._scroll.verticalScrollBar().value()
        for view in self.sections:
            self._list.removeWidget(view)
            view.hide()  # it is painted until the event loop comes round
            view.deleteLater()
        self.sections = []
        for section in found.sections:
            view = SectionView(section, self._session, self._navigator)
            view.narrowed.connect(self._narrow)
            self._list.addWidget(view)
            self.sections.append(view)
        self.rule.setText(" ".join(found.rule))
        self.everybody.setVisible(found.narrowed)
        self._scroll.setVisible(not found.empty)
        self.empty.setVisible(found.empty)
        QTimer.singleShot(0, self, lambda: self._scroll.verticalScrollBar().setValue(at))
        self._session.operations.after_paint(self._ahead)

    def _read_ahead(self) -> None:
        """What the table of managers keeps in memory, before it is asked for again."""
        base = self._session.workspace
        if base is not None and not base.funnels.is_ready:
            self._session.operations.query(
                (NAME, "ahead"), lambda _job: base.funnels.prepare(),
                owner=self, done=lambda _there: None,
            )  # fmt: skip

    def _narrow(self, group: int) -> None:
        self.choosing.chosen.only = group
        self.read()

    def _show_everybody(self) -> None:
        from crm_desktop.services.funnel.question import EVERYBODY

        self._narrow(EVERYBODY)

    # --- what the window asks ---------------------------------------------------------------------

    def title(self) -> str:
        return _("Sales figures")

    def icon(self) -> str:
        return "gauge"

    def place(self) -> Place:
        return Place(PAGE, name=NAME)

    def take_focus(self) -> None:
        self.tabs.setFocus(Qt.FocusReason.OtherFocusReason)

    def run(self, action_id: str) -> bool:
        if action_id != "refresh":
            return False
        self._session.base.funnels.forget()
        self.read()
        return True
