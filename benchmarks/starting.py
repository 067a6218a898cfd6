"""How long until the window is painted and the list of the last base is in it; memory after that.

Each start is a process of its own with a home folder in which the base was open before.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STARTS = 7
_PROGRAM = """
import json, os, sys, time
from crm_desktop import app as program
program.import_qt()
from PySide6.QtCore import QTimer
from crm_desktop.settings import open_settings
from crm_desktop.ui.theme import make_application
from crm_desktop.ui.runtime.socket_name import may_be_heard, socket_name
qt = make_application("")
settings = open_settings()
may_be_heard(socket_name(settings.path.parent))
from crm_desktop.ui.application import Application, StartOptions
program = Application(qt, settings, StartOptions(base=sys.argv[1], language="ru"))
said = {}
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
def painted():
    said["painted"] = time.time()
def listed():
    page = program.window.pages.page
    model = getattr(getattr(page, "view", None), "model", None)
    return model is not None and model.rowCount() > 0 and model.id_of(0) is not None
def look():
    if listed():
        poll.stop()
        page = program.window.pages.page
        page.view.table.viewport().repaint()
        said["listed"] = time.time()
        QTimer.singleShot(10_000, end)  # at rest: what follows the list is loaded
def end():
    said["memory"] = resident()
    print(json.dumps(said))
    sys.stdout.flush()
    if program.server is not None:
        program.server.close()  # the next start would find its socket
    os._exit(0)
program.painted.connect(painted)
poll = QTimer(interval=2)
poll.timeout.connect(look)
poll.start()
program.show()
qt.exec()
"""


def starts(address: str, times: int = STARTS) -> dict[str, list[float]]:
    """Seconds to the first paint and to the painted list, MiB three seconds later.

    The first start, with a cold cache of files, is left out.
    """
    found: dict[str, list[float]] = {"painted": [], "listed": [], "memory": []}
    with tempfile.TemporaryDirectory() as home:
        for number in range(times + 1):
            begun, said = _start(address, Path(home))
            if number:
                found["painted"].append(said["painted"] - begun)
                found["listed"].append(said["listed"] - begun)
                found["memory"].append(said["memory"])
    return found


def _start(address: str, home: Path) -> tuple[float, dict[str, float]]:
    environment = {
        **os.environ, "CRM_DESKTOP_HOME": str(home),
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }  # fmt: skip
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled
    begun = time.time()
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, address],
        env=environment, capture_output=True, text=True, timeout=180, check=True,
    )  # fmt: skip
    return begun, json.loads(done.stdout.splitlines()[-1])
