"""What the office has settled for each kind of activity, and for activities as a whole.

How long one lasts, of what people are reminded, whether it asks for a result, whether what is
unfinished rolls over to the next day. Kept with the base, one fact a kind, only where it differs
from the program's own. Names, colours and pictures are the catalogue's (`constructor`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.builtin.reminder import CHANNELS, USUAL_OFFSETS
from crm_desktop.models.catalogue.definitions import Choice
from crm_desktop.models.catalogue.fieldtypes import ChoiceField
from crm_desktop.models.catalogue.traits import Scheduled
from crm_desktop.models.schema import Tables
from crm_desktop.services.writing.batch import Batch

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

WINDOW = "window"
USUAL_MINUTES: Mapping[str, int] = {"meeting": 60, "visit": 60, "call": 15}
"""How long what has a time of day lasts, by kind, if nobody says."""
LONGEST, MOST_REMINDERS = 31 * 24 * 60, 8
FURTHEST = 366 * 24 * 60
"""Minutes before that a usual reminder may be."""
_FACT = "kind."
LEVELS, LEVELS_FACT = (0, 30, 120), "overdue_levels"
"""Working minutes after which the head is told of what is overdue, unless the office says."""
MOST_LEVELS, LAST_LEVEL = 8, 60 * 24 * 30


@dataclass(frozen=True, slots=True)
class KindHabits:
    """What holds for a kind: minutes (None: no usual length), reminders as (minutes before,
    channel), whether its end asks for a result, whether it rolls over when it was not done."""

    minutes: int | None = None
    reminders: tuple[tuple[int, str], ...] = ()
    result: bool = False
    rolls: bool = False


Habits = Mapping[str, KindHabits]
NO_HABITS = KindHabits()


def usual(kind: str) -> KindHabits:
    """What the program itself takes for a kind."""
    offset = USUAL_OFFSETS.get(kind)
    reminders = ((offset, WINDOW),) if offset is not None else ()
    return KindHabits(USUAL_MINUTES.get(kind), reminders)


def habits(workspace: Workspace) -> Habits:
    """The habits of every kind of this base."""
    with workspace.backend.read() as connection:
        workspace.habits = _read(connection, workspace.tables)
    return workspace.habits


def habits_in(batch: Batch) -> Habits:
    """The same for the base of a batch, asked for once in it."""
    if batch.habits is None:
        batch.habits = _read(batch.connection, batch.reader.tables)
    return batch.habits


def keep_habits(workspace: Workspace, kind: str, wanted: KindHabits) -> None:
    """In force for everybody from now on; `InvalidInput` if a number is out of bounds."""
    check_habits(wanted)
    own = usual(kind)
    said: dict[str, Any] = {}
    for name in ("minutes", "reminders", "result", "rolls"):
        if getattr(wanted, name) != getattr(own, name):
            said[name] = getattr(wanted, name)
    workspace.set_info(_FACT + kind, json.dumps(said, separators=(",", ":")))


def check_habits(wanted: KindHabits) -> None:
    """`InvalidInput` if a number is out of bounds."""
    if wanted.minutes is not None and not 0 < wanted.minutes <= LONGEST:
        raise InvalidInput(_("The usual length is a number of minutes, a month at most"),
                           field="minutes")  # fmt: skip
    check_reminders(wanted.reminders)


def check_reminders(reminders: Sequence[tuple[int, str]]) -> None:
    """`InvalidInput` for more reminders than anybody wants, or ones that are too far."""
    if len(reminders) > MOST_REMINDERS:
        said = _("That is too much: {most} reminders at most").format(most=MOST_REMINDERS)
        raise InvalidInput(said, field="reminders")
    if any(not 0 <= minutes <= FURTHEST for minutes, _channel in reminders):
        raise InvalidInput(_("A usual reminder comes at the time or up to a year before"),
                           field="reminders")  # fmt: skip


def _read(connection: sa.Connection, tables: Tables) -> Habits:
    facts = tables.system("base_info")
    named = sa.and_(facts.c.name >= _FACT, facts.c.name < _FACT[:-1] + "/")
    rows = connection.execute(sa.select(facts.c.name, facts.c.content).where(named)).all()
    found = {kind: usual(kind) for kind in (*USUAL_OFFSETS, *USUAL_MINUTES)}
    for name, content in rows:
        kind = str(name).removeprefix(_FACT)
        found[kind] = _from_text(usual(kind), str(content))
    return found


def _from_text(own: KindHabits, text: str) -> KindHabits:
    """What is kept, laid over the program's own; what cannot be read is passed over."""
    try:
        said: Any = json.loads(text) if text else {}
    except ValueError:
        return own
    if not isinstance(said, dict):
        return own
    for name in ("result", "rolls"):
        if isinstance(said.get(name), bool):
            own = replace(own, **{name: said[name]})
    minutes = said.get("minutes", own.minutes)
    if minutes is None or (type(minutes) is int and 0 < minutes <= LONGEST):
        own = replace(own, minutes=minutes)
    if isinstance(said.get("reminders"), list):
        own = replace(own, reminders=tuple(filter(None, map(_reminder, said["reminders"]))))
    return own


def _reminder(one: Any) -> tuple[int, str] | None:
    known = {channel.key for channel in CHANNELS}
    sound = isinstance(one, list) and len(one) == 2 and type(one[0]) is int and one[1] in known
    return (one[0], one[1]) if sound else None


# --- kinds as the settings show them ------------------------------------------------------------


def kinds(workspace: Workspace) -> list[tuple[Choice, KindHabits]]:
    """Every kind with its name, colour and picture, and its habits; retired ones last."""
    known, f = habits(workspace), _field(workspace)
    found = [(choice, known.get(choice.key, NO_HABITS)) for choice in f.choices]
    return sorted(found, key=lambda one: one[0].retired)


def save_kind(
    workspace: Workspace, key: str | None, look: Mapping[str, str], wanted: KindHabits
) -> str:  # fmt: skip
    """Another look (`label`, `tone`, `icon`) and habits of a kind; a new one for None."""
    check_habits(wanted)
    entity, trait = workspace.catalogue.with_trait(Scheduled)
    constructor = workspace.constructor
    if key is None:
        tone, icon = look["tone"], look["icon"]
        key = constructor.add_choice(entity, trait.kind, look["label"], tone=tone, icon=icon)
    else:
        old = _field(workspace).choice(key)
        said = {name: text for name, text in look.items() if text != getattr(old, name, None)}
        if old is not None and said.get("label") == _(old.label):
            said.pop("label")  # the program's own name, in the language of the moment
        if said:
            constructor.change_choice(entity, trait.kind, key, **said)
    keep_habits(workspace, key, wanted)
    return key


def retire_kind(workspace: Workspace, key: str, *, on: bool) -> None:
    """Nobody is offered it any more, or again; activities keep it."""
    entity, trait = workspace.catalogue.with_trait(Scheduled)
    workspace.constructor.change_choice(entity, trait.kind, key, retired=on)


def _field(workspace: Workspace) -> ChoiceField:
    entity, trait = workspace.catalogue.with_trait(Scheduled)
    f = entity.field(trait.kind)
    assert isinstance(f, ChoiceField)
    return f


# --- levels of what is overdue ------------------------------------------------------------------


def overdue_levels(workspace: Workspace) -> tuple[int, ...]:
    """Working minutes, ascending; empty if heads are not told."""
    text = workspace.info(LEVELS_FACT)
    if not text:
        return LEVELS
    try:
        return read_levels(text)
    except InvalidInput:
        return LEVELS


def read_levels(text: str) -> tuple[int, ...]:
    """`0, 30, 120`; `-` and nothing at all mean never. `InvalidInput` for anything else."""
    words = text.replace(";", ",").replace(",", " ").split()
    if words in ([], ["-"]):
        return ()
    sound = all(word.isascii() and word.isdigit() and len(word) < 6 for word in words)
    levels = sorted({int(word) for word in words}) if sound else []
    if not sound or levels[-1] > LAST_LEVEL or len(levels) > MOST_LEVELS:
        said = _("Working minutes separated by commas, such as “0, 30, 120”; {most} at most")
        raise InvalidInput(said.format(most=MOST_LEVELS), field="levels")
    return tuple(levels)


def keep_levels(workspace: Workspace, levels: Sequence[int]) -> None:
    """In force for everybody from the next look on."""
    workspace.set_info(LEVELS_FACT, ", ".join(map(str, levels)) or "-")
