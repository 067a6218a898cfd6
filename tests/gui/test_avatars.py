"""The shape of the picture beside a name: round for people, square for companies."""

from __future__ import annotations

import pytest

from tests.gui.shell_desk import Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "shell"]
UNKNOWN, FIRM = "Zorvin Quellmark", "Zorvin Windows LLC"


@pytest.mark.parametrize(
    ("entity", "name", "shape"),
    [
        ("staff", UNKNOWN, "round"),
        ("person", UNKNOWN, "round"),
        ("client", UNKNOWN, "square"),
        ("client", FIRM, "square"),
        ("client", "Anna Petrova", "round"),
    ],
)
def test_people_are_round_whatever_they_are_called(
    shell: Shell, entity: str, name: str, shape: str
) -> None:
    made = shell.base.records.create(entity, {"name": name}).ids[0]

    shell.navigator.show_list(entity)
    shell.wait(lambda: shell.list().controller.key == entity)
    page = shell.list()
    page.controller.change(columns=("name",))
    page.view.filters.search.setText(name)

    shell.wait(lambda: page.view.model.rowCount() == 1 and page.view.model.id_of(0) == made)
    cell = page.view.model.cell(0, 0)
    assert cell is not None and (cell.text, cell.avatar) == (name, shape)
