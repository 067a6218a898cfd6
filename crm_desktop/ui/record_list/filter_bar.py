"""The line over a table: the quick filter, chips of conditions, what can be done with the view."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button, ToolButton
from crm_desktop.ui.widgets.inputs import SearchField
from crm_desktop.ui.widgets.layouts import FlowLayout, row
from crm_desktop.ui.widgets.marks import Chip


class _Chips(QWidget):
    """Chips in as many lines as they need."""

    def __init__(self) -> None:
        super().__init__()
        self.flow = FlowLayout(self, gap=6)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)


class _QuickFilter(SearchField):
    """Down goes on to the table."""

    down_pressed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.down_pressed.emit()
            return
        super().keyPressEvent(event)


class FilterBar(QWidget):
    """What narrows the list, and the tools of the view."""

    searched = Signal(str)
    down_pressed = Signal()
    add_clicked = Signal(QWidget)
    chip_clicked = Signal(int, QWidget)
    chip_removed = Signal(int)
    save_clicked = Signal(QWidget)
    reset_clicked = Signal()
    columns_clicked = Signal(QWidget)
    more_clicked = Signal(QWidget)

    def __init__(self) -> None:
        super().__init__()
        self.search = _QuickFilter(name=_("Filter in this view"), icon="filter", delay_ms=0)
        self.search.setFixedWidth(px(212))
        self.search.searched.connect(self.searched)
        self.search.down_pressed.connect(self.down_pressed)
        self._chips = _Chips()
        self.add = Button("", "add", "ghost")
        self.add.clicked.connect(lambda: self.add_clicked.emit(self.add))
        self.save = Button("", kind="link")
        self.save.clicked.connect(lambda: self.save_clicked.emit(self.save))
        self.reset = Button("", kind="link")
        self.reset.clicked.connect(self.reset_clicked)
        self.columns = ToolButton("columns", "")
        self.columns.clicked.connect(lambda: self.columns_clicked.emit(self.columns))
        self.more = ToolButton("more", "")
        self.more.clicked.connect(lambda: self.more_clicked.emit(self.more))
        layout = row(
            self.search, self._chips, self.save, self.reset, self.columns, self.more,
            gap=6, margins=(24, 12, 20, 10),
        )  # fmt: skip
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self._removed_tip = ""
        self._said: list[tuple[str, str]] | None = None
        self._held, self._is_changed = False, False
        self.set_chips([])
        self.set_changed(False)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self.search.setAccessibleName(_("Filter in this view"))
        self.search.setPlaceholderText(_("Filter in this view"))
        self.search.set_clear_tip(_("Clear"))
        self.add.setText(_("Condition"))
        self.save.setText(_("Save view"))
        self.reset.setText(_("Reset"))
        self.columns.set_tip(_("Choose columns"))
        self.more.set_tip(_("More"))
        self._removed_tip = _("Remove the condition")

    def set_chips(self, chips: Sequence[tuple[str, str]]) -> None:
        """Shows the conditions: (field, rest) each."""
        if self._said == list(chips):
            return
        self._said = list(chips)
        flow = self._chips.flow
        flow.removeWidget(self.add)
        flow.clear()
        for place, (label, value) in enumerate(chips):
            chip = Chip(label, value, remove_tip=self._removed_tip)
            chip.clicked.connect(lambda _on=False, n=place, c=chip: self.chip_clicked.emit(n, c))
            chip.removed.connect(lambda n=place: self.chip_removed.emit(n))
            flow.addWidget(chip)
        flow.addWidget(self.add)
        self.add.show()

    def chips(self) -> list[Chip]:
        """The chips that are shown."""
        items = (self._chips.flow.itemAt(n) for n in range(self._chips.flow.count()))
        found = [item.widget() for item in items if item is not None]
        return [widget for widget in found if isinstance(widget, Chip)]

    def set_changed(self, changed: bool) -> None:
        """Whether the view differs from what is saved."""
        self._is_changed = changed
        self.save.setVisible(changed and not self._held)
        self.reset.setVisible(changed and not self._held)

    def hold_views(self, held: bool) -> None:
        """While the chips belong to something else than a view, no view is offered to be saved."""
        self._held = held
        self.set_changed(self._is_changed)
