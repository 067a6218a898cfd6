"""An employee spoils entries of the search with a tool, in every way that the server allows: nobody
is refused a save by it, `check` names the record, and hiding a field sets it right."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import NamedTuple

import fdb
import pytest

from crm_desktop.services.rights import words
from crm_desktop.services.rights.roles import Roles
from crm_desktop.services.search import repair
from crm_desktop.services.search.renew import repair_search
from crm_desktop.services.search.repair import SearchRepair
from crm_desktop.services.workspace import Workspace, open_base
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Create
from tests.mail_office import letters
from tests.seller_fixtures import Tool, office, tool
from tests.strict_office import TwoSellers

__all__ = ["office", "tool"]

DOC, POSTING = "v_search_doc", "v_search_posting"
ODD = "\0\x1f\u2028\ufeff\U0001f600 | = + @ ~ \u2801 x \u2801 +12 \u2801"


class One(NamedTuple):
    """A client of Anna's, what it is going to be called, and how its telephone will end."""

    id: int
    city: str
    word: str
    end: str

    @property
    def values(self) -> dict[str, str]:
        """What it is changed to."""
        return {"name": self.word, "phone": f"+7916{self.end}"}


Way = Callable[[Tool, One], object]


def put(run: Tool, token: str, id_: int) -> None:
    """A word of a client."""
    run(f"INSERT INTO {POSTING} (ent, tok, rid) VALUES (1, ?, ?)", token, id_)


WAYS: dict[str, Way] = {
    "entry gone": lambda run, one: run(f"DELETE FROM {DOC} WHERE id = ?", one.id),
    "no words": lambda run, one: body(run, one, ""),
    "other words": lambda run, one: body(run, one, "none of | these"),
    "odd letters": lambda run, one: body(run, one, ODD),
    "the longest": lambda run, one: body(run, one, "|" + "x y " * 249),
    "what it will be": lambda run, one: body(
        run, one, f" {one.word} | {one.city} {one.values['phone']}"
    ),
    "another object": lambda run, one: run(f"UPDATE {DOC} SET ent = 3 WHERE id = ?", one.id),
    "no object": lambda run, one: run(f"UPDATE {DOC} SET ent = 32000 WHERE id = ?", one.id),
    "of nobody": lambda run, one: run(f"UPDATE {DOC} SET id = -id WHERE id = ?", one.id),
    "words gone": lambda run, one: run(f"DELETE FROM {POSTING} WHERE rid = ?", one.id),
    "next words": lambda run, one: [
        put(run, token, one.id) for token in (one.word, f"={one.word}", f"+{one.end}")
    ],
    "words of nobody": lambda run, one: run(
        f"UPDATE {POSTING} SET rid = rid + ? WHERE rid = ?", secrets.randbelow(10**9), one.id
    ),
    "words of another object": lambda run, one: run(
        f"UPDATE {POSTING} SET ent = 3 WHERE rid = ?", one.id
    ),
}


def body(run: Tool, one: One, text: str) -> None:
    """Another text for the search."""
    assert run(f"UPDATE {DOC} SET body = ? WHERE id = ?", text, one.id) == [(1,)]


def made(office: TwoSellers, boss: Workspace, count: int) -> list[One]:
    """Clients of Anna's."""
    anna, cities = office.persons[office.anna], [letters() for _ in range(count)]
    ids = boss.records.apply([
        Create("client", {"name": f"Daisy {letters()}", "city": city, "responsible": anna})
        for city in cities
    ]).ids  # fmt: skip
    return [
        One(id_, city, letters(), f"{secrets.randbelow(10**7):07}")
        for id_, city in zip(ids, cities, strict=True)
    ]


def problems(boss: Workspace) -> list[str]:
    """What `check` says of the search."""
    with boss.backend.read() as connection:
        return SearchRepair(boss.backend, boss.tables, boss.index).problems(connection)


def found(base: Workspace, text: str) -> set[int]:
    """What the search box brings for it."""
    return {hit.id for hit in base.search.find(text, None, 20)}


@pytest.fixture(scope="module")
def bases(office: TwoSellers) -> dict[str, Workspace]:
    """The program of each of the three."""
    return {login: office.work(login) for login in (office.office.boss, office.anna, office.boris)}


@pytest.fixture
def people(bases: dict[str, Workspace]) -> dict[str, Workspace]:
    """Their programs, which have heard of what was hidden meanwhile."""
    for base in bases.values():
        if base.catalogue_is_old():
            base.reload()
    return bases


@pytest.fixture
def boss(office: TwoSellers, people: dict[str, Workspace]) -> Workspace:
    return people[office.office.boss]


@pytest.fixture
def whole(boss: Workspace) -> Iterator[None]:
    """The search is set right behind the test, whatever has become of it."""
    yield
    repair_search(boss.backend, boss.tables, boss.index)
    assert problems(boss) == []


@pytest.mark.usefixtures("whole")
def test_it_is_found_and_refuses_nobody(
    office: TwoSellers, people: dict[str, Workspace], boss: Workspace, tool: Tool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(repair, "NAMED", 1000)
    monkeypatch.setattr(repair, "_BUCKETS_NAMED", repair.BUCKETS)
    by_way = {way: made(office, boss, 3) for way in WAYS}
    for way, ones in by_way.items():
        for one in ones:
            WAYS[way](tool, one)
    named = {n for text in problems(boss) for n in text.rpartition(": ")[2].split(", ")}

    for way, ones in by_way.items():
        assert {str(one.id) for one in ones} <= named, way
        boss.records.update("client", ones[1].id, {"responsible": office.persons[office.boris]})
        for login, one in zip((office.anna, office.boris, office.office.boss), ones, strict=True):
            base = people[login]
            assert found(base, one.city) <= {one.id}, way
            base.records.update("client", one.id, one.values)
            if way != "what it will be":  # a save believes the text that is there
                assert found(base, one.word) == {one.id}, way

    repair_search(boss.backend, boss.tables, boss.index)
    assert problems(boss) == []
    for one in (one for ones in by_way.values() for one in ones):
        assert found(boss, one.end) == {one.id}


@pytest.fixture
def city_shown(boss: Workspace) -> Iterator[Callable[[str], None]]:
    """Says how sellers see the town of clients, until the end of the test."""
    roles = Roles(boss)

    def show(how: str) -> None:
        roles.show(roles.named("seller"), boss.catalogue["client"], "city", how)

    yield show
    show("")


@pytest.mark.usefixtures("whole")
def test_a_field_is_hidden_whatever_was_spoilt_and_none_of_its_words_stays(
    office: TwoSellers, boss: Workspace, tool: Tool, city_shown: Callable[[str], None]
) -> None:
    ones = made(office, boss, len(WAYS))
    for one, way in zip(ones, WAYS.values(), strict=True):
        way(tool, one)

    city_shown(words.HIDDEN)

    with closing(open_base(office.office.of(office.anna))) as anna:
        for one, name in zip(ones, WAYS, strict=True):
            assert found(boss, one.city) == {one.id}, name
            assert found(anna, one.city) == set(), name
            begins = f"SELECT COUNT(*) FROM {POSTING} WHERE tok STARTING WITH ? AND rid = ?"
            assert tool(begins, one.city, one.id) == [(0,)], name
        for one, way in zip(made(office, boss, len(WAYS)), WAYS.values(), strict=True):
            way(tool, one)
            anna.records.update("client", one.id, one.values)
            boss.records.update("client", one.id, {"city": letters()})
    city_shown(words.HIDDEN)


@pytest.mark.usefixtures("whole")
@pytest.mark.parametrize("who", ["boss", "boris"])
def test_entries_and_words_of_numbers_to_come_refuse_nobody(
    who: str, office: TwoSellers, people: dict[str, Workspace], boss: Workspace, tool: Tool
) -> None:
    base = boss if who == "boss" else people[office.boris]
    base.records.create("client", {"name": "Tulip"})  # it has numbers ahead from now on
    tool("""EXECUTE BLOCK AS DECLARE n BIGINT; DECLARE e BIGINT; BEGIN
 e = GEN_ID(backend_id, 0); n = e - 150;
 WHILE (n < e + 700) DO BEGIN
  BEGIN
   INSERT INTO v_search_doc (id, ent, body) VALUES (:n, 1 + 2 * MOD(:n, 2), ' rose |');
   WHEN ANY DO BEGIN END
  END
  INSERT INTO v_search_posting (ent, tok, rid) VALUES (1, 'rose', :n);
  INSERT INTO v_search_posting (ent, tok, rid) VALUES (1, '=rose', :n);
  n = n + 1;
 END END""")

    ids = [base.records.create("client", {"name": "Rose"}).ids[0] for _ in range(2)]
    operation = base.operations.start(Title("Import"), base.clock.now(), "import")
    writes = [Create("client", {"name": "Rose"}) for _ in range(550)]
    ids += base.records.apply(writes, operation=operation).ids
    base.operations.end(operation, base.clock.now())

    with base.backend.read() as connection:
        texts = base.index.texts(connection, ids)
    assert texts == dict.fromkeys(ids, (1, " rose |"))


@pytest.mark.usefixtures("whole")
def test_half_a_word_of_the_vocabulary_refuses_nobody(
    office: TwoSellers, boss: Workspace, tool: Tool
) -> None:
    (one,) = made(office, boss, 1)
    tool("INSERT INTO search_form (kind, form, word) VALUES (1, ?, ?)", one.word[1:], one.word)

    boss.records.update("client", one.id, one.values)

    assert found(boss, one.word[2:]) == {one.id}


def test_the_good_entry_of_a_colleagues_record_is_not_written_over(
    office: TwoSellers, people: dict[str, Workspace], tool: Tool
) -> None:
    for ent in (1, 3, 32000):
        with pytest.raises(fdb.DatabaseError, match="PRIMARY or UNIQUE"):
            tool(f"INSERT INTO {DOC} (id, ent, body) VALUES (?, ?, 'x |')", office.his, ent)
    assert tool(f"DELETE FROM {DOC} WHERE id = ?", office.his) == [(0,)]

    assert found(people[office.boris], "thistlehis") >= {office.his}


@pytest.mark.parametrize("text", ["'x'", "x'EDA080FF'"])
def test_what_is_too_long_or_no_text_the_server_itself_refuses(
    text: str, office: TwoSellers, tool: Tool
) -> None:
    with pytest.raises(fdb.DatabaseError, match="truncation|Malformed"):
        tool(f"UPDATE {DOC} SET body = RPAD(CAST({text} AS VARCHAR(10)), 1001, 'x') WHERE id = ?",
             office.hers)  # fmt: skip
