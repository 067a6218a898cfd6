"""The program as a window: made in the order that paints first and opens the base afterwards."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from crm_desktop import i18n
from crm_desktop import settings as s
from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.log import start_log
from crm_desktop.ui import theme
from crm_desktop.ui.base_moving.desk import MovingDesk
from crm_desktop.ui.dismissal.desk import DismissalDesk
from crm_desktop.ui.dismissal.farewell import Farewell
from crm_desktop.ui.drafts.left_over import DraftsLeft
from crm_desktop.ui.drafts.on_server import KeptDrafts
from crm_desktop.ui.features import FEATURES
from crm_desktop.ui.handing_over.desk import HandingOverDesk
from crm_desktop.ui.language import switch_language
from crm_desktop.ui.main_window.dropping import Dropping
from crm_desktop.ui.main_window.program_actions import ProgramActions
from crm_desktop.ui.main_window.window import MainWindow
from crm_desktop.ui.messages import CrashReporter, install_crash_handler
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.operations import Job, Operations
from crm_desktop.ui.runtime.guests import CatalogueWatch, Guests
from crm_desktop.ui.runtime.latin_keys import LatinKeys
from crm_desktop.ui.runtime.socket_name import socket_name
from crm_desktop.ui.runtime.stall import StallDetector, log_stalls
from crm_desktop.ui.session import CONNECTION_ENDING, Session
from crm_desktop.ui.sign_in.desk import SignInDesk
from crm_desktop.ui.upgrading import UpgradeDesk
from crm_desktop.ui.watch_desk import WatchDesk
from crm_desktop.ui.widgets.buttons import LastInput

if TYPE_CHECKING:  # Qt's network comes after the first paint
    from crm_desktop.ui.runtime.single_instance import InstanceServer

BASE_ENDINGS = (".crm", CONNECTION_ENDING)
_LEAST_ZOOM, _MOST_ZOOM = 90, 200
_LATER_MS = 2000  # the first page comes first
_LISTEN_MS = 1000


@dataclass(frozen=True)
class StartOptions:
    """What the person asked for on the command line; empty: as it is kept in the settings."""

    base: str = ""
    files: tuple[str, ...] = ()
    language: str = ""
    theme: str = ""
    scale: int = 0
    demo: bool = False


class Application(QObject):
    """Everything that lives as long as the program."""

    painted = Signal()
    """The window was painted for the first time."""

    def __init__(self, app: QApplication, settings: s.Settings, options: StartOptions) -> None:
        super().__init__()
        self.app, self.settings, self.options = app, settings, options
        home = settings.path.parent
        self.crashes: CrashReporter = install_crash_handler(home / "crashes", self)
        self.scale = options.scale or settings.get(s.SCALE)
        switch_language(app, options.language or s.chosen_language(settings))
        self._dress(options.theme or settings.get(s.THEME))
        LatinKeys(app)
        LastInput(app)
        self.operations = Operations(self)
        self.operations.crashed.connect(self.crashes.report)
        self.operations.reports = str(home / "crashes")
        self.session = Session(settings, self.operations, self)
        self.navigator = Navigator(self)
        self.server: InstanceServer | None = None
        self._listening = QTimer(self, singleShot=True)
        self._listening.timeout.connect(self._listen)
        self.guests = Guests(self.session, self)
        self.catalogue_watch = CatalogueWatch(self.session, self)
        self.tour: QObject | None = None
        self.stalls: StallDetector | None = None
        self._waiting_files = [f for f in options.files if not f.lower().endswith(BASE_ENDINGS)]
        self.session.opened.connect(self._base_opened)
        self.navigator.language_wanted.connect(self.choose_language)
        self.navigator.look_changed.connect(self._look_soon)
        self.window = self._make_window()

    # --- the window -------------------------------------------------------------------------------

    def _make_window(self) -> MainWindow:
        get = self.settings.get
        self._built = (self.scale, get(s.FONT), get(s.DENSITY))
        window = MainWindow(self.session, self.navigator, FEATURES)
        actions = ProgramActions(window)
        actions.theme_wanted.connect(self.choose_theme)
        actions.language_wanted.connect(self.choose_language)
        actions.zoom_wanted.connect(self.zoom)
        actions.quit_wanted.connect(window.end)
        SignInDesk(window)
        MovingDesk(window)
        HandingOverDesk(window)
        DismissalDesk(window)
        Farewell(window, KeptDrafts(window.session, window))
        DraftsLeft(window.session, self.navigator, window)
        UpgradeDesk(window)
        WatchDesk(window)
        window.closed.connect(self.quit)
        Dropping(window.view).dropped.connect(self.take_files)
        window.geometry.restore()
        return window

    def show(self) -> None:
        """Shows the window; the base is opened after the first paint."""
        address = self._address()
        if address:
            self.window.starting.wait_for(address)
        elif not address:
            self.window.view.set_chrome(False)
        self.window.view.painted.connect(self._first_paint)
        self.window.view.show()

    def _first_paint(self) -> None:
        self.painted.emit()
        QTimer.singleShot(0, self._begin)

    def _begin(self) -> None:
        """After the first paint: the base, which has the processor for itself for a second."""
        address = self._address()
        if self.options.demo and not self.options.base and not Path(address).exists():
            self._make_demo(address)
        elif address:
            self.session.open(address)
        else:
            self.window.show_welcome()
        if self.settings.get(s.LOG_STALLS):
            self.stalls = log_stalls(self)
        self._listening.start(_LISTEN_MS)

    def _listen(self) -> None:
        """What takes time and is not seen: the log, rare fonts, what hears of later starts."""
        with contextlib.suppress(OSError):  # a read-only folder: the program works without a log
            start_log(self.settings.path.parent)
        theme.theme().load_rare_fonts()
        from crm_desktop.ui.runtime.single_instance import InstanceServer

        self.server = InstanceServer(socket_name(self.settings.path.parent), self)
        self.server.called.connect(self.take_files)
        self.server.answer = self.guests.answer

    def _make_demo(self, address: str) -> None:
        """Makes the example and opens it."""
        home, language = self.settings.path.parent, i18n.language()

        def work(job: Job) -> Path:
            from crm_desktop.services.demo.home import ensure_demo

            return ensure_demo(home, language, job.progress)

        def failed(error: UserError) -> None:
            self.session.failed_address = address
            self.session.failed.emit(error)

        self.operations.run(
            work, owner=self, title=_("Making the example"), failed=failed,
            done=lambda path: self.session.open(str(path)),
        )  # fmt: skip

    def _address(self) -> str:
        if self.options.demo and not self.options.base:
            from crm_desktop.services.demo.countries import demo_path

            return str(demo_path(self.settings.path.parent, i18n.language()))
        bases = [f for f in self.options.files if f.lower().endswith(BASE_ENDINGS)]
        return self.options.base or next(iter(bases), "") or self.settings.get(s.LAST_BASE)

    # --- files from outside -----------------------------------------------------------------------

    def take_files(self, files: Sequence[str]) -> None:
        """A later start: the window comes forward and takes the files over."""
        view = self.window.view
        view.setWindowState(view.windowState() & ~Qt.WindowState.WindowMinimized)
        view.show()
        view.raise_()
        view.activateWindow()
        bases = [f for f in files if f.lower().endswith(BASE_ENDINGS)]
        others = [f for f in files if f not in bases]
        if bases and bases[0] != self.session.address:
            self.session.open(bases[0])
        elif others and self.session.workspace is not None:
            self._import(others[0])
        elif others:
            self._waiting_files = others
            text = _("Make or open a base: “{file}” is brought in after that.")
            self.navigator.toast(text.format(file=Path(others[0]).name), tone="info")

    def _base_opened(self) -> None:
        waiting, self._waiting_files = self._waiting_files, []
        if waiting:  # after the window, which shows its first page now
            QTimer.singleShot(0, self, lambda: self._import(waiting[0]))
        if FEATURES.base_opened is not None:
            QTimer.singleShot(_LATER_MS, self, self._look_for_left_work)

    def _look_for_left_work(self) -> None:
        if self.session.workspace is not None and FEATURES.base_opened is not None:
            FEATURES.base_opened(self.session, self.navigator)

    def _import(self, file: str) -> None:
        self.navigator.open_import(self.window.first_section().key, path=str(Path(file)))

    # --- looks ------------------------------------------------------------------------------------

    def _dress(self, mode: str) -> None:
        family = self.settings.get(s.FONT) or "Inter"
        theme.apply(
            self.app, mode, accent=self.settings.get(s.ACCENT), scale=self.scale / 100,
            family="" if family == s.SYSTEM_FONT else family,
        )  # fmt: skip

    def choose_theme(self, mode: str) -> None:
        """Light, dark or that of the system, from now on."""
        self.settings.put(s.THEME, mode)
        self._dress(mode)

    def _look_soon(self) -> None:
        """Once the page that asked is done: its window may be made anew."""
        QTimer.singleShot(0, self, self.take_look)

    def take_look(self) -> None:
        """Dresses the window by the settings.

        Another size, font or density makes the window anew; if the person stays with something
        that is not saved, the choice is in force from the next start on.
        """
        get = self.settings.get
        if self._built == (get(s.SCALE), get(s.FONT), get(s.DENSITY)):
            self._dress(get(s.THEME))
        elif self.window.pages.may_close_all():
            self.scale = get(s.SCALE)
            self._dress(get(s.THEME))
            self.rebuild()
            self.navigator.open_settings()

    def choose_language(self, code: str) -> None:
        """Another language, at once and from now on."""
        self.settings.put(s.LANGUAGE, code)
        base = self.session.workspace
        if base is not None:
            base.titles.forget_all()
        switch_language(self.app, code)

    def zoom(self, step: int) -> None:
        """Everything larger or smaller; the window is made anew at that size."""
        scale = 100 if step == 0 else self.scale + step
        scale = min(_MOST_ZOOM, max(_LEAST_ZOOM, scale))
        if scale == self.scale or not self.window.pages.may_close_all():
            return
        self.scale = scale
        self.settings.put(s.SCALE, scale)
        self._dress(self.settings.get(s.THEME))
        self.rebuild()
        self.navigator.toast(_("Size: {percent} %").format(percent=scale), tone="info")

    def rebuild(self) -> None:
        """The same window made anew, with what stood open in it."""
        old = self.window
        old.leave()
        self.window = self._make_window()
        self.window.view.setGeometry(old.view.geometry())
        if self.session.workspace is not None:
            self.window.take_over()
        else:
            self.window.show_welcome()
        self.window.view.show()
        old.drop()

    # --- the end ----------------------------------------------------------------------------------

    def quit(self) -> None:
        """Ends the program: writes are waited for, then the base is closed. Asks nothing."""
        self.window.let_go()
        self._listening.stop()
        if self.server is not None:
            self.server.close()
        if self.stalls is not None:
            self.stalls.stop()
        self.session.close()
        self.operations.close(3600.0)
        self.crashes.let_go()
        self.app.quit()
