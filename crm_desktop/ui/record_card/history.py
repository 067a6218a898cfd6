"""The history of a record: who changed what and when; any change is undone from here.

Former values come back with one click, and a day chosen shows the card as it was at its end.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from crm_desktop import i18n
from crm_desktop.errors import InvalidInput, UserError
from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.fieldtypes import DateField
from crm_desktop.ui.editors.moments import DateEditor
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.record_card.as_of_view import AsOfView
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.history_row import HistoryRow
from crm_desktop.ui.record_card.loading import CardContents
from crm_desktop.ui.record_card.overview import ScrollPage
from crm_desktop.ui.record_card.tab import CardTab
from crm_desktop.ui.record_card.values import said_moment
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.strips import Skeleton

if TYPE_CHECKING:
    from crm_desktop.services.history.as_of import PastCard
    from crm_desktop.services.history.record import PastChange
    from crm_desktop.services.writing.records import Outcome

_PAGE = 30
_DAY = DateField("day", N_("Card as of"))


class HistoryTab(CardTab):
    """Changes, the newest first; or the card of a former day."""

    def __init__(self, controller: CardController, margin: int) -> None:
        super().__init__(controller)
        self._rows: list[HistoryRow] = []
        self._found: list[PastChange] = []
        self._is_more = False
        self.fields = ComboBox(name="")
        self.fields.currentIndexChanged.connect(lambda _at: self._narrowed())
        self._label = Label("", "body", "text2")
        self.day = DateEditor(_DAY, controller.session.base.parse_context)
        self.day.in_place = True
        self.day.setFixedWidth(px(170))
        self.day.committed.connect(self._day_chosen)
        self.day.cancelled.connect(self.leave_day)
        self.back = Button("", "back", "ghost")
        self.back.clicked.connect(self.leave_day)
        self.past = AsOfView()
        self._more = Button("")
        self._more.clicked.connect(self._show_more)
        self._none = Label("", "body", "text3", wrap=True)
        self.bones = Skeleton(8)
        self._list = column(gap=0)
        inside = (
            column(row(self.fields, None, self.back, self._label, self.day, gap=8), 4, self._none,
                   self.bones, self.past, self._list, row(self._more, None), None, gap=8,
                   margins=(margin, 12, margin, 20))
        )  # fmt: skip
        self._scroll = ScrollPage(inside)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)
        self.past.hide()
        self.back.hide()
        self.bones.hide()
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self._scroll.setAccessibleName(_("History"))
        self.fields.setAccessibleName(_("Field"))
        self._label.setText(_("Card as of"))
        self.back.setText(_("Back to the changes"))
        self._more.setText(_("Show earlier changes"))
        self._none.setText(_("No changes are on record."))
        if self.contents is not None:
            self._fill_fields()
            if self.isVisible():
                self.load(self.contents)

    def begin(self, contents: CardContents) -> None:
        self._found, self._is_more = [], False
        self.day.set_value(None)
        self.past.hide()
        self.back.hide()
        self.fields.choose_first()
        self._fill_fields()
        self._show()
        self._none.hide()

    def _fill_fields(self) -> None:
        assert self.contents is not None
        choices: list[tuple[str, object]] = [(_("All fields"), "")]
        choices += [(_(f.label), f.key) for f in self.contents.entity.fields if not f.kept]
        self.fields.renew(choices)

    # --- changes ----------------------------------------------------------------------------------

    def load(self, contents: CardContents) -> None:
        self._ask(contents, 0, max(_PAGE, len(self._found)))

    def _narrowed(self) -> None:
        self._found = []
        if self.contents is not None:
            self.load(self.contents)

    def _show_more(self) -> None:
        if self.contents is not None and self._found:
            self._ask(self.contents, self._found[-1].entry.seq, 2 * _PAGE)

    def _ask(self, contents: CardContents, before: int, limit: int) -> None:
        base, language, field = (
            self.controller.session.base, i18n.language(), str(self.fields.value() or ""),
        )  # fmt: skip
        entity = base.catalogue[contents.ref.entity]

        def work(job: Any) -> list[PastChange]:
            return base.record_history.of(
                entity, contents.ref.id, field=field, limit=limit, before=before, language=language
            )

        if not self._found:
            self.bones.begin(self._none)

        def done(found: list[PastChange]) -> None:
            self.bones.end()
            self._found = [*self._found, *found] if before else found
            self._is_more = len(found) >= limit
            self._show()

        def failed(error: UserError) -> None:
            self.bones.end()
            self.controller.navigator.refuse(error)

        self.controller.session.operations.query(
            ("history", id(self)), work, owner=self, done=done, failed=failed
        )

    def _show(self) -> None:
        looks_back = not self.past.isHidden()
        shown = [] if looks_back else self._found
        self._none.setVisible(not shown and not looks_back)
        self._more.setVisible(self._is_more and not looks_back)
        while len(self._rows) < len(shown):
            made = HistoryRow(self)
            made.undo_asked.connect(self.controller.undo)
            self.controller.rights.keep(made.undo)
            made.back_asked.connect(self.bring_back)
            self._list.addWidget(made)
            self._rows.append(made)
        around = self.controller.around() if shown else None
        for made, change in zip(self._rows, shown, strict=False):
            assert around is not None
            made.set_change(change, said_moment(change.entry.moment, around))
            made.show()
        for made in self._rows[len(shown) :]:
            made.hide()

    def bring_back(self, seq: int, key: str) -> None:
        """Gives a field the value it had before a change."""
        if self.controller.rights.stops():
            return
        base, navigator = self.controller.session.base, self.controller.navigator

        def done(outcome: Outcome) -> None:
            navigator.toast(_("The former value is back"), undo_operation=outcome.operation)

        self.controller.session.operations.run(
            lambda job: base.record_history.bring_back(seq, [key]), owner=self, done=done,
            failed=navigator.refuse,
        )  # fmt: skip

    # --- a former day -----------------------------------------------------------------------------

    def _day_chosen(self) -> None:
        try:
            day = self.day.value()
        except InvalidInput:
            return
        if isinstance(day, date):
            self.look_back(day)
        else:
            self.leave_day()

    def look_back(self, day: date) -> None:
        """Shows the card as it was at the end of a day."""
        contents, base = self.contents, self.controller.session.base
        if contents is None:
            return
        zone = base.clock.zone()
        end = datetime.combine(day + timedelta(days=1), time(), zone) - timedelta(milliseconds=1)

        def done(card: PastCard) -> None:
            self.past.show_card(card, self.controller.around())
            self.past.show()
            self.back.show()
            self._show()

        self.controller.session.operations.query(
            ("as-of", id(self)), lambda job: base.as_of.card(contents.entity, contents.ref.id, end),
            owner=self, done=done, failed=self.controller.navigator.refuse,
        )  # fmt: skip

    def leave_day(self) -> None:
        """Shows the changes again."""
        self.day.set_value(None)
        self.past.hide()
        self.back.hide()
        self._show()
