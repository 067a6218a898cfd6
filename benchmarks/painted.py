"""What a person does at the window, measured to the end of the paint: lists, search, card, save.

Runs in a process of its own: `python -m benchmarks.painted ADDRESS ROUNDS` prints as JSON the
samples of every act, the bare paints below them, memory, and how long the GUI thread was held.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import psutil
import sqlalchemy as sa
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from benchmarks.window import Window
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Sort
from crm_desktop.ui.record_card.facts import Fact, fact_sections

Samples = dict[str, list[float]]
ENTITY = "client"
PHONE = 1
"""The column of the telephone in the list as it is at first."""
SORTS = ("tax_id", "name", "status", "responsible", "region", "kind")
_FRESH = Random()  # another number than the run before wrote
WARM_UP = 3
PAUSE_S = 0.4
"""Between two acts of a person in a hurry: what a list prepares for later is done by then."""
WORST = 3  # stalls whose place is told
MIB = 1024 * 1024


class Acts:
    """Does each thing many times in one window."""

    def __init__(self, window: Window, rounds: int) -> None:
        self._window = window
        self._rounds = rounds
        self._chance = Random(7)
        self._opened = False
        self.samples: Samples = {}
        self.paints: dict[str, float] = {}
        # Asked before anybody watches how long the window is held.
        self._lowest, self._highest = self._bounds()
        window.page.controller.loader.opened.connect(self._note_opened)

    def _bounds(self) -> tuple[int, int]:
        table = self._window.base.tables.main[ENTITY]
        with self._window.base.backend.read() as connection:
            wanted = sa.select(sa.func.min(table.c.id), sa.func.max(table.c.id))
            lowest, highest = connection.execute(wanted).one()
        return int(lowest), int(highest)

    def _note_opened(self) -> None:
        self._opened = True

    def _measure(self, name: str, act: Callable[[], object], ready: Callable[[], bool]) -> None:
        self._opened = False
        taken = self._window.watch.measure(act, ready)
        self.samples.setdefault(name, []).append(taken)
        self._window.settle(PAUSE_S)

    # --- lists ------------------------------------------------------------------------------------

    def orders(self) -> None:
        """The first page in another order."""
        controller = self._window.page.controller
        for number in range(self._rounds):
            keys = (Sort(SORTS[number % len(SORTS)], number % 4 > 1),)
            state = controller.state.asking(sort=keys)
            self._measure("first page, any order", lambda s=state: controller.show(s), self._shown)
        controller.show(controller.state.asking(sort=()))
        self._window.wait(self._shown)
        self._window.settle(1.0)
        self.paints["list"] = self._window.bare_paint(self._window.page.view.table.viewport())

    def filters(self) -> None:
        """The first page of a narrowed list, as a saved view narrows it."""
        controller, base = self._window.page.controller, self._window.base
        usual = controller.state
        table = base.tables.main["reference"]
        with base.backend.read() as connection:
            books = ("client_status", "segment", "region")
            rows = connection.execute(
                sa.select(table.c.id, table.c.book).where(table.c.book.in_(books))
            ).all()
        for _number in range(self._rounds):
            id_, book = self._chance.choice(rows)
            where = Condition("status" if book == "client_status" else book, "in", (id_,))
            state = usual.asking(where=where)
            self._measure("first page, saved filter", lambda s=state: controller.show(s),
                          self._shown)  # fmt: skip
        controller.show(usual)
        self._window.wait(self._shown)
        self._window.settle(1.0)

    def _shown(self) -> bool:
        return self._opened and self._filled()

    def _filled(self) -> bool:
        """Whether every row that is seen is there."""
        view = self._window.page.view
        table, model = view.table, view.model
        first = max(0, table.rowAt(0))
        last = table.rowAt(table.viewport().height() - 1)
        last = last if last >= 0 else model.rowCount() - 1
        return all(model.id_of(row) is not None for row in range(first, last + 1))

    def jumps(self) -> None:
        """Any page: the scroll bar is dragged somewhere, End and Home are pressed."""
        self._window.wait(lambda: self._window.page.controller.loader.source is not None)
        self._window.settle(2.0)
        bar = self._window.page.view.table.verticalScrollBar()
        for _number in range(self._rounds):
            place = self._chance.randrange(bar.maximum())
            self._measure("any page", lambda p=place: bar.setValue(p), self._filled)
        self._ends()

    def _ends(self) -> None:
        table = self._window.page.view.table
        table.setFocus()
        for number in range(self._rounds // 2):
            key = Qt.Key.Key_Home if number % 2 else Qt.Key.Key_End
            self._measure("jump to the end", lambda k=key: QTest.keyClick(table, k), self._filled)
        QTest.keyClick(table, Qt.Key.Key_Home)
        self._window.settle(0.5)

    # --- search -----------------------------------------------------------------------------------

    def searches(self) -> None:
        """The search box, key by key."""
        window = self._window
        window.window.open_search("")
        window.settle(0.5)
        search: Any = window.window.search()
        answered = [False]
        found = search._found

        def noted(hits: Any) -> None:
            found(hits)
            answered[0] = search._question.text == search.palette.text().strip()

        search._found = noted
        line = search.palette._line
        for name, texts in self._queries().items():
            for text in texts:
                line.setText(text[:-1])
                window.settle(0.25)
                answered[0] = False
                self._measure(name, lambda t=text: _type(line, t[-1]), lambda: answered[0])
        self.paints["search"] = window.bare_paint(search.palette._view.viewport())
        search.close()
        window.settle(0.3)

    def _queries(self) -> dict[str, list[str]]:
        """Texts that somebody may type, taken from records all over the base."""
        found: dict[str, list[str]] = {"search, words": [], "search, part of a word": [],
                                       "search, telephone": []}  # fmt: skip
        for name, phone in self._some(self._rounds):
            words = [word.strip("«»,.") for word in name.split()[1:]]
            words = [word for word in words if len(word) > 4] or [name]
            first = words[0]
            found["search, words"].append(" ".join(word[:4] for word in words[:2]))
            found["search, part of a word"].append(first[2:7])
            found["search, telephone"].append(str(phone)[-self._chance.choice((4, 5, 7)) :])
        return found

    def _some(self, count: int) -> Iterator[tuple[str, str]]:
        base = self._window.base
        table = base.tables.main[ENTITY]
        cursor = self._ids(count)
        with base.backend.read() as connection:
            wanted = sa.select(table.c.name, table.c.phone).where(table.c.id.in_(cursor))
            yield from ((row.name, row.phone) for row in connection.execute(wanted))

    def _ids(self, count: int) -> list[int]:
        table = self._window.base.tables.main[ENTITY]
        found = []
        wanted = sa.select(sa.func.min(table.c.id)).where(table.c.id >= sa.bindparam("near"))
        with self._window.base.backend.read() as connection:
            while len(found) < count:
                near = self._chance.randrange(self._lowest, self._highest)
                found.append(connection.scalar(wanted, {"near": near}))
        return found

    # --- cards ------------------------------------------------------------------------------------

    def cards(self) -> None:
        """The card beside the list, and the busy one."""
        panel = self._window.panel
        for id_ in self._ids(self._rounds):
            self._card("card", Ref(ENTITY, id_))
        busy = Ref(ENTITY, self._lowest)  # made first, and the one with the most entries
        for id_ in self._ids(max(4, self._rounds // 3)):
            panel.show_record(Ref(ENTITY, id_))
            self._window.settle(0.3)
            self._card("busy card", busy)
        self.paints["card"] = self._window.bare_paint(panel)

    def _card(self, name: str, ref: Ref) -> None:
        panel = self._window.panel

        def ready() -> bool:
            contents = panel.controller.contents
            return contents is not None and contents.ref == ref

        self._window.settle(0.1)
        self._measure(name, lambda: panel.show_record(ref), ready)

    def pages(self) -> None:
        """The card as a page of its own, and back."""
        window = self._window
        for id_ in self._ids(max(4, self._rounds // 2)):
            ref = Ref(ENTITY, id_)

            def ready(ref: Ref = ref) -> bool:
                controller = getattr(window.window.pages.page, "controller", None)
                contents = getattr(controller, "contents", None)
                return contents is not None and contents.ref == ref

            act = window.navigator.open_record
            self._measure("card as a page", lambda r=ref, a=act: a(r), ready)
            window.settle(1.0)
            window.window.pages.close_current()
            window.settle(0.8)  # nobody opens the next one faster

    # --- saving -----------------------------------------------------------------------------------

    def saves(self) -> None:
        """A telephone is changed in the card; stops when the row of the list shows it.

        Two records, their change rows and the search rows are written.
        """
        window = self._window
        table = window.page.view.table
        for number in range(self._rounds):
            table.go_to(number % 12)
            window.wait(lambda: self._phone_on_card() is not None)
            window.settle(0.4)
            fact = self._phone_on_card()
            assert fact is not None
            self._save(fact, f"+7495{_FRESH.randrange(1_000_000, 9_999_999)}")
        window.settle(0.5)

    def _phone_on_card(self) -> Fact | None:
        """The telephone on the card of the current row, once it is there."""
        view, panel = self._window.page.view, self._window.panel
        contents = panel.controller.contents
        if contents is None or contents.ref.id != view.model.id_of(view.table.current_row):
            return None
        sections = fact_sections(contents, panel.controller.around(), editing=lambda _fact: False)
        facts = (fact for section in sections for fact in section.facts)
        return next((f for f in facts if str(f.value or "").startswith("+7")), None)

    def _save(self, fact: Fact, value: str) -> None:
        model = self._window.page.view.model
        row = self._window.page.view.table.current_row
        before = model.cell(row, PHONE)

        def shown() -> bool:
            cell = model.cell(row, PHONE)
            return cell is not None and before is not None and cell.text != before.text

        save = self._window.panel.controller.save_value
        self._measure("save, list row refreshed", lambda: save(fact, value), shown)


def _type(line: QWidget, letter: str) -> None:
    """Presses the key of a letter of any alphabet."""
    key = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter)
    QApplication.sendEvent(line, key)


def run(address: str, rounds: int) -> dict[str, Any]:
    """All acts in one window: samples, bare paints, memory, stalls."""
    with tempfile.TemporaryDirectory() as home:
        window = Window(address, Path(home))
        process = psutil.Process()
        window.settle(2.0)
        idle = process.memory_info().rss / MIB
        acts = Acts(window, rounds)
        with window.watched():
            for act in (
                acts.orders, acts.filters, acts.jumps, acts.searches, acts.cards, acts.pages,
                acts.saves,
            ):  # fmt: skip
                act()
        worked = process.memory_info().rss / MIB
        stalls = [stall.held_s * 1e3 for stall in window.stalls]
        for stall in sorted(window.stalls, key=lambda stall: -stall.held_s)[:WORST]:
            sys.stderr.write(f"GUI thread held {stall.held_s * 1e3:.0f} ms\n{stall.stack}\n")
        window.close()
    samples = {name: found[WARM_UP:] or found for name, found in acts.samples.items()}
    return {"samples": samples, "paints": acts.paints, "idle": idle, "worked": worked,
            "stalls": stalls}  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], int(sys.argv[2]))))
