"""Cells whose value is not in the base yet: each shows what was typed where it will stand."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer

from crm_desktop.ui.drafts.in_place import HandedOver
from crm_desktop.ui.record_list.cell_typed import Given, HeldMark
from crm_desktop.ui.record_list.controller import ListController

_LATE_MS = 600
"""A save is mostly done before; a cell that shows the old value longer looks as if it had failed.
"""


class _Held(NamedTuple):
    what: Given
    mark: HeldMark


class HeldCells(QObject):
    """What waits for its cell, or for the server, while somebody types elsewhere."""

    def __init__(self, controller: ListController) -> None:
        super().__init__(controller)
        self._c, self._table = controller, controller.view.table
        self._sent: list[Given] = []
        self._held: dict[tuple[int, str], _Held] = {}
        """The last one of each cell."""

    # --- what is on its way -----------------------------------------------------------------------

    def send(self, what: Given) -> None:
        """It is being saved now."""
        self._sent.append(what)
        QTimer.singleShot(_LATE_MS, self, lambda: self._late(what))

    def _late(self, what: Given) -> None:
        if what in self._sent:
            self._mark(what)

    def arrived(self, what: Given) -> None:
        """It was saved, or was not."""
        self._sent.remove(what)
        held = self._held.get(what.place)
        if held is not None and held.what is what:
            self.take(what.place)

    # --- what was refused -------------------------------------------------------------------------

    def hold(self, what: Given) -> None:
        """It was not saved, and nobody is asked now."""
        earlier = self.take(what.place)
        if earlier is not None and earlier.waits and what.waits:
            what.cell = earlier.cell  # what stood there before any of them was typed
        self._mark(what)

    def take(self, place: tuple[int, str]) -> Given | None:
        """What is held of that cell; the cell shows what stands there again."""
        found = self._held.pop(place, None)
        if found is None:
            return None
        found.mark.hide()
        found.mark.deleteLater()
        return found.what

    def take_waiting(self) -> list[Given]:
        """What the server was missing for."""
        waiting = [place for place, one in self._held.items() if one.what.waits]
        return [what for place in waiting if (what := self.take(place)) is not None]

    def take_undecided(self) -> Given | None:
        """One that somebody has to decide on and whose cell is seen."""
        held = (one.what for one in self._held.values() if one.what.why and not one.what.waits)
        what = next((what for what in held if self.is_seen(what)), None)
        return self.take(what.place) if what is not None else None

    def handed_over(self) -> list[HandedOver]:
        """All that is not in the base."""
        whole = {one.place: one for one in self._sent if not one.saved}
        whole |= {place: one.what for place, one in self._held.items() if one.what.why}
        return [one.handed_over(self._c.key) for one in whole.values()]

    # --- showing ----------------------------------------------------------------------------------

    def is_seen(self, what: Given) -> bool:
        """Whether the list has its cell."""
        seen = self._c.view.model.row_of(what.cell.record) is not None
        return seen and self.column(what.cell.field.key) >= 0

    def column(self, key: str) -> int:
        """Where a field stands; -1 for nowhere."""
        paths = [column.key for column in self._c.view.model.columns]
        return paths.index(key) if key in paths else -1

    def place(self) -> None:
        """Puts what is held over its cells, wherever they stand now."""
        for what, mark in self._held.values():
            row, column = self._c.view.model.row_of(what.cell.record), self.column(what.place[1])
            seen = row is not None and column >= 0
            mark.setVisible(seen)
            if row is not None and seen:
                rect = self._table.visualRect(self._c.view.model.index(row, column))
                mark.setGeometry(rect.adjusted(0, 0, 0, -1))

    def _mark(self, what: Given) -> None:
        self.take(what.place)
        mark = HeldMark(what, self._table.viewport())
        self._held[what.place] = _Held(what, mark)
        self.place()
