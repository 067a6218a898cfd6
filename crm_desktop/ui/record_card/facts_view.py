"""The facts of a card in sections, in one column or two; values are edited where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.models.catalogue.definitions import Field
from crm_desktop.ui.drafts.in_place import InPlace
from crm_desktop.ui.editors import EditorBase
from crm_desktop.ui.record_card.fact_row import LABEL_WIDTH, FactRow
from crm_desktop.ui.record_card.facts import Fact, FactSection
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.labels import Label

TWO_COLUMNS = 760
_GUTTER = 48
_LABELS = 0.4
"""The share of the width that labels may take at most."""
_USUAL_ROWS, _USUAL_SECTIONS = 16, 5
MakeEditor = Callable[[Field], EditorBase]


class _Heading(QWidget):
    """The title of a section and the link beside it."""

    acted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._key = ""
        self.label = Label("", "strong")
        self.label.setParent(self)
        self.button = Button("", kind="link")
        self.button.setParent(self)
        self.button.clicked.connect(lambda: self.acted.emit(self._key))

    def set_section(self, section: FactSection) -> None:
        """Shows another section's title."""
        self._key = section.key
        self.label.setText(section.title)
        self.button.setText(section.action)
        self.button.setVisible(bool(section.action))
        self._place()  # words of another length in a heading of the same size

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def _place(self) -> None:
        wide = self.button.sizeHint().width() if not self.button.isHidden() else 0
        self.label.setGeometry(0, 0, self.width() - wide, self.height())
        self.button.setGeometry(self.width() - wide, 0, wide, self.height())


class FactsView(QWidget):
    """Lays its rows out itself and reuses them, so that another record costs no new widgets."""

    value_given = Signal(object, object)
    """(`Fact`, new value): please save it; answer `saved` or `refused`."""
    opened = Signal(object)
    copied = Signal(str)
    section_acted = Signal(str)

    def __init__(self, make_editor: MakeEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make_editor = make_editor
        self._headings: list[_Heading] = []
        self._rows: list[FactRow] = []
        self._sections: list[FactSection] = []
        self._placed: list[tuple[_Heading, list[FactRow]]] = []
        self._refused: dict[tuple[int, str], Any] = {}
        """What was typed and refused."""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def prepare(self) -> None:
        """Makes the usual rows beforehand: while nobody looks they cost half.

        To be called when this widget stands where it will stay: another parent would dress them
        all anew.
        """
        self._rows = [self._new_row() for _number in range(_USUAL_ROWS)]
        self._headings = [self._new_heading() for _number in range(_USUAL_SECTIONS)]

    # --- showing ----------------------------------------------------------------------------------

    def set_sections(self, sections: list[FactSection]) -> None:
        """Shows these facts; rows that are being edited keep their editor."""
        editing = {row.fact.key: row for row in self._rows if row.editor and row.fact}
        spare = [row for row in self._rows if row not in editing.values()]
        used: list[FactRow] = []
        self._placed = []
        for place, section in enumerate(sections):
            rows = [
                editing.pop(f.key) if f.key in editing else self._take(spare) for f in section.facts
            ]
            for row, fact in zip(rows, section.facts, strict=True):
                row.set_fact(fact)
                row.show()
            used += rows
            self._placed.append((self._heading(place, section), rows))
        for row in editing.values():  # the fact is gone from the card
            row.end_edit()
        for row in [*spare, *editing.values()]:
            row.hide()
        for heading in self._headings[len(sections) :]:
            heading.hide()
        self._rows = [*used, *spare, *editing.values()]
        self._sections = sections
        self._order_tabs(used)
        self.relayout()

    def _take(self, spare: list[FactRow]) -> FactRow:
        return spare.pop(0) if spare else self._new_row()

    def _new_row(self) -> FactRow:
        row = FactRow(self)
        row.edit_asked.connect(self.edit)
        row.opened.connect(self.opened)
        row.copied.connect(self.copied)
        row.height_changed.connect(self.relayout)
        return row

    def _heading(self, place: int, section: FactSection) -> _Heading:
        while place >= len(self._headings):
            self._headings.append(self._new_heading())
        self._headings[place].set_section(section)
        self._headings[place].show()
        return self._headings[place]

    def _new_heading(self) -> _Heading:
        made = _Heading(self)
        made.acted.connect(self.section_acted)
        return made

    def _order_tabs(self, rows: list[FactRow]) -> None:
        for first, second in zip(rows, rows[1:], strict=False):
            QWidget.setTabOrder(first, second)

    def row_of(self, key: tuple[int, str]) -> FactRow | None:
        """The row that shows a fact now."""
        for _heading, rows in self._placed:
            for row in rows:
                if row.fact is not None and row.fact.key == key:
                    return row
        return None

    # --- editing ----------------------------------------------------------------------------------

    def is_editing(self, key: tuple[int, str] | None = None) -> bool:
        """Whether that fact, or any, is being edited."""
        found = (row for row in self._rows if row.editor is not None and row.fact is not None)
        return any(key is None or row.fact.key == key for row in found if row.fact)

    def edit(self, fact: Fact, raw: Any = None) -> None:
        """Opens the editor of a fact where its value stands; `raw`: with what was typed before."""
        row = self.row_of(fact.key)
        if row is None or row.editor is not None or not fact.editable:
            return
        editor = self._make_editor(fact.field)
        editor.set_value(fact.value)
        editor.committed.connect(lambda: self._give(row))
        editor.cancelled.connect(lambda: self._restore(row))
        editor.stepped.connect(lambda forward: self._step(row, forward))
        editor.open_wanted.connect(lambda ref: self.opened.emit(ref))
        row.edit(editor, focus=raw is None)
        if raw is not None:
            editor.set_raw(raw)
            editor.check()

    def _give(self, row: FactRow) -> bool:
        """Hands the value over to be saved; False if it cannot be read."""
        editor, fact = row.editor, row.fact
        if editor is None or fact is None:
            return True
        if editor.text_error():
            editor.check()
            return False
        value = editor.value()
        if (value or None) == (fact.value or None):
            self._restore(row)
        elif editor.isEnabled():
            editor.setEnabled(False)
            self.value_given.emit(fact, value)
        return True

    def _restore(self, row: FactRow) -> None:
        had_focus = row.editor is not None and row.editor.isAncestorOf(row.focusWidget() or row)
        row.end_edit()
        if had_focus or self.focusWidget() is None:
            row.setFocus(Qt.FocusReason.OtherFocusReason)

    def _step(self, row: FactRow, forward: bool) -> None:
        """Saves and goes to the next field."""
        rows = [r for _h, group in self._placed for r in group if r.fact and r.fact.editable]
        place = rows.index(row) + (1 if forward else -1) if row in rows else -1
        if not self._give(row):
            return
        if 0 <= place < len(rows) and rows[place].fact is not None:
            self.edit(rows[place].fact)  # type: ignore[arg-type]
        else:
            row.setFocus(Qt.FocusReason.TabFocusReason)

    def saved(self, key: tuple[int, str]) -> None:
        """The value was saved: the row shows it and lights up."""
        row = self.row_of(key)
        if row is None:
            return
        focused = row.editor is not None and not self.is_other_editing(row)
        if row.editor is not None:
            row.end_edit()
        if focused:
            row.setFocus(Qt.FocusReason.OtherFocusReason)
        row.flash()

    def is_other_editing(self, row: FactRow) -> bool:
        """Whether another row is being edited."""
        return any(r.editor is not None and r is not row for r in self._rows)

    def kept(self, key: tuple[int, str]) -> None:
        """The value is not to be saved after all."""
        row = self.row_of(key)
        if row is not None and row.editor is not None:
            self._restore(row)

    def refused(self, key: tuple[int, str], sentence: str) -> None:
        """The value was not saved: it stays in the editor, with the reason."""
        row = self.row_of(key)
        if row is not None and row.editor is not None:
            row.editor.setEnabled(True)
            row.set_error(sentence)
            row.editor.start()
            self._refused[key] = row.editor.raw()

    def give_again(self, keys: Iterable[tuple[int, str]]) -> None:
        """Refused values are handed over once more, unless somebody types on there."""
        for key in keys:
            row, raw = self.row_of(key), self._refused.pop(key, None)
            if row is not None and row.editor is not None and row.editor.raw() == raw:
                self._give(row)

    def unsaved(self) -> dict[tuple[int, str], Any]:
        """What stands in open editors and was not handed over, as JSON holds it."""
        return {
            row.fact.key: row.editor.raw()
            for row in self._rows
            if row.fact is not None and row.editor is not None and row.editor.isEnabled()
        }

    def edited(self) -> list[InPlace]:
        """The editors in which something may stand that was not handed over."""
        return [
            InPlace(fact.record, fact.field.key, fact.version, fact.value, editor)
            for fact, editor in ((row.fact, row.editor) for row in self._rows)
            if fact is not None and editor is not None and editor.isEnabled()
        ]

    def give_all(self) -> bool:
        """Hands over everything that is being edited; False if something cannot be read."""
        given = [self._give(row) for row in self._rows if row.editor is not None]
        return all(given)

    def end_all(self) -> None:
        """Closes every editor without saving."""
        for row in self._rows:
            if row.editor is not None:
                row.end_edit()

    # --- layout -----------------------------------------------------------------------------------

    def relayout(self) -> None:
        """Places all rows anew for the width there is."""
        tall = self._place(self.width())
        if tall != self.height() or tall != self.minimumHeight():
            self.setFixedHeight(tall)

    def _place(self, width: int) -> int:
        two = width >= px(TWO_COLUMNS) and len(self._placed) > 1
        wide = (width - px(_GUTTER)) // 2 if two else width
        self._say_label_room(wide)
        ends = [0, 0] if two else [0]
        for heading, rows in self._placed:
            column = ends.index(min(ends))
            left = column * (wide + px(_GUTTER))
            ends[column] = self._place_section(heading, rows, (left, ends[column], wide))
        return max(ends, default=0)

    def _say_label_room(self, wide: int) -> None:
        """One room for all labels, wide enough for the longest as long as values have theirs."""
        rows = [row for _heading, rows in self._placed for row in rows]
        longest = max((row.label_needs() for row in rows), default=0)
        room = max(px(LABEL_WIDTH), min(longest, int(wide * _LABELS)))
        for row in rows:
            row.label_room = room

    @staticmethod
    def _place_section(heading: _Heading, rows: list[FactRow], spot: tuple[int, int, int]) -> int:
        left, top, wide = spot
        heading.setGeometry(left, top, wide, px(32))
        top += px(34)
        for row in rows:
            tall = row.height_for(wide)
            row.setGeometry(left, top, wide, tall)
            top += tall
        return top + px(14)

    def sizeHint(self) -> QSize:
        return QSize(px(320), self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.relayout()
