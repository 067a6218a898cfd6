"""A list on paper: what stands on the pages, PDF of thousands of rows, groups and marks."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QScrollArea

from crm_desktop.errors import InvalidInput
from crm_desktop.models.query import Condition
from crm_desktop.ui.operations import Job
from crm_desktop.ui.record_list import printing
from crm_desktop.ui.record_list.print_sheet import Sheet, SheetPages, SheetRow, page_layout
from crm_desktop.ui.record_list.printing import Printing, PrintPreview, read_rows
from tests.gui.conftest import NoStall
from tests.gui.shell_desk import MANY, Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "shell"]


def sheet(rows: int) -> Sheet:
    made = [SheetRow((f"Client {n}", "Omsk", str(n))) for n in range(rows)]
    columns = (("Name", False), ("City", False), ("Revenue", True))
    return Sheet("Clients", "City: Omsk", "21.11.2026", columns, made)


def test_preview_shows_the_first_page_and_turns(shell: Shell, no_stall: NoStall) -> None:
    page = shell.list()
    shell.rows(page, MANY)

    with no_stall(100):
        page.run("print")
        shell.wait(lambda: isinstance(QApplication.activeModalWidget(), PrintPreview))
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, PrintPreview)
        shell.wait(lambda: not dialog.picture().isNull())

    picture, room = dialog.picture(), dialog.findChild(QScrollArea).viewport().width()
    assert picture.deviceIndependentSize().width() <= room  # nobody scrolls sideways
    count, first = dialog.count, dialog.picture().toImage()
    dialog.show_page(1)
    shell.wait(lambda: dialog.picture().toImage() != first)
    assert count > 5
    dialog.reject()


def test_pdf_is_written_in_the_background(shell: Shell, tmp_path: Path) -> None:
    page = shell.list()
    path = tmp_path / "clients.pdf"
    pages = SheetPages(sheet(3000), page_layout(landscape=False), "Inter")

    Printing(page.controller).write_pdf(path, pages)

    shell.wait(lambda: bool(shell.notes) and "clients.pdf" in shell.notes[-1].text)
    data = path.read_bytes()
    assert data.startswith(b"%PDF") and data.count(b"/Type /Page\n") == pages.count


def test_pdf_into_a_folder_that_is_not_there_is_said(shell: Shell, tmp_path: Path) -> None:
    pages = SheetPages(sheet(1), page_layout(landscape=True), "Inter")

    Printing(shell.list().controller).write_pdf(tmp_path / "no" / "x.pdf", pages)

    shell.wait(lambda: bool(shell.notes))
    assert shell.notes[-1].tone == "bad"


def test_lines_hold_groups_in_bold_and_tones(shell: Shell) -> None:
    page = shell.list()
    page.controller.change(columns=("name", "city"), groups=("city",))
    page.choosers.marks.take(Condition("city", "eq", "Kazan"))
    shell.wait(lambda: page.view.model.head_at(0) == 0)
    shell.wait(lambda: page.view.model.cell(1, 0) is not None)
    source = page.controller.loader.source
    assert source is not None

    lines = read_rows(Job("print", lambda act: act()), source, [1, 0])

    assert lines[0] == SheetRow(("Kazan (100)", ""), 0)
    assert lines[1].texts == ("Kazan", "Client 001")
    assert lines[1].tone == "bad"
    assert len(lines) == MANY + 3


def test_too_many_rows_for_paper_are_refused(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "MOST_PRINTED", 10)
    page = shell.list()
    shell.rows(page, MANY)
    source = page.controller.loader.source
    assert source is not None

    with pytest.raises(InvalidInput, match="At most 10 rows"):
        read_rows(Job("print", lambda act: act()), source, [0])
