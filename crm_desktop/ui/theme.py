"""The look in force: tokens, palette, fonts, and the switch between light and dark.

One theme belongs to one application, and every paint event reads it; that is why this module keeps
it, as `i18n` keeps the language. The style is Fusion with our own palette. The only style sheet
matches tooltips, menus, scroll bars and our own line edits: a selector that matched an item view
or a scroll area would switch off blit scrolling and make it five times dearer.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication

from crm_desktop.resources import resource
from crm_desktop.ui.tokens import TYPE, Tokens, tokens_for

FONT_FILES = ("Inter-Regular.ttf", "Inter-SemiBold.ttf")
RARE_FONT_FILES = ("Inter-Italic.ttf", "Inter-Bold.ttf")
"""For print and for texts with marks in them: the window itself is painted without."""
STYLE = "Fusion"
MOST_SCALE = 2.0
MODES = ("system", "light", "dark", "contrast")
_Role = QPalette.ColorRole
_ROLES = (
    (_Role.Window, "chrome"), (_Role.WindowText, "text"), (_Role.Base, "surface"),
    (_Role.AlternateBase, "sunken"), (_Role.Text, "text"), (_Role.Button, "raised"),
    (_Role.ButtonText, "text"), (_Role.Highlight, "accent"), (_Role.HighlightedText, "on_accent"),
    (_Role.PlaceholderText, "text3"), (_Role.ToolTipBase, "tooltip"),
    (_Role.ToolTipText, "on_tooltip"), (_Role.Link, "accent_text"), (_Role.Accent, "accent"),
    (_Role.Light, "raised"), (_Role.Midlight, "hover"), (_Role.Mid, "line2"), (_Role.Dark, "field"),
    (_Role.LinkVisited, "accent_text"), (_Role.BrightText, "on_accent"),
)  # fmt: skip
_QSS = """
QToolTip {{ background:{tooltip}; color:{on_tooltip}; border:0; padding:5px 8px; }}
QMenu {{ background:{raised}; color:{text}; border:1px solid {line2}; padding:5px; }}
QMenu::item {{ padding:6px 28px 6px 10px; border-radius:6px; min-width:120px; }}
QMenu::item:selected {{ background:{raised_hover}; }}
QMenu::item:disabled {{ color:{disabled}; }}
QMenu::icon {{ padding-left:8px; }}
QMenu::indicator {{ width:0; height:0; }}
QMenu::separator {{ height:1px; background:{line}; margin:5px 6px; }}
LineEdit, QLineEdit#bare-line {{ background:transparent; border:0; }}
QScrollBar:vertical {{ background:transparent; width:12px; margin:0; }}
QScrollBar::handle:vertical {{ background:{line2}; border-radius:3px; min-height:36px;
 margin:2px 3px 2px 3px; }}
QScrollBar:horizontal {{ background:transparent; height:12px; margin:0; }}
QScrollBar::handle:horizontal {{ background:{line2}; border-radius:3px; min-width:36px;
 margin:3px 2px 3px 2px; }}
QScrollBar::handle:hover, QScrollBar::handle:pressed {{ background:{field}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height:0; width:0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background:transparent; }}
"""


class Theme(QObject):
    """What is seen now. Read by `color`, `font`, `px`; changed by `apply` only."""

    theme_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.mode = "light"
        self.accent = "blue"
        self.scale = 1.0
        self.family = "Inter"
        self.dark = False
        self.tokens: Tokens = tokens_for(dark=False)
        self.colors: dict[str, QColor] = {}
        self.categories: list[tuple[QColor, QColor, QColor]] = []
        self.fonts: dict[str, QFont] = {}
        self.metrics: dict[str, QFontMetrics] = {}
        self._fonts_loaded = self._rare_loaded = False
        self._watching = False
        self._dressed: tuple[Tokens, float, str] | None = None
        self._fill()

    def choose(self, *, mode: str, accent: str, scale: float, family: str) -> None:
        """Takes the choices over and works out the tokens; paints nothing."""
        self.mode = mode if mode in MODES else "system"
        self.accent, self.family = accent, family
        self.scale = min(MOST_SCALE, max(0.9, scale))
        self.dark = mode == "dark" or (mode in ("system", "contrast") and system_is_dark())
        self.tokens = tokens_for(dark=self.dark, accent=accent, contrast=mode == "contrast")
        self._fill()

    @contextmanager
    def on_paper(self) -> Iterator[None]:
        """While a page is painted: light, for paper is white, and type in pixels, for points
        would follow the dots of the printer while everything beside them is scaled."""
        kept, before = (self.tokens, self.dark), (self.colors, self.categories, self.fonts)
        metrics = self.metrics
        self.tokens, self.dark = tokens_for(dark=False, accent=self.accent), False
        self._fill()
        for made in self.fonts.values():
            made.setPixelSize(round(made.pointSizeF() / 0.75))
        try:
            yield
        finally:
            self.tokens, self.dark = kept
            self.colors, self.categories, self.fonts = before
            self.metrics = metrics

    def dress(self, app: QApplication) -> None:
        """Gives the application fonts, palette and style sheet, and tells everybody; once for each
        look, for every widget that is there is polished anew."""
        look = (self.tokens, self.scale, self.family)
        if look == self._dressed:
            return
        self._dressed = look
        self._load_fonts()
        app.setPalette(self._palette())
        app.setFont(self.fonts["body"])
        app.setStyleSheet(_QSS.format(**{n: getattr(self.tokens, n) for n in _QSS_NAMES}))
        self._watch(app)
        self.theme_changed.emit()

    def _fill(self) -> None:
        names = (n for n in Tokens.__slots__ if isinstance(getattr(self.tokens, n), str))
        self.colors = {name: QColor(getattr(self.tokens, name)) for name in names}
        self.colors["shade"] = QColor(*self.tokens.shade)
        self.colors["clear"] = QColor(0, 0, 0, 0)
        self.categories = [
            (QColor(bar), QColor(soft), QColor(ink)) for bar, soft, ink in self.tokens.categories
        ]
        self.fonts = {kind: self._font(kind) for kind in TYPE}
        self.metrics = {}

    def _font(self, kind: str) -> QFont:
        size, weight, _line = TYPE[kind]
        font = QFont(self.family) if self.family else QFont()
        font.setPointSizeF(size * self.scale * 0.75)  # 96 dots an inch: 4 px are 3 pt
        font.setWeight(QFont.Weight(weight))
        font.setFeature(QFont.Tag("tnum"), 1)
        # At 13.5 px hinting makes the gaps between letters uneven.
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        return font

    def _load_fonts(self) -> None:
        if not self._fonts_loaded:
            _load(FONT_FILES)
            self._fonts_loaded = True

    def load_rare_fonts(self) -> None:
        """The fonts that no first paint needs; once."""
        if not self._rare_loaded:
            _load(RARE_FONT_FILES)
            self._rare_loaded = True

    def _palette(self) -> QPalette:
        palette = QPalette()
        for role, name in _ROLES:
            palette.setColor(role, self.colors[name])
        for role in (_Role.WindowText, _Role.Text, _Role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.colors["disabled"])
        return palette

    def _watch(self, app: QApplication) -> None:
        if not self._watching:
            app.styleHints().colorSchemeChanged.connect(self._system_changed)
            self._watching = True

    def _system_changed(self) -> None:
        app = QApplication.instance()
        if self.mode in ("system", "contrast") and isinstance(app, QApplication):
            apply(app, self.mode, accent=self.accent, scale=self.scale, family=self.family)


_QSS_NAMES = (
    "tooltip",
    "on_tooltip",
    "raised",
    "text",
    "line",
    "line2",
    "raised_hover",
    "field",
    "disabled",
)
_STYLED = "styled"
_theme: Theme | None = None


def make_application(name: str) -> QApplication:
    """The application with our style from the beginning.

    A style that is asked for or set later is met in Python by all enumerations it has: 30 ms.
    """
    app = QApplication([name, "-style", STYLE])
    app.setProperty(_STYLED, True)
    return app


def _load(files: tuple[str, ...]) -> None:
    for name in files:
        QFontDatabase.addApplicationFont(str(resource("fonts", name)))


def theme() -> Theme:
    """The theme of this application."""
    global _theme
    if _theme is None:
        _theme = Theme()
    return _theme


def apply(
    app: QApplication,
    mode: str = "system",
    *,
    accent: str = "blue",
    scale: float = 1.0,
    family: str = "Inter",
) -> None:
    """Dresses the application. `mode`: system, light, dark or contrast; `scale` 0.9 to 2.

    `family` is the font; an empty one means the font of the system.
    """
    if not app.property(_STYLED):
        app.setStyle(STYLE)
        app.setProperty(_STYLED, True)
    theme().choose(mode=mode, accent=accent, scale=scale, family=family)
    theme().dress(app)


def color(name: str) -> QColor:
    """The colour of a token. Shared: do not change it."""
    return theme().colors[name]


def category(number: int) -> tuple[QColor, QColor, QColor]:
    """(bar, soft, ink) of a category; any number will do, six repeat."""
    return theme().categories[number % 6]


def font(kind: str = "body") -> QFont:
    """caption, small, body, strong, title, page or figure, at the chosen scale. Shared."""
    return theme().fonts[kind]


def metrics(kind: str = "body") -> QFontMetrics:
    """Cached metrics of `font(kind)`."""
    known = theme().metrics
    if kind not in known:
        known[kind] = QFontMetrics(font(kind))
    return known[kind]


def line_height(kind: str = "body") -> int:
    """The height of a line of that type, in pixels at the chosen scale."""
    return px(TYPE[kind][2])


def px(size: float) -> int:
    """A size in pixels at 100 %, at the scale the person has chosen in the program."""
    return round(size * theme().scale)


def system_is_dark() -> bool:
    """What the system asks for: Qt's answer, on Linux the desktop portal's, else light."""
    app = QApplication.instance()
    scheme = app.styleHints().colorScheme() if isinstance(app, QApplication) else None
    if scheme in (Qt.ColorScheme.Dark, Qt.ColorScheme.Light):
        return scheme == Qt.ColorScheme.Dark
    return sys.platform.startswith("linux") and _portal_says_dark()


def _portal_says_dark() -> bool:
    """Asks org.freedesktop.appearance; waits a tenth of a second at most."""
    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return False
    from PySide6.QtDBus import QDBus, QDBusConnection, QDBusMessage, QDBusVariant

    question = QDBusMessage.createMethodCall(
        "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop",
        "org.freedesktop.portal.Settings", "Read",
    )  # fmt: skip
    question.setArguments(["org.freedesktop.appearance", "color-scheme"])
    reply = QDBusConnection.sessionBus().call(question, QDBus.CallMode.Block, 100)
    answer = reply.arguments()[0] if reply.arguments() else None
    while isinstance(answer, QDBusVariant):
        answer = answer.variant()
    return answer == 1  # 1 prefers dark, 2 light, 0 has no wish
