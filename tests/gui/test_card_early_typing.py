"""Whoever types at once, before the base has answered, loses nothing."""

from __future__ import annotations

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from crm_desktop.ui.record_card.card import CardPage
from tests.gui.shell_desk import Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "shell"]


def test_letters_typed_before_the_form_is_ready_stay(shell: Shell) -> None:
    shell.navigator.new_record("client", {"city": "Perm"})
    page = shell.window.pages.page
    assert isinstance(page, CardPage) and page._forms is not None
    forms, ready = page._forms, []
    forms.ready.connect(lambda: ready.append(True))

    forms.form.editors["name"].set_raw("Alder")
    shell.wait(lambda: bool(ready))

    assert forms.form.editors["name"].raw() == "Alder"
    assert forms.form.editors["city"].raw() == "Perm"
    assert page.is_changed()
    forms.discard()


def test_form_that_was_left_alone_is_not_changed(shell: Shell) -> None:
    shell.navigator.new_record("client", {})
    page = shell.window.pages.page
    assert isinstance(page, CardPage) and page._forms is not None
    ready: list[bool] = []
    forms = page._forms
    forms.ready.connect(lambda: ready.append(True))
    shell.wait(lambda: bool(ready))
    before = page.is_changed()

    QTest.keyClicks(QApplication.focusWidget(), "Alder")

    assert not before
    assert page.is_changed()
    forms.discard()
