"""What the mouse holds in the grid, from the press until it is let go."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from PySide6.QtCore import QPointF

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import Bar
from crm_desktop.services.planner.load import BusyRows
from crm_desktop.services.rights.words import CREATE, EDIT
from crm_desktop.ui.planner.geometry import Entry
from crm_desktop.ui.planner.sheet import Spot


class Mode(Enum):
    """What the mouse is about."""

    IDLE = auto()
    PRESSED = auto()
    MOVE = auto()
    LEFT = auto()
    RIGHT = auto()
    SWEEP = auto()
    DROP = auto()
    BAND = auto()


SIDES = {-1: Mode.LEFT, 0: Mode.MOVE, 1: Mode.RIGHT}
_RIGHTS = {**dict.fromkeys((Mode.MOVE, Mode.LEFT, Mode.RIGHT), EDIT), Mode.SWEEP: CREATE}


def needed(mode: Mode, *, copies: bool) -> str | None:
    """What of rights a gesture needs on the bars that it is about; None for nothing."""
    return CREATE if copies and mode == Mode.MOVE else _RIGHTS.get(mode)


@dataclass
class Grip:
    """Where the mouse was pressed, and on what."""

    at: QPointF
    point: QPointF
    found: tuple[Spot, Entry] | None
    side: Mode = Mode.MOVE
    row: Ref | None = None
    fresh: bool = False
    """The press has chosen the bar; it was not chosen before."""
    moment: int = 0
    busy: BusyRows = field(default_factory=lambda: BusyRows({}))
    number: int = 0
    """Of what is dragged in from outside."""
    minutes: int = 0
    record: Ref | None = None
    """What was dragged in from a list."""
    banded: dict[tuple[int, int], Bar] | None = None
    """A frame is drawn; what was chosen before it."""
    company: dict[tuple[int, int], list[Bar]] = field(default_factory=dict)
    """Who and what else takes part in what is moved."""
