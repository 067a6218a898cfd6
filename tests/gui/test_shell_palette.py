"""The command palette, undo and the list of what happened, in the real window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.services.search import service as search
from crm_desktop.ui.record_card.card import CardPage
from crm_desktop.ui.settings_window.page import ABOUT, SettingsPage
from crm_desktop.ui.widgets.dialog import Dialog
from tests.gui.shell_desk import MANY, Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "shell"]


def _first(shell: Shell) -> Ref:
    page = shell.list()
    shell.rows(page, MANY)
    return Ref("client", page.view.model.id_of(0) or 0)


def _card(shell: Shell, ref: Ref) -> CardPage:
    shell.navigator.open_record(ref)
    page = shell.window.pages.page
    assert isinstance(page, CardPage)
    shell.wait(lambda: page.controller.contents is not None)
    return page


# --- the search box -------------------------------------------------------------------------------


def test_palette_finds_a_record_and_opens_it(shell: Shell) -> None:
    shell.list()
    shell.key(shell.view, Qt.Key.Key_K, ctrl=True)
    palette = shell.window.search().palette

    palette.type_text("client 123")

    shell.wait(lambda: "Client 123" in palette.shown_titles())
    palette.choose_title(palette.shown_titles()[0])
    page = shell.window.pages.page
    shell.wait(lambda: isinstance(page, CardPage) and page.title() == "Client 123")


def test_what_two_common_words_left_out_follows(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FEW_READ", "MANY_READ", "MET_READ"):
        monkeypatch.setattr(search, name, 10)
    shell.list()
    records = shell.session.base.records
    for number in range(30):
        records.create("client", {"name": f"Kiosk {number}", "city": "Perm"})
    perm = [f"Trading house {number}" for number in range(25, 30)]
    for name in (f"Trading house {number}" for number in range(30)):
        records.create("client", {"name": name, "city": "Perm" if name in perm else None})
    shell.key(shell.view, Qt.Key.Key_K, ctrl=True)
    palette = shell.window.search().palette

    palette.type_text("trading perm")

    shell.wait(lambda: set(perm) <= set(palette.shown_titles()))


def test_words_typed_while_the_base_opens_are_looked_for_when_it_is_there(
    bare_shell: Shell, base_file: Path
) -> None:
    bare_shell.view.show()
    bare_shell.session.open(str(base_file))
    bare_shell.window.open_search()
    palette = bare_shell.window.search().palette
    palette.type_text("client 123")
    line = palette.findChild(QLineEdit)
    assert line is not None

    bare_shell.key(line, Qt.Key.Key_Return)

    bare_shell.wait(lambda: isinstance(bare_shell.window.pages.page, CardPage))
    page = bare_shell.window.pages.page
    bare_shell.wait(lambda: page.title() == "Client 123")


def test_a_page_that_comes_meanwhile_leaves_the_keyboard_to_the_palette(shell: Shell) -> None:
    page = shell.list()
    shell.window.open_search()
    line = shell.window.search().palette.findChild(QLineEdit)

    page.take_focus()

    shell.wait(lambda: QApplication.focusWidget() is line)
    shell.window.search().close()
    assert QApplication.focusWidget() is not line


def test_palette_offers_commands_alone_after_the_sign(shell: Shell) -> None:
    shell.list()
    shell.window.open_search("> dark")
    palette = shell.window.search().palette

    assert palette.shown_titles() == ["Dark theme"]


def test_palette_offers_to_make_a_record(shell: Shell) -> None:
    shell.list()
    wanted = []
    shell.navigator.new_record_wanted.connect(lambda key, values: wanted.append((key, values)))
    shell.window.open_search()
    palette = shell.window.search().palette

    palette.type_text("Northern Star")
    shell.wait(lambda: "New client “Northern Star”" in palette.shown_titles())
    palette.choose_title("New client “Northern Star”")

    assert wanted == [("client", {"name": "Northern Star"})]


def test_palette_offers_to_plan_what_names_a_day(shell: Shell) -> None:
    shell.list()
    lines: list[str] = []
    shell.navigator.quick_add_wanted.connect(lines.append)
    shell.window.open_search()
    palette = shell.window.search().palette

    palette.type_text("call Boris tomorrow at 10")
    shell.wait(lambda: "Plan “call Boris tomorrow at 10”" in palette.shown_titles())
    palette.choose_title("Plan “call Boris tomorrow at 10”")

    assert lines == ["call Boris tomorrow at 10"]
    palette.type_text("Boris")
    shell.wait(lambda: "New client “Boris”" in palette.shown_titles())
    assert not [title for title in palette.shown_titles() if title.startswith("Plan “")]


def test_palette_searches_everywhere_when_asked(shell: Shell) -> None:
    ref = shell.base.records.create("client", {"name": "Hidden", "note": "likes marzipan"})
    shell.list()
    shell.window.open_search()
    palette = shell.window.search().palette
    palette.type_text("arzipa")
    shell.wait(lambda: any("anywhere" in title for title in palette.shown_titles()))

    palette.choose_title(next(t for t in palette.shown_titles() if "anywhere" in t))

    shell.wait(lambda: "Hidden" in palette.shown_titles())
    assert palette.isVisible()
    palette.choose_title("Hidden")
    page = _card(shell, Ref("client", ref.ids[0]))
    assert page.title() == "Hidden" and not palette.isVisible()


def test_about_is_a_command(shell: Shell) -> None:
    shell.list()
    shell.window.open_search()
    palette = shell.window.search().palette
    palette.type_text("about")
    shell.wait(lambda: "About the program" in palette.shown_titles())

    palette.choose_title("About the program")

    page = shell.window.pages.page
    assert isinstance(page, SettingsPage) and page.tabs.current() == ABOUT


def test_the_empty_box_does_not_offer_itself(shell: Shell) -> None:
    shell.list()

    shell.window.open_search()

    titles = shell.window.search().palette.shown_titles()
    assert titles[:2] == ["New record in this section", "Plan in one line"]
    assert "Find a record or a command" not in titles and "Next tab" not in titles


def test_records_opened_lately_are_offered_first(shell: Shell) -> None:
    shell.list()
    shell.window.open_search()
    palette = shell.window.search().palette
    palette.type_text("client 042")
    shell.wait(lambda: "Client 042" in palette.shown_titles())
    palette.choose_title(palette.shown_titles()[0])

    shell.window.open_search()

    shell.wait(lambda: palette.shown_titles()[:1] == ["Client 042"])


# --- undo -----------------------------------------------------------------------------------------


def test_ctrl_z_undoes_and_ctrl_y_does_again(shell: Shell) -> None:
    ref = _first(shell)
    shell.base.records.update(*ref, {"city": "Tver"})

    shell.key(shell.view, Qt.Key.Key_Z, ctrl=True)
    shell.wait(lambda: shell.values(ref)["city"] == "Omsk")
    shell.wait(lambda: len(shell.notes) == 1)
    shell.key(shell.view, Qt.Key.Key_Y, ctrl=True)

    shell.wait(lambda: shell.values(ref)["city"] == "Tver")
    shell.wait(lambda: len(shell.notes) == 2)
    assert [note.text.split(":")[0] for note in shell.notes] == ["Undone", "Done again"]


def test_blocked_undo_lists_what_changed_since(shell: Shell) -> None:
    ref = _first(shell)
    first = shell.base.records.update(*ref, {"city": "Tver"}).operation
    shell.base.records.update(*ref, {"city": "Tomsk"})

    shell.window.undoing.undo(first)

    shell.wait(lambda: bool(shell.view.findChildren(Dialog)))
    dialog = shell.view.findChildren(Dialog)[0]
    assert dialog.windowTitle() == "1 record was changed since"
    dialog.reject()
    shell.wait(lambda: not shell.operations.writing)
    assert shell.values(ref)["city"] == "Tomsk"


def test_undo_button_says_what(shell: Shell) -> None:
    ref = _first(shell)

    shell.base.records.update(*ref, {"city": "Tver"})

    shell.wait(lambda: "Client 000" in shell.view.top.undo.toolTip())
    assert shell.view.top.undo.isEnabled()


def test_news_are_kept_under_the_bell(shell: Shell) -> None:
    shell.navigator.toast("One")
    shell.navigator.toast("Two")

    assert shell.window.news.texts == ["Two", "One"]
