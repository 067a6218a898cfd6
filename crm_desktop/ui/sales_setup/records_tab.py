"""A plain table of the records of an object that has no list of its own in the window."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import BoolField, ChoiceField, LinkField, UserField
from crm_desktop.models.query import Query, Sort
from crm_desktop.services.rights import words as rights
from crm_desktop.ui.itemmodels.cells import Cell, Column, Row
from crm_desktop.ui.itemmodels.paged import PagedTableModel
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.filling_table import FillingTable
from crm_desktop.ui.widgets.layouts import column, row

MOST = 500
_WIDTH, _LEAST = 160, 200


class RecordsTab(QWidget):
    """Rows open their cards; the button makes another one."""

    def __init__(self, session: Session, navigator: Navigator, entity: EntityDef) -> None:
        super().__init__()
        self._session, self._navigator, self._entity = session, navigator, entity
        self._fields = [f for f in entity.list_fields() if not isinstance(f, BoolField)]
        self.add = Button("", "add")
        self.add.clicked.connect(self._new)
        self.model = PagedTableModel(self)
        self.table = FillingTable(name="", least=_LEAST)
        self.table.setModel(self.model)
        self.table.set_tickable(False)
        self.table.row_opened.connect(self._open)
        self.table.edit_asked.connect(lambda: self._open(self.table.current_row, False))
        self.table.delete_asked.connect(
            lambda: session.refusals.stops(rights.DELETE, entity.key) or self._delete()
        )
        self.empty = EmptyState()
        self.empty.primary.connect(self._new)
        for button in (self.add, self.empty.primary_button):
            session.refusals.keep(button, rights.CREATE, entity.key)
        self._bar = QWidget()
        self._bar.setLayout(row(self.add, None))
        whole = column(self._bar, self.table, self.empty, gap=8, margins=(24, 14, 24, 8))
        whole.setStretch(1, 1)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self.add.setText(_(self._entity.new_label))
        self.table.setAccessibleName(_(self._entity.plural))
        self.empty.set_texts(
            self._entity.icon, _(self._entity.plural),
            _("Nothing is here yet. What you add appears here."),
        )  # fmt: skip
        self.empty.set_actions((_(self._entity.new_label), "add"))

    def read(self) -> None:
        """Asks for the records."""
        base, entity = self._session.workspace, self._entity
        if base is None:
            return
        keys = tuple(f.key for f in self._fields)
        query = Query(entity.key, columns=keys, sort=(Sort(entity.title_field),))

        def work(_job: Any) -> list[Row]:
            found = base.lists.open(query).first(MOST)
            return [
                Row(one.id, tuple(_cell(f, value, at == 0) for at, (f, value) in
                                  enumerate(zip(self._fields, one.cells, strict=False))))
                for one in found
            ]  # fmt: skip

        self._session.operations.query(
            ("sales-setup", entity.key), work, owner=self, done=self._show
        )

    def _show(self, rows: list[Row]) -> None:
        columns = [
            Column(f.key, _(f.label), _WIDTH, right=f.kind in ("number", "money"), sortable=False)
            for f in self._fields
        ]
        self.model.open(columns, len(rows), rows)
        self.table.fit()
        for part in (self.table, self._bar):
            part.setVisible(bool(rows))
        self.empty.setVisible(not rows)

    def _new(self) -> None:
        self._navigator.new_record(self._entity.key)

    def _open(self, place: int, _ctrl: bool) -> None:
        id_ = self.model.id_of(place)
        if id_ is not None:
            self._navigator.open_record(Ref(self._entity.key, id_))

    def _delete(self) -> None:
        base, key, id_ = self._session.base, self._entity.key, self.model.id_of(
            self.table.current_row
        )  # fmt: skip
        if id_ is None:
            return
        label = _(self._entity.label)

        def done(outcome: Any) -> None:
            said = _("{object} deleted").format(object=label)
            self._navigator.toast(said, undo_operation=outcome.operation)

        self._session.operations.run(
            lambda _job: base.records.delete(key, [id_]), owner=self, done=done
        )


def _cell(f: Field, value: Any, title: bool) -> Cell:
    if isinstance(f, LinkField | UserField):
        return Cell(value.text if value is not None else "", "text")
    language = i18n.language()
    if isinstance(f, ChoiceField):
        chosen = f.choice(str(value)) if value is not None else None
        return Cell(_(chosen.label), "pill", tone=chosen.tone) if chosen else Cell("", "text")
    kind = f.kind if f.kind in ("number", "money", "date") else "title" if title else "text"
    return Cell(f.format(value, language), kind)
