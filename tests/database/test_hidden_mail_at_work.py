"""E-mail addresses that roles hide or mask: every way by which an employee might get at one with
the program, under his own account. With a tool for databases: `test_hidden_mail.py`."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crm_desktop.errors import NotAllowed
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.holding import MASK
from crm_desktop.models.catalogue.telling import SAME_EMAIL
from crm_desktop.models.query import Condition, Query, Sort
from crm_desktop.services.audit import service as audit
from crm_desktop.services.audit.service import Wanted
from crm_desktop.services.exporting.export import export_object
from crm_desktop.services.ics.exporting import calendar_bytes
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.rights import words
from crm_desktop.services.rights.hidden_fields import number_to_call
from crm_desktop.services.rights.roles import Roles
from crm_desktop.services.workspace import Workspace, open_base
from tests.cli_desk import Cli
from tests.mail_office import Hers, anna, boss, hers, hide, letters, office, tool
from tests.strict_office import TwoSellers

__all__ = ["anna", "boss", "hers", "office", "tool"]


def channel(anna: Workspace, hers: Hers, kind: str = "email") -> int:
    cursor = anna.lists.open(
        Query("channel", ("value", "kind"), Condition("owner", "eq", ["client", hers.id]))
    )
    rows = anna.reader.many("channel", cursor.ids(), ["kind"])
    return next(id_ for id_, row in rows.items() if row["kind"] == kind)


def test_her_day(boss: Workspace, hers: Hers, anna: Workspace) -> None:
    other = f"{hers.name} Ltd"
    anna.records.update("client", hers.id, {"city": "Omsk", "name": other})
    (mine,) = anna.records.create(
        "client", {"name": "Rose", "email": f"rose@{hers.domain}", "responsible": anna.user_id}
    ).ids
    anna.records.create("channel", {
        "value": f"third@{hers.domain}", "kind": "email", "owner": Ref("client", hers.id),
    })  # fmt: skip

    for typed in (hers.mail, hers.last, f"@{hers.domain}", hers.domain, "third@"):
        found = {hit.id for hit in anna.search.find(typed, None, 20)}
        assert not found & {hers.id, mine}, typed
        assert hers.id not in anna.search.matching("client", typed)
    assert not anna.search.find_anywhere(hers.domain)
    assert [hit.id for hit in anna.search.find(other, "client", 5)] == [hers.id]
    for typed in (hers.mail, f"second@{hers.domain}", f"third@{hers.domain}"):
        assert [hit.id for hit in boss.search.find(typed, "client", 5)] == [hers.id], typed
    assert boss.reader.many("client", [mine], ["email"])[mine]["email"] == f"rose@{hers.domain}"


def test_neither_the_past_nor_likeness_tells_it(
    boss: Workspace, hers: Hers, anna: Workspace
) -> None:
    client = anna.catalogue["client"]
    (channel_,) = boss.records.create("channel", {
        "value": f"gone@{hers.domain}", "kind": "email", "owner": Ref("client", hers.id),
    }).ids  # fmt: skip
    boss.records.delete("channel", [channel_])

    past = anna.record_history.of(client, hers.id)
    card = anna.as_of.card(client, hers.id, datetime.now(UTC))
    deleted = anna.recycle_bin.at(anna.recycle_bin.places())
    assert len(past) >= 2 and not hers.tells(past)
    assert not hers.tells(card) and not hers.tells(deleted)
    assert not hers.tells(anna.operations.last(50))
    asked = {"name": hers.name, "email": hers.mail}
    for base, known in ((anna, False), (boss, True)):
        (like,) = base.duplicates.like(client, asked)
        assert like.id == hers.id and (SAME_EMAIL in like.reasons) == known


def test_two_masks_are_no_likeness(boss: Workspace, hers: Hers, anna: Workspace) -> None:
    client, values = anna.catalogue["client"], {"name": "Lonely thing", "email": MASK}
    assert anna.duplicates.like(client, values) == []
    assert anna.duplicates.like(client, {**values, "email": f"p{MASK}@{hers.domain}"}) == []


def test_no_filter_or_order_goes_by_it(hers: Hers, anna: Workspace) -> None:
    for query in (
        Query("client", ("name",), Condition("email", "contains", hers.domain)),
        Query("client", ("name",), sort=(Sort("email"),)),
        Query("person", ("name",), Condition("client.email", "filled")),
    ):
        with pytest.raises(NotAllowed, match="E-mail"):
            anna.lists.open(query)
    for key, field in (("channel", "value"), ("participation", "address")):
        query = Query(key, (field,), Condition(field, "contains", hers.domain))
        assert anna.lists.open(query).count() == 0


def test_what_would_lose_it_is_refused(boss: Workspace, hers: Hers, anna: Workspace) -> None:
    one = channel(anna, hers)
    (guest,) = anna.lists.open(
        Query("participation", ("address",), Condition("activity", "eq", hers.meeting))
    ).ids()
    writes: list[Callable[[], object]] = [
        lambda: anna.records.delete("channel", [one]),
        lambda: anna.records.update("channel", one, {"value": "a@b.cc"}),
        lambda: anna.records.update("channel", one, {"kind": "other"}),
        lambda: anna.records.update("client", hers.id, {"email": None}),
        lambda: anna.records.create("client", {"name": "C", "city": f"p{MASK}@{hers.domain}"}),
        lambda: anna.records.delete("client", [hers.id]),
        lambda: anna.records.delete("participation", [guest]),
        lambda: anna.records.delete("activity", [hers.meeting]),
    ]
    for write in writes:
        with pytest.raises(NotAllowed):
            write()
    assert boss.reader.many("client", [hers.id], ["email"])[hers.id]["email"] == hers.mail


def test_the_program_asks_for_the_address_to_write_to(
    boss: Workspace, office: TwoSellers, hers: Hers, anna: Workspace
) -> None:
    client, contact = anna.catalogue["client"], anna.catalogue["channel"]

    assert number_to_call(anna, client, "email", hers.id) == hers.mail
    assert number_to_call(anna, contact, "value", channel(anna, hers)) == hers.mail
    messenger = number_to_call(anna, contact, "value", channel(anna, hers, "messenger"))
    assert messenger == f"second@{hers.domain}"
    assert number_to_call(anna, client, "email", office.his) == ""
    assert audit.counted(boss, Wanted(what=audit.WRITTEN_TO, record=hers.id, entity="client")) == 1


def test_no_file_tells_it(hers: Hers, office: TwoSellers, boss: Workspace, tmp_path: Path) -> None:
    roles = Roles(boss)
    role = roles.named("seller")
    allowed = {words.EXPORT: words.OWN, words.PRINT: words.OWN}
    roles.set(role, boss.catalogue["client"], allowed)
    roles.set(role, boss.catalogue["activity"], allowed)
    with closing(open_base(office.office.of(office.anna))) as anna:
        for ending in ("csv", "json", "vcf"):
            path = tmp_path / f"clients.{ending}"
            export_object(anna, Query("client"), path)
            text = path.read_text("utf-8")
            assert hers.name in text and not hers.tells(text), ending
        data, count = calendar_bytes(anna, [hers.meeting])
    assert count == 1 and hers.name.encode() in data and not hers.tells(data)
    whole, _count = calendar_bytes(boss, [hers.meeting])
    assert hers.tells(whole.replace(b"\r\n ", b""))


def test_no_command_tells_it(
    hers: Hers, office: TwoSellers, capsys: pytest.CaptureFixture[str]
) -> None:
    cli = Cli(office.office.of(office.anna), capsys)
    asked: list[tuple[object, ...]] = [
        ("show", "client", hers.id), ("show", "activity", hers.meeting),
        ("list", "client", "--columns", "name,email"), ("history", "client", hers.id),
        ("find", hers.name), ("find", hers.last, "--anywhere"), ("operations",),
        ("list", "channel", "--limit", 50), ("list", "participation", "--limit", 50),
    ]  # fmt: skip
    for command, *more in asked:
        told = json.dumps(cli(str(command), *more), ensure_ascii=False)
        if hers.last in more:
            told = told.replace(hers.last, "")
        assert not hers.tells(told), command


def test_the_index_is_right_whoever_wrote(
    office: TwoSellers, boss: Workspace, hers: Hers, anna: Workspace
) -> None:
    (fresh,) = boss.records.create("client", {
        "name": f"Fresh {letters()}", "email": f"a.{letters()}@{letters()}.example",
        "phone": "+74951112233", "responsible": anna.user_id,
    }).ids  # fmt: skip
    before = check_base(boss).problems
    anna.records.update("client", fresh, {"city": "Omsk", "name": f"Other {letters()}"})

    assert check_base(boss).problems == before


def test_whoever_is_not_kept_from_it_sees_it(office: TwoSellers, boss: Workspace) -> None:
    hide(boss, words.HIDDEN)
    roles = Roles(boss)
    wider = roles.add(f"Second {secrets.token_hex(3)}", like=roles.named("seller"))
    roles.show(wider, boss.catalogue["client"], "email", "")
    roles.give(wider, office.persons[office.boris])
    mail = f"x.{letters()}@{letters()}.example"
    with closing(open_base(office.office.of(office.boris))) as boris:
        boris.records.update("client", office.his, {"email": mail})
        assert boris.reader.many("client", [office.his], ["email"])[office.his]["email"] == mail
        assert [hit.id for hit in boris.search.find(mail, "client", 5)] == [office.his]
    roles.drop(wider)
