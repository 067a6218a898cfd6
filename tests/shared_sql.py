"""What SQLAlchemy has compiled for one test serves all others of its process.

Each test opens bases of its own, and SQLAlchemy keeps compiled statements with the base that they
were for: nearly every statement of a test was compiled for it alone, a tenth of the time of all
tests. Whoever works with the program has one base open all day, and a statement is compiled once.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.util import LRUCache

from crm_desktop.services.customisation import service as customisation

_MOST = 4000
"""Statements kept of each kind of base."""
_CATALOGUES = 12
"""Of a language, with and without views, with objects of their own: three of them serve a person,
and with the tables of a fourth all that was compiled for one of them goes."""
_compiled: dict[type[sa.Dialect], LRUCache[Any, Any]] = {}
_usual = sa.Engine.__init__


def share() -> None:
    """From now on, in this process."""
    sa.Engine.__init__ = _sharing  # type: ignore[method-assign]
    customisation._tables = lru_cache(_CATALOGUES)(customisation._tables.__wrapped__)


def _sharing(engine: sa.Engine, pool: Any, dialect: Any, *rest: Any, **more: Any) -> None:
    _usual(engine, pool, dialect, *rest, **more)
    kind = type(dialect)
    if kind not in _compiled:
        _compiled[kind] = LRUCache(_MOST)
        _make_equal(kind)
    engine._compiled_cache = _compiled[kind]


def _make_equal(kind: Any) -> None:
    """All of a kind are as good as each other: they are part of the key of what is kept."""
    kind.__eq__ = lambda one, other: type(one) is type(other)
    kind.__hash__ = lambda one: hash(type(one))
    kind._type_memos = WeakKeyDictionary()
