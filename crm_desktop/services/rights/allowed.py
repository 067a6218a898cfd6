"""What the person who signed in may do, asked before it is done; refusals say whom to ask.

Only somebody of the staff of a shared base has it (`Workspace.rights`); where that is None,
everything is allowed and nothing is asked. The server holds the same rights by itself; here they
are known in memory, looked at again every few seconds, so that actions are grey before they fail.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from crm_desktop.errors import NotAllowed
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.ownership import hangs, owner_field
from crm_desktop.models.catalogue.traits import Scheduled
from crm_desktop.models.strict.names import is_listed, owned_alone
from crm_desktop.services.rights import acts, words
from crm_desktop.services.rights.keeping import STAMP
from crm_desktop.services.rights.owners import Known, in_base, owners, taking_part, whole
from crm_desktop.services.rights.reach import ALWAYS, OF_PARTS, Span, actions_on
from crm_desktop.services.rights.reasons import Reasons
from crm_desktop.services.rights.standing import (
    RoleTables,
    asked_tables,
    role_tables,
    shown_to,
)

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.catalogue import Catalogue
    from crm_desktop.services.operations import Operation
    from crm_desktop.services.planner.bars import PlanRow
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.services.writing.batch import Batch
    from crm_desktop.services.writing.flush import Flush
    from crm_desktop.services.writing.staging import Write

LOOK_EVERY_S = 5.0
READ_EVERY_S = 3600.0
"""What is to begin is shown by the server some hours before, and by nothing announced."""


class Verdict(NamedTuple):
    """Whether something is allowed; if not, why as sentences, and the role to ask for."""

    yes: bool
    why: str = ""
    role: str = ""


YES = Verdict(True)


@dataclass
class Mine:
    """What was read of one's own rights."""

    stamp: str
    reach: Mapping[tuple[int, str], Mapping[int, Span]]
    roles: RoleTables
    hidden: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    is_free: bool = False
    """Everything of everybody may be written."""


class Rights:
    """The rights of who signed in; safe from several threads."""

    def __init__(self, workspace: Workspace) -> None:
        self._base = workspace
        self._lock = threading.Lock()
        self._mine: Mine | None = None
        self._looked = self._read_at = 0.0
        self.look_every_s = LOOK_EVERY_S
        self.reasons = Reasons(workspace)

    # --- what is known ----------------------------------------------------------------------------

    @property
    def catalogue(self) -> Catalogue:
        """The objects that there are now."""
        return self._base.catalogue

    def mine(self) -> Mine:
        """One's own rights, at most some seconds old; asks the base."""
        with self._lock:
            if self._mine is None or time.monotonic() - self._looked >= self.look_every_s:
                stamp = self._base.info(STAMP)
                self._looked = time.monotonic()
                old = self._looked - self._read_at > READ_EVERY_S
                if self._mine is None or self._mine.stamp != stamp or old:
                    former, self._mine = self._mine, self._read(stamp)
                    self._read_at = self._looked
                    if former is not None:  # a statement kept prepared goes by the former views
                        self._base.backend.refresh_plans()
            return self._mine

    def doubt(self) -> None:
        """They are others now, as was heard: the next question looks at once."""
        with self._lock:
            self._looked = float("-inf")

    def _read(self, stamp: str) -> Mine:
        base = self._base
        table = base.tables.system("right_reach")
        reach: dict[tuple[int, str], dict[int, Span]] = {}
        own = sa.select(table).where(table.c.login == base.login.upper())
        with base.backend.reading(), base.backend.read() as connection:
            asked = (own, *asked_tables(base.tables))
            base.backend.ask_first(partial(connection.execute, one) for one in asked)
            for row in connection.execute(own):
                span = Span(row.begins_at, row.ends_at)
                reach.setdefault((row.ent, row.action), {})[row.owner] = span
            roles = role_tables(connection, base.tables)
        hidden = {
            entity.key: shown_to(roles, base.catalogue, base.user_id, entity)
            for entity in base.catalogue
        }
        hidden = {key: kept for key, kept in hidden.items() if kept}
        free = not hidden and all(
            reach.get((entity.number, action), {}).get(words.EVERYBODY) == ALWAYS
            for entity in base.catalogue
            for action in actions_on(base.catalogue, entity)
        )
        return Mine(stamp, reach, roles, hidden, free)

    def reached(self, action: str, entity: EntityDef) -> frozenset[int]:
        """The owners whose records of an object the action is allowed on; 0: everybody's."""
        now = self._base.clock.now()
        found = self.mine().reach.get((entity.number, action), {})
        return frozenset(one for one, span in found.items() if span.holds(now))

    def owners_seen(self, entity: EntityDef) -> frozenset[int] | None:
        """Whose records of an object its view can show at most; None: everybody's, or it shows
        some for other reasons than the owner that it shows."""
        mine, own = self.mine(), owner_field(entity)
        found = frozenset(mine.reach.get((entity.number, words.SEE), {}))
        alone = owned_alone(self._base.catalogue, entity)
        if own is not None and own.key in self.shown(entity.key):
            return None
        return found if alone and words.EVERYBODY not in found else None

    def owners_listed(self, entity: EntityDef) -> frozenset[int] | None:
        """Whose records of an object are reached, where more than its owner decides about what the
        server shows, and that lists it; None elsewhere, or if everybody's are."""
        found = frozenset(self.mine().reach.get((entity.number, words.SEE), {}))
        if words.EVERYBODY in found or not is_listed(self._base.catalogue, entity):
            return None
        return found

    def sees_some(self, entity: EntityDef) -> bool:
        """Whether there may be records of an object that the person does not see."""
        return not hangs(entity) and words.EVERYBODY not in self.reached(words.SEE, entity)

    def shown(self, entity: str) -> Mapping[str, str]:
        """The fields that are held back, and how."""
        return self.mine().hidden.get(entity, {})

    def unseen(self, entity: EntityDef, key: str) -> str:
        """Why a field is not seen, as a sentence; '' where it is."""
        hidden = self.shown(entity.key).get(key, "") in words.UNSEEN
        return self.reasons.unseen(entity, key) if hidden else ""

    # --- questions --------------------------------------------------------------------------------

    def may(self, action: str, entity: EntityDef, ref: Ref | None = None) -> Verdict:
        """Whether an action is allowed on any record of an object at all, or on this one."""
        if self.mine().is_free:
            return YES
        if ref is None:
            if self.reached(action, entity):
                return YES
            return self._no(action, entity, None)
        base = self._base
        with base.backend.read() as connection:
            one = in_base(base.reader, connection)(ref)
            if one is None:
                return YES
            return self._judged(action, one, connection, None)

    def require(self, action: str, entity: EntityDef, ref: Ref | None = None) -> None:
        """`NotAllowed` where it is not."""
        verdict = self.may(action, entity, ref)
        if not verdict.yes:
            raise NotAllowed(verdict.why)

    def require_all(self, action: str, entity: EntityDef, ids: Sequence[int]) -> None:
        """`NotAllowed` where it is not allowed on one of these records: how many, and whose."""
        if self.mine().is_free:
            return
        if len(ids) == 1:
            self.require(action, entity, Ref(entity.key, ids[0]))
            return
        from crm_desktop.services.rights.whose import split

        self.require(action, entity)
        found = split(self._base, entity, ids, [action])
        if found.refused:
            raise NotAllowed(found.why)

    def calendars(self, rows: Sequence[PlanRow]) -> list[PlanRow]:
        """The rows of a planner without the colleagues whose calendars are none of one's business;
        rooms and cars are everybody's."""
        scheduled = self._base.catalogue.with_trait(Scheduled)[0]
        reached, staff = self.reached(words.CALENDARS, scheduled), self._base.catalogue.staff().key
        if words.EVERYBODY in reached:
            return list(rows)
        seen = reached | {self._base.user_id}
        return [one for one in rows if one.ref.entity != staff or one.ref.id in seen]

    def did_many(self, entity: EntityDef, count: int, what: str) -> None:
        """Notes it in the audit."""
        acts.many(self._base, entity, count, what)

    def _judged(
        self, action: str, one: Known, connection: sa.Connection, batch: Batch | None
    ) -> Verdict:
        from crm_desktop.services.rights.owners import in_batch

        base = self._base
        look = in_batch(batch) if batch is not None else in_base(base.reader, connection)
        top = whole(base.catalogue, one, look)
        if top is None:  # it hangs on nothing
            return YES
        if top is not one:
            action = OF_PARTS.get(action, action)
            if top.is_new and action == words.EDIT:
                action = words.CREATE
        reached = self.reached(action, top.entity)
        if words.EVERYBODY in reached:
            return YES
        if not reached:
            return self._no(action, top.entity, None)
        whose = owners(
            base.catalogue, top, look,
            lambda event: taking_part(connection, base.tables, event),
        )  # fmt: skip
        if not whose or whose & reached:
            return YES
        return self._no(action, top.entity, min(whose))

    def _no(self, action: str, entity: EntityDef, owner: int | None) -> Verdict:
        why, role = self.reasons.refusal(self.mine().roles, action, entity, owner)
        return Verdict(False, why, role)

    # --- the writer -------------------------------------------------------------------------------

    def check(self, batch: Batch, asked: Sequence[Write], running: Operation) -> None:
        """`NotAllowed` where one of the writes a person asked for is not allowed."""
        mine = self.mine()
        if mine.is_free:
            return
        from crm_desktop.services.rights.checking import Checking

        Checking(self, self._base, batch).check(asked, running)

    def judged(self, action: str, one: Known, batch: Batch) -> Verdict:
        """The verdict on a record inside a transaction."""
        return self._judged(action, one, batch.connection, batch)

    def follow(self, connection: sa.Connection, flush: Flush) -> None:
        """Nothing follows from what the staff write: the administrator keeps roles."""


def may(
    workspace: Workspace, action: str, entity: EntityDef, ref: Ref | None = None
) -> Verdict:  # fmt: skip
    """The same where nobody's rights may be narrowed: then it is allowed, and nothing is asked."""
    rights = workspace.rights
    return YES if rights is None else rights.may(action, entity, ref)


def require(
    workspace: Workspace, action: str, entity: EntityDef, ids: Sequence[int] = ()
) -> None:  # fmt: skip
    """`NotAllowed` if the person may not do it with the object, or with one of these records."""
    rights = workspace.rights
    if rights is not None:
        rights.require_all(action, entity, ids)
