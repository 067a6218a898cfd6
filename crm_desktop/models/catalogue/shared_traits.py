"""Traits that matter where several people share a base."""

from __future__ import annotations

from dataclasses import dataclass

from crm_desktop.models.catalogue.definitions import Trait


@dataclass(frozen=True)
class SignsIn(Trait):
    """Records are people who may have an account on a server: `login` names the field that says
    which one (`services/server/accounts`)."""

    login: str


@dataclass(frozen=True)
class Pictured(Trait):
    """A picture of the record may stand where its avatar is; `field` names the digest of the
    content (`services/files/portraits`)."""

    field: str


@dataclass(frozen=True)
class Owned(Trait):
    """Records are somebody's: the field `by` names the colleague (`models/catalogue/ownership`).

    `along`: a link to a record with which they are somebody's as well, such as the company at which
    a person works.
    """

    by: str = "responsible"
    along: str = ""


@dataclass(frozen=True)
class Personal(Trait):
    """Of records that hang on others: the `fields` that a role may hide although it shows what the
    record hangs on (`models/catalogue/holding`). Nothing else may go by them."""

    fields: tuple[str, ...]


@dataclass(frozen=True)
class PickedInPlace(Trait):
    """On the card of what they belong to, records are put in by a line over their table: `fields`,
    of which the first is the link to what is picked (`ui/record_card/picked_tab`)."""

    fields: tuple[str, ...]


@dataclass(frozen=True)
class Hierarchy(Trait):
    """Records stand below others of their object, in a tree in which they are moved about: the
    link `parent` names the one above. `detail` stands beside the name, `group` is a link to what
    they belong to, the yes/no field `hidden` takes a record out (`services/hierarchies`). Unlike
    `Tree`, whoever asks for a record does not mean those below it."""

    title: str
    parent: str
    detail: str
    group: str
    hidden: str
