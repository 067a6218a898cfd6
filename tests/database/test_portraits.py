"""Pictures of colleagues in the base: kept, undone, cleaned, moved; on both back ends."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from crm_desktop.errors import InvalidInput, UserError
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.holding import can_hide
from crm_desktop.services.clock import MovedClock
from crm_desktop.services.files import portraits
from crm_desktop.services.files.cleaning import clean, problems
from crm_desktop.services.maintenance.moving import move_base
from crm_desktop.services.workspace import Workspace, open_base
from tests.bases import ready_base
from tests.firebird_server import FirebirdServer
from tests.server_office import server_office

FACE, OTHER = b"\xff\xd8\xff face", b"\xff\xd8\xff other"


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


def anna(workspace: Workspace) -> Ref:
    return Ref("staff", workspace.records.create("staff", {"name": "Anna"}).ids[0])


def test_a_picture_is_kept_changed_and_undone(workspace: Workspace) -> None:
    ref = anna(workspace)
    portraits.keep(workspace, ref, FACE)
    first = portraits.pictures(workspace, "staff")[ref.id]
    done = portraits.keep(workspace, ref, OTHER)

    assert done is not None and portraits.pictures(workspace, "staff")[ref.id] != first
    workspace.undo.undo(done)

    assert portraits.pictures(workspace, "staff") == {ref.id: first}
    assert portraits.read(workspace, first) == FACE


def test_a_picture_taken_away_comes_back_by_undo(workspace: Workspace) -> None:
    ref = anna(workspace)
    portraits.keep(workspace, ref, FACE)

    done = portraits.take_away(workspace, ref)

    assert portraits.pictures(workspace, "staff") == {} and done is not None
    workspace.undo.undo(done)
    assert list(portraits.pictures(workspace, "staff")) == [ref.id]


def test_a_clean_up_keeps_what_is_shown_and_what_undo_needs(workspace: Workspace) -> None:
    ref = anna(workspace)
    portraits.keep(workspace, ref, FACE)
    portraits.keep(workspace, ref, OTHER)
    workspace.clock = MovedClock(workspace.clock.now() + timedelta(days=2))

    assert clean(workspace).contents == 0 and problems(workspace, deep=True) == []
    assert clean(workspace, former=True).contents == 1
    (digest,) = portraits.pictures(workspace, "staff").values()
    assert portraits.read(workspace, digest) == OTHER


def test_what_is_no_small_jpeg_is_refused(workspace: Workspace) -> None:
    ref = anna(workspace)

    for content in (b"", b"GIF89a", b"\xff\xd8\xff" + b"0" * 300_000):
        with pytest.raises(InvalidInput):
            portraits.keep(workspace, ref, content)
    client = Ref("client", workspace.records.create("client", {"name": "A"}).ids[0])
    with pytest.raises(InvalidInput, match="no pictures"):
        portraits.keep(workspace, client, FACE)


def test_pictures_move_with_the_base(workspace: Workspace, base_url: str, tmp_path: Path) -> None:
    ref = anna(workspace)
    portraits.keep(workspace, ref, FACE)
    workspace.close()

    move_base(base_url, str(tmp_path / "moved.crm"))

    moved = open_base(str(tmp_path / "moved.crm"))
    (digest,) = portraits.pictures(moved, "staff").values()
    assert portraits.read(moved, digest) == FACE
    moved.close()


def test_staff_see_the_pictures_of_others_on_a_server(firebird: FirebirdServer) -> None:
    name = f"portraits_{secrets.token_hex(6)}"
    with server_office(firebird.empty_base(name)) as office:
        boss = office.sign_in(office.boss)
        seller = office.let_in("Sid Seller")
        ref = Ref("staff", office.colleague("Anna Shown"))
        portraits.keep(boss, ref, FACE)

        theirs = office.sign_in(seller)

        (digest,) = portraits.pictures(theirs, "staff").values()
        assert portraits.read(theirs, digest) == FACE
        assert portraits.pictures_of(theirs, "staff", [ref.id, ref.id + 1]) == {ref.id: digest}
        assert portraits.read_many(theirs, [digest, "0" * 64]) == {digest: FACE}
        with pytest.raises(UserError):
            portraits.read(theirs, "0" * 64)
        staff = boss.catalogue["staff"]
        assert not can_hide(boss.catalogue, staff, staff.field("photo"))
    firebird.remove(name)
