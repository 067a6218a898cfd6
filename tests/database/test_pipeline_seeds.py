"""A base has a pipeline with stages and reasons from the start, and an older one gets them."""

from __future__ import annotations

from contextlib import closing

import pytest

from crm_desktop.models.query import Condition, Query, Sort
from crm_desktop.services.upgrading.service import finish
from crm_desktop.services.workspace import Workspace, create_base


def stages(base: Workspace) -> list[tuple[object, ...]]:
    query = Query("stage", columns=("name", "probability"), sort=(Sort("position"),))
    return [row.cells for row in base.lists.open(query).first(20)]


def reasons(base: Workspace, book: str) -> int:
    return base.lists.count(Query("reference", where=Condition("book", "eq", book)))


@pytest.mark.parametrize(("language", "first"), [("en", "New enquiry"), ("ru", "Новая заявка")])
def test_a_new_base_has_a_pipeline(base_url: str, language: str, first: str) -> None:
    with closing(create_base(base_url, language=language)) as base:
        found = stages(base)

        assert [chance for _name, chance in found] == [10, 20, 40, 60, 80, 100, 0]
        assert found[0] == (first, 10)
        assert base.undo.last_undoable() is None
        assert reasons(base, "loss_reason") == 7
        assert reasons(base, "reject_reason") == 6


def test_an_older_base_gets_it_once(base_url: str) -> None:
    with closing(create_base(base_url, language="en")) as base:
        (pipeline,) = (row.id for row in base.lists.open(Query("pipeline")).first(2))
        base.records.delete("pipeline", [pipeline])
        assert stages(base) == []

        finish(base)
        finish(base)

        assert base.lists.count(Query("pipeline")) == 1
        assert len(stages(base)) == 7
