"""The menu of what cards show, in which order they stand and what goes across."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from crm_desktop.i18n import _
from crm_desktop.services.board.columns import AGE, AMOUNT, BY_MONTH, BY_PERSON, BY_STAGE, STEP
from crm_desktop.services.board.columns import EXPECTED as BY_DAY
from crm_desktop.services.board.more_fields import MOST, chosen, offered
from crm_desktop.ui.board import state
from crm_desktop.ui.board.controller import BoardController
from crm_desktop.ui.widgets.popover import Menu


def way_words() -> list[tuple[str, object]]:
    """What the columns can be."""
    return [(_("By stage"), BY_STAGE), (_("By month"), BY_MONTH), (_("By person"), BY_PERSON)]


def order_words() -> list[tuple[str, str]]:
    """In which order cards can stand."""
    return [
        (_("By the next step"), STEP), (_("The largest amount first"), AMOUNT),
        (_("The longest in the stage first"), AGE), (_("By the expected day"), BY_DAY),
    ]  # fmt: skip


def field_words() -> list[tuple[str, str]]:
    """What a card can show beside its title."""
    return [
        (_("Client"), state.CLIENT), (_("Contact person"), state.CONTACT),
        (_("Amount"), state.AMOUNT), (_("Probability, %"), state.CHANCE),
        (_("Expected to close"), state.EXPECTED), (_("Source"), state.SOURCE),
        (_("Responsible"), state.WHO), (_("Next step"), state.NEXT),
    ]  # fmt: skip


def look_menu(controller: BoardController, parent: QWidget) -> Menu:
    """The menu; each choice is shown at once and kept for the person."""
    kept, menu = controller.arrangement, Menu(parent)
    menu.addSection(_("On the cards"))
    for words, name in field_words():
        action = _ticked(menu, words, name in kept.fields)
        action.toggled.connect(lambda on, n=name: _show_field(controller, n, on))
    _offer_more(menu, controller)
    menu.addSection(_("Order of the cards"))
    for words, name in order_words():
        action = _ticked(menu, words, name == kept.order)
        action.triggered.connect(lambda _on=False, n=name: controller.arrange(order=n))
    menu.addSection(_("Lanes across the columns"))
    for words, way in [(_("No lanes"), ""), *way_words()]:
        if way != kept.way:
            action = _ticked(menu, words, way == kept.groups)
            action.triggered.connect(lambda _on=False, w=way: controller.arrange(groups=str(w)))
    menu.aboutToHide.connect(menu.deleteLater)
    return menu


def _ticked(menu: Menu, words: str, on: bool) -> QAction:
    action = menu.addAction(words)
    action.setCheckable(True)
    action.setChecked(on)
    return action


def _offer_more(menu: Menu, controller: BoardController) -> None:
    """Fields that people have made, and those built-in ones that are seldom wanted."""
    kept, catalogue = controller.arrangement, controller.session.base.catalogue
    fields = offered(catalogue)
    if not fields:
        return
    shown = [f.key for f in chosen(catalogue, kept.more)]
    further = Menu(menu, title=_("Further fields"))
    menu.addMenu(further)
    for f in fields:
        action = further.addAction(_(f.label))
        action.setCheckable(True)
        action.setChecked(f.key in shown)
        action.setEnabled(f.key in shown or len(shown) < MOST)
        action.toggled.connect(lambda on, key=f.key: _show_more(controller, shown, key, on))


def _show_more(controller: BoardController, shown: list[str], key: str, on: bool) -> None:
    others = [one for one in shown if one != key]
    controller.arrange(more=tuple([*others, key] if on else others))


def _show_field(controller: BoardController, name: str, on: bool) -> None:
    fields = set(controller.arrangement.fields) - {name} | ({name} if on else set())
    controller.arrange(fields=tuple(one for one in state.FIELDS if one in fields))
