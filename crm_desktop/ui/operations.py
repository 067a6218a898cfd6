"""The only way from a widget to the services: work runs in a thread, its result comes back here.

Writes run one after another on one thread, in the order they were asked for. Reads run on a small
pool; of the reads with one key the newest wins, and the one it supersedes is interrupted. Results
reach the GUI thread, and only while the widget that asked still lives.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from crm_desktop.errors import (
    Cancelled,
    ConsentNeeded,
    DatabaseUnavailable,
    ProgramFault,
    UserError,
)
from crm_desktop.i18n import _
from crm_desktop.services.interactive import interactive
from crm_desktop.ui.runtime.garbage import Garbage
from crm_desktop.ui.runtime.lifetime import is_alive
from crm_desktop.ui.runtime.task_queue import TaskQueue

_log = logging.getLogger(__name__)
_PROGRESS_EVERY_S = 0.05
_READERS = 3
_AFTER_PAINT_MS = 25
_LET_GO_MS = 300
_SHOWN_S = 0.15

Done = Callable[[Any], None]
Failed = Callable[[UserError], None]
Consent = Callable[[ConsentNeeded, QObject, Callable[[bool], None]], None]
"""Asks the person: (what, on behalf of which widget, what is told the answer)."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: `total` 0 means unknown; `text` is a sentence or empty."""

    done: int
    total: int
    text: str = ""


class Job:
    """What the work gets: it reports progress and learns that it is no longer wanted."""

    def __init__(self, title: str, post: Callable[[Callable[[], None]], None]) -> None:
        self.title = title
        self._post = post
        self._lock = threading.Lock()
        self._cancelled = False
        self._ended = False
        self._interrupts: list[Callable[[], None]] = []
        self._after_cancel: list[Callable[[], None]] = []
        self._told_at = 0.0
        self.show_progress: Callable[[Progress], None] | None = None
        self.show_part: Done | None = None

    @property
    def cancelled(self) -> bool:
        """Whether the person, or a newer question, has made this needless."""
        return self._cancelled

    def check(self) -> None:
        """Raises `Cancelled` if the work is no longer wanted. To be called once a batch."""
        if self._cancelled:
            raise Cancelled

    def progress(self, done: int, total: int = 0, text: str = "") -> None:
        """Tells how far the work is; cheap, it may be called for every row."""
        now = time.monotonic()
        last = total and done >= total
        if self.show_progress is None or (now - self._told_at < _PROGRESS_EVERY_S and not last):
            return
        self._told_at = now
        state, show = Progress(done, total, text), self.show_progress
        self._post(lambda: show(state))

    def shows(self, owner: QObject, show: Callable[[Progress], None]) -> None:
        """Tells `show` how far the work is, as long as `owner` lives and the work is wanted: the
        page may be closed before the work has heard of it."""
        self.show_progress = lambda state: (
            show(state) if not self._cancelled and is_alive(owner) else None
        )

    def tell(self, part: Any) -> None:
        """Hands over what is known already and waits until it is shown, but not for long: a thread
        of Python makes painting several times as slow. The whole answer follows."""
        if self.show_part is not None:
            show, shown = self.show_part, threading.Event()
            self._post(lambda: (show(part), shown.set()))
            shown.wait(_SHOWN_S)

    def on_cancel(self, interrupt: Callable[[], None]) -> None:
        """Registers what stops the work from outside, for example interrupting a statement.

        It is called in another thread, at most once, and never after the work has ended.
        """
        with self._lock:
            if self._cancelled:
                interrupt()
            else:
                self._interrupts.append(interrupt)

    def after_cancel(self, callback: Callable[[], None]) -> None:
        """What the widget does once the work has stopped because of `cancel`."""
        self._after_cancel.append(callback)

    def cancel(self) -> None:
        """Asks the work to stop; what it has not kept is rolled back by the service."""
        with self._lock:
            if self._cancelled or self._ended:
                return
            self._cancelled = True
            for interrupt in self._interrupts:
                interrupt()

    def _end(self, *, ended: bool = True) -> None:
        with self._lock:
            self._ended = ended
            self._interrupts.clear()


@dataclass(slots=True)
class _Task:
    job: Job
    work: Callable[[Job], Any]
    done: Done
    failed: Failed | None
    owner: QObject
    key: Hashable = None
    asks: bool = False


def _let_go(error: BaseException | None) -> None:
    """Ends the circle of an error and the frames it came through: what they hold, such as the ids
    of a list of a million rows, goes with the work and not when cycles are looked for."""
    while error is not None:
        error.__traceback__ = None
        error = error.__context__


class Operations(QObject):
    """Runs work for widgets. One for the program; handed to whoever needs it.

    With `now=True`, for tests, everything runs at once in the calling thread.
    """

    refused = Signal(object)
    """A `UserError` that nobody took: to be shown as it is."""
    unreachable = Signal()
    """Some work has found that the server does not answer; its own `failed` says the rest."""
    crashed = Signal(str, object)
    """(title, exception): a bug; to be reported."""
    writing_changed = Signal(bool)
    giving_back = Signal()
    """Memory that is no longer used is about to be given back to the system."""
    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None, *, now: bool = False) -> None:
        super().__init__(parent)
        # A thread of pure Python must let the window paint within a millisecond or so.
        sys.setswitchinterval(0.001)
        self._now = now
        self._writer = TaskQueue("writer", 1, self._carry_out)
        self._readers = TaskQueue("reader", _READERS, self._carry_out)
        self._newest: dict[Hashable, Job] = {}
        self._writing = 0
        self.consent: Consent | None = None
        """What asks the person whether a write that needs a word of theirs is carried out."""
        self.reports = ""
        """The folder in which reports of mistakes are kept."""
        self._kept: list[Callable[[], None]] = []
        self._let_go = QTimer(self)
        self._let_go.setSingleShot(True)
        self._let_go.setInterval(_LET_GO_MS)
        self._let_go.timeout.connect(self._drop_kept)
        self._garbage = None if now else Garbage(self)
        if self._garbage is not None:
            self._garbage.giving_back.connect(self.giving_back)
        self._posted.connect(self._run_posted, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[Job], Any],
        *,
        owner: QObject,
        done: Done,
        failed: Failed | None = None,
        progress: Callable[[Progress], None] | None = None,
        title: str = "",
    ) -> Job:
        """Writes: `work(job)` in a thread, after all earlier writes; then `done(result)`.

        A `UserError` goes to `failed`, or is shown; anything else makes a crash report, of which
        `failed` is told by a `ProgramFault`. `title` says what it is, for the person who wants to
        close the program meanwhile. What needs a word of the person is asked and, on yes, done once
        more.
        """
        job = Job(title, self._post)
        if progress is not None:
            job.shows(owner, progress)
        self._write(_Task(job, work, done, failed, owner, asks=True))
        return job

    def run_asked(
        self, work: Callable[[Job], Any], *, owner: QObject, done: Done, failed: Failed, title: str
    ) -> Job:  # fmt: skip
        """The same for whoever asks the person by themselves."""
        job = Job(title, self._post)
        self._write(_Task(job, work, done, failed, owner))
        return job

    def _write(self, task: _Task) -> None:
        self._writing += 1
        if self._writing == 1:
            self.writing_changed.emit(True)
        self._hand_over(self._writer, task)

    def query(
        self,
        key: Hashable,
        work: Callable[[Job], Any],
        *,
        owner: QObject,
        done: Done,
        failed: Failed | None = None,
        part: Done | None = None,
    ) -> Job:
        """Reads: the newest question with this key wins, an older one gives no answer any more.

        `part` gets what the work tells (`Job.tell`) before its whole answer.
        """
        self.forget(key)
        job = Job("", self._post)
        if part is not None:
            job.show_part = self._while_newest(key, job, owner, part)
        self._newest[key] = job
        self._hand_over(self._readers, _Task(job, work, done, failed, owner, key))
        return job

    def _while_newest(self, key: Hashable, job: Job, owner: QObject, part: Done) -> Done:
        return lambda told: part(told) if self._newest.get(key) is job and is_alive(owner) else None

    def forget(self, key: Hashable) -> None:
        """The answer to that question is no longer wanted."""
        old = self._newest.pop(key, None)
        if old is not None:
            old.cancel()

    def forget_all(self) -> None:
        """No answer is wanted any more: the base they were asked of is closed."""
        for key in list(self._newest):
            self.forget(key)

    def after_paint(self, timer: QTimer, wait_ms: int = _AFTER_PAINT_MS) -> None:
        """Starts a single-shot timer for what may wait until a saved value is painted.

        Both need the same processor. With `now=True` it is done at once.
        """
        if self._now:
            timer.timeout.emit()
        else:
            timer.start(wait_ms)

    @property
    def writing(self) -> bool:
        """Whether a write is queued or under way."""
        return self._writing > 0

    @property
    def idle(self) -> bool:
        """Whether everything that was asked for, reads and writes, has been answered."""
        return not self._newest and not self._writing

    def close(self, wait_s: float = 10.0) -> bool:
        """Before the program ends: stops reads, waits for writes. False if they go on."""
        self.forget_all()
        finished = self._writer.close(wait_s)
        alone = self._readers.close(0.5) and finished
        if self._garbage is not None:
            self._garbage.stop(alone=alone)
        return finished

    def _hand_over(self, queue: TaskQueue[_Task], task: _Task) -> None:
        if self._now:
            self._carry_out(task)
        else:
            queue.put(task)

    def _carry_out(self, task: _Task) -> None:
        """In the thread: does the work and posts what is to be done with its outcome."""
        outcome: Any = None
        error: BaseException | None = None
        try:
            task.job.check()
            with interactive(on=task.asks):
                outcome = task.work(task.job)
        except BaseException as problem:  # noqa: BLE001 - it is handed on, nothing is hidden
            error = problem
        task.job._end()
        self._post(lambda: self._deliver(task, outcome, error))

    def _deliver(self, task: _Task, outcome: Any, error: BaseException | None) -> None:
        if task.key is None:
            self._writing -= 1
            if not self._writing:
                self.writing_changed.emit(False)
        elif self._newest.get(task.key) is task.job:
            del self._newest[task.key]
        else:  # superseded or forgotten after its work had ended
            self._say_cancelled(task, error)
            return
        if task.job.cancelled and (error is not None or task.key is not None):
            self._say_cancelled(task, error)
        elif error is None:
            if is_alive(task.owner):
                task.done(outcome)
        elif isinstance(error, UserError):
            self._refuse(task, error)
        elif not isinstance(error, Cancelled):
            _log.error("Work failed: %s", task.job.title or task.key, exc_info=error)
            self.crashed.emit(task.job.title, error)
            if task.failed is not None:
                self._say_refused(task, ProgramFault(self._fault()))

    def _fault(self) -> str:
        if not self.reports:
            return _("The program has made a mistake, so this was not done.")
        return _(
            "The program has made a mistake, so this was not done. The report about it lies in "
            "{folder}: pass it on to get help."
        ).format(folder=self.reports)

    def _refuse(self, task: _Task, error: UserError) -> None:
        if isinstance(error, DatabaseUnavailable):
            self.unreachable.emit()
        if isinstance(error, ConsentNeeded) and error.allowed and task.asks and self.consent:
            if is_alive(task.owner):
                self.consent(error, task.owner, lambda yes: self._answered(task, error, yes=yes))
            return
        self._say_refused(task, error)

    def _answered(self, task: _Task, error: ConsentNeeded, *, yes: bool) -> None:
        if not yes:
            self._say_refused(task, error)
        elif is_alive(task.owner):
            task.job._end(ended=False)
            task.asks = False
            self._write(task)

    def _say_refused(self, task: _Task, error: UserError) -> None:
        if task.failed is None:
            self.refused.emit(error)
        elif is_alive(task.owner):
            task.failed(error)

    def _say_cancelled(self, task: _Task, error: BaseException | None) -> None:
        if error is not None and not isinstance(error, Cancelled):
            # An interrupted statement raises whatever its driver raises; kept for the curious.
            _log.debug("Stopped: %r", error)
        _let_go(error)
        if is_alive(task.owner):
            for callback in task.job._after_cancel:
                callback()

    def _post(self, call: Callable[[], None]) -> None:
        if self._now:
            call()
        elif is_alive(self):
            self._posted.emit(call)

    @Slot(object)
    def _run_posted(self, call: Callable[[], None]) -> None:
        call()
        # The thread that posted it still holds it for a moment. Should that be the last one to let
        # go, a widget would die in the wrong thread: keep it here until that moment is over.
        self._kept.append(call)
        self._let_go.start()

    @Slot()
    def _drop_kept(self) -> None:
        self._kept.clear()
