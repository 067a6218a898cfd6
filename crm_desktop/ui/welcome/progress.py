"""What the first page shows while a base is opened, made or filled."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal

from crm_desktop.i18n import _
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.labels import Label, Tile
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.strips import ProgressBar

_STEP_MS = 250


class ProgressTile(Tile):
    """A sentence and a bar; with a button to stop where that is possible."""

    stopped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.text = Label("", "strong", wrap=True)
        self._bar = ProgressBar(name=_("Progress"))
        self.stop = Button("", kind="ghost")
        self.stop.clicked.connect(self.stopped)
        head = row(self.text, self.stop, gap=12)
        head.setStretch(0, 1)
        self.setLayout(column(head, self._bar, gap=10, margins=(16, 14, 16, 16)))
        self._bar.setMinimumHeight(px(6))
        self._steps = 0
        self._beat = QTimer(self)
        self._beat.setInterval(_STEP_MS)
        self._beat.timeout.connect(self._step)
        self.hide()

    def begin(self, text: str, *, can_stop: bool = False) -> None:
        """Starts anew; the bar moves until it is known how far the work is."""
        self.text.setText(text)
        self.stop.setText(_("Stop"))
        self.stop.setVisible(can_stop)
        self._steps = 1
        self._bar.set_progress(1, 0)
        self._beat.start()
        self.show()

    def set_progress(self, done: int, total: int) -> None:
        """How far the work is."""
        if total:
            self._beat.stop()
            self._bar.set_progress(done, total)

    def end(self) -> None:
        """The work has ended."""
        self._beat.stop()
        self.hide()

    def _step(self) -> None:
        self._steps += 3
        self._bar.set_progress(self._steps, 0)
