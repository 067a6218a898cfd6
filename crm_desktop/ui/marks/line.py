"""The line of chips under the name of a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.traits import Member, Selecting, Selections, Tags
from crm_desktop.models.query import Condition
from crm_desktop.models.text.normalise import norm
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.marks.chip_line import ChipLine
from crm_desktop.ui.marks.chips import MarkChip
from crm_desktop.ui.marks.chooser import TagChooser
from crm_desktop.ui.operations import Job
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.loading import CardContents
from crm_desktop.ui.record_card.values import Surroundings
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.widgets.popover import Popover

if TYPE_CHECKING:
    from crm_desktop.services.selections.service import Membership, Selection
    from crm_desktop.services.writing.changes import ChangeSet


class MarksLine(ChipLine):
    """Tags, the button for more of them, then the selections the record stands in."""

    def __init__(self, card: CardController) -> None:
        super().__init__()
        self._card = card
        self._ref: Ref | None = None
        self._tags: dict[str, tuple[str, str]] = {}
        self._field = ""
        self.chips: list[MarkChip] = []
        self.selections: list[MarkChip] = []
        self.add_button = MarkChip("", "neutral", "add", name=_("Add or remove tags"), parent=self)
        self.add_button.clicked.connect(self.choose_tags)
        card.rights.keep(self.add_button)
        card.session.changed.connect(self._changed)
        keep_translated(self, self._say_texts)

    def _changed(self, changes: ChangeSet) -> None:
        """Selections have changed: perhaps those of this record."""
        base = self._card.session.workspace
        if base is None or self._ref is None or not self.isVisible():
            return
        kept = [base.catalogue.with_trait(kind)[0].key for kind in (Member, Selecting)]
        if any(changes.touches(key) for key in kept):
            self._ask_selections(self._ref)

    def _say_texts(self) -> None:
        self.add_button.setText(_("Tag"))
        self.add_button.setToolTip(_("Add or remove tags"))
        self.add_button.setAccessibleName(_("Add or remove tags"))
        self._arrange()

    def show_part(self, value: Any, contents: CardContents, around: Surroundings) -> None:
        """Shows the tags at once and asks for the selections."""
        other = self._ref != contents.ref
        self._ref = contents.ref
        trait = contents.entity.trait(Tags)
        self._field = trait.field if trait is not None else ""
        self.add_button.setVisible(trait is not None)
        self._show_tags({norm(name): (name, tone) for name, tone in value.tags})
        if other:
            self._show_selections(())
        if contents.entity.trait(Selections) is not None:
            self._ask_selections(contents.ref)

    def _show_tags(self, tags: dict[str, tuple[str, str]]) -> None:
        self._tags = tags
        self._drop(self.chips)
        for name, tone in tags.values():
            said = _("Tag “{name}”").format(name=name)
            chip = MarkChip(name, tone, "", name=said, parent=self)
            chip.clicked.connect(self.choose_tags)
            chip.removed.connect(lambda name=name: self._toggle(name, False))
            chip.show()
            self.chips.append(chip)
        self._arrange()

    def _parts(self) -> list[MarkChip]:
        shown = [self.add_button] if self._field else []
        return [*self.chips, *shown, *self.selections]

    # --- selections -------------------------------------------------------------------------------

    def _ask_selections(self, ref: Ref) -> None:
        base = self._card.session.base

        def work(job: Job) -> Membership:
            from crm_desktop.services.selections.service import membership

            return membership(base, ref, job.check)

        self._card.session.operations.query(
            ("membership", id(self)), work, owner=self, done=lambda found: self._take(ref, found)
        )

    def _take(self, ref: Ref, found: Membership) -> None:
        if ref == self._ref:
            self._show_selections(found.selections)

    def _show_selections(self, found: tuple[Selection, ...]) -> None:
        self._drop(self.selections)
        for one in found:
            said = _("In the segment “{name}”").format(name=one.name)
            chip = MarkChip(one.name, one.tone, "list", name=said, parent=self)
            chip.clicked.connect(lambda _on=False, one=one: self._open(one))
            chip.removed.connect(lambda one=one: self._leave(one))
            chip.show()
            self.selections.append(chip)
        self._arrange()

    def _open(self, one: Selection) -> None:
        where = Condition("in_segment", "in", (one.id,))
        self._card.navigator.show_list(one.about, where=where)

    def _leave(self, one: Selection) -> None:
        base, ref = self._card.session.base, self._ref
        if ref is None or self._card.session.refusals.stops(WRITE):
            return

        def work(job: Job) -> Any:
            from crm_desktop.services.selections.writes import remove_members

            return remove_members(base, one, [ref.id])

        said = _("Taken out of “{name}”").format(name=one.name)
        self._card.session.operations.run(
            work, owner=self, failed=self._card.navigator.refuse,
            done=lambda result: self._card.navigator.toast(said, result.operation),
        )  # fmt: skip

    # --- tags -------------------------------------------------------------------------------------

    def choose_tags(self) -> None:
        """Opens the panel of tags below the button."""
        if not self._field or self._card.rights.stops():
            return
        chooser = TagChooser(self._card.session, [name for name, _tone in self._tags.values()])
        chooser.toggled.connect(self._toggle)
        Popover(chooser, name=_("Tags"), parent=self).open_below(self.add_button)

    def _toggle(self, name: str, on: bool) -> None:
        if self._ref is None or self._card.rights.stops():
            return
        base, ref, before = self._card.session.base, self._ref, self._tags
        added = {norm(name): (name, "neutral")} if on else {}
        self._show_tags({key: tag for key, tag in before.items() if key != norm(name)} | added)
        said = _("Tag “{name}” added") if on else _("Tag “{name}” removed")

        def work(_job: Job) -> Any:
            from crm_desktop.services.tags.service import TagChange, change_tags_of

            change = TagChange(add=(name,)) if on else TagChange(remove=(name,))
            return change_tags_of(base, ref, change)

        def failed(error: UserError) -> None:
            if ref == self._ref:
                now = {norm(name)} if norm(name) in before else set()
                now |= self._tags.keys() - {norm(name)}
                every = before | self._tags
                self._show_tags({key: tag for key, tag in every.items() if key in now})
            self._card.navigator.refuse(error)

        self._card.session.operations.run(
            work, owner=self, failed=failed,
            done=lambda made: self._card.navigator.toast(said.format(name=name), made.operation),
        )  # fmt: skip
