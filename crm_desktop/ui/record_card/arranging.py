"""Arranging a card: tabs moved and hidden, sections made, for oneself or for the whole office."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from crm_desktop.errors import InvalidInput, UserError
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.services.customisation.layouts import (
    EMPTY,
    CardLayout,
    LayoutSection,
    arrangeable,
    full_sections,
    with_section,
)
from crm_desktop.ui.icons import icon
from crm_desktop.ui.record_card.arrange_list import ArrangeLine, ArrangeList
from crm_desktop.ui.record_card.card_tabs import DETAILS, CardTabs
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.facts import section_title
from crm_desktop.ui.refusals import WRITE
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.buttons import Button
from crm_desktop.ui.widgets.choices import CheckBox, Segment
from crm_desktop.ui.widgets.dialog import Dialog
from crm_desktop.ui.widgets.field_box import FieldBox
from crm_desktop.ui.widgets.inputs import LineEdit
from crm_desktop.ui.widgets.labels import Label, Surface
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.pick_list import PickItem, PickList
from crm_desktop.ui.widgets.popover import Menu

TABS, SECTIONS = "tabs", "sections"


class ArrangeDialog(Dialog):
    """Two lists, of tabs and of sections with their fields; `layout_made` gives the result."""

    def __init__(
        self, entity: EntityDef, layout: CardLayout, tabs: list[tuple[str, str]], parent: QWidget
    ) -> None:
        self._entity, self._layout = entity, layout
        self.reset = False
        self.which = Segment([(_("Tabs"), TABS), (_("Sections"), SECTIONS)], name=_("What"))
        self.tabs = ArrangeList(name=_("Tabs of the card"))
        self.sections = ArrangeList(name=_("Sections and fields"))
        self.stack = QStackedWidget()
        self.stack.addWidget(_framed(self.tabs))
        self.stack.addWidget(_framed(self.sections))
        self.new = Button(_("New section"), "add", "ghost")
        self.new.clicked.connect(self.add_section)
        hint = Label(
            _("Drag, or move with Alt+↑ and Alt+↓. Space shows and hides, F2 renames a section."),
            "small", "text3", wrap=True,
        )  # fmt: skip
        body = QWidget()
        body.setLayout(column(row(self.which, None, self.new), self.stack, hint, gap=10))
        super().__init__(_("Arrange the card"), body, parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(px(520), px(620))
        self.office = CheckBox(_("For the whole office"))
        again = Button(_("As it was at first"), kind="link")
        again.clicked.connect(self._start_again)
        self.add_left(self.office)
        self.add_left(again)
        self.add_button(_("Cancel"), result=0)
        self.add_button(_("Save"), kind="primary", result=1)
        self._tabs = tabs
        self._fill(layout)
        self.which.chosen.connect(self.show_page)
        self.show_page(TABS)

    def _fill(self, layout: CardLayout) -> None:
        titles = dict(self._tabs)
        hidden = layout.hidden_tabs
        self.tabs.set_lines(
            ArrangeLine(key, titles[key], ticked=key not in hidden, fixed=key == DETAILS)
            for key in replace(layout, hidden_tabs=frozenset()).order(list(titles))
        )
        lines: list[ArrangeLine] = []
        for section in full_sections(layout, self._entity):
            lines.append(ArrangeLine(section.title, section_title(section.title), heading=True))
            lines += [self._field(key, layout) for key in section.fields]
        self.sections.set_lines(lines)

    def _field(self, key: str, layout: CardLayout) -> ArrangeLine:
        f = self._entity.field(key)
        return ArrangeLine(key, _(f.label), ticked=key not in layout.hidden_fields,
                           fixed=f.required)  # fmt: skip

    def show_page(self, which: Any) -> None:
        """The list of tabs or that of sections."""
        self.which.set_value(which)
        self.stack.setCurrentIndex(0 if which == TABS else 1)
        self.new.setVisible(which == SECTIONS)
        (self.tabs if which == TABS else self.sections).setFocus()

    def add_section(self) -> None:
        """A new section at the end, to be named at once."""
        self.reset = False
        self.sections.add_heading(ArrangeLine(_("New section"), _("New section"), heading=True))

    def _start_again(self) -> None:
        self.reset = True
        self._fill(EMPTY)

    def made(self) -> CardLayout | None:
        """The layout as it stands in the lists; None for that of the program, unchanged."""
        tabs, lines = self.tabs.lines(), self.sections.lines()
        sections: list[tuple[str, list[str]]] = []
        for line in lines:
            if line.heading:
                kept = line.text == section_title(line.key)
                sections.append((line.key if kept else line.text, []))
            elif sections:
                sections[-1][1].append(line.key)
        found = CardLayout(
            tuple(line.key for line in tabs),
            frozenset(line.key for line in tabs if not line.ticked),
            tuple(LayoutSection(title, tuple(keys)) for title, keys in sections),
            frozenset(line.key for line in lines if not line.heading and not line.ticked),
        )
        return None if self.reset and self._is_first(found) else found

    def _is_first(self, layout: CardLayout) -> bool:
        first = tuple(full_sections(EMPTY, self._entity))
        return layout == CardLayout(tuple(key for key, _title in self._tabs), sections=first)


def _framed(view: QWidget) -> QWidget:
    frame = Surface("surface", "ltrb")
    frame.setLayout(row(view, margins=(1, 1, 1, 1)))
    return frame


class SectionDialog(Dialog):
    """A new section: its name, and the fields that move into it."""

    def __init__(self, entity: EntityDef, layout: CardLayout, parent: QWidget) -> None:
        self.fields: list[str] = []
        self._entity, self._layout = entity, layout
        self.name = LineEdit(name=_("Name"), placeholder=_("Delivery, Site, Documents…"))
        self.box = FieldBox(_("Name"), self.name, required=True)
        self._pick = PickList(name=_("Fields"), search=_("Find a field"), rows=8)
        self._pick.ticked.connect(self.tick)
        body = QWidget()
        fields = Label(_("Fields of the section"), "small", "text2")
        body.setLayout(column(self.box, fields, self._pick, gap=6))
        super().__init__(_("New section"), body, parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.add_button(_("Cancel"), result=0)
        self.add_button(_("Create"), kind="primary").clicked.connect(self.create)
        self.layout_made: CardLayout | None = None
        self._show_ticks()
        self.name.setFocus()

    def tick(self, key: object, on: bool) -> None:
        """Takes a field into the section, or leaves it where it is."""
        if on and key not in self.fields:
            self.fields.append(str(key))
        elif not on and key in self.fields:
            self.fields.remove(str(key))
        self._show_ticks()

    def _show_ticks(self) -> None:
        self._pick.set_items([
            PickItem(f.key, _(f.label), ticked=f.key in self.fields)
            for f in arrangeable(self._entity)
        ])  # fmt: skip

    def create(self) -> None:
        """Closes with the new layout, or says under the name what is wrong with it."""
        try:
            self.layout_made = with_section(
                self._layout, self._entity, self.name.text(), self.fields
            )
        except InvalidInput as error:
            self.box.set_error(error.message)
            return
        self.accept()


class CardArranging(QObject):
    """What the person does to the tabs and sections of a card; kept at once."""

    def __init__(self, controller: CardController, tabs: CardTabs) -> None:
        super().__init__(tabs)
        self._controller, self._tabs = controller, tabs
        tabs.bar.moved.connect(self.move_tabs)
        tabs.bar.menu_asked.connect(self._open_menu)
        tabs.bar.add_asked.connect(self.open)

    def _is_refused(self) -> bool:
        """Whoever came in only to read arranges no cards, and is told so."""
        return self._controller.session.refusals.stops(WRITE)

    def actions(self) -> list[tuple[str, str, Callable[[], Any]]]:
        """(icon, words, what it does) for the menu of the card."""
        return [
            ("plus-circle", _("New section…"), self.new_section),
            ("columns", _("Arrange tabs and sections…"), self.open),
        ]

    def move_tabs(self, keys: list[str]) -> None:
        """The tabs of the bar in a new order; folded and hidden ones keep their places behind."""
        layout = self._layout()
        rest = [key for key, _title in self._tabs.every() if key not in keys]
        self._keep(replace(layout, tabs=(*keys, *rest)))

    def hide_tab(self, key: str) -> None:
        """The tab is not seen any more; it comes back by arranging."""
        layout = self._layout()
        self._keep(replace(layout, hidden_tabs=layout.hidden_tabs | {key}))

    def open(self) -> ArrangeDialog | None:
        """The dialog with both lists; does not wait."""
        contents = self._controller.contents
        if contents is None or self._is_refused():
            return None
        dialog = ArrangeDialog(
            contents.entity, contents.layout, self._tabs.every(), self._tabs.window()
        )
        dialog.accepted.connect(lambda: self._keep(dialog.made(), dialog.office.isChecked()))
        dialog.open()
        return dialog

    def new_section(self) -> SectionDialog | None:
        """The dialog of a new section; does not wait."""
        contents = self._controller.contents
        if contents is None or self._is_refused():
            return None
        dialog = SectionDialog(contents.entity, contents.layout, self._tabs.window())
        dialog.accepted.connect(lambda: self._keep(dialog.layout_made))
        dialog.open()
        return dialog

    def _layout(self) -> CardLayout:
        contents = self._controller.contents
        return contents.layout if contents is not None else EMPTY

    def _keep(self, layout: CardLayout | None, office: bool = False) -> None:
        """Keeps the layout for the person or the office; None takes back what was arranged."""
        contents, session = self._controller.contents, self._controller.session
        if contents is None:
            return
        base, key = session.base, contents.entity.key

        def work(job: Any) -> None:
            person = None if office else base.user_id
            if layout is None:
                base.layouts.reset(key, person)
            else:
                base.layouts.save(key, layout, person)
            if office and base.user_id:
                base.layouts.reset(key, base.user_id)  # else the own one would hide the default

        session.operations.run(
            work, owner=self._tabs, title=_("Arrange the card"),
            done=lambda _nothing: self._controller.reload(), failed=self._refused,
        )  # fmt: skip

    def _refused(self, error: UserError) -> None:
        self._controller.navigator.refuse(error)
        self._controller.reload()

    def _open_menu(self, key: str, place: QPoint) -> None:
        menu = Menu(self._tabs)
        if key != DETAILS:
            hide = menu.addAction(icon("eye-off"), _("Hide this tab"))
            hide.triggered.connect(lambda: self.hide_tab(key))
        for picture, words, act in self.actions():
            menu.addAction(icon(picture), words).triggered.connect(lambda _on, act=act: act())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)
