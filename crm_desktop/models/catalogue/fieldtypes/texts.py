"""Text of one line and of many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Field, ParseContext
from crm_desktop.models.catalogue.fieldtypes.common import TEXT, clean, refuse
from crm_desktop.models.text import contacts, normalise
from crm_desktop.models.validation import kinds


@dataclass(frozen=True)
class TextField(Field):
    """One line of text of at most `length` letters (1,000 at most: DATA.md 6)."""

    length: int = 200
    identifier: bool = False  # a number such as INN: found by its beginning, never by its meaning
    digits: bool = False  # a number kept as text that tells no record: a postcode, a bank's BIK
    valid_as: str = ""  # a kind of `models/validation/kinds`: only right values, in one form

    type_name: ClassVar[str] = "text"
    storage: ClassVar[str] = "text"
    operators: ClassVar[tuple[str, ...]] = TEXT

    @property
    def keyed(self) -> bool:
        return True

    @property
    def is_number(self) -> bool:
        """Whether it holds numbers that are read as they stand, with their zeros."""
        return self.identifier or self.digits

    def parse(self, text: str, context: ParseContext) -> str | None:
        return self.check(text)

    def check(self, value: Any) -> str | None:
        if value is None:
            return None
        cleaned = " ".join(clean(str(value)).split())
        if self.valid_as:
            cleaned = self._judged(cleaned)
        if len(cleaned) > self.length:
            sentence = _("{field}: the text is longer than {limit} letters: shorten it")
            raise refuse(self, sentence, cleaned, limit=self.length)
        return cleaned or None

    def _judged(self, cleaned: str) -> str:
        """The value in the form of its kind; a wrong one is refused with the reason."""
        if not cleaned:
            return ""
        said = kinds.verdict(self.valid_as, cleaned)
        if not said.valid:
            raise refuse(self, _("{field}: {reason}"), cleaned, reason=said.reason)
        return said.normalised

    def terms(self, value: Any) -> list[str]:
        return normalise.content_words(value) if value else []


@dataclass(frozen=True)
class LongTextField(Field):
    """Text of any length with line breaks; past 1,000 letters the rest is kept apart."""

    type_name: ClassVar[str] = "long_text"
    storage: ClassVar[str] = "long"
    operators: ClassVar[tuple[str, ...]] = ("contains", "empty", "filled")
    sortable: ClassVar[bool] = False
    joined: ClassVar[bool] = True  # of merged records; else one of them is chosen
    HEAD: ClassVar[int] = 1000
    LIMIT: ClassVar[int] = 1_000_000

    def parse(self, text: str, context: ParseContext) -> str | None:
        return self.check(text)

    def check(self, value: Any) -> str | None:
        if value is None:
            return None
        cleaned = clean(str(value)).replace("\r\n", "\n").replace("\r", "\n").strip()
        if len(cleaned) > self.LIMIT:
            raise refuse(self, _("{field}: the text is too long to be kept"), cleaned)
        return cleaned or None

    def terms(self, value: Any) -> list[str]:
        return normalise.words(value[:2000]) if value else []


@dataclass(frozen=True)
class RecurrenceField(LongTextField):
    """A rule of recurrence: RRULE, EXDATE and RDATE of RFC 5545 (`models/recurrence`)."""

    type_name: ClassVar[str] = "recurrence"
    joined: ClassVar[bool] = False

    def check(self, value: Any) -> str | None:
        cleaned = super().check(value)
        if cleaned:
            from crm_desktop.models.recurrence.rule import parse_recurrence

            try:
                parse_recurrence(cleaned)
            except InvalidInput as wrong:
                raise InvalidInput(wrong.message, field=self.key) from wrong
        return cleaned

    def format(self, value: Any, language: str) -> str:
        if not value:
            return ""
        from crm_desktop.models.recurrence.words import rule_in_words

        said = rule_in_words(str(value), language)
        return said[:1].upper() + said[1:]

    def terms(self, value: Any) -> list[str]:
        return []


@dataclass(frozen=True)
class UrlField(TextField):
    """A web address."""

    length: int = 500

    type_name: ClassVar[str] = "url"

    def check(self, value: Any) -> str | None:
        cleaned = super().check(value)
        if not cleaned:
            return None
        found = contacts.normalise_url(cleaned)
        if found is None:
            raise refuse(self, _("{field}: “{value}” is not a web address"), cleaned)
        return found


@dataclass(frozen=True)
class AddressField(TextField):
    """A postal address in one line."""

    length: int = 500

    type_name: ClassVar[str] = "address"


@dataclass(frozen=True)
class PictureField(TextField):
    """The SHA-256 of a picture in `file_content`, which is shown where the record's avatar is
    (trait `Pictured`); in words, only that there is one."""

    length: int = 64
    readonly: bool = True
    section: str = "-"

    operators: ClassVar[tuple[str, ...]] = ("empty", "filled")
    sortable: ClassVar[bool] = False

    def format(self, value: Any, language: str) -> str:
        return _("a picture") if value else ""

    def terms(self, value: Any) -> list[str]:
        return []


@dataclass(frozen=True)
class FileField(TextField):
    """The path or address of a document kept outside the base."""

    length: int = 1000

    type_name: ClassVar[str] = "file"

    def format(self, value: Any, language: str) -> str:
        return str(value or "").replace("\\", "/").rsplit("/", 1)[-1]
