"""What the roles of whoever imports allow: asked of the object before a row is read, and row by row
of what a test run has worked out or the server would refuse, so that no row costs a transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crm_desktop.errors import NotAllowed
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.catalogue.ownership import owner_field, roots
from crm_desktop.services.importing.block import Block
from crm_desktop.services.importing.mapping import CREATE, UPDATE
from crm_desktop.services.importing.parcel import RowBlock
from crm_desktop.services.importing.rowplan import Problem, RowPlan
from crm_desktop.services.rights import words
from crm_desktop.services.rights.checking import Checking
from crm_desktop.services.rights.owners import Known, parent_of
from crm_desktop.services.writing.batch import Batch
from crm_desktop.services.writing.staging import Create, Write

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace


class RowRights:
    """The rights of one import; nothing is asked where nobody's may be narrowed."""

    def __init__(self, workspace: Workspace, plan: RowPlan) -> None:
        self._base, self._plan = workspace, plan
        rights = workspace.rights
        self._rights = None if rights is None or rights.mine().is_free else rights
        self._said: dict[tuple[str, int | None], str] = {}
        """Why new records of an object may not be made in somebody's name: asked once."""

    def refuse_at_once(self) -> None:
        """`NotAllowed` where no row could do what the mapping asks for. From now on a linked
        record is made of a name only where that is allowed: any other name is not found."""
        if self._rights is None:
            return
        mapping, entity, names = self._plan.mapping, self._plan.entity, self._plan.names
        makes = [words.CREATE] if CREATE in (mapping.on_new, mapping.on_match) else []
        wanted = makes + ([words.EDIT] if mapping.on_match == UPDATE else [])
        verdicts = [self._rights.may(action, entity) for action in wanted]
        if verdicts and not any(one.yes for one in verdicts):
            raise NotAllowed(verdicts[0].why)
        for group, key in names.create:
            within = self._plan.groups[group].entity
            f = within.field(key) if within.has(key) else None
            if isinstance(f, LinkField):
                target = self._base.catalogue[f.target]
                names.close((group, key), self._rights.may(words.CREATE, target).why)

    def worked_out(
        self, batch: Batch, make: Callable[[], Block], rows: RowBlock
    ) -> tuple[Block, list[Write]]:
        """A block over these rows and its writes. Those that may not be written are left out, and
        are among its `rejected`; without them another row may be the one that makes a record."""
        refused: dict[int, Problem] = {}
        while self._looks():
            usual, block = rows.usual(self._plan), make()
            writes = block.writes([row for row in usual if row.number not in refused])
            found = self._refused(batch, block)
            if not found:
                kept_out = (row for row in usual if row.number in refused)
                block.rejected += [(row, [refused[row.number]]) for row in kept_out]
                return block, writes
            refused.update(found)
        block = make()
        return block, block.writes(rows.good, rows.plain)

    def _looks(self) -> bool:
        """Whether rows are to be looked at one by one: not where new records may be made in
        everybody's name and known ones stay as they are."""
        rights, above = self._rights, roots(self._base.catalogue, self._plan.entity)
        if rights is None:
            return False
        wide = all(words.EVERYBODY in rights.reached(words.CREATE, one) for one in above)
        return not wide or self._plan.mapping.on_match == UPDATE

    def _refused(self, batch: Batch, block: Block) -> dict[int, Problem]:
        """Why rows of a block that was worked out may not be written, by their numbers."""
        assert self._rights is not None
        checking = Checking(self._rights, self._base, batch)
        found: dict[int, Problem] = {}
        made = {
            Ref(one.entity, one.id or 0)
            for _row, writes in block.by_row() for one in writes if isinstance(one, Create)
        }  # fmt: skip
        for row, writes in block.by_row():
            try:
                for one in writes:
                    self._check(checking, one, made)
            except NotAllowed as error:
                found[row.number] = Problem("", "", "", error.message)
        return found

    def _check(self, checking: Checking, one: Write, made: set[Ref]) -> None:
        """What goes with a record that the rows make is as that one is; the base has neither."""
        assert self._rights is not None
        entity = self._base.catalogue[one.entity]
        if not isinstance(one, Create):
            checking.check_one(entity, one)
            return
        own = owner_field(entity)
        whose = one.values.get(own.key) if own is not None else None
        above = parent_of(self._base.catalogue, Known(entity, one.id, one.values, None))
        if above in made and whose is None:
            self._rights.require(words.CREATE, entity)
            return
        known = (entity.key, whose) if above is None else None
        try:
            if known in self._said:
                raise NotAllowed(self._said[known])
            checking.check_one(entity, one)
        except NotAllowed as error:
            if known is not None:
                self._said[known] = error.message
            raise
