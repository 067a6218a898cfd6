"""What writing hundreds of thousands of records needs that a single save does not."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from crm_desktop.models.backend.base import Backend
from crm_desktop.models.backend.tally_triggers import fold
from crm_desktop.services.os_integration.memory import keep_apart


@contextmanager
def long_work(backend: Backend) -> Iterator[None]:
    """More memory for the base, none for what is done with, and few looks for cycles: rows make
    none, and looking for them after each 700 new objects takes a tenth of the time. What it counted
    on a server is put together behind it."""
    keep_apart()
    usual = gc.get_threshold()
    gc.set_threshold(max(usual[0], 1_000_000), 50, 50)
    try:
        with backend.bulk():
            yield
        fold(backend)
    finally:
        gc.set_threshold(*usual)
