"""Words of a file that mean nothing here, and what the mapping says is done with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import BoolField, ChoiceField, LinkField
from crm_desktop.models.text.normalise import norm
from crm_desktop.services.importing.mapping import Mapping, Target
from crm_desktop.services.importing.places import place
from crm_desktop.ui.import_wizard.state import UnknownWord, WordChoices, WordLine

REFUSE, LEAVE, MAKE, MEANT = "refuse", "leave", "make", "meant"
EVERY = ""
"""Stands for all words of a field."""


class WordPlan:
    """The words that the test runs of one file have found."""

    def __init__(
        self, catalogue: Catalogue, entity: EntityDef,
        may_make: Callable[[str], bool] = lambda _entity: True,
    ) -> None:  # fmt: skip
        """`may_make`: whether the person may make records of an object."""
        self._catalogue, self._entity, self._may_make = catalogue, entity, may_make
        self._found: dict[tuple[str, str], UnknownWord] = {}

    def take(self, mapping: Mapping, unknown: Sequence[UnknownWord]) -> None:
        """What a test run has found; words with which something is done stay."""
        kept = {
            key: one for key, one in self._found.items()
            if self._verb(mapping.target_of(one.path), one.word)[0] != REFUSE
        }  # fmt: skip
        for one in unknown:
            key = (one.path, norm(one.word))
            more = self._is_new(key, unknown, one)
            kept[key] = replace(one, rows=one.rows + kept[key].rows) if more else one
        self._found = kept

    @staticmethod
    def _is_new(key: tuple[str, str], unknown: Sequence[UnknownWord], one: UnknownWord) -> bool:
        """Whether a word written in another case stood before this one."""
        before = unknown[: unknown.index(one)]
        return any((other.path, norm(other.word)) == key for other in before)

    def lines(self, mapping: Mapping) -> list[WordLine]:
        """By field; where a field has several words, all of them first."""
        found: list[WordLine] = []
        for path in dict.fromkeys(one.path for one in self._found.values()):
            target, f = mapping.target_of(path), self._field(path)
            words = [one for one in self._found.values() if one.path == path]
            if target is None or f is None:
                continue
            label = place(self._catalogue, self._entity, path).label()
            if len(words) > 1 and not isinstance(f, ChoiceField | BoolField):
                rows = sum(one.rows for one in words)
                found.append(WordLine(path, label, EVERY, rows, _usual(target)))
            for one in sorted(words, key=lambda word: -word.rows):
                verb, meaning = self._verb(target, one.word)
                shown = self._shown(f, meaning)
                found.append(WordLine(path, label, one.word, one.rows, verb, shown))
        return found

    def choices(self, mapping: Mapping, line: WordLine) -> WordChoices:
        """What can be done with the word of a line."""
        f, target = self._field(line.path), mapping.target_of(line.path)
        usual = REFUSE if target is None or line.word == EVERY else _usual(target)
        if isinstance(f, LinkField):
            named = ("", "") if line.word == EVERY else (f.target, f.book)
            return WordChoices(usual, self._may_make(f.target), (), *named)
        return WordChoices(usual, False, tuple(self._values(f)))

    def settle(self, mapping: Mapping, line: WordLine, verb: str, meaning: str = "") -> Mapping:
        """The mapping with something else done with the word of a line."""
        target = mapping.target_of(line.path)
        if target is None:
            return mapping
        if line.word == EVERY:
            made = replace(target, create=True if verb == MAKE else None, leaves=verb == LEAVE)
        else:
            made = _with_word(target, line.word, verb, meaning)
        targets = tuple(made if one is target else one for one in mapping.targets)
        return mapping.with_options(targets=targets)

    def _field(self, path: str) -> Field | None:
        try:
            return place(self._catalogue, self._entity, path).field
        except UserError:
            return None

    @staticmethod
    def _verb(target: Target | None, word: str) -> tuple[str, str]:
        if target is None:
            return REFUSE, ""
        told = {norm(said): meant for said, meant in target.values}.get(norm(word))
        if told is not None:
            return (MEANT, told) if told else (LEAVE, "")
        if norm(word) in map(norm, target.made):
            return MAKE, ""
        return _usual(target), ""

    def _shown(self, f: Field, meaning: str) -> str:
        return dict(self._values(f)).get(meaning, meaning)

    @staticmethod
    def _values(f: Field | None) -> Iterator[tuple[str, str]]:
        """What stands in a mapping, and how people read it."""
        if isinstance(f, ChoiceField):
            yield from ((choice.key, _(choice.label)) for choice in f.choices)
        elif isinstance(f, BoolField):
            yield from (("yes", _("Yes")), ("no", _("No")))


def _usual(target: Target) -> str:
    if target.leaves:
        return LEAVE
    return MAKE if target.create else REFUSE


def _with_word(target: Target, word: str, verb: str, meaning: str) -> Target:
    key = norm(word)
    values = tuple((said, meant) for said, meant in target.values if norm(said) != key)
    made = tuple(name for name in target.made if norm(name) != key)
    if verb == MEANT or (verb == LEAVE and not target.leaves):
        values = (*values, (word, meaning if verb == MEANT else ""))
    elif verb == MAKE and not target.create:
        made = (*made, word)
    return replace(target, values=values, made=made)
