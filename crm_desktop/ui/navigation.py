"""Navigator: the only way by which features of the window reach one another.

A feature asks; the main window listens and acts. The navigator also keeps where the person has
been, for back and forward.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.errors import UserError
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition, Where

_MOST = 100
LIST, RECORD, PAGE = "list", "record", "page"
CLOSES, HIDES, STAYS = "closes", "hides", "stays"
"""What the closing of the window means: the end, on in the tray, or nothing after all."""


@dataclass(frozen=True)
class Place:
    """Somewhere in the window: a list (`entity`, `view`), a record (`entity`, `id`) or a page.

    `name` is the page's name in `ui.features.PAGES`; `where` narrows a list; `at` is the date of a
    series that the card of a record is opened for.
    """

    kind: str
    entity: str = ""
    id: int | None = None
    view: int | None = None
    name: str = ""
    where: Where | None = None
    at: datetime | None = None

    @property
    def ref(self) -> Ref:
        """The record of a record's place."""
        assert self.id is not None
        return Ref(self.entity, self.id)


@dataclass(frozen=True)
class Note:
    """What a toast says; with `undo_operation` it offers to undo that operation, with `undo` what
    is no operation, such as the end of a saved view."""

    text: str
    undo_operation: int | None = None
    tone: str = "ok"
    undo: Callable[[], None] | None = None


@dataclass(frozen=True)
class ImportSource:
    """What the import wizard starts with: a file, the text of a table, or neither."""

    path: str | None = None
    text: str | None = None


class Navigator(QObject):
    """Requests to the main window, and the way back."""

    place_wanted = Signal(object, bool)
    """(`Place`, in a new tab)"""
    new_record_wanted = Signal(str, object)
    """(object key, values by field key)"""
    import_wanted = Signal(str, object)
    """(object key, `ImportSource`)"""
    palette_wanted = Signal(str)
    call_wanted = Signal(object)
    """A record that is called: the result and the next step are to be asked for."""
    set_wanted = Signal(object)
    """A record for which a set of activities is to be started, or moved."""
    quick_add_wanted = Signal(str)
    """What stands in the line already."""
    """Something is to be planned in one line, wherever the person is."""
    lead_wanted = Signal(str)
    """A new lead is to be made of a text; what stands there already."""
    plan_wanted = Signal(str, object)
    """(object key, ids): a step is to be planned for all of them."""
    noted = Signal(object)
    """A `Note` to be shown as a toast."""
    history_changed = Signal()
    views_changed = Signal(str)
    """Saved views of that object were made, renamed or removed."""
    language_wanted = Signal(str)
    keys_wanted = Signal()
    quit_wanted = Signal()
    """The program is to end, whatever closing its window means."""
    look_changed = Signal()
    """Theme, accent, size or font were chosen anew: the window is to be dressed by the settings."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._past: list[Place] = []
        self._at = -1
        self.on_close: Callable[[QWidget], str] | None = None
        """Asked when the window is closed: `CLOSES`, `HIDES` or `STAYS`. None: it closes."""

    # --- what features ask ------------------------------------------------------------------------

    def open_record(self, ref: Ref, new_tab: bool = False, at: datetime | None = None) -> None:
        """Shows the full card: in its tab if it has one, else in a tab of its own; of a series
        for the date that begins at `at` by its rule."""
        self.place_wanted.emit(Place(RECORD, ref.entity, ref.id, at=at), new_tab)

    def show_list(
        self, entity_key: str, view_id: int | None = None, where: Where | None = None
    ) -> None:
        """Shows the list of an object: as it was left, a saved view, or narrowed by `where`."""
        self.place_wanted.emit(Place(LIST, entity_key, view=view_id, where=where), False)

    def new_record(self, entity_key: str, values: Mapping[str, Any] | None = None) -> None:
        """Opens the form of a new record with these values filled in."""
        self.new_record_wanted.emit(entity_key, dict(values or {}))

    def open_import(
        self, entity_key: str, path: str | None = None, text: str | None = None
    ) -> None:
        """Opens the import wizard; with a file, or with the text of a pasted table."""
        self.import_wanted.emit(entity_key, ImportSource(path, text))

    def open_operations(self) -> None:
        """Shows the list of operations, from which any can be undone."""
        self.open_page("operations")

    def open_recycle_bin(self) -> None:
        """Shows what was deleted and can be brought back."""
        self.open_page("recycle-bin")

    def open_duplicates(self, entity_key: str = "", ids: Sequence[int] = ()) -> None:
        """Shows what records probably mean the same, of this object if one is named, and only
        around the records `ids` if there are any."""
        where = Condition("id", "in", tuple(ids)) if ids else None
        self.place_wanted.emit(Place(PAGE, entity_key, name="duplicates", where=where), False)

    def open_merge(self, entity_key: str, ids: Sequence[int]) -> None:
        """Shows the records side by side, to make them one; the first one stays."""
        where = Condition("id", "in", tuple(ids))
        self.place_wanted.emit(Place(PAGE, entity_key, name="merge", where=where), False)

    def log_call(self, ref: Ref) -> None:
        """Asks for the result of a call about the record, and for the next step."""
        self.call_wanted.emit(ref)

    def start_set(self, ref: Ref) -> None:
        """Asks for a set of activities about the record and the date it hangs on."""
        self.set_wanted.emit(ref)

    def quick_add(self) -> None:
        """Opens the line in which anything is planned."""
        self.quick_add_wanted.emit("")

    def plan_line(self, text: str) -> None:
        """Opens it with what was typed elsewhere."""
        self.quick_add_wanted.emit(text)

    def lead_from_text(self, text: str = "") -> None:
        """Opens the box in which a new lead is made of a letter, a chat, a signature."""
        self.lead_wanted.emit(text)

    def plan_for(self, entity_key: str, ids: Sequence[int]) -> None:
        """Asks for a step that is planned for all these records."""
        self.plan_wanted.emit(entity_key, tuple(ids))

    def open_call_round(self, entity_key: str, ids: Sequence[int]) -> None:
        """Shows the records one after another, to be called."""
        where = Condition("id", "in", tuple(ids))
        self.place_wanted.emit(Place(PAGE, entity_key, name="call-round", where=where), False)

    def open_rights(self, who: int) -> None:
        """Shows what a colleague may do."""
        where = Condition("id", "in", (who,))
        self.place_wanted.emit(Place(PAGE, name="rights", where=where), False)

    def open_audit(self) -> None:
        """Shows who did what."""
        where = Condition("audit", "filled")
        self.place_wanted.emit(Place(PAGE, name="rights", where=where), False)

    def open_standing_in(self, who: int | None = None) -> None:
        """Shows who stands in for whom; with a colleague, asks who is to stand in for that one."""
        where = Condition("id", "in", (who,)) if who is not None else None
        self.place_wanted.emit(Place(PAGE, name="standing-in", where=where), False)

    def open_hierarchy(self, entity_key: str) -> None:
        """Shows which records of an object stand below which."""
        self.place_wanted.emit(Place(PAGE, entity_key, name="hierarchy"), False)

    def open_settings(self) -> None:
        """Shows the settings."""
        self.open_page("settings")

    def open_welcome(self) -> None:
        """Shows the page on which a base is made or chosen."""
        self.open_page("welcome")

    def open_page(self, name: str) -> None:
        """Shows a page of the window by its name in `ui.features.PAGES`."""
        self.place_wanted.emit(Place(PAGE, name=name), False)

    def open_palette(self, text: str = "") -> None:
        """Opens the search box over the window."""
        self.palette_wanted.emit(text)

    def toast(
        self, text: str, undo_operation: int | None = None, tone: str = "ok",
        *, undo: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        """Says what was done; tone ok, info, warn, bad or, staying until it is closed, alarm."""
        self.noted.emit(Note(text, undo_operation, tone, undo))

    def refuse(self, error: UserError) -> None:
        """Says why something was not done, in the words of the error."""
        self.toast(error.message, tone="bad")

    def speak(self, language: str) -> None:
        """The program is to speak `ru` or `en` from now on."""
        self.language_wanted.emit(language)

    def dress(self) -> None:
        """The window is to look as the settings say now."""
        self.look_changed.emit()

    def show_keys(self) -> None:
        """Shows the map of all shortcuts."""
        self.keys_wanted.emit()

    # --- where the person has been ----------------------------------------------------------------

    def arrived(self, place: Place) -> None:
        """The window shows this place now; called by the window alone."""
        if self._at >= 0 and self._past[self._at] == place:
            return
        self._past = [*self._past[: self._at + 1], place][-_MOST:]
        self._at = len(self._past) - 1
        self.history_changed.emit()

    def forget(self) -> None:
        """Another base is open: the way back is gone."""
        self._past, self._at = [], -1
        self.history_changed.emit()

    @property
    def can_go_back(self) -> bool:
        """Whether there is a place before this one."""
        return self._at > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether there is a place after this one."""
        return self._at < len(self._past) - 1

    def back(self) -> None:
        """To the place before."""
        if self.can_go_back:
            self._go(self._at - 1)

    def forward(self) -> None:
        """To the place that was left by `back`."""
        if self.can_go_forward:
            self._go(self._at + 1)

    def _go(self, at: int) -> None:
        self._at = at
        self.place_wanted.emit(self._past[at], False)
        self.history_changed.emit()
