"""The window at 200 % on an ordinary screen, and at 100 % on a small one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop import settings as s
from crm_desktop.settings import open_settings
from crm_desktop.ui import theme
from crm_desktop.ui.main_window.view import WindowView
from crm_desktop.ui.settings_window.look import SIZES


@pytest.fixture
def at_200(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, "light", scale=2.0)
    yield
    theme.apply(qapp, "light")


def test_two_hundred_per_cent_is_twice_the_size(qapp: QApplication, at_200: None) -> None:
    assert theme.px(100) == 200
    assert (SIZES[-1], s.SCALE.valid(200), s.SCALE.valid(201)) == (200, True, False)


def test_the_window_never_wants_more_than_the_screen_has(
    qtbot: QtBot, qapp: QApplication, at_200: None
) -> None:
    view = WindowView()
    qtbot.addWidget(view)

    room = qapp.primaryScreen().availableGeometry()

    assert view.minimumWidth() <= room.width()
    assert view.minimumHeight() < room.height()


def test_the_size_is_kept(own_home: object) -> None:
    settings = open_settings()
    settings.put(s.SCALE, 200)

    assert open_settings().get(s.SCALE) == 200
