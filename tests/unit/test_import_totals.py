"""Sums and signatures below a table are no records; a firm called Total is one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm_desktop.services.importing.readers.base import Cell
from crm_desktop.services.importing.totals import is_footer, is_total


@pytest.mark.parametrize(
    "cells",
    [
        ("Итого", "3 клиента"), ("Всего:", None, None, "1 002 500,50"), (None, "TOTAL", 5, 7.5),
        ("Итого по менеджеру Иванов", Decimal(5)), ("Grand total:", "$1,250.00", ""),
        ("Итого", "1 200 руб."), ("subtotal", "(1 000)", "12 %"),
    ],
)  # fmt: skip
def test_a_sum(cells: tuple[Cell, ...]) -> None:
    assert is_total(cells)


@pytest.mark.parametrize(
    "cells",
    [
        ("Total", "France", "+33 1 23 45 67 89"), ("Total",), ("Total", None), (), (None,),
        ("Итого", "8 (495) 780-32-15"), ("Ivan", 5), (5, 6), ("Totalizator", 5),
        ("Всегда рады", "5"), ("Total", True),
    ],
)  # fmt: skip
def test_a_record(cells: tuple[Cell, ...]) -> None:
    assert not is_total(cells)


@pytest.mark.parametrize(
    "cells",
    [
        ("Исполнитель: Иванов И. И.",), (None, "Составил: Петрова", None), ("Исп.: Сидоров", ""),
        ("Дата составления: 22.11.2026",), ("Итого",), ("Всего:", None), ("Total:",),
        ("Prepared by: Ann Smith",), ("Директор ____________ Кузнецов",), ("GRAND TOTAL",),
        ("Итого по разделу:",), ("Подпись:", None, None), ("Итого: 2",),
        ("Всего клиентов: 1 025", None),
    ],
)  # fmt: skip
def test_what_stands_below_a_table(cells: tuple[Cell, ...]) -> None:
    assert is_footer(cells)


@pytest.mark.parametrize(
    "cells",
    [
        ("Total",), ("Totals", None), ("Исполнитель: Иванов", "+79162041183"), ("Составитель",),
        ("Исполнитель желаний",), ("Итого-Сервис",), ("Дата",), ("Всего понемногу",), (5,), (),
        (None, ""), ("Проверил и поехал",), ("Exported Goods Ltd",), ("Итого", "Омск"),
        ("Итого: Сервис",),
    ],
)  # fmt: skip
def test_what_may_be_a_record(cells: tuple[Cell, ...]) -> None:
    assert not is_footer(cells)
