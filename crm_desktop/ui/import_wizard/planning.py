"""Where the columns go: the mapping as the person changes it, and how it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from crm_desktop.errors import UserError
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field
from crm_desktop.models.catalogue.fieldtypes import DateField, DateTimeField, LinkField
from crm_desktop.services.importing.mapping import (
    CREATE,
    LEAVE_OUT,
    REFUSE,
    SKIP,
    Mapping,
    Target,
    match_keys,
)
from crm_desktop.services.importing.needed import required_fields
from crm_desktop.services.importing.places import Place, numbers, place, places
from crm_desktop.services.rules import RULES
from crm_desktop.ui.import_wizard.state import (
    ColumnLine,
    ColumnOptions,
    FieldChoice,
    MatchChoice,
    Plan,
    Preview,
)

LEARNED, GUESSED, CHOSEN = "learned", "guessed", "chosen"


class ColumnPlan:
    """The mapping of one file, changed column by column."""

    def __init__(
        self, catalogue: Catalogue, entity: EntityDef, preview: Preview, *, mapping: Mapping,
        learned: bool,
    ) -> None:  # fmt: skip
        self.catalogue, self.entity, self.preview = catalogue, entity, preview
        self.mapping = mapping
        self._by_hand: set[str] = set()
        self._mark = LEARNED if learned else GUESSED

    # --- for the person ---------------------------------------------------------------------------

    def shown(self) -> Plan:
        """Everything the step shows, in the language of the moment."""
        mapping = self.mapping
        return Plan(
            tuple(self._line(at, name) for at, name in enumerate(self.preview.names)),
            tuple(self._matches()), mapping.on_match, mapping.on_new == CREATE,
            mapping.empty_wipes, mapping.unreadable == LEAVE_OUT, mapping.name_only == REFUSE,
            mapping.html, self._problem(), self._warning(),
        )  # fmt: skip

    def _line(self, at: int, name: str) -> ColumnLine:
        target = self._target(name)
        samples = "  ·  ".join(self.preview.samples[at]) if at < len(self.preview.samples) else ""
        guessed = self._mark if target is not None else ""
        mark = CHOSEN if name in self._by_hand else guessed
        if target is None:
            return ColumnLine(name, samples, "", mark)
        labels = " + ".join(self._label(path) for path in target.fields)
        return ColumnLine(name, samples, labels, mark, self._note(target, name))

    def _note(self, target: Target, name: str) -> str:
        others = [column for column in target.columns if column != name]
        if others and target.join is None:
            return _("The first filled one of: {columns}").format(columns=", ".join(target.columns))
        if others:
            return _("Together with: {columns}").format(columns=", ".join(others))
        if target.values or target.made:
            known = len(target.values) + len(target.made)
            return _("Words with a meaning: {count}").format(count=known)
        if target.default:
            return _("Where it is empty: {value}").format(value=target.default)
        return ""

    def _label(self, path: str) -> str:
        try:
            return place(self.catalogue, self.entity, path).label()
        except UserError:  # the field is gone since the mapping was learned
            return path

    def _problem(self) -> str:
        if not any(target.columns for target in self.mapping.targets):
            return _("No column goes anywhere yet: choose a field for at least one.")
        return ""

    def _warning(self) -> str:
        filled = {path for target in self.mapping.targets for path in target.fields}
        missing = [
            _(f.label) for f in required_fields(self.entity)
            if not f.readonly and f.key not in filled and not self._follows(f)
        ]  # fmt: skip
        if not missing or self.mapping.on_new == SKIP:
            return ""
        return _("New records need these fields, and no column fills them: {fields}").format(
            fields=", ".join(missing)
        )

    def _follows(self, f: Field) -> bool:
        """Whether rules may find what it links to: a new deal goes into the first pipeline."""
        return isinstance(f, LinkField) and self.entity.key in RULES

    def _matches(self) -> Iterator[MatchChoice]:
        """The fields that may be matched by, those of the mapping first, in its order."""
        possible = match_keys(self.entity, self.mapping)
        used = [key for key in self.mapping.match if key in possible]
        for key in [*used, *(key for key in possible if key not in used)]:
            yield MatchChoice(key, _(self.entity.field(key).label), key in used)

    def choices(self) -> list[FieldChoice]:
        """Every field that a column may go into, the object's own first."""
        found, seen = [], {""}
        pictures = self.preview.kind == "ldif"  # no other file holds some
        spots = list(places(self.catalogue, self.entity, pictures=pictures))
        spots += [*numbers(self.catalogue, self.entity), *self._further()]
        spots.sort(key=lambda spot: bool(spot.group))
        for spot in spots:
            seen.add(spot.group)
            found.append(FieldChoice(spot.path, _(spot.field.label), self._heading(spot)))
        order = {choice.group: at for at, choice in reversed(list(enumerate(found)))}
        return sorted(found, key=lambda choice: order[choice.group])

    def _heading(self, spot: Place) -> str:
        if not spot.group:
            return _(self.entity.label)
        whole, own = spot.label(), _(spot.field.label)
        return whole.removesuffix(own).rstrip(": ") or _(spot.entity.label)

    def _further(self) -> list[Place]:
        """A second record of the same kind in a row, once there is a first."""
        used = {path.partition(".")[0] for t in self.mapping.targets for path in t.fields
                if "." in path}  # fmt: skip
        groups: dict[str, list[Place]] = {}
        for spot in places(self.catalogue, self.entity):
            if spot.group and not spot.forward:
                groups.setdefault(spot.group, []).append(spot)
        found = []
        for group, spots in groups.items():
            number = 2 + sum(name.startswith(f"{group}[") for name in used)
            numbers_wanted = range(2, number + 1) if group in used else range(0)
            found += [
                place(self.catalogue, self.entity, f"{group}[{n}].{spot.field.key}")
                for n in numbers_wanted for spot in spots
            ]  # fmt: skip
        return found

    # --- one column -------------------------------------------------------------------------------

    def _target(self, name: str) -> Target | None:
        return next(iter(self.mapping.targets_from(name)), None)

    def options(self, name: str) -> ColumnOptions:
        """What can be said of the column beside its field."""
        target = self._target(name)
        if target is None:
            return ColumnOptions()
        try:
            f = place(self.catalogue, self.entity, target.field).field
        except UserError:
            return ColumnOptions(target.fields)
        is_date = isinstance(f, DateField | DateTimeField)
        return ColumnOptions(
            target.fields, target.split, target.date_order if is_date else None,
            LEAVE_OUT if target.leaves else target.create,
            isinstance(f, LinkField), target.default,
        )  # fmt: skip

    def assign(self, name: str, path: str) -> None:
        """The column goes into the field; '' takes it out."""
        targets = list(self._without(name))
        if path:
            same = next((t for t in targets if t.fields == (path,) and t.columns), None)
            if same is not None:
                together = self._in_order((*same.columns, name))
                targets[targets.index(same)] = replace(same, columns=together)
            else:
                targets.append(Target((name,), (path,)))
        self._by_hand.add(name)
        self._take(targets)

    def set_option(self, name: str, **changes: Any) -> None:
        """Changes a setting of the column's target: `split`, `fields`, `date_order` ..."""
        target = self._target(name)
        if target is None:
            return
        if "create" in changes:
            leaves = changes["create"] == LEAVE_OUT
            changes |= {"create": None if leaves else changes["create"], "leaves": leaves}
        targets = [replace(t, **changes) if t is target else t for t in self.mapping.targets]
        self._by_hand.update(target.columns)
        self._take(targets)

    def set_wish(self, **changes: Any) -> None:
        """Changes what is done with records that are there: `match`, `on_match`, `on_new` ..."""
        self.mapping = self.mapping.with_options(**changes)

    def _without(self, name: str) -> Iterator[Target]:
        for target in self.mapping.targets:
            if name not in target.columns:
                yield target
                continue
            rest = tuple(column for column in target.columns if column != name)
            if rest:
                yield replace(target, columns=rest)

    def _in_order(self, names: Sequence[str]) -> tuple[str, ...]:
        at = {name: number for number, name in enumerate(self.preview.names)}
        return tuple(sorted(names, key=lambda name: at.get(name, len(at))))

    def _take(self, targets: Sequence[Target]) -> None:
        self.mapping = replace(self.mapping, targets=tuple(targets))
        possible = match_keys(self.entity, self.mapping)
        kept = tuple(key for key in self.mapping.match if key in possible)
        self.mapping = self.mapping.with_options(match=kept)
