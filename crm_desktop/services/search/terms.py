"""Which search documents a batch changes, and the terms they are made of.

The document of a record holds the terms of its own searchable fields and of the children that
are searched through it (`EntityDef.search_through`), so that a client is found by its telephones,
and by the bank accounts of its legal details.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from crm_desktop.models.catalogue.catalogue import Catalogue, Link
from crm_desktop.models.catalogue.definitions import EntityDef, Ref
from crm_desktop.models.catalogue.fieldtypes import LinkField, RecordField
from crm_desktop.services.search.document import Document, field_terms, own_terms
from crm_desktop.services.writing.batch import Batch, ByObject, Staged
from crm_desktop.services.writing.foreseen import Said, document_key


class SearchTerms:
    """Collects touched records of a batch and makes their documents."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._catalogue: Catalogue = batch.catalogue
        self._targets: dict[int, str] = {}
        self._is_read = False
        self._foreseen = batch.foreseen.documents
        self._keys = ByObject(self._catalogue, _keys)
        self._searched = ByObject(self._catalogue, lambda entity: frozenset(_keys(entity)))
        self._through = ByObject(self._catalogue, partial(_children, self._catalogue))

    def touch(self, staged: Staged, keys: Sequence[str] | None) -> None:
        """A record was made or deleted (`keys` None), or changed in `keys`."""
        entity = staged.entity
        watched = self._searched[entity.key]
        if not watched:
            return
        if not entity.search_through:
            if keys is None or watched.intersection(keys):
                self._targets[staged.id] = entity.key
        elif keys is None or (watched | {entity.search_through}).intersection(keys):
            self._touch_owners(staged)

    def _touch_owners(self, staged: Staged) -> None:
        f = staged.entity.field(staged.entity.search_through)
        for values in (staged.before, staged.after):
            value = (values or {}).get(f.key)
            if isinstance(value, Ref):
                self._touch_whole(value)
            elif value is not None and isinstance(f, LinkField | RecordField):
                self._touch_whole(Ref(getattr(f, "target", ""), value))

    def _touch_whole(self, ref: Ref) -> None:
        """The record itself, or what it is found as in its turn."""
        entity = self._catalogue[ref.entity]
        if not entity.search_through:
            self._targets[ref.id] = ref.entity
            return
        self._batch.prefetch(entity, [ref.id])
        between = self._batch.seen(ref)
        if between is not None:
            self._touch_owners(between)

    def documents(self) -> dict[int, Document | None]:
        """The new document of every touched record; None for one that is gone. After `prefetch` the
        base is not asked."""
        self.prefetch()
        return {
            id_: self._document(self._catalogue[key], id_) for id_, key in self._targets.items()
        }

    @property
    def ids(self) -> Iterable[int]:
        """The records whose documents are made."""
        return self._targets.keys()

    def prefetch(self) -> None:
        """Reads all that the documents are made of."""
        if not self._is_read:
            for key in set(self._targets.values()):
                self._prefetch(self._catalogue[key])
        self._is_read = True

    def _prefetch(self, entity: EntityDef) -> None:
        ids = [id_ for id_, key in self._targets.items() if key == entity.key]
        self._batch.prefetch(entity, ids)
        alive = [id_ for id_ in ids if self._alive(entity, id_)]
        self._prefetch_below(entity, alive)

    def _prefetch_below(self, entity: EntityDef, ids: Sequence[int]) -> None:
        links = self._through[entity.key] if ids else ()
        self._batch.prefetch_children(links, ids)
        for link in links:
            if self._through[link.entity.key]:
                below = (self._batch.linked(link.entity, link.field, id_) for id_ in ids)
                self._prefetch_below(link.entity, [child.id for some in below for child in some])

    def _alive(self, entity: EntityDef, id_: int) -> bool:
        staged = self._batch.seen(Ref(entity.key, id_))
        return staged is not None and staged.after is not None

    def _document(self, entity: EntityDef, id_: int) -> Document | None:
        staged = self._batch.seen(Ref(entity.key, id_))
        if staged is None or staged.after is None:
            return None
        if staged.before is None and self._foreseen:
            ready = self._foreseen.get(document_key(entity, staged.after, self._said(entity, id_)))
            if ready is not None:
                return Document(entity.number, (), ready)
        terms = own_terms(entity, staged.after)
        terms.extend(self._below(entity, id_))
        return Document(entity.number, terms)

    def _below(self, entity: EntityDef, id_: int) -> Iterator[str]:
        for link in self._through[entity.key]:
            for child in self._batch.linked(link.entity, link.field, id_):
                yield from self._terms(child)
                yield from self._below(child.entity, child.id)

    def _said(self, entity: EntityDef, id_: int) -> Iterator[Said]:
        """The values by which the record is found through others."""
        for link in self._through[entity.key]:
            for child in self._batch.linked(link.entity, link.field, id_):
                values = child.after or {}
                for key in self._keys[child.entity.key]:
                    value = values.get(key)
                    if value is not None:
                        yield child.entity.number, key, value
                if self._through[child.entity.key]:
                    yield from self._said(child.entity, child.id)

    @staticmethod
    def _terms(child: Staged) -> list[str]:
        values = child.after or {}
        fields = child.entity.search_fields()
        return [term for f in fields for term in field_terms(f, values.get(f.key))]


def _keys(entity: EntityDef) -> tuple[str, ...]:
    return tuple(f.key for f in entity.search_fields())


def _children(catalogue: Catalogue, entity: EntityDef) -> tuple[Link, ...]:
    return tuple(
        link for link in catalogue.links_to(entity) if link.entity.search_through == link.field.key
    )
