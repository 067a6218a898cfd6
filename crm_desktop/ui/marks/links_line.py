"""The line of chips that names what else an activity is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.marks.chip_line import ChipLine
from crm_desktop.ui.marks.chips import MarkChip
from crm_desktop.ui.marks.record_chooser import RecordChooser
from crm_desktop.ui.operations import Job
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.loading import CardContents
from crm_desktop.ui.record_card.values import Surroundings
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.popover import Popover


class LinksLine(ChipLine):
    """A click or Enter on a chip opens its record, Delete takes the link away."""

    def __init__(self, card: CardController) -> None:
        super().__init__()
        self._card = card
        self._ref: Ref | None = None
        self._links: dict[Ref, tuple[int, str]] = {}
        self.chips: list[MarkChip] = []
        self.add_button = MarkChip("", "neutral", "add", name="", parent=self)
        self.add_button.clicked.connect(self.choose)
        card.rights.keep(self.add_button)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self.add_button.setText(_("Link"))
        said = _("Link it to further records")
        self.add_button.setToolTip(plain_tip(said))
        self.add_button.setAccessibleName(said)
        self._arrange()

    def show_part(self, value: Any, contents: CardContents, around: Surroundings) -> None:
        """A chip for each link."""
        self._ref = contents.ref
        self._links = {ref: (id_, name) for id_, ref, name in value.links}
        self._drop(self.chips)
        catalogue = self._card.session.base.catalogue
        for ref, (_id, name) in self._links.items():
            entity = catalogue[ref.entity]
            said = _("Linked to: {name} ({object})").format(name=name, object=_(entity.label))
            chip = MarkChip(name, "neutral", entity.icon, name=said, parent=self)
            chip.clicked.connect(lambda _on=False, ref=ref: self._card.navigator.open_record(ref))
            chip.removed.connect(lambda ref=ref: self._toggle(ref, False))
            chip.show()
            self.chips.append(chip)
        self._arrange()

    def _parts(self) -> list[MarkChip]:
        return [*self.chips, self.add_button]

    def choose(self) -> None:
        """Opens the panel of records below the button."""
        from crm_desktop.services.activities.concerns import Shape

        catalogue = self._card.session.base.catalogue
        record = Shape.of(catalogue).record
        objects = [entity.key for entity in catalogue if catalogue.points(record, entity)]
        names = {ref: name for ref, (_id, name) in self._links.items()}
        chooser = RecordChooser(self._card.session, objects, names)
        chooser.toggled.connect(self._toggle)
        Popover(chooser, name=_("Linked records"), parent=self).open_below(self.add_button)

    def _toggle(self, record: Ref, on: bool) -> None:
        event = self._ref
        if event is None or self._card.rights.stops():
            return
        base, work = self._card.session.base, self._work(event, record, on=on)
        self._card.session.operations.run(
            lambda job: work(base, job), owner=self,
            failed=self._card.navigator.refuse,
            done=lambda outcome: self._card.navigator.toast(
                _("Linked") if on else _("Link removed"), outcome.operation
            ),
        )  # fmt: skip

    @staticmethod
    def _work(event: Ref, record: Ref, *, on: bool) -> Callable[[Any, Job], Any]:
        def work(base: Any, job: Job) -> Any:
            from crm_desktop.services.activities.concerns import concerned, link, unlink

            if on:
                return link(base, event.id, record)
            links = concerned(base, [event.id]).get(event.id, {})
            number = next((id_ for id_, ref in links.items() if ref == record), 0)
            return unlink(base, event.id, number)

        return work
