"""Departments of colleagues that were typed as text become values of their reference book.

Bases of before the planner kept them in a column of the table of colleagues that the catalogue no
longer knows; it stays there unread. Done through the one writer, and only where it is not done yet.
"""

from __future__ import annotations

import sqlalchemy as sa

from crm_desktop.i18n import N_
from crm_desktop.models.catalogue.traits import Book
from crm_desktop.services.workspace import Workspace
from crm_desktop.services.writing.changes import Title
from crm_desktop.services.writing.staging import Create, Update, Write

OLD_COLUMN, FIELD, BOOK = "department", "unit", "department"
FILLED = Title(N_("Departments became a reference book"))


def fill_units(workspace: Workspace) -> None:
    """Takes the typed departments over; nothing in a base that never had them."""
    staff, books = workspace.catalogue.staff(), workspace.catalogue.books()
    table = workspace.tables.main[staff.key]
    trait = books.trait(Book)
    there = {name.lower() for name in workspace.backend.column_names(table.name)}
    if OLD_COLUMN not in there or not staff.has(FIELD) or trait is None:
        return
    known = {title: id_ for title in _typed(workspace)
             for id_ in workspace.titles.find(books.key, title, BOOK)[:1]}  # fmt: skip
    missing = [name for name in _typed(workspace) if name not in known]
    if missing:
        made = workspace.records.apply(
            [Create(books.key, {books.title_field: name, trait.field: BOOK}) for name in missing],
            FILLED,
        )
        known |= dict(zip(missing, made.ids, strict=True))
    writes: list[Write] = [
        Update(staff.key, id_, {FIELD: known[name]})
        for name, ids in _typed(workspace).items()
        for id_ in ids
    ]
    if writes:
        workspace.records.apply(writes, FILLED)


def _typed(workspace: Workspace) -> dict[str, list[int]]:
    """Colleagues without a value of the book by the department that was typed for them."""
    main = workspace.tables.main[workspace.catalogue.staff().key]
    old = sa.table(main.name, sa.column("id"), sa.column(OLD_COLUMN))
    field = workspace.tables.column(
        workspace.catalogue.staff(), workspace.catalogue.staff().field(FIELD)
    )
    wanted = sa.select(old.c.id, old.c[OLD_COLUMN]).where(
        old.c[OLD_COLUMN].is_not(None),
        old.c.id.in_(sa.select(main.c.id).where(field.is_(None))),
    )
    found: dict[str, list[int]] = {}
    with workspace.backend.read() as connection:
        for id_, text in connection.execute(wanted.order_by(old.c.id)):
            name = " ".join(str(text).split())
            if name:
                found.setdefault(name, []).append(id_)
    return found
