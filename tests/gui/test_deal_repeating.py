"""A deal is repeated from its card and from the list: the form of a template knows it already."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.features import CARD_PARTS
from crm_desktop.ui.navigation import LIST, Place
from crm_desktop.ui.record_card.card import CardPage
from tests.gui.card_desk import Desk, desk
from tests.gui.shell_desk import Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "desk", "shell"]


def asked(desk: Desk) -> list[tuple[str, dict[str, Any]]]:
    """The forms of new records that were asked for."""
    found: list[tuple[str, dict[str, Any]]] = []
    desk.navigator.new_record_wanted.connect(lambda key, values: found.append((key, values)))
    return found


def test_a_deal_is_repeated_from_its_card(desk: Desk, qtbot: QtBot) -> None:
    deal, wanted = desk.make("deal", name="Cleaning"), asked(desk)
    page = CardPage(desk.session, desk.navigator, deal, parts=CARD_PARTS)
    desk.show(qtbot, page)
    qtbot.waitUntil(lambda: page.controller.contents is not None)
    ((_picture, words, act),) = page.controller.repeating()
    act()
    assert words == "Repeat…"
    assert wanted == [("deal_template", {"name": "Cleaning", "sample": deal.id})]


def test_a_client_is_not_repeated(desk: Desk, qtbot: QtBot) -> None:
    page = CardPage(
        desk.session, desk.navigator, desk.make("client", name="Aster"), parts=CARD_PARTS
    )
    desk.show(qtbot, page)
    qtbot.waitUntil(lambda: page.controller.contents is not None)
    assert page.controller.repeating() == []


def test_a_deal_is_repeated_from_the_list(shell: Shell) -> None:
    deal = shell.base.records.create("deal", {"name": "Cleaning"}).ids[0]
    found: list[tuple[str, dict[str, Any]]] = []
    shell.window.navigator.new_record_wanted.connect(lambda *said: found.append(said))
    shell.window.navigator.place_wanted.emit(Place(LIST, "deal"), False)
    shell.wait(lambda: shell.list().view.model.id_of(0) == deal)
    table = shell.list().view.table
    table.menu_asked.emit(0, table.rect().center())
    menus = [menu for menu in table.findChildren(QMenu) if menu.isVisible()]
    (line,) = (act for menu in menus for act in menu.actions() if act.text() == "Repeat…")
    line.trigger()
    assert found == [("deal_template", {"name": "Cleaning", "sample": deal})]
    for menu in menus:
        menu.close()


def test_the_form_of_the_template_shows_the_sample(desk: Desk, qtbot: QtBot) -> None:
    deal = desk.make("deal", name="Cleaning")
    page = CardPage(
        desk.session, desk.navigator, Ref("deal_template", 0), parts=CARD_PARTS,
        values={"name": "Cleaning", "sample": deal.id},
    )  # fmt: skip
    desk.show(qtbot, page)
    qtbot.waitUntil(lambda: page._forms is not None)
    editors = page._forms.form.editors if page._forms is not None else {}
    qtbot.waitUntil(lambda: editors["sample"].value() == deal.id)
    assert editors["name"].value() == "Cleaning"


def test_many_deals_of_a_list_are_moved_with_one_question(shell: Shell) -> None:
    base = shell.base
    way = base.pipelines.all()[0]
    goal = way.stages[2]
    base.records.update("stage", goal.id, {"to_enter": "note, source"})
    deals = [base.records.create("deal", {"name": f"Deal {n}", "pipeline": way.id}).ids[0]
             for n in range(3)]  # fmt: skip
    base.records.update("deal", deals[0], {"note": "known"})
    source = base.records.create("reference", {"name": "Fair", "book": "source"}).ids[0]
    shell.window.navigator.place_wanted.emit(Place(LIST, "deal"), False)
    shell.wait(lambda: shell.list().view.model.rowCount() == 3)
    page = shell.list()
    page.view.model.ticks.tick_all()
    stages = page.rows.stages
    stages.ask()
    shell.wait(lambda: stages.list is not None)
    stages.list.picked.emit(goal.id)
    shell.wait(lambda: stages.moving is not None and stages.moving.form is not None)
    form = stages.moving.form
    form.editors["note"].set_value("New")
    form.editors["source"].set_value(source)
    form.go.emit()
    shell.wait(lambda: shell.values(Ref("deal", deals[2]))["stage"] == goal.id)
    assert [shell.values(Ref("deal", one))["note"] for one in deals] == ["known", "New", "New"]
    base.undo.undo(base.operations.last(1)[0].id)
    assert {shell.values(Ref("deal", one))["stage"] for one in deals} == {way.stages[0].id}
