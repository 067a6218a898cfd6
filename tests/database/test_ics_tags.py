"""Categories of calendar files are tags where the office has given activities a field of tags."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_desktop.services.ics.bringing import Brought
from crm_desktop.services.ics.exporting import calendar_bytes
from crm_desktop.services.workspace import Workspace
from tests.database.calendar_bytes import bring_bytes
from tests.ics_files import office

EVENT = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:tagged
DTSTART:20260706T090000Z
SUMMARY:Ring
CATEGORIES:Call,Summer\\, 2026
CATEGORIES:Garden
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def tagged(base_url: str) -> Iterator[Workspace]:
    base = office(base_url)
    field = {"key": "words", "type": "tags", "label": "Words"}
    base.constructor.add_field(base.catalogue["activity"], field)
    yield base
    base.close()


def bring(base: Workspace, data: bytes) -> Brought:
    return bring_bytes(base, data, "tags.ics")


def lines(base: Workspace) -> list[tuple[str, str]]:
    """Kind and tags of every activity."""
    ids = base.titles.find("activity", "Ring")
    rows = base.reader.many("activity", ids, ("kind", "x_words"))
    return [(row["kind"], row["x_words"]) for row in rows.values()]


def test_categories_come_in_as_tags_and_go_out_again(tagged: Workspace) -> None:
    brought = bring(tagged, EVENT.encode())
    assert not brought.left and lines(tagged) == [("call", "2026, Garden, Summer")]

    data = calendar_bytes(tagged, tagged.titles.find("activity", "Ring"))[0]

    said = [line for line in data.decode().splitlines() if line.startswith("CATEGORIES")]
    assert said == ["CATEGORIES:Call", "CATEGORIES:2026", "CATEGORIES:Garden", "CATEGORIES:Summer"]


def test_the_same_file_again_changes_nothing(tagged: Workspace) -> None:
    bring(tagged, EVENT.encode())
    assert bring(tagged, EVENT.encode()).count("unchanged") == 1
    own = calendar_bytes(tagged, tagged.titles.find("activity", "Ring"))[0]

    assert bring(tagged, own).count("unchanged") == 1
    assert len(lines(tagged)) == 1


def test_a_tag_called_like_a_kind_comes_back_as_a_tag(tagged: Workspace) -> None:
    values = {"subject": "Ring", "kind": "call", "x_words": "Meeting, Spring"}
    (id_,) = tagged.records.create("activity", values).ids
    own = calendar_bytes(tagged, [id_])[0]
    tagged.records.delete("activity", [id_])

    bring(tagged, own)

    assert lines(tagged) == [("call", "Meeting, Spring")]
