"""The window at 200 % on an ordinary screen, and at 100 % on a small one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop import settings as s
from crm_desktop.settings import open_settings
from crm_desktop.ui import theme
from crm_desktop.ui.main_window.view import WindowView
from crm_desktop.ui.settings_window.look import SIZES
from crm_desktop.ui.theme import px
from crm_desktop.ui.widgets.dialog import Dialog


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


def test_a_dialog_is_never_narrower_than_what_stands_in_it(
    qapp: QApplication, qtbot: QtBot
) -> None:
    """On a screen where two thirds of its width are less than the parts need."""
    body = QWidget()
    body.setMinimumWidth(qapp.primaryScreen().availableGeometry().width() - px(100))
    box = Dialog("Sign in", body)
    qtbot.addWidget(box)

    box.show()

    assert box.rect().contains(body.geometry())
