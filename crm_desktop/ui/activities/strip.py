"""The buttons of a planned record under the head of its card."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QResizeEvent

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.activities.acts import ActivityActs
from crm_desktop.ui.card_parts import PartWidget
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button, ToolButton
from crm_desktop.ui.widgets.layouts import row

if TYPE_CHECKING:
    from crm_desktop.ui.record_card.controller import CardController
    from crm_desktop.ui.record_card.loading import CardContents
    from crm_desktop.ui.record_card.values import Surroundings

_NARROW = 560


class ActsStrip(PartWidget):
    """The usual three, and a menu with the rest."""

    def __init__(self, card: CardController) -> None:
        super().__init__()
        self._ref: Ref | None = None
        self.acts = ActivityActs(card.session, card.navigator, self)
        self.done = Button("", "check")
        self.later = Button("", "forward", "ghost")
        self.put_off = Button("", "clock", "ghost")
        self.more = ToolButton("more", "")
        for button, act in (
            (self.done, self.acts.done), (self.later, self.acts.later),
            (self.put_off, self.acts.move), (self.more, self._open_menu),
        ):  # fmt: skip
            button.clicked.connect(lambda _on=False, act=act: self._do(act))
        self._line = row(self.done, self.later, self.put_off, self.more, None, gap=4)
        self.setLayout(self._line)
        self._keep_edge()
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self.done.setText(_("Done"))
        self.later.setText(_("Tomorrow"))
        self.put_off.setText(_("Put off…"))
        self.more.set_tip(_("What else"))

    def _do(self, act: Callable[[Ref], Any]) -> None:
        if self._ref is not None:
            act(self._ref)

    def _open_menu(self, ref: Ref) -> None:
        self.acts.menu(ref, self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _keep_edge(self) -> None:
        """Begins where the words of a page begin, or those of the narrow panel."""
        edge = px(24 if self.width() > px(_NARROW) else 16)
        self._line.setContentsMargins(edge, px(2), px(16), px(8))

    def show_part(self, value: Any, contents: CardContents, around: Surroundings) -> None:
        self._ref = contents.ref
        self.acts.at = contents.date.original if contents.date is not None else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_edge()
