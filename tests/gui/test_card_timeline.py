"""The tabs of a card: timeline with its quick entry, children, contacts, history."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crm_desktop import i18n
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_card.child_dialog import ChildDialog
from crm_desktop.ui.record_card.children import ChildTab
from crm_desktop.ui.record_card.contacts import ContactsTab
from crm_desktop.ui.record_card.history import HistoryTab
from crm_desktop.ui.record_card.timeline import TimelineTab
from crm_desktop.ui.record_card.timeline_row import Entry
from crm_desktop.ui.theme import metrics
from tests.gui.card_desk import Desk, client, desk
from tests.unit.test_letters import RUSSIAN

__all__ = ["client", "desk"]


@pytest.fixture
def page(desk: Desk, client: Ref, qtbot: QtBot) -> CardPage:
    made = CardPage(desk.session, desk.navigator, client)
    desk.show(qtbot, made)
    return made


def timeline(page: CardPage) -> TimelineTab:
    tab = page.tabs.open_tab("timeline")
    assert isinstance(tab, TimelineTab)
    return tab


def titles(tab: TimelineTab) -> list[str]:
    return [one.title for one in noted(tab)]


def noted(tab: TimelineTab) -> list[Entry]:
    shown = [r.entry for r in tab._rows if r.entry is not None and r.isVisible()]
    return [one for one in shown if one.source == "noted"]


def dialog(page: CardPage) -> ChildDialog:
    return page.window().findChildren(ChildDialog)[-1]


def test_the_newest_entry_comes_first(page: CardPage) -> None:
    assert titles(timeline(page)) == ["Third", "Second", "First"]


def test_a_call_is_noted_with_ctrl_enter(
    page: CardPage, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    tab = timeline(page)
    tab.note("call")
    qtbot.keyClicks(tab.entry.text.edit, "Will come on Monday")

    QTest.keyClick(tab.entry.text.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: titles(tab)[0] == "Will come on Monday")
    assert tab._rows[0].entry.kind == "Call"  # type: ignore[union-attr]
    assert tab.entry.text.text() == ""
    assert desk.notes[-1].undo_operation is not None


def test_a_note_waits_for_its_record(page: CardPage, desk: Desk, client: Ref) -> None:
    other = desk.make("client", name="Other")
    tab = timeline(page)
    tab.entry.text.set_text("half a thought")

    page.controller.show_record(other)
    assert tab.entry.text.text() == ""
    page.controller.show_record(client)

    assert tab.entry.text.text() == "half a thought"


def test_a_deleted_entry_comes_back_by_undo(page: CardPage, desk: Desk, qtbot: QtBot) -> None:
    tab = timeline(page)
    page.controller.delete([noted(tab)[0].record])
    qtbot.waitUntil(lambda: titles(tab) == ["Second", "First"])

    desk.base.undo.undo(desk.notes[-1].undo_operation)  # type: ignore[arg-type]

    qtbot.waitUntil(lambda: titles(tab) == ["Third", "Second", "First"])


def test_earlier_entries_are_shown_on_demand(
    page: CardPage, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    for number in range(40):
        desk.make("activity", about=client, body=f"Note {number}")
    tab = timeline(page)
    qtbot.waitUntil(lambda: len(titles(tab)) == 30)

    tab._more.click()

    qtbot.waitUntil(lambda: len(titles(tab)) == 43)


def test_a_next_step_is_dated_in_words_and_done_with_one_click(
    page: CardPage, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    tab = timeline(page)
    tab.note("task")
    tab.entry.text.set_text("Send the offer")
    tab.entry.due.setText("in 2 days")
    QTest.keyClick(tab.entry.due, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(tab._on_top) == 1)
    assert desk.values(client)["next_step"] == "Send the offer"

    tab.mark_done(tab._top_rows[0].entry)  # type: ignore[arg-type]

    qtbot.waitUntil(lambda: not tab._on_top)
    assert desk.values(client)["next_step"] is None


def test_a_step_with_an_unreadable_date_is_not_saved_and_one_without_a_date_is(
    page: CardPage, qtbot: QtBot
) -> None:
    tab = timeline(page)
    tab.note("task")
    tab.entry.text.set_text("Send the offer")
    tab.entry.due.setText("sometime")
    assert not tab.entry.button.isEnabled()
    tab.entry.due.clear()
    tab.entry.enter()
    qtbot.waitUntil(lambda: len(tab._on_top) == 1, timeout=2000)
    assert (tab._on_top[0].values["due"], tab._on_top[0].values["state"]) == (None, "planned")


def test_a_meeting_to_come_gets_its_start_and_end(page: CardPage, qtbot: QtBot) -> None:
    tab = timeline(page)
    tab.note("meeting")
    tab.entry.text.set_text("Show the samples")
    tab.entry.due.setText("tomorrow at 15:00 for 2 hours")
    tab.entry.enter()
    qtbot.waitUntil(lambda: len(tab._on_top) == 1, timeout=2000)
    values = tab._on_top[0].values
    assert (values["ends"] - values["starts"]).total_seconds() == 7200


def test_a_pinned_entry_stands_on_top(page: CardPage, qtbot: QtBot) -> None:
    tab = timeline(page)
    tab.pin(noted(tab)[2])
    qtbot.waitUntil(lambda: len(tab._on_top) == 1)
    assert tab._top_rows[0].entry.title == "First"  # type: ignore[union-attr]


def test_an_entry_quotes_another(page: CardPage, qtbot: QtBot) -> None:
    tab = timeline(page)
    tab.quote(noted(tab)[0])
    tab.entry.text.set_text("As said")
    tab.entry.enter()
    qtbot.waitUntil(lambda: titles(tab)[0] == "As said")
    assert noted(tab)[0].quoted == "Third"


def test_the_timeline_is_narrowed_by_kind(page: CardPage, desk: Desk, client: Ref) -> None:
    desk.make("activity", about=client, kind="call", body="Called")
    tab = timeline(page)
    tab.filter.kinds.setCurrentIndex(tab.filter.kinds.findText("Call"))
    assert titles(tab)[0] == "Called" and len(tab._found) < 4
    tab.filter.kinds.setCurrentIndex(tab.filter.kinds.findText("Changes"))
    assert titles(tab) == []


def test_a_child_is_added_in_a_small_form(page: CardPage, desk: Desk, qtbot: QtBot) -> None:
    person = desk.make("person", name="Anna Smith")
    tab = page.tabs.open_tab("employment.client")
    assert isinstance(tab, ChildTab)
    tab.add()
    form = dialog(page).forms.form
    form.editors["person"].set_raw({"text": "Anna Smith", "ref": list(person)})
    form.editors["job_title"].set_raw("Director")

    dialog(page).forms.save()

    qtbot.waitUntil(lambda: tab.model.rowCount() == 1)
    assert tab.model.cell(0, 0).text == "Anna Smith"  # type: ignore[union-attr]
    assert desk.values(person)["client"] == page.ref().id


def test_a_row_opens_the_card_it_leads_to(
    page: CardPage, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    person = desk.make("person", name="Anna Smith", client=client.id)
    tab = page.tabs.open_tab("employment.client")
    assert isinstance(tab, ChildTab)
    tab.table.go_to(0)

    with qtbot.waitSignal(desk.navigator.place_wanted) as asked:
        tab.open()

    assert asked.args[0].ref == person


def test_one_click_makes_another_contact_the_main_one(
    page: CardPage, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    desk.make("channel", owner=client, value="+74957803215")
    tab = page.tabs.open_tab("channel.owner")
    assert isinstance(tab, ContactsTab)
    qtbot.waitUntil(lambda: len(tab._rows) == 2)
    row = next(r for r in tab._rows if r._value.text() == "+7 495 780-32-15")

    row.star.click()

    assert desk.values(client)["phone"] == "+74957803215"


def test_a_mark_is_seen_on_the_contact(page: CardPage, qtbot: QtBot) -> None:
    tab = page.tabs.open_tab("channel.owner")
    assert isinstance(tab, ContactsTab)
    _word, mark = tab.marks(tab._rows[0].row)[0]  # type: ignore[arg-type]

    mark()

    qtbot.waitUntil(tab._rows[0].state.isVisible)


def test_history_names_old_and_new_and_undoes(
    page: CardPage, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    desk.base.records.update(*client, {"city": "Tomsk"})
    tab = page.tabs.open_tab("history")
    assert isinstance(tab, HistoryTab)
    assert "City: Omsk → Tomsk" in tab._rows[0].accessibleName()

    tab._rows[0].undo.click()

    assert desk.values(client)["city"] == "Omsk"
    qtbot.waitUntil(lambda: "City: Tomsk → Omsk" in tab._rows[0].accessibleName())


def _history(page: CardPage) -> HistoryTab:
    tab = page.tabs.open_tab("history")
    assert isinstance(tab, HistoryTab)
    return tab


def test_a_former_value_comes_back_with_one_click(
    page: CardPage, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    desk.base.records.update(*client, {"city": "Tomsk", "note": "x"})
    tab = _history(page)
    tab._rows[0].bring_back("city")
    qtbot.waitUntil(lambda: desk.values(client)["city"] == "Omsk")
    assert desk.values(client)["note"] == "x"
    assert desk.notes[-1].undo_operation is not None


def test_the_history_is_narrowed_to_a_field(page: CardPage, desk: Desk, client: Ref) -> None:
    desk.base.records.update(*client, {"city": "Tomsk"})
    desk.base.records.update(*client, {"note": "x"})
    tab = _history(page)
    tab.fields.setCurrentIndex(tab.fields.findText("City"))
    shown = [row.accessibleName() for row in tab._rows if row.isVisible()]
    assert len(shown) == 2 and all("City" in said for said in shown)


def test_the_card_of_a_former_day_and_back(page: CardPage, desk: Desk, client: Ref) -> None:
    desk.base.clock.move(days=3)  # type: ignore[attr-defined]
    desk.base.records.update(*client, {"city": "Tomsk"})
    tab = _history(page)
    day = desk.base.clock.today() - timedelta(days=1)
    tab.day.set_value(day)
    tab.day.committed.emit()
    assert ("City", "Omsk", "today: Tomsk") in tab.past.texts()
    tab.back.click()
    assert tab.past.isHidden() and tab._rows[0].isVisible()


def test_a_long_label_does_not_run_into_its_value(page: CardPage, desk: Desk, client: Ref) -> None:
    desk.base.records.update(*client, {"legal_name": "Horns and Hooves Limited"})
    i18n.set_language("ru")
    tab = _history(page)
    row = tab._rows[0]
    width = row._label_width(row.width())
    for line in row._lines(row.width()):
        assert all(metrics().horizontalAdvance(part) <= width for part in line.label)


def test_a_pasted_letter_proposes_and_is_taken_in(
    page: CardPage, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    tab = timeline(page)
    tab.note()
    QGuiApplication.clipboard().setText(RUSSIAN)
    QTest.keyClick(tab.entry.text.edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    box = tab.entry.letter
    assert box.isVisible() and tab.entry.kind.value() == "letter"
    assert [tick.isChecked() for tick, _one in box._ticks] == [True] * 4
    box._ticks[1][0].setChecked(False)

    tab.entry.enter()

    qtbot.waitUntil(lambda: titles(tab)[0] == "Замер и счёт")
    [person] = desk.base.reader.linked("person", "client", [client.id]).values()
    assert (person.values["name"], person.values["phone"]) == ("Иван Петров", None)
    assert not box.isVisible() and tab.entry.text.text() == ""


def test_a_long_note_is_pasted_as_it_is(page: CardPage) -> None:
    tab = timeline(page)
    tab.note()
    QGuiApplication.clipboard().setText("He will think about it. " * 30)
    QTest.keyClick(tab.entry.text.edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert not tab.entry.letter.isVisible()
    assert tab.entry.text.text().startswith("He will think")
