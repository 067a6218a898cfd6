"""The page on which records that were chosen in a list are merged."""

from __future__ import annotations

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition
from crm_desktop.ui.duplicates.merge_pane import MergePane
from crm_desktop.ui.navigation import Navigator, Place
from crm_desktop.ui.page import Page
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.layouts import column


class MergePage(Page):
    """One sheet; after the merge the record that stays is shown."""

    def __init__(self, session: Session, navigator: Navigator, place: Place) -> None:
        super().__init__()
        self._navigator, self._place = navigator, place
        self.pane = MergePane(session, navigator)
        self.setLayout(column(self.pane, gap=0))
        self.pane.merged.connect(self._merged)
        where = place.where
        ids = tuple(where.value) if isinstance(where, Condition) else ()
        self.pane.load(place.entity, ids)

    def _merged(self, winner: int) -> None:
        self._navigator.open_record(Ref(self._place.entity, winner))
        self.closed.emit()

    def title(self) -> str:
        return _("Merge records")

    def icon(self) -> str:
        return "merge"

    def place(self) -> Place:
        return self._place

    def take_focus(self) -> None:
        (self.pane.sheet.first_choice() or self.pane.merge_button).setFocus()
