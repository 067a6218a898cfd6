"""How long a card takes, from the click to the end of the paint; for tests and benchmarks.

python tests/gui/card_speed.py BASE [RECORDS]    prints medians over some records of the base
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.panel import RecordPanel
from crm_desktop.ui.session import Session

_LIMIT_S = 10.0


class _Paints(QObject):
    """Notes when the last paint of a window ended."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.last = 0.0
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.UpdateRequest:
            watched.removeEventFilter(self)
            QApplication.sendEvent(watched, event)
            watched.installEventFilter(self)
            self.last = time.perf_counter()
            return True
        return False


def _until_painted(controller: CardController, ask: Callable[[], None], paints: _Paints) -> float:
    """Milliseconds from `ask` to the end of the last paint that it caused."""
    loaded: list[float] = []
    told = controller.loaded.connect(lambda _c: loaded.append(time.perf_counter()))
    begun = time.perf_counter()
    ask()
    while not loaded and time.perf_counter() - begun < _LIMIT_S:
        QApplication.processEvents()
    quiet = 0
    while quiet < 3:  # layouts may ask for another paint
        before = paints.last
        QApplication.processEvents()
        quiet = quiet + 1 if paints.last == before else 0
    controller.loaded.disconnect(told)
    return (max(paints.last, loaded[0] if loaded else begun + _LIMIT_S) - begun) * 1e3


def panel_times(session: Session, refs: Iterable[Ref]) -> list[float]:
    """Milliseconds to show each record in the side panel, one after another."""
    panel = RecordPanel(session, Navigator())
    panel.resize(432, 860)
    panel.show()
    QApplication.processEvents()
    paints = _Paints(panel)
    found = []
    for ref in refs:
        panel._timer.stop()
        found.append(_until_painted(panel.controller, lambda r=ref: panel.show_record(r), paints))
    panel.close()
    panel.deleteLater()
    return found


def page_times(session: Session, refs: Iterable[Ref]) -> list[float]:
    """Milliseconds to open each record as a page of its own, making its widgets included."""
    navigator = Navigator()
    found = []
    for ref in refs:
        window = QWidget(None, Qt.WindowType.Window)
        window.resize(1130, 820)
        window.show()
        QApplication.processEvents()
        paints = _Paints(window)
        begun = time.perf_counter()
        page = CardPage(session, navigator, ref)
        page.setParent(window)
        page.resize(window.size())
        page.show()
        _until_painted(page.controller, lambda: None, paints)
        found.append((paints.last - begun) * 1e3)
        window.close()
        window.deleteLater()
        QApplication.processEvents()
    return found


def _some(session: Session, count: int) -> list[Ref]:
    """Records of the first object of the navigation, from all over the list."""
    from crm_desktop.models.query import Query

    base = session.base
    entity = next(entity for entity in base.catalogue if entity.navigation)
    cursor = base.lists.open(Query(entity.key, columns=("id",)))
    step = max(1, cursor.count() // count)
    return [Ref(entity.key, row.id) for i in range(count) for row in cursor.rows(i * step, 1)]


def main(address: str, count: int = 60) -> None:
    """Prints the median and the 95th percentile of panel and page."""
    from crm_desktop.services.workspace import open_base
    from crm_desktop.settings import open_settings
    from crm_desktop.ui import theme
    from crm_desktop.ui.operations import Operations

    app = QApplication([])
    theme.apply(app, "light")
    operations = Operations()
    session = Session(open_settings(Path(address).parent / "card-speed"), operations)
    session.workspace = open_base(address)
    refs = _some(session, count)
    for name, times in (("panel", panel_times(session, refs)), ("page", page_times(session, refs))):
        times = sorted(times[3:])
        print(f"{name}: median {statistics.median(times):.1f} ms, "  # noqa: T201
              f"95 % {times[int(len(times) * 0.95)]:.1f} ms")  # fmt: skip
    operations.close()
    session.base.close()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
