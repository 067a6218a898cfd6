"""The tabs of a card: which there are, their counters, and the pages made when first chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from crm_desktop import i18n
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.shared_traits import PickedInPlace
from crm_desktop.models.text.numbers import format_number
from crm_desktop.services.customisation.layouts import CardLayout
from crm_desktop.settings import LIST_LAYOUTS
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.record_card.children import ChildTab
from crm_desktop.ui.record_card.contacts import ContactsTab
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.history import HistoryTab
from crm_desktop.ui.record_card.loading import CardContents, TabCount
from crm_desktop.ui.record_card.picked_tab import PickedTab
from crm_desktop.ui.record_card.tab import CardTab
from crm_desktop.ui.record_card.timeline import TimelineTab
from crm_desktop.ui.widgets.layouts import column
from crm_desktop.ui.widgets.tabs import Tab, Tabs

DETAILS, TIMELINE, HISTORY = "details", "timeline", "history"


class ExtraTab(Protocol):
    """A tab of a feature's own, named in `ui.card_features.CARD_TABS`."""

    title: str
    """Marked with `N_`."""

    def accepts(self, entity: EntityDef) -> bool:
        """Whether cards of the object have the tab."""

    def make(self, controller: CardController) -> CardTab:
        """The tab's widget."""


class CardTabs(QWidget):
    """The bar and the pages. `details` is the page that is always there."""

    chosen = Signal(str)

    def __init__(
        self,
        controller: CardController,
        details: QWidget,
        *,
        first_title: str,
        margin: int,
        layout_key: str,
        extra: Mapping[str, ExtraTab],
    ) -> None:
        """`first_title` (marked with `N_`) names the details; `layout_key` is where the last tab
        of each object is remembered."""
        super().__init__()
        self._controller, self._margin, self._extra = controller, margin, extra
        self._first_title, self._layout_key = first_title, layout_key
        self._contents: CardContents | None = None
        self._pages: dict[tuple[str, str], CardTab] = {}
        self.bar = Tabs(name=_("Tabs of the card"), pad=margin)
        self.stack = QStackedWidget()
        self._details = details
        self.stack.addWidget(details)
        self.bar.chosen.connect(self._choose)
        whole = column(self.bar, self.stack, gap=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.bar.movable = True
        keep_translated(self, self._say_texts)

    def _say_texts(self) -> None:
        self.bar.set_texts(_("Tabs of the card"), _("Arrange tabs and sections…"))
        self.bar.set_more(_("More ({count})"))
        self._say_tabs()

    def show_contents(self, contents: CardContents) -> None:
        """Another record: the same tab as the last time at such a record; counters anew."""
        before, self._contents = self._contents, contents
        if before is None or before.entity != contents.entity:
            if before is None or before.entity.key != contents.entity.key:
                self._say_tabs()
                self.bar.set_current(self._remembered(contents.entity))
            else:
                self.forget_pages()
        self._say_tabs()
        self._show_page()

    def forget_pages(self) -> None:
        """Another base or another catalogue: tabs are made anew."""
        for page in self._pages.values():
            self.stack.removeWidget(page)
            page.hide()
            page.deleteLater()
        self._pages.clear()
        self.stack.setCurrentWidget(self._details)

    def open_tab(self, key: str) -> CardTab | None:
        """Goes to a tab; its widget unless it is the details."""
        self.bar.set_current(key)
        self._choose(self.bar.current())
        return self.page(key)

    def note(self) -> None:
        """Begins a new entry of the timeline."""
        page = self.open_tab(TIMELINE)
        if isinstance(page, TimelineTab):
            page.note()

    def open_target(self, target: object) -> None:
        """Goes where a figure of the header leads: to a tab, a record or an address."""
        contents = self._contents
        tabs = {DETAILS, TIMELINE, HISTORY, *self._extra}
        if contents is not None:
            tabs.update(tab.key for tab in contents.tabs)
        if target in tabs:
            self.open_tab(str(target))
        elif isinstance(target, str):
            self._controller.open_address(target)
        elif target is not None:
            self._controller.open_fact(target)

    def page(self, key: str) -> CardTab | None:
        """The widget of a tab that was made already."""
        return self._pages.get((self._contents.entity.key, key)) if self._contents else None

    def is_changed(self) -> bool:
        """Whether any tab holds something that is not saved."""
        return any(page.is_changed() for page in self._pages.values())

    # --- which tabs there are ---------------------------------------------------------------------

    def _say_tabs(self) -> None:
        contents = self._contents
        if contents is None:
            return
        first = [Tab(DETAILS, _(self._first_title))]
        shape = contents.activity_shape
        if shape is not None:
            first.append(Tab(TIMELINE, _("Timeline"), _count(contents.event_count)))
        rest = [t for t in contents.tabs if shape is None or t.link != shape.link]
        counted = [self._tab(t) for t in rest if t.count]
        last = [Tab(HISTORY, _("History"))]
        empty = [self._tab(t) for t in rest if not t.count]
        own = {found.key for found in rest}  # a part of that key takes the place of the table
        extra = [
            Tab(key, _(tab.title)) for key, tab in self._extra.items()
            if key not in own and tab.accepts(contents.entity)
        ]  # fmt: skip
        self._put((*first, *counted, *extra, *last), tuple(empty), contents.layout)

    def _put(self, full: tuple[Tab, ...], empty: tuple[Tab, ...], layout: CardLayout) -> None:
        """In the person's order; the empty ones wait under "More"."""
        by_key = {tab.key: tab for tab in (*full, *empty)}
        order = layout.order(list(by_key))
        if DETAILS not in order:  # the one tab that cannot be done without
            order.insert(0, DETAILS)
        empty_keys = {tab.key for tab in empty}
        shown = tuple(by_key[key] for key in order if key not in empty_keys)
        self.bar.set_tabs(shown, folded=tuple(by_key[k] for k in order if k in empty_keys))

    def every(self) -> list[tuple[str, str]]:
        """(key, title) of every tab cards of the object have, hidden and empty ones too."""
        contents = self._contents
        if contents is None:
            return []
        found = [(DETAILS, _(self._first_title))]
        shape = contents.activity_shape
        if shape is not None:
            found.append((TIMELINE, _("Timeline")))
        rest = [t for t in contents.tabs if shape is None or t.link != shape.link]
        found += [(t.key, _(t.link.label)) for t in rest]
        found += [
            (key, _(tab.title)) for key, tab in self._extra.items() if tab.accepts(contents.entity)
        ]
        return [*found, (HISTORY, _("History"))]

    @staticmethod
    def _tab(found: TabCount) -> Tab:
        muted = not found.count
        return Tab(found.key, _(found.link.label), _count(found.count), muted=muted)

    def _remembered(self, entity: EntityDef) -> str:
        kept = self._controller.session.settings.get(LIST_LAYOUTS).get(self._layout_key)
        return str(kept.get(entity.key, DETAILS)) if isinstance(kept, dict) else DETAILS

    def _remember(self, key: str) -> None:
        if self._contents is None:
            return
        settings = self._controller.session.settings
        kept = settings.get(LIST_LAYOUTS).get(self._layout_key)
        known = kept if isinstance(kept, dict) else {}
        entry = {**known, self._contents.entity.key: key}
        settings.put_entry(LIST_LAYOUTS, self._layout_key, entry)

    # --- pages ------------------------------------------------------------------------------------

    def _choose(self, key: str) -> None:
        self._remember(key)
        self._show_page()
        self.chosen.emit(key)

    def _show_page(self) -> None:
        contents, key = self._contents, self.bar.current()
        if contents is None:
            return
        if key == DETAILS:
            self.stack.setCurrentWidget(self._details)
            return
        page = self._pages.get((contents.entity.key, key)) or self._make(contents, key)
        self.stack.setCurrentWidget(page)
        page.show_contents(contents)

    def _make(self, contents: CardContents, key: str) -> CardTab:
        page = self._made(contents, key)
        page.tab_wanted.connect(self.open_tab)
        self._pages[contents.entity.key, key] = page
        self.stack.addWidget(page)
        return page

    def _made(self, contents: CardContents, key: str) -> CardTab:
        if key == HISTORY:
            return HistoryTab(self._controller, self._margin)
        if key == TIMELINE and contents.activity_shape is not None:
            return TimelineTab(self._controller, contents.activity_shape, self._margin)
        if key in self._extra:
            return self._extra[key].make(self._controller)
        found = next(tab for tab in contents.tabs if tab.key == key)
        shape = contents.channel_shape
        if shape is not None and found.link == shape.link:
            return ContactsTab(self._controller, shape, self._margin)
        picked = found.link.parent and found.link.entity.trait(PickedInPlace) is not None
        make = PickedTab if picked else ChildTab
        return make(self._controller, found.link, self._margin)


def _count(count: int) -> str:
    return format_number(count, 0, i18n.language()) if count else ""
