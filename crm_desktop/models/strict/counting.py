"""Procedures that count an object's records for an account, and count what its view shows.

A view has to look at every row, which the server unpacks for that. Who reaches everybody's records
has them counted without being unpacked; who reaches some people's, by the index of the owners. What
belongs to a whole that has an owner, too, such as a person of a client, is counted from those
wholes, and of the rest only what the record's own owner gives.
"""

from __future__ import annotations

from collections.abc import Iterator

from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.catalogue.ownership import parent_link
from crm_desktop.models.schema import Tables
from crm_desktop.models.strict.names import WRITTEN, counter_name, owned_alone, view_name, wholes
from crm_desktop.models.strict.reach import REACH, SEE, owner, owner_column, parent, reaches
from crm_desktop.models.strict.views import plainly_owned


def counters(tables: Tables) -> list[str]:
    """The statement that makes the procedure of each object with rights of its own."""
    return [_counter(tables, entity) for entity in wholes(tables.catalogue)]


def grants(tables: Tables, role: str) -> Iterator[str]:
    """Who counts may read what is counted; the role may only ask."""
    for entity in wholes(tables.catalogue):
        name, table = counter_name(entity.table_name), entity.table_name
        whole = _whole(tables, entity)
        beside = (whole.table_name,) if whole is not None else ()
        for read in (table, *beside, view_name(table), "right_reach", REACH, WRITTEN):
            yield f"GRANT SELECT ON {read} TO PROCEDURE {name}"
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
    whole = _whole(tables, entity)
    if owned_alone(tables.catalogue, entity):
        counted = _by_owners(entity)
    elif whole is not None:
        counted = _by_wholes(tables, entity, whole)
    else:
        return seen
    return f"IF (EXISTS(SELECT 1 FROM {WRITTEN})) THEN {seen}\n ELSE BEGIN\n{counted} END"  # noqa: S608


def _whole(tables: Tables, entity: EntityDef) -> EntityDef | None:
    """The object that its records belong to, where owners of both are plain."""
    link = parent_link(entity)
    if not isinstance(link, LinkField) or not plainly_owned(tables, entity):
        return None
    return tables.catalogue[link.target]


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


def _by_wholes(tables: Tables, entity: EntityDef, whole: EntityDef) -> str:
    """Those of the wholes that are reached, by the indexes of their owner and of the link; then
    what is reached by the record's own owner and not by the whole's; then what is nobody's."""
    above = parent(tables, entity, "t")
    assert above is not None
    own, theirs, link = owner_column(entity), owner_column(whole), above[1]
    both = f"{whole.table_name} u JOIN {entity.table_name} t ON {link} = u.id"
    reached = reaches(entity.number, SEE, owner(tables, whole, "u"))
    seen_by = f"SELECT 1 FROM {whole.table_name} u WHERE u.id = {link} AND {reached}"  # noqa: S608
    there = f"EXISTS({seen_by})"
    joined = f"EXISTS({seen_by} AND s.o IS NOT NULL)"  # looked at after the join, of few rows
    made = f"""(SELECT COUNT(*) FROM {entity.table_name} t
   JOIN ({_reached(entity)}) s (o) ON s.o = t.created_by WHERE t.{own} IS NULL AND NOT {joined})"""  # noqa: S608
    nobodys = f"t.{own} IS NULL AND t.created_by IS NULL"
    return f"""  n = {made}
   + (SELECT COUNT(*) FROM {entity.table_name} t WHERE {link} IS NULL AND {nobodys})
   + (SELECT COUNT(*) FROM {both} WHERE u.{theirs} IS NULL AND u.created_by IS NULL AND {nobodys});
  FOR {_reached(entity)} INTO :o DO BEGIN
   SELECT COUNT(*) FROM {both} WHERE u.{theirs} = :o INTO :m; n = n + m;
   SELECT COUNT(*) FROM {both} WHERE u.{theirs} IS NULL AND u.created_by = :o INTO :m; n = n + m;
   SELECT COUNT(*) FROM {entity.table_name} t WHERE t.{own} = :o AND NOT {there} INTO :m;
   n = n + m;
  END"""  # noqa: S608
