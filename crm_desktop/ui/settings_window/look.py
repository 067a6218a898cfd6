"""The settings of the look: language, theme, accent, size, font, rows."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop import i18n
from crm_desktop import settings as s
from crm_desktop.i18n import LANGUAGES, _
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.session import Session
from crm_desktop.ui.settings_window.rows import AccentPicker, SettingRow, section
from crm_desktop.ui.widgets.choices import ComboBox, Segment

SIZES = (90, 100, 110, 120, 125, 130, 140, 150, 175, 200)


class LookSettings(QWidget):
    """Everything here is in force at once."""

    def __init__(self, session: Session, navigator: Navigator) -> None:
        super().__init__()
        self._settings, self._navigator = session.settings, navigator
        self.languages = Segment([(n, c) for c, n in LANGUAGES.items()], name=_("Language"))
        self.themes = Segment(_themes(), name=_("Theme"))
        self.accents = AccentPicker(name=_("Accent colour"))
        self.sizes = ComboBox(name=_("Size"))
        self.fonts = Segment(_fonts(), name=_("Font"))
        self.densities = Segment(_densities(), name=_("Rows of lists"))
        controls = (
            self.languages, self.themes, self.accents, self.sizes, self.fonts, self.densities,
        )  # fmt: skip
        self._rows = tuple(SettingRow(control) for control in controls)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(section(*self._rows))
        keep_translated(self, self._say_texts)
        self._connect()

    def _connect(self) -> None:
        self.languages.chosen.connect(lambda code: self._navigator.speak(str(code)))
        self.themes.chosen.connect(lambda mode: self._keep(s.THEME, str(mode)))
        self.accents.chosen.connect(lambda accent: self._keep(s.ACCENT, accent))
        self.sizes.activated.connect(self._keep_size)
        self.fonts.chosen.connect(lambda family: self._keep(s.FONT, str(family)))
        self.densities.chosen.connect(lambda density: self._keep(s.DENSITY, str(density)))

    def _keep(self, setting: s.Setting[str], value: str) -> None:
        self._settings.put(setting, value)
        self._navigator.dress()

    def _keep_size(self, _place: int) -> None:
        value = self.sizes.value()
        if isinstance(value, int) and value != self._settings.get(s.SCALE):
            self._settings.put(s.SCALE, value)
            self._navigator.dress()

    def _say_texts(self) -> None:
        names = (
            (_("Language"), ""),
            (_("Theme"), _("The theme of the system changes with your desktop.")),
            (_("Accent colour"), _("The colour of what is chosen and of the main button.")),
            (_("Size"), _("Comes on top of the scaling of your desktop.")),
            (_("Font"), ""),
            (_("Rows of lists"), ""),
        )
        for line, (name, hint) in zip(self._rows, names, strict=True):
            line.set_texts(name, hint)
        self.accents.set_name(_("Accent colour"))
        for segment, name, choices in (
            (self.themes, _("Theme"), _themes()), (self.fonts, _("Font"), _fonts()),
            (self.densities, _("Rows of lists"), _densities()),
        ):  # fmt: skip
            segment.set_name(name)
            segment.set_choices(choices)
        self.languages.set_name(_("Language"))
        self.sizes.setAccessibleName(_("Size"))
        self._show_values()

    def _show_values(self) -> None:
        get = self._settings.get
        self.languages.set_value(i18n.language())
        self.themes.set_value(get(s.THEME))
        self.accents.set_value(get(s.ACCENT))
        size = get(s.SCALE)
        sizes = sorted({*SIZES, size})
        self.sizes.set_choices([(f"{n} %", n) for n in sizes], size)
        self.fonts.set_value(get(s.FONT))
        self.densities.set_value(get(s.DENSITY))


def _themes() -> list[tuple[str, object]]:
    return [
        (_("Of the system"), "system"), (_("Light"), "light"), (_("Dark"), "dark"),
        (_("High contrast"), "contrast"),
    ]  # fmt: skip


def _fonts() -> list[tuple[str, object]]:
    return [("Inter", ""), (_("Font of the system"), s.SYSTEM_FONT)]


def _densities() -> list[tuple[str, object]]:
    return [(_("Compact"), "compact"), (_("Normal"), "normal"), (_("Roomy"), "roomy")]
