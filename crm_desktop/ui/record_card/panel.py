"""The side panel: the record that the list points at, without leaving the list."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.card_parts import CardParts
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import Navigator
from crm_desktop.ui.record_card.arranging import CardArranging
from crm_desktop.ui.record_card.card_tabs import TIMELINE, CardTabs
from crm_desktop.ui.record_card.controller import CardController
from crm_desktop.ui.record_card.drops import CardDrops
from crm_desktop.ui.record_card.head import CardHead
from crm_desktop.ui.record_card.header import CardHeader
from crm_desktop.ui.record_card.loading import CardContents
from crm_desktop.ui.record_card.overview import OverviewView
from crm_desktop.ui.record_card.quick_actions import QuickActions
from crm_desktop.ui.session import Session
from crm_desktop.ui.widgets.buttons import ToolButton
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.labels import Surface
from crm_desktop.ui.widgets.layouts import column, row, settle
from crm_desktop.ui.widgets.popover import Menu

OVERVIEW = N_("Overview")
DEBOUNCE_MS = 40
_MARGIN = 20
_LAYOUT = "card_panel"


class RecordPanel(Surface):
    """Shows what `show_record` names; of quick changes only the last is read."""

    close_wanted = Signal()
    """The person wants the panel out of the way."""

    def __init__(
        self, session: Session, navigator: Navigator, parts: CardParts | None = None
    ) -> None:
        super().__init__("surface", "l")
        self.navigator = navigator
        self.controller = CardController(session, navigator, self, parts)
        self._wanted: Ref | None = None
        self._coming = True
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._load)
        self.open_button = ToolButton("expand", "")
        self.more = ToolButton("more", "")
        self.close_button = ToolButton("close", "")
        self.header = CardHeader(self.open_button, self.more, self.close_button, narrow=True)
        self.actions_row = QuickActions(self.controller)
        self.overview = OverviewView(self.controller.make_editor, events=True, margin=_MARGIN)
        self.tabs = CardTabs(
            self.controller, self.overview, first_title=OVERVIEW, margin=_MARGIN,
            layout_key=_LAYOUT, extra=self.controller.parts.tabs,
        )  # fmt: skip
        self.arranging = CardArranging(self.controller, self.tabs)
        self._nothing = EmptyState()
        self._lay_out()
        self._connect()
        keep_translated(self, self._say_texts)

    def _lay_out(self) -> None:
        self.head = CardHead(
            self.controller, self.header, self.actions_row, margins=(_MARGIN, 16, 12, 8), wide=False
        )
        card = QWidget()
        self.drops = CardDrops(card, self.controller)
        whole = column(self.head, self.tabs, gap=0)
        whole.setStretch(1, 1)
        card.setLayout(whole)
        self.stack = QStackedWidget()
        self._blank = QWidget()  # while a record is being read
        self.stack.addWidget(self._blank)
        self.stack.addWidget(self._nothing)
        self.stack.addWidget(card)
        self._card = card
        self.setLayout(row(self.stack, margins=(1, 0, 0, 0)))
        self.overview.facts.prepare()

    def _connect(self) -> None:
        controller, facts = self.controller, self.overview.facts
        controller.loaded.connect(self._show)
        controller.gone.connect(self._show_nothing)
        self.overview.follow(controller)
        facts.opened.connect(controller.open_fact)
        facts.copied.connect(controller.copy)
        self.overview.events.all_asked.connect(lambda: self.tabs.open_tab(TIMELINE))
        self.overview.events.opened.connect(lambda _entry: self.tabs.open_tab(TIMELINE))
        self.actions_row.note_wanted.connect(self.note)
        self.head.figure_opened.connect(self.tabs.open_target)
        self.open_button.clicked.connect(self.open_card)
        self.close_button.clicked.connect(self.close_wanted)
        self.more.clicked.connect(self._open_menu)
        controller.session.catalogue_changed.connect(self.tabs.forget_pages)
        controller.session.closed.connect(self.tabs.forget_pages)
        controller.session.closed.connect(self._show_nothing)

    def _say_texts(self) -> None:
        self.open_button.set_tip(_("Open the full card"), "Enter")
        self.more.set_tip(_("More"))
        self.close_button.set_tip(_("Close the panel"))
        self._nothing.set_texts(
            "panel-right", _("No record is chosen"),
            _("Choose a row of the list: its card appears here."),
        )  # fmt: skip
        self._nothing.set_actions()
        if self.controller.contents is not None:
            self._show(self.controller.contents)

    # --- what the window says ---------------------------------------------------------------------

    def show_record(self, ref: Ref | None, coming: bool = False) -> None:
        """The list points at another record, at none, or with `coming` at none that is known."""
        first = not self._timer.isActive()
        self._wanted, self._coming = ref, coming
        self._timer.start()
        if first and self.isVisible():  # a single click waits for nothing; a held key is followed
            self._load()

    def current(self) -> Ref | None:
        """The record that is shown."""
        return self.controller.ref

    def is_changed(self) -> bool:
        """Whether something typed is not saved yet."""
        return self.overview.is_changed() or self.tabs.is_changed()

    def note(self) -> None:
        """Begins a new entry of the timeline."""
        self.tabs.note()

    # --- inside -----------------------------------------------------------------------------------

    def _load(self) -> None:
        if self._wanted != self.controller.ref:
            self.overview.facts.give_all()
            self.controller.show_record(self._wanted)
            if self._wanted is not None and self.stack.currentWidget() is self._nothing:
                self.stack.setCurrentWidget(self._blank)
        if self._wanted is None:
            self._show_nothing()

    def _show(self, contents: CardContents) -> None:
        around = self.controller.around()
        self.head.show_contents(contents, around)
        self.overview.show_contents(contents, around)
        self.tabs.show_contents(contents)
        self.setAccessibleName(contents.title)
        self.stack.setCurrentWidget(self._card)
        settle(self._card, self.head)

    def _show_nothing(self) -> None:
        self.stack.setCurrentWidget(self._blank if self._coming else self._nothing)

    def open_card(self) -> None:
        """The full card in a tab."""
        if self.controller.ref is not None:
            self.navigator.open_record(self.controller.ref)

    def _open_menu(self) -> None:
        ref = self.controller.ref
        if ref is None:
            return
        acts = [
            ("expand", _("Open the full card"), self.open_card),
            ("new", _("Open in a new tab"), lambda: self.navigator.open_record(ref, True)),
            ("phone", _("Add a contact"), self.overview.add_contact),
            ("list", _("Start a set of activities…"), lambda: self.navigator.start_set(ref)),
            *self.controller.repeating(),
            *self.arranging.actions(),
            ("delete", _("Delete"), lambda: self.controller.delete([ref])),
        ]
        contents = self.controller.contents
        missing = {
            "phone": contents is None or contents.channel_shape is None,
            "list": contents is None or contents.activity_shape is None,
        }
        acts = [act for act in acts if not missing.get(act[0])]
        Menu.of(self, acts, self.controller.rights.of_card()).open_below(self.more)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self.focusWidget() in (None, self, self.tabs.bar):
            self.open_card()
            return
        if event.matches(QKeySequence.StandardKey.Paste) and self.drops.paste():
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.head.geometry().contains(event.position().toPoint()):
            self.open_card()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.controller.wake()
        if self._wanted != self.controller.ref:
            self._timer.start()
