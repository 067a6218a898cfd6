"""The service on Windows, as far as it goes without one: what Windows would be told, in which
order, what is undone, and the life of the service between the two threads that start and end it.

`Windows` keeps what it is told and refuses what it is to refuse; the calls themselves are in
`windows_api`, which docs/server.md says how it was tried.
"""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.errors import DatabaseUnavailable, UserError
from crm_desktop.services.system_service import windows_rules as rules
from crm_desktop.services.system_service.lifecycle import Lifecycle, State
from crm_desktop.services.system_service.order import Order, ServiceRefused
from crm_desktop.services.system_service.windows import Found, WindowsServices

ADDRESS = "firebird+fdb://anna%20s@server:3050/C:\\CRM office\\o.fdb"


class Windows:
    """A computer; `elevated`: whether the prompt is an administrator's; `fails`: the call that
    Windows refuses, and by which number."""

    def __init__(self, *, elevated: bool = True, fails: tuple[str, int] = ("", 0)) -> None:
        self.elevated, self._fails = elevated, fails
        self.command, self.state = "", "stopped"
        self.rights: dict[Path, str] = {}
        self.let: dict[Path, str] = {}
        self.secret: tuple[Path, str, str] | None = None

    def is_administrator(self) -> bool:
        return self.elevated

    def found(self) -> Found | None:
        return Found(self.state, True, rules.words_of(self.command)) if self.command else None

    def create(self, command: str) -> list[str]:
        self._may("create")
        self.command = command
        return ["! not the delayed start"]

    def start(self) -> None:
        self._may("start")
        self.state = "running"

    def stop(self) -> None:
        self.state = "stopped"

    def take_away(self) -> None:
        assert self.state == "stopped", "Windows would only mark it"
        self.command = ""

    def make_folder(self, path: Path, rights: str) -> None:
        self.rights[path] = rights

    def let_in(self, path: Path, sid: str) -> None:
        self.let[path] = sid

    def keep_secret(self, path: Path, password: str, rights: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"sealed")
        self.secret = (path, password, rights)

    def _may(self, call: str) -> None:
        if self._fails[0] == call:
            raise rules.refusal(self._fails[1], "The wheel is broken.")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where Windows keeps data of programs."""
    monkeypatch.setenv("PROGRAMDATA", str(tmp_path))
    return tmp_path / "CRM Desktop"


def test_it_is_installed_with_a_sealed_password_and_runs(data: Path, tmp_path: Path) -> None:
    windows, copies = Windows(), tmp_path / "Copies of the office"

    done = WindowsServices(windows).install(Order(ADDRESS, "ru", copies), "пароль")

    assert windows.secret == (data / "serve.secret", "пароль", rules.secret_rights())
    assert windows.rights == {data / "service": rules.home_rights()}
    assert windows.let == {copies: rules.service_sid()} and copies.is_dir()
    assert "пароль" not in windows.command and windows.state == "running"
    assert "! not the delayed start" in done
    found = WindowsServices(windows).standing()
    assert (found.base, found.state, found.by_itself) == (ADDRESS, "running", True)


def test_the_process_gets_its_program_its_folder_and_the_words_of_serve(data: Path) -> None:
    order = Order(ADDRESS, "en")

    words = rules.words_of(rules.command_line(order))

    assert words[1] == "-I" and Path(words[2]).name == "windows_host.py"
    assert Path(words[2]).is_file() and (Path(words[3]) / "crm_desktop").is_dir()
    assert words[6:] == [str(data), *order.words]


def test_only_an_elevated_prompt_installs(data: Path) -> None:
    keeper = WindowsServices(Windows(elevated=False))

    for act in (keeper.check, keeper.remove, lambda: keeper.install(Order(ADDRESS, "en"), "x")):
        with pytest.raises(ServiceRefused, match="Run as administrator"):
            act()
    assert not data.exists()


@pytest.mark.parametrize("call", ["create", "start"])
def test_what_windows_refuses_leaves_nothing(data: Path, call: str) -> None:
    windows = Windows(fails=(call, 1058))

    with pytest.raises(ServiceRefused, match=r"The wheel is broken \(1058\)"):
        WindowsServices(windows).install(Order(ADDRESS, "en"), "secret")

    assert windows.command == "" and not (data / "serve.secret").exists()


def test_a_second_one_is_refused_and_the_first_is_taken_away_with_its_password(data: Path) -> None:
    windows = Windows()
    keeper = WindowsServices(windows)
    keeper.install(Order(ADDRESS, "en"), "secret")

    with pytest.raises(ServiceRefused, match="already"):
        keeper.install(Order(ADDRESS, "en"), "other")
    assert windows.secret is not None and windows.secret[1] == "secret"
    keeper.remove()

    assert windows.command == "" and not (data / "serve.secret").exists()
    assert not keeper.standing().installed
    with pytest.raises(ServiceRefused, match="not installed"):
        keeper.remove()


def test_a_folder_of_copies_that_cannot_be_made_is_named(data: Path, tmp_path: Path) -> None:
    windows = Windows()
    (tmp_path / "taken").write_text("a file", encoding="utf-8")

    with pytest.raises(UserError, match="taken"):
        WindowsServices(windows).install(Order(ADDRESS, "en", tmp_path / "taken/copies"), "x")

    assert windows.command == ""


def test_windows_reckons_the_sid_of_a_service_from_its_name() -> None:
    known = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"

    assert rules.service_sid("TrustedInstaller") == known


def test_rights_are_not_inherited_and_nobody_else_has_any() -> None:
    for rights in (rules.secret_rights(), rules.home_rights()):
        assert rights.startswith("D:P(")
        assert {entry.split(";")[-1] for entry in rights[3:].strip("()").split(")(")} == {
            "SY", "BA", rules.service_sid(),
        }  # fmt: skip
    assert f"FR;;;{rules.service_sid()}" in rules.secret_rights(), "it only reads the password"


@given(st.lists(st.text('a \t"\\я', max_size=6)))
def test_a_command_line_is_read_as_it_was_written(words: list[str]) -> None:
    assert rules.words_of(subprocess.list2cmdline(words)) == words


@pytest.mark.parametrize("number", [5, 1053, 1056, 1060, 1062, 1072, 1073, 9999])
def test_every_number_of_windows_becomes_a_sentence(number: int) -> None:
    said = rules.refusal(number, "Some reason.").message

    assert len(said) > 20 and "{" not in said


class Job:
    """Work that goes on until it is ended, or fails."""

    def __init__(self, error: Exception | None = None, *, ends: bool = False) -> None:
        self.begun, self._end, self._error = threading.Event(), threading.Event(), error
        if ends:
            self._end.set()

    def run(self) -> None:
        self.begun.set()
        if self._error is not None:
            raise self._error
        assert self._end.wait(30)

    def end(self) -> None:
        self._end.set()


class Told:
    """What the system and its log of events were told."""

    def __init__(self) -> None:
        self.states: list[State] = []
        self.notes: list[tuple[str, bool]] = []

    def of(self, job: Job) -> Lifecycle:
        return Lifecycle(lambda: job, self.states.append, lambda *note: self.notes.append(note))


def test_a_service_works_until_it_is_asked_to_end() -> None:
    job, told, results = Job(), Told(), list[bool]()
    life = told.of(job)
    thread = threading.Thread(target=lambda: results.append(life.run()))
    thread.start()
    assert job.begun.wait(30)

    life.stop()
    thread.join(30)

    assert results == [True]
    assert told.states == [State.RUNNING, State.STOPPING]
    assert [problem for _sentence, problem in told.notes] == [False, False]


def test_one_that_is_to_end_before_it_began_does_not_begin() -> None:
    job, told = Job(), Told()
    life = told.of(job)
    life.stop()

    assert life.run()

    assert not job.begun.is_set()


@pytest.mark.parametrize(
    ("job", "said"),
    [
        (Job(DatabaseUnavailable("There is no base there")), "There is no base there"),
        (Job(ZeroDivisionError()), "ZeroDivisionError"),
        (Job(ends=True), "ended by itself"),
    ],
)  # fmt: skip
def test_whatever_else_ends_it_is_a_failure_that_is_told(job: Job, said: str) -> None:
    told = Told()

    assert not told.of(job).run()

    sentence, is_problem = told.notes[-1]
    assert is_problem and said in sentence


def test_what_cannot_be_prepared_is_a_failure_too() -> None:
    notes = list[tuple[str, bool]]()

    def broken() -> Job:
        raise UserError("The secret is gone")

    life = Lifecycle(broken, lambda _state: None, lambda *note: notes.append(note))

    assert not life.run()
    assert "The secret is gone" in notes[-1][0] and notes[-1][1]
