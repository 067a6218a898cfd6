"""Tags, segments and relations on the card of a record."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.fieldtypes.tags import split_tags
from crm_desktop.models.query import Query, where_from_json
from crm_desktop.services.relations import kind_names, relate, relations_of
from crm_desktop.services.selections.writes import make_selection, save_selection
from crm_desktop.ui.features import CARD_PARTS
from crm_desktop.ui.marks.chooser import TagChooser
from crm_desktop.ui.marks.line import MarksLine
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.relations.tab import RelationsTab
from tests.gui.card_desk import Desk, client, desk

__all__ = ["client", "desk"]


def opened(desk: Desk, qtbot: QtBot, ref: Ref) -> CardPage:
    page = CardPage(desk.session, desk.navigator, ref, parts=CARD_PARTS)
    desk.show(qtbot, page)
    return page


def marks(page: CardPage) -> MarksLine:
    found = page.findChild(MarksLine)
    assert found is not None
    return found


def test_tags_and_selections_stand_in_the_head(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    desk.base.records.update("client", client.id, {"tags": "Wholesale, VIP"})
    make_selection(desk.base, "Calendars", desk.base.catalogue["client"], ids=[client.id])
    vip = Query("client", where=where_from_json({"tags": "VIP"}))
    save_selection(desk.base, "Important", vip, live=True)
    others = Query("client", where=where_from_json({"tags": "Other"}))
    save_selection(desk.base, "Others", others, live=True)

    line = marks(opened(desk, qtbot, client))

    assert [chip.text() for chip in line.chips] == ["VIP", "Wholesale"]
    assert [chip.text() for chip in line.selections] == ["Calendars", "Important"]


def test_a_tag_is_created_and_removed_by_keyboard(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    line = marks(opened(desk, qtbot, client))
    line.choose_tags()
    chooser = line.window().findChild(TagChooser)
    assert chooser is not None
    qtbot.keyClicks(chooser._list.line, "Winter")
    qtbot.waitUntil(lambda: any("Winter" in i.text for i in chooser._list._items))
    qtbot.keyClick(chooser._list.line, Qt.Key.Key_Return)
    assert desk.values(client)["tags"] == "Winter"

    qtbot.keyClick(line.chips[0], Qt.Key.Key_Delete)
    assert desk.values(client)["tags"] is None
    assert len(desk.notes) == 2


def test_a_tag_that_a_colleague_gave_meanwhile_stays(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    line = marks(opened(desk, qtbot, client))
    desk.base.records.update("client", client.id, {"tags": "VIP, Wholesale"})
    line._show_tags({})  # the change is not here yet

    line._toggle("Winter", True)
    assert split_tags(desk.values(client)["tags"]) == ["VIP", "Wholesale", "Winter"]
    line._show_tags({"winter": ("Winter", "neutral")})
    line._toggle("Winter", False)
    assert split_tags(desk.values(client)["tags"]) == ["VIP", "Wholesale"]


def test_a_tag_that_is_refused_does_not_stay_as_if_it_were_kept(
    desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    desk.base.records.update("client", client.id, {"tags": "VIP, Wholesale"})
    line = marks(opened(desk, qtbot, client))

    line._toggle("x" * 500, True)
    assert [chip.text() for chip in line.chips] == ["VIP", "Wholesale"]
    desk.base.records.delete("client", [client.id])
    line._toggle("VIP", False)
    assert [chip.text() for chip in line.chips] == ["VIP", "Wholesale"]
    assert [note.tone for note in desk.notes] == ["bad", "bad"]


def test_leaving_a_frozen_selection_is_offered_back(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    make_selection(desk.base, "Calendars", desk.base.catalogue["client"], ids=[client.id])
    line = marks(opened(desk, qtbot, client))

    qtbot.keyClick(line.selections[0], Qt.Key.Key_Delete)

    assert line.selections == []
    assert desk.notes[-1].undo_operation is not None


def test_relations_are_seen_added_and_opened(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    works, shop = desk.make("client", name="Works"), desk.make("client", name="Shop")
    kinds = {one.text: one for one in kind_names(desk.base)}
    relate(desk.base, client, kinds["Subsidiary"], works, {})
    tab = opened(desk, qtbot, client).tabs.open_tab("relation.one")
    assert isinstance(tab, RelationsTab)
    assert [box.node.title for box in tab.picture.boxes] == ["Vector Ltd", "Works"]

    form = tab.add()
    assert form is not None
    form.editor("other").set_value(shop)
    form.kind.set_value(next(n for n, k in enumerate(kind_names(desk.base)) if k.text == "Partner"))
    form.save.click()
    assert [one.name.text for one in relations_of(desk.base, shop)] == ["Partner"]
    assert tab.model.rowCount() == 2

    places: list[object] = []
    desk.navigator.place_wanted.connect(lambda place, _new: places.append(place.ref))
    tab.picture.setFocus()
    qtbot.keyClick(tab.picture, Qt.Key.Key_Return)
    assert places == [works if tab.picture.boxes[1].node.title == "Works" else shop]


def test_a_relation_that_is_there_already_is_refused_in_the_form(
    desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    works = desk.make("client", name="Works")
    relate(desk.base, client, kind_names(desk.base)[0], works, {})
    tab = opened(desk, qtbot, client).tabs.open_tab("relation.one")
    assert isinstance(tab, RelationsTab)

    form = tab.add()
    assert form is not None
    form.editor("other").set_value(works)
    form.save.click()

    assert form.isVisible()
    assert len(relations_of(desk.base, client)) == 1


def test_enter_in_the_form_of_a_relation_saves_and_never_throws_away(
    desk: Desk, client: Ref, qtbot: QtBot
) -> None:
    works = desk.make("client", name="Works")
    tab = opened(desk, qtbot, client).tabs.open_tab("relation.one")
    assert isinstance(tab, RelationsTab)
    assert tab.add_button.isHidden(), "the empty tab offers it already"
    form = tab.add()
    assert form is not None
    line = form.editor("other").line  # type: ignore[attr-defined]
    line.setText("Wor")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert form.isVisible() and line.text() == "Wor"

    form.editor("other").set_value(works)
    qtbot.keyClick(line, Qt.Key.Key_Return)

    assert len(relations_of(desk.base, client)) == 1
    assert not tab.add_button.isHidden()


def test_a_career_is_read_from_the_latest_place_on(desk: Desk, qtbot: QtBot) -> None:
    from datetime import date

    ann = desk.make("person", name="Ann")
    for name, since, gone in (("Old", 2001, True), ("New", 2020, False), ("Middle", 2010, True)):
        place = desk.make("client", name=name).id
        desk.make("employment", person=ann.id, client=place, since=date(since, 1, 1), gone=gone)
    tab = opened(desk, qtbot, ann).tabs.open_tab("employment.person")
    assert tab is not None
    model = tab.model  # type: ignore[attr-defined]

    cells = [model.cell(row, 0) for row in range(3)]

    assert [cell.text for cell in cells] == ["New", "Middle", "Old"]
    assert [cell.kind for cell in cells] == ["title", "muted", "muted"]
