"""Words of a field that a role hides stand apart in the search: on both back ends, from then on and
for what was there before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.customisation.constructor import Constructor
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.rights.hidden_fields import set_apart
from crm_desktop.services.search.renew import renew_documents
from crm_desktop.services.workspace import Workspace, open_base
from tests.bases import ready_base


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url)
    yield made
    made.close()


def made(base: Workspace) -> int:
    """A client with an address and a messenger."""
    (id_,) = base.records.create("client", {"name": "Sunrise", "address": "Lake Road"}).ids
    base.records.create("channel", {
        "value": "t.me/sunny", "kind": "messenger", "owner": Ref("client", id_),
    })  # fmt: skip
    return int(id_)


def body(base: Workspace, id_: int) -> str:
    """The text that is kept of it."""
    doc = base.tables.system("search_doc").c
    with base.backend.read() as connection:
        return str(connection.scalar(sa.select(doc.body).where(doc.id == id_)))


def apart(base: Workspace) -> None:
    """Both fields, as roles that hide them would have it."""
    for entity, key in (("client", "address"), ("channel", "value")):
        set_apart(base, base.catalogue[entity], base.catalogue[entity].field(key))


def test_what_was_there_before_is_written_anew(base: Workspace) -> None:
    id_ = made(base)
    assert body(base, id_) == " sunrise | lake me road sunny t"

    apart(base)

    assert body(base, id_) == " sunrise | \u2801 lake road \u2801 \u2802 me sunny t \u2802"
    assert check_base(base).problems == []


def test_everything_is_still_found_by_who_sees_it(base: Workspace) -> None:
    id_ = made(base)
    apart(base)

    for typed in ("lake", "roa", "sunny", "sunrise lake", "lake road sunny", "t.me/sunny"):
        assert [hit.id for hit in base.search.find(typed, None, 5)] == [id_], typed
    base.records.update("client", id_, {"address": "Hill Lane"})
    assert [hit.id for hit in base.search.find("hill", None, 5)] == [id_]
    assert not base.search.find("lake", None, 5)
    assert check_base(base).problems == []


def test_a_later_program_and_another_window_go_on_so(base: Workspace, base_url: str) -> None:
    other = open_base(base_url) if not base.backend.exclusive else None
    apart(base)
    if other is None:
        base.close()
        other = open_base(base_url)
    else:
        assert other.catalogue_is_old()
        other.reload()

    id_ = made(other)

    assert body(other, id_) == " sunrise | \u2801 lake road \u2801 \u2802 me sunny t \u2802"
    other.close()


def test_a_second_time_costs_a_look_and_writes_nothing(base: Workspace) -> None:
    id_ = made(base)
    apart(base)
    before = body(base, id_)
    fields = base.catalogue.version
    told: list[tuple[int, int]] = []

    done = renew_documents(
        base.backend, base.tables, base.index, [base.catalogue["client"]],
        lambda done, whole: told.append((done, whole)),
    )  # fmt: skip

    assert done == 1 and told == [(1, 1)] and body(base, id_) == before
    set_apart(base, base.catalogue["client"], base.catalogue["client"].field("address"))
    assert base.catalogue.version == fields


def test_a_role_for_the_first_time_and_nothing_else_sets_apart(base: Workspace) -> None:
    made(base)
    assert not any(f.apart for entity in base.catalogue for f in entity.fields)

    Constructor(base.backend, base.reload).set_apart(base.catalogue["person"], "job_title")

    signs = {f.key: f.apart for e in base.catalogue for f in e.fields if f.apart}
    assert signs == {"job_title": "\u2801"}
