"""A form beside those of others: follows what they save, marks itself, waits for the server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from crm_desktop.errors import DatabaseUnavailable, UserError
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.record_card.facts import NEW
from crm_desktop.ui.record_card.values import refs_of
from crm_desktop.ui.server_line.edit_mark import EditMark
from crm_desktop.ui.server_line.until_back import UntilBack

if TYPE_CHECKING:
    from crm_desktop.services.writing.changes import ChangeSet
    from crm_desktop.ui.record_card.form_controller import FormController


class BesideOthers(QObject):
    """What one form has to do with the work of others."""

    def __init__(self, forms: FormController) -> None:
        super().__init__(forms)
        self._forms = forms
        self._mark = EditMark(forms.session)
        self._until_back = UntilBack(forms.session, self)
        self._until_back.back.connect(lambda _waiting: forms.write_again())
        forms.session.changed.connect(self._changed)
        forms.changed.connect(self._typed)
        forms.ended.connect(self._mark.give_back)
        forms.destroyed.connect(self._mark.give_back)

    # --- following --------------------------------------------------------------------------------

    def _changed(self, changes: ChangeSet) -> None:
        forms = self._forms
        ref, base = forms.ref, forms.session.workspace
        if base is None or forms.date is not None or not forms.version:
            return
        if not changes.touches(ref.entity, frozenset((ref.id,))):
            return

        def work(job: Any) -> tuple[Any, Mapping[Ref, Any]]:
            record = base.reader.get(*ref)
            refs = refs_of(forms.entity, record.values) if record is not None else []
            return record, base.titles.of(refs)

        forms.session.operations.query(
            ("follow", id(self)), work, owner=self, done=lambda found: self._follow(ref, *found),
            failed=_ignore,
        )  # fmt: skip

    def _follow(self, ref: Ref, record: Any, titles: Mapping[Ref, Any]) -> None:
        forms = self._forms
        saving = not forms.panel.save.wanted() or forms.panel.conflict.isVisible()
        if record is not None and forms.ref == ref and not saving:
            forms.follow(record.values, record.version, titles)

    # --- marks ------------------------------------------------------------------------------------

    def _typed(self, changed: bool) -> None:
        if changed and self._forms.ref.id != NEW:
            self._mark.take(self._forms.ref)

    # --- the line ---------------------------------------------------------------------------------

    def wait(self, error: DatabaseUnavailable) -> None:
        """The server could not be reached: saved when it is back."""
        self._forms.panel.show_error("", self._until_back.said(error))


def _ignore(_outcome: object | UserError) -> None:
    """Nothing to show."""
