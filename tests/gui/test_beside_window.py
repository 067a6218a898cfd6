"""Commands and other programs at work on the base that the window shows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crm_desktop.models.query import Query
from crm_desktop.services.workspace import Workspace, open_base
from crm_desktop.ui.runtime.guests import CatalogueWatch, Guests
from crm_desktop.ui.runtime.single_instance import InstanceServer
from crm_desktop.ui.runtime.socket_name import socket_name
from tests.bases import ready_base
from tests.catalogue.samples import TENDER
from tests.cli_desk import ROOT
from tests.gui.shell_desk import MANY, Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "shell"]


@pytest.fixture
def host(shell: Shell) -> Iterator[Shell]:
    """The window that commands may ask."""
    server = InstanceServer(socket_name(shell.settings.path.parent))
    server.answer = Guests(shell.session, shell.navigator).answer
    yield shell
    shell.wait(lambda: not shell.operations.writing)
    server.close()


def command(host: Shell, *arguments: object) -> tuple[int, Any]:
    """Runs a command as a process of its own while the window works on."""
    words = [sys.executable, "-m", "crm_desktop", *map(str, arguments), "--json"]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "CRM_DESKTOP_BASE": host.session.address}
    process = subprocess.Popen(words, env=surroundings, stdout=subprocess.PIPE)
    host.wait(lambda: process.poll() is not None)
    out, _err = process.communicate()
    return process.returncode, json.loads(out)


def test_an_object_added_by_a_command_appears_in_the_window(host: Shell, tmp_path: Path) -> None:
    file = tmp_path / "tender.json"
    file.write_text(json.dumps(TENDER), encoding="utf-8")

    with host.qtbot.waitSignal(host.session.catalogue_changed):
        code, told = command(host, "object", "add", file)

    assert (code, told) == (0, {"objects": ["x_tender", "x_bid"]})
    assert host.base.catalogue.has("x_tender")
    host.base.records.create("x_tender", {"name": "Roof"})
    assert host.base.search.find("roof")[0].entity == "x_tender"


def test_a_record_added_by_a_command_appears_in_the_list(host: Shell) -> None:
    page = host.list()

    code, told = command(host, "add", "client", "name=Aardvark")

    assert code == 0
    host.rows(page, MANY + 1)
    assert host.base.reader.get("client", told["id"]) is not None


def test_both_go_on_writing_and_the_base_stays_whole(host: Shell) -> None:
    host.base.records.create("client", {"name": "From the window"})
    command(host, "add", "client", "name=From outside")
    host.base.records.create("client", {"name": "From the window again"})

    code, told = command(host, "check")

    assert (code, told["problems"]) == (0, [])


def test_another_base_than_the_open_one_is_none_of_its_business(
    host: Shell, tmp_path: Path
) -> None:
    ready_base(tmp_path / "other.crm", language="en").close()
    held = open_base(tmp_path / "other.crm")

    code, told = command(host, "list", "client", "--base", tmp_path / "other.crm")

    held.close()
    assert code == 1
    assert "since" in told["error"]


def test_a_window_on_a_server_notices_new_objects(
    bare_shell: Shell, firebird_url: str, qtbot: Any
) -> None:
    ready_base(firebird_url, language="en").close()
    watch = CatalogueWatch(bare_shell.session, bare_shell.navigator, every_ms=50)
    bare_shell.open(firebird_url)
    elsewhere: Workspace = open_base(firebird_url)

    with qtbot.waitSignal(bare_shell.session.catalogue_changed):
        elsewhere.constructor.add_object(TENDER)

    elsewhere.close()
    assert bare_shell.base.catalogue.has("x_bid")
    bare_shell.wait(lambda: not bare_shell.operations.writing)
    watch.setParent(None)


def test_a_base_is_moved_beside_its_window(host: Shell, tmp_path: Path) -> None:
    code, told = command(host, "move", host.session.address, tmp_path / "copy.crm")

    assert (code, told.get("equal")) == (0, True), told
    copy = open_base(tmp_path / "copy.crm")
    assert copy.lists.count(Query("client")) == MANY
    copy.close()


def test_a_base_that_a_stranger_has_open_is_not_moved(host: Shell, tmp_path: Path) -> None:
    ready_base(tmp_path / "other.crm", language="en").close()
    held = open_base(tmp_path / "other.crm")

    code, told = command(host, "move", tmp_path / "other.crm", tmp_path / "copy.crm")

    held.close()
    assert (code, "since" in told["error"]) == (1, True)
    assert not (tmp_path / "copy.crm").exists()
