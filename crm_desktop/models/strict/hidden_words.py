"""The procedures by which an account reaches the words of fields that roles hide.

The server counts for every account how many entries of an index its statements have looked at, and
how many rows it took back. So each asks first, by a condition without anything of the question,
whether the account is kept from the field, and then does not touch what others wrote of it: what
such an account adds goes under a number of its own into another table. See decision 021.
"""

# ruff: noqa: S608 - no text from outside comes into these statements
from __future__ import annotations

from collections.abc import Iterable, Iterator

from crm_desktop.models.backend.firebird_sql import ID_GENERATOR
from crm_desktop.models.backend.hidden_words import ASKED, PUT, TAKEN
from crm_desktop.models.catalogue.holding import MAILS, PHONES, signs_apart
from crm_desktop.models.schema import Tables
from crm_desktop.models.strict.names import ADDED, WORDS, view_name
from crm_desktop.models.strict.sealed import Sealed, kept_from
from crm_desktop.models.system.tables import TOKEN

_WORD = f"VARCHAR({TOKEN}) CHARACTER SET UTF8"
_END = f"VARCHAR({TOKEN + 1}) CHARACTER SET UTF8"
_SIGNS = "VARCHAR(300) CHARACTER SET UTF8"
_KEY = f"ent SMALLINT, sign VARCHAR(1) CHARACTER SET UTF8, tok {_WORD}, rid BIGINT"
_ONE = "t.ent = :ent AND t.sign = :sign AND t.tok = :tok AND t.rid = :rid"


def procedures(tables: Tables, sealed: Sealed) -> list[str]:
    """The statements that make them."""
    told = list(_told(tables, sealed))
    return [_asked(told), _put(told), _taken(told)]


def grants(role: str) -> Iterator[str]:
    """They may do what the role may not."""
    for table in (WORDS, ADDED):
        yield f"GRANT ALL ON {table} TO VIEW {view_name(table)}"
        for procedure in (ASKED, TAKEN):
            yield f"GRANT SELECT, DELETE ON {view_name(table)} TO PROCEDURE {procedure}"
        for procedure in (PUT, TAKEN):
            yield f"GRANT SELECT, INSERT ON {table} TO PROCEDURE {procedure}"
    for procedure in (ASKED, PUT, TAKEN):
        yield f"GRANT SELECT ON right_shown TO PROCEDURE {procedure}"
        yield f"GRANT EXECUTE ON PROCEDURE {procedure} TO ROLE {role}"


Told = tuple[int, str, str]
"""The number of an object, a sign of its words, and that the account is kept from them; '' if no
role hides them any more."""


def _told(tables: Tables, sealed: Sealed) -> Iterator[Told]:
    for number, signs in sorted(signs_apart(tables.catalogue).items()):
        for sign in sorted(signs):
            held = {PHONES: sealed.phones, MAILS: sealed.mails}.get(sign)
            rows = list((sealed.apart.get(sign, {}) if held is None else held).get(number, ()))
            yield number, sign, kept_from(rows) if rows else ""


def _asked(told: Iterable[Told]) -> str:
    """Words that begin so, field by field, those that were added blindly behind the others."""
    steps = "".join(
        f" IF (ent = {number} AND low {'' if sign == PHONES else 'NOT '}STARTING WITH '{PHONES}'"
        f"{f' AND NOT {kept}' if kept else ''}) THEN signs = signs || '{sign}';\n"
        for number, sign, kept in told
    )
    return f"""CREATE OR ALTER PROCEDURE {ASKED} (ent SMALLINT, low {_END}, high {_END},
  most INTEGER) RETURNS (rid BIGINT, tok {_WORD}) AS
 DECLARE signs {_SIGNS} = ''; DECLARE sign VARCHAR(1) CHARACTER SET UTF8;
 DECLARE place INTEGER = 1;
BEGIN
{steps} IF (signs = '') THEN EXIT;
 WHILE (place <= CHAR_LENGTH(signs)) DO BEGIN
  sign = SUBSTRING(signs FROM place FOR 1); place = place + 1;
{"".join(map(_read, (WORDS, ADDED)))} END
END"""


def _read(table: str) -> str:
    return f"""  FOR SELECT FIRST (:most) t.rid, t.tok FROM {view_name(table)} t
   WHERE t.ent = :ent AND t.sign = :sign AND t.tok >= :low AND t.tok < :high
   ORDER BY t.ent, t.sign, t.tok, t.rid INTO :rid, :tok DO SUSPEND;
"""


def _put(told: Iterable[Told]) -> str:
    """For who sees the field, a row that is there already is as good."""
    return f"""CREATE OR ALTER PROCEDURE {PUT} ({_KEY}) AS BEGIN
 IF ({_is_kept(told)}) THEN
  INSERT INTO {ADDED} (nr, ent, sign, tok, rid)
   VALUES (GEN_ID({ID_GENERATOR}, 1), :ent, :sign, :tok, :rid);
 ELSE BEGIN
  INSERT INTO {WORDS} (ent, sign, tok, rid) VALUES (:ent, :sign, :tok, :rid);
  WHEN GDSCODE unique_key_violation DO BEGIN END
 END
END"""


def _taken(told: Iterable[Told]) -> str:
    return f"""CREATE OR ALTER PROCEDURE {TAKEN} ({_KEY}) AS BEGIN
 IF ({_is_kept(told)}) THEN EXIT;
 DELETE FROM {view_name(WORDS)} t WHERE {_ONE};
 DELETE FROM {view_name(ADDED)} t WHERE {_ONE};
END"""


def _is_kept(told: Iterable[Told]) -> str:
    """That the account is kept from the words of this sign of this object."""
    terms = [
        f"(:ent = {number} AND :sign = '{sign}' AND {kept})" for number, sign, kept in told if kept
    ]
    return " OR ".join(terms) or "1 = 0"
