"""The import wizard over a real base, led through its steps as a person would."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.ui import theme
from crm_desktop.ui.import_wizard.page import ImportPage
from crm_desktop.ui.import_wizard.state import COLUMNS, RUN, SHEET, TRIAL
from tests.bases import ready_base
from tests.gui.shell_desk import Shell

HEADINGS = ("Name", "Tax ID", "Phone", "City", "Remark")


class ImportDesk(Shell):
    """The window with the wizard, and what a test does with it."""

    wizard: ImportPage

    def begin(self, path: Path | None = None, *, text: str | None = None) -> ImportPage:
        """Opens the wizard for clients, with a file if there is one."""
        self.navigator.open_import("client", str(path) if path else None, text)
        page = self.window.pages.page
        assert isinstance(page, ImportPage)
        self.wizard = page
        return page

    def at(self, step: int) -> ImportPage:
        """The wizard, once it is at that step."""
        self.wait(lambda: self.wizard.view.step == step)
        return self.wizard

    def to_columns(self, path: Path) -> ImportPage:
        """Through the file and its headings."""
        self.begin(path)
        self.at(SHEET).go_on()
        return self.at(COLUMNS)

    def to_trial(self, path: Path) -> ImportPage:
        """Through the columns, and the test run is over."""
        self.to_columns(path).go_on()
        page = self.at(TRIAL)
        self.wait(lambda: page.view.trial.outcome is not None)
        return page

    def to_end(self, path: Path) -> ImportPage:
        """All the way."""
        self.to_trial(path).go_on()
        page = self.at(RUN)
        self.wait(lambda: not page.flow.is_busy)
        return page


def write_book(path: Path, rows: Sequence[Sequence[Any]], *, above: int = 0) -> Path:
    """A workbook with the headings and these rows; `above` empty rows and a title before them."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Clients")
        if above:
            sheet.write(0, 0, "Our clients")
        sheet.write_row(above, 0, HEADINGS)
        for number, row in enumerate(rows, above + 1):
            sheet.write_row(number, 0, row)
    return path


@pytest.fixture
def desk(own_home: Path, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[ImportDesk]:
    """The window over an empty base."""
    theme.apply(qapp, "light")
    path = tmp_path / "base.crm"
    ready_base(path, language="en").close()
    made = ImportDesk(qtbot, own_home)
    made.open(path)
    made.view.close_asked.disconnect()  # pytest-qt closes the window: nobody answers questions
    yield made
    made.close()
