"""Every way out of the base for somebody whom roles keep from fields: what is hidden or masked goes
out by none of them, and whoever may not export gets no file. With an employee's own account."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crm_desktop.errors import NotAllowed
from crm_desktop.models.query import Condition, Query
from crm_desktop.services.audit import service as audit
from crm_desktop.services.audit.service import Wanted
from crm_desktop.services.exporting.export import export_object, export_query
from crm_desktop.services.exporting.figures import Behind, export_figures
from crm_desktop.services.exporting.writers.workbook import Sheet
from crm_desktop.services.rights import words
from crm_desktop.services.rights.acts import COPIED_FREELY
from crm_desktop.services.rights.roles import Roles
from crm_desktop.services.workspace import Workspace, open_base
from crm_desktop.services.writing.staging import Create
from tests.cli_desk import Cli
from tests.firebird_server import FirebirdServer
from tests.strict_office import TwoSellers, two_sellers

PHONE, EMPLOYEES, SITE = "4951234567", 31337, "https://daisy-secret.example/path77"
COLUMNS = ("name", "phone", "employees", "web", "city")
ENDINGS = ("xlsx", "csv", "json", "vcf")
SECRETS = (PHONE, str(EMPLOYEES), "daisy-secret")


@pytest.fixture(scope="module")
def office(firebird: FirebirdServer) -> Iterator[TwoSellers]:
    """Anna exports what is hers, but for telephone and staff (hidden) and website (masked); Boris
    sees all of his and exports nothing."""
    with two_sellers(firebird) as made:
        boss = made.office.sign_in(made.office.boss)
        client, roles = boss.catalogue["client"], Roles(boss)
        seller = roles.named("seller")
        mine = roles.add("Exports but sees little", like=seller)
        roles.set(mine, client, {words.EXPORT: words.OWN, words.PRINT: words.OWN})
        roles.show(mine, client, "phone", words.HIDDEN)
        roles.show(mine, client, "employees", words.HIDDEN)
        roles.show(mine, client, "web", words.MASKED)
        roles.take(seller, made.persons[made.anna])
        roles.give(mine, made.persons[made.anna])
        secret = {"employees": EMPLOYEES, "web": SITE}
        for id_ in (made.hers, made.his):
            boss.records.update("client", id_, secret)
        boss.records.update("client", made.hers, {"employees": EMPLOYEES + 1})
        boss.records.update("client", made.hers, {"employees": EMPLOYEES})
        yield made


@pytest.fixture
def anna(office: TwoSellers) -> Iterator[Workspace]:
    with closing(open_base(office.office.of(office.anna))) as base:
        yield base


@pytest.fixture
def boris(office: TwoSellers) -> Iterator[Workspace]:
    with closing(open_base(office.office.of(office.boris))) as base:
        yield base


def content(path: Path) -> str:
    """All that is in a file, with that of the files in it."""
    if path.suffix != ".xlsx":
        return path.read_text("utf-8")
    with zipfile.ZipFile(path) as book:
        return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


def tells(text: str) -> list[str]:
    """The secrets that stand in it, telephones in any spelling."""
    digits = "".join(filter(str.isdigit, text))
    return [one for one in SECRETS if one in text or (one == PHONE and one in digits)]


@pytest.mark.parametrize("ending", ENDINGS)
def test_files_lack_it(anna: Workspace, tmp_path: Path, ending: str) -> None:
    shown, whole = tmp_path / f"shown.{ending}", tmp_path / f"whole.{ending}"

    assert export_query(anna, Query("client", COLUMNS), shown) == 1
    assert export_object(anna, Query("client"), whole) == 1

    for path in (shown, whole):
        text = content(path)
        assert "Daisyhers" in text, "the record itself is there"
        assert tells(text) == []


def test_the_files_of_who_sees_all_tell_it(office: TwoSellers, tmp_path: Path) -> None:
    boss = office.office.sign_in(office.office.boss)
    for ending in ENDINGS:
        path = tmp_path / f"all.{ending}"
        export_object(boss, Query("client"), path)
        assert PHONE in "".join(filter(str.isdigit, content(path))), "the tests above can fail"


def test_a_workbook_of_charts_lacks_it(anna: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "chart.xlsx"
    figures = Sheet("Figures", ("Town", "Clients"), [["Omsk", 1]])

    export_figures(anna, path, figures, [Behind("Clients", Query("client", COLUMNS))])

    assert "Daisyhers" in content(path) and tells(content(path)) == []


def test_a_workbook_of_charts_is_refused_to_who_may_not_export(
    office: TwoSellers, boris: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "chart.xlsx"
    figures = Sheet("Figures", ("Town", "Clients"), [["Omsk", 1]])

    with pytest.raises(NotAllowed):
        export_figures(boris, path, figures, [Behind("Clients", Query("client", COLUMNS))])

    assert not path.exists()
    boss = office.office.sign_in(office.office.boss)
    wanted = Wanted(what=audit.EXPORTED, login=office.boris)
    assert all("chart.xlsx" not in one.detail for one in audit.last(boss, 50, wanted))


@pytest.mark.parametrize("ending", ENDINGS)
def test_files_are_refused_to_who_may_not_export(
    boris: Workspace, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"his.{ending}"

    for write in (export_query, export_object):
        with pytest.raises(NotAllowed):
            write(boris, Query("client", ("name",)), path)

    assert not path.exists()


def test_commands_tell_nothing_of_it(
    office: TwoSellers, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    cli = Cli(office.office.of(office.anna), capsys)
    asked: list[tuple[object, ...]] = [
        ("show", "client", office.hers),
        ("list", "client", "--columns", ",".join(COLUMNS)),
        ("history", "client", office.hers),
        ("find", "Daisyhers"),
        ("find", PHONE),
        ("find", "daisy-secret", "--anywhere"),
        ("operations",),
        ("list", "channel"),
    ]

    for one in asked:
        command, *more = one
        assert tells(json.dumps(cli(str(command), *more), ensure_ascii=False)) == [], one
        assert tells("\n".join(cli.lines(str(command), *more))) == [], one
    for ending in ENDINGS:
        path = tmp_path / f"typed.{ending}"
        cli("export", "client", "--out", path)
        assert "Daisyhers" in content(path) and tells(content(path)) == []


def test_no_filter_finds_out_what_is_hidden(
    office: TwoSellers, capsys: pytest.CaptureFixture[str]
) -> None:
    cli = Cli(office.office.of(office.anna), capsys)
    for where in ({"path": "employees", "op": "eq", "value": EMPLOYEES},):
        told = cli.on_base("list", "client", "--where", json.dumps(where), "--count", "--json")
        assert told.code == 1 or told.value["total"] == 0


def test_many_rows_on_the_command_line_are_an_export(
    office: TwoSellers, boris: Workspace, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    person, boss = office.persons[office.boris], office.office.sign_in(office.office.boss)
    boris.records.apply([
        Create("client", {"name": f"Many {n}", "responsible": person})
        for n in range(COPIED_FREELY + 1)
    ])  # fmt: skip
    cli = Cli(office.office.of(office.boris), capsys)

    assert len(cli("list", "client", "--limit", COPIED_FREELY)["rows"]) == COPIED_FREELY
    assert "Export" in cli.refusal("list", "client", "--limit", 10_000)["error"]
    assert "Export" in cli.refusal("find", "Many", "--limit", 10_000)["error"]

    boss_cli = Cli(office.office.of(office.office.boss), capsys)
    before = audit.counted(boss, Wanted(what=audit.COPIED))
    assert len(boss_cli("list", "client", "--limit", 10_000)["rows"]) > COPIED_FREELY
    assert audit.counted(boss, Wanted(what=audit.COPIED)) == before + 1


def test_a_calendar_file_is_an_export_by_command_too(
    office: TwoSellers, boris: Workspace, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    boris.records.create("activity", {
        "kind": "meeting", "subject": "Secret meeting", "state": "planned",
        "author": boris.user_id, "starts": boris.clock.now(), "ends": boris.clock.now(),
    })  # fmt: skip
    path, boss = tmp_path / "his.ics", office.office.sign_in(office.office.boss)

    told = Cli(office.office.of(office.boris), capsys).refusal("ics", "export", path)
    assert "Export" in told["error"] and not path.exists()

    before = audit.counted(boss, Wanted(what=audit.EXPORTED))
    Cli(office.office.of(office.office.boss), capsys)("ics", "export", path)
    assert path.exists() and audit.counted(boss, Wanted(what=audit.EXPORTED)) == before + 1


def test_where_it_is_masked_only_its_end_is_shown(anna: Workspace, office: TwoSellers) -> None:
    found = anna.reader.get("client", office.hers)

    assert found is not None
    assert str(found.values["web"]).endswith(SITE[-2:]) and tells(str(found.values)) == []
    query = Query("client", ("name",), Condition("name", "eq", "Daisyhers"))
    assert anna.lists.open(query).count() == 1
