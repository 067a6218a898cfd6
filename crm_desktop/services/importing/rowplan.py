"""A mapping worked out for one header: where each cell of a row goes and how it is read.

`RowPlan.prepare` touches no base. Links stay names and become records in `block`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, cast

from crm_desktop.errors import InvalidInput, NotFound
from crm_desktop.i18n import _
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import EntityDef, Field, ParseContext
from crm_desktop.models.catalogue.fieldtypes import LinkField, RecordField, UserField
from crm_desktop.models.catalogue.file_traits import Beside
from crm_desktop.models.catalogue.traits import Mirror
from crm_desktop.models.text.normalise import norm
from crm_desktop.services.importing.cellreads import (
    Read,
    contacts_read,
    joined_read,
    meant,
    part_read,
    split_read,
)
from crm_desktop.services.importing.cellwraps import Converter, PartlyRead, kept_of
from crm_desktop.services.importing.convert import Reading, at_a_glance, cell_text, converter
from crm_desktop.services.importing.formulas import check_formula
from crm_desktop.services.importing.mapping import Mapping, Target, reasons
from crm_desktop.services.importing.pictures import picture_paths
from crm_desktop.services.importing.places import IDENTITY, Place, contacts_mirror, place
from crm_desktop.services.importing.readers.base import Cell, CellError, Row, is_blank
from crm_desktop.services.importing.targets import column_places, merged
from crm_desktop.services.importing.totals import no_record
from crm_desktop.services.importing.unknown_names import NameRules
from crm_desktop.services.importing.yearless import keeps_days, put

Contact = tuple[Mirror, Any]
ABOVE = "@^"  # among the values of a row's own record: the row that it goes on with


class Problem(NamedTuple):
    """Why a row was refused. `field`: its path as a mapping names it; `label`: as people do; both
    are empty where it is the whole row."""

    field: str
    label: str
    value: str
    reason: str


class Spared(Problem):
    """A part of a cell that is left out; the rest of it is taken."""


class Group(NamedTuple):
    """One record that rows carry: the record itself is the first group and has no `link`."""

    name: str
    entity: EntityDef
    link: LinkField | RecordField | None = None
    forward: bool = False
    through: str = ""
    """The group that the record hangs on, where that is not the record of the rows itself."""

    @property
    def is_beside(self) -> bool:
        """Whether it needs no name, and keeps no row out (`beside`)."""
        return bool(self.name) and not self.forward and self.entity.trait(Beside) is not None

    def problem(self, key: str, value: str, reason: str) -> Problem:
        """What is wrong with a value of this record; numbers of records have keys with an @."""
        f = self.entity.field(key) if self.entity.has(key) else IDENTITY
        names = [self.name, key.removeprefix("@"), f.key if f is IDENTITY else ""]
        return Problem(".".join(filter(None, names)), _(f.label), value[:200], reason)


class Part(NamedTuple):
    """What a row says of one of its records. `contacts`: all its numbers and addresses."""

    values: dict[str, Any]
    contacts: list[Contact]

    @property
    def is_empty(self) -> bool:
        """Whether the row says nothing of it."""
        return not self.contacts and all(value is None for value in self.values.values())

    def take(self, key: str, value: Any) -> None:
        """Puts in a value, if there is one."""
        if value is not None:
            put(self.values, key, value)


class Prepared(NamedTuple):
    """One row, read: a part for each group of the plan; `cells` as they stood in the file.

    `problems` refuse the row; `left_out` are values without which it comes in.
    """

    number: int
    cells: Sequence[Cell]
    parts: list[Part]
    problems: list[Problem]
    left_out: Sequence[Problem] = ()


class _Filler(NamedTuple):
    """How some cells of a row become one value: the common case, kept flat for speed."""

    column: int
    group: int
    key: str
    convert: Converter


class _Reader(NamedTuple):
    """How some cells of a row become values in any other way."""

    columns: tuple[int, ...]
    group: int
    field: Field
    read: Read
    mirror: Mirror | None = None
    glance: Converter | None = None


class RowPlan:
    """A mapping over the columns of one file."""

    def __init__(
        self, catalogue: Catalogue, entity: EntityDef, mapping: Mapping, *,
        header: Sequence[str], context: ParseContext, forgiving: bool = False,
    ) -> None:  # fmt: skip
        """`forgiving`: a row comes in without a value that cannot be read, unless it needs it."""
        self.forgiving = forgiving
        self.catalogue = catalogue
        self.entity = entity
        self.mapping = mapping
        self.header = tuple(header)
        self.groups: list[Group] = [Group("", entity)]
        self.defaults: list[dict[str, Any]] = [{}]
        self.names = NameRules()
        self.create = self.names.create
        self.context = context
        self._columns = column_places(header)
        unused = reasons().difference(mapping.columns())
        self._reason = next((at for at, name in enumerate(header) if name in unused), None)
        self._fillers: list[_Filler] = []
        self._readers: list[_Reader] = []
        self._wiped: list[tuple[int, str]] = []
        targets = [
            (target, [place(catalogue, entity, path) for path in target.fields])
            for target in merged(catalogue, entity, mapping.targets)
        ]
        self.pictures = picture_paths(spot for _target, spots in targets for spot in spots)
        """Values without which a row comes in though nothing else is forgiven."""
        described = {
            spot.group
            for _target, spots in targets
            for spot in spots
            if spot.forward and not spot.is_identity
        }
        for target, spots in targets:
            self._add(target, [self._within(spot, described) for spot in spots])
        self.besides = {group.name for group in self.groups if group.is_beside}
        """Records that keep no row out."""
        colleagues = any(isinstance(spot.field, UserField) for _t, all_ in targets for spot in all_)
        self.leaves_out = bool(forgiving or self.pictures or self.besides or colleagues)
        keys = [place(catalogue, entity, path) for path in mapping.match]
        self.match = [(self._group(spot), spot) for spot in keys]
        if not self._fillers and not self._readers:
            raise InvalidInput(_("No column of the file is assigned to a field. Assign one first."))

    # --- working out ------------------------------------------------------------------------------

    def _within(self, found: Place, described: set[str]) -> Place:
        """A link whose record the row describes further is that record's name."""
        if found.group or found.field.key not in described:
            return found
        path = f"{found.field.key}.{self._target(found.field).title_field}"
        return place(self.catalogue, self.entity, path)

    def _target(self, f: Field) -> EntityDef:
        assert isinstance(f, LinkField)
        return self.catalogue[f.target]

    def _group(self, found: Place) -> int:
        """The number of the place's group; an identity behind a link belongs to the link."""
        if not found.group or (found.forward and found.is_identity):
            return 0
        for index, group in enumerate(self.groups):
            if group.name == found.group:
                return index
        if found.through:
            upper = self.catalogue[found.through]
            self._group(place(self.catalogue, self.entity, f"{upper.key}.{upper.title_field}"))
        link = found.link.field if found.link is not None else None
        self.groups.append(Group(found.group, found.entity, link, found.forward, found.through))
        self.defaults.append({})
        return len(self.groups) - 1

    def _add(self, target: Target, where: list[Place]) -> None:
        columns = tuple(self._column(name) for name in target.columns)
        first = where[0]
        group = self._group(first)
        reading = self._reading(target, first)
        for one in where:
            self.names.note(one.path, one.field)
            if isinstance(one.field, LinkField | RecordField):
                self.names.add((group, one.field.key), target, one.field)
            elif one.forward and not one.is_identity:
                self.names.add((0, one.group), target, one.tie)
        if target.default:
            self._add_default(target, first, group, reading)
        if not columns:
            return
        self._wiped += [(self._group(one), one.field.key) for one in where if not one.is_identity]
        mirror = contacts_mirror(first.entity, first.field)
        if target.split and len(where) > 1:
            self._add_split(
                target, columns, [(p, meant(target, converter(p.field, reading))) for p in where]
            )
        elif mirror is not None:
            read = contacts_read(first.field, self._converter(target, reading, first.field))
            is_plain = len(columns) == 1 and not target.values
            glance = at_a_glance(first.field, reading) if is_plain else None
            self._readers.append(_Reader(columns, group, first.field, read, mirror, glance))
        elif len(columns) == 1:
            convert = self._converter(target, reading, first.field)
            self._fillers.append(_Filler(columns[0], group, first.kept_as, convert))
        else:
            convert = self._converter(target, reading, first.field)
            read = joined_read(first.field, target.join, convert)
            self._readers.append(_Reader(columns, group, first.field, read))

    @staticmethod
    def _converter(target: Target, reading: Reading, f: Field) -> Converter:
        return meant(target, converter(f, reading))

    def _add_split(
        self, target: Target, columns: tuple[int, ...], where: list[tuple[Place, Converter]]
    ) -> None:
        """The parts of one record, or one part for each of several records."""
        groups = [self._group(one) for one, _convert in where]
        first = where[0][0].field
        if len(set(groups)) == 1:
            read = split_read(target, [(one.field, convert) for one, convert in where])
            self._readers.append(_Reader(columns, groups[0], first, read))
            return
        for at, (one, convert) in enumerate(where):
            part = part_read(target, at, len(where), one.field, convert)
            self._readers.append(_Reader(columns, groups[at], one.field, part))

    def _add_default(self, target: Target, first: Place, group: int, reading: Reading) -> None:
        value = converter(first.field, reading)(target.default)
        mirror = contacts_mirror(first.entity, first.field)
        if value is not None and mirror is None:
            self.defaults[group][first.field.key] = value
        elif value is not None:
            raise InvalidInput(
                _("{field} cannot have the same value in every record").format(field=first.label())
            )

    def _column(self, name: str) -> int:
        found = self._columns.get(name, self._columns.get(norm(name)))
        if found is None:
            known = ", ".join(self.header[:30])
            raise NotFound(
                _("The file has no column “{name}”. It has: {known}").format(name=name, known=known)
            )
        return found

    def columns_of(self, paths: Collection[str]) -> list[int]:
        """The columns that go into any of these fields."""
        targets = [t for t in self.mapping.targets if not {*t.fields}.isdisjoint(paths)]
        return sorted({self._column(name) for target in targets for name in target.columns})

    def _reading(self, target: Target, first: Place) -> Reading:
        order = target.date_order or self.mapping.date_order or self.context.date_order
        decimal = target.decimal or self.mapping.decimal or self.context.decimal or ""
        context = replace(self.context, date_order=order, decimal=decimal or None)
        keeps = keeps_days(self.catalogue, first.entity, first.field)
        return Reading(context, decimal, self._object_named, keeps, self.mapping.html,
                       self.mapping.epoch == 1904)  # fmt: skip

    def _object_named(self, name: str) -> str:
        try:
            return self.catalogue.find(name).key
        except NotFound:
            return ""

    # --- reading a row ----------------------------------------------------------------------------

    def prepare(self, row: Row) -> Prepared:
        """The row as values; what cannot be read stands among its problems."""
        cells = row.cells if self._reason is None else _without(row.cells, self._reason)
        parts = [Part({}, []) for _group in self.groups]
        problems: list[Problem] = []
        if why := no_record(cells):
            problems.append(Problem("", "", "", why))
            return Prepared(row.number, cells, parts, problems)
        if self.mapping.empty_wipes:
            for group, key in self._wiped:
                parts[group].values[key] = None
        for column, group, key, convert in self._fillers:
            cell = cells[column] if column < len(cells) else None
            if cell is None:
                continue
            try:
                value = convert(cell)
            except InvalidInput as error:
                problems.append(self._problem(group, key, cell, error))
                value = kept_of(error)
            if value is not None:
                put(parts[group].values, key, value)
        for reader in self._readers:
            self._read_all(reader, cells, parts[reader.group], problems)
        if problems and self.leaves_out:
            bad = [one for one in problems if self._is_needed(one)]
            left_out = [one for one in problems if one not in bad]
            return Prepared(row.number, cells, parts, bad, left_out)
        return Prepared(row.number, cells, parts, problems)

    def _is_needed(self, problem: Problem) -> bool:
        if isinstance(problem, Spared):
            return False
        if problem.field.rpartition(".")[0] in self.besides:
            return False
        return self._needs(problem.field) if self.forgiving else problem.field not in self.pictures

    def _needs(self, name: str) -> bool:
        return any(
            name == ".".join(filter(None, (group.name, f.key)))
            for group in self.groups
            for f in group.entity.fields
            if f.required
        )

    def can_spare(self, problems: Sequence[Problem]) -> bool:
        """Whether a refused row would come in without the values that cannot be read."""
        return not any(not one.field or self._needs(one.field) for one in problems)

    def _read_all(
        self, reader: _Reader, cells: Sequence[Cell], part: Part, problems: list[Problem]
    ) -> None:
        if not self.forgiving or reader.mirror is None:
            self._read(reader, cells, part, problems)
            return
        for spot in reader.columns:  # one at a time: a wrong number keeps no other one away
            self._read(reader._replace(columns=(spot,)), cells, part, problems)
        part.contacts[:] = dict.fromkeys(part.contacts)

    def _read(
        self, reader: _Reader, cells: Sequence[Cell], part: Part, problems: list[Problem]
    ) -> None:
        given = [cells[i] if i < len(cells) else None for i in reader.columns]
        if reader.glance is not None and (seen := reader.glance(given[0])) is not None:
            part.contacts.append((cast(Mirror, reader.mirror), seen))
            part.values.pop(reader.field.key, None)
            return
        if all(map(is_blank, given)):
            return
        try:
            for cell in given:
                if isinstance(cell, CellError):
                    raise check_formula(reader.field, cell)
            for key, value in reader.read(given):
                if value is None:
                    continue
                if reader.mirror is None:
                    put(part.values, key, value)
                else:
                    part.contacts.append((reader.mirror, value))
        except InvalidInput as error:
            shown = " ".join(cell_text(cell) for cell in given if not is_blank(cell))
            problems.append(self._problem(reader.group, reader.field.key, shown, error))
            part.take(reader.field.key, kept_of(error))
        if reader.mirror is not None and part.contacts:
            part.values.pop(reader.field.key, None)

    def _problem(self, group: int, key: str, cell: Cell, error: InvalidInput) -> Problem:
        found = self.groups[group].problem(key, cell_text(cell), error.message)
        return Spared(*found) if isinstance(error, PartlyRead) else found


def _without(cells: Sequence[Cell], place: int) -> Sequence[Cell]:
    """The cells but for why the row was refused before, which is no part of it."""
    return [*cells[:place], None, *cells[place + 1 :]] if place < len(cells) else cells
