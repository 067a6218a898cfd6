"""Somebody is away: a box with a proposal for each of their open entries, each to be changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from crm_desktop import i18n
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.services.planner.bars import PlanRow, moment
from crm_desktop.services.planner.standing_in import LEFT_OUT, Away, Proposal, chosen
from crm_desktop.ui.editors.days import day_edit
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.choices import CheckBox, ComboBox
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.labels import ElidedLabel, Label, Surface
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace


class AwayBox(Dialog):
    """Asks for proposals when person or days change; hands over what is chosen."""

    asked = Signal(object)
    """An `Away` of which proposals are wanted."""
    decided = Signal(object, object, bool)
    """(proposals, `Away`, whether as drafts first)"""

    def __init__(
        self, parent: QWidget, base: Workspace, people: Sequence[PlanRow], start: tuple[Ref, date]
    ) -> None:
        self._base, self._names = base, {one.ref: one.name for one in people}
        self.proposals: list[Proposal] = []
        self.choices: list[ComboBox] = []
        self.people = ComboBox(name=_("Who is away"))
        choices: list[tuple[str, object]] = [(one.name, one.ref) for one in people]
        self.people.set_choices(choices, start[0])
        self.first, self.last = (day_edit(base, name) for name in (_("From"), _("Until")))
        self.first.set_day(start[1])
        self.last.set_day(start[1])
        self.absence = CheckBox(_("Enter the absence, too"))
        self.absence.setChecked(True)
        self.count = Label("", "small", "text2", wrap=True)
        self._grid_place = QWidget()
        super().__init__(_("Plan the day anew"), self._arranged(), parent)
        self.setMinimumSize(px(680), px(480))
        self.cancel = self.add_button(_("Back"), result=0)
        self.draft = self.add_button(_("Try as drafts"))
        self.go = self.add_button(_("Apply all"), kind="primary")
        self.draft.clicked.connect(lambda: self._decide(drafts=True))
        self.go.clicked.connect(lambda: self._decide(drafts=False))
        self.people.activated.connect(self.ask)
        for edit in (self.first, self.last):
            edit.day_changed.connect(self.ask)
        self.show_proposals([], {})

    def _arranged(self) -> QWidget:
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.viewport().setAutoFillBackground(False)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.people.setMinimumWidth(px(200))
        line = row(
            self.people, Label(_("From"), "body", "text2"), self.first,
            Label(_("Until"), "body", "text2"), self.last, None, gap=8,
        )  # fmt: skip
        body = QWidget()
        layout = column(line, self.absence, self.count, self._scroll, gap=10)
        layout.setStretch(3, 1)
        body.setLayout(layout)
        return body

    # --- what is asked and shown ------------------------------------------------------------------

    def away(self) -> Away | None:
        """Who is away and when; None while a day is missing or they stand the wrong way round."""
        person, first, last = self.people.value(), self.first.day(), self.last.day()
        if not isinstance(person, Ref) or first is None or last is None or last < first:
            return None
        subject = _("Absence") if self.absence.isChecked() else ""
        return Away(person, self._names.get(person, ""), first, last, subject)

    def ask(self, _changed: object = None) -> None:
        """Proposals for what is entered now."""
        away = self.away()
        self.last.set_bad(away is None)
        self.first.set_bad(away is None)
        if away is None:
            self.show_proposals([], {})
            self.count.setText(_("Choose who is away, and from which day to which"))
        else:
            self.asked.emit(away)

    def show_proposals(self, found: list[Proposal], about: dict[Ref, str]) -> None:
        """A line each: what it is, and a choice of ways out."""
        self.proposals, self.choices = found, []
        place = Surface("surface")
        grid = QGridLayout(place)
        grid.setContentsMargins(0, 0, px(8), 0)
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(8))
        for number, one in enumerate(found):
            name = about.get(one.bar.about, "") if one.bar.about is not None else ""
            title = f"{one.bar.subject} · {name}" if name else one.bar.subject
            combo = ComboBox(name=_("What becomes of “{name}”").format(name=title))
            combo.set_choices(self._ways(one), one.chosen)
            combo.currentIndexChanged.connect(self._say)
            self.choices.append(combo)
            grid.addWidget(Label(self._when(one.bar.starts), "body", "text2"), number, 0)
            grid.addWidget(ElidedLabel(title, "strong"), number, 1)
            grid.addWidget(combo, number, 2)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(2, px(290))
        grid.setRowStretch(len(found), 1)
        self._scroll.setWidget(place)
        self._say()

    def _ways(self, one: Proposal) -> list[tuple[str, object]]:
        ways: list[tuple[str, object]] = []
        for place, way in enumerate(one.ways):
            name = self._names.get(way.row, "")
            later = way.starts != one.bar.starts
            ways.append((f"{name}, {self._when(way.starts)}" if later else name, place))
        return [*ways, (_("Leave it as it is"), LEFT_OUT)]

    def _when(self, starts: int) -> str:
        zone = self._base.worktime.office_zone()
        at = moment(starts).astimezone(zone)
        day = format_date(at.date(), i18n.language(), self._base.clock.today())
        return f"{day}, {at:%H:%M}"

    def _say(self, _place: int = 0) -> None:
        count = len(self.proposals)
        left = sum(combo.value() == LEFT_OUT for combo in self.choices)
        text = _("Nothing is open on these days")
        if count:
            text = ngettext("{count} open entry", "{count} open entries", count)
            text = text.format(count=count)
            if left:
                stay = ngettext("{count} stays as it is", "{count} stay as they are", left)
                text = f"{text} · {stay.format(count=left)}"
        self.count.setText(text)
        self.draft.setEnabled(count > left)
        self.go.setEnabled(count > left or (self.absence.isChecked() and self.away() is not None))

    def _decide(self, *, drafts: bool) -> None:
        away = self.away()
        if away is not None:
            places = [int(str(combo.value())) for combo in self.choices]
            self.decided.emit(chosen(self.proposals, places), away, drafts)
