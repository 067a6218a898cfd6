"""Kept groups of duplicates and the chain of the change log, by which hidden values could be tried.

Whoever is kept from a field sees no group that speaks of it; and nobody sees the digests of what
others wrote, for a value could be guessed until its digest is right.
"""

# ruff: noqa: S608 - no text from outside comes into these statements
from __future__ import annotations

from collections.abc import Iterable

from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.telling import reasons_of
from crm_desktop.models.strict.sealed import ANY, any_of

GROUP, MEMBER, CHAIN = "duplicate_group", "duplicate_member", "chain"
_MINE = (
    "EXISTS(SELECT 1 FROM change_row c WHERE c.seq = t.first_seq"
    " AND c.author IS NOT DISTINCT FROM crm_me())"
)
_TIES = 8
DIGEST = f"IIF({_MINE}, t.digest, '')"
TIES = "CAST(NULL AS VARCHAR(1000))"
CHAIN_WRITER = f"""CREATE OR ALTER TRIGGER %s FOR %s ACTIVE BEFORE INSERT POSITION 0 AS
 DECLARE whole VARCHAR(1000);
BEGIN
 IF (NEW.ties IS NOT NULL) THEN
  SELECT '[' || LIST('[' || l.id || ',"' || LEFT(l.digest, 16) || '"]', ',') || ']'
   FROM (SELECT FIRST {_TIES} id, digest FROM {CHAIN} ORDER BY id DESC) l INTO :whole;
 INSERT INTO {CHAIN} (id, seat, place, first_seq, last_seq, amount, digest, ties)
  VALUES (NEW.id, NEW.seat, NEW.place, NEW.first_seq, NEW.last_seq, NEW.amount, NEW.digest, :whole);
END"""
"""Ties are made of what the account does not see, as `services/writing/changes` does elsewhere."""

Told = Iterable[tuple[EntityDef, Field, str]]
"""Fields with the condition that the account is kept from each."""


def untold(name: str, catalogue: Catalogue, fields: Told) -> str:
    """What a kept group, or its member, must meet to be seen; '' for nothing."""
    row = "t" if name == GROUP else "d"
    terms = [
        f"({row}.ent = {number} AND {told} AND "
        + any_of(f"{row}.reasons CONTAINING '\"{reason}\"'" for reason in reasons)
        + ")"
        for entity, f, told in fields
        for number, reasons in reasons_of(catalogue, entity, f).items()
    ]
    if not terms:
        return ""
    if name == GROUP:
        return f"NOT ({ANY} AND {any_of(terms)})"
    inside = f"EXISTS(SELECT 1 FROM {GROUP} d WHERE d.id = t.grp AND {any_of(terms)})"
    return f"NOT ({ANY} AND {inside})"
