"""Words in narrow places keep away from the edges and are not cut."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.empty_state import EmptyState


def test_an_empty_state_keeps_its_words_off_the_edges(qtbot: QtBot) -> None:
    state = EmptyState()
    qtbot.addWidget(state)
    state.set_texts("search", "Nothing", "A sentence that is too long for one line of a panel")
    state.set_actions()
    state.resize(px(400), px(600))
    state.show()

    qtbot.waitUntil(lambda: state._text.geometry().left() >= px(20))

    assert state._text.geometry().right() <= state.width() - px(19)
