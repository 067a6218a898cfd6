"""The frame of the wizard: the steps above, the step in front, the buttons below."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from crm_desktop.i18n import _
from crm_desktop.ui.import_wizard.columns_step import ColumnsStep
from crm_desktop.ui.import_wizard.file_step import FileStep
from crm_desktop.ui.import_wizard.run_step import RunStep
from crm_desktop.ui.import_wizard.sheet_step import SheetStep
from crm_desktop.ui.import_wizard.state import FILE, RUN
from crm_desktop.ui.import_wizard.step_bar import StepBar
from crm_desktop.ui.import_wizard.trial_step import TrialStep
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.labels import ElidedLabel, Label, Surface
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.strips import ProgressBar


class ImportView(Surface):
    """Asks by signals; the page acts."""

    next_asked = Signal()
    back_asked = Signal()
    close_asked = Signal()

    def __init__(self) -> None:
        super().__init__("surface")
        self.step = FILE
        self._next_word = ""
        self.title, self.subject = Label("", "page"), ElidedLabel("", "body", "text2")
        self.bar = StepBar()
        self.busy = ProgressBar(name=_("Reading the file"))
        self.file, self.sheet = FileStep(), SheetStep()
        self.columns, self.trial, self.run = ColumnsStep(), TrialStep(), RunStep()
        self.stack = QStackedWidget()
        for step in (self.file, self.sheet, self.columns, self.trial, self.run):
            self.stack.addWidget(step)
        self.close_button = Button("", kind="ghost")
        self.back, self.next = Button("", "back"), Button("", kind="primary")
        self._lay_out()
        self.next.clicked.connect(self.next_asked)
        self.back.clicked.connect(self.back_asked)
        self.close_button.clicked.connect(self.close_asked)
        keep_translated(self, self._say_texts)

    def _lay_out(self) -> None:
        head = row(self.title, self.subject, gap=12)
        head.setStretch(1, 1)
        head.setAlignment(self.subject, Qt.AlignmentFlag.AlignBottom)
        body = QWidget()
        body.setLayout(column(head, 4, self.bar, 8, self.stack, gap=4, margins=(24, 16, 24, 12)))
        body.layout().setStretch(4, 1)
        foot = Surface("sunken", "t")
        foot.setLayout(
            row(self.close_button, self.busy, None, self.back, self.next, gap=8,
                margins=(24, 10, 24, 10))
        )  # fmt: skip
        self.busy.setFixedWidth(160)
        self.busy.hide()
        layout = column(body, foot, gap=0)
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def _say_texts(self) -> None:
        self.title.setText(_("Import"))
        self.back.setText(_("Back"))
        self.busy.setAccessibleName(_("Reading the file"))
        self._say_step()

    def show_step(self, step: int) -> None:
        """Brings a step to the front."""
        self.step = step
        self.stack.setCurrentIndex(step)
        self._say_step()

    def set_next(self, word: str, *, enabled: bool) -> None:
        """Another word for the button that goes on; '' for the usual one."""
        self._next_word = word
        self.next.setEnabled(enabled)
        self._say_step()

    def _say_step(self) -> None:
        steps = (_("File"), _("Sheet and headings"), _("Columns"), _("Test run"), _("Import"))
        self.bar.set_steps(steps, self.step)
        self.next.setText(self._next_word or _("Next"))
        self.next.updateGeometry()
        self.close_button.setText(_("Close"))
        self.next.setVisible(FILE < self.step < RUN)
        self.back.setVisible(FILE < self.step < RUN)

    def set_busy(self, busy: bool) -> None:
        """Whether the file is being read."""
        self.busy.setVisible(busy)
        self.busy.set_progress(3 if busy else 0, 0)

    def take_focus(self) -> None:
        """To where one goes on in this step."""
        if self.step == FILE:
            self.file.take_focus()
        elif self.step == RUN:
            run = self.run
            (run.open_list if run.open_list.isVisibleTo(run) else run.stop).setFocus()
        elif self.next.isEnabled():
            self.next.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)
