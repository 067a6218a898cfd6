"""The icon in the tray: how many reminders stand, and the way back to a window that was closed.

Where the desktop has no tray, there is none of this, and closing the window ends the program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QFont, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from crm_desktop import settings as s
from crm_desktop.i18n import _, ngettext
from crm_desktop.ui.icons import pixmap
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.messages import Verb, ask
from crm_desktop.ui.navigation import CLOSES, HIDES, STAYS, Navigator, Note
from crm_desktop.ui.painting import CENTER
from crm_desktop.ui.reminders.row import Said
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import color, font
from crm_desktop.ui.widgets.popover import Menu

if TYPE_CHECKING:
    from crm_desktop.ui.reminders.desk import ReminderDesk

_SIZE = 64
_MOST_SAID = 3
_SHOWN_MS = 10_000


class Tray(QObject):
    """Made only where there is a tray."""

    def __init__(self, session: Session, navigator: Navigator, desk: ReminderDesk) -> None:
        super().__init__(desk)
        self._session, self._navigator, self._desk = session, navigator, desk
        self._count = 0
        self.menu = Menu()
        self.open_action = self.menu.addAction("", self.come_forward)
        self.plan_action = self.menu.addAction("", navigator.quick_add)
        self.reminders_action = self.menu.addAction("", desk.show_standing)
        self.menu.addSeparator()
        self.quit_action = self.menu.addAction("", navigator.quit_wanted.emit)
        self.icon = QSystemTrayIcon(tray_icon(0), self)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._activated)
        self.icon.messageClicked.connect(self.come_forward)
        desk.counted.connect(self.set_count)
        navigator.on_close = self.when_closed
        navigator.noted.connect(self._noted)
        keep_translated(self.menu, self._say_texts)
        self.icon.show()
        QApplication.setQuitOnLastWindowClosed(False)

    def _say_texts(self) -> None:
        self.open_action.setText(_("Open the window"))
        self.plan_action.setText(_("Plan in one line"))
        self.quit_action.setText(_("Quit"))
        self.set_count(self._count)

    def set_count(self, count: int) -> None:
        """So many reminders stand unanswered."""
        self._count = count
        self.icon.setIcon(tray_icon(count))
        said = ngettext("{count} reminder", "{count} reminders", count).format(count=count)
        self.reminders_action.setText(said)
        self.reminders_action.setEnabled(count > 0)
        self.icon.setToolTip(f"CRM Desktop: {said}" if count else "CRM Desktop")

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger,
                      QSystemTrayIcon.ActivationReason.DoubleClick):  # fmt: skip
            self.come_forward()

    def come_forward(self) -> None:
        """Shows the window again, wherever it was."""
        self._desk.main_forward()

    def tell(self, said: tuple[Said, ...]) -> None:
        """A message of the system, where it has no notifications over D-Bus."""
        title, text = message(said)
        self.icon.showMessage(title, text, tray_icon(len(said)), _SHOWN_MS)

    def _noted(self, note: Note) -> None:
        """What a toast would say, while the window that shows toasts is away."""
        if not self._desk.main_is_seen():
            self.icon.showMessage("CRM Desktop", note.text, tray_icon(self._count), _SHOWN_MS)

    # --- the window is closed ---------------------------------------------------------------------

    def when_closed(self, window: QWidget) -> str:
        """Whether the program goes on in the tray; asked once."""
        chosen = self._session.settings.get(s.STAY_IN_TRAY)
        if self._session.workspace is None:
            return CLOSES
        if not chosen:
            chosen = self._ask(window)
            if not chosen:
                return STAYS
            self._session.settings.put(s.STAY_IN_TRAY, chosen)
        return HIDES if chosen == "yes" else CLOSES

    def _ask(self, window: QWidget) -> str:
        title = _("Go on reminding in the tray?")
        text = _(
            "Without its window the program can stay in the tray and go on reminding. You can "
            "change this in the settings."
        )
        verbs = (
            Verb("no", _("Close the program")),
            Verb("yes", _("Stay in the tray"), primary=True),
        )
        return ask(window, title, text, verbs, keep=_("Cancel"))


def message(said: tuple[Said, ...]) -> tuple[str, str]:
    """Title and text of a notification about what came up."""
    if len(said) == 1:
        return said[0].subject, said[0].title
    title = ngettext("{count} reminder", "{count} reminders", len(said)).format(count=len(said))
    lines = [one.subject for one in said[:_MOST_SAID]]
    hidden = len(said) - len(lines)
    if hidden:
        lines.append(ngettext("{count} more", "{count} more", hidden).format(count=hidden))
    return title, "\n".join(lines)


def tray_icon(count: int) -> QIcon:
    """A bell, with the number when something stands."""
    picture = QPixmap(_SIZE, _SIZE)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.drawPixmap(picture.rect(), pixmap("bell!", "accent_text", _SIZE))
    if count:
        spot = QRectF(_SIZE * 0.40, 0, _SIZE * 0.60, _SIZE * 0.60)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("bad"))
        painter.drawEllipse(spot)
        letters = QFont(font("strong"))  # a copy: the letters are shared
        letters.setPixelSize(int(_SIZE * (0.42 if count < 10 else 0.34)))
        painter.setFont(letters)
        painter.setPen(color("on_accent"))
        painter.drawText(spot, CENTER, str(min(count, 99)))
    painter.end()
    return QIcon(picture)
