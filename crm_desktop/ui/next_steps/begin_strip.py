"""The line that says when a set begins by itself, and the box that changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QDialog, QWidget

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.planner_traits import StepSets
from crm_desktop.ui.card_parts import PartWidget
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.labels import IconLabel, Label
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.ui.record_card.controller import CardController
    from crm_desktop.ui.record_card.loading import CardContents
    from crm_desktop.ui.record_card.values import Surroundings


class BeginStrip(PartWidget):
    """When it begins, and a button."""

    def __init__(self, card: CardController) -> None:
        super().__init__()
        self._card = card
        self._kept: tuple[str, str, str] = ("", "", "")
        self._ref: Ref | None = None
        self.box: BeginBox | None = None
        self.line = Label("", "body", "text2", wrap=True)
        self.change = Button("", "edit", "ghost")
        self.change.clicked.connect(self.open_box)
        whole = row(IconLabel("forward"), self.line, self.change, gap=8, margins=(24, 2, 16, 8))
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def show_part(self, value: Any, contents: CardContents, around: Surroundings) -> None:
        trait = contents.entity.trait(StepSets)
        assert trait is not None
        self._ref = contents.ref
        keys = (trait.of, trait.when, trait.becomes)
        of, when, becomes = (str(contents.values.get(key) or "") for key in keys)
        self._kept = (of, when, becomes)
        begins = _("Begins by itself when {condition}").format(condition=value)
        self.line.setText(begins if value else _("Is started by hand, on the card of a record"))
        self.change.setText(_("Change…") if value else _("Let it begin by itself…"))

    def open_box(self) -> None:
        """Asks for object, field and value."""
        ref = self._ref
        if ref is None:
            return
        box = self.box = BeginBox(self._card.session, self._kept, self.window())
        box.accepted.connect(lambda: self._save(ref, box))
        box.finished.connect(box.deleteLater)
        box.open()

    def _save(self, ref: Ref, box: BeginBox) -> None:
        trait = self._card.session.base.catalogue[ref.entity].trait(StepSets)
        assert trait is not None
        keys = (trait.of, trait.when, trait.becomes)
        values = dict(zip(keys, box.chosen(), strict=True))
        self._card.change(ref, values, _("When the set begins: saved"))


class BeginBox(Dialog):
    """Three lists, each filled from what was chosen in the one before."""

    def __init__(self, session: Session, kept: tuple[str, str, str], parent: QWidget) -> None:
        self._session, self._kept = session, kept
        self.of = ComboBox(name=_("Object"))
        self.when = ComboBox(name=_("Field"))
        self.becomes = ComboBox(name=_("Value"))
        note = Label(
            _("The steps are planned around the day on which the record is saved so. An import "
              "or a change of many records at once begins nothing."),
            "small", "text3", wrap=True,
        )  # fmt: skip
        body = QWidget()
        body.setMinimumWidth(px(420))
        body.setLayout(column(
            Label(_("When a record of this object is saved"), "small", "text2"), self.of, 6,
            Label(_("and this field"), "small", "text2"), self.when, 6,
            Label(_("takes this value"), "small", "text2"), self.becomes, 6, note, gap=4,
        ))  # fmt: skip
        super().__init__(_("When the set begins by itself"), body, parent)
        self.add_button(_("Cancel"), result=int(QDialog.DialogCode.Rejected))
        self.go = self.add_button(
            _("Save"), kind="primary", result=int(QDialog.DialogCode.Accepted)
        )
        self.go.setDefault(True)
        self._fill()

    def _fill(self) -> None:
        from crm_desktop.services.activity_sets import words as set_words

        catalogue = self._session.base.catalogue
        never: list[tuple[str, object]] = [(_("Never by itself"), "")]
        self.of.set_choices([*never, *set_words.objects(catalogue)], self._kept[0])
        self.of.currentIndexChanged.connect(lambda _at: self._object_chosen())
        self.when.currentIndexChanged.connect(lambda _at: self._field_chosen())
        self.becomes.currentIndexChanged.connect(lambda _at: self._look())
        self._object_chosen()

    def _object_chosen(self) -> None:
        from crm_desktop.services.activity_sets import words as set_words

        found = set_words.fields(self._session.base.catalogue, str(self.of.value() or ""))
        keys = [key for _label, key in found]
        wanted = self._kept[1] if self._kept[1] in keys else keys[0] if keys else None
        self.when.set_choices([(label, key) for label, key in found], wanted)
        for box in (self.when, self.becomes):
            box.setEnabled(bool(found))
        self._field_chosen()

    def _field_chosen(self) -> None:
        from crm_desktop.services.activity_sets import words as set_words

        base, entity, key = self._session.base, str(self.of.value() or ""), self.when.value()
        self.becomes.set_choices([], None)
        self._look()
        if entity and key:
            self._session.operations.query(
                ("set values", id(self)),
                lambda _job: set_words.values(base, entity, str(key)),
                owner=self, done=self._show_values,
            )  # fmt: skip

    def _show_values(self, found: list[tuple[str, str]]) -> None:
        texts = [text for _label, text in found]
        kept = self._kept[2] if self._kept[2] in texts else texts[0] if texts else None
        self.becomes.set_choices([(label, text) for label, text in found], kept)
        self._look()

    def _look(self) -> None:
        if hasattr(self, "go"):
            self.go.setEnabled(not self.of.value() or bool(self.becomes.value()))

    def chosen(self) -> tuple[str | None, str | None, str | None]:
        """Object, field and value; None for never by itself."""
        if not self.of.value():
            return None, None, None
        return str(self.of.value()), str(self.when.value()), str(self.becomes.value())
