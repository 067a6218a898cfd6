"""The main job done by itself in the real window, with a picture of every screen on the way.

What `--demo --screenshots FOLDER` does on a machine without a display: looks about in the demo
base, brings a spreadsheet in, undoes that, changes theme and language. A screen that does not come
is told, and the program ends with status 1.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from crm_desktop import i18n
from crm_desktop import settings as s
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.traits import Joining
from crm_desktop.models.query import Condition, Query, Sort
from crm_desktop.ui.application import Application
from crm_desktop.ui.page import Page
from crm_desktop.ui.tour.arrival import Arrival
from crm_desktop.ui.tour.board import board_steps
from crm_desktop.ui.tour.figures import figure_steps
from crm_desktop.ui.tour.planner import PlannerTour
from crm_desktop.ui.tour.sales import deal_steps
from crm_desktop.ui.tour.step import Step

_SIZE = (1440, 900)


class DemoTour(QObject):
    """Goes from step to step; the program ends after the last one."""

    def __init__(self, program: Application, folder: Path) -> None:
        super().__init__(program)
        self._program, self._folder = program, folder
        self._window = program.window
        self._steps: Iterator[Step] = iter(())
        self._pictures = 0
        self._failures: list[str] = []
        self._usual = {s.THEME: program.settings.get(s.THEME),
                       s.LANGUAGE: program.settings.get(s.LANGUAGE)}  # fmt: skip
        self._before = 0
        self._arrival = Arrival(program.operations, self._fail, self)
        self._language = i18n.language()
        program.session.opened.connect(self._begin)
        program.session.failed.connect(lambda error: self._break_off(error.message))
        program.operations.crashed.connect(lambda title, error: self._fail(title, repr(error)))

    def _begin(self) -> None:
        if self._pictures or self._failures:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        self._window.view.resize(*_SIZE)
        self._sit_down()
        self._steps = self._all()
        self._next()

    def _sit_down(self) -> None:
        """Somebody of the demo company is at the computer."""
        base = self._program.session.base
        first = base.lists.open(Query(base.catalogue.staff().key, ("id",), sort=(Sort("id"),)))
        self._program.session.work_as(first.first(1)[0].id)

    # --- the steps --------------------------------------------------------------------------------

    def _all(self) -> Iterator[Step]:
        yield from self._look_about()
        yield from self._bring_in()
        yield from self._take_back()
        yield from self._bin()
        yield from self._dress_otherwise()

    def _look_about(self) -> Iterator[Step]:
        navigator, first = self._program.navigator, self._window.first_section().key
        base = self._program.session.base
        yield Step("list", lambda: navigator.show_list(first), self._listed)
        for number, view in enumerate(base.views.of(first)[:2], 1):
            yield Step(f"list-view-{number}", lambda v=view: navigator.show_list(first, v.id),
                       self._listed)  # fmt: skip
        for view in [v for v in base.views.of(first) if v.query.groups][:1]:
            yield Step("list-groups", lambda v=view: navigator.show_list(first, v.id),
                       self._listed)  # fmt: skip
        yield Step("list-filter", lambda: self._run("condition"))
        yield Step("", lambda: self._run("close-popovers"))
        yield Step("", lambda: navigator.show_list(first), self._listed)
        yield Step("search", lambda: self._window.open_search(self._word()), self._found)
        yield Step("commands", lambda: self._window.open_search("> "), self._found)
        yield Step("", self._window.close_search)
        yield Step("card", self._open_card, lambda: self._on_card("contents"))
        yield Step("card-legal-details", lambda: self._tab("legal_details.owner"))
        yield Step("card-timeline", lambda: self._tab("timeline"))
        yield Step("card-files", lambda: self._tab("attachment.owner"))
        yield Step("card-history", lambda: self._tab("history"))
        yield Step("card-arrange", lambda: self._page.arranging.open())
        yield Step("", self._dismiss)
        yield Step("new-record", lambda: navigator.new_record(first))
        yield Step("", lambda: navigator.show_list(first), self._listed)
        yield from self._doubles(first)
        yield from self._joined(first)
        for entity in base.catalogue:
            if entity.navigation and entity.key != first:
                ready = self._title if entity == base.catalogue.books() else self._listed
                yield Step(f"list-{entity.key}", lambda k=entity.key: navigator.show_list(k), ready)

    def _joined(self, first: str) -> Iterator[Step]:
        """A record with its relations, and the records of a selection."""
        base, navigator = self._program.session.base, self._program.navigator
        from crm_desktop.services.selections.service import selections

        relation, trait = base.catalogue.with_trait(Joining)
        joined = Query(first, ("id",), Condition(relation.key, "filled"))
        for row in base.lists.open(joined).first(1):
            yield Step("", lambda id_=row.id: navigator.open_record(Ref(first, id_)),
                       lambda: self._on_card("contents"))  # fmt: skip
            yield Step("card-relations", lambda: self._tab(f"{relation.key}.{trait.one}"))
        for one in selections(base, first)[:1]:
            where = Condition("in_segment", "in", (one.id,))
            yield Step(
                "list-of-a-selection",
                lambda where=where: navigator.show_list(first, where=where),
                self._listed,
            )

    def _doubles(self, first: str) -> Iterator[Step]:
        """Who is in the base twice, side by side; and what is told while a known one is typed."""
        base, navigator = self._program.session.base, self._program.navigator
        entity = base.catalogue[first]
        groups = base.duplicates.groups(entity, limit=1)
        yield Step("duplicates", lambda: navigator.open_duplicates(first), self._compared)
        if groups:
            ids = groups[0].ids
            yield Step("merge", lambda: navigator.open_merge(first, ids), self._title)
            yield Step("card-with-a-double", lambda: navigator.open_record(Ref(first, ids[0])),
                       lambda: self._on_card("contents"))  # fmt: skip
            name = base.reader.many(first, ids[:1], [entity.title_field])[ids[0]]
            yield Step("new-record-known", lambda: navigator.new_record(first, name))
        yield Step("", lambda: navigator.show_list(first), self._listed)
        yield Step("", lambda: self._page.views.choose(None), self._listed)  # no selection any more

    def _compared(self) -> bool:
        page: Any = self._window.pages.page
        return bool(getattr(page, "pane", None) and page.pane.merge_button.isEnabled())

    def _bring_in(self) -> Iterator[Step]:
        """The main job: a spreadsheet comes into the base."""
        navigator, entity = self._program.navigator, self._window.first_section().key
        self._before = self._count(entity)
        sheet = self._spreadsheet()
        yield Step("import-1-sheet", lambda: navigator.open_import(entity, path=str(sheet)),
                   lambda: self._at_import(1))  # fmt: skip
        yield Step("import-2-columns", self._go_on, lambda: self._at_import(2))
        yield Step("import-3-test-run", self._go_on, lambda: self._at_import(3))
        yield Step("import-4-done", self._go_on, self._imported)
        yield Step("import-5-in-the-list", lambda: navigator.show_list(entity), self._grown)

    def _take_back(self) -> Iterator[Step]:
        base = self._program.session.base
        operation = base.operations.last(1)[0]
        for name in ("annual-dates", "promises"):
            yield Step(name, lambda n=name: self._program.navigator.open_page(n), self._title)
        navigator = self._program.navigator
        planner = PlannerTour(lambda: self._page, lambda: navigator.open_page("planner"))
        yield from planner.steps()
        for name in ("my-day", "working-time", "sales-setup"):
            yield Step(name, lambda n=name: self._program.navigator.open_page(n), self._title)
        yield from deal_steps(base, navigator, loaded=lambda: self._on_card("contents"),
                              open_tab=self._tab)  # fmt: skip
        yield from board_steps(navigator, lambda: self._page)
        yield from figure_steps(navigator, lambda: self._page)
        yield from self._calendar_and_calls()
        yield Step("operations", self._program.navigator.open_operations, self._title)
        yield Step(
            "operations-undone", lambda: self._window.undoing.undo(operation.id),
            lambda: base.operations.get(operation.id).state == "undone" and self._told("undone"),
        )  # fmt: skip
        entity = self._window.first_section().key
        if self._count(entity) != self._before:
            self._fail("undo", f"{self._count(entity)} records instead of {self._before}")

    def _calendar_and_calls(self) -> Iterator[Step]:
        """A calendar file as it is seen before it is brought in; the first of a list of calls."""
        base, navigator = self._program.session.base, self._program.navigator
        first = self._window.first_section().key
        yield Step("", lambda: navigator.open_page("calendar-import"), self._title)
        path = self._calendar()
        yield Step("calendar-import", lambda: self._page.look_at(path),
                   lambda: getattr(self._page, "trial", None))  # fmt: skip
        ids = [row.id for row in base.lists.open(Query(first, ("id",))).first(5)]
        yield Step("call-round", lambda: navigator.open_call_round(first, ids),
                   lambda: getattr(self._page, "callee", None))  # fmt: skip

    def _calendar(self) -> Path:
        """What is planned in the demo company, as a calendar file."""
        from crm_desktop.services.ics.choosing import ids_between
        from crm_desktop.services.ics.exporting import export_calendar

        base = self._program.session.base
        now = base.clock.now()
        path = self._folder / "calendar.ics"
        export_calendar(base, ids_between(base, now, now + timedelta(days=7)), path)
        return path

    def _bin(self) -> Iterator[Step]:
        """A deleted record in the recycle bin, and back."""
        base, entity = self._program.session.base, self._window.first_section().key
        cursor = base.lists.open(Query(entity, ("id",)))
        outcome = base.records.delete(entity, [row.id for row in cursor.rows(3, 2)])
        yield Step("recycle-bin", self._program.navigator.open_recycle_bin, self._title)
        yield Step("", lambda: base.undo.undo(outcome.operation))

    def _dress_otherwise(self) -> Iterator[Step]:
        program, first = self._program, self._window.first_section().key
        navigator = program.navigator
        yield Step("settings", navigator.open_settings, self._title)
        yield Step("settings-activities", lambda: self._page.show_section("activities"),
                   lambda: bool(self._page.activities.rows))  # fmt: skip
        yield Step("", lambda: program.choose_theme("dark"))
        yield Step("dark-settings", navigator.open_settings, self._title)
        yield Step("dark-list", lambda: navigator.show_list(first), self._listed)
        yield Step("dark-card", self._open_card, lambda: self._on_card("contents"))
        yield Step("dark-search", lambda: self._window.open_search(self._word()), self._found)
        yield Step("", self._window.close_search)
        other = "en" if i18n.language() == "ru" else "ru"
        yield Step("", lambda: program.choose_theme("light"))
        yield Step("", lambda: program.choose_language(other))
        yield Step(f"{other}-list", lambda: navigator.show_list(first), self._listed)
        yield Step(f"{other}-card", self._open_card, lambda: self._on_card("contents"))
        yield Step(f"{other}-operations", navigator.open_operations, self._title)

    # --- acts -------------------------------------------------------------------------------------

    @property
    def _page(self) -> Any:
        """The page in front; its parts are asked for by name, since features differ."""
        self._window = self._program.window
        return self._window.pages.page

    def _run(self, action: str) -> None:
        page = self._page
        if not isinstance(page, Page) or not page.run(action):
            raise LookupError(f"the page has no action {action}")

    def _word(self) -> str:
        """The beginning of a name that is certainly there."""
        base, first = self._program.session.base, self._window.first_section()
        ref = self._page.pointed() if isinstance(self._page, Page) else None
        titles = base.titles.of([ref]) if ref is not None else {}
        words = titles[ref].text.replace("«", " ").split() if ref in titles else [_(first.plural)]
        return str(max(words, key=len))[:5]

    def _open_card(self) -> None:
        """A record of the last pinned view that narrows: the clients about whom most is known."""
        base, first = self._program.session.base, self._window.first_section()
        pinned = [v for v in base.views.of(first.key) if v.pinned and v.query.where is not None]
        query = pinned[-1].query if pinned else Query(first.key)
        record = base.lists.open(query.replace(columns=("id",))).first(1)[0]
        self._program.navigator.open_record(Ref(first.key, record.id))

    def _dismiss(self) -> None:
        """Closes the dialog in front."""
        dialog = QApplication.activeModalWidget()
        if dialog is not None:
            dialog.close()

    def _tab(self, key: str) -> None:
        if self._page.tabs.open_tab(key) is None:
            raise LookupError(f"the card has no tab {key}")

    def _go_on(self) -> None:
        self._page.go_on()

    def _spreadsheet(self) -> Path:
        from crm_desktop.services.demo.sample import sample_name, write_sample

        language = self._program.session.base.info("language")
        return write_sample(self._folder / sample_name(language), language)

    def _count(self, entity: str) -> int:
        return int(self._program.session.base.lists.count(Query(entity)))

    # --- whether a screen is there ----------------------------------------------------------------

    def _listed(self) -> bool:
        page = self._page
        return isinstance(page, Page) and page.pointed() is not None

    def _found(self) -> bool:
        palette = getattr(self._window.search(), "palette", None)
        return palette is not None and bool(palette.shown_titles())

    def _on_card(self, name: str) -> bool:
        controller = getattr(self._page, "controller", None)
        return getattr(controller, name, None) is not None

    def _title(self) -> bool:
        return isinstance(self._page, Page) and bool(self._page.title())

    def _at_import(self, step: int) -> bool:
        view = getattr(self._page, "view", None)
        return getattr(view, "step", None) == step and view.next.isEnabled()

    def _imported(self) -> bool:
        run = getattr(getattr(self._page, "view", None), "run", None)
        outcome = getattr(run, "outcome", None)
        return outcome is not None and outcome.created > 0

    def _told(self, state: str) -> bool:
        """Whether the pane of operations shows that state."""
        details = self._page.pane.details()
        return details is not None and details.operation.state == state

    def _grown(self) -> bool:
        return self._listed() and self._count(self._window.first_section().key) > self._before

    # --- going on ---------------------------------------------------------------------------------

    def _next(self) -> None:
        try:
            step = next(self._steps, None)
        except Exception as error:  # noqa: BLE001 - told, and the tour ends as a failure
            self._break_off(repr(error))
            return
        if step is None:
            self._end()
            return
        try:
            step.act()
        except Exception as error:  # noqa: BLE001 - told; the other screens are still worth a look
            self._fail(step.name, repr(error))
        self._arrival.wait(step, lambda: self._keep(step.name))

    def _keep(self, name: str) -> None:
        if name:
            self._pictures += 1
            path = self._folder / f"{self._pictures:02}-{name}.png"
            if not self._picture().save(str(path)):
                self._fail(name, f"{path} cannot be written")
        self._next()

    def _picture(self) -> QPixmap:
        """The window with the dialog in front of it."""
        view, dialog = self._program.window.view, QApplication.activeModalWidget()
        picture = view.grab()
        if dialog is not None:
            painter = QPainter(picture)
            spot = view.rect().center() - dialog.rect().center()
            painter.drawPixmap(spot, dialog.grab())
            painter.end()
        return picture

    def _fail(self, name: str, reason: str) -> None:
        self._failures.append(f"{name or '…'}: {reason}")

    def _break_off(self, reason: str) -> None:
        self._fail("…", reason)
        self._end()

    def _end(self) -> None:
        for setting, value in self._usual.items():
            self._program.settings.put(setting, value)
        i18n.set_language(self._language)  # the last screens spoke the other one
        text = _("Pictures of {count} screens are in {folder}")
        sys.stdout.write(text.format(count=self._pictures, folder=self._folder) + "\n")
        for failure in self._failures:
            sys.stdout.write(failure + "\n")
        sys.stdout.flush()
        self._program.window.pages.close_all()  # an open form would ask what is to become of it
        self._program.window.view.close()
        if self._failures:
            self._program.app.exit(1)
