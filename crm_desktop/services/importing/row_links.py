"""The links of the rows of one block: what their names mean within what the row says else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from crm_desktop.errors import InvalidInput, NameMissing
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.services.importing.convert import Named
from crm_desktop.services.importing.drafts import Missing
from crm_desktop.services.importing.links import LinkSession, Whole
from crm_desktop.services.importing.needed import Needs
from crm_desktop.services.importing.rowplan import Part, Problem, RowPlan


class RowLinks:
    """Turns names into numbers. `missing`: the names that no record has, and in how many rows."""

    def __init__(self, plan: RowPlan, links: LinkSession, needs: Needs) -> None:
        self._plan = plan
        self._links = links
        self._needs = needs
        self._wholes: dict[tuple[int, str], tuple[LinkField, str] | None] = {}
        self._usuals: dict[tuple[str, str], Any] = {}
        self._spared: list[Problem] = []
        self.missing: Counter[Missing] = Counter()

    def fill(self, group: int, part: Part, values: dict[str, Any]) -> None:
        """Puts numbers in the place of names, of wholes first; without what the row does without.
        `InvalidInput`: a name leads nowhere."""
        named = [(key, value) for key, value in values.items() if isinstance(value, Named)]
        parts = [one for one in named if self._whole(group, one[0]) is not None]
        refused: dict[str, NameMissing] = {}
        for key, value in [*(one for one in named if one not in parts), *parts]:
            whole = self._whole(group, key)
            if whole is not None and whole[1] in refused:
                continue  # what it is a part of is not known
            try:
                found = self.linked(group, key, value, part, values)
            except NameMissing as error:  # the other names of the row are counted, too
                refused[key] = error
                continue
            if found is None:
                del values[key]
            else:
                values[key] = found
        if refused:
            raise next(iter(refused.values()))

    def linked(
        self, group: int, key: str, named: Named, part: Part, values: Mapping[str, Any]
    ) -> Any:
        """What the name means; None where the row comes in without it."""
        try:
            return self._resolved(group, key, named, part, values)
        except NameMissing as error:
            if why := self._plan.names.why_closed((group, key), named.text):
                error.message = f"{error.message}. {why}"
            problem = self._plan.groups[group].problem(key, named.text, error.message)
            self.missing[problem.field, problem.label, error.name] += 1
            if not self._plan.names.may_leave((group, key)):
                raise
            self._spared.append(problem)
            return None

    def taken_spared(self) -> list[Problem]:
        """The links without which the rows come in that were filled since this was last asked."""
        spared, self._spared = self._spared, []
        return spared

    def _resolved(
        self, group: int, key: str, named: Named, part: Part, values: Mapping[str, Any]
    ) -> Any:
        f, whole = self._plan.groups[group].entity.field(key), self._whole(group, key)
        number = values.get(whole[1]) if whole is not None else None
        within = (whole[0], number) if whole is not None and isinstance(number, int) else None
        usual = self._usual(group, whole) if whole is not None and number is None else None
        return self._links.resolve(
            f, named, hint=part.values.get("@" + key), within=within, usual=usual,
            create=self._plan.names.may_make((group, key), named.text),
        )  # fmt: skip

    def _whole(self, group: int, key: str) -> tuple[LinkField, str] | None:
        if (group, key) not in self._wholes:
            entity = self._plan.groups[group].entity
            self._wholes[group, key] = self._links.whole_of(entity, entity.field(key))
        return self._wholes[group, key]

    def _usual(self, group: int, whole: tuple[LinkField, str]) -> Whole | None:
        """The whole to which a new record belongs if its row says nothing."""
        entity, key = self._plan.groups[group].entity, whole[1]
        if (entity.key, key) not in self._usuals:
            found = None
            with suppress(InvalidInput):  # there may be none that is offered
                found = self._needs.completed(entity, {}).get(key)
            self._usuals[entity.key, key] = found
        number = self._usuals[entity.key, key]
        return (whole[0], number) if isinstance(number, int) else None
