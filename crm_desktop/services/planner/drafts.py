"""Drafts: moves, new and deleted entries that are tried out and not in the base yet.

`Drafts` holds them in memory and as text that outlives the program; `planner/applying` makes one
operation of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import DELETED, Bar, Undated, undated_bar
from crm_desktop.services.planner.moving import Move, NewEntry

MOVED, NEW, COPIED, TIMED = "moved", "new", "copied", "timed"
KINDS = (MOVED, NEW, COPIED, TIMED, DELETED)
Key = tuple[int, int, int]
"""Record (below zero: not in the base), occurrence, participation: a bar, whatever its row."""


class Draft(NamedTuple):
    """One bar that is to change: as it will be, and as it stood when that was decided.

    `was` of a copy is what it copies; of something new there is none. `extent`: of a series this
    date, or this and the following.
    """

    kind: str
    now: Bar
    was: Bar | None = None
    extent: str = ""
    others: tuple[Ref, ...] = ()

    @property
    def key(self) -> Key:
        """What it is a draft of."""
        return self.now.id, self.now.origin, self.now.part


@dataclass
class Drafts:
    """The drafts of one planner; used from one thread, `all()` is handed to others."""

    _found: dict[Key, Draft] = field(default_factory=dict)

    def all(self) -> tuple[Draft, ...]:
        """A picture of what there is."""
        return tuple(self._found.values())

    def __len__(self) -> int:
        """How many entries are concerned."""
        return len({(key[0], key[1]) for key in self._found})

    def _next(self) -> int:
        return min(0, *(key[0] for key in self._found), 0) - 1

    # --- what a gesture does ----------------------------------------------------------------------

    def move(self, moves: Iterable[Move], shown: Iterable[Bar], extent: str = "") -> None:
        """The moves, in every row that is shown in which their records stand."""
        by_key = {move.bar.key: move for move in moves}
        rows = {(move.bar.key, move.bar.part): move.row for move in moves}
        for bar in list(shown):
            move = by_key.get(bar.key)
            if move is None or bar.draft == DELETED:
                continue
            row = rows.get((bar.key, bar.part), bar.row)
            now = bar._replace(starts=move.starts, ends=move.ends, row=row)
            self._put(bar, now, extent)

    def _put(self, bar: Bar, now: Bar, extent: str) -> None:
        key = (bar.id, bar.origin, bar.part)
        old = self._found.get(key)
        if old is not None:
            self._found[key] = old._replace(now=now._replace(draft=old.kind))
        else:
            plain = bar._replace(draft="")
            self._found[key] = Draft(MOVED, now._replace(draft=MOVED), plain, extent)
        made = self._found[key]
        if made.kind == MOVED and made.was == made.now._replace(draft=""):
            del self._found[key]

    def copy(self, moves: Iterable[Move]) -> None:
        """What is copied stays; a copy of a draft is something new."""
        for move in {move.bar.key: move for move in moves}.values():
            source = self._found.get((move.bar.id, move.bar.origin, move.bar.part))
            kind = NEW if move.bar.id <= 0 else COPIED
            now = move.changed._replace(
                id=self._next(), part=0, origin=0, series=False, draft=kind, version=0
            )
            was = None if kind == NEW else move.bar._replace(draft="")
            others = source.others if source is not None else ()
            self._keep(Draft(kind, now, was, others=others))

    def create(self, new: NewEntry) -> None:
        """Something new."""
        bar = Bar(self._next(), new.row, new.starts, new.ends, new.kind, "planned", new.subject,
                  new.about, 0, 0, all_day=new.all_day, draft=NEW)  # fmt: skip
        self._keep(Draft(NEW, bar, others=new.others))

    def give_time(self, undated: Undated, row: Ref, starts: int, ends: int) -> None:
        """What had no time yet."""
        was = undated_bar(undated, row, 0, 0)
        now = was._replace(starts=starts, ends=ends, draft=TIMED)
        self._keep(Draft(TIMED, now, was))

    def delete(self, bars: Iterable[Bar], shown: Iterable[Bar], extent: str = "") -> None:
        """What is only a draft goes; what is in the base is marked. Marked once more it stays."""
        keys = {bar.key for bar in bars}
        for bar in [one for one in shown if one.key in keys]:
            old = self._found.pop((bar.id, bar.origin, bar.part), None)
            if bar.draft == DELETED or (old is not None and old.kind in (NEW, COPIED, TIMED)):
                continue
            was = old.was if old is not None and old.was is not None else bar._replace(draft="")
            self._keep(Draft(DELETED, was._replace(draft=DELETED), was, extent))

    def _keep(self, draft: Draft) -> None:
        self._found[draft.key] = draft

    def add(self, drafts: Iterable[Draft]) -> None:
        """Drafts that were worked out elsewhere."""
        for draft in drafts:
            self._keep(draft)

    def take_back(self, keys: Collection[tuple[int, int]]) -> None:
        """These entries are as they were."""
        self._found = {k: d for k, d in self._found.items() if (k[0], k[1]) not in keys}

    def clear(self) -> None:
        """No drafts any more."""
        self._found.clear()

    # --- as text ----------------------------------------------------------------------------------

    def to_json(self) -> list[Any]:
        """As the settings hold it."""
        return [
            [d.kind, _listed(d.now), None if d.was is None else _listed(d.was), d.extent,
             [list(ref) for ref in d.others]]
            for d in self._found.values()
        ]  # fmt: skip

    @staticmethod
    def from_json(found: Any) -> Drafts:
        """What of it makes sense; the file may have been edited by hand."""
        made = Drafts()
        for one in found if isinstance(found, list) else ():
            draft = _draft(one)
            if draft is not None:
                made._keep(draft)
        return made


def _listed(bar: Bar) -> list[Any]:
    return [list(v) if isinstance(v, tuple) else v for v in bar]


def _draft(found: Any) -> Draft | None:
    try:
        kind, now, was, extent, others = found
        if kind not in KINDS:
            return None
        refs = tuple(Ref(str(entity), int(id_)) for entity, id_ in others)
        return Draft(kind, _bar(now), None if was is None else _bar(was), str(extent), refs)
    except (TypeError, ValueError, KeyError):
        return None


def _bar(found: Any) -> Bar:
    """TypeError or ValueError where it is none."""
    given = dict(zip(Bar._fields, found, strict=True))
    for key, value in given.items():
        wanted = type(Bar._field_defaults.get(key, ""))
        if key in ("row", "about"):
            given[key] = None if value is None and key == "about" else _ref(value)
        elif key in ("id", "starts", "ends", "version", "who"):
            given[key] = int(value)
        else:
            given[key] = wanted(value)
    return Bar(**given)


def _ref(found: Any) -> Ref:
    entity, id_ = found
    return Ref(str(entity), int(id_))


# --- what is seen ---------------------------------------------------------------------------------


def with_drafts(
    bars: Sequence[Bar], drafts: Sequence[Draft], rows: Collection[Ref], span: tuple[int, int]
) -> list[Bar]:
    """The bars as they would be, of those rows and between two moments."""
    if not drafts:
        return list(bars)
    found = {draft.key: draft for draft in drafts}
    entries: Mapping[tuple[int, int], Draft] = {d.now.key: d for d in drafts if d.was is not None}
    made = [
        _follows(bar, entries.get(bar.key))
        for bar in bars
        if (bar.id, bar.origin, bar.part) not in found
    ]
    since, until = span
    for draft in drafts:
        now = draft.now
        if now.row in rows and now.starts < until and now.ends > since:
            made.append(now)
    return sorted(made, key=lambda bar: (bar.starts, bar.ends, bar.id))


def _follows(bar: Bar, draft: Draft | None) -> Bar:
    """Whoever takes part goes along, also where their row was not seen when it was moved."""
    if draft is None or draft.kind == COPIED:
        return bar
    return bar._replace(starts=draft.now.starts, ends=draft.now.ends, draft=draft.kind)


def without_placed(undated: Iterable[Undated], drafts: Sequence[Draft]) -> list[Undated]:
    """What has no time yet, without what a draft gives one."""
    placed = {draft.now.id for draft in drafts if draft.kind == TIMED}
    return [one for one in undated if one.id not in placed]


def entries_of(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """One draft for each entry: that of its responsible, where there is one."""
    found: dict[tuple[int, int], Draft] = {}
    for draft in sorted(drafts, key=lambda d: d.now.part):
        found.setdefault(draft.now.key, draft)
    return iter(found.values())
