"""Procedures that count an object's records for an account, and count what its view shows.

A view has to look at every row, which the server unpacks for that. Who reaches everybody's records
has them counted without being unpacked; who reaches some people's, by the index of the owners, or
where more than the owner field decides, by the procedure that lists them (`listing`).
"""

from __future__ import annotations

from collections.abc import Iterator

from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.schema import Tables
from crm_desktop.models.strict.names import (
    WRITTEN,
    counter_name,
    is_listed,
    lister_name,
    owned_alone,
    view_name,
    wholes,
)
from crm_desktop.models.strict.reach import REACH, SEE, owner_column, reaches


def counters(tables: Tables) -> list[str]:
    """The statement that makes the procedure of each object with rights of its own."""
    return [_counter(tables, entity) for entity in wholes(tables.catalogue)]


def grants(tables: Tables, role: str) -> Iterator[str]:
    """Who counts may read what is counted; the role may only ask."""
    for entity in wholes(tables.catalogue):
        name, table = counter_name(entity.table_name), entity.table_name
        for read in (table, view_name(table), "right_reach", REACH, WRITTEN):
            yield f"GRANT SELECT ON {read} TO PROCEDURE {name}"
        if is_listed(tables.catalogue, entity):
            yield f"GRANT EXECUTE ON PROCEDURE {lister_name(table)} TO PROCEDURE {name}"
        yield f"GRANT EXECUTE ON PROCEDURE {name} TO ROLE {role}"


def _counter(tables: Tables, entity: EntityDef) -> str:
    number, table = entity.number, entity.table_name
    seen = f"SELECT COUNT(*) FROM {view_name(table)} INTO :n;"  # noqa: S608
    return f"""CREATE OR ALTER PROCEDURE {counter_name(table)} RETURNS (n BIGINT) AS
 DECLARE o BIGINT; DECLARE m BIGINT; BEGIN
 IF ({reaches(number, SEE)}) THEN SELECT COUNT(*) FROM {table} INTO :n;
 ELSE {_narrow(tables, entity, seen)}
 SUSPEND; END"""  # noqa: S608


def _narrow(tables: Tables, entity: EntityDef, seen: str) -> str:
    """What was written in this transaction may be out of reach already: the view knows."""
    if is_listed(tables.catalogue, entity):
        return f"SELECT COUNT(*) FROM {lister_name(entity.table_name)} INTO :n;"  # noqa: S608
    if not owned_alone(tables.catalogue, entity):
        return seen
    counted = _by_owners(entity)
    return f"IF (EXISTS(SELECT 1 FROM {WRITTEN})) THEN {seen}\n ELSE BEGIN\n{counted} END"  # noqa: S608


def _reached(entity: EntityDef) -> str:
    return f"""SELECT DISTINCT r.owner FROM {REACH} r WHERE r.ent = {entity.number}
   AND r.action = '{SEE}'"""  # noqa: S608


def _by_owners(entity: EntityDef) -> str:
    own, table = owner_column(entity), entity.table_name
    made = reaches(entity.number, SEE, "t.created_by")
    return f"""  SELECT COUNT(*) FROM {table} t
   WHERE t.{own} IS NULL AND (t.created_by IS NULL OR {made}) INTO :n;
  FOR {_reached(entity)} INTO :o DO BEGIN
   SELECT COUNT(*) FROM {table} t WHERE t.{own} = :o INTO :m; n = n + m;
  END"""  # noqa: S608
