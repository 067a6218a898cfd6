"""The import wizard: from a file to records, refused rows, and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.gui.conftest import NoStall
from tests.gui.import_desk import ImportDesk, desk, write_book

from crm_desktop.services.demo.sample import write_sample
from crm_desktop.services.importing.readers.opening import open_source
from crm_desktop.ui.import_wizard import run_step
from crm_desktop.ui.import_wizard.state import COLUMNS, FILE, RUN, SHEET, TRIAL
from crm_desktop.ui.record_list.page import RecordListPage

__all__ = ["desk"]

ROWS = [
    ("Alder Ltd", "7707083893", "+7 916 123-45-67", "Omsk", "old"),
    ("Birch Ltd", "7728168971", "8 916 765-43-21", "Perm", ""),
    ("Cedar Ltd", "", "", "Kazan", "new"),
]


def test_from_a_file_to_records_and_back(desk: ImportDesk, tmp_path: Path) -> None:
    """A workbook goes in whole; the undo leaves nothing of it."""
    page = desk.to_end(write_book(tmp_path / "clients.xlsx", ROWS, above=2))
    outcome = page.view.run.outcome
    assert outcome is not None
    assert (outcome.state, outcome.created, desk.count("client")) == ("done", 3, 3)
    page.view.run.undo.click()
    desk.wait(lambda: page.view.run.state == run_step.UNDONE)
    assert desk.count("client") == 0


def test_the_test_run_writes_nothing(desk: ImportDesk, tmp_path: Path) -> None:
    """What would be created is counted and named on the button; the base stays empty."""
    page = desk.to_trial(write_book(tmp_path / "clients.xlsx", ROWS))
    assert page.view.trial.figures.figures["created"] == 3
    assert page.view.next.text() == "Bring in 3 records"
    assert desk.count("client") == 0
