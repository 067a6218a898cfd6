"""What opens over a list: the form of a condition, the choice of columns, the menu of a heading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.models.query import Condition, Sort
from crm_desktop.ui.record_list import state as st
from crm_desktop.ui.record_list.column_chooser import ColumnChooser
from crm_desktop.ui.record_list.controller import ListController
from crm_desktop.ui.record_list.grouping import Grouping
from crm_desktop.ui.record_list.marks import Marks
from crm_desktop.ui.widgets.popover import Menu, Popover

if TYPE_CHECKING:  # with all editors, which no list needs to be painted
    from crm_desktop.ui.record_list.condition_form import ConditionForm


class Choosers(QObject):
    """Opens them and hands what was chosen to the controller."""

    def __init__(self, controller: ListController) -> None:
        super().__init__(controller)
        self._c = controller
        self.grouping = Grouping(controller)
        self.marks = Marks(controller)
        filters, table = controller.view.filters, controller.view.table
        filters.add_clicked.connect(self.add_condition)
        filters.chip_clicked.connect(self._edit_chip)
        filters.columns_clicked.connect(self.choose_columns)
        table.head.menu_asked.connect(self._heading_menu)
        controller.state_changed.connect(lambda: filters.set_chips(controller.chips()))

    def close(self) -> None:
        """Closes what is open over the list."""
        for popover in self._c.view.window().findChildren(Popover):
            popover.close_panel()

    # --- conditions -------------------------------------------------------------------------------

    def add_condition(self, anchor: QWidget, path: str = "") -> None:
        """Asks for a new condition; on the field of `path` if one is named."""
        form = self._form(anchor, None)
        if path:
            form.start(path)

    def _edit_chip(self, place: int, anchor: QWidget) -> None:
        parts = st.parts_of(self._c.state.query.where)
        alternatives = st.alternatives_of(parts[place]) if place < len(parts) else None
        if alternatives is not None and all(self._c.choice(c.path) for c in alternatives):
            self._form(anchor, place).edit(alternatives)

    def _form(self, anchor: QWidget, place: int | None) -> ConditionForm:
        from crm_desktop.ui.record_list.condition_form import ConditionForm

        form = ConditionForm(self._c.session, self._c.condition_groups(), self._say)
        popover = Popover(form, name=_("Condition"), parent=self._c.view)

        def take(conditions: tuple[Condition, ...]) -> None:
            popover.close_panel()
            self._c.set_part(place, st.either(conditions) if conditions else None)

        form.applied.connect(take)
        form.resized.connect(popover.fit)
        popover.open_below(anchor)
        return form

    def _say(self, condition: Condition) -> str:
        label, text = self._c.texts().chip(condition, self._c.titles)
        return f"{label}: {text}"

    # --- columns ----------------------------------------------------------------------------------

    def choose_columns(self, anchor: QWidget) -> None:
        """Opens the choice of columns."""
        shown = [c for p in self._c.state.query.columns if (c := self._c.choice(p)) is not None]
        chooser = ColumnChooser(shown, self._c.column_groups())
        popover = Popover(chooser, name=_("Columns"), parent=self._c.view)

        def reset() -> None:
            popover.close_panel()
            self._c.forget_layout()

        chooser.changed.connect(lambda paths: self._c.change(columns=tuple(paths)))
        chooser.reset_asked.connect(reset)
        popover.open_below(anchor)

    def _heading_menu(self, column: int, place: QPoint) -> None:
        path = self._c.path_at(column)
        choice = self._c.choice(path) if path else None
        menu = Menu(self._c.view.table)
        if choice is not None:
            if choice.sortable:
                up, down = (Sort(path),), (Sort(path, True),)
                menu.addAction(_("Sort upwards")).triggered.connect(lambda: self._c.sort(up))
                menu.addAction(_("Sort downwards")).triggered.connect(lambda: self._c.sort(down))
            if choice.child is None:
                self._add_filter(menu, path)
            else:
                narrow = menu.addAction(_("Calculate over some of them only…"))
                narrow.triggered.connect(lambda: self.narrow_children(path))
            self.grouping.add_to(menu, path)
            if len(self._c.state.query.columns) > 1:
                menu.addAction(_("Hide the column")).triggered.connect(lambda: self._hide(path))
            menu.addSeparator()
        columns = menu.addAction(_("Choose columns…"))
        columns.triggered.connect(lambda: self.choose_columns(self._c.view.filters.columns))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _add_filter(self, menu: Menu, path: str) -> None:
        filter_ = menu.addAction(_("Filter by this field…"))
        filter_.triggered.connect(lambda: self.add_condition(self._c.view.filters.add, path))

    def narrow_children(self, path: str) -> None:
        """Asks which of the children a calculated column counts."""
        choice = self._c.choice(path)
        if choice is None or choice.child is None:
            return
        from crm_desktop.ui.record_list.child_narrowing import ChildNarrowing

        narrowing = ChildNarrowing(self._c, path, choice.child)
        popover = Popover(narrowing.form, name=_("Condition"), parent=self._c.view)
        narrowing.setParent(popover)
        narrowing.form.applied.connect(popover.close_panel)
        narrowing.form.resized.connect(popover.fit)
        popover.open_below(self._c.view.filters.columns)

    def _hide(self, path: str) -> None:
        self._c.change(columns=tuple(p for p in self._c.state.query.columns if p != path))
