"""The page of the planner: bar, grid, legend; at the right the month and what has no time yet."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, QSignalBlocker, Qt
from PySide6.QtGui import QResizeEvent

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.planner.bars import Bar, Undated
from crm_desktop.services.planner.question import MOST_UNDATED
from crm_desktop.services.rights import words as rights
from crm_desktop.ui.icons import icon
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import PAGE, Navigator, Place
from crm_desktop.ui.page import AheadPage
from crm_desktop.ui.planner import words
from crm_desktop.ui.planner.away import SomebodyAway
from crm_desktop.ui.planner.controller import PlannerController
from crm_desktop.ui.planner.draft_bar import DraftBar
from crm_desktop.ui.planner.grid import PlannerGrid
from crm_desktop.ui.planner.legend import Legend
from crm_desktop.ui.planner.look import KIND, PERSON, SEGMENT, STATE
from crm_desktop.ui.planner.new_entry import NewEntries
from crm_desktop.ui.planner.period_label import PeriodLabel
from crm_desktop.ui.planner.printing import PlannerPrinting
from crm_desktop.ui.planner.state import VIEWS
from crm_desktop.ui.planner.tray import Card, Tray
from crm_desktop.ui.planner.view_bar import ViewBar
from crm_desktop.ui.planner.views import Views, view_words
from crm_desktop.ui.portraits.avatars import portraits_of
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import category, px
from crm_desktop.ui.widgets.buttons import Button, ToolButton
from crm_desktop.ui.widgets.calendar import MonthPanel
from crm_desktop.ui.widgets.choices import Segment
from crm_desktop.ui.widgets.labels import Label, Rule, Surface
from crm_desktop.ui.widgets.layouts import column, row
from crm_desktop.ui.widgets.popover import Menu

NAME = "planner"
SIDE, NARROW, TIGHT = 262, 1010, 880
"""Width of the right side; below that width of the page it goes."""


class PlannerPage(AheadPage):
    """The whole team's time on one sheet."""

    def __init__(self, session: Session, navigator: Navigator, *, ahead: bool = False) -> None:
        """`ahead`: nobody wants it yet; it is made by `go_on` and asks nothing of the base."""
        super().__init__()
        self._is_whole = False
        self._session, self._navigator = session, navigator
        self.grid = PlannerGrid()
        portraits = portraits_of(session)
        self.grid.picture_of = portraits.of
        portraits.changed.connect(self.grid.names.update)
        self.controller = PlannerController(session, navigator, self.grid)
        self._new_entries = NewEntries(self.controller)
        pieces = (self._make_views, self._make_bars, self._make_side, self._put_together)
        self._pieces = iter(pieces)
        if ahead:
            return
        self.controller.wake()  # the base answers while the rest is made
        while self.go_on():
            pass
        if self.grid.drawing is not None:  # it has answered at once, before anybody listened
            self.controller.read()

    # --- how it is put together -------------------------------------------------------------------

    def _make_views(self) -> None:
        self.views = Views(self.controller, self.grid)
        self.agenda, self.hover = self.views.agenda, self.views.hovers[0]
        self.printing = PlannerPrinting(self.controller, self)

    def _make_bars(self) -> None:
        self.period = PeriodLabel()
        self.before, self.after = (
            ToolButton("chevron-left", "", boxed=True),
            ToolButton("chevron-right", "", boxed=True),
        )
        self.today = Button("")
        self.view = Segment([(name, name) for name in VIEWS], name="")
        self.view_bar = ViewBar(self.controller)
        self.print_button = ToolButton("print", "")
        self.clock_button = ToolButton("clock", "", checkable=True)
        self.away = SomebodyAway(self.controller)
        self.away_button = ToolButton("people-team", "")
        self.draft_button = ToolButton("edit", "", checkable=True)
        self.draft_bar = DraftBar(self.controller.drafting)
        self.new = Button("", "calendar-add")
        self.legend = Legend()
        self.colours = Button("", kind="ghost")

    def _make_side(self) -> None:
        self.tray = Tray(_("Without a time"))
        self.tray_title, self.tray_count = Label("", "strong"), Label("", "small", "text3")
        self.tray_hint = Label("", "small", "text2", wrap=True)
        self.month = self._month()
        self.side = self._side()

    def _put_together(self) -> None:
        self._arrange()
        self._connect()
        keep_translated(self, self._say_texts)
        self._is_whole = True
        self._fit_width()

    def _month(self) -> MonthPanel:
        today = self._session.base.clock.today()
        panel = MonthPanel(today, name=_("Month"), before=_("Month before"), after=_("Next month"))
        panel.grid.picked.connect(self.controller.go)
        self._marked = today
        return panel

    def _side(self) -> Surface:
        side = Surface("surface", "l")
        head = row(self.tray_title, self.tray_count, None, gap=8)
        layout = column(self.month, Rule(), head, self.tray_hint, self.tray, gap=8,
                        margins=(12, 14, 12, 8))  # fmt: skip
        layout.setStretch(4, 1)
        side.setLayout(layout)
        side.setFixedWidth(px(SIDE))
        return side

    def _arrange(self) -> None:
        bar = row(
            self.before, self.today, self.after, 6, self.period, self.view,
            self.draft_button, self.print_button, self.new, gap=6, margins=(16, 12, 16, 12),
        )  # fmt: skip
        bar.setStretchFactor(self.period, 1)
        foot = Surface("sunken", "t")
        foot.setLayout(row(self.legend, self.away_button, self.clock_button, self.colours,
                           gap=4, margins=(16, 3, 10, 3)))  # fmt: skip
        foot.layout().setStretch(0, 1)  # type: ignore[attr-defined]
        ground = Surface("surface")
        main = column(bar, self.view_bar, Rule(), self.draft_bar, gap=0)
        for widget in self.views.widgets():
            main.addWidget(widget, 1)
        main.addWidget(foot)
        ground.setLayout(main)
        whole = row(ground, self.side, gap=0)
        whole.setStretch(0, 1)
        self.setLayout(whole)
        self.views.show_chosen()

    def _connect(self) -> None:
        controller = self.controller
        self.before.clicked.connect(lambda: controller.step(-1))
        self.after.clicked.connect(lambda: controller.step(1))
        self.today.clicked.connect(controller.today)
        self.view.chosen.connect(self._show_view)
        self.views.bind_keys(self, self._show_view)
        controller.view_changed.connect(self._view_changed)
        controller.named.connect(self._named)
        self._view_changed()
        self.clock_button.toggled.connect(controller.show_whole_day)
        self.away_button.clicked.connect(self.away.open)
        self.draft_button.clicked.connect(controller.drafting.turn)
        controller.drafting.changed.connect(self._drafting_changed)
        self._drafting_changed()
        self.print_button.clicked.connect(self.printing.open)
        self.new.clicked.connect(self._new)
        event = controller.planner.schedule.event.key
        self._session.refusals.follow(
            self.new,
            lambda: "" if controller.drafting.on else
            self._session.refusals.why(rights.CREATE, event),
        )  # fmt: skip
        controller.drafting.changed.connect(self._session.refusals.look)
        self.colours.clicked.connect(self._colour_menu)
        controller.shown.connect(self._shown)
        controller.undated_came.connect(self._show_tray)
        for view in self.views.surfaces:
            view.new_wanted.connect(self._new_entries.ask)
            view.record_dropped.connect(self._dropped)
            view.menu_wanted.connect(self._menu)
            view.draft_wanted.connect(lambda: controller.drafting.turn(not controller.drafting.on))
        self.tray.opened.connect(controller.open)
        self.tray.place_wanted.connect(controller.put_first_free)

    def _say_texts(self) -> None:
        self.before.set_tip(_("Earlier"), "PageUp")
        self.after.set_tip(_("Later"), "PageDown")
        self.today.setText(_("Today"))
        self.view.set_choices(view_words())
        self.view.set_name(_("View"))
        self.view.set_value(self.controller.arrangement.view)
        self.view.setToolTip(_("Alt+1 … Alt+5 change the view"))
        self.print_button.set_tip(_("Print or save as PDF"), "Ctrl+P")
        self.clock_button.set_tip(_("Show all 24 hours"))
        self.away_button.set_tip(_("Somebody is away: plan the day anew"))
        self.draft_button.set_tip(_("Draft: try changes out, then apply them all"), "D")
        self._say_new()
        self.tray_title.setText(_("Without a time"))
        self.tray_hint.setText(
            _("Drag it onto the grid, or press Ctrl+Enter for the first free time")
        )
        self._shown()
        self.title_changed.emit()

    def _say_new(self) -> None:
        """Without its word where the days would be cut for it."""
        narrow = self.width() - self.side.width() * self.side.isVisibleTo(self) < px(TIGHT)
        self.new.setText("" if narrow else _("New"))
        self.new.setAccessibleName(_("New"))
        self.new.setToolTip(_("New") if narrow else "")

    # --- what is shown ----------------------------------------------------------------------------

    def _shown(self) -> None:
        controller = self.controller
        self.period.show_forms(controller.period_forms(self._session.base.clock.today().year))
        if controller.day != self._marked:
            self._marked = controller.day
            self.month.grid.set_day(controller.day)
        drawing = controller.grid.drawing
        met = drawing.sheet.met if drawing is not None else ()
        self.legend.show_keys(controller.look.legend(met))
        self.paint_again()
        self.colours.setText(_("Colours: {by}").format(by=_ways()[controller.arrangement.way]))

    def _named(self) -> None:
        if self.controller.arrangement.way == SEGMENT:  # the legend tells them
            self._shown()

    def _drafting_changed(self) -> None:
        self.draft_button.setChecked(self.controller.drafting.on)
        self.title_changed.emit()

    def _show_tray(self, found: list[Undated], names: dict[Ref, str]) -> None:
        self.controller.undated = found
        now, look = self._session.base.clock.local(), self.controller.look
        cards = []
        for one in found:
            detail, late = words.detail(one, now)
            name = names.get(one.about, "") if one.about is not None else ""
            title, second = (name, one.subject) if name else (one.subject, "")
            edge = category(look.of_kind(one.kind))[0]
            cards.append(Card(one, title, second, detail, late, edge))
        self.tray.cards.show_cards(cards)
        more = "+" if len(found) >= MOST_UNDATED else ""
        self.tray_count.setText(f"{len(cards)}{more}" if cards else "")
        empty = _("Everything that is planned has its time")
        full = _("Drag it onto the grid, or press Ctrl+Enter for the first free time")
        self.tray_hint.setText(full if cards else empty)

    def _show_view(self, view: object) -> None:
        self.controller.show_view(str(view))
        self.take_focus()

    def _view_changed(self) -> None:
        kept = self.controller.arrangement
        self.view.set_value(kept.view)
        with QSignalBlocker(self.clock_button):
            self.clock_button.setChecked(kept.whole_day)

    def _new(self) -> None:
        self.controller.grid.keys.new()

    def _colour_menu(self) -> None:
        menu = Menu(self)
        for way, title in _ways().items():
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(way == self.controller.arrangement.way)
            action.triggered.connect(lambda _on=False, w=way: self.controller.colour(w))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.open_below(self.colours)

    def _menu(self, bar: Bar, at: QPoint) -> None:
        menu = Menu(self)
        menu.addAction(icon("open"), _("Open")).triggered.connect(lambda: self.controller.open(bar))
        if bar.about is not None:
            about = bar.about
            menu.addAction(icon("link"), _("Open what it is about")).triggered.connect(
                lambda: self._navigator.open_record(about)
            )
        menu.addSeparator()
        bars = list(self.controller.grid.chosen.values())
        drafted = [one for one in bars if one.draft]
        if drafted:
            menu.addAction(icon("undo"), _("Take back the draft")).triggered.connect(
                lambda: self.controller.drafting.take_back(drafted)
            )
        delete = menu.addAction(icon("delete"), _("Delete"))
        delete.triggered.connect(lambda: self.controller.delete(bars))
        self._session.refusals.follow(
            delete, lambda: self.controller.owners.why(rights.DELETE, bars)
        )  # fmt: skip
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    # --- something new ----------------------------------------------------------------------------

    def _dropped(self, record: Ref, ref: Ref, starts: int, ends: int) -> None:
        """From a list: an entry goes there, anything else is what a new one is about."""
        if record.entity == self.controller.planner.schedule.event.key:
            self.controller.place(record.id, ref, starts)
        else:
            self._new_entries.ask(ref, starts, ends, about=record)

    # --- what the window asks ---------------------------------------------------------------------

    def go_on(self) -> bool:
        piece = next(self._pieces, None)
        if piece is not None:
            piece()
        return piece is not None

    def show_place(self, place: Place) -> None:
        if not self.controller.awake:
            self.hold_painting()
            self.controller.wake()

    def rest(self) -> bool:
        return self.controller.rest()

    def title(self) -> str:
        return _("Planner")

    def icon(self) -> str:
        return "entity-event"

    def place(self) -> Place:
        return Place(PAGE, name=NAME)

    def is_changed(self) -> bool:
        return len(self.controller.drafting.drafts) > 0

    def take_focus(self) -> None:
        self.views.front.setFocus(Qt.FocusReason.OtherFocusReason)

    def run(self, action_id: str) -> bool:
        acts: dict[str, Any] = {
            "refresh": self.controller.read, "new": self._new, "print": self.printing.open,
        }  # fmt: skip
        if action_id not in acts:
            return False
        acts[action_id]()
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_whole:  # a picture of anything in the window tells all pages their size
            self._fit_width()

    def _fit_width(self) -> None:
        self.side.setVisible(self.width() >= px(NARROW))
        self._say_new()


def _ways() -> dict[str, str]:
    return {
        KIND: _("by kind"), STATE: _("by state"), SEGMENT: _("by segment"),
        PERSON: _("by person"),
    }  # fmt: skip
