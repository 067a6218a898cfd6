"""What is done with words of a file that mean nothing here: names of linked records that are not in
the base, and words that are not in the list of a choice."""

from __future__ import annotations

from crm_desktop.models.catalogue.definitions import Field
from crm_desktop.models.catalogue.fieldtypes import BoolField, ChoiceField, LinkField, UserField
from crm_desktop.models.text.normalise import norm
from crm_desktop.services.importing.mapping import Target

Spot = tuple[int, str]
"""The number of a group of the plan, and the key of a field."""


class NameRules:
    """As the targets of one mapping say. `create`: whether records are made for all names;
    `listed`: the paths of fields whose values are in a list."""

    def __init__(self) -> None:
        self.create: dict[Spot, bool] = {}
        self.listed: set[str] = set()
        self._made: dict[Spot, frozenset[str]] = {}
        self._left: set[Spot] = set()
        self._closed: dict[Spot, str] = {}

    def add(self, spot: Spot, target: Target, f: Field) -> None:
        """Names of a link are read by this target."""
        usual = isinstance(f, LinkField) and (f.create or isinstance(f, UserField))
        self.create[spot] = target.create if target.create is not None else usual
        if target.made:
            self._made[spot] = frozenset(map(norm, target.made))
        if target.leaves:
            self._left.add(spot)
            self.create[spot] = False

    def note(self, path: str, f: Field) -> None:
        """A field is filled, of whatever type."""
        if isinstance(f, ChoiceField | BoolField):
            self.listed.add(path)

    def close(self, spot: Spot, why: str) -> None:
        """No record is made for any name of this field, if there is a reason."""
        if why:
            self._closed[spot] = why

    def why_closed(self, spot: Spot, name: str) -> str:
        """Why none is made for a name for which one was wished; '' if it is, or none was."""
        return self._closed.get(spot, "") if self._is_wished(spot, name) else ""

    def may_make(self, spot: Spot, name: str) -> bool:
        """Whether a record is made for this name."""
        return spot not in self._closed and self._is_wished(spot, name)

    def _is_wished(self, spot: Spot, name: str) -> bool:
        if self.create[spot]:
            return True
        made = self._made.get(spot)
        return made is not None and norm(name) in made

    def may_leave(self, spot: Spot) -> bool:
        """Whether a row comes in without the link rather than not at all."""
        return spot in self._left
