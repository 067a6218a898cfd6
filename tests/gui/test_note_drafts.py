"""A note that is typed on top of a timeline is lost by nothing: not by the end of the program, not
by another record, not by a server that is away."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from crm_desktop.errors import DatabaseUnavailable
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Query
from crm_desktop.ui.drafts.left_over import DraftsLeft
from crm_desktop.ui.drafts.local import Drafts, Typed, note_place
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_card.timeline import TimelineTab
from tests.gui.card_desk import Desk, client, desk

__all__ = ["client", "desk"]


def timeline(desk: Desk, qtbot: QtBot, record: Ref) -> TimelineTab:
    page = CardPage(desk.session, desk.navigator, record)
    desk.show(qtbot, page)
    tab = page.tabs.open_tab("timeline")
    assert isinstance(tab, TimelineTab)
    return tab


def written(tab: TimelineTab) -> None:
    """A second has passed since the last key."""
    tab.entry._drafts.write()


def files(desk: Desk) -> list[Path]:
    return sorted(desk.session.settings.path.parent.glob("drafts/*/*.json"))


def notes(desk: Desk) -> int:
    return int(desk.base.lists.count(Query("activity")))


def test_a_note_is_there_again_when_the_program_has_ended(
    desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    tab = timeline(desk, qtbot, client)
    tab.note("task")
    tab.entry.text.set_text("Send the offer\nwith the drawings")
    tab.entry.due.setText("tomorrow 15:00")
    written(tab)

    again = timeline(desk, qtbot, client)

    assert again.entry.text.text() == "Send the offer\nwith the drawings"
    assert again.entry.kind.value() == "task" and again.entry.due.text() == "tomorrow 15:00"
    other = timeline(desk, qtbot, desk.make("client", name="Other"))
    assert other.entry.text.text() == ""


def test_it_is_told_at_the_next_start(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    tab = timeline(desk, qtbot, client)
    tab.entry.text.set_text("Half a thought")
    written(tab)

    left = DraftsLeft(desk.session, desk.navigator, tab)
    left.look()

    assert "Vector Ltd" in desk.notes[-1].text


def test_a_note_that_is_saved_or_taken_back_leaves_nothing(
    desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    tab = timeline(desk, qtbot, client)
    for end in (tab.entry.enter, lambda: tab.entry.text.set_text("")):
        tab.entry.text.set_text("Half a thought")
        written(tab)
        assert len(files(desk)) == 1
        end()
        written(tab)
        assert not files(desk)
    assert timeline(desk, qtbot, client).entry.text.text() == ""


def test_the_end_of_the_session_writes_what_was_typed_last(
    desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    tab = timeline(desk, qtbot, client)
    other = desk.make("client", name="Other")
    tab.entry.text.set_text("Of the first")
    tab.controller.show_record(other)
    tab.entry.text.set_text("Of the second")

    desk.session.leaving.emit()

    assert {path.stem for path in files(desk)} == {
        f"activity-{note_place('activity', ref).id}" for ref in (client, other)
    }


def test_who_is_dismissed_leaves_it_to_the_head(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    tab = timeline(desk, qtbot, client)
    tab.entry.text.set_text("Half a thought")
    written(tab)
    found: list[Typed] = []

    desk.session.texts_wanted.emit(found)

    assert [one.title for one in found] == ["Activity: Vector Ltd"]
    assert "Half a thought" in found[0].text
    found[0].drop()
    assert not files(desk)


def test_a_date_and_a_kind_wait_for_their_record_with_the_words(
    desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    other = desk.make("client", name="Other")
    tab = timeline(desk, qtbot, client)
    tab.note("task")
    tab.entry.text.set_text("Send the offer")
    tab.entry.due.setText("tomorrow")

    tab.controller.show_record(other)
    tab.note("note")
    tab.controller.show_record(client)

    assert tab.entry.kind.value() == "task" and tab.entry.due.text() == "tomorrow"


def test_a_save_that_ends_beside_another_record_leaves_its_words(
    desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    other = desk.make("client", name="Other")
    tab = timeline(desk, qtbot, client)
    tab.entry.text.set_text("Of the first")
    tab.entry.set_busy(client, True)  # it is on its way
    tab.controller.show_record(other)
    tab.entry.text.set_text("Of the second")
    assert tab.entry.button.isEnabled()

    tab.entry.clear(client)

    assert tab.entry.text.text() == "Of the second"
    tab.controller.show_record(client)
    assert tab.entry.text.text() == "" and not tab.entry.text.edit.isReadOnly()


def test_what_the_server_was_missing_for_is_saved_beside_another_record(
    desk: Desk, client: Ref, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = desk.make("client", name="Other")
    tab = timeline(desk, qtbot, client)
    before = notes(desk)

    def away(*_given: object, **_named: object) -> None:
        raise DatabaseUnavailable("away")

    with monkeypatch.context() as broken:
        broken.setattr(desk.base.records, "create", away)
        tab.entry.text.set_text("Will come on Monday")
        tab.entry.enter()
        assert notes(desk) == before
    tab.controller.show_record(other)
    tab.entry.text.set_text("Something else")

    desk.session.line.back.emit()

    assert notes(desk) == before + 1 and tab.entry.text.text() == "Something else"
    tab.controller.show_record(client)
    assert tab.entry.text.text() == ""


def test_one_note_in_two_boxes_is_saved_once(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    panel = timeline(desk, qtbot, client)
    panel.entry.text.set_text("Half a thought")
    written(panel)
    page = timeline(desk, qtbot, client)
    page.entry.text.set_text("Half a thought, and the rest")

    page.entry.enter()

    assert panel.entry.text.text() == page.entry.text.text() == ""
    written(page)
    written(panel)
    assert not files(desk)


def test_what_was_typed_anew_in_the_other_box_stays(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    panel = timeline(desk, qtbot, client)
    panel.entry.text.set_text("Half a thought")
    written(panel)
    page = timeline(desk, qtbot, client)
    panel.entry.text.set_text("Another one")

    page.entry.enter()

    assert panel.entry.text.text() == "Another one"


def test_a_draft_of_somebody_else_at_this_computer_is_not_shown(
    desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    tab = timeline(desk, qtbot, client)
    tab.entry.text.set_text("Half a thought")
    written(tab)
    drafts = Drafts(desk.session.settings.path.parent, desk.base.info("guid"))
    place = note_place("activity", client)
    draft = drafts.read(place)
    assert draft is not None
    drafts.keep(place, type(draft)(draft.raw, draft.version, draft.saved_at, "boris"))

    assert timeline(desk, qtbot, client).entry.text.text() == ""
