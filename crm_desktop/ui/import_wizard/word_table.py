"""Words of the file that mean nothing here: a table of them, and what opens at one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QRect, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.import_wizard.columns_step import TargetDelegate
from crm_desktop.ui.import_wizard.figures import number
from crm_desktop.ui.import_wizard.state import WordChoices, WordLine
from crm_desktop.ui.import_wizard.table import PlainTable
from crm_desktop.ui.import_wizard.words import EVERY, LEAVE, MAKE, MEANT, REFUSE
from crm_desktop.ui.itemmodels.cells import Cell, Column
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.labels import IconLabel, Label
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.pick_list import PickItem, PickList

DONE = 3
"""The column that says what is done."""
_TALL, _HEAD, _LINE = 190, 36, 31


class WordTable(QWidget):
    """Hides itself when every word means something."""

    asked = Signal(int, QRect)
    """A line, and where what is done with it stands in the table's viewport."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: Sequence[WordLine] = ()
        self.title = Label("", "strong", wrap=True)
        self.table = PlainTable(name=_("Words that mean nothing here"), opens=True)
        self.table.stretch = 1
        self.table.setItemDelegate(TargetDelegate(self.table, self.table))
        self.table.clicked.connect(self._clicked)
        self.table.row_opened.connect(lambda line, _ctrl: self.ask(line))
        self.table.edit_asked.connect(lambda: self.ask(self.table.current_row))
        head = row(IconLabel("warning", "warn"), self.title, gap=8)
        head.setStretch(1, 1)
        self.setLayout(column(head, self.table, gap=8))
        self.hide()

    def show_lines(self, lines: Sequence[WordLine]) -> None:
        """Fills the table."""
        self.table.setMaximumHeight(px(min(_TALL, _HEAD + _LINE * len(lines))))
        is_same = [(a.path, a.word) for a in lines] == [(b.path, b.word) for b in self.lines]
        self.lines = lines
        self.setVisible(bool(lines))
        self.title.setText(_("These words of the file mean nothing here. What is to be done?"))
        self.table.setAccessibleName(_("Words that mean nothing here"))
        rows = [
            (Cell(one.label), Cell(one.word or _("All that are not there"), "title"),
             Cell(number(one.rows), "number"), Cell(_done(one), "title", tag="field"))
            for one in lines
        ]  # fmt: skip
        if is_same and rows:
            self.table.replace_rows(rows)
            return
        self.table.show_rows([
            Column("field", _("Field"), 170, sortable=False),
            Column("word", _("In the file"), 220, sortable=False),
            Column("rows", _("Rows"), 80, right=True, sortable=False),
            Column("done", _("What is done"), 330, sortable=False),
        ], rows)  # fmt: skip

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == DONE:
            self.ask(index.row())

    def ask(self, line: int) -> None:
        """Asks what is to be done with the word of a line."""
        if 0 <= line < len(self.lines):
            index = self.table.paged_model.index(line, DONE)
            self.table.scrollTo(index)
            self.asked.emit(line, self.table.visualRect(index))


class WordPanel(QWidget):
    """Tells what was chosen for one word."""

    settled = Signal(str, str)
    """One of the verbs, and the meaning if it is `MEANT`."""
    searched = Signal(str)
    """Records are looked for by their names."""

    def __init__(self, line: WordLine, choices: WordChoices) -> None:
        super().__init__()
        self._line, self._choices = line, choices
        self._found: Sequence[str] = ()
        search = _("Find what it means")
        self.list = PickList(
            name=_("What is done"), search=search, rows=9, filters=not choices.target
        )
        self.list.setFixedWidth(px(340))
        self.list.picked.connect(self._pick)
        self.list.searched.connect(self.searched)
        self.setFocusProxy(self.list)
        said = line.word or _("All that are not there")
        title = Label(f"{line.label}: {said}", "strong", wrap=True)
        self.setLayout(column(title, self.list, gap=8, margins=(4, 4, 4, 4)))
        self._show("")

    def show_found(self, text: str, names: Sequence[str]) -> None:
        """Records whose names begin with what was typed."""
        self._found = names
        self._show(text)

    def _show(self, text: str) -> None:
        verbs = [PickItem((verb, ""), said, icon=_ICONS[verb]) for verb, said in self._verbs()]
        meanings = [*self._choices.values, *((name, name) for name in self._found)]
        picks = [PickItem((MEANT, key), name) for key, name in meanings]
        if picks:
            picks.insert(0, PickItem("meaning", _("It means"), heading=True))
        self.list.set_items([*picks, *verbs] if text.strip() else [*verbs, *picks])

    def _verbs(self) -> list[tuple[str, str]]:
        every = self._line.word == EVERY
        usual = self._choices.usual
        found = [(REFUSE, _("Refuse the rows"))] if usual == REFUSE else []
        found.append((LEAVE, _("Bring the rows in without it")))
        if self._choices.may_make:
            said = _("Create each of them") if every else _("Create “{name}”")
            found.append((MAKE, said.format(name=self._line.word)))
        return found

    def _pick(self, key: object) -> None:
        if isinstance(key, tuple):
            self.settled.emit(*key)


_ICONS = {REFUSE: "close", LEAVE: "check", MAKE: "add"}


def _done(line: WordLine) -> str:
    said = {
        REFUSE: _("Refuse the rows"), LEAVE: _("Bring the rows in without it"),
        MAKE: _("Create it"), MEANT: _("It means “{value}”").format(value=line.meaning),
    }  # fmt: skip
    return said[line.verb]
