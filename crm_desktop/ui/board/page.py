"""The page of the board: what is shown above, the columns, what is stuck at the right."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.catalogue.holding import is_held
from crm_desktop.models.catalogue.sales_traits import Funnel
from crm_desktop.services.board.cards import Card, totals
from crm_desktop.services.board.stuck import Reach, Waiting, reach_of
from crm_desktop.services.rights import words as rights
from crm_desktop.ui.board import words
from crm_desktop.ui.board.acts import Chosen, card_actions, card_menu
from crm_desktop.ui.board.controller import BoardController
from crm_desktop.ui.board.hover import HoverCard
from crm_desktop.ui.board.kept_views import BoardViews
from crm_desktop.ui.board.look_menu import look_menu, way_words
from crm_desktop.ui.board.narrowing import Narrowing
from crm_desktop.ui.board.strip import StuckStrip
from crm_desktop.ui.board.view import BoardView
from crm_desktop.ui.conditions import MakeConditions
from crm_desktop.ui.dialling import dial_hidden
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.navigation import PAGE, Navigator, Place
from crm_desktop.ui.operations import Job
from crm_desktop.ui.page import Page
from crm_desktop.ui.portraits.avatars import portraits_of
from crm_desktop.ui.session import Session
from crm_desktop.ui.theme import px
from crm_desktop.ui.tips import plain_tip
from crm_desktop.ui.widgets.buttons import Button, ToolButton
from crm_desktop.ui.widgets.choices import ComboBox, Segment
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.labels import Label, Rule, Surface
from crm_desktop.ui.widgets.layouts import column, row

NAME = "board"
NARROW = 600
"""Below this width the strip of what is stuck makes room for the columns, and nothing offers it."""
TIGHT = 850
"""Below this width buttons stand without their words."""


class BoardPage(Page):
    """Open deals as cards."""

    def __init__(self, session: Session, navigator: Navigator, conditions: MakeConditions) -> None:
        super().__init__()
        self._session, self._navigator = session, navigator
        self.view = BoardView()
        self.controller = BoardController(session, navigator, self.view)
        self.controller.read()  # the base answers while the rest is made
        entity, _trait = session.base.catalogue.with_trait(Funnel)
        self.narrowing = Narrowing(self.controller, conditions(session, entity, self))
        self.kept_views = BoardViews(self.controller)
        self.hover = HoverCard(self.view, self.controller)
        portraits = portraits_of(session)
        self.view.photo = portraits.of
        portraits.changed.connect(self.view.recolour)
        self.pipeline = ComboBox(name="")
        self.way = Segment([(name, value) for name, value in way_words()], name="")
        self.look = ToolButton("columns", "")
        self.stuck = Button("", "clock", "ghost")
        self.stuck.setCheckable(True)
        self.new = Button("", "add")
        self.strip = StuckStrip(self.controller)
        self._waiting = ""
        self.foot = Label("", "small", "text2")
        self.chosen = Label("", "small", "text")
        self.empty = EmptyState()
        self.empty.hide()
        self._arrange()
        self._connect()
        keep_translated(self, self._say_texts)
        if (
            self.controller.found is not None or self.controller.trouble
        ):  # it has answered at once, before anybody listened
            self.controller.read()

    # --- how it is put together -------------------------------------------------------------------

    def _arrange(self) -> None:
        bar = row(self.pipeline, self.way, None, self.kept_views.button, self.look, self.stuck,
                  self.new, gap=6, margins=(16, 12, 16, 8))  # fmt: skip
        line = row(self.narrowing, gap=0, margins=(16, 0, 16, 10))
        foot = Surface("sunken", "t")
        foot.setLayout(row(self.foot, None, self.chosen, gap=16, margins=(16, 6, 16, 6)))
        ground = Surface("surface")
        below = row(column(self.view, self.empty, gap=0), self.strip, gap=0)
        below.setStretch(0, 1)
        main = column(bar, line, Rule(), below, foot, gap=0)
        main.setStretch(3, 1)
        ground.setLayout(main)
        self.setLayout(column(ground, gap=0))

    def _connect(self) -> None:
        controller = self.controller
        self.pipeline.currentIndexChanged.connect(self._choose_pipeline)
        self.way.chosen.connect(lambda way: controller.arrange(way=str(way)))
        self.look.clicked.connect(lambda: look_menu(controller, self).open_below(self.look))
        self.stuck.clicked.connect(self._turn_strip)
        self.strip.closed.connect(self._turn_strip)
        self.new.clicked.connect(self._new)
        entity, _trait = self._session.base.catalogue.with_trait(Funnel)
        for button in (self.new, self.empty.primary_button):
            self._session.refusals.keep(button, rights.CREATE, entity.key)
        self.empty.primary.connect(self._new)
        controller.shown.connect(self._shown)
        controller.arranged.connect(self._follow)
        controller.waiting_came.connect(self._say_waiting)
        controller.failed.connect(self._nothing)
        self.view.choice_changed.connect(self._say_chosen)
        self.view.menu_wanted.connect(self._menu)

    def _say_texts(self) -> None:
        self.pipeline.setAccessibleName(_("Pipeline"))
        self.way.set_name(_("Columns"))
        self.way.set_choices(way_words())
        self.look.set_tip(_("What cards show, and in which order"))
        self._follow()
        self._shown()
        self.title_changed.emit()

    # --- what is shown ----------------------------------------------------------------------------

    def _follow(self) -> None:
        self.way.set_value(self.controller.arrangement.way)
        self._fit_strip()

    def _shown(self) -> None:
        found = self.controller.found
        if found is None:
            return
        self.view.show()
        self.empty.hide()
        known = [(one.name, one.id) for one in found.pipelines]
        self.pipeline.set_choices(known, found.pipeline.id)
        self.pipeline.setVisible(len(known) > 1)
        self._say_totals()
        self._say_chosen()

    def _say_totals(self) -> None:
        count, sums, weighted = 0, dict[str, int](), dict[str, int]()
        for one in self.controller.columns:
            count += one.totals.count
            for into, parts in ((sums, one.totals.sums), (weighted, one.totals.weighted)):
                for code, value in parts.items():
                    into[code] = into.get(code, 0) + value
        parts = [words.deals(count)]
        if sums:
            parts.append(words.sums(sums))
            parts.append(_("weighted by probability {sum}").format(sum=words.sums(weighted)))
        self.foot.setText("  ·  ".join(parts))

    def _say_chosen(self) -> None:
        found, chosen = self.controller.found, list(self.view.chosen.values())
        if found is None or not chosen:
            self.chosen.setText("")
            return
        parts = [words.deals(len(chosen)), words.sums(totals(found, chosen).sums)]
        said = " · ".join(part for part in parts if part)
        self.chosen.setText(_("Chosen: {what}").format(what=said))

    def _say_waiting(self, waiting: Waiting) -> None:
        count = waiting.totals.count
        self._waiting = words.number(count) if count else ""
        self._fit_words()

    def _nothing(self, sentence: str) -> None:
        self.view.hide()
        self.empty.show()
        self.empty.set_texts("board", _("The board is empty"), sentence)

    def _choose_pipeline(self, _place: int) -> None:
        chosen = self.pipeline.value()
        if isinstance(chosen, int):
            self.controller.arrange(pipeline=chosen)

    # --- the strip --------------------------------------------------------------------------------

    def _turn_strip(self) -> None:
        self.controller.arrange(strip=not self.controller.arrangement.strip)

    def _fit_strip(self) -> None:
        wanted, room = self.controller.arrangement.strip, self.width() >= px(NARROW)
        self.strip.setVisible(wanted and room)
        self.stuck.setVisible(room)
        self.stuck.setChecked(wanted)
        self._fit_words()

    def _fit_words(self) -> None:
        """A laptop at 150 % has no room for all the words of the bar."""
        tight = self.width() < px(TIGHT)
        entity, _trait = self._session.base.catalogue.with_trait(Funnel)
        self.kept_views.fit(tight=tight)
        for button, said in ((self.new, _(entity.new_label)), (self.stuck, _("Stuck"))):
            count = self._waiting if button is self.stuck else ""
            whole = f"{said} {count}" if count else said
            button.setText(count if tight else whole)
            button.setAccessibleName(whole)
            button.setToolTip(plain_tip(said if tight else ""))

    # --- acts -------------------------------------------------------------------------------------

    def _new(self) -> None:
        found = self.controller.found
        entity, trait = self._session.base.catalogue.with_trait(Funnel)
        values: dict[str, Any] = {}
        if found is not None:
            values = {trait.pipeline: found.pipeline.id}
        self._navigator.new_record(entity.key, values)

    def _menu(self, card: Card, at: QPoint) -> None:
        """What can be done with the cards that are chosen."""
        if self.controller.found is not None:
            chosen = Chosen(card, tuple(self.view.held()))
            actions = card_actions(self.controller, chosen, self._call)
            card_menu(self.controller, actions, chosen, self.view).popup(at)

    def _call(self, card: Card) -> None:
        """Dials whoever stands behind the deal, and asks for what came of it."""
        base, found = self._session.base, self.controller.found
        assert found is not None
        ref = Ref(found.entity, card.id)

        def work(_job: Job) -> Reach:
            return reach_of(base, [card])[card.id]

        def done(reach: Reach) -> None:
            if not reach.phone:
                self._navigator.toast(_("No telephone is known here"), tone="info")
                return
            if is_held(reach.phone) and reach.ref is not None:
                dial_hidden(self._session, self._navigator, self, reach.ref)
            else:
                digits = "".join(sign for sign in reach.phone if sign.isdigit() or sign == "+")
                QDesktopServices.openUrl(QUrl(f"tel:{digits}"))
            self._navigator.log_call(ref)

        self._session.operations.query(("board call",), work, owner=self, done=done)

    # --- what the window asks ---------------------------------------------------------------------

    def title(self) -> str:
        return _("Board")

    def icon(self) -> str:
        return "board"

    def place(self) -> Place:
        return Place(PAGE, name=NAME)

    def take_focus(self) -> None:
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def pointed(self) -> Ref | None:
        current, found = self.view.current, self.controller.found
        return Ref(found.entity, current.id) if current is not None and found else None

    def run(self, action_id: str) -> bool:
        acts: dict[str, Any] = {
            "refresh": lambda: self.controller.read(fresh=True), "new": self._new,
            "find": self.narrowing.search.setFocus,
        }  # fmt: skip
        if action_id in acts:
            acts[action_id]()
            return True
        return self._run_on_cards(action_id)

    def _run_on_cards(self, action_id: str) -> bool:
        current = self.view.current
        if current is None or self.controller.found is None:
            return False
        chosen = Chosen(current, tuple(self.view.held()))
        for action in card_actions(self.controller, chosen, self._call):
            if action.id == action_id and action.enabled():
                if why := action.why():
                    self._session.refusals.said.emit(why)
                else:
                    action.run()
                return True
        return False

    def minimumSizeHint(self) -> QSize:
        return QSize(px(NARROW), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_strip()
