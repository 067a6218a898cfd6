"""Private copies of files: only for who may be opened, taken back, found again after a restart."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from crm_desktop.errors import NotFound
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.files import desk
from crm_desktop.services.files.copies import PrivateCopies, PrivateCopy
from crm_desktop.services.files.files import Files
from crm_desktop.services.files.rows import FileRow
from crm_desktop.services.files.sources import FileSource
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


def kept(base: Workspace, name: str, content: bytes) -> FileRow:
    client = Ref("client", base.records.create("client", {"name": "Vector"}).ids[0])
    files = Files(base)
    return files.get(files.add(client, [FileSource(name, content=content)]).refs[0].id)


def opened(base: Workspace, home: Path, file: FileRow) -> PrivateCopy:
    copy, how = desk.copy_to_open(base, home, file)
    assert copy is not None, how.reason
    return copy


def test_a_copy_is_private_and_complete(base: Workspace, tmp_path: Path) -> None:
    copy = opened(base, tmp_path, kept(base, "letter.txt", b"first"))

    assert copy.path.read_bytes() == b"first"
    if os.name == "posix":
        assert copy.folder.stat().st_mode & 0o077 == 0


def test_a_file_without_an_ending_gets_the_one_of_what_it_is(
    base: Workspace, tmp_path: Path
) -> None:
    file = kept(base, "scan", b"%PDF-1.4")
    base.records.update(*file.ref, {"name": "scan"})

    copy = opened(base, tmp_path, Files(base).get(file.ref.id))

    assert copy.path.name == "scan.pdf"
    assert desk.copies_of(base, tmp_path).of(file.ref.id) == [copy]


def test_a_renamed_program_is_not_opened(base: Workspace, tmp_path: Path) -> None:
    file = kept(base, "letter.txt", b"words")
    base.records.update(*file.ref, {"name": "letter.exe"})

    copy, how = desk.copy_to_open(base, tmp_path, Files(base).get(file.ref.id))

    assert (copy, how.allowed) == (None, False)
    assert desk.copies_of(base, tmp_path).all() == []


def test_a_changed_copy_becomes_a_version_once(base: Workspace, tmp_path: Path) -> None:
    file = kept(base, "letter.txt", b"first")
    copy = opened(base, tmp_path, file)
    copy.path.write_bytes(b"second words")

    copy, taken = desk.take_back(base, tmp_path, copy)
    again = desk.take_back(base, tmp_path, copy)[1]

    assert taken is not None and taken.operation is not None
    assert again is None
    assert Files(base).get(file.ref.id).size == 12


def test_undo_takes_a_version_back(base: Workspace, tmp_path: Path) -> None:
    file = kept(base, "letter.txt", b"first")
    copy = opened(base, tmp_path, file)
    copy.path.write_bytes(b"second")
    _copy, taken = desk.take_back(base, tmp_path, copy)

    base.undo.undo(taken.operation)  # type: ignore[union-attr, arg-type]

    assert Files(base).get(file.ref.id).digest == file.digest


def test_after_a_conflict_the_copy_belongs_to_the_new_file(base: Workspace, tmp_path: Path) -> None:
    file, files = kept(base, "letter.txt", b"first"), Files(base)
    copy = opened(base, tmp_path, file)
    files.take_back(file.ref.id, FileSource("letter.txt", content=b"theirs"), file.digest)
    copy.path.write_bytes(b"mine")
    copy, taken = desk.take_back(base, tmp_path, copy)
    copy.path.write_bytes(b"mine again")

    copy, later = desk.take_back(base, tmp_path, copy)

    assert taken is not None and taken.beside
    assert later is not None and not later.beside
    assert files.contents.read(files.get(taken.ref.id).digest, 99) == b"mine again"
    assert files.contents.read(files.get(file.ref.id).digest, 99) == b"theirs"


def test_a_deleted_file_is_said_and_the_copy_stays(base: Workspace, tmp_path: Path) -> None:
    file = kept(base, "letter.txt", b"first")
    copy = opened(base, tmp_path, file)
    copy.path.write_bytes(b"second")
    base.records.delete("attachment", [file.ref.id])

    with pytest.raises(NotFound):
        desk.take_back(base, tmp_path, copy)

    assert copy.path.read_bytes() == b"second"


def test_at_the_next_start_only_what_matters_is_left(base: Workspace, tmp_path: Path) -> None:
    copies = [opened(base, tmp_path, kept(base, f"{n}.txt", n.encode())) for n in "abc"]
    copies[0].path.write_bytes(b"changed meanwhile")
    (copies[1].folder / ".~lock.b.txt#").write_text("somebody has it open")

    changed, still_open = desk.left_copies(base, tmp_path)

    assert [c.name for c in changed] == ["a.txt"]
    assert [c.name for c in still_open] == ["b.txt"]
    assert not copies[2].folder.exists()


@pytest.mark.parametrize(
    "ledger",
    ["", "[]", "{}", '{"name": "../../x", "file": 1, "digest": "", "changed_ns": 0, "size": 0}',
     '{"name": "x", "file": "?", "digest": 1}'],
)  # fmt: skip
def test_what_lies_in_the_folder_is_not_believed(tmp_path: Path, ledger: str) -> None:
    copies = PrivateCopies(tmp_path, "base")
    folder = copies.folder / "1-aa"
    folder.mkdir(parents=True)
    (folder / "copy.json").write_text(ledger)
    (tmp_path / "x").write_text("not ours")

    assert copies.all() == []


def test_a_copy_that_somebody_works_in_is_given_again(base: Workspace, tmp_path: Path) -> None:
    file = kept(base, "letter.txt", b"first")
    copy = opened(base, tmp_path, file)
    copy.path.write_bytes(b"half a thought")

    assert opened(base, tmp_path, file).path == copy.path


def test_a_copy_of_a_former_version_gives_way(base: Workspace, tmp_path: Path) -> None:
    file, files = kept(base, "letter.txt", b"first"), Files(base)
    old = opened(base, tmp_path, file)
    files.take_back(file.ref.id, FileSource("letter.txt", content=b"second"), file.digest)

    copy = opened(base, tmp_path, files.get(file.ref.id))

    assert copy.path.read_bytes() == b"second"
    assert not old.folder.exists()


def test_a_copy_that_became_a_program_is_not_opened(base: Workspace, tmp_path: Path) -> None:
    file = kept(base, "letter.txt", b"first")
    opened(base, tmp_path, file).path.write_bytes(b"\x7fELF\x00\x00")

    copy, how = desk.copy_to_open(base, tmp_path, file)

    assert (copy, how.allowed) == (None, False)


def test_a_base_that_another_program_wrote_names_no_place_of_this_computer(
    base: Workspace, tmp_path: Path
) -> None:
    file, home = kept(base, "letter.txt", b"first"), tmp_path / "home"
    table = base.tables.main["attachment"]
    with base.backend.write() as connection:
        connection.execute(sa.update(table).values(name="../../../../evil.txt"))
    (tmp_path / "out-1").mkdir()
    for guid in ("../..", str(tmp_path), ""):
        base.set_info("guid", guid)
        copy = opened(base, home, Files(base).get(file.ref.id))
        desk.left_copies(base, home)

        assert copy.path.is_relative_to(home / "open-files") and ".." not in copy.path.parts
        assert not (tmp_path / "evil.txt").exists() and (tmp_path / "out-1").exists()
