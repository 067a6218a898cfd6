"""The triggers that refuse what an account may not write, and say who wrote what it may.

They are for the role of the staff alone and cost everybody else one comparison. What the program
keeps by itself (kept fields, versions) follows from what is written elsewhere, so anybody's work
may change it.
"""

from __future__ import annotations

from collections.abc import Iterable

from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.catalogue.overlay import ADDS_TO
from crm_desktop.models.catalogue.own_choices import CHANGES
from crm_desktop.models.catalogue.ownership import hangs, is_shared, owner_field
from crm_desktop.models.catalogue.shared_traits import Pictured, SignsIn
from crm_desktop.models.catalogue.traits import Staff, TakesPart
from crm_desktop.models.schema import Tables, column_names, side_name
from crm_desktop.models.strict.names import LARGEST_ID, WRITTEN, ticket, view_name
from crm_desktop.models.strict.reach import EDIT, REACH, SEE, parent, reaches

CREATE, DELETE, MERGE, REASSIGN = "create", "delete", "merge", "reassign"
REFUSED = "CRM_REFUSED"
EXCEPTION = f"CREATE OR ALTER EXCEPTION {REFUSED} 'refused'"
_SYSTEM = ("id", "version", "created_at", "created_by", "updated_at", "updated_by")
_OTHERS = "IF (CURRENT_ROLE <> 'CRM_STAFF' OR CURRENT_USER = 'SYSDBA') THEN EXIT;"
_IS_OWNER = (
    "EXISTS(SELECT 1 FROM rdb$relations WHERE rdb$relation_name = 'RDB$DATABASE'"
    " AND rdb$owner_name = CURRENT_USER)"
)
AUTHOR, NUMBER = "author", "number"
"""What is refused to whoever writes in another one's name, or under another record's number."""
FACTS_OF_ALL = ("currency", "language", "company", "finished", "walls", "rights_stamp")
"""Facts of the base that only administrators write."""


def trigger_name(table: str) -> str:
    """As long as the view's name."""
    return "g" + view_name(table)[1:]


def guards(tables: Tables) -> dict[str, str]:
    """The statement that makes the trigger of each table, by the table's name."""
    found = dict(_of_fixed())
    for entity in tables.catalogue:
        if is_shared(tables.catalogue, entity):
            body = _shared(tables, entity)
        elif hangs(entity):
            body = _part(tables, entity)
        else:
            body = _whole(tables, entity)
        found[entity.table_name] = body
        if entity.key in tables.side:
            found[side_name(entity)] = _side(entity)
    return {name: _trigger(name, body) for name, body in found.items()}


def _trigger(table: str, body: str) -> str:
    return (
        f"CREATE OR ALTER TRIGGER {trigger_name(table)} FOR {table} ACTIVE"
        f" BEFORE INSERT OR UPDATE OR DELETE POSITION 0 AS DECLARE me BIGINT; BEGIN\n"
        f" {_OTHERS}\n{body}\nEND"
    )


def _refuse(condition: str, what: str, number: int | str = 0) -> str:
    """`condition` says that it may not be."""
    return f"IF ({condition}) THEN IF (NOT {_IS_OWNER}) THEN EXCEPTION {REFUSED} '{what} {number}';"


def _ticket(number: int, id_: str) -> str:
    row = f"({ticket(number, id_)}) MATCHING (rid);"
    return f"UPDATE OR INSERT INTO {WRITTEN} (rid) VALUES {row}"  # noqa: S608


def _made(entity: EntityDef) -> str:
    """Who makes a record is who is connected; but what was deleted comes back as it was. No record
    takes the number of another object's: what is kept by numbers alone would be of both."""
    was = (
        f"EXISTS(SELECT 1 FROM change_row c WHERE c.rid = NEW.id AND c.ent = {entity.number}"  # noqa: S608
        " AND c.kind = 'c' AND c.author IS NOT DISTINCT FROM NEW.created_by)"
    )
    others = f"NEW.created_by IS DISTINCT FROM :me AND NOT {was}"
    taken = f"NEW.id NOT BETWEEN 1 AND {LARGEST_ID} OR crm_object(NEW.id) <> {entity.number}"
    return (
        f"me = crm_me();\n  {_refuse(others, AUTHOR, entity.number)}\n"
        f"  {_refuse(taken, NUMBER, entity.number)}"
    )


def _signed(entity: EntityDef) -> str:
    """Who made a record never changes; who changed it is who is connected."""
    return _refuse(
        "NEW.id <> OLD.id OR NEW.created_by IS DISTINCT FROM OLD.created_by"
        " OR NEW.created_at <> OLD.created_at OR (NEW.updated_by IS DISTINCT FROM OLD.updated_by"
        " AND NEW.updated_by IS DISTINCT FROM crm_me())", AUTHOR, entity.number,
    )  # fmt: skip


def _distinct(columns: Iterable[str]) -> str:
    terms = [f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns]
    return "(" + " OR ".join(terms or ["1 = 0"]) + ")"


def _changed(tables: Tables, entity: EntityDef, *, readonly: bool = False) -> str:
    """That anything is changed but what the program keeps by itself."""
    kept = {
        name
        for f in entity.fields
        if not f.extra and (f.kept or (readonly and f.readonly))
        for name in column_names(f)
    }
    columns = tables.metadata.tables[entity.table_name].columns
    return _distinct(c.name for c in columns if c.name not in kept and c.name not in _SYSTEM)


def _whole(tables: Tables, entity: EntityDef) -> str:
    number, f = entity.number, owner_field(entity)
    own = column_names(f)[0] if f is not None and not f.extra else "created_by"
    mine = (
        f"EXISTS(SELECT 1 FROM {REACH} r WHERE r.login = CURRENT_USER AND r.ent = {number}"  # noqa: S608
        f" AND r.action = '{CREATE}' AND r.owner IN (0, :me, NEW.{own}))"
    )
    deed = "IF (NOT {all}) THEN " + "BEGIN {refuse} END"
    edit = deed.format(
        all=reaches(number, EDIT),
        refuse=_refuse(
            f"{_changed(tables, entity)} AND crm_may('{EDIT}', {number}, OLD.id) = 0", EDIT, number
        ),
    )
    hand = _refuse(
        f"NOT {reaches(number, REASSIGN)} AND crm_may('{REASSIGN}', {number}, OLD.id) = 0",
        REASSIGN, number,
    )  # fmt: skip
    gone = deed.format(
        all=reaches(number, DELETE),
        refuse=_refuse(
            f"crm_may('{DELETE}', {number}, OLD.id) = 0"
            f" AND crm_may('{MERGE}', {number}, OLD.id) = 0", DELETE, number,
        ),
    )  # fmt: skip
    narrow = f"IF (NOT {reaches(number, SEE)}) THEN"
    moved = _moved(tables, entity)
    return f""" IF (INSERTING) THEN BEGIN
  {_made(entity)}
  {_refuse(f"NOT {mine}", CREATE, number)}
  {narrow} {_ticket(number, "NEW.id")}
 END
 ELSE IF (UPDATING) THEN BEGIN
  {_signed(entity)}
  {edit}
  IF (NEW.{own} IS DISTINCT FROM OLD.{own}) THEN BEGIN {hand} END
  IF ({moved}) THEN {_ticket(number, "OLD.id")}
 END
 ELSE BEGIN
  {gone}
  {narrow} {_ticket(number, "OLD.id")}
 END"""


def _moved(tables: Tables, entity: EntityDef) -> str:
    """That it may be another one's from now on."""
    above, f = parent(tables, entity, "NEW"), owner_field(entity)
    names = [column_names(f)[0]] if f is not None and not f.extra else []
    if above is not None and above[1].startswith("NEW."):
        names.append(above[1].removeprefix("NEW."))
    return _distinct(names)


def _part(tables: Tables, entity: EntityDef) -> str:
    old, new = parent(tables, entity, "OLD"), parent(tables, entity, "NEW")
    assert old is not None and new is not None
    number = entity.number

    def may(above: tuple[str, str]) -> str:
        return f"{above[1]} IS NOT NULL AND crm_may('{EDIT}', {above[0]}, {above[1]}) = 0"

    takes = entity.trait(TakesPart)
    whole = ""
    if takes is not None and isinstance(event := entity.field(takes.event), LinkField):
        top = tables.catalogue[event.target].number
        whole = _ticket(top, f"OLD.{column_names(event)[0]}")
    moved = f"{new[1]} IS DISTINCT FROM {old[1]}"
    return f""" IF (INSERTING) THEN BEGIN
  {_made(entity)}
  {_refuse(may(new), EDIT, number)}
 END
 ELSE IF (UPDATING) THEN BEGIN
  {_signed(entity)}
  {_refuse(f"{_changed(tables, entity)} AND {may(old)}", EDIT, number)}
  IF ({moved}) THEN BEGIN {_refuse(may(new), EDIT, number)} {_ticket(number, "OLD.id")} END
  {whole}
 END
 ELSE BEGIN
  {_refuse(may(old), EDIT, number)}
  {_ticket(number, "OLD.id")} {whole}
 END"""


def _shared(tables: Tables, entity: EntityDef) -> str:
    """What everybody sees only who may change all of it changes; who is whose head, and in which
    department, is the administrator's business, for rights follow from it."""
    number = entity.number
    old, new = parent(tables, entity, "OLD"), parent(tables, entity, "NEW")
    if hangs(entity) and old is not None and new is not None:
        may = [
            f"{above[1]} IS NOT NULL AND crm_may('{EDIT}', {above[0]}, {above[1]}) = 0"
            for above in (new, old, old)
        ]
    else:
        may = [f"NOT {reaches(number, action)}" for action in (CREATE, EDIT, DELETE)]
    posts = _posts(entity) if entity.trait(Staff) is not None else ""
    return f""" IF (INSERTING) THEN BEGIN
  {_made(entity)}
  {_refuse(may[0], CREATE, number)}
 END
 ELSE IF (UPDATING) THEN BEGIN
  {_signed(entity)}
  {_refuse(f"{_changed(tables, entity, readonly=True)} AND {may[1]}", EDIT, number)}
  {posts}
 END
 ELSE BEGIN
  {_refuse(may[2], DELETE, number)}
 END"""


def _posts(entity: EntityDef) -> str:
    """Whose account it is, too: a colleague is known by it. One's own picture everybody changes."""
    number, signs, pictured = entity.number, entity.trait(SignsIn), entity.trait(Pictured)
    fixed: list[Field] = [f for f in entity.fields if isinstance(f, LinkField) and not f.extra]
    fixed += [entity.field(signs.login)] if signs is not None else []
    text = _refuse(_distinct(name for f in fixed for name in column_names(f)), "posts", number)
    if pictured is not None:
        shown = _distinct(column_names(entity.field(pictured.field)))
        others = f"OLD.id IS DISTINCT FROM crm_me() AND NOT {reaches(number, EDIT)}"
        text += "\n  " + _refuse(f"{shown} AND {others}", EDIT, number)
    return text


def _side(entity: EntityDef) -> str:
    """Fields added by users are changed with their record, which is made before them, and go with
    it."""
    number = entity.number
    id_ = "COALESCE(NEW.id, OLD.id)"
    fresh = f"EXISTS(SELECT 1 FROM {WRITTEN} w WHERE w.rid = {ticket(number, id_)})"  # noqa: S608
    others = f"crm_may('{EDIT}', {number}, {id_}) = 0 AND NOT {fresh}"
    gone = " AND ".join(f"crm_may('{deed}', {number}, OLD.id) = 0" for deed in (DELETE, MERGE))
    return (
        f" {_refuse('UPDATING AND NEW.id <> OLD.id', EDIT, number)}\n"
        f" {_refuse(f'{others} AND (NOT DELETING OR {gone})', EDIT, number)}"
    )


def _of_records() -> dict[str, str]:
    """What is kept beside records is changed by who may change, make or merge those."""
    text = "COALESCE(NEW.rid, OLD.rid)"
    object_ = f"crm_object({text})"
    closed = (
        f"{object_} IS NOT NULL AND crm_may('{EDIT}', {object_}, {text}) = 0"
        f" AND NOT (INSERTING AND crm_may('{CREATE}', {object_}, {text}) = 1)"
    )
    merged = (
        f"crm_may('{MERGE}', COALESCE(NEW.ent, OLD.ent), {text}) = 0"
        f" AND crm_may('{EDIT}', COALESCE(NEW.ent, OLD.ent), {text}) = 0"
    )
    same = "UPDATING AND NEW.rid <> OLD.rid"
    return {
        "long_text": f" {_refuse(same, EDIT)} {_refuse(closed, EDIT)}",
        "merged_record": f" {_refuse(same, EDIT)} {_refuse(merged, MERGE)}",
    }


def _of_base() -> dict[str, str]:
    """What every program goes by is the administrator's, but values of lists, which anybody adds;
    such a row says so at its beginning (`Constructor.add_choice`)."""
    heads = " AND ".join(
        f"NEW.definition NOT STARTING WITH '{{\"{key}\":'" for key in (ADDS_TO, CHANGES)
    )
    facts = ", ".join(f"'{name}'" for name in FACTS_OF_ALL)
    return {
        "custom_field": (
            f" IF (INSERTING) THEN BEGIN {_refuse(heads, EDIT)} END"
            f" ELSE BEGIN {_refuse('1 = 1', EDIT)} END"
        ),
        "base_info": " " + _refuse(
            f"COALESCE(NEW.name, '') IN ({facts}) OR COALESCE(OLD.name, '') IN ({facts})", EDIT
        ),
    }  # fmt: skip


def _of_fixed() -> dict[str, str]:
    """Authors are who is connected; the audit says by itself who and when."""
    said = _refuse("NEW.author IS DISTINCT FROM crm_me()", AUTHOR)
    kept = _refuse("OLD.author IS DISTINCT FROM crm_me()", AUTHOR)
    same = _refuse(
        "NEW.id <> OLD.id OR NEW.author IS DISTINCT FROM OLD.author OR NEW.title <> OLD.title"
        " OR NEW.kind <> OLD.kind", AUTHOR,
    )  # fmt: skip
    gone = _refuse("crm_sees(NEW.ent, NEW.rid) = 0", SEE)
    moved = _refuse(
        "NEW.ent <> OLD.ent OR NEW.rid <> OLD.rid OR NEW.kind <> OLD.kind"
        " OR NEW.owner IS DISTINCT FROM OLD.owner OR NEW.author IS DISTINCT FROM OLD.author",
        AUTHOR,
    )
    return {
        **_of_records(),
        **_of_base(),
        "change_row": f" IF (INSERTING) THEN BEGIN {said} END",
        "departed": (
            f" IF (INSERTING) THEN BEGIN {said} {gone} END"
            f" ELSE IF (UPDATING) THEN BEGIN {moved} END"
        ),
        "operation_log": (
            f" IF (INSERTING) THEN BEGIN {said} END"
            f" ELSE IF (UPDATING) THEN BEGIN {same} END ELSE BEGIN {kept} END"
        ),
        "saved_view": (
            f" IF (NOT DELETING) THEN BEGIN {_refuse('NEW.author <> crm_me()', AUTHOR)} END"
            f" IF (NOT INSERTING) THEN BEGIN {_refuse('OLD.author <> crm_me()', AUTHOR)} END"
        ),
        "audit_entry": (
            " IF (INSERTING) THEN BEGIN NEW.login = LOWER(TRIM(CURRENT_USER));"
            " NEW.made_at = CAST('NOW' AS TIMESTAMP); NEW.who = crm_me(); END"
        ),
    }
