"""What changes the base is grey with its reason where it is refused: a button or a line of a menu
that leads to a write is handed to `Refusals` (`ui/refusals`), or named here with why it is not.

A gesture leads to a write if what it is connected to runs a write, or opens what makes records, by
functions of the same module.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from tests.architecture.source import Source, listed, source_of, sources

SIGNALS = {"clicked", "triggered", "primary", "secondary"}
KEEPS = {"keep", "follow", "put_off", "refuse", "stops"}
NAVIGATES = {
    "new_record", "log_call", "plan_for", "start_set", "open_import", "quick_add",
    "lead_from_text", "open_call_round", "open_merge",
}  # fmt: skip

FREE = {
    "only an administrator sees the page; it changes no records and needs no seat": (
        "accounts/page.py account.clicked", "accounts/page.py add.clicked",
        "accounts/page.py block.clicked", "accounts/page.py demand.clicked",
        "accounts/page.py take_off.clicked", "accounts/page.py tie.clicked",
        "accounts/page.py unlock.clicked", "rights/roles_tab.py drop.clicked",
        "rights/roles_tab.py give.clicked", "rights/roles_tab.py new.clicked",
        "rights/roles_tab.py table.clicked", "rights/standing_page.py end.clicked",
        "rights/standing_page.py new.clicked", "rights/standing_page.py none.primary",
        "sign_in/let_in.py block.clicked", "sign_in/let_in.py go.clicked",
    ),
    "it asks for a seat or gives one back, or is about one's own sign-in": (
        "seats/board_page.py travel.clicked", "seats/no_seat_page.py ask.clicked",
        "seats/no_seat_page.py come_in.clicked", "seats/no_seat_page.py leave_line.clicked",
        "seats/no_seat_page.py read_only.clicked", "seats/no_seat_page.py wait.clicked",
        "sign_in/own_password.py go.clicked", "sign_in/second_factor.py go.clicked",
        "sign_in/second_factor.py off.clicked",
    ),
    "it opens a menu whose lines are kept, or only shows more": (
        "kept_views.py button.clicked",
        "record_card/card.py more.clicked", "record_card/panel.py more.clicked",
        "record_card/history.py _more.clicked", "record_card/history.py back.clicked",
        "record_card/wish_strip.py more.clicked", "recycle_bin/page.py empty.primary",
        "working_time/page.py before.clicked", "working_time/page.py after.clicked",
    ),
    "it asks first whether it may, and says why not": ("marks/line.py chip.clicked",),
    "what opens the menu or the box is kept": (
        "next_steps/desk.py save.clicked", "record_card/arranging.py hide.triggered",
        "record_list/saved_views.py addAction.triggered", "reminders/chips.py action.triggered",
        "reminders/chips.py addAction.triggered", "working_time/page.py action.triggered",
        "working_time/page.py usual.triggered", "base_moving/box.py go.clicked",
    ),
    "no base is open yet": ("welcome/first_steps.py state.primary", "welcome/page.py card.clicked"),
}  # fmt: skip
EXCUSED = frozenset(place for places in FREE.values() for place in places)


def _last(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _called(node: ast.AST) -> str:
    return _last(node.func) if isinstance(node, ast.Call) else ""


def _names(node: ast.AST) -> set[str]:
    return {_last(one) for one in ast.walk(node)} - {""}


def _writes(function: ast.AST) -> bool:
    """Whether it runs a write itself, or opens what makes records."""
    for one in ast.walk(function):
        if not isinstance(one, ast.Attribute):
            continue
        on = _last(one.value).lstrip("_")
        if on == "operations" and one.attr in ("run", "run_asked"):
            return True
        if on == "navigator" and one.attr in NAVIGATES:
            return True
    return False


def _writing(source: Source) -> set[str]:
    """The functions of a module that lead to a write."""
    functions = {n.name: n for n in source.nodes if isinstance(n, ast.FunctionDef)}
    found = {name for name, function in functions.items() if _writes(function)}
    if not found:
        return found
    names = {name: _names(function) for name, function in functions.items()}
    while more := {name for name, used in names.items() if name not in found and used & found}:
        found |= more
    return found


def _kept(source: Source) -> set[str]:
    """What is handed to `Refusals`, by its name; in a loop all that is walked over."""
    found: set[str] = set()
    for node in source.nodes:
        if isinstance(node, ast.Call) and _called(node) in KEEPS:
            found |= _names(node)
        if isinstance(node, ast.For) and {_called(one) for one in ast.walk(node)} & KEEPS:
            found |= _names(node.iter)
    return found


def unkept(source: Source) -> Iterator[str]:
    """Gestures of a module that lead to a write and are not kept."""
    writing, kept = _writing(source), _kept(source)
    for node in source.nodes:
        if not isinstance(node, ast.Call) or _called(node) != "connect" or not node.args:
            continue
        signal = node.func.value if isinstance(node.func, ast.Attribute) else None
        if not isinstance(signal, ast.Attribute) or signal.attr not in SIGNALS:
            continue
        name = _last(signal.value) or _called(signal.value)
        primary = f"{signal.attr}_button"  # of an `EmptyState`
        if _names(node.args[0]) & writing and not {name, primary} & kept:
            yield f"{source.name[3:]} {name}.{signal.attr}"


@cache
def _places() -> tuple[str, ...]:
    return tuple(place for one in sources() if one.within("ui/*") for place in unkept(one))


def test_every_gesture_that_writes_is_grey_where_it_is_refused() -> None:
    found = [place for place in _places() if place not in EXCUSED]

    assert not found, listed(found, "hand it to session.refusals.keep, or say in FREE why not")


def test_nothing_is_excused_that_needs_no_excuse() -> None:
    idle = sorted(EXCUSED - set(_places()))

    assert not idle, listed(idle, "take it out of FREE")


_BUTTON = """
class Page:
    def __init__(self):
        self.go.clicked.connect(self._go)
        {kept}
    def _go(self):
        self._save()
    def _save(self):
        self._session.operations.run(work)
"""


def test_the_check_sees_a_button_that_is_not_kept() -> None:
    assert list(unkept(source_of(_BUTTON.format(kept="pass"))))
    kept = "self._session.refusals.keep(self.go, words.EDIT, 'x')"
    assert not list(unkept(source_of(_BUTTON.format(kept=kept))))
