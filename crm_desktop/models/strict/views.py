"""The views through which an ordinary account has the records and what repeats them."""

from __future__ import annotations

from collections.abc import Mapping

from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.catalogue.ownership import (
    hangs,
    owner_field,
    parent_link,
    pictured,
    roots,
)
from crm_desktop.models.catalogue.sales_traits import Funnel
from crm_desktop.models.catalogue.traits import FileContent, Reminds, Scheduled
from crm_desktop.models.schema import Tables, column_names, side_name
from crm_desktop.models.strict.held import NOTHING, HeldColumns, Shown
from crm_desktop.models.strict.names import (
    ADDED,
    WORDS,
    WRITTEN,
    guarded,
    owned_alone,
    ticket,
    view_name,
    wholes,
)
from crm_desktop.models.strict.reach import (
    CALENDARS,
    SEE,
    owner,
    parent,
    reaches,
    reaches_all,
)
from crm_desktop.models.tallies import tallies

_LATEST_OPERATIONS = 200
"""Rows of an operation that are looked at: of a longer one the first must do."""


def views(tables: Tables, held: HeldColumns | None = None) -> dict[str, str]:
    """The statement that makes the view of each closed table, by the table's name."""
    held = held or HeldColumns(tables, NOTHING)
    conditions = _system(tables)
    for entity in guarded(tables.catalogue):
        conditions[entity.table_name] = _record(tables, entity)
        if entity.key in tables.side:
            conditions[side_name(entity)] = (
                f"{_everything(tables, [entity])} OR crm_sees({entity.number}, t.id) = 1"
            )
    return {
        name: _view(tables, name, _both(where, held.also(name)), held.columns.get(name, {}))
        for name, where in conditions.items()
    }


def _both(where: str, also: str) -> str:
    return f"({where}) AND {also}" if also else where


def _view(tables: Tables, name: str, where: str, shown: Mapping[str, Shown]) -> str:
    """A view names its columns, so it is made anew when the table gets another one."""
    names = [column.name for column in tables.metadata.tables[name].columns]
    columns = ", ".join(names)
    asked = ", ".join(shown[one].sql if one in shown else f"t.{one}" for one in names)
    return (
        f"CREATE OR ALTER VIEW {view_name(name)} ({columns}) AS"  # noqa: S608
        f" SELECT {asked} FROM {name} t WHERE {where}"
    )


def _everything(tables: Tables, entities: list[EntityDef]) -> str:
    """That the account reaches everything of what these objects hang on."""
    whole = wholes(tables.catalogue)
    found = [e for one in entities for e in roots(tables.catalogue, one) if e in whole]
    return reaches_all(list(dict.fromkeys(found)) or whole)


def _written(ent: int | str, row: str) -> str:
    """The server measures the first part once a query."""
    return (
        f"(EXISTS(SELECT 1 FROM {WRITTEN} w)"  # noqa: S608
        f" AND EXISTS(SELECT 1 FROM {WRITTEN} w WHERE w.rid = {ticket(ent, row)}))"
    )


def _record(tables: Tables, entity: EntityDef) -> str:
    if hangs(entity):
        return _part(tables, entity)
    own = owner(tables, entity, "t")
    known = f"{reaches(entity.number, SEE)} OR {reaches(entity.number, SEE, own)}"
    planned = entity.trait(Scheduled)
    if planned is not None:
        starts = column_names(entity.field(planned.starts))[0]
        known += f" OR (t.{starts} IS NOT NULL AND {reaches(entity.number, CALENDARS)})"
    if plainly_owned(tables, entity):
        written = _written(entity.number, "t.id")
        return f"{known} OR {_by_parent(tables, entity, 't')} OR {written}"
    return f"{known} OR crm_sees({entity.number}, t.id) = 1"


def _by_parent(tables: Tables, entity: EntityDef, row: str) -> str:
    """That the owner of the parent is reached, or that neither of them has one; said in full, for
    a function is called anew for every row."""
    own, above = owner(tables, entity, row), parent(tables, entity, row)
    link = parent_link(entity)
    if above is None or not isinstance(link, LinkField):
        return f"{own} IS NULL"
    whole = tables.catalogue[link.target]
    theirs = owner(tables, whole, "u")
    reached = f"IIF({theirs} IS NULL, 1, IIF({reaches(entity.number, SEE, theirs)}, 2, 0))"
    return (  # the parent is read once: 2 is reached, 1 nobody's or not there
        f"COALESCE((SELECT {reached} FROM {whole.table_name} u WHERE u.id = {above[1]}), 1)"  # noqa: S608
        f" >= IIF({own} IS NULL, 1, 2)"
    )


def _seen(tables: Tables, ent: str, rid: str) -> str:
    """That a record is seen that another table names; in full where its owners are plain."""
    plain = [entity for entity in wholes(tables.catalogue) if plainly_owned(tables, entity)]
    terms = [
        f"({ent} = {e.number} AND ({reaches(e.number, SEE)} OR EXISTS("  # noqa: S608
        f"SELECT 1 FROM {e.table_name} x WHERE x.id = {rid} AND ("
        f"{reaches(e.number, SEE, owner(tables, e, 'x'))} OR {_by_parent(tables, e, 'x')}))))"
        for e in plain
    ]
    numbers = ", ".join(str(e.number) for e in plain)
    return " OR ".join(
        [*terms, _written(ent, rid), f"({ent} NOT IN ({numbers}) AND crm_sees({ent}, {rid}) = 1)"]
    )


def plainly_owned(tables: Tables, entity: EntityDef) -> bool:
    """Whether a record's owners are that of its own field and that of one fixed parent."""
    link = parent_link(entity)
    if link is None:
        return owned_alone(tables.catalogue, entity)
    if hangs(entity) or not isinstance(link, LinkField) or link.extra:
        return False
    f = owner_field(entity)
    alone = f is not None and not f.extra and entity.trait(Scheduled) is None
    return alone and owned_alone(tables.catalogue, tables.catalogue[link.target])


def read_beside(tables: Tables) -> dict[str, list[str]]:
    """The tables of records that views read beside their own, by the name of the view's table."""
    plain = [entity for entity in wholes(tables.catalogue) if plainly_owned(tables, entity)]
    entries = ("search_doc", "search_posting", WORDS, ADDED)
    found = {name: [e.table_name for e in plain] for name in entries}
    for entity in plain:
        if isinstance(link := parent_link(entity), LinkField):
            found[entity.table_name] = [tables.catalogue[link.target].table_name]
    return found


def _part(tables: Tables, entity: EntityDef) -> str:
    above = parent(tables, entity, "t")
    assert above is not None
    return (
        f"{_everything(tables, [entity])}"
        f" OR ({above[1]} IS NOT NULL AND crm_sees({above[0]}, {above[1]}) = 1)"
        f" OR ({above[1]} IS NULL AND (t.created_by IS NULL OR t.created_by = crm_me()))"
        f" OR {_written(entity.number, 't.id')}"
    )


def _system(tables: Tables) -> dict[str, str]:
    """What stands in the fixed tables is seen by who sees the record that it is of."""
    whole = reaches_all(wholes(tables.catalogue))
    mine = "t.author = crm_me()"
    rows = (
        "EXISTS(SELECT 1 FROM (SELECT FIRST "  # noqa: S608
        f"{_LATEST_OPERATIONS} c.ent AS ent, c.rid AS rid FROM change_row c WHERE c.op = t.id) l"
        " WHERE crm_sees(l.ent, l.rid) = 1)"
    )
    member = (
        "EXISTS(SELECT 1 FROM duplicate_group g WHERE g.id = t.grp AND crm_sees(g.ent, t.rid) = 1)"
    )
    others = (
        "NOT EXISTS(SELECT 1 FROM duplicate_member m WHERE m.grp = t.id"
        " AND crm_sees(t.ent, m.rid) = 0)"
    )
    reminder = next(e for e in tables.catalogue if e.trait(Reminds))
    return {
        "change_row": f"{whole} OR {mine} OR crm_sees(t.ent, t.rid) = 1",
        "operation_log": f"{whole} OR {mine} OR {rows}",
        "search_doc": f"{whole} OR {_seen(tables, 't.ent', 't.id')}",
        **dict.fromkeys(
            ("search_posting", WORDS, ADDED), f"{whole} OR {_seen(tables, 't.ent', 't.rid')}"
        ),
        "long_text": f"{whole} OR crm_sees_all(t.rid) = 1",
        "departed": f"{whole} OR {mine} OR crm_sees(t.ent, t.rid) = 1",
        "duplicate_group": f"{whole} OR {others}",
        "duplicate_member": f"{whole} OR {member}",
        "outgoing_message": f"{whole} OR crm_sees({reminder.number}, t.rid) = 1",
        **_counted(tables),
        "chain": "1 = 1",
        "saved_view": "t.shared = 1 OR t.author IS NULL OR t.author = crm_me()",
        **_files(tables, whole),
    }


def _counted(tables: Tables) -> dict[str, str]:
    """What the base counts is seen by who sees all records that it is counted of."""
    counted = {one.entity.key: one.entity for one in tallies(tables.catalogue)}
    terms = [f"(t.ent = {e.number} AND {_all_of(tables, e)})" for e in counted.values()]
    whole, _trait = tables.catalogue.with_trait(Funnel)
    return {"tally": " OR ".join(terms), "changed_hands": _all_of(tables, whole)}


def _all_of(tables: Tables, entity: EntityDef) -> str:
    return reaches_all(list(roots(tables.catalogue, entity)))


def _files(tables: Tables, whole: str) -> dict[str, str]:
    """A content is seen by who sees a file of it; one that is just being added, by its parts."""
    entity, file = tables.catalogue.with_trait(FileContent)
    digest = column_names(entity.field(file.digest))[0]
    seen = (
        f"EXISTS(SELECT 1 FROM {entity.table_name} a WHERE a.{digest} = %s"  # noqa: S608
        f" AND crm_sees({entity.number}, a.id) = 1)"
    )
    for shown, picture in pictured(tables.catalogue):
        column = column_names(shown.field(picture.field))[0]
        seen += (
            f" OR EXISTS(SELECT 1 FROM {shown.table_name} p WHERE p.{column} = %s"  # noqa: S608
            f" AND crm_sees({shown.number}, p.id) = 1)"
        )
    content = seen.replace("%s", "t.digest")
    inside = seen.replace("%s", "f.digest")
    part = f"EXISTS(SELECT 1 FROM file_content f WHERE f.id = t.content AND ({inside}))"  # noqa: S608
    new = "NOT EXISTS(SELECT 1 FROM file_content f WHERE f.id = t.content)"
    return {
        "file_content": f"{whole} OR {content}",
        "file_part": f"{whole} OR {part} OR {new}",
    }
