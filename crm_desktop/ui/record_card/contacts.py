"""The contacts of a record: main star, marks, copy, all by one click."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.fieldtypes import TextField
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.record_card.abilities import ChannelShape
from crm_desktop.ui.record_card.child_dialog import ChildDialog
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.facts import bad_state, channel_words
from crm_desktop.ui.record_card.loading import CardContents, ChildRow
from crm_desktop.ui.record_card.overview import ScrollPage
from crm_desktop.ui.record_card.tab import CardTab
from crm_desktop.ui.record_card.values import Shown
from crm_desktop.ui.widgets.buttons import Button, ToolButton
from crm_desktop.ui.widgets.labels import ElidedLabel, IconLabel, Label, Rule
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.marks import Pill
from crm_desktop.ui.widgets.popover import Menu

_ICONS = {"phone": "phone", "email": "mail", "messenger": "chat"}


class ContactRow(QWidget):
    """One contact with its buttons; reused for any."""

    def __init__(self, tab: ContactsTab) -> None:
        super().__init__()
        self._tab = tab
        self.row: ChildRow | None = None
        self._words = Shown()
        self._picture = IconLabel("phone")
        self._value = ElidedLabel("", "strong")
        self._kind = ElidedLabel("", "small", "text2")
        self.state = Pill("")
        self.star = ToolButton("star", "")
        self.use = ToolButton("open", "")
        self.copy = ToolButton("copy", "")
        self.more = ToolButton("more", "")
        words = column(self._value, row(self._kind, self.state, None, gap=8), gap=2)
        line = row(self._picture, 4, words, self.star, self.use, self.copy, self.more,
                   gap=2, margins=(0, 8, 0, 8))  # fmt: skip
        policy = self.use.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.use.setSizePolicy(policy)
        line.setStretch(2, 1)
        self.setLayout(column(line, Rule(), gap=0))
        self.star.clicked.connect(lambda: self.row and tab.make_main(self.row))
        self.use.clicked.connect(lambda: tab.use(self._words))
        self.copy.clicked.connect(lambda: tab.controller.copy(self._words.copy))
        self.more.clicked.connect(self._open_menu)
        tab.controller.rights.keep(self.star)

    def set_row(self, shape: ChannelShape, found: ChildRow, words: Shown) -> None:
        """Shows another contact."""
        self.row, self._words = found, words
        kind = str(found.values.get(shape.kind.key) or "") if shape.kind else ""
        self._picture.set_icon_name(_ICONS.get(kind, "link"))
        self._value.setText(words.text)
        choice = shape.kind.choice(kind) if shape.kind else None
        notes = [_(choice.label)] if choice else []
        notes += [
            str(found.values[f.key]) for f in shape.entity.fields
            if type(f) is TextField and f is not shape.value and found.values.get(f.key)
        ]  # fmt: skip
        self._kind.setText(" · ".join(notes))
        state = bad_state(shape, found.values)
        self.state.setVisible(state is not None)
        if state is not None:
            self.state.set_state(*state)
        self._say_buttons(shape, found)

    def _say_buttons(self, shape: ChannelShape, found: ChildRow) -> None:
        main = bool(shape.flag and found.values.get(shape.flag.key))
        self.star.setVisible(shape.flag is not None)
        self.star.set_icon_name("star!" if main else "star", "warn" if main else "text2")
        self.star.set_tip(_("This is the main one") if main else _("Make it the main one"))
        web = self._words.address
        self.use.setVisible(bool(web))
        mail = web.startswith("mailto:")
        self.use.set_icon_name("mail" if mail else "phone")
        self.use.set_tip(_("Write a letter") if mail else _("Dial"))
        self.copy.set_tip(_("Copy"))
        self.more.set_tip(_("More"))

    def _open_menu(self) -> None:
        if self.row is None:
            return
        found, tab = self.row, self._tab
        acts: list[tuple[str, str, Callable[[], None]]] = [
            ("edit", _("Edit"), lambda: tab.edit(found)),
            *[(("check", word, mark)) for word, mark in tab.marks(found)],
            ("delete", _("Delete"), lambda: tab.controller.delete([found.ref])),
        ]
        refused = tab.controller.rights.of_parts(tab.shape.entity)
        Menu.of(self, acts, refused).open_below(self.more)


class ContactsTab(CardTab):
    """They come with the card itself, so there is nothing to load."""

    def __init__(self, controller: CardController, shape: ChannelShape, margin: int) -> None:
        super().__init__(controller)
        self.shape = shape
        self._rows: list[ContactRow] = []
        self.add_button = Button("", "add")
        self.add_button.clicked.connect(lambda: self.edit(None))
        controller.rights.keep(self.add_button)
        self._none = Label("", "body", "text3", wrap=True)
        self._list = column(gap=0)
        inside = (
            column(row(self.add_button, None), self._none, self._list, None, gap=8,
                   margins=(margin, 10, margin, 20))
        )  # fmt: skip
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(ScrollPage(inside))
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self.add_button.setText(_(self.shape.entity.new_label) or _("Add"))
        self._none.setText(_("No telephone and no e-mail address is known yet."))
        if self.contents is not None:
            self.load(self.contents)

    def begin(self, contents: CardContents) -> None:
        self.load(contents)

    def load(self, contents: CardContents) -> None:
        found = contents.channels
        self._none.setVisible(not found)
        while len(self._rows) < len(found):
            self._rows.append(ContactRow(self))
            self._list.addWidget(self._rows[-1])
        around = self.controller.around()
        for made, contact in zip(self._rows, found, strict=False):
            made.set_row(self.shape, contact, channel_words(self.shape, contact, around))
            made.show()
        for made in self._rows[len(found) :]:
            made.hide()

    # --- what the person does ---------------------------------------------------------------------

    def make_main(self, found: ChildRow) -> None:
        """The writer takes the star from the one that had it."""
        if self.shape.flag is not None and not found.values.get(self.shape.flag.key):
            said = _("The main contact is another one now")
            self._change(found.ref, {self.shape.flag.key: True}, said)

    def marks(self, found: ChildRow) -> list[tuple[str, Callable[[], None]]]:
        """(word, what it does) of the states that the contact is not in."""
        state = self.shape.state
        if state is None:
            return []
        now = found.values.get(state.key) or state.default
        return [(_(c.label), self._marker(found.ref, c.key)) for c in state.choices if c.key != now]

    def _marker(self, ref: Ref, key: str) -> Callable[[], None]:
        assert self.shape.state is not None
        field = self.shape.state.key
        return lambda: self._change(ref, {field: key}, _("The contact was marked"))

    def _change(self, ref: Ref, values: dict[str, Any], said: str) -> None:
        self.controller.change(ref, values, said)

    def use(self, words: Shown) -> None:
        """Calls or writes."""
        if words.address.startswith("tel:"):
            self.controller.call(words.copy, words.address)
        elif words.address:
            self.controller.open_address(words.address)

    def edit(self, found: ChildRow | None) -> None:
        """A contact, or a new one, in a small form."""
        record = found.ref if found is not None else None
        ChildDialog.open_for(self.controller, self.shape.link, record, self)
