"""Files kept in a base: once each, undone, moved, checked, cleaned, versions and conflicts."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa

from crm_desktop.errors import Cancelled, FileProblem, InvalidInput, NotFound
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.files import cleaning
from crm_desktop.services.files.contents import PART
from crm_desktop.services.files.files import Files
from crm_desktop.services.files.sources import FileSource
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.maintenance.moving import move_base
from crm_desktop.services.workspace import Workspace, open_base
from tests.bases import ready_base
from tests.catalogue.samples import TENDER

LARGE = os.urandom(PART * 2 + 12_345)
SMALL = bytes(range(256)) * 3


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


@pytest.fixture
def files(base: Workspace) -> Files:
    return Files(base)


@pytest.fixture
def client(base: Workspace) -> Ref:
    return Ref("client", base.records.create("client", {"name": "Vector"}).ids[0])


def add(files: Files, owner: Ref, name: str, content: bytes) -> int:
    return files.add(owner, [FileSource(name, content=content)]).refs[0].id


def stored(base: Workspace) -> int:
    table = base.tables.system("file_content")
    with base.backend.read() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


@pytest.mark.parametrize("content", [b"", b"x", SMALL, LARGE, LARGE[:PART]])
def test_every_byte_comes_back(files: Files, client: Ref, tmp_path: Path, content: bytes) -> None:
    id_ = add(files, client, "any.dat", content)

    files.save(id_, tmp_path / "out.dat")

    assert (tmp_path / "out.dat").read_bytes() == content
    row = files.get(id_)
    assert (row.size, row.digest) == (len(content), hashlib.sha256(content).hexdigest())


def test_a_file_of_the_computer_is_listed_with_what_it_is(
    base: Workspace, files: Files, client: Ref, tmp_path: Path
) -> None:
    person = base.records.create("staff", {"name": "Anna"}).ids[0]
    base.work_as(person)
    path = tmp_path / "Offer.pdf"
    path.write_bytes(b"%PDF-1.4 offer")

    files.add(client, [FileSource.of_path(path)])

    row = files.of(client)[0]
    assert (row.name, row.kind, row.media) == ("Offer.pdf", "pdf", "application/pdf")
    assert (row.owner, row.added_by) == (client, "Anna")
    assert base.links.tabs(base.catalogue["client"], client.id)


def test_the_same_content_is_kept_once(base: Workspace, files: Files, client: Ref) -> None:
    other = Ref("person", base.records.create("person", {"name": "Ivan"}).ids[0])

    add(files, client, "a.dat", LARGE)
    add(files, other, "b.dat", LARGE)

    assert stored(base) == 1
    assert files.total() == (2, 2 * len(LARGE))
    assert files.total(client) == (1, len(LARGE))


def test_the_same_file_twice_is_told_and_not_added(files: Files, client: Ref) -> None:
    add(files, client, "a.dat", SMALL)

    again = files.add(client, [FileSource("a.dat", content=SMALL)])

    assert (again.operation, again.known) == (None, ("a.dat",))


def test_another_content_of_that_name_gets_a_number(files: Files, client: Ref) -> None:
    add(files, client, "a.dat", SMALL)
    add(files, client, "a.dat", LARGE)

    assert [row.name for row in files.of(client)] == ["a (2).dat", "a.dat"]


def test_adding_renaming_deleting_are_undone(base: Workspace, files: Files, client: Ref) -> None:
    id_ = add(files, client, "a.dat", SMALL)
    renamed = files.rename(files.get(id_), "b")
    deleted = base.records.delete("attachment", [id_])
    assert files.of(client) == []

    base.undo.undo(deleted.operation)
    assert files.get(id_).name == "b.dat"
    base.undo.undo(renamed.operation)

    assert files.get(id_).name == "a.dat"
    assert files.contents.read(files.get(id_).digest, 9999) == SMALL


def test_files_go_and_come_back_with_their_record(
    base: Workspace, files: Files, client: Ref
) -> None:
    id_ = add(files, client, "a.dat", SMALL)
    gone = base.records.delete("client", [client.id])
    with pytest.raises(NotFound):
        files.get(id_)

    base.undo.undo(gone.operation)

    assert files.of(client)[0].ref.id == id_


def test_a_hostile_name_is_made_safe_by_every_way_in(
    base: Workspace, files: Files, client: Ref
) -> None:
    id_ = add(files, client, "a.txt", b"x")

    base.records.update("attachment", id_, {"name": "..\\..\\evil\u202etxt.exe"})

    assert files.get(id_).name == "_.._eviltxt.exe"


def test_a_file_over_the_limit_is_refused_and_nothing_changes(
    base: Workspace, files: Files, client: Ref
) -> None:
    files.set_limit(1000)
    sources = [FileSource("ok.txt", content=b"x"), FileSource("big.txt", content=b"x" * 1001)]

    with pytest.raises(InvalidInput, match="big.txt is too large: 1 KB"):
        files.add(client, sources)

    assert (files.of(client), stored(base)) == ([], 0)


def test_a_stopped_addition_leaves_nothing(base: Workspace, files: Files, client: Ref) -> None:
    def stop(done: int, _whole: int) -> None:
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        files.add(client, [FileSource("a.dat", content=LARGE)], stop)

    assert (files.of(client), stored(base)) == ([], 0)
    assert cleaning.unused(base).half == ()


def test_folders_and_missing_files_are_refused_by_name(
    files: Files, client: Ref, tmp_path: Path
) -> None:
    for path, words in ((tmp_path, "is a folder"), (tmp_path / "no.txt", "no file no.txt")):
        with pytest.raises(FileProblem, match=words):
            files.add(client, [FileSource.of_path(path)])


def test_each_save_is_a_version_that_can_be_brought_back(
    base: Workspace, files: Files, client: Ref
) -> None:
    id_ = add(files, client, "a.txt", b"one")
    first = files.get(id_).digest

    taken = files.take_back(id_, FileSource("a.txt", content=b"two"), first)

    assert files.contents.read(files.get(id_).digest, 9) == b"two"
    assert [(v.size, v.current, v.there) for v in files.versions(id_)] == [
        (3, True, True), (3, False, True)
    ]  # fmt: skip
    files.restore_version(id_, first)
    assert files.get(id_).digest == first
    base.undo.undo(base.undo.last_undoable().id)  # type: ignore[union-attr]
    assert taken.operation is not None
    assert files.contents.read(files.get(id_).digest, 9) == b"two"


def test_a_newer_version_of_somebody_else_is_not_overwritten(files: Files, client: Ref) -> None:
    id_ = add(files, client, "a.txt", b"one")
    seen = files.get(id_).digest
    files.take_back(id_, FileSource("a.txt", content=b"theirs"), seen)

    mine = files.take_back(id_, FileSource("a.txt", content=b"mine"), seen)

    assert mine.beside
    names = [row.name for row in files.of(client)]
    assert names == ["a (changed at the same time).txt", "a.txt"]
    assert files.contents.read(files.get(id_).digest, 9) == b"theirs"


def test_an_unchanged_copy_makes_no_version(files: Files, client: Ref) -> None:
    id_ = add(files, client, "a.txt", b"one")

    taken = files.take_back(id_, FileSource("a.txt", content=b"one"), files.get(id_).digest)

    assert taken.operation is None


def test_check_is_content_with_a_sound_base(base: Workspace, files: Files, client: Ref) -> None:
    add(files, client, "a.dat", LARGE)

    assert check_base(base).problems == []


def test_check_sees_a_changed_byte(base: Workspace, files: Files, client: Ref) -> None:
    add(files, client, "a.dat", SMALL)
    parts = base.tables.system("file_part")
    with base.backend.write() as connection:
        row = connection.execute(sa.select(parts)).one()
        base.backend.delete_keys(connection, parts, ("content",), [(row.content,)])
        columns = ("content", "place", "body")
        spoiled = b"\xff" + bytes(row.body)[1:]
        base.backend.insert_many(connection, parts, columns, [(row.content, 0, spoiled)])

    assert any("a.dat" in problem and "damaged" in problem for problem in check_base(base).problems)


def test_check_sees_a_lost_content(base: Workspace, files: Files, client: Ref) -> None:
    add(files, client, "a.dat", SMALL)
    table = base.tables.system("file_content")
    with base.backend.write() as connection:
        number = connection.execute(sa.select(table.c.id)).scalar_one()
    files.contents.drop([number])

    assert any("a.dat" in p and "missing" in p for p in check_base(base).problems)


def test_a_clean_up_keeps_what_undo_needs_until_it_is_told(
    base: Workspace, files: Files, client: Ref
) -> None:
    id_ = add(files, client, "a.dat", SMALL)
    gone = base.records.delete("attachment", [id_])

    assert cleaning.clean(base).contents == 0
    assert cleaning.clean(base, former=True) == cleaning.CleanReport(1, len(SMALL))

    base.undo.undo(gone.operation)
    with pytest.raises(NotFound, match="clean-up"):
        files.contents.read(files.get(id_).digest, 1)


def test_contents_that_no_record_ever_had_are_named_and_removed(sqlite_url: str) -> None:
    clock = MovedClock(datetime(2026, 11, 21, 12, tzinfo=UTC))
    base = ready_base(sqlite_url, language="en", clock=clock)
    files = Files(base)
    with FileSource("a", content=SMALL).opened() as file:
        files.contents.store(file, (hashlib.sha256(SMALL).hexdigest(), len(SMALL)))
    assert cleaning.unused(base).orphans == {}  # somebody may be adding it just now
    clock.move(hours=2)

    assert any("file clean" in problem for problem in check_base(base).problems)
    assert cleaning.clean(base).contents == 1
    assert check_base(base).problems == []
    base.close()


def test_contents_move_to_the_server_and_back(
    sqlite_url: str, firebird_url: str, tmp_path: Path
) -> None:
    base = ready_base(sqlite_url, language="en")
    client = Ref("client", base.records.create("client", {"name": "Vector"}).ids[0])
    id_ = add(Files(base), client, "a.dat", LARGE)
    base.close()

    move_base(sqlite_url, firebird_url)
    report = move_base(firebird_url, tmp_path / "back.crm")

    assert report.rows["file_part"] == 3
    back = open_base(tmp_path / "back.crm")
    digest = Files(back).get(id_).digest
    assert Files(back).contents.read(digest, len(LARGE)) == LARGE
    assert check_base(back).problems == []
    add(Files(back), client, "b.dat", SMALL)
    back.close()


def test_a_user_made_object_keeps_files_too(base: Workspace) -> None:
    base.constructor.add_object(TENDER)
    files = Files(base)
    tender = Ref("x_tender", base.records.create("x_tender", {"name": "Roof"}).ids[0])

    add(files, tender, "plan.pdf", b"%PDF-1.4")

    assert [row.name for row in files.of(tender)] == ["plan.pdf"]
    counts = {tab.link.entity.key: tab.count for tab in base.links.tabs(
        base.catalogue["x_tender"], tender.id
    )}  # fmt: skip
    assert counts["attachment"] == 1


def test_an_object_without_files_refuses_them(base: Workspace, files: Files) -> None:
    staff = Ref("staff", base.records.create("staff", {"name": "Anna"}).ids[0])

    with pytest.raises(NotFound, match="no files can be kept here"):
        files.add(staff, [FileSource("a.txt", content=b"x")])


def test_two_who_store_the_same_at_once_keep_it_once(base: Workspace, files: Files) -> None:
    known = hashlib.sha256(LARGE).hexdigest(), len(LARGE)
    other: list[bool] = []

    def meanwhile(_done: int, _whole: int) -> None:
        if not other:
            other.append(Files(base).contents.store(BytesIO(LARGE), known).fresh)

    first = files.contents.store(BytesIO(LARGE), known, meanwhile)

    assert (other, first.fresh) == ([True], False)
    assert stored(base) == 1
    assert cleaning.unused(base).half == ()
    assert files.contents.read(known[0], len(LARGE)) == LARGE


def test_a_clean_up_in_between_spoils_nothing(base: Workspace, files: Files, client: Ref) -> None:
    def clean(done: int, whole: int) -> None:
        if done == whole:
            cleaning.clean(base)

    with pytest.raises(FileProblem, match="Add it again"):
        files.add(client, [FileSource("a.dat", content=LARGE)], clean)

    assert (files.of(client), stored(base)) == ([], 0)


def test_what_a_crash_left_is_named_and_removed(base: Workspace) -> None:
    parts = base.tables.system("file_part")
    with base.backend.write() as connection:
        number = base.backend.ids(connection, 1)[0]
        columns = ("content", "place", "body")
        base.backend.insert_many(connection, parts, columns, [(number, 0, SMALL)])

    assert any("file clean" in problem for problem in check_base(base).problems)
    assert cleaning.clean(base).contents == 1
    assert check_base(base).problems == []
