"""The planner on paper: letters as large as the lines they stand in, and dark ink on white."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

import pytest
from PySide6.QtGui import QPageSize
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crm_desktop.ui import theme
from tests.gui.planner_desk import PlannerDesk, at, planner

__all__ = ["planner"]
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_SIZE = re.compile(rb"/F\d+ ([\d.]+) Tf")
_INK = re.compile(rb"([\d.]+) ([\d.]+) ([\d.]+) scn\s+/GSa gs\s+BT")


def contents(path: Path) -> bytes:
    """What the pages paint."""
    found = []
    for one in _STREAM.finditer(path.read_bytes()):
        try:
            found.append(zlib.decompress(one[1]))
        except zlib.error:
            continue
    return b"\n".join(text for text in found if b" Tf" in text)


@pytest.mark.parametrize("view", ["day", "week", "month", "grid"])
def test_letters_are_as_large_as_on_the_screen(
    planner: PlannerDesk, qtbot: QtBot, tmp_path: Path, view: str
) -> None:
    planner.plan("Anna", at(10))
    planner.open(qtbot, days=7)
    planner.page.controller.show_view(view)
    path = tmp_path / "sheet.pdf"

    planner.page.printing.write_pdf(path, QPageSize.PageSizeId.A4)

    sizes = {float(size) for size in _SIZE.findall(contents(path))}
    largest = theme.px(30)
    assert sizes and max(sizes) <= largest
    assert theme.font("body").pixelSize() == -1, "the screen has its points again"


def test_in_the_dark_it_is_printed_dark_on_white(
    planner: PlannerDesk, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    planner.plan("Anna", at(10))
    theme.apply(qapp, "dark")
    planner.open(qtbot, days=7)
    path, text = tmp_path / "sheet.pdf", theme.color("text")

    planner.page.printing.write_pdf(path, QPageSize.PageSizeId.A4)

    inks = [[float(part) for part in ink] for ink in _INK.findall(contents(path))]
    assert inks and all(min(ink) < 0.6 for ink in inks)
    assert theme.color("text") == text
    theme.apply(qapp, "light")
