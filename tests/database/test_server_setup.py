"""Setting a shared base up, looking at it, copying it, and why one cannot get in."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from crm_desktop.cli.secret_words import NEW_VARIABLE
from crm_desktop.errors import DatabaseUnavailable, FileProblem
from crm_desktop.models.backend import firebird_connect
from crm_desktop.models.backend.connect import open_backend
from crm_desktop.models.backend.firebird_backup import copy_to
from crm_desktop.models.backend.firebird_facts import set_writing
from crm_desktop.services.os_integration.passwords import PASSWORD_VARIABLE, keep
from crm_desktop.services.server.connection_file import read_connection
from crm_desktop.services.workspace import open_base
from crm_desktop.settings import without_password
from tests.bases import ready_base
from tests.cli_desk import ROOT, Cli, Told, started
from tests.firebird_server import FirebirdServer, firebird_server
from tests.gui.test_server_base import Vault
from tests.server_office import Office, drop_accounts, new_login, office_on


@pytest.fixture(scope="module")
def office(firebird: FirebirdServer) -> Iterator[Office]:
    with office_on(firebird, "setup") as made:
        yield made


@pytest.fixture
def cli(
    firebird: FirebirdServer, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> Cli:  # fmt: skip
    """Commands of the server's own user, whose password is in the environment."""
    monkeypatch.setenv(PASSWORD_VARIABLE, firebird.password)
    monkeypatch.chdir(tmp_path)
    return Cli("", capsys)


def bare(firebird: FirebirdServer, name: str) -> str:
    """The address without a password."""
    return f"firebird+fdb://{firebird.user}@{firebird.host}:{firebird.port}/{firebird.path(name)}"


def answered(word: str, *arguments: str) -> Told:
    """A command at a terminal of its own, where somebody types the word when he is asked."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    quiet = {PASSWORD_VARIABLE, NEW_VARIABLE}
    with subprocess.Popen(
        [sys.executable, "-m", "crm_desktop", *arguments], stdin=theirs, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, start_new_session=True, cwd=ROOT, bufsize=0,
        env={key: value for key, value in os.environ.items() if key not in quiet},
    ) as program:  # fmt: skip
        assert program.stderr is not None and program.stdout is not None
        asked = program.stderr.read(1)  # comes with the question, or with a refusal, or at the end
        os.write(ours, word.encode() + b"\n")
        out, err = program.communicate(timeout=120)
    os.close(ours)
    os.close(theirs)
    return Told(program.returncode, out.decode(), (asked + err).decode())


def said(told: Told) -> list[str]:
    assert (told.code, told.err) == (0, ""), told
    return told.out.splitlines()


def test_an_office_is_set_up_by_one_command(
    firebird: FirebirdServer, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, login = f"init_{secrets.token_hex(6)}", new_login()
    address = bare(firebird, name)
    first = cli.told("server", "init", address, "--admin", "Olga Boss", "--login", login, "--json")
    value = first.value

    again = cli.told("server", "init", address, "--admin", "Olga Boss", "--login", login,
                     "--company", "Daisy Ltd", "--json")  # fmt: skip

    assert (first.code, value["new"], value["page_size"], value["encrypted"]) == (
        0, True, 16384, True
    )  # fmt: skip
    assert (again.value["new"], again.value["password"]) == (False, "")
    place = read_connection(Path(again.value["file"]))
    assert place.name == "Daisy Ltd"
    assert firebird.password not in Path(value["file"]).read_text(encoding="utf-8")
    base = open_base(place.address(login, value["password"]))
    assert base.administers and base.is_known
    assert len(base.titles.find("staff", "Olga Boss")) == 1
    base.close()
    drop_accounts(firebird.url(name), [login])
    firebird.remove(name)


def test_another_persons_account_of_the_server_becomes_no_administrator(
    firebird: FirebirdServer, cli: Cli
) -> None:
    """The same name in two bases of one server: two people, until somebody says otherwise."""
    names, who = [f"init_{secrets.token_hex(6)}" for _n in range(2)], f"{new_login()} Boss"
    made = [cli.told("server", "init", bare(firebird, name), "--admin", who, "--json").value
            for name in names]  # fmt: skip
    again = cli.told("server", "init", bare(firebird, names[1]), "--admin", who, "--json").value

    assert made[0]["login"] != made[1]["login"] == again["login"]
    assert made[1]["password"] and not again["password"]
    drop_accounts(firebird.url(names[0]), [one["login"] for one in made])
    for name in names:
        firebird.remove(name)


def test_a_name_that_is_no_alias_makes_no_base(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Firebird would put it where it happens to stand: into a folder that a restart empties."""
    name = f"alias_{secrets.token_hex(6)}"
    with firebird_server(pages=512, more="DatabaseAccess = Full\n") as plain:
        monkeypatch.setenv(PASSWORD_VARIABLE, plain.password)
        where = f"firebird+fdb://{plain.user}@{plain.host}:{plain.port}/{name}"

        told = cli.told("server", "init", where, "--admin", "Olga Boss")

    assert told.code == 1 and f"knows no base {name}" in told.err
    assert f"{name} = /var/lib/firebird/3.0/data/{name}.fdb" in told.err
    assert not Path("/tmp", name).exists()


def test_a_file_that_names_this_computer_is_warned_about(
    firebird: FirebirdServer, cli: Cli
) -> None:
    name, login = f"init_{secrets.token_hex(6)}", new_login()

    told = cli.told(
        "server", "init", bare(firebird, name), "--admin", "Olga Boss", "--login", login
    )

    assert "! " + f"{name}.crmconn says “127.0.0.1”" in told.out
    assert "“crm-desktop licence install FILE”" in told.out
    drop_accounts(firebird.url(name), [login])
    firebird.remove(name)


def test_a_password_in_the_address_is_refused(firebird: FirebirdServer, cli: Cli) -> None:
    told = cli.told("server", "init", firebird.url("never_made"), "--admin", "Olga")

    assert told.code == 1 and PASSWORD_VARIABLE in told.err
    assert firebird.password not in told.out + told.err
    assert not firebird.path("never_made").exists()


def test_passwords_come_by_standard_input_and_variables(
    firebird: FirebirdServer, office: Office
) -> None:
    login, colleague = new_login(), office.colleague("Dora")
    office.passwords[login] = "given by variable"
    address = bare(firebird, office.place.base.rpartition("/")[2].removesuffix(".fdb"))

    checked = started(
        "server", "check", address, "--password-stdin", "--json", text=firebird.password + "\n"
    )
    added = started(
        "user", "add", login, "--colleague", colleague, "--base", address, "--json",
        **{PASSWORD_VARIABLE: firebird.password, NEW_VARIABLE: "given by variable"},
    )  # fmt: skip

    assert checked.value["ok"]
    assert added.value == {"login": login, "password": "given by variable", "colleague": colleague}
    assert office.sign_in(login).user_id == colleague


def test_a_terminal_is_asked_for_the_password_that_is_nowhere(
    firebird: FirebirdServer, office: Office
) -> None:
    """As docs/server.md shows it: an address without a password, and nothing in a variable."""
    address = bare(firebird, Path(office.place.base).stem)

    told = answered(firebird.password, "user", "list", "--base", address, "--json")

    assert told.code == 0, told
    assert office.boss in {one["login"] for one in told.value["rows"]}
    assert "Password of SYSDBA" in told.err and firebird.password not in told.err


def test_an_own_new_password_takes_the_place_of_the_kept_one(
    office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    login = office.let_in(f"Gina {secrets.token_hex(4)}")
    address = office.of(login)
    before, place = keyring.get_keyring(), Vault()
    keyring.set_keyring(place)
    monkeypatch.setenv(NEW_VARIABLE, "her very own one")
    try:
        assert keep(address)
        told = Cli(without_password(address), capsys).on_base("user", "password")
        said(told)
    finally:
        keyring.set_keyring(before)

    assert list(place.kept.values()) == ["her very own one"]


def test_a_password_that_copies_cannot_take_is_said(office: Office, tmp_path: Path) -> None:
    """The server's services read ASCII only."""
    address = office.of(office.boss, "пароль подлиннее")

    with pytest.raises(DatabaseUnavailable, match="Latin") as copied:
        copy_to(address, office.place.base, tmp_path / "copy.fbk")
    with pytest.raises(DatabaseUnavailable, match="Latin"):
        set_writing(address, office.place.base)
    with pytest.raises(DatabaseUnavailable, match="Latin"):
        firebird_connect.validated(firebird_connect.load_client(), firebird_connect.parse(address))

    assert copied.value.field == "password"


def test_a_check_names_everything_that_matters(
    firebird: FirebirdServer, office: Office, cli: Cli
) -> None:
    address = bare(firebird, Path(office.place.base).stem)
    hanging = open_backend(office.address)

    told = cli.told("server", "check", address, "--json")

    states = {one["key"]: one["state"] for one in told.value["found"]}
    assert states == dict.fromkeys(
        ("version", "encryption", "forced_writes", "page_size", "sweep", "transactions", "charset",
         "events"),
        "good",
    )  # fmt: skip
    assert "All is well" in said(cli.told("server", "check", address))
    hanging.close()


def test_writes_that_are_not_forced_are_found_and_mended(
    firebird: FirebirdServer, office: Office, cli: Cli
) -> None:
    import fdb

    service = fdb.services.connect(
        host=f"{firebird.host}/{firebird.port}", user=firebird.user, password=firebird.password
    )
    service.set_write_mode(office.place.base, fdb.services.WRITE_BUFFERED)
    service.close()
    address = bare(firebird, Path(office.place.base).stem)

    found = cli.told("server", "check", address, "--json")
    cli.told("server", "init", address, "--admin", "Olga Boss", "--login", office.boss)

    assert found.code == 1
    (bad,) = [one for one in found.value["found"] if one["state"] == "bad"]
    assert bad["key"] == "forced_writes"
    assert cli.told("server", "check", address, "--json").value["ok"]


def test_a_copy_is_proved_by_a_restore(
    firebird: FirebirdServer, office: Office, cli: Cli, tmp_path: Path
) -> None:
    office.sign_in(office.boss).records.create("client", {"name": "Daisy"})
    address = bare(firebird, Path(office.place.base).stem)
    file = tmp_path / "office.fbk"

    value = cli.told("server", "backup", address, "--to", file, "--json").value

    assert value["proved"] and value["size"] == file.stat().st_size > 100_000
    assert value["checked"]["Clients"] == 1
    assert [path.name for path in tmp_path.glob("office.fbk*")] == ["office.fbk"]
    assert not list(Path(firebird.dbdir).glob(f"{Path(office.place.base).name}.proof*"))
    assert cli.told("server", "backup", address, "--to", file).code == 1


def test_what_a_kill_left_of_a_proof_goes_with_the_next_one(office: Office, tmp_path: Path) -> None:
    """Nobody else would find it on the server, where it takes the room of the whole base."""
    from crm_desktop.services.server.backup import back_up

    base, path = office.sign_in(office.boss), Path(office.place.base)
    half = tmp_path / "office (1).fbk.part"
    copy_to(office.of(office.boss), str(path), half)
    killed = """if True:
        import os, pathlib, sys
        from crm_desktop.models.backend.firebird_backup import restored
        with restored(*sys.argv[1:3], pathlib.Path(sys.argv[3])):
            os._exit(9)"""
    words = [sys.executable, "-c", killed, office.of(office.boss), str(path), str(half)]
    assert subprocess.run(words, check=False).returncode == 9
    assert len(list(path.parent.glob(f"{path.name}.proof*"))) == 1 and half.exists()

    back_up(base, office.of(office.boss), tmp_path / "office (2).fbk")

    assert not list(path.parent.glob(f"{path.name}.proof*"))
    assert [file.name for file in tmp_path.iterdir()] == ["office (2).fbk"]


def test_an_administrator_who_is_not_the_servers_own_makes_a_copy(
    office: Office, tmp_path: Path
) -> None:
    from crm_desktop.services.server.backup import back_up

    base = office.sign_in(office.boss)

    made = back_up(base, office.of(office.boss), tmp_path / "office.fbk")

    assert made.proved and made.counts["Staff"] >= 1


def test_a_file_moves_to_the_server_and_is_made_ready(
    firebird: FirebirdServer, cli: Cli, tmp_path: Path
) -> None:
    name, login = f"moved_{secrets.token_hex(6)}", new_login()
    address, file = bare(firebird, name), tmp_path / "clients.crm"
    ready_base(file, language="en").close()
    said(cli.told("add", "client", "name=Daisy", "--base", file))

    moved = cli.told("move", file, address, "--json").value
    done = cli.told("server", "init", address, "--admin", "Olga", "--login", login, "--json").value

    assert moved["equal"] and not done["new"]
    base = open_base(read_connection(Path(done["file"])).address(login, done["password"]))
    assert [hit.title for hit in base.search.find("daisy", None, 5)] == ["Daisy"]
    base.close()
    drop_accounts(firebird.url(name), [login])
    firebird.remove(name)


def test_a_damaged_copy_does_not_stand_the_proof(office: Office, tmp_path: Path) -> None:
    from crm_desktop.errors import BaseDamaged
    from crm_desktop.models.backend import firebird_backup

    file = tmp_path / "office.fbk"
    firebird_backup.copy_to(office.address, office.place.base, file)
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])

    with (
        pytest.raises(BaseDamaged, match=r"office\.fbk"),
        firebird_backup.restored(office.address, office.place.base, file),
    ):
        pass


def test_an_ordinary_colleague_makes_no_copy(office: Office, tmp_path: Path) -> None:
    from crm_desktop.models.backend import firebird_backup

    login = office.let_in("Eva")

    with pytest.raises((DatabaseUnavailable, FileProblem)):
        firebird_backup.copy_to(office.of(login), office.place.base, tmp_path / "stolen.fbk")

    assert not (tmp_path / "stolen.fbk").exists() or not (tmp_path / "stolen.fbk").stat().st_size


# --- the line -------------------------------------------------------------------------------------


def test_the_client_insists_on_an_encrypted_line_against_a_server_that_has_none() -> None:
    with (
        firebird_server(pages=512, more="WireCrypt = Disabled\n") as plain,
        pytest.raises(DatabaseUnavailable, match="encrypt") as error,
    ):
        open_backend(plain.url("any"))

    assert error.value.field == "server"


def test_a_server_that_insists_is_met_by_every_connection(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server of the tests requires encryption: a client that has it off gets a sentence."""
    monkeypatch.setattr(firebird_connect, "SAFE_LINE", "WireCrypt = Disabled")

    with pytest.raises(DatabaseUnavailable, match="encrypt"):
        open_backend(office.address)


def test_the_line_is_encrypted_for_an_ordinary_account(office: Office) -> None:
    base = office.sign_in(office.let_in("Fred"))

    with base.backend.read() as connection:
        encrypted = connection.exec_driver_sql(
            "SELECT RDB$GET_CONTEXT('SYSTEM', 'WIRE_ENCRYPTED') FROM rdb$database"
        ).scalar()

    assert encrypted == "TRUE"


def test_the_connection_file_says_what_it_is(office: Office, tmp_path: Path) -> None:
    from crm_desktop.services.server.connection_file import write_connection

    file = tmp_path / "office.crmconn"
    write_connection(file, office.place)

    assert set(json.loads(file.read_text(encoding="utf-8"))) == {
        "kind", "version", "server", "port", "base", "name"
    }  # fmt: skip
