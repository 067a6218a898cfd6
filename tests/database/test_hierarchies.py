"""Staff in their reporting tree: read, moved, no rings; on both back ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.hierarchies import Node, nodes, place, why_not, without_hidden
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


def add(workspace: Workspace, name: str, **values: object) -> int:
    return workspace.records.create("staff", {"name": name, **values}).ids[0]


def tree(workspace: Workspace, *, grouped: bool = False) -> dict[str, Node]:
    found = nodes(workspace, workspace.catalogue["staff"], grouped=grouped)
    return {node.name: node for node in found}


def put(workspace: Workspace, name: str, onto: str, *, grouped: bool = False) -> int | None:
    known = tree(workspace, grouped=grouped)
    return place(workspace, workspace.catalogue["staff"], [known[name]], known.get(onto),
                 grouped=grouped)  # fmt: skip


def test_the_tree_counts_who_stands_below_without_those_who_left(workspace: Workspace) -> None:
    boris = add(workspace, "Boris", job_title="Director")
    carl = add(workspace, "Carl", head=boris)
    add(workspace, "Anna", head=carl)
    add(workspace, "Dora", head=carl, gone=True)

    found = tree(workspace)

    assert (found["Boris"].below, found["Carl"].below, found["Anna"].below) == (2, 1, 0)
    assert found["Boris"].detail == "Director" and found["Carl"].above == Ref("staff", boris)
    assert found["Dora"].hidden
    assert "Dora" not in {node.name for node in without_hidden(list(found.values()))}


def test_who_stood_below_somebody_who_left_is_shown_below_the_next_head(
    workspace: Workspace,
) -> None:
    boris = add(workspace, "Boris")
    left = add(workspace, "Left", head=boris, gone=True)
    add(workspace, "Anna", head=left)

    shown = {node.name: node for node in without_hidden(list(tree(workspace).values()))}

    assert shown["Anna"].above == Ref("staff", boris)
    put(workspace, "Anna", "Boris")
    assert tree(workspace)["Anna"].above == Ref("staff", boris)


def test_a_move_is_one_operation_that_is_undone(workspace: Workspace) -> None:
    add(workspace, "Boris")
    add(workspace, "Anna")

    done = put(workspace, "Anna", "Boris")

    assert tree(workspace)["Boris"].below == 1
    assert done is not None
    workspace.undo.undo(done)
    assert tree(workspace)["Anna"].above is None
    assert put(workspace, "Anna", "") is None


def test_a_ring_is_refused_in_words_by_the_tree_and_by_the_writer(workspace: Workspace) -> None:
    boris = add(workspace, "Boris")
    carl = add(workspace, "Carl", head=boris)
    anna = add(workspace, "Anna", head=carl)
    known = tree(workspace)

    said = why_not([known["Boris"]], known["Anna"], {n.ref: n for n in known.values()})

    assert "“Anna” stands below “Boris” already" in said
    with pytest.raises(InvalidInput, match="“Anna” stands below “Boris” already"):
        workspace.records.update("staff", boris, {"head": anna})
    with pytest.raises(InvalidInput, match="below itself"):
        workspace.records.update("staff", boris, {"head": boris})
    assert tree(workspace)["Boris"].above is None


def test_people_and_departments_are_moved_into_departments(workspace: Workspace) -> None:
    sales, retail = (
        workspace.records.create("reference", {"name": name, "book": "department"}).ids[0]
        for name in ("Sales", "Retail")
    )
    add(workspace, "Anna")
    add(workspace, "Boris", unit=sales)

    put(workspace, "Anna", "Boris", grouped=True)
    put(workspace, "Retail", "Sales", grouped=True)

    found = tree(workspace, grouped=True)
    assert found["Anna"].above == Ref("reference", sales) == found["Retail"].above
    assert found["Sales"].below == 2 and found["Retail"].ref.id == retail
    put(workspace, "Anna", "", grouped=True)
    assert tree(workspace, grouped=True)["Anna"].above is None
    moved = [found["Retail"]]
    assert "goes into another group" in why_not(moved, found["Boris"], {})
