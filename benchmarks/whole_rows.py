"""New records as rows of their table, for bases that are filled without saving each record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from crm_desktop.models.rowcodec import RowCodec

SYSTEM = ("id", "version", "created_at", "created_by", "updated_at", "updated_by")


def whole_columns(codec: RowCodec) -> tuple[str, ...]:
    """The columns of `whole_rows`, in order."""
    return (*SYSTEM, *codec.columns(codec.own))


def whole_rows(
    codec: RowCodec, ids: Sequence[int], records: Sequence[Mapping[str, Any]], now: datetime
) -> Iterable[tuple[Any, ...]]:
    """One row for each id and its values; everything was made at that moment by nobody."""
    heads = (ids, *([value] * len(ids) for value in (1, now, None, now, None)))
    return zip(*heads, *codec.lists(codec.own, records), strict=True)
