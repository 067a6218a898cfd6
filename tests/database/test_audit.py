"""What the audit of a base on a server knows: sign-ins by any tool, refusals, cards, copies."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import fdb
import pytest

from crm_desktop.errors import InvalidInput, UserError
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.audit import failed_sign_ins, leak_detection, words
from crm_desktop.services.audit import service as audit
from crm_desktop.services.audit.service import Entry, Wanted
from crm_desktop.services.licensing.house_rules import HouseRules, settle
from crm_desktop.services.workspace import Workspace, open_base
from tests.firebird_server import FirebirdServer
from tests.strict_office import TwoSellers, two_sellers


@pytest.fixture(scope="module")
def sellers(firebird: FirebirdServer) -> Iterator[TwoSellers]:
    with two_sellers(firebird) as made:
        yield made


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CRM_DESKTOP_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def boss(sellers: TwoSellers) -> Workspace:
    return sellers.office.sign_in(sellers.office.boss)


def isql(sellers: TwoSellers, *options: str) -> subprocess.CompletedProcess[str]:
    """The server's own tool, by Anna's account."""
    return subprocess.run(
        ["isql-fb", "-q", "-user", sellers.anna, "-password",
         sellers.office.passwords[sellers.anna], *options, sellers.server.dsn(sellers.name)],
        input="SELECT 1 FROM rdb$database;\n", capture_output=True, text=True, timeout=30,
        check=False,
    )  # fmt: skip


def by_tool(boss: Workspace, sellers: TwoSellers, tool: str) -> list[Entry]:
    found = audit.last(boss, 50, Wanted(what=audit.CONNECTED, login=sellers.anna))
    return [one for one in found if tool in one.detail]


@pytest.mark.parametrize("role", [("-role", "CRM_STAFF"), ()])
def test_a_connection_by_any_tool_is_noted_with_address_and_program(
    sellers: TwoSellers, boss: Workspace, role: tuple[str, ...]
) -> None:
    before = len(by_tool(boss, sellers, "isql"))

    isql(sellers, *role)

    found = by_tool(boss, sellers, "isql")
    assert len(found) == before + 1
    assert found[0].machine == audit.this_machine() and "@ 127.0.0.1" in found[0].detail


def test_one_program_with_several_lines_is_noted_once(sellers: TwoSellers, boss: Workspace) -> None:
    lines = [sellers.tool() for _ in range(3)]
    for line in lines:
        line.close()

    found = audit.last(boss, 500, Wanted(what=audit.CONNECTED, login=sellers.anna))
    details = [one.detail for one in found]
    assert details and len(details) == len(set(details))


def test_staff_cannot_switch_that_off(sellers: TwoSellers, boss: Workspace) -> None:
    before = len(by_tool(boss, sellers, "isql"))

    told = isql(sellers, "-nodbtriggers")

    assert told.returncode != 0 or len(by_tool(boss, sellers, "isql")) == before + 1
    with pytest.raises(fdb.DatabaseError):
        line = sellers.tool()
        try:
            line.cursor().execute("ALTER TRIGGER audit_connected INACTIVE")
            line.commit()
        finally:
            line.close()


def test_refused_sign_ins_are_told_at_the_next_good_one(
    sellers: TwoSellers, boss: Workspace, home: Path
) -> None:
    for _ in range(2):
        with pytest.raises(UserError):
            open_base(sellers.office.of(sellers.boris, "wrong"))
    kept = (home / "refused-sign-ins.json").read_text()
    assert "wrong" not in kept and sellers.boris in kept

    sellers.work(sellers.anna)

    one = audit.last(boss, 1, Wanted(what=audit.FAILED))[0]
    assert (one.login, one.amount) == (sellers.anna, 2)
    assert one.detail.startswith(f"{sellers.boris}: ")
    assert "+00:00" in one.detail and "+00:00" not in words.detail(boss, one)
    assert not (home / "refused-sign-ins.json").exists()


def test_every_act_has_a_name() -> None:
    kinds = {value for name, value in vars(audit).items()
             if name.isupper() and isinstance(value, str)}  # fmt: skip

    assert kinds - {audit.KEPT_FOR} == set(words.TITLES)


def test_rules_and_decoys_are_told_by_their_names(sellers: TwoSellers, boss: Workspace) -> None:
    settle(boss, HouseRules(idle=45))
    settle(boss, HouseRules())
    leak_detection.mark(boss, Ref("client", sellers.hers), is_decoy=True)
    leak_detection.mark(boss, Ref("client", sellers.hers), is_decoy=False)

    _now, before = audit.last(boss, 2, Wanted(what=audit.SEAT_RULES))
    assert words.detail(boss, before).startswith("Give back after idle minutes: 45; Longest")
    decoy = audit.last(boss, 1, Wanted(what=audit.DECOYS))[0]
    assert "Daisyhers" in words.detail(boss, decoy)
    assert decoy.ref == Ref("client", sellers.hers)


def test_a_list_of_refusals_that_is_spoilt_keeps_nobody_out(
    sellers: TwoSellers, home: Path
) -> None:
    (home / "refused-sign-ins.json").write_text("{[")

    assert sellers.work(sellers.anna).login == sellers.anna
    failed_sign_ins.keep(sellers.office.of(sellers.anna, "x"))
    assert sellers.anna in (home / "refused-sign-ins.json").read_text()


def test_cards_are_noted_in_one_go_and_each_once(sellers: TwoSellers, boss: Workspace) -> None:
    anna = sellers.work(sellers.anna)
    for id_ in (sellers.hers, sellers.hers, sellers.his):
        anna.seen.opened(Ref("client", id_))
    assert anna.seen.is_waiting
    assert not audit.counted(boss, Wanted(what=audit.SEEN, login=sellers.anna))

    anna.close()  # what is waiting goes with the end

    found = audit.last(boss, 10, Wanted(what=audit.SEEN, login=sellers.anna))
    assert {one.ref for one in found} == {
        Ref("client", sellers.hers), Ref("client", sellers.his)
    }  # fmt: skip
    assert "Daisyhers" in {one.title for one in found}
    about = Wanted(what=audit.SEEN, entity="client", record=sellers.hers)
    assert audit.counted(boss, about) == 1


def test_rows_are_narrowed_by_days(sellers: TwoSellers, boss: Workspace) -> None:
    audit.note(boss, audit.PRINTED, amount=3, detail="today")
    now = boss.clock.now()

    today = Wanted(what=audit.PRINTED, since=now - timedelta(hours=1))
    assert [one.detail for one in audit.last(boss, 5, today)] == ["today"]
    assert not audit.last(boss, 5, Wanted(what=audit.PRINTED, until=now - timedelta(hours=1)))


def test_what_is_older_than_the_office_keeps_goes_and_that_is_noted(
    sellers: TwoSellers, boss: Workspace
) -> None:
    with boss.backend.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO audit_entry (id, made_at, login, what)"
            " VALUES (-77, DATEADD(-40 DAY TO CURRENT_TIMESTAMP), 'old', 'print')"
        )
    audit.clear_old(boss)
    assert audit.counted(boss, Wanted(login="old")) == 1

    audit.keep_for(boss, 30)

    assert not audit.counted(boss, Wanted(login="old"))
    cleared = audit.last(boss, 1, Wanted(what=audit.CLEARED))[0]
    assert (cleared.amount, cleared.detail) == (1, "30")
    with pytest.raises(InvalidInput):
        audit.keep_for(boss, 1)


def test_staff_clear_nothing_and_set_no_day(sellers: TwoSellers) -> None:
    anna = sellers.work(sellers.anna)

    assert audit.clear_old(anna) == 0
    with pytest.raises(UserError):
        audit.keep_for(anna, 30)
