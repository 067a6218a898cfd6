"""The buttons of a lead under the head of its card, by how it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QResizeEvent

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.card_parts import PartWidget
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.leads.convert_box import ConvertBox
from crm_desktop.ui.leads.part import ShownLead
from crm_desktop.ui.leads.reject_box import RejectBox
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.layouts import row

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.ui.record_card.controller import CardController
    from crm_desktop.ui.record_card.loading import CardContents
    from crm_desktop.ui.record_card.values import Surroundings

_NARROW = 560
_OPEN = ("new", "working")


class LeadStrip(PartWidget):
    """Open: take on, convert, join, reject. Decided: to the client, or open again."""

    def __init__(self, card: CardController) -> None:
        super().__init__()
        self._card = card
        self._ref: Ref | None = None
        self._shown = ShownLead("", None, "", False)
        self.box: ConvertBox | RejectBox | None = None
        self.take = Button("", "check")
        self.convert = Button("", "forward", "primary")
        self.join = Button("", "merge", "ghost")
        self.reject = Button("", "close", "ghost")
        self.reopen = Button("", "undo")
        self.owner = Button("", "open", "ghost")
        for button, act in (
            (self.take, self._take), (self.convert, lambda: self._convert(joins=False)),
            (self.join, lambda: self._convert(joins=True)), (self.reject, self._reject),
            (self.reopen, self._reopen), (self.owner, self._open_owner),
        ):  # fmt: skip
            button.clicked.connect(lambda _on=False, act=act: act())
        for button in (self.take, self.convert, self.join, self.reject, self.reopen):
            card.rights.keep(button)
        self._line = row(
            self.convert, self.take, self.join, self.reject, self.reopen, self.owner, None, gap=8
        )
        self.setLayout(self._line)
        self._keep_edge()
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self.take.setText(_("Take on"))
        self.convert.setText(_("Convert…"))
        self.join.setText(_("Join…"))
        self.reject.setText(_("Reject…"))
        self.reopen.setText(_("Open again"))
        name = self._shown.owner_name
        short = name if len(name) <= 30 else name[:29] + "…"
        is_open = self._shown.state in _OPEN
        self.owner.setText(_("Known client: {name}").format(name=short) if is_open else short)

    def show_part(self, value: Any, contents: CardContents, around: Surroundings) -> None:
        shown: ShownLead = value
        self._ref, self._shown = contents.ref, shown
        is_open = shown.state in _OPEN
        for button in (self.convert, self.join, self.reject):
            button.setVisible(is_open)
        self.take.setVisible(is_open and not (shown.mine and shown.state == "working"))
        self.reopen.setVisible(shown.state == "rejected")
        self.owner.setVisible(shown.owner is not None)
        self._say_texts()

    # --- the acts ---------------------------------------------------------------------------------

    def _run(self, work: Callable[[Workspace], Any], word: str) -> None:
        base, navigator = self._card.session.base, self._card.navigator
        self._card.session.operations.run(
            lambda _job: work(base), owner=self,
            done=lambda outcome: navigator.toast(word, undo_operation=outcome.operation),
            failed=navigator.refuse,
        )  # fmt: skip

    def _take(self) -> None:
        ref = self._ref
        if ref is not None:
            self._run(lambda base: base.leads.take_on(ref.id), _("The lead is in work"))

    def _reopen(self) -> None:
        ref = self._ref
        if ref is not None:
            self._run(lambda base: base.leads.reopen(ref.id), _("The lead is open again"))

    def _open_owner(self) -> None:
        if self._shown.owner is not None:
            self._card.navigator.open_record(self._shown.owner)

    def _convert(self, *, joins: bool) -> None:
        if self._ref is not None:
            box = ConvertBox(
                self._card.session, self._card.navigator, self._ref, joins, self.window()
            )
            self._show(box)

    def _reject(self) -> None:
        if self._ref is not None:
            self._show(RejectBox(self._card.session, self._card.navigator, self._ref,
                                 self.window()))  # fmt: skip

    def _show(self, box: ConvertBox | RejectBox) -> None:
        self.box = box
        box.finished.connect(lambda _result: self._forget(box))
        box.open()

    def _forget(self, box: ConvertBox | RejectBox) -> None:
        if self.box is box:
            self.box = None
        box.deleteLater()

    # --- look -------------------------------------------------------------------------------------

    def _keep_edge(self) -> None:
        """Begins where the words of a page begin, or those of the narrow panel; there words take
        the place of pictures' room."""
        edge = px(24 if self.width() > px(_NARROW) else 16)
        self._line.setContentsMargins(edge, px(2), px(16), px(8))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_edge()
