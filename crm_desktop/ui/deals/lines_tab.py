"""The tab of lines: a grid that saves each cell at once, and what the lines come to below it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QResizeEvent

from crm_desktop import i18n
from crm_desktop.errors import BaseBusy, Conflict, DatabaseUnavailable, InvalidInput, UserError
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.text.numbers import format_money
from crm_desktop.services.line_entry import (
    TYPED,
    Lines,
    change_line,
    include_vat,
    lines_of,
    order_lines,
    paste_lines,
    read_lines,
    read_pasted,
)
from crm_desktop.services.lists.paste import read_block
from crm_desktop.services.live.arrival import created_by
from crm_desktop.ui.deals.lines_grid import LinesGrid
from crm_desktop.ui.deals.lines_model import COLUMNS, LineRow, LinesModel
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.operations import Job
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.loading import CardContents
from crm_desktop.ui.record_card.tab import CardTab
from crm_desktop.ui.server_line.edit_mark import EditMark
from crm_desktop.ui.server_line.until_back import UntilBack
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import CheckBox
from crm_desktop.ui.widgets.labels import ElidedLabel, Label, Surface
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm_desktop.services.writing.records import Outcome

_MARGIN = 24
_WIDE = 620
"""Less room has no place for the hint and for the sum without VAT."""


class LinesTab(CardTab):
    """Shows the lines of the card's record; everything typed is saved by the worker, in order."""

    def __init__(self, controller: CardController) -> None:
        super().__init__(controller)
        base = controller.session.base
        entity, self._trait = lines_of(base.catalogue)
        self.model = LinesModel(entity, base.parse_context())
        self.grid = LinesGrid(self.model, name="")
        self.included = CheckBox("")
        self.hint = ElidedLabel("", "small", "text3")
        self.without, self.vat, self.total = (Label("", kind, ink) for kind, ink in (
            ("small", "text2"), ("small", "text2"), ("title", "text")))  # fmt: skip
        self.by_hand = ElidedLabel("", "small", "warn")
        self.follow = Button("", kind="link")
        self._waiting = 0
        self._held_back: list[tuple[LineRow, str]] = []
        """Cells that were typed into and could not be saved: without a seat, or a server."""
        self._until_back = UntilBack(controller.session, self)
        self._until_back.back.connect(lambda _waiting: self._save_held())
        self._mark = EditMark(controller.session)
        self._saved_now = self._behind = False
        """Something else was read while a cell was being typed into."""
        self._shown: Lines | None = None
        self._lay_out()
        self._connect()
        keep_translated(self, self._say_texts)

    def _lay_out(self) -> None:
        bar = row(self.included, None, self.hint, gap=12, margins=(_MARGIN, 10, _MARGIN, 6))
        foot = Surface("surface", lines="t")
        foot.setLayout(row(
            self.by_hand, self.follow, None, self.without, self.vat, self.total, gap=16,
            margins=(_MARGIN, 10, _MARGIN, 12),
        ))  # fmt: skip
        body = row(self.grid, margins=(_MARGIN - 12, 0, _MARGIN, 0))
        whole = column(bar, body, foot, gap=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        self.model.typed.connect(self._save)
        self.model.refused.connect(self._refuse)
        self.grid.delete_asked.connect(self._delete)
        self.grid.move_asked.connect(self._move)
        self.grid.paste_asked.connect(self._paste)
        self.grid.copy_asked.connect(self._copy)
        for control in (self.included, self.follow):
            self.controller.rights.keep(control)
        self.controller.rights.changed.connect(self._close)
        self.included.clicked.connect(self._include)
        self.follow.clicked.connect(self._follow)
        self.grid.itemDelegate().closeEditor.connect(self._catch_up)
        self.grid.itemDelegate().closeEditor.connect(self._mark.rest)
        self.grid.cells.typing.connect(self._typing)

    def _say_texts(self) -> None:
        self.grid.setAccessibleName(_("Lines"))
        self.included.setText(_("Prices include VAT"))
        self.hint.setText(_("Enter or Tab goes on, Ctrl+D repeats the cell above, Ctrl+V pastes"))
        self.follow.setText(_("Take it from the lines"))
        self._say_sums()

    # --- loading ----------------------------------------------------------------------------------

    def begin(self, contents: CardContents) -> None:
        self._shown, self._held_back = None, []
        self.model.rows[-1] = LineRow()
        self.model.show(())
        self._say_sums()

    def load(self, contents: CardContents) -> None:
        base, owner = self.controller.session.workspace, contents.ref.id
        if base is not None and not self._waiting:
            self.controller.session.operations.query(
                ("lines", id(self)), lambda _job: read_lines(base, owner), owner=self,
                done=self._take,
            )  # fmt: skip

    def _take(self, lines: Lines) -> None:
        if self._waiting or self._held_back:  # what is typed is newer; read once that is written
            return
        if self.grid.is_typed_into():  # other rows would close the editor and lose what is in it
            self._behind = True
            return
        self._shown = lines
        self.model.show(lines.rows, lines.versions)
        self._say_sums()

    def _typing(self) -> None:
        if self.contents is not None:
            self._mark.take(self.contents.ref)

    def _catch_up(self) -> None:
        saved, self._saved_now = self._saved_now, False
        if not saved and self.controller.session.line.holds:
            self._save_held()
        if self._behind:
            self._behind = False
            self._read_again()

    def is_changed(self) -> bool:
        """Whether a line was begun that has no name yet."""
        last = self.model.rows[-1]
        return bool(self._held_back) or any(
            value not in (None, "") for value in last.values.values()
        )

    def _say_sums(self) -> None:
        shown, sums, ids = self._shown, self.model.sums(), self.model.ids()
        language, currency = i18n.language(), shown.currency if shown else ""

        def money(value: Any) -> str:
            return format_money(value, currency, language, places=2)

        self.without.setText(_("Without VAT {amount}").format(amount=money(sums.amount - sums.vat)))
        self.vat.setText(_("VAT {amount}").format(amount=money(sums.vat)))
        self.total.setText(_("Total {amount}").format(amount=money(sums.amount)))
        self.vat.setVisible(bool(sums.vat))
        self.without.setVisible(bool(sums.vat) and self.width() >= px(_WIDE))
        rows = [line.values for line in self.model.rows if line.id]
        self.included.setVisible(any(one.get("vat_rate") is not None for one in rows))
        self.included.setChecked(bool(ids) and all(one.get("vat_included") for one in rows))
        by_hand = shown is not None and shown.by_hand and bool(ids)
        self.by_hand.setVisible(by_hand)
        self.follow.setVisible(by_hand)
        if shown is not None and by_hand:
            amount = money(shown.amount) if shown.amount is not None else "—"
            self.by_hand.setText(_("The amount was set by hand: {amount}").format(amount=amount))

    # --- writing ----------------------------------------------------------------------------------

    def _write(
        self, work: Callable[[], Any], done: Callable[[Any], None] | None = None,
        typed: tuple[LineRow, str] | None = None,
    ) -> None:  # fmt: skip
        """One write in the worker; what the base says then is read once no other one waits. A cell
        that was `typed` into waits for a server that is away."""
        self._waiting += 1

        def written(result: Any) -> None:
            self._waiting -= 1
            if done is not None:
                done(result)
            if not self._waiting:
                self._save_held()
            self._read_again()

        def failed(error: UserError) -> None:
            self._waiting -= 1
            if typed is None or not self._kept(*typed, error):
                self._refuse(error.message)
                self._read_again()

        self.controller.session.operations.run(
            lambda _job: work(), owner=self, done=written, failed=failed
        )
        self._say_sums()

    def _kept(self, line: LineRow, key: str, error: UserError) -> bool:
        """What was typed into a cell and not saved waits there; False if it cannot stand."""
        if isinstance(error, Conflict) and error.current and line in self.model.rows:
            QTimer.singleShot(0, self, partial(self._ask_again, line, key, error))
            return True
        if not isinstance(error, DatabaseUnavailable | BaseBusy | Conflict):
            return False
        line.making = False
        if isinstance(error, DatabaseUnavailable):
            line.unsure = error.operation
        self._held_back.append((line, key))
        self._refuse(self._until_back.said(error))
        return True

    def _ask_again(self, line: LineRow, key: str, conflict: Conflict) -> None:
        """Somebody else has changed the same cell: theirs stands there, mine is typed over it."""
        place = (self.model.rows.index(line), COLUMNS.index(key))
        mine = str(self.model.index(*place).data(Qt.ItemDataRole.EditRole))
        line.stood, line.version = dict(conflict.current), conflict.version
        line.values = {**line.values, key: conflict.current.get(key)}
        why = _("Somebody else has changed it to “{value}” meanwhile. Enter keeps yours, Esc takes "
                "theirs.").format(value=self.model.text(place[0], key) or "—")  # fmt: skip
        if self.grid.is_typed_into() or not self.grid.isVisible():
            self._refuse(_("Not saved: “{typed}”. {why}").format(typed=mine, why=why))
            self._read_again()
        else:
            self.grid.type_again(*place, mine)
            self._refuse(why)

    def _read_again(self) -> None:
        if self.contents is not None:
            self.load(self.contents)

    def _save(self, line: LineRow, key: str) -> None:
        """A cell was typed: the line is made once it has a name, and changed from then on."""
        base, contents, entity = self.controller.session.base, self.contents, self.model.entity
        if contents is None:
            return
        self._saved_now = True
        if self.controller.rights.stops():
            self._held_back.append((line, key))
            return
        if line.id or line.making:
            value, stood = line.values.get(key), line.stood.get(key)

            def change() -> None:
                known = (line.id, line.version)
                line.version = change_line(base, known, key, value, stood)[1]
                line.stood = {**line.stood, key: value}

            self._write(change, typed=(line, key))
        elif line.values.get(entity.title_field):
            line.making = True
            values = {k: v for k, v in line.values.items() if k in TYPED and v is not None}
            values[self._trait.owner] = contents.ref.id
            if self.model.rows[-1] is line:
                self.model.extend()

            def make() -> None:
                made = created_by(base, line.unsure, entity.key) if line.unsure else None
                if made is None:
                    outcome: Outcome = base.records.create(entity.key, values)
                    line.id = outcome.ids[0]
                else:
                    line.id = made.id
                    base.records.update(entity.key, line.id, values)

            self._write(make, lambda _none: setattr(line, "making", False), typed=(line, key))
        else:
            self._say_sums()

    def _close(self, why: str) -> None:
        """No cell can be typed into while there is a reason; what was, is saved without one."""
        self.model.closed = bool(why)
        if not why:
            self._save_held()

    def _save_held(self) -> None:
        held, self._held_back = self._held_back, []
        for line, key in held:
            self._save(line, key)

    def _delete(self, rows: list[int]) -> None:
        if self.controller.rights.stops():
            return
        lines = [self.model.rows[place] for place in rows]
        ids = [line.id for line in lines if line.id]
        if not ids:
            self._clear_begun()
            return
        base, key = self.controller.session.base, self.model.entity.key

        def done(outcome: Outcome) -> None:
            text = ngettext("{count} line deleted", "{count} lines deleted", len(ids))
            said = text.format(count=len(ids))
            self.controller.navigator.toast(said, undo_operation=outcome.operation)

        self._write(lambda: base.records.delete(key, ids), done)

    def _clear_begun(self) -> None:
        """What was begun in the last row is given up."""
        last = self.model.rowCount() - 1
        self.model.rows[last] = LineRow()
        self.model.dataChanged.emit(
            self.model.index(last, 0), self.model.index(last, len(COLUMNS) - 1)
        )
        self._say_sums()

    def _move(self, place: int, to: int) -> None:
        ids = self.model.ids()
        if self.controller.rights.stops():
            return
        if not (0 <= place < len(ids) and 0 <= to < len(ids)) or place == to:
            return
        ids.insert(to, ids.pop(place))
        base, known = self.controller.session.base, {r.id: r.values for r in self.model.rows}
        self.model.show([(id_, known[id_]) for id_ in ids])
        self.grid.go(to, self.grid.currentIndex().column())
        self._write(lambda: order_lines(base, ids))

    def _paste(self, place: int, at: int) -> None:
        contents, text = self.contents, QGuiApplication.clipboard().text()
        if contents is None or not text.strip() or self.controller.rights.stops():
            return
        base, entity = self.controller.session.base, self.model.entity
        keys = TYPED[min(at, len(TYPED) - 1) :]
        try:
            block = read_block(text)
            rows = read_pasted(entity, keys, block, base.parse_context())
        except InvalidInput as wrong:
            self._refuse(wrong.message)
            return
        ids, owner = self.model.ids()[place:], contents.ref.id
        if not rows:
            return

        def done(operation: int) -> None:
            said = ngettext("{count} line pasted", "{count} lines pasted", len(rows))
            self.controller.navigator.toast(said.format(count=len(rows)), undo_operation=operation)

        self._write(lambda: paste_lines(base, owner, ids, rows), done)

    def _copy(self, rows: list[int]) -> None:
        texts = ["\t".join(self.model.text(place, key) for key in COLUMNS) for place in rows]
        QGuiApplication.clipboard().setText("\n".join(texts))
        self.controller.navigator.toast(_("The lines are copied"), tone="info")
        self._note_copied([id_ for place, id_ in enumerate(self.model.ids()) if place in rows])

    def _note_copied(self, ids: list[int]) -> None:
        """In the audit of a shared base."""
        base, entity = self.controller.session.base, self.model.entity
        if not base.login or not ids:
            return

        def work(_job: Job) -> None:
            from crm_desktop.services.rights import acts

            acts.copied(base, acts.of_records(entity, ids), len(ids))

        self.controller.session.operations.query(
            ("lines copied", id(self)), work, owner=self, done=lambda _done: None
        )

    def _include(self) -> None:
        base, ids, on = self.controller.session.base, self.model.ids(), self.included.isChecked()
        if ids:
            self._write(lambda: include_vat(base, ids, included=on))

    def _follow(self) -> None:
        from crm_desktop.models.catalogue.sales_traits import Funnel

        contents = self.contents
        own = contents.entity.trait(Funnel) if contents is not None else None
        if contents is not None and own is not None:
            ref, base = contents.ref, self.controller.session.base
            self._write(lambda: base.records.update(ref.entity, ref.id, {own.by_hand: False}))

    def _refuse(self, sentence: str) -> None:
        self.controller.navigator.toast(sentence, tone="bad")

    def focus_grid(self) -> None:
        """The keyboard goes to the first cell that is typed into."""
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.hint.setVisible(self.width() >= px(_WIDE))
        self._say_sums()
