"""What features hang into every card: tabs, parts of the header, figures, form strips, drops.

The one table of each is in `ui.card_features`; what a part may do and when it runs is said here
and in docs/ui-window.md. Parts ask the catalogue whether they fit an object and name none
themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from crm_desktop.models.catalogue.catalogue import Catalogue
    from crm_desktop.models.catalogue.definitions import EntityDef, Ref
    from crm_desktop.services.workspace import Workspace
    from crm_desktop.ui.record_card.card_tabs import ExtraTab
    from crm_desktop.ui.record_card.controller import CardController
    from crm_desktop.ui.record_card.form_controller import FormController
    from crm_desktop.ui.record_card.loading import CardContents
    from crm_desktop.ui.record_card.values import Surroundings

CHIPS, STRIP = "chips", "strip"
"""Places of a header part: in the line of chips under the name; over the whole width, under the
header, never scrolled away."""


class HeaderPart(Protocol):
    """A widget in the header of panel and page: tags, segments, critical wishes ..."""

    place: str
    """`CHIPS` or `STRIP`."""

    def accepts(self, catalogue: Catalogue, entity: EntityDef) -> bool:
        """Whether cards of the object have the part."""

    def load(self, workspace: Workspace, entity: EntityDef, record: int) -> object:
        """What it shows, as plain values; runs in the worker as a part of loading the card, so it
        must be quick. None: there is nothing to show, the widget is hidden and takes no room."""

    def make(self, card: CardController) -> PartWidget:
        """The widget; made once for a card, and filled again for every record."""


class PartWidget(QWidget):
    """What a header part shows."""

    def show_part(self, value: Any, contents: CardContents, around: Surroundings) -> None:
        """Shows what `load` gave for a record; called after every reload and change of language."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure or short fact of the header: caption above, value below.

    `target` is what a click opens: a record, an address, or the key of a tab. `turns`: when it
    becomes overdue by itself.
    """

    caption: str
    text: str
    tone: str = ""
    target: Ref | str | None = None
    tip: str = ""
    turns: datetime | None = None


class FigureSource(Protocol):
    """Figures of the header: next step, last contact, balance, turnover ..."""

    def accepts(self, catalogue: Catalogue, entity: EntityDef) -> bool:
        """Whether cards of the object have the figures."""

    def load(self, workspace: Workspace, entity: EntityDef, record: int) -> object:
        """What they are made from; in the worker. None: no figures, no room is kept for them."""

    def say(self, value: Any, around: Surroundings) -> Sequence[Figure]:
        """The figures in words, on the GUI thread."""


class FormPart(Protocol):
    """A strip under a form: found duplicates, a wish, what a number says ..."""

    def accepts(self, catalogue: Catalogue, entity: EntityDef) -> bool:
        """Whether forms of the object have the strip."""

    def make(self, forms: FormController) -> QWidget:
        """The strip, made with the form and hidden by itself while it has nothing to say. It may
        listen to `forms.ready`, `forms.form.changed`, `forms.saved`, ask `forms.form.typed()`,
        `forms.ref` (id 0: a new record), and write by `forms.form.prefill(values, titles)`."""


class InDraft(Protocol):
    """A strip in which something is typed that belongs to the draft of the form."""

    draft_key: str
    """Under which it is kept; begins with a sign that no field begins with."""

    def raw(self) -> str | None:
        """What was typed; None if nothing was."""

    def set_raw(self, text: str) -> None:
        """Puts it back."""


class DropPart(Protocol):
    """Takes what is dropped on a card, or pasted while no field has the keyboard."""

    over: str
    """What the card says while it hangs over it; English, translated where it is shown."""

    def accepts(self, catalogue: Catalogue, entity: EntityDef, mime: QMimeData) -> bool:
        """Whether it can take that for records of the object."""

    def take(self, card: CardController, mime: QMimeData) -> None:
        """Takes it; runs on the GUI thread, so copy what is needed and ask `operations`."""


@dataclass(frozen=True)
class CardParts:
    """All parts, each by a key of its own, in the order in which they stand."""

    tabs: Mapping[str, ExtraTab] = field(default_factory=dict)
    header: Mapping[str, HeaderPart] = field(default_factory=dict)
    figures: Mapping[str, FigureSource] = field(default_factory=dict)
    forms: Mapping[str, FormPart] = field(default_factory=dict)
    drops: Mapping[str, DropPart] = field(default_factory=dict)


NO_PARTS = CardParts()
