"""Sources and campaigns by the names that enquiries bring."""

from __future__ import annotations

import sqlalchemy as sa

from crm_desktop.models.catalogue.builtin.campaign import CAMPAIGN
from crm_desktop.models.catalogue.traits import Book
from crm_desktop.models.text.normalise import norm, sort_key
from crm_desktop.services.writing.batch import Batch
from crm_desktop.services.writing.staging import Create, Write

LONGEST = 60
_SAME = (
    frozenset({"site", "website", "web site", "web", "сайт", "вебсайт", "веб-сайт", "landing",
               "лендинг", "форма на сайте"}),
    frozenset({"recommendation", "advice", "referral", "рекомендация", "сарафан",
               "по рекомендации", "посоветовали"}),
    frozenset({"call", "phone", "incoming call", "звонок", "телефон", "входящий звонок"}),
    frozenset({"advertising", "ads", "ad", "advert", "реклама"}),
    frozenset({"exhibition", "expo", "выставка"}),
)  # fmt: skip
"""Words that people use for one thing, so that they lead to the value the office has for it."""


def book_value(batch: Batch, book: str, name: str, writes: list[Write] | None = None) -> int | None:
    """The value of a book by its name or a word that means the same; added to `writes` if there
    is none."""
    wanted = norm(name.strip()[:LONGEST])
    if not wanted:
        return None
    entity = batch.catalogue.books()
    trait = entity.trait(Book)
    assert trait is not None
    table = batch.reader.tables.main[entity.key]
    title = table.c[entity.title.name]
    asked = sa.select(table.c.id, title).where(
        table.c[entity.field(trait.field).name] == book
    ).order_by(table.c.id)  # fmt: skip
    known = {norm(str(text)): id_ for id_, text in reversed(batch.connection.execute(asked).all())}
    for word in (wanted, *sorted(next((same for same in _SAME if wanted in same), ()))):
        if word in known:
            return int(known[word])
    if writes is None:
        return None
    id_ = batch.new_id()
    text = name.strip()[:LONGEST]
    writes.append(Create(entity.key, {entity.title_field: text, trait.field: book}, id=id_))
    return id_


def campaign_named(batch: Batch, name: str) -> int | None:
    """The campaign of this name; one that is not known is not made: somebody plans them."""
    if not name.strip():
        return None
    found = batch.reader.tables.main[CAMPAIGN.key]
    column = batch.reader.tables.order_column(CAMPAIGN, CAMPAIGN.title)
    asked = sa.select(found.c.id).where(column == sort_key(name.strip())).order_by(found.c.id)
    return batch.connection.execute(batch.backend.limit(asked, 1)).scalar()
