"""The page of reference books by mouse and keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crm_desktop.services.reference_books import values
from crm_desktop.services.selections.writes import make_selection
from crm_desktop.ui.record_list.marking import Marking
from crm_desktop.ui.record_list.marking_forms import SelectionForm, TagsForm
from crm_desktop.ui.record_list.page import RecordListPage
from crm_desktop.ui.reference_books.page import ReferenceBooksPage
from crm_desktop.ui.widgets.popover import Menu
from tests.gui.card_desk import Desk, desk

__all__ = ["desk"]


def opened(desk: Desk, qtbot: QtBot, book: str = "source") -> ReferenceBooksPage:
    page = ReferenceBooksPage(desk.session, desk.navigator, "reference")
    desk.show(qtbot, page, 1100)
    page.show_book(book)
    return page


def names(desk: Desk, book: str = "source") -> list[str]:
    return [("  " * one.depth) + one.name for one in values(desk.base, book)]


def test_a_value_is_renamed_and_records_show_it(desk: Desk, qtbot: QtBot) -> None:
    site = desk.base.titles.find("reference", "Website", "source")[0]
    page = opened(desk, qtbot)
    page.values.choose(site)
    qtbot.keyClick(page.values, Qt.Key.Key_F2)
    form = page.edit()
    assert form is not None

    form.name.setText("Our site")
    form.go.click()

    assert names(desk)[0] == "Our site"


def test_values_move_by_keyboard(desk: Desk, qtbot: QtBot) -> None:
    page = opened(desk, qtbot)
    page.values.choose(page._values[1].id)
    alt = Qt.KeyboardModifier.AltModifier

    qtbot.keyClick(page.values, Qt.Key.Key_Up, alt)
    assert names(desk)[:2] == ["Recommendation", "Website"]
    qtbot.keyClick(page.values, Qt.Key.Key_Down, alt)
    qtbot.keyClick(page.values, Qt.Key.Key_Right, alt)
    assert names(desk)[:2] == ["Website", "  Recommendation"]
    qtbot.keyClick(page.values, Qt.Key.Key_Left, alt)
    assert names(desk)[:2] == ["Website", "Recommendation"]


def test_in_a_narrow_window_no_word_of_a_button_is_cut(desk: Desk, qtbot: QtBot) -> None:
    page = opened(desk, qtbot)
    page.resize(720, 600)
    qtbot.waitUntil(lambda: page.width() == 720)
    for button in page.buttons.values():
        assert button.width() >= button.sizeHint().width(), button.text()


def test_a_doubled_name_is_refused_at_its_field(desk: Desk, qtbot: QtBot) -> None:
    page = opened(desk, qtbot)
    form = page.add()
    form.name.setText("website")
    form.go.click()

    assert form.isVisible()
    assert len(names(desk)) == 6


def test_values_are_merged_and_the_toast_offers_to_undo(desk: Desk, qtbot: QtBot) -> None:
    site, call = (desk.base.titles.find("reference", n, "source")[0]
                  for n in ("Website", "Cold call"))  # fmt: skip
    client = desk.make("client", name="A", source=call)
    page = opened(desk, qtbot)
    page.values.choose(call, site)
    form = page.merge()
    assert form is not None
    form.target.set_value(site)
    form.go.click()

    assert desk.values(client)["source"] == site
    assert desk.notes[-1].undo_operation is not None


def test_a_book_of_ones_own_in_a_few_clicks(desk: Desk, qtbot: QtBot) -> None:
    page = opened(desk, qtbot)
    form = page.add_book()
    form.name.setText("Direction")
    form.go.click()

    assert page._books[-2].label == "Direction"
    assert desk.base.catalogue["client"].fields[-1].label == "Direction"


def test_rows_get_tags_and_become_a_selection(desk: Desk, qtbot: QtBot) -> None:
    clients = [desk.make("client", name=name) for name in ("A", "B")]
    page = RecordListPage(desk.session, desk.navigator, "client")
    desk.show(qtbot, page, 1100)
    marking = page.findChild(Marking)
    assert marking is not None
    marking._c.view.model.ticks.add([ref.id for ref in clients])

    marking.ask_tags()
    form = page.findChild(TagsForm)
    assert form is not None
    form.more.set_raw("VIP")
    assert form.rows.texts() == [("A", "—", "VIP"), ("B", "—", "VIP")]
    form.go.click()
    assert [desk.values(ref)["tags"] for ref in clients] == ["VIP", "VIP"]

    marking.ask_new()
    asked = page.findChild(SelectionForm)
    assert asked is not None
    asked.name.setText("Two")
    asked.go.click()
    assert desk.base.lists.count(members_of(desk, "Two")) == 2


def members_of(desk: Desk, name: str):  # type: ignore[no-untyped-def]
    from crm_desktop.services.selections.service import members, selection_named

    return members(selection_named(desk.base, name))


def test_the_menu_offers_the_selections_there_are(desk: Desk, qtbot: QtBot) -> None:
    kept = make_selection(desk.base, "Calendars", desk.base.catalogue["client"],
                          ids=[desk.make("client", name="A").id])  # fmt: skip
    desk.make("client", name="B")
    page = RecordListPage(desk.session, desk.navigator, "client")
    desk.show(qtbot, page, 1100)
    marking = page.findChild(Marking)
    assert marking is not None
    menu = Menu(page)
    marking.add_for_list(menu)
    inner = next(a.menu() for a in menu.actions() if a.text() == "Open a segment")
    assert isinstance(inner, Menu)

    inner.aboutToShow.emit()
    inner.actions()[0].trigger()

    assert inner.actions()[0].text() == "Calendars"
    assert marking._asked_for() == {kept.id}
    assert marking._c.total == 1
