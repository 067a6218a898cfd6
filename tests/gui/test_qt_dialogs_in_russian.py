"""The dialogs of Qt itself, shown where the computer has none: no English is left in Russian."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QTreeView
from pytestqt.qtbot import QtBot

from crm_desktop.ui.language import switch_language
from crm_desktop.ui.qt_texts import LACKING

LATIN = re.compile("[A-Za-z]{3,}")


@pytest.fixture
def russian(qapp: QApplication) -> Iterator[None]:
    switch_language(qapp, "ru")
    yield
    switch_language(qapp, "en")


@pytest.mark.usefixtures("russian")
def test_the_file_dialog_speaks_russian(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    dialog = QFileDialog(None, "Файл", str(tmp_path), "Все (*)")
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    qtbot.addWidget(dialog)
    dialog.show()
    tree = dialog.findChildren(QTreeView)[0]
    kinds = tree.model()
    qtbot.waitUntil(lambda: kinds.rowCount(tree.rootIndex()) == 1)
    kind = kinds.index(0, 2, tree.rootIndex()).data(Qt.ItemDataRole.DisplayRole)

    words = [one.text() for one in dialog.findChildren(QLabel)]
    words += [f"{one.text()} {one.toolTip()}" for one in dialog.findChildren(QAbstractButton)]
    assert kind == "Папка"
    assert len(words) > 5 and [word for word in words if LATIN.search(word)] == []


@pytest.mark.usefixtures("russian")
@pytest.mark.parametrize("text", LACKING)
def test_what_qt_lacks_is_found_by_it(text: str) -> None:
    assert QCoreApplication.translate("QFileDialog", text) != text


def test_in_english_qt_says_what_it_says(qapp: QApplication) -> None:
    switch_language(qapp, "ru")
    switch_language(qapp, "en")

    assert QCoreApplication.translate("QFileDialog", "&Look in:") == "&Look in:"
