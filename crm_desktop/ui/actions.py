"""What can be done in the window: one registry for menus, palette, shortcuts and their map.

Features add their actions with functions to run; nothing else knows a shortcut.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QListView, QWidget

from crm_desktop.i18n import _
from crm_desktop.models.text.layouts import other_layout
from crm_desktop.ui.language import keep_translated
from crm_desktop.ui.tips import plain_tip

_LETTER_LAST = re.compile(r"(?:.*\+)?([A-Z])")


def _always() -> bool:
    return True


def _nothing() -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person can do.

    `title` and `group` are marked with `N_` and translated when shown; `shortcut` is in Qt's
    portable form such as `Ctrl+K`; several are parted by `; `. `applies_to` says to what:
    `window`, or the key of a page. `enabled` is asked before every show and run: whether there is
    anything to be done here. `why` says why the person may not do it, as a sentence, or ''; neither
    may ask the base.
    """

    id: str
    title: str
    run: Callable[[], None]
    icon: str = ""
    shortcut: str = ""
    applies_to: str = "window"
    group: str = ""
    enabled: Callable[[], bool] = _always
    why: Callable[[], str] = _nothing

    @property
    def can_run(self) -> bool:
        """Whether it can be done now, and by this person."""
        return self.enabled() and not self.why()

    def text(self) -> str:
        """The title in the language of the moment."""
        return _(self.title)

    def keys(self) -> str:
        """The first shortcut as people read it, empty if there is none."""
        return shown_keys(self.shortcut)


def bilingual(shortcut: str) -> list[QKeySequence]:
    """The sequences for a shortcut in both layouts: Ctrl+K and Ctrl with the Russian letter there.

    With the Russian layout alone, X11 never reports Ctrl+K, only the letter on that key.
    """
    sequences = []
    for one in filter(None, shortcut.split("; ")):
        sequences.append(QKeySequence(one, QKeySequence.SequenceFormat.PortableText))
        match = _LETTER_LAST.fullmatch(one)
        twin = other_layout(match[1]) if match and "+" in one else None
        if twin:
            there = one[: -len(match[1])] + twin if match else one
            sequences.append(QKeySequence(there, QKeySequence.SequenceFormat.PortableText))
    return sequences


def shown_keys(shortcut: str) -> str:
    """A shortcut as it is written for people: `Ctrl+K`; the first one if there are several."""
    first = shortcut.split("; ")[0]
    return QKeySequence(first).toString(QKeySequence.SequenceFormat.NativeText) if first else ""


def _close_suggestions() -> None:
    """A list that is open below a field takes the keyboard and would lie over what comes."""
    popup = QApplication.activePopupWidget()
    if isinstance(popup, QListView):
        popup.hide()


class ActionRegistry(QObject):
    """The actions of one window, in the order in which they were added."""

    refused = Signal(str)
    """Somebody wanted what he may not do: the sentence that says why."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._actions: dict[str, Action] = {}
        self._made: dict[str, QAction] = {}
        keep_translated(window, self._say_texts)

    def add(self, *actions: Action) -> None:
        """Adds actions; an id that is known already is a mistake of the programmer."""
        for action in actions:
            if action.id in self._actions:
                raise ValueError(f"action {action.id!r} is there twice")
            self._actions[action.id] = action
            self._make(action)

    def remove(self, applies_to: str) -> None:
        """Takes away what a page had added, when the page goes."""
        for action in [a for a in self._actions.values() if a.applies_to == applies_to]:
            del self._actions[action.id]
            made = self._made.pop(action.id)
            self._window.removeAction(made)
            made.deleteLater()

    def get(self, action_id: str) -> Action:
        """The action of that id; KeyError if there is none."""
        return self._actions[action_id]

    def all(self) -> tuple[Action, ...]:
        """Every action, enabled or not."""
        return tuple(self._actions.values())

    def possible(self) -> tuple[Action, ...]:
        """The actions that there is something to do for now, those a person may not do with them:
        for the palette, which says why."""
        return tuple(action for action in self._actions.values() if action.enabled())

    def qaction(self, action_id: str) -> QAction:
        """The action for a menu; its state is up to date after `refresh`."""
        return self._made[action_id]

    def run(self, action_id: str) -> bool:
        """Does it, if it can be done now; says why, if the person may not."""
        action = self._actions.get(action_id)
        if action is None or not action.enabled():
            return False
        _close_suggestions()
        why = action.why()
        if why:
            self.refused.emit(why)
            return False
        action.run()
        return True

    def refresh(self) -> None:
        """Greys out what cannot be done now; before a menu opens. What a person may not do stays
        alive for its shortcut, which says why."""
        for key, made in self._made.items():
            made.setEnabled(self._actions[key].enabled())
            made.setStatusTip(self._actions[key].why())

    def keyboard_map(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """(group, [(title, keys)]) of everything with a shortcut: for the window of shortcuts."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for action in self._actions.values():
            if action.shortcut:
                group = groups.setdefault(_(action.group) if action.group else "", [])
                group.append((action.text(), action.keys()))
        return list(groups.items())

    def taken_twice(self) -> list[str]:
        """Shortcuts that two actions of the same place claim; a test wants none."""
        claims: dict[tuple[str, str], int] = {}
        for action in self._actions.values():
            for sequence in bilingual(action.shortcut):
                key = (action.applies_to, sequence.toString())
                claims[key] = claims.get(key, 0) + 1
        return [keys for (_place, keys), count in claims.items() if count > 1]

    def _make(self, action: Action) -> None:
        made = QAction(self._window)
        made.setObjectName(action.id)
        made.setShortcuts(bilingual(action.shortcut))
        made.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        made.triggered.connect(lambda _on=False, key=action.id: self.run(key))
        self._window.addAction(made)
        self._made[action.id] = made
        self._dress((action,))

    def _say_texts(self) -> None:
        self._dress(self._actions.values())

    def _dress(self, actions: Iterable[Action]) -> None:
        for action in actions:
            made = self._made[action.id]
            made.setText(action.text())
            keys = action.keys()
            made.setToolTip(plain_tip(f"{action.text()} ({keys})" if keys else action.text()))
