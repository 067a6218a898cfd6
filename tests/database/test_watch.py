"""The watch over leaks: decoys that staff cannot tell, and days on which somebody takes out more
than he usually does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import fdb
import pytest

from crm_desktop.errors import NotAllowed
from crm_desktop.models.backend.firebird_audit import Tally
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Query
from crm_desktop.services.audit import leak_detection
from crm_desktop.services.audit import service as audit
from crm_desktop.services.audit.service import Wanted
from crm_desktop.services.exporting.export import export_query
from crm_desktop.services.rights import words
from crm_desktop.services.rights.roles import Roles
from crm_desktop.services.workspace import Workspace
from tests.cli_desk import Cli
from tests.firebird_server import FirebirdServer
from tests.strict_office import TwoSellers, two_sellers


@pytest.fixture(scope="module")
def sellers(firebird: FirebirdServer) -> Iterator[TwoSellers]:
    """Boris is Anna's head; sellers may export what is theirs."""
    with two_sellers(firebird) as made:
        base = made.office.sign_in(made.office.boss)
        roles = Roles(base)
        roles.set(roles.named("seller"), base.catalogue["client"], {words.EXPORT: words.OWN})
        base.records.update("staff", made.persons[made.anna], {"head": made.persons[made.boris]})
        yield made


@pytest.fixture
def boss(sellers: TwoSellers) -> Workspace:
    return sellers.office.sign_in(sellers.office.boss)


def test_a_decoy_in_an_export_alarms_head_and_administrator_once(
    sellers: TwoSellers, boss: Workspace, tmp_path: Path
) -> None:
    leak_detection.mark(boss, Ref("client", sellers.hers), is_decoy=True)
    assert leak_detection.decoys(boss) == [Ref("client", sellers.hers)]
    anna, head = sellers.work(sellers.anna), sellers.work(sellers.boris)

    export_query(anna, Query("client", columns=("name",)), tmp_path / "clients.csv")

    (told,) = (one for one in leak_detection.look(head, norms=False) if "clients.csv" in one)
    assert "Anna Seller" in told
    assert leak_detection.look(head, norms=False) == [] and leak_detection.look(anna) == []
    assert (
        leak_detection.watches(head)
        and leak_detection.watches(boss)
        and not leak_detection.watches(anna)
    )
    assert any("clients.csv" in one for one in leak_detection.look(boss))
    row = audit.last(boss, 1, Wanted(what=audit.EXPORTED, decoys=True))[0]
    assert (row.login, row.decoys) == (sellers.anna, 1)
    leak_detection.mark(boss, Ref("client", sellers.hers), is_decoy=False)
    assert leak_detection.decoys(boss) == []


def test_staff_neither_list_nor_make_decoys(sellers: TwoSellers) -> None:
    anna = sellers.work(sellers.anna)

    decoy = Ref("client", sellers.hers)
    for act in (lambda: leak_detection.decoys(anna),
                lambda: leak_detection.mark(anna, decoy, is_decoy=True)):  # fmt: skip
        with pytest.raises(NotAllowed):
            act()


def test_comparing_reads_and_writes_as_much_whatever_comes_of_it(
    sellers: TwoSellers, boss: Workspace
) -> None:
    """The server's own counters of one's line are open to everybody: they tell nothing either."""
    leak_detection.mark(boss, Ref("client", sellers.hers), is_decoy=True)
    anna = sellers.work(sellers.anna)
    entry = audit.note(anna, audit.EXPORTED, entity="client")
    ent = anna.catalogue["client"].number

    counts = {_cost(sellers, entry, ent, id_) for id_ in (sellers.hers, sellers.his, 5)}

    assert len(counts) == 1
    leak_detection.mark(boss, Ref("client", sellers.hers), is_decoy=False)


def _cost(sellers: TwoSellers, entry: int, ent: int, id_: int) -> tuple[int, ...]:
    """What the server counts of one comparison on a line of its own."""
    line: fdb.Connection = sellers.tool()
    try:
        cursor = line.cursor()
        before = _counters(cursor, line)
        cursor.execute("EXECUTE PROCEDURE watch_check(?, ?, ?)", (entry, ent, f",{id_},"))
        line.commit()
        return tuple(a - b for a, b in zip(_counters(cursor, line), before, strict=True))
    finally:
        line.close()


def _counters(cursor: fdb.Cursor, line: fdb.Connection) -> tuple[int, ...]:
    cursor.execute(
        "SELECT s.mon$record_seq_reads, s.mon$record_idx_reads, s.mon$record_inserts,"
        " s.mon$record_updates FROM mon$record_stats s JOIN mon$attachments a"
        " ON a.mon$stat_id = s.mon$stat_id WHERE a.mon$attachment_id = CURRENT_CONNECTION"
    )
    row = cursor.fetchone()
    line.commit()
    return tuple(row)


def test_a_day_far_above_ones_own_norm_is_told_once(sellers: TwoSellers, boss: Workspace) -> None:
    with boss.backend.write() as connection:
        for ago in range(10):
            count = 900 if ago == 0 else 40 + ago
            connection.exec_driver_sql(
                "INSERT INTO audit_entry (id, made_at, login, who, what, amount) VALUES"
                " (?, DATEADD(-CAST(? AS INTEGER) DAY TO LOCALTIMESTAMP), ?, ?, 'print', ?)",
                (-900 - ago, ago, sellers.anna, sellers.persons[sellers.anna], count),
            )
    head = sellers.work(sellers.boris)

    (told,) = [one for one in leak_detection.look(head) if "900" in one]

    assert "Anna Seller" in told and "usually 45" in told
    assert not leak_detection.look(head)


def days(*counts: int) -> list[Tally]:
    return [Tally(1, "a", audit.EXPORTED, ago, count) for ago, count in enumerate(counts)]


@pytest.mark.parametrize(("counts", "is_odd"), [
    ((150, 1, 1, 1, 1, 1), False),
    ((201, 1, 1, 1, 1, 1), True),
    ((390,), False),
    ((401,), True),
    ((900, 500, 510, 490, 505, 495), False),
    ((1100, 500, 510, 490, 505, 495), True),
    ((1100, 100, 900, 400, 800, 300), False),
])  # fmt: skip
def test_what_is_unusual_depends_on_the_person(counts: tuple[int, ...], is_odd: bool) -> None:
    assert bool(leak_detection.unusual(days(*counts))) is is_odd


def test_decoys_on_the_command_line(
    sellers: TwoSellers, capsys: pytest.CaptureFixture[str]
) -> None:
    cli = Cli(sellers.office.of(sellers.office.boss), capsys)

    assert cli("decoy", "add", "client", sellers.his)["decoy"] is True
    assert cli("decoy", "list")["rows"] == [{"object": "client", "id": sellers.his}]
    assert cli("decoy", "remove", "client", sellers.his)["decoy"] is False
    assert cli("decoy", "list")["rows"] == []
    staff = Cli(sellers.office.of(sellers.anna), capsys)
    assert "administrator" in staff.refusal("decoy", "list")["error"]
