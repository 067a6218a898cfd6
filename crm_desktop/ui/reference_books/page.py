"""The page of reference books."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.errors import UserError
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.catalogue.fieldtypes import ChoiceField
from crm_desktop.services.rights import words as rights
from crm_desktop.ui.actions import bilingual
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import LIST, Navigator, Place
from crm_desktop.ui.operations import Job
from crm_desktop.ui.page import Page
from crm_desktop.ui.reference_books.forms import BookForm, MergeForm, ValueForm
from crm_desktop.ui.reference_books.values_view import Placed, ValuesView
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.labels import Label, Rule, Surface
from crm_desktop.ui.widgets.layouts import FlowLayout, column, row
from crm_desktop.ui.widgets.pick_list import PickItem, PickList

if TYPE_CHECKING:
    from crm_desktop.services.reference_books import BookRow, BookValue
    from crm_desktop.services.writing.changes import ChangeSet

_SOON_MS = 250
_WIDEST = 16_777_215


class ReferenceBooksPage(Page):
    """Books at the left, the values of one at the right."""

    def __init__(self, session: Session, navigator: Navigator, entity: str) -> None:
        super().__init__()
        self._session, self._navigator, self._entity = session, navigator, entity
        self._books: list[BookRow] = []
        self._values: list[BookValue] = []
        self.book = ""
        self._heading, self._name = Label("", "page"), Label("", "strong")
        self._hint = Label("", "small", "text3")
        self.new_book = Button("", "add")
        self.list = PickList(name="", search=_("Find a reference book"), ground="surface")
        self.list.view.setMinimumHeight(px(120))
        self.list.view.setMaximumHeight(_WIDEST)
        self.values = ValuesView()
        self.empty = EmptyState()
        self.buttons = {
            "new": Button("", "add", "primary"), "edit": Button("", "edit", "ghost"),
            "up": Button("", "up", "ghost"), "down": Button("", "down", "ghost"),
            "in": Button("", "chevron-right", "ghost"), "out": Button("", "chevron-left", "ghost"),
            "retire": Button("", "archive", "ghost"), "merge": Button("", "merge", "ghost"),
            "delete": Button("", "delete", "ghost"),
        }  # fmt: skip
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self.read)
        self._lay_out()
        self._connect()
        keep_translated(self, self._say_texts)
        self.read()

    def _lay_out(self) -> None:
        left = QWidget()
        left.setLayout(column(self.list, self.new_book, gap=8, margins=(24, 0, 12, 16)))
        left.setFixedWidth(px(278))
        bar = FlowLayout(gap=2)
        for button in self.buttons.values():
            bar.addWidget(button)
        inside = column(row(self._name, 8, self._hint, None), bar, Rule(), self.values, self.empty,
                        gap=8, margins=(16, 4, 20, 12))  # fmt: skip
        inside.setStretch(3, 1)
        inside.setStretch(4, 1)
        right = QWidget()
        right.setLayout(inside)
        right.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        both = row(left, Rule(upright=True), right, gap=0)
        both.setStretch(2, 1)
        whole = column(row(self._heading, None, margins=(24, 16, 20, 12)), both, gap=0)
        whole.setStretch(1, 1)
        ground = Surface("surface")
        ground.setLayout(whole)
        self.setLayout(column(ground, gap=0))

    def _connect(self) -> None:
        acts: dict[str, Callable[[], object]] = {
            "new": self.add, "edit": self.edit, "up": lambda: self.values.move(-1),
            "down": lambda: self.values.move(1), "in": lambda: self.values.indent(True),
            "out": lambda: self.values.indent(False), "retire": self.retire, "merge": self.merge,
            "delete": self.delete,
        }  # fmt: skip
        for key, act in acts.items():
            self.buttons[key].clicked.connect(lambda _on=False, act=act: act())
        needs = {"new": rights.CREATE, "delete": rights.DELETE, "merge": rights.DELETE}
        for key, button in (*self.buttons.items(), ("new", self.empty.primary_button)):
            right = needs.get(key, rights.EDIT)
            self._session.refusals.keep(button, right, self._entity)
        self._session.refusals.keep(self.new_book, WRITE)
        self.list.picked.connect(lambda key: self.show_book(str(key)))
        self.new_book.clicked.connect(self.add_book)
        self.empty.primary.connect(self.add)
        self.values.edit_asked.connect(self.edit)
        self.values.delete_asked.connect(self.delete)
        self.values.chosen_changed.connect(self._say_enabled)
        self.values.moved.connect(self._place)
        self._session.changed.connect(self._changed)
        self._session.catalogue_changed.connect(self.read)
        for keys in bilingual("Insert"):
            QShortcut(keys, self).activated.connect(self.add)

    def _say_texts(self) -> None:
        self._heading.setText(_("Reference books"))
        self.new_book.setText(_("New reference book"))
        self.list.view.setAccessibleName(_("Reference books"))
        self.values.setAccessibleName(_("Values"))
        words = {
            "new": (_("New value"), "Ins"), "edit": (_("Edit"), "F2"), "up": ("", "Alt+↑"),
            "down": ("", "Alt+↓"), "in": ("", "Alt+→"), "out": ("", "Alt+←"),
            "retire": (_("Retire"), ""), "merge": (_("Merge…"), ""), "delete": (_("Delete"), "Del"),
        }  # fmt: skip
        tips = {"up": _("Move up"), "down": _("Move down"), "in": _("Put under the value above"),
                "out": _("Take out of the value above"),
                "retire": _("No longer offer it; records keep it")}  # fmt: skip
        for key, (word, chord) in words.items():
            self.buttons[key].setText(word)
            tip = tips.get(key, word)
            self.buttons[key].setToolTip(plain_tip(f"{tip} ({chord})" if chord else tip))
            self.buttons[key].setAccessibleName(tip)
        self.empty.set_texts("entity-reference", _("No values yet"),
                             _("The first value appears here and in the forms."))  # fmt: skip
        self.empty.set_actions((_("New value"), "add"))
        self.title_changed.emit()
        self._say_enabled()

    # --- reading ----------------------------------------------------------------------------------

    def read(self) -> None:
        """Asks for the books and for the values of the one that is shown."""
        base, book = self._session.workspace, self.book
        if base is None:
            return

        def work(job: Job) -> tuple[list[BookRow], str, list[BookValue]]:
            from crm_desktop.services import reference_books as services

            known = services.books(base)
            shown = book if book in {row.key for row in known} else known[0].key
            job.check()
            return known, shown, services.values(base, shown)

        self._session.operations.query(("books", id(self)), work, owner=self, done=self._take)

    def _take(self, found: tuple[list[BookRow], str, list[BookValue]]) -> None:
        from crm_desktop.services.reference_books import TAGS

        self._books, self.book, self._values = found
        self.list.set_items([
            PickItem(b.key, b.label, icon="object-tag" if b.key == TAGS else "object-book",
                     shown=b.key == self.book)
            for b in self._books
        ])  # fmt: skip
        at = next((n for n, b in enumerate(self._books) if b.key == self.book), 0)
        self.list.view.setCurrentIndex(self.list.view.model().index(at, 0))
        current = self._books[at]
        self._name.setText(current.label)
        count = ngettext("{count} value", "{count} values", current.count)
        self._hint.setText(count.format(count=current.count))
        ordered = self.book != TAGS
        self.values.show_values(self._values, ordered=ordered, tree=ordered)
        self.values.setVisible(bool(self._values))
        self.empty.setVisible(not self._values)
        for key in ("up", "down", "in", "out", "retire"):
            self.buttons[key].setVisible(ordered)
        self._say_enabled()

    def show_book(self, key: str) -> None:
        """Shows another book."""
        self.book = key
        self.read()

    def _changed(self, changes: ChangeSet) -> None:
        if changes.touched:
            self._soon.start()

    def _say_enabled(self) -> None:
        chosen = self.values.chosen()
        for key in ("edit", "up", "down", "in", "out"):
            self.buttons[key].setEnabled(len(chosen) == 1)
        for key in ("retire", "delete", "merge"):
            self.buttons[key].setEnabled(bool(chosen))
        back = bool(chosen) and all(v.retired for v in chosen)
        self.buttons["retire"].setText(_("Offer again") if back else _("Retire"))
        self.buttons["delete"].setEnabled(bool(chosen) and not any(v.uses for v in chosen))

    # --- values -----------------------------------------------------------------------------------

    def add(self) -> ValueForm:
        """Asks for a new value."""
        form = self._value_form(None)
        form.given.connect(lambda *given: self._create(form, *given))
        form.open()
        return form

    def edit(self) -> ValueForm | None:
        """Asks for another name or colour of the chosen value."""
        chosen = self.values.chosen()
        if len(chosen) != 1:
            return None
        value, form = chosen[0], self._value_form(chosen[0])
        form.given.connect(lambda *given: self._update(form, value, *given))
        form.open()
        return form

    def _value_form(self, value: BookValue | None) -> ValueForm:
        from crm_desktop.services.reference_books import has_inverse, shape_of

        base = self._session.base
        tone = shape_of(base, self.book).entity.field("tone")
        tones = tone.choices if isinstance(tone, ChoiceField) else ()
        return ValueForm(self, tones, value, inverse=has_inverse(base, self.book))

    def _create(self, form: ValueForm, name: str, tone: str, inverse: str) -> None:
        base, book = self._session.base, self.book

        def work(job: Job) -> Any:
            from crm_desktop.services.reference_books import add_value

            return add_value(base, book, name, tone, inverse)

        self._run(work, form, lambda made: self.values.choose(made.ids[0]))

    def _update(
        self, form: ValueForm, value: BookValue, name: str, tone: str, inverse: str
    ) -> None:
        base, book = self._session.base, self.book

        def work(job: Job) -> Any:
            from crm_desktop.services.reference_books import change_value

            return change_value(base, book, value, (name, tone, inverse))

        self._run(work, form)

    def _place(self, placed: list[Placed]) -> None:
        base, book = self._session.base, self.book
        order = [(one.id, one.parent) for one in placed]

        def work(job: Job) -> Any:
            from crm_desktop.services.reference_books import arrange

            return arrange(base, book, order)

        self._run(work)

    def retire(self) -> None:
        """No longer offers the chosen values, or offers them again."""
        chosen, base, book = self.values.chosen(), self._session.base, self.book
        if not chosen:
            return
        on = not all(v.retired for v in chosen)

        def work(job: Job) -> Any:
            from crm_desktop.services.reference_books import retire

            return retire(base, book, [v.id for v in chosen], on=on)

        names = ", ".join(v.name for v in chosen[:3])
        said = _("“{name}” is no longer offered") if on else _("“{name}” is offered again")
        self._run(work, said=said.format(name=names))

    def delete(self) -> None:
        """Deletes values that no record holds."""
        chosen, base, book = self.values.chosen(), self._session.base, self.book
        if not chosen:
            return

        def work(job: Job) -> Any:
            from crm_desktop.services.reference_books import remove_values

            return remove_values(base, book, [v.id for v in chosen])

        names = ", ".join(v.name for v in chosen[:3])
        self._run(work, said=_("“{name}” deleted").format(name=names))

    def merge(self) -> MergeForm | None:
        """Asks what remains of the chosen values."""
        chosen = self.values.chosen()
        offered = [v for v in self._values if not v.retired]
        if not chosen or len(offered) < 2:
            return None
        form = MergeForm(self, chosen, offered)
        form.given.connect(lambda into: self._merge(form, chosen, into))
        form.open()
        return form

    def _merge(self, form: MergeForm, chosen: list[BookValue], into: int) -> None:
        base, book = self._session.base, self.book
        name = next(v.name for v in self._values if v.id == into)

        def work(job: Job) -> Any:
            from crm_desktop.services.reference_books import merge_values

            ids = [v.id for v in chosen]
            return merge_values(base, book, ids, into, job.progress, job.check).operation

        self._run(work, form, said=_("Merged into “{name}”").format(name=name))

    # --- books ------------------------------------------------------------------------------------

    def add_book(self) -> BookForm:
        """Asks for a new reference book."""
        catalogue = self._session.base.catalogue
        objects = [e for e in catalogue if e.navigation and e.key != catalogue.books().key]
        form = BookForm(self, objects)
        form.given.connect(lambda name, owner: self._make_book(form, name, owner))
        form.open()
        return form

    def _make_book(self, form: BookForm, name: str, owner: str) -> None:
        base = self._session.base

        def work(job: Job) -> str:
            from crm_desktop.services.reference_books import add_book

            return add_book(base, name, base.catalogue[owner])

        self._run(work, form, self.show_book)

    def _run(
        self, work: Callable[[Job], Any], form: Any = None,
        done: Callable[[Any], None] | None = None, said: str = "",
    ) -> None:  # fmt: skip
        """Writes; what is refused is said in the box that asked, or in a toast."""

        def written(outcome: Any) -> None:
            if form is not None:
                form.accept()
            self.read()
            if said:
                number = outcome if isinstance(outcome, int) else None
                self._navigator.toast(said, undo_operation=number)
            if done is not None:
                done(outcome)

        def failed(error: UserError) -> None:
            self.read()
            if form is not None:
                form.refuse(error.message)
            else:
                self._navigator.refuse(error)

        self._session.operations.run(work, owner=self, done=written, failed=failed)

    # --- the page ---------------------------------------------------------------------------------

    def title(self) -> str:
        return _("Reference books")

    def icon(self) -> str:
        return "entity-reference"

    def place(self) -> Place | None:
        return Place(LIST, self._entity)

    def take_focus(self) -> None:
        self.list.setFocus()

    def run(self, action_id: str) -> bool:
        acts: dict[str, Callable[[], object]] = {
            "new": self.add, "edit": self.edit, "refresh": self.read, "find": self.list.setFocus,
        }  # fmt: skip
        if action_id not in acts:
            return False
        acts[action_id]()
        return True
