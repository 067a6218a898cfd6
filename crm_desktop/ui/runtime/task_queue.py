"""A queue of tasks and the threads that take them, oldest first."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class TaskQueue(Generic[T]):
    """A queue of tasks, and the threads that carry them out."""

    def __init__(self, name: str, threads: int, carry_out: Callable[[T], None]) -> None:
        self._name, self._most, self._carry_out = name, threads, carry_out
        self._tasks: deque[T] = deque()
        self._condition = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._at_work: set[int] = set()
        self._closed = False

    def put(self, task: T) -> None:
        """Queues a task; a thread is started only when all are at work."""
        with self._condition:
            if self._closed:
                return
            self._tasks.append(task)
            free = len(self._threads) - len(self._at_work)
            if free < len(self._tasks) and len(self._threads) < self._most:
                self._start()
            self._condition.notify()

    def busy(self) -> bool:
        """Whether anything is queued or under way."""
        with self._condition:
            return bool(self._tasks or self._at_work)

    def close(self, wait_s: float) -> bool:
        """Takes no more and waits for what is queued; False if the time was not enough."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()
        until = time.monotonic() + wait_s
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _start(self) -> None:
        name = f"{self._name}-{len(self._threads) + 1}"
        thread = threading.Thread(target=self._loop, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _next(self) -> T | None:
        with self._condition:
            self._at_work.discard(threading.get_ident())
            while not self._tasks:
                if self._closed:
                    return None
                self._condition.wait()
            self._at_work.add(threading.get_ident())
            return self._tasks.popleft()

    def _loop(self) -> None:
        while (task := self._next()) is not None:
            self._carry_out(task)
            del task  # the widget that asked must not live on until the next task
