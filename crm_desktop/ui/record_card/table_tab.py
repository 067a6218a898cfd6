"""A tab that is a table of what hangs on the record, with what is done about its rows."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QHBoxLayout

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.services.rights import words
from crm_desktop.ui.itemmodels.paged import PagedTableModel
from crm_desktop.ui.portraits.avatars import portraits_of
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.tab import CardTab
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.layouts import row
from crm_desktop.ui.widgets.popover import Menu
from crm_desktop.ui.widgets.table_view import TableView

Act = tuple[str, str, Callable[[], Any]]
"""A picture, a word, and what is done."""


class TableTab(CardTab):
    """Add, edit, open, delete: by buttons, keys, and the menu of a row."""

    def __init__(self, controller: CardController, name: str) -> None:
        """`name` is what screen readers say of the table."""
        super().__init__(controller)
        self.table = TableView(name=name)
        self.model = PagedTableModel(self)
        self.table.set_tickable(False)
        self.table.show_faces(portraits_of(controller.session))
        self.table.head.setStretchLastSection(True)
        self.add_button = Button("", "add")
        self.edit_button = Button("", "edit", "ghost")
        self.open_button = Button("", "open", "ghost")
        self.delete_button = Button("", "delete", "ghost")
        self.empty = EmptyState()
        self.add_button.clicked.connect(self.add)
        self.empty.primary.connect(self.add)
        self.edit_button.clicked.connect(self._edit)
        self.open_button.clicked.connect(lambda: self.open())
        self.delete_button.clicked.connect(self._delete)
        self.table.row_opened.connect(lambda _row, ctrl: self.open(new_tab=ctrl))
        self.table.edit_asked.connect(self._edit)
        self.table.delete_asked.connect(self._delete)
        self.table.menu_asked.connect(self._open_menu)
        self.table.current_row_changed.connect(lambda _row: self.say_enabled())
        rights, part = controller.rights, self.part()
        for button in (self.add_button, self.empty.primary_button):
            rights.keep(button, words.CREATE, part)
        rights.keep(self.edit_button, words.EDIT, part)
        rights.keep(self.delete_button, words.DELETE, part)

    @abstractmethod
    def part(self) -> EntityDef:
        """The object whose records the table shows."""

    def bar(self, margin: int) -> QHBoxLayout:
        """The buttons above the table."""
        return row(
            self.add_button, 8, self.edit_button, self.open_button, self.delete_button, None,
            gap=2, margins=(margin, 10, margin, 8),
        )  # fmt: skip

    def say_buttons(self, add: str) -> None:
        """The words of the buttons, in the language of the moment."""
        self.add_button.setText(add)
        self.edit_button.setText(_("Edit"))
        self.open_button.setText(_("Open"))
        self.delete_button.setText(_("Delete"))

    def say_enabled(self) -> None:
        """Shows the buttons that have a row to work on."""
        chosen = self.current() is not None
        for button in (self.edit_button, self.open_button, self.delete_button):
            button.setVisible(chosen)

    @abstractmethod
    def current(self) -> Any:
        """What stands in the current row; None if there is no such row."""

    @abstractmethod
    def add(self) -> Any:
        """Asks for something new."""

    @abstractmethod
    def edit(self) -> Any:
        """Asks for another state of what stands in the current row."""

    @abstractmethod
    def open(self, *, new_tab: bool = False) -> None:
        """The card that the current row leads to."""

    @abstractmethod
    def delete(self) -> None:
        """Deletes what stands in the current row; the toast offers to undo it."""

    def acts(self) -> list[Act]:
        """The menu of the current row."""
        return [
            ("open", _("Open"), self.open),
            ("edit", _("Edit"), self.edit),
            ("delete", _("Delete"), self.delete),
        ]

    def _edit(self) -> None:
        """A button, or F2."""
        if not self.controller.rights.stops(words.EDIT, self.part()):
            self.edit()

    def _delete(self) -> None:
        """A button, or Del."""
        if not self.controller.rights.stops(words.DELETE, self.part()):
            self.delete()

    def _open_menu(self, at: int, place: QPoint) -> None:
        self.table.go_to(at)
        refused = self.controller.rights.of_parts(self.part())
        Menu.of(self, self.acts(), refused).popup(place)
