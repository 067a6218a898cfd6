"""What a base counts by itself: records by the values of some fields, for each month of a moment.

The catalogue says so (`Field.counted_by`): every field that names a moment among what it is counted
by makes one tally a moment. Of records that were somebody else's in a stage than they are now, it
keeps who had them where in a narrow table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crm_desktop.models.backend.tally_triggers import HandsPlan, TallyPlan
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.sales_traits import Funnel, StageLog
from crm_desktop.models.schema import column_names

SEPARATOR = "|"


@dataclass(frozen=True)
class Tally:
    """Records of an object, counted by the month of `moment` (UTC) and the values of `keys`."""

    entity: EntityDef
    moment: Field
    keys: tuple[Field, ...]

    @property
    def plan(self) -> TallyPlan:
        """The same in words of the base."""
        columns = tuple(column_names(key)[0] for key in self.keys)
        moment = column_names(self.moment)[0]
        return TallyPlan(self.entity.table_name, self.entity.number, moment, columns)

    def values(self, group: str) -> tuple[int | str | None, ...]:
        """The values of a group as the columns of the keys hold them."""
        found = group.split(SEPARATOR)
        return tuple(
            None if not text else int(text) if key.storage == "link" else text
            for key, text in zip(self.keys, found, strict=True)
        )


def tallies(catalogue: Catalogue) -> Iterator[Tally]:
    """Every tally of a base."""
    for entity in catalogue:
        for f in entity.fields:
            named = [entity.field(key) for key in f.counted_by]
            keys = (f, *(one for one in named if one.storage != "datetime"))
            for moment in named:
                if moment.storage == "datetime":
                    yield Tally(entity, moment, keys)


def plans(catalogue: Catalogue) -> list[TallyPlan]:
    """All of them in words of the base."""
    return [one.plan for one in tallies(catalogue)]


def tally_of(catalogue: Catalogue, entity: EntityDef, moment: str) -> Tally:
    """The tally of one object by one moment; KeyError without it."""
    for one in tallies(catalogue):
        if one.entity.key == entity.key and one.moment.key == moment:
            return one
    raise KeyError(moment)


def hands_plan(catalogue: Catalogue) -> HandsPlan:
    """Whose records change hands, and which records tell."""
    whole, names = catalogue.with_trait(Funnel)
    part, stays = catalogue.with_trait(StageLog)
    own = (names.pipeline, names.reached, names.state, names.who, names.opened, names.closed)
    told = (stays.owner, stays.who, stays.stage)
    return HandsPlan(
        whole.table_name, tuple(column_names(whole.field(name))[0] for name in own),
        part.table_name, tuple(column_names(part.field(name))[0] for name in told),
    )  # fmt: skip
