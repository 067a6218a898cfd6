"""Editors of links: typed to search, chosen from suggestions, made on the spot where allowed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from crm_desktop import i18n
from crm_desktop.errors import InvalidInput, UserError
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField, RecordField
from crm_desktop.models.catalogue.traits import Book, Staff, Tree
from crm_desktop.models.text.date_formats import format_date
from crm_desktop.models.text.normalise import norm
from crm_desktop.ui.editors.base import EditorBase
from crm_desktop.ui.editors.lines import one_line
from crm_desktop.ui.editors.side_line import SideLine
from crm_desktop.ui.editors.suggestions import Suggestion, SuggestionList
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.portraits.avatars import portraits_of
from crm_desktop.ui.widgets.buttons import ToolButton

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

_LIMIT = 20
_PAUSE_MS = 80
Found = list[tuple[Ref, Any]]


def new_values(workspace: Workspace, field: LinkField, title: str) -> dict[str, Any]:
    """What a record made from its title alone holds."""
    target = workspace.catalogue[field.target]
    values: dict[str, Any] = {target.title_field: title}
    book = target.trait(Book)
    if book is not None and field.book:
        values[book.field] = field.book
    return values


def tree_paths(workspace: Workspace, entity: EntityDef, ids: list[int]) -> dict[int, str]:
    """The names of what stands above records of a tree, the topmost first; in the worker."""
    trees = workspace.lists.trees
    above = {id_: trees.path(entity, id_) for id_ in ids}
    refs = [Ref(entity.key, id_) for path in above.values() for id_ in path]
    titles = workspace.titles.of(refs)
    return {
        id_: " › ".join(
            titles[Ref(entity.key, a)].text for a in path if Ref(entity.key, a) in titles
        )
        for id_, path in above.items()
        if path
    }


class LinkEditor(EditorBase):
    """A link to one record of the field's object."""

    def _build(self) -> QWidget:
        self._ref: Ref | None = None
        self._shown = ""
        self._paths: dict[int, str] = {}
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.line = SideLine(name=self.label)
        self.line.textEdited.connect(self._typed)
        self.suggestions = SuggestionList(self.line)
        self.suggestions.chosen.connect(self.choose)
        self._arrow = ToolButton("chevron-down", "", size=24)
        self._go = ToolButton("open", "", size=24)
        for button in (self._arrow, self._go):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.line.add_side(button)
        self._arrow.clicked.connect(self._ask_for_all)
        self._go.clicked.connect(lambda: self._ref and self.open_wanted.emit(self._ref))
        self._only(self.line)
        keep_translated(self, self._say_tips)
        self._show_ref("")
        return self.line

    def _say_tips(self) -> None:
        self._arrow.set_tip(_("Show the list"))
        self._go.set_tip(_("Open the linked record"))
        self.line.setPlaceholderText(_("Type to search"))

    # --- the value --------------------------------------------------------------------------------

    def _to_ref(self, value: Any) -> Ref | None:
        assert isinstance(self.field, LinkField)
        return None if value is None else Ref(self.field.target, value)

    def _of_ref(self, ref: Ref | None) -> Any:
        return None if ref is None else ref.id

    def set_value(self, value: Any) -> None:
        self._ref = self._to_ref(value)
        self._show_ref("" if self._ref is None else "…")
        self.set_bad(False)
        if self._ref is not None:
            self._look_up(self._ref)

    def set_titles(self, titles: Mapping[Ref, Any]) -> None:
        if self._ref is not None and self._ref in titles and self.line.text() == self._shown:
            self._show_ref(titles[self._ref].text)

    def value(self) -> Any:
        text = self.line.text().strip()
        if text == self._shown:
            return self._of_ref(self._ref)
        if not text:
            return None
        sentence = _("{field}: choose “{value}” from the list, or create it there")
        raise InvalidInput(sentence.format(field=self.label, value=text[:60]), field=self.field.key)

    def raw(self) -> Any:
        text = self.line.text()
        known = text.strip() == self._shown and self._ref is not None
        return {"text": text, "ref": list(self._ref) if known and self._ref else None}

    def set_raw(self, raw: Any) -> None:
        ref = raw.get("ref")
        self._ref = Ref(str(ref[0]), int(ref[1])) if ref else None
        self._show_ref(str(raw.get("text", "")) if ref else "")
        if not ref:
            self.line.setText(str(raw.get("text", "")))
        self.changed.emit()

    def set_bad(self, bad: bool) -> None:
        self.line.set_bad(bad)

    def normalise(self) -> None:
        if not self.line.text().strip():
            self._ref = None
            self._show_ref("")

    def choose(self, chosen: Suggestion) -> None:
        """Takes a row of the list: a record, or the offer to make one."""
        if chosen.ref is None:
            self._make(chosen.text)
            return
        self._ref = chosen.ref
        self._show_ref(chosen.text)
        self.set_bad(False)
        self.checked.emit("")
        self.changed.emit()

    def _show_ref(self, text: str) -> None:
        self._shown = text.strip()
        self.line.setText(self._shown)
        self.line.setCursorPosition(0)
        self._go.setVisible(self._ref is not None)
        self.line.place_sides()

    def _look_up(self, ref: Ref) -> None:
        if self.session is None:
            return
        titles = self.session.base.titles
        self.session.operations.query(
            ("link title", id(self)), lambda job: titles.of([ref]), owner=self,
            done=self.set_titles,
        )  # fmt: skip

    # --- searching --------------------------------------------------------------------------------

    def _typed(self, text: str) -> None:
        if one_line(text) != text:
            self.line.setText(one_line(text))
        self._pause.start()
        self.changed.emit()

    def _ask(self) -> None:
        self.search(self.line.text().strip())

    def _ask_for_all(self) -> None:
        self.line.setFocus()
        self.search("" if self.line.text().strip() == self._shown else self.line.text().strip())

    def search(self, text: str) -> None:
        """Offers records whose title begins with `text`; all of them for ''."""
        self._pause.stop()
        if self.session is None:
            return
        self.session.operations.query(
            ("suggest", id(self)), self._finder(self.session.base, text), owner=self,
            done=lambda found: self._offer(text, found),
        )  # fmt: skip

    def _finder(self, workspace: Workspace, text: str) -> Callable[[Any], Found]:
        """What runs in the worker."""
        assert isinstance(self.field, LinkField)
        target, book = workspace.catalogue[self.field.target], self.field.book or None
        paths = self._paths = {}

        def work(job: Any) -> Found:
            found = workspace.titles.suggest(target.key, text, book, _LIMIT)
            if target.trait(Staff) is not None:
                found, away = _here_first(workspace, found, named=bool(text))
                paths.update(away)
            if target.trait(Tree) is not None:
                paths.update(tree_paths(workspace, target, [ref.id for ref, _title in found]))
            return found

        return work

    def _offer(self, text: str, found: Found) -> None:
        if not self.line.hasFocus() and not self.suggestions.is_open():
            return
        if self.session is not None:
            self.suggestions.show_faces(portraits_of(self.session))
        toned = len({title.tone for _ref, title in found}) > 1
        rows = [
            Suggestion(ref, title.text, title.tone if toned else "", self._kind_of(ref))
            for ref, title in found
        ]
        if self._may_make(text, rows):
            sentence = _("Create “{name}”").format(name=text)
            rows.append(Suggestion(None, text, sentence=sentence))
        if text and not rows:
            rows.append(Suggestion(None, "", sentence=_("Nothing found")))
        self.suggestions.show_rows(rows)

    def _kind_of(self, ref: Ref) -> str:
        """What stands grey beside a title: here the values it is inside of."""
        return self._paths.get(ref.id, "")

    def _may_make(self, text: str, rows: list[Suggestion]) -> bool:
        allowed = isinstance(self.field, LinkField) and self.field.create
        return bool(text) and allowed and all(norm(row.text) != norm(text) for row in rows)

    def _make(self, title: str) -> None:
        assert isinstance(self.field, LinkField) and self.session is not None
        base, field = self.session.base, self.field
        values = new_values(base, field, title)
        self.session.operations.run(
            lambda job: base.records.create(field.target, values), owner=self,
            done=lambda outcome: self.choose(
                Suggestion(Ref(field.target, outcome.ids[0]), title)
            ),
            failed=self._refused, title=title,
        )  # fmt: skip

    def _refused(self, error: UserError) -> None:
        self.set_bad(True)
        self.checked.emit(error.message)

    def blocks_enter(self) -> bool:
        return self.suggestions.is_open()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and self._opens(event):
            self._ask_for_all()
            return event.type() == QEvent.Type.KeyPress
        return super().eventFilter(watched, event)

    def _opens(self, event: QEvent) -> bool:
        """Down, or a click into a link that is empty."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return event.key() == Qt.Key.Key_Down and self.session is not None
        clicked = isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease
        return clicked and not self.line.text()


def _here_first(workspace: Workspace, found: Found, *, named: bool) -> tuple[Found, dict[int, str]]:
    """Without colleagues who are away, unless they are `named` or nobody else is there: then they
    come last, each with until when; in the worker."""
    from crm_desktop.services.assignment.away import away_until

    away = away_until(workspace, [ref.id for ref, _title in found])
    here = [one for one in found if one[0].id not in away]
    if here and not named:
        return here, {}
    zone, language = workspace.clock.zone(), i18n.language()
    said = {
        id_: _("away until {day}").format(day=format_date(until.astimezone(zone).date(), language))
        for id_, until in away.items()
    }
    return [*here, *(one for one in found if one[0].id in away)], said


class UserEditor(LinkEditor):
    """A link to a colleague."""


class RecordEditor(LinkEditor):
    """A link to a record of any object that has the field's ability."""

    def _to_ref(self, value: Any) -> Ref | None:
        return value if value is None else Ref(*value)

    def _of_ref(self, ref: Ref | None) -> Any:
        return ref

    def _targets(self, workspace: Workspace) -> list[EntityDef]:
        ability = self.field.ability if isinstance(self.field, RecordField) else ""
        able = [e for e in workspace.catalogue if workspace.catalogue.able(e, ability)]
        return [e for e in able if ability or e.navigation]

    def _finder(self, workspace: Workspace, text: str) -> Callable[[Any], Found]:
        targets = self._targets(workspace)
        share = max(5, _LIMIT // max(1, len(targets)))

        def work(job: Any) -> Found:
            found: Found = []
            for target in targets:
                job.check()
                found += workspace.titles.suggest(target.key, text, None, share)
            return found

        return work

    def _kind_of(self, ref: Ref) -> str:
        assert self.session is not None
        return _(self.session.base.catalogue[ref.entity].label)
