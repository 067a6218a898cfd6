"""Page: what stands in the middle of the window, a tab each.

A page that is a plain widget works too: its window title and icon name are those of the tab.
"""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.navigation import Place

_LOADED_MS = 150


class Page(QWidget):
    """A page of the window. Override what the page can do."""

    title_changed = Signal()
    """`title()`, `icon()` or `is_changed()` may say something else now."""
    record_pointed = Signal(object)
    """A `Ref` that the side panel is to show, or None."""

    record_clicked = Signal(object)
    """A `Ref` that was pointed at by hand: the panel comes up even where it hides the page."""

    closed = Signal()
    """The person is done with it: its tab goes."""

    def title(self) -> str:
        """What its tab and the window say."""
        return self.windowTitle()

    def icon(self) -> str:
        """The icon of its tab."""
        return ""

    def place(self) -> Place | None:
        """Where it is now, for the way back; None for a page one cannot come back to."""
        return None

    def show_place(self, place: Place) -> None:
        """Shows another place of the same kind: another view of the same list."""

    def is_changed(self) -> bool:
        """Whether something typed is not saved yet: its tab gets a dot."""
        return False

    def leave(self) -> None:
        """It goes: what has to be kept is kept."""

    def may_close(self) -> bool:
        """Whether it may go; it may ask the person."""
        return True

    def take_focus(self) -> None:
        """Puts the keyboard where one goes on."""
        self.setFocus()

    def pointed(self) -> Ref | None:
        """The record the side panel is to show while the page is in front."""
        return None

    def is_coming(self) -> bool:
        """Whether it is not known yet if there is anything to point at: the page is being read."""
        return False

    def wants_panel(self) -> bool:
        """Whether the side panel stands beside this page."""
        return False

    def tells_opening(self) -> bool:
        """Whether the page itself tells how the opening of a base goes and why it failed."""
        return False

    def neighbour(self, ref: Ref, by: int) -> Ref | None:
        """The record that stands `by` rows from another in the list of this page."""
        return None

    def rights_renewed(self) -> None:
        """Rights are others than before: what may be seen is read anew."""
        self.run("refresh")

    def run(self, action_id: str) -> bool:
        """Carries out an action of the program such as `save`, `find`, `refresh`; False if the
        page has no such action."""
        return False


class TablePage(Page):
    """A page of one table, which is its own `table`."""

    table: QWidget

    @abstractmethod
    def read(self) -> None:
        """Asks the base for the rows."""

    def without_table(self) -> QWidget:
        """Who has the keyboard while there is no table: it would go to whatever is next in the
        window."""
        return self

    def take_focus(self) -> None:
        there = self.table.isVisibleTo(self)
        holder = self.table if there else self.without_table()
        holder.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_table(self, *, some: bool) -> None:
        """Shows the table or hides it; the keyboard stays in the page."""
        if not some and self.table.hasFocus():
            self.without_table().setFocus(Qt.FocusReason.OtherFocusReason)
        self.table.setVisible(some)
        if some and self.hasFocus():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def run(self, action_id: str) -> bool:
        if action_id != "refresh":
            return False
        self.read()
        return True


class SearchedPage(TablePage):
    """A page of one table with a line to search it by, which is its own `search`."""

    search: QWidget

    def without_table(self) -> QWidget:
        return self.search

    def run(self, action_id: str) -> bool:
        if action_id == "find":
            self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return True
        return super().run(action_id)


class AheadPage(Page):
    """A page that can be made in pieces, before it is known what it will show."""

    def go_on(self) -> bool:
        """Makes the next piece; False when it is whole."""
        return False

    def rest(self) -> bool:
        """It was closed: shows nothing and hears of nothing until it is shown again. False if it
        cannot be kept for that."""
        return False

    def hold_painting(self) -> None:
        """Does not paint the empty page if what it shows comes at once."""
        self.setUpdatesEnabled(False)
        QTimer.singleShot(_LOADED_MS, self, self.paint_again)

    def paint_again(self) -> None:
        """What it shows is there."""
        if not self.updatesEnabled():
            self.setUpdatesEnabled(True)


def pointed_on(page: QWidget | None) -> tuple[Ref | None, bool]:
    """The record that the side panel is to show beside a page; whether it has yet to come."""
    return (page.pointed(), page.is_coming()) if isinstance(page, Page) else (None, False)
