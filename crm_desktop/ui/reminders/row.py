"""One reminder in the window: what, when, with whom, and what can be done about it."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.reminders.words import SNOOZES, is_late, when
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button, ToolButton
from crm_desktop.ui.widgets.choices import ComboBox
from crm_desktop.ui.widgets.labels import ElidedLabel, IconLabel, Surface
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.popover import Menu

if TYPE_CHECKING:
    from crm_desktop.services.reminders.service import Firing

TOMORROW, AT = -1, -2
"""What `put_off` says instead of minutes."""


class Said(NamedTuple):
    """A reminder with what is shown beside it: the name of its record, the icon of its kind; whose
    overdue activity it tells a head of."""

    firing: Firing
    title: str
    icon: str
    whose: str = ""

    @property
    def subject(self) -> str:
        """What it is about; for a head with the name of whoever is late."""
        if not self.whose:
            return self.firing.subject
        return _("{name} is late: {subject}").format(name=self.whose, subject=self.firing.subject)


class ReminderRow(Surface):
    """Open, put off, done; the cross only says that it was seen."""

    opened = Signal()
    done = Signal()
    done_with = Signal(int)
    """The result that was chosen."""
    seen = Signal()
    put_off = Signal(int)
    """Minutes, `TOMORROW` or `AT`."""

    def __init__(self, said: Said, now: datetime, zone: tzinfo) -> None:
        super().__init__("raised", "t")
        self.said = said
        firing = said.firing
        tone = "bad" if is_late(firing, now) else "text2"
        self.subject = ElidedLabel(said.subject, "strong")
        self.about = ElidedLabel(said.title, "small", "text2")
        self.about.setVisible(bool(said.title))
        self.time = ElidedLabel(when(firing, now, zone), "small", tone)
        cross = ToolButton("close", _("Seen, do not remind again"), size=26)
        self.open_button = Button(_("Open"), kind="plain")
        self.later = Button(_("Later"), "chevron-down", kind="ghost")
        self.done_button = Button(_("Done"), "check", kind="plain")
        words = column(self.subject, self.about, self.time, gap=2)
        head = row(IconLabel(said.icon, tone), words, cross, gap=10)
        head.setStretch(1, 1)
        verbs = row(px(26), self.open_button, self.later, None, self.done_button, gap=6)
        self.result: ComboBox | None = None
        self._stack = column(head, verbs, gap=8, margins=(14, 10, 10, 12))
        self.setLayout(self._stack)
        parts = (said.subject, said.title, self.time.text())
        self.setAccessibleName(", ".join(part for part in parts if part))
        self.open_button.clicked.connect(self.opened)
        self.done_button.clicked.connect(self._finish)
        self.later.clicked.connect(self.open_menu)
        cross.clicked.connect(self.seen)
        self.cross = cross

    def _finish(self) -> None:
        chosen = self.result.value() if self.result is not None else None
        if isinstance(chosen, int):
            self.done_with.emit(chosen)
        else:
            self.done.emit()

    def ask_result(self, choices: list[tuple[str, int]]) -> None:
        """What came of it, in one more line; the button waits until it is said."""
        if self.result is not None:
            return
        self.result = box = ComboBox(name=_("What came of it?"))
        box.set_choices(list(choices))
        box.setPlaceholderText(_("What came of it?"))
        box.setCurrentIndex(-1)  # nothing is taken for said that nobody chose
        self.done_button.setEnabled(False)
        box.currentIndexChanged.connect(lambda place: self.done_button.setEnabled(place >= 0))
        line = row(px(26), box, gap=6)
        line.setStretch(1, 1)
        self._stack.insertLayout(1, line)

    def tell_time(self, now: datetime, zone: tzinfo) -> None:
        """Time goes on."""
        self.time.setText(when(self.said.firing, now, zone))
        self.time.set_ink("bad" if is_late(self.said.firing, now) else "text2")

    def open_menu(self) -> Menu:
        """Until when it is put off."""
        menu = snooze_menu(self, self.put_off.emit)
        menu.popup(self.later.mapToGlobal(QPoint(0, self.later.height() + 2)))
        return menu


def snooze_menu(parent: QWidget, chosen: object) -> Menu:
    """The moments to which reminders are put off; `chosen(minutes)` is called with one."""
    menu = Menu(parent)
    for minutes, word in SNOOZES:
        menu.addAction(_(word)).triggered.connect(lambda _on=False, m=minutes: chosen(m))  # type: ignore[operator]
    menu.addSeparator()
    menu.addAction(_("Tomorrow at 9:00")).triggered.connect(lambda: chosen(TOMORROW))  # type: ignore[operator]
    menu.addAction(_("At another time…")).triggered.connect(lambda: chosen(AT))  # type: ignore[operator]
    menu.aboutToHide.connect(menu.deleteLater)
    return menu
