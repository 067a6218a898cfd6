"""A new lead out of words: what was read of them is shown and can be changed before it is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import InvalidInput, UserError
from crm_desktop.i18n import _, in_quotes
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.sales_traits import Leads
from crm_desktop.ui.editors import EditorBase, editor_for
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import TextEdit
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.leads.arrival import Arrival, Arrived
    from crm_desktop.services.workspace import Workspace

_SETTLE_MS = 250
_SHOWN = ("name", "company", "phone", "email", "text")


class Read(NamedTuple):
    """A text as it was read, the open lead it would land in, and what looks like it."""

    arrival: Arrival
    lands_in: str
    alike: tuple[str, ...]


def read(base: Workspace, text: str) -> Read:
    """Reads a text and looks who it may be; in the worker."""
    from crm_desktop.services.intake.text import read_text

    arrival = read_text(text, now=base.clock.local(), region=base.region)
    landing = base.leads.lands_in(arrival)
    alike = tuple(
        f"{_(base.catalogue[key].label)} {in_quotes(one.title)}"
        for key, one in base.leads.like(arrival)
    )
    return Read(arrival, landing[1] if landing else "", alike)


class LeadBox(Dialog):
    """Above the words, below what is taken in of them."""

    def __init__(
        self, session: Session, navigator: Navigator, text: str, parent: QWidget | None
    ) -> None:
        body = QWidget()
        super().__init__(_("New lead from text"), body, parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._session, self._navigator = session, navigator
        self._read: Read | None = None
        entity = next(e for e in session.base.catalogue if e.trait(Leads) is not None)
        self._entity = entity
        self.words = TextEdit(
            name=_("Letter, chat, signature"), lines=5, most=8,
            placeholder=_("Paste a letter, a chat or a signature here"),
        )  # fmt: skip
        self.editors: dict[str, EditorBase] = {}
        self.boxes: dict[str, FieldBox] = {}
        for key in _SHOWN:
            self._add(entity, key)
        self.note = Label("", "small", "warn", wrap=True)
        self.note.hide()
        b = self.boxes
        body.setLayout(column(
            self.words, row(b["name"], b["company"], gap=12), row(b["phone"], b["email"], gap=12),
            b["text"], self.note, gap=12,
        ))  # fmt: skip
        self.setMinimumWidth(px(620))
        cancel = self.add_button(_("Cancel"))
        self.go = self.add_button(_("Take in"), kind="primary")
        self.go.setEnabled(False)
        cancel.clicked.connect(self.reject)
        self.go.clicked.connect(self._go)
        self._session.refusals.keep(self.go, WRITE)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SETTLE_MS)
        self._soon.timeout.connect(self._ask)
        self.words.text_changed.connect(self._soon.start)
        self.words.set_text(text)
        self.words.setFocus()

    def _add(self, entity: EntityDef, key: str) -> None:
        f = entity.field(key)
        editor = editor_for(f, self._session.base.parse_context, self._session)
        label = _("Full name") if key == entity.title_field else _(f.label)
        self.editors[key], self.boxes[key] = editor, FieldBox(label, editor)
        editor.checked.connect(self.boxes[key].set_error)

    # --- reading ----------------------------------------------------------------------------------

    def _ask(self) -> None:
        base, text = self._session.base, self.words.text()
        if not text.strip():
            self._show(None)
            return
        self._session.operations.query(
            ("lead text", id(self)), lambda _job: read(base, text), owner=self, done=self._show,
            failed=self._refuse,
        )  # fmt: skip

    def _show(self, found: Read | None) -> None:
        """Shows what was read; a person may change every field of it."""
        self._read = found
        arrival = found.arrival if found is not None else None
        values = {
            "name": arrival.name, "company": arrival.company, "text": arrival.text,
            "phone": next(iter(arrival.phones), None), "email": next(iter(arrival.emails), None),
        } if arrival is not None else {}  # fmt: skip
        for key, editor in self.editors.items():
            editor.set_value(values.get(key) or None)
            self.boxes[key].set_error("")
        said = self._said(found) if found is not None else []
        self.note.setText("\n".join(said))
        self.note.setVisible(bool(said))
        self.go.setEnabled(found is not None)

    @staticmethod
    def _said(found: Read) -> list[str]:
        said = []
        arrival = found.arrival
        more = [*arrival.phones[1:], *arrival.emails[1:]]
        if more:
            said.append(_("Kept as well: {contacts}").format(contacts=", ".join(more)))
        if arrival.source:
            said.append(_("Source: {source}").format(source=arrival.source))
        if found.lands_in:
            said.append(
                _("It becomes a further enquiry of the open lead “{name}”").format(
                    name=found.lands_in
                )
            )
        elif found.alike:
            said.append(_("Looks like: {names}").format(names=", ".join(found.alike)))
        return said

    # --- taking in --------------------------------------------------------------------------------

    def _arrival(self) -> Arrival:
        """What was read, with what was changed by hand."""
        assert self._read is not None
        arrival = self._read.arrival
        values = {key: self.editors[key].value() for key in _SHOWN}
        phones, emails = (
            tuple(dict.fromkeys([*([values[key]] if values[key] else []), *known[1:]]))
            for key, known in (("phone", arrival.phones), ("email", arrival.emails))
        )
        return replace(
            arrival, name=values["name"] or "", company=values["company"] or "",
            text=values["text"] or "", phones=phones, emails=emails,
        )  # fmt: skip

    def _go(self) -> None:
        try:
            arrival = self._arrival()
        except InvalidInput as wrong:
            self._refuse(wrong)
            return
        base = self._session.base
        self.go.setEnabled(False)
        self._session.operations.run(
            lambda _job: base.leads.take_in(arrival), owner=self, done=self._done,
            failed=self._refuse,
        )  # fmt: skip

    def _done(self, arrived: Arrived) -> None:
        word = _("The enquiry is taken in")
        self._navigator.toast(word, undo_operation=arrived.operation)
        self.accept()
        self._navigator.open_record(Ref(self._entity.key, arrived.lead))

    def _refuse(self, error: UserError) -> None:
        self.go.setEnabled(True)
        box = self.boxes.get(error.field or "")
        if box is not None:
            box.set_error(error.message)
            return
        self.note.setText(error.message)
        self.note.show()
