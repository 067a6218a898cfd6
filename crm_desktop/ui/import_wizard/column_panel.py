"""What opens at a column: the fields it may go into, to be searched, and what can be set for it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.services.importing.mapping import LEAVE_OUT
from crm_desktop.ui.import_wizard.state import ColumnOptions, FieldChoice
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.pick_list import PickItem, PickList

NOWHERE = ""
_PARTS = 4


class ColumnPanel(QWidget):
    """Tells the field that was chosen, or a setting."""

    picked = Signal(str)
    """The path of a field, '' for none."""
    option_changed = Signal(dict)
    """`split`, `fields`, `date_order`, `create` or `default`."""

    def __init__(self, name: str, choices: Sequence[FieldChoice], options: ColumnOptions) -> None:
        super().__init__()
        self._choices, self._options = choices, options
        self.list = PickList(name=_("Fields"), search=_("Find a field"), rows=10)
        self.list.setFixedWidth(px(300))
        self.list.set_items(self._items())
        self.list.picked.connect(lambda path: self.picked.emit(str(path)))
        self.setFocusProxy(self.list)
        title = Label(_("Where does “{column}” go?").format(column=name), "strong")
        left = column(title, self.list, gap=8)
        self.setLayout(row(left, *self._side(), gap=16, margins=(4, 4, 4, 4)))

    def _items(self) -> list[PickItem]:
        items = [PickItem(NOWHERE, _("Do not bring in"), icon="close")]
        group = None
        for choice in self._choices:
            if choice.group != group:
                group = choice.group
                items.append(PickItem(("group", group), group, heading=True))
            mark = "check" if choice.path in self._options.paths else ""
            items.append(PickItem(choice.path, choice.text, icon=mark))
        return items

    # --- settings ---------------------------------------------------------------------------------

    def _side(self) -> list[QWidget]:
        if not self._options.paths:
            return []
        side = QWidget()
        side.setFixedWidth(px(260))
        boxes = [self._split_box(), *self._part_boxes()]
        if self._options.date_order is not None:
            boxes.append(self._date_box())
        if self._options.can_create:
            boxes.append(self._create_box())
        boxes.append(self._default_box())
        side.setLayout(column(*boxes, None, gap=10))
        return [side]

    def _combo(
        self, key: str, label: str, choices: list[tuple[str, object]], *, current: object
    ) -> FieldBox:
        combo = ComboBox(name=label)
        combo.set_choices(choices, current)
        combo.setObjectName(key)
        combo.activated.connect(lambda _at: self.option_changed.emit({key: combo.value()}))
        return FieldBox(label, combo)

    def _split_box(self) -> FieldBox:
        choices: list[tuple[str, object]] = [
            (_("Whole"), ""), (_("Into last, first and middle name"), "name"),
            (_("At every comma"), ","), (_("At every semicolon"), ";"), (_("At every slash"), "/"),
            (_("At every line break"), "\n"),
        ]  # fmt: skip
        sign = self._options.split
        if all(value != sign for _text, value in choices):
            choices.append((_("At every “{sign}”").format(sign=sign), sign))
        return self._combo("split", _("The value is taken"), choices, current=sign)

    def _part_boxes(self) -> list[FieldBox]:
        if not self._options.split:
            return []
        fields: list[tuple[str, object]] = [(_("Do not bring in"), NOWHERE)]
        fields += [(f"{c.group}: {c.text}", c.path) for c in self._choices]
        most = 3 if self._options.split == "name" else _PARTS
        self.parts: list[ComboBox] = []
        boxes = []
        for number in range(min(most, len(self._options.paths) + 1)):
            label = _("Part {number} goes into").format(number=number + 1)
            combo = ComboBox(name=label)
            paths = self._options.paths
            combo.set_choices(fields, paths[number] if number < len(paths) else NOWHERE)
            combo.activated.connect(self._tell_parts)
            self.parts.append(combo)
            boxes.append(FieldBox(label, combo))
        return boxes

    def _tell_parts(self) -> None:
        paths: list[str] = []
        for combo in self.parts:
            path = str(combo.value() or "")
            if not path:
                break
            if path not in paths:
                paths.append(path)
        if paths:
            self.option_changed.emit({"fields": tuple(paths)})

    def _date_box(self) -> FieldBox:
        choices: list[tuple[str, object]] = [
            (_("As in the whole file"), ""), (_("Day, month, year"), "dmy"),
            (_("Month, day, year"), "mdy"), (_("Year, month, day"), "ymd"),
        ]  # fmt: skip
        label = _("Order in dates")
        return self._combo("date_order", label, choices, current=self._options.date_order)

    def _create_box(self) -> FieldBox:
        choices: list[tuple[str, object]] = [
            (_("As usual for this field"), None), (_("Create it"), True),
            (_("Refuse the row"), False), (_("Leave it empty"), LEAVE_OUT),
        ]  # fmt: skip
        label = _("If there is no such record")
        return self._combo("create", label, choices, current=self._options.create)

    def _default_box(self) -> FieldBox:
        label = _("Where the cell is empty")
        line = LineEdit(self._options.default, name=label)
        line.setObjectName("default")
        line.setPlaceholderText(_("leave it empty"))
        line.editingFinished.connect(
            lambda: self.option_changed.emit({"default": line.text().strip()})
        )
        return FieldBox(label, line)
