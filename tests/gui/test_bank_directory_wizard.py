"""The bank directory comes in by the wizard, and again without a double."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crm_desktop.models.query import Condition, Query
from crm_desktop.ui.import_wizard.page import ImportPage
from crm_desktop.ui.import_wizard.state import COLUMNS, RUN, SHEET, TRIAL
from tests.gui.import_desk import ImportDesk, desk

__all__ = ["desk"]
FILE = Path(os.environ.get("CRM_TEST_CASES", "../shared/data")) / "crm-sales" / "bik" / "bik.csv"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"no {FILE}: set CRM_TEST_CASES")


def to_end(desk: ImportDesk, path: Path) -> None:
    desk.navigator.open_import("bank", str(path))
    page = desk.window.pages.page
    assert isinstance(page, ImportPage)
    desk.wizard = page
    desk.at(SHEET).go_on()
    desk.at(COLUMNS).go_on()
    desk.wait(lambda: desk.at(TRIAL).view.trial.outcome is not None)
    page.go_on()
    desk.wait(lambda: not desk.at(RUN).flow.is_busy)


def test_a_newer_directory_changes_banks_and_makes_no_double(
    desk: ImportDesk, tmp_path: Path
) -> None:
    lines = FILE.read_text("utf-8").splitlines()[:40]
    short = tmp_path / "bik.csv"
    short.write_text("\n".join(lines), "utf-8")
    to_end(desk, short)

    short.write_text("\n".join(lines).replace("УФК по Краснодарскому краю", "Новое имя"), "utf-8")
    to_end(desk, short)

    named = Query("bank", where=Condition("name", "eq", "Новое имя"))
    assert (desk.base.lists.count(Query("bank")), desk.base.lists.count(named)) == (39, 1)
