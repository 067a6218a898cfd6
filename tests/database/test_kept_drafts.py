"""What somebody has typed and not saved, as the base itself keeps it: his own until he is
dismissed, his head's then."""

from __future__ import annotations

from collections.abc import Iterator

import fdb
import pytest

from crm_desktop.errors import UserError
from crm_desktop.models.backend.firebird_drafts import MOST_PARTS, PART, PLANNER
from crm_desktop.services.licensing.broker import Broker
from crm_desktop.services.server import dismissal
from crm_desktop.services.workspace import Workspace
from tests.firebird_server import FirebirdServer
from tests.strict_office import TwoSellers, person_of, two_sellers

HERE, THERE = "pc-1 0a", "pc-2 0b"


@pytest.fixture(scope="module")
def sellers(firebird: FirebirdServer) -> Iterator[TwoSellers]:
    with two_sellers(firebird) as made:
        yield made


@pytest.fixture
def boss(sellers: TwoSellers) -> Workspace:
    return sellers.office.sign_in(sellers.office.boss)


class Person:
    """Somebody new with a window; `head` reads what is left when he has gone."""

    def __init__(self, sellers: TwoSellers, boss: Workspace, name: str) -> None:
        self.login = sellers.office.let_in(name)
        self.id = person_of(boss, self.login)
        self.base = sellers.office.sign_in(self.login)
        self.seat = Broker(self.base, 50, machine=self.login)

    def reads(self, here: str = "") -> list[tuple[str, str]]:
        """Author and text of what this person finds left."""
        return [(one.login, one.text) for one in dismissal.left_texts(self.base, here)]


@pytest.fixture
def people(sellers: TwoSellers, boss: Workspace) -> Iterator[tuple[Person, Person]]:
    """Somebody and his head."""
    vera, head = Person(sellers, boss, "Vera"), Person(sellers, boss, "Hedda")
    boss.records.update("staff", vera.id, {"head": head.id})
    yield vera, head
    vera.seat.close()
    head.seat.close()


def keep(person: Person, text: str, record: int = 7, place: str = HERE, number: int = 1) -> None:
    parts = dismissal.parts_of(text)
    person.seat.keep_draft(place, number, record, "Client: Rose", parts)


def test_a_draft_is_read_by_its_author_from_another_computer_alone(
    boss: Workspace, people: tuple[Person, Person]
) -> None:
    vera, head = people
    keep(vera, "City: Omsk")

    assert vera.reads(THERE) == [(vera.login, "City: Omsk")]
    assert vera.reads(HERE) == [], "it stands in the form here"
    assert head.reads() == []
    assert vera.login not in {one.login for one in dismissal.left_texts(boss)}


def test_with_dismissal_the_head_reads_what_a_closed_computer_had_kept(
    boss: Workspace, people: tuple[Person, Person]
) -> None:
    """No window of hers is open at that moment; so with the drafts of the planner."""
    vera, head = people
    long = "Note: " + "ё" * (2 * PART)
    keep(vera, long)
    keep(vera, "Called off: “Daisy”", PLANNER, THERE)
    vera.seat.close()
    vera.base.close()

    dismissal.dismiss(boss, vera.id)

    assert sorted(head.reads()) == sorted([
        (vera.login, long), (vera.login, "Called off: “Daisy”"),
    ])  # fmt: skip
    found = dismissal.left_texts(head.base)
    assert {one.ref.id for one in found} == {7, PLANNER}
    dismissal.text_done(head.base, found[0].id)
    assert len(head.reads()) == 1


def test_who_is_taken_back_has_drafts_of_his_own_again(
    sellers: TwoSellers, boss: Workspace, people: tuple[Person, Person]
) -> None:
    vera, head = people
    keep(vera, "City: Omsk")
    dismissal.dismiss(boss, vera.id)
    dismissal.end_lines(boss, vera.login)

    dismissal.take_back(boss, vera.id)

    assert head.reads() == []
    again = sellers.office.sign_in(vera.login)
    assert [one.text for one in dismissal.left_texts(again, THERE)] == ["City: Omsk"]


def test_a_later_draft_is_in_place_of_the_former_and_a_saved_one_is_gone(
    people: tuple[Person, Person],
) -> None:
    vera, _head = people
    keep(vera, "x" * (3 * PART))
    keep(vera, "City: Tver")
    keep(vera, "Name: Violet", 0)
    assert vera.seat.drafts_at(HERE) == {(1, 7), (1, 0)}

    vera.seat.drop_draft(HERE, 1, 0)

    assert vera.reads(THERE) == [(vera.login, "City: Tver")]


def test_more_than_an_account_may_keep_is_refused(people: tuple[Person, Person]) -> None:
    vera, _head = people
    with pytest.raises(UserError):
        vera.seat.keep_draft(HERE, 1, 7, "", ["x"] * (MOST_PARTS + 1))


def test_an_employee_with_a_tool_reads_and_writes_nobodys_drafts(
    sellers: TwoSellers, people: tuple[Person, Person]
) -> None:
    vera, _head = people
    keep(vera, "City: Omsk")
    line = sellers.tool()
    cursor = line.cursor()

    for sql in ("SELECT * FROM seat_draft", "DELETE FROM seat_draft",
                "UPDATE seat_draft SET login = 'x'"):  # fmt: skip
        with pytest.raises(fdb.DatabaseError, match="no permission"):
            cursor.execute(sql)
    cursor.execute("SELECT COUNT(*) FROM seat_texts('')")
    assert cursor.fetchone()[0] == 0
    cursor.execute(f"SELECT COUNT(*) FROM seat_drafts('{HERE}')")
    assert cursor.fetchone()[0] == 0
    cursor.execute(f"EXECUTE PROCEDURE seat_draft_drop('{HERE}', 1, 7)")
    (left,) = dismissal.left_texts(vera.base)
    cursor.execute(f"EXECUTE PROCEDURE seat_text_done({left.id})")
    line.commit()
    line.close()

    assert vera.reads() == [(vera.login, "City: Omsk")]
