"""An office whose sellers are kept from the e-mail addresses of clients: fixtures of its tests."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import NamedTuple

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.rights import words
from crm_desktop.services.rights.roles import Roles
from crm_desktop.services.workspace import Workspace, open_base
from tests.seller_fixtures import Tool, boss, office, tool
from tests.strict_office import TwoSellers

__all__ = ["Hers", "Tool", "anna", "boss", "hers", "hide", "letters", "office", "tool"]


def letters() -> str:
    """A word that nothing else holds."""
    return "".join(secrets.choice("bcdfghjkmpqrstvwxz") for _ in range(12))


class Hers(NamedTuple):
    """A client of Anna's with addresses that the boss wrote down."""

    id: int
    name: str
    last: str
    domain: str
    meeting: int
    """An activity of Anna's with a guest of an address at that domain."""

    @property
    def mail(self) -> str:
        return f"post.{self.last}@{self.domain}"

    def tells(self, value: object) -> bool:
        """Whether any of the addresses can be read in it."""
        text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
        return self.last in text.lower() or self.domain in text.lower()


@pytest.fixture
def hers(office: TwoSellers, boss: Workspace) -> Hers:
    hide(boss, words.HIDDEN)
    anna = office.persons[office.anna]
    one = Hers(0, f"Daisy{letters()}", letters(), f"{letters()}.example", 0)
    (client,) = boss.records.create(
        "client", {"name": one.name, "email": one.mail, "responsible": anna}
    ).ids
    boss.records.create("channel", {
        "value": f"second@{one.domain}", "kind": "messenger", "owner": Ref("client", client),
    })  # fmt: skip
    (meeting,) = boss.records.create("activity", {
        "kind": "meeting", "subject": one.name, "author": anna,
        "about": Ref("client", client), "state": "planned",
        "starts": datetime(2026, 5, 6, 9, tzinfo=UTC), "ends": datetime(2026, 5, 6, 10, tzinfo=UTC),
    }).ids  # fmt: skip
    guest = {"activity": meeting, "address": f"guest@{one.domain}"}
    boss.records.create("participation", guest)
    boss.records.update("client", client, {"email": f"old.{one.mail}"})
    boss.records.update("client", client, {"email": one.mail})
    return one._replace(id=client, meeting=meeting)


@pytest.fixture
def anna(office: TwoSellers, hers: Hers) -> Iterator[Workspace]:
    with closing(open_base(office.office.of(office.anna))) as base:
        yield base


def hide(boss: Workspace, how: str) -> None:
    """From now on sellers see the e-mail addresses of clients in that way."""
    roles = Roles(boss)
    roles.show(roles.named("seller"), boss.catalogue["client"], "email", how)
