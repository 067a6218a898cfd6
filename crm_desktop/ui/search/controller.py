"""The controller of the search box: asks, ranks by recent use, opens what was chosen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from crm_desktop import settings as s
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.text.phrases import read_phrase
from crm_desktop.ui.actions import ActionRegistry
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.operations import Done, Job
from crm_desktop.ui.runtime.stopping import Stopping
from crm_desktop.ui.search import results as r
from crm_desktop.ui.search.results import Question
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.command_palette import CommandPalette, PaletteGroup, PaletteTexts

if TYPE_CHECKING:
    from crm_desktop.services.search.service import Hit, Typed
    from crm_desktop.services.workspace import Workspace

_LIMIT = 30
_MOST_KEPT = 40
_OPENING = ("palette", "commands")
"""The actions that only open the box."""
_CTRL = Qt.KeyboardModifier.ControlModifier


class SearchController(QObject):
    """One search box over the window."""

    def __init__(
        self, session: Session, navigator: Navigator, window: QWidget, actions: ActionRegistry
    ) -> None:
        super().__init__(window)
        self._session, self._navigator, self._actions = session, navigator, actions
        self.palette = CommandPalette(window, name=_("Find a record or a command"))
        self._question = Question("", False)
        self._hits: list[Hit] = []
        self._titles: dict[Ref, str] = {}
        self._looked_anywhere = False
        self.palette.query_changed.connect(self._typed)
        self.palette.chosen.connect(self._chosen)
        session.opened.connect(self._base_there)
        keep_translated(window, self._say_texts)

    def _say_texts(self) -> None:
        hints = (
            _("↑ ↓ choose"), _("Enter open"), _("Ctrl Enter in a new tab"),
            _("> commands"), _("Esc close"),
        )  # fmt: skip
        self.palette.set_texts(
            PaletteTexts(
                _("Find a record or a command"), _("Nothing found"), _("Enter — open"), hints
            )
        )

    def open(self, text: str = "") -> None:
        """Opens the box; what is typed already is looked for."""
        self._actions.refresh()
        self._question, self._hits = Question.of(text), []
        self._look_up_recent()
        self.palette.open(text)

    def close(self) -> None:
        """Closes the box."""
        self.palette.close_palette()

    # --- asking -----------------------------------------------------------------------------------

    def _base_there(self) -> None:
        """What was typed while the base opened is looked for now."""
        if self.palette.isVisible():
            self._typed(self.palette.text())

    def _typed(self, text: str) -> None:
        self._question = Question.of(text)
        self._looked_anywhere = False
        base = self._session.workspace
        plain = self._question.text and not self._question.only_actions
        if base is None and self._session.busy and plain:
            return  # an Enter waits with it
        if base is None or not plain:
            self._session.operations.forget(("palette",))
            self._hits = []
            self._show()
            return
        wanted, recent = self._question, [ref.id for ref in self._recent_refs()]

        def work(_job: Job) -> Typed:
            return base.search.as_typed(wanted.text, limit=_LIMIT, recent=recent)

        def done(typed: Typed) -> None:
            self._found(typed.hits)
            if not typed.complete:
                self._ask_for_all(base, wanted.text, recent)

        self._ask(work, done)

    def _ask_for_all(self, base: Workspace, text: str, recent: list[int]) -> None:
        """What several common words left out follows; the next key ends it."""
        stopping = Stopping(base.backend)

        def work(job: Job) -> list[Hit]:
            job.on_cancel(stopping.stop)
            return base.search.find(text, limit=_LIMIT, recent=recent, on_start=stopping.started)

        def done(hits: list[Hit]) -> None:
            if hits != self._hits:
                self._found(hits)

        self._ask(work, done)

    def _ask(self, work: Callable[[Job], Any], done: Done) -> None:
        self._session.operations.query(("palette",), work, owner=self, done=done)

    def _found(self, hits: list[Hit]) -> None:
        self._hits = hits
        self._show()

    def _search_anywhere(self) -> None:
        base, wanted = self._session.base, self._question
        self._looked_anywhere = True
        self.palette.set_results([PaletteGroup(_("Searching all texts…"), [])])

        def work(job: Job) -> list[Hit]:
            return base.search.find_anywhere(
                wanted.text, limit=_LIMIT, cancelled=lambda: job.cancelled
            )

        self._ask(work, self._found)

    def _recent_keys(self) -> list[str]:
        prefix = f"{self._session.address}\n"
        kept = self._session.settings.get(s.RECENT_USES)
        return [key.removeprefix(prefix) for key in kept if key.startswith((prefix, "action:"))]

    def _recent_refs(self) -> list[Ref]:
        return [ref for key in self._recent_keys() if (ref := r.ref_of(key)) is not None]

    def _look_up_recent(self) -> None:
        base, refs = self._session.workspace, self._recent_refs()
        if base is None or not refs:
            return
        known = [ref for ref in refs if base.catalogue.has(ref.entity)]

        def done(found: dict[Ref, Any]) -> None:
            self._titles = {ref: title.text for ref, title in found.items()}
            if not self._question.text:
                self._show()

        self._session.operations.query(
            ("palette titles",), lambda _job: base.titles.of(known), owner=self, done=done
        )

    # --- showing ----------------------------------------------------------------------------------

    def _show(self) -> None:
        question, recent = self._question, self._recent_keys()
        possible = [a for a in self._actions.possible() if a.id not in _OPENING]
        actions = r.suiting(possible, question, recent)
        base = self._session.workspace
        if base is None or question.only_actions:
            self.palette.set_results([r.action_group(actions, most=40)])
            return
        if not question.text:
            groups = [r.recent_group(base.catalogue, self._titles, recent)]
            self.palette.set_results([*groups, r.action_group(r.offered(actions, recent), most=8)])
            return
        hits = r.hit_groups(base.catalogue, self._hits)
        further = r.further_group(
            question, self._makeable(), anywhere=not self._looked_anywhere,
            plan=_names_a_day(question.text, base.clock.local()),
        )  # fmt: skip
        lists = r.list_group(base.catalogue, question)
        self.palette.set_results([*hits, lists, r.action_group(actions), further])

    def _makeable(self) -> list[EntityDef]:
        return [
            entity
            for entity in self._session.base.catalogue
            if entity.navigation and entity.title in entity.form_fields()
        ]

    # --- choosing ---------------------------------------------------------------------------------

    def _chosen(self, key: str, modifiers: Qt.KeyboardModifier) -> None:
        if key == r.ANYWHERE:
            self._search_anywhere()
            return
        self.palette.close_palette()
        if key == r.PLAN:
            self._navigator.plan_line(self._question.text)
            return
        self._remember(key)
        kind, _sep, rest = key.partition(":")
        ref = r.ref_of(key)
        if ref is not None:
            self._navigator.open_record(ref, bool(modifiers & _CTRL))
        elif kind == "list":
            self._navigator.show_list(rest)
        elif kind == "action":
            self._actions.run(rest)
        elif kind == "create":
            entity = self._session.base.catalogue[rest]
            self._navigator.new_record(rest, {entity.title_field: self._question.text})

    def _remember(self, key: str) -> None:
        if not key.startswith(("action:", "record:")):
            return
        kept_as = key if key.startswith("action:") else f"{self._session.address}\n{key}"
        kept = self._session.settings.get(s.RECENT_USES)
        fresh = [kept_as, *(one for one in kept if one != kept_as)][:_MOST_KEPT]
        self._session.settings.put(s.RECENT_USES, fresh)


def _names_a_day(text: str, now: datetime) -> bool:
    """Whether it says what is to be done and when."""
    phrase = read_phrase(text, now=now)
    return phrase.moment is not None and bool(phrase.subject)
