"""A walk through the main screens that saves a picture of each: for a machine without a display,
and to look at every screen after a change."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from crm_desktop.i18n import _
from crm_desktop.ui import theme
from crm_desktop.ui.application import Application
from crm_desktop.ui.navigation import PAGE, Place
from crm_desktop.ui.page import Page

_SETTLE_MS = 900
_TRIES = 60
Step = tuple[str, Callable[[], None]]


class Tour(QObject):
    """Goes from screen to screen; the program ends after the last one."""

    def __init__(self, program: Application, folder: Path) -> None:
        super().__init__(program)
        self._program, self._folder = program, folder
        self._saved: list[Path] = []
        self._steps: Iterator[Step] = iter(())
        self._tries = 0
        program.session.opened.connect(self._begin)
        program.session.failed.connect(lambda error: self._give_up(error.message))
        program.painted.connect(self._look_for_base)

    def _look_for_base(self) -> None:
        """Without a base there is the welcome page alone."""
        QTimer.singleShot(_SETTLE_MS, self, self._maybe_welcome)

    def _maybe_welcome(self) -> None:
        session = self._program.session
        if session.workspace is None and not session.busy:
            self._save("welcome")
            self._end()

    def _begin(self) -> None:
        program = self._program
        program.window.view.resize(1440, 900)
        self._steps = iter([*self._walk("light"), *self._walk("dark")])
        QTimer.singleShot(_SETTLE_MS, self, self._wait_for_list)

    def _wait_for_list(self) -> None:
        """The first list may take its time on a slow machine."""
        page = self._program.window.pages.page
        self._tries += 1
        ready = isinstance(page, Page) and page.pointed() is not None
        if ready or self._tries > _TRIES:
            self._next()
        else:
            QTimer.singleShot(100, self, self._wait_for_list)

    # --- the screens ------------------------------------------------------------------------------

    def _walk(self, mode: str) -> list[Step]:
        """The main screens in one theme."""
        program, window = self._program, self._program.window
        base = program.session.base
        lists = [e.key for e in base.catalogue if e.navigation]
        steps: list[Step] = [
            (f"{mode}-list-{key}", lambda k=key: program.navigator.show_list(k)) for key in lists
        ]
        first = lists[0]
        steps[0] = (f"{mode}-list-{first}", lambda: self._start_in(mode, first))
        steps += [
            (f"{mode}-card", lambda: self._open_card(first)),
            (f"{mode}-search", lambda: window.open_search(self._word())),
            (f"{mode}-filter", lambda: self._filter(first)),
            (f"{mode}-new", lambda: self._new(first)),
        ]
        for name in ("operations", "settings", "welcome"):
            place = Place(PAGE, name=name)
            if window.pages.has(place) and (name != "welcome" or mode == "dark"):
                steps.append((f"{mode}-{name}", lambda n=name: program.navigator.open_page(n)))
        return steps

    def _start_in(self, mode: str, entity: str) -> None:
        theme.apply(self._program.app, mode, scale=self._program.scale / 100)
        self._program.navigator.show_list(entity)

    def _open_card(self, entity: str) -> None:
        self._program.navigator.show_list(entity)
        page = self._program.window.pages.page
        ref = page.pointed() if isinstance(page, Page) else None
        if ref is not None:
            self._program.navigator.open_record(ref)

    def _word(self) -> str:
        """The first word of what is open."""
        page = self._program.window.pages.page
        words = page.title().split() if isinstance(page, Page) else []
        return words[0][:5] if words else ""

    def _filter(self, entity: str) -> None:
        self._program.window.close_search()
        self._program.navigator.show_list(entity)
        page = self._program.window.pages.page
        if isinstance(page, Page):
            page.run("condition")

    def _new(self, entity: str) -> None:
        page = self._program.window.pages.page
        if isinstance(page, Page):
            page.run("close-popovers")
        self._program.navigator.new_record(entity)

    # --- going on ---------------------------------------------------------------------------------

    def _next(self) -> None:
        step = next(self._steps, None)
        if step is None:
            self._end()
            return
        name, act = step
        act()
        QTimer.singleShot(_SETTLE_MS, self, lambda: self._save_and_go_on(name))

    def _save_and_go_on(self, name: str) -> None:
        self._save(name)
        self._next()

    def _save(self, name: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{name}.png"
        if self._program.window.view.grab().save(str(path)):
            self._saved.append(path)

    def _end(self) -> None:
        text = _("Pictures of {count} screens are in {folder}")
        sys.stdout.write(text.format(count=len(self._saved), folder=self._folder) + "\n")
        sys.stdout.flush()
        self._program.quit()

    def _give_up(self, message: str) -> None:
        sys.stderr.write(message + "\n")
        self._program.app.exit(1)
