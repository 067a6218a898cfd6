"""Work in threads: order, the newest question, cancelling, errors, widgets that are gone."""

from __future__ import annotations

import gc
import threading

import pytest
from PySide6.QtCore import QCoreApplication, QObject
from pytestqt.qtbot import QtBot

from crm_desktop.errors import InvalidInput, ProgramFault, UserError
from crm_desktop.ui.operations import Job, Operations, Progress
from crm_desktop.ui.runtime import garbage


@pytest.fixture
def operations(qtbot: QtBot) -> Operations:
    made = Operations()
    yield made
    assert made.close()


def test_writes_run_one_after_another_in_their_order(qtbot: QtBot, operations: Operations) -> None:
    owner, seen, threads = QObject(), [], set()

    def work(number: int) -> int:
        threads.add(threading.get_ident())
        return number

    for number in range(20):
        operations.run(lambda job, n=number: work(n), owner=owner, done=seen.append)
    assert operations.writing
    qtbot.waitUntil(lambda: len(seen) == 20)
    assert seen == list(range(20)) and len(threads) == 1
    assert threading.get_ident() not in threads and not operations.writing


def test_the_newest_question_wins_and_the_older_is_interrupted(
    qtbot: QtBot, operations: Operations
) -> None:
    owner, answers, stopped = QObject(), [], threading.Event()
    began = threading.Event()

    def slow(job: Job) -> str:
        job.on_cancel(stopped.set)
        began.set()
        assert stopped.wait(30)
        return "old"

    operations.query("list", slow, owner=owner, done=answers.append)
    assert began.wait(30)
    operations.query("list", lambda job: "new", owner=owner, done=answers.append)
    qtbot.waitUntil(lambda: answers == ["new"])
    assert stopped.is_set()
    qtbot.waitUntil(lambda: not operations._readers.busy())
    QCoreApplication.processEvents()  # what the older one has posted
    assert answers == ["new"]


def test_no_result_reaches_a_widget_that_is_gone(qtbot: QtBot, operations: Operations) -> None:
    owner, answers, go = QObject(), [], threading.Event()
    operations.query("a", lambda job: go.wait(30), owner=owner, done=answers.append)
    owner.deleteLater()
    qtbot.waitUntil(lambda: _is_gone(owner))
    go.set()
    other = QObject()
    operations.run(lambda job: 1, owner=other, done=lambda _r: answers.append("end"))
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == ["end"]


def _is_gone(owner: QObject) -> bool:
    from shiboken6 import isValid

    return not isValid(owner)


def test_a_sentence_for_people_goes_to_who_asked_and_a_bug_is_reported(
    qtbot: QtBot, operations: Operations
) -> None:
    owner, told = QObject(), []

    def refuse(job: Job) -> None:
        raise InvalidInput("Type a number.")

    def crash(job: Job) -> None:
        raise ZeroDivisionError

    operations.run(refuse, owner=owner, done=told.append, failed=lambda e: told.append(e.message))
    with qtbot.waitSignal(operations.refused) as refused:
        operations.run(refuse, owner=owner, done=told.append)
    with qtbot.waitSignal(operations.crashed) as crashed:
        operations.run(crash, owner=owner, done=told.append, title="Import")
    assert told == ["Type a number."] and isinstance(refused.args[0], UserError)
    assert crashed.args[0] == "Import" and isinstance(crashed.args[1], ZeroDivisionError)


@pytest.mark.parametrize("folder", ["", "/home/anna/crashes"])
def test_who_waits_for_an_answer_is_told_of_a_bug(
    qtbot: QtBot, operations: Operations, folder: str
) -> None:
    """Else a box would stay busy for ever."""
    owner, told = QObject(), list[UserError]()
    operations.reports = folder
    with qtbot.waitSignal(operations.crashed):
        operations.run(lambda _job: 1 / 0, owner=owner, done=told.append, failed=told.append)
    with qtbot.waitSignal(operations.crashed):
        operations.query("a", lambda _job: 1 / 0, owner=owner, done=told.append,
                         failed=told.append)  # fmt: skip
    qtbot.waitUntil(lambda: len(told) == 2)

    assert {type(one) for one in told} == {ProgramFault}
    assert all(folder in one.message for one in told)


def test_a_write_can_be_watched_and_stopped(qtbot: QtBot, operations: Operations) -> None:
    owner, shown, ended = QObject(), [], []

    def work(job: Job) -> None:
        for row in range(10**9):
            job.progress(row, 10**9, "Reading")
            job.check()

    job = operations.run(work, owner=owner, done=ended.append, progress=shown.append)
    job.after_cancel(lambda: ended.append("stopped"))
    qtbot.waitUntil(lambda: len(shown) >= 2)
    job.cancel()
    qtbot.waitUntil(lambda: ended == ["stopped"])
    assert isinstance(shown[-1], Progress) and shown[-1].done > 0


def test_progress_reaches_nobody_who_is_gone(qtbot: QtBot, operations: Operations) -> None:
    owner, shown, go = QObject(), [], threading.Event()

    def work(job: Job) -> None:
        assert go.wait(30)
        job.progress(1, 1)

    operations.query("trial", work, owner=owner, done=shown.append).shows(owner, shown.append)
    owner.deleteLater()
    qtbot.waitUntil(lambda: _is_gone(owner))
    go.set()
    qtbot.waitUntil(lambda: not operations._readers.busy())
    QCoreApplication.processEvents()  # what the work has posted
    assert shown == []


def test_at_once_for_tests(qtbot: QtBot) -> None:
    answers: list[int] = []
    Operations(now=True).query("a", lambda job: 7, owner=QObject(), done=answers.append)
    assert answers == [7]


def test_forgotten_answer_that_is_on_its_way_does_not_arrive(
    qtbot: QtBot, operations: Operations
) -> None:
    owner, answers = QObject(), []
    operations.query("key", lambda _job: "early", owner=owner, done=answers.append)
    while operations._readers.busy():  # the answer is posted and waits for the event loop
        pass

    operations.forget_all()
    operations.query("other", lambda _job: "late", owner=owner, done=answers.append)

    qtbot.waitUntil(lambda: bool(answers))
    assert answers == ["late"]


def test_what_is_known_already_comes_before_the_whole_answer(
    qtbot: QtBot, operations: Operations
) -> None:
    owner, came = QObject(), []

    def work(job: Job) -> str:
        job.tell("some")
        return f"after {came}"

    operations.query("key", work, owner=owner, part=came.append, done=came.append)

    qtbot.waitUntil(lambda: len(came) == 2)
    assert came == ["some", "after ['some']"]


def test_a_part_of_an_older_answer_does_not_arrive(qtbot: QtBot, operations: Operations) -> None:
    owner, came, go = QObject(), [], threading.Event()

    def work(job: Job) -> None:
        go.wait(10)
        job.tell("old")

    operations.query("key", work, owner=owner, part=came.append, done=came.append)
    operations.query("key", lambda _job: "new", owner=owner, done=came.append)
    go.set()

    qtbot.waitUntil(lambda: "new" in came)
    qtbot.waitUntil(lambda: not operations._readers.busy())
    qtbot.wait(1)
    assert came == ["new"]


def test_nothing_is_collected_by_itself_until_the_last_window_has_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(garbage, "_at_work", [])  # those of other tests
    one, other = Operations(), Operations()

    one.close()
    assert not gc.isenabled()

    other.close()
    assert gc.isenabled()


def test_nothing_is_collected_while_a_thread_goes_on_after_the_end(qtbot: QtBot) -> None:
    """A cycle with a widget in it would die in that thread, and the program with it."""
    operations, owner = Operations(), QObject()
    begun, go_on = threading.Event(), threading.Event()

    def work(_job: Job) -> None:
        begun.set()
        go_on.wait()

    operations.query("slow", work, owner=owner, done=print)
    assert begun.wait(20)

    operations.close()

    assert not gc.isenabled()
    go_on.set()
