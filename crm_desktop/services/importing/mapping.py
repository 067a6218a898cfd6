"""Mapping: which columns of a file go into which fields, as a frozen value with a JSON form.

The JSON of `--map`, with every setting:

    {
      "columns": [
        {"from": "Company", "to": "name"},
        {"from": ["Work phone", "Mobile"], "to": "phone"},
        {"from": ["Street", "House"], "to": "address", "join": ", "},
        {"from": ["Organisation", "Full name"], "to": "name", "join": null},
        {"from": "Full name", "to": ["last_name", "first_name", "middle_name"], "split": "name"},
        {"from": "City, street", "to": ["city", "address"], "split": ","},
        {"from": "Manager", "to": "responsible", "create": true},
        {"from": "Phase", "to": "stage", "values": {"Closed won": "Won", "Qualify": "New"}},
        {"from": [], "to": "status", "default": "New"},
        {"from": "Signed", "to": "x_signed", "date_order": "mdy"},
        {"from": "Contact", "to": "person.name"},
        {"from": "Second contact", "to": "person[2].name"},
        {"from": "Tax number of the company", "to": "client.tax_id"}
      ],
      "match": ["tax_id", "email"], "on_match": "update", "on_new": "create",
      "empty_wipes": false, "unreadable": "refuse", "name_only": "create",
      "date_order": "dmy", "decimal": ",", "html": true
    }

`from` names columns by their headers. `join`: what stands between several columns; null takes the
first one that is filled; several columns of telephones or e-mail addresses are never joined: the
first number is the main one, the others become further contacts. `split`: `name` cuts a name
into last, first and middle name, any other text cuts there. `create`: whether a linked record
that is not there is made from its name (`true`, `false`, or a list of the names that are), or the
row comes in without the link (`"leave_out"`); without it the field decides. `values`: what words
of the file mean here, in whatever case they are written; "" for nothing. `to` is a field of the
object, a field of a record that a link field leads to (`client.tax_id`), or a field of records
that point here (`person.name`; `person[2].name` for a second one in the same row).

`match`: fields tried in this order; the first that finds a record decides. `on_match`: what to do
with a row whose record is there: `skip`, `update`, or `create` another one. `on_new`: `create` or
`skip` rows whose record is not there. `unreadable`: a row with a value that cannot be read is
refused (`refuse`), or comes in without it unless it is needed (`leave_out`). `name_only`: a row
that holds a name and nothing else is a record (`create`), or heads the rows below it (`refuse`).
`epoch`: the year from which days that are bare numbers are counted, 1900 or 1904; without it the
file says so. `html`: texts are pages as other programs write them out: `<br>` is a new line.
Short form: `{"Company": "name", "Phone": "phone"}`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, replace
from typing import Any

from crm_desktop.errors import InvalidInput
from crm_desktop.i18n import LANGUAGES, N_, _, said_in
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.catalogue.fieldtypes import EmailField, PhoneField, TextField
from crm_desktop.models.text.normalise import norm
from crm_desktop.services.importing.readers.base import ReadOptions

SKIP, UPDATE, CREATE = "skip", "update", "create"
ON_MATCH = (SKIP, UPDATE, CREATE)
ON_NEW = (CREATE, SKIP)
REFUSE, LEAVE_OUT = "refuse", "leave_out"
UNREADABLE = (REFUSE, LEAVE_OUT)
NAME_ONLY = (CREATE, REFUSE)
NAME_PARTS = "name"
EPOCHS = (0, 1900, 1904)
DATE_ORDERS = ("", "dmy", "mdy", "ymd")
REASON = N_("Why the row was refused")  # the last column of a workbook of refused rows
BAD_FORM = N_("The mapping of columns is not in the right form: {where}")
_TARGET_KEYS = {"from", "to", "join", "split", "default", "create", "date_order", "decimal",
                "values"}  # fmt: skip
_KEYS = {"columns", "match", "on_match", "on_new", "empty_wipes", "unreadable", "name_only",
         "date_order", "decimal", "epoch", "html", "object"}  # fmt: skip


@dataclass(frozen=True)
class Target:
    """One or several columns and the field or fields that their values go into.

    `join` None: the first filled column counts. `split` '': the value is not divided. `create`
    None: the link field decides; `made`: the names for which that is done in any case; `leaves`:
    the row comes in without the link to a record that is not there. `date_order` and `decimal` '':
    those of the mapping. `values`: words of the file and what they mean, '' for nothing.
    """

    columns: tuple[str, ...]
    fields: tuple[str, ...]
    join: str | None = " "
    split: str = ""
    default: str = ""
    create: bool | None = None
    date_order: str = ""
    decimal: str = ""
    values: tuple[tuple[str, str], ...] = ()
    made: tuple[str, ...] = ()
    leaves: bool = False

    @property
    def field(self) -> str:
        """The first, mostly the only field."""
        return self.fields[0]

    def to_json(self) -> dict[str, Any]:
        """What differs from the defaults, as JSON holds it."""
        row: dict[str, Any] = {"from": _short(self.columns), "to": _short(self.fields)}
        if self.join != " ":
            row["join"] = self.join
        for key in ("split", "default", "date_order", "decimal"):
            if getattr(self, key):
                row[key] = getattr(self, key)
        if self.leaves or self.made or self.create is not None:
            row["create"] = LEAVE_OUT if self.leaves else list(self.made) or self.create
        if self.values:
            row["values"] = dict(self.values)
        return row

    @staticmethod
    def from_json(row: Any) -> Target:
        """The inverse of `to_json`; `InvalidInput` for anything else."""
        if not isinstance(row, AnyMapping) or "to" not in row:
            raise _bad(row)
        unknown = set(row) - _TARGET_KEYS
        if unknown:
            raise _bad(sorted(unknown))
        texts = {key: row[key] for key in ("split", "default", "date_order", "decimal")
                 if row.get(key) is not None}  # fmt: skip
        join, create = row.get("join", " "), row.get("create")
        made = _texts(create) if isinstance(create, list | tuple) else ()
        leaves = create == LEAVE_OUT
        create = None if made or leaves or create == [] else create
        values = row.get("values") or {}
        sound = (
            all(isinstance(text, str) for text in texts.values())
            and isinstance(values, AnyMapping)
            and all(isinstance(text, str) for pair in values.items() for text in pair)
            and (join is None or isinstance(join, str))
            and (create is None or isinstance(create, bool))
            and texts.get("date_order", "") in DATE_ORDERS
            and texts.get("decimal", "") in ("", ",", ".")
        )
        fields = _texts(row["to"])
        if not sound or not fields:
            raise _bad(row)
        pairs = tuple((str(word), str(meant)) for word, meant in values.items())
        columns = _texts(row.get("from", ()))
        return Target(
            columns, fields, join, create=create, values=pairs, made=made, leaves=leaves, **texts
        )


@dataclass(frozen=True)
class Mapping:
    """Where everything goes, and what is done with records that are there already."""

    targets: tuple[Target, ...] = ()
    match: tuple[str, ...] = ()
    on_match: str = SKIP
    on_new: str = CREATE
    empty_wipes: bool = False
    unreadable: str = REFUSE
    name_only: str = CREATE
    date_order: str = ""
    decimal: str = ""
    html: bool = False
    epoch: int = 0

    def read_as(self, options: ReadOptions) -> Mapping:
        """The mapping with what the reader of a file found out about its dates and numbers."""
        return replace(
            self,
            date_order=self.date_order or options.date_order or "",
            decimal=self.decimal or options.decimal or "",
            epoch=self.epoch or (1904 if options.since_1904 else 1900),
        )

    def target_of(self, path: str) -> Target | None:
        """The target that fills the field `path`."""
        return next((target for target in self.targets if path in target.fields), None)

    def targets_from(self, column: str) -> list[Target]:
        """The targets that a column goes into."""
        return [target for target in self.targets if column in target.columns]

    def columns(self) -> list[str]:
        """The columns that are used, each once."""
        return list(dict.fromkeys(name for target in self.targets for name in target.columns))

    def with_options(self, **changes: Any) -> Mapping:
        """The same mapping with some settings changed."""
        return replace(self, **changes)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; `from_json` reads it back to an equal mapping."""
        return {
            "columns": [target.to_json() for target in self.targets],
            "match": list(self.match),
            "on_match": self.on_match,
            "on_new": self.on_new,
            "empty_wipes": self.empty_wipes,
            "unreadable": self.unreadable,
            "name_only": self.name_only,
            "date_order": self.date_order,
            "decimal": self.decimal,
            "html": self.html,
            "epoch": self.epoch,
        }

    @staticmethod
    def from_json(row: Any) -> Mapping:
        """The mapping of its JSON form, long or short; `InvalidInput` says what is wrong."""
        if not isinstance(row, AnyMapping):
            raise _bad(row)
        if "columns" not in row:
            if not all(isinstance(value, str) for value in row.values()):
                raise _bad(row)
            return Mapping(tuple(Target((str(k),), (v,)) for k, v in row.items()))
        unknown = set(row) - _KEYS
        if unknown or not isinstance(row["columns"], list):
            raise _bad(sorted(unknown) or row["columns"])
        return _checked(
            Mapping(
                targets=tuple(Target.from_json(target) for target in row["columns"]),
                match=_texts(row.get("match", ())),
                on_match=row.get("on_match", SKIP),
                on_new=row.get("on_new", CREATE),
                empty_wipes=row.get("empty_wipes", False),
                unreadable=row.get("unreadable", REFUSE),
                name_only=row.get("name_only", CREATE),
                date_order=row.get("date_order") or "",
                decimal=row.get("decimal") or "",
                html=row.get("html", False),
                epoch=row.get("epoch", 0),
            )
        )


def _checked(mapping: Mapping) -> Mapping:
    choices = (("on_match", ON_MATCH), ("on_new", ON_NEW), ("unreadable", UNREADABLE),
               ("name_only", NAME_ONLY))  # fmt: skip
    for key, allowed in choices:
        if getattr(mapping, key) not in allowed:
            raise _bad({key: getattr(mapping, key)})
    for key in ("empty_wipes", "html"):
        if not isinstance(getattr(mapping, key), bool):
            raise _bad({key: getattr(mapping, key)})
    if mapping.epoch not in EPOCHS:
        raise _bad({"epoch": mapping.epoch})
    if mapping.date_order not in DATE_ORDERS or mapping.decimal not in ("", ",", "."):
        raise _bad({"date_order": mapping.date_order, "decimal": mapping.decimal})
    return mapping


def _texts(value: Any) -> tuple[str, ...]:
    """A text, or a list of texts."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise _bad(value)


def _short(texts: tuple[str, ...]) -> str | list[str]:
    return texts[0] if len(texts) == 1 else list(texts)


def _bad(where: object) -> InvalidInput:
    return InvalidInput(_(BAD_FORM).format(where=str(where)[:120]))


def match_keys(entity: EntityDef, mapping: Mapping) -> list[str]:
    """The mapped fields by which records may be found again, the most certain first."""
    found: list[tuple[int, str]] = []
    for target in mapping.targets:
        if len(target.fields) > 1 or not entity.has(target.field):
            continue
        f = entity.field(target.field)
        if isinstance(f, TextField) and f.identifier:
            found.append((0, f.key))
        elif isinstance(f, EmailField | PhoneField):
            found.append((1 if isinstance(f, EmailField) else 2, f.key))
        elif f.key == entity.title_field:
            found.append((3, f.key))
    return [key for _rank, key in sorted(found)]


def unused(
    mapping: Mapping, names: Iterable[str], twins: AnyMapping[str, str] | None = None
) -> tuple[str, ...]:
    """The columns of a file that go into no field, but those that have no name. `twins`: see
    `Sheet.twins`."""
    taken = mapping.columns()
    also = [twins[name] for name in taken if name in twins] if twins else []
    used = {norm(name) for name in (*taken, *also, *reasons())}
    nameless = _("Column {number}")
    return tuple(
        name
        for place, name in enumerate(names, 1)
        if norm(name) not in used and name != nameless.format(number=place)
    )


def reasons() -> set[str]:
    """What the column of reasons is called in workbooks of refused rows, in every language."""
    return {said_in(code, REASON) for code in LANGUAGES}


def signature(names: Iterable[str]) -> str:
    """What files of the same columns have in common, in whatever order those stand."""
    text = "\n".join(sorted({norm(name) for name in names}))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
