"""Fixtures of the window tests."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.ui.runtime.stall import Stall, StallDetector

_QUIET_S = 0.0075
NoStall = Callable[..., AbstractContextManager[None]]
_PATIENCE_MS = 30_000


class PatientBot(QtBot):
    """Waits for a state as long as a busy machine may need for it; one that never comes fails."""

    def waitUntil(self, callback: Callable[[], object], *, timeout: int = _PATIENCE_MS) -> None:  # noqa: N802
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = _PATIENCE_MS, **others: Any) -> Any:  # noqa: N802
        return super().waitSignal(signal, timeout=timeout, **others)

    def waitSignals(self, signals: Any, *, timeout: int = _PATIENCE_MS, **others: Any) -> Any:  # noqa: N802
        return super().waitSignals(signals, timeout=timeout, **others)

    def waitExposed(self, widget: Any, *, timeout: int = _PATIENCE_MS) -> Any:  # noqa: N802
        return super().waitExposed(widget, timeout=timeout)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """The one of pytest-qt, which gives up after five seconds."""
    return PatientBot(request)


@pytest.fixture(autouse=True)
def nothing_left_over(qapp: QApplication) -> Iterator[None]:
    """The widgets of a test die with it. Qt would keep them until the next event loop runs, and a
    change of the language in the test after would reach windows without a base."""
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def no_stall(qapp: QApplication) -> NoStall:
    """`with no_stall():` fails if our code holds the GUI thread longer than 50 ms at a stretch.

    Only what is done through the event loop is judged, so put clicks, keys and `qtbot.waitUntil`
    inside and set-up outside. Time taken by other programs on the machine does not count, nor does
    looking through all that the tests before have left in memory. Where two test processes share
    the caches of two cores, everything takes up to twice the processor time, and twice as much is
    allowed; as much more as the processor is slower now than when the limit was set, too.
    """
    shared = 2 if os.environ.get("PYTEST_XDIST_WORKER") else 1

    @contextmanager
    def watch(most_ms: float = 50) -> Iterator[None]:
        most_ms *= shared * _slowness()
        found: list[Stall] = []
        detector = StallDetector(found.append, threshold_s=most_ms / 1e3, period_s=0.004)
        qapp.processEvents()
        with _nothing_to_collect():
            detector.start()
            try:
                yield
                qapp.processEvents()
            finally:
                detector.stop()
        held = [stall for stall in found if stall.held_s * 1e3 > most_ms]
        lines = [f"{stall.held_s * 1e3:.0f} ms in\n{stall.stack}" for stall in held]
        assert not held, "The GUI thread was held:\n" + "\n".join(lines)

    return watch


def _slowness() -> float:
    """How much more processor time plain Python takes now than on the quiet machine, 1 to 4."""
    samples = []
    for _turn in range(3):
        began = time.thread_time()
        kept = {}
        for number in range(60_000):
            kept[number & 1023] = str(number)
        samples.append(time.thread_time() - began)
    return min(4.0, max(1.0, max(samples) / _QUIET_S))


@contextmanager
def _nothing_to_collect() -> Iterator[None]:
    """A full collection takes a second in a process that has run two thousand tests. Where worker
    threads run it stays off afterwards, too: one of them would collect widgets, and crash."""
    was_on = gc.isenabled()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_on:
            gc.enable()
