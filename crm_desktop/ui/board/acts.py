"""What can be done with the cards that are chosen: one registry for the menu, its keys and the
commands of the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import N_, _
from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition
from crm_desktop.services.board.cards import Card
from crm_desktop.services.rights import words as rights
from crm_desktop.ui.actions import Action
from crm_desktop.ui.board.controller import BoardController
from crm_desktop.ui.icons import icon
from crm_desktop.ui.refusals import activities_of, put_off
from crm_desktop.ui.repeating import repeat, template_of
from crm_desktop.ui.widgets.popover import Menu

CARDS = "board-cards"
_OPEN, _PEOPLE, _PLAN, _END = GROUPS = ("open", "people", "plan", "end")
"""The menu parts them by lines."""
_STEPS = ("log-call", "call-round", "plan-step", "start-set")
"""What makes activities."""
_KEYS = {"open": "Return", "log-call": "Ctrl+Shift+K", "delete": "Delete"}


@dataclass(frozen=True)
class Chosen:
    """The card in front and all that are chosen, it among them."""

    card: Card
    cards: tuple[Card, ...]

    @property
    def ids(self) -> list[int]:
        """Of all of them."""
        return [one.id for one in self.cards]


def card_actions(
    controller: BoardController, chosen: Chosen, dial: Callable[[Card], None]
) -> list[Action]:
    """In the order of the menu; what makes no sense for these cards is not enabled."""
    found, navigator = controller.found, controller.navigator
    assert found is not None
    entity, card, ids = found.entity, chosen.card, chosen.ids
    ref, catalogue = Ref(entity, card.id), controller.session.base.catalogue

    def single() -> bool:
        return len(ids) == 1

    def made(
        name: str, title: str, run: Callable[[], None], picture: str, group: str,
        enabled: Callable[[], bool] = lambda: True,
    ) -> Action:  # fmt: skip
        return Action(name, title, run, picture, _KEYS.get(name, ""), CARDS, group, enabled,
                      lambda: _why(controller, chosen, name))  # fmt: skip

    return [
        made("open", N_("Open"), partial(controller.open, card), "open", _OPEN, single),
        made("open-new-tab", N_("Open in a new tab"), partial(navigator.open_record, ref, True), "",
             _OPEN, enabled=single),
        made("open-client", N_("Open the client"),
             lambda: navigator.open_record(Ref(found.targets.client, card.client)), "company",
             _OPEN, enabled=lambda: single() and bool(card.client)),
        made("show-in-list", N_("Show in the list"), lambda: navigator.show_list(
            entity, where=Condition("id", "in", tuple(ids))), "list", _OPEN),
        made("call", N_("Call"), partial(dial, card), "phone", _PEOPLE, enabled=single),
        made("log-call", N_("Note a call"), partial(navigator.log_call, ref), "check", _PEOPLE,
             single),
        made("call-round", N_("Call one after another…"),
             partial(navigator.open_call_round, entity, ids), "phone", _PEOPLE,
             enabled=lambda: not single()),
        made("plan-step", N_("Plan a step…"), partial(navigator.plan_for, entity, ids),
             "calendar-add", _PLAN),
        made("start-set", N_("Start a set of activities"), partial(navigator.start_set, ref),
             "list", _PLAN, enabled=single),
        made("repeat", N_("Repeat…"), partial(repeat, navigator, catalogue, ref, card.name),
             "repeat", _PLAN,
             enabled=lambda: single() and template_of(catalogue, entity) is not None),
        made("delete", N_("Delete"), partial(controller.delete, chosen.cards), "delete", _END),
    ]  # fmt: skip


def _why(controller: BoardController, chosen: Chosen, name: str) -> str:
    """Why the person may not do it with these cards."""
    refusals, catalogue = controller.session.refusals, controller.session.base.catalogue
    assert controller.found is not None
    if name in _STEPS:
        return refusals.why(rights.CREATE, activities_of(catalogue))
    template = template_of(catalogue, controller.found.entity)
    if name == "repeat" and template is not None:
        return refusals.why(rights.CREATE, template[0].key)
    return controller.why_not(chosen.cards, rights.DELETE) if name == "delete" else ""


def card_menu(controller: BoardController, actions: Sequence[Action], chosen: Chosen,
              parent: QWidget) -> Menu:  # fmt: skip
    """The menu of what can be done now, with the keys that do the same."""
    menu, group = Menu(parent), ""
    for action in actions:
        if not action.enabled():
            continue
        if group not in ("", action.group):
            if action.group == _END:
                _add_stages(controller, chosen, menu)
            menu.addSeparator()
        group = action.group
        keys = action.keys()
        shown = menu.addAction(f"{action.text()}\t{keys}" if keys else action.text())
        if action.icon:
            shown.setIcon(icon(action.icon))
        shown.setObjectName(action.id)
        shown.triggered.connect(lambda _on=False, run=action.run: run())
        put_off(shown, action.why())
    menu.aboutToHide.connect(menu.deleteLater)
    return menu


def _add_stages(controller: BoardController, chosen: Chosen, menu: Menu) -> None:
    """Every stage of the pipeline that one of the cards does not stand in."""
    found, cards = controller.found, chosen.cards
    assert found is not None
    to = menu.addMenu(icon("forward"), _("Move to"))
    refusals = controller.session.refusals
    refusals.follow(to.menuAction(), lambda: controller.why_not(cards))
    for stage in found.pipeline.stages:
        if any(one.stage != stage.id for one in cards):
            to.addAction(stage.name).triggered.connect(
                lambda _on=False, s=stage.id: controller.move_to_stage(cards, s)
            )
