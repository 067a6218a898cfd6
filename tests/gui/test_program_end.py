"""The end of the program: nobody is asked twice, what stood open is kept."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from crm_desktop.settings import LOG_STALLS, OPEN_PLACES, open_settings
from crm_desktop.ui.application import Application, StartOptions
from tests.bases import ready_base


def test_quitting_with_the_window_open_asks_nothing(
    own_home: Path, qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    ready_base(tmp_path / "office.crm", language="en").close()
    settings = open_settings(own_home)
    program = Application(qapp, settings, StartOptions(base=str(tmp_path / "office.crm")))
    program.show()
    qtbot.waitUntil(lambda: program.session.workspace is not None)
    program.operations.run(lambda job: None, owner=program, done=lambda _n: None)

    program.quit()
    program.window.view.close()

    assert not [w for w in qapp.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]
    assert not program.window.view.isVisible()
    assert str(tmp_path / "office.crm") in settings.get(OPEN_PLACES)


@pytest.mark.parametrize("wanted", [True, False])
def test_the_log_tells_what_held_the_window_if_the_settings_want_it(
    own_home: Path, qapp: QApplication, qtbot: QtBot, wanted: bool
) -> None:
    settings = open_settings(own_home)
    settings.put(LOG_STALLS, wanted)
    program = Application(qapp, settings, StartOptions())
    program.show()
    qtbot.waitUntil(lambda: program.server is not None)
    watching = [one.name for one in threading.enumerate() if one.name == "stall"]

    program.quit()
    program.window.view.close()

    assert watching == (["stall"] if wanted else [])
    assert not [one for one in threading.enumerate() if one.name == "stall"]
