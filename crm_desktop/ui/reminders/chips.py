"""The line of reminders of an activity: a chip each, and a button that adds more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.lead_times import before
from crm_desktop.services.reminders.moments import ALL_DAY_OFFSETS, OFFSETS
from crm_desktop.ui.card_parts import PartWidget
from crm_desktop.ui.icons import icon
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.operations import Job
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.layouts import FlowLayout
from crm_desktop.ui.widgets.marks import Chip
from crm_desktop.ui.widgets.popover import Menu

if TYPE_CHECKING:
    from crm_desktop.services.writing.changes import ChangeSet
    from crm_desktop.ui.record_card.controller import CardController
    from crm_desktop.ui.record_card.loading import CardContents
    from crm_desktop.ui.record_card.values import Surroundings
    from crm_desktop.ui.reminders.line_box import LineBox
    from crm_desktop.ui.reminders.part import ShownReminders


class ReminderChips(PartWidget):
    """Each click is written at once and can be undone."""

    def __init__(self, card: CardController) -> None:
        super().__init__()
        self._card = card
        self._ref: Ref | None = None
        self._shown: ShownReminders | None = None
        self.chips: list[Chip] = []
        self.add_button = Button("", "bell", kind="ghost")
        self.add_button.clicked.connect(self.open_menu)
        card.session.refusals.keep(self.add_button, WRITE)
        self._flow = FlowLayout(self, gap=6)
        self._flow.addWidget(self.add_button)
        card.session.changed.connect(self._changed)
        keep_translated(self, self._say_texts)

    def _changed(self, changes: ChangeSet) -> None:
        """Reminders are no tab of the card, which so does not see them change."""
        base = self._card.session.workspace
        if base is None or self._ref is None or not self.isVisible():
            return
        if changes.touches(base.reminders.question.entity.key):
            self._card.reload()

    def _say_texts(self) -> None:
        self.add_button.setText(_("Remind"))
        self.add_button.setToolTip(_("Add a reminder"))
        self._fill()

    def show_part(self, value: Any, contents: CardContents, around: Surroundings) -> None:
        """Shows the reminders of a record."""
        self._ref, self._shown = contents.ref, value
        self._fill()

    def _fill(self) -> None:
        for chip in self.chips:
            self._flow.drop(chip)
        self.chips = []
        if self._shown is None:
            return
        for id_, minutes, channel in self._shown.reminders:
            chip = Chip(
                self._channel_word(channel), before(minutes, all_day=self._shown.all_day),
                remove_tip=_("Remove this reminder"), parent=self,
            )  # fmt: skip
            chip.removed.connect(lambda id_=id_: self.remove(id_))
            self._flow.insert_widget(len(self.chips), chip)
            chip.show()
            self.chips.append(chip)
        self.updateGeometry()

    def _channel_word(self, channel: str) -> str:
        """Nothing for the window, which is what people expect."""
        question = self._card.session.base.reminders.question
        field = question.entity.field(question.trait.channel)
        return "" if channel in ("", question.trait.window) else field.format(channel, "")

    # --- adding and removing ----------------------------------------------------------------------

    def open_menu(self) -> Menu:
        """How long before; the other channels stand in menus of their own."""
        question = self._card.session.base.reminders.question
        field = question.entity.field(question.trait.channel)
        menu = Menu(self)
        for choice in getattr(field, "choices", ()):
            if choice.key == question.trait.window:
                self._offer(menu, choice.key)
        menu.addSeparator()
        for choice in getattr(field, "choices", ()):
            if choice.key != question.trait.window:
                more = Menu(menu, title=_(choice.label))
                more.setIcon(icon(choice.icon or "bell"))
                self._offer(more, choice.key)
                menu.addMenu(more)
        menu.addSeparator()
        menu.addAction(icon("edit"), _("In one line…")).triggered.connect(self.ask_line)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.open_below(self.add_button)
        return menu

    def _offer(self, menu: Menu, channel: str) -> None:
        if self._shown is None:
            return
        all_day = self._shown.all_day
        had = {minutes for _id, minutes, kept in self._shown.reminders if kept == channel}
        for minutes in ALL_DAY_OFFSETS if all_day else OFFSETS:
            if minutes not in had:
                action = menu.addAction(before(minutes, all_day=all_day))
                action.triggered.connect(lambda _on=False, m=minutes: self.add(m, channel))

    def add(self, minutes: int, channel: str) -> None:
        """A further reminder."""
        base, ref = self._card.session.base, self._ref
        if ref is None:
            return
        question = base.reminders.question
        trait = question.trait
        values = {trait.event: ref.id, trait.offset: minutes, trait.channel: channel}
        self._write(
            lambda job: base.records.create(question.entity.key, values).operation,
            _("Reminder added"),
        )

    def ask_line(self) -> LineBox | None:
        """All of them as one line to be typed over."""
        shown, ref = self._shown, self._ref
        if shown is None or ref is None:
            return None
        from crm_desktop.services.reminders.asked import as_typed, set_reminders
        from crm_desktop.services.reminders.lines import reminders_line
        from crm_desktop.ui.reminders.line_box import LineBox

        base, all_day = self._card.session.base, shown.all_day
        known = [(minutes, channel) for _id, minutes, channel in shown.reminders]
        box = LineBox(reminders_line(as_typed(known, all_day=all_day)), self)

        def keep(wanted: Any) -> None:
            self._write(
                lambda job: set_reminders(base, ref.id, wanted, all_day=all_day).operation,
                _("Reminders changed"),
            )

        box.chosen.connect(keep)
        box.open()
        return box

    def remove(self, id_: int) -> None:
        """One reminder less."""
        base = self._card.session.base
        key = base.reminders.question.entity.key
        self._write(lambda job: base.records.delete(key, [id_]).operation, _("Reminder removed"))

    def _write(self, work: Any, said: str) -> None:
        navigator = self._card.navigator

        def run(job: Job) -> int:
            return int(work(job))

        self._card.session.operations.run(
            run, owner=self, failed=navigator.refuse,
            done=lambda operation: navigator.toast(said, operation),
        )  # fmt: skip
