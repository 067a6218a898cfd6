"""What a lead becomes: a new or a known client, and a deal; or what it joins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import InvalidInput, UserError
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.builtin import sales_keys as keys
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.editors import editor_for
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column

if TYPE_CHECKING:
    from crm_desktop.services.leads.options import Options
    from crm_desktop.services.leads.service import Converted

NONE, OPENS, JOINS = "", "opens", "joins"


class ConvertBox(Dialog):
    """The client, empty for a new one; the deal below, offered by the client."""

    def __init__(
        self, session: Session, navigator: Navigator, ref: Ref, joins: bool, parent: QWidget
    ) -> None:
        """`joins`: a known client is asked for, and one of its open deals is proposed."""
        body = QWidget()
        title = _("Join the lead to a client") if joins else _("Convert the lead")
        super().__init__(title, body, parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._session, self._navigator, self._ref, self._joins = session, navigator, ref, joins
        self._name = ""
        f = session.base.catalogue[ref.entity].field(keys.CLIENT)
        self.client = editor_for(f, session.base.parse_context, session)
        self.client_box = FieldBox(_("Client"), self.client, required=joins)
        self.deal = ComboBox(name=_("Deal"))
        self.deal_box = FieldBox(_("Deal"), self.deal)
        kept = Label(
            _("Contacts, text, activities, files and enquiries are kept. One undo takes all of "
              "it back."),
            "small", "text3", wrap=True,
        )  # fmt: skip
        body.setLayout(column(self.client_box, self.deal_box, kept, gap=12))
        body.setMinimumWidth(px(440))
        cancel = self.add_button(_("Cancel"))
        self.go = self.add_button(_("Join") if joins else _("Convert"), kind="primary")
        self.go.setEnabled(False)
        cancel.clicked.connect(self.reject)
        self.go.clicked.connect(self._go)
        self._session.refusals.keep(self.go, WRITE)
        self.client.changed.connect(self._client_changed)
        self._ask(None, first=True)

    # --- what there is to choose from -------------------------------------------------------------

    def _ask(self, client: int | None, *, first: bool = False) -> None:
        base, ref = self._session.base, self._ref
        self._session.operations.query(
            ("lead options", id(self)), lambda _job: base.leads.options(ref.id, client),
            owner=self, done=lambda found: self._show(found, client, first=first),
            failed=self._refuse,
        )  # fmt: skip

    def _show(self, found: Options, client: int | None, *, first: bool) -> None:
        self._name = found.name
        known = found.client if first or client is not None else None
        if first and known is not None:
            self.client.blockSignals(True)
            self.client.set_value(known)
            self.client.blockSignals(False)
        deals = found.deals if known is not None else ()
        choices: list[tuple[str, object]] = [(_("No deal"), (NONE, 0))]
        choices += [
            (_("New deal in “{pipeline}”").format(pipeline=name), (OPENS, id_))
            for name, id_ in found.pipelines
        ]
        choices += [(_("Join “{deal}”").format(deal=name), (JOINS, id_)) for name, id_ in deals]
        self.deal.set_choices(choices, self._proposed(found, deals))
        self._say_client()
        self.go.setEnabled(True)

    def _proposed(self, found: Options, deals: tuple[tuple[str, int], ...]) -> object:
        if self._joins:
            return (JOINS, deals[0][1]) if deals else (NONE, 0)
        return (OPENS, found.pipelines[0][1]) if found.pipelines else (NONE, 0)

    def _client_changed(self) -> None:
        self.client_box.set_error("")
        chosen = self._chosen()
        if chosen is not None or not self.client.raw():
            self._ask(chosen)

    def _chosen(self) -> int | None:
        try:
            value = self.client.value()
        except InvalidInput:
            return None
        return int(value) if value is not None else None

    def _say_client(self) -> None:
        if self._chosen() is None and not self._joins:
            note = _("Empty: the new client “{name}” is made").format(name=self._name)
            self.client_box.set_note(note)
        else:
            self.client_box.set_note("")

    # --- doing it ---------------------------------------------------------------------------------

    def _go(self) -> None:
        try:
            client = self.client.value()
        except InvalidInput as wrong:
            self.client_box.set_error(wrong.message)
            return
        if client is None and self._joins:
            self.client_box.set_error(_("Choose the client"))
            return
        what, number = self.deal.value() or (NONE, 0)  # type: ignore[misc]
        base, ref = self._session.base, self._ref
        self.go.setEnabled(False)
        self._session.operations.run(
            lambda _job: base.leads.convert(
                ref.id, client=client, new_client=client is None,
                deal=number if what == JOINS else None,
                pipeline=number if what == OPENS else None,
            ),
            owner=self, done=self._done, failed=self._refuse,
        )  # fmt: skip

    def _done(self, made: Converted) -> None:
        word = _("The lead is joined") if self._joins else _("The lead is converted")
        self._navigator.toast(word, undo_operation=made.operation)
        self.accept()
        self._navigator.open_record(made.target)

    def _refuse(self, error: UserError) -> None:
        self.go.setEnabled(True)
        box = self.client_box if error.field in (None, keys.CLIENT) else self.deal_box
        box.set_error(error.message)
