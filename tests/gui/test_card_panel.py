"""The side panel: shows the record the list points at, edits values where they stand."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.language import switch_language
from crm_desktop.ui.record_card.fact_row import FactRow
from crm_desktop.ui.record_card.panel import RecordPanel
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.layouts import column, settle
from tests.gui.card_desk import Desk, client, desk

__all__ = ["client", "desk"]


@pytest.fixture
def panel(desk: Desk, client: Ref, qtbot: QtBot) -> RecordPanel:
    made = RecordPanel(desk.session, desk.navigator)
    desk.show(qtbot, made, width=432)
    made.show_record(client)
    return made


def row_of(panel: RecordPanel, key: str) -> FactRow:
    rows = [r for _h, group in panel.overview.facts._placed for r in group]
    return next(r for r in rows if r.fact is not None and r.fact.field.key == key)


def edit(panel: RecordPanel, key: str, text: str) -> FactRow:
    row = row_of(panel, key)
    assert row.fact is not None
    panel.overview.facts.edit(row.fact)
    assert row.editor is not None
    row.editor.set_raw(text)
    return row


def test_it_shows_title_state_and_counters(panel: RecordPanel) -> None:
    assert panel.header.title.text() == "Vector Ltd"
    assert "Active" in panel.header.state.accessibleName()
    tabs = {tab.title: tab.count for tab in panel.tabs.bar._tabs}
    assert tabs["Timeline"] == "3"
    assert tabs["Contacts"] == "1"


def test_empty_tabs_come_last(panel: RecordPanel) -> None:
    counted = [bool(t.count) for t in panel.tabs.bar._tabs if t.key.count(".")]

    assert counted == sorted(counted, reverse=True)


def test_contacts_replace_the_fields_that_repeat_them(panel: RecordPanel) -> None:
    shown = [r.fact for _h, rows in panel.overview.facts._placed for r in rows]

    phones = [f for f in shown if f is not None and f.shown.copy == "+7 916 204-11-83"]

    assert [(f.record.entity, f.shown.star) for f in phones] == [("channel", True)]


def test_enter_saves_in_place_and_offers_undo(
    panel: RecordPanel, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    row = edit(panel, "city", "Tomsk")
    assert row.editor is not None

    qtbot.keyClick(row.editor.focusProxy(), Qt.Key.Key_Return)

    assert desk.values(client)["city"] == "Tomsk"
    assert desk.notes[-1].undo_operation is not None
    assert row_of(panel, "city").editor is None
    assert row_of(panel, "city").fact.shown.text == "Tomsk"  # type: ignore[union-attr]


def test_escape_restores(panel: RecordPanel, desk: Desk, client: Ref, qtbot: QtBot) -> None:
    row = edit(panel, "city", "Tomsk")
    assert row.editor is not None

    qtbot.keyClick(row.editor.focusProxy(), Qt.Key.Key_Escape)

    assert desk.values(client)["city"] == "Omsk"
    assert row.editor is None


def test_tab_saves_and_goes_to_the_next_field(
    panel: RecordPanel, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    desk.base.records.update(*client, {"address": "Lenina 1"})
    row = edit(panel, "city", "Tomsk")
    assert row.editor is not None

    qtbot.keyClick(row.editor.focusProxy(), Qt.Key.Key_Tab)

    assert desk.values(client)["city"] == "Tomsk"
    assert row_of(panel, "address").editor is not None


def test_a_bad_value_stays_with_its_reason(panel: RecordPanel, desk: Desk, qtbot: QtBot) -> None:
    row = edit(panel, "value", "@@ 12")
    assert row.editor is not None
    row.editor.set_raw("x" * 300)

    qtbot.keyClick(row.editor.focusProxy(), Qt.Key.Key_Return)

    assert row.editor.raw() == "x" * 300
    assert "shorten" in row._error.text()  # type: ignore[union-attr]


def test_another_field_changed_elsewhere_is_no_conflict(
    panel: RecordPanel, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    row = edit(panel, "city", "Tomsk")
    desk._end()  # the panel does not hear of the other seat
    desk.base.records.update(*client, {"note": "theirs"})

    qtbot.keyClick(row.editor.focusProxy(), Qt.Key.Key_Return)  # type: ignore[union-attr]

    assert desk.values(client)["city"] == "Tomsk"
    assert desk.values(client)["note"] == "theirs"


def test_the_same_field_changed_elsewhere_asks(
    panel: RecordPanel, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    row = edit(panel, "city", "Tomsk")
    desk._end()
    desk.base.records.update(*client, {"city": "Kursk"})
    qtbot.keyClick(row.editor.focusProxy(), Qt.Key.Key_Return)  # type: ignore[union-attr]
    assert desk.values(client)["city"] == "Kursk"
    assert "Kursk" in row._error.text()  # type: ignore[union-attr]

    qtbot.keyClick(row.editor.focusProxy(), Qt.Key.Key_Return)  # type: ignore[union-attr]

    assert desk.values(client)["city"] == "Tomsk"


def test_the_newest_record_wins(panel: RecordPanel, desk: Desk, qtbot: QtBot) -> None:
    others = [desk.make("client", name=f"Client {i}") for i in range(20)]

    for other in others:
        panel.show_record(other)

    qtbot.waitUntil(lambda: panel.header.title.text() == "Client 19")
    assert panel.controller.ref == others[-1]


def test_rows_are_reused_for_another_record(panel: RecordPanel, desk: Desk, qtbot: QtBot) -> None:
    before = set(panel.overview.facts.findChildren(FactRow))
    other = desk.make("client", name="Other", city="Perm", phone="+79030000001")

    panel.show_record(other)
    qtbot.waitUntil(lambda: panel.header.title.text() == "Other")

    assert set(panel.overview.facts.findChildren(FactRow)) <= before


def test_a_change_elsewhere_is_seen(panel: RecordPanel, desk: Desk, client: Ref) -> None:
    desk.base.records.update(*client, {"name": "Renamed"})

    assert panel.header.title.text() == "Renamed"


def test_a_contact_is_added_in_place(
    panel: RecordPanel, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    panel.overview.add_contact()
    row = next(r for _h, rows in panel.overview.facts._placed for r in rows if r.editor is not None)
    row.editor.set_raw("anna@example.org")  # type: ignore[union-attr]

    qtbot.keyClick(row.editor.focusProxy(), Qt.Key.Key_Return)  # type: ignore[union-attr]

    assert desk.values(client)["email"] == "anna@example.org"


def test_a_deleted_record_leaves_the_panel_empty(
    panel: RecordPanel, desk: Desk, client: Ref
) -> None:
    desk.base.records.delete(client.entity, [client.id])

    assert panel.stack.currentWidget() is not panel._card


def test_nothing_is_said_to_be_missing_before_the_list_has_come(
    desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    panel = RecordPanel(desk.session, desk.navigator)
    desk.show(qtbot, panel, width=432)
    seen = [panel.stack.currentWidget()]
    panel.stack.currentChanged.connect(lambda _n: seen.append(panel.stack.currentWidget()))
    panel.show_record(None, True)
    panel.show_record(client)
    qtbot.waitUntil(lambda: panel.stack.currentWidget() is panel._card)
    assert panel._nothing not in seen

    panel.show_record(None)
    qtbot.waitUntil(lambda: panel.stack.currentWidget() is panel._nothing)
    del seen[:]
    panel.show_record(client)
    qtbot.waitUntil(lambda: panel._card in seen)
    assert panel._nothing not in seen


def test_the_language_switches_in_place(
    panel: RecordPanel, qapp: QApplication, qtbot: QtBot
) -> None:
    switch_language(qapp, "ru")

    try:
        qtbot.waitUntil(lambda: panel.actions_row.call.text() == "Позвонить")
        assert panel.tabs.bar._tabs[0].title == "Обзор"
    finally:
        switch_language(qapp, "en")
        qtbot.waitUntil(lambda: panel.actions_row.call.text() == "Dial")


def test_the_last_tab_of_an_object_is_remembered(
    panel: RecordPanel, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    panel.tabs.open_tab("history")
    second = RecordPanel(desk.session, desk.navigator)
    desk.show(qtbot, second, width=432)

    second.show_record(client)

    assert second.tabs.bar.current() == "history"


def test_what_could_not_be_saved_waits_for_its_record(
    panel: RecordPanel, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    row = edit(panel, "value", "x" * 300)
    other = desk.make("client", name="Other", city="Perm")

    panel.show_record(other)
    qtbot.waitUntil(lambda: panel.header.title.text() == "Other")
    assert not panel.overview.facts.is_editing()
    panel.show_record(client)
    qtbot.waitUntil(lambda: panel.header.title.text() == "Vector Ltd")

    row = row_of(panel, "value")
    assert row.editor is not None
    assert row.editor.raw() == "x" * 300


def test_leaving_the_record_saves_what_can_be_saved(
    panel: RecordPanel, desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    edit(panel, "city", "Tomsk")
    other = desk.make("client", name="Other")

    panel.show_record(other)
    qtbot.waitUntil(lambda: panel.header.title.text() == "Other")

    assert desk.values(client)["city"] == "Tomsk"


def test_no_button_of_the_panel_is_cut_however_long_its_words_are(
    panel: RecordPanel, qapp: QApplication, qtbot: QtBot
) -> None:
    switch_language(qapp, "ru")
    try:
        qtbot.waitUntil(lambda: panel.actions_row.call.text() == "Позвонить")
        row = panel.actions_row
        shown = [b for b in (row.call, row.talk, row.write, row.note) if not b.isHidden()]
        qtbot.waitUntil(lambda: all(b.width() >= b.sizeHint().width() for b in shown))
        assert all(b.geometry().right() < row.width() for b in shown)
        assert all(b.text() or b.accessibleName() for b in shown)
    finally:
        switch_language(qapp, "en")


def test_a_wider_panel_gives_the_buttons_their_words_back(panel: RecordPanel, qtbot: QtBot) -> None:
    row = panel.actions_row
    qtbot.waitUntil(row.call.isVisible)
    row.setFixedWidth(150)
    qtbot.waitUntil(lambda: row.note.text() == "")
    row.setFixedWidth(600)
    qtbot.waitUntil(lambda: row.note.text() == "Note")


def test_the_ring_of_a_value_leaves_its_label_whole(panel: RecordPanel, qtbot: QtBot) -> None:
    row = row_of(panel, "city")
    label = QRect(0, 0, row.label_room - px(8), row.height())
    plain = row.grab(label).toImage()

    row.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(row.hasFocus)

    assert row.grab(label).toImage() == plain
    assert row.grab().toImage().pixelColor(row.width() // 2, 0) != plain.pixelColor(0, 0)


def test_what_grows_in_a_head_has_its_room_before_it_is_painted(qtbot: QtBot) -> None:
    line, inner, part, whole = QWidget(), QWidget(), QWidget(), QWidget()
    line.setFixedHeight(20)
    inner.setLayout(column(line))
    part.setLayout(column(inner))
    whole.setLayout(column(part, None))
    qtbot.addWidget(whole)
    whole.resize(300, 300)
    whole.show()
    QApplication.processEvents()

    line.setFixedHeight(110)
    before = inner.height()
    settle(whole, part)

    assert before == 20 and inner.height() == 110
