"""The vocabulary of the catalogue: what a field, a choice and an object are.

Definitions are frozen values. A field type is the only polymorphism: every class in
`fieldtypes` answers the same questions declared on `Field`. A user-made object is the same value
as a built-in one, built from rows of the base by `overlay`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeVar, cast

from crm_desktop.i18n import N_

if TYPE_CHECKING:
    from crm_desktop.models.worktime.calendar import WorkCalendar

TONES = ("ok", "warn", "bad", "info", "neutral", "accent")
SYSTEM_COLUMNS = ("id", "version", "created_at", "created_by", "updated_at", "updated_by")


class Ref(NamedTuple):
    """A record of any object: the object's key and the record's id."""

    entity: str
    id: int


@dataclass(frozen=True)
class ParseContext:
    """What the reading of typed text depends on; `now` carries the user's time zone."""

    now: datetime
    language: str = "en"
    region: str = "RU"
    date_order: str = "dmy"
    decimal: str | None = None
    work: WorkCalendar | None = None
    """The working calendar of the person, where it is known: it says when a day's work ends."""


@dataclass(frozen=True)
class Choice:
    """One value of a choice field; `tone` names a colour of the theme (`TONES`), `icon` a picture
    by its meaning (`ui/icons`). `retired`: records keep it, and nobody is offered it. `synonyms`:
    what foreign files call it, in the normal form of `norm`."""

    key: str
    label: str
    tone: str = "neutral"
    icon: str = ""
    retired: bool = False
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """One thing an object knows. Subclasses in `fieldtypes` say how its values behave.

    `indexed`: lists sort and filter by it at once in any size of base. `search`: found by the
    search box. `listed`: shown in the list until the user chooses otherwise. `derived`: kept by
    the program (a mirror of a child record), still editable where the mirror says so. `kept`:
    reckoned from other records (trait `Latest`): nobody writes it, and the change log, which
    knows those records, does not repeat it.
    `synonyms`: further names by which spreadsheets call it, in any language. `column`: physical
    name, the key unless the overlay gave another. `extra`: kept in the side table. `only_if`:
    (another field, value, value ...): asked for and shown only while that field holds one of them.
    `counted_by`: fields by which the records of each of its values are counted: where an index
    answers without its table, one is kept for that. `currency_field`: the choice that says in
    which currency an amount is, the record's own or that of the record that a link leads to
    (`currency`, `deal.currency`); without one it is in the base's. `apart`: the sign between which
    its words stand in the search, since some role hides it (`own_apart`); '' for among all others.
    """

    key: str
    label: str
    required: bool = False
    indexed: bool = False
    search: bool = False
    listed: bool = False
    readonly: bool = False
    section: str = ""
    help: str = ""
    synonyms: tuple[str, ...] = ()
    column: str = ""
    extra: bool = False
    kept: bool = False
    only_if: tuple[str, ...] = ()
    counted_by: tuple[str, ...] = ()
    currency_field: str = ""
    apart: str = ""

    type_name: ClassVar[str] = ""
    storage: ClassVar[str] = ""
    operators: ClassVar[tuple[str, ...]] = ("eq", "ne", "empty", "filled")
    aggregates: ClassVar[tuple[str, ...]] = ("count",)
    kind: ClassVar[str] = "text"  # how a cell of it is drawn: text, number, date, pill, link ...
    sortable: ClassVar[bool] = True

    @property
    def name(self) -> str:
        """The physical name of its column."""
        return self.column or self.key

    def applies(self, values: Mapping[str, Any]) -> bool:
        """Whether a record with these values is asked for it (`only_if`)."""
        return not self.only_if or values.get(self.only_if[0]) in self.only_if[1:]

    @property
    def keyed(self) -> bool:
        """Whether a normalised twin `<column>_key` is kept for sorting and matching."""
        return False

    def parse(self, text: str, context: ParseContext) -> Any:
        """The value of typed or imported text; `InvalidInput` with a sentence if it is none."""
        raise TypeError(f"{type(self).__name__} does not say how it is parsed")

    def check(self, value: Any) -> Any:
        """The value as it is kept, from a value of the right Python type; `InvalidInput` else."""
        return value

    def total(self, value: Any) -> Any:
        """A sum or an average of its values, rounded as the field is."""
        return value

    def format(self, value: Any, language: str) -> str:
        """The value as people read it; '' for none."""
        return "" if value is None else str(value)

    def plain(self, value: Any) -> Any:
        """The value as JSON holds it: for change rows, export and the command line."""
        return value

    def unplain(self, value: Any) -> Any:
        """The inverse of `plain`."""
        return value

    def terms(self, value: Any) -> list[str]:
        """The value in the search document: normalised words; telephones as `+digits`, e-mail
        addresses whole (`services/search/index` makes the findable beginnings and tails)."""
        return []


@dataclass(frozen=True)
class Trait:
    """An opt-in ability of an object; each subclass is read by exactly one service."""


T = TypeVar("T", bound=Trait)


@dataclass(frozen=True)
class EntityDef:
    """An object of the catalogue.

    `number` names it in search rows and change anchors and is never given to another object:
    1-99 built-in, 100 and up user-made. `title_field` is what a link to a record shows.
    `search_through` names the link by which a child is found as its owner (a phone as its
    client). `navigation`: has a place of its own in the window. `kept` names its kept fields.
    """

    key: str
    number: int
    label: str
    plural: str
    title_field: str
    fields: tuple[Field, ...]
    traits: tuple[Trait, ...] = ()
    icon: str = "entity-generic"
    table: str = ""
    navigation: bool = True
    search_through: str = ""
    custom: bool = False
    new_label: str = ""
    synonyms: tuple[str, ...] = ()
    _by_key: dict[str, Field] = field(
        init=False, repr=False, compare=False, hash=False, default_factory=dict
    )
    _searched: tuple[Field, ...] = field(init=False, repr=False, compare=False, default=())
    _by_kind: dict[type, tuple[Trait, ...]] = field(
        init=False, repr=False, compare=False, hash=False, default_factory=dict
    )
    kept: frozenset[str] = field(init=False, repr=False, compare=False, default=frozenset())
    required: tuple[Field, ...] = field(init=False, repr=False, compare=False, default=())
    encoded: Mapping[str, Callable[[Any], Any]] = field(
        init=False, repr=False, compare=False, hash=False, default_factory=dict
    )
    """How JSON holds the values of those fields that it does not hold as they are."""
    currencies: Mapping[str, str] = field(
        init=False, repr=False, compare=False, hash=False, default_factory=dict
    )
    """By which path the currency of an amount is found, where records name their own."""
    decoded: Mapping[str, Callable[[Any], Any]] = field(
        init=False, repr=False, compare=False, hash=False, default_factory=dict
    )
    """The way back."""

    def __post_init__(self) -> None:
        self._by_key.update({f.key: f for f in self.fields})
        searched = sorted((f for f in self.fields if f.search), key=self._is_no_title)
        object.__setattr__(self, "_searched", tuple(searched))
        object.__setattr__(self, "kept", frozenset(f.key for f in self.fields if f.kept))
        object.__setattr__(self, "required", tuple(f for f in self.fields if f.required))
        paths = {f.key: f.currency_field for f in self.fields}
        object.__setattr__(self, "currencies", {key: p for key, p in paths.items() if p})
        encoded = {f.key: f.plain for f in self.fields if type(f).plain is not Field.plain}
        object.__setattr__(self, "encoded", encoded)
        decoded = {f.key: f.unplain for f in self.fields if type(f).unplain is not Field.unplain}
        object.__setattr__(self, "decoded", decoded)

    def _is_no_title(self, f: Field) -> bool:
        return f.key != self.title_field

    @property
    def table_name(self) -> str:
        """The physical name of its table."""
        return self.table or self.key

    @property
    def independent(self) -> bool:
        """Whether its records belong to no other record, so that a list of them makes sense."""
        return not any(getattr(f, "parent", False) for f in self.fields)

    @property
    def title(self) -> Field:
        """The field that names a record."""
        return self._by_key[self.title_field]

    def has(self, key: str) -> bool:
        """Whether the object has a field of this key (system columns not counted)."""
        return key in self._by_key

    def field(self, key: str) -> Field:
        """The field of this key; KeyError if there is none."""
        return self._by_key[key]

    def list_fields(self) -> tuple[Field, ...]:
        """The fields a fresh list shows, the title first."""
        rest = tuple(f for f in self.fields if f.listed and f.key != self.title_field)
        return (self.title, *rest)

    def search_fields(self) -> tuple[Field, ...]:
        """The fields the search box looks into, the title first."""
        return self._searched

    def form_fields(self) -> tuple[Field, ...]:
        """The fields a person fills in, in the order of the form."""
        return tuple(f for f in self.fields if not f.readonly)

    def traits_of(self, kind: type[T]) -> Iterator[T]:
        """Its traits of one kind."""
        found = self._by_kind.get(kind)
        if found is None:
            found = tuple(trait for trait in self.traits if isinstance(trait, kind))
            self._by_kind[kind] = found
        return iter(cast(tuple[T, ...], found))

    def trait(self, kind: type[T]) -> T | None:
        """Its one trait of this kind, if it has it."""
        return next(self.traits_of(kind), None)


CREATED = N_("Created")
UPDATED = N_("Changed")
