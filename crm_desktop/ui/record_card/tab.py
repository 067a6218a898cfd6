"""What a tab of a card is: a widget that shows one part of a record when it is looked at."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.loading import CardContents


class CardTab(QWidget):
    """Loads what it shows when it is seen, and anew when the record has changed."""

    tab_wanted = Signal(str)
    """The key of another tab that the person asked for."""

    def __init__(self, controller: CardController) -> None:
        super().__init__()
        self.controller = controller
        self.contents: CardContents | None = None
        self._stale = False

    def show_contents(self, contents: CardContents) -> None:
        """The card shows this record now; loads at once if the tab is seen."""
        other = self.contents is None or self.contents.ref != contents.ref
        self.contents = contents
        if other:
            self.begin(contents)
        self._stale = True
        self.bring_up_to_date()

    def bring_up_to_date(self) -> None:
        """Loads if something changed since and the tab is seen."""
        if self._stale and self.isVisible() and self.contents is not None:
            self._stale = False
            self.load(self.contents)

    def begin(self, contents: CardContents) -> None:
        """Another record: forget what was shown."""

    def load(self, contents: CardContents) -> None:
        """Read and show it. Runs in the GUI thread: ask `operations`."""

    def is_changed(self) -> bool:
        """Whether something typed is not saved yet."""
        return False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.bring_up_to_date()
