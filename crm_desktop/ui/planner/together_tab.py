"""Who takes part in an activity, and below the table when all of them are free."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Link
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import HALF_HOUR
from crm_desktop.services.planner.double_booking import DoubleBooked, participants
from crm_desktop.services.planner.service import Planner
from crm_desktop.services.planner.slots import Offer, offer
from crm_desktop.services.writing.records import Outcome
from crm_desktop.ui.operations import Job
from crm_desktop.ui.planner.asking import ask_twice
from crm_desktop.ui.planner.inviting import OfferView, slot_words
from crm_desktop.ui.record_card.children import ChildTab
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.loading import CardContents
from crm_desktop.ui.record_card.tab import CardTab
from crm_desktop.ui.widgets.labels import Rule, Surface
from crm_desktop.ui.widgets.layouts import column

_MARGIN = 24


class TogetherTab(CardTab):
    """The plain table of participants and an offer of times; one click moves the activity."""

    def __init__(self, controller: CardController) -> None:
        super().__init__(controller)
        self.planner = Planner(controller.session.base)
        self.children_tab = ChildTab(controller, self._link(), _MARGIN)
        self.offer = OfferView(controller.session)
        self._shown: Offer | None = None
        self._ground = Surface("surface", "t")
        self._ground.setLayout(column(self.offer, gap=0, margins=(_MARGIN, 10, _MARGIN, 14)))
        self._ground.hide()
        whole = column(self.children_tab, Rule(), self._ground, gap=0)
        whole.setStretch(0, 1)
        self.setLayout(whole)
        self.children_tab.tab_wanted.connect(self.tab_wanted)
        self.offer.taken.connect(self.take)

    def _link(self) -> Link:
        schedule = self.planner.schedule
        links = self.controller.session.base.catalogue.links_to(schedule.event)
        key = (schedule.part.key, schedule.takes_part.event)
        return next(link for link in links if (link.entity.key, link.field.key) == key)

    def show_contents(self, contents: CardContents) -> None:
        self.children_tab.show_contents(contents)
        super().show_contents(contents)

    def is_changed(self) -> bool:
        return self.children_tab.is_changed()

    # --- the offer --------------------------------------------------------------------------------

    def load(self, contents: CardContents) -> None:
        planner, ref = self.planner, contents.ref

        def work(_job: Job) -> Offer | None:
            return offer_of(planner, ref)

        def done(found: Offer | None) -> None:
            self._shown = found
            self._ground.setVisible(found is not None)
            if found is not None:
                self.offer.show_offer(found)

        operations = self.controller.session.operations
        operations.query(("together", id(self)), work, owner=self, done=done)

    def take(self, starts: int, *, twice: bool = False) -> None:
        """The activity takes place then."""
        contents, shown, planner = self.contents, self._shown, self.planner
        if contents is None or shown is None:
            return
        ends = starts + shown.wanted[1] - shown.wanted[0]
        session, navigator = self.controller.session, self.controller.navigator

        def done(outcome: Outcome) -> None:
            zone = session.base.worktime.office_zone()
            said = _("Takes place {when} now").format(when=slot_words(starts, zone, session))
            navigator.toast(said, undo_operation=outcome.operation)

        def failed(error: UserError) -> None:
            if isinstance(error, DoubleBooked) and error.allowed:
                if ask_twice(self, error):
                    self.take(starts, twice=True)
                return
            navigator.refuse(error)

        session.operations.run_asked(
            lambda _job: planner.put(contents.ref.id, starts, ends, twice=twice),
            owner=self, done=done, failed=failed, title=_("Free times"),
        )  # fmt: skip

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.children_tab.bring_up_to_date()


def offer_of(planner: Planner, ref: Ref) -> Offer | None:
    """For whoever takes part in a record; None where it repeats, is over, or nobody is known."""
    bar = planner.bar_of(ref.id)
    parts = participants(planner, [ref.id]).get(ref.id, {})
    rows = [*([bar.row] if bar.row.id else []), *parts.values()]
    scheduled = planner.schedule.scheduled
    if bar.series or bar.state in (*scheduled.closed, scheduled.done) or not rows:
        return None
    now = int(planner.base.clock.now().timestamp())
    wanted = (bar.starts, bar.ends) if bar.starts else (now, now + HALF_HOUR)
    return offer(planner, rows, wanted, without=(ref.id,))
