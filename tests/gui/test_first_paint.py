"""What the program does before its first paint, seen from a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.gui.shell_desk import base_file

__all__ = ["base_file"]

HEAVY = (
    "sqlalchemy", "openpyxl", "docx", "alembic", "keyring", "apscheduler", "phonenumbers",
    "crm_desktop.models.catalogue.fieldtypes", "crm_desktop.models.catalogue.traits",
    "PySide6.QtNetwork",
)  # fmt: skip
MOST_CPU_S = 1.0  # half a second on a quiet machine; tests share theirs
_START = """
import json, os, sys, threading, time

class Beside:
    names = []

    def find_spec(self, name, path=None, target=None):
        if threading.current_thread() is not threading.main_thread():
            if name.startswith(("crm_desktop.ui", "PySide6")):
                self.names.append(name)

sys.meta_path.insert(0, Beside())
from crm_desktop import app as program
program.import_qt()
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
from crm_desktop.settings import open_settings
from crm_desktop.ui.application import Application, StartOptions

qt = QApplication([])
program = Application(qt, open_settings(), StartOptions(base=sys.argv[1]))
said = {}

def painted():
    said["cpu"] = time.process_time()
    said["modules"] = [name for name in sys.argv[2].split(",") if name in sys.modules]
    said["open"] = program.session.workspace is not None

def listed():
    page = program.window.pages.page
    model = getattr(getattr(page, "view", None), "model", None)
    return model is not None and model.rowCount() > 0 and model.id_of(0) is not None

def prepared():
    return "crm_desktop.ui.planner.page" in sys.modules and program.window._panel is not None

def wait(there):
    until = time.monotonic() + 60
    while time.monotonic() < until and not there():
        moment = QEventLoop()
        QTimer.singleShot(2, moment.quit)
        moment.exec()
    return there()

program.painted.connect(painted)
program.show()
said["listed"] = wait(listed)
said["prepared"] = sys.argv[3] == "" or wait(prepared)
said["beside"] = Beside.names
said["title"] = program.window.view.windowTitle()
print(json.dumps(said))
sys.stdout.flush()
os._exit(0)
"""


def _start(base: Path, home: Path, *, prepared: bool = False) -> dict[str, Any]:
    environment = {
        **os.environ, "CRM_DESKTOP_HOME": str(home), "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", _START, str(base), ",".join(HEAVY), "1" * prepared],
        env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_window_is_painted_before_anything_heavy_is_imported(
    base_file: Path, own_home: Path
) -> None:
    said = _start(base_file, own_home)

    assert said["modules"] == []
    assert not said["open"]
    assert said["listed"]
    assert said["title"] == "Clients — office"


def test_first_paint_is_quick(base_file: Path, own_home: Path) -> None:
    _start(base_file, own_home)

    said = _start(base_file, own_home)

    assert said["cpu"] < MOST_CPU_S


def test_window_is_imported_by_its_own_thread_alone(base_file: Path, own_home: Path) -> None:
    """A class of Qt's made in another thread beside the running loop ends the program at times."""
    said = _start(base_file, own_home, prepared=True)

    assert said["prepared"]
    assert said["beside"] == []


def test_a_list_is_painted_without_editors_and_without_the_writer() -> None:
    """They come in when the list stands: together they are a tenth of the start."""
    later = [
        "crm_desktop.ui.editors",
        "crm_desktop.services.writing.records",
        "crm_desktop.services.writing.flush",
    ]
    look = (
        "import sys, crm_desktop.ui.record_list.page, crm_desktop.services.workspace\n"
        f"print([name for name in {later!r} if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
