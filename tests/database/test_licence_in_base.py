"""A licence in a base: installed once, judged at every sign-in, by the server's day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from crm_desktop.services.licensing.licence import LicenceRefused
from crm_desktop.services.licensing.standing import BOUND_TO, install, keep_facts, standing
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base
from tests.cli_desk import Cli
from tests.licences import Vendor


@pytest.fixture
def vendor(tmp_path: Path) -> Vendor:
    return Vendor(tmp_path / "vendor")


@pytest.fixture
def base(base_url: str) -> Iterator[Workspace]:
    opened = ready_base(base_url)
    yield opened
    opened.close()


def test_without_one_there_are_two_seats_for_trying(base: Workspace) -> None:
    found = standing(base)

    assert (found.seats, found.is_trial, found.problem) == (2, True, None)


def test_an_installed_one_gives_its_seats(base: Workspace, vendor: Vendor) -> None:
    install(base, vendor.licence(seats=9, customer="Ы" * 200))

    found = standing(base, vendor.keys)

    assert (found.seats, found.is_trial) == (9, False)


def test_seats_edited_in_the_base_give_two(base: Workspace, vendor: Vendor) -> None:
    install(base, vendor.licence(seats=9))
    keep_facts(base, {"licence": base.info("licence").replace('"seats":9', '"seats":90')})

    found = standing(base, vendor.keys)

    assert found.seats == 2 and found.problem is not None and found.problem.why == "edited"


def test_facts_copied_from_another_base_show(base: Workspace, vendor: Vendor) -> None:
    install(base, vendor.licence())
    keep_facts(base, {BOUND_TO: "0b5e6f2e-6f0f-4f5e-9d0b-1f5e2c3d4a5b"})

    found = standing(base, vendor.keys)

    assert found.seats == 2 and found.problem is not None and found.problem.why == "other_base"


def test_one_for_another_base_is_not_installed(base: Workspace, vendor: Vendor) -> None:
    with pytest.raises(LicenceRefused, match="another base"):
        install(base, vendor.licence(base="0b5e6f2e-6f0f-4f5e-9d0b-1f5e2c3d4a5b"))

    assert base.info("licence") == ""


def test_one_that_is_over_is_not_installed_and_gives_nothing(
    base: Workspace, vendor: Vendor
) -> None:
    over = vendor.licence(valid_until=date(2020, 1, 1))
    with pytest.raises(LicenceRefused, match="valid until"):
        install(base, over)

    keep_facts(base, {"licence": over.text(), BOUND_TO: base.info("guid")})

    found = standing(base, vendor.keys)
    assert found.seats == 2 and found.problem is not None and found.problem.why == "expired"


def test_a_key_that_is_not_built_in_opens_nothing(base: Workspace, vendor: Vendor) -> None:
    install(base, vendor.licence(seats=50))

    found = standing(base)

    assert found.seats == 2 and found.problem is not None and found.problem.why == "unknown_key"


def test_no_variable_of_the_environment_brings_another_key(
    base: Workspace, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(base, vendor.licence(seats=50))
    for name in ("CRM_DESKTOP_KEY", "CRM_DESKTOP_LICENCE", "CRM_DESKTOP_LICENCE_KEY", "CRM_KEY"):
        monkeypatch.setenv(name, str(vendor.public))

    assert standing(base).seats == 2


def test_a_server_whose_clock_was_set_back_brings_nothing_back(
    firebird_url: str, vendor: Vendor
) -> None:
    """A day that seats were in use on is a day that was."""
    base = ready_base(firebird_url)
    try:
        until = date(2090, 1, 1)
        install(base, vendor.licence(valid_until=until))
        with base.backend.write() as connection:
            connection.exec_driver_sql("INSERT INTO seat_use VALUES ('2090-01-02 10:00', 1, 0)")

        found = standing(base, vendor.keys)
    finally:
        base.close()
    assert found.problem is not None and found.problem.why == "expired"


def test_the_commands_from_keys_to_a_licensed_base(
    base_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ready_base(base_url).close()
    cli, made, file = Cli(base_url, capsys), tmp_path / "v", tmp_path / "a.crmlicence"
    assert cli.told("licence", "keygen", "--out", made).code == 0
    issued = cli.told(
        "licence", "issue", "--key", made / "vendor.key", "--customer", "Chamomile", "--seats", 5,
        "--updates-until", "2090-01-01", "--id", "L-9", "--out", file,
    )  # fmt: skip
    assert issued.code == 0, issued.err
    key = ("--key", made / "vendor.pub")

    told = cli.told("licence", "install", "--base", base_url, file, *key, "--json")

    assert told.value["seats"] == 5
    shown = cli.told("licence", "show", "--base", base_url, *key, "--json").value
    assert (shown["licensed"], shown["seats"], shown["id"]) == (True, 5, "L-9")
    assert cli.told("licence", "show", file, *key, "--json").value["updates_until"] == "2090-01-01"


def test_a_bad_file_is_refused_with_its_own_sentence(
    base_url: str, vendor: Vendor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ready_base(base_url).close()
    cli = Cli(base_url, capsys)
    good = vendor.file(tmp_path / "good").read_text()
    (tmp_path / "none").write_text("seats: 5")
    (tmp_path / "edited").write_text(good.replace('"seats":5', '"seats":50'))
    vendor.file(tmp_path / "over", valid_until=date(2020, 1, 1))
    vendor.file(tmp_path / "ended", updates_until=date(2020, 1, 1))
    vendor.file(tmp_path / "other", base="0b5e6f2e-6f0f-4f5e-9d0b-1f5e2c3d4a5b")
    said = [
        cli.told("licence", "install", "--base", base_url, tmp_path / name, "--key", vendor.public)
        for name in ("none", "edited", "over", "ended", "other")
    ]
    said.append(cli.told("licence", "install", "--base", base_url, tmp_path / "good"))

    assert [told.code for told in said] == [1] * 6
    assert len({told.err for told in said}) == 6
    assert cli.told("licence", "show", "--base", base_url, "--json").value["licensed"] is False


def test_seats_are_listed_sent_away_freed_and_ruled(
    firebird_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.seats import office

    base, cli = ready_base(firebird_url), Cli(firebird_url, capsys)

    def told(*arguments: object) -> object:
        return cli.told("seats", *arguments, "--base", firebird_url, "--json").value

    with office(base, 3) as made:
        made.fill(2)
        made.employ("anna")
        rows = told("list")["rows"]  # type: ignore[index]
        assert [row["kind"] for row in rows] == ["work", "work"]
        assert told("travel", rows[0]["seat"], 3) == {"seat": rows[0]["seat"], "days": 3}
        assert told("free", rows[1]["seat"], "--reason", "ill") == {"freed": rows[1]["seat"]}
        assert told("board")["peak"] == 2  # type: ignore[index]
        assert told("rules", "--idle", 20, "--reserved", "Anna", "--reading", "yes") == {
            "idle": 20, "travel": 14, "called": 60, "reading": True, "reserved": ["anna"],
        }  # fmt: skip
    base.close()


def test_a_local_base_has_no_seats(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    ready_base(sqlite_url).close()

    refused = Cli(sqlite_url, capsys).told("seats", "list", "--base", sqlite_url)

    assert refused.code == 1 and "local base" in refused.err
