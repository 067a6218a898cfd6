"""Every object can be merged: whatever points to the loser points to the winner, or says the same.

No test here names an object; a new one is tested on the day it is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.builtin import BUILTIN
from crm_desktop.models.catalogue.catalogue import Link
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import RecordField
from crm_desktop.models.catalogue.sales_traits import Funnel
from crm_desktop.services.maintenance.checks import check_base
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base
from tests.catalogue.samples import add_tender, followed, full, least, make


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """One base for all objects: each test makes records of its own, and leaves it in order."""
    made = ready_base(tmp_path_factory.mktemp("merging") / "base.crm", more=add_tender)
    yield made
    problems = check_base(made).problems
    made.close()
    assert problems == []


PIPELINES = {e.field(trait.pipeline).target for e in BUILTIN for trait in e.traits_of(Funnel)}
"""Not merged: records would lose their places in the stages."""


@pytest.fixture(params=[*(e.key for e in BUILTIN if e.key not in PIPELINES), "x_tender", "x_bid"])
def entity(request: pytest.FixtureRequest, workspace: Workspace) -> EntityDef:
    return workspace.catalogue[request.param]


def pointing(workspace: Workspace, link: Link, entity: EntityDef, id_: int) -> int:
    """A record that points here by the link, with no more than it must have."""
    target: Any = Ref(entity.key, id_) if isinstance(link.field, RecordField) else id_
    values = least(workspace, link.entity, 1, link.field.key, target)
    return workspace.records.create(link.entity.key, values).ids[0]


def test_all_that_points_to_the_loser_goes_to_the_winner(workspace: Workspace, entity: EntityDef):
    winner, loser = (make(workspace, entity, 1) for _n in range(2))
    links = [x for x in workspace.catalogue.links_to(entity)
             if x.field.key not in x.entity.kept | followed(x.entity)]  # fmt: skip
    made = [(link, pointing(workspace, link, entity, loser)) for link in links]
    operation = workspace.merging.merge(entity, [winner, loser]).operation
    assert workspace.reader.get(entity.key, loser) is None
    for link, id_ in made:
        found = workspace.reader.get(link.entity.key, id_)
        if found is not None:
            value = found.values[link.field.key]
            assert (value.id if isinstance(value, Ref) else value) == winner, link
        else:
            assert not link.entity.navigation, link
    workspace.undo.undo(operation)
    for link, id_ in made:
        found = workspace.reader.get(link.entity.key, id_)
        assert found is not None, link
        value = found.values[link.field.key]
        assert (value.id if isinstance(value, Ref) else value) == loser, link


def test_what_has_stages_is_not_merged(workspace: Workspace):
    for key in PIPELINES:
        entity = workspace.catalogue[key]
        with pytest.raises(InvalidInput, match="lose their places"):
            workspace.merging.merge(entity, [make(workspace, entity, which) for which in (0, 1)])


def test_full_records_are_merged_and_brought_back(workspace: Workspace, entity: EntityDef):
    ids = [
        workspace.records.create(entity.key, full(workspace, entity, which)).ids[0]
        for which in (0, 1)
    ]
    before = {id_: workspace.reader.load(entity.key, ids)[id_].values for id_ in ids}
    operation = workspace.merging.merge(entity, ids).operation
    merged = workspace.reader.load(entity.key, ids)[ids[0]].values
    assert merged[entity.title_field] == before[ids[0]][entity.title_field]
    workspace.undo.undo(operation)
    assert {id_: workspace.reader.load(entity.key, ids)[id_].values for id_ in ids} == before
