"""The small boxes of the page: a value, values to merge, a book of one's own."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Choice, EntityDef
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column

if TYPE_CHECKING:
    from crm_desktop.services.reference_books import BookValue


class _Box(Dialog):
    """A box with a verb; it stays open until what it asked for is done."""

    def __init__(self, title: str, verb: str, parent: QWidget) -> None:
        self.body = QWidget()
        super().__init__(title, self.body, parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.body.setMinimumWidth(px(420))
        self.add_button(_("Cancel"), result=0)
        self.go = self.add_button(verb, kind="primary")
        self.go.setDefault(True)
        self.go.clicked.connect(self._accept)

    @abstractmethod
    def refuse(self, sentence: str) -> None:
        """It could not be done: says why."""

    @abstractmethod
    def _accept(self) -> None:
        """The button was pressed: gives what was typed, or refuses it."""


class ValueForm(_Box):
    """The name and the colour of a value; of a kind of relation also its other name."""

    given = Signal(str, str, str)
    """(name, tone, other name)"""

    def __init__(
        self, parent: QWidget, tones: Sequence[Choice], value: BookValue | None, *, inverse: bool
    ) -> None:
        title = _("New value") if value is None else _("Change the value")
        super().__init__(title, _("Save"), parent)
        self.name = LineEdit(value.name if value else "", name=_("Name"))
        self.tone = ComboBox(name=_("Colour"))
        self.tone.set_choices([(_(c.label), c.key) for c in tones], value.tone if value else
                              "neutral")  # fmt: skip
        self.inverse = LineEdit(value.inverse if value else "", name=_("Seen from the other side"))
        self._box = FieldBox(_("Name"), self.name, required=True)
        other = FieldBox(_("Seen from the other side"), self.inverse)
        other.setVisible(inverse)
        self.body.setLayout(column(self._box, other, FieldBox(_("Colour"), self.tone), gap=10))

    def refuse(self, sentence: str) -> None:
        self._box.set_error(sentence)
        self.name.setFocus()

    def _accept(self) -> None:
        name = " ".join(self.name.text().split())
        if not name:
            self.refuse(_("A value needs a name"))
            return
        self.given.emit(name, str(self.tone.value()), self.inverse.text().strip())


class MergeForm(_Box):
    """Into which value the others are merged."""

    given = Signal(int)

    def __init__(
        self, parent: QWidget, chosen: Sequence[BookValue], known: Sequence[BookValue]
    ) -> None:
        """`known`: the values it may go into; of several chosen ones, these."""
        names = ", ".join(v.name for v in chosen)
        several = len(chosen) > 1
        title = _("Merge values") if several else _("Merge “{name}” into").format(name=names)
        super().__init__(title, _("Merge"), parent)
        self._chosen = chosen
        targets = chosen if several else [v for v in known if v.id != chosen[0].id]
        self.target = ComboBox(name=_("What remains"))
        self.target.set_choices([(v.name, v.id) for v in targets], targets[0].id)
        self.target.currentIndexChanged.connect(lambda _place: self._say())
        self._box = FieldBox(_("What remains"), self.target)
        self._hint = Label("", "small", "text2", wrap=True)
        self._hint.setMinimumHeight(px(40))
        self.body.setLayout(column(self._box, self._hint, gap=10))
        self._say()

    def _say(self) -> None:
        count = sum(v.uses for v in self._chosen if v.id != self.target.value())
        text = ngettext(
            "{count} record gets this value. It can be undone.",
            "{count} records get this value. It can be undone.", count,
        )  # fmt: skip
        self._hint.setText(text.format(count=count))

    def refuse(self, sentence: str) -> None:
        self._box.set_error(sentence)

    def _accept(self) -> None:
        self.given.emit(int(self.target.value()))


class BookForm(_Box):
    """The name of a new book, and which records get a field for it."""

    given = Signal(str, str)

    def __init__(self, parent: QWidget, objects: Sequence[EntityDef]) -> None:
        super().__init__(_("New reference book"), _("Create"), parent)
        self.name = LineEdit(name=_("Name"), placeholder=_("Direction, district, season…"))
        self.owner = ComboBox(name=_("For records of"))
        self.owner.set_choices([(_(e.plural), e.key) for e in objects], objects[0].key)
        self._box = FieldBox(_("Name"), self.name, required=True)
        text = _(
            "Their cards and lists get a field of this name. Its values can be nested: a filter "
            "by one finds those inside it."
        )
        hint = Label(text, "small", "text2", wrap=True)
        hint.setMinimumHeight(px(40))
        self.body.setLayout(
            column(self._box, FieldBox(_("For records of"), self.owner), hint, gap=10)
        )

    def refuse(self, sentence: str) -> None:
        self._box.set_error(sentence)
        self.name.setFocus()

    def _accept(self) -> None:
        name = self.name.text().strip()
        if not name:
            self.refuse(_("A reference book needs a name"))
            return
        self.given.emit(name, str(self.owner.value()))
