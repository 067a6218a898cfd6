"""Ways to reach somebody: telephones, e-mail addresses, messengers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Field, ParseContext
from crm_desktop.models.catalogue.fieldtypes.common import refuse
from crm_desktop.models.catalogue.fieldtypes.texts import TextField
from crm_desktop.models.text import contacts, normalise, phones


@dataclass(frozen=True)
class PhoneField(TextField):
    """A telephone number: E.164 where it is one, else as typed; found by any run of digits."""

    length: int = 60

    type_name: ClassVar[str] = "phone"

    def parse(self, text: str, context: ParseContext) -> str | None:
        if not text.strip():
            return None
        phone = phones.parse_phone(text, context.region)
        if phone is not None:
            return phone.stored
        return self.check(text)

    def check(self, value: Any) -> str | None:
        cleaned = super().check(value)
        if cleaned is not None and sum(map(str.isdigit, cleaned)) < 3:
            raise refuse(self, _("{field}: “{value}” is not a telephone number"), cleaned)
        return cleaned

    def format(self, value: Any, language: str) -> str:
        return phones.format_phone(value) if value else ""

    def terms(self, value: Any) -> list[str]:
        if value and value[0] == "+" and value.isascii() and value[1:].isdigit():
            return [value]
        found = normalise.digits(phones.split_stored(value).e164) if value else ""
        return ["+" + found] if found else []


@dataclass(frozen=True)
class EmailField(TextField):
    """An e-mail address, domain in lower case (RFC 5321)."""

    length: int = 254

    type_name: ClassVar[str] = "email"

    def check(self, value: Any) -> str | None:
        cleaned = super().check(value)
        if cleaned is None:
            return None
        address = contacts.normalise_email(cleaned)
        if address is None:
            raise refuse(self, _("{field}: “{value}” is not an e-mail address"), cleaned)
        return address

    def terms(self, value: Any) -> list[str]:
        return [normalise.norm(value)] if value else []


_PHONE, _EMAIL = PhoneField("phone", ""), EmailField("email", "")
"""What a contact of either form is shown and found as."""


@dataclass(frozen=True)
class ContactField(TextField):
    """A telephone, an e-mail address or a messenger name, told apart by its form."""

    length: int = 254

    type_name: ClassVar[str] = "contact"
    PHONE: ClassVar[re.Pattern[str]] = re.compile(r"[+(]?[\d\s().-]{5,}(?:;ext=\d+)?")

    def parse(self, text: str, context: ParseContext) -> str | None:
        phone = None if "@" in text else phones.parse_phone(text, context.region)
        return phone.stored if phone is not None else self.check(text)

    def check(self, value: Any) -> str | None:
        cleaned = super().check(value)
        if cleaned is None:
            return None
        return contacts.normalise_email(cleaned) or cleaned

    def _as(self, value: str) -> Field | None:
        if "@" in value[1:]:
            return _EMAIL
        return _PHONE if self.PHONE.fullmatch(value) else None

    def format(self, value: Any, language: str) -> str:
        kind = self._as(value) if value else None
        return kind.format(value, language) if kind else str(value or "")

    def terms(self, value: Any) -> list[str]:
        kind = self._as(value) if value else None
        return kind.terms(value) if kind else super().terms(value)
