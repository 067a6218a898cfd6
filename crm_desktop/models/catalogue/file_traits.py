"""Traits by which the rows of a foreign file are understood."""

from __future__ import annotations

from dataclasses import dataclass

from crm_desktop.models.catalogue.definitions import Trait


@dataclass(frozen=True)
class ToldKind(Trait):
    """Companies, sole traders and private persons are told apart by the choice field `field`, whose
    choices are called as in `models/text/kinds`; the fields `names` and the tax number `number` say
    what a new record is where the file does not (`services/importing/kinds`)."""

    field: str
    names: tuple[str, ...]
    number: str


@dataclass(frozen=True)
class Beside(Trait):
    """A row of a file may bring the record beside the one that `link` leads to, without naming it:
    any of the fields `by`, its numbers, is enough. `called_by_owner`: without a title of its own it
    is called as its owner is; else by the values of `called_by`, the first of which is enough, too
    (`services/importing/beside`)."""

    link: str
    by: tuple[str, ...]
    called_by_owner: bool = False
    called_by: tuple[str, ...] = ()
