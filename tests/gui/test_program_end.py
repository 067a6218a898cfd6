"""The end of the program: nobody is asked twice, what stood open is kept."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from crm_desktop.settings import OPEN_PLACES, open_settings
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
