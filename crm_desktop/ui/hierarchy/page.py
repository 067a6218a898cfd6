"""The page of a tree of records: who stands below whom, moved by mouse and by keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QShortcut

from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.services.rights import words as rights
from crm_desktop.ui.actions import bilingual
from crm_desktop.ui.hierarchy.tree_view import TreeView
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import PAGE, Navigator, Place
from crm_desktop.ui.operations import Job
from crm_desktop.ui.page import Page
from crm_desktop.ui.portraits.avatars import portraits_of
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import Button, ToolButton
from crm_desktop.ui.widgets.choices import CheckBox, Segment
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.inputs import SearchField
from crm_desktop.ui.widgets.labels import Label, Rule, Surface
from crm_desktop.ui.widgets.layouts import FlowLayout, column, row
from crm_desktop.ui.widgets.pick_list import PickItem, PickList
from crm_desktop.ui.widgets.popover import Menu, Popover

if TYPE_CHECKING:
    from crm_desktop.services.hierarchies import Node
    from crm_desktop.services.writing.changes import ChangeSet

NAME = "hierarchy"
_SOON_MS = 120
_TOP = "top"


class HierarchyPage(Page):
    """The records of one object that have a place in a tree (trait `Hierarchy`)."""

    def __init__(self, session: Session, navigator: Navigator, entity: str) -> None:
        super().__init__()
        self._session, self._navigator, self._key = session, navigator, entity
        self._nodes: list[Node] = []
        self._cut: list[Node] = []
        self.grouped = False
        self.picker: PickList | None = None
        self._title, self._said = Label("", "page"), Label("", "small", "text2", wrap=True)
        self.ways = Segment([("", False), ("", True)], name="")
        self.search = SearchField(name="", delay_ms=120)
        self.search.setFixedWidth(px(260))
        self.hidden = CheckBox()
        self.view = TreeView()
        portraits = portraits_of(session)
        self.view.photo = portraits.of
        portraits.changed.connect(self.view.viewport().update)
        self.none = EmptyState()
        self.move = Button("", "link", "ghost")
        self.top, self.open = Button("", "up", "ghost"), Button("", "open", "ghost")
        self.unfold, self.fold = ToolButton("expand", ""), ToolButton("collapse", "")
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self.read)
        self._lay_out()
        self._connect()
        keep_translated(self, self._say_texts)
        self.read()

    def _lay_out(self) -> None:
        head = row(column(self._title, self._said, gap=2), self.ways, gap=16)
        head.setStretch(0, 1)
        bar = FlowLayout(gap=6)
        for part in (self.search, self.hidden, self.move, self.top, self.open, self.unfold,
                     self.fold):  # fmt: skip
            bar.addWidget(part)
        layout = column(head, bar, Rule(), self.view, self.none, gap=12, margins=(24, 18, 24, 16))
        layout.setStretch(3, 1)
        layout.setStretch(4, 1)
        ground = Surface("surface")
        ground.setLayout(layout)
        self.setLayout(column(ground, gap=0))

    def _connect(self) -> None:
        self.ways.chosen.connect(self.arrange)
        self.search.searched.connect(lambda _text: self._show())
        self.hidden.toggled.connect(lambda _on: self._show())
        self.move.clicked.connect(self.ask_where)
        self.top.clicked.connect(lambda: self.put(self.view.chosen(), None))
        for button in (self.move, self.top):
            self._session.refusals.keep(button, rights.EDIT, self._key)
        self.open.clicked.connect(self.open_card)
        self.unfold.clicked.connect(lambda: self.view.fold_all(False))
        self.fold.clicked.connect(lambda: self.view.fold_all(True))
        self.view.move_asked.connect(self.put)
        self.view.open_asked.connect(self.open_card)
        self.view.cut_asked.connect(self.cut)
        self.view.paste_asked.connect(self.paste)
        self.view.move_menu_asked.connect(self.ask_where)
        self.view.menu_asked.connect(self._menu)
        self.view.chosen_changed.connect(self._say_enabled)
        self._session.changed.connect(self._changed)
        self._session.catalogue_changed.connect(self.read)
        for keys in bilingual("Escape"):
            shortcut = QShortcut(keys, self.view)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(self._forget_cut)

    # --- what is said -----------------------------------------------------------------------------

    @property
    def _entity(self) -> EntityDef:
        return self._session.base.catalogue[self._key]

    def _say_texts(self) -> None:
        if self._session.workspace is None:
            return
        from crm_desktop.services.hierarchies import hierarchy_of

        entity = self._entity
        trait = hierarchy_of(entity)
        label = {key: _(entity.field(key).label) for key in (trait.group, trait.hidden)}
        self._title.setText(_(trait.title))
        self.ways.set_name(_("Arranged by"))
        self.ways.set_choices([(_(entity.field(trait.parent).label), False),
                               (label[trait.group], True)])  # fmt: skip
        self.search.setPlaceholderText(_("Find in the tree"))
        self.search.setAccessibleName(_("Find in the tree"))
        self.hidden.setText(_("Also “{field}”").format(field=label[trait.hidden]))
        self.view.gone = label[trait.hidden]
        self.view.setAccessibleName(_(trait.title))
        words = (
            (self.move, _("Move below…"), "F6"), (self.top, _("To the top"), ""),
            (self.open, _("Open the card"), "Enter"),
        )  # fmt: skip
        for button, word, chord in words:
            button.setText(word)
            button.setToolTip(plain_tip(f"{word} ({chord})" if chord else word))
        self.unfold.set_tip(_("Open all"))
        self.fold.set_tip(_("Fold all"))
        self.title_changed.emit()
        self._say()

    def _say(self) -> None:
        people = sum(not (node.hidden or node.is_group) for node in self._nodes)
        counted = ngettext("{count} record.", "{count} records.", people).format(count=people)
        how = self._why_fixed() or _(
            "Drag onto another one, or cut (Ctrl+X) and paste (Ctrl+V); Alt+→ and Alt+← move "
            "below the one above and out again."
        )
        self._said.setText(f"{counted} {how}")
        self.none.set_texts("people-team", _("Nothing found"),
                            _("Nobody of this name stands in the tree."))  # fmt: skip
        self.none.set_actions()
        self._say_enabled()

    def _why_fixed(self) -> str:
        """Why nothing can be moved here; '' if it can."""
        from crm_desktop.models.catalogue.shared_traits import SignsIn

        base = self._session.workspace
        if base is None or base.read_only:
            return base.read_only if base is not None else ""
        if base.login and not base.administers and self._entity.trait(SignsIn):
            return _("Rights follow from this tree: the administrator moves people in it.")
        return ""

    def _say_enabled(self) -> None:
        chosen, movable = self.view.chosen(), not self._why_fixed()
        self.view.set_movable(movable)
        self.move.setEnabled(bool(chosen) and movable)
        self.top.setEnabled(movable and any(node.above is not None for node in chosen))
        self.open.setEnabled(len(chosen) == 1 and not chosen[0].is_group)

    # --- reading ----------------------------------------------------------------------------------

    def read(self) -> None:
        """Asks the base for the tree."""
        base, key, grouped = self._session.workspace, self._key, self.grouped
        if base is None:
            return

        def work(_job: Job) -> list[Node]:
            from crm_desktop.services.hierarchies import nodes

            return nodes(base, base.catalogue[key], grouped=grouped)

        self._session.operations.query((NAME, id(self)), work, owner=self, done=self._take)

    def _take(self, found: list[Node]) -> None:
        self._nodes = found
        self._show()

    def _show(self) -> None:
        from crm_desktop.services.hierarchies import without_hidden

        shown = self._nodes if self.hidden.isChecked() else without_hidden(self._nodes)
        self.view.show_nodes(shown, self.search.text())
        empty = self.view.topLevelItemCount() == 0
        self.view.setVisible(not empty)
        self.none.setVisible(empty)
        self._say()

    def _changed(self, changes: ChangeSet) -> None:
        owners = {self._key} | {node.ref.entity for node in self._nodes}
        if any(changes.touches(key) for key in owners):
            self._soon.start()

    def arrange(self, grouped: object) -> None:
        """Below heads, or below groups."""
        self.grouped = bool(grouped)
        self._forget_cut()
        self.read()

    # --- moving -----------------------------------------------------------------------------------

    def put(self, moved: Sequence[Node], onto: Node | None) -> None:
        """Moves nodes below another one, or to the top; a ring is refused in words."""
        from crm_desktop.services.hierarchies import why_not

        if not moved or (onto is not None and onto.ref in {node.ref for node in moved}):
            return
        if self._session.refusals.stops(rights.EDIT, self._key):
            return
        why = self._why_fixed() or why_not(moved, onto, {n.ref: n for n in self._nodes})
        if why:
            self._navigator.toast(why, tone="bad")
            return
        base, entity, grouped = self._session.base, self._entity, self.grouped

        def work(_job: Job) -> int | None:
            from crm_desktop.services.hierarchies import place

            return place(base, entity, moved, onto, grouped=grouped)

        self._forget_cut()
        self._session.operations.run(
            work, owner=self, done=lambda operation: self._moved(moved, onto, operation),
            failed=self._navigator.refuse,
        )  # fmt: skip

    def _moved(self, moved: Sequence[Node], onto: Node | None, operation: int | None) -> None:
        self.read()
        if operation is None:
            return
        names = ", ".join(node.name for node in moved[:3])
        said = _("{name} stands below {place} now") if onto else _("{name} stands at the top now")
        text = said.format(name=names, place=onto.name if onto else "")
        self._navigator.toast(text, undo_operation=operation)

    def cut(self) -> None:
        """The chosen ones wait to be put elsewhere; Esc forgets it."""
        if not self._why_fixed():
            self._cut = self.view.chosen()
            self._say_cut()

    def paste(self) -> None:
        """Puts what was cut below the one in hand."""
        if self._cut:
            self.put(self._cut, self.view.current())

    def _forget_cut(self) -> None:
        self._cut = []
        self._say_cut()

    def _say_cut(self) -> None:
        self.view.cut = frozenset(node.ref for node in self._cut)
        self.view.viewport().update()

    def ask_where(self) -> PickList | None:
        """A list of where the chosen ones may go."""
        chosen = self.view.chosen()
        if not chosen or self._why_fixed():
            return None
        self.picker = PickList(name=_("Move below…"), search=_("Find in the tree"))
        self.picker.setMinimumWidth(px(320))
        self.picker.set_items(self._goals(chosen))
        box = Popover(self.picker, name=_("Move below…"), parent=self)

        def pick(key: object) -> None:
            box.close_panel()
            self.put(chosen, next((n for n in self._nodes if n.ref == key), None))

        self.picker.picked.connect(pick)
        item = self.view.item_of(chosen[0].ref)
        rect = self.view.visualItemRect(item)
        box.open_below(self.view.viewport(), QRect(rect.topLeft() + QPoint(px(40), 0), rect.size()))
        return self.picker

    def _goals(self, chosen: Sequence[Node]) -> list[PickItem]:
        from crm_desktop.services.hierarchies import why_not

        tree = {node.ref: node for node in self._nodes}
        goals = [
            PickItem(node.ref, node.name, icon="people-team" if node.is_group else "user")
            for node in self._nodes
            if not node.hidden and (node.is_group or not self.grouped)
            and not why_not(chosen, node, tree)
        ]  # fmt: skip
        return [PickItem(_TOP, _("To the top"), icon="up"), *goals]

    def _menu(self, place: QPoint) -> None:
        acts: list[tuple[str, str, Callable[[], Any]]] = [
            ("open", _("Open the card"), self.open_card),
            ("link", _("Move below…"), self.ask_where),
            ("cut", _("Cut"), self.cut), ("paste", _("Paste below"), self.paste),
            ("up", _("To the top"), lambda: self.put(self.view.chosen(), None)),
        ]  # fmt: skip
        Menu.of(self, acts).popup(place)

    # --- the page ---------------------------------------------------------------------------------

    def open_card(self) -> None:
        """The card of the one in hand."""
        node = self.view.current()
        if node is not None and not node.is_group:
            self._navigator.open_record(node.ref)

    def pointed(self) -> Ref | None:
        node = self.view.current()
        return node.ref if node is not None and not node.is_group else None

    def title(self) -> str:
        return self._title.text()

    def icon(self) -> str:
        return "people-team"

    def place(self) -> Place:
        return Place(PAGE, self._key, name=NAME)

    def take_focus(self) -> None:
        self.view.setFocus()

    def run(self, action_id: str) -> bool:
        acts: dict[str, Callable[[], object]] = {
            "find": self.search.setFocus, "refresh": self.read, "edit": self.open_card,
        }  # fmt: skip
        if action_id not in acts:
            return False
        acts[action_id]()
        return True
