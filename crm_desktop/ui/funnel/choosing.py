"""What the figures are asked for: pipeline, period, basis, grouping, what is laid beside."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.fieldtypes import DateField
from crm_desktop.services.funnel.periods import Period
from crm_desktop.services.funnel.question import EVERYBODY, GROUPINGS
from crm_desktop.ui.funnel.kept import FORECAST, FUNNEL, load, save
from crm_desktop.ui.funnel.periods import CHOICES, OWN, USUAL, period_of
from crm_desktop.ui.funnel.sheets import BEFORE, YEAR
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.calendar import DateEdit
from crm_desktop.ui.widgets.choices import ComboBox, Segment
from crm_desktop.ui.widgets.layouts import FlowLayout, column

if TYPE_CHECKING:
    from collections.abc import Callable

_DAY = DateField("day", "")


class Choosing(QWidget):
    """The line of choices under the title."""

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._base, self._session = session.base, session
        self.chosen = load(session.settings, session.address)
        self.pipeline, self.period = ComboBox(name=""), ComboBox(name="")
        self.basis = Segment([("", False), ("", True)], name="")
        self.by, self.beside = ComboBox(name=""), ComboBox(name="")
        words = ("", "", "")
        self.since = DateEdit(name="", today=self._today, parse=self._parse, words=words)
        self.until = DateEdit(name="", today=self._today, parse=self._parse, words=words)
        flow = FlowLayout(gap=8)
        for part in (self.pipeline, self.period, self.since, self.until, self.basis, self.by,
                     self.beside):  # fmt: skip
            flow.addWidget(part)
        self.setLayout(column(flow))
        for edit in (self.since, self.until):
            edit.setFixedWidth(px(140))
        self._fill_days()
        self._connect()
        self.changed.connect(self.keep)
        keep_translated(self, self._say_texts)

    def _connect(self) -> None:
        self.pipeline.activated.connect(self._taker("which", self.pipeline.value))
        self.period.activated.connect(self._taker("period", self.period.value))
        self.by.activated.connect(self._taker("by", self.by.value))
        self.beside.activated.connect(self._taker("beside", self.beside.value))
        self.basis.chosen.connect(self._taker("closing", self.basis.value))
        self.since.day_changed.connect(self._days_typed)
        self.until.day_changed.connect(self._days_typed)

    def _taker(self, name: str, value: Callable[[], object]) -> Callable[[object], None]:
        def take(_given: object) -> None:
            setattr(self.chosen, name, value())
            self.chosen.only = EVERYBODY
            self._show_what_fits()
            self.changed.emit()

        return take

    def _parse(self, text: str) -> date:
        try:
            day = _DAY.parse(text, self._base.parse_context())
        except InvalidInput as error:
            raise ValueError(text) from error
        if not isinstance(day, date):
            raise ValueError(text)
        return day

    def _today(self) -> date:
        """The office's, as the days of all figures are; the base is not asked for them here."""
        office = self._base.worktime.known(None)
        now = self._base.clock.now()
        return now.astimezone(office.zone if office else self._base.clock.zone()).date()

    def _fill_days(self) -> None:
        shown = period_of(USUAL, self._today())
        kept = self.chosen
        self.since.set_day(kept.since or shown.since)
        self.until.set_day(kept.until or shown.until)

    def _days_typed(self, _day: object) -> None:
        since, until = self.since.day(), self.until.day()
        wrong = since is not None and until is not None and until < since
        self.until.set_bad(wrong)
        if since is not None and until is not None and not wrong:
            self.chosen.since, self.chosen.until = since, until
            self.changed.emit()

    def _say_texts(self) -> None:
        chosen = self.chosen
        self.pipeline.setAccessibleName(_("Pipeline"))
        self.period.setAccessibleName(_("Period"))
        self.period.set_choices([(_(name), key) for key, name in CHOICES.items()], chosen.period)
        self.basis.set_choices([(_("By opening"), False), (_("By closing"), True)])
        self.basis.set_value(chosen.closing)
        self.basis.set_name(_("Which deals"))
        by: list[tuple[str, Any]] = [(_("Not divided"), "")]
        self.by.set_choices([*by, *((_(n), key) for key, n in GROUPINGS.items())], chosen.by)
        self.by.setAccessibleName(_("Divided"))
        self.beside.set_choices([
            (_("Beside the period before"), BEFORE), (_("Beside the year before"), YEAR),
            (_("Nothing beside"), ""),
        ], chosen.beside)  # fmt: skip
        self.beside.setAccessibleName(_("What is laid beside"))
        self.since.setAccessibleName(_("From"))
        self.until.setAccessibleName(_("Until"))
        self._show_what_fits()

    # --- what the page asks -----------------------------------------------------------------------

    def show_tab(self, tab: str) -> None:
        """Only what matters to a tab is offered."""
        self.chosen.tab = tab
        self._show_what_fits()
        self.keep()

    def keep(self) -> None:
        """What is chosen is found again the next time."""
        save(self._session.settings, self._session.address, self.chosen)

    def set_pipelines(self, known: list[tuple[int, str]]) -> None:
        """The pipelines of the base; the first one if the chosen one has gone."""
        if self.chosen.which not in [id_ for id_, _name in known]:
            self.chosen.which = known[0][0] if known else 0
        self.pipeline.set_choices([(name, id_) for id_, name in known], self.chosen.which)
        self._show_what_fits()

    def divide(self, by: str) -> None:
        """Also apart for each manager, source or segment; '' for all together."""
        self.by.set_value(by)
        self.by.activated.emit(self.by.currentIndex())

    def span(self) -> Period | None:
        """Own dates, if they are chosen and make sense; None for a period by its name."""
        since, until = self.since.day(), self.until.day()
        if self.chosen.period != OWN or since is None or until is None or until < since:
            return None
        return Period(since, until)

    def _show_what_fits(self) -> None:
        tab, own = self.chosen.tab, self.chosen.period == OWN
        for part in (self.pipeline, self.basis, self.by, self.beside):
            part.setVisible(tab == FUNNEL)
        self.pipeline.setVisible(tab == FUNNEL and self.pipeline.count() > 1)
        self.period.setVisible(tab != FORECAST)
        for edit in (self.since, self.until):
            edit.setVisible(own and tab != FORECAST)
        self.setVisible(tab != FORECAST)
