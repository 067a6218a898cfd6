"""Why a lead is rejected: a reason from the book and a few words."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import InvalidInput, UserError
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.editors import editor_for
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.layouts import column

REASON, COMMENT = "reject_reason", "reject_comment"


class RejectBox(Dialog):
    """Two fields; the reason has to be said."""

    def __init__(
        self, session: Session, navigator: Navigator, ref: Ref, parent: QWidget
    ) -> None:  # fmt: skip
        body = QWidget()
        super().__init__(_("Reject the lead"), body, parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._session, self._navigator, self._ref = session, navigator, ref
        entity = session.base.catalogue[ref.entity]
        self.boxes: dict[str, FieldBox] = {}
        self.editors = {}
        for key, label in ((REASON, _("Reason")), (COMMENT, _("Comment"))):
            f = entity.field(key)
            self.editors[key] = editor_for(f, session.base.parse_context, session)
            self.boxes[key] = FieldBox(label, self.editors[key], required=key == REASON)
        body.setLayout(column(*self.boxes.values(), gap=12))
        body.setMinimumWidth(px(400))
        cancel = self.add_button(_("Cancel"))
        self.go = self.add_button(_("Reject"), kind="primary")
        cancel.clicked.connect(self.reject)
        self.go.clicked.connect(self._go)
        self._session.refusals.keep(self.go, WRITE)
        self.editors[REASON].start()

    def _go(self) -> None:
        try:
            reason, comment = (self.editors[key].value() for key in (REASON, COMMENT))
        except InvalidInput as wrong:
            self._refuse(wrong)
            return
        base, ref = self._session.base, self._ref
        self.go.setEnabled(False)
        self._session.operations.run(
            lambda _job: base.leads.reject(ref.id, reason, str(comment or "")), owner=self,
            done=lambda outcome: self._done(outcome.operation), failed=self._refuse,
        )  # fmt: skip

    def _done(self, operation: int) -> None:
        self._navigator.toast(_("The lead is rejected"), undo_operation=operation)
        self.accept()

    def _refuse(self, error: UserError) -> None:
        self.go.setEnabled(True)
        self.boxes.get(error.field or "", self.boxes[REASON]).set_error(error.message)
