"""When to look whether something has come up: APScheduler, at the next moment and regularly.

The scheduler decides nothing but when to look. The regular look is for everything it cannot know:
the computer was asleep, the clock was set, another seat has planned or answered something.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

EVERY_S = 30
_NEXT, _REGULAR = "next", "regular"


class Alarm(QObject):
    """Rings on the GUI thread. Made once APScheduler is imported, which takes its time."""

    rang = Signal()

    def __init__(self, parent: QObject | None = None, every_s: float = EVERY_S) -> None:
        super().__init__(parent)
        from apscheduler.schedulers.background import BackgroundScheduler

        self._scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None}
        )
        self._scheduler.add_job(
            self._ring, "interval", seconds=every_s, id=_REGULAR, max_instances=1
        )
        self._scheduler.start()
        scheduler = self._scheduler
        self.destroyed.connect(lambda: scheduler.running and scheduler.shutdown(wait=False))

    def set_next(self, moment: datetime | None) -> None:
        """Rings at this moment as well; None: only regularly."""
        if moment is not None:
            self._scheduler.add_job(
                self._ring, "date", run_date=moment, id=_NEXT, replace_existing=True
            )
        elif self._scheduler.get_job(_NEXT) is not None:
            self._scheduler.remove_job(_NEXT)

    def _ring(self) -> None:
        """On a thread of the scheduler, which may be about it while the window goes."""
        with suppress(RuntimeError):
            self.rang.emit()

    def stop(self) -> None:
        """Rings no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
