"""The page of a list as it is seen. It shows what it is told and tells what the person does."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.itemmodels.paged import PagedTableModel
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.record_list.filter_bar import FilterBar
from crm_desktop.ui.record_list.footer import ListFooter
from crm_desktop.ui.theme import line_height
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.labels import Label, Surface
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.table_view import TableView
from crm_desktop.ui.widgets.tabs import Tabs


class RecordListView(Surface):
    """Title, saved views, filters, table, footer."""

    resized = Signal()
    import_clicked = Signal()
    new_clicked = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """`name` is what screen readers call the table."""
        super().__init__("surface", "", parent)
        self.model = PagedTableModel(self)
        self._title = Label(name, "page")
        self._count = Label("", "body", "text3")
        self._count.setMinimumHeight(line_height("page"))
        self.import_button = Button("", "import")
        self.import_button.clicked.connect(self.import_clicked)
        self.new_button = Button("", "add")
        self.new_button.clicked.connect(self.new_clicked)
        self.tabs = Tabs(name=name, pad=24, add=_("Save as a view"))
        self.filters = FilterBar()
        self.table = TableView(name=name)
        self.table.setModel(self.model)
        self.table.head.setStretchLastSection(True)
        self.footer = ListFooter()
        self.strips = column(gap=0)
        self.empty = EmptyState()
        self._middle = QStackedWidget()
        self._middle.addWidget(self.table)
        self._middle.addWidget(self.empty)
        self._build()
        keep_translated(self, self._say_texts)

    def _build(self) -> None:
        head = row(
            self._title, self._count, None, self.import_button, self.new_button,
            gap=10, margins=(24, 16, 24, 6),
        )  # fmt: skip
        whole = column(head, self.tabs, self.filters, self.strips, self._middle, gap=0)
        whole.addWidget(self.footer)
        whole.setStretch(4, 1)
        self.setLayout(whole)

    def _say_texts(self) -> None:
        self.import_button.setText(_("Import"))
        self.table.set_tick_all_name(_("Tick all"))

    def set_title(self, title: str, new_text: str) -> None:
        """The name of the object and the word of the button that makes one."""
        self._title.setText(title)
        self.new_button.setText(new_text)
        self.table.setAccessibleName(title)

    def set_count(self, text: str) -> None:
        """How many records, beside the title."""
        self._count.setText(text)

    def count_text(self) -> str:
        """What is said beside the title."""
        return self._count.text()

    def show_table(self) -> None:
        """There are rows; who stood at a button of the empty state stands in the table."""
        focused = self.empty.focusWidget()
        stood = focused is not None and focused.hasFocus()
        self._middle.setCurrentWidget(self.table)
        self.set_furniture(True)
        if stood:
            self.table.setFocus()

    def show_empty(self, *, furniture: bool) -> None:
        """There are none: `furniture` says whether tabs and filters make sense all the same."""
        if self.table.hasFocus():
            self.empty.primary_button.setFocus()
        self._middle.setCurrentWidget(self.empty)
        self.set_furniture(furniture)

    def set_furniture(self, shown: bool) -> None:
        """Tabs, filters, footer."""
        for part in (self.tabs, self.filters, self.footer):
            part.setVisible(shown)
        self.import_button.setVisible(shown)

    @property
    def is_empty(self) -> bool:
        """Whether the empty state is shown."""
        return self._middle.currentWidget() is self.empty

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()
