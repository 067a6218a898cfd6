"""The box that says what a deletion of several records takes along, and asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _, ngettext
from crm_desktop.ui.record_list.numbers import count_text
from crm_desktop.ui.record_list.row_rights import LeftOut
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column

if TYPE_CHECKING:
    from crm_desktop.services.lists.deleting import DeletionPreview, Hanging


class DeletePreview(Dialog):
    """Open it at once; what hangs on the records is said when it is known."""

    agreed = Signal()

    def __init__(self, count: int, parent: QWidget, left_out: str = "") -> None:
        verb = ngettext("Delete {count} record", "Delete {count} records", count)
        verb = verb.format(count=count_text(count))
        body = QWidget()
        super().__init__(f"{verb}?", body, parent)
        self._names = Label("", "body", "text", wrap=True)
        self._goes = Label(_("Looking for what belongs to them…"), "body", "text2", wrap=True)
        self._stays = Label("", "body", "text2", wrap=True)
        self._undo = Label(
            _("It can be undone, with everything that goes along."), "small", "text3"
        )
        self.left_out = LeftOut(left_out)
        body.setLayout(
            column(self.left_out, self._names, self._goes, self._stays, self._undo, gap=8)
        )
        self.setMinimumWidth(px(500))
        cancel = self.add_button(_("Cancel"), result=0)
        self.go = self.add_button(verb, kind="danger")
        self.go.clicked.connect(self._accept)
        cancel.setDefault(True)

    def show_preview(self, found: DeletionPreview) -> None:
        """Says what is known now."""
        rest = found.count - len(found.names)
        more = ngettext("and {count} more", "and {count} more", rest).format(count=count_text(rest))
        self._names.setText(", ".join(found.names) + (f" {more}" if rest else ""))
        goes = [h for h in found.hanging if h.goes]
        stays = [h for h in found.hanging if not h.goes]
        if goes:
            text = _("Deleted with them: {what}.")
            if not found.whole:
                text = _("Deleted with them: {what}, and more.")
            self._goes.setText(text.format(what=_listed(goes)))
        else:
            self._goes.setText(_("Nothing else is deleted with them."))
        self._stays.setText(
            _("Stays, but names them no longer: {what}.").format(what=_listed(stays))
            if stays
            else ""
        )
        self._stays.setVisible(bool(stays))
        self.adjustSize()

    def said(self) -> str:
        """All that is said, one line a sentence."""
        return "\n".join(label.text() for label in (self._names, self._goes, self._stays))

    def _accept(self) -> None:
        self.accept()
        self.agreed.emit()


def _listed(hanging: list[Hanging]) -> str:
    counts: dict[str, int] = {}
    for one in hanging:
        label = _(one.link.entity.plural)
        counts[label] = counts.get(label, 0) + one.count
    return ", ".join(f"{label} {count_text(count)}" for label, count in counts.items())
