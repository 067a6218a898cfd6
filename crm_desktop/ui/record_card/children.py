"""A tab with the records of one object that point to the card's record, as a table."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStackedWidget

from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.catalogue import Link
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField, LongTextField, RecordField
from crm_desktop.models.catalogue.shared_traits import Pictured
from crm_desktop.models.catalogue.traits import Lasting
from crm_desktop.models.query import Query, Sort
from crm_desktop.ui.itemmodels.cells import Cell, Column, Row
from crm_desktop.ui.itemmodels.paged import BLOCK
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.record_card.child_columns import fit_columns
from crm_desktop.ui.record_card.child_dialog import ChildDialog
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.loading import CardContents
from crm_desktop.ui.record_card.table_tab import Act, TableTab
from crm_desktop.ui.record_card.values import Surroundings, is_square, shown
from crm_desktop.ui.widgets.layouts import column, row

_INKED = ("title", "text", "number", "money", "link")
_MOST_COPIED = 50_000
_WIDTHS = {"phone": 160, "email": 200, "date": 120, "datetime": 150, "bool": 80, "integer": 90}


@dataclass(frozen=True, slots=True)
class _Page:
    """Some rows of the table, and how many there are in all."""

    start: int
    rows: list[Row]
    count: int
    owners: dict[int, Ref | None]


def cell_of(f: Field, value: Any, around: Surroundings, *, first: bool) -> Cell:
    """A value of a list row as the table paints it; links come with their titles."""
    if value is None:
        return Cell("")
    if hasattr(value, "ref"):
        book = isinstance(f, LinkField) and bool(f.book)
        if book and value.tone != "neutral":
            return Cell(value.text, "pill", value.tone)
        avatar = ("square" if is_square(value.text) else "round") if first else ""
        pictured = around.catalogue[value.ref.entity].trait(Pictured) is not None
        kind, face = "title" if first else "text" if book else "link", value.ref
        return Cell(value.text, kind, avatar=avatar, face=face if pictured else None)
    found = shown(f, value, around)
    if found.pills:
        return Cell(found.pills[0][0], "pill", found.pills[0][1])
    if f.type_name == "bool":
        return Cell(found.text, "check")
    if isinstance(f, LongTextField):
        return Cell(" ".join(found.text.split()), "muted")
    kind = f.kind if f.kind in ("number", "money", "date") else "text"
    return Cell(found.text, "title" if first else kind)


def in_time(query: Query, lasting: Lasting | None) -> Query:
    """Stretches of time stand the latest first; whether one is over is read behind the columns."""
    if lasting is None:
        return query
    query = query.replace(sort=(Sort(lasting.since, True),))
    told = lasting.over or lasting.until
    return query if told == lasting.since else query.replace(columns=(*query.columns, told))


def is_over(told: Sequence[Any], today: date) -> bool:
    """Whether what `in_time` has read says that the stretch is over."""
    if not told or told[0] is None:
        return False
    if isinstance(told[0], datetime):
        return True  # a moment is written when it has come
    return bool(told[0]) if isinstance(told[0], bool) else bool(told[0] < today)


def greyed(cells: tuple[Cell, ...], over: bool) -> tuple[Cell, ...]:
    """The cells of what is over, without colours."""
    if not over:
        return cells
    return tuple(
        dataclasses.replace(cell, tone="neutral" if cell.kind == "pill" else cell.tone,
                            kind="muted" if cell.kind in _INKED else cell.kind)
        for cell in cells
    )  # fmt: skip


class ChildTab(TableTab):
    """Add, edit, delete, open; the table asks for its rows by blocks."""

    def __init__(self, controller: CardController, link: Link, margin: int) -> None:
        self.link = link
        super().__init__(controller, _(link.label))
        self._fields = self._shown_fields()
        self._by_hand = not all(f.readonly for f in link.entity.fields)
        """Whether people may add and change these records; the program alone keeps the others."""
        self._owners: dict[int, Ref | None] = {}
        self._sort: tuple[Sort, ...] = ()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        under = row(self._stack, margins=(margin - 10, 0, 0, 0))  # texts begin below the button
        whole = column(self.bar(margin), under, gap=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.model.block_wanted.connect(self._ask)
        self.table.copy_asked.connect(self._copy)
        self.table.head.sort_asked.connect(self._sort_by)
        keep_translated(self, self._say_texts)
        self.table.setModel(self.model)

    def part(self) -> EntityDef:
        return self.link.entity

    def _shown_fields(self) -> list[Field]:
        """The list fields without the one that leads back here; a linked record comes first."""
        own = [f for f in self.link.entity.list_fields() if f.key != self.link.field.key]
        if self.link.entity.navigation:
            return own
        parents = [f for f in own if isinstance(f, LinkField | RecordField) and f.parent]
        rest = [f for f in own if f not in parents]
        title = self.link.entity.title  # of section "-": it repeats what the record leads to
        return parents + [f for f in rest if not parents or f != title or f.section != "-"]

    def _say_texts(self) -> None:
        entity = self.link.entity
        self.table.setAccessibleName(_(self.link.label))
        word = self._add_word()
        self.say_buttons(word)
        self.empty.set_texts(
            entity.icon, _(self.link.label),
            _("Nothing is here yet. What you add appears here.") if self._by_hand else "",
        )  # fmt: skip
        self.empty.set_actions((word, "add") if self._by_hand else ("", ""))
        self.add_button.setVisible(self._by_hand)
        self.model.set_columns(self._columns())
        self.say_enabled()
        if self.contents is not None and self.isVisible():
            self.load(self.contents)

    def _add_word(self) -> str:
        """A tab named after what its records join to the card adds that: a person, not a job."""
        entity = self.link.entity
        others = [f for f in self._fields if isinstance(f, LinkField) and f.parent]
        joined = bool(others) and not entity.navigation and self.link.label != entity.plural
        return _("Add") if joined or not entity.new_label else _(entity.new_label)

    def _columns(self) -> list[Column]:
        return [
            Column(
                f.key, _(f.label), 220 if place == 0 else _WIDTHS.get(f.type_name, 140),
                right=f.kind in ("number", "money"), sortable=f.sortable,
            )
            for place, f in enumerate(self._fields)
        ]  # fmt: skip

    def say_enabled(self) -> None:
        super().say_enabled()
        self.open_button.setVisible(self._target() is not None)
        if not self._by_hand:
            self.edit_button.hide()
            self.delete_button.hide()

    # --- loading ----------------------------------------------------------------------------------

    def begin(self, contents: CardContents) -> None:
        self.model.open(self._columns(), 0)
        self._stack.setCurrentWidget(self.table)
        self.say_enabled()

    def load(self, contents: CardContents) -> None:
        self._read(0, BLOCK, fresh=True)

    def _ask(self, start: int, count: int) -> None:
        self._read(start, count, fresh=False)

    def _read(self, start: int, count: int, *, fresh: bool) -> None:
        contents = self.contents
        if contents is None or self.controller.session.workspace is None:
            return
        base, fields = self.controller.session.base, self._fields
        around, query = self.controller.around({}), self._query(contents)
        today = around.now.date()

        def work(job: Any) -> _Page:
            cursor = base.lists.open(query)
            found = cursor.rows(start, count)
            total = cursor.count() if fresh else -1
            rows = [
                Row(r.id, greyed(tuple(
                    cell_of(f, value, around, first=place == 0)
                    for place, (f, value) in enumerate(zip(fields, r.cells, strict=False))
                ), is_over(r.cells[len(fields) :], today)))
                for r in found
            ]  # fmt: skip
            return _Page(start, rows, total, {r.id: _leads_to(fields, r) for r in found})

        self.controller.session.operations.query(
            ("children", id(self)), work, owner=self,
            done=self._take_all if fresh else self._take_block,
            failed=lambda error: self.model.block_failed(start),
        )  # fmt: skip

    def _query(self, contents: CardContents) -> Query:
        links = self.controller.session.base.links
        query = links.query(self.link, contents.entity, contents.ref.id)
        query = query.replace(columns=tuple(f.key for f in self._fields))
        query = in_time(query, self.link.entity.trait(Lasting))
        return query.replace(sort=self._sort or query.sort)

    def _take_all(self, page: _Page) -> None:
        self._owners = page.owners
        row_ = self.table.current_row
        columns = self._columns()
        self.model.open(columns, page.count, page.rows)
        self.table.size_columns()
        fit_columns(self.table, columns, page.rows)
        self._say_sort()
        self._stack.setCurrentWidget(self.table if page.count else self.empty)
        self.add_button.setVisible(self._by_hand and page.count > 0)  # empty, the page offers it
        if 0 <= row_ < page.count:
            self.table.go_to(row_)
        self.say_enabled()

    def _sort_by(self, place: int, add: bool) -> None:
        """A click on a heading: upwards, downwards, as at first; with Shift beside the others."""
        f = self._fields[place]
        if not f.sortable or self.contents is None:
            return
        old = next((key for key in self._sort if key.path == f.key), None)
        fresh = Sort(f.key) if old is None else None if old.descending else Sort(f.key, True)
        kept = [key for key in self._sort if key.path != f.key] if add else []
        self._sort = (*kept, *([] if fresh is None else [fresh]))
        self.load(self.contents)

    def _say_sort(self) -> None:
        places = {f.key: place for place, f in enumerate(self._fields)}
        self.table.head.set_sort([(places[key.path], key.descending) for key in self._sort])

    def _take_block(self, page: _Page) -> None:
        self._owners.update(page.owners)
        self.model.set_block(page.start, page.rows)

    # --- what the person does ---------------------------------------------------------------------

    def current(self) -> Ref | None:
        """The record of the current row."""
        row_ = self.table.current_row
        id_ = self.model.id_of(row_) if 0 <= row_ < self.model.rowCount() else None
        return None if id_ is None else Ref(self.link.entity.key, id_)

    def _target(self) -> Ref | None:
        """The card that Open leads to: of the record, or of the one it joins to this card."""
        current = self.current()
        if current is None:
            return None
        return current if self.link.entity.navigation else self._owners.get(current.id)

    def add(self) -> None:
        """A new record that points here: in a small form, or its own page if it has one."""
        ChildDialog.open_for(self.controller, self.link, None, self)

    def edit(self) -> None:
        """The current record in a small form."""
        current = self.current()
        if current is not None and self._by_hand:
            ChildDialog.open_for(self.controller, self.link, current, self)

    def open(self, *, new_tab: bool = False) -> None:
        """The card of the current record, or its small form if it has no card."""
        target = self._target()
        if target is None:
            self.edit()
        else:
            self.controller.navigator.open_record(target, new_tab)

    def delete(self) -> None:
        """Deletes the current record; the toast offers to undo it."""
        current = self.current()
        if current is not None and self._by_hand:
            self.controller.delete([current])

    def _copy(self) -> None:
        row_ = self.table.current_row
        cells = [self.model.cell(row_, c) for c in range(len(self._fields))]
        self.controller.copy("\t".join(cell.text for cell in cells if cell is not None))

    def copy_all(self) -> None:
        """All rows with their headings, as a sheet takes them."""
        contents = self.contents
        if contents is None or self.controller.session.workspace is None:
            return
        query, fields = self._query(contents), self._fields
        base, around = self.controller.session.base, self.controller.around({})

        def work(_job: Any) -> tuple[str, int]:
            if base.login:
                from crm_desktop.services.rights import acts

                acts.copy(base, query, min(base.lists.open(query).count(), _MOST_COPIED))
            rows = base.lists.open(query).rows(0, _MOST_COPIED)
            lines = [[_(f.label) for f in fields]]
            for row_ in rows:
                pairs = zip(fields, row_.cells, strict=False)
                lines.append([cell_of(f, v, around, first=False).text for f, v in pairs])
            text = "\n".join("\t".join(" ".join(t.split()) for t in line) for line in lines)
            return text, len(rows)

        def done(found: tuple[str, int]) -> None:
            QGuiApplication.clipboard().setText(found[0])
            said = ngettext("{count} row copied", "{count} rows copied", found[1])
            self.controller.navigator.toast(said.format(count=found[1]), tone="info")

        self.controller.session.operations.query(
            ("copied children", id(self)), work, owner=self, done=done,
            failed=self.controller.navigator.refuse,
        )  # fmt: skip

    def acts(self) -> list[Act]:
        found = super().acts()
        found.insert(-1, ("copy", _("Copy all rows"), self.copy_all))
        kept = {"open"} if self._target() is not None else set()
        kept |= {"edit", "delete", "copy"} if self._by_hand else {"copy"}
        return [act for act in found if act[0] in kept]


def _leads_to(fields: list[Field], row_: Any) -> Ref | None:
    """The record that a row without a card of its own joins to this card."""
    for f, value in zip(fields, row_.cells, strict=False):
        if isinstance(f, LinkField | RecordField) and f.parent and hasattr(value, "ref"):
            return Ref(*value.ref)
    return None
