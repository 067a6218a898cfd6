"""The settings of reminders on this computer: sound, the desktop's notifications, the tray."""

from __future__ import annotations

from PySide6.QtWidgets import QSystemTrayIcon

from crm_desktop import settings as s
from crm_desktop.i18n import _
from crm_desktop.settings import Setting, Settings
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.settings_window.rows import SettingRow
from crm_desktop.ui.widgets.choices import Switch


class SwitchRow(SettingRow):
    """A setting that is on or off at once."""

    def __init__(self, settings: Settings, setting: Setting[bool]) -> None:
        self.switch = Switch()
        super().__init__(self.switch)
        self.switch.setChecked(settings.get(setting))
        self.switch.toggled.connect(lambda on: settings.put(setting, on))


class TrayRow(SettingRow):
    """Whether the program goes on in the tray; shown only where there is one."""

    def __init__(self, settings: Settings) -> None:
        self.switch = Switch()
        super().__init__(self.switch)
        self.switch.setChecked(settings.get(s.STAY_IN_TRAY) == "yes")
        self.switch.toggled.connect(lambda on: settings.put(s.STAY_IN_TRAY, "yes" if on else "no"))
        if not QSystemTrayIcon.isSystemTrayAvailable():
            self.hide()


def reminder_rows(settings: Settings) -> tuple[SettingRow, ...]:
    """The rows, in the language of the moment."""
    sound = SwitchRow(settings, s.REMINDER_SOUND)
    notifications = SwitchRow(settings, s.SYSTEM_NOTIFICATIONS)
    tray = TrayRow(settings)

    def say_texts() -> None:
        sound.set_texts(_("Reminders are heard"), _("A short sound when one comes up."))
        notifications.set_texts(
            _("Notifications of the desktop"),
            _("Reminders are told there as well, beside the window of the program."),
        )
        tray.set_texts(
            _("Go on in the tray"),
            _("Closing the window leaves the program in the tray, and it goes on reminding."),
        )
        for row in (sound, notifications, tray):
            row.control.setAccessibleName(row.name())

    keep_translated(sound, say_texts)
    return sound, notifications, tray
