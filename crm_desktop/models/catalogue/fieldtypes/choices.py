"""One or several of a fixed list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import LANGUAGES, _, said_in
from crm_desktop.models.catalogue.definitions import Choice, Field, ParseContext
from crm_desktop.models.catalogue.fieldtypes.common import refuse
from crm_desktop.models.text import normalise


@dataclass(frozen=True)
class ChoiceField(Field):
    """One of a fixed list of values; the base keeps the choice's key."""

    choices: tuple[Choice, ...] = ()
    default: str = ""

    type_name: ClassVar[str] = "choice"
    storage: ClassVar[str] = "choice"
    operators: ClassVar[tuple[str, ...]] = ("in", "not_in", "empty", "filled")
    kind: ClassVar[str] = "pill"

    def choice(self, key: str) -> Choice | None:
        """The choice of this key."""
        return next((choice for choice in self.choices if choice.key == key), None)

    def parse(self, text: str, context: ParseContext) -> str | None:
        wanted = normalise.norm(text)
        if not wanted:
            return None
        for choice in self.choices:
            shown = {choice.key, normalise.norm(choice.label), normalise.norm(_(choice.label))}
            if wanted in shown:
                return choice.key
        for choice in self.choices:  # a file may be in another language than the program
            labels = {normalise.norm(said_in(code, choice.label)) for code in LANGUAGES}
            if wanted in labels or wanted in choice.synonyms:
                return choice.key
        raise self._not_in_list(text)

    def _not_in_list(self, value: object) -> InvalidInput:
        listed = ", ".join(_(choice.label) for choice in self.choices)
        sentence = _("{field}: “{value}” is not in the list: {choices}")
        return refuse(self, sentence, value, choices=listed)

    def check(self, value: Any) -> str | None:
        if value is None or value == "":
            return None
        if self.choice(value) is None:
            raise self._not_in_list(value)
        return str(value)

    def format(self, value: Any, language: str) -> str:
        choice = self.choice(value) if value else None
        return _(choice.label) if choice else str(value or "")


@dataclass(frozen=True)
class MultiChoiceField(ChoiceField):
    """Any number of values of a fixed list; kept as `,one,two,`."""

    type_name: ClassVar[str] = "multi_choice"
    storage: ClassVar[str] = "multi"
    operators: ClassVar[tuple[str, ...]] = ("in", "not_in", "empty", "filled")
    sortable: ClassVar[bool] = False

    def parse(self, text: str, context: ParseContext) -> Any:
        parts = [part for part in text.replace(";", ",").split(",") if part.strip()]
        return self.check([ChoiceField.parse(self, part, context) for part in parts])

    def check(self, value: Any) -> Any:
        keys: Sequence[str] = [value] if isinstance(value, str) else list(value or ())
        for key in keys:
            if self.choice(key) is None:
                raise self._not_in_list(key)
        return tuple(c.key for c in self.choices if c.key in keys) or None

    def format(self, value: Any, language: str) -> str:
        return ", ".join(ChoiceField.format(self, key, language) for key in value or ())

    def plain(self, value: Any) -> Any:
        return None if value is None else list(value)

    def unplain(self, value: Any) -> Any:
        return tuple(value) if value else None
