"""What of a timeline is seen: a kind, a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.record_card.abilities import ActivityShape
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.layouts import row

if TYPE_CHECKING:
    from crm_desktop.services.history.timeline import Wish


class TimelineFilter(QWidget):
    """Two lists to choose from; a colleague is who wrote, anybody else whom it is about."""

    changed = Signal()

    def __init__(self, shape: ActivityShape) -> None:
        super().__init__()
        self._shape = shape
        self._people: list[tuple[str, object]] = []
        self.kinds, self.people = ComboBox(name=""), ComboBox(name="")
        self.kinds.currentIndexChanged.connect(lambda _at: self.changed.emit())
        self.people.currentIndexChanged.connect(lambda _at: self.changed.emit())
        self.setLayout(row(self.kinds, self.people, None, gap=8))
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self.kinds.setAccessibleName(_("Kind"))
        self.people.setAccessibleName(_("Person"))
        kinds: list[tuple[str, object]] = [(_("Everything"), "")]
        if self._shape.kind is not None:
            kinds += [(_(c.label), c.key) for c in self._shape.kind.choices]
        kinds += [(_("Changes"), "changed"), (_("Added"), "added")]
        self.kinds.renew(kinds)
        self.set_people(self._people)

    def set_people(self, people: list[tuple[str, object]]) -> None:
        """(name, record) of whom can be picked; those known already stay."""
        known = {value for _name, value in self._people}
        self._people = [*self._people, *(p for p in people if p[1] not in known)]
        self.people.renew([(_("All people"), None), *self._people])
        self.people.setVisible(bool(self._people))

    def clear(self) -> None:
        """Another record: everything is seen again; nobody is told."""
        self._people = []
        for box in (self.kinds, self.people):
            box.choose_first()
        self.set_people([])

    def narrows(self) -> bool:
        """Whether anything is left out."""
        return bool(self.kinds.value()) or self.people.value() is not None

    def wish(self) -> Wish:
        """What is chosen."""
        from crm_desktop.services.history.timeline import Wish

        kind, person = str(self.kinds.value() or ""), self.people.value()
        if not isinstance(person, Ref):
            return Wish(kind)
        author = self._shape.author
        if author is not None and person.entity == author.target:
            return Wish(kind, author=person.id)
        return Wish(kind, about=person)
