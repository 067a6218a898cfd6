"""Fields that some role hides or masks: what the views show of them, and what writing keeps.

Only columns of such fields become expressions, so an office that hides nothing pays nothing. Which
account is kept from which field stands in `right_shown`; the condition names no column of the row,
so the server measures it once a query. What repeats the values is treated alike: the children that
they are mirrored from, the change log, titles of children, the text and postings of the search.
"""

# ruff: noqa: S608 - no text from outside comes into these statements
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import (
    ContactField,
    EmailField,
    PhoneField,
    RecordField,
)
from crm_desktop.models.catalogue.holding import (
    MASK,
    REACHING,
    can_hide,
    found_as,
    repeated,
)
from crm_desktop.models.catalogue.ownership import hangs
from crm_desktop.models.catalogue.traits import Mirror
from crm_desktop.models.schema import Tables, column_names
from crm_desktop.models.strict import alike, spoilt
from crm_desktop.models.strict.names import view_name, writer_name
from crm_desktop.models.strict.sealed import ANY, Sealed, any_of

HIDDEN, MASKED = "hidden", "masked"
Held = frozenset[tuple[str, str]]
"""(object, field) of all fields that a role hides or masks."""
NOTHING: Held = frozenset()
SAID = "crm_said"
WITHOUT = "crm_without"
_EMPTY = "'{}'"
_NO_TITLE = '\'["…",{},""]\''


class HeldField(NamedTuple):
    """A field and its object."""

    entity: EntityDef
    field: Field

    def told(self, *how: str) -> str:
        """That the account is kept from it in one of these ways; both if none is named."""
        ways = ", ".join(f"'{one}'" for one in how or (HIDDEN, MASKED))
        return (
            "EXISTS(SELECT 1 FROM right_shown h WHERE h.login = CURRENT_USER"
            f" AND h.ent = {self.entity.number} AND h.field = '{self.field.key}'"
            f" AND h.shown IN ({ways}))"
        )


class HeldChild(NamedTuple):
    """Where a value of the field stands as well."""

    held: HeldField
    child: EntityDef
    field: Field
    mirror: Mirror

    def row(self) -> str:
        """That a row `t` of the child is one of those."""
        link = self.child.field(self.mirror.owner)
        terms = []
        if isinstance(link, RecordField):
            terms.append(f"t.{column_names(link)[1]} = {self.held.entity.number}")
        if self.mirror.kind:
            key, value = self.mirror.kind
            kind = f"t.{column_names(self.child.field(key))[0]} = '{value}'"
            if isinstance(self.held.field, EmailField):  # whatever kind it is said to be
                stored = column_names(self.field)[0]
                kind = f"({kind} OR t.{stored} LIKE '_%@%')"
            terms.append(kind)
        return " AND ".join(terms or ["1 = 1"])

    def decides(self) -> list[str]:
        """The columns that say that the row is one of those."""
        keys = [self.mirror.owner, *(self.mirror.kind or ())[:1]]
        return [name for key in keys for name in column_names(self.child.field(key))]


class HeldPart(NamedTuple):
    """A part of other records that names numbers or addresses, whoever they belong to: a meeting's
    participant from outside."""

    part: EntityDef
    field: Field
    alike: tuple[HeldField, ...]
    """The fields of that type: who is kept from one of them does not see it here either."""

    def told(self) -> str:
        """That the account is kept from it."""
        return any_of(one.told() for one in self.alike)


@dataclass(frozen=True)
class Shown:
    """A column of a view. `keeps`: while it holds, what is stored stays; '' for never. `change`:
    what is stored instead, if not all of it stays."""

    sql: str
    keeps: str = ""
    is_text: bool = False
    change: str = ""


class HeldColumns:
    """What becomes of the columns of all tables."""

    def __init__(self, tables: Tables, held: Held) -> None:
        self._tables, catalogue = tables, tables.catalogue
        known = sorted(
            (key, name) for key, name in held
            if catalogue.has(key) and catalogue[key].has(name)
        )  # fmt: skip
        every = (HeldField(catalogue[key], catalogue[key].field(name)) for key, name in known)
        self.fields = [one for one in every if can_hide(catalogue, one.entity, one.field)]
        self.children = [
            HeldChild(one, *other)
            for one in self.fields
            for other in repeated(catalogue, one.entity, one.field)
        ]
        self.parts = list(self._parts(catalogue))
        self.columns: dict[str, dict[str, Shown]] = defaultdict(dict)
        self.columns[alike.CHAIN] = {"digest": Shown(alike.DIGEST), "ties": Shown(alike.TIES)}
        if self.fields:
            self._of_fields()
            self._of_children()
            self._of_log()
            self._of_search()

    def _parts(self, catalogue: Catalogue) -> Iterator[HeldPart]:
        for entity in filter(hangs, catalogue):
            for f in entity.fields:
                alike = tuple(one for one in self.fields if isinstance(one.field, type(f)))
                if isinstance(f, REACHING) and alike:
                    yield HeldPart(entity, f, alike)

    def _of_fields(self) -> None:
        """A value may be held for itself, for what it is mirrored to, and for what is like it."""
        places: dict[str, dict[str, tuple[Field, list[tuple[str, HeldField]]]]] = defaultdict(dict)

        def put(entity: EntityDef, f: Field, row: str, held: HeldField) -> None:
            table = self._tables.table_of(entity, f).name
            places[table].setdefault(f.key, (f, []))[1].append((row, held))

        for one in self.fields:
            put(one.entity, one.field, "1 = 1", one)
        for child in self.children:
            put(child.child, child.field, child.row(), child.held)
        for part in self.parts:
            for held in part.alike:
                put(part.part, part.field, "1 = 1", held)
        for table, fields in places.items():
            for f, rows in fields.values():
                self._put(table, f, rows)

    def _of_children(self) -> None:
        """What says that a row is one of those stays."""
        staying: dict[tuple[str, str], list[str]] = defaultdict(list)
        for one in self.children:
            keeps = self.columns[self._table(one)][column_names(one.field)[0]].keeps
            for name in one.decides():
                staying[one.child.table_name, name].append(keeps)
        for (table, name), keeping in staying.items():
            self.columns[table] |= _staying(any_of(dict.fromkeys(keeping)), name)

    def _table(self, one: HeldChild) -> str:
        return str(self._tables.table_of(one.child, one.field).name)

    def _put(self, table: str, f: Field, rows: Iterable[tuple[str, HeldField]]) -> None:
        """`rows`: which rows are meant, and by the right to which field."""
        value, *further = column_names(f)
        pairs = list(rows)
        held = any_of(f"({row} AND {one.told()})" for row, one in pairs)
        hidden = any_of(f"({row} AND {one.told(HIDDEN)})" for row, one in pairs)
        keeps = f"(t.{value} IS NOT NULL AND {held})"
        text = f.storage == "text"
        end = _end(value) if text else ""
        if isinstance(f, EmailField | ContactField):
            end = _address_end(value, end)
        self.columns[table][value] = Shown(_cell(value, hidden, held, end), keeps, text)
        for name in further:
            self.columns[table][name] = Shown(f"IIF({held}, '', t.{name})", keeps)

    # --- what repeats them ------------------------------------------------------------------------

    def spoken(self) -> Iterator[tuple[EntityDef, str, str]]:
        """The objects whose change rows name held values: the key there, and for whom."""
        for one in self.fields:
            yield one.entity, one.field.key, one.told()
        for part in self.parts:
            yield part.part, part.field.key, part.told()
        keys = {(one.child.key, one.field.key): one.child for one in self.children}
        for (_child, key), child in keys.items():
            yield child, key, any_of(
                one.held.told() for one in self.children
                if (one.child.key, one.field.key) == (child.key, key)
            )  # fmt: skip

    def _of_log(self) -> None:
        told = any_of(f"(t.ent = {e.number} AND {who})" for e, _key, who in self.spoken())
        self.columns["change_row"] = {
            "delta": Shown(f"IIF({told}, {SAID}(t.ent, t.delta), t.delta)"),
            "overflow": Shown(f"CASE WHEN t.overflow IS NOT NULL AND {told}"
                              f" THEN {_EMPTY} ELSE t.overflow END"),
        }  # fmt: skip
        titles = [(e.number, who) for e, key, who in self.spoken() if e.title_field == key]
        named = {
            number: any_of(who for other, who in titles if other == number) for number, _w in titles
        }
        if not named:
            return
        gone = any_of(f"(t.ent = {number} AND {who})" for number, who in named.items())
        self.columns["departed"] = {
            name: Shown(f"IIF({gone}, '{MASK}', t.{name})", gone) for name in ("title", "title_key")
        } | _staying(gone, "ent", "rid")
        numbers, who = ", ".join(map(str, named)), any_of(named.values())
        others = (
            f"({who} AND t.author IS DISTINCT FROM crm_me() AND EXISTS(SELECT 1 FROM change_row c"
            f" WHERE c.op = t.id AND c.ent IN ({numbers})))"
        )
        self.columns["operation_log"] = {
            "title": Shown(f"IIF({others}, {_NO_TITLE}, t.title)", others)
        }

    def sealed(self) -> Sealed:
        """Which words of the search are left out for whom."""
        told: dict[type[Field], dict[int, list[tuple[int, str]]]] = {k: {} for k in REACHING}
        for one in self.fields:
            found = one.field.search or any(c.field.search for c in self.children if c.held == one)
            for kind in REACHING:
                if isinstance(one.field, (kind, ContactField)) and found:
                    for number, who in self._found_by(one).items():
                        told[kind].setdefault(number, []).extend(who)
        held: dict[str, dict[int, list[tuple[int, str]]]] = defaultdict(dict)
        places = [(one, one.field) for one in self.fields]
        places += [
            (child.held, child.field) for child in self.children
            if not isinstance(child.held.field, REACHING)
        ]  # fmt: skip
        for one, f in places:
            for number, who in self._found_by(one).items() if f.apart else ():
                rows = held[f.apart].setdefault(number, [])
                rows.extend(row for row in who if row not in rows)
        signs = {f.apart for entity in self._tables.catalogue for f in entity.fields if f.apart}
        apart = {sign: held.get(sign, {}) for sign in sorted(signs)}
        return Sealed(told[PhoneField], told[EmailField], apart)

    def _found_by(self, one: HeldField) -> dict[int, list[tuple[int, str]]]:
        row = (one.entity.number, one.field.key)
        return {e.number: [row] for e in found_as(self._tables.catalogue, one.entity)}

    def _of_search(self) -> None:
        sealed = self.sealed()
        if sealed:
            self.columns["search_doc"] = {
                "body": Shown(sealed.body(), ANY, change=sealed.change())
            } | _staying(ANY, "ent", "id")

    def also(self, name: str) -> str:
        """What rows of a table must meet besides; '' for nothing."""
        if name in (alike.GROUP, alike.MEMBER):
            fields = [(one.entity, one.field, one.told()) for one in self.fields]
            return alike.untold(name, self._tables.catalogue, fields)
        return self.sealed().tokens() if name == "search_posting" else ""


def _staying(keeps: str, *names: str) -> dict[str, Shown]:
    """Columns that are shown, and by which the others are judged."""
    return {name: Shown(f"t.{name}", keeps) for name in names}


def _cell(name: str, hidden: str, held: str, end: str) -> str:
    """`end`: what is shown of a masked text; '' for anything but a text."""
    if not end:
        return f"IIF({held}, NULL, t.{name})"
    return (
        f"CASE WHEN t.{name} IS NULL THEN NULL WHEN {hidden} THEN '{MASK}'"
        f" WHEN {held} THEN {end} ELSE t.{name} END"
    )


def _end(name: str) -> str:
    return f"IIF(CHAR_LENGTH(t.{name}) < 6, '{MASK}', '{MASK} •• ' || RIGHT(t.{name}, 2))"


def _address_end(name: str, otherwise: str) -> str:
    """The first letter of an e-mail address, if it has three before the sign, and its domain."""
    at = f"POSITION('@' IN t.{name})"
    domain = f"'{MASK}' || SUBSTRING(t.{name} FROM {at})"
    return (
        f"CASE WHEN {at} > 3 THEN LEFT(t.{name}, 1) || {domain} WHEN {at} > 1 THEN {domain}"
        f" ELSE {otherwise} END"
    )


# --- writing through such a view ------------------------------------------------------------------


def writers(tables: Tables, columns: HeldColumns) -> dict[str, str]:
    """The statement that makes the trigger of each view with expressions, and of the search's, by
    the table's name."""
    found = spoilt.writers(tables.catalogue)
    found |= {name: _writer(tables, name, shown) for name, shown in columns.columns.items()}
    chain = alike.CHAIN
    found[chain] = alike.CHAIN_WRITER % (writer_name(chain), view_name(chain))
    return found


def _writer(tables: Tables, name: str, shown: dict[str, Shown]) -> str:
    table = tables.metadata.tables[name]
    given = []
    for column in table.columns:
        value = f"NEW.{column.name}"
        one = shown.get(column.name)
        if one is not None and one.is_text:
            value = (
                f"IIF({value} STARTING WITH '{MASK}' OR {value} LIKE '_{MASK}@%', NULL, {value})"
            )
        elif not column.nullable and column.server_default is not None:
            text = getattr(column.server_default, "arg", "")
            value = f"COALESCE({value}, {str(text) if str(text).isdigit() else repr(str(text))})"
        given.append(value)
    names = ", ".join(column.name for column in table.columns)
    insert = f"INSERT INTO {name} ({names}) VALUES ({', '.join(given)});"
    if name == spoilt.DOCUMENT:
        insert = f"BEGIN {spoilt.cleared(tables.catalogue)}\n {insert} END"
    when, body = "INSERT", f" {insert}"
    if name != "change_row":
        key = " AND ".join(f"t.{c.name} = OLD.{c.name}" for c in table.primary_key)
        changes = ", ".join(_change(c.name, shown.get(c.name)) for c in table.columns)
        update = f"UPDATE {name} t SET {changes} WHERE {key};"
        when, body = "INSERT OR UPDATE", f" IF (INSERTING) THEN {insert}\n ELSE {update}"
    return (
        f"CREATE OR ALTER TRIGGER {writer_name(name)} FOR {view_name(name)} ACTIVE"
        f" BEFORE {when} POSITION 0 AS BEGIN\n{body}\nEND"
    )


def _change(name: str, one: Shown | None) -> str:
    new = f"IIF(NEW.{name} IS DISTINCT FROM OLD.{name}, NEW.{name}, t.{name})"
    if one is None or not one.keeps:
        return f"t.{name} = {new}"
    if one.change:
        return f"t.{name} = {one.change}"
    return f"t.{name} = IIF({one.keeps}, t.{name}, {new})"
