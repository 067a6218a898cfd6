"""The card that is made before it is wanted: taken whole or half-made, gone with its base."""

from __future__ import annotations

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.ui.main_window.spare_page import SparePage
from crm_desktop.ui.record_card.card import CardPage
from tests.gui.shell_desk import Shell, bare_shell, base_file, shell

__all__ = ["bare_shell", "base_file", "shell"]


def _first(shell: Shell) -> Ref:
    return shell.base.titles.suggest("client", "", limit=1)[0][0]


def _spare(shell: Shell) -> SparePage:
    return shell.window.pages._ahead["record"]


def _made(shell: Shell) -> CardPage | None:
    return next(iter(shell.view.pages.findChildren(CardPage)), None)


def test_card_is_made_while_the_list_is_looked_at(shell: Shell) -> None:
    shell.wait(lambda: _made(shell) is not None)
    made = _made(shell)

    shell.navigator.open_record(_first(shell))

    assert shell.window.pages.page is made
    shell.wait(lambda: made is not None and made.title() == "Client 000")


def test_half_made_card_is_finished_when_taken(shell: Shell) -> None:
    spare = _spare(shell)
    spare._timer.stop()
    spare._go_on()
    half = _made(shell)

    shell.navigator.open_record(_first(shell))

    page = shell.window.pages.page
    assert page is half and isinstance(page, CardPage)
    shell.wait(lambda: page.title() == "Client 000" and page.updatesEnabled())
    assert page.overview.facts.isVisible()


def test_next_card_is_another_page(shell: Shell) -> None:
    refs = [ref for ref, _title in shell.base.titles.suggest("client", "", limit=2)]
    for ref in refs:
        shell.wait(lambda: _spare(shell)._page is not None)
        shell.navigator.open_record(ref)

    assert len(shell.window.pages.places()) == 3


def test_made_card_goes_with_its_base(shell: Shell) -> None:
    shell.wait(lambda: _made(shell) is not None)

    shell.window.pages.close_all()

    assert _spare(shell)._page is None
    assert not any(
        isinstance(shell.view.pages.widget(n), CardPage) for n in range(shell.view.pages.count())
    )


def test_missing_record_says_so_on_a_made_card(shell: Shell) -> None:
    shell.wait(lambda: _made(shell) is not None)
    shell.navigator.open_record(Ref("client", 999_999))

    page = shell.window.pages.page
    assert isinstance(page, CardPage)
    shell.wait(lambda: page._gone is not None and page._gone.isVisible())
    assert page.updatesEnabled()


def test_card_behind_others_is_read_anew_when_it_comes_to_the_front(shell: Shell) -> None:
    ref = _first(shell)
    shell.navigator.open_record(ref)
    page = shell.window.pages.page
    assert isinstance(page, CardPage)
    shell.wait(lambda: page.controller.contents is not None)
    before = page.controller.contents
    shell.navigator.show_list("client")

    shell.base.records.create("person", {"name": "Ann", "client": ref.id})
    shell.wait(lambda: page.controller._unseen)
    assert page.controller.contents is before

    shell.window.pages.choose_tab(1)
    shell.wait(lambda: page.controller.contents is not before)
