"""The big bases of the benchmarks are as whole as those that people fill."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.bases import FOLDER_VARIABLE, Size, base_file
from benchmarks.importing import spreadsheet
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.workspace import open_base


def test_a_big_base_is_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))

    workspace = open_base(base_file(Size(120, 80, 200), lambda _text: None))
    report = check_base(workspace)
    workspace.close()

    assert report.problems == []
    assert report.counts["Clients"] == 120
    assert report.counts["Activities"] == 200


def test_the_spreadsheet_names_some_clients_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import openpyxl

    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))

    book = openpyxl.load_workbook(spreadsheet(60), read_only=True)
    numbers = [row[2] for row in book.active.iter_rows(min_row=2, values_only=True)]
    book.close()

    assert len(numbers) == 60
    assert len(set(numbers)) == 57
