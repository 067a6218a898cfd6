"""My day: what is overdue, for today, waited for and without a date; done in one click."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from crm_desktop import i18n
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.fieldtypes import ChoiceField
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.models.whole_days import date_of
from crm_desktop.ui.activities.acts import ActivityActs
from crm_desktop.ui.activities.lines import DONE, DayList, Line
from crm_desktop.ui.activities.quick_add import QuickAdd
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import PAGE, Navigator, Place
from crm_desktop.ui.page import Page
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.labels import Label, Surface
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.activities.my_day import Day, Task
    from crm_desktop.services.writing.changes import ChangeSet

NAME = "my-day"
_REFRESH_MS = 200
_MINUTE_MS = 60_000
_TOLD_STATES = ("working", "waiting")


class MyDayPage(Page):
    """Follows the base and the clock."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._session, self._navigator = session, navigator
        self._found: Mapping[str, list[Task]] = {}
        self._titles: Mapping[Ref, Any] = {}
        self._title, self._day = Label("", "page"), Label("", "page", "text3")
        self.add = QuickAdd(session, navigator)
        self.list = DayList(name="")
        self.empty = EmptyState()
        self.acts = ActivityActs(session, navigator, self)
        head = row(self._title, self._day, None, gap=10, margins=(24, 18, 24, 10))
        box = row(self.add, margins=(24, 0, 24, 8))
        shown = QWidget()
        shown.setLayout(column(self.list, self.empty, gap=0, margins=(8, 0, 8, 0)))
        ground = Surface("surface")
        layout = column(head, box, shown, gap=0)
        layout.setStretch(2, 1)
        ground.setLayout(layout)
        self.setLayout(column(ground, gap=0))
        self.empty.hide()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.read)
        self._tick = QTimer(self)
        self._tick.timeout.connect(self._minute_passed)
        self._tick.start(_MINUTE_MS)
        self._bind()
        keep_translated(self, self._say_texts)

    def _bind(self) -> None:
        self.list.acted.connect(
            lambda ref, act: self.acts.done(ref) if act == DONE else self.acts.later(ref)
        )
        self.list.menu_asked.connect(lambda ref, at: self.acts.menu(ref, at))
        self.list.opened.connect(self._navigator.open_record)
        self.list.pointed.connect(self.record_pointed)
        self._session.changed.connect(self._changed)
        self._session.person_changed.connect(self.read)

    def _say_texts(self) -> None:
        self._title.setText(_("My day"))
        self.list.setAccessibleName(_("My day"))
        self.empty.set_texts(
            "sun", _("Nothing is left to do"),
            _("Everything is done or planned for later. Type above what comes next."),
        )  # fmt: skip
        self.empty.set_actions()
        self.title_changed.emit()
        self.read()

    def read(self) -> None:
        """Asks for the day of whoever works here."""
        base = self._session.workspace
        if base is None:
            return

        def work(_job: Any) -> tuple[Day, Mapping[Ref, Any]]:
            from crm_desktop.services.activities.my_day import my_day

            found, staff = my_day(base, base.user_id), base.catalogue.staff().key
            tasks = [task for tasks in found.values() for task in tasks]
            refs = [ref for task in tasks if (ref := task.values["about"]) is not None]
            refs += [Ref(staff, a) for task in tasks if (a := task.values["author"])]
            return found, base.titles.of(list(dict.fromkeys(refs)))

        self._session.operations.query(
            (NAME,), work, owner=self, done=lambda found: self._show(*found)
        )

    def _changed(self, changes: ChangeSet) -> None:
        self._soon.start(_REFRESH_MS)

    def _minute_passed(self) -> None:
        """What was for later is overdue now, and at midnight it is another day."""
        if self.isVisible():
            self.read()

    # --- showing ----------------------------------------------------------------------------------

    def _show(self, found: Day, titles: Mapping[Ref, Any]) -> None:
        from crm_desktop.services.activities.my_day import GROUPS, OVERDUE, TODAY, UNDATED, WAITING

        self._found, self._titles = found, titles
        names = {OVERDUE: _("Overdue"), TODAY: _("Today"),
                 WAITING: _("Waiting for others"), UNDATED: _("Without date")}  # fmt: skip
        lines: list[Line] = []
        for group in GROUPS:
            tasks = found.get(group, [])
            if tasks:
                count = found.counts[group]
                lines.append(Line(names[group], count=count, late=group == OVERDUE))
                lines += [self._line(task) for task in tasks]
                lines += [Line(_rest(count - len(tasks)))] if count > len(tasks) else []
        self.list.show_lines(lines)
        self.list.setVisible(bool(lines))
        self.empty.setVisible(not lines)
        self._day.setText(format_date(self._session.base.clock.today(), i18n.language(),
                                      style="long"))  # fmt: skip

    def _line(self, task: Task) -> Line:
        entity = self._session.base.catalogue[task.ref.entity]
        values, word, tone = task.values, "", "neutral"
        state = self._choice(entity.field("state"), values["state"])
        if state is not None and state.key in _TOLD_STATES and task.group != "waiting":
            word, tone = _(state.label), state.tone
        elif task.rolled:
            word, tone = _("Rolled over"), "warn"
        kind = self._choice(entity.field("kind"), values["kind"])
        return Line(
            str(values["subject"] or ""), task.ref,
            icon=(kind.icon if kind else "") or entity.icon, when=self._when(task),
            about=self._about(task), word=word, tone=tone,
            late=task.is_late(
                self._session.base.clock.local(), self._session.base.worktime.known_zone()
            ),
        )  # fmt: skip

    @staticmethod
    def _choice(f: Any, key: Any) -> Any:
        return f.choice(str(key)) if isinstance(f, ChoiceField) and key else None

    def _when(self, task: Task) -> str:
        base, moment = self._session.base, task.when
        if moment is None:
            return ""
        local, today = moment.astimezone(base.clock.zone()), base.clock.today()
        if task.values["all_day"]:
            day = date_of(moment, base.clock.zone(), base.worktime.known_zone())
            return format_date(day, i18n.language(), today)
        starts = task.values["starts"] is not None
        clock = f"{local:%H:%M}" if starts else _("by {time}").format(time=f"{local:%H:%M}")
        if local.date() == today:
            return clock
        day = format_date(local.date(), i18n.language(), today)
        return f"{day}, {local:%H:%M}"

    def _about(self, task: Task) -> str:
        base, values = self._session.base, task.values
        words = []
        about = self._titles.get(values["about"]) if values["about"] is not None else None
        if about is not None:
            words.append(about.text)
        author = values["author"]
        if author and author != base.user_id:
            named = self._titles.get(Ref(base.catalogue.staff().key, author))
            words += [named.text] if named is not None else []
        words += [values["place"]] if values["place"] else []
        if values["attempt"]:
            words.append(_("put off {count} times").format(count=values["attempt"])
                         if values["attempt"] > 1 else _("put off once"))  # fmt: skip
        words += [values["reason"]] if values["reason"] else []
        return " · ".join(words)

    # --- what the window asks ---------------------------------------------------------------------

    def title(self) -> str:
        return _("My day")

    def icon(self) -> str:
        return "sun"

    def place(self) -> Place:
        return Place(PAGE, name=NAME)

    def pointed(self) -> Ref | None:
        return self.list.current()

    def wants_panel(self) -> bool:
        return True

    def is_changed(self) -> bool:
        return bool(self.add.line.text().strip())

    def neighbour(self, ref: Ref, by: int) -> Ref | None:
        refs = [line.ref for line in self.list.model_.lines if line.ref is not None]
        at = refs.index(ref) + by if ref in refs else -1
        return refs[at] if 0 <= at < len(refs) else None

    def run(self, action_id: str) -> bool:
        if action_id == "refresh":
            self.read()
            return True
        return False

    def take_focus(self) -> None:
        self.add.line.setFocus(Qt.FocusReason.OtherFocusReason)


def _rest(count: int) -> str:
    """Of a group that is too long to be shown whole."""
    said = ngettext(
        "and {count} more: it stands in the list of activities",
        "and {count} more: they stand in the list of activities", count,
    )  # fmt: skip
    return said.format(count=count)
