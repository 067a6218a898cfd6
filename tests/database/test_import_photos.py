"""Photos of people out of a directory: checked, made small, kept where they changed; both back
ends."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from crm_desktop.services.files import portrait_maker, portraits
from crm_desktop.services.files.cleaning import problems
from crm_desktop.services.files.portrait_maker import PortraitMaker
from crm_desktop.services.importing.importer import Importer
from crm_desktop.services.importing.mapping import Mapping
from crm_desktop.services.importing.readers.opening import open_source
from crm_desktop.services.rights import words
from crm_desktop.services.rights.roles import Roles
from crm_desktop.services.workspace import Workspace
from crm_desktop.ui.portraits.avatars import SIDE, portrait
from tests.bases import ready_base
from tests.firebird_server import FirebirdServer
from tests.import_desk import bring_in, one, order_of, records, write_csv
from tests.pictures import BLUE, RED, is_like, picture
from tests.server_office import server_office

PHOTO, OTHER = picture("JPEG", ink=RED), picture("JPEG", ink=BLUE)


def written(folder: Path, *people: tuple[str, str], name: str = "people.ldif") -> Path:
    """A file of people; each has further lines of its own."""
    path = folder / name
    entries = [
        f"dn: uid={who},dc=office\nobjectClass: inetOrgPerson\ncn: {who}\n{lines}\n"
        for who, lines in people
    ]
    path.write_text("version: 1\n\n" + "\n".join(entries), encoding="utf-8")
    return path


def inside(content: bytes, key: str = "jpegPhoto") -> str:
    """A photo in lines of 76 letters, as directories write it."""
    text = f"{key}:: {base64.b64encode(content).decode()}"
    return "\n ".join(text[at : at + 76] for at in range(0, len(text), 76))


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


def ink(workspace: Workspace, name: str) -> QImage:
    """The photo of a colleague as it is kept."""
    digest = portraits.pictures(workspace, "staff")[one(workspace, "staff", name=name)["id"]]
    content = portraits.read_many(workspace, [digest])[digest]
    assert content == portraits.read(workspace, digest)
    return QImage.fromData(content, "JPEG")


def test_photos_come_in_small_and_broken_ones_are_told_row_by_row(
    workspace: Workspace, tmp_path: Path
) -> None:
    bomb = bytearray(picture("PNG", 10, 10))
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(PHOTO)
    path = written(
        tmp_path,
        ("Anna", inside(PHOTO)),
        ("Boris", inside(picture("PNG", ink=BLUE), "thumbnailPhoto;binary")),
        ("Clara", f"jpegPhoto:< {secret.as_uri()}"),
        ("Dana", "jpegPhoto:: /9j/4AAQSkZJRg=="),
        ("Egor", inside(bytes(bomb))),
        ("Fay", "mail: fay@office.example"),
        ("Gleb", inside(b"GIF89a" + bytes(50))),
    )
    tried = Importer(workspace).test_run(order_of(workspace, path, "staff"))
    assert portraits.pictures(workspace, "staff") == {} and problems(workspace, deep=True) == []

    done = bring_in(workspace, path, "staff")

    for result in (tried, done):
        assert (result.created, result.rejected) == (7, 0)
        assert (result.pictures, result.left_out) == (2, 4)
        assert [(reject.row, reject.field) for reject in result.rejects] == [
            (3, "photo"), (4, "photo"), (5, "photo"), (7, "photo"),
        ]  # fmt: skip
    assert "lies outside the file" in done.rejects[0].reason
    assert all("is no picture" in reject.reason for reject in done.rejects[1:])
    assert set(portraits.pictures(workspace, "staff")) == {
        one(workspace, "staff", name=name)["id"] for name in ("Anna", "Boris")
    }
    for name, colour in (("Anna", RED), ("Boris", BLUE)):
        image = ink(workspace, name)
        assert (image.width(), image.height()) == (SIDE, SIDE)
        assert is_like(image.pixelColor(128, 128), colour)
    assert problems(workspace, deep=True) == []
    assert done.operation is not None
    workspace.undo.undo(done.operation)
    assert portraits.pictures(workspace, "staff") == {}


def test_a_second_run_replaces_what_has_changed(workspace: Workspace, tmp_path: Path) -> None:
    bring_in(workspace, written(tmp_path, ("Anna", inside(PHOTO)), ("Boris", inside(PHOTO))),
             "staff")  # fmt: skip
    mapping = {
        "columns": [{"from": "name", "to": "name"}, {"from": "photo", "to": "photo"}],
        "match": ["name"], "on_match": "update",
    }  # fmt: skip
    before = {row["id"]: row["photo"] for row in records(workspace, "staff")}

    same = bring_in(workspace, written(tmp_path, ("Anna", inside(PHOTO)), ("Boris", "sn: B")),
                    "staff", mapping)  # fmt: skip
    assert (same.updated, same.skipped, same.pictures, same.operation) == (0, 2, 0, None)
    assert {row["id"]: row["photo"] for row in records(workspace, "staff")} == before

    again = written(tmp_path, ("Anna", inside(PHOTO)), ("Boris", inside(OTHER)))
    other = bring_in(workspace, again, "staff", mapping)
    assert (other.updated, other.skipped, other.pictures) == (1, 1, 1)
    assert is_like(ink(workspace, "Boris").pixelColor(9, 9), BLUE)
    assert is_like(ink(workspace, "Anna").pixelColor(9, 9), RED)


def test_a_table_names_no_pictures(workspace: Workspace, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "staff.csv", ("name", "photo"), ("Anna", "C:\\anna.jpg"))

    guessed = order_of(workspace, path, "staff").mapping
    told = bring_in(workspace, path, "staff", {"name": "name", "photo": "photo"})

    assert [target.field for target in guessed.targets] == ["name"]
    assert (told.created, told.left_out, told.pictures) == (1, 1, 0)
    assert "only with a directory" in told.rejects[0].reason


def test_refused_rows_are_written_without_pictures(workspace: Workspace, tmp_path: Path) -> None:
    path = written(tmp_path, ("Anna", f"mail: no address\n{inside(PHOTO)}"))
    refused = tmp_path / "refused.xlsx"

    done = bring_in(workspace, path, "staff", rejects=refused)

    assert (done.created, done.rejected, done.pictures) == (0, 1, 0)
    with open_source(refused) as source:
        (row,) = [r for r in source.sheet(0).rows() if "Anna" in map(str, r.cells)]
    assert "no address" in str(row.cells) and "KB" not in str(row.cells)


def test_a_long_file_brings_pictures_from_the_process_that_reads_it(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = written(tmp_path, ("Anna", inside(PHOTO)), *((f"P{n}", "sn: p") for n in range(10_001)))
    order = order_of(
        workspace, path, "staff", Mapping.from_json({"name": "name", "photo": "photo"})
    )
    assert order.is_long

    done = Importer(workspace).run(order.read_elsewhere())

    assert (done.created, done.pictures) == (10_002, 1)
    assert is_like(ink(workspace, "Anna").pixelColor(9, 9), RED)


def test_who_may_change_colleagues_brings_photos_in_and_others_see_them(
    firebird: FirebirdServer, tmp_path: Path
) -> None:
    name = f"photos_{secrets.token_hex(6)}"
    with server_office(firebird.empty_base(name)) as office:
        boss = office.sign_in(office.boss)
        kate, sid = office.let_in("Kate Keeper"), office.let_in("Sid Seller")
        roles = Roles(boss)
        role = roles.add("People")
        allowed = dict.fromkeys((words.SEE, words.CREATE, words.EDIT), words.ALL)
        roles.set(role, boss.catalogue["staff"], allowed)
        roles.give(role, boss.titles.find("staff", "Kate Keeper")[0])
        hers, his = office.sign_in(kate), office.sign_in(sid)
        assert hers.backend.behind_views

        office.colleague("Anna")
        mapping = {
            "columns": [{"from": "name", "to": "name"}, {"from": "photo", "to": "photo"}],
            "match": ["name"], "on_match": "update",
        }  # fmt: skip

        people = written(tmp_path, ("Anna", inside(PHOTO)), ("Boris", inside(OTHER)))
        done = bring_in(hers, people, "staff", mapping)

        assert (done.created, done.updated, done.pictures) == (1, 1, 2)
        assert is_like(ink(his, "Anna").pixelColor(9, 9), RED)
        assert is_like(ink(his, "Boris").pixelColor(9, 9), BLUE)
        assert problems(boss, deep=True) == []
    firebird.remove(name)


def test_a_decoder_that_has_died_is_begun_anew() -> None:
    maker = PortraitMaker()
    first = maker.make(PHOTO)
    child = maker._child
    assert child is not None and first == portrait(PHOTO)
    child.kill()
    child.wait()

    assert maker.make(PHOTO) == first and maker._child is not child
    maker.close()
    assert maker._child is None and maker.make(b"") is None


def test_a_decoder_that_does_not_answer_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portrait_maker, "SECONDS", 0.01)
    maker = PortraitMaker()

    assert maker.make(PHOTO) is None and maker._child is None
