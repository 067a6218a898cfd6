"""The page after a new base was made: bring the table in now, or begin with nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt

from crm_desktop.i18n import _
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import PAGE, Navigator, Place
from crm_desktop.ui.page import Page
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.labels import Surface
from crm_desktop.ui.widgets.layouts import column


class FirstStepsPage(Page):
    """Goes away once the person has chosen."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._session, self._navigator = session, navigator
        self.state = EmptyState()
        ground = Surface("surface")
        ground.setLayout(column(self.state, gap=0))
        self.setLayout(column(ground, gap=0))
        self.state.primary.connect(self._bring_in)
        self.state.secondary.connect(self.closed)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        base = self._session.workspace
        if base is None:
            return
        title = _("The base “{name}” is ready").format(name=base.backend.title)
        text = _(
            "Do you keep your clients in Excel? Bring the table in now: you see what becomes of "
            "each column before anything is written, and one click takes it all back."
        )
        self.state.set_texts("success", title, text)
        self.state.set_actions((_("Bring a table in"), "import"), (_("Later"), ""))
        self.title_changed.emit()

    def _bring_in(self) -> None:
        catalogue = self._session.base.catalogue
        first = next(entity for entity in catalogue if entity.navigation)
        self.closed.emit()
        self._navigator.open_import(first.key)

    # --- the page ---------------------------------------------------------------------------------

    def title(self) -> str:
        return _("First steps")

    def icon(self) -> str:
        return "flag"

    def place(self) -> Place:
        return Place(PAGE, name="first-steps")

    def take_focus(self) -> None:
        self.state.primary_button.setFocus(Qt.FocusReason.OtherFocusReason)
