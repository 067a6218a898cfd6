"""The box of one object in a role: a scope for each action, and fields that are held back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtWidgets import QGridLayout, QWidget

from crm_desktop.i18n import _
from crm_desktop.services.rights import words
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.definitions import EntityDef

_ACROSS = 3


class Chosen(NamedTuple):
    """What was chosen: scopes by action, and how fields are held back ('' for not at all)."""

    scopes: Mapping[str, str]
    fields: Mapping[str, str]


class LineBox(Dialog):
    """Asks for the scopes of one object; `entity` None: of all objects that are not named.

    `ways`: how each field may be held back; one that is not named can be closed to changes."""

    def __init__(
        self, title: str, entity: EntityDef | None, possible: Sequence[str],
        stands: Chosen, parent: QWidget, ways: Mapping[str, Sequence[str]] | None = None,
    ) -> None:  # fmt: skip
        body = QWidget()
        super().__init__(title, body, parent)
        self._stands, self._held = stands, dict(stands.fields)
        self._ways = ways or {}
        self.scopes = {key: self._scope(key, stands.scopes[key]) for key in possible}
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(14))
        grid.setVerticalSpacing(px(10))
        for place, (key, box) in enumerate(self.scopes.items()):
            grid.addWidget(FieldBox(_(words.TITLES[key]), box), place // _ACROSS, place % _ACROSS)
        grid.setColumnStretch(_ACROSS, 1)
        self._said = Label("", "small", "text2", wrap=True)
        parts: list[object] = [grid]
        if entity is not None:
            parts += [self._fields(entity), self._said]
        body.setLayout(column(*parts, gap=16))
        self.setMinimumWidth(px(640))
        self.add_button(_("Cancel"), result=0)
        self.go = self.add_button(_("Save"), kind="primary")
        self.go.clicked.connect(self.accept)
        self._entity = entity
        self._say()

    def _scope(self, key: str, scope: str) -> ComboBox:
        box = ComboBox(name=_(words.TITLES[key]))
        box.set_choices([(_(words.SCOPE_TITLES[one]), one) for one in words.SCOPES], scope)
        return box

    def _fields(self, entity: EntityDef) -> QWidget:
        names = sorted(
            ((_(f.label), f.key) for f in entity.fields
             if f.section != "-"
             and (f.key != entity.title_field or len(self._ways.get(f.key, ())) > 1)),
            key=lambda pair: pair[0].casefold(),
        )  # fmt: skip
        self.field = ComboBox(name=_("Field"))
        self.field.set_choices(names, names[0][1] if names else None)
        self.how = ComboBox(name=_("How it may be used"))
        self.field.currentIndexChanged.connect(lambda _place: self._show_field())
        self.how.activated.connect(lambda _place: self._hold())
        whole = QWidget()
        whole.setLayout(
            row(FieldBox(_("Field"), self.field), FieldBox(_("How it may be used"), self.how), None,
                gap=14)
        )  # fmt: skip
        self._show_field()
        return whole

    def _show_field(self) -> None:
        key = self.field.value()
        ways = self._ways.get(key, (words.READ_ONLY,))
        shown = [(_("Freely"), ""), *((_(words.SHOWN_TITLES[one]), one) for one in ways)]
        self.how.set_choices(shown, self._held.get(key, ""))

    def _hold(self) -> None:
        self._held[self.field.value()] = self.how.value()
        self._say()

    def _say(self) -> None:
        from crm_desktop.ui.rights.matrix import fields_line

        held = {key: how for key, how in self._held.items() if how}
        if self._entity is not None:
            said = fields_line(self._entity, held)
            self._said.setText(
                _("Held back: {fields}").format(fields=said) if said
                else _("No field of it is held back.")
            )  # fmt: skip

    def changes(self) -> Chosen:
        """What is other than it stood."""
        scopes = {
            key: box.value() for key, box in self.scopes.items()
            if box.value() != self._stands.scopes[key]
        }  # fmt: skip
        fields = {
            key: how for key, how in self._held.items()
            if how != self._stands.fields.get(key, "")
        }  # fmt: skip
        return Chosen(scopes, fields)

    def then(self, go: Callable[[Chosen], None]) -> LineBox:
        """Opens it; `go` is called with what was changed."""
        self.accepted.connect(lambda: go(self.changes()))
        self.finished.connect(self.deleteLater)
        self.open()
        return self
