"""Tokens, icons, language: what every widget of the kit leans on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QTableView

from crm_desktop.resources import resource
from crm_desktop.ui import icons, theme
from crm_desktop.ui.language import keep_translated, switch_language
from crm_desktop.ui.tokens import ACCENTS, CONTRAST_PAIRS, contrast_ratio, tokens_for
from crm_desktop.ui.widgets.labels import Label


@pytest.mark.parametrize("dark", [False, True])
def test_what_is_pointed_at_stands_out_from_its_ground(dark: bool) -> None:
    tokens = tokens_for(dark=dark)

    assert contrast_ratio(tokens.hover, tokens.surface) > 1.1
    assert contrast_ratio(tokens.raised_hover, tokens.raised) > 1.1
    assert contrast_ratio(tokens.text3, tokens.raised_hover) >= 4.5


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("accent", sorted(ACCENTS))
def test_every_pair_that_is_read_together_has_contrast(accent: str, dark: bool) -> None:
    tokens = tokens_for(dark=dark, accent=accent)
    poor = [
        (ink, ground)
        for ink, ground, least in CONTRAST_PAIRS
        if contrast_ratio(getattr(tokens, ink), getattr(tokens, ground)) < least
    ]
    assert poor == []


@pytest.mark.parametrize("dark", [False, True])
def test_categories_can_be_read_and_seen(dark: bool) -> None:
    tokens = tokens_for(dark=dark)
    assert tokens.categories
    for bar, soft, ink in tokens.categories:
        assert contrast_ratio(ink, soft) >= 4.5
        assert contrast_ratio(bar, tokens.surface) >= 3


def test_every_icon_has_its_files_and_no_file_is_left_over() -> None:
    wanted = {icons.icon_file(name, size) for name in icons.ICONS for size in (16, 20)}
    wanted |= {icons.icon_file(f"{name}!") for name in icons.FILLED}
    assert {path.name for path in resource("icons").glob("*.svg")} == wanted


def test_an_icon_has_the_colour_of_its_role_in_each_theme(qapp: QApplication) -> None:
    for mode, ink in (("light", "#4c5562"), ("dark", "#b4bcc8")):
        theme.apply(qapp, mode)
        picture = icons.pixmap("object-box!", "text2", 20, ratio=2).toImage()
        assert (picture.width(), picture.pixelColor(20, 30).name()) == (40, ink)


def test_the_shipped_font_is_used_with_figures_of_one_width(qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    assert QFontInfo(theme.font("strong")).family() == "Inter"
    widths = {theme.metrics("body").horizontalAdvance(figure * 10) for figure in "0123456789"}
    assert len(widths) == 1


def test_no_style_sheet_touches_item_views_or_scroll_areas() -> None:
    sheet = Path(theme.__file__).read_text(encoding="utf-8").split('_QSS = """')[1].split('"""')[0]
    matched = set(re.findall(r"\bQ\w+|\bLineEdit\b", sheet))
    assert matched == {"QToolTip", "QMenu", "QScrollBar", "LineEdit", "QLineEdit"}
    table_family = {c.__name__ for c in QTableView.__mro__}
    assert matched.isdisjoint(table_family)


def test_a_switch_of_language_reaches_texts_and_qt_dialogs(qapp: QApplication) -> None:
    heard: list[int] = []
    label = Label()
    keep_translated(label, lambda: heard.append(1))
    try:
        switch_language(qapp, "ru")
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        qapp.processEvents()
        assert box.buttons()[0].text() == "Отмена"
    finally:
        switch_language(qapp, "en")
    qapp.processEvents()
    assert len(heard) >= 3
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    assert box.buttons()[0].text() == "Cancel"
