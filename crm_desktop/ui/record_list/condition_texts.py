"""Conditions in words, as a chip shows them; and which records they name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from crm_desktop.i18n import N_, _, ngettext
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field, Ref
from crm_desktop.models.catalogue.fieldtypes import (
    ChoiceField,
    DateField,
    LinkField,
    RecordField,
)
from crm_desktop.models.query import OPERATORS, PERIODS, Condition, Group, Where
from crm_desktop.models.text.numbers import format_number
from crm_desktop.ui.record_list.fields import FieldChoice, choice_of

_PLAIN = ("eq", "in", "period")
"""Comparisons that need no word: "City: Omsk"."""
_WORDS = {
    "me": N_("me"),
    "lt_date": N_("before {value}"),
    "le_date": N_("until {value}"),
    "gt_date": N_("after {value}"),
    "ge_date": N_("since {value}"),
    "lt": N_("less than {value}"),
    "le": N_("at most {value}"),
    "gt": N_("more than {value}"),
    "ge": N_("at least {value}"),
    "ne": N_("not {value}"),
    "not_in": N_("not {value}"),
    "all": N_("all of {value}"),
    "contains": N_("contains “{value}”"),
    "starts": N_("begins with “{value}”"),
}
_MOST_NAMED = 3
_ISO_DAY = 10
"""Letters of `2026-11-20`: a whole day where a moment could stand."""
Titles = Mapping[Ref, str]


def operator_text(op: str, f: Field) -> str:
    """The name of a comparison in the list of comparisons of a field."""
    if f.kind == "date" and f"{op}_date" in _WORDS:
        return _(_DATE_NAMES[op])
    return _(OPERATORS[op])


_DATE_NAMES = {
    "lt": N_("before"),
    "le": N_("until and including"),
    "gt": N_("after"),
    "ge": N_("since"),
}


class ConditionTexts:
    """Says conditions on one object."""

    def __init__(self, catalogue: Catalogue, entity: EntityDef, language: str) -> None:
        self._catalogue = catalogue
        self._entity = entity
        self._language = language

    def chip(self, part: Where, titles: Titles) -> tuple[str, str]:
        """(field, rest) of one chip."""
        if isinstance(part, Condition):
            return self._condition(part, titles)
        word = {"or": _(" or "), "and": _(" and ")}.get(part.join, "")
        inner = word.join(self._whole(item, titles) for item in part.items)
        return "", _("not ({condition})").format(condition=inner) if part.join == "not" else inner

    def _whole(self, part: Where, titles: Titles) -> str:
        label, text = self.chip(part, titles)
        return f"{label}: {text}" if label else f"({text})"

    def _condition(self, condition: Condition, titles: Titles) -> tuple[str, str]:
        choice = choice_of(self._catalogue, self._entity, condition.path)
        if choice is None:
            return condition.path, _("no such field any more")
        return choice.label, self._said(condition, choice, titles)

    def _said(self, condition: Condition, choice: FieldChoice, titles: Titles) -> str:
        op, f = condition.op, choice.field
        if op in ("empty", "filled"):
            return _(OPERATORS[op])
        if op == "me":
            return _(_WORDS["me"])
        if op == "period":
            return _(PERIODS.get(str(condition.value), str(condition.value)))
        if op == "comes":
            return comes_text(condition.value)
        if op == "between":
            return self._between(condition.value, f, titles)
        value = self._values(condition.value, f, titles)
        word = _WORDS.get(f"{op}_date" if f.kind == "date" else op, _WORDS.get(op))
        return value if op in _PLAIN or word is None else _(word).format(value=value)

    def _between(self, value: Any, f: Field, titles: Titles) -> str:
        pair = tuple(value) if isinstance(value, list | tuple) else (value, None)
        first, last = (None if end is None else self._one(end, f, titles) for end in pair[:2])
        if last is None:
            return _("from {first}").format(first=first)
        if first is None:
            return _("up to {last}").format(last=last)
        return _("{first} – {last}").format(first=first, last=last)

    def _values(self, value: Any, f: Field, titles: Titles) -> str:
        several = isinstance(value, list | tuple) and not isinstance(f, RecordField)
        given = list(value) if several else [value]
        shown = [self._one(one, f, titles) for one in given[:_MOST_NAMED]]
        if len(given) > _MOST_NAMED:
            shown.append(_("{count} more").format(count=len(given) - _MOST_NAMED))
        return ", ".join(shown)

    def _one(self, value: Any, f: Field, titles: Titles) -> str:
        ref = ref_of(value, f)
        if ref is not None:
            return titles.get(ref, "…")
        if f.storage == "bool":
            return _("Yes") if value else _("No")
        if isinstance(f, ChoiceField):
            choice = f.choice(str(value))
            return _(choice.label) if choice else str(value)
        return self._formatted(value, f)

    def _formatted(self, value: Any, f: Field) -> str:
        if f.storage in ("text", "long"):
            return str(value)
        if f.storage == "datetime" and len(str(value)) == _ISO_DAY:
            f = DateField(f.key, f.label)
        try:
            if f.currency_field:  # compared as a number, whatever the currency of a record
                return format_number(f.unplain(value), None, self._language)
            return f.format(f.unplain(value), self._language)
        except (ValueError, TypeError, ArithmeticError):  # typed by hand into a view
            return str(value)


def comes_text(value: Any) -> str:
    """How soon a day of the year comes round."""
    days = int(value) if str(value).isdigit() else 0
    return ngettext("in the next {count} day", "in the next {count} days", days).format(count=days)


def ref_of(value: Any, f: Field) -> Ref | None:
    """The record that a value of a condition names."""
    if isinstance(f, LinkField):
        return Ref(f.target, value) if isinstance(value, int) else None
    if isinstance(f, RecordField) and isinstance(value, list | tuple) and len(value) == 2:
        return Ref(str(value[0]), int(value[1]))
    return None


def refs_in(where: Where | None, find: Callable[[str], Field | None]) -> Iterator[Ref]:
    """Every record that the conditions name; `find` gives the field of a path."""
    if isinstance(where, Group):
        for item in where.items:
            yield from refs_in(item, find)
    elif where is not None:
        f = find(where.path)
        if f is not None:
            several = isinstance(where.value, list | tuple) and not isinstance(f, RecordField)
            for value in where.value if several else [where.value]:
                ref = ref_of(value, f)
                if ref is not None:
                    yield ref
