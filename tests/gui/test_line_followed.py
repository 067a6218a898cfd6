"""What the window knows of the line to a server from the first moment on."""

from __future__ import annotations

from contextlib import closing

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.services.live.feed import Feed
from crm_desktop.ui.line import Line
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
