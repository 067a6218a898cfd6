"""The functions of the server that say what the account of a connection reaches.

`right_reach` holds whose records each account reaches; who the owners of a record are follows from
`models/catalogue/ownership`, and is spelled out here for every object.
"""

from __future__ import annotations

from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import LongTextField, RecordField
from crm_desktop.models.catalogue.ownership import hangs, owner_field, parent_link
from crm_desktop.models.catalogue.shared_traits import SignsIn
from crm_desktop.models.catalogue.traits import Scheduled, TakesPart
from crm_desktop.models.schema import Tables, column_names, side_name
from crm_desktop.models.strict.names import WRITTEN, guarded, ticket, view_name, wholes

SEE, CALENDARS, EDIT = "see", "see_calendars", "edit"
REACH = view_name("right_reach")
FUNCTIONS = ("crm_me", "crm_reached", "crm_object", "crm_sees", "crm_sees_all", "crm_may")
HOURS_OF_ZONES = 14
"""A moment in the base is UTC and the server's clock local: nothing is refused too early or
granted too late by that."""

VALID = (
    f"(r.ends_at IS NULL OR (r.ends_at > DATEADD(-{HOURS_OF_ZONES} HOUR TO LOCALTIMESTAMP)"
    f" AND (r.begins_at IS NULL"
    f" OR r.begins_at < DATEADD({HOURS_OF_ZONES} HOUR TO LOCALTIMESTAMP))))"
)
REACH_VIEW = f"""CREATE OR ALTER VIEW {REACH} (login, ent, action, owner, begins_at, ends_at) AS
 SELECT r.login, r.ent, r.action, r.owner, r.begins_at, r.ends_at FROM right_reach r
 WHERE r.login = CURRENT_USER AND {VALID}"""  # noqa: S608


def reaches(number: int | str, action: str, owner: str = "0") -> str:
    """The condition that the account reaches the records of an owner; by default everybody's,
    which the server measures once a query: of the table, for it does not do so of a view."""
    return (
        f"EXISTS(SELECT 1 FROM right_reach r WHERE r.login = CURRENT_USER AND r.ent = {number}"  # noqa: S608
        f" AND r.action = '{action}' AND r.owner = {owner} AND {VALID})"
    )


def reaches_all(entities: list[EntityDef], action: str = SEE) -> str:
    """The condition that the account reaches all records of all these objects."""
    return "(" + " AND ".join(reaches(e.number, action) for e in entities) + ")"


def value(entity: EntityDef, f: Field, row: str, place: int = 0) -> str:
    """A column of a field of `row`, an alias of the main table, as an expression."""
    name = column_names(f)[place]
    if not f.extra:
        return f"{row}.{name}"
    side = side_name(entity)
    return f"(SELECT x.{name} FROM {side} x WHERE x.id = {row}.id)"  # noqa: S608


def owner_column(entity: EntityDef) -> str:
    """The column of its owner field, which stands in its own table."""
    f = owner_field(entity)
    assert f is not None and not f.extra
    return column_names(f)[0]


def owner(tables: Tables, entity: EntityDef, row: str) -> str:
    """Whose a record is by its own fields."""
    f = owner_field(entity)
    if f is None:
        return f"{row}.created_by"
    return f"COALESCE({value(entity, f, row)}, {row}.created_by)"


def parent(tables: Tables, entity: EntityDef, row: str) -> tuple[str, str] | None:
    """The number of the object of the record that it hangs on, and that record's id."""
    link = parent_link(entity)
    if link is None:
        return None
    id_ = value(entity, link, row)
    if isinstance(link, RecordField):
        return value(entity, link, row, 1), id_
    return str(tables.catalogue[link.target].number), id_


def taking_part(tables: Tables, entity: EntityDef) -> tuple[str, str, str] | None:
    """The table of those who take part in a record, its link there and its colleague."""
    if entity.trait(Scheduled) is None:
        return None
    for part in tables.catalogue:
        takes = part.trait(TakesPart)
        if takes is not None:
            event, staff = part.field(takes.event), part.field(takes.staff)
            return part.table_name, column_names(event)[0], column_names(staff)[0]
    return None


def functions(tables: Tables) -> list[str]:
    """The statements that make them; a function that calls itself is declared before."""
    head = "CREATE OR ALTER FUNCTION"
    reached = f"{head} crm_reached (whose SMALLINT, deed VARCHAR(16), ent SMALLINT, id BIGINT)"
    sees = f"{head} crm_sees (ent SMALLINT, id BIGINT)"
    may = f"{head} crm_may (deed VARCHAR(16), ent SMALLINT, id BIGINT)"
    declared = " RETURNS SMALLINT AS BEGIN RETURN 0; END"
    return [
        _me(tables), f"{reached}{declared}", f"{reached}{_reached(tables)}", _object(tables),
        f"{sees}{declared}", f"{sees}{_sees(tables)}", _sees_all(tables),
        f"{may}{declared}", f"{may}{_may(tables)}",
    ]  # fmt: skip


def read_by_functions(tables: Tables) -> list[str]:
    """The tables that the functions read, whoever calls them."""
    found = {WRITTEN, "departed", REACH, "right_reach", tables.catalogue.staff().table_name}
    for entity in guarded(tables.catalogue):
        found.add(entity.table_name)
        if entity.key in tables.side:
            found.add(side_name(entity))
    return sorted(found)


def _me(tables: Tables) -> str:
    staff, signs = tables.catalogue.with_trait(SignsIn)
    login = column_names(staff.field(signs.login))
    key = login[-1]
    return f"""CREATE OR ALTER FUNCTION crm_me RETURNS BIGINT AS DECLARE n BIGINT; BEGIN
 SELECT FIRST 1 id FROM {staff.table_name} WHERE {key} = LOWER(TRIM(CURRENT_USER)) ORDER BY id
 INTO :n;
 RETURN n; END"""  # noqa: S608


def _reached(tables: Tables) -> str:
    """1: one of the owners is reached; 2: it is nobody's; 0: neither; -1: there is none."""
    steps = "".join(_owners_of(tables, entity) for entity in guarded(tables.catalogue))
    return f""" RETURNS SMALLINT AS
 DECLARE o BIGINT; DECLARE p BIGINT; DECLARE e SMALLINT; DECLARE f SMALLINT; BEGIN
{steps} RETURN 2; END"""


def _owners_of(tables: Tables, entity: EntityDef) -> str:
    above = parent(tables, entity, "t") or ("NULL", "NULL")
    own = owner(tables, entity, "t")
    alone = hangs(entity)
    reached = (
        f"EXISTS(SELECT 1 FROM {REACH} r WHERE r.login = CURRENT_USER AND r.ent = :whose"  # noqa: S608
        " AND r.action = :deed AND r.owner = "
    )
    ours = f"IF ({reached}:o)) THEN RETURN 1;"
    parts = ""
    if (part := taking_part(tables, entity)) is not None:
        table, event, staff = part
        parts = (
            f"IF (EXISTS(SELECT 1 FROM {table} q JOIN {REACH} r ON r.owner = q.{staff}"  # noqa: S608
            f" WHERE q.{event} = :id AND r.login = CURRENT_USER AND r.ent = :whose"
            " AND r.action = :deed)) THEN RETURN 1;"
        )
    up = "f = crm_reached(whose, deed, e, p);"
    if alone:
        body = f"""IF (p IS NOT NULL) THEN BEGIN {up} RETURN f; END
   IF (o IS NULL) THEN RETURN 2; {ours} RETURN 0;"""
    else:
        body = f"""IF (o IS NOT NULL) THEN BEGIN {ours} END {parts}
   f = 2; IF (p IS NOT NULL) THEN BEGIN {up} END
   IF (f = 1) THEN RETURN 1; IF (o IS NULL AND f <> 0) THEN RETURN 2; RETURN 0;"""
    return f""" IF (ent = {entity.number}) THEN BEGIN
   SELECT {own}, {above[0]}, {above[1]} FROM {entity.table_name} t WHERE t.id = :id
    INTO :o, :e, :p;
   IF (ROW_COUNT = 0) THEN RETURN -1;
   {body}
  END
"""  # noqa: S608


def _objects(tables: Tables) -> list[tuple[EntityDef, str]]:
    """The objects that have long texts or that others hang on, each with the condition that a
    record of this number is there."""
    own = guarded(tables.catalogue)
    found = [*own, *(entity for entity in tables.catalogue if entity not in own)]
    return [
        (entity, f"EXISTS(SELECT 1 FROM {entity.table_name} WHERE id = :id)")  # noqa: S608
        for entity in found
        if (entity in own and not hangs(entity))
        or any(isinstance(f, LongTextField) for f in entity.fields)
    ]


def _object(tables: Tables) -> str:
    """Of which of those objects a record is."""
    steps = (f" IF ({there}) THEN RETURN {e.number};\n" for e, there in _objects(tables))
    return (
        "CREATE OR ALTER FUNCTION crm_object (id BIGINT) RETURNS SMALLINT AS BEGIN\n"
        f"{''.join(steps)} RETURN NULL; END"
    )


def _sees_all(tables: Tables) -> str:
    """Whether a record is seen of which the number alone is known: all that have it."""
    steps = (
        f" IF ({there}) THEN BEGIN\n  IF (crm_sees({e.number}, id) = 0) THEN RETURN 0;"
        " found = 1; END\n"
        for e, there in _objects(tables)
    )
    return (
        "CREATE OR ALTER FUNCTION crm_sees_all (id BIGINT) RETURNS SMALLINT AS"
        f" DECLARE found SMALLINT; BEGIN found = 0;\n{''.join(steps)} RETURN found; END"
    )


_GONE = f"""IF (EXISTS(SELECT 1 FROM departed d WHERE d.rid = :id AND d.ent = :ent
    AND d.kind <> 'm' AND (d.author = crm_me()
     OR EXISTS(SELECT 1 FROM {REACH} r WHERE r.login = CURRENT_USER
      AND r.ent = :ent AND r.action = 'see' AND r.owner = d.author)))) THEN RETURN 1;
   SELECT FIRST 1 d.owner FROM departed d WHERE d.rid = :id AND d.ent = :ent AND d.kind <> 'm'
    INTO :p;
   IF (p IS NULL) THEN RETURN 0;
   e = crm_object(p); IF (e IS NULL) THEN RETURN 0;
   RETURN crm_sees(e, p);"""  # noqa: S608


def _sees(tables: Tables) -> str:
    numbers = ", ".join(str(e.number) for e in wholes(tables.catalogue))
    planned = [e for e in wholes(tables.catalogue) if e.trait(Scheduled)]
    calendars = "".join(_of_calendars(entity) for entity in planned)
    steps = "".join(_sees_part(tables, e) for e in guarded(tables.catalogue) if hangs(e))
    return f""" RETURNS SMALLINT AS
 DECLARE f SMALLINT; DECLARE o BIGINT; DECLARE p BIGINT; DECLARE e SMALLINT; BEGIN
 IF (ent IS NULL) THEN RETURN 0;
 IF (ent IN ({numbers})) THEN BEGIN
   IF ({reaches(":ent", SEE)}) THEN RETURN 1;
   f = crm_reached(ent, '{SEE}', ent, id);
   IF (f > 0) THEN RETURN 1;
   IF (EXISTS(SELECT 1 FROM {WRITTEN} w WHERE w.rid = {ticket(":ent", ":id")})) THEN RETURN 1;
{calendars}   IF (f = 0) THEN RETURN 0;
   {_GONE}
 END
{steps} RETURN 1; END"""  # noqa: S608


def _of_calendars(entity: EntityDef) -> str:
    """Whoever may see others' calendars sees what has a time there."""
    planned = entity.trait(Scheduled)
    assert planned is not None
    starts = column_names(entity.field(planned.starts))[0]
    return (
        f"   IF (ent = {entity.number} AND EXISTS(SELECT 1 FROM {entity.table_name} t"  # noqa: S608
        f" WHERE t.id = :id AND t.{starts} IS NOT NULL)"
        f" AND ({reaches(':ent', CALENDARS)} OR crm_reached(ent, '{CALENDARS}', ent, id) > 0))"
        " THEN RETURN 1;\n"
    )


def _sees_part(tables: Tables, entity: EntityDef) -> str:
    above, own = parent(tables, entity, "t") or ("NULL", "NULL"), ticket(entity.number, ":id")
    return f""" IF (ent = {entity.number}) THEN BEGIN
   SELECT t.created_by, {above[0]}, {above[1]} FROM {entity.table_name} t WHERE t.id = :id
    INTO :o, :e, :p;
   IF (ROW_COUNT = 0) THEN BEGIN
   IF (EXISTS(SELECT 1 FROM {WRITTEN} w WHERE w.rid = {own})) THEN RETURN 1;
   {_GONE} END
   IF (p IS NOT NULL) THEN RETURN crm_sees(e, p);
   RETURN IIF(o IS NULL OR o = crm_me(), 1, 0);
 END
"""  # noqa: S608


def _may(tables: Tables) -> str:
    """Whether the account may do something to a record; what hangs on another is changed with it.

    A record that is not there is nobody's: what is made before its whole has to be let through.
    """
    catalogue = tables.catalogue
    steps = "".join(_may_part(tables, e) for e in catalogue if hangs(e))
    numbers = ", ".join(str(e.number) for e in wholes(catalogue))
    return f""" RETURNS SMALLINT AS
 DECLARE p BIGINT; DECLARE e SMALLINT; BEGIN
{steps} IF (EXISTS(SELECT 1 FROM {REACH} r WHERE r.login = CURRENT_USER AND r.ent = :ent
   AND r.action = :deed AND r.owner = 0)) THEN RETURN 1;
 IF (ent NOT IN ({numbers})) THEN RETURN 0;
 IF (crm_reached(ent, deed, ent, id) <> 0) THEN RETURN 1;
 RETURN IIF(EXISTS(SELECT 1 FROM {WRITTEN} w WHERE w.rid = {ticket(":ent", ":id")}), 1, 0);
 END"""  # noqa: S608


def _may_part(tables: Tables, entity: EntityDef) -> str:
    above = parent(tables, entity, "t") or ("NULL", "NULL")
    return f""" IF (ent = {entity.number}) THEN BEGIN
   SELECT {above[0]}, {above[1]} FROM {entity.table_name} t WHERE t.id = :id INTO :e, :p;
   IF (p IS NULL) THEN RETURN 1;
   RETURN crm_may('{EDIT}', e, p);
 END
"""  # noqa: S608
