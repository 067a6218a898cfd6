"""Everything that keeps an account within its reach, as statements; made anew with every change
of the catalogue, because a view names its columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from crm_desktop.models.backend.firebird_sql import CONTENT, LOCK, NUMBER
from crm_desktop.models.backend.tally_triggers import FOLD
from crm_desktop.models.schema import Tables
from crm_desktop.models.strict import alike, counting, hidden_words, listing, sealed, spoilt
from crm_desktop.models.strict.asked import askers
from crm_desktop.models.strict.guards import EXCEPTION, REFUSED, guards, trigger_name
from crm_desktop.models.strict.held import (
    NOTHING,
    SAID,
    WITHOUT,
    Held,
    HeldColumns,
    writers,
)
from crm_desktop.models.strict.names import (
    ADDED,
    WORDS,
    WRITTEN,
    closed_tables,
    guarded,
    view_name,
    writer_name,
)
from crm_desktop.models.strict.reach import (
    FUNCTIONS,
    REACH_VIEW,
    functions,
    read_by_functions,
)
from crm_desktop.models.strict.views import read_beside, views

_ROLE = "CRM_STAFF"
_ADDED_TO = ("change_row", "chain")
_ONLY_READ = ("right_reach", "tally", "changed_hands")
_FIXED = ("change_row", "chain", "departed", "operation_log", "search_doc")
_REVOKE_ALL = f"""EXECUTE BLOCK AS
 DECLARE name VARCHAR(31) = '%s';
 DECLARE grantor VARCHAR(31);
BEGIN
 FOR SELECT DISTINCT TRIM(rdb$grantor) FROM rdb$user_privileges
  WHERE rdb$relation_name = UPPER(:name) AND rdb$user = '{_ROLE}' INTO grantor DO
  EXECUTE STATEMENT 'REVOKE ALL ON ' || name || ' FROM ROLE {_ROLE} GRANTED BY "' || grantor || '"';
END"""  # noqa: S608
"""What another administrator granted, such as who made the base, a plain REVOKE refuses to take."""
_MAKE_WRITTEN = f"""EXECUTE BLOCK AS BEGIN
 IF (NOT EXISTS(SELECT 1 FROM rdb$relations WHERE rdb$relation_name = UPPER('{WRITTEN}'))) THEN
  EXECUTE STATEMENT 'CREATE GLOBAL TEMPORARY TABLE {WRITTEN} (rid BIGINT NOT NULL PRIMARY KEY)
   ON COMMIT DELETE ROWS';
END"""  # noqa: S608


def made_before(tables: Tables) -> list[str]:
    """What the others name: it has to be there, committed, before them; and indexes."""
    return [_MAKE_WRITTEN, *listing.owner_indexes(tables)]


def statements(tables: Tables, held: Held = NOTHING) -> list[str]:
    """The exception, functions, views, triggers, the lock, and who may use which of them.

    `held`: the fields that a role hides or masks."""
    columns = HeldColumns(tables, held)
    writing = writers(tables, columns)
    return [
        EXCEPTION, REACH_VIEW, *functions(tables), *askers(tables, columns),
        *views(tables, columns).values(), *guards(tables).values(), *writing.values(),
        _drop_writers(writing), _lock(tables), _CONTENT, *listing.listers(tables),
        *counting.counters(tables), *hidden_words.procedures(tables, columns.sealed()),
        *_grants(tables), *_of_held(tables, columns, writing),
        *listing.grants(tables, _ROLE), *counting.grants(tables, _ROLE),
        *hidden_words.grants(_ROLE),
    ]  # fmt: skip


def _drop_writers(kept: Mapping[str, str]) -> str:
    """Views of which nothing is hidden any more are written by the server itself."""
    names = ", ".join(f"'{writer_name(name).upper()}'" for name in kept) or "''"
    return f"""EXECUTE BLOCK AS DECLARE n VARCHAR(31); BEGIN
 FOR SELECT TRIM(rdb$trigger_name) FROM rdb$triggers WHERE rdb$trigger_name STARTING WITH 'W_'
  AND rdb$relation_name STARTING WITH 'V_' AND TRIM(rdb$trigger_name) NOT IN ({names}) INTO :n
 DO EXECUTE STATEMENT 'DROP TRIGGER ' || n;
END"""  # noqa: S608


def _of_held(tables: Tables, columns: HeldColumns, writing: Iterable[str]) -> Iterator[str]:
    for function in (SAID, WITHOUT, sealed.CUT, sealed.SEEN, sealed.KEPT):
        yield f"GRANT EXECUTE ON FUNCTION {function} TO ROLE {_ROLE}"
    yield f"GRANT EXECUTE ON FUNCTION {WITHOUT} TO FUNCTION {SAID}"
    for function in (sealed.SEEN, sealed.KEPT):
        yield f"GRANT EXECUTE ON FUNCTION {sealed.CUT} TO FUNCTION {function}"
    for name in writing:
        yield f"GRANT SELECT, INSERT, UPDATE ON {name} TO TRIGGER {writer_name(name)}"
    for name in (spoilt.DOCUMENT, view_name(spoilt.DOCUMENT)):
        yield f"GRANT SELECT, DELETE ON {name} TO TRIGGER {writer_name(spoilt.DOCUMENT)}"
    for entity in spoilt.with_entries(tables.catalogue):
        name = entity.table_name
        yield f"GRANT SELECT ON {name} TO TRIGGER {writer_name(spoilt.DOCUMENT)}"
    yield f"GRANT SELECT ON change_row TO VIEW {view_name(alike.CHAIN)}"
    if "operation_log" in columns.columns:
        yield f"GRANT SELECT ON change_row TO VIEW {view_name('operation_log')}"
        yield f"GRANT SELECT ON change_row TO TRIGGER {writer_name('operation_log')}"
    for name in sorted({name for name in columns.columns if name not in _FIXED}):
        yield f"GRANT SELECT ON {name} TO PROCEDURE {NUMBER}"
    yield f"GRANT EXECUTE ON PROCEDURE {NUMBER} TO ROLE {_ROLE}"


_CONTENT = f"""CREATE OR ALTER PROCEDURE {CONTENT} (digest VARCHAR(64))
 RETURNS (id BIGINT, parts INTEGER, byte_size BIGINT) AS BEGIN
 FOR SELECT id, parts, byte_size FROM file_content WHERE digest = :digest
  INTO :id, :parts, :byte_size DO SUSPEND;
END"""  # noqa: S608


def _lock(tables: Tables) -> str:
    steps = "".join(
        f" IF (tab = '{e.table_name}') THEN FOR SELECT 1 FROM {e.table_name} t WHERE t.id = :id"  # noqa: S608
        f" AND crm_sees({e.number}, t.id) = 1 WITH LOCK INTO :l DO l = 0;\n"
        for e in guarded(tables.catalogue)
    )
    return (
        f"CREATE OR ALTER PROCEDURE {LOCK} (tab VARCHAR(31), id BIGINT) AS"
        f" DECLARE l INTEGER; BEGIN\n{steps}END"
    )


def _grants(tables: Tables) -> Iterator[str]:
    """What is granted to views, functions and triggers holds whoever has made them."""
    for name in read_by_functions(tables):
        for function in FUNCTIONS:
            yield f"GRANT SELECT ON {name} TO FUNCTION {function}"
    for function in FUNCTIONS:
        for other in FUNCTIONS:
            yield f"GRANT EXECUTE ON FUNCTION {other} TO FUNCTION {function}"
        yield f"GRANT EXECUTE ON FUNCTION {function} TO ROLE {_ROLE}"
    yield from _of_views(tables)
    for entity in guarded(tables.catalogue):
        yield f"GRANT SELECT, UPDATE ON {entity.table_name} TO PROCEDURE {LOCK}"
    yield f"GRANT SELECT ON file_content TO PROCEDURE {CONTENT}"
    for procedure in (LOCK, CONTENT, FOLD):
        yield f"GRANT EXECUTE ON PROCEDURE {procedure} TO ROLE {_ROLE}"
    yield f"GRANT USAGE ON EXCEPTION {REFUSED} TO ROLE {_ROLE}"
    for name in guards(tables):
        trigger = trigger_name(name)
        yield f"GRANT SELECT, INSERT, UPDATE ON {WRITTEN} TO TRIGGER {trigger}"
        for read in ("change_row", "right_reach"):
            yield f"GRANT SELECT ON {read} TO TRIGGER {trigger}"
    # Who connects without the role is noted, too.
    yield f"GRANT EXECUTE ON FUNCTION crm_me TO TRIGGER {trigger_name('audit_entry')}"


def _of_views(tables: Tables) -> Iterator[str]:
    beside = read_beside(tables)
    for name in (WORDS, ADDED):
        yield _REVOKE_ALL % name
        for read in (WRITTEN, "right_reach", *beside[name]):
            yield f"GRANT SELECT ON {read} TO VIEW {view_name(name)}"
    for name in closed_tables(tables):
        view = view_name(name)
        what = "SELECT, INSERT" if name in _ADDED_TO else "SELECT, INSERT, UPDATE, DELETE"
        yield _REVOKE_ALL % name
        yield f"GRANT ALL ON {name} TO VIEW {view}"
        for read in (WRITTEN, "right_reach", *beside.get(name, ())):
            yield f"GRANT SELECT ON {read} TO VIEW {view}"
        yield f"GRANT {'SELECT' if name in _ONLY_READ else what} ON {view} TO ROLE {_ROLE}"
    yield f"REVOKE ALL ON {WRITTEN} FROM ROLE {_ROLE}"
    for name in ("right_role", "right_given", "right_field", "right_holder", "substitution",
                 "right_shown"):  # fmt: skip
        yield f"REVOKE INSERT, UPDATE, DELETE ON {name} FROM ROLE {_ROLE}"
