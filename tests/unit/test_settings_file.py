"""One JSON file a machine: survives being lost, broken, shared and newer than the program."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from crm_desktop import i18n
from crm_desktop import settings as s


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "settings.json"


def test_a_choice_is_there_at_the_next_start(path: Path) -> None:
    s.Settings(path).put(s.THEME, "dark")

    assert s.Settings(path).get(s.THEME) == "dark"


@pytest.mark.parametrize("setting", s.SETTINGS, ids=lambda setting: setting.key)
def test_every_default_makes_sense(path: Path, setting: s.Setting[object]) -> None:
    assert setting.valid(setting.default)
    assert s.Settings(path).get(setting) == setting.default


def test_keys_are_unique() -> None:
    keys = [setting.key for setting in s.SETTINGS]

    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("setting", "value"),
    [(s.THEME, "pink"), (s.SCALE, 20), (s.SCALE, True), (s.SCALE, "100"), (s.RECENT_BASES, [1])],
)
def test_nonsense_is_refused(path: Path, setting: s.Setting[object], value: object) -> None:
    with pytest.raises(ValueError, match=setting.key):
        s.Settings(path).put(setting, value)

    assert not path.exists()


def test_nonsense_in_the_file_counts_as_not_chosen(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"scale": 1000, "theme": 5}', encoding="utf-8")

    read = s.Settings(path)

    assert (read.get(s.SCALE), read.get(s.THEME)) == (100, "system")


@pytest.mark.parametrize("content", [b"{", b"", b"\xff\xfe", b"[1]", b"null"])
def test_a_broken_file_is_kept_aside(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)

    read = s.Settings(path)
    read.put(s.SCALE, 150)

    assert read.kept_aside is not None
    assert read.kept_aside.read_bytes() == content
    assert s.Settings(path).get(s.SCALE) == 150


def test_keys_of_a_newer_program_are_kept(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"holograms": {"on": true}}', encoding="utf-8")

    s.Settings(path).put(s.SCALE, 120)

    assert json.loads(path.read_text(encoding="utf-8")) == {"holograms": {"on": True}, "scale": 120}


def test_two_running_copies_do_not_undo_each_other(path: Path) -> None:
    first, second = s.Settings(path), s.Settings(path)

    first.put(s.SCALE, 125)
    second.put(s.THEME, "light")

    assert (s.Settings(path).get(s.SCALE), s.Settings(path).get(s.THEME)) == (125, "light")


def test_threads_do_not_lose_entries(path: Path) -> None:
    chosen = s.Settings(path)
    workers = [
        threading.Thread(target=chosen.put_entry, args=(s.LIST_LAYOUTS, f"list{n}", [n]))
        for n in range(20)
    ]

    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert s.Settings(path).get(s.LIST_LAYOUTS) == {f"list{n}": [n] for n in range(20)}


def test_what_get_returns_can_be_changed_without_harm(path: Path) -> None:
    chosen = s.Settings(path)

    chosen.get(s.RECENT_BASES).append("x")
    chosen.get(s.LIST_LAYOUTS)["x"] = 1

    assert (chosen.get(s.RECENT_BASES), chosen.get(s.LIST_LAYOUTS)) == ([], {})


def test_an_entry_is_taken_out_by_none(path: Path) -> None:
    chosen = s.Settings(path)
    chosen.put_entry(s.LIST_LAYOUTS, "a", 1)

    chosen.put_entry(s.LIST_LAYOUTS, "a", None)
    chosen.put_entry(s.LIST_LAYOUTS, "never there", None)

    assert chosen.get(s.LIST_LAYOUTS) == {}


def test_forgetting_brings_the_default_back(path: Path) -> None:
    chosen = s.Settings(path)
    chosen.put(s.SCALE, 110)

    chosen.forget(s.SCALE)

    assert s.Settings(path).get(s.SCALE) == 100


def test_a_failed_write_leaves_the_old_file_and_no_rest(path: Path) -> None:
    chosen = s.Settings(path)
    chosen.put(s.FONT, "Inter")
    before = path.read_bytes()

    with pytest.raises(UnicodeEncodeError):
        chosen.put(s.FONT, "\ud800")

    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_the_latest_base_comes_first_and_once(path: Path) -> None:
    chosen = s.Settings(path)

    for address in ("a.crm", "b.crm", "a.crm"):
        s.remember_base(chosen, address)

    assert chosen.get(s.RECENT_BASES) == ["a.crm", "b.crm"]
    assert chosen.get(s.LAST_BASE) == "a.crm"


def test_recent_bases_are_few(path: Path) -> None:
    chosen = s.Settings(path)

    for n in range(s.RECENT_LIMIT + 5):
        s.remember_base(chosen, f"{n}.crm")

    assert len(chosen.get(s.RECENT_BASES)) == s.RECENT_LIMIT


def test_a_forgotten_base_is_not_opened_again(path: Path) -> None:
    chosen = s.Settings(path)
    s.remember_base(chosen, "a.crm")

    s.forget_base(chosen, "a.crm")

    assert (chosen.get(s.RECENT_BASES), chosen.get(s.LAST_BASE)) == ([], "")


def test_the_folder_given_by_the_environment_comes_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(s.HOME_VARIABLE, str(tmp_path / "mine"))

    assert s.open_settings().path == tmp_path / "mine" / "settings.json"


def test_a_portable_program_keeps_everything_beside_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(s.HOME_VARIABLE)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "crm-desktop"))
    (tmp_path / s.PORTABLE_FLAG).touch()

    assert s.home_folder() == tmp_path / "data"


def test_otherwise_it_is_the_place_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(s.HOME_VARIABLE)

    assert "crm-desktop" in s.home_folder().parts


@pytest.mark.parametrize(
    ("language", "computer", "region", "expected"),
    [("ru", "en_US.UTF-8", "", "RU"), ("en", "en_US.UTF-8", "", "US"), ("en", "de_DE", "", "DE"),
     ("en", "C.UTF-8", "", "RU"), ("ru", "C", "KZ", "KZ")],
)  # fmt: skip
def test_the_phone_region_follows_the_language_until_it_is_chosen(
    path: Path, monkeypatch: pytest.MonkeyPatch, language: str, computer: str, region: str,
    expected: str,
) -> None:  # fmt: skip
    for name in ("LC_ALL", "LC_TELEPHONE", "LANG"):
        monkeypatch.setenv(name, computer)
    monkeypatch.setattr("locale.getlocale", lambda: (None, None))
    chosen = s.Settings(path)
    chosen.put(s.LANGUAGE, language)
    chosen.put(s.DEFAULT_PHONE_REGION, region)

    assert s.phone_region(chosen) == expected


def test_settings_cost_no_heavy_import() -> None:
    script = (
        "import sys, crm_desktop.settings, crm_desktop.log\n"
        "heavy = {'sqlalchemy', 'PySide6', 'platformdirs', 'logging.handlers', 'alembic'}\n"
        "print(*sorted(heavy & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    assert (done.stdout, done.stderr) == ("\n", "")


def test_the_password_of_a_server_is_not_kept(tmp_path: Path) -> None:
    kept = s.Settings(tmp_path / "settings.json")
    s.remember_base(kept, "firebird+fdb://anna:se:cr@t@office:3050/crm")
    assert "cr@t" not in (tmp_path / "settings.json").read_text(encoding="utf-8")
    assert kept.get(s.LAST_BASE).startswith("firebird+fdb://anna@")


@pytest.mark.parametrize("nowhere", ["C", "C.UTF-8", "POSIX"])
def test_a_computer_without_a_country_is_not_american(
    monkeypatch: pytest.MonkeyPatch, nowhere: str
) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_TELEPHONE", raising=False)
    monkeypatch.setenv("LANG", nowhere)
    assert i18n.system_country() == ""
