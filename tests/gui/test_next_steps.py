"""Calls with result and next step, a call list worked through, one step planned for many."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.activities.kinds import KindHabits, keep_habits
from crm_desktop.ui.next_steps.call_round import CallRoundPage
from crm_desktop.ui.next_steps.desk import CallBox, NextSteps, PlanBox
from crm_desktop.ui.next_steps.set_box import SetBox
from crm_desktop.ui.operations import is_alive
from crm_desktop.ui.record_list.page import RecordListPage
from tests.gui.shell_desk import Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "shell"]


def _clients(shell: Shell, count: int) -> list[int]:
    return [ref.id for ref, _t in shell.base.titles.suggest("client", "", limit=count)]


def _about(shell: Shell, client: int) -> list[dict[str, Any]]:
    rows = shell.base.reader.linked("activity", "about", [client])
    return [rows[id_].values for id_ in sorted(rows)]


def _box(shell: Shell) -> Any:
    desk = shell.window._boxes()
    assert isinstance(desk, NextSteps)
    shell.wait(lambda: desk.box is not None and desk.box.isVisible())
    return desk.box


def test_a_call_is_noted_from_the_card_with_what_follows(shell: Shell) -> None:
    (client,) = _clients(shell, 1)
    before = len(_about(shell, client))
    shell.navigator.open_record(Ref("client", client))
    shell.wait(lambda: shell.window.actions.qaction("log-call").isEnabled())
    shell.window.actions.run("log-call")
    box = _box(shell)
    assert isinstance(box, CallBox)
    shell.wait(lambda: box.form.result.count() > 1)
    box.form.result.setCurrentIndex(1)
    box.form.note.set_text("Wants a discount")
    box.form.step.line.setText("send the offer tomorrow at 10")
    box.save.click()
    shell.wait(lambda: len(_about(shell, client)) == before + 2)
    call, following = _about(shell, client)[before:]
    assert (call["kind"], call["state"], call["body"]) == ("call", "done", "Wants a discount")
    assert call["result"] is not None
    assert (following["subject"], following["state"]) == ("send the offer", "planned")
    shell.window.undoing.undo_last()
    shell.wait(lambda: len(_about(shell, client)) == before)


def test_a_planned_call_is_finished_and_what_was_typed_stays_if_it_is_refused(
    shell: Shell,
) -> None:
    (client,) = _clients(shell, 1)
    ref, due = Ref("client", client), shell.base.clock.now() - timedelta(minutes=20)
    values = {"subject": "Ring up", "kind": "call", "state": "planned", "about": ref, "due": due,
              "author": shell.base.user_id}  # fmt: skip
    planned = shell.base.records.create("activity", values).ids[0]
    keep_habits(shell.base, "call", KindHabits(result=True))
    shell.navigator.open_record(ref)
    shell.wait(lambda: shell.window.actions.qaction("log-call").isEnabled())
    shell.window.actions.run("log-call")
    box = _box(shell)
    assert box.form.finishes.text().startswith("Finishes: ")
    shell.wait(lambda: box.form.result.count() > 1)
    box.form.note.set_text("Wants a discount")
    box.save.click()
    shell.wait(lambda: box.form._trouble.text() != "")
    assert "choose a result" in box.form._trouble.text()
    assert (box.isVisible(), box.form.note.text()) == (True, "Wants a discount")

    box.form.result.setCurrentIndex(1)
    box.save.click()

    shell.wait(lambda: not is_alive(box) or not box.isVisible())
    finished = shell.base.reader.get("activity", planned)
    assert finished is not None and finished.values["state"] == "done"
    assert finished.values["body"] == "Wants a discount"


def test_a_list_is_called_one_after_another(shell: Shell) -> None:
    first, second, third = _clients(shell, 3)
    before = [len(_about(shell, one)) for one in (first, second, third)]
    shell.navigator.open_call_round("client", [first, second, third])
    page = shell.window.pages.page
    assert isinstance(page, CallRoundPage)
    shell.wait(lambda: page.callee is not None)
    page.form.step.line.setText("tomorrow")
    page.save.click()
    shell.wait(lambda: page.callee is not None and page.callee.ref.id == second)
    assert page.form.step.line.text() == ""
    page.skip.click()
    shell.wait(lambda: page.callee is not None and page.callee.ref.id == third)
    page.save.click()
    shell.wait(lambda: page.empty.isVisible())
    now = [len(_about(shell, one)) for one in (first, second, third)]
    assert [n - b for n, b in zip(now, before, strict=True)] == [2, 0, 1]
    assert page.noted == 2


def test_one_step_is_planned_for_all_that_are_ticked(shell: Shell) -> None:
    ids = _clients(shell, 3)
    before = [len(_about(shell, one)) for one in ids]
    shell.navigator.show_list("client")
    page = shell.window.pages.page
    assert isinstance(page, RecordListPage)
    shell.wait(lambda: bool(page.controller.total))
    page.view.model.ticks.add(ids)
    page.rows._plan()
    box = _box(shell)
    assert isinstance(box, PlanBox) and not box.save.isEnabled()
    box.step.line.setText("Greet for the new year 2030-12-30")
    box.save.click()
    shell.wait(lambda: [len(_about(shell, one)) for one in ids] == [n + 1 for n in before])
    shell.window.undoing.undo_last()
    shell.wait(lambda: [len(_about(shell, one)) for one in ids] == before)


@pytest.mark.parametrize("text", ["", "in 2 days", "write a letter"])
def test_a_line_is_understood_while_it_is_typed(shell: Shell, text: str) -> None:
    shell.navigator.plan_for("client", _clients(shell, 2))
    box = _box(shell)
    box.step.line.setText(text)
    assert box.save.isEnabled() == bool(text)
    shell.qtbot.keyClick(box, Qt.Key.Key_Escape)
    shell.wait(lambda: not shell.window.view.findChildren(PlanBox))


def test_a_set_is_started_from_the_card_and_moved(shell: Shell) -> None:
    create = shell.base.records.create
    (client,) = _clients(shell, 1)
    (set_,) = create("activity_set", {"name": "Delivery"}).ids
    create("set_step", {"set": set_, "subject": "Pack", "days": -1})
    create("set_step", {"set": set_, "subject": "Ring", "kind": "call", "days": 1})
    before = len(_about(shell, client))
    shell.navigator.start_set(Ref("client", client))
    box = _box(shell)
    assert isinstance(box, SetBox)
    box.day.setText("2030-12-18")
    shell.wait(lambda: box.go.isEnabled())
    assert "Pack" in box.shown.text()
    box.go.click()
    shell.wait(lambda: len(_about(shell, client)) == before + 2)
    desk = shell.window._boxes()
    assert isinstance(desk, NextSteps)
    desk.box = None
    shell.navigator.start_set(Ref("client", client))
    box = _box(shell)
    box.which.setCurrentIndex(1)
    box.day.setText("2030-12-25")
    shell.wait(lambda: box.go.isEnabled() and "Ring" in box.shown.text())
    box.go.click()
    shell.wait(lambda: {str(one["anchor"]) for one in _about(shell, client)[before:]}
               == {"2030-12-25"})  # fmt: skip


def test_a_day_that_is_none_and_no_sets_start_nothing(shell: Shell) -> None:
    (client,) = _clients(shell, 1)
    shell.navigator.start_set(Ref("client", client))
    box = _box(shell)
    assert box.which.count() == 0 and not box.go.isEnabled()
    box.day.setText("some day")
    assert box.anchor() is None and not box.go.isEnabled()
    box.edit.click()
    shell.wait(lambda: isinstance(shell.window.pages.page, RecordListPage))
