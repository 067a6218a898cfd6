"""Objects by actions as rows and columns of a table: how far each action is allowed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from crm_desktop.i18n import N_, _
from crm_desktop.services.rights import words
from crm_desktop.ui.itemmodels.cells import Cell, Column, Row

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.definitions import EntityDef

LEAST = 180
NARROWEST = 82
_WIDE = 118
_HEAD, ROW = 40, 38
SHORT = {
    words.SEE: N_("Sees"),
    words.CREATE: N_("Makes"),
    words.EDIT: N_("Changes it"),
    words.DELETE: N_("Deletes"),
    words.EXPORT: N_("Exports"),
    words.PRINT: N_("Prints"),
    words.MASS_EDIT: N_("In bulk"),
    words.MERGE: N_("Merges"),
    words.REASSIGN: N_("Hands over"),
    words.CALENDARS: N_("Calendars"),
    words.CLASH: N_("Taken time"),
}
"""Heads of narrow columns."""
SHORT_SCOPES = {
    words.OWN: N_("Own"),
    words.SUBORDINATES: N_("Own team"),
    words.DEPARTMENT: N_("Dept."),
    words.ALL: N_("All"),
}
_TONES = {
    words.OWN: "warn", words.SUBORDINATES: "accent", words.DEPARTMENT: "info", words.ALL: "ok",
}  # fmt: skip


def columns(first: str) -> tuple[Column, ...]:
    """The object, then a column for each action."""
    return (
        Column("object", first, LEAST, sortable=False),
        *(Column(action.key, _(SHORT[action.key]), _WIDE, sortable=False)
          for action in words.ACTIONS),
    )  # fmt: skip


def line(
    id_: int, name: str, possible: Sequence[str], scope: Callable[[str], str],
    held: Mapping[str, str],
) -> Row:  # fmt: skip
    """One object; `possible`: the actions that make sense on it. Held-back fields make a mark."""
    cells = [Cell(name, "title", tag="", bad=False)]
    for action in words.ACTIONS:
        cells.append(_cell(scope(action.key)) if action.key in possible else Cell("", "muted"))
    if held:
        cells[0] = Cell(f"{name} *", "title")
    return Row(id_, tuple(cells))


def _cell(scope: str) -> Cell:
    if scope == words.NONE:
        return Cell("—", "muted")
    return Cell(_(SHORT_SCOPES[scope]), "pill", _TONES[scope])


def fields_line(entity: EntityDef, held: Mapping[str, str]) -> str:
    """The fields that are held back, as one line; '' for none."""
    return ", ".join(
        f"{_(entity.field(key).label)} ({_(words.SHOWN_TITLES[how]).lower()})"
        for key, how in sorted(held.items())
        if entity.has(key) and how in words.SHOWN_TITLES
    )
