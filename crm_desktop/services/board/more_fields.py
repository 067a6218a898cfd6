"""What else a card may show: user-made fields and those built-in ones that it does not show anyway.

They are read for the cards in sight first; nothing is read where nobody has chosen one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields as parts_of_trait
from typing import TYPE_CHECKING

from crm_desktop import i18n
from crm_desktop.models.catalogue.catalogue import Catalogue
from crm_desktop.models.catalogue.definitions import Field, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField
from crm_desktop.models.catalogue.sales_traits import Funnel
from crm_desktop.services.board.cards import Found
from crm_desktop.services.board.reading import person_link
from crm_desktop.services.cells import format_cell

if TYPE_CHECKING:
    from crm_desktop.services.workspace import Workspace

MOST = 4
"""Fields of a card: with more of them few cards are in sight."""


def offered(catalogue: Catalogue) -> list[Field]:
    """The fields that can be chosen, in the order of the object."""
    entity, trait = catalogue.with_trait(Funnel)
    usual = {str(getattr(trait, part.name)) for part in parts_of_trait(trait)}
    usual |= {entity.title_field, person_link(catalogue, entity, trait).key}
    usual.discard(trait.campaign)
    return [
        f for f in entity.fields
        if f.key not in usual and f.section != "-" and (f.extra or not f.readonly)
        and not f.only_if
    ]  # fmt: skip


def chosen(catalogue: Catalogue, keys: Iterable[str]) -> tuple[Field, ...]:
    """Those of the keys that there are; a field may have gone since it was chosen."""
    known = {f.key: f for f in offered(catalogue)}
    return tuple(known[key] for key in keys if key in known)[:MOST]


def read_more(base: Workspace, found: Found, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The chosen fields of some records as they are read, in their order."""
    fields = found.more_fields
    if not fields:
        return {}
    rows = base.reader.many(found.entity, ids, [f.key for f in fields])
    links = [f for f in fields if isinstance(f, LinkField)]
    refs = {
        Ref(f.target, row[f.key]) for row in rows.values() for f in links
        if isinstance(row[f.key], int)
    }  # fmt: skip
    titles, zone, language = base.titles.of(refs), base.clock.zone(), i18n.language()
    return {
        id_: tuple(
            format_cell(f, row[f.key], titles, language, found.today, zone=zone).text
            for f in fields
        )
        for id_, row in rows.items()
    }  # fmt: skip
