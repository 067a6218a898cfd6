"""Groups of a list: chosen from headings and menus, folded and opened by mouse and keyboard."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt
from PySide6.QtGui import QKeyEvent

from crm_desktop.i18n import _
from crm_desktop.ui.record_list.controller import ListController
from crm_desktop.ui.record_list.fields import FieldChoice, own_choices
from crm_desktop.ui.record_list.grouped_source import GroupedSource
from crm_desktop.ui.widgets.popover import Menu

_OPEN, _FOLD = (Qt.Key.Key_Right, Qt.Key.Key_Plus), (Qt.Key.Key_Left, Qt.Key.Key_Minus)
_TURN = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class Grouping(QObject):
    """Groups one list."""

    def __init__(self, controller: ListController) -> None:
        super().__init__(controller)
        self._c = controller
        controller.view.table.clicked.connect(self._clicked)
        controller.view.table.installEventFilter(self)

    # --- folding ----------------------------------------------------------------------------------

    def _source(self) -> GroupedSource | None:
        source = self._c.loader.source
        return source if isinstance(source, GroupedSource) else None

    def turn(self, row: int, opened: bool | None = None) -> bool:
        """Opens or folds the group of a head; False if the row is none."""
        source, number = self._source(), self._c.view.model.head_at(row)
        if source is None or not 0 <= number < len(source.heads):
            return False
        if opened is None or source.is_open(number) != opened:
            self._c.folding.turn(source.heads[number].trail)
            self._c.loader.refold()
        return True

    def turn_all(self, opened: bool) -> None:
        """Opens or folds all groups."""
        self._c.folding.turn_all(opened)
        self._c.loader.refold()

    def _clicked(self, index: QModelIndex) -> None:
        self.turn(index.row())

    def _key(self, event: QKeyEvent) -> bool:
        key, row = Qt.Key(event.key()), self._c.view.table.current_row
        if self._c.view.model.head_at(row) < 0 or event.modifiers() & ~_KEYPAD:
            return False
        if key in _OPEN:
            return self.turn(row, True)
        if key in _FOLD:
            return self.turn(row, False)
        return key in _TURN and self.turn(row)

    # --- choosing ---------------------------------------------------------------------------------

    def group(self, *specs: str) -> None:
        """Groups by these columns, by none for nothing."""
        self._c.change(groups=specs)

    def add_to(self, menu: Menu, path: str) -> None:
        """Offers to group by a column, in the menu of its heading."""
        from crm_desktop.services.lists.groups import can_group

        choice = self._c.choice(path)
        if choice is None or choice.child or choice.group or not can_group(choice.field):
            return
        if choice.over and choice.field.storage == "bool":
            return
        groups = self._c.state.query.groups
        if any(group.partition(":")[0] == path for group in groups):
            rest = tuple(g for g in groups if g.partition(":")[0] != path)
            act = menu.addAction(_("Do not group by this column"))
            act.triggered.connect(lambda: self.group(*rest))
            return
        self._add_field(menu, choice, _("Group by this column"), lambda s: self.group(s))
        if len(groups) == 1:
            self._add_field(menu, choice, _("Group inside the groups"),
                            lambda s: self.group(groups[0], s))  # fmt: skip

    def _add_field(
        self, menu: Menu, choice: FieldChoice, text: str, act: Callable[[str], None]
    ) -> None:
        """One line, or for days a line for each stretch they are cut to."""
        from crm_desktop.services.lists.groups import UNITS

        if choice.field.storage not in ("date", "datetime"):
            menu.addAction(text).triggered.connect(lambda: act(choice.path))
            return
        inner = Menu(menu, title=text)
        for unit, label in UNITS.items():
            spec = f"{choice.path}:{unit}"
            inner.addAction(_(label)).triggered.connect(lambda _on=False, s=spec: act(s))
        menu.addMenu(inner)

    def add_menu(self, menu: Menu) -> None:
        """Group by ... in the menu of the list, for the keyboard and for fields not shown."""
        from crm_desktop.services.lists.groups import can_group

        inner = Menu(menu, title=_("Group by"))
        for choice in own_choices(self._c.session.base.catalogue, self._c.entity):
            if can_group(choice.field) and choice.field.key != self._c.entity.title_field:
                self._add_field(inner, choice, choice.label, lambda s: self.group(s))
        menu.addMenu(inner)
        if self._c.state.query.groups:
            menu.addAction(_("Do not group")).triggered.connect(lambda: self.group())
            menu.addAction(_("Open all groups")).triggered.connect(lambda: self.turn_all(True))
            menu.addAction(_("Fold all groups")).triggered.connect(lambda: self.turn_all(False))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        return False


_KEYPAD = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
