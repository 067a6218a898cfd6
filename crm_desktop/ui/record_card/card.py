"""The full page of a record, and the form in which a new one is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QApplication, QStackedWidget

from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.services.rights import words
from crm_desktop.ui.card_parts import CardParts
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import RECORD, Navigator, Place
from crm_desktop.ui.page import AheadPage
from crm_desktop.ui.record_card.arranging import CardArranging
from crm_desktop.ui.record_card.card_tabs import DETAILS, CardTabs
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.drops import CardDrops
from crm_desktop.ui.record_card.facts import NEW
from crm_desktop.ui.record_card.form_controller import FormController
from crm_desktop.ui.record_card.gone import GoneNote
from crm_desktop.ui.record_card.head import CardHead
from crm_desktop.ui.record_card.header import CardHeader
from crm_desktop.ui.record_card.leaving import Leaving
from crm_desktop.ui.record_card.loading import CardContents
from crm_desktop.ui.record_card.overview import OverviewView
from crm_desktop.ui.record_card.quick_actions import QuickActions
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.buttons import Button, ToolButton
from crm_desktop.ui.widgets.labels import Label, Surface
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.popover import Menu

OVERVIEW = N_("Details")
_MARGIN = 24
_LAYOUT = "card_page"
_NONE = Ref("", -1)
Neighbour = Callable[[Ref, int], Ref | None]


class CardPage(AheadPage):
    """One record in a tab of the window. `ref.id` 0 is a new record of that object.

    Without a `ref` it is made ahead: in pieces by `go_on`, to show a record by `show_place` later.
    """

    record_changed = Signal(object)
    """The page shows another record now: its `Ref`."""

    def __init__(
        self,
        session: Session,
        navigator: Navigator,
        ref: Ref | None,
        *,
        values: Mapping[str, Any] | None = None,
        parts: CardParts | None = None,
        neighbour: Neighbour | None = None,
    ) -> None:
        """`values` fill in a new record; `neighbour(ref, +1 or -1)` gives the next or previous
        record of the list the page was opened from."""
        super().__init__()
        self.session, self.navigator = session, navigator
        self.controller = CardController(session, navigator, self, parts)
        self._ref = ref or _NONE
        self._neighbour = neighbour
        self._forms: FormController | None = None
        self._gone: GoneNote | None = None
        self.leaving = Leaving(self, self)
        self._making = self._pieces()
        if ref is not None:
            if ref.id != NEW:  # the base is asked while the widgets are made
                self.controller.show_record(ref)
            while self.go_on():
                pass
            if ref.id == NEW:
                self.edit(values or {})

    # --- making -----------------------------------------------------------------------------------

    def go_on(self) -> bool:
        return next(self._making, False)

    def _pieces(self) -> Iterator[bool]:
        """Makes the widgets; True wherever the window may do something else in between."""
        self._make_header()
        yield True
        self.overview = OverviewView(self.controller.make_editor, events=False, margin=_MARGIN)
        yield True
        self._put_together()
        yield True
        self.overview.facts.prepare()
        yield True
        self._connect()
        keep_translated(self, self._say_texts)

    def _make_header(self) -> None:
        self.edit_button = self.controller.rights.keep(Button("", "edit"))
        self.delete_button = self.controller.rights.keep(ToolButton("delete", ""), words.DELETE)
        self.more, self.previous_button = ToolButton("more", ""), ToolButton("up", "")
        self.next_button = ToolButton("down", "")
        self.close_button = ToolButton("close", "")
        self.header = CardHeader(
            self.edit_button, self.delete_button, self.more, self.previous_button,
            self.next_button, self.close_button, size=48, kind="page",
        )  # fmt: skip
        self.actions_row = QuickActions(self.controller)

    def _put_together(self) -> None:
        self.details = QStackedWidget()
        self.details.addWidget(self.overview)
        self.tabs = CardTabs(
            self.controller, self.details, first_title=OVERVIEW, margin=_MARGIN,
            layout_key=_LAYOUT, extra=self.controller.parts.tabs,
        )  # fmt: skip
        self.arranging = CardArranging(self.controller, self.tabs)
        self.head = CardHead(
            self.controller, self.header, self.actions_row, margins=(_MARGIN, 16, 16, 8), wide=True
        )
        card = Surface("surface")
        self.drops = CardDrops(card, self.controller)
        whole = column(self.head, self.tabs, gap=0)
        whole.setStretch(1, 1)
        card.setLayout(whole)
        self._card, self._form_place = card, Surface("surface")
        self._new_title = Label("", "page")
        self.stack = QStackedWidget()
        self.stack.addWidget(card)
        self.stack.addWidget(self._form_place)
        self.setLayout(row(self.stack, gap=0))

    def _connect(self) -> None:
        controller, facts = self.controller, self.overview.facts
        controller.loaded.connect(self._show)
        controller.gone.connect(self._show_gone)
        self.overview.follow(controller)
        controller.value_saved.connect(self.leaving.saved)
        controller.moved.connect(self._moved)
        facts.opened.connect(controller.open_fact)
        facts.copied.connect(controller.copy)
        self.actions_row.note_wanted.connect(self.note)
        self.head.figure_opened.connect(self.tabs.open_target)
        self.edit_button.clicked.connect(lambda: self.edit())
        self.delete_button.clicked.connect(self._delete)
        self.more.clicked.connect(self._open_menu)
        self.previous_button.clicked.connect(lambda: self.step(-1))
        self.next_button.clicked.connect(lambda: self.step(1))
        self.close_button.clicked.connect(self.close_page)
        self.session.catalogue_changed.connect(self.tabs.forget_pages)

    def _say_texts(self) -> None:
        self.edit_button.setText(_("Edit"))
        self.edit_button.setToolTip("F2")
        self.delete_button.set_tip(_("Delete"))
        self.more.set_tip(_("More"))
        self.previous_button.set_tip(_("Previous in the list"), "Alt+↑")
        self.next_button.set_tip(_("Next in the list"), "Alt+↓")
        self.close_button.set_tip(_("Close"), "Esc")
        for button in (self.previous_button, self.next_button):
            button.setVisible(self._neighbour is not None)
        self._new_title.setText(self.title())
        if self.controller.contents is not None:
            self._show(self.controller.contents)

    # --- showing ----------------------------------------------------------------------------------

    def _show(self, contents: CardContents) -> None:
        around = self.controller.around()
        self.head.show_contents(contents, around)
        self.overview.show_contents(contents, around)
        self.tabs.show_contents(contents)
        if self.stack.currentWidget() is not self._form_place or self._ref.id != NEW:
            self.stack.setCurrentWidget(self._card)
        self.paint_again()
        self.title_changed.emit()

    def _show_gone(self) -> None:
        self.paint_again()
        if self.is_changed():
            return
        self._end_form()
        if self._gone is None:
            self._gone = GoneNote(self.controller, self._ref.entity, self.close_page)
        self._gone.come(self.stack, self.isAncestorOf(QApplication.focusWidget() or self))

    def step(self, by: int) -> None:
        """The next or previous record of the list it came from."""
        found = self._neighbour(self._ref, by) if self._neighbour else None
        if found is not None and self.leaving.may_go(lambda: self.step(by)):
            self._end_form()
            self._ref = found
            self.controller.show_record(found)
            self.record_changed.emit(found)

    def note(self) -> None:
        """Begins a new entry of the timeline."""
        self.tabs.note()

    # --- the form ---------------------------------------------------------------------------------

    def edit(self, values: Mapping[str, Any] | None = None) -> None:
        """Opens the form of the record, or of the new one."""
        if self._forms is not None or (self._ref.id != NEW and self.controller.rights.stops()):
            return
        entity = self.session.base.catalogue[self._ref.entity]
        forms = FormController(self.session, self.navigator, entity, self, margin=_MARGIN)
        forms.add_strips(self.controller.parts.forms)
        forms.at = self.controller.at
        self._forms = forms
        forms.changed.connect(lambda _changed: self.title_changed.emit())
        forms.ended.connect(self._form_ended)
        forms.saved.connect(self._form_saved)
        forms.ready.connect(forms.form.focus_first)
        new = self._ref.id == NEW
        if new:
            self._new_title.setText(self.title())
            whole = column(
                row(self._new_title, None, margins=(_MARGIN, 16, 16, 0)), forms.panel, gap=0
            )
            whole.setStretch(1, 1)
            self._form_place.setLayout(whole)
            self.stack.setCurrentWidget(self._form_place)
        else:
            self.details.addWidget(forms.panel)
            self.details.setCurrentWidget(forms.panel)
            self.tabs.open_tab(DETAILS)
            self.edit_button.hide()
        forms.begin(None if new else self._ref, values)

    def _form_saved(self, ref: Ref) -> None:
        self.leaving.saved()
        if ref != self._ref:
            self.controller.show_record(ref)
            self._moved(ref)

    def _moved(self, ref: Ref) -> None:
        """What was shown stands in another record now."""
        self._ref = ref
        self.record_changed.emit(ref)

    def _form_ended(self) -> None:
        self._end_form()
        if self._ref.id == NEW:
            self.closed.emit()
        elif self.controller.contents is None:  # it may be gone: what was typed kept its form
            self.controller.reload()
        self.title_changed.emit()

    def _end_form(self) -> None:
        forms, self._forms = self._forms, None
        if forms is None:
            return
        had_keyboard = forms.panel.isAncestorOf(QApplication.focusWidget() or self)
        self.details.removeWidget(forms.panel)
        forms.panel.hide()
        forms.panel.deleteLater()
        forms.deleteLater()
        self.details.setCurrentWidget(self.overview)
        self.edit_button.show()
        if self._ref.id != NEW:
            self.stack.setCurrentWidget(self._card)
        if had_keyboard:  # else Qt gives it to the next in line, which may be "Undo"
            self.take_focus()

    def _delete(self) -> None:
        if not self.controller.rights.stops(words.DELETE):
            self.controller.delete([self._ref], self.closed.emit)

    def close_page(self) -> None:
        """Esc and the cross."""
        if self._forms is not None and self._ref.id != NEW:
            if self.leaving.may_go(lambda: None):
                self._forms.discard()
        elif self.may_close():
            self.closed.emit()

    def _open_menu(self) -> None:
        ref = self._ref
        acts = [("refresh", _("Refresh"), self.controller.reload)]
        acts += [("new", _("Open in a new tab"), lambda: self.navigator.open_record(ref, True))]
        contents = self.controller.contents
        if contents and contents.channel_shape is not None:
            acts.append(("phone", _("Add a contact"), self._add_contact))
        if contents and contents.activity_shape is not None:
            begin = self.navigator.start_set
            acts.append(("list", _("Start a set of activities…"), lambda: begin(ref)))
        acts += [*self.controller.repeating(), *self.arranging.actions()]
        Menu.of(self, acts, self.controller.rights.of_card()).open_below(self.more)

    def _add_contact(self) -> None:
        self.tabs.open_tab(DETAILS)
        self.overview.add_contact()

    # --- what the window asks ---------------------------------------------------------------------

    def ref(self) -> Ref:
        """The record; id 0 for a new one that is not saved."""
        return self._ref

    def title(self) -> str:
        contents = self.controller.contents
        if contents is not None and self._ref.id != NEW:
            return contents.title
        entity = self._entity()
        if entity is None:
            return ""
        return _(entity.new_label) if self._ref.id == NEW and entity.new_label else _(entity.label)

    def icon(self) -> str:
        entity = self._entity()
        return entity.icon if entity is not None else ""

    def _entity(self) -> EntityDef | None:
        base = self.session.workspace
        return None if base is None or self._ref == _NONE else base.catalogue[self._ref.entity]

    def place(self) -> Place | None:
        return None if self._ref.id == NEW else Place(RECORD, self._ref.entity, self._ref.id)

    def show_place(self, place: Place) -> None:
        date = place.at not in (None, self.controller.at)
        other = place.id is not None and (place.ref != self._ref or date)
        if other and self.leaving.may_go(lambda: self.show_place(place)):
            self._end_form()
            if self._ref == _NONE:
                self.hold_painting()
            self._ref = place.ref
            self.controller.show_record(self._ref, place.at)

    def is_changed(self) -> bool:
        typed = self._forms is not None and self._forms.is_changed()
        return typed or self.overview.is_changed() or self.tabs.is_changed()

    def leave(self) -> None:
        if self._forms is not None and self._forms.is_changed():
            self._forms.keep_draft()

    def may_close(self) -> bool:
        return self.leaving.may_go(self.closed.emit)

    def can_save(self) -> bool:
        """Whether what is typed stands in the form or in a field, not in a tab."""
        return self._forms is not None or self.overview.is_changed()

    def drop_typed(self) -> None:
        """Throws away what was typed."""
        if self._forms is not None:
            self._forms.drop_draft()
        self.overview.facts.end_all()

    def take_focus(self) -> None:
        if self._forms is not None:
            self._forms.form.focus_first()
        else:
            self.tabs.bar.setFocus(Qt.FocusReason.PopupFocusReason)

    def run(self, action_id: str) -> bool:
        acts: dict[str, Callable[[], Any]] = {
            "save": self.save_typed, "refresh": self.controller.reload, "edit": self.edit,
            "delete": self._delete, "next": lambda: self.step(1), "previous": lambda: self.step(-1),
            "close": self.close_page,
        }  # fmt: skip
        act = acts.get(action_id)
        if act is None:
            return False
        self.leaving.forget()
        act()
        return True

    def save_typed(self) -> None:
        """Saves the form, or the value that is being edited."""
        if self._forms is not None:
            self._forms.save()
        else:
            self.overview.facts.give_all()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.controller.wake()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.close_page()
        elif event.key() == Qt.Key.Key_F2 and self._forms is None:
            self.edit()
        elif event.matches(QKeySequence.StandardKey.Paste) and self.drops.paste():
            event.accept()
        elif alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)
