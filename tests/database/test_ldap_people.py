"""People of a real directory (slapd) become the staff, over TLS."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_desktop.errors import InvalidInput
from crm_desktop.services.files.portraits import pictures
from crm_desktop.services.importing.directories import ber, filters
from crm_desktop.services.importing.directories.address import directory_address
from crm_desktop.services.importing.directories.client import (
    Directory,
    DirectoryProblem,
    _cookie,
    _entry,
    _result,
)
from crm_desktop.services.importing.directories.fetching import DirectoryQuestion, fetch
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base
from tests.cli_desk import Cli
from tests.directory_server import (
    BASE,
    MISSING,
    PAGED,
    PASSWORD,
    READER,
    DirectoryServer,
    directory_server,
)
from tests.import_desk import one, title

real = pytest.mark.skipif(bool(MISSING), reason=MISSING)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DirectoryServer]:
    with directory_server(tmp_path_factory.mktemp("directory")) as made:
        yield made


def asked(server: DirectoryServer, address: str, password: str = PASSWORD) -> DirectoryQuestion:
    return DirectoryQuestion(address, READER, password, server.authority)


@real
def test_people_come_by_both_kinds_of_tls_without_passwords(
    server: DirectoryServer, tmp_path: Path
) -> None:
    for address in (server.secure, server.asking):
        text = fetch(asked(server, address), tmp_path).read_text("ascii")

        assert "uid:: YW5uYQ==" in text and "userPassword" not in text
        assert "groupOfNames" not in text and text.count("\ndn:: ") == 2


@real
def test_more_people_than_the_server_gives_at_once_come_page_by_page(
    server: DirectoryServer, tmp_path: Path
) -> None:
    crowd = server.secure.replace("ou=people", "ou=crowd")

    text = fetch(asked(server, crowd), tmp_path).read_text("ascii")

    assert text.count("\ndn:: ") == PAGED


@real
def test_a_filter_narrows(server: DirectoryServer, tmp_path: Path) -> None:
    address = f"{server.secure}??sub?(%26(objectClass=person)(|(cn=*оловин*)(cn=Анна*)(uid=x)))"

    text = fetch(asked(server, address), tmp_path).read_text("ascii")

    assert text.count("\ndn:: ") == 1


@real
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"password": "wrong"}, "no such name with this password"),
        ({"password": ""}, "asks for the password"),
        ({"authority": None}, "is not trusted"),
        ({"base": "ou=nobody"}, "has no “ou=nobody"),
        ({"filter": "??sub?(uid=nobody)"}, "Nobody in"),
        ({"port": 1}, "cannot be asked"),
    ],
)
def test_what_goes_wrong_is_said_in_words(
    server: DirectoryServer, tmp_path: Path, change: dict[str, object], said: str
) -> None:
    address = server.secure + str(change.get("filter", ""))
    address = address.replace("ou=people", str(change.get("base", "ou=people")))
    address = address.replace(str(server.secure_port), str(change.get("port", server.secure_port)))
    authority = server.authority if "authority" not in change else None
    password = str(change.get("password", PASSWORD))

    with pytest.raises(DirectoryProblem, match=said):
        fetch(DirectoryQuestion(address, READER, password, authority), tmp_path)


@real
def test_a_line_without_tls_only_when_asked_for(server: DirectoryServer, tmp_path: Path) -> None:
    question = DirectoryQuestion(server.asking, READER, PASSWORD, plain=True)

    assert fetch(question, tmp_path).exists()
    with pytest.raises(DirectoryProblem, match="not trusted"):
        fetch(DirectoryQuestion(server.asking, READER, PASSWORD), tmp_path)


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


@real
def test_the_command_tries_first_brings_the_staff_in_and_is_undone(
    server: DirectoryServer, workspace: Workspace, base_url: str,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    workspace.close()
    cli = Cli(base_url, capsys)
    monkeypatch.setenv("CRM_DESKTOP_LDAP_PASSWORD", PASSWORD)
    words = ("import", server.secure, "--into", "staff", "--ldap-user", READER, "--ldap-ca",
             str(server.authority))  # fmt: skip

    tried = cli(*words, "--test")
    done = cli(*words)

    assert (tried["created"], tried["operation"], done["created"]) == (2, None, 2)
    from crm_desktop.services.workspace import open_base

    base = open_base(base_url)
    anna = one(base, "staff", name="Анна Иванова")
    assert title(base, "staff", anna["head"]) == "Boris Head"
    assert title(base, "reference", anna["unit"]) == "Wholesale"
    assert (anna["job_title"], anna["email"]) == ("Seller", "anna@office.example")
    assert (tried["pictures"], done["pictures"]) == (1, 1) and done["rejects"] == []
    assert list(pictures(base, "staff")) == [anna["id"]]
    base.close()
    cli("undo", str(done["operation"]))


@real
def test_the_command_asks_for_a_password_where_there_is_none(
    server: DirectoryServer, capsys: pytest.CaptureFixture[str], sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    ready_base(sqlite_url, language="en").close()
    monkeypatch.delenv("CRM_DESKTOP_LDAP_PASSWORD", raising=False)

    refused = Cli(sqlite_url, capsys).refusal(
        "import", server.secure, "--into", "staff", "--ldap-user", READER
    )

    assert "CRM_DESKTOP_LDAP_PASSWORD" in str(refused["error"])


@pytest.mark.parametrize(
    "text",
    ["(", "()", "(a=b", "(&)", "(!(a=b)(c=d))", "(a=b)(c=d)", "(=b)", "(a)", "x(", "(&(a=b)"],
)
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="no filter"):
        filters.encoded(text)


def test_filters_are_written_as_the_standard_says() -> None:
    assert filters.encoded("(cn=a\\2a)") == bytes.fromhex("a308") + b"\x04\x02cn\x04\x02a*"
    assert filters.encoded("mail=*") == b"\x87\x04mail"
    assert filters.encoded("(cn=a*b*c)").hex() == "a40f0402636e3009800161810162820163"
    assert filters.encoded("(!(a>=1))").hex() == "a208a506040161040131"


@pytest.mark.parametrize(
    "text",
    ["ldaps://", "ldap://host", "http://host/dc=x", "ldap://h/dc=x??deep", "ldap://a:b@h/dc=x",
     "ldap://h:port/dc=x"],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="no address of a directory"):
        directory_address(text)


def test_an_address_says_port_scope_and_filter() -> None:
    at = directory_address(f"ldap://h/ou=a%20b,{BASE}?cn?one?(a=%25)")

    assert (at.port, at.is_secure, at.base, at.scope, at.filter) == (
        389, False, f"ou=a b,{BASE}", "one", "(a=%)",
    )  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_are_an_answer_or_a_problem(data: bytes) -> None:
    for read in (_entry, _cookie, _result):
        try:
            read(data)
        except (ValueError, IndexError):
            continue
        else:
            assert isinstance(data, bytes)


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.0 400\r\n", b"\x30\x84\xff\xff\xff\xff", b"\x30\x80"]
)
def test_a_server_that_is_none_is_said_in_words(said: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def answer() -> None:
            line, _whence = listening.accept()
            with line:
                line.recv(1000)
                line.sendall(said)

        other = threading.Thread(target=answer)
        other.start()
        with (
            pytest.raises(DirectoryProblem, match="cannot be asked"),
            Directory(directory_address(f"ldap://127.0.0.1:{port}/dc=x")),
        ):
            raise AssertionError("let in")
        other.join(10)


def test_numbers_and_lengths_survive_the_way() -> None:
    content = b"x" * 70_000
    tag, begin, end = ber.head(ber.value(ber.OCTETS, content)) or (0, 0, 0)

    assert (tag, end - begin) == (ber.OCTETS, 70_000)
    assert [ber.whole(found) for _tag, found in ber.values(ber.number(127) + ber.number(128))] == [
        127, 128,
    ]  # fmt: skip
