"""Files, fields of the office and further links go through a calendar file and come back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.activities.concerns import concerned, link
from crm_desktop.services.files.files import Files
from crm_desktop.services.files.sources import FileSource
from crm_desktop.services.ics import attached
from crm_desktop.services.ics.exporting import calendar_bytes
from crm_desktop.services.ics.found import Left
from crm_desktop.services.workspace import Workspace
from tests.database.calendar_bytes import bring_bytes
from tests.ics_files import calendar, office

SOON = datetime(2026, 12, 1, 7, tzinfo=UTC)
FIELDS: tuple[dict[str, Any], ...] = (
    {"key": "fee", "type": "money", "label": "Fee: net"},
    {"key": "note", "type": "text", "label": "Note"},
    {"key": "day", "type": "date", "label": "Day"},
    {"key": "sure", "type": "bool", "label": "Sure"},
)
OWN = {"x_note": 'Says: "yes"; a, b\\n', "x_day": datetime(2026, 12, 5, tzinfo=UTC).date()}


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = office(base_url)
    for field in FIELDS:
        made.constructor.add_field(made.catalogue["activity"], field)
    yield made
    made.close()


def meeting(workspace: Workspace, **values: Any) -> int:
    given = {"subject": "Talk", "kind": "meeting", "starts": SOON, **values}
    return workspace.records.create("activity", given).ids[0]


def files(workspace: Workspace, id_: int) -> list[tuple[str, bytes, str]]:
    keeping = Files(workspace)
    return sorted(
        (row.name, keeping.contents.read(row.digest, row.size), row.media)
        for row in keeping.of(Ref("activity", id_))
    )


def only(workspace: Workspace) -> tuple[int, dict[str, Any]]:
    ids = workspace.titles.find("activity", "Talk")
    ((id_, row),) = workspace.reader.many("activity", ids, None).items()
    return id_, row


def test_files_come_back_byte_for_byte(workspace: Workspace) -> None:
    id_ = meeting(workspace)
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400
    sources = [
        FileSource("Смета, 2.txt", content="Итого: 5".encode()),
        FileSource("photo.png", content=picture),
    ]
    Files(workspace).add(Ref("activity", id_), sources)
    before = files(workspace, id_)
    data, _count = calendar_bytes(workspace, [id_])
    workspace.records.delete("activity", [id_])

    brought = bring_bytes(workspace, data, "x.ics")

    assert brought.left == [] and len(before) == 2
    assert files(workspace, only(workspace)[0]) == before
    assert bring_bytes(workspace, data, "x.ics").count("unchanged") == 1


def test_one_undo_takes_the_files_back_and_a_trial_brings_none(workspace: Workspace) -> None:
    id_ = meeting(workspace)
    Files(workspace).add(Ref("activity", id_), [FileSource("a.txt", content=b"a")])
    data, _count = calendar_bytes(workspace, [id_])
    workspace.records.delete("activity", [id_])

    assert bring_bytes(workspace, data, "x.ics", test=True).count("created") == 1
    assert Files(workspace).total() == (0, 0)
    operation = bring_bytes(workspace, data, "x.ics").operation
    assert operation is not None and Files(workspace).total() == (1, 1)
    workspace.undo.undo(operation)

    assert Files(workspace).total() == (0, 0)


def test_a_file_without_room_is_named_on_both_ways(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attached, "MOST_OF_ALL", 10)
    id_ = meeting(workspace)
    Files(workspace).add(Ref("activity", id_), [FileSource("film.txt", content=b"f" * 11)])
    left: list[Left] = []
    data, _count = calendar_bytes(workspace, [id_], left=left)
    workspace.records.delete("activity", [id_])

    brought = bring_bytes(workspace, data, "x.ics")

    assert [(one.number, one.name) for one in left] == [(1, "Talk")]
    assert "film.txt" in left[0].reason and "film.txt" in brought.left[0].reason


def test_fields_of_the_office_come_back(workspace: Workspace) -> None:
    id_ = meeting(workspace, **OWN, x_sure=True)
    before = workspace.reader.many("activity", [id_], None)[id_]
    data, _count = calendar_bytes(workspace, [id_])
    workspace.records.delete("activity", [id_])

    brought = bring_bytes(workspace, data, "x.ics")

    after = only(workspace)[1]
    keys = [f"x_{field['key']}" for field in FIELDS]
    assert brought.left == [] and [after[k] for k in keys] == [before[k] for k in keys]


def test_a_field_that_another_base_lacks_is_named(workspace: Workspace, base_url: str) -> None:
    data = calendar_bytes(workspace, [meeting(workspace, **OWN)])[0]
    text = data.decode().replace("X-CRM-X-NOTE", "X-CRM-X-GONE").replace("2026-12-05", "soon")
    workspace.records.delete("activity", [only(workspace)[0]])

    brought = bring_bytes(workspace, text.encode(), "x.ics")

    said = " ".join(one.reason for one in brought.left)
    assert "“gone”" in said and "soon" in said and brought.count("created") == 1


def test_further_records_come_back_and_are_known_by_name_elsewhere(workspace: Workspace) -> None:
    id_ = meeting(workspace)
    (client,) = workspace.records.create("client", {"name": "Aster"}).ids
    (person,) = workspace.records.create("person", {"name": "Ann"}).ids
    for ref in (Ref("client", client), Ref("person", person)):
        link(workspace, id_, ref)
    data, _count = calendar_bytes(workspace, [id_])
    workspace.records.delete("activity", [id_])
    guid = workspace.info("guid")

    bring_bytes(workspace, data, "x.ics")
    mine = list(concerned(workspace, [only(workspace)[0]]).popitem()[1].values())
    assert mine == [Ref("client", client), Ref("person", person)]

    elsewhere = data.decode().replace(guid, "f" * len(guid)).replace("=Ann", "=Nobody")
    brought = bring_bytes(workspace, elsewhere.replace(f"{id_}@", "9@").encode(), "x.ics")
    new = [row.id for row in brought.rows if row.act == "created"]
    found = concerned(workspace, [one for one in new if one])
    assert [list(of.values()) for of in found.values()] == [[Ref("client", client)]]
    assert any("Nobody" in one.reason for one in brought.left)


def test_the_step_of_a_set_keeps_its_anchor(workspace: Workspace) -> None:
    day = (SOON + timedelta(days=3)).date()
    id_ = meeting(workspace)
    workspace.records.update("activity", id_, {"anchor": day})
    data, _count = calendar_bytes(workspace, [id_])
    workspace.records.delete("activity", [id_])
    bring_bytes(workspace, data, "x.ics")
    assert only(workspace)[1]["anchor"] == day


HOSTILE = {
    "no base64": "ATTACH;ENCODING=BASE64;VALUE=BINARY;FILENAME=a.txt:%%%",
    "cut": "ATTACH;ENCODING=BASE64;VALUE=BINARY;FILENAME=a.txt:QUJ",
    "content id": "ATTACH:CID:part1@example.com",
    "odd": 'ATTACH;FILENAME="a:b;VALUE=BINARY:QUJD',
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_broken_file_costs_only_itself_and_is_named(workspace: Workspace, name: str) -> None:
    brought = bring_bytes(workspace, calendar("UID:a", "DTSTART:20261201T070000Z", "SUMMARY:Talk",
                                              HOSTILE[name]), "x.ics")  # fmt: skip
    assert brought.count("created") == 1 and files(workspace, only(workspace)[0]) == []
    assert len(brought.left) == 1


def test_a_name_of_a_file_cannot_lead_out_of_its_folder(workspace: Workspace) -> None:
    line = "ATTACH;ENCODING=BASE64;VALUE=BINARY;X-FILENAME=../../etc/passwd:QUJD"
    bring_bytes(workspace, calendar("UID:a", "DTSTART:20261201T070000Z", "SUMMARY:Talk", line),
                "x.ics")  # fmt: skip
    ((name, content, _media),) = files(workspace, only(workspace)[0])
    assert "/" not in name and not name.startswith(".") and content == b"ABC"
