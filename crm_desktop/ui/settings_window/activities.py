"""The settings of activities: kinds, when heads are told, where 29 February is in plain years.

All of them belong to the base and are in force for everybody who works with it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.errors import UserError
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Choice
from crm_desktop.models.text.annual import LEAP_DAYS
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.operations import Job
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.session import Session
from crm_desktop.ui.settings_window.kind_form import KindForm
from crm_desktop.ui.settings_window.rows import SettingRow, section
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import ComboBox, Switch
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.labels import IconLabel, Label
from crm_desktop.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from crm_desktop.services.activities.kinds import KindHabits


LEADS = (0, 1, 3, 7, 14, 30)
"""Days before a birthday that are offered."""


class _Known(NamedTuple):
    """What the base says."""

    kinds: list[tuple[Choice, KindHabits]]
    levels: tuple[int, ...]
    leap: tuple[int, int]
    birthdays: bool
    lead: int


class KindRow(SettingRow):
    """A kind with what holds for it in one line, and the buttons that change it."""

    def __init__(self, kind: Choice, habits: KindHabits) -> None:
        self.edit = Button(_("Edit"), "edit", kind="ghost")
        self.retire = Button(_("Offer again") if kind.retired else _("Retire"), kind="ghost")
        buttons = QWidget()
        tone = {"neutral": "text2", "accent": "accent_text"}.get(kind.tone, kind.tone)
        buttons.setLayout(row(self.edit, self.retire, gap=4))
        super().__init__(buttons)
        name = _(kind.label)
        self.set_texts(_("{name} (retired)").format(name=name) if kind.retired else name,
                       _said(habits))  # fmt: skip
        self.add_picture(IconLabel(kind.icon or "note", tone))
        for button in (self.edit, self.retire):
            button.setAccessibleName(f"{button.text()}: {name}")


def _before(days: int) -> str:
    if not days:
        return _("on the day itself")
    return ngettext("{count} day before", "{count} days before", days).format(count=days)


def _said(habits: KindHabits) -> str:
    """What holds for a kind, in one line."""
    from crm_desktop.services.reminders.lines import reminders_line

    words = []
    if habits.minutes:
        count = habits.minutes
        words.append(ngettext("{count} minute", "{count} minutes", count).format(count=count))
    line = reminders_line(habits.reminders)
    words.append(_("reminds: {line}").format(line=line) if line else _("no reminder by itself"))
    words += [_("asks for a result")] if habits.result else []
    words += [_("rolls over")] if habits.rolls else []
    return " · ".join(words)


class ActivitySettings(QWidget):
    """Shown while a base is open."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._session, self._navigator = session, navigator
        self._known: _Known | None = None
        self.rows: list[KindRow] = []
        self.levels = LineEdit("", name=_("Tell the head"))
        self.leap = ComboBox(name=_("29 February in other years"))
        self.lead = ComboBox(name=_("How long before"))
        for control in (self.levels, self.leap, self.lead):
            control.setFixedWidth(px(220))
        self._level_row, self._leap_row = SettingRow(self.levels), SettingRow(self.leap)
        self.birthdays = Switch()
        self._birthday_row, self._lead_row = SettingRow(self.birthdays), SettingRow(self.lead)
        self._heading = Label("", "strong")
        self.new = Button("", "add")
        self._kinds = QVBoxLayout()
        self._kinds.setSpacing(0)
        lines = QWidget()
        lines.setLayout(column(row(self._heading, None, self.new, margins=(0, 20, 0, 4)),
                               self._kinds, gap=0))  # fmt: skip
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(
            section(self._level_row, self._leap_row, self._birthday_row, self._lead_row, lines)
        )
        for control in (self.new, self.levels, self.leap, self.birthdays, self.lead):
            session.refusals.keep(control, WRITE)
        self.new.clicked.connect(lambda: self.edit(None))
        self.levels.editingFinished.connect(self._keep_levels)
        self.leap.activated.connect(self._keep_leap)
        self.birthdays.clicked.connect(self._keep_birthdays)
        self.lead.activated.connect(self._keep_lead)
        session.opened.connect(self.read)
        session.catalogue_changed.connect(self.read)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self._level_row.set_texts(_("Tell the head"), self._level_hint())
        self._leap_row.set_texts(
            _("29 February in other years"),
            _("When annual dates of that day come round in a year without it."),
        )
        self.leap.set_choices(
            [(_("28 February"), LEAP_DAYS[0]), (_("1 March"), LEAP_DAYS[1])],
            self._known.leap if self._known is not None else LEAP_DAYS[0],
        )
        self._birthday_row.set_texts(
            _("Plan a reminder for birthdays"),
            _("And for every other field whose day comes round each year. Annual dates are planned "
              "in any case."),
        )  # fmt: skip
        self.birthdays.setChecked(self._known is None or self._known.birthdays)
        self._lead_row.set_texts(
            _("How long before"),
            _("When the reminder of a birthday is made. An annual date says it itself."),
        )
        lead = self._known.lead if self._known is not None else LEADS[-2]
        self.lead.set_choices([(_before(days), days) for days in sorted({*LEADS, lead})], lead)
        self._heading.setText(_("Kinds of activities"))
        self.new.setText(_("New kind"))
        self._show_kinds()

    @staticmethod
    def _level_hint() -> str:
        return _("So many working minutes after something was due and is not done, such as “0, "
                 "30, 120”. Empty: never.")  # fmt: skip

    # --- reading ----------------------------------------------------------------------------------

    def read(self) -> None:
        """Asks the base."""
        base = self._session.workspace
        if base is None:
            return

        def work(_job: Job) -> _Known:
            from crm_desktop.services.activities.kinds import kinds, overdue_levels
            from crm_desktop.services.annual.near import field_lead, plans_fields

            return _Known(
                kinds(base), overdue_levels(base), base.lists.leap_day(), plans_fields(base),
                field_lead(base),
            )  # fmt: skip

        self._session.operations.query(
            ("activity settings",), work, owner=self, done=self._take, failed=self._navigator.refuse
        )

    def _take(self, known: _Known) -> None:
        self._known = known
        if not self.levels.hasFocus():
            self.levels.setText(", ".join(map(str, known.levels)))
        self._say_texts()

    def _show_kinds(self) -> None:
        for old in self.rows:
            self._kinds.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.rows = []
        for kind, habits in self._known.kinds if self._known is not None else ():
            line = KindRow(kind, habits)
            line.edit.clicked.connect(partial(self.edit, kind, habits))
            line.retire.clicked.connect(partial(self._retire, kind))
            for button in (line.edit, line.retire):
                self._session.refusals.keep(button, WRITE)
            self._kinds.addWidget(line)
            self.rows.append(line)

    # --- changing ---------------------------------------------------------------------------------

    def edit(self, kind: Choice | None, habits: KindHabits | None = None, *_on: bool) -> KindForm:
        """Opens the box of a kind, or of a new one."""
        from crm_desktop.services.activities.kinds import NO_HABITS

        form = KindForm(self, kind, habits or NO_HABITS)
        form.given.connect(lambda look, wanted: self._save(form, kind, look, wanted))
        form.open()
        return form

    def _save(
        self, form: KindForm, kind: Choice | None, look: dict[str, str], wanted: KindHabits
    ) -> None:
        from crm_desktop.services.activities.kinds import save_kind

        base, key = self._session.base, kind.key if kind is not None else None

        def done(_key: Any) -> None:
            form.accept()
            self.read()

        self._write(lambda: save_kind(base, key, look, wanted), done, form.refuse)

    def _retire(self, kind: Choice, *_on: bool) -> None:
        from crm_desktop.services.activities.kinds import retire_kind

        base = self._session.base
        self._write(lambda: retire_kind(base, kind.key, on=not kind.retired))

    def _keep_levels(self) -> None:
        from crm_desktop.services.activities.kinds import keep_levels, read_levels

        base, text = self._session.workspace, self.levels.text()
        try:
            levels = read_levels(text)
        except UserError as error:
            self.levels.set_bad(True)
            self._level_row.set_texts(_("Tell the head"), error.message)
            return
        self.levels.set_bad(False)
        self._level_row.set_texts(_("Tell the head"), self._level_hint())
        if base is not None and self._known is not None and levels != self._known.levels:
            self._write(lambda: keep_levels(base, levels))

    def _keep_leap(self, _place: int) -> None:
        from crm_desktop.services.office.leap_days import keep_leap_day

        base, day = self._session.workspace, self.leap.value()
        if base is not None and day in LEAP_DAYS:
            self._write(lambda: keep_leap_day(base, LEAP_DAYS[LEAP_DAYS.index(day)]))

    def _keep_birthdays(self, on: bool) -> None:
        from crm_desktop.services.annual.near import keep_plans_fields

        base = self._session.workspace
        if base is not None:
            self._write(lambda: keep_plans_fields(base, on))

    def _keep_lead(self, _place: int) -> None:
        from crm_desktop.services.annual.near import keep_field_lead

        base, days = self._session.workspace, self.lead.value()
        if base is not None and isinstance(days, int):
            self._write(lambda: keep_field_lead(base, days))

    def _write(
        self, work: Callable[[], Any], done: Callable[[Any], None] | None = None,
        failed: Callable[[UserError], None] | None = None,
    ) -> None:  # fmt: skip
        self._session.operations.run(
            lambda _job: work(), owner=self, done=done or (lambda _outcome: self.read()),
            failed=failed or self._navigator.refuse,
        )  # fmt: skip
