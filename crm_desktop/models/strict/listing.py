"""Procedures that list the numbers of the records that an account reaches, found by indexes.

A view has to look at every row of its table. Where not the owner field alone decides, such as about
a person of a client or a call at one, its procedure finds the same records from their owners on:
by the record's own owner, by that of what it hangs on, by who takes part, by its place in the
calendars. Whoever reaches everybody's gets what the view shows, and so does a transaction that has
written: what it wrote may be out of reach by then.
"""

# ruff: noqa: S608 - no text from outside comes into these statements
from __future__ import annotations

from collections.abc import Iterator

from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import LinkField, RecordField
from crm_desktop.models.catalogue.ownership import hangs, is_shared, parent_link
from crm_desktop.models.catalogue.traits import Scheduled
from crm_desktop.models.schema import Tables, column_names
from crm_desktop.models.strict.names import (
    WRITTEN,
    is_listed,
    lister_name,
    owner_index_name,
    view_name,
    wholes,
)
from crm_desktop.models.strict.reach import (
    CALENDARS,
    REACH,
    SEE,
    owner,
    owner_column,
    reaches,
    taking_part,
)
from crm_desktop.models.strict.views import plainly_owned

_FUNCTIONS = ("crm_sees", "crm_reached")
_FIRST_MOMENT = "TIMESTAMP '0001-01-01 00:00:00'"
"""Compared with it a column is looked up in its index, which “is not null” is not."""


def listers(tables: Tables) -> list[str]:
    """The statements that make the procedures."""
    return [_lister(tables, e) for e in wholes(tables.catalogue) if is_listed(tables.catalogue, e)]


def owner_indexes(tables: Tables) -> list[str]:
    """The statements that make what is missing of the indexes by who owns a record in the end.

    Own objects have none: their columns may go at any time."""
    return [
        _index(e.table_name, f"COALESCE({owner_column(e)}, created_by)")
        for e in wholes(tables.catalogue) if _has_index(tables, e)
    ]  # fmt: skip


def grants(tables: Tables, role: str) -> Iterator[str]:
    """What the procedures read; the role may only ask."""
    for entity in wholes(tables.catalogue):
        if not is_listed(tables.catalogue, entity):
            continue
        name = lister_name(entity.table_name)
        read = {view_name(entity.table_name), "right_reach", REACH, WRITTEN}
        read |= {one.table_name for one in _beside(tables, entity)}
        if (part := taking_part(tables, entity)) is not None:
            read.add(part[0])
        for one in sorted(read):
            yield f"GRANT SELECT ON {one} TO PROCEDURE {name}"
        for function in _FUNCTIONS:
            yield f"GRANT EXECUTE ON FUNCTION {function} TO PROCEDURE {name}"
        yield f"GRANT EXECUTE ON PROCEDURE {name} TO ROLE {role}"


def _has_index(tables: Tables, entity: EntityDef) -> bool:
    return not entity.custom and is_listed(tables.catalogue, entity)


def _index(table: str, expression: str) -> str:
    name = owner_index_name(table)
    return f"""EXECUTE BLOCK AS BEGIN
 IF (NOT EXISTS(SELECT 1 FROM rdb$indices WHERE rdb$index_name = UPPER('{name}'))) THEN
  EXECUTE STATEMENT 'CREATE INDEX {name} ON {table} COMPUTED BY ({expression})';
END"""


def _lister(tables: Tables, entity: EntityDef) -> str:
    name, view = lister_name(entity.table_name), view_name(entity.table_name)
    found = "\n  UNION ".join(_found(tables, entity))
    return f"""CREATE OR ALTER PROCEDURE {name} RETURNS (id BIGINT) AS BEGIN
 IF ({reaches(entity.number, SEE)} OR EXISTS(SELECT 1 FROM {WRITTEN})) THEN
  FOR SELECT v.id FROM {view} v INTO :id DO SUSPEND;
 ELSE
  FOR {found}
  INTO :id DO SUSPEND;
END"""


def _found(tables: Tables, entity: EntityDef) -> Iterator[str]:
    """Questions for numbers, each in the order in which indexes answer it."""
    number, table = entity.number, entity.table_name
    reached = (
        f"(SELECT DISTINCT r.owner FROM {REACH} r WHERE r.ent = {number}"
        f" AND r.action = '{SEE}') s (o)"
    )
    for way in _ways(tables, entity, "t"):
        yield f"SELECT t.id FROM {reached} {way}"
    seen = f"crm_sees({number}, t.id) = 1"
    for whole in _unknown(tables, entity):
        (_id, ent) = column_names(_record_link(entity))[:2]
        yield f"SELECT t.id FROM {table} t WHERE t.{ent} = {whole.number} AND {seen}"
    if (part := taking_part(tables, entity)) is not None:
        parts, event, staff = part
        yield (
            f"SELECT t.id FROM {reached} JOIN {parts} q ON q.{staff} = s.o"
            f" JOIN {table} t ON t.id = q.{event}"
        )
    yield from _nobodys(tables, entity, seen)
    planned = entity.trait(Scheduled)
    if planned is not None:
        starts = column_names(entity.field(planned.starts))[0]
        yield (
            f"SELECT t.id FROM {table} t WHERE t.{starts} >= {_FIRST_MOMENT}"
            f" AND ({reaches(number, CALENDARS)}"
            f" OR crm_reached({number}, '{CALENDARS}', {number}, t.id) > 0)"
        )


def _ways(tables: Tables, entity: EntityDef, row: str) -> Iterator[str]:
    """The joins from an owner `s.o` to records `row` that are his, or hang on what is his."""
    table, own = entity.table_name, f"{row}.{owner_column(entity)}"
    if _has_index(tables, entity):
        yield f"JOIN {table} {row} ON {owner(tables, entity, row)} = s.o"
    else:
        yield f"JOIN {table} {row} ON {own} = s.o"
        yield f"JOIN {table} {row} ON {own} IS NULL AND {row}.created_by = s.o"
    link = parent_link(entity)
    for whole in _known(tables, entity):
        assert link is not None
        above = f"{row}u"
        on = f"{row}.{column_names(link)[0]} = {above}.id"
        if isinstance(link, RecordField):
            on += f" AND {row}.{column_names(link)[1]} = {whole.number}"
        for way in _ways(tables, whole, above):
            yield f"{way} JOIN {table} {row} ON {on}"


def _nobodys(tables: Tables, entity: EntityDef, seen: str) -> Iterator[str]:
    """What is nobody's, and what it hangs on neither."""
    table, link = entity.table_name, parent_link(entity)
    alone = f"t.{owner_column(entity)} IS NULL AND t.created_by IS NULL"
    if not isinstance(link, LinkField):
        yield f"SELECT t.id FROM {table} t WHERE {alone} AND {seen}"
        return
    whole, name = tables.catalogue[link.target], column_names(link)[0]
    theirs = f"u.{owner_column(whole)} IS NULL AND u.created_by IS NULL"
    yield f"SELECT t.id FROM {table} t WHERE t.{name} IS NULL AND {alone}"
    yield (
        f"SELECT t.id FROM {whole.table_name} u JOIN {table} t ON t.{name} = u.id"
        f" WHERE {theirs} AND {alone}"
    )


def _pointed(tables: Tables, entity: EntityDef) -> list[EntityDef]:
    """The objects that its records may hang on and that are not everybody's."""
    link, catalogue = parent_link(entity), tables.catalogue
    if isinstance(link, LinkField):
        return [catalogue[link.target]]
    found = (other for other in catalogue if link is not None and catalogue.points(link, other))
    return [other for other in found if not is_shared(catalogue, other)]


def _known(tables: Tables, entity: EntityDef) -> list[EntityDef]:
    """Those whose owners are found by joins."""
    return [e for e in _pointed(tables, entity) if not hangs(e) and plainly_owned(tables, e)]


def _unknown(tables: Tables, entity: EntityDef) -> list[EntityDef]:
    known = _known(tables, entity)
    return [other for other in _pointed(tables, entity) if other not in known]


def _beside(tables: Tables, entity: EntityDef) -> Iterator[EntityDef]:
    """The objects whose tables are read."""
    yield entity
    for whole in _known(tables, entity):
        yield from _beside(tables, whole)


def _record_link(entity: EntityDef) -> RecordField:
    link = parent_link(entity)
    assert isinstance(link, RecordField)
    return link
