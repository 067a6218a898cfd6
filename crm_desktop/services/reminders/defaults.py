"""Which reminder an activity gets by itself, by kind: kept with the base, the same for all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from crm_desktop.models.catalogue.builtin.reminder import USUAL_OFFSETS
from crm_desktop.services.batch import Batch

FACT = "reminder_offsets"
NONE = -1
"""What stands for "no reminder" where the program would make one."""


def read_offsets(text: str) -> Mapping[str, int]:
    """The minutes before by kind from the text that is kept; what is no number is passed over."""
    try:
        kept: Any = json.loads(text) if text else {}
    except ValueError:
        kept = {}
    if not isinstance(kept, dict):
        kept = {}
    own = {k: v for k, v in kept.items() if isinstance(v, int) and not isinstance(v, bool)}
    return {**USUAL_OFFSETS, **own}


def offsets_in(batch: Batch) -> Mapping[str, int]:
    """The same for the base of a batch, asked for once in it."""
    if batch.offsets is None:
        facts = batch.reader.tables.system("base_info")
        wanted = sa.select(facts.c.content).where(facts.c.name == FACT)
        batch.offsets = read_offsets(str(batch.connection.execute(wanted).scalar() or ""))
    return batch.offsets


def offsets_text(offsets: Mapping[str, int]) -> str:
    """The text that keeps them: only what differs from the program's own."""
    own = {k: v for k, v in offsets.items() if USUAL_OFFSETS.get(k, NONE) != v}
    return json.dumps(own, sort_keys=True)
