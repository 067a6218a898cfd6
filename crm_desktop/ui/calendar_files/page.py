"""The page of a calendar file: its activities, what is left out, the button that brings it in."""

from __future__ import annotations

from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog

from crm_desktop import i18n
from crm_desktop.errors import UserError
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.traits import Scheduled
from crm_desktop.models.text.date_formats import format_date, format_datetime
from crm_desktop.services.rights import words as rights
from crm_desktop.ui.itemmodels.cells import Cell, Column, Row
from crm_desktop.ui.itemmodels.paged import PagedTableModel
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import PAGE, Navigator, Place
from crm_desktop.ui.operations import Job
from crm_desktop.ui.page import Page
from crm_desktop.ui.refusals import activities_of
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import Segment
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.filling_table import FillingTable
from crm_desktop.ui.widgets.labels import Label, Surface
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.strips import StripMessage

if TYPE_CHECKING:
    from crm_desktop.services.ics.bringing import Brought

NAME = "calendar-import"
ACTIVITIES, LEFT = "activities", "left"
_TONES = {"created": "ok", "updated": "info", "unchanged": "neutral"}
_LEAST = 220


class CalendarFilePage(Page):
    """A file is chosen, looked at, brought in; nothing is written before the button is pressed."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._session, self._navigator = session, navigator
        self._path: Path | None = None
        self.trial: Brought | None = None
        self._zone: tzinfo = UTC
        self.model = PagedTableModel(self)
        self.table = FillingTable(name=_("What is in the file"), wide=1, least=_LEAST)
        self.table.begin_under_title()
        self.table.setModel(self.model)
        self.shown = Segment([("", ACTIVITIES), ("", LEFT)], name="")
        self.choose_button = Button("", "import")
        self.go_button = Button("", kind="primary")
        self.strip = StripMessage("", tone="bad")
        self.empty = EmptyState()
        self._title, self._file = Label("", "page"), Label("", "body", "text2")
        self._lay_out()
        self.choose_button.clicked.connect(self.choose)
        self.empty.primary.connect(self.choose)
        self.go_button.clicked.connect(self.bring_in)
        events = activities_of(session.base.catalogue)
        session.refusals.keep(self.go_button, rights.CREATE, events)
        self.shown.chosen.connect(lambda _value: self._show())
        keep_translated(self, self._say_texts)

    def _lay_out(self) -> None:
        head = row(self._title, self._file, None, self.choose_button, gap=10,
                   margins=(24, 18, 24, 12))  # fmt: skip
        self.bar = Surface("surface")
        self.bar.setLayout(row(self.shown, None, self.go_button, margins=(24, 0, 24, 12)))
        ground = Surface("surface")
        layout = column(head, self.strip, self.bar, self.table, self.empty, gap=0)
        layout.setStretch(3, 1)
        layout.setStretch(4, 1)
        ground.setLayout(layout)
        self.setLayout(column(ground, gap=0))

    def _say_texts(self) -> None:
        self._title.setText(_("Bring in a calendar"))
        self.choose_button.setText(_("Choose a file…"))
        self.shown.set_name(_("What is shown"))
        self.empty.set_texts(
            "entity-event", _("Choose a calendar file"),
            _("Google, Outlook, Thunderbird and telephones write their calendars as .ics files. "
              "Here you see what is in it before anything is written."),
        )  # fmt: skip
        self.empty.set_actions((_("Choose a file…"), "import"))
        self.title_changed.emit()
        self._show()

    # --- the file ---------------------------------------------------------------------------------

    def choose(self) -> None:
        """Asks for the file."""
        path, _kind = QFileDialog.getOpenFileName(
            self.window(), _("Choose a calendar file"), "", _("Calendars (*.ics *.ical *.ifb)")
        )
        if path:
            self.look_at(Path(path))

    def look_at(self, path: Path) -> None:
        """Reads the file and shows what would become of it."""
        base = self._session.base
        self._path, self.trial = path, None

        def work(job: Job) -> tuple[Brought, tzinfo]:
            from crm_desktop.services.ics.bringing import bring_file

            trial = bring_file(base, path, test=True, check=job.check)
            return trial, base.worktime.office_zone()

        self._session.operations.query(
            (NAME,), work, owner=self, done=self._take, failed=self._refuse
        )

    def _take(self, found: tuple[Brought, tzinfo]) -> None:
        trial, self._zone = found
        self.trial = trial
        self.strip.hide()
        self.shown.set_value(ACTIVITIES if trial.rows or not trial.left else LEFT)
        self._show()
        self._keep_focus()

    def _refuse(self, error: UserError) -> None:
        self.trial = None
        self._show()
        self.strip.set_text(error.message)
        self.strip.show()
        self._keep_focus()

    def _keep_focus(self) -> None:
        """What had the keyboard is hidden now: it would go to whatever comes next in the window."""
        if self.isVisible():
            self.take_focus()

    def bring_in(self) -> None:
        """Writes the activities as one operation."""
        base, path = self._session.base, self._path
        if path is None or self.trial is None:
            return
        self.go_button.setEnabled(False)

        def work(job: Job) -> Brought:
            from crm_desktop.services.ics.bringing import bring_file

            return bring_file(base, path, check=job.check)

        self._session.operations.run(
            work, owner=self, done=self._done, failed=self._refuse, title=path.name
        )

    def _done(self, brought: Brought) -> None:
        count = brought.count("created") + brought.count("updated")
        said = ngettext("{count} activity brought in", "{count} activities brought in", count)
        self._navigator.toast(said.format(count=count), undo_operation=brought.operation)
        entity, _trait = self._session.base.catalogue.with_trait(Scheduled)
        self._navigator.show_list(entity.key)
        self._path, self.trial = None, None
        self._show()

    # --- what is shown ----------------------------------------------------------------------------

    def _show(self) -> None:
        trial = self.trial
        self._file.setText(self._path.name if self._path is not None and trial else "")
        for part in (self.bar, self.table):
            part.setVisible(trial is not None)
        self.empty.setVisible(trial is None)
        self.choose_button.setVisible(trial is not None)
        if trial is None:
            self.strip.hide()
            return
        self.shown.set_choices([
            (_("Activities: {count}").format(count=len(trial.rows)), ACTIVITIES),
            (_("Left out or mended: {count}").format(count=len(trial.left)), LEFT),
        ])  # fmt: skip
        self._say_button(trial)
        rows, columns = (_left_rows(trial), _left_columns())
        if self.shown.value() != LEFT:
            rows, columns = (self._rows(trial), _columns())
        self.model.open(columns, len(rows), rows)
        self.table.wide = 1
        self.table.fit()

    def _say_button(self, trial: Brought) -> None:
        count = trial.count("created") + trial.count("updated")
        said = ngettext("Bring in {count} activity", "Bring in {count} activities", count)
        self.go_button.setText(said.format(count=count) if count else _("Nothing new in it"))
        self.go_button.setEnabled(bool(count))

    def _rows(self, trial: Brought) -> list[Row]:
        clock, language = self._session.base.clock, i18n.language()
        words = {"created": _("new"), "updated": _("changes"), "unchanged": _("the same")}
        rows = []
        for place, one in enumerate(trial.rows, start=1):
            moment: Any = one.values.get("starts") or one.values.get("due")
            local = moment.astimezone(self._zone) if moment else None
            when = format_datetime(local, language, now=clock.now()) if local else ""
            if local and one.values.get("all_day"):
                when = format_date(local.date(), language, clock.today())
            rows.append(Row(place, (
                Cell(words[one.act], "pill", _TONES[one.act]),
                Cell(str(one.values.get("subject") or ""), "title"), Cell(when, "date"),
                Cell("✓" if one.values.get("rule") else "", "text"),
            )))  # fmt: skip
        return rows

    # --- what the window asks ---------------------------------------------------------------------

    def place(self) -> Place:
        return Place(PAGE, name=NAME)

    def title(self) -> str:
        return _("Bring in a calendar")

    def icon(self) -> str:
        return "entity-event"

    def take_focus(self) -> None:
        if self.trial is None:
            self.empty.primary_button.setFocus()
        else:
            (self.go_button if self.go_button.isEnabled() else self.choose_button).setFocus()


def _columns() -> list[Column]:
    return [
        Column("act", _("What happens"), 130, sortable=False),
        Column("subject", _("Subject"), _LEAST, sortable=False),
        Column("when", _("When"), 200, sortable=False),
        Column("rule", _("Repeats"), 110, sortable=False),
    ]


def _left_columns() -> list[Column]:
    return [
        Column("name", _("Entry"), 260, sortable=False),
        Column("reason", _("What was left out or mended"), _LEAST, sortable=False),
    ]


def _left_rows(trial: Brought) -> list[Row]:
    whole = _("The whole file")
    return [
        Row(place, (Cell(one.name or (whole if not one.number else str(one.number)), "title"),
                    Cell(one.reason, "text")))
        for place, one in enumerate(trial.left, start=1)
    ]  # fmt: skip
