"""Amounts in three currencies on the screen: each with its own sign, no two added up."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_desktop.models.catalogue.definitions import Ref
from crm_desktop.models.query import Condition
from crm_desktop.ui.editors import MoneyEditor
from crm_desktop.ui.record_card.fact_row import FactRow
from crm_desktop.ui.record_card.form import RecordForm
from crm_desktop.ui.record_list.page import RecordListPage
from tests.bases import ready_base
from tests.gui.shell_desk import Shell, bare_shell, shell

__all__ = ["bare_shell", "shell"]


@pytest.fixture
def base_file(tmp_path: Path) -> Path:
    """Three deals of one client: of 120 000 $, 3 400.50 € and 90 000 ₽."""
    path = tmp_path / "office.crm"
    base = ready_base(path, language="en")
    client = base.records.create("client", {"name": "Vector"}).ids[0]
    for name, amount, currency in (
        ("Doors", "120000", "usd"), ("Windows", "3400.50", "eur"), ("Sills", "90000", "rub"),
    ):  # fmt: skip
        values = {"name": name, "amount": amount, "currency": currency, "client": client}
        base.records.create("deal", values)
    base.close()
    return path


def deals(shell: Shell, *groups: str) -> RecordListPage:
    """The list of deals with their amounts, by name."""
    shell.navigator.show_list("deal")
    page = shell.window.pages.page
    assert isinstance(page, RecordListPage)
    page.controller.change(columns=("name", "amount"), groups=groups)
    shell.wait(lambda: page.view.model.columnCount() == 2)
    return page


def test_cells_of_a_list_have_the_sign_of_their_record(shell: Shell) -> None:
    page = deals(shell)
    assert shell.rows(page, 3) == [
        ["Doors", "$120,000"], ["Sills", "₽90,000"], ["Windows", "€3,400.50"],
    ]  # fmt: skip
    base = shell.base
    (deal,) = base.lists.open(
        page.controller.state.query.narrowed(Condition("name", "eq", "Sills"))
    ).ids()
    base.records.update("deal", deal, {"currency": "usd"})
    shell.wait(lambda: shell.texts(page, 3)[1][1] == "$90,000")
    page.controller.set_part(None, Condition("amount", "gt", 1000))
    shell.rows(page, 3)
    assert [words for _key, words in page.controller.chips()] == ["more than 1,000"]


def test_heads_of_groups_and_the_footer_keep_currencies_apart(shell: Shell) -> None:
    page = deals(shell, "client")
    shell.wait(lambda: page.view.model.rowCount() >= 1 and bool(shell.texts(page, 1)[0][1]))
    assert shell.texts(page, 1)[0] == ["Vector", "$120,000 + €3,400.50 + ₽90,000"]
    page.controller.change(groups=())
    shell.rows(page, 3)
    page.view.model.ticks.tick_all()
    shell.wait(lambda: "+" in page.view.footer.sums_text())
    said = page.view.footer.sums_text()
    assert "$120,000 + €3,400.50 + ₽90,000, on average $120,000; €3,400.50; ₽90,000" in said


def test_the_sign_in_a_form_follows_the_chosen_currency(shell: Shell) -> None:
    deal = shell.base.titles.find("deal", "Windows")[0]
    record = shell.base.reader.get("deal", deal)
    assert record is not None
    form = RecordForm(shell.base.catalogue["deal"], shell.base.parse_context, shell.session)
    shell.qtbot.addWidget(form)
    form.set_values(record.values, {})
    amount, currency = form.editors["amount"], form.editors["currency"]
    assert isinstance(amount, MoneyEditor) and amount.sign() == "€"
    currency.set_value("usd")
    currency.changed.emit()
    assert amount.sign() == "$"
    assert form.changed_values() == {"currency": "usd"}
    form.set_values({**record.values, "amount": None, "currency": "rub"}, {})
    assert amount.sign() == "₽"
    rival = shell.base.catalogue["deal_competitor"]
    other = RecordForm(rival, shell.base.parse_context, shell.session)
    shell.qtbot.addWidget(other)
    price = other.editors["price"]
    assert isinstance(price, MoneyEditor) and price.sign() == ""


def test_the_card_of_a_deal_says_its_currency(shell: Shell) -> None:
    deal = shell.base.titles.find("deal", "Windows")[0]
    shell.navigator.open_record(Ref("deal", deal))

    def said() -> list[str]:
        return [row.accessibleName() for row in shell.view.findChildren(FactRow)]

    shell.wait(lambda: "Amount: €3,400.50" in said())
