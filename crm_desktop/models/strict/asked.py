"""The functions that read what a role hides: change rows without it, a number to be called and an
address to be written to."""

# ruff: noqa: S608 - no text from outside comes into these statements
from __future__ import annotations

from crm_desktop.models.backend.firebird_sql import ID_GENERATOR, NUMBER
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.holding import CONTACTS
from crm_desktop.models.schema import Tables, column_names
from crm_desktop.models.strict.held import SAID, WITHOUT, HeldColumns
from crm_desktop.models.system.tables import DELTA

CALL, LETTER = "call", "letter"
"""What is noted in the audit."""

_WITHOUT = f"""CREATE OR ALTER FUNCTION {WITHOUT}
 (body VARCHAR({DELTA}) CHARACTER SET UTF8, name VARCHAR(40))
 RETURNS VARCHAR({DELTA}) CHARACTER SET UTF8 AS
 DECLARE a INTEGER; DECLARE p INTEGER; DECLARE size INTEGER; DECLARE depth INTEGER;
 DECLARE quoted SMALLINT; DECLARE c CHAR(1) CHARACTER SET UTF8;
BEGIN
 a = POSITION('"' || name || '":' IN body);
 WHILE (a > 0) DO BEGIN
  p = a + CHAR_LENGTH(name) + 3; size = CHAR_LENGTH(body); depth = 0; quoted = 0;
  WHILE (p <= size) DO BEGIN
   c = SUBSTRING(body FROM p FOR 1);
   IF (quoted = 1) THEN BEGIN
    IF (c = '\\') THEN p = p + 1; ELSE IF (c = '"') THEN quoted = 0;
   END
   ELSE IF (c = '"') THEN quoted = 1;
   ELSE IF (c = '[' OR c = '{{') THEN depth = depth + 1;
   ELSE IF (c = ']' OR c = '}}') THEN BEGIN
    IF (depth = 0) THEN BEGIN
     IF (SUBSTRING(body FROM a - 1 FOR 1) = ',') THEN a = a - 1;
     LEAVE;
    END
    depth = depth - 1;
   END
   ELSE IF (c = ',' AND depth = 0) THEN BEGIN p = p + 1; LEAVE; END
   p = p + 1;
  END
  body = LEFT(body, a - 1) || SUBSTRING(body FROM p);
  a = POSITION('"' || name || '":' IN body);
 END
 RETURN body;
END"""
"""Cuts a member out of the JSON of a change row, and nothing that stands within a text: there a
quote has a backslash before it."""


def askers(tables: Tables, columns: HeldColumns) -> list[str]:
    """The statements that make them."""
    words = columns.sealed().functions()
    return [_WITHOUT, _said(columns), *words, _number(tables, columns)]


def _said(columns: HeldColumns) -> str:
    steps = "".join(
        f" IF (ent = {entity.number} AND {told}) THEN body = {WITHOUT}(body, '{key}');\n"
        for entity, key, told in columns.spoken()
    )
    return (
        f"CREATE OR ALTER FUNCTION {SAID} (ent SMALLINT, body VARCHAR({DELTA}) CHARACTER SET UTF8)"
        f" RETURNS VARCHAR({DELTA}) CHARACTER SET UTF8 AS BEGIN\n{steps} RETURN body; END"
    )


def _number(tables: Tables, columns: HeldColumns) -> str:
    """Each question is noted, whatever becomes of the transaction."""
    seen = "crm_sees({number}, t.id) = 1"
    told: list[tuple[EntityDef, Field]] = [
        (one.entity, one.field) for one in columns.fields if isinstance(one.field, CONTACTS)
    ]
    told += [
        (one.child, one.field)
        for one in columns.children if isinstance(one.held.field, CONTACTS)
    ]  # fmt: skip
    told += [(one.part, one.field) for one in columns.parts]
    text = "".join(
        f" IF (ent = {entity.number} AND field = '{f.key}') THEN SELECT t.{column_names(f)[0]}"
        f" FROM {tables.table_of(entity, f).name} t"
        f" WHERE t.id = :id AND {seen.format(number=entity.number)} INTO :contact;\n"
        for entity, f in dict.fromkeys(told)
    )
    return f"""CREATE OR ALTER PROCEDURE {NUMBER}
 (ent SMALLINT, field VARCHAR(31), id BIGINT, machine VARCHAR(64))
 RETURNS (contact VARCHAR(254)) AS BEGIN
{text} IF (contact IS NULL) THEN EXIT;
 IN AUTONOMOUS TRANSACTION DO
  INSERT INTO audit_entry (id, made_at, machine, what, ent, rid, detail)
   VALUES (GEN_ID({ID_GENERATOR}, 1), CAST('NOW' AS TIMESTAMP), :machine,
    IIF(:contact SIMILAR TO '[(+0-9]%' AND POSITION('@' IN :contact) = 0, '{CALL}', '{LETTER}'),
    :ent, :id, :field);
 SUSPEND;
END"""
