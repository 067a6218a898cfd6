"""PySide6 6.12.0 lost a reference to None at every void call and aborted below Python 3.12."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QWidget

class Bell(QObject):
    rung = Signal(int)

class Face(QWidget):
    painted = 0
    def paintEvent(self, event):
        painter = QPainter(self)
        painter.fillRect(self.rect(), 0xffffff)
        painter.end()
        Face.painted += 1

app = QApplication(["test"])
bell, face = Bell(), Face()
bell.rung.connect(lambda number: None)
before = sys.getrefcount(None), sys.getrefcount(True)
face.resize(20, 20)
face.show()
app.processEvents()
for number in range(100_000):
    bell.rung.emit(number)
    face.repaint()
lost = max(before[0] - sys.getrefcount(None), before[1] - sys.getrefcount(True))
print(Face.painted >= 100_000, lost < 1_000)
"""


def test_a_hundred_thousand_emits_and_repaints_lose_no_reference() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True)

    assert (done.returncode, done.stdout, done.stderr) == (0, "True True\n", "")
