"""What may not be done with the record on a card: whatever changes it is grey and says why.

Whether it may be done is asked after the card is shown, so that it comes no later for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.ownership import hangs
from crm_desktop.services.rights import words
from crm_desktop.ui.operations import Job
from crm_desktop.ui.refusals import WRITE, Ask, Kept, T
from crm_desktop.ui.repeating import template_of

if TYPE_CHECKING:
    from crm_desktop.errors import UserError
    from crm_desktop.ui.record_card.controller import CardController
    from crm_desktop.ui.record_card.loading import CardContents

_ASKED = (words.EDIT, words.DELETE)


class CardRights(QObject):
    """Of the record that one card shows."""

    changed = Signal(str)
    """Something may be refused now, or no longer: why the record may not be changed, or ''."""

    def __init__(self, controller: CardController) -> None:
        super().__init__(controller)
        self._controller = controller
        self._refusals = controller.session.refusals
        self._kept = Kept()
        self._why: dict[str, str] = {}
        controller.loaded.connect(self._loaded)
        self._refusals.changed.connect(self._again)
        self._refusals.renewed.connect(controller.follow)

    # --- what is asked ----------------------------------------------------------------------------

    def why(self, action: str = words.EDIT, part: EntityDef | None = None) -> str:
        """Why the person may not do it with the record that is shown, or with records of the object
        `part` on its card; '' if he may. What hangs on the record goes with it."""
        contents = self._controller.contents
        if part is not None and not hangs(part):
            return self._refusals.why(action, part.key)
        if contents is None:
            return self._refusals.why(WRITE)
        own = words.EDIT if part is not None else action
        return self._refusals.why(own, contents.ref.entity) or self._why.get(own, "")

    def stops(self, action: str = words.EDIT, part: EntityDef | None = None) -> bool:
        """Whether a key or a drop on the card is refused: says why then."""
        why = self.why(action, part)
        if why:
            self._refusals.said.emit(why)
        return bool(why)

    def keep(self, target: T, action: str = words.EDIT, part: EntityDef | None = None) -> T:
        """Keeps a button of the card grey while it is refused; gives it back."""
        return self.follow(target, lambda: self.why(action, part))

    def follow(self, target: T, ask: Ask) -> T:
        """The same, where what is refused depends on the record that is shown."""
        return self._kept.follow(target, ask)

    def of_card(self) -> dict[str, str]:
        """Why not, by the pictures in the menu of the card itself."""
        contents, seat = self._controller.contents, self._refusals.why(WRITE)
        shape = contents.activity_shape if contents is not None else None
        return {
            "phone": self.why(),
            "delete": self.why(words.DELETE),
            "list": self.why(words.CREATE, shape.entity) if shape is not None else seat,
            "repeat": self._why_no_template(),
            **dict.fromkeys(("columns", "plus-circle", "copy"), seat),
        }

    def _why_no_template(self) -> str:
        """To repeat a record is to make a template of it."""
        base, contents = self._controller.session.workspace, self._controller.contents
        found = template_of(base.catalogue, contents.ref.entity) if base and contents else None
        return self._refusals.why(words.CREATE, found[0].key) if found is not None else ""

    def of_parts(self, part: EntityDef) -> dict[str, str]:
        """Why not, by the pictures that menus of the card give to what is done with a part."""
        edit, delete = self.why(words.EDIT, part), self.why(words.DELETE, part)
        others = ("edit", "check", "pin", "note", "history")
        return {"delete": delete, "chat": self.why(words.CREATE, part)} | dict.fromkeys(
            others, edit
        )

    # --- when it is asked -------------------------------------------------------------------------

    def _again(self) -> None:
        self._tell()
        if self._controller.contents is not None:
            self._loaded(self._controller.contents)

    def _loaded(self, contents: CardContents) -> None:
        session, ref = self._controller.session, contents.ref
        base = session.workspace
        if base is None or base.rights is None:
            self._take({})
            return

        def work(_job: Job) -> dict[str, str]:
            from crm_desktop.services.rights.allowed import may

            return {a: may(base, a, contents.entity, ref).why for a in _ASKED}

        def done(found: dict[str, str]) -> None:
            shown = self._controller.contents
            if shown is not None and shown.ref == ref:
                self._take(found)

        session.operations.query(
            ("card rights", id(self)), work, owner=self, done=done, failed=_another_time
        )

    def _take(self, why: dict[str, str]) -> None:
        self._why = why
        self._tell()

    def _tell(self) -> None:
        self._kept.look()
        self.changed.emit(self.why())


def _another_time(_error: UserError) -> None:
    """The base is away: the buttons stay as they are, and the base itself refuses."""
