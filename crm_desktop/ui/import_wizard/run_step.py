"""The last step: how the import goes, then what it did and the way back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _, ngettext
from crm_desktop.services.importing.results import said_past
from crm_desktop.ui.import_wizard.alike import Alike
from crm_desktop.ui.import_wizard.figures import Figures, Problems, counts_of, duration, number
from crm_desktop.ui.import_wizard.state import Outcome
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.labels import IconLabel, Label
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.strips import ProgressBar, StripMessage

RUNNING, STOPPING, UNDOING = "running", "stopping", "undoing"
DONE, KEPT, UNDONE, FAILED = "done", "kept", "undone", "failed"
_MOST_NAMED = 20
"""Rows that came in past the gates of stages."""
_ICONS = {DONE: ("success", "ok"), KEPT: ("info", "info"), UNDONE: ("undo", "text2"),
          FAILED: ("error", "bad")}  # fmt: skip


class RunStep(QWidget):
    """Shows the run; tells what the person wants of it."""

    stop_asked = Signal()
    list_asked = Signal()
    undo_asked = Signal()
    rejects_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.state = RUNNING
        self.outcome: Outcome | None = None
        self.written = 0
        """Records of an import that was cut off."""
        self._speed: tuple[int, int, float, float | None] = (0, 0, 0.0, None)
        self._picture = IconLabel("import", "accent", 28)
        self.title, self.text = Label("", "title"), Label("", "body", "text2", wrap=True)
        self.bar = ProgressBar(name=_("Import"))
        self.stop = Button("", "stop")
        self.open_list = Button("", "table", "primary")
        self.undo = Button("", "undo")
        self.save_rejects = Button("", "save")
        self.error = StripMessage("", tone="bad")
        self.figures, self.problems, self.like = Figures(), Problems(), Alike()
        self._lay_out()
        self.stop.clicked.connect(self.stop_asked)
        self.open_list.clicked.connect(self.list_asked)
        self.undo.clicked.connect(self.undo_asked)
        self.save_rejects.clicked.connect(self.rejects_asked)
        keep_translated(self, self.say)

    def _lay_out(self) -> None:
        head = row(self._picture, column(self.title, self.text, gap=2), self.stop, gap=14)
        head.setStretch(1, 1)
        head.setAlignment(self._picture, Qt.AlignmentFlag.AlignTop)
        buttons = row(self.open_list, self.save_rejects, self.undo, None, gap=8)
        self.setLayout(
            column(head, self.bar, self.error, 4, self.figures, 4, buttons, 8, self.like,
                   self.problems, None, gap=8)
        )  # fmt: skip
        self.layout().setStretch(9, 10)

    # --- what happens -----------------------------------------------------------------------------

    def begin(self) -> None:
        """The import starts."""
        self.outcome = None
        self._speed = (0, 0, 0.0, None)
        self.error.set_text("")
        self.bar.set_progress(1, 0)
        self.figures.show_counts(self._captions(), dict.fromkeys(self.figures.tiles, 0))
        self.set_state(RUNNING)

    def show_progress(
        self, counts: dict[str, int], *, done: int, total: int, speed: tuple[float, float | None]
    ) -> None:
        """How far it is; speed: rows a second, and the seconds that are left if that is known."""
        self._speed = (done, total, *speed)
        self.bar.set_progress(done, total)
        self.figures.show_counts(self._captions(), counts)
        self.say()

    def show_undoing(self, done: int, total: int) -> None:
        """How far the undo is."""
        self._speed = (done, total, 0.0, None)
        self.bar.set_progress(done, total)
        self.say()

    def show_outcome(self, outcome: Outcome) -> None:
        """What it did."""
        self.outcome = outcome
        self.set_state(outcome.state if outcome.state in (DONE, KEPT, UNDONE) else DONE)

    def show_error(self, sentence: str, written: int = 0) -> None:
        """It could not be done; so many records had been written before, which are taken back."""
        self.written = written
        self.error.set_text(sentence)
        self.set_state(FAILED)

    def set_state(self, state: str) -> None:
        """Another state: what is seen and what can be done follows."""
        self.state = state
        self.say()

    # --- what is seen -----------------------------------------------------------------------------

    def _captions(self) -> dict[str, str]:
        return {
            "created": _("Created"), "updated": _("Updated"), "skipped": _("Left out"),
            "rejected": _("Refused"),
        }  # fmt: skip

    def say(self) -> None:
        """Says the state anew."""
        busy = self.state in (RUNNING, STOPPING, UNDOING)
        lasting = self.outcome is not None and self.state in (DONE, KEPT)
        self._picture.set_icon_name(*_ICONS.get(self.state, ("import", "accent")))
        self.title.setText(self._title())
        self.text.setText(self._text())
        self.bar.setVisible(busy)
        self.stop.setText(_("Stop"))
        self.stop.setVisible(self.state in (RUNNING, UNDOING))
        self.open_list.setText(_("Open the list"))
        self.undo.setText(_("Undo the import"))
        self.save_rejects.setText(_("Save the refused rows…"))
        self.open_list.setVisible(not busy and self.state != FAILED)
        self.undo.setVisible(lasting and self.outcome is not None
                             and self.outcome.operation is not None)  # fmt: skip
        rejected = self.outcome is not None and self.outcome.rejected > 0
        self.save_rejects.setVisible(lasting and rejected)
        self.error.setVisible(bool(self.error.label.text()))
        self.figures.setVisible(self.state != FAILED and (busy or lasting))
        self.problems.hide()
        self.like.show_outcome(self.outcome if lasting else None)
        if self.outcome is not None and lasting:
            self.figures.show_counts(self._captions(), counts_of(self.outcome))
            said = _("Rows that were refused")
            if self.outcome.left_out:
                said = _("Values that were left out, and rows that were refused")
            self.problems.show_outcome(self.outcome, said)

    def _title(self) -> str:
        titles = {
            RUNNING: _("Bringing in"), STOPPING: _("Stopping"), UNDOING: _("Undoing the import"),
            DONE: _("Everything is in"), KEPT: _("Stopped; what was in stays"),
            UNDONE: _("The import was undone"), FAILED: _("The import did not work"),
        }  # fmt: skip
        return titles[self.state]

    def _text(self) -> str:
        done, total, rate, left = self._speed
        if self.state == UNDOING:
            return _("You can go on working in other tabs meanwhile.")
        if self.state in (RUNNING, STOPPING):
            parts = [_("{done} of {total} rows").format(done=number(done), total=number(total))]
            if rate:
                parts.append(_("{count} rows a second").format(count=number(round(rate))))
            if left is not None:
                parts.append(_("{time} left").format(time=duration(left)))
            parts = parts if total else []
            parts.append(_("You can go on working in other tabs meanwhile."))
            return "  ·  ".join(parts)
        if self.state == UNDONE:
            return _("The base is as it was before.")
        if self.state == FAILED and self.written:
            said = ngettext(
                "{count} record is in the base. It is taken back as soon as the server answers.",
                "{count} records are in the base. They are taken back as soon as the server "
                "answers.",
                self.written,
            )
            return said.format(count=number(self.written))
        if self.state == FAILED:
            return _("Nothing of it is in the base.")
        seconds = self.outcome.seconds if self.outcome is not None else 0.0
        said = _("It took {time}.").format(time=duration(seconds))
        past = self.outcome.past if self.outcome is not None else 0
        if self.outcome is None or not past:
            return said
        rows = ", ".join(map(str, self.outcome.past_rows[:_MOST_NAMED]))
        more = ", …" if past > _MOST_NAMED else ""
        told = _("{sentence}: rows {rows}").format(sentence=said_past(past), rows=rows + more)
        return f"{said} {told}."
