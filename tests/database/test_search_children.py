"""A save asks once which children a record is found through, and reads no others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base

CHILDREN = ("legal_details", "postal_address", "wish")


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url)
    yield made
    made.close()


def client(base: Workspace) -> int:
    return int(base.records.create("client", {"name": "Sunrise", "phone": "+79165551234"}).ids[0])


def reads(base: Workspace, id_: int, phone: str) -> list[str]:
    """The tables of children that saving another telephone reads rows of."""
    said: list[str] = []

    def note(_c: object, _cursor: object, text: str, *_rest: object) -> None:
        said.extend(name for name in CHILDREN if f"SELECT {name}.id" in text.replace('"', ""))

    sa.event.listen(sa.engine.Engine, "before_cursor_execute", note)
    try:
        base.records.update("client", id_, {"phone": phone})
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", note)
    return said


def test_children_that_are_not_there_are_not_read(base: Workspace) -> None:
    id_ = client(base)
    assert reads(base, id_, "+79165550001") == []
    base.records.create("wish", {"text": "Call late", "owner": Ref("client", id_)})
    assert reads(base, id_, "+79165550002") == ["wish"]


def test_who_is_found_through_children_still_is_after_another_save(base: Workspace) -> None:
    id_ = client(base)
    base.records.create(
        "legal_details", {"owner": Ref("client", id_), "short_name": "Sunrise", "inn": "7707083893"}
    )
    base.records.create("postal_address", {"owner": Ref("client", id_), "line": "Lenina 5-12"})
    base.records.update("client", id_, {"phone": "+79165550003"})
    for text in ("Sunrise", "Lenina", "7707083893", "5550003"):
        assert [hit.id for hit in base.search.find(text)] == [id_], text
    assert not base.search.find("5551234")
