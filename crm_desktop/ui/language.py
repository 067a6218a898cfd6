"""Switching the language of a running window.

A widget says its texts in one function and hands it to `keep_translated`: it runs at once and
again after every switch. Qt itself passes `LanguageChange` to every widget and child object.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QLibraryInfo, QLocale, QObject, QTranslator
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop import i18n
from crm_desktop.ui.qt_texts import LackingTexts


class _Texts(QObject):
    """A child object that runs a function whenever its widget learns of a new language."""

    def __init__(self, owner: QWidget, texts: Callable[[], None]) -> None:
        super().__init__(owner)
        self._texts = texts

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LanguageChange:
            self._texts()
            return True
        return super().event(event)


def keep_translated(owner: QWidget, texts: Callable[[], None]) -> None:
    """Runs `texts` now and after every switch of the language, as long as `owner` lives."""
    child = _Texts(owner, texts)
    child.setObjectName("texts")
    texts()


def switch_language(app: QApplication, code: str) -> None:
    """Makes `code` (ru or en) the language of the program, of Qt's own dialogs and of numbers."""
    i18n.set_language(code)
    for old in app.findChildren(QTranslator, "qtbase"):
        app.removeTranslator(old)
        old.deleteLater()
        old.setObjectName("")
    QLocale.setDefault(QLocale("ru_RU" if i18n.language() == "ru" else "en_GB"))
    for translator in _qt_translators(app, i18n.language()):
        translator.setObjectName("qtbase")
        app.installTranslator(translator)
    QCoreApplication.sendEvent(app, QEvent(QEvent.Type.LanguageChange))


def _qt_translators(app: QApplication, code: str) -> list[QTranslator]:
    """For what Qt itself says: the last one is asked first."""
    if code == "en":
        return []
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    found = translator.load(f"qtbase_{code}", folder)
    return [LackingTexts(app), translator] if found else [LackingTexts(app)]
