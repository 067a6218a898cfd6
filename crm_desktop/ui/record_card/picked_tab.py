"""A tab of what is picked rather than described: a line over the table takes new ones in place."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Link
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.catalogue.shared_traits import PickedInPlace
from crm_desktop.services.rights import words
from crm_desktop.ui.editors.links import LinkEditor
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.record_card.children import ChildTab
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.loading import CardContents
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row

_SHARES = (3, 2)
"""How the room is shared out: the picked record, then each of the others."""


class PickLine(QWidget):
    """Editors side by side; Enter in any of them puts in, Esc lets go."""

    entered = Signal()
    left = Signal()

    def __init__(self, controller: CardController, entity: EntityDef, margin: int) -> None:
        super().__init__()
        trait = entity.trait(PickedInPlace)
        assert trait is not None
        self._fields = [entity.field(key) for key in trait.fields]
        self.editors = {f.key: controller.make_editor(f) for f in self._fields}
        self.put_in, self.leave = Button("", "add"), Button("", kind="ghost")
        self.put_in.clicked.connect(self.entered)
        self.leave.clicked.connect(self.left)
        self._names = [Label("", "small", "text2") for _f in self._fields]
        cells = [
            column(name, editor, gap=4)
            for name, editor in zip(self._names, self.editors.values(), strict=True)
        ]
        buttons = column(None, row(self.put_in, self.leave, gap=4), gap=4)
        line = row(*cells, buttons, gap=10, margins=(margin, 12, margin, 4))
        for place in range(len(cells)):
            line.setStretch(place, _SHARES[min(place, 1)])
        self.setLayout(line)

    def say_texts(self, changing: bool) -> None:
        """The words of the moment: something new is put in, or a row is changed."""
        for name, f in zip(self._names, self._fields, strict=True):
            name.setText(_(f.label))
        self.put_in.setText(_("Save") if changing else _("Add"))
        self.leave.setText(_("Cancel"))
        self.leave.setVisible(changing)

    def values(self) -> dict[str, Any] | None:
        """What was typed; None if something is wrong, which is shown then."""
        for editor in self.editors.values():
            wrong = editor.check()
            if wrong or (editor.field.required and editor.value() is None):
                editor.set_bad(True)
                editor.start()
                return None
        return {key: editor.value() for key, editor in self.editors.items()}

    def show_values(self, values: dict[str, Any]) -> None:
        """Those of a row; nothing for a new one."""
        for key, editor in self.editors.items():
            editor.set_value(values.get(key))

    def start(self, place: int = 0) -> None:
        """The keyboard is in one of the editors."""
        editors = list(self.editors.values())
        editors[min(place, len(editors) - 1)].start()

    def picked(self) -> str:
        """What the record is called that was picked."""
        first = next(iter(self.editors.values()))
        return first.line.text() if isinstance(first, LinkEditor) else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class PickedTab(ChildTab):
    """F2 brings the current row into the line; *Edit* opens all its fields."""

    def __init__(self, controller: CardController, link: Link, margin: int) -> None:
        super().__init__(controller, link, margin)
        self._changing: tuple[Ref, dict[str, Any]] | None = None
        self.line = PickLine(controller, link.entity, margin)
        self.line.entered.connect(self.put_in)
        self.line.left.connect(self.leave)
        layout = self.layout()
        assert isinstance(layout, QBoxLayout)
        layout.insertWidget(0, self.line)
        self.table.edit_asked.disconnect()
        self.table.edit_asked.connect(self.change)
        controller.rights.keep(self.line.put_in, words.CREATE, link.entity)
        keep_translated(self.line, lambda: self.line.say_texts(self._changing is not None))

    def _say_texts(self) -> None:
        super()._say_texts()
        self.add_button.hide()

    def _shown_fields(self) -> list[Field]:
        """Without the name, which repeats what was picked."""
        return [f for f in super()._shown_fields() if f != self.link.entity.title]

    def _target(self) -> Ref | None:
        """There is one in each row that has a card of its own; `open` asks which."""
        return self.current() if self._leads_to_cards() else None

    def _leads_to_cards(self) -> bool:
        catalogue = self.controller.session.base.catalogue
        return catalogue[self._picked_field().target].navigation

    def _picked_field(self) -> LinkField:
        trait = self.link.entity.trait(PickedInPlace)
        assert trait is not None
        f = self.link.entity.field(trait.fields[0])
        assert isinstance(f, LinkField)
        return f

    def open(self, *, new_tab: bool = False) -> None:
        """The card of what was picked in the current row."""
        current, f = self.current(), self._picked_field()
        if current is None or not self._leads_to_cards():
            self.edit()
            return
        base, navigator = self.controller.session.base, self.controller.navigator
        self.controller.session.operations.query(
            ("picked card", id(self)),
            lambda _job: base.reader.many(current.entity, [current.id], (f.key,))[current.id],
            owner=self, done=lambda row: navigator.open_record(Ref(f.target, row[f.key]), new_tab),
        )  # fmt: skip

    def begin(self, contents: CardContents) -> None:
        self.leave()
        super().begin(contents)

    def _take_all(self, page: Any) -> None:
        super()._take_all(page)
        self.add_button.hide()  # the line is there instead

    def is_changed(self) -> bool:
        return self._changing is not None or bool(self.line.picked())

    def add(self) -> None:
        self.leave()
        self.line.start()

    def leave(self) -> None:
        """The line is empty and for something new again."""
        self._changing = None
        self.line.show_values({})
        self.line.say_texts(False)

    def change(self) -> None:
        """The current row in the line; nothing is written until it is put in."""
        current = self.current()
        if current is None or self.controller.rights.stops(words.EDIT, self.link.entity):
            return
        base = self.controller.session.base

        def done(found: dict[str, Any]) -> None:
            self._changing = (current, found)
            self.line.show_values(found)
            self.line.say_texts(True)
            self.line.start(1)

        keys = tuple(self.line.editors)
        self.controller.session.operations.query(
            ("picked row", id(self)),
            lambda _job: dict(base.reader.many(current.entity, [current.id], keys)[current.id]),
            owner=self, done=done,
        )  # fmt: skip

    def put_in(self) -> None:
        """Writes what stands in the line, new or changed."""
        contents, values = self.contents, self.line.values()
        if contents is None or values is None:
            return
        if self._changing is not None:
            ref, before = self._changing
            new = {key: value for key, value in values.items() if value != before.get(key)}
            said = _("Changed: {name}").format(name=self.line.picked())
            self.leave()
            if new:
                self.controller.change(ref, new, said)
            self.table.setFocus()
            return
        self._create(contents, values, _("Added: {name}").format(name=self.line.picked()))

    def _create(self, contents: CardContents, values: dict[str, Any], said: str) -> None:
        base, entity, f = self.controller.session.base, self.link.entity, self.link.field
        owner = contents.ref if f.type_name == "record" else contents.ref.id

        def done(outcome: Any) -> None:
            self.controller.navigator.toast(said, undo_operation=outcome.operation)
            self.leave()
            self.line.start()

        self.controller.session.operations.run(
            lambda _job: base.records.create(entity.key, {**values, f.key: owner}), owner=self,
            done=done, failed=self.controller.navigator.refuse, title=said,
        )  # fmt: skip
