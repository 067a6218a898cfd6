"""Tooltips show what people wrote to the letter: Qt would take a name with `<` in it for HTML."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import Source, listed, source_of, sources

_ESCAPE_THEMSELVES = ("ui/board/hover.py", "ui/planner/hover.py")
_TOLD_BY_THE_SYSTEM = ("ui/reminders/tray.py",)
_TEXT_AT = {"setToolTip": -1, "showText": 1}


def _is_plain(text: ast.expr) -> bool:
    if isinstance(text, ast.IfExp):
        return _is_plain(text.body) and _is_plain(text.orelse)
    if isinstance(text, ast.Call) and isinstance(text.func, ast.Name):
        return text.func.id in ("_", "plain_tip")
    return isinstance(text, ast.Constant)


def tips_of_anybody(source: Source) -> Iterator[str]:
    """Calls that hand on a text as it is; `super()` is given what such a call was given."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        at, owner = _TEXT_AT.get(node.func.attr), node.func.value
        if at is None or (isinstance(owner, ast.Call) and ast.unparse(owner) == "super()"):
            continue
        if not _is_plain(node.args[at]):
            yield source.at(node)


def test_tooltips_are_plain() -> None:
    here = (one for one in sources() if one.within("ui/*"))
    found = [
        place for one in here if not one.within(*_ESCAPE_THEMSELVES, *_TOLD_BY_THE_SYSTEM)
        for place in tips_of_anybody(one)
    ]  # fmt: skip
    assert not found, listed(found, "hand the text to plain_tip() of crm_desktop/ui/tips.py first.")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("w.setToolTip(name)", True), ("w.setToolTip(_('{n}').format(n=1))", True),
        ("QToolTip.showText(place, name, w)", True),
        ("w.setToolTip(_('Open') if x else '')", False),
        ("QToolTip.showText(place, plain_tip(name), w)", False),
    ],
)  # fmt: skip
def test_the_check_sees_a_breach(text: str, seen: bool) -> None:
    assert bool(list(tips_of_anybody(source_of(text)))) is seen
