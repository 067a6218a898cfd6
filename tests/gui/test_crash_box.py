"""A bug in the running program: a report on the disk, one box, and what was typed stays."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from crm_desktop.ui.operations import Job
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.record_list.page import RecordListPage
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.labels import Label
from tests.gui.office_desk import Office, office, small_base

__all__ = ["office", "small_base"]


class _Bug(Exception):
    """Nobody catches it."""


def _fail() -> None:
    raise _Bug("a slot went wrong, password=12345")


def _box() -> Dialog | None:
    boxes = [w for w in QApplication.topLevelWidgets() if isinstance(w, Dialog) and w.isVisible()]
    return boxes[0] if boxes else None


def _told(box: Dialog) -> str:
    return "\n".join(label.text() for label in box.findChildren(Label))


def _button(box: Dialog, text: str) -> Button:
    return next(b for b in box.findChildren(Button) if b.text() == text)


def _break(office: Office, base: Path) -> Dialog:
    program = office.start(base)
    office.page(RecordListPage)
    QTimer.singleShot(0, program.window.view, _fail)
    office.wait(lambda: _box() is not None)
    box = _box()
    assert box is not None
    return box


def test_exception_in_a_slot_leads_to_box_and_report(
    office: Office, small_base: Path, own_home: Path
) -> None:
    box = _break(office, small_base)

    (report,) = (own_home / "crashes").glob("crash-*.txt")
    assert box.windowTitle() == "Something went wrong"
    assert str(report) in _told(box)
    assert "a slot went wrong" in report.read_text(encoding="utf-8")
    assert "12345" not in report.read_text(encoding="utf-8")
    box.close()


def test_report_can_be_copied(office: Office, small_base: Path, own_home: Path) -> None:
    box = _break(office, small_base)

    _button(box, "Copy details").click()

    (report,) = (own_home / "crashes").glob("crash-*.txt")
    assert QGuiApplication.clipboard().text() == report.read_text(encoding="utf-8")
    box.close()


def test_what_was_typed_survives(office: Office, small_base: Path) -> None:
    program = office.start(small_base)
    office.page(RecordListPage)
    program.navigator.new_record("client", {})
    page = office.page(CardPage)
    forms = page._forms
    assert forms is not None
    forms.form.editors["name"].set_raw("Alder")

    QTimer.singleShot(0, page, _fail)
    office.wait(lambda: _box() is not None)
    box = _box()
    assert box is not None
    _button(box, "Go on").click()
    page.run("save")

    office.wait(lambda: page.title() == "Alder")
    saved = program.session.base.reader.get(*page.ref())
    assert saved is not None and saved.values["name"] == "Alder"


def test_bug_in_a_worker_says_what_was_being_done(
    office: Office, small_base: Path, own_home: Path
) -> None:
    program = office.start(small_base)
    office.page(RecordListPage)

    def work(_job: Job) -> None:
        raise _Bug

    program.operations.run(
        work, owner=program, done=lambda _nothing: None, title="Counting the stars"
    )

    office.wait(lambda: _box() is not None)
    (report,) = (own_home / "crashes").glob("crash-*.txt")
    assert "Counting the stars" in report.read_text(encoding="utf-8")
    assert [type(error) for error in office.crashed] == [_Bug]
    office.crashed.clear()
    box = _box()
    assert box is not None
    box.close()
