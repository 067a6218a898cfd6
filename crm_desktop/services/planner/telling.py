"""One message for each colleague who is concerned by drafts: what changes for them, in a list.

The messages wait in the outgoing queue (`services/reminders/outgoing`) like any other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from crm_desktop import i18n
from crm_desktop.errors import UserError
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.text.date_formats import format_date, sheet_day
from crm_desktop.services.planner.bars import DELETED, Bar, moment
from crm_desktop.services.planner.double_booking import participants
from crm_desktop.services.planner.drafts import MOVED, Draft, entries_of
from crm_desktop.services.reminders.outgoing import queue_changes

if TYPE_CHECKING:
    from crm_desktop.services.planner.service import Planner
    from crm_desktop.services.workspace import Workspace

Said = Mapping[int, Sequence[str]]
"""Lines by colleague."""


def said_changes(planner: Planner, drafts: Sequence[Draft]) -> Said:
    """What changes for whom, but for whoever works here; asked before it is written."""
    staff = planner.schedule.staff.key
    ids = {d.was.id for d in drafts if d.was is not None}
    others = participants(planner, ids)
    about = planner.names([draft.now for draft in drafts])
    people = planner.base.titles.of({d.now.row for d in drafts} | _owners(staff, drafts))
    names = {ref: title.text for ref, title in people.items()}
    by_entry: dict[tuple[int, int], list[Draft]] = defaultdict(list)
    for draft in drafts:
        by_entry[draft.now.key].append(draft)
    found: dict[int, list[str]] = defaultdict(list)
    for entry in entries_of(drafts):
        before, after = _concerned(staff, entry, by_entry[entry.now.key], others)
        name = _name(entry.now, about)
        for person in sorted(before | after):
            whom = names.get(entry.now.row, "")
            stands = (person in before, person in after)
            found[person].append(_line(planner.base, entry, stands, name=name, whom=whom))
    return {who: lines for who, lines in found.items() if who != planner.base.user_id}


def _owners(staff: str, drafts: Sequence[Draft]) -> set[Ref]:
    return {Ref(staff, d.was.who) for d in drafts if d.was is not None and d.was.who}


def _concerned(
    staff: str, entry: Draft, drafts: Sequence[Draft], others: Mapping[int, Mapping[int, Ref]]
) -> tuple[set[int], set[int]]:
    """Who takes part before and after."""
    source = entry.was.id if entry.was is not None else 0
    parts = dict(others.get(source, {}))
    if entry.was is not None and entry.was.who and entry.kind in (MOVED, DELETED):
        parts[0] = Ref(staff, entry.was.who)
    before = {ref.id for ref in parts.values() if ref.entity == staff}
    if entry.kind == DELETED:
        return before, set()
    for draft in drafts:
        if draft.now.row.entity == staff:
            parts[draft.now.part] = draft.now.row
        for place, row in enumerate(draft.others):
            parts[-1 - place] = row
    after = {ref.id for ref in parts.values() if ref.entity == staff}
    return (before if entry.kind == MOVED else set()), after


def _name(bar: Bar, about: Mapping[Ref, str]) -> str:
    name = about.get(bar.about, "") if bar.about is not None else ""
    return f"{bar.subject} · {name}" if name and bar.subject else bar.subject or name or "…"


def _line(base: Workspace, entry: Draft, stands: tuple[bool, bool], *, name: str, whom: str) -> str:
    """What changes for somebody who was there before, who is there after, or both."""
    now = when_words(base, entry.now.starts, entry.now.ends)
    was = when_words(base, entry.was.starts, entry.was.ends) if entry.was is not None else now
    if entry.kind == DELETED:
        return _("Called off: “{name}”, {when}").format(name=name, when=was)
    if stands == (True, True) and was != now:
        said = _("“{name}”: {when} instead of {before}")
        return said.format(name=name, when=now, before=was)
    if stands == (True, True):
        return _("“{name}”, {when}: with {whom} now").format(name=name, when=now, whom=whom)
    if stands[0]:
        said = _("“{name}”, {when}, is taken over by {whom}")
        return said.format(name=name, when=was, whom=whom)
    return _("For you: “{name}”, {when}").format(name=name, when=now)


def when_words(base: Workspace, starts: int, ends: int) -> str:
    """`18 Nov 2026 10:00–11:00` by the clock of the office, of this computer where the base is out
    of reach; without an end for 0."""
    try:
        zone = base.worktime.office_zone()
    except UserError:
        zone = base.clock.zone()
    begin = moment(starts).astimezone(zone)
    language = i18n.language()
    first = f"{format_date(begin.date(), language)} {begin:%H:%M}"
    if not ends:
        return first
    end = moment(ends).astimezone(zone)
    day = "" if begin.date() == end.date() else f"{sheet_day(end.date(), language)} "
    return f"{first}–{day}{end:%H:%M}"


def drafts_in_words(base: Workspace, drafts: Sequence[Draft]) -> str:
    """What drafts are about, a line each, for who reads them in place of their author."""
    names: dict[Ref, str] = {}
    with suppress(UserError):  # who was dismissed is told no names any more
        refs = {d.now.row for d in drafts} | {d.now.about for d in drafts if d.now.about}
        names = {ref: title.text for ref, title in base.titles.of(refs).items()}
    lines = []
    for one in entries_of(drafts):
        changed = one if one.kind in (MOVED, DELETED) else one._replace(was=None)
        whom = names.get(one.now.row, "…")
        said = _line(base, changed, (True, True), name=_name(one.now, names), whom=whom)
        lines.append(said if whom in said else f"{whom}: {said}")
    return "\n".join(lines)


def tell(base: Workspace, operation: int, said: Said) -> int:
    """Puts one message for each of them into the queue; how many."""
    messages = [
        (who, ngettext("{count} change in your plan", "{count} changes in your plan",
                       len(lines)).format(count=len(lines)), "\n".join(lines))
        for who, lines in said.items()
    ]  # fmt: skip
    return queue_changes(base, operation, messages)
