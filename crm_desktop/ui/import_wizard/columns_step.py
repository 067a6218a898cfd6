"""The third step: which field each column goes into, and what is done with known records."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.delegates.table import TableDelegate
from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.import_wizard.state import ColumnLine, MatchChoice, Plan
from crm_desktop.ui.import_wizard.table import PlainTable
from crm_desktop.ui.itemmodels.cells import Cell, Column
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.painting import box
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.choices import CheckBox, ComboBox
from crm_desktop.ui.widgets.labels import Label, Tile
from crm_desktop.ui.widgets.layouts import FlowLayout, column, row
from crm_desktop.ui.widgets.strips import StripMessage

TARGET = 2
"""The column of the table that holds the fields."""


class TargetDelegate(TableDelegate):
    """Paints the field as something that opens."""

    def _title(self, painter: QPainter, rect: QRect, cell: Cell) -> None:
        if cell.tag != "field":
            super()._title(painter, rect, cell)
            return
        frame = rect.adjusted(px(6), px(3), -px(6), -px(4))
        box(painter, frame, radius=px(6), fill="surface", border="line2")
        ink = "text3" if cell.bad else "text"
        room = rect.adjusted(px(6), 0, -px(28), 0)
        self._text(painter, room, cell.text, ink=ink, right=False)
        top = rect.top() + (rect.height() - px(16)) // 2
        painter.drawPixmap(rect.right() - px(28), top, pixmap("chevron-down", "text2", 16))


class ColumnsStep(QWidget):
    """Tells which column is asked about and how records are to be known."""

    column_asked = Signal(int, QRect)
    """A column, and where its field stands in the table's viewport."""
    next_asked = Signal()
    wish_changed = Signal(dict)
    """`match`, `on_match`, `on_new`, `empty_wipes`, `unreadable` or `name_only` as the person wants
    them."""

    def __init__(self) -> None:
        super().__init__()
        self._plan: Plan | None = None
        self._keys: tuple[str, ...] = ()
        self.table = PlainTable(name=_("Columns of the file"), opens=True)
        self.table.setItemDelegate(TargetDelegate(self.table, self.table))
        self.table.stretch = 1
        self.problem = StripMessage("", tone="bad")
        self.warning = StripMessage("", tone="warn")
        self.ticks: dict[str, CheckBox] = {}
        self.on_match = ComboBox(name=_("If the record is there already"))
        self.create_new, self.wipes = CheckBox(), CheckBox()
        self.leave_out, self.refuse_names, self.html = CheckBox(), CheckBox(), CheckBox()
        self._known, self._then = Label("", "strong"), Label("", "body", "text2")
        self._none = Label("", "body", "text3", wrap=True)
        self._flow = FlowLayout(gap=14)
        self._lay_out()
        self._connect()
        keep_translated(self, self._say_texts)

    def _lay_out(self) -> None:
        ticks = QWidget()
        ticks.setLayout(self._flow)
        first = row(self._known, ticks, self._none, gap=14)
        first.setStretch(1, 1)
        second = row(self._then, self.on_match, 16, self.create_new, self.wipes, None, gap=10)
        tile = Tile()
        third = row(self.leave_out, self.refuse_names, self.html, None, gap=18)
        tile.setLayout(column(first, second, third, gap=4, margins=(16, 10, 16, 10)))
        self.setLayout(column(self.problem, self.warning, self.table, tile, gap=10))
        self.layout().setStretch(2, 1)

    def _connect(self) -> None:
        self.table.clicked.connect(self._clicked)
        self.table.row_opened.connect(self._opened)
        self.table.edit_asked.connect(lambda: self.ask(self.table.current_row))
        self.on_match.activated.connect(
            lambda _at: self.wish_changed.emit({"on_match": self.on_match.value()})
        )
        self.create_new.clicked.connect(
            lambda on: self.wish_changed.emit({"on_new": "create" if on else "skip"})
        )
        self.wipes.clicked.connect(lambda on: self.wish_changed.emit({"empty_wipes": on}))
        self.leave_out.clicked.connect(
            lambda on: self.wish_changed.emit({"unreadable": "leave_out" if on else "refuse"})
        )
        self.refuse_names.clicked.connect(
            lambda on: self.wish_changed.emit({"name_only": "refuse" if on else "create"})
        )
        self.html.clicked.connect(lambda on: self.wish_changed.emit({"html": on}))

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() >= TARGET:
            self.ask(index.row())

    def _opened(self, line: int, ctrl: bool) -> None:
        if ctrl:
            self.next_asked.emit()
        else:
            self.ask(line)

    def ask(self, line: int) -> None:
        """Asks where a column is to go."""
        if line >= 0:
            index = self.table.paged_model.index(line, TARGET)
            self.table.scrollTo(index)
            self.column_asked.emit(line, self.table.visualRect(index))

    def _say_texts(self) -> None:
        self.table.setAccessibleName(_("Columns of the file"))
        self._known.setText(_("Known by"))
        self._then.setText(_("If the record is there already"))
        self.on_match.setAccessibleName(_("If the record is there already"))
        self.create_new.setText(_("Create the records that are not there"))
        self.create_new.updateGeometry()
        self.wipes.setText(_("Empty cells wipe values"))
        self.leave_out.setText(_("Leave out values that cannot be read"))
        self.refuse_names.setText(_("Rows of a name alone are headings"))
        self.html.setText(_("HTML becomes plain text"))
        self._none.setText(_("Nothing yet: bring in a number, an e-mail address or a name."))
        if self._plan is not None:
            self._keys = ()
            self.show_plan(self._plan, anew=True)

    # --- showing ----------------------------------------------------------------------------------

    def show_plan(self, plan: Plan, *, anew: bool = False) -> None:
        """Shows where everything goes; `anew` for another file."""
        self._plan = plan
        rows = [_cells(line) for line in plan.lines]
        if anew:
            self.table.show_rows(_columns(), rows)
        else:
            self.table.replace_rows(rows)
        for strip, sentence in ((self.problem, plan.problem), (self.warning, plan.warning)):
            strip.set_text(sentence)
            strip.setVisible(bool(sentence))
        self._show_matches(plan.matches)
        choices: list[tuple[str, object]] = [
            (_("leave it as it is"), "skip"), (_("complete and update it"), "update"),
            (_("create another one"), "create"),
        ]  # fmt: skip
        self.on_match.set_choices(choices, plan.on_match)
        known = any(match.ticked for match in plan.matches)
        self.on_match.setEnabled(known)
        self.create_new.setChecked(plan.create_new)
        self.wipes.setChecked(plan.empty_wipes)
        self.leave_out.setChecked(plan.leave_out)
        self.refuse_names.setChecked(plan.refuse_names)
        self.html.setChecked(plan.html)
        self.wipes.setEnabled(known and plan.on_match == "update")

    def _show_matches(self, matches: tuple[MatchChoice, ...]) -> None:
        self._none.setVisible(not matches)
        keys = tuple(match.key for match in matches)
        if set(keys) != set(self._keys):
            self._keys = keys
            self._flow.clear()
            self.ticks = {}
            for match in matches:
                tick = self.ticks[match.key] = CheckBox(match.text)
                tick.clicked.connect(self._tell_match)
                self._flow.addWidget(tick)
                tick.show()
        for match in matches:
            self.ticks[match.key].setChecked(match.ticked)

    def _tell_match(self) -> None:
        ticked = [key for key, tick in self.ticks.items() if tick.isChecked()]
        self.wish_changed.emit({"match": tuple(ticked)})

    def take_focus(self) -> None:
        """To the columns."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.table.current_row < 0:
            self.table.go_to(0, column=TARGET)


def _columns() -> list[Column]:
    return [
        Column("name", _("Column of the file"), 200, sortable=False),
        Column("samples", _("For example"), 240, sortable=False),
        Column("target", _("Goes into"), 270, sortable=False),
        Column("mark", _("How chosen"), 172, sortable=False),
        Column("note", _("Remark"), 200, sortable=False),
    ]


def _cells(line: ColumnLine) -> list[Cell]:
    marks = {
        "learned": (_("as last time"), "ok"), "guessed": (_("guessed"), "neutral"),
        "chosen": (_("your choice"), "accent"),
    }  # fmt: skip
    word, tone = marks.get(line.mark, ("", ""))
    target = line.target or _("Do not bring in")
    return [
        Cell(line.name, "title"), Cell(line.samples, "muted"),
        Cell(target, "title", tag="field", bad=not line.target), Cell(word, "pill", tone),
        Cell(line.note, "muted"),
    ]  # fmt: skip
