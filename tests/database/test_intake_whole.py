"""A letter in two mailboxes is one enquiry; a file of several is taken in whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from crm_desktop.services.intake.service import ASIDE, TAKEN
from crm_desktop.services.leads.arrival import KNOWN, NEW
from tests.database.sales_office import Office


@pytest.fixture
def office(base_url: str) -> Iterator[Office]:
    made = Office(base_url)
    yield made
    made.base.close()


def letter(mailbox: str, *, subject: str = "Windows", number: str = "<1@petrov.example>") -> bytes:
    made = EmailMessage()
    made["Received"] = f"from mx.example by {mailbox}.example; Mon, 02 Mar 2026 08:51:00 +0000"
    made["Delivered-To"] = f"{mailbox}@office.example"
    made["From"], made["Subject"] = "Sergey Petrov <s@petrov.example>", subject
    made["Date"] = "Mon, 02 Mar 2026 08:50:00 +0000"
    if number:
        made["Message-ID"] = number
    made.set_content("Two windows, please")
    return made.as_bytes()


def taken(office: Office, folder: Path, *letters: bytes) -> list[str]:
    found = []
    for place, content in enumerate(letters):
        (folder / f"{place}.eml").write_bytes(content)
        (one,) = office.base.intake.take(folder)
        assert one.what == TAKEN
        found += [arrived.what for arrived in one.arrived]
    return found


def test_a_letter_to_two_mailboxes_is_one_enquiry(office: Office, tmp_path: Path) -> None:
    assert taken(office, tmp_path, letter("sales"), letter("info")) == [NEW, KNOWN]
    assert (len(office.ids("lead")), len(office.ids("enquiry"))) == (1, 1)


def test_a_number_that_somebody_else_wrote_hides_no_letter(office: Office, tmp_path: Path) -> None:
    said = taken(office, tmp_path, letter("sales"), letter("sales", subject="Doors"))
    assert (said[1], len(office.ids("enquiry"))) == ("further", 2)


def test_letters_without_a_number_are_told_by_what_they_hold(
    office: Office, tmp_path: Path
) -> None:
    same, other = letter("sales", number=""), letter("info", number="")
    assert taken(office, tmp_path, same, same, other) == [NEW, KNOWN, "further"]


def test_a_file_of_which_one_enquiry_is_refused_leaves_nothing(
    office: Office, tmp_path: Path
) -> None:
    pipeline = office.base.pipelines.all()[0]
    assert pipeline.first is not None
    office.base.records.update("stage", pipeline.first.id, {"to_enter": "source"})
    office.add("intake", name="Site", folder=str(tmp_path), pipeline=pipeline.id)
    rows = [{"name": "Olga", "phone": "+79160000001", "source": "Site"},
            {"name": "Petrov", "phone": "+79160000002"}]  # fmt: skip
    (tmp_path / "two.json").write_text(json.dumps(rows), encoding="utf-8")
    last = office.base.operations.last(1)[0].id
    (one,) = office.base.intake.take(tmp_path)
    assert one.what == ASIDE and "Source" in one.reason
    assert office.base.operations.last(1)[0].id == last  # not even taken back: never written
    assert [office.ids(key) for key in ("lead", "enquiry", "deal", "client")] == [[], [], [], []]
    rows[1]["source"] = "Site"
    (tmp_path / "two.json").write_text(json.dumps(rows), encoding="utf-8")
    (one,) = office.base.intake.take(tmp_path)
    assert (one.what, len(office.ids("deal"))) == (TAKEN, 2)


def test_the_enquiries_of_a_file_see_one_another_and_go_back_by_one_undo(
    office: Office, tmp_path: Path
) -> None:
    heard: list[int] = []
    office.base.listen(lambda changes: heard.append(changes.operation))
    rows = [{"name": "Olga", "phone": "+79160000001", "text": "Two windows"},
            {"name": "Petrov", "phone": "+79160000002"},
            {"phone": "+79160000001", "text": "And a door"}]  # fmt: skip
    (tmp_path / "three.json").write_text(json.dumps(rows), encoding="utf-8")
    (one,) = office.base.intake.take(tmp_path)
    assert [arrived.what for arrived in one.arrived] == [NEW, NEW, "further"]
    assert one.arrived[2].lead == one.arrived[0].lead
    (operation,) = {arrived.operation for arrived in one.arrived}
    assert operation is not None and heard == [operation]
    said = office.base.operations.last(1)[0]
    assert "Olga, Petrov" in said.title.text()
    assert (len(office.ids("lead")), len(office.ids("enquiry"))) == (2, 3)
    office.base.undo.undo(operation)
    assert (office.ids("lead"), office.ids("enquiry"), office.ids("channel")) == ([], [], [])

    (tmp_path / "again.json").write_text(json.dumps(rows), encoding="utf-8")
    office.base.intake.take(tmp_path)
    last = office.base.operations.last(1)[0].id
    (tmp_path / "third.json").write_text(json.dumps(rows), encoding="utf-8")
    (one,) = office.base.intake.take(tmp_path)
    assert [arrived.what for arrived in one.arrived] == [KNOWN] * 3
    assert office.base.operations.last(1)[0].id == last
