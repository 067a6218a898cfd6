"""Words of hidden fields, guessed by what the server counts of an employee's own statements: who is
kept from a field learns nothing, by asking, adding or taking away. See decision 021."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

import fdb
import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.rights import words
from crm_desktop.services.rights.roles import Roles
from crm_desktop.services.search.renew import repair_search
from crm_desktop.services.workspace import Workspace, open_base
from tests.mail_office import letters
from tests.seller_fixtures import Tool, boss, office, tool
from tests.strict_office import TwoSellers

__all__ = ["boss", "office", "tool"]

COUNTED = ("idx_reads", "seq_reads", "inserts", "updates", "deletes", "backouts")
ASKED = "SELECT COUNT(*) FROM crm_hidden_words(1, ?, ?, 150)"
ADDED = "INSERT INTO v_search_posting (ent, tok, rid) VALUES (1, ?, ?)"
LISTED = "SELECT COUNT(*) FROM v_search_posting WHERE ent = 1 AND tok = ? AND rid = ?"


class Word(NamedTuple):
    """One by which a hidden value is found, as the tables have it."""

    sign: str
    word: str

    @property
    def wrong(self) -> Word:
        """One that is not there."""
        return self._replace(word=self.word[:-2] + ("00" if self.sign == "+" else "qq"))

    @property
    def token(self) -> str:
        """As it stood among all others."""
        return self.word if self.sign == "+" else self.word + self.sign


@pytest.fixture(scope="module")
def hers(office: TwoSellers) -> tuple[int, tuple[Word, ...]]:
    """A client of Anna's whose telephone, address, town and messenger are hidden from her."""
    boss = office.work(office.office.boss)
    number, mail, town, handle = f"{secrets.randbelow(10**6):06}77", letters(), letters(), letters()
    (client,) = boss.records.create("client", {
        "name": f"Daisy {letters()}", "phone": f"+78{number}99", "email": f"{mail}@a.example",
        "city": town, "responsible": office.persons[office.anna],
    }).ids  # fmt: skip
    boss.records.create("channel", {
        "value": f"t.me/{handle}", "kind": "messenger", "owner": Ref("client", client),
    })  # fmt: skip
    roles = Roles(boss)
    held = (("client", "phone"), ("client", "email"), ("client", "city"), ("channel", "value"))
    for entity, key in held:
        roles.show(roles.named("seller"), boss.catalogue[entity], key, words.HIDDEN)
    signs = [boss.catalogue[entity].field(key).apart for entity, key in held]
    return client, (
        Word("+", f"+{number}99"), Word("~", mail), Word(signs[2], town), Word(signs[3], handle),
    )  # fmt: skip


def counts(run: Tool) -> dict[str, int]:
    """What the server says of the statements of this connection so far."""
    chosen = ", ".join(f"SUM(r.mon$record_{what})" for what in COUNTED)
    (row,) = run(
        f"SELECT {chosen} FROM mon$attachments a JOIN mon$record_stats r"
        " ON r.mon$stat_id = a.mon$stat_id WHERE a.mon$attachment_id = CURRENT_CONNECTION"
    )
    return dict(zip(COUNTED, map(int, row), strict=True))


def told(run: Tool, sql: str, *values: object) -> tuple[object, dict[str, int]]:
    """What a statement answers, and by how much the counters have grown."""
    before = counts(run)
    answer = run(sql, *values)
    return answer, {what: n - before[what] for what, n in counts(run).items()}


def tried(run: Tool, one: Word, client: int) -> dict[str, tuple[object, dict[str, int]]]:
    """Every way of trying a word, in an order in which none spoils the next."""
    key = one.sign, one.word, client
    return {
        "ask": told(run, ASKED, one.word, one.word + "\U0010ffff"),
        "look": told(run, LISTED, one.token, client),
        "add": told(run, ADDED, one.token, client),
        "put": told(run, "EXECUTE PROCEDURE crm_hidden_put(1, ?, ?, ?)", *key),
        "take": told(run, "EXECUTE PROCEDURE crm_hidden_take(1, ?, ?, ?)", *key),
    }


def test_no_counter_tells_a_right_word_from_a_wrong_one(
    tool: Tool, hers: tuple[int, tuple[Word, ...]]
) -> None:
    client, hidden = hers
    tried(tool, hidden[0].wrong._replace(word="+1"), client)  # what a first question costs more
    for one in hidden:
        right, wrong = tried(tool, one, client), tried(tool, one.wrong, client)

        for way, answer in right.items():
            assert answer == wrong[way], (one, way)
        assert right["ask"][0] == right["look"][0] == [(0,)]
        assert right["put"][1]["inserts"] == 1 and right["take"][1]["deletes"] == 0


def test_the_counters_do_tell_of_what_one_sees(
    office: TwoSellers, boss: Workspace, hers: tuple[int, tuple[Word, ...]]
) -> None:
    """What the test above compares differs where somebody may know: so it can fail."""
    town = letters()  # the words of `hers` are tried elsewhere, which spoils them
    named = {"name": f"Daisy {letters()}", "city": town}
    boss.records.create("client", {**named, "responsible": office.persons[office.anna]})
    roles = Roles(boss)
    seller, client = roles.named("seller"), boss.catalogue["client"]
    roles.show(seller, client, "city", "")
    with office.running() as run:
        right, wrong = (
            told(run, ASKED, word, word + "\U0010ffff") for word in (town, f"{town[:-2]}qq")
        )
    roles.show(seller, client, "city", words.HIDDEN)

    assert right[0] != [(0,)] == wrong[0]
    assert right[1]["idx_reads"] > wrong[1]["idx_reads"]


def test_the_tables_themselves_are_closed(office: TwoSellers, tool: Tool) -> None:
    for table in ("search_hidden", "search_hidden_added"):
        for name in (table, f"v_{table}"):
            for sql in (
                f"SELECT COUNT(*) FROM {name}",
                f"DELETE FROM {name}",
                f"INSERT INTO {name} (ent, sign, tok, rid) VALUES (1, '+', '+1', 1)",
            ):
                with pytest.raises(fdb.DatabaseError):
                    tool(sql)


@pytest.fixture
def anna(office: TwoSellers, hers: object) -> Iterator[Workspace]:
    with closing(open_base(office.office.of(office.anna))) as base:
        yield base


def found(base: Workspace, text: str) -> set[int]:
    """What the search box brings for it."""
    return {hit.id for hit in base.search.find(text, None, 20)}


def added(boss: Workspace) -> int:
    """How many words were added by accounts that do not see them, and lie apart still."""
    with boss.backend.read() as connection:
        asked = "SELECT COUNT(*) FROM search_hidden_added WHERE ent = 1 AND sign <> '+'"
        return int(connection.exec_driver_sql(asked).scalar_one())


def test_what_she_adds_blindly_is_found_and_taken_over(
    boss: Workspace, anna: Workspace, hers: tuple[int, tuple[Word, ...]]
) -> None:
    repair_search(boss.backend, boss.tables, boss.index)
    before, (client, _hidden), handle = check_base(boss).problems, hers, letters()

    def add(more: str) -> None:
        anna.records.create("channel", {
            "value": f"t.me/{handle}{more}", "kind": "messenger", "owner": Ref("client", client),
        })  # fmt: skip

    add("a")
    assert added(boss) and found(boss, f"{handle}a") == {client}
    assert not found(anna, f"{handle}a") and check_base(boss).problems == before
    only = f"t.me/{handle}a"
    with boss.backend.read() as connection:
        asked = "SELECT id FROM contact_channel WHERE contact = ?"
        channel = int(connection.exec_driver_sql(asked, (only,)).scalar_one())
    boss.records.update("channel", channel, {"value": f"t.me/{handle}b"})
    assert not added(boss)
    assert found(boss, f"{handle}b") == {client} and not found(boss, f"{handle}a")
    add("c")
    repair_search(boss.backend, boss.tables, boss.index)
    assert not added(boss) and found(boss, f"{handle}c") == {client}
    assert check_base(boss).problems == before
