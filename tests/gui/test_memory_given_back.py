"""What lies free between what is used goes back to the system."""

from __future__ import annotations

import sys

import psutil
import pytest

from crm_desktop.ui.garbage import give_back

MIB = 1024 * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="other systems give it back by themselves")
def test_memory_in_pieces_is_given_back() -> None:
    process = psutil.Process()
    pieces = [bytearray(1000) for _number in range(80_000)]
    used = pieces[::50]  # what is freed lies between these
    del pieces
    before = process.memory_info().rss

    give_back()

    assert before - process.memory_info().rss > 30 * MIB
    assert len(used) == 1600
