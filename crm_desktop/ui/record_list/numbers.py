"""Counts and sums in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crm_desktop import i18n
from crm_desktop.i18n import _, ngettext
from crm_desktop.models.text.numbers import format_number
from crm_desktop.ui.record_list.fields import FieldChoice

if TYPE_CHECKING:
    from crm_desktop.services.lists.service import Measure


def count_text(count: int) -> str:
    """A whole number as people write it here."""
    return format_number(count, 0, i18n.language())


def rows_text(total: int, ticked: int) -> str:
    """How many records the list has, or how many of them are ticked."""
    if ticked:
        return _("Ticked {count} of {total}").format(
            count=count_text(ticked), total=count_text(total)
        )
    return ngettext("{count} record", "{count} records", total).format(count=count_text(total))


def sums_text(found: Mapping[Measure, Any], choices: Sequence[FieldChoice]) -> str:
    """The sums of the number columns: "Debt: 1 284 500, on average 310"."""
    parts = []
    for choice in choices:
        values = {m.function: v for m, v in found.items() if m.field == choice.path}
        if values.get("sum") is None:
            continue
        total = choice.field.format(choice.field.total(values["sum"]), i18n.language())
        mean = _average(choice, values.get("average"))
        text = _("{field}: {sum}") if not mean else _("{field}: {sum}, on average {average}")
        parts.append(text.format(field=choice.label, sum=total, average=mean))
    return "  ·  ".join(parts)


def _average(choice: FieldChoice, value: Any) -> str:
    if value is None:
        return ""
    f = choice.field
    if f.type_name == "integer":
        return format_number(round(value, 1), None, i18n.language())
    if f.storage == "integer":
        return f.format(int(value), i18n.language())
    return f.format(f.total(value), i18n.language())
