"""Saves that met another one, or of which nobody heard whether they were kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from crm_desktop.errors import BaseBusy, Conflict, DatabaseUnavailable
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.live.arrival import created_by
from crm_desktop.services.live.authors import last_authors
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.workspace import Workspace, open_base
from crm_desktop.ui.server_line.unheard import came_through
from tests.bases import ready_base

ENDS_AT_ALL = 60


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    with closing(ready_base(base_url)) as opened:
        yield opened


def breaks(_link: object) -> None:
    raise DatabaseUnavailable("The line broke")


def cut_off(base: Workspace, monkeypatch: pytest.MonkeyPatch, name: str) -> int:
    """A record whose commit the server has made, and the line broke before it could say so."""
    with monkeypatch.context() as patch:
        patch.setattr(base.log, "settle", breaks)
        with pytest.raises(DatabaseUnavailable) as error:
            base.records.create("client", {"name": name})
    assert error.value.operation is not None
    return error.value.operation


def test_the_chain_goes_on_after_a_commit_that_nobody_heard_of(
    base: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    base.records.create("client", {"name": "Before"})
    cut_off(base, monkeypatch, "Unsure")

    base.records.create("client", {"name": "After"})

    assert base.titles.find("client", "After")
    assert not check_base(base).problems


def test_the_change_log_knows_what_was_kept(
    base: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    operation = cut_off(base, monkeypatch, "Unsure")

    ref = created_by(base, operation, "client")

    assert ref == Ref("client", base.titles.find("client", "Unsure")[0])
    assert created_by(base, operation + 100_000, "client") is None


def test_a_new_record_is_found_again_after_its_completion_broke_too(
    base: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of an operation that has completed it the log says nothing: the form would make another."""
    unsure = (cut_off(base, monkeypatch, "Unsure"), {"name": "Unsure"})
    typed = {"name": "Unsure", "city": "Omsk"}
    with monkeypatch.context() as patch:
        patch.setattr(base.log, "settle", breaks)
        with pytest.raises(DatabaseUnavailable) as error:
            came_through(base, "client", unsure, typed)
    assert error.value.operation is None

    found = came_through(base, "client", unsure, typed)

    assert found is not None and found[1].id == base.titles.find("client", "Unsure")[0]


def test_two_who_meet_in_the_middle_of_a_save_are_both_kept(firebird_url: str) -> None:
    with closing(ready_base(firebird_url)) as mine, closing(open_base(firebird_url)) as theirs:
        id_ = mine.records.create("client", {"name": "Vector"}).ids[0]
        table = mine.tables.main["client"]
        saving = threading.Thread(target=mine.records.update, args=("client", id_, {"note": "My"}))
        with theirs.backend.write() as connection:
            connection.execute(table.update().where(table.c.id == id_).values(city="Theirs"))
            saving.start()
            wait_for_two_writers(theirs)
        saving.join(ENDS_AT_ALL)

        found = mine.reader.get("client", id_)
        assert found is not None and not saving.is_alive()
        assert (found.values["note"], found.values["city"]) == ("My", "Theirs")


def wait_for_two_writers(base: Workspace) -> None:
    """Until the second one has begun; it waits for the first then."""
    asked = (
        "SELECT count(*) FROM mon$transactions WHERE mon$state = 1 AND mon$read_only = 0"
        " AND mon$isolation_mode = 2"
    )
    for _look in range(500):
        with base.backend.read() as connection:
            if int(connection.exec_driver_sql(asked).scalar_one()) >= 2:
                return


def test_who_waited_in_vain_is_told_in_words(
    firebird_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm_desktop.services.writing.records.TRIES", 1)
    with closing(ready_base(firebird_url)) as mine, closing(open_base(firebird_url)) as theirs:
        id_ = mine.records.create("client", {"name": "Vector"}).ids[0]
        table = mine.tables.main["client"]
        with theirs.backend.write() as connection:
            connection.execute(table.update().where(table.c.id == id_).values(city="Theirs"))
            with pytest.raises((BaseBusy, Conflict), match=r"moment"):
                mine.records.update("client", id_, {"note": "My"})


def test_who_changed_a_field_last_and_when(base: Workspace) -> None:
    ann = base.records.create("staff", {"name": "Ann Lee"}).ids[0]
    ref = Ref("client", base.records.create("client", {"name": "Vector", "city": "Omsk"}).ids[0])
    base.work_as(ann)
    base.records.update(*ref, {"city": "Perm"})
    base.work_as(None)
    base.records.update(*ref, {"note": "Later"})

    found = last_authors(base, ref, ["city"])

    assert list(found) == ["city"] and found["city"].name == "Ann Lee"
