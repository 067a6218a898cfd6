"""Looking at what the GUI thread does must not let its objects end in the thread that looks."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from crm_desktop.ui.runtime.stall import StallDetector


def _held_here(seconds: float) -> None:
    timer = QTimer()
    timer.start(60_000)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass


def _looking(detector: StallDetector, told: list[str], ended: threading.Event) -> None:
    while not ended.is_set():
        told.append(detector._stack())


@pytest.fixture
def taking_turns() -> Iterator[None]:
    """Threads take turns as often as Python can make them."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("taking_turns")
def test_timers_of_a_held_window_end_in_its_own_thread(qtbot: QtBot) -> None:
    """Qt warns of a timer that ends elsewhere, and a warning of Qt fails the test."""
    told: list[str] = []
    ended = threading.Event()
    detector = StallDetector(lambda _stall: None)
    looks = threading.Thread(target=_looking, args=(detector, told, ended))
    looks.start()
    for _time in range(150):
        _held_here(0.002)
    ended.set()
    looks.join()

    assert any("in _held_here" in stack for stack in told)
