"""What each receiver of a hand-over will be told, with words of one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.inputs import TextEdit
from crm_desktop.ui.widgets.labels import Label, Tile
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.handing_over.letters import Letter
    from crm_desktop.services.handing_over.planning import Draft


class MessagesPart(QWidget):
    """One message a receiver: chosen above, shown below as it will come."""

    def __init__(self, name_of: Callable[[int], str]) -> None:
        super().__init__()
        self._name_of = name_of
        self._letters: tuple[Letter, ...] = ()
        self.whose = ComboBox(name=_("Message to"))
        self.note = TextEdit(name=_("Your own words"), lines=2, most=5,
                             placeholder=_("Your own words, for all of them"))  # fmt: skip
        self.subject = Label("", "strong", wrap=True)
        self.text = Label("", "small", "text2", wrap=True, selectable=True)
        letter = Tile()
        letter.setLayout(column(self.subject, self.text, gap=4, margins=(12, 8, 12, 8)))
        head = row(Label(_("Each of them is told"), "strong"), None, self.whose, gap=8)
        self.setLayout(column(head, self.note, letter, gap=8))
        self.whose.activated.connect(lambda _place: self._show())
        self.note.text_changed.connect(self._show)
        self.hide()

    def show_draft(self, draft: Draft | None) -> None:
        """The messages of it."""
        self._letters = draft.letters if draft is not None else ()
        before = self.whose.value()
        known = [one.whom for one in self._letters]
        choices: list[tuple[str, object]] = [(self._name_of(who), who) for who in known]
        self.whose.set_choices(choices, before if before in known else next(iter(known), None))
        self.whose.setVisible(len(known) > 1)
        self.setVisible(bool(known))
        self._show()

    def _show(self) -> None:
        chosen = self.whose.value()
        letter = next((one for one in self._letters if one.whom == chosen), None)
        if letter is not None:
            self.subject.setText(letter.subject)
            self.text.setText(letter.with_note(self.note.text()).text)
