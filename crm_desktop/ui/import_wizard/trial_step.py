"""The fourth step: what the import would do, before anything is written."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.import_wizard.alike import Alike
from crm_desktop.ui.import_wizard.figures import Figures, Problems, counts_of, number
from crm_desktop.ui.import_wizard.state import Outcome
from crm_desktop.ui.import_wizard.word_table import WordTable
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.widgets.labels import IconLabel, Label
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.strips import ProgressBar, StripMessage


class TrialStep(QWidget):
    """Shows how the test run goes and what came of it."""

    def __init__(self) -> None:
        super().__init__()
        self.outcome: Outcome | None = None
        self.is_stale = False
        """Whether something was chosen otherwise since."""
        self._done, self._total = 0, 0
        self.state = Label("", "title")
        self.text = Label("", "body", "text2", wrap=True)
        self.bar = ProgressBar(name=_("Test run"))
        self.error = StripMessage("", tone="bad")
        self._all_right = Label("", "body")
        self.like, self.words = Alike(), WordTable()
        self._fine = QWidget()
        self._fine.setLayout(row(IconLabel("success", "ok"), self._all_right, None, gap=8))
        self.figures, self.problems = Figures(), Problems()
        self.advice = Label("", "body", "text2", wrap=True)
        self.setLayout(
            column(self.state, self.text, self.bar, self.error, 4, self.figures, self.advice,
                   self.words, self.like, 8, self._fine, self.problems, None, gap=8)
        )  # fmt: skip
        self.layout().setStretch(11, 10)
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self._say_state()
        if self.outcome is not None:
            self._show(self.outcome)

    def _say_state(self) -> None:
        done = self.outcome is not None
        if self.error.label.text():
            self.state.setText(_("This cannot be brought in yet"))
        elif done:
            self.state.setText(_("This is what would happen"))
        else:
            self.state.setText(_("Every row is being tried"))
        text = _("Nothing has been written yet.")
        if not done and self._total:
            text = _("{done} of {total} rows").format(
                done=number(self._done), total=number(self._total)
            )
        self.text.setText(text)

    def begin(self) -> None:
        """A test run starts."""
        self.outcome = None
        self.is_stale = False
        self._done, self._total = 0, 0
        self.error.set_text("")
        self.error.hide()
        self.bar.set_progress(1, 0)
        self.bar.show()
        self.figures.hide()
        self.problems.hide()
        self._fine.hide()
        self.like.hide()
        self.words.hide()
        self.advice.hide()
        self._say_state()

    def show_progress(self, done: int, total: int) -> None:
        """How far it is."""
        self._done, self._total = done, total
        self.bar.set_progress(done, total)
        self._say_state()

    def show_outcome(self, outcome: Outcome) -> None:
        """What would happen."""
        self.outcome = outcome
        self.bar.hide()
        self._say_state()
        self.figures.show()
        self._show(outcome)

    def show_error(self, sentence: str) -> None:
        """Why nothing can be tried."""
        self.bar.hide()
        self.error.set_text(sentence)
        self.error.show()
        self._say_state()

    def _show(self, outcome: Outcome) -> None:
        captions = {
            "created": _("Would be created"), "updated": _("Would be updated"),
            "skipped": _("Would be left out"), "rejected": _("Would be refused"),
        }  # fmt: skip
        self.figures.show_counts(captions, counts_of(outcome))
        said = _("The first rows that would be refused")
        if outcome.left_out:
            said = _("Values that would be left out, and rows that would be refused")
        self.problems.show_outcome(outcome, said)
        self.like.show_outcome(outcome)
        self._advise(outcome)
        self._all_right.setText(_("Every row can be brought in."))
        self._fine.setVisible(not outcome.rejected and outcome.created + outcome.updated > 0)
        if outcome.others:
            more = ", ".join(f"{name}: {number(count)}" for name, count in outcome.others)
            words = _("Nothing has been written yet. With them would be created: {more}")
            self.text.setText(words.format(more=more))

    def _advise(self, outcome: Outcome) -> None:
        """What may be chosen otherwise in the step before."""
        said = [outcome.names_alone] if outcome.names_alone else []
        if outcome.sparable:
            said.append(outcome.sparable + ".")
        if said:
            said.append(_("That is chosen in the step of the columns."))
        said += [f"{remark}." for remark in outcome.remarks]
        self.advice.setText("\n".join(said))
        self.advice.setVisible(bool(said))
