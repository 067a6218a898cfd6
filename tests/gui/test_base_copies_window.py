"""A copy of the base by one click, and the window that says when the last one was made."""

from __future__ import annotations

from pathlib import Path

from crm_desktop import settings as s
from crm_desktop.ui.settings_window.page import WORK, SettingsPage
from tests.bases import ready_base
from tests.gui.shell_desk import Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "shell"]


def _said(shell: Shell) -> str:
    return str(shell.view.navigation._state.text)


def _settings(shell: Shell) -> SettingsPage:
    shell.navigator.open_settings()
    page = shell.window.pages.page
    assert isinstance(page, SettingsPage)
    page.show_section(WORK)
    return page


def test_a_copy_is_made_into_the_chosen_folder_and_told(shell: Shell, tmp_path: Path) -> None:
    shell.wait(lambda: _said(shell) == "Saved. No copy")
    page = _settings(shell)
    page.work.keep_folder(str(tmp_path / "far"))

    page.work.copy.click()

    shell.wait(lambda: _said(shell).startswith("Copy: "))
    (copy,) = (tmp_path / "far").iterdir()
    assert str(copy) in shell.notes[-1].text
    shell.open(copy)
    assert shell.count("client") == 300


def test_the_last_copy_is_remembered_by_base(shell: Shell) -> None:
    shell.window.actions.run("copy-base")
    shell.wait(lambda: _said(shell).startswith("Copy: "))

    kept = shell.settings.get(s.LAST_COPIES)

    assert list(kept) == [shell.session.address]
    assert "The last one" in _settings(shell).work._rows[-2]._hint.text()


def test_a_server_is_left_to_its_administrator(bare_shell: Shell, firebird_url: str) -> None:
    ready_base(firebird_url, language="en").close()
    bare_shell.open(firebird_url)

    page = _settings(bare_shell)
    bare_shell.window.actions.run("copy-base")

    assert "administrator" in page.work._rows[-2]._hint.text()
    assert not page.work.copy.isVisible()
    bare_shell.wait(lambda: bool(bare_shell.notes))
    assert "administrator" in bare_shell.notes[-1].text
