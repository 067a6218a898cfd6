"""What the window is given from above: the features, as functions that make their widgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from PySide6.QtWidgets import QWidget

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.actions import ActionRegistry
from crm_desktop.ui.navigation import ImportSource, Navigator, Place
from crm_desktop.ui.page import AheadPage
from crm_desktop.ui.runtime.preloading import Preload
from crm_desktop.ui.session import Session


class Panel(Protocol):
    """The side panel."""

    def show_record(self, ref: Ref | None, coming: bool = False) -> None:
        """Shows a record; None: nothing, or with `coming` not yet."""


class SearchBox(Protocol):
    """The search box over the window."""

    def open(self, text: str = "") -> None:
        """Opens it with a text."""

    def close(self) -> None:
        """Closes it."""


class NextStepBoxes(Protocol):
    """Small boxes over the window that ask for the next step."""

    def call(self, ref: Ref) -> None:
        """The result of a call about a record, and what follows from it."""

    def start_set(self, ref: Ref) -> None:
        """A set of activities about a record."""

    def plan(self, entity_key: str, ids: Sequence[int]) -> None:
        """One step for many records."""


Neighbour = Callable[[Ref, int], Ref | None]
"""(record, +1 or -1): the next or previous one of the list in front."""
MakePage = Callable[[Session, Navigator, Place, Neighbour], QWidget]
MakePanel = Callable[[Session, Navigator], QWidget]
MakeSearch = Callable[[Session, Navigator, QWidget, ActionRegistry], SearchBox]
NewRecord = Callable[[Session, Navigator, str, Mapping[str, Any]], QWidget]
MakeAhead = Callable[[Session, Navigator, Neighbour], AheadPage | None]
MakeImport = Callable[[Session, Navigator, str, ImportSource], QWidget]


@dataclass(frozen=True)
class Features:
    """The features of the window. `pages` by the kind of place, or by the name of a page."""

    pages: Mapping[str, MakePage]
    ahead: Mapping[str, MakeAhead] = field(default_factory=dict)
    """Pages that are made before anybody wants them; `show_place` says what is shown. None: what
    it takes is not there yet."""
    panel: MakePanel | None = None
    search: MakeSearch | None = None
    new_record: NewRecord | None = None
    import_wizard: MakeImport | None = None
    list_modules: Preload | None = None
    """What the first page needs: imported while the base is being opened."""
    panel_modules: Preload | None = None
    next_steps: Callable[[Session, Navigator, QWidget], NextStepBoxes] | None = None
    base_opened: Callable[[Session, Navigator], None] | None = None
    """Looks for work left over from last time, some seconds after a base was opened."""
