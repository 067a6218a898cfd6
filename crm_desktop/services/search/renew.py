"""The search texts that older bases have in another form, made right.

A bank account belongs to legal details and is found as their owner. A base that is older than such
a chain (`EntityDef.search_through`) lacks its words until the records are written again. In a base
of before version 10 the words of e-mail addresses stand among all others; those of a field that
no role has hidden so far do in every base.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa

from crm_desktop.errors import BaseBusy, Conflict
from crm_desktop.models.backend.base import Backend, Progress
from crm_desktop.models.catalogue.catalogue import Catalogue, Link
from crm_desktop.models.catalogue.definitions import EntityDef
from crm_desktop.models.schema import Tables, read_columns
from crm_desktop.services.search.document import MAIL, PHONE, has_documents
from crm_desktop.services.search.index import SearchIndex
from crm_desktop.services.search.repair import BLOCK, SearchRepair
from crm_desktop.services.writing.foreseen import Postings

_TOGETHER = 500
"""Records in one transaction while others work."""
_TRIES = 20
_PASSES = 3
"""Through the words of an object: others add some meanwhile. A program that has not heard that
they stand apart may go on doing so; `check` finds these."""


def renew_addresses(
    backend: Backend, tables: Tables, index: SearchIndex, progress: Progress | None = None
) -> int:
    """Sets the words of e-mail addresses apart; how many records were looked at. Can be cut off
    and run again: what has been done is not looked at a second time."""
    repair, doc, done, last = (
        SearchRepair(backend, tables, index),
        tables.system("search_doc"),
        0,
        0,
    )
    mixed = (doc.c.body.contains(MAIL), sa.not_(doc.c.body.contains(f" {MAIL} ")))
    wanted = sa.select(doc.c.id, doc.c.ent).order_by(doc.c.id)
    with backend.read() as connection:
        highest = connection.scalar(sa.select(sa.func.max(doc.c.id))) or 0
    while True:
        with backend.write() as connection:
            part = backend.limit(wanted.where(doc.c.id > last, *mixed), BLOCK)
            rows = list(connection.execute(part))
            for number in sorted({ent for _id, ent in rows if tables.catalogue.has_number(ent)}):
                ids = [id_ for id_, ent in rows if ent == number]
                entity = tables.catalogue.numbered(number)
                index.write(connection, repair.documents(connection, entity, ids))
        done += len(rows)
        if len(rows) < BLOCK:
            return done
        last = rows[-1][0]
        if progress is not None:
            progress(last, highest)


def renew_documents(
    backend: Backend, tables: Tables, index: SearchIndex, entities: Iterable[EntityDef],
    progress: Progress | None = None,
) -> int:  # fmt: skip
    """Writes the texts of all records of these objects as the catalogue has them now, while others
    work; how many records were looked at. What is right already is not written; texts that an
    account has spoilt with a tool are set right."""
    repair = SearchRepair(backend, tables, index)
    wanted: list[tuple[EntityDef, Sequence[int]]] = []
    for entity in filter(has_documents, entities):
        with backend.read() as connection:
            column = tables.main[entity.key].c.id
            found = list(connection.scalars(sa.select(column).order_by(column)))
        wanted += [(entity, found[at : at + _TOGETHER]) for at in range(0, len(found), _TOGETHER)]
    whole, done = sum(len(ids) for _entity, ids in wanted), 0
    for entity, ids in wanted:
        _renew_block(repair, backend, index, entity, ids)
        done += len(ids)
        if progress is not None:
            progress(done, whole)
    return done


def part_words(
    backend: Backend, tables: Tables, index: SearchIndex, entities: Iterable[EntityDef],
    progress: Progress | None = None,
) -> int:  # fmt: skip
    """Moves the words that the catalogue keeps apart by now out of those of all records of these
    objects, while others work; how many were moved. Can be cut off and run again."""
    wanted = [entity.number for entity in entities if index.apart.signs(entity.number)]
    found, whole = 0, 0
    with backend.read() as connection:
        for ent in wanted if progress is not None else ():
            whole += int(connection.scalar(_counted(backend, tables, index, ent)) or 0)
    for ent in wanted:
        for _pass in range(_PASSES):
            before = found
            for moved in _part_once(backend, tables, index, ent):
                found += moved
                if progress is not None:
                    progress(min(found, whole), whole)
            if found == before:
                break
    return found


def _kept_apart(
    backend: Backend, posting: sa.Table, index: SearchIndex, ent: int
) -> sa.ColumnElement[bool]:  # fmt: skip
    """Whether a row has one of the signs by which words of an object stand apart."""
    tok = posting.c.tok
    signs = [backend.prefix(tok, PHONE) if sign == PHONE else tok.endswith(sign)
             for sign in sorted(index.apart.signs(ent))]  # fmt: skip
    return sa.and_(posting.c.ent == ent, sa.or_(*signs))


def _counted(
    backend: Backend, tables: Tables, index: SearchIndex, ent: int
) -> sa.Select[Any]:  # fmt: skip
    posting = tables.system("search_posting")
    chosen = sa.select(sa.func.count()).select_from(posting)
    return chosen.where(_kept_apart(backend, posting, index, ent))


def _part_once(
    backend: Backend, tables: Tables, index: SearchIndex, ent: int
) -> Iterator[int]:  # fmt: skip
    """From the first to the last in the order of the index; how many each transaction moves."""
    table, last = tables.system("search_posting"), ("", 0)
    posting = table.c
    wanted = sa.select(posting.tok, posting.rid).where(_kept_apart(backend, table, index, ent))
    ordered = wanted.order_by(posting.ent, posting.tok, posting.rid)
    while True:
        behind = sa.or_(posting.tok > last[0], posting.rid > last[1])
        with backend.read() as connection:
            part = backend.limit(ordered.where(posting.tok >= last[0], behind), BLOCK)
            rows = [(token, id_) for token, id_ in connection.execute(part)]
        moving = [row for row in rows if index.apart.sign(ent, row[0])]
        if moving:
            tokens, ids = zip(*moving, strict=True)
            _with_patience(backend, partial(index.part, rows=Postings(ent, tokens, ids)))
        yield len(moving)
        if len(rows) < BLOCK:
            return
        last = rows[-1]


def repair_search(backend: Backend, tables: Tables, index: SearchIndex) -> None:
    """Sets everything right that records are found by, while others work."""
    renew_documents(backend, tables, index, tables.catalogue)
    with backend.write() as connection:
        SearchRepair(backend, tables, index).set_postings_right(connection)


def _renew_block(
    repair: SearchRepair, backend: Backend, index: SearchIndex, entity: EntityDef,
    ids: Sequence[int],
) -> None:  # fmt: skip
    def renew(connection: sa.Connection) -> None:
        index.renew(connection, repair.documents(connection, entity, ids))

    _with_patience(backend, renew)


def _with_patience(backend: Backend, write: Callable[[sa.Connection], None]) -> None:
    """Once more if somebody saves one of the records at that moment."""
    for attempt in range(_TRIES):
        try:
            with backend.write() as connection:
                write(connection)
            return
        except (BaseBusy, Conflict):
            if attempt == _TRIES - 1:
                raise
        time.sleep(random.uniform(0.05, 0.2))


def renew_through(backend: Backend, tables: Tables, index: SearchIndex) -> int:
    """Writes what is missing; how many records were looked at. Can be cut off and run again.

    Costs one question for each chain, and more only where there are records at its end.
    """
    repair, done = SearchRepair(backend, tables, index), 0
    for entity in tables.catalogue:
        ids = sorted(_found_over_steps(backend, tables, entity)) if has_documents(entity) else []
        for start in range(0, len(ids), BLOCK):
            block = ids[start : start + BLOCK]
            with backend.write() as connection:
                index.write(connection, repair.documents(connection, entity, block))
            done += len(block)
    return done


def _found_over_steps(backend: Backend, tables: Tables, entity: EntityDef) -> set[int]:
    """The records that are found by children of their children, or by those below."""
    found: set[int] = set()
    for near in _searched(tables.catalogue, entity):
        for far in _searched(tables.catalogue, near.entity):
            middle = tables.main[near.entity.key]
            owner, child = _owner(tables, near), _owner(tables, far)
            joined = middle.join(child.table, child == middle.c.id)
            if owner.table is not middle:
                joined = joined.join(owner.table, owner.table.c.id == middle.c.id)
            chosen = sa.select(owner).select_from(joined).distinct()
            with backend.read() as connection:
                found.update(id_ for id_ in connection.scalars(chosen) if id_ is not None)
    return found


def _searched(catalogue: Catalogue, entity: EntityDef) -> Iterator[Link]:
    """The links by which children are found as records of this object."""
    for link in catalogue.links_to(entity):
        if link.entity.search_through == link.field.key:
            yield link


def _owner(tables: Tables, link: Link) -> sa.Column[int]:
    """Where a child says what it belongs to."""
    return tables.table_of(link.entity, link.field).c[read_columns(link.field)[0]]
