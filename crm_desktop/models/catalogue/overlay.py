"""From the built-in definitions and the rows of one base to its catalogue; a pure function.

User-made definitions are kept as JSON (`custom_object`, `custom_field`); `entity_from_json` and
`field_from_json` read them, with every mistake told in a sentence, and `*_to_json` write them.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.builtin import BUILTIN
from crm_desktop.models.catalogue.catalogue import CUSTOM_PREFIX, Catalogue
from crm_desktop.models.catalogue.checks import check
from crm_desktop.models.catalogue.definitions import TONES, Choice, EntityDef, Field, Trait
from crm_desktop.models.catalogue.fieldtypes import FIELD_TYPES, ChoiceField, MoneyField
from crm_desktop.models.catalogue.own_apart import APART, with_words_apart
from crm_desktop.models.catalogue.own_books import tag_traits, with_own_books
from crm_desktop.models.catalogue.own_choices import CHANGES, with_changed_choice
from crm_desktop.models.catalogue.traits import (
    Activities,
    Addresses,
    AnnualDates,
    Channels,
    Files,
    LegalDetails,
    Mirror,
    Relations,
    Selections,
    Tree,
    Wishes,
)
from crm_desktop.models.text.normalise import norm
from crm_desktop.models.validation.kinds import KINDS

_KEY = re.compile(r"[a-z][a-z0-9_]{0,40}")
_ICON = re.compile(r"[a-z][a-z0-9-]{0,40}")
_HIDDEN = {"column", "extra", "derived", "kept", "then", "counted_by", "apart"}
MOST_FIELDS = 50
LONGEST_LINE = 300
LONGEST_CHOICE = 30
ADDS_TO = "adds_to"
"""A definition with this key is no field: it adds `choices` to the choice field it names."""
_ABILITIES: dict[str, tuple[Callable[[], Trait], bool]] = {
    "activities": (Activities, True),
    "files": (Files, True),
    "channels": (Channels, False),
    "segments": (Selections, True),
    "wishes": (Wishes, False),
    "annual_dates": (AnnualDates, False),
    "relations": (Relations, False),
    "legal": (LegalDetails, False),
    "addresses": (Addresses, False),
}
"""What a user-made object may be able to do by a yes, and whether it can without a word."""
_FORMERLY = {"segments": "selections"}
"""What an ability was called in files written earlier."""
LIMITS = {"length": (1, 1000), "places": (0, 6)}
"""From and to, of settings that are numbers."""


@dataclass(frozen=True)
class CustomRows:
    """The user-made part of a base: objects by number, fields of any object by number."""

    objects: tuple[tuple[int, Mapping[str, Any]], ...] = ()
    fields: tuple[tuple[int, str, Mapping[str, Any]], ...] = ()
    version: int = 0
    currency: str = "RUB"


def build_catalogue(
    custom: CustomRows = CustomRows(), builtin: tuple[EntityDef, ...] = BUILTIN
) -> Catalogue:
    """Built-in objects, then user-made objects, then user-made fields; checked."""
    entities = list(builtin)
    entities += [entity_from_json(definition, number) for number, definition in custom.objects]
    for number, key, definition in custom.fields:
        at = next((i for i, e in enumerate(entities) if e.key == key), None)
        if at is not None and ADDS_TO in definition:
            entities[at] = _with_choices(entities[at], definition)
        elif at is not None and CHANGES in definition:
            entities[at] = with_changed_choice(entities[at], definition)
        elif at is not None and APART in definition:
            entities[at] = with_words_apart(entities[at], definition)
        elif at is not None:
            entities[at] = _with_field(entities[at], number, definition)
    priced = tuple(_with_currency(entity, custom.currency) for entity in entities)
    catalogue = Catalogue(with_own_books(priced), version=custom.version)
    check(catalogue)
    return catalogue


def _with_currency(entity: EntityDef, currency: str) -> EntityDef:
    """Amounts without a currency of their own are in that of the base."""
    if not any(isinstance(f, MoneyField) and not f.currency for f in entity.fields):
        return entity
    fields = tuple(
        dataclasses.replace(f, currency=currency)
        if isinstance(f, MoneyField) and not f.currency
        else f
        for f in entity.fields
    )
    return dataclasses.replace(entity, fields=fields)


def _with_choices(entity: EntityDef, definition: Mapping[str, Any]) -> EntityDef:
    """Further values of a choice field, behind those that are there."""
    key = str(definition[ADDS_TO])
    f = entity.field(key) if entity.has(key) else None
    if not isinstance(f, ChoiceField):
        return entity
    added = (
        dataclasses.replace(choice, key=custom_key(choice.key))
        for choice in _choices(key, definition.get("choices"))
    )
    new = tuple(choice for choice in added if f.choice(choice.key) is None)
    wider = dataclasses.replace(f, choices=(*f.choices, *new))
    fields = tuple(wider if one is f else one for one in entity.fields)
    return dataclasses.replace(entity, fields=fields)


def choice_key(label: str) -> str:
    """The key of a value that a person adds under this name; Latin and short enough."""
    return _slug(label)[: LONGEST_CHOICE - len(CUSTOM_PREFIX)].strip("_")


def _with_field(entity: EntityDef, number: int, definition: Mapping[str, Any]) -> EntityDef:
    made = dataclasses.replace(
        field_from_json(definition), column=f"f_{number}", extra=not entity.custom
    )
    made = dataclasses.replace(made, key=custom_key(made.key))
    whole = dataclasses.replace(entity, fields=(*entity.fields, made))
    return dataclasses.replace(whole, traits=(*whole.traits, *tag_traits(whole)))


def custom_key(key: str) -> str:
    """The key of a user-made object or field: with the prefix that no built-in one has."""
    return key if key.startswith(CUSTOM_PREFIX) else CUSTOM_PREFIX + key


def entity_from_json(definition: Mapping[str, Any], number: int) -> EntityDef:
    """A user-made object; `InvalidInput` with a sentence for anything that does not fit."""
    if not isinstance(definition, Mapping):
        raise InvalidInput(_("An object is described by a JSON object"))
    key = _key(definition, "key")
    label = _text(definition, "label", key)
    made = _fields(definition.get("fields"))
    title = str(definition.get("title") or made[0].key)
    if title not in {f.key for f in made}:
        raise InvalidInput(_("The title field “{name}” is not among the fields").format(name=title))
    unknown = set(definition) - {
        "key", "label", "plural", "title", "fields", "icon", "tree",
        "navigation", "mirrors", *_ABILITIES, *_FORMERLY.values(),
    }  # fmt: skip
    if unknown:
        raise InvalidInput(
            _("Unknown setting of an object: {names}").format(names=", ".join(sorted(unknown)))
        )
    entity = EntityDef(
        key=custom_key(key),
        number=number,
        label=label,
        plural=_text(definition, "plural", label),
        title_field=title,
        fields=tuple(dataclasses.replace(f, column=f"f_{i}") for i, f in enumerate(made, start=1)),
        traits=_traits(definition),
        icon=_text(definition, "icon", "entity-generic"),
        table=f"u_{number}",
        navigation=bool(definition.get("navigation", True)),
        custom=True,
    )
    return dataclasses.replace(entity, traits=(*entity.traits, *tag_traits(entity)))


def _fields(rows: object) -> list[Field]:
    if not isinstance(rows, list) or not rows:
        raise InvalidInput(_("An object needs at least one field"))
    if len(rows) > MOST_FIELDS:
        raise InvalidInput(_("An object can have {most} fields at most").format(most=MOST_FIELDS))
    made = [field_from_json(row) for row in rows]
    keys = [f.key for f in made]
    for key in keys:
        if keys.count(key) > 1:
            raise InvalidInput(_("The field “{name}” is there twice").format(name=key))
    return made


def _traits(definition: Mapping[str, Any]) -> tuple[Trait, ...]:
    said = {now: definition[then] for now, then in _FORMERLY.items() if then in definition}
    said |= definition
    traits = [make() for name, (make, usual) in _ABILITIES.items() if said.get(name, usual)]
    if definition.get("tree"):
        traits.append(Tree(str(definition["tree"])))
    mirrors = definition.get("mirrors", [])
    if not isinstance(mirrors, list):
        raise InvalidInput(_("“mirrors” must be a list of mirrors"))
    return (*traits, *map(_mirror, mirrors))


def _mirror(row: object) -> Mirror:
    known = {f.name for f in dataclasses.fields(Mirror)} - {"kind"}
    needed = {"field", "child", "owner", "value"}
    if not (
        isinstance(row, Mapping)
        and needed <= set(row) <= known
        and all(isinstance(value, str) for value in row.values())
    ):
        raise InvalidInput(
            _("A mirror needs the texts {names}").format(names=", ".join(sorted(needed)))
        )
    return Mirror(**row)


def field_from_json(row: object) -> Field:
    """A field from `{"key", "type", "label", ...}`; the further settings are the type's own."""
    if not isinstance(row, Mapping):
        raise InvalidInput(_("A field is described by a JSON object"))
    key = _key(row, "key")
    kind = FIELD_TYPES.get(str(row.get("type", "text")))
    if kind is None:
        raise InvalidInput(
            _("Field “{name}”: there is no type “{type}”. Known types: {known}").format(
                name=key, type=row.get("type"), known=", ".join(FIELD_TYPES)
            )
        )
    allowed = {f.name: f for f in dataclasses.fields(kind) if f.init and f.name not in _HIDDEN}
    settings: dict[str, Any] = {"key": key, "label": _text(row, "label", key)}
    for name, value in row.items():
        if name in ("key", "label", "type"):
            continue
        if name not in allowed:
            raise InvalidInput(
                _("Field “{name}”: unknown setting “{setting}”").format(name=key, setting=name)
            )
        settings[name] = _setting(key, name, value, allowed[name].default)
    return kind(**settings)


def _setting(key: str, name: str, value: Any, default: Any) -> Any:
    if name == "choices":
        return _choices(key, value)
    sound = type(value) is type(default)
    if name in ("synonyms", "only_if") and isinstance(value, list):
        value, sound = tuple(value), all(map(_is_line, value))
    elif name == "valid_as":
        sound = sound and (value == "" or value in KINDS)
    elif name in LIMITS:
        sound = sound and LIMITS[name][0] <= value <= LIMITS[name][1]
    elif name == "book":
        sound = sound and (not value or _is_book(value))
    elif isinstance(value, str):
        sound = sound and _is_line(value)
    if sound:
        return value
    raise InvalidInput(
        _("Field “{name}”: the setting “{setting}” cannot be {value}").format(
            name=key, setting=name, value=repr(value)[:40]
        )
    )


def _is_book(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_CHOICE and bool(_KEY.fullmatch(value))


def _is_line(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_LINE and value.isprintable()


def _choices(key: str, rows: object) -> tuple[Choice, ...]:
    if not isinstance(rows, list) or not rows:
        raise InvalidInput(_("Field “{name}”: a choice needs a list of values").format(name=key))
    made = []
    for row in rows:
        if isinstance(row, str):
            row = {"key": _slug(row), "label": row}
        if not isinstance(row, Mapping):
            raise InvalidInput(
                _("Field “{name}”: a choice needs a list of values").format(name=key)
            )
        tone, icon = str(row.get("tone", "neutral")), str(row.get("icon", ""))
        made.append(
            Choice(
                _key(row, "key", longest=LONGEST_CHOICE),
                _text(row, "label", str(row.get("key"))),
                tone if tone in TONES else "neutral",
                icon if _ICON.fullmatch(icon) else "",
                synonyms=_called_elsewhere(row.get("synonyms")),
            )
        )
    doubled = [c.key for c in made if sum(c.key == other.key for other in made) > 1]
    if doubled:
        raise InvalidInput(
            _("Field “{name}”: the value “{value}” is there twice").format(
                name=key, value=doubled[0]
            )
        )
    return tuple(made)


def _called_elsewhere(names: object) -> tuple[str, ...]:
    return tuple(norm(name) for name in names if _is_line(name)) if isinstance(names, list) else ()


def _slug(label: str) -> str:
    """A Latin key for a choice that was given by its label alone."""
    plain = re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")
    if _KEY.fullmatch(plain):
        return plain[:30]
    return "c_" + hashlib.sha256(label.encode("utf-8", "replace")).hexdigest()[:16]


def _key(row: Mapping[str, Any], name: str, longest: int = 24) -> str:
    key = str(row.get(name, ""))
    if not _KEY.fullmatch(key) or len(key) > longest:
        raise InvalidInput(
            _(
                "The key “{name}” must begin with a Latin letter and hold small Latin letters, "
                "digits and “_”, {most} at most"
            ).format(name=key[:60], most=longest)
        )
    return key


def _text(row: Mapping[str, Any], name: str, default: str) -> str:
    value = row.get(name) or default
    if not isinstance(value, str) or len(value) > 80 or not value.isprintable():
        raise InvalidInput(_("“{name}” must be a text of at most 80 letters").format(name=name))
    return value


def choice_to_json(choice: Choice) -> dict[str, Any]:
    """The JSON of one choice; an icon and synonyms only where there are some."""
    row = {"key": choice.key, "label": choice.label, "tone": choice.tone}
    more = {"icon": choice.icon, "synonyms": list(choice.synonyms)}
    return row | {name: value for name, value in more.items() if value}
