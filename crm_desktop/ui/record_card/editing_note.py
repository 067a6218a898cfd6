"""The chip of a card that says which colleague is editing the record just now.

It stands at the end of a line that is there anyway: a form in which somebody types does not move.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSizePolicy

from crm_desktop.i18n import _
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.portraits.avatars import portraits_of
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.labels import ElidedLabel, IconLabel, Tile
from crm_desktop.ui.widgets.layouts import row
from crm_desktop.ui.widgets.marks import Avatar

if TYPE_CHECKING:
    from crm_desktop.services.live.marks import Editor

_SIDE, _MOST = 20, 3
"""Of a face, in px at 100 %; so many are shown, the others are named alone."""


class EditingNote(Tile):
    """Hidden while nobody else types here. It keeps nobody from editing."""

    def __init__(self, controller: CardController, *, brief: bool = False) -> None:
        """`brief`: beside the pencil the names alone, where there is little room."""
        super().__init__(ground="warn_soft", border="warn_soft")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._controller, self._brief, self._said = controller, brief, ""
        self._label = ElidedLabel("", "small")
        self._portraits = portraits_of(controller.session)
        self._portraits.changed.connect(self._show_faces)
        self.faces = [Avatar("", _SIDE) for _place in range(_MOST)]
        faces = row(*self.faces, gap=4)
        whole = row(IconLabel("edit", "warn"), faces, self._label, gap=6, margins=(8, 2, 10, 2))
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.hide()
        controller.session.line.marked.connect(self.look)
        keep_translated(self, self.look)

    def text(self) -> str:
        """What it says, in full."""
        return self._said

    def look(self) -> None:
        """Shows who is editing what the card shows now."""
        names = ", ".join(one.name for one in self._editors())
        self._said = _("Being edited by {names}").format(names=names) if names else ""
        self._label.setText(names if self._brief else self._said)
        self.setToolTip(plain_tip(self._said))
        self.setAccessibleName(self._said)
        self._show_faces()
        self.setVisible(bool(names))

    def _editors(self) -> tuple[Editor, ...]:
        ref = self._controller.ref
        return self._controller.session.line.editors(ref) if ref is not None else ()

    def _show_faces(self) -> None:
        editors = self._editors()[:_MOST]
        for place, face in enumerate(self.faces):
            face.setVisible(place < len(editors))
            if place < len(editors):
                one = editors[place]
                face.set_name(one.name)
                face.set_picture(self._portraits.of(one.colleague) if one.colleague else None)
