"""What else goes back when a hand-over is undone: copied views, the rest of a series."""

from __future__ import annotations

from datetime import timedelta

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Query
from crm_desktop.services.handing_over.carrying import carry_out
from crm_desktop.services.handing_over.giving_back import give_back
from crm_desktop.services.maintenance.checks import check_base
from tests.hand_over_firm import MONDAY, Firm, firm, task

__all__ = ["firm"]

CLIENTS = Query("client", ("name",))


def views_of(firm: Firm, who: int) -> list[str]:
    return [view.name for view in firm.base.views.of("client", who) if not view.shared]


def handed(firm: Firm, *names: str) -> int:
    """A hand-over to Boris with these views; the operation."""
    for name in names:
        firm.base.views.save(name, CLIENTS, author=firm.anna, shared=False)
    return carry_out(firm.base, firm.plan(receivers=(firm.boris,))).operation


def test_copied_views_go_back_with_all_of_it_and_come_with_it_again(firm: Firm) -> None:
    done = handed(firm, "Mine")

    undone = firm.base.undo.undo(done).operation

    assert views_of(firm, firm.boris) == [] and views_of(firm, firm.anna) == ["Mine"]
    firm.base.undo.undo(undone)
    assert views_of(firm, firm.boris) == ["Mine (Anna Seller)"]


def test_a_view_that_its_receiver_has_saved_or_copied_since_is_his_own(firm: Firm) -> None:
    done = handed(firm, "Changed", "Copied", "Left")
    views = firm.base.views
    changed, copied = (views.named("client", f"{name} (Anna Seller)", firm.boris)
                       for name in ("Changed", "Copied"))  # fmt: skip
    views.save("Wider", CLIENTS, author=firm.boris, shared=False, id_=changed.id)
    mine = views.copy(copied, author=firm.boris)

    firm.base.undo.undo(done)

    assert views_of(firm, firm.boris) == ["Wider", mine.name]


def test_copied_views_stay_until_the_last_of_it_is_given_back(firm: Firm) -> None:
    done = handed(firm, "Mine")
    *most, last = (Ref("client", id_) for id_ in firm.clients)
    for one in most:
        give_back(firm.base, done, one)
    assert views_of(firm, firm.boris) == ["Mine (Anna Seller)"]

    give_back(firm.base, done, last)

    assert views_of(firm, firm.boris) == []


def test_the_rest_of_a_series_that_was_worked_on_takes_the_place_of_its_dates(firm: Firm) -> None:
    """It used to stay with the receiver beside the whole series: each date twice."""
    begins = MONDAY - timedelta(days=14)
    series = task(firm, Ref("client", firm.clients[0]), subject="Call", starts=begins,
                  ends=begins + timedelta(hours=1), rule="FREQ=WEEKLY")  # fmt: skip
    other = task(firm, Ref("client", firm.clients[0]), subject="Left alone", starts=begins,
                 ends=begins + timedelta(hours=1), rule="FREQ=WEEKLY")  # fmt: skip
    whole = rules(firm)[other]
    done = handed(firm)
    (rest,) = [id_ for id_ in rules(firm, "Call") if id_ != series]
    firm.base.records.update("activity", rest, {"state": "done"})  # one date of it
    (date,) = firm.base.lists.open(
        Query("activity", where=Condition("series", "in", [rest]))
    ).ids()  # fmt: skip
    shortened = rules(firm)[series]

    result = firm.base.undo.undo(done)

    assert result.blocked == []
    assert firm.owner("activity", rest, "author") == firm.anna
    assert rules(firm)[series] == shortened
    assert firm.owner("activity", date, "author") == firm.boris, "who did it has done it"
    assert rules(firm, "Left alone") == {other: whole}
    assert check_base(firm.base).problems == []


def test_a_rest_that_went_on_to_somebody_else_stays_there(firm: Firm) -> None:
    begins = MONDAY - timedelta(days=14)
    series = task(firm, Ref("client", firm.clients[0]), subject="Call", starts=begins,
                  ends=begins + timedelta(hours=1), rule="FREQ=WEEKLY")  # fmt: skip
    done = handed(firm)
    (rest,) = [id_ for id_ in rules(firm, "Call") if id_ != series]
    firm.base.records.update("activity", rest, {"author": firm.vera})
    shortened = rules(firm)[series]

    result = firm.base.undo.undo(done, skip_blocked=True)

    assert [(one.id, one.field) for one in result.blocked] == [(rest, "author")]
    assert firm.owner("activity", rest, "author") == firm.vera
    assert rules(firm)[series] == shortened


def rules(firm: Firm, subject: str = "") -> dict[int, str]:
    """The rules of all series, or of those that are called so."""
    where = Condition("rule", "filled")
    found = firm.base.reader.many(
        "activity", firm.base.lists.open(Query("activity", where=where)).ids(), ["rule", "subject"]
    )
    return {
        id_: values["rule"] for id_, values in found.items()
        if subject in ("", values["subject"])
    }  # fmt: skip
