"""Statements by which a base keeps its tallies: triggers, the fill from all records, the fold.

A file has one writer: a trigger changes the one row of a group. On a server each transaction has
rows of its own (`slot`), so that nobody waits for anybody; the fold puts them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from crm_desktop.errors import BaseBusy, Conflict
from crm_desktop.models.backend.base import Backend

FOLD = "crm_fold_tally"
_KEY = "ent, field, period, grp, slot"
_HANDS = "rid, who, step, way, reached, state, owner, opened, closed"
HANDS_KEPT = f"SELECT {_HANDS} FROM changed_hands"  # noqa: S608


@dataclass(frozen=True)
class TallyPlan:
    """Rows of a table, counted by the month of a moment and the values of `keys`."""

    table: str
    number: int
    moment: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class HandsPlan:
    """Rows of `parts` say whose a row of `table` was in a stage: `told` are their columns of that
    row, person and stage; `own` those of the table: pipeline, furthest stage, state, person now,
    and the moments when it was opened and closed."""

    table: str
    own: tuple[str, ...]
    parts: str
    told: tuple[str, ...]

    @property
    def who(self) -> str:
        """Whose it is now."""
        return self.own[3]


def trigger_statements(backend: Backend, plans: Iterable[TallyPlan], hands: HandsPlan) -> list[str]:
    """What keeps all of it from now on; what is there already is made anew."""
    found = list(plans)
    if backend.exclusive:
        return [*_of_file(found), *_hands_of_file(hands)]
    return [*_of_server(found), *_hands_of_server(hands), _FOLD, *_grants(found, hands)]


def dropped_triggers(backend: Backend, plans: Iterable[TallyPlan], hands: HandsPlan) -> list[str]:
    """Statements after which nothing is kept any more; for a base that is written row by row."""
    if backend.exclusive:
        names = [name for plan in plans for name in _names(plan)]
        return [f"DROP TRIGGER IF EXISTS {name}" for name in (*names, *_hand_names(hands))]
    tables = dict.fromkeys([*(plan.table for plan in plans), hands.table, hands.parts])
    names = [name for table in tables for name in (_trigger(table), _hand_trigger(table))]
    listed = ", ".join(f"'{name.upper()}'" for name in names)
    return [
        f"""EXECUTE BLOCK AS DECLARE n VARCHAR(31); BEGIN
 FOR SELECT TRIM(rdb$trigger_name) FROM rdb$triggers
  WHERE TRIM(rdb$trigger_name) IN ({listed}) INTO :n
 DO EXECUTE STATEMENT 'DROP TRIGGER ' || n;
END"""  # noqa: S608
    ]


def fill_statements(
    backend: Backend, plans: Iterable[TallyPlan], hands: HandsPlan
) -> Iterator[str]:
    """Everything counted anew from the records, in the transaction of whoever runs them."""
    yield "DELETE FROM tally"
    for plan in plans:
        yield f"INSERT INTO tally ({_KEY}, amount) {counted(backend, plan)}"
    yield "DELETE FROM changed_hands"
    yield f"INSERT INTO changed_hands ({_HANDS}) {handed(hands)}"


def fold(backend: Backend) -> None:
    """Puts the rows of finished transactions together; counts stay the same. Left to the next
    time if somebody else is about it."""
    if not backend.exclusive:
        with suppress(Conflict, BaseBusy), backend.write() as connection:
            connection.exec_driver_sql(_FOLD_IF_THERE)


def counted(backend: Backend, plan: TallyPlan) -> str:
    """The rows that a tally should hold, as a select."""
    exclusive = backend.exclusive
    period = (_file_period if exclusive else _server_period)(f"t.{plan.moment}")
    return (
        f"SELECT CAST({plan.number} AS SMALLINT), '{plan.moment}', {period},"  # noqa: S608
        f" {_group(plan, 't', exclusive=exclusive)}, 0, COUNT(*) FROM {plan.table} t"
        f" WHERE t.{plan.moment} IS NOT NULL GROUP BY 3, 4"
    )


def handed(hands: HandsPlan, id_: str = "") -> str:
    """Of every row that changed hands (or the row `id_`): who had it in which stages."""
    whole, who, stage = hands.told
    one = f"d.id = {id_} AND " if id_ else ""
    own = ", ".join(f"d.{name}" for name in hands.own)
    return (
        f"SELECT DISTINCT d.id, COALESCE(s.{who}, 0), COALESCE(s.{stage}, 0), {own}"  # noqa: S608
        f" FROM {hands.table} d JOIN {hands.parts} s ON s.{whole} = d.id"
        f" WHERE {one}EXISTS (SELECT 1 FROM {hands.parts} o WHERE o.{whole} = d.id"
        f" AND {_differs(f'o.{who}', f'd.{hands.who}')})"
    )


def _differs(left: str, right: str) -> str:
    """IS DISTINCT FROM in words of both back ends; people have numbers above 0."""
    return f"COALESCE({left}, 0) <> COALESCE({right}, 0)"


def _group(plan: TallyPlan, row: str, *, exclusive: bool) -> str:
    text = "COALESCE({}, '')" if exclusive else "COALESCE(CAST({} AS VARCHAR(30)), '')"
    whole = " || '|' || ".join(text.format(f"{row}.{key}") for key in plan.keys)
    return whole if exclusive else f"CAST({whole} AS VARCHAR(120))"


def _any_differs(columns: Iterable[str]) -> str:
    return " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns)


# --- a file ---------------------------------------------------------------------------------------


def _file_period(moment: str) -> str:
    return (
        f"CAST(substr({moment}, 1, 4) AS INTEGER) * 12"
        f" + CAST(substr({moment}, 6, 2) AS INTEGER) - 1"
    )


def _names(plan: TallyPlan) -> list[str]:
    return [f"tally_{plan.table}_{plan.moment}_{event}" for event in ("i", "u", "d")]


def _of_file(plans: Iterable[TallyPlan]) -> Iterator[str]:
    for plan in plans:
        more, less = _step(plan, "NEW", 1), _step(plan, "OLD", -1)
        columns = (plan.moment, *plan.keys)
        changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in columns)
        events = (
            ("INSERT", f"NEW.{plan.moment} IS NOT NULL", (more,)),
            (f"UPDATE OF {', '.join(columns)}", changed, (less, more)),
            ("DELETE", f"OLD.{plan.moment} IS NOT NULL", (less,)),
        )
        for name, (event, when, steps) in zip(_names(plan), events, strict=True):
            yield from _file_trigger(name, plan.table, event, steps, when)


def _file_trigger(
    name: str, table: str, event: str, steps: Iterable[str], when: str = "1"
) -> Iterator[str]:
    yield f"DROP TRIGGER IF EXISTS {name}"
    yield (
        f"CREATE TRIGGER {name} AFTER {event} ON {table} WHEN {when} BEGIN"
        f" {' '.join(step + ';' for step in steps)} END"
    )


def _step(plan: TallyPlan, row: str, amount: int) -> str:
    return (
        f"INSERT INTO tally ({_KEY}, amount) SELECT {plan.number}, '{plan.moment}',"
        f" {_file_period(f'{row}.{plan.moment}')}, {_group(plan, row, exclusive=True)}, 0, {amount}"
        f" WHERE {row}.{plan.moment} IS NOT NULL"
        f" ON CONFLICT ({_KEY}) DO UPDATE SET amount = amount + excluded.amount"
    )


def _hand_names(hands: HandsPlan) -> list[str]:
    events = ((hands.table, "i"), (hands.table, "u"), (hands.table, "d"),
              (hands.parts, "i"), (hands.parts, "u"), (hands.parts, "d"))  # fmt: skip
    return [f"hands_{table}_{event}" for table, event in events]


def _hands_of_file(hands: HandsPlan) -> Iterator[str]:
    whole = hands.told[0]
    more, less = f"NEW.{whole}", f"OLD.{whole}"
    concerned = _concerned(hands)
    events = (
        (hands.table, "INSERT", _told_anew(hands, "NEW.id"), _has_parts(hands)),
        (hands.table, f"UPDATE OF {', '.join(hands.own)}", _told_anew(hands, "NEW.id"), "1"),
        (hands.table, "DELETE", [_forgotten("OLD.id")], "1"),
        (hands.parts, "INSERT", _told_anew(hands, more), concerned),
        (hands.parts, f"UPDATE OF {', '.join(hands.told)}", _told_anew(hands, more, less), "1"),
        (hands.parts, "DELETE", _told_anew(hands, less), "1"),
    )
    for name, (table, event, steps, when) in zip(_hand_names(hands), events, strict=True):
        yield from _file_trigger(name, table, event, steps, when)


def _told_anew(hands: HandsPlan, *ids: str) -> list[str]:
    return [
        step
        for one in ids
        for step in (_forgotten(one), f"INSERT INTO changed_hands ({_HANDS}) {handed(hands, one)}")
    ]


def _forgotten(id_: str) -> str:
    return f"DELETE FROM changed_hands WHERE rid = {id_}"  # noqa: S608


def _has_parts(hands: HandsPlan) -> str:
    """Restored after its parts."""
    return f"EXISTS (SELECT 1 FROM {hands.parts} s WHERE s.{hands.told[0]} = NEW.id)"  # noqa: S608


def _concerned(hands: HandsPlan) -> str:
    """Whether one more part tells anything of hands."""
    whole, who, _stage = hands.told
    return (
        f"EXISTS (SELECT 1 FROM {hands.table} d WHERE d.id = NEW.{whole}"  # noqa: S608
        f" AND {_differs(f'NEW.{who}', f'd.{hands.who}')})"
        f" OR EXISTS (SELECT 1 FROM changed_hands h WHERE h.rid = NEW.{whole})"
    )


# --- a server -------------------------------------------------------------------------------------


def _server_period(moment: str) -> str:
    return f"(EXTRACT(YEAR FROM {moment}) * 12 + EXTRACT(MONTH FROM {moment}) - 1)"


def _trigger(table: str) -> str:
    return f"tally_{table}"


def _hand_trigger(table: str) -> str:
    return f"hands_{table}"


def _by_table(plans: Iterable[TallyPlan]) -> dict[str, list[TallyPlan]]:
    found: dict[str, list[TallyPlan]] = {}
    for plan in plans:
        found.setdefault(plan.table, []).append(plan)
    return found


def _of_server(plans: Iterable[TallyPlan]) -> Iterator[str]:
    for table, own in _by_table(plans).items():
        body = "\n".join(_counting(plan) for plan in own)
        yield (
            f"CREATE OR ALTER TRIGGER {_trigger(table)} FOR {table} ACTIVE"
            " AFTER INSERT OR UPDATE OR DELETE POSITION 50 AS"
            f" DECLARE g VARCHAR(120); DECLARE m INTEGER; BEGIN\n{body}\nEND"
        )


def _counting(plan: TallyPlan) -> str:
    changed = _any_differs((plan.moment, *plan.keys))
    return f""" IF (INSERTING OR DELETING OR {changed}) THEN BEGIN
  IF (NOT INSERTING AND OLD.{plan.moment} IS NOT NULL) THEN BEGIN {_added(plan, "OLD", -1)} END
  IF (NOT DELETING AND NEW.{plan.moment} IS NOT NULL) THEN BEGIN {_added(plan, "NEW", 1)} END
 END"""


def _added(plan: TallyPlan, row: str, amount: int) -> str:
    return f"""
   m = {_server_period(f"{row}.{plan.moment}")}; g = {_group(plan, row, exclusive=False)};
   UPDATE tally SET amount = amount + ({amount}) WHERE ent = {plan.number}
    AND field = '{plan.moment}' AND period = :m AND grp = :g AND slot = CURRENT_TRANSACTION;
   IF (ROW_COUNT = 0) THEN INSERT INTO tally ({_KEY}, amount)
    VALUES ({plan.number}, '{plan.moment}', :m, :g, CURRENT_TRANSACTION, {amount});"""  # noqa: S608


def _hands_of_server(hands: HandsPlan) -> Iterator[str]:
    head = (
        "CREATE OR ALTER TRIGGER {} FOR {} ACTIVE AFTER INSERT OR UPDATE OR DELETE POSITION 51 AS"
        " BEGIN\n"
    )

    def anew(*ids: str) -> str:
        return " ".join(f"{step};" for step in _told_anew(hands, *ids))

    whole = hands.told[0]
    yield head.format(_hand_trigger(hands.table), hands.table) + (
        f" IF (DELETING) THEN BEGIN {_forgotten('OLD.id')}; END\n"
        f" ELSE IF (INSERTING) THEN BEGIN IF ({_has_parts(hands)}) THEN BEGIN {anew('NEW.id')} END"
        f" END\n ELSE IF ({_any_differs(hands.own)}) THEN BEGIN {anew('NEW.id')} END\nEND"
    )
    yield head.format(_hand_trigger(hands.parts), hands.parts) + (
        f" IF (INSERTING) THEN BEGIN IF ({_concerned(hands)}) THEN BEGIN"
        f" {anew(f'NEW.{whole}')} END END\n"
        f" ELSE IF (DELETING) THEN BEGIN {anew(f'OLD.{whole}')} END\n"
        f" ELSE IF ({_any_differs(hands.told)}) THEN BEGIN"
        f" {anew(f'OLD.{whole}', f'NEW.{whole}')} END\nEND"
    )


_FOLD = f"""CREATE OR ALTER PROCEDURE {FOLD} AS
 DECLARE e SMALLINT; DECLARE f VARCHAR(31); DECLARE p INTEGER; DECLARE g VARCHAR(120);
 DECLARE s BIGINT; DECLARE n INTEGER;
BEGIN
 FOR SELECT {_KEY}, amount FROM tally WHERE slot <> 0 INTO :e, :f, :p, :g, :s, :n DO BEGIN
  DELETE FROM tally WHERE ent = :e AND field = :f AND period = :p AND grp = :g AND slot = :s;
  IF (ROW_COUNT = 1) THEN BEGIN
   UPDATE tally SET amount = amount + :n
    WHERE ent = :e AND field = :f AND period = :p AND grp = :g AND slot = 0;
   IF (ROW_COUNT = 0) THEN
    INSERT INTO tally ({_KEY}, amount) VALUES (:e, :f, :p, :g, 0, :n);
  END
 END
END"""  # noqa: S608


_FOLD_IF_THERE = f"""EXECUTE BLOCK AS BEGIN
 IF (EXISTS(SELECT 1 FROM rdb$procedures WHERE rdb$procedure_name = UPPER('{FOLD}')))
 THEN EXECUTE STATEMENT 'EXECUTE PROCEDURE {FOLD}';
END"""  # noqa: S608
"""A base that is just being brought up to date undoes half-done work before it has it."""


def _grants(plans: Iterable[TallyPlan], hands: HandsPlan) -> Iterator[str]:
    """What triggers do nobody else may."""
    for table in _by_table(plans):
        yield f"GRANT SELECT, INSERT, UPDATE ON tally TO TRIGGER {_trigger(table)}"
    for table in (hands.table, hands.parts):
        trigger = _hand_trigger(table)
        yield f"GRANT SELECT, INSERT, DELETE ON changed_hands TO TRIGGER {trigger}"
        yield f"GRANT SELECT ON {hands.table} TO TRIGGER {trigger}"
        yield f"GRANT SELECT ON {hands.parts} TO TRIGGER {trigger}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON tally TO PROCEDURE {FOLD}"
