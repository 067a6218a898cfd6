"""Keeps what follows from roles right: the table of who reaches whose records.

Only an administrator of a shared base writes it, in the transaction that changes what it follows
from; for everybody else, and in a local base, there is nothing to keep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

import sqlalchemy as sa

from crm_desktop.i18n import _
from crm_desktop.models.backend import firebird_accounts
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.services.rights import acts
from crm_desktop.services.rights.builtin import ROLES, given
from crm_desktop.services.rights.colleagues import decisive
from crm_desktop.services.rights.hidden_fields import renew_shown
from crm_desktop.services.rights.reach import Reach, reckon, renew, standing

if TYPE_CHECKING:
    from crm_desktop.services.operations import Operation
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.services.writing.batch import Batch
    from crm_desktop.services.writing.flush import Flush
    from crm_desktop.services.writing.staging import Write


STAMP = "rights_stamp"
"""The fact of the base that is another one after every change of rights: who works looks at it."""


class Reaching:
    """The table of one shared base, kept by its administrator."""

    def __init__(self, workspace: Workspace) -> None:
        self._base = workspace
        tables = workspace.tables
        self._books, self._staff = tables.catalogue.books().key, tables.catalogue.staff().key
        self._decisive = decisive(tables)

    @contextmanager
    def changing(self) -> Iterator[sa.Connection]:
        """A transaction that changes roles or who has them; what follows is in it."""
        with self._base.backend.write() as connection:
            yield connection
            self._followed(connection)

    def follows(self, connection: sa.Connection, change: Callable[[sa.Connection], None]) -> None:
        """The same in the caller's transaction."""
        change(connection)
        self._followed(connection)

    def _followed(self, connection: sa.Connection) -> None:
        self.renew(connection)
        self._stamp(connection)

    def renew(self, connection: sa.Connection) -> int:
        """Makes the table right; how many of its rows were not."""
        base = self._base
        accounts = firebird_accounts.staff_logins(connection)
        shown = renew_shown(base.backend, base.tables, connection, accounts)
        return shown + renew(base.backend, base.tables, connection, base.clock.now(), accounts)

    def is_over(self) -> bool:
        """Whether a substitution is over whose rows are still there."""
        table, base = self._base.tables.system("right_reach"), self._base
        over = sa.select(table.c.login).where(table.c.ends_at <= base.clock.now())
        with base.backend.read() as connection:
            return connection.execute(base.backend.limit(over, 1)).first() is not None

    def turn(self) -> int:
        """A substitution that is over makes room for a later one; how many rows were others."""
        base = self._base
        if not self.is_over():
            return 0
        with base.backend.write() as connection:
            changed = self.renew(connection)
            self._stamp(connection)
        return changed

    def check(self, batch: Batch, asked: Sequence[Write], running: Operation) -> None:
        """An administrator may write everything."""

    def require_all(self, action: str, entity: EntityDef, ids: Sequence[int]) -> None:
        """Nor is anything else refused to an administrator."""

    def did_many(self, entity: EntityDef, count: int, what: str) -> None:
        """Notes it in the audit."""
        acts.many(self._base, entity, count, what)

    def follow(self, connection: sa.Connection, flush: Flush) -> None:
        """Makes the table right if what was written has to do with it."""
        fresh = any(one.entity.key == self._staff for one in (*flush.made, *flush.gone))
        fresh = fresh or any(self._matters(one.entity.key, keys) for one, keys in flush.changed)
        if fresh and self.renew(connection):
            self._stamp(connection)

    def _stamp(self, connection: sa.Connection) -> None:
        """Tells every program that rights are others now."""
        backend, table = self._base.backend, self._base.tables.system("base_info")
        backend.delete_keys(connection, table, ("name",), [(STAMP,)])
        backend.insert_many(connection, table, ("name", "content"), [(STAMP, uuid4().hex)])

    def _matters(self, entity: str, keys: Sequence[str]) -> bool:
        if entity == self._staff:
            return not self._decisive.isdisjoint(keys)
        return entity == self._books

    def ready(self) -> None:
        """Makes the roles of the program, if there are none, and the table right."""
        with self.changing() as connection:
            self._fill(connection)

    def _fill(self, connection: sa.Connection) -> None:
        base = self._base
        roles, rights = (base.tables.system(f"right_{name}") for name in ("role", "given"))
        if connection.execute(sa.select(sa.func.count()).select_from(roles)).scalar():
            return
        language = "ru" if base.info("language") == "ru" else "en"
        ids = base.backend.ids(connection, len(ROLES))
        base.backend.insert_many(connection, roles, ("id", "name", "note", "built_in"), [
            (id_, role.name[language], role.note[language], role.key)
            for id_, role in zip(ids, ROLES, strict=True)
        ])  # fmt: skip
        base.backend.insert_many(connection, rights, ("role", "ent", "action", "scope"), [
            (id_, *row)
            for id_, role in zip(ids, ROLES, strict=True)
            for row in given(role.key, base.catalogue)
        ])  # fmt: skip

    def differences(self) -> list[str]:
        """What is wrong in the table, a line for each row: account, object, action, owner."""
        base = self._base
        with base.backend.read() as connection:
            accounts = firebird_accounts.staff_logins(connection)
            wanted = reckon(connection, base.tables, base.clock.now(), accounts)
            return _differences(wanted, standing(connection, base.tables), base.catalogue)


def _differences(wanted: Reach, there: Reach, catalogue: Catalogue) -> list[str]:
    both = wanted.keys() & there.keys()
    marked = [
        *((key, _("missing")) for key in sorted(wanted.keys() - there.keys())),
        *((key, _("too much")) for key in sorted(there.keys() - wanted.keys())),
        *((key, _("another time")) for key in sorted(both) if wanted[key] != there[key]),
    ]
    names = {entity.number: entity.key for entity in catalogue}
    return [
        f"{login} {names.get(number, number)} {action} {owner}: {how}"
        for (login, number, action, owner), how in marked
    ]
