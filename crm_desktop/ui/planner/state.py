"""How a person has left the planner: kept on this machine, for each base."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.filtering import Asked
from crm_desktop.settings import PLANNER, Settings
from crm_desktop.ui.planner.geometry import Group
from crm_desktop.ui.planner.look import KIND, WAYS

HORIZONS = (1, 3, 7, 14, 21)
"""Days."""
GRID, DAY, WEEK, MONTH, AGENDA = VIEWS = ("grid", "day", "week", "month", "agenda")
PERSONAL = (DAY, WEEK, MONTH)
"""Views of one person."""


IN_VIEW = ("view", "days", "way", "whole_day", "asked", "whose")
"""What a saved view holds."""


@dataclass
class Arrangement:
    """What is kept: closed groups, days shown, colours, the whole day, the view, and whose days it
    shows (None: those of whoever works here), and what it is narrowed to. The order of the rows
    and the favourites are the colleague's and stand in the base (`services/planner/own_rows`);
    what an older program kept of them here is taken over once."""

    order: list[Ref] = field(default_factory=list)
    folded: set[Group] = field(default_factory=set)
    days: int = 1
    way: str = KIND
    whole_day: bool = False
    view: str = GRID
    whose: Ref | None = None
    asked: Asked = field(default_factory=Asked)
    stars: list[Ref] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """As the file of settings holds it."""
        return {
            "asked": self.asked.to_json(),
            "view": self.view, "whose": _text(self.whose) if self.whose else None,
            "folded": [list(group) for group in sorted(self.folded)],
            "days": self.days, "way": self.way, "whole_day": self.whole_day,
        }  # fmt: skip

    def to_view(self) -> dict[str, Any]:
        """What a saved view holds of it."""
        whole = self.to_json()
        return {key: whole[key] for key in IN_VIEW}

    def take(self, kept: dict[str, Any]) -> None:
        """Takes over what a saved view holds."""
        found = Arrangement.from_json({**self.to_json(), **kept})
        for key in IN_VIEW:
            setattr(self, key, getattr(found, key))

    @staticmethod
    def from_json(found: Any) -> Arrangement:
        """What of it makes sense; the file may have been edited by hand."""
        made = Arrangement()
        if not isinstance(found, dict):
            return made
        made.order, made.stars = refs_of(found.get("order")), refs_of(found.get("stars"))
        made.asked = Asked.from_json(found.get("asked"))
        made.whose = next(iter(refs_of([found.get("whose")])), None)
        made.view = found.get("view") if found.get("view") in VIEWS else GRID
        for pair in found.get("folded") or ():
            if isinstance(pair, list) and len(pair) == 2:
                made.folded.add((str(pair[0]), str(pair[1])))
        made.days = found.get("days") if found.get("days") in HORIZONS else 1
        made.way = found.get("way") if found.get("way") in WAYS else KIND
        made.whole_day = found.get("whole_day") is True
        return made


def _text(ref: Ref) -> str:
    return f"{ref.entity}:{ref.id}"


def refs_of(found: Any) -> list[Ref]:
    """The records named in a list, those that make sense."""
    made = []
    for text in found if isinstance(found, list) else ():
        entity, _colon, number = str(text).partition(":")
        if number.isdigit() and len(number) < 19:
            made.append(Ref(entity, int(number)))
    return made


def load(settings: Settings, address: str) -> Arrangement:
    """The arrangement of this base."""
    return Arrangement.from_json(settings.get(PLANNER).get(address))


def save(settings: Settings, address: str, arrangement: Arrangement) -> None:
    """Keeps it."""
    settings.put_entry(PLANNER, address, arrangement.to_json())
