"""What an office would notice at once: colours of tags, torn addresses, grey strips."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.builtin.client import CLIENT
from crm_desktop.models.catalogue.builtin.deal import DEAL
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.lists.service import ListRow
from crm_desktop.services.titles import Linked
from crm_desktop.ui import theme
from crm_desktop.ui.delegates.table import TableDelegate
from crm_desktop.ui.itemmodels.cells import Cell, Column, Row
from crm_desktop.ui.itemmodels.paged import PagedTableModel
from crm_desktop.ui.operations import Job
from crm_desktop.ui.record_card.facts import fact_sections
from crm_desktop.ui.record_card.panel import RecordPanel
from crm_desktop.ui.record_card.wrapping import wrapped
from crm_desktop.ui.record_list.cells import RowMaker
from crm_desktop.ui.record_list.column_fit import fitted
from crm_desktop.ui.record_list.fields import FieldChoice, choice_of
from crm_desktop.ui.record_list.source import ListSource
from crm_desktop.ui.widgets.table_view import TableView
from tests.gui.card_desk import NOON, Desk, client, desk

__all__ = ["client", "desk"]


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> None:
    """Before our fonts are loaded letters are wider."""
    theme.apply(qapp, "light")


def short_table(qtbot: QtBot, cell: Cell) -> TableView:
    view = TableView(name="Clients")
    qtbot.addWidget(view)
    model = PagedTableModel(view)
    model.open([Column("tags", "Tags", 240)], 1, [Row(1, (cell,))])
    view.setModel(model)
    view.size_columns()
    view.resize(400, 300)
    view.show()
    return view


def inks(picture: QImage) -> set[str]:
    places = ((x, y) for x in range(picture.width()) for y in range(picture.height()))
    return {QColor(picture.pixel(x, y)).name() for x, y in places}


def test_each_tag_of_a_cell_lies_on_its_own_colour(qtbot: QtBot) -> None:
    view = short_table(qtbot, Cell("VIP, Late payer", "tags", tone="ok,bad"))
    seen = inks(view.viewport().grab().toImage())
    assert {theme.color("ok_soft").name(), theme.color("bad_soft").name()} <= seen


def test_tags_that_find_no_room_are_counted(qtbot: QtBot) -> None:
    names = ", ".join(f"A long name of a tag {n}" for n in range(9))
    view = short_table(qtbot, Cell(names, "tags", tone="ok," + ",".join(["warn"] * 8)))
    seen = inks(view.viewport().grab().toImage())
    assert theme.color("neutral_soft").name() in seen  # the chip that counts


def test_nothing_grey_stands_below_the_last_tick_box(qtbot: QtBot) -> None:
    view = short_table(qtbot, Cell("One"))
    strip = view.verticalHeader().viewport()
    below = strip.grab().toImage().copy(0, 60, strip.width(), strip.height() - 60)
    assert inks(below) == {theme.color("surface").name()}


def test_the_list_knows_the_colours_of_its_tags(desk: Desk, client: Ref) -> None:
    desk.make("tag", name="Late payer", tone="bad")
    desk.base.records.update(client.entity, client.id, {"tags": "Late payer, New one"})
    entity = desk.base.catalogue[client.entity]
    choice = choice_of(desk.base.catalogue, entity, "tags")
    cell = _first_cell(desk, client, choice)
    assert (cell.kind, cell.text, cell.tone) == ("tags", "Late payer, New one", "bad,neutral")


def _first_cell(desk: Desk, client: Ref, choice: object) -> Cell:
    from crm_desktop.models.query import Condition, Query

    query = Query(client.entity, ("tags",), Condition("id", "eq", client.id))
    source = ListSource(desk.base, query, [choice], Job("list", lambda call: call()))  # type: ignore[list-item,arg-type]
    return source.rows(Job("list", lambda call: call()), 0, 1)[0].cells[0]


def test_a_long_address_is_broken_before_its_sign() -> None:
    room = theme.metrics("body").horizontalAdvance("stepan.chizhov@po")
    lines = wrapped("stepan.chizhov@post.example", "body", room, 3)
    assert lines == ("stepan.chizhov", "@post.example")


def test_the_panel_says_the_last_contact_once(desk: Desk, client: Ref, qtbot: QtBot) -> None:
    desk.make("activity", kind="call", body="Hello", moment=NOON, about=client)
    panel = RecordPanel(desk.session, desk.navigator)
    desk.show(qtbot, panel, 432)
    panel.show_record(client)
    qtbot.waitUntil(lambda: panel.controller.contents is not None)
    contents = panel.controller.contents
    assert contents is not None and contents.values["last_contact"] is not None
    sections = fact_sections(contents, panel.controller.around(), editing=lambda _f: False)
    assert "last_contact" not in {f.field.key for s in sections for f in s.facts}


def test_headings_are_read_whole_before_names_get_more_room() -> None:
    columns = [Column("name", "Name", 240), Column("at", "A rather long heading", 60)]
    needed = theme.metrics("small").horizontalAdvance("A rather long heading")
    assert fitted(columns, [None, None], 200, "name") == [theme.px(240), theme.px(60)]
    assert fitted(columns, [None, None], 2000, "name")[1] > needed


def test_names_give_way_to_a_heading_while_they_can() -> None:
    columns = [Column("name", "Name", 240), Column("at", "A rather long heading", 60)]
    needed = theme.metrics("small").horizontalAdvance("A rather long heading")
    name = FieldChoice("name", CLIENT.field("name"))
    wide = fitted(columns, [name, None], theme.px(330), "name")
    assert wide[1] > needed and wide[0] >= theme.px(160) and sum(wide) <= theme.px(330) + 1


def test_short_words_give_their_room_to_long_ones() -> None:
    columns = [Column("name", "Name", 240), Column("city", "City", 160), Column("legal", "L", 160)]
    choices = [FieldChoice(key, CLIENT.field(key)) for key in ("name", "city", "name")]
    room = theme.px(440)

    wide = fitted(columns, choices, room, "name", [theme.px(120), theme.px(90), theme.px(230)])

    assert wide[1] < theme.px(112) < theme.px(160) < wide[2] and sum(wide) <= room


def test_whose_row_it_is_stays_in_sight_where_the_list_is_scrolled_sideways() -> None:
    columns = [Column("name", "Name", 240), *(Column(f"n{i}", "State", 130) for i in range(5))]
    choices = [FieldChoice("name", CLIENT.field("name")), *[None] * 5]
    needs = [theme.px(200), *[theme.px(130)] * 5]

    wide = fitted(columns, choices, theme.px(500), "name", needs)

    assert wide[0] == theme.px(200)
    soft = [FieldChoice(key, CLIENT.field("name")) for key in ("name", "city", "legal")]
    tight = fitted(columns[:3], soft, theme.px(400), "name", [theme.px(165)] * 3)
    assert tight[0] == theme.px(165)


def test_a_state_is_read_whole_before_names_are() -> None:
    columns = [Column("name", "Name", 240), Column("status", "State", 100)]
    choices = [FieldChoice(key, CLIENT.field(key)) for key in ("name", "status")]

    wide = fitted(columns, choices, theme.px(300), "name", [theme.px(200), theme.px(130)])

    assert wide == [theme.px(170), theme.px(130)]


def test_a_stage_without_a_colour_is_a_pill_among_coloured_ones() -> None:
    stage = FieldChoice("stage", DEAL.field("stage"))
    rows = [
        ListRow(n, 1, (Linked(Ref("stage", n), word, tone),))
        for n, (word, tone) in enumerate((("New", "neutral"), ("Won", "ok")), 1)
    ]

    made = RowMaker(DEAL, [stage], now=NOON, language="en").rows(rows)

    assert [(row.cells[0].kind, row.cells[0].tone) for row in made] == [
        ("pill", "neutral"), ("pill", "ok"),
    ]  # fmt: skip


def test_the_name_of_a_group_runs_on_over_empty_columns(qtbot: QtBot) -> None:
    view = short_table(qtbot, Cell("One"))
    painted = _drawn_head(view, [(0, 0, 60), (1, 60, 200)])
    assert theme.color("text").name() in inks(painted.copy(70, 0, 190, 38))


def _drawn_head(view: TableView, places: list[tuple[int, int, int]]) -> QImage:
    cells = (Cell("The name of a group", "group", avatar="open"), Cell("", "group"))
    view.paged().open([Column("a", "A"), Column("b", "B")], 1, [Row(-1, cells)])
    image = QImage(260, 38, QImage.Format.Format_RGB32)
    image.fill(theme.color("surface"))
    painter = QPainter(image)
    TableDelegate(view).paint_head(painter, 0, 38, 0, places)
    painter.end()
    return image
