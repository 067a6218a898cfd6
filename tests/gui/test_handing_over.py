"""The box by which a colleague's records go to others: chosen, counted, carried out, undone."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from crm_desktop.errors import DatabaseUnavailable
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Query
from crm_desktop.services.reminders.outgoing import messages
from crm_desktop.services.workspace import open_base
from crm_desktop.ui.handing_over.box import HandOverBox
from crm_desktop.ui.handing_over.desk import HandingOverDesk
from crm_desktop.ui.widgets.labels import Label
from tests.gui.office_desk import Office, office, small_base

__all__ = ["office", "small_base"]


class Firm:
    """Anna has four clients, two of them in Omsk, and one deal."""

    def __init__(self, file: Path) -> None:
        self.file = file
        with closing(open_base(file)) as base:
            add = base.records.create
            self.anna, self.boris, self.vera = (
                add("staff", {"name": name}).ids[0] for name in ("Anna", "Boris", "Vera")
            )
            self.clients = [
                add("client", {"name": f"Client {n}", "responsible": self.anna,
                               "city": "Omsk" if n < 2 else "Perm"}).ids[0]
                for n in range(4)
            ]  # fmt: skip
            self.deal = add("deal", {"name": "Windows", "client": self.clients[0],
                                     "responsible": self.anna}).ids[0]  # fmt: skip


@pytest.fixture
def firm(small_base: Path) -> Firm:
    return Firm(small_base)


@pytest.fixture
def box(office: Office, firm: Firm) -> HandOverBox:
    return opened_box(office, firm)


def opened_box(office: Office, firm: Firm) -> HandOverBox:
    program = office.start(firm.file)
    program.navigator.open_record(Ref("staff", firm.anna))
    office.wait(lambda: program.window.actions.run("hand-over"))
    desk = program.window.findChild(HandingOverDesk)
    assert isinstance(desk, HandingOverDesk)
    office.wait(lambda: desk.box is not None)
    assert desk.box is not None
    return desk.box


def tick(box: HandOverBox, *people: int) -> None:
    keys = [item.key for item in box.people._items]
    for person in people:
        box.people._pick(keys.index(person))


def owners(office: Office, firm: Firm) -> list[int]:
    assert office.program is not None
    found = office.program.session.base.reader.many("client", firm.clients, ["responsible"])
    return [found[id_]["responsible"] for id_ in firm.clients]


def test_counts_follow_what_is_chosen(office: Office, firm: Firm, box: HandOverBox) -> None:
    assert not box.go.isEnabled()
    assert all(one.face == Ref("staff", one.key) for one in box.people._items)

    tick(box, firm.boris, firm.vera)
    office.wait(lambda: box.draft is not None)

    assert box.draft is not None
    assert box.draft.counts()[firm.boris]["client"] == 2
    assert box.draft.totals() == {"client": 4, "deal": 1}
    assert box.go.isEnabled()


def test_whose_time_would_be_taken_twice_is_named(
    office: Office, firm: Firm, box: HandOverBox
) -> None:
    assert office.program is not None
    base = office.program.session.base
    starts = base.clock.now() + timedelta(days=2)
    at = {"kind": "meeting", "state": "planned", "starts": starts,
          "ends": starts + timedelta(hours=1)}  # fmt: skip
    for who, subject in ((firm.anna, "Visit"), (firm.boris, "Fair")):
        base.records.create("activity", {**at, "author": who, "subject": subject})

    tick(box, firm.boris)
    office.wait(lambda: box.draft is not None and bool(box.draft.meetings))

    told = " ".join(label.text() for label in box.findChildren(Label))
    assert "1 time would be taken twice" in told and "Visit" in told and "Fair" in told
    box.go.click()
    office.wait(lambda: owners(office, firm) == [firm.boris] * 4)  # what was shown is not asked


def test_a_free_time_is_chosen_by_the_keyboard_and_taken_with_the_hand_over(
    office: Office, firm: Firm, box: HandOverBox
) -> None:
    assert office.program is not None
    base = office.program.session.base
    zone = base.worktime.office_zone()
    day = base.clock.today() + timedelta(days=(7 - base.clock.today().weekday()) or 7)  # Monday
    starts = datetime.combine(day, time(11), zone)
    at = {"kind": "meeting", "state": "planned", "starts": starts,
          "ends": starts + timedelta(hours=1)}  # fmt: skip
    visit, _busy = (
        base.records.create("activity", {**at, "author": who, "subject": subject}).ids[0]
        for who, subject in ((firm.anna, "Visit"), (firm.boris, "Fair"))
    )
    tick(box, firm.boris)
    office.wait(lambda: bool(box.times.free))
    (clash,) = box.draft.meetings  # type: ignore[union-attr]

    box.times.free[0].setFocus()
    QTest.keyClick(box.times.free[0], Qt.Key.Key_Space)
    office.wait(lambda: bool(box.times.chips))

    assert box.draft is not None and box.draft.meetings == ()
    assert box.focusWidget() is box.times.chips[0]
    QTest.keyClick(box.times.chips[0], Qt.Key.Key_Delete)
    office.wait(lambda: bool(box.times.free))
    box.times.free[0].click()
    office.wait(lambda: bool(box.times.chips) and box.go.isEnabled())
    box.go.click()

    def stands() -> tuple[int, int]:
        values = base.reader.get("activity", visit).values  # type: ignore[union-attr]
        return values["author"], int(values["starts"].timestamp())

    office.wait(lambda: stands() == (firm.boris, clash.free[0]))


def test_all_that_clashes_is_moved_to_free_times_at_once(
    office: Office, firm: Firm, box: HandOverBox
) -> None:
    assert office.program is not None
    base = office.program.session.base
    day = base.clock.today() + timedelta(days=(7 - base.clock.today().weekday()) or 7)  # Monday
    for hour in (11, 12):
        starts = datetime.combine(day, time(hour), base.worktime.office_zone())
        at = {"kind": "meeting", "state": "planned", "starts": starts,
              "ends": starts + timedelta(hours=1)}  # fmt: skip
        for who, subject in ((firm.anna, "Visit"), (firm.boris, "Fair")):
            base.records.create("activity", {**at, "author": who, "subject": subject})
    tick(box, firm.boris)
    office.wait(lambda: box.times.move_all is not None)
    assert box.times.move_all is not None

    box.times.move_all.click()

    office.wait(lambda: box.draft is not None and len(box.draft.moved) == 2)
    assert box.draft is not None and box.draft.meetings == ()


def test_each_message_is_shown_before_with_ones_own_words(
    office: Office, firm: Firm, box: HandOverBox
) -> None:
    tick(box, firm.boris, firm.vera)
    office.wait(lambda: box.draft is not None)
    part = box.messages
    part.note.set_text("Mind the dog.")
    part.whose.set_value(firm.vera)
    part.whose.activated.emit(part.whose.currentIndex())
    assert part.subject.text() == "Anna hands 2 records over to you"
    subject, body = part.subject.text(), part.text.text()
    assert body.startswith("Mind the dog.") and "Clients: 2" in body

    box.go.click()

    assert office.program is not None
    base = office.program.session.base
    office.wait(lambda: bool(base.reminders.due(firm.vera).standing))
    (told,) = base.reminders.due(firm.vera).standing
    text = base.reader.get("activity", told.event.id).values["body"]  # type: ignore[union-attr]
    assert (told.subject, text) == (subject, body)


def test_a_field_parts_them_and_one_goes_by_hand(
    office: Office, firm: Firm, box: HandOverBox
) -> None:
    tick(box, firm.boris, firm.vera)
    box.by.set_value("city")
    box.by.activated.emit(box.by.currentIndex())
    office.wait(lambda: len(box.receivers_of) == 2)
    for combo in box.receivers_of:
        combo.set_value(firm.boris)
    box.record.set_value(firm.clients[3])
    box.receiver.set_value(firm.vera)
    box.add.click()

    office.wait(
        lambda: (
            box.draft is not None
            and box.draft.counts().get(firm.vera) == {"client": 1}
            and box.draft.counts()[firm.boris] == {"client": 3, "deal": 1}
        )
    )


def test_it_is_carried_out_and_undone(office: Office, firm: Firm, box: HandOverBox) -> None:
    tick(box, firm.boris)
    office.wait(lambda: box.go.isEnabled())

    box.go.click()
    office.wait(lambda: owners(office, firm) == [firm.boris] * 4)

    assert office.program is not None
    office.program.window.actions.run("undo")
    office.wait(lambda: owners(office, firm) == [firm.anna] * 4)


def broken_line(office: Office, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    """Once, where the records come by what is named so."""
    assert office.program is not None
    records = office.program.session.base.records
    usual = getattr(records, at)

    def broken(*_given: object) -> None:
        monkeypatch.setattr(records, at, usual)
        raise DatabaseUnavailable("The line broke")

    monkeypatch.setattr(records, at, broken)


@pytest.mark.parametrize("at", ["publish", "_log"])
def test_a_hand_over_that_nobody_heard_of_is_made_once(
    office: Office, firm: Firm, box: HandOverBox, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    """The line broke after the commit, or before it."""
    tick(box, firm.boris)
    office.wait(lambda: box.go.isEnabled())
    broken_line(office, monkeypatch, at)
    assert office.program is not None
    base, line = office.program.session.base, office.program.session.line
    box.go.click()
    office.wait(lambda: box.trouble.isVisible())
    assert not box.go.isEnabled()

    line.back.emit()

    if at == "_log":
        office.wait(lambda: box.go.isEnabled())
        assert owners(office, firm) == [firm.anna] * 4 and not messages(base)
        box.go.click()
    office.wait(lambda: office.program.window.findChild(HandingOverDesk).box is None)
    assert owners(office, firm) == [firm.boris] * 4 and len(messages(base)) == 1


def test_who_is_away_stands_last_and_the_preview_says_it_and_names_views(
    office: Office, firm: Firm
) -> None:
    with closing(open_base(firm.file)) as base:
        now = base.clock.now()
        base.records.create("activity", {
            "kind": "leave", "subject": "Leave", "state": "planned", "author": firm.boris,
            "starts": now - timedelta(days=1), "ends": now + timedelta(days=3),
        })  # fmt: skip
        base.views.save("Omsk", Query("client", ("name",)), author=firm.anna, shared=False)
    box = opened_box(office, firm)

    assert box.people._items[-1].key == firm.boris
    tick(box, firm.boris)
    office.wait(lambda: box.draft is not None)

    told = " ".join(label.text() for label in box.findChildren(Label))
    assert "Boris is away until" in told
    assert "Boris also gets 1 saved view that only Anna sees" in told


def test_one_client_goes_back_with_its_deal(office: Office, firm: Firm, box: HandOverBox) -> None:
    tick(box, firm.boris)
    office.wait(lambda: box.go.isEnabled())
    box.go.click()
    office.wait(lambda: owners(office, firm) == [firm.boris] * 4)
    program = office.program
    assert program is not None
    desk = program.window.findChild(HandingOverDesk)
    assert isinstance(desk, HandingOverDesk)

    program.navigator.open_record(Ref("client", firm.clients[0]))
    office.wait(lambda: program.window.actions.run("hand-back"))
    office.wait(lambda: desk.back_box is not None)
    assert desk.back_box is not None
    told = " ".join(label.text() for label in desk.back_box.findChildren(Label))
    assert "goes back to Anna" in told and "Clients: 1, Deals: 1" in told
    desk.back_box.go.click()

    office.wait(lambda: owners(office, firm) == [firm.anna] + [firm.boris] * 3)
    deal = program.session.base.reader.get("deal", firm.deal)
    assert deal is not None and deal.values["responsible"] == firm.anna
    program.window.actions.run("undo")
    office.wait(lambda: owners(office, firm) == [firm.boris] * 4)
