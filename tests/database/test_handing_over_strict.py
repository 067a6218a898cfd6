"""A head hands over by his own account, which the server keeps within his rights."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.audit import service as audit
from crm_desktop.services.handing_over.carrying import carry_out
from crm_desktop.services.handing_over.giving_back import give_back
from crm_desktop.services.handing_over.planning import Handing, draft
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.reminders.outgoing import messages
from crm_desktop.services.rights.roles import Roles
from crm_desktop.services.writing.staging import Create
from tests.firebird_server import FirebirdServer
from tests.strict_office import person_of, two_sellers

CLIENTS = 7


def test_a_head_hands_over_and_a_seller_cannot_for_others(
    firebird: FirebirdServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm_desktop.services.handing_over.carrying.BLOCK", 3)
    with two_sellers(firebird) as office:
        chief = office.office.let_in("Clara Chief")
        boss = office.office.sign_in(office.office.boss)
        head, anna, boris = (person_of(boss, one) for one in (chief, office.anna, office.boris))
        for seller in (anna, boris):
            boss.records.update("staff", seller, {"head": head})
        roles = Roles(boss)
        roles.give(roles.named("head"), head)
        hers = office.work().records.apply([
            Create("client", {"name": f"Client {n}", "responsible": anna}) for n in range(CLIENTS)
        ]).ids  # fmt: skip
        base = office.work(chief)

        done = carry_out(base, draft(base, Handing(anna, (boris,))))

        (noted,) = audit.last(boss, wanted=audit.Wanted(what=audit.MANY))
        assert (noted.login, noted.amount) == (chief, done.count)
        assert noted.detail.endswith("hands over")
        now = boss.reader.many("client", hers, ["responsible"])
        assert {values["responsible"] for values in now.values()} == {boris}
        assert any(one.whom == boris for one in messages(boss))
        give_back(base, done.operation, Ref("client", hers[0]))
        assert boss.reader.get("client", hers[0]).values["responsible"] == anna  # type: ignore[union-attr]
        assert check_base(boss).problems == []
        assert not draft(base, Handing(boris, (anna,))).refused
        starts = boss.clock.now() + timedelta(days=2)
        boss.records.create("activity", {
            "kind": "meeting", "subject": "Fair", "author": boss.user_id, "state": "planned",
            "starts": starts, "ends": starts + timedelta(hours=1),
        })  # fmt: skip
        curious = draft(base, Handing(boss.user_id or 0, (boris,)))  # seen in the planner
        assert curious.given and "belongs to Olga Boss" in curious.refused
        seller = office.work(office.boris)
        with pytest.raises(InvalidInput, match="nothing to hand over"):
            carry_out(seller, draft(seller, Handing(anna, (boris,))))
