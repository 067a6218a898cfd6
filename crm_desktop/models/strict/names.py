"""Which tables an ordinary account has through a view only, and how the views are called."""

from __future__ import annotations

import zlib

from crm_desktop.models.backend import firebird_sql
from crm_desktop.models.backend.hidden_words import ASKED
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.catalogue.ownership import hangs, is_shared, owner_field, parent_link
from crm_desktop.models.catalogue.traits import Scheduled
from crm_desktop.models.schema import Tables, side_name

LONGEST_NAME = 31
WRITTEN = firebird_sql.WRITTEN
"""The records that a transaction had the right to change: what hangs on them can be written until
its end, even if they are gone or another one's by then. A row is a `ticket`."""
LARGEST_ID = 1 << 47

SYSTEM = (
    "change_row", "operation_log", "search_doc", "search_posting", "long_text", "file_content",
    "file_part", "departed", "duplicate_group", "duplicate_member", "outgoing_message",
    "saved_view", "right_reach", "tally", "changed_hands", "chain",
)  # fmt: skip
"""Fixed tables that repeat what is in records, or what is one person's."""
WORDS, ADDED = "search_hidden", "search_hidden_added"
"""Those that an account reaches by procedures alone (`hidden_words`)."""


def view_name(table: str) -> str:
    """The view of a table, within the letters that Firebird 3 keeps."""
    whole = "v_" + table
    if len(whole) <= LONGEST_NAME:
        return whole
    return f"{whole[: LONGEST_NAME - 9]}_{zlib.crc32(whole.encode()):08x}"


def ticket(ent: int | str, id_: str) -> str:
    """The number of a record of an object among those. Nothing but the program keeps a client and
    a person from having one number, so the object's is in it."""
    return f"(({id_}) * 32768 + {ent})"


def counter_name(table: str) -> str:
    """The procedure that counts the rows of its view; as long as the view's name."""
    return "n" + view_name(table)[1:]


def lister_name(table: str) -> str:
    """The procedure that lists the numbers of the rows of its view, where there is one."""
    return "r" + view_name(table)[1:]


def writer_name(table: str) -> str:
    """The trigger that writes what is written through the view of a table."""
    return "w" + view_name(table)[1:]


def owner_index_name(table: str) -> str:
    """The index by whose a record is: by its owner field, else by who made it."""
    return "o" + view_name(table)[1:]


def guarded(catalogue: Catalogue) -> list[EntityDef]:
    """The objects whose records are not everybody's."""
    return [entity for entity in catalogue if not is_shared(catalogue, entity)]


def wholes(catalogue: Catalogue) -> list[EntityDef]:
    """Those of them that have rights of their own."""
    return [entity for entity in guarded(catalogue) if not hangs(entity)]


def owned_alone(catalogue: Catalogue, entity: EntityDef) -> bool:
    """Whether a field of its own table, and nothing else, says whose a record is."""
    f = owner_field(entity)
    alone = f is not None and not f.extra and entity.trait(Scheduled) is None
    return alone and parent_link(entity) is None and not is_shared(catalogue, entity)


def is_listed(catalogue: Catalogue, entity: EntityDef) -> bool:
    """Whether more than its owner field says whose a record is, and all that does is found by
    indexes: there is a procedure that lists what an account reaches."""
    own, link = owner_field(entity), parent_link(entity)
    if own is None or own.extra or owned_alone(catalogue, entity):
        return False
    if not isinstance(link, LinkField):
        return link is None or not link.extra
    return not link.extra and owned_alone(catalogue, catalogue[link.target])


def closed_tables(tables: Tables) -> list[str]:
    """The tables behind views, by the names that the catalogue gives them."""
    found = list(SYSTEM)
    for entity in guarded(tables.catalogue):
        found.append(entity.table_name)
        if entity.key in tables.side:
            found.append(side_name(entity))
    return found


def see_through_views(tables: Tables) -> Tables:
    """The same tables, named as an ordinary account has to ask for them."""
    for name in closed_tables(tables):
        table = tables.metadata.tables[name]
        table.info[firebird_sql.BASE] = name
        table.name = view_name(name)
    tables.metadata.tables[WORDS].info[ASKED] = True
    for entity in wholes(tables.catalogue):
        info, name = tables.main[entity.key].info, entity.table_name
        info[firebird_sql.COUNTER] = counter_name(name)
        if is_listed(tables.catalogue, entity):
            info[firebird_sql.LISTER] = lister_name(name)
    return tables
