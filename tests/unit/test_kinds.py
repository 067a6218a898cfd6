"""What tells a company, a sole trader and a private person apart."""

from __future__ import annotations

import pytest

from crm_desktop.models.text.kinds import told_kind


@pytest.mark.parametrize(
    ("names", "tax", "kind"),
    [
        (["ИП Иванов И. И."], "", "sole_trader"),
        (["Индивидуальный предприниматель Иванов Иван Иванович"], "", "sole_trader"),
        (["Иванов И.И., ИП"], "", "sole_trader"),
        (["Ромашка", "ИП Сидорова Анна"], "", "sole_trader"),
        (["ИП Иванов И. И."], "500100732259", "sole_trader"),
        (["Иванов И. И."], "", "person"),
        (["И.И. Иванов"], "", "person"),
        (["Петрова Анна Сергеевна"], "", "person"),
        (["Ромашка"], "500100732259", "person"),
        (["Петрова Анна Сергеевна"], "7707083893", "company"),
        (["ООО Иванов И. И."], "", "company"),
        (["Салон Мария"], "", None),
        (["Кафе у Петра Ильича"], "", None),
        (["Ипподром"], "", None),
        (["Ромашка"], "500100732258", None),
        (["Acme"], "DE136695976", None),
        (["IP Ivanov"], "", "sole_trader"),
        (["Ivanov I.I., IP"], "", "sole_trader"),
        (["Individual entrepreneur Petrov"], "", "sole_trader"),
        (["IP Telephony Solutions"], "", None),
        (["Zeta, PJSC"], "", "company"),
        ([""], "", None),
    ],
)
def test_the_kind_is_told_only_where_something_speaks(
    names: list[str], tax: str, kind: str | None
) -> None:
    assert told_kind(names, tax) == kind
