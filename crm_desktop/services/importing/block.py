"""A block of prepared rows becomes writes: links resolved, records matched, one row after another.

Runs inside the transaction that writes, so that what it found still holds. Everything is worked
out anew when a transaction has to be repeated; `Memory` changes only through `Block.keep`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import RecordField
from crm_desktop.services.importing.beside import BesideBook, BesideRows
from crm_desktop.services.importing.contacts import ContactBook
from crm_desktop.services.importing.convert import Named
from crm_desktop.services.importing.drafts import Counts, Draft, Missing
from crm_desktop.services.importing.kinds import tell_kind
from crm_desktop.services.importing.mapping import CREATE, SKIP, UPDATE
from crm_desktop.services.importing.matching import Matches
from crm_desktop.services.importing.memory import Last, Memory
from crm_desktop.services.importing.needed import Needs, keep_required
from crm_desktop.services.importing.pictures import BlockPictures
from crm_desktop.services.importing.plain import PlainRows
from crm_desktop.services.importing.plain_block import PlainBlock
from crm_desktop.services.importing.row_links import RowLinks
from crm_desktop.services.importing.rowplan import ABOVE, Group, Part, Prepared, Problem, RowPlan
from crm_desktop.services.importing.yearless import DayBook
from crm_desktop.services.writing.batch import Batch, is_empty, same
from crm_desktop.services.writing.staging import Create, Delete, Update, Write

CREATED, UPDATED, SKIPPED = "created", "updated", "skipped"
RecordKey = tuple[str, int]


class Block:
    """The rows of one block over one transaction; `writes` first, then the other questions."""

    def __init__(
        self, plan: RowPlan, memory: Memory, batch: Batch, *, new_id: Callable[[], int]
    ) -> None:
        self._plan = plan
        self._memory = memory
        self._batch = batch
        self._new_id = new_id
        self._links = memory.links.session(batch.connection, new_id)
        self._contacts = ContactBook(batch)
        self._days = DayBook(batch)
        self._pictures = BlockPictures()
        self._matches = Matches(plan, memory.lookup, batch, memory.seen)
        self._current: dict[RecordKey, dict[str, Any]] = {}
        self._made: set[RecordKey] = set()
        self._last = memory.last
        self._linked: set[Any] = set()
        self._needs = Needs(batch)
        self._row_links = RowLinks(plan, self._links, self._needs)
        self._writes: list[Write] = []
        self._spans: list[tuple[Prepared, int, int]] = []
        self._besides = BesideRows(plan, BesideBook(batch, self._needs))
        self.rejected: list[tuple[Prepared, list[Problem]]] = []
        self.left_out: list[tuple[Prepared, list[Problem]]] = []
        self.missing: Counter[Missing] = self._row_links.missing
        self.counts = Counts(Counter(), Counter())
        self.new: list[tuple[Prepared, int]] = []
        """The rows that made a record, and its number."""

    def writes(self, rows: Sequence[Prepared], plain: PlainRows | None = None) -> list[Write]:
        """What has to be written for the rows; those that cannot be are put among `rejected`.

        New records of `plain` rows are staged by columns, past the writes."""
        if plain is not None:
            rows = self._take(plain, rows)
        self._read_links(rows)
        self._matches.read(rows)
        self._prefetch()
        for row in rows:
            start = len(self._writes)
            try:
                outcome, id_ = self._row(row)
            except InvalidInput as error:
                self._row_links.taken_spared()
                self.rejected.append((row, [self._problem(row, error)]))
            else:
                self._spans.append((row, start, len(self._writes)))
                self.counts.rows[outcome] += 1
                if spared := self._row_links.taken_spared():
                    self.left_out.append((row, spared))
                if outcome == CREATED:
                    self.new.append((row, id_))
        made = self._links.needed(self._linked_ids()) if self._links.made else []
        for one in made:
            self.counts.others[one.entity] += 1
        self._pictures.keep(self._batch, self._writes, self.counts.rows, self._memory.is_test)
        return [*made, *self._writes]

    def by_row(self) -> Iterator[tuple[Prepared, list[Write]]]:
        """What rows will write; without records made for names, and those by columns."""
        for row, start, end in self._spans:
            yield row, self._writes[start:end]

    def _take(self, plain: PlainRows, rows: Sequence[Prepared]) -> list[Prepared]:
        taken = PlainBlock(self._plan, plain, self._batch, self._links, self._memory.lookup)
        left = taken.take(rows, self._matches)
        self.counts.rows[CREATED] += taken.made
        self.new += taken.new
        self._linked |= taken.linked
        return left

    def _linked_ids(self) -> set[Any]:
        """The ids that the writes point to: a refused row leaves no linked record behind."""
        keys = {key for _group, key in self._plan.create}
        brings = [write.values for write in self._writes if not isinstance(write, Delete)]
        return self._linked | {values.get(key) for values in brings for key in keys}

    def land(self, landed: Mapping[int, int]) -> None:
        """Rows whose record went into one that was there, such as a repeated enquiry."""
        rows = [one for one in self.new if one[1] in landed]
        self.new = [one for one in self.new if one[1] not in landed]
        self.counts.rows[CREATED] -= len(rows)
        self.counts.rows[UPDATED] += len(rows)
        self._links.land(landed)
        self._matches.land(landed)
        if self._last is not None:
            self._last = self._last._replace(id=landed.get(self._last.id, self._last.id))

    def keep(self) -> None:
        """The writes are in the base: later blocks may rely on them."""
        self._links.keep()
        self._memory.last = self._last
        self._matches.keep(for_good=self._memory.is_test)

    # --- reading ahead ----------------------------------------------------------------------------

    def _read_links(self, rows: Sequence[Prepared]) -> None:
        wanted: set[tuple[Field, Named]] = set()
        fields = [(g, key, self._plan.groups[g].entity.field(key)) for g, key in self._plan.create
                  if self._plan.groups[g].entity.has(key)]  # fmt: skip
        for group, key, f in fields:
            named = {row.parts[group].values.get(key) for row in rows}
            named.add(self._plan.defaults[group].get(key))
            wanted.update((f, one) for one in named if isinstance(one, Named))
        self._links.read(wanted)

    def _prefetch(self) -> None:
        """Everything of the records that may be changed, read at once."""
        if self._plan.mapping.on_match == CREATE:
            return
        for group, one in enumerate(self._plan.groups):
            ids = sorted(self._matches.ids(group))
            if ids and self._plan.mapping.on_match == UPDATE:
                self._batch.prefetch(one.entity, ids)
                self._contacts.prefetch(one.entity, ids)
            if ids and group == 0:
                for other in self._plan.groups:
                    if other.link is not None and not other.forward:
                        self._batch.prefetch_linked(other.entity, other.link, ids)

    # --- one row ----------------------------------------------------------------------------------

    def _row(self, row: Prepared) -> tuple[str, int]:
        """What became of it, and the number of its record."""
        if (above := row.parts[0].values.get(ABOVE)) is not None:
            return self._further(row, above)
        outcome, id_ = self._own(row)
        self._last = Last(row.number, id_, outcome == CREATED)
        return outcome, id_

    def _further(self, row: Prepared, above: int) -> tuple[str, int]:
        """A row that brings more of what belongs to the record of the row above."""
        last = self._last
        if last is None or last.row != above:
            said = _("The row goes on with row {row}, which was refused")
            raise InvalidInput(said.format(row=above))
        if not last.id:
            return SKIPPED, 0
        main = Draft(0, row.parts[0], {}, last.id)
        drafts = [self._draft(g, part) for g, part in enumerate(row.parts) if g]
        below = [d for d in drafts if d and not self._plan.groups[d.group].forward]
        for draft in filter(self._is_named, below):
            draft.id = self._matches.find(draft.group, draft.part, owner=last.id)
            if draft.id is None:
                self._check(draft, also={self._link_key(draft): None})
        more = last.is_new and self.change(self._plan.groups[0], main)
        outcome = self._write(main, [], [d for d in below if self._is_named(d)])
        if last.is_new or self._plan.mapping.on_match == UPDATE:
            more |= self._beside(row, main, [None, *drafts], is_new=False)
        return (UPDATED if more else outcome), last.id

    def _own(self, row: Prepared) -> tuple[str, int]:
        drafts = [self._draft(g, part) for g, part in enumerate(row.parts)]
        forward = [d for d in drafts[1:] if d and self._plan.groups[d.group].forward]
        for draft in forward:
            draft.id = self._matches.find(draft.group, draft.part)
            if draft.id is None:
                self._check(draft)
        main = drafts[0] or Draft(0, row.parts[0], {})
        main.id = (
            None if self._plan.mapping.on_match == CREATE else self._matches.find(0, main.part)
        )
        if main.id is None and self._plan.mapping.on_new == SKIP:
            return SKIPPED, 0
        own = {self._link_key(d): None for d in forward}
        if main.id is None:
            self._check(main, also=own)
        backward = [d for d in drafts[1:] if d and self._is_named(d)]
        for draft in backward:
            draft.id = (
                self._matches.find(draft.group, draft.part, owner=main.id)
                if main.id is not None
                else None
            )
            if draft.id is None:
                self._check(draft, also={self._link_key(draft): None})
        completes = self._completes(main)
        outcome = self._write(main, forward, backward)
        if completes and self._complete(main):
            outcome = UPDATED
        if outcome == CREATED or completes or self._plan.mapping.on_match == UPDATE:
            changed = self._beside(row, main, drafts, is_new=outcome == CREATED)
            outcome = UPDATED if changed and outcome == SKIPPED else outcome
        return outcome, main.id or 0

    def _completes(self, main: Draft) -> bool:
        """Whether the row says more of a record that a row before it has made, where nobody chose
        by what records are known: it is the same one under the same name."""
        made = (self._plan.entity.key, main.id or 0) in self._made
        return made and not self._plan.match and self._plan.mapping.on_match == SKIP

    def _complete(self, main: Draft) -> bool:
        """Gives the record what it lacks; whether that is anything."""
        values = self.values_of(self._plan.entity, main.id or 0)
        before = dict(values)
        lacking = {k: v for k, v in main.values.items() if is_empty(values.get(k))}
        more = self.change(self._plan.groups[0], Draft(0, main.part, lacking, main.id))
        return more or values != before

    def _beside(
        self, row: Prepared, main: Draft, drafts: Sequence[Draft | None], *, is_new: bool
    ) -> bool:
        """Whether something was written beside the record of the row."""
        if not self._plan.besides:
            return False
        before = len(self._writes)
        self.left_out += self._besides.write(self, row, main, drafts, is_new=is_new)
        return len(self._writes) > before

    def _is_named(self, draft: Draft) -> bool:
        group = self._plan.groups[draft.group]
        return not group.forward and not group.is_beside

    def _draft(self, group: int, part: Part) -> Draft | None:
        if group and part.is_empty:
            return None
        values = {key: value for key, value in part.values.items() if key[:1] != "@"}
        self._pictures.name(values)
        self._row_links.fill(group, part, values)
        return Draft(group, part, values)

    def _check(self, draft: Draft, also: dict[str, Any] | None = None) -> None:
        """A new record gets its defaults and must then have what is required."""
        entity = self._plan.groups[draft.group].entity
        for key, value in self._plan.defaults[draft.group].items():
            if not is_empty(draft.values.get(key)):
                continue
            if isinstance(value, Named):
                value = self._row_links.linked(draft.group, key, value, Part({}, []), draft.values)
            draft.values[key] = value
        for mirror, value in draft.part.contacts:
            if is_empty(draft.values.get(mirror.field)):
                draft.values[mirror.field] = value
        tell_kind(entity, draft.values)
        self._needs.check(entity, draft.values, also or {})

    # --- writing ----------------------------------------------------------------------------------

    def _link_key(self, draft: Draft) -> str:
        link = self._plan.groups[draft.group].link
        return link.key if link is not None else ""

    def _write(self, main: Draft, forward: list[Draft], backward: list[Draft]) -> str:
        """Nothing here can fail: all that may be wrong with a row was found before."""
        was_there, changed = main.id is not None, False
        if not was_there or self._plan.mapping.on_match == UPDATE:
            for draft in forward:
                changed |= self._write_one(draft)
                main.values[self._link_key(draft)] = draft.id
        changed |= self._write_one(main)
        for draft in backward:
            draft.values[self._link_key(draft)] = self._link_to(main, draft)
            changed |= self._write_one(draft, owner=main.id)
        if not was_there:
            return CREATED
        return UPDATED if changed else SKIPPED

    def _link_to(self, main: Draft, draft: Draft) -> Any:
        link = self._plan.groups[draft.group].link
        ref = Ref(self._plan.entity.key, main.id or 0)
        return ref if isinstance(link, RecordField) else ref.id

    def _write_one(self, draft: Draft, owner: int | None = None) -> bool:
        """Makes the record or changes it; whether anything was written."""
        group = self._plan.groups[draft.group]
        if draft.id is None:
            self.make(group, draft)
            if draft.group:
                self.counts.others[group.entity.key] += 1
        elif self._plan.mapping.on_match != UPDATE or not self.change(group, draft):
            return False
        self._matches.remember(draft.group, draft.part, draft.id or 0, owner)
        return True

    def make(self, group: Group, draft: Draft) -> None:
        """Stages a new record."""
        draft.id = self._new_id()
        values = {key: value for key, value in draft.values.items() if value is not None}
        self._writes.append(Create(group.entity.key, values, id=draft.id, checked=True))
        self._current[group.entity.key, draft.id] = values
        self._made.add((group.entity.key, draft.id))
        self._writes += self._contacts.of_new(group.entity, draft.id, values, draft.part.contacts)
        self._add(self._days.of_new(group.entity, draft.id, draft.part.values))
        title, number = values.get(group.entity.title_field), draft.part.values.get("@")
        self._links.add(group.entity, title, draft.id, None if draft.group else number)

    def change(self, group: Group, draft: Draft) -> bool:
        """Stages what a known record lacks; whether that is anything."""
        assert draft.id is not None
        if draft.id < 0 and (group.entity.key, draft.id) not in self._current:
            return True  # made by an earlier block of a test run
        before = self.values_of(group.entity, draft.id)
        keep_required(group.entity, draft.values)
        values = {k: v for k, v in draft.values.items() if not same(before.get(k), v)}
        made = (group.entity.key, draft.id) in self._made
        if values and not made:
            self._writes.append(Update(group.entity.key, draft.id, values))
        before.update(values)
        further = (
            self._contacts.of_new(group.entity, draft.id, before, draft.part.contacts)
            if made
            else self._contacts.of_known(group.entity, draft.id, before, draft.part.contacts)
        )
        self._writes += further
        days = self._days.of_known(group.entity, draft.id, before, draft.part.values)
        self._add(days)
        return bool(values or further or days)

    def _add(self, writes: Sequence[Create]) -> None:
        """Records beside those of the row."""
        self._writes += writes
        for one in writes:
            self.counts.others[one.entity] += 1

    def values_of(self, entity: EntityDef, id_: int) -> dict[str, Any]:
        """What a record will hold."""
        known = self._current.get((entity.key, id_))
        if known is None:
            staged = self._batch.row(entity, id_)
            known = self._current[entity.key, id_] = dict(staged.after or {})
        return known

    def _problem(self, row: Prepared, error: InvalidInput) -> Problem:
        for group, part in zip(self._plan.groups, row.parts, strict=True):
            if error.field and group.entity.has(error.field):
                value = part.values.get(error.field)
                shown = value.text if isinstance(value, Named) else value
                return group.problem(error.field, str(shown or ""), error.message)
        return Problem("", "", "", error.message)
