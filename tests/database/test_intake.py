"""Folders of enquiries on both back ends: taken in once each, hostile files set aside."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from crm_desktop.errors import FileProblem
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.files.files import Files
from crm_desktop.services.intake.service import PASSED
from crm_desktop.services.leads.arrival import KNOWN, NEW
from crm_desktop.services.workspace import open_base
from tests.database.sales_office import Office

PETROV = "Sergey Petrov, 8 (916) 555-12-34, two windows, source: site"


@pytest.fixture
def office(base_url: str) -> Iterator[Office]:
    made = Office(base_url)
    yield made
    made.base.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "intake"
    made.mkdir()
    return made


def drop(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def letter() -> EmailMessage:
    made = EmailMessage()
    made["From"], made["Subject"] = "Сергей Петров <s@petrov.example>", "Окна"
    made["Date"] = "Mon, 02 Mar 2026 08:50:00 +0000"
    made.set_content("Нужны два окна.\n\nС уважением,\nСергей Петров\n8 916 555-12-34\n", "plain",
                     charset="koi8-r")  # fmt: skip
    made.add_attachment(b"%PDF-1.4 plan", maintype="application", subtype="pdf",
                        filename="../../план.pdf")  # fmt: skip
    return made


def test_a_line_becomes_a_lead_and_the_file_is_put_away(office: Office, folder: Path) -> None:
    drop(folder, "order.txt", PETROV)
    (taken,) = office.base.intake.take(folder)
    row = office.row("lead", taken.arrived[0].lead)
    assert (row["name"], row["phone"], row["text"]) == (
        "Sergey Petrov", "+79165551234", "two windows",
    )  # fmt: skip
    assert office.row("reference", row["source"])["name"] == "Website"
    assert row["channel"] == "site"
    assert [path.name for path in (folder / "done").iterdir()] == ["order.txt"]
    assert office.base.intake.take(folder) == []


def test_a_file_delivered_twice_makes_one_lead(office: Office, folder: Path) -> None:
    drop(folder, "order.txt", PETROV)
    office.base.intake.take(folder)
    drop(folder, "order.txt", PETROV)
    drop(folder, "copy.txt", PETROV)
    found = office.base.intake.take(folder)
    assert [one.arrived[0].what for one in found] == [KNOWN, KNOWN]
    assert (len(office.ids("lead")), len(office.ids("enquiry"))) == (1, 1)
    assert len(list((folder / "done").iterdir())) == 3


def test_a_program_that_was_ended_before_moving_only_moves(office: Office, folder: Path) -> None:
    path = drop(folder, "order.txt", PETROV)
    office.base.intake.take(folder)
    (folder / "done" / "order.txt").rename(path)  # as if the program had been killed here
    (found,) = office.base.intake.take(folder)
    assert (found.arrived[0].what, len(office.ids("lead"))) == (KNOWN, 1)
    assert not path.exists()


def test_a_letter_keeps_its_attachments_whatever_they_are_called(
    office: Office, folder: Path
) -> None:
    drop(folder, "letter.eml", letter().as_bytes())
    (taken,) = office.base.intake.take(folder)
    lead = taken.arrived[0].lead
    row = office.row("lead", lead)
    assert (row["name"], row["email"], row["phone"], row["channel"]) == (
        "Сергей Петров", "s@petrov.example", "+79165551234", "email",
    )  # fmt: skip
    assert row["received"] == datetime(2026, 3, 2, 8, 50, tzinfo=UTC)
    (file,) = Files(office.base).of(Ref("lead", lead))
    assert "/" not in file.name and file.name.endswith("план.pdf")


def test_json_with_several_enquiries_and_other_channels(office: Office, folder: Path) -> None:
    rows = (
        '[{"Name": "Olga", "contact": {"Phone": "8 916 555-12-35"}, "Comment": "A door", "x": 1},'
        ' {"имя": "Олег", "телефон": "89165551235", "канал": "чат"}]'
    )
    drop(folder, "form.json", rows)
    (taken,) = office.base.intake.take(folder)
    assert len({one.lead for one in taken.arrived}) == 1
    channels = [office.row("enquiry", id_)["channel"] for id_ in sorted(office.ids("enquiry"))]
    assert channels == [None, "chat"]
    assert "x: 1" in office.row("lead", taken.arrived[0].lead)["text"]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("broken.json", '{"name": "Olga"', "no valid JSON"),
        ("deep.json", "[" * 100_000, "no valid JSON"),
        ("list.json", "[1, 2]", "holds no enquiry"),
        ("empty.txt", " \n", "is empty"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "is no text"),
        ("huge.txt", b"a" * (1024 * 1024 + 1), "too large"),
        ("odd.eml", "just words", "is no letter"),
        ("silent.json", '{"source": "site"}', "Nothing is said"),
    ],
)
def test_what_cannot_be_read_is_set_aside_with_the_reason(
    office: Office, folder: Path, name: str, content: str | bytes, why: str
) -> None:
    drop(folder, name, content)
    drop(folder, "good.txt", PETROV)
    found = {one.file: one for one in office.base.intake.take(folder)}
    assert why in found[name].reason
    assert why in (folder / "refused" / f"{name}.txt").read_text(encoding="utf-8")
    assert (folder / "refused" / name).exists()
    assert found["good.txt"].what == "taken"
    assert len(office.ids("lead")) == 1


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_are_not_followed(office: Office, folder: Path, tmp_path: Path) -> None:
    secret = drop(tmp_path, "secret.txt", PETROV)
    (folder / "link.txt").symlink_to(secret)
    (found,) = office.base.intake.take(folder)
    assert "link" in found.reason
    assert (office.ids("lead"), secret.exists()) == ([], True)


def test_other_files_and_folders_are_left_alone(office: Office, folder: Path) -> None:
    for name in ("setup.exe", ".hidden.txt", "~lock.txt", "notes"):
        drop(folder, name, PETROV)
    (folder / "sub.txt").mkdir()
    assert office.base.intake.take(folder) == []
    assert len(list(folder.iterdir())) == 5


def test_files_of_other_kinds_are_told_of_once(office: Office, folder: Path) -> None:
    office.add("intake", name="Here", folder=str(folder))
    for name in ("price.pdf", ".hidden", "just_come.docx"):
        drop(folder, name, PETROV)
    os.utime(folder / "price.pdf", (1, 1))
    intake = office.base.intake

    assert intake.waits_here()
    (said,) = intake.look()
    assert said.what == PASSED and said.reason.endswith("are taken in: price.pdf")
    assert intake.look() == [] and not intake.waits_here()
    for number in range(4):
        os.utime(drop(folder, f"{number}.xlsx", PETROV), (2, 2))
    (said,) = intake.look()
    assert said.reason.startswith("4 files stay") and said.reason.endswith("2.xlsx, …")


def test_a_missing_folder_is_said(office: Office, tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="cannot be read"):
        office.base.intake.take(tmp_path / "nowhere")


def test_what_the_base_says_of_a_folder_counts(office: Office, folder: Path) -> None:
    pipeline = office.base.pipelines.all()[0].id
    office.add("intake", name="Site", folder=str(folder), channel="chat", queue=office.queue,
               pipeline=pipeline)  # fmt: skip
    drop(folder, "order.txt", "Olga Ivanova, 8 916 555-12-35, a door")
    (taken,) = office.base.intake.take(folder)
    (one,) = taken.arrived
    assert (one.what, office.row("lead", one.lead)["channel"]) == (NEW, "chat")
    deal = office.row("deal", one.deal or 0)
    assert (deal["client"], deal["responsible"]) == (one.client, office.anna)


def test_the_folders_of_this_computer_are_looked_at(office: Office, folder: Path) -> None:
    office.add("intake", name="Here", folder=str(folder))
    office.add("intake", name="Elsewhere", folder=str(folder), machine="another computer")
    path = drop(folder, "order.txt", PETROV)
    assert office.base.intake.look() == []  # it may still be being written
    os.utime(path, (1, 1))
    (found,) = office.base.intake.look()
    assert found.what == "taken"
    ahead = drop(folder, "skewed.txt", "Olga Orlova, 8 916 555-12-36, a door")
    os.utime(ahead, (4e9, 4e9))  # the clock of whoever wrote it is wrong
    assert [one.what for one in office.base.intake.look()] == ["taken"]
    assert office.base.undo.last_undoable() != office.base.operations.last(1)[0]


def test_a_watched_folder_that_is_away_is_told_and_stops_no_other(
    office: Office, folder: Path, tmp_path: Path
) -> None:
    import socket

    office.add("intake", name="Away", folder=str(tmp_path / "away"), machine=socket.gethostname())
    office.add("intake", name="Here", folder=str(folder))
    os.utime(drop(folder, "order.txt", PETROV), (1, 1))
    assert [one.what for one in office.base.intake.look()] == ["left", "taken"]


def test_two_seats_at_once_make_one_lead(firebird_url: str, folder: Path, tmp_path: Path) -> None:
    office = Office(firebird_url)
    other = open_base(firebird_url, clock=office.clock)
    folders = [folder, tmp_path / "second"]
    folders[1].mkdir()
    begin = threading.Barrier(2)

    def take(base: object, place: Path) -> None:
        begin.wait(30)
        base.intake.take(place)  # type: ignore[attr-defined]

    for number in range(5):
        for place in folders:
            drop(place, "order.txt", f"Name {number}, two windows")
        seats = zip((office.base, other), folders, strict=True)
        threads = [threading.Thread(target=take, args=pair) for pair in seats]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert len(office.ids("lead")) == number + 1
    other.close()
    office.base.close()
