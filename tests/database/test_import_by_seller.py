"""A seller brings clients in: what his role allows, and what is said to him where it does not."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from crm_desktop.services.importing.command import run_import_command
from crm_desktop.services.importing.importer import WORTH_ANALYZING
from tests.import_desk import write_csv
from tests.seller_fixtures import office
from tests.strict_office import TwoSellers

__all__ = ["office"]


def test_so_many_that_an_administrator_would_renew_the_figures_of_the_base(
    office: TwoSellers, tmp_path: Path
) -> None:
    rows = ([f"Anna imports {n}"] for n in range(WORTH_ANALYZING))
    file = write_csv(tmp_path / "list.csv", ["Name"], *rows)

    value = run_import_command(office.work(), Namespace(file=str(file), into="client"))

    assert (value["state"], value["created"]) == ("done", WORTH_ANALYZING)
