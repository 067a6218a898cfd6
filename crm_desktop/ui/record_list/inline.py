"""Editing in the list: F2 opens the editor of the field in the cell, Tab goes on, Enter goes down.

F2 also begins a mode: until Esc, letters and Enter open the editor instead of looking for a row and
opening the card. Each value is saved at once, as an operation that can be undone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Field, Ref
from crm_desktop.models.catalogue.traits import Recurring
from crm_desktop.services.rights import words
from crm_desktop.ui.drafts.in_place import HandedOver, InPlace, KeptInPlace
from crm_desktop.ui.operations import Job
from crm_desktop.ui.record_list.cell_cursor import CellCursor
from crm_desktop.ui.record_list.cell_keys import CellKeys
from crm_desktop.ui.record_list.cell_saving import CellSaving
from crm_desktop.ui.record_list.cell_typed import Cell, CellNote, Given, ref_of
from crm_desktop.ui.record_list.controller import ListController
from crm_desktop.ui.record_list.held_cells import HeldCells
from crm_desktop.ui.record_list.row_rights import RowRights
from crm_desktop.ui.series_question import SeriesQuestion, shown_date
from crm_desktop.ui.server_line.edit_mark import EditMark
from crm_desktop.ui.theme import px

if TYPE_CHECKING:
    from crm_desktop.ui.editors import EditorBase

_LEAST_WIDTH = 200


class InlineEditing(QObject):
    """The editor in a cell of one list."""

    def __init__(self, controller: ListController, rights: RowRights) -> None:
        super().__init__(controller)
        self._c, self._table = controller, controller.view.table
        self.rights = rights
        self.cursor = CellCursor(controller)
        self.dates = SeriesQuestion(controller.view)
        self._editor: EditorBase | None = None
        self._cell: Cell | None = None
        self._note: CellNote | None = None
        self._held = HeldCells(controller)
        self._mark = EditMark(controller.session)
        kept = KeptInPlace(controller.session, self._unsaved, self._forget, self)
        self._saving = CellSaving(controller, self._held, kept)
        self._saving.refused.connect(self._refused)
        controller.session.line.marked.connect(self._say_others)
        self.keys = CellKeys(self.cursor, self._table)
        self.keys.begun.connect(self.begin)
        self._table.viewport().installEventFilter(self)
        self.cursor.switched.connect(self._switched)
        controller.loader.opened.connect(self._other_rows)
        controller.loader.refreshed.connect(self._place)
        controller.view.model.dataChanged.connect(self._place)
        for bar in (self._table.verticalScrollBar(), self._table.horizontalScrollBar()):
            bar.valueChanged.connect(self._place)

    # --- the mode ---------------------------------------------------------------------------------

    def start(self) -> None:
        """F2: edits the current cell, or the next one that is typed into."""
        if self._c.view.model.rowCount() == 0:
            return
        if self.cursor.row < 0:
            self.cursor.go(0, 0)
        found = self.cursor.is_typed(self.cursor.column) or self.cursor.next_typed(1)
        if not found:
            said = _("Nothing in these columns is typed in here. Open the card to change it.")
            self._c.navigator.toast(said, tone="info")
            return
        self.cursor.switch(True)
        self.begin("")

    def _switched(self, on: bool) -> None:
        hint = _("Typing: Enter or a letter edits, Tab goes on, Ctrl+V pastes, Esc ends")
        self._c.view.footer.set_hint(hint if on else "")

    @property
    def editor(self) -> EditorBase | None:
        """The editor that is open."""
        return self._editor

    def note(self) -> str:
        """What is said to be wrong under the cell."""
        return self._note.text() if self._note is not None else ""

    # --- opening ----------------------------------------------------------------------------------

    def begin(self, letters: str) -> None:
        """Opens the editor of the current cell; `letters` were typed to open it."""
        from crm_desktop.services.lists.paste import typed_field

        record = self._c.view.model.id_of(self.cursor.row)
        if self.rights.stops(words.EDIT, record):
            return
        self._table.scrollTo(self._table.currentIndex())
        f = typed_field(self._c.entity, self.cursor.path())
        if record is None or f is None:
            if record is not None:
                said = _("The program keeps this column; there is nothing to type here.")
                self._c.navigator.toast(said, tone="info")
            return
        held = self._held.take((record, f.key))
        if held is not None:
            self._open_again(held)
            self._type(letters)
            return
        self.keys.hold()
        self._read(record, f, letters)

    def _read(self, record: int, f: Field, letters: str) -> None:
        """Asks the base for what stands there now, and opens the cell."""
        base, key = self._c.session.base, self._c.key

        def done(found: tuple[Cell | None, dict[Ref, Any]]) -> None:
            here = self._c.view.model.id_of(self.cursor.row) == record and not self._is_typed()
            if found[0] is not None and here:
                self._open(found[0], found[1])
                self._type(letters)
                self.keys.give()
            else:
                self.keys.forget()

        def failed(error: UserError) -> None:
            self.keys.forget()
            if not self._c.session.is_told(error):
                self._c.navigator.refuse(error)

        def work(_job: Job) -> tuple[Cell | None, dict[Ref, Any]]:
            found = base.reader.get(key, record)
            if found is None:
                return None, {}
            recurs = self._c.entity.trait(Recurring) is not None
            date = shown_date(base, Ref(key, record)) if recurs else None
            value = found.values.get(f.key)
            value = date.times.get(f.key, value) if date is not None else value
            refs = [ref_of(f, value)] if value is not None and ref_of(f, value) else []
            cell = Cell(record, f, value, found.version, date)
            return cell, base.titles.of([ref for ref in refs if ref is not None])

        asked = ("cell", id(self))
        self._c.session.operations.query(asked, work, owner=self, done=done, failed=failed)

    def _open(self, cell: Cell, titles: dict[Ref, Any]) -> None:
        self._forget()
        self._cell = cell
        from crm_desktop.ui.editors import editor_for

        context = self._c.session.base.parse_context
        editor = editor_for(cell.field, context, self._c.session, self._table.viewport())
        editor.setAutoFillBackground(True)
        editor.set_value(cell.value)
        editor.set_titles(titles)
        editor.in_place = True
        editor.checked.connect(self._say)
        editor.understood.connect(self._say_words)
        editor.committed.connect(self._committed)
        editor.cancelled.connect(self._cancelled)
        editor.stepped.connect(self._stepped)
        self._editor = editor
        self._mark.follow(editor, Ref(self._c.key, cell.record))
        self._place()
        editor.show()
        self._say_others()
        editor.start()

    def _say_others(self) -> None:
        if others := self._others():
            self._put_note(others, "text2")

    def _others(self) -> str:
        """Which colleague is editing the record just now."""
        cell = self._cell
        editors = self._c.session.line.editors(Ref(self._c.key, cell.record)) if cell else ()
        names = ", ".join(one.name for one in editors)
        return _("Being edited by {names}").format(names=names) if names else ""

    def _type(self, letters: str) -> None:
        target = QApplication.focusWidget()
        if letters and self._editor is not None and target is not None:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                key = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letters)
                QApplication.sendEvent(target, key)

    def _place(self, *_ignored: object) -> None:
        """Over its cell, wherever that stands now."""
        self._held.place()
        editor, cell = self._editor, self._cell
        if editor is None or cell is None:
            return
        row, room = self._c.view.model.row_of(cell.record), self._table.viewport().rect()
        column = self._held.column(cell.field.key)
        if row is None or column < 0:
            said = _("The record no longer stands here. Enter saves what you type, Esc leaves it.")
            self._put_note(said, "warn")
            return
        place = self._table.visualRect(self._c.view.model.index(row, column))
        wide = min(max(place.width(), px(_LEAST_WIDTH)), room.width())
        tall = max(place.height() - 1, editor.sizeHint().height())
        left = max(0, min(place.left(), room.width() - wide))
        top = place.top() if place.top() + tall <= room.height() else max(0, place.bottom() - tall)
        editor.setGeometry(QRect(left, top, wide, tall))
        editor.raise_()
        self._place_note()

    def _place_note(self) -> None:
        if self._note is None or self._editor is None:
            return
        below = self._editor.geometry()
        tall = self._note.heightForWidth(below.width())
        fits = below.bottom() + tall < self._table.viewport().height()
        top = below.bottom() + 1 if fits else below.top() - tall
        self._note.setGeometry(below.left(), top, below.width(), tall)
        self._note.raise_()

    def _say(self, sentence: str) -> None:
        if sentence:
            self._put_note(sentence, "bad")
        else:
            self._say_words("")
        if self._editor is not None:
            self._editor.set_bad(bool(sentence))

    def _say_words(self, words: str) -> None:
        """What the value means; while there is nothing to say of it, who else is at the record."""
        self._put_note(words or self._others(), "text2")

    def _put_note(self, sentence: str, ink: str) -> None:
        if self._note is not None:
            self._note.hide()
            self._note.deleteLater()
            self._note = None
        if self._editor is None:
            return
        self._editor.setAccessibleDescription(sentence)
        if sentence:
            self._note = CellNote(sentence, ink)
            self._note.setParent(self._table.viewport())
            self._note.show()
            self._place_note()

    # --- closing ----------------------------------------------------------------------------------

    def _forget(self) -> None:
        """Takes the editor away; leaving it means nothing any more."""
        editor, self._editor, self._cell = self._editor, None, None
        self._say("")
        if editor is not None:
            editor.in_place = False
            editor.hide()
            editor.deleteLater()

    def _unsaved(self) -> list[InPlace | HandedOver]:
        """What stands in cells and not in the base."""
        return [*self._opened(), *self._held.handed_over()]

    def _opened(self) -> list[InPlace]:
        editor, cell = self._editor, self._cell
        if editor is None or cell is None:
            return []
        record = Ref(self._c.key, cell.record)
        return [InPlace(record, cell.field.key, cell.version or 0, cell.value, editor)]

    def _is_typed(self) -> bool:
        return any(one.is_typed for one in self._opened())

    def _other_rows(self) -> None:
        """What is typed stays, also where its row is gone."""
        if self._is_typed():
            self._place()
        else:
            self._forget()

    def _holds_keyboard(self) -> bool:
        now = QApplication.focusWidget()
        return self._editor is not None and now is not None and self._editor.isAncestorOf(now)

    def _cancelled(self) -> None:
        if self._cell is not None:
            self._saving.give_up(Given(self._cell, None, None, ""))
        self._forget()  # first: an editor that loses the keyboard saves
        self._table.setFocus()
        self._open_undecided()

    def _committed(self) -> None:
        by_key = self._holds_keyboard()
        self._keep()
        if by_key:
            self._table.setFocus()
            self.cursor.step_down(1)
        self._open_undecided()

    def _stepped(self, forward: bool) -> None:
        if self._editor is None or self._editor.check():
            return
        self._keep()
        self._table.setFocus()
        if self.cursor.next_typed(1 if forward else -1):
            self.begin("")

    def _keep(self) -> None:
        """Saves what was typed, if it is something else than before."""
        editor, cell = self._editor, self._cell
        if editor is None or cell is None:
            return
        from crm_desktop.services.writing.batch import same

        value, raw = editor.value(), editor.raw()
        self._forget()
        if not same(value, cell.value):
            self.dates.before_save(
                self._c.entity, cell.date, {cell.field.key: value},
                lambda extent: self._saving.save(Given(cell, value, raw, extent)),
            )  # fmt: skip

    def _refused(self, what: Given) -> None:
        """The cell shows what was typed, and opens for whoever types nowhere else and has to
        decide."""
        seen, at_table = self._held.is_seen(what), self._table.hasFocus() or self._is_lonely()
        if what.waits or seen:
            self._held.hold(what)
        if what.waits or not seen or not at_table:
            said = what.in_words(_("Not saved: “{typed}”. {why}"))
            self._c.navigator.toast(said, tone="bad")
        elif self._editor is None and not self.keys.holds:
            self._open_undecided()

    def _is_lonely(self) -> bool:
        """Whether the keyboard is nowhere, or in the cell that is open."""
        return QApplication.focusWidget() is None or self._holds_keyboard()

    def _open_undecided(self) -> None:
        """The cell of what was refused while somebody typed elsewhere."""
        what = self._held.take_undecided()
        if what is None:
            return
        row = self._c.view.model.row_of(what.cell.record)
        assert row is not None
        self.cursor.switch(True)
        self.cursor.go(row, self._held.column(what.cell.field.key))
        self._open_again(what)

    def _open_again(self, what: Given) -> None:
        """With what was typed, at its end: who types on writes nothing over it."""
        self._open(what.cell, what.titles)
        if self._editor is not None:
            self._editor.set_raw(what.raw)
        line = QApplication.focusWidget()
        if isinstance(line, QLineEdit):
            line.end(False)
        self._say(what.why)

    # --- the mouse --------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self.cursor.on or not isinstance(event, QMouseEvent):
            return False
        index = self._table.indexAt(event.position().toPoint())
        if not index.isValid() or event.button() != Qt.MouseButton.LeftButton:
            return False
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self.begin("")
            return True
        if event.type() == QEvent.Type.MouseButtonPress:
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.cursor.extend_from_here()
                self.cursor.go(index.row(), index.column())
                return True
            self.cursor.collapse()
        return False
