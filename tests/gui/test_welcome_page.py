"""The first page: making, opening, the example, recent bases, the language, dropped files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from crm_desktop import settings as s
from crm_desktop.ui.import_wizard.page import ImportPage
from crm_desktop.ui.import_wizard.state import SHEET
from crm_desktop.ui.record_list.page import RecordListPage
from crm_desktop.ui.welcome.first_steps import FirstStepsPage
from crm_desktop.ui.welcome.open_base import server_address
from crm_desktop.ui.welcome.page import DEMO, NEW, OPEN, WelcomePage
from crm_desktop.ui.welcome.recent import RecentBase
from tests.gui.office_desk import Office, office, small_base

__all__ = ["office", "small_base"]


def _form(office: Office, folder: Path, name: str) -> WelcomePage:
    office.start()
    page = office.page(WelcomePage)
    page.choose(NEW)
    page.new_form.folder.setText(str(folder))
    page.new_form.name.setText(name)
    return page


def test_new_base_is_made_where_the_form_says(office: Office, tmp_path: Path) -> None:
    page = _form(office, tmp_path / "firm", "Lotus")

    page.new_form.submit()

    steps = office.page(FirstStepsPage)
    assert (tmp_path / "firm" / "Lotus.crm").exists()
    assert office.settings.get(s.RECENT_BASES) == [str(tmp_path / "firm" / "Lotus.crm")]
    assert steps.title() == "First steps"


def test_later_leads_to_the_empty_list(office: Office, tmp_path: Path) -> None:
    page = _form(office, tmp_path, "Lotus")
    page.new_form.submit()

    office.page(FirstStepsPage).state.secondary_button.click()

    assert office.page(RecordListPage).title() == "Clients"


def test_bring_in_now_asks_for_the_import(office: Office, tmp_path: Path) -> None:
    page = _form(office, tmp_path, "Lotus")
    page.new_form.submit()
    steps = office.page(FirstStepsPage)
    asked: list[str] = []
    assert office.program is not None
    office.program.navigator.import_wanted.disconnect()
    office.program.navigator.import_wanted.connect(lambda entity, _source: asked.append(entity))

    steps.state.primary_button.click()

    assert asked == ["client"]


def test_taken_name_is_refused_under_the_field(office: Office, small_base: Path) -> None:
    page = _form(office, small_base.parent, "small")

    page.new_form.submit()

    assert "already" in page.new_form.errors()[0]
    assert page.new_form.name.text() == "small"


def test_name_that_is_no_file_name_is_refused(office: Office, tmp_path: Path) -> None:
    page = _form(office, tmp_path, "a/b:c")

    page.new_form.submit()

    assert "/ :" in page.new_form.errors()[0]
    assert list(tmp_path.iterdir()) == []


def test_proposed_name_is_free(office: Office, tmp_path: Path) -> None:
    (tmp_path / "Documents").mkdir()
    page = _form(office, tmp_path, "")
    (tmp_path / "My clients.crm").touch()
    page.new_form.name.setText(page.new_form._proposed)

    page.new_form._say_texts()

    assert page.new_form.name.text() == "My clients 2"


def test_broken_file_is_explained_in_place(office: Office, tmp_path: Path) -> None:
    broken = tmp_path / "letter.crm"
    broken.write_text("This is a letter and no base at all. " * 40)
    office.start()
    page = office.page(WelcomePage)

    page.open(str(broken))

    office.wait(page.error.isVisible)
    assert "letter.crm" in page.error.label.text()
    assert page.cards[NEW].isEnabled()


def test_file_chosen_in_the_box_is_opened(office: Office, small_base: Path) -> None:
    office.start()
    page = office.page(WelcomePage)
    page.choose(OPEN)

    box = page.open_form.choose_file()
    box.fileSelected.emit(str(small_base))
    box.close()

    assert isinstance(box, QFileDialog)
    assert office.page(RecordListPage).title() == "Clients"


def test_server_address_is_put_together() -> None:
    typed = server_address("office:3050/crm", "olga", "a b/c")
    whole = server_address("firebird+fdb://u:p@h/x", "other", "")

    assert typed == "firebird+fdb://olga:a%20b%2Fc@office:3050/crm"
    assert whole == "firebird+fdb://u:p@h/x"


def test_empty_server_address_is_asked_for(office: Office) -> None:
    office.start()
    page = office.page(WelcomePage)
    page.choose(OPEN)

    page.open_form.submit()

    assert "administrator" in page.open_form.error()


def test_example_can_be_stopped_and_leaves_nothing(office: Office, own_home: Path) -> None:
    office.start()
    page = office.page(WelcomePage)

    page.cards[DEMO].click()
    office.wait(lambda: page.progress._bar._total > 0)
    page.progress.stop.click()

    office.wait(lambda: page.cards[DEMO].isEnabled())
    assert not list((own_home / "demo").glob("*"))
    assert not page.error.isVisible()


def test_recent_base_opens_by_a_click(office: Office, small_base: Path) -> None:
    office.settings.put(s.RECENT_BASES, [str(small_base)])
    office.start()
    page = office.page(WelcomePage)
    office.wait(lambda: bool(page.recent.rows))

    page.recent.rows[0].click()

    assert office.page(RecordListPage).title() == "Clients"


def test_missing_base_is_marked_and_can_be_taken_out(office: Office, tmp_path: Path) -> None:
    office.settings.put(s.RECENT_BASES, [str(tmp_path / "gone.crm")])
    office.start()
    page = office.page(WelcomePage)
    office.wait(lambda: bool(page.recent.rows))
    name = page.recent.rows[0].accessibleName()

    page.recent.rows[0].cross.click()

    office.wait(lambda: not page.recent.rows)
    assert "Not found" in name
    assert office.settings.get(s.RECENT_BASES) == []


def test_password_of_a_server_is_not_shown() -> None:
    base = RecentBase("firebird+fdb://olga:secret@office:3050//data/crm.fdb")

    assert (base.name, base.place) == ("crm", "office:3050")


def test_language_changes_at_once(office: Office) -> None:
    program = office.start()
    page = office.page(WelcomePage)

    QTest.keyClick(page.languages, Qt.Key.Key_Left)

    office.wait(lambda: page.cards[NEW].text() == "Новая база")
    assert program.settings.get(s.LANGUAGE) == "ru"


def test_way_back_to_the_open_base(office: Office, small_base: Path) -> None:
    program = office.start(small_base)
    office.page(RecordListPage)
    program.navigator.open_welcome()
    page = office.page(WelcomePage)

    page.back.click()

    assert office.page(RecordListPage).title() == "Clients"
    assert program.window.view.navigation.isVisible()


def test_the_window_is_whole_when_the_welcome_page_is_left_another_way(
    office: Office, small_base: Path
) -> None:
    program = office.start(small_base)
    office.page(RecordListPage)
    program.navigator.open_welcome()
    office.page(WelcomePage)

    program.navigator.show_list("person")

    assert office.page(RecordListPage).title() == "People"
    assert program.window.view.navigation.isVisible() and program.window.view.top.isVisible()


def test_everything_can_be_reached_by_tab(office: Office) -> None:
    program = office.start()
    page = office.page(WelcomePage)
    page.choose(NEW)
    program.window.view.activateWindow()
    office.wait(program.window.view.isActiveWindow)
    seen: set[QWidget | None] = set()

    for _step in range(20):
        QTest.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_Tab)
        seen.add(QApplication.focusWidget())

    form = page.new_form
    assert {*page.cards.values(), page.languages, form.name, form.folder, form.make} <= seen
    assert all(widget.accessibleName() or widget.text() for widget in seen if widget)  # type: ignore[attr-defined]


def _drop(view: QWidget, path: Path) -> bool:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), copy, mime, left, none)
    QApplication.sendEvent(view, enter)
    if enter.isAccepted():
        QApplication.sendEvent(view, QDropEvent(QPointF(5, 5), copy, mime, left, none))
    return enter.isAccepted()


def test_base_dropped_onto_the_window_is_opened(office: Office, small_base: Path) -> None:
    program = office.start()

    taken = _drop(program.window.view, small_base)

    assert taken
    assert office.page(RecordListPage).title() == "Clients"


def test_table_dropped_without_a_base_waits_for_one(office: Office, tmp_path: Path) -> None:
    program = office.start()
    office.page(WelcomePage)

    _drop(program.window.view, tmp_path / "clients.xlsx")

    assert "clients.xlsx" in program.window.news.texts[0]


def test_picture_is_not_taken(office: Office, tmp_path: Path) -> None:
    program = office.start()

    assert not _drop(program.window.view, tmp_path / "cat.png")


def test_a_table_named_at_the_start_is_brought_in(
    office: Office, small_base: Path, tmp_path: Path
) -> None:
    table = tmp_path / "clients.csv"
    table.write_text("Name,City\nLotus,Omsk\n", encoding="utf-8")

    office.start_unseen(small_base, table)

    page = office.page(ImportPage)
    office.wait(lambda: page.view.step == SHEET)
