"""The import wizard: from a file to records, refused rows, and back."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
import xlsxwriter
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from crm_desktop.errors import DatabaseUnavailable
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.demo.sample import write_sample
from crm_desktop.services.importing.readers.opening import open_source
from crm_desktop.services.importing.results import Progress
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Create
from crm_desktop.ui.duplicates.page import DuplicatesPage
from crm_desktop.ui.import_wizard import run_step
from crm_desktop.ui.import_wizard.state import COLUMNS, FILE, RUN, SHEET, TRIAL
from crm_desktop.ui.record_list.page import RecordListPage
from tests.gui.conftest import NoStall
from tests.gui.import_desk import HEADINGS, ImportDesk, desk, write_book
from tests.import_desk import records

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


def test_refused_rows_are_shown_and_saved(desk: ImportDesk, tmp_path: Path) -> None:
    """A row without a name is refused; the workbook holds the row as it was and the reason."""
    rows = [*ROWS, ("", "", "", "Tula", "nameless")]
    page = desk.to_end(write_book(tmp_path / "clients.xlsx", rows))
    table = page.view.run.problems.table.paged_model
    cell = table.cell(0, 0)
    assert page.view.run.figures.figures["rejected"] == table.rowCount() == 1
    assert cell is not None and cell.text == "5"
    page.flow.save_rejects(str(tmp_path / "refused.xlsx"))
    with open_source(tmp_path / "refused.xlsx") as source:
        saved = [row.cells for row in source.sheet().rows()]
    assert saved[1][3:5] == ("Tula", "nameless") and saved[1][5]


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [("empty.xlsx", b"", "empty"), ("broken.xlsx", b"PK\x03\x04" + b"x" * 200, "damaged")],
)
def test_a_broken_file_gets_a_sentence(
    desk: ImportDesk, tmp_path: Path, name: str, content: bytes, part: str
) -> None:
    """The wizard stays at the file, says what is wrong, and offers to choose another one."""
    (tmp_path / name).write_bytes(content)
    page = desk.begin(tmp_path / name)
    error = page.view.file.error
    desk.wait(error.isVisible)
    assert name in error.label.text() and part in error.label.text()
    assert page.view.step == FILE and error.button.isVisible()


def test_the_mapping_is_offered_again(desk: ImportDesk, tmp_path: Path) -> None:
    """A field chosen by hand is there for the next file of the same columns, marked so."""
    page = desk.to_columns(write_book(tmp_path / "one.xlsx", ROWS))
    assert page.plan is not None
    page.plan.assign("Remark", "address")
    page.go_on()
    desk.wait(lambda: page.view.trial.outcome is not None)
    page.go_on()
    desk.wait(lambda: page.view.run.outcome is not None)
    again = desk.to_columns(write_book(tmp_path / "two.xlsx", ROWS))
    assert again.plan is not None
    line = again.plan.shown().lines[4]
    assert (line.target, line.mark) == ("Address", "learned")


def test_a_column_is_sent_elsewhere_by_keyboard(desk: ImportDesk, tmp_path: Path) -> None:
    """Enter on a column opens the fields; typing finds one and Enter takes it."""
    page = desk.to_columns(write_book(tmp_path / "one.xlsx", ROWS))
    columns = page.view.columns
    columns.take_focus()
    columns.table.go_to(4)
    QTest.keyClick(columns.table, Qt.Key.Key_Return)
    assert page._panel is not None
    line = page._panel.content.list.line
    QTest.keyClicks(line, "address")
    QTest.keyClick(line, Qt.Key.Key_Return)
    cell = columns.table.paged_model.cell(4, 2)
    assert cell is not None and cell.text == "Address"


def test_enter_goes_on_and_alt_left_goes_back(desk: ImportDesk, tmp_path: Path) -> None:
    """Nothing but the keyboard leads from the headings to the test run and back."""
    page = desk.begin(write_book(tmp_path / "one.xlsx", ROWS))
    desk.at(SHEET)
    QTest.keyClick(page.view.sheet.header, Qt.Key.Key_Return)
    desk.at(COLUMNS)
    QTest.keyClick(page.view.next, Qt.Key.Key_Return)
    desk.at(TRIAL)
    QTest.keyClick(page.view.close_button, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert page.view.step == COLUMNS


def test_a_pasted_table_goes_in(desk: ImportDesk) -> None:
    """Cells copied from a sheet are a file like any other."""
    page = desk.begin(text="Name\tCity\nAlder Ltd\tOmsk\nBirch Ltd\tPerm\n")
    desk.at(SHEET)
    assert page.preview is not None and page.preview.names == ("Name", "City")
    assert [row[1] for row in page.preview.rows] == [("Alder Ltd", "Omsk"), ("Birch Ltd", "Perm")]


def test_the_sign_of_fractions_is_chosen(desk: ImportDesk, tmp_path: Path) -> None:
    """What no number of the column decides is said, and chosen by the person."""
    path = tmp_path / "clients.csv"
    path.write_text("Name;Annual turnover\nOak;1.250\n", encoding="utf-8")
    desk.begin(path)
    page = desk.at(SHEET)
    assert "1.250" in page.view.sheet.remark.text()
    assert page.view.sheet.decimal.value() == ","

    page.view.sheet.changed.emit({"decimal": "."})
    desk.wait(lambda: page.preview is not None and page.preview.decimal == ".")
    page.go_on()
    desk.at(COLUMNS).go_on()
    desk.wait(lambda: page.view.trial.outcome is not None)
    page.go_on()
    desk.wait(lambda: desk.count("client") == 1 and not page.flow.is_busy)

    (client,) = records(desk.base, "client")
    assert client["revenue"] == Decimal("1.25")


def test_another_encoding_redraws_the_preview(desk: ImportDesk, tmp_path: Path) -> None:
    """What the person says of the file counts more than what was found out."""
    path = tmp_path / "one.csv"
    path.write_bytes("Имя;Город\nВяз;Омск\nБук;Пермь\n".encode("cp1251"))
    page = desk.begin(path)
    desk.at(SHEET)
    assert page.preview is not None and page.preview.encoding == "cp1251"
    page.view.sheet.changed.emit({"encoding": "cp866"})
    desk.wait(lambda: page.preview is not None and page.preview.encoding == "cp866")
    assert page.preview.names[0] != "Имя"


def test_known_records_are_updated(desk: ImportDesk, tmp_path: Path) -> None:
    """The tax number tells who is there already; empty cells leave values alone."""
    desk.to_end(write_book(tmp_path / "one.xlsx", ROWS[:1]))
    page = desk.to_end(write_book(tmp_path / "two.xlsx", [("Alder Ltd", "7707083893", "", "Tver")]))
    outcome = page.view.run.outcome
    assert outcome is not None and (outcome.created, outcome.updated) == (0, 1)
    found = desk.base.search.find("Alder", "client")
    values = desk.values(Ref("client", found[0].id))
    assert values["city"] == "Tver" and values["phone"]


def test_the_sample_goes_in_without_holding_the_window(
    desk: ImportDesk, tmp_path: Path, no_stall: NoStall
) -> None:
    """The spreadsheet of the demo, with everything small offices do to one."""
    page = desk.to_trial(write_sample(tmp_path / "Customers.xlsx", "en"))
    with no_stall(150):
        page.view.next.click()
        desk.wait(lambda: page.view.run.outcome is not None)
    outcome = page.view.run.outcome
    assert outcome is not None and outcome.created > 280 and outcome.rejected == 0


def test_stopping_takes_everything_back(desk: ImportDesk, tmp_path: Path) -> None:
    """The person is asked; the answer decides what stays."""
    rows = [(f"Client {n}", "", "", "Omsk", "") for n in range(12_000)]
    page = desk.to_trial(write_book(tmp_path / "many.xlsx", rows))
    page.go_on()
    desk.at(RUN)
    page.flow.ask_to_stop()
    assert page.flow._box is not None
    page.flow._box.done(2)
    desk.qtbot.waitUntil(lambda: page.view.run.outcome is not None, timeout=60_000)
    assert page.view.run.state == run_step.UNDONE and desk.count("client") == 0


def test_half_an_import_is_said_to_be_there_and_taken_back_when_the_server_is_back(
    desk: ImportDesk, tmp_path: Path
) -> None:
    """It said that nothing was in the base, where a thousand records were."""
    page = desk.to_trial(write_book(tmp_path / "clients.xlsx", ROWS))
    base, before = desk.base, desk.count("client")
    cut_off = base.operations.start(Title("Import"), base.clock.now(), "import")
    base.records.apply([Create("client", {"name": "Half"})], operation=cut_off)
    log = base.tables.system("operation_log")
    with base.backend.write() as connection:  # of a process that is gone
        connection.execute(sa.update(log).where(log.c.id == cut_off.id).values(seat="pc:1:x"))
    page.flow._counts = Progress(1, 3, 1, 0, 0, 0, 1.0)

    page.flow._failed(DatabaseUnavailable("The line broke"))

    run = page.view.run
    assert run.state == run_step.FAILED and "1 record is in the base" in run._text()
    desk.session.line.back.emit()
    desk.wait(lambda: run.state == run_step.UNDONE)
    assert desk.count("client") == before


def test_an_undo_from_elsewhere_is_seen(desk: ImportDesk, tmp_path: Path) -> None:
    """Ctrl+Z takes the import back: the summary says so and offers no second undo."""
    page = desk.to_end(write_book(tmp_path / "one.xlsx", ROWS))
    desk.window.undoing.undo_last()
    desk.wait(lambda: page.view.run.state == run_step.UNDONE)
    assert not page.view.run.undo.isVisible()


def test_the_summary_opens_the_list(desk: ImportDesk, tmp_path: Path) -> None:
    """One click leads from the import to what came in."""
    page = desk.to_end(write_book(tmp_path / "one.xlsx", ROWS))
    page.view.run.open_list.click()
    desk.wait(lambda: isinstance(desk.window.pages.page, RecordListPage))
    desk.wait(lambda: desk.list().controller.total == 3)


def test_rows_like_known_records_lead_to_the_page_of_duplicates(
    desk: ImportDesk, tmp_path: Path
) -> None:
    """The test run and the result list them; the page shows only these groups, then all."""
    for name, phone in (("Alder Ltd", "+79161234567"), ("Elm", "+79990000000")):
        desk.base.records.create("client", {"name": name, "phone": phone})
    desk.base.records.create("client", {"name": "Elm", "phone": "+79990000000"})
    desk.base.duplicates.sweep(desk.base.catalogue["client"])
    page = desk.to_trial(write_book(tmp_path / "clients.xlsx", ROWS))
    (like,) = page.view.trial.like.lines()
    assert (like.name, like.new) == ("Alder Ltd", 0)
    page.go_on()
    desk.wait(lambda: page.view.run.like.isVisible())
    page.view.run.like.button.click()
    desk.wait(lambda: isinstance(desk.window.pages.page, DuplicatesPage))
    found = desk.window.pages.page
    assert isinstance(found, DuplicatesPage)
    desk.wait(lambda: found.model.rowCount() == 1)
    assert found.only_strip.isVisible() and not found.alone_button.isVisible()
    found.only_strip.button.click()
    desk.wait(lambda: found.model.rowCount() == 2)


def test_a_turned_table_and_hidden_rows_are_told(desk: ImportDesk, tmp_path: Path) -> None:
    """A table that lies on its side is refused before the columns; rows that a filter hides are
    told where the sheet is shown and in the test run."""
    turned = tmp_path / "turned.xlsx"
    with xlsxwriter.Workbook(str(turned)) as book:
        sheet = book.add_worksheet("Card")
        for at, words in enumerate(zip(HEADINGS, *ROWS, strict=True)):
            sheet.write_row(at, 0, words)
    hidden = write_book(tmp_path / "hidden.xlsx", ROWS)
    filtered = openpyxl.load_workbook(hidden)
    filtered.active.row_dimensions[3].hidden = True
    filtered.save(hidden)

    page = desk.begin(turned)
    desk.at(SHEET).go_on()
    desk.wait(page.view.sheet.error.isVisible)
    said, step = page.view.sheet.error.label.text(), page.view.step
    page = desk.to_trial(hidden)

    assert ("transposed" in said, step) == (True, SHEET)
    assert "1 row is hidden" in page.view.sheet.remark.text()
    assert "1 row is hidden" in page.view.trial.advice.text()
