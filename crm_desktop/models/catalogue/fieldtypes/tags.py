"""Tags of a record in one line: the names of the tags, parted by commas."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from crm_desktop.models.catalogue.fieldtypes.texts import TextField
from crm_desktop.models.text.normalise import norm

BETWEEN = ","
_ALSO_BETWEEN = (";", "\n")


@dataclass(frozen=True)
class TagsField(TextField):
    """The tags of a record: `VIP, Wholesale`. The tags themselves are records of their own; this
    line repeats their names (trait `Tags`, `services/tags/line`), so that lists, imports, exports
    and the search need no second way for them. Writing the line writes the tags.
    """

    length: int = 500

    type_name: ClassVar[str] = "tags"
    operators: ClassVar[tuple[str, ...]] = ("in", "all", "not_in", "empty", "filled")
    kind: ClassVar[str] = "tags"

    def check(self, value: Any) -> str | None:
        if value is None:
            return None
        return super().check(joined(split_tags(value)))


def split_tags(value: Any) -> list[str]:
    """The names in a typed line or a list of names; each once, in the order given."""
    given = value if isinstance(value, list | tuple) else [value]
    names: dict[str, str] = {}
    for text in given:
        line = str(text or "")
        for sign in _ALSO_BETWEEN:
            line = line.replace(sign, BETWEEN)
        for part in line.split(BETWEEN):
            name = " ".join(part.split()).lstrip("#").strip()
            if name:
                names.setdefault(norm(name), name)
    return list(names.values())


def joined(names: Iterable[str]) -> str:
    """The names as the line holds them."""
    return f"{BETWEEN} ".join(names)
