"""Roles: what stands in them, who has them, who stands in for whom. Administrators change them.

Every change is one transaction with what follows from it (`keeping`), and one row of the audit.
Changing a role is no business record: no undo touches it, the former scope stands in the audit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.system.rights import NOTE
from crm_desktop.services.administrators import only_administrators
from crm_desktop.services.audit import service as audit
from crm_desktop.services.rights import words
from crm_desktop.services.rights.builtin import STAFF
from crm_desktop.services.rights.hidden_fields import hidden_by_roles, refuse_way, set_apart
from crm_desktop.services.rights.keeping import Reaching

if TYPE_CHECKING:
    from crm_desktop.models.backend.base import Progress
    from crm_desktop.services.workspace import Workspace

LONGEST_NAME = 60


@dataclass(frozen=True)
class Role:
    """One role. `given`: (number of an object or 0, action) -> scope; `fields`: (object's number,
    field) -> how it is shown; `holders`: numbers of colleagues."""

    id: int
    name: str
    note: str
    built_in: str
    given: Mapping[tuple[int, str], str] = field(default_factory=dict)
    fields: Mapping[tuple[int, str], str] = field(default_factory=dict)
    holders: Sequence[int] = ()

    def scope(self, number: int, action: str) -> str:
        """What it gives on an object: by its own line, else by that of all others."""
        own = any(ent == number for ent, _action in self.given)
        return self.given.get((number if own else words.EVERYTHING, action), words.NONE)


@dataclass(frozen=True)
class StandIn:
    """Somebody has the rights of an absent colleague for a time."""

    id: int
    absent: int
    stand_in: int
    begins_at: datetime
    ends_at: datetime
    note: str = ""
    """What for."""

    def lasts(self, now: datetime) -> bool:
        """Whether it has begun and is not over."""
        return self.begins_at <= now < self.ends_at


class Roles:
    """The roles of one shared base."""

    def __init__(self, workspace: Workspace) -> None:
        self._base = workspace
        self._tables = {
            name: workspace.tables.system(name)
            for name in ("right_role", "right_given", "right_field", "right_holder",
                         "substitution")
        }  # fmt: skip

    # --- reading ----------------------------------------------------------------------------------

    def all(self) -> list[Role]:
        """Every role, by name."""
        if not self._base.login:
            return []
        given: dict[int, dict[tuple[int, str], str]] = {}
        fields: dict[int, dict[tuple[int, str], str]] = {}
        holders: dict[int, list[int]] = {}
        with self._base.backend.read() as connection:
            for row in connection.execute(sa.select(self._tables["right_given"])):
                given.setdefault(row.role, {})[row.ent, row.action] = row.scope
            for row in connection.execute(sa.select(self._tables["right_field"])):
                fields.setdefault(row.role, {})[row.ent, row.field] = row.shown
            for row in connection.execute(sa.select(self._tables["right_holder"])):
                holders.setdefault(row.role, []).append(row.who)
            rows = connection.execute(sa.select(self._tables["right_role"])).all()
        found = [
            Role(row.id, row.name, row.note or "", row.built_in or "", given.get(row.id, {}),
                 fields.get(row.id, {}), sorted(holders.get(row.id, ())))
            for row in rows
        ]  # fmt: skip
        return sorted(found, key=lambda role: role.name.casefold())

    def named(self, name: str) -> Role:
        """The role of this name, or key of the program's own; `NotFound` names the known ones."""
        wanted, known = name.strip().casefold(), self.all()
        for role in known:
            if wanted in (role.name.casefold(), role.built_in):
                return role
        said = _("There is no role “{name}”. Known roles: {known}")
        raise NotFound(said.format(name=name, known=", ".join(role.name for role in known)))

    def of(self, who: int) -> list[Role]:
        """The roles of a colleague; whoever has none has that of the staff."""
        known = self.all()
        held = [role for role in known if who in role.holders]
        return held or [role for role in known if role.built_in == STAFF]

    def stand_ins(self) -> list[StandIn]:
        """Who stands in for whom, the latest first."""
        table = self._tables["substitution"]
        with self._base.backend.read() as connection:
            rows = connection.execute(sa.select(table).order_by(table.c.begins_at.desc())).all()
        return [
            StandIn(row.id, row.absent, row.stand_in, row.begins_at, row.ends_at, row.note or "")
            for row in rows
        ]

    # --- changing ---------------------------------------------------------------------------------

    def add(self, name: str, *, like: Role | None = None) -> Role:
        """A new role that allows nothing, or what another one allows."""
        reaching, name = self._keeper(), " ".join(name.split())
        if not name or len(name) > LONGEST_NAME:
            said = _("Give the role a name of {count} letters at most")
            raise InvalidInput(said.format(count=LONGEST_NAME), field="name")
        if any(role.name.casefold() == name.casefold() for role in self.all()):
            raise InvalidInput(_("There is a role “{name}” already").format(name=name),
                               field="name")  # fmt: skip
        backend, tables = self._base.backend, self._tables
        with reaching.changing() as connection:
            (id_,) = backend.ids(connection, 1)
            backend.insert_many(connection, tables["right_role"], ("id", "name"), [(id_, name)])
            if like is not None:
                backend.insert_many(
                    connection, tables["right_given"], ("role", "ent", "action", "scope"),
                    [(id_, *key, scope) for key, scope in like.given.items()],
                )  # fmt: skip
                backend.insert_many(
                    connection, tables["right_field"], ("role", "ent", "field", "shown"),
                    [(id_, *key, how) for key, how in like.fields.items()],
                )  # fmt: skip
        self._note(_("new role “{role}”").format(role=name))
        return self.named(name)

    def set(self, role: Role, entity: EntityDef | None, scopes: Mapping[str, str]) -> None:
        """Other scopes of actions on an object; None: on all objects that the role does not name.

        An object that was not named keeps for its other actions what held for it.
        """
        known = {action.key for action in words.ACTIONS}
        for action, scope in scopes.items():
            if action not in known or scope not in words.SCOPES:
                raise InvalidInput(
                    _("An action is one of {actions}, a scope one of {scopes}").format(
                        actions=", ".join(sorted(known)), scopes=", ".join(words.SCOPES)
                    )
                )
        number = entity.number if entity is not None else words.EVERYTHING
        line = {key: role.scope(number, key) for key in known} | dict(scopes)
        backend, table = self._base.backend, self._tables["right_given"]
        with self._keeper().changing() as connection:
            backend.delete_keys(connection, table, ("role", "ent"), [(role.id, number)])
            backend.insert_many(
                connection, table, ("role", "ent", "action", "scope"),
                [(role.id, number, key, scope) for key, scope in sorted(line.items())],
            )  # fmt: skip
        changed = ", ".join(
            f"{key}: {role.scope(number, key)} → {scope}" for key, scope in scopes.items()
        )
        objects = _(entity.plural) if entity is not None else _("all other objects")
        self._note(f"{role.name}, {objects}: {changed}")

    def show(
        self, role: Role, entity: EntityDef, key: str, how: str, progress: Progress | None = None
    ) -> None:
        """How a field is held back from those who have the role; '' for not at all. Of a field that
        is hidden for the first time the words in the search are set apart before: `progress`."""
        self.show_all(role, entity, {key: how}, progress)

    def show_all(
        self, role: Role, entity: EntityDef, shown: Mapping[str, str],
        progress: Progress | None = None,
    ) -> None:  # fmt: skip
        """The same of several fields at once, all or none of them. What `progress` raises stops
        it before any is held back."""
        catalogue = self._base.catalogue
        entity = catalogue[entity.key]  # the caller's may not know yet what stands apart
        fields = {f.key: f for f in (catalogue.field(entity, key) for key in shown)}
        shown = dict(zip(fields, shown.values(), strict=True))
        for key, how in shown.items():
            refuse_way(catalogue, entity, fields[key], how)
        if not shown:
            return
        self._keeper()
        before = self._hidden()
        new = [
            fields[key] for key, how in shown.items()
            if how in words.UNSEEN and (entity.key, key) not in before
        ]  # fmt: skip
        if new:
            set_apart(self._base, entity, new, progress)
        self._keep_shown(role, entity, shown)
        for key, how in shown.items():
            self._note(f"{role.name}, {_(entity.plural)}, {_(fields[key].label)}: {how or '-'}")

    def _keep_shown(self, role: Role, entity: EntityDef, shown: Mapping[str, str]) -> None:
        """Writes it; where other fields are hidden by it than before, the server is made to hold
        to that in the same transaction."""
        backend, table = self._base.backend, self._tables["right_field"]
        names = ("role", "ent", "field", "shown")
        rows = [(role.id, entity.number, key, how) for key, how in shown.items()]

        def keep(connection: sa.Connection) -> None:
            backend.delete_keys(connection, table, names[:3], [row[:3] for row in rows])
            backend.insert_many(connection, table, names, [row for row in rows if row[3]])

        held = before = self._hidden()
        rest = [one.fields for one in self.all() if one.id != role.id]
        for _role, number, key, how in rows:
            ways = {how, *(one.get((number, key)) for one in rest)}
            is_hidden = not ways.isdisjoint(words.UNSEEN)
            field_ = {(entity.key, key)}
            held = held | field_ if is_hidden else held - field_
        reaching = self._keeper()
        if held == before:
            with reaching.changing() as connection:
                keep(connection)
            return
        from crm_desktop.services.rights.enforcement import hold

        tables = self._base.tables
        hold(backend, tables, held, lambda connection: reaching.follows(connection, keep))

    def give(self, role: Role, who: int) -> None:
        """The role to a colleague, beside those they have."""
        self._hold(role, who, gives=True)
        self._note(_("{name} has the role “{role}”").format(name=self._name(who), role=role.name))

    def take(self, role: Role, who: int) -> None:
        """The role from a colleague; who has none left has that of the staff."""
        self._hold(role, who, gives=False)
        said = _("{name} no longer has the role “{role}”")
        self._note(said.format(name=self._name(who), role=role.name))

    def _hold(self, role: Role, who: int, *, gives: bool) -> None:
        staff = self._base.catalogue.staff().key
        if not self._base.reader.exists(staff, [who]):
            raise NotFound(_("This colleague is no longer in the base"))
        backend, table = self._base.backend, self._tables["right_holder"]
        with self._keeper().changing() as connection:
            backend.delete_keys(connection, table, ("who", "role"), [(who, role.id)])
            if gives:
                backend.insert_many(connection, table, ("who", "role"), [(who, role.id)])

    def drop(self, role: Role) -> None:
        """Takes a role of one's own away, and from everybody who has it."""
        if role.built_in:
            raise InvalidInput(_("The role “{role}” belongs to the program").format(role=role.name))
        with self._keeper().changing() as connection:
            for name in ("right_given", "right_field", "right_holder"):
                self._base.backend.delete_keys(
                    connection, self._tables[name], ("role",), [(role.id,)]
                )
            self._base.backend.delete_many(connection, self._tables["right_role"], [role.id])
        self._note(_("the role “{role}” is gone").format(role=role.name))

    def stand_in(
        self, absent: int, stand_in: int, begins: datetime, ends: datetime, note: str = ""
    ) -> None:
        """Somebody has the rights of an absent colleague beside their own, until the end."""
        if absent == stand_in:
            raise InvalidInput(_("Nobody stands in for himself"), field="stand_in")
        if ends <= begins or ends <= self._base.clock.now():
            raise InvalidInput(_("The end lies before the beginning, or in the past"), field="ends")
        backend, table = self._base.backend, self._tables["substitution"]
        note = " ".join(note.split())[:NOTE]
        with self._keeper().changing() as connection:
            (id_,) = backend.ids(connection, 1)
            backend.insert_many(
                connection, table, ("id", "absent", "stand_in", "begins_at", "ends_at", "note"),
                [(id_, absent, stand_in, begins, ends, note or None)],
            )  # fmt: skip
        self._note(_("{name} stands in for {absent} until {day}").format(
            name=self._name(stand_in), absent=self._name(absent), day=f"{ends:%Y-%m-%d %H:%M}",
        ))  # fmt: skip

    def end_stand_in(self, id_: int) -> StandIn:
        """Ends a substitution now; what it was. One that has not begun was never there."""
        known = next((one for one in self.stand_ins() if one.id == id_), None)
        now = self._base.clock.now()
        if known is None or known.ends_at <= now:
            raise NotFound(_("This substitution is over, or there is none of this number"))
        table = self._tables["substitution"]
        with self._keeper().changing() as connection:
            if known.begins_at < now:
                self._base.backend.update_many(connection, table, ("ends_at",), [(id_, now)])
            else:
                self._base.backend.delete_many(connection, table, [id_])
        said = _("{name} no longer stands in for {absent}")
        self._note(said.format(name=self._name(known.stand_in), absent=self._name(known.absent)))
        return known

    def _hidden(self) -> frozenset[tuple[str, str]]:
        with self._base.backend.read() as connection:
            return hidden_by_roles(connection, self._base.tables)

    # --- inside -----------------------------------------------------------------------------------

    def _keeper(self) -> Reaching:
        self._base.refuse_reader()
        reaching = self._base.reaching
        if reaching is None:
            raise only_administrators(shared=bool(self._base.login))
        return reaching

    def _note(self, detail: str) -> None:
        audit.note(self._base, audit.RIGHTS, detail=detail)

    def _name(self, colleague: int) -> str:
        ref = Ref(self._base.catalogue.staff().key, colleague)
        title = self._base.titles.of([ref]).get(ref)
        return title.text if title is not None else ""
