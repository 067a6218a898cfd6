"""What the window knows of the line to a server from the first moment on."""

from __future__ import annotations

import socket
import threading
from contextlib import closing

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.services.live import feed as live
from crm_desktop.services.live.feed import Feed
from crm_desktop.ui.server_line.line import Line
from tests.bases import ready_base


def test_a_line_lost_while_the_base_was_being_opened_is_known_to_be(
    firebird_url: str, qapp: QApplication, qtbot: QtBot
) -> None:
    owner = QObject()
    line = Line(owner)
    with closing(ready_base(firebird_url)) as base:
        base.feed = Feed(base)
        base.feed.holds = False  # told before anybody followed

        with qtbot.waitSignal(line.lost):
            line.follow(base)

        assert not line.holds
        line.follow(None)
        assert line.holds


def test_a_server_that_comes_back_is_found_by_knocking_and_not_by_pauses(
    firebird_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody asks for it; the pauses between tries to come in would be far too long."""
    monkeypatch.setattr(live, "PAUSES_S", (600.0,))
    monkeypatch.setattr(live, "KNOCKS_S", (0.01, 0.02))
    with closing(ready_base(firebird_url)) as base, closing(socket.socket()) as port:
        port.bind(("127.0.0.1", 0))
        monkeypatch.setattr(base.backend, "address", f"127.0.0.1:{port.getsockname()[1]}/base")
        waiting = threading.Thread(target=Feed(base)._lose, daemon=True)
        waiting.start()
        waiting.join(0.1)
        assert waiting.is_alive(), "nobody answers there yet"

        port.listen()

        waiting.join(20)
        assert not waiting.is_alive()


def test_looks_follow_at_once_while_they_are_rare_and_rest_among_many(firebird_url: str) -> None:
    with closing(ready_base(firebird_url)) as base:
        feed = Feed(base)

        rests = [feed._needed_rest() for _look in range(20)]

    assert rests[: live.AT_ONCE] == [0.0] * live.AT_ONCE
    assert all(rest > 0 for rest in rests[live.AT_ONCE + 1 :])
    assert rests[live.AT_ONCE + 1] <= 2 * live.REST_S[1]
