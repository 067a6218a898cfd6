"""A call from the card takes two clicks, and a call list goes on by the keyboard alone."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Sort
from crm_desktop.ui.next_steps.call_round import CallRoundPage
from crm_desktop.ui.next_steps.desk import CallBox, NextSteps
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_list.page import RecordListPage
from tests.gui.shell_desk import Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "shell"]
LEFT = Qt.MouseButton.LeftButton


def clients(shell: Shell, count: int) -> list[int]:
    return [ref.id for ref, _t in shell.base.titles.suggest("client", "", limit=count)]


def about(shell: Shell, client: int) -> list[dict[str, Any]]:
    rows = shell.base.reader.linked("activity", "about", [client])
    return [rows[id_].values for id_ in sorted(rows)]


def test_one_click_opens_the_box_and_one_saves(shell: Shell) -> None:
    (client,) = clients(shell, 1)
    before = len(about(shell, client))
    shell.navigator.open_record(Ref("client", client))
    page = shell.window.pages.page
    assert isinstance(page, CardPage)
    shell.wait(lambda: page.controller.contents is not None)

    QTest.mouseClick(page.actions_row.talk, LEFT)
    desk = shell.window._boxes()
    assert isinstance(desk, NextSteps)
    shell.wait(lambda: isinstance(desk.box, CallBox) and desk.box.isVisible())
    box = desk.box
    assert isinstance(box, CallBox)
    shell.wait(lambda: box.form.result.count() > 1)
    QTest.keyClick(box.form.result, Qt.Key.Key_Down)
    QTest.keyClicks(box.form.step.line, "tomorrow at 11")
    QTest.mouseClick(box.save, LEFT)

    shell.wait(lambda: len(about(shell, client)) == before + 2)
    call, following = about(shell, client)[before:]
    assert call["result"] is not None and following["state"] == "planned"


def test_a_call_list_is_worked_through_by_keys(shell: Shell) -> None:
    ids = clients(shell, 2)
    before = [len(about(shell, one)) for one in ids]
    shell.navigator.open_call_round("client", ids)
    page = shell.window.pages.page
    assert isinstance(page, CallRoundPage)

    for one in ids:
        shell.wait(lambda one=one: page.callee is not None and page.callee.ref.id == one)
        shell.wait(lambda: page.form.result.count() > 1)
        where = QApplication.focusWidget() or page
        QTest.keyClick(where, Qt.Key.Key_Down)
        QTest.keyClicks(page.form.step.line, "in 2 days")
        QTest.keyClick(page.form.step.line, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    shell.wait(lambda: page.empty.isVisible())
    assert [len(about(shell, one)) - n for one, n in zip(ids, before, strict=True)] == [2, 2]


def test_ticked_rows_are_called_down_the_list(shell: Shell) -> None:
    page = shell.window.pages.page
    assert isinstance(page, RecordListPage)
    model = page.view.model
    shell.wait(lambda: model.rowCount() > 2 and model.id_of(2) is not None)
    page.controller.sort((Sort("name", True),))
    shell.wait(lambda: model.id_of(0) is not None and model.id_of(2) is not None)
    down = [model.id_of(row) for row in range(3)]
    found: list[list[int]] = []

    model.ticks.add([id_ for id_ in sorted(down) if id_ is not None])
    page.many.with_ids(lambda ids: found.append(list(ids)))

    assert found == [down]
