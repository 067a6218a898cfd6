"""How programs end whose server has ended their lines, or is gone: at once, and without a crash."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from crm_desktop.models.backend.firebird_connect import connect, load_client, parse
from crm_desktop.services.licensing.standing import COUNT, keep_facts
from tests.cli_desk import ROOT
from tests.firebird_server import ServerMissing
from tests.memory_disk import memory_disk
from tests.restarting import MortalServer, mortal_server
from tests.server_office import Office, server_office

ENDS_AT_ALL = 60
"""Seconds."""
WINDOW = """
import sys, threading

def listen():
    sys.stdin.readline()
    from PySide6.QtCore import QMetaObject, Qt
    from PySide6.QtWidgets import QApplication
    queued = Qt.ConnectionType.QueuedConnection
    QMetaObject.invokeMethod(QApplication.instance(), "closeAllWindows", queued)

threading.Thread(target=listen, daemon=True).start()
from crm_desktop.__main__ import main
sys.exit(main())
"""
"""The program; a line from whoever started it closes its window."""


@pytest.fixture
def mortal() -> Iterator[MortalServer]:
    with ExitStack() as ends:
        try:
            server = ends.enter_context(mortal_server(memory_disk()))
        except ServerMissing as missing:
            pytest.skip(str(missing))
        yield server


@pytest.fixture
def shared(mortal: MortalServer) -> Iterator[Office]:
    with ExitStack() as ends:
        made = ends.enter_context(server_office(mortal.server.empty_base("left")))
        keep_facts(made.sign_in(made.boss), {COUNT: "50"})
        yield made
        mortal.start()


def started(*words: str, password: str, home: Path) -> subprocess.Popen[str]:
    surroundings = {
        **os.environ, "CRM_DESKTOP_PASSWORD": password, "PYTHONPATH": str(ROOT),
        "CRM_DESKTOP_HOME": str(home), "QT_QPA_PLATFORM": "offscreen",
    }  # fmt: skip
    home.mkdir()
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", *words, "--language", "en"], env=surroundings,
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def counting(mortal: MortalServer) -> Callable[[str], int]:
    """How many lines of an account the server knows now."""
    line = connect(load_client(), parse(mortal.server.url("left")))

    def count(login: str) -> int:
        cursor = line.cursor()
        sql = "SELECT COUNT(*) FROM mon$attachments WHERE mon$user = ?"
        found = cursor.execute(sql, (login.upper(),)).fetchone()[0]
        cursor.close()
        line.commit()
        return int(found)

    return count


def test_lost_lines_do_no_harm_at_the_end(
    mortal: MortalServer, shared: Office, tmp_path: Path, qtbot: QtBot
) -> None:
    login, lines = shared.let_in("Anna"), counting(mortal)
    word, boss = shared.passwords[login], shared.passwords[shared.boss]
    shared.close()
    serve = started("-m", "crm_desktop", "serve", "--base", shared.place.address(shared.boss),
                    password=boss, home=tmp_path / "serve")  # fmt: skip
    window = started("-c", WINDOW, "--base", shared.of(login), password=word,
                     home=tmp_path / "window")  # fmt: skip
    with ExitStack() as ends:
        for one in (serve, window):
            ends.callback(one.communicate)
            ends.callback(one.kill)
        qtbot.waitUntil(lambda: lines(login) > 3 and lines(shared.boss) > 0)
        sent_away = connect(load_client(), parse(mortal.server.url("left")))
        sent_away.execute_immediate(
            f"DELETE FROM mon$attachments WHERE mon$user = '{login.upper()}'"
        )
        sent_away.commit()
        sent_away.close()
        qtbot.waitUntil(lambda: lines(login) > 1)
        mortal.kill()

        serve.send_signal(signal.SIGTERM)
        window.stdin.write("close\n")  # type: ignore[union-attr]
        window.stdin.flush()  # type: ignore[union-attr]
        codes = serve.wait(ENDS_AT_ALL), window.wait(ENDS_AT_ALL)

        assert codes == (0, 0)
