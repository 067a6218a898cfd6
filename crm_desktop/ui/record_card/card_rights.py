"""What may not be done with the record on a card: its buttons are grey and say why.

Whether it may be done is asked after the card is shown, so that it comes no later for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.rights import words
from crm_desktop.ui.operations import Job
from crm_desktop.ui.refusals import put_off
from crm_desktop.ui.widgets.buttons import Button, ToolButton

if TYPE_CHECKING:
    from crm_desktop.errors import UserError
    from crm_desktop.ui.record_card.controller import CardController
    from crm_desktop.ui.record_card.loading import CardContents

_ASKED = (words.EDIT, words.DELETE)


class CardRights(QObject):
    """The buttons of a card that need a right."""

    def __init__(self, controller: CardController) -> None:
        super().__init__(controller)
        self._controller = controller
        self.edit, self.delete = Button("", "edit"), ToolButton("delete", "")
        self.why: dict[str, str] = {}
        """Sentences by action, of the record that is shown."""
        self._tips: dict[str, str] = {}
        controller.loaded.connect(self._loaded)
        controller.session.refusals.changed.connect(self._again)
        controller.session.seat.changed.connect(self._again)

    @property
    def _buttons(self) -> dict[str, Button | ToolButton]:
        return {words.EDIT: self.edit, words.DELETE: self.delete}

    def _again(self) -> None:
        if self._controller.contents is not None:
            self._loaded(self._controller.contents)

    def _loaded(self, contents: CardContents) -> None:
        session, ref = self._controller.session, contents.ref
        base = session.workspace
        known = {action: session.refusals.why(action, ref.entity) for action in _ASKED}
        self._show(known)
        if base is None or base.rights is None or all(known.values()):
            return

        def work(_job: Job) -> dict[str, str]:
            from crm_desktop.services.rights.allowed import may

            return {a: may(base, a, contents.entity, ref).why for a in _ASKED}

        def done(found: dict[str, str]) -> None:
            if self._is_shown(ref):
                self._show({a: known[a] or found[a] for a in _ASKED})

        session.operations.query(
            ("card rights", id(self)), work, owner=self, done=done, failed=_another_time
        )

    def _is_shown(self, ref: Ref) -> bool:
        contents = self._controller.contents
        return contents is not None and contents.ref == ref

    def _show(self, why: dict[str, str]) -> None:
        self.why = why
        for action, button in self._buttons.items():
            if button.isEnabled():
                self._tips[action] = button.toolTip()
            else:
                button.setEnabled(True)
                button.setToolTip(self._tips.get(action, ""))
                button.setStatusTip("")
            put_off(button, why[action])


def _another_time(_error: UserError) -> None:
    """The base is away: the buttons stay as they are, and the base itself refuses."""
