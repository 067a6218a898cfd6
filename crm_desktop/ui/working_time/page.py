"""The page of working calendars: a week of hours, and a year of days that a click changes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from crm_desktop import i18n
from crm_desktop.errors import UserError
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.traits import Scheduled, WorkHours
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.models.text.numbers import format_number
from crm_desktop.models.worktime.calendar import OFF, SHORT, WORKING
from crm_desktop.services.rights import words as rights
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import PAGE, Navigator, Place
from crm_desktop.ui.page import Page
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button, ToolButton
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.labels import Label, Surface
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.popover import Menu
from crm_desktop.ui.working_time.week_form import WeekForm
from crm_desktop.ui.working_time.year_grid import YearGrid
from crm_desktop.ui.working_time.year_lists import YearLists

if TYPE_CHECKING:
    from crm_desktop.services.worktime.years import CalendarYear
    from crm_desktop.services.writing.changes import ChangeSet

NAME = "working-time"
_REFRESH_MS = 250
_FORM_WIDTH = 260


class WorkingTimePage(Page):
    """Every change is saved at once and can be undone at once; the page follows the base."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._session, self._navigator = session, navigator
        self._entity, trait = session.base.catalogue.with_trait(WorkHours)
        self._today = session.base.clock.today()
        self._calendar: int | None = None
        self._year = self._today.year
        self._shown: CalendarYear | None = None
        self._title, self._sum = Label("", "page"), Label("", "body", "text2")
        self.calendars = ComboBox(name="")
        self.add, self.card = Button("", "add"), ToolButton("open", "")
        self.before, self.after = ToolButton("chevron-left", ""), ToolButton("chevron-right", "")
        self._number = Label("", "title")
        self.week = WeekForm(session, self._entity, trait)
        self.grid = YearGrid(self._today, name="")
        self.lists = YearLists()
        self.lists.opened.connect(self._open_absence)
        self.empty = EmptyState()
        self._lay_out()
        self._connect()
        keep_translated(self, self._say_texts)

    def _lay_out(self) -> None:
        self.calendars.setMinimumWidth(px(220))
        head = row(self._title, self.calendars, self.card, None, self.add, gap=10,
                   margins=(24, 18, 24, 12))  # fmt: skip
        years = row(self.before, self._number, self.after, None, self._sum, gap=8,
                    margins=(0, 0, 16, 0))  # fmt: skip
        inner = Surface("surface")
        inner.setLayout(column(self.grid, self.lists, None, gap=0, margins=(0, 8, 16, 24)))
        right = QWidget()
        right.setLayout(column(years, _scrolled(inner), gap=8))
        form = Surface("surface")
        form.setLayout(column(self.week, gap=0, margins=(2, 2, 12, 24)))
        left = _scrolled(form)
        left.setFixedWidth(px(_FORM_WIDTH))
        body = row(left, right, gap=24, margins=(24, 0, 8, 0))
        body.setStretch(1, 1)
        self._body = QWidget()
        self._body.setLayout(body)
        ground = Surface("surface")
        layout = column(head, self._body, self.empty, gap=0)
        layout.setStretch(1, 1)
        layout.setStretch(2, 1)
        ground.setLayout(layout)
        self.setLayout(column(ground, gap=0))
        self.empty.hide()

    def _connect(self) -> None:
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.read)
        self.calendars.activated.connect(self._choose)
        self.add.clicked.connect(self._new)
        self.empty.primary.connect(self._new)
        keep = self._session.refusals.keep
        for button in (self.add, self.empty.primary_button):
            keep(button, rights.CREATE, self._entity.key)
        keep(self.week, rights.EDIT, self._entity.key)
        self.card.clicked.connect(self._open)
        self.before.clicked.connect(lambda: self.show_year(self._year - 1))
        self.after.clicked.connect(lambda: self.show_year(self._year + 1))
        self.week.changed.connect(self._save_field)
        self.grid.day_wanted.connect(self.set_day)
        self.grid.menu_asked.connect(self._menu)
        self._session.changed.connect(self._changed)

    def _say_texts(self) -> None:
        self._title.setText(_("Working time"))
        self.calendars.setAccessibleName(_(self._entity.label))
        self.add.setText(_(self._entity.new_label))
        self.card.set_tip(_("Open the whole card"))
        self.before.set_tip(_("Year before"))
        self.after.set_tip(_("Year after"))
        self.grid.set_name(_("Days of the year"))
        self.empty.set_texts(
            "calendar", _("There is no working calendar yet"),
            _("With one, deadlines and reminders know working hours and holidays."),
        )  # fmt: skip
        self.empty.set_actions((_(self._entity.new_label), "add"))
        self.title_changed.emit()
        self.read()

    # --- reading ----------------------------------------------------------------------------------

    def read(self) -> None:
        """Asks for the calendar and the year that are chosen."""
        base, wanted, year = self._session.workspace, self._calendar, self._year
        if base is None:
            return

        def work(_job: Any) -> CalendarYear | None:
            from crm_desktop.services.worktime.years import read_year

            return read_year(base, wanted, year)

        self._session.operations.query((NAME,), work, owner=self, done=self._show)

    def _show(self, found: CalendarYear | None) -> None:
        self._shown = found
        self._body.setVisible(found is not None)
        self.empty.setVisible(found is None)
        for part in (self.calendars, self.card, self.add):
            part.setVisible(found is not None)
        if found is None:
            return
        self._calendar = found.id
        self.calendars.set_choices([(name, id_) for id_, name in found.others], found.id)
        self._number.setText(str(found.year))
        self.grid.show_year(found.year, found.days)
        self.lists.show_year(found)
        self.week.show_values(found.values)
        language = i18n.language()
        days = ngettext("{count} working day", "{count} working days", found.workdays)
        hours = ngettext("{count} hour", "{count} hours", found.minutes // 60)
        count = format_number(found.minutes // 60, 0, language)
        self._sum.setText(f"{days.format(count=found.workdays)} · {hours.format(count=count)}")

    def _changed(self, changes: ChangeSet) -> None:
        if changes.touched:
            self._soon.start(_REFRESH_MS)

    def show_year(self, year: int) -> None:
        """Shows another year."""
        from crm_desktop.services.worktime.years import FIRST_YEAR, LAST_YEAR

        self._year = min(LAST_YEAR, max(FIRST_YEAR, year))
        self.read()

    def _choose(self, _place: int) -> None:
        chosen = self.calendars.value()
        self._calendar = chosen if isinstance(chosen, int) else None
        self.read()

    def _new(self) -> None:
        self._navigator.new_record(self._entity.key)

    def _open(self) -> None:
        if self._calendar is not None:
            self._navigator.open_record(Ref(self._entity.key, self._calendar))

    def _open_absence(self, record: int) -> None:
        event, _trait = self._session.base.catalogue.with_trait(Scheduled)
        self._navigator.open_record(Ref(event.key, record))

    # --- changing ---------------------------------------------------------------------------------

    def set_day(self, day: date, kind: str) -> None:
        """Makes a day of the calendar off, short, working or as usual."""
        base, calendar = self._session.base, self._calendar
        if calendar is None:
            return

        def work(_job: Any) -> int | None:
            from crm_desktop.services.worktime.years import set_day

            return set_day(base, calendar, day, kind)

        self._session.operations.run(work, owner=self, done=lambda done: self._saved(day, done))

    def _saved(self, day: date, operation: int | None) -> None:
        self.read()
        if operation is not None:
            said = _("{day} is changed").format(day=format_date(day, i18n.language()))
            self._navigator.toast(said, undo_operation=operation)

    def _save_field(self, key: str, value: Any) -> None:
        base, calendar, entity = self._session.base, self._calendar, self._entity
        if calendar is None:
            return

        def refused(error: UserError) -> None:
            self.week.refuse(error.field or key, error.message)

        self._session.operations.run(
            lambda _job: base.records.update(entity.key, calendar, {key: value}).operation,
            owner=self, done=self._field_saved, failed=refused,
        )  # fmt: skip

    def _field_saved(self, operation: int) -> None:
        self.read()
        self._navigator.toast(_("The calendar is changed"), undo_operation=operation)

    def _menu(self, day: date, at: QPoint) -> None:
        if self._session.refusals.stops(rights.EDIT, self._entity.key):
            return
        menu = Menu(self)
        mark = self._shown.days.get(day) if self._shown is not None else None
        for kind, text in (
            (WORKING, _("Working day")), (SHORT, _("Short day, an hour less")),
            (OFF, _("Day off")),
        ):  # fmt: skip
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(mark is not None and mark.kind == kind)
            action.triggered.connect(lambda _on=False, kind=kind: self.set_day(day, kind))
        menu.addSeparator()
        usual = menu.addAction(_("As usual"))
        usual.setEnabled(mark is not None and mark.own)
        usual.triggered.connect(lambda: self.set_day(day, "usual"))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    # --- what the window asks ---------------------------------------------------------------------

    def title(self) -> str:
        return _("Working time")

    def icon(self) -> str:
        return "calendar"

    def place(self) -> Place:
        return Place(PAGE, name=NAME)

    def run(self, action_id: str) -> bool:
        if action_id == "refresh":
            self.read()
        elif action_id == "new":
            self._new()
        else:
            return False
        return True

    def take_focus(self) -> None:
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)


def _scrolled(inner: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    return area
