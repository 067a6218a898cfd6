"""Which colour a bar has: by its kind, its state or whose it is; and the legend that says so."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

from PySide6.QtGui import QColor

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Choice, Ref
from crm_desktop.models.catalogue.fieldtypes import ChoiceField
from crm_desktop.services.planner.bars import Bar
from crm_desktop.services.planner.schedule import Schedule
from crm_desktop.ui.theme import category

KIND, STATE, SEGMENT, PERSON = "kind", "state", "segment", "who"
WAYS = (KIND, STATE, SEGMENT, PERSON)
_NONE = 5
"""The colour of what stands in no segment."""
Colours = tuple[QColor, QColor, QColor]
_TONES = {"accent": 0, "ok": 1, "warn": 2, "bad": 3, "info": 4, "neutral": 5}
_FIRST_KINDS = {
    "meeting": ("warn", 0), "visit": ("warn", 1), "call": ("accent", 2), "task": ("ok", 4),
    "letter": ("info", 3), "leave": ("neutral", 5),
}  # fmt: skip
"""The tone with which a kind comes, and its category as long as the office leaves that tone."""
_STATES = {"planned": 0, "working": 2, "waiting": 4, "done": 1}


class Key(NamedTuple):
    """One line of the legend."""

    text: str
    colour: QColor


@dataclass
class Look:
    """`kinds` and `states` in the order of the catalogue; `people` names the rows."""

    kinds: tuple[Choice, ...] = ()
    states: tuple[Choice, ...] = ()
    people: Mapping[Ref, str] | None = None
    way: str = KIND
    segments: Mapping[Ref, int] = field(default_factory=dict)
    """The place of the segment of each record that bars are about."""
    segment_names: Sequence[str] = ()

    def number(self, bar: Bar) -> int:
        """Which of the six categories."""
        return _NUMBERS[self.way](self, bar)

    def numbers(self, bars: Sequence[Bar]) -> list[int]:
        """`number` of many: each kind, state, person or segment is looked up once."""
        keys = list(map(_KEYS[self.way], bars))
        first = dict(zip(keys, bars, strict=True))
        known = {key: self.number(bar) for key, bar in first.items()}
        return [known[key] for key in keys]

    def colours(self, bar: Bar) -> Colours:
        """(bar, soft ground, ink)."""
        return category(self.number(bar))

    def of_kind(self, kind: str) -> int:
        """The category of a kind: the colour that the office chose, else one that sets the usual
        kinds apart."""
        tone = next((choice.tone for choice in self.kinds if choice.key == kind), "neutral")
        came_with, usual = _FIRST_KINDS.get(kind, ("", 0))
        return usual if tone == came_with else _TONES.get(tone, 5)

    def kind_word(self, kind: str) -> str:
        """What the kind is called."""
        return next((_(c.label) for c in self.kinds if c.key == kind), "")

    def state_word(self, state: str) -> str:
        """What the state is called."""
        return next((_(c.label) for c in self.states if c.key == state), "")

    def legend(self, met: Iterable[tuple[str, str]]) -> list[Key]:
        """What the colours mean, of the kinds and states that are seen."""
        if self.way == PERSON:
            return []
        if self.way == SEGMENT:
            names = [*self.segment_names]
            keys = [Key(name, category(place % _NONE)[0]) for place, name in enumerate(names)]
            return [*keys, Key(_("no segment"), category(_NONE)[0])]
        states = self.way == STATE
        seen = {pair[states] for pair in met}
        choices = self.states if states else self.kinds
        number = (lambda key: _STATES.get(key, 5)) if states else self.of_kind
        return [Key(_(c.label), category(number(c.key))[0]) for c in choices if c.key in seen]


def look_of(schedule: Schedule, way: str) -> Look:
    """With the kinds and states of the catalogue."""
    event, scheduled = schedule.event, schedule.scheduled
    kind, stand = event.field(scheduled.kind), event.field(scheduled.state)
    assert isinstance(kind, ChoiceField) and isinstance(stand, ChoiceField)
    return Look(kind.choices, stand.choices, way=way)


def _segment(look: Look, bar: Bar) -> int:
    place = look.segments.get(bar.about) if bar.about is not None else None
    return _NONE if place is None else place % _NONE


_KEYS: Mapping[str, Callable[[Bar], Hashable]] = {
    KIND: attrgetter("kind"), STATE: attrgetter("state"), SEGMENT: attrgetter("about"),
    PERSON: attrgetter("who"),
}  # fmt: skip
"""What the category of a bar hangs on."""
_NUMBERS: Mapping[str, Callable[[Look, Bar], int]] = {
    KIND: lambda look, bar: look.of_kind(bar.kind),
    STATE: lambda _look, bar: _STATES.get(bar.state, 5),
    SEGMENT: lambda look, bar: _segment(look, bar),
    PERSON: lambda _look, bar: bar.who % 6,
}
