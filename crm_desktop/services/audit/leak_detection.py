"""The watch over leaks of a base on a server: who takes out or looks at far more than he himself
usually does, and who takes out a decoy; a head and the administrators are told.

The rule: of the last 30 days on which a person did that at all, the median and the median of the
distances from it (MAD). A day is unusual whose robust score 0.6745 × (count − median) / MAD is
above 3.5 (Iglewicz and Hoaglin, 1993), that is at least twice the median, and above the floor of
the act, so that a quiet person's second export is no alarm. With fewer than five such days there
is no norm, and twice the floor counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from crm_desktop.errors import NotFound
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.backend import firebird_audit as rows
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.administrators import only_administrators
from crm_desktop.services.audit import service as audit
from crm_desktop.services.audit.words import said

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

FLOORS = {audit.SEEN: 60, audit.EXPORTED: 200, audit.COPIED: 100, audit.PRINTED: 100}
"""Records on a day that are nothing unusual of anybody."""
SCORE, OF_SIGMA = 3.5, 0.6745
WORKING_DAYS, LOOKED_BACK = 30, 75
FEWEST_DAYS = 5
_MOST_LOCKS = 5
ALARM_DAYS = 7
"""An alarm that nobody has been told in so many days is told no more; it stands in the audit."""


@dataclass(frozen=True, slots=True)
class Unusual:
    """What somebody did today, and what is usual of him."""

    who: int | None
    login: str
    what: str
    count: int
    usual: int


def limit(days: Sequence[int], what: str) -> tuple[int, int]:
    """(usual count, the highest that is not unusual), from counts of the days before."""
    floor = FLOORS[what]
    if len(days) < FEWEST_DAYS:
        return int(median(days)) if days else 0, 2 * floor
    middle = median(days)
    spread = median(abs(one - middle) for one in days)
    return int(middle), int(max(floor, 2 * middle, middle + SCORE * spread / OF_SIGMA))


def unusual(tallies: Sequence[rows.Tally]) -> list[Unusual]:
    """Who did today more than he usually does."""
    days: dict[tuple[int | None, str, str], dict[int, int]] = defaultdict(dict)
    for one in tallies:
        days[one.who, one.login, one.what][one.ago] = one.amount
    found = []
    for (who, login, what), counts in days.items():
        before = [counts[ago] for ago in sorted(counts) if ago > 0][:WORKING_DAYS]
        usual, most = limit(before, what)
        if counts.get(0, 0) > most:
            found.append(Unusual(who, login, what, counts[0], usual))
    return found


def watches(workspace: Workspace) -> bool:
    """Whether whoever works here is somebody's head, or an administrator of a shared base."""
    if not workspace.login:
        return False
    with workspace.backend.read() as connection:
        return rows.watches(connection)


def look(workspace: Workspace, *, norms: bool = True) -> list[str]:
    """What whoever works here is to be told now about those he watches over, as sentences; each
    is told once. Nothing in a local base. `norms`: not of decoys alone, which costs more."""
    if not workspace.login:
        return []
    told = _locked(workspace) if workspace.administers else []
    with workspace.backend.read() as connection:
        alarms = rows.alarms(connection, ALARM_DAYS if norms else 1)
        odd = unusual(rows.tallies(connection, LOOKED_BACK)) if norms else []
    if not alarms and not odd:
        return told
    names = _names(workspace, [*(one.who for one in alarms), *(one.who for one in odd)])
    told += [
        ngettext(
            "{name} took out {count} decoy: {act}, {detail}",
            "{name} took out {count} decoys: {act}, {detail}", one.decoys,
        ).format(
            name=names.get(one.who, one.login), count=one.decoys, act=said(one.what),
            detail=one.detail or "",
        )
        for one in alarms
        if rows.tell(workspace.backend, f"decoy {one.id}")
    ]  # fmt: skip
    today = workspace.clock.today()
    more = _("{name} today: {act}, {count} records; usually {usual} a day")
    told += [
        more.format(
            name=names.get(one.who, one.login), act=said(one.what), count=one.count,
            usual=one.usual,
        )
        for one in odd
        if rows.tell(workspace.backend, f"{today} {one.login} {one.what}")
    ]  # fmt: skip
    return told


def _locked(workspace: Workspace) -> list[str]:
    """The accounts that the server locked of late, each lock told once."""
    wanted = rows.Narrowed(what=audit.LOCKED, oldest=ALARM_DAYS * 86_400)
    with workspace.backend.read() as connection:
        found = rows.noted(connection, wanted, _MOST_LOCKS)
    said_ = _("The account {login} was locked after {count} failed sign-ins")
    return [
        said_.format(login=one.detail or one.login or "", count=one.amount or 0)
        for one in reversed(found)
        if rows.tell(workspace.backend, f"lock {one.id}")
    ]


def mark(workspace: Workspace, ref: Ref, *, is_decoy: bool) -> None:
    """The administrator makes a record a decoy, or none; `NotAllowed` for anybody else."""
    _only_administrators(workspace)
    workspace.refuse_reader()
    entity = workspace.catalogue[ref.entity]
    if workspace.reader.get(*ref) is None:
        raise NotFound(_("The record is not in the base any more"))
    rows.mark(workspace.backend, entity.number, ref.id, is_decoy=is_decoy)
    audit.note(workspace, audit.DECOYS, amount=1 if is_decoy else -1, entity=ref.entity,
               record=ref.id)  # fmt: skip


def decoys(workspace: Workspace) -> list[Ref]:
    """The records that are decoys, for the administrator alone."""
    _only_administrators(workspace)
    with workspace.backend.read() as connection:
        found = rows.marked(connection)
    by_number = {entity.number: entity.key for entity in workspace.catalogue}
    return [Ref(by_number[ent], rid) for ent, rid in found if ent in by_number]


def _only_administrators(workspace: Workspace) -> None:
    if not workspace.login or not workspace.administers:
        raise only_administrators(shared=bool(workspace.login))


def _names(workspace: Workspace, people: Sequence[int | None]) -> dict[int | None, str]:
    staff = workspace.catalogue.staff().key
    refs = [Ref(staff, one) for one in dict.fromkeys(people) if one is not None]
    return {ref.id: title.text for ref, title in workspace.titles.of(refs).items()}
