"""How a text column is compared: by its key of 64 letters, and by itself past them."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import InvalidInput
from crm_desktop.models.catalogue.definitions import Field
from crm_desktop.models.catalogue.fieldtypes import ContactField, PhoneField, TextField
from crm_desktop.models.schema import KEY
from crm_desktop.models.text.normalise import digits, like_escape, norm, sort_key
from crm_desktop.services.conditions.values import ConditionContext

Element = sa.ColumnElement[bool]

_TELEPHONE = re.compile(r"[+(]?[\d\s().-]*\d[\d\s().-]*")
_TRUNK = "8"  # what people in Russia and around dial instead of the country code
_LONGEST_SOUGHT = 400


def holds(column: sa.ColumnElement[Any], text: str, most: int = 2 * _LONGEST_SOUGHT) -> Element:
    """The text stands in the column as typed, in small, in capital or in title letters.

    No back end folds the case of every script, and a long text has no normal form in the base.
    `most`: letters of the column; a longer pattern is not sent.
    """
    sought = text[:_LONGEST_SOUGHT]
    forms = dict.fromkeys(
        (sought, sought.lower(), sought.upper(), sought.capitalize(), sought.title())
    )
    patterns = [f"%{like_escape(form)}%" for form in forms]
    fitting = [column.like(one, escape="\\") for one in patterns if len(one) <= most]
    return sa.or_(sa.false(), *fitting)


class TextForms:
    """The comparisons of one text column with typed texts."""

    def __init__(
        self,
        column: sa.ColumnElement[Any],
        key: sa.ColumnElement[Any],
        f: Field,
        context: ConditionContext,
    ) -> None:
        self._column = column
        self._key = key
        self._field = f
        self._length = f.length if isinstance(f, TextField) else KEY
        self._context = context

    def equals(self, text: str) -> Element:
        """The whole text, in its normal form; past the key to the letter."""
        stored = self._stored(text)
        same = self._key == sort_key(stored)
        if len(norm(stored)) <= KEY:
            return same
        if len(stored) > self._length:
            return sa.false()
        return sa.and_(same, self._column == stored)

    def starts(self, text: str) -> Element:
        """The beginning; of a telephone with or without the country."""
        begins = self._numbers(text) if self._is_number(text) else [sort_key(text)]
        found = sa.or_(*(self._context.begins(self._key, one) for one in begins))
        if len(norm(text)) <= KEY:
            return found
        if len(text) >= self._length:
            return sa.false()
        return sa.and_(found, self._column.like(f"{like_escape(text)}%", escape="\\"))

    def contains(self, text: str) -> Element:
        """Anywhere, also past the 64 letters of the key."""
        if self._is_number(text):
            return sa.or_(*(self._in_key(one.lstrip("+")) for one in self._numbers(text)))
        found: list[Element] = []
        wanted = norm(text)
        if len(like_escape(wanted)) <= KEY - 2:
            found.append(self._in_key(wanted))
        if self._length > KEY:
            beyond = sa.func.length(self._column) > KEY
            found.append(sa.and_(beyond, holds(self._column, text, self._length)))
        return sa.or_(sa.false(), *found)

    def _in_key(self, text: str) -> Element:
        return self._key.like(f"%{like_escape(text)}%", escape="\\")

    def _stored(self, text: str) -> str:
        """The text as it would be kept, if the field would keep it at all."""
        try:
            return self._field.parse(text, self._context.parsing()) or text
        except InvalidInput:
            return text

    def _is_number(self, text: str) -> bool:
        telephone = isinstance(self._field, PhoneField | ContactField)
        return telephone and _TELEPHONE.fullmatch(text) is not None

    def _numbers(self, text: str) -> list[str]:
        """The beginnings of stored numbers (E.164) that the typed digits may mean."""
        import phonenumbers

        typed = digits(text)
        if text.startswith("+"):
            return ["+" + typed]
        country = phonenumbers.country_code_for_region(self._context.region)
        found = ["+" + typed, f"+{country}{typed}"]
        if typed.startswith(_TRUNK) and len(typed) > 1:
            found.append(f"+{country}{typed[1:]}")
        return found
