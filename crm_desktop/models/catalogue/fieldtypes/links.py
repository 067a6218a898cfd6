"""Links to other records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from crm_desktop.i18n import _
from crm_desktop.models.catalogue.definitions import Field, ParseContext, Ref
from crm_desktop.models.catalogue.fieldtypes.common import refuse


@dataclass(frozen=True)
class LinkField(Field):
    """A link to one record of `target`. `parent`: this record belongs to the linked one, lives
    and dies with it, and stands in a tab of its card. `book`: only values of that reference book.
    `inverse`: the name of the tab on the linked record's card; the object's plural if empty.
    """

    target: str = ""
    parent: bool = False
    book: str = ""
    inverse: str = ""
    create: bool = False  # an import may create the linked record from its name

    type_name: ClassVar[str] = "link"
    storage: ClassVar[str] = "link"
    operators: ClassVar[tuple[str, ...]] = ("in", "not_in", "empty", "filled")
    kind: ClassVar[str] = "link"

    def parse(self, text: str, context: ParseContext) -> Any:
        """An id is taken as it is; a name has to be looked up by whoever asks (`links`)."""
        if not text.strip():
            return None
        if text.strip().isascii() and text.strip().isdigit():
            return int(text)
        raise refuse(self, _("{field}: “{value}” was not found"), text)

    def check(self, value: Any) -> int | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**63:
            raise refuse(self, _("{field}: “{value}” was not found"), value)
        return value


@dataclass(frozen=True)
class UserField(LinkField):
    """A link to a colleague; the condition value `me` means whoever asks."""

    type_name: ClassVar[str] = "user"
    operators: ClassVar[tuple[str, ...]] = ("in", "not_in", "me", "empty", "filled")


@dataclass(frozen=True)
class RecordField(Field):
    """A link to a record of any object that has the named ability, or of any object at all.

    `then`: the records that point to one and the same are read in the order of this field at
    once, however many they are.
    """

    parent: bool = False
    ability: str = ""  # the class name of a trait; '' for every object
    inverse: str = ""
    then: str = ""

    type_name: ClassVar[str] = "record"
    storage: ClassVar[str] = "record"
    operators: ClassVar[tuple[str, ...]] = ("eq", "empty", "filled")
    kind: ClassVar[str] = "link"
    sortable: ClassVar[bool] = False

    def parse(self, text: str, context: ParseContext) -> Any:
        entity, _sep, number = text.strip().partition(":")
        if not text.strip():
            return None
        if entity and number.isascii() and number.isdigit():
            return self.check(Ref(entity, int(number)))
        raise refuse(self, _("{field}: “{value}” was not found"), text)

    def check(self, value: Any) -> Ref | None:
        if value is None:
            return None
        try:
            entity, number = value
            return Ref(str(entity), int(number))
        except (TypeError, ValueError):
            raise refuse(self, _("{field}: “{value}” was not found"), value) from None

    def plain(self, value: Any) -> Any:
        return None if value is None else [value.entity, value.id]

    def unplain(self, value: Any) -> Any:
        return None if value is None else Ref(value[0], value[1])
