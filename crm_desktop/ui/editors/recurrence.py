"""The editor of a rule of recurrence: how often, on which days, until when; said in words below."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import N_, _, ngettext
from crm_desktop.models.catalogue.definitions import Choice
from crm_desktop.models.catalogue.fieldtypes import DateField
from crm_desktop.models.recurrence.rule import (
    DAYS,
    MOST_COUNT,
    Recurrence,
    parse_recurrence,
)
from crm_desktop.ui.editors import recurrence_shape as shapes
from crm_desktop.ui.editors.base import EditorBase
from crm_desktop.ui.editors.choices import ChoiceChip
from crm_desktop.ui.editors.moments import DateEditor
from crm_desktop.ui.editors.recurrence_shape import Shape, rule_of, shape_of
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.labels import Label
from crm_desktop.ui.widgets.layouts import FlowLayout, column, row
from crm_desktop.ui.widgets.spin_box import SpinBox

ONCE, OWN = "", "own"
_MOST_INTERVAL = 99
_DAY_NAMES = (N_("Mo"), N_("Tu"), N_("We"), N_("Th"), N_("Fr"), N_("Sa"), N_("Su"))
_WHOLE_NAMES = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"),
    N_("Sunday"),
)  # fmt: skip


class RecurrenceEditor(EditorBase):
    """Fields for the rules that people plan by. One that they cannot show stays as it is until
    another frequency is chosen; single dates put in or taken out always stay."""

    def _build(self) -> QWidget:
        self._value: str | None = None
        self._known, self._touched = Recurrence(), False
        self.freq = ComboBox(name=self.label)
        self.interval = SpinBox(name="", least=1, most=_MOST_INTERVAL)
        self._every, self._unit = Label("", "body", "text2"), Label("", "body", "text2")
        self.chips = [ChoiceChip(Choice(key, name, "accent"), self)
                      for key, name in zip(DAYS, _DAY_NAMES, strict=True)]  # fmt: skip
        self.monthly, self.day = ComboBox(name=""), SpinBox(name="", least=1, most=31)
        self.place, self.weekday = ComboBox(name=""), ComboBox(name="")
        self.end, self.count = ComboBox(name=""), SpinBox(name="", least=1, most=MOST_COUNT)
        self.until = DateEditor(DateField("until", N_("Last day")), self.context, self.session)
        self.words = Label("", "small", "text2", wrap=True)
        self._lay_out()
        keep_translated(self, self._fill)
        self._connect()
        self._show_parts()
        return self.freq

    def _lay_out(self) -> None:
        for spin in (self.interval, self.day, self.count):
            spin.setFixedWidth(px(64))
        self.until.setFixedWidth(px(150))
        self._often = QWidget(self)
        self._often.setLayout(row(self._every, self.interval, self._unit, gap=8))
        self._week = QWidget(self)
        flow = FlowLayout(self._week)
        for chip in self.chips:
            flow.addWidget(chip)
        self._month = QWidget(self)
        self._month.setLayout(row(self.monthly, self.day, self.place, self.weekday, None, gap=8))
        self._ending = QWidget(self)
        self._ending.setLayout(row(self.end, self.count, self.until, None, gap=8))
        first = row(self.freq, self._often, None, gap=12)
        self.setLayout(column(first, self._week, self._month, self._ending, self.words, gap=8))

    def _connect(self) -> None:
        for combo in (self.freq, self.monthly, self.place, self.weekday, self.end):
            combo.currentIndexChanged.connect(self._typed)
        for spin in (self.interval, self.day, self.count):
            spin.value_changed.connect(self._typed)
        for chip in self.chips:
            chip.toggled.connect(self._typed)
        self.until.changed.connect(self._typed)

    def _fill(self) -> None:
        """All words, in the language in use."""
        self._every.setText(_("every"))
        self._fill_frequencies()
        self.monthly.set_choices(
            [(_("on the day it starts"), shapes.SAME), (_("on a day of the month"), shapes.DAY),
             (_("on the last day"), shapes.LAST_DAY),
             (_("on the last working day"), shapes.WORKDAY), (_("on a weekday"), shapes.NTH)],
            self.monthly.value() or shapes.SAME,
        )  # fmt: skip
        places = (N_("the first"), N_("the second"), N_("the third"), N_("the fourth"),
                  N_("the last"))  # fmt: skip
        named = [(_(name), place) for name, place in zip(places, shapes.PLACES, strict=True)]
        self.place.set_choices(list(named), self.place.value() or 1)
        days = [(_(name), day) for name, day in zip(_WHOLE_NAMES, DAYS, strict=True)]
        self.weekday.set_choices(list(days), self.weekday.value() or DAYS[0])
        self.end.set_choices(
            [(_("without an end"), shapes.NEVER), (_("ends after"), shapes.COUNT),
             (_("ends on"), shapes.UNTIL)],
            self.end.value() or shapes.NEVER,
        )  # fmt: skip
        for widget, name in (
            (self.interval, _("Every how many")), (self.monthly, _("Day of the month")),
            (self.day, _("Day of the month")), (self.place, _("Which one of the month")),
            (self.weekday, _("Weekday")), (self.end, _("End of the series")),
            (self.count, _("Number of times")),
        ):  # fmt: skip
            widget.setAccessibleName(name)
        self._say_words()

    def _fill_frequencies(self) -> None:
        chosen = self.freq.value()
        shown: list[tuple[str, object]] = [
            (_("Does not repeat"), ONCE), (_("By days"), "DAILY"), (_("By weeks"), "WEEKLY"),
            (_("By months"), "MONTHLY"), (_("By years"), "YEARLY"),
        ]  # fmt: skip
        if self._is_own():
            shown.append((_("A rule of its own"), OWN))
        self.freq.set_choices(shown, chosen or ONCE)

    def _is_own(self) -> bool:
        return bool(self._value) and self._stored_shape() is None

    def _stored_shape(self) -> Shape | None:
        return shape_of(self._known) if self._known.rule else None

    # --- the value --------------------------------------------------------------------------------

    def set_value(self, value: Any) -> None:
        self._value, self._touched = (str(value) if value else None), False
        try:
            self._known = parse_recurrence(self._value or "")
        except InvalidInput:  # written by another program: it stays as it is
            self._known = Recurrence()
        shape = self._stored_shape()
        for part in self._parts():
            part.blockSignals(True)
        self._fill_frequencies()
        self.freq.set_value(shape.freq if shape else OWN if self._value else ONCE)
        self._show_shape(shape or Shape())
        for part in self._parts():
            part.blockSignals(False)
        self._show_parts()

    def _parts(self) -> list[QWidget]:
        return [self.freq, self.interval, *self.chips, self.monthly, self.day, self.place,
                self.weekday, self.end, self.count, self.until]  # fmt: skip

    def _show_shape(self, shape: Shape) -> None:
        self.interval.set_value(shape.interval)
        for chip in self.chips:
            chip.setChecked(chip.choice.key in shape.days)
        self.monthly.set_value(shape.monthly)
        self.day.set_value(shape.day)
        self.place.set_value(shape.place)
        self.weekday.set_value(shape.weekday)
        self.end.set_value(shape.end)
        self.count.set_value(shape.count)
        self.until.set_value(shape.until)

    def value(self) -> Any:
        if not self._touched or self.freq.value() == OWN:
            return self._value
        if self.freq.value() == ONCE:
            return None
        if self.end.value() == shapes.UNTIL and self.until.value() is None:
            raise InvalidInput(_("Say the last day of the series"))
        return rule_of(self._shape(), self._known).text()

    def _shape(self) -> Shape:
        until = self.until.value() if self.end.value() == shapes.UNTIL else None
        return Shape(
            str(self.freq.value()), self.interval.value(),
            tuple(chip.choice.key for chip in self.chips if chip.isChecked()),
            str(self.monthly.value()), self.day.value(), int(str(self.place.value())),
            str(self.weekday.value()), str(self.end.value()), self.count.value(), until,
        )  # fmt: skip

    def raw(self) -> Any:
        try:
            return self.value()
        except InvalidInput:
            return self._value

    def set_raw(self, raw: Any) -> None:
        kept, known = self._value, self._known
        self.set_value(raw)
        if raw != kept:
            self._value, self._known, self._touched = kept, known, True
            self._fill_frequencies()

    def set_bad(self, bad: bool) -> None:
        self.freq.set_bad(bad)

    # --- what is seen -----------------------------------------------------------------------------

    def _typed(self, *_given: object) -> None:
        self._touched = True
        self._show_parts()
        self.changed.emit()

    def _show_parts(self) -> None:
        """Only what the chosen frequency asks for."""
        freq = self.freq.value()
        recurs = freq not in (ONCE, OWN)
        for part in (self._often, self._ending):
            part.setVisible(recurs)
        self._week.setVisible(freq == "WEEKLY")
        self._month.setVisible(freq == "MONTHLY")
        self.day.setVisible(self.monthly.value() == shapes.DAY)
        for part in (self.place, self.weekday):
            part.setVisible(self.monthly.value() == shapes.NTH)
        self.count.setVisible(self.end.value() == shapes.COUNT)
        self.until.setVisible(self.end.value() == shapes.UNTIL)
        self._say_words()
        self.updateGeometry()

    def _say_words(self) -> None:
        number = self.interval.value()
        units = {
            "DAILY": ngettext("day", "days", number), "WEEKLY": ngettext("week", "weeks", number),
            "MONTHLY": ngettext("month", "months", number),
            "YEARLY": ngettext("year", "years", number),
        }  # fmt: skip
        self._unit.setText(units.get(str(self.freq.value()), ""))
        try:
            said = self.field.format(self.value(), self.context().language)
        except InvalidInput:
            said = ""
        self.words.setText(said)
        self.words.setVisible(bool(said))
