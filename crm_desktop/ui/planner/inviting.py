"""Who else takes part in something new, when they are free, and slots to be taken by a click."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.services.planner.bars import PlanRow, moment
from crm_desktop.services.planner.moving import NewEntry
from crm_desktop.services.planner.slots import Offer, offer
from crm_desktop.ui.operations import Job
from crm_desktop.ui.planner.new_box import NewBox
from crm_desktop.ui.planner.strip import FreeBusyStrip
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import FlowLayout, column, row
from crm_desktop.ui.widgets.marks import Chip

if TYPE_CHECKING:
    from crm_desktop.ui.planner.controller import PlannerController


class OfferView(QWidget):
    """The strip, and a button for each slot that is offered."""

    taken = Signal(int)
    """The start of the slot."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.strip = FreeBusyStrip()
        self.said = Label("", "small", "text2", wrap=True)
        self.buttons: list[Button] = []
        self._flow = FlowLayout(gap=6)
        self._place = QWidget()
        self._place.setLayout(self._flow)
        self.setLayout(column(self.strip, self.said, self._place, gap=6))

    def show_offer(self, found: Offer) -> None:
        """Another offer."""
        base = self._session.workspace
        if base is None:
            return
        zone = base.worktime.office_zone()
        self.strip.show_offer(found, zone)
        self._flow.clear()
        self.buttons = []
        for starts in found.slots:
            button = Button(slot_words(starts, zone, self._session))
            button.clicked.connect(lambda _on=False, at=starts: self.taken.emit(at))
            self.buttons.append(button)
            self._flow.addWidget(button)
            button.show()
        free = _("Everybody has time then. Also free:")
        busy = _("Somebody is busy then. Everybody is free at:")
        none = _("There is no time within four weeks at which everybody is free")
        self.said.setText(none if not found.slots else free if found.is_free() else busy)


def slot_words(starts: int, zone: tzinfo, session: Session) -> str:
    """`today, 12:00`."""
    at = moment(starts).astimezone(zone)
    return f"{format_date(at.date(), i18n.language(), session.base.clock.today())}, {at:%H:%M}"


class InvitePanel(QWidget):
    """Whom to add, who was added, and the offer once there is somebody to ask for."""

    changed = Signal()
    grown = Signal()

    def __init__(self, session: Session, owner: Ref, others: Sequence[Ref] = ()) -> None:
        super().__init__()
        self._people: dict[Ref, str] = {}
        self.owner = owner
        self.others = list(others)
        self.add = ComboBox(name=_("Invite"))
        self.find = Button(_("Free times"), "clock", kind="ghost")
        self._flow = FlowLayout(gap=6)
        self._chips = QWidget()
        self._chips.setLayout(self._flow)
        self._chips.hide()
        self.offer = OfferView(session)
        self.offer.hide()
        self.setLayout(column(row(self.add, self.find, gap=8), self._chips, self.offer, gap=8))
        self.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]
        self.add.activated.connect(self._add)
        self.find.clicked.connect(self.changed)
        self._fill()

    def show_people(self, people: Sequence[PlanRow]) -> None:
        """Who and what can be invited."""
        self._people = {one.ref: one.name for one in people}
        self._fill()

    def _fill(self) -> None:
        known = {self.owner, *self.others}
        rest = [(name, ref) for ref, name in self._people.items() if ref not in known]
        self.add.set_choices([(_("Invite…"), None), *rest], None)
        self._flow.clear()
        for ref in self.others:
            chip = Chip("", self._people.get(ref, ""), remove_tip=_("Do not invite"))
            chip.removed.connect(lambda one=ref: self.remove(one))
            self._flow.addWidget(chip)
            chip.show()
        self._chips.setVisible(bool(self.others))

    def _add(self, _place: int) -> None:
        ref = self.add.value()
        if isinstance(ref, Ref):
            self.others.append(ref)
            self._fill()
            self.changed.emit()

    def remove(self, ref: Ref) -> None:
        """Somebody is not invited after all."""
        self.others.remove(ref)
        self._fill()
        self.changed.emit()

    def show_offer(self, found: Offer) -> None:
        """What the base says."""
        self.offer.show_offer(found)
        self.offer.show()
        self.grown.emit()


class Invitation(QObject):
    """Puts the panel into the box of a new entry, asks the base, and says what is to be made."""

    def __init__(
        self, controller: PlannerController, box: NewBox, swept: tuple[Ref, int, int],
        others: Sequence[Ref] = (),
    ) -> None:  # fmt: skip
        """`others`: who is invited already."""
        super().__init__(box)
        self._controller, self._box = controller, box
        self._row, self.starts, self.ends = swept
        self.panel = InvitePanel(controller.session, self._row, others)
        box.put(self.panel)
        self.panel.changed.connect(self.ask)
        self.panel.offer.taken.connect(self._take)
        planner, operations = controller.planner, controller.session.operations
        operations.query(
            ("planner", id(self), "people"), lambda _job: planner.rows(),
            owner=self, done=self.panel.show_people,
        )  # fmt: skip

    def entry(self, subject: str, kind: str) -> NewEntry:
        """What is entered now."""
        others = tuple(self.panel.others)
        return NewEntry(self._row, self.starts, self.ends, subject, kind, others=others)

    def ask(self) -> None:
        """When everybody is free."""
        controller, planner = self._controller, self._controller.planner
        rows, wanted = [self._row, *self.panel.others], (self.starts, self.ends)
        drafts = controller.drafting.drafts.all()

        def work(_job: Job) -> Offer:
            return offer(planner, rows, wanted, drafts=drafts)

        key = ("planner", id(self), "offer")
        operations = controller.session.operations
        operations.query(key, work, owner=self, done=self.panel.show_offer)

    def _take(self, starts: int) -> None:
        """The new entry goes there."""
        self.starts, self.ends = starts, starts + self.ends - self.starts
        session = self._controller.session
        zone = session.base.worktime.office_zone()
        end = moment(self.ends).astimezone(zone)
        self._box.set_when(f"{slot_words(starts, zone, session)}–{end:%H:%M}")
        self.ask()
