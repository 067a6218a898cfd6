"""Connection files: what is written is read, and nothing hostile gets through."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from crm_desktop.errors import FileProblem, InvalidInput
from crm_desktop.services.server.connection_file import (
    Connection,
    of_address,
    read_connection,
    refuse_as_base,
    write_connection,
)

PLACE = Connection("server", 3051, "/var/lib/office.fdb", "Ромашка")


def test_what_is_written_is_read(tmp_path: Path) -> None:
    file = tmp_path / "office.crmconn"

    write_connection(file, PLACE)

    assert read_connection(file) == PLACE


def test_no_name_and_no_password_is_written(tmp_path: Path) -> None:
    place = of_address("firebird+fdb://SYSDBA:masterkey@server//var/lib/office.fdb")
    file = tmp_path / "office.crmconn"

    write_connection(file, place)

    text = file.read_text(encoding="utf-8")
    assert "masterkey" not in text and "SYSDBA" not in text
    assert (place.port, place.base) == (3050, "/var/lib/office.fdb")


def test_the_address_takes_any_name_and_password() -> None:
    url = sa.make_url(PLACE.address("anna", "p@ss/word:1#"))

    assert (url.host, url.port, url.database) == ("server", 3051, "/var/lib/office.fdb")
    assert (url.username, url.password) == ("anna", "p@ss/word:1#")


WHOLE = {"kind": "crm-desktop connection", "version": 1, "server": "s", "port": 3050, "base": "b"}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("not json", "no connection file"),
        ([1, 2], "no connection file"),
        ({"kind": "other"}, "no connection file"),
        ({**WHOLE, "version": 2}, "newer"),
        ({**WHOLE, "server": ""}, "does not say"),
        ({**WHOLE, "server": "user:x@evil"}, "does not say"),
        ({**WHOLE, "server": ["s"]}, "does not say"),
        ({**WHOLE, "base": "a\nb"}, "does not say"),
        ({**WHOLE, "base": "b?role=other"}, "does not say"),
        ({**WHOLE, "base": "b" * 300}, "does not say"),
        ({**WHOLE, "port": 70000}, "does not say"),
        ({**WHOLE, "port": True}, "does not say"),
        ({**WHOLE, "port": "3050"}, "does not say"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_in_words(
    tmp_path: Path, value: object, said: str
) -> None:
    file = tmp_path / "odd.crmconn"
    file.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")

    with pytest.raises(FileProblem, match=said) as error:
        read_connection(file)

    assert "odd.crmconn" in error.value.message


def test_odd_bytes_and_endless_files_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "odd.crmconn"
    for content in (b"\xff\xfe\x00", b"[" * 9_000, b" " * 50_000):
        file.write_bytes(content)
        with pytest.raises(FileProblem):
            read_connection(file)
    with pytest.raises(FileProblem, match="no such file"):
        read_connection(tmp_path / "missing.crmconn")


@pytest.mark.parametrize("address", ["office.crm", "firebird+fdb://server", "x://[bad"])
def test_an_address_of_no_server_is_refused(address: str) -> None:
    with pytest.raises(InvalidInput, match="address"):
        of_address(address)


def test_a_command_is_told_the_address_that_belongs_to_a_file(tmp_path: Path) -> None:
    file = tmp_path / "office.crmconn"
    write_connection(file, PLACE)

    with pytest.raises(InvalidInput) as error:
        refuse_as_base(str(file))

    assert PLACE.address("LOGIN") in error.value.message
    refuse_as_base("office.crm")
