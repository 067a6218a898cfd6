"""Taking somebody's or something's time twice: what would clash, and who may do it all the same.

Everybody and everything that takes part counts, leave too, also where their rows are not shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from crm_desktop import i18n
from crm_desktop.errors import ConsentNeeded
from crm_desktop.i18n import N_, _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.fieldtypes import UserField
from crm_desktop.models.catalogue.traits import Scheduled
from crm_desktop.models.text.date_formats import sheet_day
from crm_desktop.services.planner.bars import HALF_HOUR, Bar, moment, seconds
from crm_desktop.services.planner.load import clashes
from crm_desktop.services.planner.moving import Move
from crm_desktop.services.reader import parts_of
from crm_desktop.services.rights.allowed import may
from crm_desktop.services.rights.words import CLASH

if TYPE_CHECKING:
    from crm_desktop.services.planner.service import Planner
    from crm_desktop.services.workspace import Workspace

FACT = "double_booking"
"""The fact of the base that holds one of `RIGHTS`."""
EVERYBODY, HEADS, NOBODY = "everybody", "heads", "nobody"
RIGHTS = {
    EVERYBODY: N_("Everybody, after a question"), HEADS: N_("Only heads, after a question"),
    NOBODY: N_("Nobody"),
}  # fmt: skip
MOST_NAMED = 5
Pair = tuple[Bar, Bar]


def right(base: Workspace) -> str:
    """Who may double-book in this base."""
    kept = base.info(FACT)
    return kept if kept in RIGHTS else EVERYBODY


def may_double_book(base: Workspace) -> bool:
    """Whether whoever works here may take a time twice. The one place that answers it."""
    if _no_right(base):
        return False
    rule = right(base)
    return rule == EVERYBODY or (rule == HEADS and _is_head(base, base.user_id))


def _no_right(base: Workspace) -> str:
    """Why one's roles do not allow it, and which one to ask for; '' where they do."""
    scheduled, _trait = base.catalogue.with_trait(Scheduled)
    return may(base, CLASH, scheduled).why


def _is_head(base: Workspace, person: int | None) -> bool:
    """Somebody reports to them."""
    staff = base.catalogue.staff()
    heads = [f for f in staff.fields if isinstance(f, UserField) and f.target == staff.key]
    if person is None or not heads:
        return False
    asked = sa.select(base.tables.main[staff.key].c.id).where(
        base.tables.column(staff, heads[0]) == person
    )
    with base.backend.read() as connection:
        return connection.execute(base.backend.limit(asked, 1)).first() is not None


class Taken(NamedTuple):
    """One clash in words: whose time, what would take it, what takes it already."""

    whose: str
    new: str
    old: str

    def text(self) -> str:
        """A sentence of its own."""
        return _("{whose}: {new} and {old}").format(whose=self.whose, new=self.new, old=self.old)


class DoubleBooked(ConsentNeeded):
    """Somebody's or something's time would be taken twice. `allowed`: after a question it may
    be, by saying the same once more with `twice`. `refused`: why one's roles do not allow it."""

    def __init__(
        self, found: Sequence[Taken], total: int, *, allowed: bool, rule: str, refused: str = ""
    ) -> None:
        self.found, self.total, self.allowed = tuple(found), total, allowed
        why = refused or (
            _("Only heads may take a time twice.") if rule == HEADS
            else _("In this base nobody may take a time twice.")
        )  # fmt: skip
        named = "\n".join(one.text() for one in found)
        super().__init__(named if allowed else f"{named}\n{why}")
        self.title, self.verb = _("This time is taken already"), _("Save all the same")

    def question(self) -> str:
        """A paragraph for each whose time would be taken: what would take it, all it meets."""
        met: dict[tuple[str, str], list[str]] = {}
        for one in self.found:
            met.setdefault((one.whose, one.new), []).append(one.old)
        parts = ["\n".join((*head, *others)) for head, others in met.items()]
        more = self.total - len(self.found)
        if more:
            rest = ngettext("and {count} more clash", "and {count} more clashes", more)
            parts.append(rest.format(count=more))
        return "\n\n".join(parts)


def check_double_booking(
    planner: Planner,
    moves: Iterable[Move],
    *,
    twice: bool,
    copies: Mapping[int, int] | None = None,
    gone: Iterable[int] = (),
) -> None:
    """`DoubleBooked` where the moves would take a time twice that is not taken twice already,
    unless `twice` was said by somebody who may."""
    if twice and may_double_book(planner.base):
        return
    pairs = new_clashes(planner, list(moves), copies=copies or {}, gone=gone)
    if pairs:
        raise said_clashes(planner, pairs)


def as_copies(moves: Iterable[Move]) -> tuple[list[Move], dict[int, int]]:
    """The moves as those of new records with numbers of their own below zero, and whose copies
    these are."""
    found, sources = [], {}
    for number, move in enumerate(moves, start=1):
        sources[-number] = move.bar.id
        found.append(move._replace(bar=move.bar._replace(id=-number, origin=0, series=False)))
    return found, sources


def said_clashes(
    planner: Planner, pairs: Sequence[Pair], *, allowed: bool | None = None
) -> DoubleBooked:
    """The error that names them. `allowed`: whether whoever works here may, where it is known."""
    base, few = planner.base, pairs[:MOST_NAMED]
    rows = base.titles.of({bar.row for bar, _other in few})
    about = planner.names([bar for pair in few for bar in pair])
    found = [
        Taken(rows[bar.row].text if bar.row in rows else "", bar_in_words(planner, bar, about),
              bar_in_words(planner, other, about))
        for bar, other in few
    ]  # fmt: skip
    allowed = may_double_book(base) if allowed is None else allowed
    refused = "" if allowed else _no_right(base)
    return DoubleBooked(found, len(pairs), allowed=allowed, rule=right(base), refused=refused)


def bar_in_words(planner: Planner, bar: Bar, about: Mapping[Ref, str]) -> str:
    """What it is called and when it takes place; `about`: what its record is called."""
    zone = planner.base.worktime.office_zone()
    begin, end = (moment(s).astimezone(zone) for s in (bar.starts, bar.ends))
    first, last = (sheet_day(one.date(), i18n.language()) for one in (begin, end))
    until = f"{end:%H:%M}" if first == last else f"{last} {end:%H:%M}"
    what = _("Busy") if bar.hidden else bar.subject
    name = about.get(bar.about, "") if bar.about is not None else ""
    if name and not bar.hidden:
        what = f"{what} · {name}"
    return _("“{name}” {day} {start}–{end}").format(
        name=what, day=first, start=f"{begin:%H:%M}", end=until
    )


# --- what would clash ---------------------------------------------------------------------------


def new_clashes(
    planner: Planner,
    moves: Sequence[Move],
    *,
    copies: Mapping[int, int],
    gone: Iterable[int] = (),
) -> list[Pair]:
    """Pairs (moved, other) that would clash and do not yet. `copies`: new records, below zero,
    and those in whose company they take place; `gone`: records that go."""
    after = _stands(planner, moves, copies)
    if not after:
        return []
    rows = list({bar.row for bar in after})
    since, until = min(b.starts for b in after), max(b.ends for b in after)
    by_row: dict[Ref, list[Bar]] = defaultdict(list)
    away = set(gone)
    for bar in planner.bars(rows, moment(since), moment(until)):
        if bar.id not in away:
            by_row[bar.row].append(bar)
    found = clashes(after, by_row, {move.bar.key for move in moves}) + clashes_among(after)
    if not found:
        return []
    before = {(bar.key, bar.row): bar for bar in _stands(planner, _before(planner, moves), {})}
    return [pair for pair in found if not _stood(pair, before)]


def clashes_among(bars: Sequence[Bar]) -> list[Pair]:
    """Clashes of what is written together with one another."""
    by_row: dict[Ref, list[Bar]] = defaultdict(list)
    for bar in bars:
        if not bar.idle:
            by_row[bar.row].append(bar)
    return [
        (one, other)
        for some in by_row.values()
        for place, one in enumerate(some)
        for other in some[place + 1 :]
        if one.key != other.key and one.starts < other.ends and other.starts < one.ends
    ]


def _stood(pair: Pair, before: Mapping[tuple[tuple[int, int], Ref], Bar]) -> bool:
    """Whether the two clashed in that row before the move already."""
    bar, other = pair
    was = before.get((bar.key, bar.row))
    beside = before.get((other.key, other.row), other)
    return was is not None and was.starts < beside.ends and beside.starts < was.ends


def _before(planner: Planner, moves: Sequence[Move]) -> list[Move]:
    """As it stands in the base now, which may be older than what the person sees."""
    scheduled, event = planner.schedule.scheduled, planner.schedule.event.key
    ids = [move.bar.id for move in moves if move.bar.id > 0]
    stored = planner.base.reader.many(event, ids, (scheduled.starts, scheduled.ends))
    found = []
    for bar in (move.bar for move in moves if move.bar.id in stored):
        begin, end = (stored[bar.id][key] for key in (scheduled.starts, scheduled.ends))
        if begin is None:
            continue
        starts, ends = bar.starts, bar.ends
        if not bar.series:
            starts = seconds(begin)
            ends = seconds(end) if end is not None else starts + HALF_HOUR
        found.append(Move(bar, starts, ends, bar.row))
    return found


def _stands(planner: Planner, moves: Sequence[Move], copies: Mapping[int, int]) -> list[Bar]:
    """The bars after the moves, in the rows of everybody and everything that takes part."""
    found: dict[tuple[tuple[int, int], Ref], Bar] = {}
    sources = {move.bar.id: copies.get(move.bar.id, move.bar.id) for move in moves}
    others = participants(planner, [id_ for id_ in sources.values() if id_ > 0])
    rows = {(move.bar.key, move.bar.part): move.row for move in moves}
    staff = planner.schedule.staff.key
    for move in moves:
        bar = move.changed
        found[bar.key, bar.row] = bar
        parts = dict(others.get(sources[bar.id], {}))
        if bar.who:
            parts[0] = Ref(staff, bar.who)
        for part, row in parts.items():
            now = rows.get((bar.key, part), row)
            if part == 0 and now.entity != staff:
                now = row
            found.setdefault((bar.key, now), bar._replace(row=now, part=part))
    return list(found.values())


def participants(planner: Planner, ids: Iterable[int]) -> dict[int, dict[int, Ref]]:
    """Who and what takes part in each record, by the participation."""
    schedule, names = planner.schedule, planner.schedule.takes_part
    kinds = ((names.staff, schedule.staff.key), (names.resource, schedule.resource.key))
    found: dict[int, dict[int, Ref]] = defaultdict(dict)
    for some in parts_of(ids):
        linked = planner.base.reader.linked(schedule.part.key, names.event, some)
        for id_, row in linked.items():
            for key, entity in kinds:
                if row.values.get(key):
                    found[row.values[names.event]][id_] = Ref(entity, row.values[key])
    return found


def typed_clashes(planner: Planner, record: int, values: Mapping[str, Any]) -> str:
    """What an entry would newly clash with as it stands in a form; '' for nothing. `record` 0:
    it is not in the base yet."""
    scheduled, staff = planner.schedule.scheduled, planner.schedule.staff.key
    begin, end, who = (values.get(k) for k in (scheduled.starts, scheduled.ends, scheduled.who))
    over = values.get(scheduled.state) in (*scheduled.closed, scheduled.done)
    if not isinstance(begin, datetime) or over or values.get(scheduled.rule):
        return ""
    starts = seconds(begin)
    ends = seconds(end) if isinstance(end, datetime) else starts + HALF_HOUR
    person = int(getattr(who, "id", who) or 0)
    subject = str(values.get(planner.schedule.event.title_field) or "")
    bar = Bar(record, Ref(staff, person), starts, max(ends, starts + 60), "", "", subject, None,
              0, person)  # fmt: skip
    pairs = new_clashes(planner, [Move(bar, bar.starts, bar.ends, bar.row)], copies={})
    return said_others(planner, pairs) if pairs else ""


def said_others(planner: Planner, pairs: Sequence[Pair]) -> str:
    """Whose time is taken, and by what: `Boris: “Lesson” 18.11 10:00–11:00`."""
    few = pairs[:MOST_NAMED]
    rows = planner.base.titles.of({other.row for _bar, other in few})
    about = planner.names([other for _bar, other in few])
    return "; ".join(
        f"{rows[other.row].text if other.row in rows else ''}: "
        f"{bar_in_words(planner, other, about)}"
        for _bar, other in few
    )
