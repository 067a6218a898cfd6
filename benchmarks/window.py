"""The real window over a base, and a stopwatch that stops when a paint has ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.services.workspace import Workspace
from crm_desktop.settings import open_settings
from crm_desktop.ui import theme
from crm_desktop.ui.features import FEATURES
from crm_desktop.ui.language import switch_language
from crm_desktop.ui.main_window.window import MainWindow
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.operations import Operations
from crm_desktop.ui.record_card.panel import RecordPanel
from crm_desktop.ui.record_list.page import RecordListPage
from crm_desktop.ui.runtime.stall import Stall, StallDetector
from crm_desktop.ui.session import Session

LONGEST_S = 20.0
SIZE = (1440, 900)
Ready = Callable[[], bool]


class Stopwatch(QObject):
    """Measures from an act to the end of the first paint that shows what it led to."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._loop = QEventLoop()
        self._ready: list[Ready] = []
        self._ends: list[float] = []
        window.installEventFilter(self)

    def measure(self, act: Callable[[], object], ready: Ready) -> float:
        """Milliseconds; `ready` says whether the window holds what is waited for."""
        return self.measure_all(act, [ready])[0]

    def measure_all(self, act: Callable[[], object], ready: Sequence[Ready]) -> list[float]:
        """The same for several things that come one after another."""
        begun = time.perf_counter()
        self._ready, self._ends = list(ready), []
        limit = QTimer()
        limit.setSingleShot(True)
        limit.timeout.connect(self._loop.quit)
        limit.start(int(LONGEST_S * 1000))
        act()
        if self._ready:
            self._loop.exec()
        if self._ready:
            self._ready = []
            raise TimeoutError(f"nothing was painted within {LONGEST_S} s")
        return [(end - begun) * 1e3 for end in self._ends]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.UpdateRequest or not self._ready:
            return False
        there = 0
        while there < len(self._ready) and self._ready[there]():
            there += 1
        watched.removeEventFilter(self)
        QApplication.sendEvent(watched, event)
        watched.installEventFilter(self)
        if there:
            self._ends += [time.perf_counter()] * there
            self._ready = self._ready[there:]
            if not self._ready:
                self._loop.quit()
        return True


class Window:
    """The program's window with a base open in it."""

    def __init__(self, address: str, home: Path) -> None:
        app = QApplication.instance()
        self.app = app if isinstance(app, QApplication) else QApplication([])
        switch_language(self.app, "ru")
        theme.apply(self.app, "light")
        self.stalls: list[Stall] = []
        self.detector = StallDetector(self.stalls.append, threshold_s=0.05, period_s=0.004)
        self.operations = Operations()
        self.session = Session(open_settings(home), self.operations)
        self.navigator = Navigator()
        self.window = MainWindow(self.session, self.navigator, FEATURES)
        self.view = self.window.view
        self.view.resize(*SIZE)
        self.view.show()
        self.watch = Stopwatch(self.view)
        self.session.open(address)
        self.wait(lambda: self.session.workspace is not None)
        self.wait(lambda: self.page.controller.total is not None)
        if self.page.controller.total:
            self.wait(lambda: self.window._panel is not None and self.panel.controller.contents)
        self.settle(0.5)

    @property
    def base(self) -> Workspace:
        """The open base."""
        return self.session.base

    @property
    def page(self) -> RecordListPage:
        """The list in front."""
        page = self.window.pages.page
        if not isinstance(page, RecordListPage):
            raise LookupError("no list is shown")
        return page

    @property
    def panel(self) -> RecordPanel:
        """The side panel."""
        panel = self.window.panel()
        assert isinstance(panel, RecordPanel)
        return panel

    def wait(self, until: Callable[[], object]) -> None:
        """Lets the window work until it is so."""
        deadline = time.monotonic() + LONGEST_S * 3
        while True:
            try:
                if until():
                    return
            except LookupError:
                pass
            if time.monotonic() > deadline:
                raise TimeoutError("the window does not get there")
            self.settle(0.01)

    def settle(self, seconds: float = 0.12) -> None:
        """Lets what is under way come to its end."""
        loop = QEventLoop()
        QTimer.singleShot(int(seconds * 1000), loop.quit)
        loop.exec()

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Notes every moment at which the GUI thread is held."""
        self.detector.start()
        try:
            yield
        finally:
            self.detector.stop()

    def bare_paint(self, widget: QWidget, times: int = 15) -> float:
        """Milliseconds to paint the widget and nothing else; the median."""
        found = []
        for _time in range(times):
            begun = time.perf_counter()
            widget.repaint()
            found.append((time.perf_counter() - begun) * 1e3)
            self.settle(0.02)
        return sorted(found)[times // 2]

    def close(self) -> None:
        """Closes base and window."""
        self.window.leave()
        self.window.pages.close_all()
        self.operations.close(10)
        if self.session.workspace is not None:
            self.session.workspace.close()
