"""What a cell of a list reads, whatever the type of its field."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

from crm_desktop.models.catalogue.definitions import Choice, Ref
from crm_desktop.models.catalogue.fieldtypes import (
    BoolField,
    ChoiceField,
    DateField,
    DateTimeField,
    LinkField,
    LongTextField,
    MoneyField,
    MultiChoiceField,
    PhoneField,
    RecordField,
    TextField,
)
from crm_desktop.services.cells import Cell, format_cell
from crm_desktop.services.titles import Linked, Title

CHOICES = (Choice("new", "New", "info"), Choice("old", "Old", "bad"))
TODAY = date(2026, 11, 20)


def test_nothing_is_an_empty_cell_of_the_fields_kind() -> None:
    assert format_cell(MoneyField("a", "A"), None) == Cell("", "money")
    assert format_cell(MultiChoiceField("a", "A", choices=CHOICES), ()).text == ""


def test_figures_keep_their_kind() -> None:
    cell = format_cell(MoneyField("a", "A", currency="RUB"), Decimal("1234.5"), None, "ru")

    assert cell.kind == "money" and cell.text.startswith("1") and "234,50" in cell.text


def test_choices_have_their_colour() -> None:
    assert format_cell(ChoiceField("a", "A", choices=CHOICES), "old") == Cell("Old", "pill", "bad")
    several = MultiChoiceField("a", "A", choices=CHOICES)
    assert format_cell(several, ("new", "old")) == Cell("New, Old", "text")


def test_links_that_are_named_already() -> None:
    ref = Ref("client", 5)

    assert format_cell(LinkField("a", "A"), Linked(ref, "Ёлка")) == Cell("Ёлка", "link")
    assert format_cell(LinkField("a", "A"), Linked(ref, "Новый", "ok")) == Cell(
        "Новый", "pill", "ok"
    )


def test_links_named_by_titles() -> None:
    titles = {Ref("client", 5): Title("Ёлка")}
    link = LinkField("a", "A", target="client")

    assert format_cell(link, 5, titles).text == "Ёлка"
    assert format_cell(link, 6, titles) == Cell("#6", "link")
    assert format_cell(RecordField("a", "A"), Ref("client", 5), titles).text == "Ёлка"


def test_moments_are_those_of_the_person() -> None:
    moscow = timezone(timedelta(hours=3))
    night = datetime(2026, 11, 19, 22, 5, tzinfo=UTC)
    f = DateTimeField("a", "A")

    assert format_cell(f, night, None, "en", zone=moscow).text == "20 Nov 2026, 01:05"
    assert format_cell(f, night, None, "en", TODAY, zone=moscow).text.endswith(", 01:05")
    assert format_cell(f, datetime(2026, 3, 2, tzinfo=UTC), None, "en", TODAY).text == "2 Mar"
    midnight = datetime(2026, 11, 20, tzinfo=moscow)
    assert format_cell(f, midnight, None, "ru", TODAY, zone=moscow).text == "сегодня"
    assert format_cell(f, midnight, None, "ru", zone=moscow).text == "20 ноя 2026, 00:00"


def test_days_of_this_year_have_no_year() -> None:
    assert format_cell(DateField("a", "A"), date(2026, 3, 2), None, "en", TODAY).text == "2 Mar"
    assert (
        format_cell(DateField("a", "A"), date(2025, 3, 2), None, "en", TODAY).text == "2 Mar 2025"
    )


def test_texts() -> None:
    assert format_cell(TextField("a", "A"), "x") == Cell("x", "text")
    assert format_cell(PhoneField("a", "A"), "+79162041130").text == "+7 916 204-11-30"
    assert format_cell(LongTextField("a", "A"), "one\ntwo  three").text == "one two three"
    assert format_cell(BoolField("a", "A"), True) == Cell("Yes", "check")
