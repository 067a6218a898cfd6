"""Departments that were typed in older bases are values of the book after the upgrade."""

from __future__ import annotations

import sqlalchemy as sa

from crm_desktop.services.upgrading.units_fill import fill_units
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base


def department(workspace: Workspace, id_: int) -> str | None:
    record = workspace.reader.get("staff", id_)
    assert record is not None
    unit = record.values["unit"]
    if unit is None:
        return None
    value = workspace.reader.get("reference", unit)
    assert value is not None and value.values["book"] == "department"
    return str(value.values["name"])


def test_typed_departments_become_values_once(base_url: str) -> None:
    workspace = ready_base(base_url, language="en")
    anna, boris, vera = (
        workspace.records.create("staff", {"name": name}).ids[0] for name in ("A", "B", "V")
    )
    workspace.backend.run_ddl(["ALTER TABLE staff ADD department VARCHAR(150)"])
    old = sa.table("staff", sa.column("id"), sa.column("department"))
    with workspace.backend.write() as connection:
        for id_, text in ((anna, "Sales"), (boris, " Sales ")):
            change = sa.update(old).where(old.c.id == id_).values(department=text)
            connection.execute(change)
    for _again in range(2):
        fill_units(workspace)
    assert [department(workspace, id_) for id_ in (anna, boris, vera)] == ["Sales", "Sales", None]
    assert len(workspace.titles.find("reference", "Sales", "department")) == 1
    workspace.close()


def test_a_new_base_has_nothing_to_take_over(base_url: str) -> None:
    workspace = ready_base(base_url, language="en")
    before = len(workspace.operations.last(10))
    fill_units(workspace)
    assert len(workspace.operations.last(10)) == before
    workspace.close()
